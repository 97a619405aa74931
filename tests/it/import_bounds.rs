//! Files made to exhaust memory. Each is imported by a separate process whose memory is measured. It must report a fault
//! or import the file: no import needs 200 MB.

use std::io::{Cursor, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use zip::write::SimpleFileOptions;

use crate::cases::{NoDatabase, cases};

cases![no_workbook_takes_more_than_200_mb, no_text_takes_more_than_200_mb];

/// The maximum memory of one import, in kB.
const MOST: u64 = 200 * 1024;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A file, its name, and a code that the import reports for it.
struct Planted {
    name: &'static str,
    file: &'static str,
    bytes: Vec<u8>,
    code: &'static str,
}

/// An archive of some parts.
fn archive(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook of some sheets of depots, each with its XML, and other parts.
fn workbook(sheets: &[String], others: Vec<(&str, String)>) -> Vec<u8> {
    let mut listed = String::new();
    let mut relations = String::new();
    let mut parts = Vec::new();
    for (number, xml) in sheets.iter().enumerate() {
        let name = if number == 0 { "depots".to_owned() } else { format!("depots {number}") };
        listed += &format!("<sheet name=\"{name}\" sheetId=\"{}\" r:id=\"s{number}\"/>", number + 1);
        let target = format!("worksheets/sheet{number}.xml");
        relations += &format!("<Relationship Id=\"s{number}\" Type=\"{OFFICE}/worksheet\" Target=\"{target}\"/>");
        parts.push((format!("xl/{target}"), format!("<worksheet xmlns=\"{MAIN}\">{xml}</worksheet>").into_bytes()));
    }
    for (name, xml) in others {
        relations += &format!("<Relationship Id=\"{name}\" Type=\"{OFFICE}/{name}\" Target=\"{name}.xml\"/>");
        parts.push((format!("xl/{name}.xml"), xml.into_bytes()));
    }
    let whole = format!("<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>{listed}</sheets></workbook>");
    parts.push(("xl/workbook.xml".to_owned(), whole.into_bytes()));
    let namespace = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relations = format!("<Relationships xmlns=\"{namespace}\">{relations}</Relationships>");
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), relations.into_bytes()));
    archive(&parts)
}

