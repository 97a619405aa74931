//! Maintaining and searching the catalogue.

use domain::item::ItemVersion;
use domain::search::{Fit, Search};
use pinyin::ToPinyinMulti as _;
use proptest::prelude::*;
use reference::Reference;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::{NoDatabase, cases};
use crate::regions::places;
use crate::rules;
use crate::seed;

cases![
    an_item_is_made_changed_and_retired,
    what_cannot_be_an_item_is_refused_with_its_place,
    a_barcode_is_of_one_item_at_a_time,
    items_are_found_by_what_people_type,
    a_scan_names_the_item_with_lot_and_expiry,
    every_list_is_searched_alike,
    pages_of_a_search_follow_each_other,
    a_retired_item_is_still_counted_and_its_past_stays,
    any_item_of_the_catalogue_is_found_by_each_of_its_own_keys,
];

fn suit() -> Value {
    json!({
        "unit": "set", "measured": false, "name_en": "Chemical suit", "name_zh": "化学防护服", "class": "protection",
        "kind": "equipment", "perishable": false, "packs": [{"name": "box", "size": 10}], "barcodes": ["6901234567892"]
    })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = suit();
    body[name] = value;
    body
}

async fn an_item_is_made_changed_and_retired(app: TestApp) {
    let made = app.put_on("/items/SUIT", "officer", &suit(), None).await;
    assert_eq!(made.expect(201)["stored"]["barcodes"], json!(["6901234567892"]));
    assert_eq!(app.put_on("/items/SUIT", "officer", &suit(), None).await.expect(200)["repeated"], true);
    let renamed = with("name_en", json!("Chemical suit, class 2"));
    assert_eq!(app.put_on("/items/SUIT", "officer", &renamed, None).await.problem(428), "if_match_missing");
    let tag = app.tag("/items/SUIT", "officer").await;
    app.put_on("/items/SUIT", "officer", &renamed, Some(&tag)).await.expect(200);
    assert_eq!(app.put_on("/items/SUIT", "officer", &suit(), Some(&tag)).await.problem(412), "changed_meanwhile");
    let mut retired = renamed.clone();
    retired["retired"] = json!(true);
    app.put_on("/items/SUIT", "officer", &retired, Some("*")).await.expect(200);
    assert_eq!(app.read("/items/SUIT").await["retired"], true);
    let history = app.read("/items/SUIT/history").await;
    let rows = history["items"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["state"]["retired"].clone()).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(rows[2]["state"]["name_en"], "Chemical suit");
}

async fn what_cannot_be_an_item_is_refused_with_its_place(app: TestApp) {
    let cases = [
        (with("unit", Value::Null), vec!["/unit missing_field"]),
        (with("class", json!("none")), vec!["/class class_unknown"]),
        (with("shelf_life_months", json!(0)), vec!["/shelf_life_months out_of_range"]),
        (with("packs", json!([{"name": "box", "size": 0}])), vec!["/packs/0/size not_positive"]),
        (with("packs", json!([{"name": "box", "size": 2.5}])), vec!["/packs/0/size not_whole"]),
        (
            with("packs", json!([{"name": "box", "size": 1}, {"name": "box", "size": 2}])),
            vec!["/packs/1/name duplicate"],
        ),
        (with("packs", json!([{"name": "", "size": 1}])), vec!["/packs/0/name length_out_of_bounds"]),
        (with("barcodes", json!(["6901234567893"])), vec!["/barcodes/0 check_digit"]),
        (with("barcodes", json!(["A-1", "012345678905", "0012345678905"])), vec!["/barcodes/2 duplicate"]),
        (
            with("barcodes", json!(["", "a\u{7}"])),
            vec!["/barcodes/0 length_out_of_bounds", "/barcodes/1 control_character"],
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(places(&app.put_on("/items/SUIT", "officer", &body, None).await), expected, "{body}");
    }
    let long = format!("/items/{}", "X".repeat(33));
    assert_eq!(places(&app.put_on(&long, "officer", &suit(), None).await), ["/item code_not_taken"]);
    // The entry is there: its name is what is needed, not a new entry.
    let nameless = json!({"name_en": "", "class": "protection", "kind": "equipment", "perishable": false});
    let answer = app.put_on("/items/BOOTS", "officer", &nameless, Some("*")).await;
    assert_eq!(places(&answer), ["/name_zh missing_field"]);
    assert_eq!(answer.expect(422)["errors"][0]["detail"], "name_en and name_zh are both blank: enter one of them.");
    // Counted, so its unit stays.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let fixed = json!({
        "unit": "kg", "measured": true, "name_en": "Boots", "name_zh": "靴", "class": "protection", "kind": "equipment",
        "perishable": false
    });
    let answer = app.put_on("/items/BOOTS", "officer", &fixed, Some("*")).await;
    assert_eq!(places(&answer), ["/unit never_changes", "/measured never_changes"]);
}

