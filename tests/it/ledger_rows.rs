//! Ledgers as people keep them: every row is in a count, open until somebody decides, or kept as no item of the catalogue.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::import::{bring, file};

cases![
    every_row_of_a_ledger_is_counted_or_kept,
    the_same_ledger_again_changes_nothing,
    what_a_ledger_says_comes_before_every_later_count,
    a_corrected_ledger_takes_the_place_of_the_one_before,
    equal_rows_are_added_and_none_is_lost,
    a_decision_counts_a_row_and_is_remembered,
    a_row_that_is_no_item_may_become_one,
    a_decision_that_cannot_be_counted_says_what_is_missing,
    open_words_leave_as_a_table_and_come_back_as_answers,
    answers_sent_back_decide_nothing,
    answers_of_the_same_file_are_taken,
    a_row_without_a_depot_waits_for_one,
    a_ledger_without_a_day_or_an_owner_is_refused,
    everybody_brings_ledgers_of_their_own_alone,
    names_and_phones_of_people_are_not_kept,
    counts_by_codes_are_counts_of_whoever_brings_them,
    nobody_counts_for_the_operator,
    a_corrected_ledger_ends_the_open_rows_that_it_replaces,
    what_was_decided_stays_when_the_ledger_comes_again,
    a_row_of_a_voided_count_is_open_again,
    what_contradicts_itself_is_asked,
    rows_without_a_name_answer_for_no_others,
    a_condition_that_cannot_be_read_is_not_passed_over,
    places_and_items_come_before_the_ledgers_that_name_them,
];

const LEDGER: &str = "某旗应急物资台账,,,,,,,,\n\
    盘点日期：2026-11-20,,,,,,,,\n\
    序号,单位名称,库点,物资名称,规格型号,单位,数量,有效期,备注\n\
    1,单位T1,T1库,物资MASK,,个,3个,2027-12-31,\n\
    2,,,物资BOOTS,,双,5,长期,\n\
    3,,,物资SAND,,kg,若干,,\n\
    4,,,卫星便携站,VSAT,台,2,,借自旗里\n\
    5,单位E1,E1库,物资MASK,,个,7,2027-01-31,\n\
    合计,,,,,,17,,\n";

async fn post(app: &TestApp, who: &str, query: &str, ledger: &str) -> crate::app::Answer {
    let path = format!("/api/v1/import?form=ledger{query}");
    app.post(&path).as_(who).body("text/csv", ledger.to_owned()).send().await
}

async fn get(app: &TestApp, path: &str) -> Value {
    app.get(&format!("/api/v1{path}")).as_("officer").send().await.expect(200)
}

async fn stock_of(app: &TestApp, depot: &str, item: &str) -> Value {
    let stock = get(app, &format!("/stock?organization={}", depot.trim_end_matches("-A"))).await;
    let found = stock["items"].as_array().unwrap().iter().find(|one| one["item"]["code"] == item);
    found.map_or(Value::Null, |one| one["stock"].clone())
}

async fn rows(app: &TestApp, query: &str) -> Vec<Value> {
    get(app, &format!("/ledger-rows?limit=500{query}")).await["items"].as_array().unwrap().clone()
}

async fn row_named(app: &TestApp, name: &str) -> Value {
    let all = rows(app, "").await;
    all.into_iter().find(|row| row["text"]["name"] == name).unwrap()
}

async fn decide(app: &TestApp, who: &str, row: &Value, decision: Value) -> crate::app::Answer {
    let path = format!("/api/v1/ledger-rows/{}/decision", row["id"].as_str().unwrap());
    app.put(&path).as_(who).json(&decision).send().await
}

/// The id of an open row of an organization.
pub async fn open_row(app: &TestApp, organization: &str) -> String {
    let ledger = format!("单位名称,物资名称,单位,数量,盘点日期\n{organization},没有的东西,个,2,2026-11-20\n");
    let report = post(app, "officer", "", &ledger).await.expect(200);
    report["ledger"]["questions"][0]["id"].as_str().unwrap().to_owned()
}