fn text_cell(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

/// The rows of a sheet: its header, and rows with a code and the result of `cell`.
fn rows(count: usize, cell: impl Fn(usize) -> String) -> String {
    let cells = [("A1", "code"), ("B1", "name"), ("C1", "organization")].map(|(place, text)| text_cell(place, text));
    let header = format!("<row r=\"1\">{}</row>", cells.concat());
    let row = |number: usize| {
        let (code, owner) =
            (text_cell(&format!("A{number}"), &format!("C{number}")), text_cell(&format!("C{number}"), "T1"));
        format!("<row r=\"{number}\">{code}{}{owner}</row>", cell(number))
    };
    format!("<sheetData>{header}{}</sheetData>", (2..count + 2).map(row).collect::<String>())
}

fn workbooks() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let plain = |number: usize| text_cell(&format!("B{number}"), "name");
    let long = "x".repeat(8_000);
    let merged = format!(
        "<sheetData><row r=\"1\">{}</row></sheetData><mergeCells><mergeCell ref=\"A1:T50000\"/></mergeCells>",
        text_cell("A1", &long)
    );
    let areas: String = (0..20_000).map(|_| "<mergeCell ref=\"A1:T50000\"/>".to_owned()).collect();
    let shared = |number: usize| format!("<c r=\"B{number}\" t=\"s\"><v>0</v></c>");
    let strings = |texts: &str| format!("<sst xmlns=\"{MAIN}\">{texts}</sst>");
    let format = |id: usize| format!("<numFmt numFmtId=\"{id}\" formatCode=\"{}\"/>", "0".repeat(1_000));
    let styles = format!(
        "<styleSheet xmlns=\"{MAIN}\"><numFmts>{}</numFmts><fonts><font><name val=\"{}\"/></font></fonts>\
         <cellXfs>{}</cellXfs></styleSheet>",
        (200..20_200).map(format).collect::<String>(),
        "f".repeat(100_000),
        "<xf numFmtId=\"200\" fontId=\"0\"/>".repeat(90_000)
    );
    let formula = |number: usize| {
        let text = if number == 2 { "1+".repeat(4_000) } else { String::new() };
        format!("<c r=\"B{number}\" t=\"str\"><f t=\"shared\" si=\"0\" ref=\"B2:B40000\">{text}</f><v>name</v></c>")
    };
    let sheet = |number| workbook(&[number], Vec::new());
    let empty =
        |count: usize| -> Vec<(String, Vec<u8>)> { (0..count).map(|at| (format!("p{at}"), Vec::new())).collect() };
    vec![
        ("one cell merged over a million", sheet(merged), "header_missing"),
        (
            "areas merged over each other",
            sheet(format!("{}<mergeCells>{areas}</mergeCells>", rows(2_000, plain))),
            "sheet_too_large",
        ),
        (
            "one text of 20 kB in 15,000 cells",
            workbook(
                &[rows(15_000, shared)],
                vec![("sharedStrings", strings(&format!("<si><t>{}</t></si>", "y".repeat(20_000))))],
            ),
            "length_out_of_bounds",
        ),
        (
            "one text of 200 letters in 40,000 cells",
            workbook(
                &[rows(40_000, shared)],
                vec![("sharedStrings", strings(&format!("<si><t>{}</t></si>", "中".repeat(200))))],
            ),
            "tables_too_large",
        ),
        (
            "a number of shared texts that is a lie",
            workbook(
                &[rows(2, shared)],
                vec![(
                    "sharedStrings",
                    format!("<sst xmlns=\"{MAIN}\" uniqueCount=\"99999999999\"><si><t>name</t></si></sst>"),
                )],
            ),
            "organization_unknown",
        ),
        (
            "two million shared texts",
            workbook(&[rows(2, shared)], vec![("sharedStrings", strings(&"<si/>".repeat(2_000_000)))]),
            "workbook_too_large",
        ),
        ("huge styles", workbook(&[rows(2, plain)], vec![("styles", styles)]), "organization_unknown"),
        ("formulas shared by many cells", sheet(rows(20_000, formula)), "organization_unknown"),
        (
            "a cell of 8 MB",
            sheet(rows(2, |number| text_cell(&format!("B{number}"), &"z".repeat(8 << 20)))),
            "workbook_too_large",
        ),
        (
            "a tag of 8 MB",
            sheet(format!("<sheetData><row r=\"1\" x=\"{}\"/></sheetData>", "<".repeat(8 << 20))),
            "workbook_too_large",
        ),
        (
            "a section of 8 MB",
            sheet(format!("<sheetData><row r=\"1\"><c><v><![CDATA[{}", "<".repeat(8 << 20))),
            "workbook_too_large",
        ),
        ("elements a million deep", sheet("<a>".repeat(1_000_000)), "workbook_too_large"),
        ("many sheets", workbook(&vec![rows(1, plain); 600], Vec::new()), "workbook_too_large"),
        ("many parts", archive(&empty(30_000)), "workbook_too_large"),
        (
            "a part of 300 MB",
            sheet(format!("<sheetData>{}</sheetData>", format!("<row r=\"1\">{}", " ".repeat(1 << 19)).repeat(600))),
            "workbook_too_large",
        ),
        (
            "a cell far away",
            sheet("<sheetData><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>".to_owned()),
            "sheet_too_large",
        ),
    ]
}