async fn a_barcode_is_of_one_item_at_a_time(app: TestApp) {
    app.put_on("/items/SUIT", "officer", &suit(), None).await.expect(201);
    let other = with("barcodes", json!(["06901234567892"]));
    let taken = app.put_on("/items/OTHER", "officer", &other, None).await;
    assert_eq!(taken.problem(409), "barcode_taken");
    assert!(taken.json()["detail"].as_str().unwrap().contains("SUIT"), "{taken:?}");
    // Once the other item has left the catalogue, the code is free from that day on.
    let mut retired = with("retired", json!(true));
    retired["valid_from"] = json!("2026-12-01");
    app.put_on("/items/SUIT", "officer", &retired, Some("*")).await.expect(200);
    assert_eq!(app.put_on("/items/OTHER", "officer", &other, None).await.problem(409), "barcode_taken");
    let mut later = other.clone();
    later["valid_from"] = json!("2026-12-01");
    app.put_on("/items/OTHER", "officer", &later, None).await.expect(201);
    // The retired item cannot return with it.
    let mut back = with("retired", json!(false));
    back["valid_from"] = json!("2026-12-02");
    assert_eq!(app.put_on("/items/SUIT", "officer", &back, Some("*")).await.problem(409), "barcode_taken");
}

fn codes(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect()
}

async fn put_suits(app: &TestApp) {
    let all = [
        ("S2", "Chemical suit", "化学防护服", "6901234567892"),
        ("S1", "Protective suit", "防护服", "FHF-1"),
        ("SUIT", "Kit", "重型套装", "K-1"),
    ];
    for (code, english, chinese, barcode) in all {
        let mut body = with("barcodes", json!([barcode]));
        body["name_en"] = json!(english);
        body["name_zh"] = json!(chinese);
        app.put_on(&format!("/items/{code}"), "officer", &body, None).await.expect(201);
    }
}