async fn every_row_of_a_ledger_is_counted_or_kept(app: TestApp) {
    let dry = post(&app, "officer", "&dry_run=true", LEDGER).await.expect(200);
    assert_eq!((&dry["revision"], &dry["ledger"]["counted"]), (&json!(null), &json!(3)), "{dry}");
    assert!(rows(&app, "").await.is_empty());

    let report = post(&app, "officer", "", LEDGER).await.expect(200);
    let ledger = &report["ledger"];
    assert_eq!([&ledger["counted"], &ledger["open"], &ledger["unlisted"], &ledger["counts"]], [3, 2, 0, 2], "{report}");
    assert_eq!(report["forms"], json!([{"form": "ledger", "added": 5, "changed": 0, "unchanged": 0}]));
    let whys: Vec<&str> =
        ledger["questions"].as_array().unwrap().iter().map(|one| one["why"].as_str().unwrap()).collect();
    assert_eq!(whys, ["quantity", "no_item"]);
    assert!(ledger["questions"][1]["pointer"].as_str().unwrap().ends_with("/7"), "{ledger}");

    let counts = get(&app, "/counts?organization=T1").await;
    let [count] = counts["items"].as_array().unwrap().as_slice() else { panic!("{counts}") };
    assert_eq!(
        [&count["scope"], &count["kind"], &count["flags"]],
        [&json!("listed"), &json!("own"), &json!(["ledger"])]
    );
    assert_eq!(count["effective_at"], "2026-11-19T16:00:00.000000Z");
    assert_eq!(count["counted_by"], "Holder of officer");
    assert_eq!(count["lines"].as_array().unwrap().len(), 2, "{count}");
    assert_eq!(get(&app, "/counts?flag=ledger").await["items"].as_array().unwrap().len(), 2);

    assert_eq!(stock_of(&app, "T1-A", "MASK").await["usable"], json!({"min": 3, "max": 3}));
    // What could not be read is unknown, and never none.
    assert_eq!(stock_of(&app, "T1-A", "SAND").await, Value::Null);
    let open = rows(&app, "&status=open").await;
    assert_eq!(open.len(), 2);
    assert_eq!(rows(&app, "&status=counted&organization=E1").await.len(), 1);
    let odd = row_named(&app, "卫星便携站").await;
    assert_eq!([&odd["status"], &odd["text"]["model"], &odd["count"]], [&json!("open"), &json!(null), &json!(null)]);
    assert_eq!([&odd["text"]["specification"], &odd["text"]["note"]], ["VSAT", "借自旗里"]);
    let one =
        app.get(&format!("/api/v1/ledger-rows/{}", odd["id"].as_str().unwrap())).as_("t1").send().await.expect(200);
    assert_eq!(one, odd);
    let table = app.get("/api/v1/ledger-rows?format=csv&status=open").as_("officer").send().await;
    assert!(String::from_utf8(table.body.to_vec()).unwrap().contains("卫星便携站"));
}

async fn the_same_ledger_again_changes_nothing(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    let again = post(&app, "admin", "", LEDGER).await.expect(200);
    assert_eq!(again["revision"], json!(null), "{again}");
    assert_eq!(again["forms"], json!([{"form": "ledger", "added": 0, "changed": 0, "unchanged": 5}]));
    assert_eq!([&again["ledger"]["counted"], &again["ledger"]["open"], &again["ledger"]["counts"]], [3, 2, 0]);
    assert_eq!(get(&app, "/counts").await["items"].as_array().unwrap().len(), 2);
}

async fn what_a_ledger_says_comes_before_every_later_count(app: TestApp) {
    app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 8, "expires_on": "2028-01-31"}])).await;
    post(&app, "officer", "", LEDGER).await.expect(200);
    assert_eq!(stock_of(&app, "T1-A", "MASK").await["usable"], json!({"min": 8, "max": 8}));
    assert_eq!(stock_of(&app, "T1-A", "BOOTS").await["usable"], json!({"min": 5, "max": 5}));
    let today = LEDGER.replace("2026-11-20", "2026-11-23").replace("3个", "4个");
    post(&app, "officer", "", &today).await.expect(200);
    // It is effective at the beginning of the day on which the count was made.
    assert_eq!(stock_of(&app, "T1-A", "MASK").await["usable"], json!({"min": 8, "max": 8}));
}

