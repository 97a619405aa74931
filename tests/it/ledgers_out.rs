//! Tables as people keep them, lists to count by, and the column maps of regions.

use std::fs;
use std::io::Read as _;

use chrono::TimeDelta;
use db::locks::Locks;
use serde_json::{Value, json};
use tables::form::Form;
use tables::{Input, Options};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::process::{outcome, text_of};
use crate::regions::{faults, places};
use crate::rows::tester;
use crate::rules::adopt;
use crate::seed;

cases![
    stock_is_a_ledger_with_a_row_for_each_lot_in_its_place,
    what_is_not_known_is_never_zero,
    counts_and_shortages_and_what_expires_are_ledgers,
    tables_in_english_keep_their_columns_unless_a_ledger_is_asked_for,
    a_workbook_has_numbers_and_prints_across_with_its_header_on_every_page,
    a_list_to_count_by_is_blind_unless_asked_and_comes_back_through_the_import,
    each_sees_the_ledgers_of_their_own_organizations,
    the_map_of_hazchem_platforms_has_its_columns,
    a_region_saves_the_columns_it_wants_for_all_below_it,
    a_map_is_bounded_and_has_columns_that_are_there,
    a_withdrawn_map_still_holds_as_of_its_revisions,
    a_command_writes_the_same_ledgers,
    what_a_depot_has_to_count_and_never_did_has_a_row,
    counts_that_agree_are_told_once,
    a_ledger_comes_back_as_it_left,
    a_list_that_leaves_out_a_place_is_refused,
];

/// A column map of stock.
pub fn monthly() -> Value {
    json!({
        "title_zh": "月报", "title_en": "Monthly return", "tables": ["stock", "expiring"],
        "columns": [
            {"head": "名称", "column": "name"},
            {"head": "数", "column": "quantity"},
            {"head": "态", "column": "condition", "values": {"serviceable": "1", "in_repair": "2"}},
            {"head": "报送", "constant": "示例旗"},
            {"head": "空", "column": "empty"}
        ]
    })
}

/// Counts in `T1-A`: boots on two shelves, masks in two lots, and no sand.
async fn count(app: &TestApp) {
    adopt(app).await;
    let lines = json!([
        {"item": "BOOTS", "quantity": 3, "place": "A1", "note": "新"},
        {"item": "BOOTS", "quantity": 4, "place": "B2"},
        {"item": "MASK", "quantity": 5, "lot": "L1", "expires_on": "2026-12-02", "made_on": "2023-12-03", "place": "A1"},
        {"item": "MASK", "quantity": 2, "lot": "L0", "expires_on": "2026-10-01", "condition": "in_repair"},
        {"item": "SAND", "quantity": 0},
    ]);
    app.count("t1", "T1-A", lines).await;
}

async fn ask(app: &TestApp, path: &str, username: &str, language: &str) -> Answer {
    let answer = app.get(path).as_(username).header("accept-language", language).send().await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer
}

/// The rows of a table as CSV, with its header.
pub fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
}

/// Some columns of a table, by their heads; without the header.
pub fn some(rows: &[Vec<String>], heads: &[&str]) -> Vec<Vec<String>> {
    let place =
        |head: &&str| rows[0].iter().position(|one| one == head).unwrap_or_else(|| panic!("{head} in {:?}", rows[0]));
    let places: Vec<usize> = heads.iter().map(place).collect();
    rows[1..].iter().map(|row| places.iter().map(|at| row[*at].clone()).collect()).collect()
}