async fn items_are_found_by_what_people_type(app: TestApp) {
    put_suits(&app).await;
    let cases = [
        ("?q=fanghufu", &["S1", "S2"][..]),
        ("?q=fang+hu+fu", &["S1", "S2"]),
        ("?q=f%C3%A1ngh%C3%B9", &["S1", "S2"]),
        ("?q=FHF", &["S1", "S2"]),
        ("?q=%E9%98%B2%E6%8A%A4", &["S1", "S2"]),
        ("?q=zhongxing", &["SUIT"]),
        ("?q=chongxing", &["SUIT"]),
        ("?q=suit", &["SUIT", "S1", "S2"]),
        ("?q=%EF%BC%B3%EF%BC%91", &["S1"]),
        ("?q=s", &["S1", "S2", "SAND", "SUIT", "BOOTS", "MASK"]),
        ("?q=FHF-1", &["S1"]),
        ("?q=6901234567892", &["S2"]),
        ("?q=(01)06901234567892(10)B2209", &["S2"]),
        ("?q=%E9%98%B2%E8%AD%B7", &["S1", "S2"]),
        ("?barcode=%5DC1010690123456789217270930%1D10B2209%0D%0A", &["S2"]),
        ("?barcode=6901234567892", &["S2"]),
        ("?barcode=06901234567892", &["S2"]),
        ("?barcode=FHF-1", &["S1"]),
        ("?barcode=S1", &[]),
        ("?q=fanghufu&barcode=FHF-1", &["S1"]),
        ("?q=nothing", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(codes(&app.read(&format!("/items{query}")).await), expected, "{query}");
    }
}

async fn a_scan_names_the_item_with_lot_and_expiry(app: TestApp) {
    put_suits(&app).await;
    let whole = json!({
        "barcode": "06901234567892", "lot": "B2209", "expires_on": "2027-09-30", "made_on": null, "serial": null,
        "item": { "code": "S2", "name": "suit 2", "unit": "piece" }
    });
    for scan in [
        "(01)06901234567892(17)270930(10)B2209",
        "%5DC101069012345678921727093010B2209",
        "%5Dd2010690123456789210B2209%1D17270930%0D%0A",
        "%5DQ3%1D01069012345678921727093010B2209%0A",
        "010690123456789210B2209%1D17270930",
    ] {
        let mut found = app.read(&format!("/scans?scan={scan}")).await;
        found["item"]["name"] = json!("suit 2");
        found["item"]["unit"] = json!("piece");
        assert_eq!(found, whole, "{scan}");
    }
    let serial = app.read("/scans?scan=(01)06901234567892(11)260131(21)S-1").await;
    assert_eq!((&serial["made_on"], &serial["serial"]), (&json!("2026-01-31"), &json!("S-1")));
    let unknown = app.read("/scans?scan=4006381333931").await;
    assert_eq!((&unknown["barcode"], &unknown["item"]), (&json!("04006381333931"), &json!(null)));
    for (scan, code) in [
        ("6901234567893", "check_digit"),
        ("(01)06901234567893(10)B2209", "check_digit"),
        ("(01)06901234567892(17)271345", "not_a_day"),
        ("%5DC101069012", "broken_element"),
        ("%0D%0A", "unreadable"),
    ] {
        for path in [format!("/scans?scan={scan}"), format!("/items?barcode={scan}")] {
            let answer = app.get(&format!("/api/v1{path}")).as_("t1").send().await;
            answer.problem(422);
            assert_eq!(answer.json()["errors"][0]["code"], code, "{path}");
        }
    }
    let chinese = app.get("/api/v1/scans?scan=6901234567893").as_("t1").header("accept-language", "zh-CN").send().await;
    assert!(chinese.json()["errors"][0]["detail"].as_str().unwrap().contains("扫"), "{}", chinese.json());
}

async fn every_list_is_searched_alike(app: TestApp) {
    let found = async |path: &str, q: &str| {
        let page = app.read(&format!("/{path}?q={q}")).await;
        let key = |one: &Value| one["code"].as_str().or(one["username"].as_str()).unwrap().to_owned();
        page["items"].as_array().unwrap().iter().map(key).collect::<Vec<_>>()
    };
    for path in ["organizations", "depots", "regions", "standards"] {
        rules_once(&app).await;
        let all = app.read(&format!("/{path}")).await["items"].clone();
        for one in all.as_array().unwrap() {
            let code = one["code"].as_str().unwrap();
            let chinese = one["name_zh"].as_str().or(one["title_zh"].as_str()).unwrap();
            let english = one["name_en"].as_str().or(one["title_en"].as_str()).unwrap();
            let readings = |of: fn(&str) -> String| -> String {
                let letters = chinese.chars().filter(|letter| letter.is_alphanumeric());
                let spell = |letter: char| {
                    let readings: Vec<_> = letter.to_pinyin_multi().into_iter().flatten().collect();
                    readings.first().map_or_else(|| letter.to_string(), |reading| of(reading.plain()))
                };
                letters.map(spell).collect()
            };
            let wide: String = code.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
            let full = readings(str::to_owned);
            let initials = readings(|reading| reading.chars().take(1).collect());
            for typed in [code, chinese, english, &code.to_lowercase(), &wide, &full, &initials] {
                let q: String = typed.bytes().map(|byte| format!("%{byte:02X}")).collect();
                assert!(found(path, &q).await.contains(&code.to_owned()), "{path} {typed}");
            }
        }
        assert_eq!(found(path, "nothing-of-the-kind").await, Vec::<String>::new());
    }
    let accounts = app.get("/api/v1/accounts?q=%EF%BC%B41").as_("admin").send().await.expect(200);
    assert_eq!(accounts["items"][0]["username"], "t1");
}

/// Plants a standard, unless it is there.
async fn rules_once(app: &TestApp) {
    if app.read("/standards").await["items"].as_array().unwrap().is_empty() {
        rules::adopt(app).await;
    }
}

async fn pages_of_a_search_follow_each_other(app: TestApp) {
    put_suits(&app).await;
    for query in ["q=suit", "q=s", "item_class=protection", "q=fhf"] {
        let all = app.read(&format!("/items?{query}")).await["items"].clone();
        let mut found = Vec::new();
        let mut path = format!("/items?{query}&limit=1");
        loop {
            let page = app.read(&path).await;
            found.extend(page["items"].as_array().unwrap().clone());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/items?{query}&limit=1&cursor={cursor}");
            assert!(found.len() < 20, "the pages do not end");
        }
        assert_eq!(Value::Array(found), all, "{query}");
    }
}

async fn a_retired_item_is_still_counted_and_its_past_stays(app: TestApp) {
    rules::adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 30}])).await;
    let before = app.shortage("T1", "BOOTS").await;
    let body = json!({
        "name_en": "boots", "name_zh": "靴", "class": "protection", "kind": "equipment", "perishable": false, "retired": true
    });
    app.put_on("/items/BOOTS", "officer", &body, Some("*")).await.expect(200);
    let after = app.shortage("T1", "BOOTS").await;
    assert_eq!(after["usable"], before["usable"]);
    assert_eq!(app.read("/items/BOOTS").await["retired"], true);
    // The next read shows the new name too.
    let chinese =
        app.get("/api/v1/shortages?organization=T1&item=BOOTS").as_("officer").header("accept-language", "zh-CN");
    assert_eq!(chinese.send().await.expect(200)["items"][0]["item"]["name"], "靴");
    app.clock.set(seed::now());
}