async fn a_corrected_ledger_takes_the_place_of_the_one_before(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    let corrected =
        post(&app, "t1", "", &LEDGER.replace("3个", "4个").replace("5,单位E1", "#5,单位E1")).await.expect(200);
    assert_eq!(
        corrected["forms"],
        json!([{"form": "ledger", "added": 1, "changed": 0, "unchanged": 3}]),
        "{corrected}"
    );
    assert_eq!(corrected["ledger"]["counts"], 1);
    assert_eq!(stock_of(&app, "T1-A", "MASK").await["usable"], json!({"min": 4, "max": 4}));
    assert_eq!(stock_of(&app, "T1-A", "MASK").await["state"], "counted");
    // And back again: the first ledger says what it said.
    post(&app, "officer", "", LEDGER).await.expect(200);
    assert_eq!(stock_of(&app, "T1-A", "MASK").await["usable"], json!({"min": 3, "max": 3}));
}

async fn equal_rows_are_added_and_none_is_lost(app: TestApp) {
    let ledger = "单位名称,库点,物资名称,单位,数量,盘点日期\n\
        单位T1,T1库,物资MASK,个,2,2026-11-20\n\
        单位T1,T1库,物资MASK,个,2,2026-11-20\n\
        单位T1,T1库,MASK,个,3,2026-11-20\n";
    let report = post(&app, "officer", "", ledger).await.expect(200);
    assert_eq!([&report["ledger"]["counted"], &report["forms"][0]["added"]], [3, 3], "{report}");
    let stock = stock_of(&app, "T1-A", "MASK").await;
    assert_eq!(stock["counts"][0]["lots"][0]["quantity"], 7, "{stock}");
    let again = post(&app, "officer", "", ledger).await.expect(200);
    assert_eq!(again["revision"], json!(null));
    // One row less is another ledger.
    let less: String = ledger.lines().take(3).map(|line| format!("{line}\n")).collect();
    let report = post(&app, "officer", "", &less).await.expect(200);
    assert_eq!(report["ledger"]["counts"], 1, "{report}");
    assert_eq!(stock_of(&app, "T1-A", "MASK").await["counts"][0]["lots"][0]["quantity"], 4);
}

async fn a_decision_counts_a_row_and_is_remembered(app: TestApp) {
    let both = LEDGER.replace("5,单位E1,E1库,物资MASK,,个,7,2027-01-31,", "5,单位E1,E1库,卫星便携站,VSAT,台,9,,");
    post(&app, "officer", "", &both).await.expect(200);
    let odd: Vec<Value> =
        rows(&app, "&status=open").await.into_iter().filter(|row| row["text"]["name"] == "卫星便携站").collect();
    let of_t1 = odd.iter().find(|row| row["organization"]["code"] == "T1").unwrap();
    let done = decide(&app, "officer", of_t1, json!({"item": "MASK", "factor": 1})).await.expect(200);
    assert_eq!(
        [&done["stored"]["status"], &done["stored"]["item"], &done["repeated"]],
        [&json!("counted"), &json!("MASK"), &json!(false)]
    );
    assert_eq!(done["stored"]["decided_by"], "Holder of officer");
    let again = decide(&app, "officer", of_t1, json!({"item": "MASK", "factor": 1})).await.expect(200);
    assert_eq!(again["repeated"], true);
    // Beside what the ledger said of the item before.
    let lots = stock_of(&app, "T1-A", "MASK").await["counts"][0]["lots"].clone();
    let all: i64 = lots.as_array().unwrap().iter().map(|lot| lot["quantity"].as_i64().unwrap()).sum();
    assert_eq!(all, 5, "{lots}");
    // The same words of another organization of the region mean the same.
    assert_eq!(rows(&app, "&status=open&organization=E1").await, Vec::<Value>::new());
    assert_eq!(stock_of(&app, "E1-A", "MASK").await["counts"][0]["lots"][0]["quantity"], 9);
    assert!(
        decide(&app, "officer", of_t1, json!({"item": "BOOTS"}))
            .await
            .expect(409)
            .to_string()
            .contains("ledger_row_counted")
    );
    // The same ledger again finds every row in its place, and later ledgers need no question.
    let again = post(&app, "officer", "", &both).await.expect(200);
    assert_eq!(again["revision"], json!(null), "{again}");
    let later = post(&app, "officer", "", &both.replace("2026-11-20", "2026-11-21")).await.expect(200);
    assert_eq!([&later["ledger"]["counted"], &later["ledger"]["open"]], [4, 1], "{later}");
}

