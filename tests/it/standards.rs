//! Standards as documents: drafted, checked, published, and what each publication changes.

use base::id::AccountId;
use db::locks::Locks;
use db::write::Change;
use db::{accounts, regions};
use domain::account::{Account, Belongs, Role};
use domain::region::RegionVersion;
use domain::revision::Revision;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rows::tester;
use crate::rules;
use crate::seed;

cases![
    a_draft_is_written_found_changed_and_thrown_away,
    everything_wrong_with_a_draft_is_told_with_its_place,
    a_draft_has_no_more_findings_than_the_document_says,
    a_draft_that_is_no_standard_is_refused_with_its_place,
    publishing_changes_what_changed_and_withdraws_what_is_left_out,
    a_later_edition_takes_the_place_of_its_predecessor_from_its_day,
    a_draft_with_faults_or_for_a_past_day_is_not_published,
    only_the_top_writes_standards,
    all_standards_are_checked_at_once,
    a_new_edition_in_another_form_leaves_the_past_as_it_was,
];

/// A standard with a code and some rules, in the form of a draft.
pub fn text(code: &str, rules: &[Value]) -> Value {
    json!({
        "code": code, "title_en": format!("Standard {code}"), "title_zh": "标准", "jurisdiction": "CN",
        "status": "in_force", "rules": rules
    })
}

/// A rule that requires a number of `BOOTS` from teams.
pub fn boots(code: &str, n: i64) -> Value {
    json!({
        "code": code, "clause": "1", "role": "requirement", "applies_when": {"kind": "rescue_team"}, "scope": "team",
        "selector": {"item": "BOOTS"}, "quantity": {"rate": {"n": n}}, "unit": "pair", "strength": "mandatory",
        "text_en": "Boots.", "text_zh": "靴。", "confidence": "verified"
    })
}

/// Adds an officer `top` of the topmost region.
pub async fn plant_top_officer(app: &TestApp) {
    plant_officer(app, "top", "150000").await;
}

/// Adds an officer of a region, which is created if it does not exist.
pub async fn plant_officer(app: &TestApp, username: &'static str, code: &'static str) {
    let plant = move |change: &mut Change<'_>| {
        let known = regions::list(change.connection, Revision::LATEST)?;
        let region = match known.iter().find(|region| region.code == code) {
            Some(region) => region.id,
            None => {
                let version = RegionVersion {
                    name_en: "Next door".into(),
                    name_zh: "邻旗".into(),
                    time_zone: None,
                    validity_days: None,
                    inspection_stands_days: None,
                };
                let above = known.iter().find(|region| region.parent_id.is_none()).unwrap().id;
                let from = db::sql_types::Day(seed::now().date_naive());
                let id = base::id::RegionId::new();
                regions::insert(change, id, code, Some(above), from, &version)?;
                id
            }
        };
        let account = Account {
            id: AccountId::new(),
            username: username.to_owned(),
            role: Role::Officer,
            display_name: format!("Holder of {username}"),
            belongs: Belongs::Region(region),
            closed: false,
        };
        accounts::insert(change, &account, None, seed::now())
    };
    app.db.write(tester(), Locks::none(), plant).await.unwrap();
}

/// Writes a draft, replacing an earlier one.
pub async fn draft(app: &TestApp, text: &Value) -> Answer {
    let path = format!("/api/v1/standards/{}/draft", text["code"].as_str().unwrap());
    app.put(&path).as_("top").header("if-match", "*").json(text).send().await
}

/// Publishes the draft of a standard.
pub async fn publish(app: &TestApp, code: &str, body: Value) -> Answer {
    let path = format!("/api/v1/standards/{code}/draft/publish");
    app.post(&path).as_("top").header("if-match", "*").json(&body).send().await
}

fn codes(findings: &Value) -> Vec<(&str, &str)> {
    findings
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["pointer"].as_str().unwrap(), finding["code"].as_str().unwrap()))
        .collect()
}