async fn stock_is_a_ledger_with_a_row_for_each_lot_in_its_place(app: TestApp) {
    count(&app).await;
    let answer = ask(&app, "/api/v1/stock?format=csv&organization=T1", "officer", "zh-CN").await;
    assert!(answer.body.starts_with("\u{feff}".as_bytes()));
    let table = rows(&answer);
    assert_eq!(
        table[0].join(","),
        "序号,单位编码,单位名称,库点编码,库点名称,货位,物资编码,物资名称,物资类别,规格型号,生产厂家,资产编号,计量单位,数量,可用数量,批号,\
         生产日期,有效期至,有效期系推算,使用年限,下次检验日期,状态,\
         在库或借出,不可用原因,保管人,盘点情况,上次盘点数量,盘点日期,盘点人,备注,数据日期"
    );
    let heads = [
        "序号",
        "单位名称",
        "库点名称",
        "货位",
        "物资编码",
        "计量单位",
        "数量",
        "可用数量",
        "批号",
        "生产日期",
        "有效期至",
        "状态",
        "备注",
    ];
    let expected = [
        ["1", "单位T1", "T1库", "A1", "BOOTS", "双", "3", "3", "", "", "", "完好", "新"],
        ["2", "单位T1", "T1库", "B2", "BOOTS", "双", "4", "4", "", "", "", "完好", ""],
        ["3", "单位T1", "T1库", "", "MASK", "件", "2", "0", "L0", "", "2026-10-01", "待修", ""],
        ["4", "单位T1", "T1库", "A1", "MASK", "件", "5", "5", "L1", "2023-12-03", "2026-12-02", "完好", ""],
        ["5", "单位T1", "T1库", "", "SAND", "千克", "0", "0", "", "", "", "", ""],
    ];
    assert_eq!(some(&table, &heads), expected);
    // The filters are those of the list.
    let masks = rows(&ask(&app, "/api/v1/stock?format=csv&item=MASK&depot=T1-A", "officer", "zh-CN").await);
    assert_eq!(some(&masks, &["物资编码", "批号"]), [["MASK", "L0"], ["MASK", "L1"]]);
    let members = ask(&app, "/api/v1/stock?format=csv&fields=item,stock", "officer", "zh-CN").await;
    assert!(!rows(&members)[0].contains(&"序号".to_owned()), "members that are named are the columns");
}

async fn what_is_not_known_is_never_zero(app: TestApp) {
    count(&app).await;
    app.clock.set(seed::now() + TimeDelta::days(200));
    let stale = rows(&ask(&app, "/api/v1/stock?format=csv&item=BOOTS&organization=T1", "officer", "zh-CN").await);
    let heads = ["货位", "数量", "可用数量", "上次盘点数量", "盘点情况"];
    assert_eq!(stale.len(), 3, "{stale:?}");
    for (row, (place, last)) in some(&stale, &heads).iter().zip([("A1", "3"), ("B2", "4")]) {
        assert_eq!((row[0].as_str(), row[1].as_str(), row[2].as_str(), row[3].as_str()), (place, "不明", "不明", last));
        assert!(!row[4].is_empty());
    }
    // An officer and the keeper differ: one row, and what lies between them.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 8, "place": "A1"}])).await;
    app.count("officer", "T1-A", json!([{"item": "BOOTS", "quantity": 6}])).await;
    let differ = rows(&ask(&app, "/api/v1/stock?format=csv&item=BOOTS&organization=T1", "officer", "zh-CN").await);
    assert_eq!(some(&differ, &["货位", "数量", "可用数量"]), [["", "6～8", "6～8"]]);
    let english = "/api/v1/stock?format=csv&profile=ledger&item=BOOTS&organization=T1";
    let differ = rows(&ask(&app, english, "officer", "en").await);
    assert_eq!(some(&differ, &["Place", "Quantity", "Item name"]), [["", "6 to 8", "boots"]]);
}