async fn a_row_that_is_no_item_may_become_one(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    let odd = row_named(&app, "卫星便携站").await;
    let none = decide(&app, "officer", &odd, json!({"item": null, "reason": "not asked for"})).await.expect(200);
    assert_eq!([&none["stored"]["status"], &none["stored"]["reason"]], ["unlisted", "not asked for"]);
    let again = post(&app, "officer", "", LEDGER).await.expect(200);
    assert_eq!([&again["ledger"]["open"], &again["ledger"]["unlisted"]], [1, 1], "{again}");
    let item = json!({"name_en": "VSAT", "name_zh": "卫星站", "class": "protection", "unit": "set", "measured": false,
        "kind": "equipment", "perishable": false});
    app.put_on("/items/VSAT", "officer", &item, None).await.expect(201);
    let done = decide(&app, "officer", &odd, json!({"item": "VSAT", "quantity": 2})).await.expect(200);
    assert_eq!([&done["stored"]["status"], &done["stored"]["item"]], ["counted", "VSAT"]);
    assert_eq!(stock_of(&app, "T1-A", "VSAT").await["usable"], json!({"min": 2, "max": 2}));
}

async fn a_decision_that_cannot_be_counted_says_what_is_missing(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    let some = row_named(&app, "物资SAND").await;
    assert!(
        decide(&app, "officer", &some, json!({"item": "SAND"}))
            .await
            .expect(422)
            .to_string()
            .contains("ledger_row_open")
    );
    assert!(
        decide(&app, "officer", &some, json!({"item": "NOPE", "quantity": 1}))
            .await
            .expect(422)
            .to_string()
            .contains("item_unknown")
    );
    assert!(
        decide(&app, "officer", &some, json!({"item": "SAND", "quantity": -1}))
            .await
            .expect(422)
            .to_string()
            .contains("negative")
    );
    assert!(
        decide(&app, "officer", &some, json!({"item": "SAND", "factor": 0}))
            .await
            .expect(422)
            .to_string()
            .contains("factor")
    );
    assert!(
        decide(&app, "e1", &some, json!({"item": "SAND", "quantity": 1}))
            .await
            .expect(404)
            .to_string()
            .contains("not_found")
    );
    decide(&app, "viewer", &some, json!({"item": "SAND", "quantity": 1})).await.expect(403);
    let done =
        decide(&app, "t1", &some, json!({"item": "SAND", "quantity": 2.5, "reason": "weighed"})).await.expect(200);
    assert_eq!(done["stored"]["status"], "counted");
    assert_eq!(stock_of(&app, "T1-A", "SAND").await["usable"], json!({"min": 2.5, "max": 2.5}));
}

async fn open_words_leave_as_a_table_and_come_back_as_answers(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    let table = app.get("/api/v1/export?form=item_answers&format=csv").as_("officer").send().await;
    let table = String::from_utf8(table.body.to_vec()).unwrap();
    let line = table.lines().find(|line| line.contains("卫星便携站")).unwrap();
    assert_eq!(line, "159900,卫星便携站,VSAT,台,,,");
    // As it is, it answers nothing.
    let blank = app.post("/api/v1/import").as_("officer").body("text/csv", table.clone()).send().await.expect(200);
    assert_eq!(blank["revision"], json!(null), "{blank}");
    let filled = table.replace(line, "159900,卫星便携站,VSAT,台,MASK,2,");
    let done = app.post("/api/v1/import").as_("officer").body("text/csv", filled.clone()).send().await.expect(200);
    assert_eq!(done["forms"], json!([{"form": "item_answers", "added": 1, "changed": 0, "unchanged": 0}]), "{done}");
    let odd = row_named(&app, "卫星便携站").await;
    assert_eq!([&odd["status"], &odd["item"]], ["counted", "MASK"]);
    let lots = stock_of(&app, "T1-A", "MASK").await["counts"][0]["lots"].clone();
    let all: i64 = lots.as_array().unwrap().iter().map(|lot| lot["quantity"].as_i64().unwrap()).sum();
    assert_eq!(all, 7, "{lots}");
    let again = app.post("/api/v1/import").as_("officer").body("text/csv", filled).send().await.expect(200);
    assert_eq!(again["revision"], json!(null), "{again}");
    let forbidden = "台账名称,台账规格型号,台账单位,物资编码\n卫星便携站,VSAT,台,BOOTS\n";
    let refused = app.post("/api/v1/import").as_("t1").body("text/csv", forbidden).send().await;
    assert!(refused.expect(422).to_string().contains("region"), "{}", refused.json());
}

