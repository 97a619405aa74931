//! Files as people make them, read and written back.

use encoding_rs::GB18030;
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Formula, Workbook};
use tokio_util::sync::CancellationToken;

use super::fault::{Fault, Findings};
use super::forms::{Cells, ClassRow, RuleRow};
use super::*;
use base::quantity::Quantity;
use domain::condition::{Comparison, Operator, RuleCondition};
use domain::item::ItemClass;
use domain::organization::OrganizationKind;
use reference::Reference;

fn input(name: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input { name: name.into(), bytes: bytes.into(), charset: None }
}

fn read_one(name: &str, bytes: impl Into<Vec<u8>>) -> (Tables, Findings) {
    read(vec![input(name, bytes)], Options::default(), CancellationToken::new())
}

/// A fault in short: line, column and kind.
fn told(faults: &[Fault]) -> Vec<(u64, String, &'static str)> {
    let column = |fault: &Fault| match &fault.place.column {
        Some(column) => column.letters.clone().unwrap_or_else(|| column.header.to_string()),
        None => String::new(),
    };
    faults.iter().map(|fault| (fault.place.line.unwrap_or(0), column(fault), fault.kind)).collect()
}

fn told_of(name: &str, text: &str) -> Vec<(u64, String, &'static str)> {
    told(read_one(name, text).1.faults())
}

const ITEMS: &str = "序号,名称,物资编码,类别,单位,性质,保质期（月）\n1,干粉灭火器,X1,fire,具,装备,\n2,\"粉,末\",X2,fire,公斤,物资,３６\n";