async fn counts_and_shortages_and_what_expires_are_ledgers(app: TestApp) {
    count(&app).await;
    let counts = rows(&ask(&app, "/api/v1/counts?format=csv", "officer", "zh-CN").await);
    assert_eq!(
        counts[0].join(","),
        "序号,单位编码,单位名称,库点编码,库点名称,货位,物资编码,物资名称,物资类别,规格型号,计量单位,数量,包装,批号,生产日期,有效期至,检验日期,\
         状态,在库或借出,盘点日期,盘点时间（当地）,盘点人,盘点性质,盘点范围,备注,作废原因"
    );
    let told = some(&counts, &["货位", "物资编码", "数量", "盘点日期", "盘点时间（当地）"]);
    assert_eq!(told.len(), 5);
    assert_eq!(told[0], ["A1", "BOOTS", "3", "2026-11-23", "2026-11-23 10:00"]);
    let expiring = rows(&ask(&app, "/api/v1/expiring?format=csv&within_days=30", "officer", "zh-CN").await);
    assert_eq!(
        expiring[0].join(","),
        "序号,单位编码,单位名称,库点编码,库点名称,货位,物资编码,物资名称,物资类别,规格型号,生产厂家,资产编号,计量单位,数量,可用数量,批号,\
         生产日期,有效期至,有效期系推算,使用年限,下次检验日期,剩余天数,状态,在库或借出,不可用原因,保管人,盘点情况,上次盘点数量,盘点日期,\
         盘点人,到期后新增短缺的要求,备注,数据日期"
    );
    assert_eq!(some(&expiring, &["批号", "数量", "剩余天数", "货位"]), [["L1", "5", "9", "A1"]]);
    let both = rows(&ask(&app, "/api/v1/expiring?format=csv&expired=true", "officer", "zh-CN").await);
    assert_eq!(some(&both, &["批号", "剩余天数"]), [["L0", "-53"], ["L1", "9"]]);
    let short =
        rows(&ask(&app, "/api/v1/shortages?format=csv&profile=ledger&organization=T1", "officer", "zh-CN").await);
    assert_eq!(
        short[0].join(","),
        "序号,单位名称,物资编码,物资名称,计量单位,要求程度,应配数量,可用数量,短缺数量,配备情况,原因,询问对象,库点,保管人,\
         不可用原因,依据条款,依据核实情况,最近盘点时间（当地）,数据日期,修订号"
    );
    let masks: Vec<Vec<String>> = some(&short, &["物资编码", "应配数量", "可用数量", "短缺数量"]);
    assert!(masks.contains(&["MASK", "12", "5", "7"].map(ToOwned::to_owned).to_vec()), "{masks:?}");
    let unchanged = rows(&ask(&app, "/api/v1/shortages?format=csv", "officer", "zh-CN").await);
    assert_eq!(unchanged[0][0], "单位编码", "without a profile it is as it was");
}

async fn tables_in_english_keep_their_columns_unless_a_ledger_is_asked_for(app: TestApp) {
    count(&app).await;
    let plain = rows(&ask(&app, "/api/v1/stock?format=csv", "officer", "en").await);
    assert_eq!(plain[0][..2].join(","), "organization,organization_name");
    assert!(plain[0].iter().all(|head| !head.contains(' ')));
    let ledger = rows(&ask(&app, "/api/v1/stock?format=csv&profile=ledger", "officer", "en").await);
    assert_eq!(ledger[0][..6].join(","), "No.,Organization code,Organization,Depot code,Depot,Place");
    let page = app.get("/api/v1/stock?profile=ledger").as_("officer").send().await;
    assert_eq!(faults(&page), [("/profile".to_owned(), "profile_without_table".to_owned())]);
    let both = app.get("/api/v1/stock?format=csv&profile=ledger&fields=item").as_("officer").send().await;
    assert_eq!(faults(&both), [("/profile".to_owned(), "profile_and_fields".to_owned())]);
    for path in ["stock", "counts", "expiring", "shortages"] {
        let unknown = app.get(&format!("/api/v1/{path}?format=csv&profile=x%20y")).as_("t1").send().await;
        assert_eq!(faults(&unknown), [("/profile".to_owned(), "profile_unknown".to_owned())], "{path}");
    }
}

/// A part of a workbook.
pub fn part(answer: &Answer, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&answer.body)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

async fn a_workbook_has_numbers_and_prints_across_with_its_header_on_every_page(app: TestApp) {
    count(&app).await;
    for path in ["/api/v1/stock?format=xlsx", "/api/v1/depots/T1-A/count-list"] {
        let workbook = ask(&app, path, "t1", "zh-CN").await;
        let (sheet, book) = (part(&workbook, "xl/worksheets/sheet1.xml"), part(&workbook, "xl/workbook.xml"));
        assert!(sheet.contains("orientation=\"landscape\"") && sheet.contains("paperSize=\"9\""), "{path}: {sheet}");
        assert!(sheet.contains("fitToPage=\"1\"") && sheet.contains("fitToHeight=\"0\""), "{path}: {sheet}");
        assert!(book.contains("_xlnm.Print_Titles"), "{path}: {book}");
        assert!(sheet.contains("修订号") && sheet.contains("&amp;P"), "{path}: {sheet}");
    }
    let stock = ask(&app, "/api/v1/stock?format=xlsx&item=BOOTS&depot=T1-A", "t1", "zh-CN").await;
    let sheet = part(&stock, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<c r=\"N2\"><v>3</v></c>"), "the quantity is a number: {sheet}");
}