async fn answers_sent_back_decide_nothing(app: TestApp) {
    for organization in ["T1", "T2"] {
        let ledger = format!("单位名称,物资名称,单位,数量,盘点日期\n{organization},没有的东西,个,2,2026-11-20\n");
        post(&app, "officer", "", &ledger).await.expect(200);
    }
    let row = row_named(&app, "没有的东西").await;
    decide(&app, "officer", &row, json!({"item": null, "reason": "asked the maker"})).await.expect(200);
    let before = rows(&app, "").await;
    assert!(before.iter().all(|row| row["status"] == "unlisted"), "{before:?}");
    for who in ["t1", "officer"] {
        let table = app.get("/api/v1/export?form=item_answers&format=csv").as_(who).send().await;
        assert_eq!(table.status, 200, "{table:?}");
        let table = String::from_utf8(table.body.to_vec()).unwrap();
        let sent = app.post("/api/v1/import?form=item_answers").as_(who).body("text/csv", table).send().await;
        assert_eq!(sent.expect(200)["revision"], json!(null), "{who}: {sent:?}");
    }
    assert_eq!(rows(&app, "").await, before);
}

async fn answers_of_the_same_file_are_taken(app: TestApp) {
    let answers = "台账名称,台账规格型号,台账单位,物资编码,换算系数\n卫星便携站,VSAT,台,MASK,1\n";
    let book = crate::import::workbook(&[
        (
            "台账用语对应",
            &answers
                .lines()
                .map(|line| line.split(',').collect::<Vec<_>>())
                .collect::<Vec<_>>()
                .iter()
                .map(Vec::as_slice)
                .collect::<Vec<_>>(),
        ),
        (
            "应急物资台账",
            &LEDGER
                .lines()
                .map(|line| line.split(',').collect::<Vec<_>>())
                .collect::<Vec<_>>()
                .iter()
                .map(Vec::as_slice)
                .collect::<Vec<_>>(),
        ),
    ]);
    let sent = app.post("/api/v1/import").as_("officer").body(crate::import::WORKBOOK, book).send().await.expect(200);
    assert_eq!([&sent["ledger"]["counted"], &sent["ledger"]["open"]], [4, 1], "{sent}");
}

async fn a_row_without_a_depot_waits_for_one(app: TestApp) {
    let depot = json!({"organization": "T1", "name_en": "Second", "name_zh": "二号库", "holding": "physical", "valid_from": "2026-01-01"});
    app.put_on("/depots/T1-B", "officer", &depot, None).await.expect(201);
    let ledger = "单位名称,存放地点,物资名称,单位,数量,盘点日期\n单位T1,三楼,物资MASK,个,2,2026-11-20\n单位T1,二号库,物资MASK,个,5,2026-11-20\n";
    let report = post(&app, "officer", "", ledger).await.expect(200);
    assert_eq!([&report["ledger"]["counted"], &report["ledger"]["open"]], [1, 1], "{report}");
    let open = rows(&app, "&status=open").await;
    assert_eq!(
        [&open[0]["why"], &open[0]["depot"], &open[0]["text"]["place"]],
        [&json!("depot"), &json!(null), &json!("三楼")]
    );
    assert!(
        decide(&app, "officer", &open[0], json!({"item": "MASK"})).await.expect(422).to_string().contains("/depot")
    );
    assert!(
        decide(&app, "officer", &open[0], json!({"item": "MASK", "depot": "E1-A"}))
            .await
            .expect(422)
            .to_string()
            .contains("depot_unknown")
    );
    let done = decide(&app, "officer", &open[0], json!({"item": "MASK", "depot": "T1-A"})).await.expect(200);
    assert_eq!(done["stored"]["status"], "counted");
    // In an organization with one depot the words tell a place in it.
    let ledger = "单位名称,存放地点,物资名称,单位,数量,盘点日期\n单位E1,三楼,物资MASK,个,2,2026-11-20\n";
    post(&app, "officer", "", ledger).await.expect(200);
    let count = get(&app, "/counts?organization=E1").await["items"][0].clone();
    assert_eq!(count["lines"][0]["place"], "三楼", "{count}");
}