async fn a_draft_is_written_found_changed_and_thrown_away(app: TestApp) {
    plant_top_officer(&app).await;
    let path = "/api/v1/standards/NEW/draft";
    assert_eq!(app.get(path).as_("top").send().await.problem(404), "not_found");
    let first = text("NEW", &[boots("NB1", 4)]);
    let begun = app.put(path).as_("top").json(&first).send().await;
    let view = begun.expect(201);
    let stored = &view["stored"];
    assert_eq!((&stored["draft"], &stored["author"]["name"]), (&first, &json!("Holder of top")));
    assert_eq!(stored["check"], json!({"faults": [], "warnings": []}));
    assert_eq!((&view["valid_from"], &view["revision"]), (&json!(null), &stored["revision"]));
    let again = app.put(path).as_("top").json(&first).send().await.expect(200);
    assert_eq!((&again["repeated"], &again["revision"]), (&json!(true), &view["revision"]));

    let second = text("NEW", &[boots("NB1", 5)]);
    assert_eq!(app.put(path).as_("top").json(&second).send().await.problem(428), "if_match_missing");
    let tag = app.get(path).as_("top").send().await.header("etag").to_owned();
    app.put(path).as_("top").header("if-match", &tag).json(&second).send().await.expect(200);
    let third = text("NEW", &[boots("NB1", 6)]);
    let late = app.put(path).as_("top").header("if-match", &tag).json(&third).send().await;
    assert_eq!(late.problem(412), "changed_meanwhile");

    let listed = app.get("/api/v1/drafts").as_("viewer").send().await.expect(200);
    assert_eq!((&listed["items"][0]["standard"], &listed["items"][0]["rules"]), (&json!("NEW"), &json!(1)));
    assert_eq!(listed["items"][0]["author"]["name"], "Holder of top");
    let delete = || app.request(actix_web::http::Method::DELETE, path).as_("top").header("if-match", "*");
    assert_eq!(delete().send().await.expect(200)["stored"]["fate"], "discarded");
    assert_eq!(delete().send().await.expect(200)["repeated"], true);
    assert_eq!(app.get(path).as_("top").send().await.problem(404), "not_found");
    assert_eq!(app.get("/api/v1/drafts").as_("viewer").send().await.expect(200)["items"], json!([]));
    assert_eq!(app.get("/api/v1/standards/NEW").as_("top").send().await.problem(404), "not_found");
}

async fn everything_wrong_with_a_draft_is_told_with_its_place(app: TestApp) {
    rules::adopt(&app).await;
    plant_top_officer(&app).await;
    let with = |code: &str, changes: Value| {
        let mut rule = boots(code, 4);
        for (key, value) in changes.as_object().unwrap() {
            rule[key] = value.clone();
        }
        rule
    };
    let at_least = |n: i64| json!({"compare": {"fact": "people", "op": "at_least", "value": n}});
    let below = |n: i64| json!({"compare": {"fact": "people", "op": "less_than", "value": n}});
    let rate = |n: i64| json!({"rate": {"n": n}});
    let rules = [
        with("D0", json!({"selector": {"item": "NOTHING"}})),
        with("D1", json!({"unit": "set"})),
        with("D1", json!({"scope": "other"})),
        with("B1", json!({"scope": "third"})),
        with("D4", json!({"applies_when": {"all": [{"kind": "rescue_team"}, {"tag": "unheard_of"}]}, "scope": "a"})),
        with("D5", json!({"applies_when": {"tag": "people"}, "scope": "b"})),
        with("D6", json!({"quantity": {"rate": {"n": 1, "of": "unheard_of"}}, "scope": "c"})),
        with("D7", json!({"applies_when": {"all": [at_least(10), below(10)]}, "scope": "d"})),
        with("D8", json!({"quantity": {"rate": {"n": 1, "per": 0, "at_least": 3, "at_most": 2}}, "scope": "e"})),
        // A band that falls, with a gap between 20 and 30 and an overlap at 5 to 9.
        with("W1", json!({"applies_when": below(10), "quantity": rate(8), "scope": "bands"})),
        with("W2", json!({"applies_when": {"all": [at_least(5), below(20)]}, "quantity": rate(3), "scope": "bands"})),
        with("W3", json!({"applies_when": at_least(30), "quantity": rate(9), "scope": "bands"})),
        with("W4", json!({"scope": "twice", "quantity": rate(4)})),
        with("W5", json!({"scope": "twice", "quantity": rate(5)})),
        with("W6", json!({"quantity": {"not_evaluated": "kit"}, "scope": "f"})),
    ];
    let mut sent = text("NEW", &rules);
    sent["valid_from"] = json!("2026-12-01");
    sent["valid_to"] = json!("2026-11-01");
    sent["replaced_by"] = json!("NOWHERE");
    let view = draft(&app, &sent).await.expect(201);
    let check = &view["stored"]["check"];
    assert_eq!(
        codes(&check["faults"]),
        [
            ("/valid_to", "days_crossed"),
            ("/rules/2/code", "rule_code_twice"),
            ("/rules/3/code", "rule_of_another_standard"),
            ("/rules/0/selector/item", "item_unknown"),
            ("/rules/1/unit", "unit_differs"),
            ("/rules/4/applies_when/all/1/tag", "fact_unknown"),
            ("/rules/5/applies_when/tag", "fact_of_other_kind"),
            ("/rules/6/quantity/rate/of", "fact_unknown"),
            ("/rules/7/applies_when", "never_applies"),
            ("/rules/8/quantity/rate/per", "out_of_range"),
            ("/rules/8/quantity/rate/at_most", "bounds_crossed"),
        ]
    );
    let warnings = codes(&check["warnings"]);
    for expected in [
        ("/replaced_by", "successor_unknown"),
        ("/rules/14/quantity", "not_evaluated"),
        ("/rules/11/applies_when", "band_gap"),
        ("/rules/10/applies_when", "band_overlap"),
        ("/rules/10/quantity", "falls_as_it_rises"),
        ("/rules/13/quantity", "rules_contradict"),
    ] {
        assert!(warnings.contains(&expected), "{expected:?} in {warnings:?}");
    }
    let path = "/api/v1/standards/NEW/draft/check";
    assert_eq!(app.post(path).as_("viewer").send().await.expect(200), *check);
    let chinese = app.post(path).as_("viewer").header("accept-language", "zh-CN").send().await.expect(200);
    assert!(chinese["faults"][0]["detail"].as_str().unwrap().contains("早于"), "{chinese}");
    assert_eq!(publish(&app, "NEW", json!({})).await.problem(409), "draft_has_faults");
}

