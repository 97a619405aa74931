//! The details that ledgers have of lots: specification, model, maker, asset number, service life and the next inspection.

use chrono::TimeDelta;
use db::connection::AnyConnection;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::ledgers_out::{part, rows, some};
use crate::regions::faults;
use crate::{rules, seed};

cases![
    details_of_a_ledger_are_with_the_lots_of_the_stock,
    the_same_ledger_again_changes_nothing,
    a_row_of_an_earlier_version_has_its_details_and_stays_as_it_is,
    other_words_of_the_same_day_take_the_place_of_those_before,
    a_later_ledger_takes_the_place_of_the_one_before,
    a_count_that_names_the_lot_keeps_its_details,
    words_that_are_no_value_stay_words,
    a_voided_count_has_no_details,
    details_are_in_no_figure,
    ledgers_have_the_details_in_their_columns,
    an_item_has_a_specification_of_its_own_where_its_lot_has_none,
    specifications_of_items_leave_and_come_back_as_tables,
];

const LEDGER: &str = "某旗应急物资台账,,,,,,,,,,,,\n\
    盘点日期：2026-11-20,,,,,,,,,,,,\n\
    序号,单位名称,库点,物资名称,规格型号,生产厂家,资产编号,使用年限,下次检验日期,单位,数量,批号,有效期\n\
    1,单位T1,T1库,物资MASK,4kg,某消防器材厂,XF-001,10年,2027-03-31,个,2,P1,2027-12-31\n\
    2,单位T1,T1库,物资MASK,4kg,某消防器材厂,XF-002,10年,2027-03-31,个,1,p 1,2027-12-31\n\
    3,单位T1,T1库,物资BOOTS,42码,某鞋厂,,3年6个月,2027年2月,双,5,,\n";

async fn bring(app: &TestApp, ledger: &str) -> Value {
    let path = "/api/v1/import?form=ledger";
    app.post(path).as_("officer").body("text/csv", ledger.to_owned()).send().await.expect(200)
}

async fn get(app: &TestApp, path: &str) -> Value {
    app.get(&format!("/api/v1{path}")).as_("officer").send().await.expect(200)
}

/// The details of the lots of an item in `T1-A`.
async fn details_on(app: &TestApp, item: &str, query: &str) -> Value {
    let stock = get(app, &format!("/stock?depot=T1-A&item={item}{query}")).await;
    stock["items"][0]["lot_details"].clone()
}

async fn details(app: &TestApp, item: &str) -> Value {
    details_on(app, item, "").await
}

/// The asset numbers of the lots of an item in `T1-A`.
async fn numbers(app: &TestApp, item: &str) -> Vec<String> {
    let found = details(app, item).await;
    let lots = found.as_array().into_iter().flatten();
    let all = lots.flat_map(|lot| lot["details"].as_array().unwrap().clone());
    all.filter_map(|detail| detail["asset_number"].as_str().map(ToOwned::to_owned)).collect()
}

async fn details_of_a_ledger_are_with_the_lots_of_the_stock(app: TestApp) {
    bring(&app, LEDGER).await;
    let detail = |number: &str| {
        json!({
            "specification": "4kg", "maker": "某消防器材厂", "asset_number": number, "service_life_months": 120,
            "inspection_due": "2027-03-31"
        })
    };
    assert_eq!(
        details(&app, "MASK").await,
        json!([{"lot": "P1", "expires_on": "2027-12-31", "details": [detail("XF-001"), detail("XF-002")]}])
    );
    assert_eq!(
        details(&app, "BOOTS").await,
        json!([{"lot": null, "expires_on": null, "details": [{
            "specification": "42码", "maker": "某鞋厂", "service_life_months": 42, "inspection_due": "2027-02-28"
        }]}])
    );
    // On a day before the ledger, and as of a revision before it, there is none.
    let early = rules::count(
        &app.depot("T1-A").await,
        seed::now() - TimeDelta::days(20),
        json!([{"item": "BOOTS", "quantity": 1}]),
    );
    app.submit("t1", Uuid::now_v7(), &early).await.expect(201);
    assert_eq!(details_on(&app, "BOOTS", "&as_of=2026-11-19").await, Value::Null);
    assert!(details_on(&app, "BOOTS", "&as_of=2026-11-20").await.is_array());
    let whole = get(&app, "/stock?depot=T1-A").await;
    let last = whole["revision"].as_i64().unwrap();
    assert!(details_on(&app, "MASK", &format!("&revision={}", last - 1)).await.is_array());
    let before = get(&app, &format!("/stock?depot=T1-A&revision={}", last - 2)).await;
    assert!(!before.to_string().contains("lot_details"), "{before}");
}