async fn a_ledger_without_a_day_or_an_owner_is_refused(app: TestApp) {
    let ancient = post(&app, "officer", "&counted_on=0001-01-01", "单位名称,物资名称,数量\nT1,没有的东西,2\n").await;
    assert!(ancient.expect(422).to_string().contains("out_of_range"), "{ancient:?}");
    let undated = LEDGER.replace("盘点日期：2026-11-20", "内部资料");
    assert!(post(&app, "officer", "", &undated).await.expect(422).to_string().contains("ledger_day_missing"));
    assert_eq!(rows(&app, "").await, Vec::<Value>::new());
    post(&app, "officer", "&counted_on=2026-11-19", &undated).await.expect(200);
    let ahead = LEDGER.replace("2026-11-20", "2026-12-20");
    assert!(post(&app, "officer", "", &ahead).await.expect(422).to_string().contains("counted_ahead"));
    let unknown = LEDGER.replace("单位E1", "别的单位");
    assert!(post(&app, "officer", "", &unknown).await.expect(422).to_string().contains("organization_unknown"));
    let nameless = "物资名称,单位,数量,盘点日期\n物资MASK,个,2,2026-11-20\n";
    assert!(post(&app, "officer", "", nameless).await.expect(422).to_string().contains("missing_field"));
    post(&app, "officer", "&organization=T2", nameless).await.expect(200);
    assert_eq!(stock_of(&app, "T2-A", "MASK").await["counts"][0]["lots"][0]["quantity"], 2);
    let before = "单位名称,物资名称,单位,数量,盘点日期\n单位T2,物资MASK,个,2,2025-11-20\n";
    assert!(post(&app, "officer", "", before).await.expect(422).to_string().contains("depot_closed"));
}

async fn everybody_brings_ledgers_of_their_own_alone(app: TestApp) {
    let own = "物资名称,单位,数量,盘点日期\n物资MASK,个,2,2026-11-20\n";
    let report = post(&app, "t2", "", own).await.expect(200);
    assert_eq!(report["ledger"]["counted"], 1, "{report}");
    assert!(post(&app, "t2", "", LEDGER).await.expect(422).to_string().contains("organization_unknown"));
    let named = post(&app, "t2", "&organization=T1", own).await.expect(422).to_string();
    assert!(named.contains("organization_unknown"), "{named}");
    post(&app, "t2", "&organization=T2&depot=T2-A", own).await.expect(200);
    let viewer = post(&app, "viewer", "", own).await;
    viewer.expect(403);
    let seen = app.get("/api/v1/ledger-rows").as_("t1").send().await.expect(200);
    assert_eq!(seen["items"], json!([]));
}

async fn names_and_phones_of_people_are_not_kept(app: TestApp) {
    let ledger = "单位名称,库点,物资名称,单位,数量,保管人,联系电话,盘点日期\n单位T1,T1库,物资MASK,个,2,张三丰,13900000001,2026-11-20\n";
    post(&app, "officer", "", ledger).await.expect(200);
    let kept = get(&app, "/ledger-rows").await.to_string() + &get(&app, "/counts").await.to_string();
    assert!(!kept.contains("张三丰") && !kept.contains("13900000001"), "{kept}");
}

async fn counts_by_codes_are_counts_of_whoever_brings_them(app: TestApp) {
    let list = "库点编码,物资编码,数量,盘点日期,有效期至,状态\nT1-A,MASK,4,2026-11-22,2027-03-31,完好\nT1-A,BOOTS,6,2026-11-22,,\n";
    let send =
        |who: &'static str, list: String| app.post("/api/v1/import?form=counts").as_(who).body("text/csv", list).send();
    let report = send("t1", list.to_owned()).await.expect(200);
    assert_eq!(report["forms"], json!([{"form": "counts", "added": 2, "changed": 0, "unchanged": 0}]), "{report}");
    let count = get(&app, "/counts?organization=T1").await["items"][0].clone();
    assert_eq!(
        [&count["kind"], &count["scope"], &count["effective_at"]],
        ["own", "listed", "2026-11-21T16:00:00.000000Z"]
    );
    assert_eq!(count["flags"], json!([]));
    assert_eq!(send("t1", list.to_owned()).await.expect(200)["revision"], json!(null));
    // Corrected, and back again: the last one sent holds.
    for (quantity, outcome) in [("5", "added"), ("4", "added"), ("4", "unchanged")] {
        let report = send("t1", list.replace("MASK,4", &format!("MASK,{quantity}"))).await.expect(200);
        assert_eq!(report["forms"][0][outcome], 2, "{report}");
        let stock = stock_of(&app, "T1-A", "MASK").await;
        assert_eq!(stock["usable"]["min"].to_string(), quantity, "{stock}");
    }
    let inspected = send("officer", list.to_owned()).await.expect(200);
    assert_eq!(inspected["forms"][0]["added"], 2);
    assert_eq!(get(&app, "/counts?kind=inspection").await["items"].as_array().unwrap().len(), 1);
    let bad = list.replace("MASK,4", "MASK,4.5").replace("BOOTS", "NOPE");
    let refused = send("t1", bad).await.expect(422).to_string();
    assert!(refused.contains("not_whole") && refused.contains("item_unknown"), "{refused}");
    assert!(send("t1", list.replace("T1-A", "E1-A")).await.expect(422).to_string().contains("depot_unknown"));
    assert!(
        send("t1", list.replace("2026-11-22", "2026-11-24")).await.expect(422).to_string().contains("counted_ahead")
    );
}