fn texts() -> Vec<Planted> {
    let text = |name, file, bytes: String, code| Planted { name, file, bytes: bytes.into_bytes(), code };
    let wide = |columns: usize| (0..columns).map(|at| format!("column{at},")).collect::<String>();
    let condition = "a or ".repeat(790) + "a";
    let rule = |number: usize| format!("R{number},S,1,{condition},team,X,1,set,mandatory,t,illustrative\n");
    let rules = "code,standard,clause,applies_when,scope,item,n,unit,strength,text,confidence\n".to_owned()
        + &(0..3_900).map(rule).collect::<String>();
    let faults = "code,name,class,unit,kind,retired\n".to_owned()
        + &(0..30_000).map(|number| format!("X{number},a,c,set,k{number},r{number}\n")).collect::<String>();
    let barcodes = "code,name,class,unit,kind,barcodes\n".to_owned()
        + &(0..2_000).map(|number| format!("X{number},a,c,set,material,{}\n", "1;".repeat(1_000))).collect::<String>();
    let facts = wide(1_000).replacen("column0", "organization", 1)
        + "\n"
        + &(0..500).map(|at| format!("T{at}{}\n", ",1".repeat(999))).collect::<String>();
    vec![
        text("a header of 5,000 columns", "x.csv", "code,name,".to_owned() + &wide(5_000) + "\n1\n", "sheet_too_large"),
        text(
            "a header of 200,000 columns",
            "x.csv",
            "code,name,".to_owned() + &wide(200_000) + "\n1\n",
            "sheet_too_large",
        ),
        text(
            "a cell of 12 MB in a text",
            "item_classes.csv",
            format!("code,name\nA,{}\n", "n".repeat(12 << 20)),
            "length_out_of_bounds",
        ),
        text(
            "a quote that is never closed",
            "item_classes.csv",
            format!("code,name\nA,\"{}", "n,\n".repeat(4 << 20)),
            "quote_not_closed",
        ),
        text("conditions of many parts", "rules.csv", rules, "tables_too_large"),
        text("many faults", "items.csv", faults, "too_many_faults"),
        text("lists of many barcodes", "items.csv", barcodes, "list_too_long"),
        text("half a million facts", "facts.csv", facts, "tables_too_large"),
        text(
            "rows without end",
            "item_classes.csv",
            "code,name\n".to_owned() + &"A,b\n".repeat(4_000_000),
            "tables_too_large",
        ),
        text("deep JSON", "x.json", "[".repeat(1 << 20), "json_not_taken"),
        text("JSON without end", "x.json", format!("[{}", "{},".repeat(4 << 20)), "file_too_large"),
    ]
}

/// Runs an import that writes nothing, and returns its peak memory in kB and its output.
fn import(folder: &Path, file: &Path) -> (u64, String) {
    let database = format!("sqlite:{}", folder.join("muster.db").display());
    let report = folder.join("report.txt");
    let mut child = Command::new(env!("CARGO_BIN_EXE_muster"))
        .args(["import", "--dry-run", "--reason", "r", "--database-url", &database])
        .arg(file)
        .stdout(Stdio::from(std::fs::File::create(&report).unwrap()))
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    let exit = loop {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = told.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        most = most.max(peak.unwrap_or(0));
        if let Some(exit) = child.try_wait().unwrap() {
            break exit;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let told = std::fs::read_to_string(report).unwrap();
    assert!(matches!(exit.code(), Some(0 | 1)), "{}: {exit}: {told}", file.display());
    (most, told)
}

async fn no_workbook_takes_more_than_200_mb(_: NoDatabase) {
    let planted = workbooks().into_iter().map(|(name, bytes, code)| Planted { name, file: "x.xlsx", bytes, code });
    measure(planted.collect());
}

async fn no_text_takes_more_than_200_mb(_: NoDatabase) {
    measure(texts());
}

fn measure(planted: Vec<Planted>) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("muster.db").display());
    let migrated = Command::new(env!("CARGO_BIN_EXE_muster")).args(["migrate", "--database-url", &database]).output();
    assert!(migrated.unwrap().status.success());
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("item_classes.csv"), "code,name\nA,b\n").unwrap();
    let (least, _) = import(folder.path(), &path("item_classes.csv"));
    let mut failures = Vec::new();
    for Planted { name, file, bytes, code } in planted {
        std::fs::write(path(file), bytes).unwrap();
        let begun = std::time::Instant::now();
        let (most, told) = import(folder.path(), &path(file));
        let is_told = told.contains(&format!("[{code}]"));
        let told: String = told.chars().take(600).collect();
        println!("{name}: {} MB, {:?}", most.saturating_sub(least) / 1024, begun.elapsed());
        if !is_told || most > least + MOST {
            failures.push(format!("{name}: {most} kB: {told}"));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