async fn a_draft_has_no_more_findings_than_the_document_says(app: TestApp) {
    rules::adopt(&app).await;
    plant_top_officer(&app).await;
    // Each repeats all the others.
    let mut rules: Vec<Value> = (0..200).map(|number| boots(&format!("R{number}"), 4)).collect();
    rules[199]["unit"] = json!("set");
    let view = draft(&app, &text("NEW", &rules)).await.expect(201);
    let check = &view["stored"]["check"];
    assert_eq!(codes(&check["faults"]), [("/rules/199/unit", "unit_differs")]);
    let warnings = codes(&check["warnings"]);
    assert_eq!((warnings.len(), warnings[9_999].1), (10_000, "rule_repeated"));
    let listed = app.get("/api/v1/drafts").as_("top").send().await.expect(200)["items"][0].clone();
    assert_eq!((&listed["faults"], &listed["warnings"]), (&json!(1), &json!(10_000)));
}

async fn a_draft_that_is_no_standard_is_refused_with_its_place(app: TestApp) {
    plant_top_officer(&app).await;
    let mut unheard = boots("NB1", 4);
    unheard["applies_when"] = json!({"all": [{"kind": "rescue_team"}, {"any": [{"colour": "red"}]}]});
    let mut nameless = boots("NB1", 4);
    nameless["clause"] = json!("");
    let mut other = text("NEW", &[]);
    other["code"] = json!("OTHER");
    for (sent, pointer, code) in [
        (text("NEW", &[unheard]), "/rules/0/applies_when/all/1/any/0/colour", "unknown_field"),
        (text("NEW", &[nameless]), "/rules/0/clause", "length_out_of_bounds"),
        (other, "/code", "code_differs"),
    ] {
        let answer = app.put("/api/v1/standards/NEW/draft").as_("top").json(&sent).send().await;
        answer.problem(422);
        let fault = &answer.json()["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)), "{fault}");
    }
}

async fn publishing_changes_what_changed_and_withdraws_what_is_left_out(app: TestApp) {
    plant_top_officer(&app).await;
    draft(&app, &text("NEW", &[boots("NB1", 4), boots("NB2", 1), boots("NB3", 2)])).await.expect(201);
    publish(&app, "NEW", json!({})).await.expect(201);
    let again = publish(&app, "NEW", json!({})).await.expect(200);
    assert_eq!((&again["repeated"], &again["stored"]["fate"]), (&json!(true), &json!("published")));
    assert_eq!(again["valid_from"], "2026-11-23");
    // The officer who published other content at the same time has lost, and is told.
    let path = "/api/v1/standards/NEW/draft/publish";
    let late = app.post(path).as_("top").header("if-match", "\"r1.0\"").json(&json!({"valid_from": "2026-12-24"}));
    assert_eq!(late.send().await.problem(412), "changed_meanwhile");
    assert_eq!(publish(&app, "NEW", json!({"valid_from": "2026-12-24"})).await.problem(409), "draft_is_closed");
    let adopted = app.put("/api/v1/regions/150000/adoptions/NEW").as_("top").json(&json!({"strength": "mandatory"}));
    adopted.send().await.expect(201);
    assert_eq!(app.shortage("T1", "BOOTS").await["required"]["min"], 4);

    draft(&app, &text("NEW", &[boots("NB1", 9), boots("NB2", 1), boots("NB4", 3)])).await.expect(201);
    let tomorrow = json!({"valid_from": "2026-11-24"});
    let path = "/api/v1/standards/NEW/draft/publish";
    assert_eq!(app.post(path).as_("top").json(&tomorrow).send().await.problem(428), "if_match_missing");
    publish(&app, "NEW", tomorrow).await.expect(200);
    assert_eq!(app.shortage("T1", "BOOTS").await["required"]["min"], 4, "not before tomorrow");
    let history = app.get("/api/v1/standards/NEW/history").as_("viewer").send().await.expect(200)["items"].clone();
    let last = history.as_array().unwrap().last().unwrap()["revision"].clone();
    let told: Vec<Value> = history
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["revision"] == last)
        .map(|version| json!([version["state"], version["valid_from"], version["author"]["name"]]))
        .collect();
    let by =
        |rule: &str, withdrawn: bool| json!([{"rule": rule, "withdrawn": withdrawn}, "2026-11-24", "Holder of top"]);
    assert_eq!(told, [by("NB1", false), by("NB3", true), by("NB4", false)], "what stays as it was has no row");
    for (query, rules) in [("", ["NB1", "NB2", "NB3"]), ("&as_of=2026-11-24", ["NB1", "NB2", "NB4"])] {
        let page = app.get(&format!("/api/v1/rules?standard=NEW{query}")).as_("viewer").send().await.expect(200);
        let found: Vec<&Value> = page["items"].as_array().unwrap().iter().map(|one| &one["rule"]["code"]).collect();
        assert_eq!(json!(found), json!(rules));
    }
}