async fn nobody_counts_for_the_operator(app: TestApp) {
    let report = bring(&app.db, vec![file("应急物资台账.csv", LEDGER)]).await;
    let codes: Vec<&str> = report.findings.faults().iter().map(|fault| fault.code).collect();
    assert_eq!(codes, ["author_missing"]);
}

async fn a_corrected_ledger_ends_the_open_rows_that_it_replaces(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    post(&app, "officer", "", &LEDGER.replace("VSAT,台,2", "VSAT,台,4")).await.expect(200);
    let odd: Vec<Value> = rows(&app, "").await.into_iter().filter(|row| row["text"]["name"] == "卫星便携站").collect();
    let of = |status: &str| odd.iter().filter(|row| row["status"] == status).collect::<Vec<_>>();
    assert_eq!([of("replaced").len(), of("open").len()], [1, 1], "{odd:?}");
    assert_eq!(rows(&app, "&status=replaced").await.len(), 1);
    let old = decide(&app, "officer", of("replaced")[0], json!({"item": "MASK", "quantity": 2})).await;
    assert_eq!(old.problem(409), "ledger_row_counted");
    decide(&app, "officer", of("open")[0], json!({"item": "BOOTS", "factor": 1})).await.expect(200);
    // Four, and not six; with the five that the ledger had.
    assert_eq!(stock_of(&app, "T1-A", "BOOTS").await["usable"], json!({"min": 9, "max": 9}));
    // The first ledger again is what holds.
    let back = post(&app, "officer", "", LEDGER).await.expect(200);
    assert_eq!(back["ledger"]["open"], 1, "{back}");
    assert_eq!(stock_of(&app, "T1-A", "BOOTS").await["usable"], json!({"min": 7, "max": 7}));
}

async fn what_was_decided_stays_when_the_ledger_comes_again(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    let (odd, some) = (row_named(&app, "卫星便携站").await, row_named(&app, "物资SAND").await);
    decide(&app, "t1", &odd, json!({"item": "BOOTS", "quantity": 2})).await.expect(200);
    decide(&app, "officer", &some, json!({"item": "SAND", "quantity": 30, "remember": false})).await.expect(200);
    let boots = || stock_of(&app, "T1-A", "BOOTS");
    assert_eq!(boots().await["usable"], json!({"min": 7, "max": 7}));
    let again = post(&app, "officer", "", LEDGER).await.expect(200);
    assert_eq!(again["revision"], json!(null), "{again}");
    assert_eq!(again["ledger"]["counted"], 5, "{again}");
    assert_eq!(boots().await["usable"], json!({"min": 7, "max": 7}));
    // With one row changed the others keep what was decided.
    post(&app, "officer", "", &LEDGER.replace("物资BOOTS,,双,5", "物资BOOTS,,双,6")).await.expect(200);
    assert_eq!(boots().await["usable"], json!({"min": 8, "max": 8}));
    let other = decide(&app, "officer", &odd, json!({"item": "BOOTS", "quantity": 20})).await;
    assert_eq!(other.problem(409), "ledger_row_counted");
}

