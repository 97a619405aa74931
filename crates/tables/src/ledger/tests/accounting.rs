//! Every row of a ledger is accounted for once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{read_file, workbook};
use crate::Tables;
use crate::fault::{Fault, Findings};

/// The kinds of findings that stand for a whole row.
const WHOLE_ROWS: [&str; 8] = [
    "ledger_heading",
    "ledger_labels",
    "ledger_sum",
    "ledger_footer",
    "ledger_header_again",
    "ledger_row_empty",
    "ledger_row_unplaced",
    "missing_field",
];

/// The number of times that each row is accounted for.
fn accounts(tables: &Tables, findings: &Findings) -> BTreeMap<u64, usize> {
    let lines =
        |fault: &Fault| fault.lines.ranges().iter().flat_map(|(first, last)| *first..=*last).collect::<Vec<_>>();
    let told = findings.warnings().iter().chain(findings.faults()).filter(|fault| WHOLE_ROWS.contains(&fault.kind));
    let mut accounts = BTreeMap::new();
    for line in told.flat_map(lines).chain(tables.ledger.iter().map(crate::Placed::line)) {
        *accounts.entry(line).or_default() += 1;
    }
    accounts
}

const HEADER: &str = "序号|单位|存放地点|物资名称|规格|单位|数量|有效期|备注";

/// Rows of every sort.
const ROWS: &[&str] = &[
    "1|甲队|一号库|担架||副|5||",
    "2|||担架|折叠式|副|五副||",
    "3|||黄沙|||2m³|长期|",
    "|||雨衣|||若干|2026.10|旧",
    "4||||||||",
    "||||||||",
    "一、防护类||||||||",
    "|乙队|||||||",
    "|||二、照明类|||||",
    "合计||||||120||",
    "|||小　计|||12||",
    HEADER,
    "名称|数量|存放地点",
    "序号|姓名|职务|电话",
    "单位：丙队　存放地点：二号库||||||||",
    "盘点日期|2026-10-31|||||||",
    "制表人：张三||审核人：李四||填表日期：2026年10月31日||||",
    "丁队应急物资台账||||||||",
    "第1页 共2页||||||||",
    "注：以上为实有数||||||||",
    "2026年10月31日||||||||",
    "5|||||副|3||",
    "||||||||仅有备注",
    "6|||手电|||3||||多余",
    "头灯",
    "|||||||2026|",
];

/// A row of names of columns, in which the names of things would be hidden below the word for their quantities.
#[test]
fn a_row_that_hides_the_names_is_no_second_header() {
    for is_book in [false, true] {
        check(&[HEADER, "单位|单位|单位|数量", "1"], is_book).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_row_is_accounted_for_once(picked in prop::collection::vec(0..ROWS.len(), 0..30), is_book in any::<bool>()) {
        let rows: Vec<&str> = std::iter::once(HEADER).chain(picked.iter().map(|at| ROWS[*at])).collect();
        check(&rows, is_book)?;
    }

    #[test]
    fn any_cells_are_accounted_for_once(
        cells in prop::collection::vec(prop::collection::vec(prop::sample::select(vec![
            "", "", "1", "3套", "担架", "单位", "数量", "名称", "保管人", "姓名", "合计", "单位：甲", "2026年10月31日", "一、类", "台账", "注：",
            "序号", "电话", "张三", "—", "规格：10L",
        ]), 1..9), 0..20),
        is_book in any::<bool>(),
    ) {
        let rows: Vec<String> = std::iter::once(HEADER.to_owned()).chain(cells.iter().map(|row| row.join("|"))).collect();
        check(&rows.iter().map(String::as_str).collect::<Vec<_>>(), is_book)?;
    }
}

fn check(rows: &[&str], is_book: bool) -> Result<(), TestCaseError> {
    let (tables, findings) = if is_book {
        read_file("x.xlsx", workbook(rows, &[]))
    } else {
        read_file("x.csv", rows.iter().map(|row| format!("{}\n", row.replace('|', ","))).collect::<String>())
    };
    let accounts = accounts(&tables, &findings);
    let is_blank = |row: &str| row.split('|').all(|cell| cell.trim().is_empty());
    // The names of columns in the first row below the first header are its second row.
    let below = (1..).zip(rows).skip(1).find(|(_, row)| !is_blank(row)).map(|(line, _): (u64, _)| line);
    let names = ["", "单位", "数量", "名称", "保管人", "姓名", "电话", "序号"];
    let is_second = |line: u64, row: &str| Some(line) == below && row.split('|').all(|cell| names.contains(&cell));
    for (line, row) in (1..).zip(rows) {
        let is_blank = is_blank(row);
        let expected = usize::from(!is_blank && line > 1);
        let got = accounts.get(&line).copied().unwrap_or(0);
        prop_assert!(
            got == expected || got == 0 && is_second(line, row),
            "row {line} {row}: {got}\n{rows:#?}\n{findings:#?}"
        );
    }
    Ok(())
}