async fn a_list_to_count_by_is_blind_unless_asked_and_comes_back_through_the_import(app: TestApp) {
    count(&app).await;
    let path = "/api/v1/depots/T1-A/count-list";
    let blind = rows(&ask(&app, &format!("{path}?format=csv"), "t1", "zh-CN").await);
    assert_eq!(
        blind[0].join(","),
        "序号,库点编码,货位,物资编码,物资名称,计量单位,数量,状态,在库或借出,批号,有效期至,盘点日期,备注"
    );
    assert_eq!(
        some(&blind, &["序号", "库点编码", "货位", "物资编码", "数量", "批号", "盘点日期"]),
        [
            ["1", "T1-A", "A1", "BOOTS", "", "", ""],
            ["2", "T1-A", "A1", "MASK", "", "", ""],
            ["3", "T1-A", "B2", "BOOTS", "", "", ""],
            ["4", "T1-A", "", "MASK", "", "", ""],
            ["5", "T1-A", "", "SAND", "", "", ""],
        ]
    );
    let told = rows(&ask(&app, &format!("{path}?format=csv&last_counted=true"), "t1", "zh-CN").await);
    assert_eq!(some(&told, &["#上次盘点数量"]).concat(), ["3", "5", "4", "2", "0"]);
    for language in ["en", "zh-CN"] {
        let mut list = rows(&ask(&app, &format!("{path}?format=csv"), "t1", language).await);
        let form = |key: &str, list: &[Vec<String>]| {
            list[0].iter().position(|head| Form::Counts.column(head).is_some_and(|column| column.key == key)).unwrap()
        };
        let (quantity, day, condition) = (form("quantity", &list), form("counted_on", &list), form("condition", &list));
        for row in &mut list[1..] {
            row[quantity] = "7".to_owned();
            row[day] = "2026-11-23".to_owned();
            row[condition] = if language == "en" { "in_repair" } else { "待修" }.to_owned();
        }
        let text: String = list.iter().map(|row| row.join(",") + "\n").collect();
        let input = Input { name: "list.csv".to_owned(), bytes: text.into_bytes(), charset: None };
        let (read, findings) = tables::read(vec![input], Options::default(), CancellationToken::new());
        assert_eq!(findings.fault_count(), 0, "{:?}", findings.faults());
        assert_eq!(read.counts.len(), 5);
        assert!(read.counts.iter().all(|row| row.value.depot == "T1-A"));
    }
    // The workbook has the lines to sign on above its table, and is read all the same.
    let workbook = ask(&app, path, "t1", "zh-CN").await;
    assert!(workbook.header("content-disposition").contains("count-list-T1-A.xlsx"));
    let input = Input { name: "list.xlsx".to_owned(), bytes: workbook.body.to_vec(), charset: None };
    let (_, findings) = tables::read(vec![input], Options::default(), CancellationToken::new());
    let codes: Vec<&str> = findings.faults().iter().map(|fault| fault.code).collect();
    assert!(
        !codes.is_empty() && codes.iter().all(|code| *code == "missing_field"),
        "only what is to fill in: {codes:?}"
    );
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    for words in ["盘点人（签字）", "单位T1", "<dataValidation"] {
        assert!(sheet.contains(words), "{words}: {sheet}");
    }
}

async fn each_sees_the_ledgers_of_their_own_organizations(app: TestApp) {
    count(&app).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 9}])).await;
    let own = rows(&ask(&app, "/api/v1/stock?format=csv", "t1", "zh-CN").await);
    assert!(some(&own, &["单位名称"]).concat().iter().all(|name| name == "单位T1"));
    let counts = rows(&ask(&app, "/api/v1/counts?format=csv", "t1", "zh-CN").await);
    assert!(some(&counts, &["单位名称"]).concat().iter().all(|name| name == "单位T1"));
    let other = app.get("/api/v1/depots/T2-A/count-list").as_("t1").send().await;
    assert_eq!(other.problem(404), "not_found");
    let bad = app.get("/api/v1/depots/T1-A/count-list?format=csv&profile=hazchem-enterprise").as_("t1").send().await;
    assert_eq!(faults(&bad), [("/profile".to_owned(), "profile_of_other_tables".to_owned())]);
}

async fn the_map_of_hazchem_platforms_has_its_columns(app: TestApp) {
    count(&app).await;
    let path = "/api/v1/stock?format=csv&organization=T1&item=MASK&profile=hazchem-enterprise";
    for language in ["en", "zh-CN"] {
        let table = rows(&ask(&app, path, "t1", language).await);
        assert_eq!(table[0].join(","), "WZMC,WZBH,WZYT,WZXH,FZBM,WZFL,CFWZ,CCSL,SCRQ,SYQY,SMZQ,WZZT,TYRQ,SYSM");
        if language == "zh-CN" {
            assert_eq!(table[1].join(","), "物资MASK,MASK,,,单位T1,防护,T1库,2,,,,已过期,,");
            assert_eq!(table[2].join(","), "物资MASK,MASK,,,单位T1,防护,T1库，A1,5,2023-12-03,,,完好,,");
        }
    }
}