async fn the_same_ledger_again_changes_nothing(app: TestApp) {
    bring(&app, LEDGER).await;
    let before = app.get("/api/v1/stock?depot=T1-A").as_("officer").send().await;
    let again = bring(&app, LEDGER).await;
    assert_eq!(again["revision"], json!(null), "{again}");
    assert_eq!(again["forms"], json!([{"form": "ledger", "added": 0, "changed": 0, "unchanged": 3}]));
    let after = app.get("/api/v1/stock?depot=T1-A").as_("officer").send().await;
    assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
}

/// Takes the values of details out of the stored rows, as a version that read none left them.
fn forget_values(app: &TestApp) {
    let mut connection = app.database().connect();
    let unguard = match &connection {
        AnyConnection::Postgres(_) => "ALTER TABLE ledger_rows DISABLE TRIGGER USER",
        AnyConnection::Sqlite(_) => "DROP TRIGGER ledger_rows_refuse_update",
    };
    connection.batch_execute(unguard).unwrap();
    let read = "\"service_life_months\":120,\"inspection_due\":\"2027-03-31\",\"condition\"";
    let update = format!("UPDATE ledger_rows SET content = REPLACE(content, '{read}', '\"condition\"')");
    assert_eq!(diesel::sql_query(update).execute(&mut connection).unwrap(), 3);
    let left = "UPDATE ledger_rows SET position = position WHERE content LIKE '%\"service_life_months\":120%'";
    assert_eq!(diesel::sql_query(left).execute(&mut connection).unwrap(), 0);
}

async fn a_row_of_an_earlier_version_has_its_details_and_stays_as_it_is(app: TestApp) {
    bring(&app, LEDGER).await;
    let told = details(&app, "MASK").await;
    forget_values(&app);
    assert_eq!(details(&app, "MASK").await, told);
    let again = bring(&app, LEDGER).await;
    assert_eq!(again["revision"], json!(null), "{again}");
}

async fn other_words_of_the_same_day_take_the_place_of_those_before(app: TestApp) {
    bring(&app, LEDGER).await;
    let before = app.get("/api/v1/stock?depot=T1-A").as_("officer").send().await;
    let other = LEDGER.replace("XF-002", "XF-003");
    let report = bring(&app, &other).await;
    assert_eq!(report["ledger"]["counts"], 0, "what is counted is the same: {report}");
    assert_eq!(numbers(&app, "MASK").await, ["XF-001", "XF-003"]);
    let after = app.get("/api/v1/stock?depot=T1-A").as_("officer").send().await;
    assert_ne!(after.header("etag"), before.header("etag"));
    let replaced = get(&app, "/ledger-rows?status=replaced").await;
    assert_eq!(replaced["items"].as_array().unwrap().len(), 1, "{replaced}");
    assert_eq!(replaced["items"][0]["text"]["asset_number"], "XF-002");
    let counted = get(&app, "/ledger-rows?status=counted").await;
    assert_eq!(counted["items"].as_array().unwrap().len(), 3, "{counted}");
    assert_eq!(bring(&app, &other).await["revision"], json!(null));
    // And back again, as often as one likes.
    for _ in 0..2 {
        bring(&app, LEDGER).await;
        assert_eq!(numbers(&app, "MASK").await, ["XF-001", "XF-002"]);
        bring(&app, &other).await;
        assert_eq!(numbers(&app, "MASK").await, ["XF-001", "XF-003"]);
    }
}

async fn a_later_ledger_takes_the_place_of_the_one_before(app: TestApp) {
    bring(&app, LEDGER).await;
    let later = LEDGER.replace("2026-11-20", "2026-11-22").replace("XF-001", "XF-101").replace("XF-002", "XF-102");
    bring(&app, &later).await;
    assert_eq!(numbers(&app, "MASK").await, ["XF-101", "XF-102"]);
    let day = details_on(&app, "MASK", "&as_of=2026-11-21").await;
    assert_eq!(day[0]["details"][0]["asset_number"], "XF-001");
}