async fn a_later_edition_takes_the_place_of_its_predecessor_from_its_day(app: TestApp) {
    plant_top_officer(&app).await;
    let adopt = async |code: &str| {
        let put = app.put(&format!("/api/v1/regions/150000/adoptions/{code}")).as_("top");
        put.json(&json!({"strength": "mandatory"})).send().await.expect(201);
    };
    draft(&app, &text("OLD", &[boots("OB1", 4)])).await.expect(201);
    publish(&app, "OLD", json!({})).await.expect(201);
    adopt("OLD").await;
    let mut new = text("NEW", &[boots("NB1", 2)]);
    new["valid_from"] = json!("2026-12-01");
    draft(&app, &new).await.expect(201);
    publish(&app, "NEW", json!({})).await.expect(201);
    adopt("NEW").await;
    let mut old = text("OLD", &[boots("OB1", 4)]);
    old["replaced_by"] = json!("NEW");
    draft(&app, &old).await.expect(201);
    publish(&app, "OLD", json!({})).await.expect(200);
    for (day, required) in [("2026-11-30", 4), ("2026-12-01", 2)] {
        let path = format!("/api/v1/shortages?organization=T1&item=BOOTS&as_of={day}");
        let page = app.get(&path).as_("viewer").send().await.expect(200);
        assert_eq!(page["items"][0]["required"]["min"], required, "{day}");
    }
}

async fn a_draft_with_faults_or_for_a_past_day_is_not_published(app: TestApp) {
    plant_top_officer(&app).await;
    draft(&app, &text("NEW", &[boots("NB1", 4)])).await.expect(201);
    let answer = publish(&app, "NEW", json!({"valid_from": "2026-11-01"})).await;
    answer.problem(422);
    assert_eq!(answer.json()["errors"][0]["code"], "needs_correction_reason");
    let corrected = json!({"valid_from": "2026-11-01", "correction_reason": "it was issued then"});
    publish(&app, "NEW", corrected).await.expect(201);
    let history = app.get("/api/v1/standards/NEW/history").as_("viewer").send().await.expect(200);
    assert_eq!(history["items"][0]["reason"], "it was issued then");
}