const MAP: &str = "/regions/159900/column-maps/monthly";

async fn a_region_saves_the_columns_it_wants_for_all_below_it(app: TestApp) {
    count(&app).await;
    let refused = app.put_on(MAP, "t1", &monthly(), None).await;
    assert_eq!(refused.status, 403);
    let made = app.put_on(MAP, "officer", &monthly(), None).await;
    let body = made.expect(201);
    assert_eq!((&body["stored"]["name"], &body["stored"]["title"]), (&json!("monthly"), &json!("Monthly return")));
    assert_eq!(app.put_on(MAP, "officer", &monthly(), None).await.expect(200)["repeated"], json!(true));
    let table =
        rows(&ask(&app, "/api/v1/stock?format=csv&item=MASK&organization=T1&profile=monthly", "t1", "en").await);
    assert_eq!(table[0].join(","), "名称,数,态,报送,空");
    assert_eq!(table[1].join(","), "mask,2,2,示例旗,");
    assert_eq!(table[2].join(","), "mask,5,1,示例旗,");
    let other = app.get("/api/v1/counts?format=csv&profile=monthly").as_("t1").send().await;
    assert_eq!(faults(&other), [("/profile".to_owned(), "profile_of_other_tables".to_owned())]);

    // A change names the state that was read.
    let mut changed = monthly();
    changed["columns"].as_array_mut().unwrap().truncate(2);
    assert_eq!(app.put_on(MAP, "officer", &changed, None).await.problem(428), "if_match_missing");
    let tag = app.tag(MAP, "t1").await;
    app.put_on(MAP, "officer", &changed, Some(&tag)).await.expect(200);
    assert_eq!(app.put_on(MAP, "officer", &monthly(), Some(&tag)).await.status, 412);
    let table =
        rows(&ask(&app, "/api/v1/stock?format=csv&item=MASK&organization=T1&profile=monthly", "t1", "en").await);
    assert_eq!(table[0].join(","), "名称,数");

    // A region below has it too, until it has one of its own; it cannot change the one above.
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    let below = "/regions/159901/column-maps";
    let listed = app.get(&format!("/api/v1{below}")).as_("admin-below").send().await.expect(200);
    assert_eq!(
        (&listed["items"][0]["name"], &listed["items"][0]["region"]["code"]),
        (&json!("monthly"), &json!("159900"))
    );
    assert_eq!(app.put_on(MAP, "admin-below", &monthly(), Some("*")).await.status, 403);
    app.put_on(&format!("{below}/monthly"), "admin-below", &monthly(), None).await.expect(201);
    let listed = app.get(&format!("/api/v1{below}")).as_("admin-below").send().await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["region"]["code"], json!("159901"));
    let table = rows(&ask(&app, "/api/v1/stock?format=csv&profile=monthly", "admin-below", "en").await);
    assert_eq!(table[0].join(","), "名称,数,态,报送,空");
    let audit = app.get("/api/v1/audit?limit=1").as_("admin").send().await.expect(200);
    assert_eq!(audit["items"][0]["subjects"][0]["key"], json!("159901/monthly"), "{audit}");
}

async fn what_a_depot_has_to_count_and_never_did_has_a_row(app: TestApp) {
    count(&app).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 9}])).await;
    let table = rows(&ask(&app, "/api/v1/stock?format=csv&organization=T2", "officer", "zh-CN").await);
    let told = some(&table, &["库点编码", "物资编码", "数量", "可用数量", "上次盘点数量"]);
    assert!(told.contains(&["T2-A", "MASK", "不明", "不明", ""].map(ToOwned::to_owned).to_vec()), "{told:?}");
    let list = rows(&ask(&app, "/api/v1/depots/T2-A/count-list?format=csv", "t2", "zh-CN").await);
    let mut items = some(&list, &["物资编码"]);
    items.sort();
    assert_eq!(some(&table, &["物资编码"]), items);
}