async fn a_row_of_a_voided_count_is_open_again(app: TestApp) {
    post(&app, "officer", "", LEDGER).await.expect(200);
    let boots = row_named(&app, "物资BOOTS").await;
    let count = boots["count"].as_str().unwrap().to_owned();
    app.post(&format!("/api/v1/counts/{count}/void"))
        .as_("officer")
        .json(&json!({"reason": "another's"}))
        .send()
        .await
        .expect(201);
    let open = row_named(&app, "物资BOOTS").await;
    assert_eq!([&open["status"], &open["count"]], [&json!("open"), &json!(null)]);
    assert_eq!(stock_of(&app, "T1-A", "BOOTS").await, Value::Null);
    decide(&app, "officer", &open, json!({"item": "MASK", "quantity": 5, "remember": false})).await.expect(200);
    let again = post(&app, "officer", "", LEDGER).await.expect(200);
    assert_eq!(again["ledger"]["counted"], 3, "{again}");
    let lots = stock_of(&app, "T1-A", "MASK").await["counts"][0]["lots"].clone();
    let all: i64 = lots.as_array().unwrap().iter().map(|lot| lot["quantity"].as_i64().unwrap()).sum();
    assert_eq!(all, 8, "{lots}");
}

async fn what_contradicts_itself_is_asked(app: TestApp) {
    let ledger = "单位名称,库点,物资名称,单位,数量,盘点日期\n单位T1,E1-A,物资MASK,个,2,2026-11-20\n单位T1,T1库,物资MASK,箱,3个,2026-11-20\n";
    let report = post(&app, "officer", "", ledger).await.expect(200);
    let whys: Vec<&str> =
        report["ledger"]["questions"].as_array().unwrap().iter().map(|one| one["why"].as_str().unwrap()).collect();
    assert_eq!(whys, ["depot", "unit"], "{report}");
    let row = rows(&app, "&why=unit").await.remove(0);
    decide(&app, "officer", &row, json!({})).await.expect(422);
    decide(&app, "officer", &row, json!({"item": "MASK", "quantity": 3})).await.expect(200);
}

async fn rows_without_a_name_answer_for_no_others(app: TestApp) {
    let ledger =
        "单位名称,物资编码,物资名称,单位,数量,盘点日期\n单位T1,X-1,,个,2,2026-11-20\n单位T1,X-2,,个,3,2026-11-20\n";
    let report = post(&app, "officer", "", ledger).await.expect(200);
    assert_eq!(report["ledger"]["open"], 2, "{report}");
    let open = rows(&app, "&status=open").await;
    let one = open.iter().find(|row| row["text"]["item"] == "X-1").unwrap();
    decide(&app, "officer", one, json!({"item": "MASK", "quantity": 2})).await.expect(200);
    assert_eq!(rows(&app, "&status=open").await.len(), 1);
}

async fn a_condition_that_cannot_be_read_is_not_passed_over(app: TestApp) {
    let ledger = "单位名称,物资名称,单位,数量,状态,盘点日期\n单位T1,物资BOOTS,双,2,半新不旧看情况,2026-11-20\n";
    let report = post(&app, "officer", "", ledger).await.expect(200);
    assert_eq!(report["ledger"]["questions"][0]["why"], "condition", "{report}");
    let row = row_named(&app, "物资BOOTS").await;
    let stated = decide(&app, "officer", &row, json!({"item": "BOOTS", "quantity": 2})).await.expect(422).to_string();
    assert!(stated.contains("ledger_row_open"), "{stated}");
    assert_eq!(stock_of(&app, "T1-A", "BOOTS").await, Value::Null);
}

async fn places_and_items_come_before_the_ledgers_that_name_them(app: TestApp) {
    let depots: &[&[&str]] = &[&["编码", "名称", "单位"], &["T1-N", "新库", "T1"]];
    let ledger: &[&[&str]] = &[
        &["单位名称", "库点", "物资名称", "单位", "数量", "盘点日期"],
        &["单位T1", "新库", "物资MASK", "个", "2", "2026/11/23"],
    ];
    let book = crate::import::workbook(&[("库点", depots), ("应急物资台账", ledger)]);
    let send = |query: &str| {
        let path = format!("/api/v1/import{query}");
        app.post(&path).as_("officer").body(crate::import::WORKBOOK, book.clone()).send()
    };
    for query in ["?dry_run=true", ""] {
        let refused = send(query).await.expect(422).to_string();
        assert!(refused.contains("reference_data_first"), "{refused}");
    }
    let alone = crate::import::workbook(&[("库点", depots)]);
    app.post("/api/v1/import").as_("officer").body(crate::import::WORKBOOK, alone).send().await.expect(200);
    assert_eq!(send("").await.expect(200)["ledger"]["counted"], 1);
}