async fn only_the_top_writes_standards(app: TestApp) {
    plant_top_officer(&app).await;
    let put = app.put("/api/v1/standards/NEW/draft").as_("officer").json(&text("NEW", &[]));
    assert_eq!(put.send().await.problem(403), "not_topmost");
}

async fn check_of(app: &TestApp, username: &str, body: Value) -> Answer {
    app.post("/api/v1/standards/check").as_(username).json(&body).send().await
}

/// The findings as standard, rule, organization and code.
fn found(answer: &Value) -> Vec<[&str; 4]> {
    let of = |finding: &'_ Value, member: &str| finding[member].as_str().map(str::to_owned).unwrap_or_default();
    let items = answer["items"].as_array().unwrap();
    items
        .iter()
        .map(|finding| ["standard", "rule", "organization", "code"].map(|member| of(finding, member)))
        .map(|words| words.map(|word| &*Box::leak(word.into_boxed_str())))
        .collect()
}

async fn all_standards_are_checked_at_once(app: TestApp) {
    rules::adopt(&app).await;
    plant_top_officer(&app).await;
    let stored = check_of(&app, "top", json!({})).await.expect(200);
    assert!(found(&stored).iter().all(|[.., code]| *code != "unit_differs"), "{stored}");
    // Two that are not stored are compared with each other, once.
    let rule = |code: &str, scope: &str| {
        let mut rule = boots(code, 4);
        rule["scope"] = json!(scope);
        rule
    };
    let mut faulty = rule("N3", "tank");
    faulty["unit"] = json!("set");
    let one = text("NEW-1", &[rule("N1", "building")]);
    let other = text("NEW-2", &[rule("N2", "tank"), faulty]);
    let body = json!({"standards": [one, other], "as_of": "2026-12-01"});
    let answer = check_of(&app, "top", body.clone()).await.expect(200);
    let told = found(&answer);
    assert!(told.contains(&["NEW-2", "N3", "", "unit_differs"]), "{told:?}");
    let twice = |standard: &str, other: &str| {
        let findings = answer["items"].as_array().unwrap().iter();
        let findings = findings.filter(|finding| finding["standard"] == standard && finding["code"] == "asked_twice");
        findings.filter(|finding| finding["detail"].as_str().unwrap().contains(other)).count()
    };
    assert_eq!((twice("NEW-2", "NEW-1"), twice("NEW-1", "NEW-2")), (2, 0), "{answer}");
    assert_eq!((twice("NEW-2", "STD"), twice("NEW-1", "STD")), (2, 1), "{answer}");
    // As a table, in either language, and in parts.
    let csv = app.post("/api/v1/standards/check?format=csv").as_("top").json(&body).send().await;
    assert_eq!(csv.status, 200, "{csv:?}");
    let csv = String::from_utf8(csv.body.to_vec()).unwrap();
    assert!(csv.lines().next().unwrap().contains("severity") && csv.contains("unit_differs"), "{csv}");
    let chinese = app.post("/api/v1/standards/check").as_("top").header("accept-language", "zh-CN").json(&body);
    let chinese = chinese.send().await.expect(200);
    assert!(chinese["items"][0]["detail"].as_str().unwrap().ends_with('。'), "{chinese}");
    let part = app.post("/api/v1/standards/check?limit=1").as_("top").json(&body).send().await.expect(200);
    assert_eq!(part["items"][0], answer["items"][0]);
    let next = format!("/api/v1/standards/check?limit=1&cursor={}", part["next_cursor"].as_str().unwrap());
    let next = app.post(&next).as_("top").json(&body).send().await.expect(200);
    assert_eq!(next["items"][0], answer["items"][1]);
    assert_eq!(check_of(&app, "viewer", json!({})).await.problem(403), "role_not_allowed");
    let none = json!({"standards": []});
    assert_eq!(check_of(&app, "top", none).await.problem(422), "values_not_taken");
}