async fn counts_that_agree_are_told_once(app: TestApp) {
    adopt(&app).await;
    let lines = json!([{"item": "MASK", "quantity": 5, "lot": "L1", "expires_on": "2026-12-02", "place": "A1"}]);
    for phone in ["phone-1", "phone-2"] {
        let body = json!({
            "depot_id": app.depot("T1-A").await, "scope": "listed", "counted_at": app.clock.now(), "lines": lines
        });
        let path = format!("/api/v1/counts/{}", Uuid::now_v7());
        let sent = app.put(&path).as_("t1").header("muster-device", phone).header("muster-seq", "1");
        sent.json(&body).send().await.expect(201);
    }
    let stock = rows(&ask(&app, "/api/v1/stock?format=csv&organization=T1&item=MASK", "t1", "zh-CN").await);
    assert_eq!(some(&stock, &["货位", "批号", "数量", "可用数量"]), [["A1", "L1", "5", "5"]]);
    let expiring = rows(&ask(&app, "/api/v1/expiring?format=csv&within_days=30", "t1", "zh-CN").await);
    assert_eq!(some(&expiring, &["货位", "批号", "数量"]), [["A1", "L1", "5"]]);
    let path = "/api/v1/depots/T1-A/count-list?format=csv&last_counted=true";
    let list = rows(&ask(&app, path, "t1", "zh-CN").await);
    assert_eq!(some(&list, &["物资编码", "货位", "#上次盘点数量"])[0], ["MASK", "A1", "5"]);
    // Two that agreed and are too old are told by lot all the same.
    app.clock.set(seed::now() + TimeDelta::days(200));
    let stale = rows(&ask(&app, "/api/v1/stock?format=csv&organization=T1&item=MASK", "t1", "zh-CN").await);
    assert_eq!(some(&stale, &["货位", "批号", "数量", "上次盘点数量"]), [["A1", "L1", "不明", "5"]]);
}

async fn a_ledger_comes_back_as_it_left(app: TestApp) {
    adopt(&app).await;
    let lines = json!([
        {"item": "BOOTS", "quantity": 3, "place": "A1"},
        {"item": "BOOTS", "quantity": 2, "held": "lent"},
        {"item": "SAND", "quantity": 2, "lot": "L0", "expires_on": "2027-10-01", "condition": "in_repair"},
    ]);
    app.count("t1", "T1-A", lines).await;
    let stock = "/api/v1/stock?organization=T1";
    let before = app.get(stock).as_("officer").send().await.expect(200);
    for (language, profile) in [("zh-CN", ""), ("en", "&profile=ledger")] {
        let table = ask(&app, &format!("{stock}&format=csv{profile}"), "officer", language).await;
        app.clock.set(app.clock.now() + TimeDelta::days(1));
        // The day of the ledger is told, whatever day each of its rows was counted on.
        let text = String::from_utf8(table.body.to_vec()).unwrap();
        let day = app.clock.now().date_naive().to_string();
        // Masks are to be counted and never were: their row has no day of counting, and no number.
        assert_eq!(text.lines().filter(|line| line.contains("MASK")).count(), 1, "{text}");
        let text = text.replace("2026-11-23", &day).replace("2026-11-24", &day);
        let report = app.post("/api/v1/import?form=ledger").as_("officer").body("text/csv", text).send().await;
        let report = report.expect(200);
        assert_eq!([&report["ledger"]["open"], &report["ledger"]["counts"]], [&json!(1), &json!(1)], "{report}");
        let after = app.get(stock).as_("officer").send().await.expect(200);
        for (one, other) in before["items"].as_array().unwrap().iter().zip(after["items"].as_array().unwrap()) {
            assert_eq!(one["stock"]["usable"], other["stock"]["usable"], "{language}: {other}");
            assert_eq!(one["stock"]["left_out"], other["stock"]["left_out"], "{language}: {other}");
        }
    }
}

