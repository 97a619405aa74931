//! Rows that say only what changes of a thing, and things with one name.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::regions::places;
use crate::rules;

cases![
    a_row_says_only_what_changes,
    a_rule_and_a_standard_change_in_one_column,
    the_quantity_of_a_rule_changes_in_columns,
    a_new_thing_needs_all_its_columns,
    one_name_is_enough_by_every_way,
    a_name_that_was_the_same_follows_the_other,
];

impl TestApp {
    async fn bring_table(&self, form: &str, table: &str) -> Value {
        self.import_parity(form, "admin", table, false).await.expect(200)
    }
}

/// The fields of a thing that differ from what they were.
fn changed(before: &Value, after: &Value) -> Vec<String> {
    let fields = after.as_object().unwrap().iter().filter(|(field, value)| before[*field] != **value);
    fields.map(|(field, _)| field.clone()).collect()
}

async fn a_row_says_only_what_changes(app: TestApp) {
    rules::adopt(&app).await;
    let position = json!({"organization": "T1", "name_en": "North", "name_zh": "北", "holding": "agreement",
        "position": {"lat": 41.5, "lon": 113.25}, "keeper": "Li"});
    app.put_parity("/depots/T1-A", "officer", &position).await.expect(200);
    for (form, path, table, fields) in [
        ("regions", "/regions/159900", "code,validity_days\n159900,60\n", &["validity_days"][..]),
        ("item_classes", "/item-classes/protection", "code,name_en\nprotection,Gear\n", &["name", "name_en"]),
        ("items", "/items/BOOTS", "code,name_zh\nBOOTS,靴\n", &["name_zh"]),
        ("items", "/items/BOOTS", "code,packs\nBOOTS,box=6\n", &["packs"]),
        ("items", "/items/BOOTS", "code,kind\nBOOTS,material\n", &["kind"]),
        ("items", "/items/BOOTS", "物资编码,停用\nBOOTS,是\n", &["retired"]),
        ("dictionary", "/facts/people", "key,definition_zh\npeople,人数。\n", &["definition_zh"]),
        ("organizations", "/organizations/E1", "code,sector\nE1,metallurgy\n", &["sector"]),
        ("organizations", "/organizations/E1", "code,active\nE1,no\n", &["active"]),
        ("depots", "/depots/T1-A", "code,keeper\nT1-A,Wang\n", &["keeper"]),
        // An empty cell says "none", and a column that is not there nothing.
        ("depots", "/depots/T1-A", "code,keeper\nT1-A,\n", &["keeper"]),
        ("depots", "/depots/T1-A", "code,open\nT1-A,no\n", &["open"]),
    ] {
        let before = app.read(path).await;
        let done = app.bring_table(form, table).await;
        assert_eq!(done["forms"][0]["changed"], 1, "{table}: {done}");
        assert_eq!(changed(&before, &app.read(path).await), fields, "{table}");
        assert_eq!(app.bring_table(form, table).await["revision"], Value::Null, "{table}");
    }
    // A row with nothing but its key says nothing.
    assert_eq!(app.bring_table("items", "code\nMASK\n").await["forms"][0]["unchanged"], 1);
    // What every row of a form is about is needed in any case.
    let told = app.import_parity("adoptions", "admin", "region,standard\n159900,STD\n", false).await;
    assert_eq!(places(&told), ["/t.csv/1 column_missing"]);
    let told = app.import_parity("items", "admin", "name_zh,class\n靴,protection\n", false).await;
    assert_eq!(places(&told), ["/t.csv/1 column_missing"]);
}

async fn a_rule_and_a_standard_change_in_one_column(app: TestApp) {
    rules::adopt(&app).await;
    let rule = async |code: &str| app.read(&format!("/rules/{code}")).await["rule"].clone();
    let before = rule("B1").await;
    app.bring_table("rules", "code,standard,strength\nB1,STD,recommended\n").await;
    assert_eq!(changed(&before, &rule("B1").await), ["strength"]);
    // Of a rate each part stands by itself.
    app.bring_table("rules", "code,standard,n\nB1,STD,3\n").await;
    let mut expected = before["quantity"].clone();
    expected["rate"]["n"] = json!(3);
    assert_eq!(rule("B1").await["quantity"], expected);
    app.bring_table("rules", "code,standard,spare\nB1,STD,\n").await;
    assert_eq!(rule("B1").await["quantity"]["rate"]["n"], 3);
    assert!(rule("B1").await["quantity"]["rate"]["spare"].is_null());
    let before = app.read("/standards/STD").await;
    app.bring_table("standards", "code,in_force_from\nSTD,2020-01-01\n").await;
    let after = app.read("/standards/STD").await;
    assert_eq!((&after["status"], &after["title_zh"]), (&before["status"], &before["title_zh"]));
    let told = app.import_parity("rules", "admin", "code,standard,n\nZ9,STD,3\n", false).await;
    let missing = places(&told);
    assert!(missing.len() >= 7 && missing.iter().all(|place| place == "/t.csv/2 column_missing"), "{missing:?}");
}

