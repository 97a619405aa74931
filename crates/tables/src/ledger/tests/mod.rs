//! Ledgers in the shape of real ones, with planted oddities.

mod accounting;
mod examples;
mod words;

use encoding_rs::GB18030;
use rust_xlsxwriter::{Format as CellFormat, Workbook};
use tokio_util::sync::CancellationToken;

use super::{LedgerDay, LedgerPacks, LedgerQuantity};
use crate::choices::Choice as _;
use crate::fault::{Fault, Findings};
use crate::forms::{LedgerCondition, LedgerRow};
use crate::{Input, Options, Placed, Tables, read};

/// Reads one file.
fn read_file(name: &str, bytes: impl Into<Vec<u8>>) -> (Tables, Findings) {
    let input = Input { name: name.into(), bytes: bytes.into(), charset: None };
    read(vec![input], Options::default(), CancellationToken::new())
}

/// Reads a text as it is, and in the encoding of old programs: both must say the same.
fn read_csv(text: &str) -> (Tables, Findings) {
    let (tables, findings) = read_file("x.csv", text);
    let (other, _) = read_file("x.csv", GB18030.encode(text).0.into_owned());
    assert_eq!(all(&other.ledger), all(&tables.ledger));
    (tables, findings)
}

/// A workbook of one sheet: rows of cells separated by `|`, and merged cells as first row, first column, last row, last
/// column, from 0. A cell that begins with `=` is a number.
fn workbook(rows: &[&str], merged: &[(u32, u16, u32, u16)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Sheet1").unwrap();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells.split('|')) {
            let cell = cell.trim();
            let area = merged.iter().find(|area| (area.0, area.1) == (row, column));
            if let Some((first_row, first_column, last_row, last_column)) = area {
                sheet
                    .merge_range(*first_row, *first_column, *last_row, *last_column, cell, &CellFormat::new())
                    .unwrap();
            }
            match cell.strip_prefix('=') {
                Some(number) => _ = sheet.write_number(row, column, number.parse::<f64>().unwrap()).unwrap(),
                None if cell.is_empty() || area.is_some() => {}
                None => _ = sheet.write_string(row, column, cell).unwrap(),
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// All rows in short.
fn all(rows: &[Placed<LedgerRow>]) -> Vec<String> {
    rows.iter().map(|row| format!("{}: {}", row.line(), short(&row.value))).collect()
}

/// A row in short: its filled cells.
fn short(row: &LedgerRow) -> String {
    let day = |day: &Option<LedgerDay>| {
        day.as_ref().map(|day| match day {
            LedgerDay::Day(day) => day.to_string(),
            LedgerDay::NoEnd => "∞".to_owned(),
            LedgerDay::Unread { words, why } => format!("?{words}?{}", <&str>::from(*why)),
        })
    };
    let condition = row.condition.as_ref().map(|condition| match condition {
        LedgerCondition::Known(condition) => condition.word().to_owned(),
        LedgerCondition::Words(words) => format!("?{words}"),
    });
    let cells = [
        ("", row.name.clone()),
        ("", Some(amount(&row.quantity))),
        ("org=", row.organization.clone()),
        ("depot=", row.depot.clone()),
        ("place=", row.place.clone()),
        ("section=", row.section.clone()),
        ("item=", row.item.clone()),
        ("class=", row.class.clone()),
        ("spec=", row.specification.clone()),
        ("model=", row.model.clone()),
        ("maker=", row.maker.clone()),
        ("asset=", row.asset_number.clone()),
        ("unit=", row.unit.clone()),
        ("lot=", row.lot.clone()),
        ("made=", day(&row.made_on)),
        ("bought=", day(&row.bought_on)),
        ("expires=", day(&row.expires_on)),
        ("life=", row.service_life.clone()),
        ("inspected=", day(&row.inspected_on)),
        ("due=", day(&row.inspection_due)),
        ("is=", condition),
        ("keeper=", row.keeper.clone()),
        ("phone=", row.phone.clone()),
        ("keeper2=", row.second_keeper.clone()),
        ("phone2=", row.second_phone.clone()),
        ("note=", row.note.clone()),
        ("on=", row.counted_on.map(|day| day.to_string())),
    ];
    let filled = cells.into_iter().filter_map(|(key, cell)| Some(format!("{key}{}", cell?)));
    filled.collect::<Vec<_>>().join("; ")
}

/// A quantity in short.
fn amount(quantity: &LedgerQuantity) -> String {
    match quantity {
        LedgerQuantity::Read { quantity, unit, packs } => {
            let packs = packs.as_ref().map(|LedgerPacks { pack, packs, size }| format!("={packs}{pack}×{size}"));
            format!("{quantity}{}{}", unit.as_deref().unwrap_or_default(), packs.unwrap_or_default())
        }
        LedgerQuantity::Unread { words, why } => format!("?{words}?{}", <&str>::from(*why)),
    }
}

/// Findings in short: row, kind and value.
fn told(faults: &[Fault]) -> Vec<String> {
    let one = |fault: &Fault| format!("{} {} {}", fault.lines, fault.kind, fault.value.as_deref().unwrap_or_default());
    faults.iter().map(one).collect()
}