async fn a_list_that_leaves_out_a_place_is_refused(app: TestApp) {
    count(&app).await;
    app.clock.set(seed::now() + TimeDelta::hours(2));
    let send = async |text: &str| {
        app.post("/api/v1/import?form=counts").as_("t1").body("text/csv", text.to_owned()).send().await
    };
    let head = "库点编码,物资编码,货位,数量,盘点日期\n";
    let refused = send(&format!("{head}T1-A,BOOTS,A1,5,2026-11-23 11:00\n")).await;
    assert_eq!(faults(&refused)[0].1, "place_left_out", "{refused:?}");
    // With every place, or of the depot as a whole, it is taken; and the time of day ranks it after the count of that morning.
    send(&format!("{head}T1-A,BOOTS,A1,5,2026-11-23 11:00\nT1-A,BOOTS,B2,0,2026-11-23 11:00\n")).await.expect(200);
    let path = "/api/v1/stock?format=csv&organization=T1&item=BOOTS";
    let table = rows(&ask(&app, path, "t1", "zh-CN").await);
    assert_eq!(some(&table, &["货位", "数量"]), [["A1", "5"], ["B2", "0"]]);
    send(&format!("{head}T1-A,BOOTS,,6,2026-11-23 11:30\n")).await.expect(200);
    let table = rows(&ask(&app, path, "t1", "zh-CN").await);
    assert_eq!(some(&table, &["货位", "数量"]), [["", "6"]]);
    // Units without a place, and those that are lent, are not passed over either.
    let lines = json!([
        {"item": "BOOTS", "quantity": 7}, {"item": "BOOTS", "quantity": 3, "place": "B1"},
        {"item": "BOOTS", "quantity": 2, "held": "lent"},
    ]);
    app.clock.set(seed::now() + TimeDelta::hours(3));
    app.count("t1", "T1-A", lines).await;
    app.clock.set(seed::now() + TimeDelta::hours(5));
    let list = rows(&ask(&app, "/api/v1/depots/T1-A/count-list?format=csv&last_counted=true", "t1", "zh-CN").await);
    let mut told = some(&list, &["物资编码", "货位", "在库或借出", "#上次盘点数量"]);
    told.retain(|row| row[0] == "BOOTS");
    assert_eq!(told, [["BOOTS", "B1", "", "3"], ["BOOTS", "", "", "7"], ["BOOTS", "", "借出", "2"]]);
    let head = "库点编码,物资编码,货位,在库或借出,数量,盘点日期\n";
    let at = "2026-11-23 14:00";
    for (lines, is_taken) in [
        (format!("T1-A,BOOTS,B1,,2,{at}\n"), false),
        (format!("T1-A,BOOTS,B1,,2,{at}\nT1-A,BOOTS,,,7,{at}\n"), false),
        (format!("T1-A,BOOTS,,,9,{at}\n"), false),
        (format!("T1-A,BOOTS,,,9,{at}\nT1-A,BOOTS,,借出,0,{at}\n"), true),
    ] {
        let answer = send(&format!("{head}{lines}")).await;
        if is_taken {
            answer.expect(200);
        } else {
            assert_eq!(faults(&answer)[0].1, "place_left_out", "{lines}");
        }
    }
    let two =
        "库点编码,物资编码,货位,数量,盘点日期,盘点人\nT1-A,BOOTS,A1,1,2026-11-23,甲\nT1-A,BOOTS,B2,1,2026-11-23,乙\n";
    assert_eq!(faults(&send(two).await)[0].1, "counted_by_two");
}