async fn a_count_that_names_the_lot_keeps_its_details(app: TestApp) {
    bring(&app, LEDGER).await;
    let lines = json!([
        {"item": "MASK", "quantity": 2, "lot": "Ｐ1", "expires_on": "2027-12-31"},
        {"item": "MASK", "quantity": 4, "lot": "P9", "expires_on": "2027-12-31"},
    ]);
    app.count("t1", "T1-A", lines).await;
    let found = details(&app, "MASK").await;
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!([&found[0]["lot"], &found[0]["details"][1]["asset_number"]], ["Ｐ1", "XF-002"]);
}

async fn words_that_are_no_value_stay_words(app: TestApp) {
    let ledger = LEDGER.replace("3年6个月", "长期").replace("2027年2月", "明年春天");
    let report = bring(&app, &ledger).await;
    assert_eq!([&report["ledger"]["counted"], &report["ledger"]["open"]], [3, 0], "{report}");
    let found = details(&app, "BOOTS").await;
    let expected = json!({
        "specification": "42码", "maker": "某鞋厂", "service_life": "长期", "inspection_due_words": "明年春天"
    });
    assert_eq!(found[0]["details"], json!([expected]));
    let boots = table(&app, "/stock?format=csv&depot=T1-A&item=BOOTS").await;
    assert_eq!(some(&boots, &["使用年限", "下次检验日期"]), [["长期", "明年春天"]]);
    // A bare number has the unit that its header says, or none.
    let bare = LEDGER.replace("10年", "10").replace("2026-11-20", "2026-11-21");
    bring(&app, &bare).await;
    assert_eq!(details(&app, "MASK").await[0]["details"][0]["service_life_months"], 120);
    bring(&app, &bare.replace("使用年限", "使用寿命").replace("2026-11-21", "2026-11-22")).await;
    let found = details(&app, "MASK").await;
    assert_eq!(found[0]["details"][0]["service_life"], "10", "{found}");
    assert_eq!(found[0]["details"][0]["service_life_months"], Value::Null);
}

async fn a_voided_count_has_no_details(app: TestApp) {
    bring(&app, LEDGER).await;
    let counts = get(&app, "/counts?organization=T1").await;
    let id = counts["items"][0]["id"].as_str().unwrap();
    app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 2, "lot": "P1"}])).await;
    assert_eq!(numbers(&app, "MASK").await, ["XF-001", "XF-002"]);
    let void = format!("/api/v1/counts/{id}/void");
    app.post(&void).as_("officer").json(&json!({"reason": "wrong ledger"})).send().await.expect(201);
    assert_eq!(details(&app, "MASK").await, Value::Null);
}

async fn details_are_in_no_figure(app: TestApp) {
    rules::adopt(&app).await;
    let plain = LEDGER.replace("XF-001", "").replace("XF-002", "");
    bring(&app, &plain).await;
    let shortages = get(&app, "/shortages?organization=T1").await;
    bring(&app, LEDGER).await;
    let mut after = get(&app, "/shortages?organization=T1").await;
    for member in ["revision", "known_at"] {
        after[member] = shortages[member].clone();
    }
    assert_eq!(after, shortages);
    assert!(!after.to_string().contains("XF-001"));
}

/// The rows of a table in Chinese, with its header.
async fn table(app: &TestApp, path: &str) -> Vec<Vec<String>> {
    let answer = app.get(&format!("/api/v1{path}")).as_("officer").header("accept-language", "zh-CN").send().await;
    assert_eq!(answer.status, 200, "{path}");
    rows(&answer)
}

async fn ledgers_have_the_details_in_their_columns(app: TestApp) {
    bring(&app, LEDGER).await;
    let heads = ["物资编码", "规格型号", "生产厂家", "资产编号", "使用年限", "下次检验日期"];
    let boots = ["BOOTS", "42码", "某鞋厂", "", "42个月", "2027-02-28"];
    let masks = ["MASK", "4kg", "某消防器材厂", "XF-001；XF-002", "10年", "2027-03-31"];
    let stock = table(&app, "/stock?format=csv&depot=T1-A").await;
    assert_eq!(some(&stock, &heads), [boots, masks]);
    let expiring = table(&app, "/expiring?format=csv&organization=T1&within_days=1000").await;
    assert_eq!(some(&expiring, &heads), [masks]);
    let platform = table(&app, "/stock?format=csv&depot=T1-A&profile=hazchem-enterprise").await;
    assert_eq!(some(&platform, &["WZBH", "WZXH", "SYQY"]), [["BOOTS", "42码", "42"], ["MASK", "4kg", "120"]]);
    let path = "/api/v1/stock?format=xlsx&depot=T1-A&item=MASK";
    let workbook = app.get(path).as_("officer").header("accept-language", "zh-CN").send().await;
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    for word in ["XF-001；XF-002", "某消防器材厂", "10年"] {
        assert!(sheet.contains(word), "{word} in {sheet}");
    }
}