async fn a_new_edition_in_another_form_leaves_the_past_as_it_was(app: TestApp) {
    rules::adopt(&app).await;
    plant_top_officer(&app).await;
    let adopt = async |code: &str, day: &str| {
        let put = app.put(&format!("/api/v1/regions/150000/adoptions/{code}")).as_("top");
        put.json(&json!({"strength": "mandatory", "valid_from": day})).send().await.expect(201);
    };
    let required = async |query: &str| {
        let path = format!("/api/v1/shortages?organization=T1&item=BOOTS{query}");
        app.get(&path).as_("viewer").send().await.expect(200)["items"][0]["required"]["min"].clone()
    };
    draft(&app, &text("OLD", &[boots("OB1", 40)])).await.expect(201);
    assert_eq!(required("").await, 30, "a draft binds nobody");
    publish(&app, "OLD", json!({})).await.expect(201);
    assert_eq!(required("").await, 30, "nor does a standard that nobody adopted");
    adopt("OLD", "2026-11-23").await;
    let before = app.get("/api/v1/shortages?organization=T1").as_("viewer").send().await;
    let revision = before.expect(200)["revision"].clone();
    let then = format!("/api/v1/shortages?organization=T1&as_of=2026-11-23&revision={revision}");
    let kept = app.get(&then).as_("viewer").send().await;
    let line = kept.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["item"]["code"] == "BOOTS")
        .unwrap()["line"]
        .clone();
    let proof =
        format!("/api/v1/organizations/T1/shortages/{}?as_of=2026-11-23&revision={revision}", line.as_str().unwrap());
    let proven = app.get(&proof).as_("viewer").send().await;
    proven.expect(200);

    // The new edition says it in bands, from 1 December; the old one has its last day before, and says what replaced it.
    let mut banded = boots("NB1", 0);
    banded["quantity"] = json!({"band": {"of": "people", "rows": [{"below": 10, "n": 50}, {"from": 10, "n": 60}]}});
    let mut new = text("NEW", &[banded]);
    new["valid_from"] = json!("2026-12-01");
    draft(&app, &new).await.expect(201);
    publish(&app, "NEW", json!({"valid_from": "2026-12-01"})).await.expect(201);
    adopt("NEW", "2026-12-01").await;
    let mut old = text("OLD", &[boots("OB1", 40)]);
    old["valid_to"] = json!("2026-11-30");
    old["replaced_by"] = json!("NEW");
    draft(&app, &old).await.expect(201);
    publish(&app, "OLD", json!({})).await.expect(200);
    for (day, expected) in [("2026-11-23", 40), ("2026-11-30", 40), ("2026-12-01", 60), ("2027-06-01", 60)] {
        assert_eq!(required(&format!("&as_of={day}")).await, expected, "{day}");
    }
    // The past is what it was, byte for byte, and the proof of it.
    let same = async |path: &str, before: &Answer| {
        let after = app.get(path).as_("viewer").send().await;
        assert_eq!(after.body, before.body, "{path}");
    };
    same(&then, &kept).await;
    same(&proof, &proven).await;
    // A correction changes the past day, but not what was believed of it.
    app.clock.set(app.clock.now() + chrono::TimeDelta::days(1));
    let mut misread = old.clone();
    misread["rules"][0]["quantity"]["rate"]["n"] = json!(41);
    draft(&app, &misread).await.expect(201);
    let unsaid = publish(&app, "OLD", json!({"valid_from": "2026-11-23"})).await;
    assert_eq!(
        (unsaid.problem(422).as_str(), &unsaid.json()["errors"][0]["code"]),
        ("values_not_taken", &json!("needs_correction_reason"))
    );
    let correction = json!({"valid_from": "2026-11-23", "correction_reason": "misread: 41"});
    publish(&app, "OLD", correction).await.expect(200);
    assert_eq!(required("&as_of=2026-11-23").await, 41);
    assert_eq!(required(&format!("&as_of=2026-11-23&revision={revision}")).await, 40);
    same(&then, &kept).await;
    same(&proof, &proven).await;
    let history = app.get("/api/v1/standards/OLD/history").as_("viewer").send().await.expect(200)["items"].clone();
    let last = history.as_array().unwrap().iter().find(|change| change["reason"] == "misread: 41").unwrap();
    assert_eq!((&last["author"]["name"], &last["valid_from"]), (&json!("Holder of top"), &json!("2026-11-23")));
}
