//! Count lists by codes.

use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;

use super::fault::Findings;
use super::form::Form;
use super::forms::{CountAmount, CountRow, CountTime};
use super::*;
use base::quantity::Quantity;
use domain::count::{Held, LotCondition};

fn read_one(name: &str, bytes: impl Into<Vec<u8>>) -> (Tables, Findings) {
    let input = Input { name: name.into(), bytes: bytes.into(), charset: None };
    read(vec![input], Options::default(), CancellationToken::new())
}

const LIST: &str = "库点编码,物资编码,物资名称,数量,盘点日期,盘点时间,批号,有效期至,状态,在库或借出,货位,包装,包装数量,每包数量,盘点人,备注\n\
    E1-D1,L1,空呼,12,2026-10-31,,,,,,,,,,,\n\
    E1-D1,L2,,0.5,,2026-11-23T02:10:00Z,B2209,2027-09-30,待修,借出,A-3,,,,夜班,阀门卡滞\n\
    E1-D2,L3,,,,2026/11/23 10:10,,,完好,在库,,箱,3,100,,\n";

#[test]
fn a_count_list_is_read_strictly_and_comes_back_the_same() {
    let (tables, findings) = read_one("x.csv", LIST);
    assert_eq!(findings.faults(), []);
    let day = |day: &str| day.parse::<NaiveDate>().unwrap();
    let rows: Vec<CountRow> = tables.counts.into_iter().map(|row| row.value).collect();
    assert_eq!(rows[0].amount, Some(CountAmount::Units(Quantity::whole(12))));
    assert_eq!(rows[0].counted, Some(CountTime::Day(day("2026-10-31"))));
    assert_eq!((rows[0].condition, rows[0].held), (LotCondition::Serviceable, Held::Here));
    assert_eq!((rows[1].condition, rows[1].held), (LotCondition::InRepair, Held::Lent));
    assert_eq!(rows[1].counted, Some(CountTime::Instant("2026-11-23T02:10:00Z".parse().unwrap())));
    assert_eq!((rows[1].lot.as_deref(), rows[1].expires_on), (Some("B2209"), Some(day("2027-09-30"))));
    assert_eq!(rows[2].counted, Some(CountTime::Local(day("2026-11-23").and_hms_opt(10, 10, 0).unwrap())));
    let packs = CountAmount::Packs { pack: "箱".into(), packs: Quantity::whole(3), size: Quantity::whole(100) };
    assert_eq!(rows[2].amount, Some(packs));
    for chinese in [false, true] {
        let cells = rows.iter().map(CountRow::cells).collect();
        let sheet = Sheet { form: Form::Counts, chinese, is_template: false, rows: cells };
        for bytes in [
            write_csv(&sheet, Encoding::Utf8).unwrap(),
            write_csv(&sheet, Encoding::Gb18030).unwrap(),
            write_xlsx(std::slice::from_ref(&sheet)).unwrap(),
        ] {
            let (tables, findings) = read_one("x", bytes);
            assert_eq!(findings.faults(), []);
            assert_eq!(tables.counts.into_iter().map(|row| row.value).collect::<Vec<_>>(), rows);
        }
    }
}

#[test]
fn what_is_wrong_in_a_count_list_is_a_fault() {
    let header = "depot,item,quantity,counted_on,counted_at,pack,packs,pack_size,condition,held\n";
    let told = |row: &str| {
        let (_, findings) = read_one("x.csv", format!("{header}{row}\n"));
        let one = |fault: &fault::Fault| {
            format!("{} {}", fault.place.column.as_ref().map_or("", |column| &column.header), fault.kind)
        };
        findings.faults().iter().map(one).collect::<Vec<_>>().join(", ")
    };
    for (row, expected) in [
        (",L1,3,2026-10-31,,,,,,", "depot missing_field"),
        ("D1,,3,2026-10-31,,,,,,", "item missing_field"),
        ("D1,L1,3套,2026-10-31,,,,,,", "quantity not_a_number"),
        ("D1,L1,若干,2026-10-31,,,,,,", "quantity not_a_number"),
        ("D1,L1,0.1234,2026-10-31,,,,,,", "quantity too_precise"),
        ("D1,L1,-1,2026-10-31,,,,,,", "quantity negative"),
        ("D1,L1,3,2026年10月,,,,,,", "counted_on not_a_day"),
        ("D1,L1,3,,昨天,,,,,", "counted_at not_a_time"),
        ("D1,L1,3,2026-10-31,2026-10-31 10:00,,,,,", "counted_at one_of_two"),
        ("D1,L1,3,2026-10-31,,box,,,,", "quantity one_of_two"),
        ("D1,L1,,2026-10-31,,box,3,,,", "pack_size missing_field"),
        ("D1,L1,3,2026-10-31,,,,,旧,lost", "condition unknown_value, held unknown_value"),
        ("D1,L1,3,2026-10-31,,,,,,", ""),
    ] {
        assert_eq!(told(row), expected, "{row}");
    }
    let (_, findings) = read_one("盘点表.csv", "库点编码,数量\nD1,3\n");
    assert!(findings.faults().iter().any(|fault| fault.kind == "column_missing"), "{findings:?}");
}

#[test]
fn the_templates_of_ledgers_and_counts_can_be_filled_in() {
    for (form, chinese) in [(Form::Ledger, false), (Form::Ledger, true), (Form::Counts, false), (Form::Counts, true)] {
        let mut sheet = template::template(form, chinese);
        for cell in sheet.rows.iter_mut().flatten() {
            if let (_, Output::Text(text)) = cell {
                *text = text.trim_start_matches("# ").to_owned();
            }
        }
        for bytes in [write_csv(&sheet, Encoding::Utf8).unwrap(), write_xlsx(std::slice::from_ref(&sheet)).unwrap()] {
            let (tables, findings) = read_one("x", bytes);
            assert_eq!(findings.faults(), [], "{form:?}");
            assert_eq!(tables.ledger.len() + tables.counts.len(), 1, "{form:?}");
        }
    }
}