async fn the_quantity_of_a_rule_changes_in_columns(app: TestApp) {
    rules::adopt(&app).await;
    let quantity = async |code: &str| app.read(&format!("/rules/{code}")).await["rule"]["quantity"].clone();
    // Another form, with all its numbers.
    let band = "code,standard,quantity,of,rows\nB1,STD,分档,people,-30：2；30-：4\n";
    app.bring_table("rules", band).await;
    let rows = json!([{"below": 30, "n": 2}, {"from": 30, "n": 4}]);
    assert_eq!(quantity("B1").await, json!({"band": {"of": "people", "rows": rows}}));
    // Of the same form a part.
    app.bring_table("rules", "code,standard,quantity,rows\nB1,STD,band,-30: 2; 30-: 5\n").await;
    assert_eq!(quantity("B1").await["band"]["rows"][1]["n"], 5);
    // A number alone would make a rate of it.
    let number = app.import_parity("rules", "admin", "code,standard,n\nB1,STD,3\n", false).await;
    assert_eq!(places(&number), ["/t.csv/2 column_missing"]);
    let step = app.import_parity("rules", "admin", "code,standard,quantity,n\nB1,STD,step,3\n", false).await;
    assert_eq!(places(&step), ["/t.csv/2 column_missing"; 4]);
    let strange = "code,standard,quantity,of,rows,n\nB1,STD,band,people,30: 2,4\n";
    let strange = app.import_parity("rules", "admin", strange, false).await;
    assert_eq!(places(&strange), ["/t.csv/2/n number_not_asked", "/t.csv/2/rows list_not_read"]);
    // A choice of items instead of one, and nothing else.
    let before = app.read("/rules/B1").await["rule"].clone();
    app.bring_table("rules", "code,standard,any_of\nB1,STD,BOOTS | MASK*0.5\n").await;
    let after = app.read("/rules/B1").await["rule"].clone();
    assert_eq!(changed(&before, &after), ["selector"]);
    assert_eq!(after["selector"], json!({"any_of": [{"item": "BOOTS"}, {"item": "MASK", "factor": 0.5}]}));
}

async fn a_new_thing_needs_all_its_columns(app: TestApp) {
    let told = app.import_parity("items", "admin", "code,name_zh\nBOOTS,靴\nN1,甲\nN2,乙\n", false).await;
    assert_eq!(places(&told), ["/t.csv/3 column_missing"; 3]);
    let problem = told.json();
    let details = problem["errors"].as_array().unwrap().iter().map(|error| error["detail"].as_str().unwrap());
    for (detail, column) in details.zip(["class", "unit", "kind"]) {
        assert!(detail.contains(column) && detail.contains("3–4"), "{detail}");
    }
    assert_eq!(app.read("/items/BOOTS").await["name_zh"], "物资BOOTS", "all or nothing");
    for (form, table, groups) in [
        ("regions", "code,validity_days\n159905,60\n", 1),
        ("organizations", "code,sector\nE9,metallurgy\n", 3),
        ("depots", "code,keeper\nD9,Li\n", 2),
        ("dictionary", "key,unit\ndeep,m\n", 3),
        ("standards", "code,note\nS9,x\n", 3),
    ] {
        let told = places(&app.import_parity(form, "admin", table, false).await);
        assert_eq!(told, vec!["/t.csv/2 column_missing"; groups], "{form}");
    }
}

async fn one_name_is_enough_by_every_way(app: TestApp) {
    let body = |names: Value| {
        let mut body = json!({"region": "159900", "kind": "enterprise"});
        body.as_object_mut().unwrap().extend(names.as_object().unwrap().clone());
        body
    };
    for (code, names, en, zh) in [
        ("N1", json!({"name_zh": "甲"}), "甲", "甲"),
        ("N2", json!({"name_en": "", "name_zh": "甲"}), "甲", "甲"),
        ("N3", json!({"name_en": " ", "name_zh": "甲"}), "甲", "甲"),
        ("N4", json!({"name_en": "A"}), "A", "A"),
        ("N5", json!({"name_en": "A", "name_zh": "甲"}), "A", "甲"),
    ] {
        let path = format!("/organizations/{code}");
        let stored = app.put_on(&path, "officer", &body(names.clone()), None).await.expect(201)["stored"].clone();
        assert_eq!((&stored["name_en"], &stored["name_zh"]), (&json!(en), &json!(zh)), "{names}");
        // The same by a table changes nothing.
        let cell = |name: &str| names[name].as_str().unwrap_or_default().to_owned();
        let (name_en, name_zh) = (cell("name_en"), cell("name_zh"));
        let table = format!("code,region,kind,name_en,name_zh\n{code},159900,enterprise,{name_en},{name_zh}\n");
        assert_eq!(app.bring_table("organizations", &table).await["revision"], Value::Null, "{names}");
    }
    for names in [json!({}), json!({"name_en": "", "name_zh": " "})] {
        let refused = app.put_on("/organizations/N9", "officer", &body(names), None).await;
        assert_eq!(places(&refused), ["/name_zh missing_field"]);
    }
    let table = "code,region,kind,name_en,name_zh\nN9,159900,enterprise, ,\n";
    let told = app.import_parity("organizations", "admin", table, false).await;
    assert_eq!(places(&told), ["/t.csv/2/name_zh missing_field"]);
}

async fn a_name_that_was_the_same_follows_the_other(app: TestApp) {
    app.bring_table("items", "code,name,class,unit,kind\nROPE,绳,protection,m,equipment\n").await;
    assert_eq!(app.read("/items/ROPE").await["name_en"], "绳");
    app.bring_table("items", "code,name\nROPE,绳索\n").await;
    assert_eq!(app.read("/items/ROPE").await["name_en"], "绳索");
    app.bring_table("items", "code,name_en\nROPE,Rope\n").await;
    assert_eq!(app.read("/items/ROPE").await["name_zh"], "Rope", "there was one name");
    app.bring_table("items", "code,name_en,name_zh\nROPE,Rope,绳\n").await;
    app.bring_table("items", "code,name_zh\nROPE,绳索\n").await;
    assert_eq!(app.read("/items/ROPE").await["name_en"], "Rope", "there are two");
}