/// Any reading of each character may be typed, in full or as its initial, from any character on.
async fn any_item_of_the_catalogue_is_found_by_each_of_its_own_keys(_: NoDatabase) {
    let catalogue = Reference::load().unwrap().catalogue;
    let picks = (0..catalogue.items.len(), prop::collection::vec(0_usize..8, 40), 0_usize..40, 1_usize..40);
    proptest!(ProptestConfig::with_cases(2000), |((item, picks, from, length) in picks)| {
        let entry = &catalogue.items[item];
        let mut version: ItemVersion = entry.version.clone();
        version.barcodes = vec!["6901234567892".to_owned(), "STORE-7".to_owned()];
        let found = |typed: &str| Search::new(typed).fit_item(&entry.code, &version);
        for typed in [&entry.code, &entry.code.to_lowercase(), "6901234567892", "STORE-7"] {
            prop_assert_eq!(found(typed), Some(Fit::Exact), "{}", typed);
        }
        for name in [&version.name_en, &version.name_zh] {
            prop_assert!(found(name).is_some_and(|fit| fit <= Fit::Beginning), "{}", name);
            let characters: Vec<char> = name.chars().collect();
            let part: String = characters.iter().skip(from % characters.len()).take(length).collect();
            prop_assert!(found(&part).is_some(), "{:?} of {}", part, name);
        }
        let name = version.name_zh.to_lowercase();
        let readings = name.chars().filter(|character| character.is_alphanumeric()).zip(picks.iter().cycle());
        let syllables: Vec<String> = readings
            .map(|(character, pick)| {
                let readings: Vec<_> = character.to_pinyin_multi().into_iter().flatten().collect();
                let reading = readings.get(pick % readings.len().max(1));
                reading.map_or_else(|| character.to_string(), |reading| reading.plain().to_owned())
            })
            .collect();
        let initials: String = syllables.iter().filter_map(|syllable| syllable.chars().next()).collect();
        for typed in [syllables.concat(), syllables.join(" "), syllables.concat().to_uppercase(), initials] {
            prop_assert!(found(&typed).is_some_and(|fit| fit <= Fit::Beginning), "{} of {}", typed, name);
        }
        let rest = syllables[from % syllables.len()..].concat();
        prop_assert!(found(&rest).is_some(), "{} of {}", rest, name);
    });
}