async fn an_item_has_a_specification_of_its_own_where_its_lot_has_none(app: TestApp) {
    let item = json!({"name_en": "Training shoes", "name_zh": "作训鞋", "class": "protection", "unit": "pair", "measured": false,
        "kind": "equipment", "perishable": false, "specification": "GB 21148", "service_life_months": 36});
    let put = app.put_on("/items/SHOES", "officer", &item, None).await.expect(201);
    assert_eq!(
        [&put["stored"]["specification"], &put["stored"]["service_life_months"]],
        [&json!("GB 21148"), &json!(36)]
    );
    let same = app.put_on("/items/SHOES", "officer", &item, None).await.expect(200);
    assert_eq!(same["repeated"], true);
    for (member, value) in [("service_life_months", json!(0)), ("specification", json!("x".repeat(501)))] {
        let mut wrong = item.clone();
        wrong[member] = value;
        let refused = app.put_on("/items/SHOES", "officer", &wrong, None).await;
        assert_eq!(faults(&refused)[0].0, format!("/{member}"));
    }
    app.count("t1", "T1-A", json!([{"item": "SHOES", "quantity": 2}, {"item": "BOOTS", "quantity": 1}])).await;
    let heads = ["物资编码", "规格型号", "使用年限"];
    let told = table(&app, "/stock?format=csv&depot=T1-A").await;
    assert_eq!(some(&told, &heads), [["BOOTS", "", ""], ["SHOES", "GB 21148", "3年"]]);
    let counts = table(&app, "/counts?format=csv&organization=T1").await;
    assert_eq!(some(&counts, &["物资编码", "规格型号"]), [["SHOES", "GB 21148"], ["BOOTS", ""]]);
    bring(&app, &LEDGER.replace("物资BOOTS,42码", "作训鞋,42码").replace("2026-11-20", "2026-11-23")).await;
    let told = table(&app, "/stock?format=csv&depot=T1-A&item=SHOES").await;
    assert_eq!(some(&told, &heads), [["SHOES", "42码", "42个月"]]);
}

async fn specifications_of_items_leave_and_come_back_as_tables(app: TestApp) {
    let import = |text: &str| {
        let body = text.to_owned();
        app.post("/api/v1/import?form=items").as_("officer").body("text/csv", body)
    };
    let table = "物资编码,规格型号,使用年限（月）\nBOOTS,GB 21148,36\n";
    let report = import(table).send().await.expect(200);
    assert_eq!(report["forms"], json!([{"form": "items", "added": 0, "changed": 1, "unchanged": 0}]), "{report}");
    let boots = get(&app, "/items/BOOTS").await;
    assert_eq!([&boots["specification"], &boots["service_life_months"]], [&json!("GB 21148"), &json!(36)]);
    assert_eq!(import(table).send().await.expect(200)["revision"], json!(null));
    // A table without the columns leaves both, and one of years is another.
    import("物资编码,名称\nBOOTS,长靴\n").send().await.expect(200);
    let boots = get(&app, "/items/BOOTS").await;
    assert_eq!(
        [&boots["name_zh"], &boots["specification"], &boots["service_life_months"]],
        [&json!("长靴"), &json!("GB 21148"), &json!(36)]
    );
    let years = import("物资编码,使用年限（年）\nBOOTS,3\n").send().await;
    assert_eq!(faults(&years)[0].1, "column_unknown");
    for language in ["en", "zh-CN"] {
        let path = "/api/v1/export?form=items&format=csv";
        let all = app.get(path).as_("officer").header("accept-language", language).send().await;
        assert_eq!(all.status, 200);
        let text = String::from_utf8(all.body.to_vec()).unwrap();
        assert!(text.contains("GB 21148"), "{text}");
        assert_eq!(import(&text).send().await.expect(200)["revision"], json!(null), "{text}");
    }
}