#[test]
fn one_table_reads_the_same_in_every_encoding_and_with_every_separator() {
    let expected = read_one("a.csv", ITEMS).0.items;
    let values = |tables: Tables| tables.items.into_iter().map(|row| (row.line(), row.value)).collect::<Vec<_>>();
    let expected: Vec<_> = expected.into_iter().map(|row| (row.line(), row.value)).collect();
    assert_eq!(expected.len(), 2);
    assert_eq!(expected[1].1.new.unit.as_deref(), Some("kg"));
    assert!(expected[1].1.new.perishable);
    assert_eq!(expected[1].1.new.shelf_life_months, Some(36));
    let utf16 = |little: bool| {
        let units = std::iter::once(0xfeff).chain(ITEMS.encode_utf16());
        units.flat_map(|unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect::<Vec<u8>>()
    };
    let semicolons = ITEMS.replace(',', ";").replace("\"粉;末\"", "\"粉,末\"");
    let shapes: Vec<Vec<u8>> = vec![
        format!("\u{feff}{ITEMS}").into_bytes(),
        GB18030.encode(ITEMS).0.into_owned(),
        utf16(true),
        utf16(false),
        ITEMS.replace('\n', "\r\n").into_bytes(),
        semicolons.into_bytes(),
        ITEMS.replace(',', "\t").replace("粉\t末", "粉,末").into_bytes(),
    ];
    for (number, bytes) in shapes.into_iter().enumerate() {
        let (tables, findings) = read_one("a.csv", bytes);
        assert_eq!(findings.faults(), [], "shape {number}");
        assert_eq!(values(tables), expected, "shape {number}");
    }
    let said = format!("sep=;\n{}", ITEMS.replace(',', ";").replace("粉;末", "粉,末"));
    assert_eq!(values(read_one("a.csv", said).0)[0].0, 3);
}

#[test]
fn bytes_that_are_no_text_are_told_with_their_line() {
    assert_eq!(
        told(read_one("a.csv", b"code,name\nX1,\xff\xff\n".to_vec()).1.faults()),
        [(2, String::new(), "encoding_unknown")]
    );
    let unmarked: Vec<u8> = ITEMS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read_one("a.csv", unmarked).0.items.len(), 2);
    let zero = told_of("item_classes.csv", "code,name\nX1,A\nX2,\0B\n");
    assert_eq!(zero, [(3, "name".into(), "control_character")]);
    let mut encrypted = vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read_one("a.xlsx", encrypted).1.faults()[0].code, "workbook_encrypted");
    assert_eq!(
        read_one("a.xls", vec![0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).1.faults()[0].code,
        "old_workbook"
    );
    assert_eq!(read_one("a.xlsx", b"PK\x03\x04rest".to_vec()).1.faults()[0].code, "workbook_broken");
    assert_eq!(read_one("a.csv", "\n\n").1.faults()[0].code, "file_empty");
    assert_eq!(told_of("depots.json", r#"[{"code": "D1"}]"#), [(0, String::new(), "json_of_no_form")]);
    assert_eq!(told_of("region.json", r#"{"regions": []}"#), [(0, String::new(), "json_of_no_form")]);
}

#[test]
fn headers_are_known_in_any_order_and_a_strange_one_is_no_accident() {
    let header = "ＮＡＭＥ zh*, Unit ,Code,性质,类别,retird\n";
    assert_eq!(told_of("items.csv", header), [(1, "retird".into(), "column_unknown")]);
    assert_eq!(
        told_of("items.csv", "name,class,kind,kind\n"),
        [(1, "kind".into(), "column_twice"), (1, String::new(), "column_missing")]
    );
    // Which other columns are needed hangs on whether the thing is there.
    let (tables, findings) = read_one("items.csv", "code,name,class,kind\nX1,A,fire,装备\n");
    assert_eq!(findings.fault_count(), 0);
    let missing = tables.items[0].missing_columns(form::Form::Items, form::Form::Items.layout().needs);
    let words = missing[0].message().to_string();
    assert!(missing.len() == 1 && words.contains("单位") && words.contains("unit"), "{missing:?}");
    let options = Options { ignore_unknown_columns: true, ..Options::default() };
    let (tables, findings) =
        read(vec![input("items.csv", format!("{header}a,个,X1,装备,fire,x\n"))], options, CancellationToken::new());
    assert_eq!((tables.items.len(), findings.fault_count(), findings.warning_count()), (1, 0, 1));
    // Two titles above the header do not matter.
    let titled = format!("某旗应急物资目录,,\n2026年,,\n{ITEMS}");
    assert_eq!(read_one("x.csv", titled).0.items.len(), 2);
}

#[test]
fn the_form_is_told_by_the_name_or_by_the_header() {
    assert_eq!(read_one("x.csv", "code,name\nA,B\n").1.faults()[0].code, "form_ambiguous");
    assert_eq!(read_one("x.csv", "a,b\nA,B\n").1.faults()[0].code, "form_unknown");
    assert_eq!(read_one("02 区划.csv", "code,name\nA,B\n").0.regions.len(), 1);
    assert_eq!(read_one("物资类别.csv", "code,name\nA,B\n").0.item_classes.len(), 1);
    assert_eq!(read_one("x.csv", "编码,名称,所在区划,性质\nA,B,C,企业\n").0.organizations.len(), 1);
    let options = Options { form: Some(form::Form::ItemClasses), ..Options::default() };
    assert_eq!(
        read(vec![input("x.csv", "code,name\nA,B\n")], options, CancellationToken::new()).0.item_classes.len(),
        1
    );
}

#[test]
fn every_bad_cell_is_told_with_its_line_and_column() {
    let text = "code,name,class,unit,kind,shelf_life_months,packs,perishable,valid_from\n\
        ,A,c,set,装备,,,,\n\
        X 2,A,c,set,machine,12.5,,maybe,2026-02-30\n\
        X3,A,c,set,material,0,box,yes,24/11/2026\n\
        \n\
        X4,A,c,set,material,12,box=12;box=13,yes,2026年11月24日,stray\n\
        X5,A,c,set,material,1e1,box=0.0001,yes,20261124\n\
        X6,A,c,set,material,-3,,yes,2026/1/2\n";
    assert_eq!(
        told_of("items.csv", text),
        [
            (2, "code".into(), "missing_field"),
            (3, "shelf_life_months".into(), "not_whole"),
            (3, "kind".into(), "unknown_value"),
            (3, "perishable".into(), "unknown_value"),
            (3, "valid_from".into(), "not_a_day"),
            (4, "shelf_life_months".into(), "out_of_range"),
            (4, "packs".into(), "not_a_pack"),
            (4, "valid_from".into(), "not_a_day"),
            (6, String::new(), "cell_without_column"),
            (7, "shelf_life_months".into(), "not_a_number"),
            (7, "packs".into(), "too_precise"),
            (8, "shelf_life_months".into(), "not_whole"),
        ]
    );
    assert_eq!(told_of("items.csv", "code,name\n\"X1,A\nX2,B\n"), [(2, String::new(), "quote_not_closed")]);
    assert_eq!(told_of("items.csv", "code,name\n\"X1\"b,A\n"), [(2, String::new(), "quote_followed")]);
    let closed_by_another = "code,name\n\"X1,A\nX2,B\nX3,\"C\"\n";
    assert_eq!(told_of("items.csv", closed_by_another), [(2, String::new(), "quote_not_closed")]);
}

#[test]
fn faults_are_counted_beyond_those_that_are_told() {
    let text: String = (0..2_000).map(|number| format!("{number:0>65},A\n")).collect();
    let (_, findings) = read_one("item_classes.csv", format!("code,name\n{text}"));
    assert_eq!((findings.faults().len(), findings.fault_count()), (500, 2_000));
}

#[test]
fn a_workbook_is_read_as_a_person_sees_it() {
    let mut workbook = Workbook::new();
    let day = CellFormat::new().set_num_format("yyyy/m/d");
    let sheet = workbook.add_worksheet().set_name("单位").unwrap();
    sheet.merge_range(0, 0, 0, 4, "某旗单位名录", &CellFormat::new()).unwrap();
    for (column, name) in (0..).zip(["单位编码", "单位名称", "所在区划", "性质", "行业", "生效日期"])
    {
        sheet.write_string(2, column, name).unwrap();
    }
    sheet.write_number(3, 0, 1001.0).unwrap();
    sheet.write_string(3, 1, "甲").unwrap();
    sheet.merge_range(3, 2, 4, 2, "159900", &CellFormat::new()).unwrap();
    sheet.write_string(3, 3, "企业").unwrap();
    sheet.write_string(3, 4, "危化品").unwrap();
    sheet.write_datetime_with_format(3, 5, ExcelDateTime::parse_from_str("2026-11-24").unwrap(), &day).unwrap();
    sheet.write_string(4, 0, "1002").unwrap();
    sheet.write_string(4, 1, "乙").unwrap();
    sheet.write_string(4, 3, "企业").unwrap();
    sheet.write_number(4, 5, 46_350.0).unwrap();
    sheet.write_formula(6, 0, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.write_string(6, 1, "丙").unwrap();
    sheet.write_string(6, 2, "159900").unwrap();
    sheet.write_boolean(6, 3, true).unwrap();
    workbook.add_worksheet().set_name("空").unwrap();
    workbook.add_worksheet().set_name("Sheet3").unwrap().write_string(0, 0, "随便").unwrap();
    let hidden = workbook.add_worksheet().set_name("区划").unwrap().set_hidden(true);
    hidden.write_string(0, 0, "code").unwrap();
    let (tables, findings) = read_one("b.xlsx", workbook.save_to_buffer().unwrap());
    let rows: Vec<_> = tables.organizations.iter().map(|row| (row.line(), row.value.code.as_str())).collect();
    assert_eq!(rows[..2], [(4, "1001"), (5, "1002")]);
    assert!(tables.organizations[..2].iter().all(|row| row.value.new.region.as_deref() == Some("159900")));
    assert_eq!(tables.organizations[0].value.new.sector.as_deref(), Some("hazchem"));
    assert_eq!(tables.organizations[0].valid_from, chrono::NaiveDate::from_ymd_opt(2026, 11, 24));
    assert_eq!(
        told(findings.faults()),
        [
            (5, "F".into(), "day_as_number"),
            (7, "A".into(), "cell_error"),
            (7, "D".into(), "unknown_value"),
            (0, String::new(), "form_unknown"),
        ]
    );
    assert_eq!(findings.warnings()[0].code, "sheet_hidden");
}

#[test]
fn a_stray_cell_or_a_bomb_is_refused_and_not_laid_out() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("items").unwrap();
    sheet.write_string(0, 0, "code").unwrap();
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let (_, findings) = read_one("b.xlsx", workbook.save_to_buffer().unwrap());
    assert_eq!(findings.faults()[0].code, "sheet_too_large");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..160 {
        std::io::Write::write_all(&mut archive, &vec![b' '; 1024 * 1024]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1024 * 1024);
    assert_eq!(read_one("b.xlsx", bytes).1.faults()[0].code, "workbook_too_large");
}

#[test]
fn hidden_rows_and_columns_are_left_out_and_told() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("item_classes").unwrap();
    for (row, cells) in (0..).zip([["code", "name", "#own"], ["A", "a", "x"], ["B", "b", ""], ["C", "c", ""]]) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    sheet.set_row_hidden(2).unwrap();
    sheet.set_column_hidden(2).unwrap();
    let (tables, findings) = read_one("b.xlsx", workbook.save_to_buffer().unwrap());
    let codes: Vec<_> = tables.item_classes.iter().map(|row| row.value.code.as_str()).collect();
    assert_eq!((codes, findings.faults()), (vec!["A", "C"], &[][..]));
    let words: Vec<String> = findings.warnings().iter().map(|warning| warning.message().to_string()).collect();
    assert!(words[0].contains("hidden row") && words[0].contains("(3)"), "{words:?}");
    assert!(words[1].contains("hidden column") && words[1].contains("(C)"), "{words:?}");
}

#[test]
fn a_code_is_read_as_its_cell_shows_it() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("items").unwrap();
    for (column, name) in (0..).zip(["code", "name", "class", "unit", "kind", "barcodes", "shelf_life_months"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    let zeros = CellFormat::new().set_num_format("000000");
    let months = CellFormat::new().set_num_format("0\"月\"");
    sheet.write_number_with_format(1, 0, 7, &zeros).unwrap();
    for (column, text) in (1..).zip(["a", "c", "set", "material"]) {
        sheet.write_string(1, column, text).unwrap();
    }
    sheet.write_number(1, 5, 12_345_678_905_f64).unwrap();
    sheet.write_number_with_format(1, 6, 12, &months).unwrap();
    let (tables, findings) = read_one("b.xlsx", workbook.save_to_buffer().unwrap());
    assert_eq!(findings.faults(), []);
    let item = &tables.items[0].value;
    assert_eq!((item.code.as_str(), item.new.shelf_life_months), ("000007", Some(12)));
    assert_eq!((item.new.barcodes[0].0.as_str(), findings.warnings()[0].kind), ("012345678905", "barcode_repaired"));
}

#[test]
fn a_code_that_is_no_text_is_read_or_refused_as_its_cell_shows_it() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("items").unwrap();
    for (column, name) in (0..).zip(["code", "name", "class", "unit", "kind", "barcodes", "shelf_life_months"]) {
        sheet.write_string(0, column, name).unwrap();
    }
    let power = CellFormat::new().set_num_format("0.00E+00");
    let built_in = CellFormat::new().set_num_format_index(11);
    for row in 1..4 {
        for (column, text) in (1..).zip(["a", "c", "set", "material"]) {
            sheet.write_string(row, column, text).unwrap();
        }
    }
    sheet.write_boolean(1, 0, true).unwrap();
    sheet.write_number_with_format(1, 5, 6_901_234_567_892_f64, &power).unwrap();
    sheet.write_number_with_format(1, 6, 12, &power).unwrap();
    sheet.write_number_with_format(2, 0, 12_345_678_905_f64, &power).unwrap();
    sheet.write_number_with_format(3, 0, 12_345_678_905_f64, &built_in).unwrap();
    let (tables, findings) = read_one("b.xlsx", workbook.save_to_buffer().unwrap());
    assert_eq!(told(findings.faults()), [(3, "A".into(), "code_mangled")]);
    assert_eq!(findings.fault_count(), 2);
    let item = &tables.items[0].value;
    assert_eq!((item.code.as_str(), item.new.barcodes[0].0.as_str()), ("TRUE", "6901234567892"));
    assert_eq!(item.new.shelf_life_months, Some(12));
}

#[test]
fn equal_faults_are_told_as_one_with_their_rows() {
    let rows: String = (0..360).map(|number| format!("X{number},a,c,set,tool\n")).collect();
    let (_, findings) = read_one("items.csv", format!("code,name,class,unit,kind\n{rows}"));
    assert_eq!((findings.faults().len(), findings.fault_count()), (1, 360));
    let words = findings.faults()[0].message().to_string();
    assert!(words.ends_with("(360 rows: 2–361)"), "{words}");
}

#[test]
fn a_code_with_a_sign_that_nobody_sees_is_refused() {
    let text = "code,name\nX\u{200b}1,a\n\u{202e}X2,b\n1.5E+10,c\n";
    let faults = told_of("item_classes.csv", text);
    assert_eq!(
        faults,
        [
            (2, "code".into(), "invisible_character"),
            (3, "code".into(), "invisible_character"),
            (4, "code".into(), "code_mangled")
        ]
    );
}

#[test]
fn a_workbook_is_read_as_a_library_reads_it() {
    use calamine::{Data, Reader as _};
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "编码 & <name>").unwrap();
    sheet.write_string(0, 3, "_x000D_ stays").unwrap();
    sheet.write_number(2, 1, 0.1 + 0.2).unwrap();
    sheet.write_number(3, 2, -73.25).unwrap();
    sheet.write_boolean(3, 3, true).unwrap();
    sheet.write_formula(4, 0, Formula::new("=1+1").set_result("2")).unwrap();
    sheet.write_formula(4, 1, Formula::new("=\"a\"").set_result("a")).unwrap();
    sheet.write_string(70_000, 20, "far").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let mut other: calamine::Xlsx<_> = calamine::Xlsx::new(std::io::Cursor::new(&bytes)).unwrap();
    let range = other.worksheet_range("Sheet1").unwrap();
    let expected: Vec<(u64, usize, String)> = range
        .used_cells()
        .map(|(row, column, value)| {
            let words = match value {
                Data::Float(number) => number.to_string(),
                Data::Bool(flag) => flag.to_string().to_uppercase(),
                value => value.to_string(),
            };
            (row as u64 + 1, column, words.replace("0.30000000000000004", "0.3"))
        })
        .collect();
    let budget = limits::Budget::new(CancellationToken::new());
    let (mut ours, sheets) = xlsx::Workbook::open(&bytes, &budget).unwrap();
    let rows: Vec<_> = ours.rows(&sheets[0]).unwrap().map(Result::unwrap).collect();
    let read: Vec<(u64, usize, String)> = rows
        .iter()
        .flat_map(|row| row.cells.iter().enumerate().map(move |(column, cell)| (row.number, column, cell)))
        .filter_map(|(row, column, cell)| Some((row, column, cell.shown()?)))
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn facts_are_read_one_in_a_row_or_one_in_a_column() {
    let long = read_one("facts.csv", "organization,fact,value\nT1,squads,3\nT1,toxic,是\n").0.facts;
    let (wide, findings) = read_one("基本情况.csv", "单位,squads,toxic,人数\nT1,3,是,\nT2,,,7\n");
    assert_eq!(findings.faults(), []);
    let all: Vec<_> = wide.facts.iter().map(|row| (&*row.value.organization, &*row.value.fact)).collect();
    assert_eq!(all, [("T1", "squads"), ("T1", "toxic"), ("T2", "人数")]);
    assert_eq!(
        long.iter().map(|row| &row.value).collect::<Vec<_>>(),
        wide.facts[..2].iter().map(|row| &row.value).collect::<Vec<_>>()
    );
    // A number for a tag can be read: that it is of the other kind is told by the rule book.
    let number = wide.facts[0].read_as(domain::fact::FactKind::Tag).unwrap();
    assert_eq!(number, domain::fact::FactValue::Number(base::quantity::Quantity::whole(3)));
    let (words, _) = read_one("facts.csv", "organization,squads\nT1,several\n");
    let tag = words.facts[0].read_as(domain::fact::FactKind::Tag).unwrap_err();
    assert_eq!((tag.code, &*tag.place.column.unwrap().header), ("unknown_value", "squads"));
}

#[test]
fn every_rule_of_the_reference_is_written_and_read_back_the_same() {
    let rules = || {
        let standards = Reference::load().unwrap().standards.into_iter();
        standards.flat_map(|standard| {
            let code = standard.code;
            standard.rules.into_iter().map(move |rule| RuleRow {
                code: rule.code.clone(),
                standard: code.clone(),
                rule: Some(rule),
                reason: None,
                is_document: false,
            })
        })
    };
    let expected: Vec<RuleRow> = rules().collect();
    assert!(expected.len() > 200);
    let documents = rules().filter(|row| row.cells().iter().any(|(column, _)| *column == "document"));
    assert_eq!(documents.map(|row| row.code).collect::<Vec<_>>(), Vec::<String>::new());
    for chinese in [false, true] {
        let sheet = Sheet {
            form: form::Form::Rules,
            chinese,
            is_template: false,
            rows: rules().map(|row| row.cells()).collect(),
        };
        for bytes in [
            write_csv(&sheet, Encoding::Utf8).unwrap(),
            write_csv(&sheet, Encoding::Gb18030).unwrap(),
            write_xlsx(std::slice::from_ref(&sheet)).unwrap(),
        ] {
            let (tables, findings) = read_one("rules", bytes);
            assert_eq!(findings.faults(), []);
            assert_eq!(tables.rules.len(), expected.len());
            for (row, expected) in tables.rules.into_iter().zip(&expected) {
                assert_eq!(row.value, *expected);
            }
        }
    }
}

#[test]
fn the_catalogue_the_dictionary_and_the_standards_of_the_project_are_read_as_they_are() {
    let files = [
        ("catalogue.csv", include_str!("../../../data/catalogue.csv")),
        ("item_classes.csv", include_str!("../../../data/item_classes.csv")),
        ("facts.json", include_str!("../../../data/facts.json")),
        ("GB30077-2013.json", include_str!("../../../data/standards/GB30077-2013.json")),
    ];
    let inputs: Vec<Input> = files.iter().map(|(name, text)| input(name, *text)).collect();
    let (tables, findings) = read(inputs, Options::default(), CancellationToken::new());
    assert_eq!(findings.faults(), []);
    let reference = Reference::load().unwrap();
    assert_eq!(tables.items.len(), reference.catalogue.items.len());
    assert_eq!(tables.item_classes.len(), reference.catalogue.classes.len());
    assert_eq!(tables.dictionary.len(), reference.dictionary.len());
    assert_eq!((tables.standards.len(), tables.rules[0].line()), (1, 12));
    let broken = files[3].1.replace("\"mandatory\"", "\"must\"");
    let fault = read_one("S.json", broken.clone()).1.faults()[0].clone();
    let line = (1..).zip(broken.lines()).find(|(_, line)| line.contains("\"must\"")).map(|(number, _)| number);
    assert_eq!((fault.code, fault.place.line), ("json_not_taken", line));
}

#[test]
fn a_condition_is_written_as_it_is_spoken() {
    let text = "kind = enterprise and sector = hazchem and (toxic or people_on_shift >= 30) and not spill";
    let read = clauses::read_condition(text).unwrap();
    assert_eq!(clauses::write_condition(&read), text);
    let chinese = "性质＝企业 且 行业＝危化品 且（toxic 或 people_on_shift≥30）且 非 spill";
    assert_eq!(clauses::read_condition(chinese).unwrap(), read);
    for (text, at) in [
        ("kind = factory", "kind = factory"),
        ("toxic and", ""),
        ("toxic spill", "spill"),
        ("(toxic", ""),
        ("people >= many", "people >= many"),
        ("people ≥", "people >="),
    ] {
        assert_eq!(clauses::read_condition(text).unwrap_err().at, at, "{text}");
    }
    assert!(clauses::read_condition(&"(".repeat(10_000)).is_err());
}

fn any_condition() -> impl Strategy<Value = RuleCondition> {
    let operator = prop::sample::select(vec![
        Operator::Less,
        Operator::AtMost,
        Operator::Equal,
        Operator::AtLeast,
        Operator::More,
    ]);
    let leaf = prop_oneof![
        Just(RuleCondition::Kind(OrganizationKind::Bureau)),
        "[a-z_]{1,8}|[\"= 中]{0,3}".prop_map(RuleCondition::Type),
        "[a-z_]{1,8}|危化".prop_map(RuleCondition::Sector),
        "[a-z_]{1,8}|a b".prop_map(RuleCondition::Tag),
        ("[a-z_]{1,8}", operator, 0..100_000_i64).prop_map(|(fact, op, value)| {
            RuleCondition::Compare(Comparison { fact, op, value: Quantity::from_thousandths(value).unwrap() })
        }),
    ];
    leaf.prop_recursive(4, 24, 3, |part| {
        prop_oneof![
            prop::collection::vec(part.clone(), 0..3).prop_map(RuleCondition::All),
            prop::collection::vec(part.clone(), 0..3).prop_map(RuleCondition::Any),
            part.prop_map(|part| RuleCondition::Not(Box::new(part))),
        ]
    })
}

proptest! {
    #[test]
    fn any_condition_is_read_back_the_same(condition in any_condition()) {
        let text = clauses::write_condition(&condition);
        prop_assert_eq!(clauses::read_condition(&text).unwrap(), condition, "{}", text);
    }
}

proptest! {
    // Each case makes a workbook and unpacks it again.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_words_are_read_back_the_same(
        words in prop::collection::vec("[=+@'＝-]?[a-z0-9\",;\t 中é😀=+'-]{0,12}", 1..6),
    ) {
        let names: Vec<String> = words.iter().map(|text| text.replace('\t', "").trim().to_owned())
            .filter(|text| !text.is_empty()).collect();
        let rows: Vec<Cells> = names.iter().enumerate().map(|(number, name)| {
            let class = ItemClass { name_en: name.clone(), name_zh: name.clone() };
            ClassRow::of(&format!("C{number}"), class).cells()
        }).collect();
        let sheet = Sheet { form: form::Form::ItemClasses, chinese: false, is_template: false, rows };
        for bytes in [
            write_csv(&sheet, Encoding::Utf8).unwrap(),
            write_csv(&sheet, Encoding::Gb18030).unwrap(),
            write_xlsx(std::slice::from_ref(&sheet)).unwrap(),
        ] {
            let (tables, findings) = read_one("item_classes.csv", bytes);
            prop_assert_eq!(findings.faults(), &[]);
            let read: Vec<String> = tables.item_classes.into_iter().map(|row| row.value.new.name_zh).collect();
            prop_assert_eq!(&read, &names);
        }
    }
}

proptest! {
    #[test]
    fn csv_is_read_as_others_read_it(cells in prop::collection::vec(prop::collection::vec("[a-z\",\n;中 ]{0,6}", 2..4), 1..5)) {
        let mut writer = ::csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for row in &cells {
            writer.write_record(row).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let rows: Vec<_> = super::csv::Rows::of(&text, ',', None).map(|row| row.unwrap().cells).collect();
        let expected: Vec<Vec<Value>> = cells.iter()
            .map(|row| {
                let mut row: Vec<Value> = row.iter().map(|cell| Value::from_text(cell)).collect();
                row.truncate(row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1));
                row
            })
            .filter(|row| !row.is_empty()).collect();
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..200), archive in any::<bool>()) {
        let mut file = if archive { b"PK\x03\x04".to_vec() } else { Vec::new() };
        file.extend(bytes);
        let _ = read_one("x", file);
    }
}