async fn a_map_is_bounded_and_has_columns_that_are_there(app: TestApp) {
    let put = async |name: &str, body: &Value| {
        app.put(&format!("/api/v1/regions/159900/column-maps/{name}")).as_("officer").json(body).send().await
    };
    let columns = |columns: Value| json!({"title_zh": "表", "tables": ["stock"], "columns": columns});
    let column = |head: &str| json!({"head": head, "column": "name"});
    let many: Vec<Value> = (0..61).map(|number| column(&number.to_string())).collect();
    let cases = [
        (columns(json!([])), "/columns length_out_of_bounds"),
        (columns(json!(many)), "/columns length_out_of_bounds"),
        (columns(json!([{"head": "甲", "column": "days_left"}])), "/columns/0/column column_unknown"),
        (columns(json!([column("甲"), column("甲")])), "/columns/1/head twice"),
        (columns(json!([{"head": "甲"}])), "/columns/0 one_of_two"),
        (columns(json!([{"head": "甲", "constant": "x".repeat(201)}])), "/columns/0/constant length_out_of_bounds"),
        (columns(json!([{"head": "x".repeat(101), "column": "name"}])), "/columns/0/head length_out_of_bounds"),
        (json!({"title_zh": "表", "tables": [], "columns": [column("甲")]}), "/tables length_out_of_bounds"),
    ];
    for (body, expected) in cases {
        let answer = put("bad", &body).await;
        assert!(places(&answer).iter().any(|place| place == expected), "{expected}: {:?}", places(&answer));
    }
    for name in ["ledger", "hazchem-enterprise", "A", "月报"] {
        let answer = put(&percent(name), &monthly()).await;
        assert_eq!(faults(&answer)[0].0, "/name", "{name}");
    }
    for number in 0..50 {
        put(&format!("m{number}"), &monthly()).await.expect(201);
    }
    assert_eq!(put("m50", &monthly()).await.problem(409), "too_many_column_maps");
    let withdrawn = app.request(actix_web::http::Method::DELETE, "/api/v1/regions/159900/column-maps/m7");
    withdrawn.as_("officer").header("if-match", "*").send().await.expect(200);
    // Whoever has read it before does not bring it back unseen.
    let old = app.put("/api/v1/regions/159900/column-maps/m7").as_("officer").header("if-match", "*").json(&monthly());
    assert_eq!(old.send().await.status, 412);
    put("m50", &monthly()).await.expect(201);
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

async fn a_withdrawn_map_still_holds_as_of_its_revisions(app: TestApp) {
    count(&app).await;
    let revision = app.put_on(MAP, "officer", &monthly(), None).await.expect(201)["revision"].clone();
    let path = format!("/api/v1/stock?format=csv&profile=monthly&revision={revision}");
    let before = ask(&app, &path, "t1", "en").await;
    let withdraw = async || {
        let request = app.request(actix_web::http::Method::DELETE, &format!("/api/v1{MAP}"));
        request.as_("officer").header("if-match", "*").send().await.expect(200)
    };
    assert_eq!(withdraw().await["stored"]["withdrawn"], json!(true));
    assert_eq!(withdraw().await["repeated"], json!(true));
    assert_eq!(ask(&app, &path, "t1", "en").await.body, before.body, "the same question has the same answer");
    let now = app.get("/api/v1/stock?format=csv&profile=monthly").as_("t1").send().await;
    assert_eq!(faults(&now), [("/profile".to_owned(), "profile_unknown".to_owned())]);
    assert_eq!(app.get(&format!("/api/v1{MAP}")).as_("t1").send().await.status, 404);
    let listed = app.get("/api/v1/regions/159900/column-maps").as_("t1").send().await.expect(200);
    assert_eq!(listed["items"], json!([]));
    app.put_on(MAP, "officer", &monthly(), None).await.expect(201);
}

async fn a_command_writes_the_same_ledgers(database: TestDatabase) {
    let app = TestApp::over(database).await;
    count(&app).await;
    app.put_on("/regions/159900/column-maps/monthly", "officer", &monthly(), None).await.expect(201);
    let url = text_of(&app.database().url);
    let folder = TempDir::new().unwrap();
    let export = |arguments: &[&str]| {
        outcome(folder.path(), &[&["export"], arguments].concat(), &[("DATABASE_URL", url.as_str())])
    };
    let at = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let options = ["--table", "stock", "--profile", "hazchem-enterprise", "--format", "csv", "--language", "zh-CN"];
    assert_eq!(export(&[&options[..], &["--out", "h.csv"]].concat()), (0, String::new()));
    let text = String::from_utf8(at("h.csv")).unwrap();
    assert!(text.starts_with("\u{feff}WZMC,WZBH") && text.contains("物资BOOTS"), "{text}");
    let (code, said) = export(&[&options[..], &["--out", "h.csv"]].concat());
    assert!(code == 1 && said.contains("is there already"), "{code} {said}");
    for (table, more) in [("counts", vec![]), ("shortages", vec![]), ("expiring", vec!["--within-days", "400"])] {
        let name = format!("{table}.xlsx");
        let named = ["--table", table, "--to", name.as_str()];
        assert_eq!(export(&[&named[..], &more].concat()), (0, String::new()), "{table}");
        assert!(at(&name).starts_with(b"PK"), "{table}");
    }
    let of_region =
        ["--table", "stock", "--profile", "monthly", "--region", "159900", "--format", "csv", "--to", "m.csv"];
    assert_eq!(export(&of_region), (0, String::new()));
    assert!(String::from_utf8(at("m.csv")).unwrap().starts_with("\u{feff}名称,数,态,报送,空"));
    let (code, said) = export(&["--table", "stock", "--profile", "none", "--to", "n.csv"]);
    assert!(code == 1 && said.contains("hazchem-enterprise"), "{code} {said}");
    assert!(!folder.path().join("n.csv").exists());
}
