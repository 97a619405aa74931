//! Reach: things beyond a caller's region count as missing in every kind of request.

use chrono::TimeDelta;
use db::locks::Locks;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::parity::plant_officer_below;
use crate::rows::tester;
use crate::{rules, seed, targets};

cases![
    what_lies_beyond_reach_answers_the_same_whatever_it_says,
    what_lies_beyond_reach_answers_as_what_is_not_there,
    a_code_that_cannot_be_had_says_no_more,
    a_closed_account_within_reach_says_how_it_is_reopened,
    only_so_many_codes_can_be_asked_for,
    one_file_asks_for_only_so_many_codes,
    a_check_of_tables_is_in_the_audit,
    a_host_beyond_reach_is_not_shown_and_stays,
    officers_beyond_reach_are_not_named,
];

/// The caller: an officer of region `159901`. It asks for things of `159902`, the region beside it.
const STRANGER: &str = "officer-below";

/// The values of things beyond reach, and of guesses.
const VALUES: [u8; 2] = [3, 4];

impl TestApp {
    /// Adds two regions side by side, the first with an officer and a team `A1`, the second with an enterprise `B1`.
    async fn plant_neighbours(&self) {
        rules::adopt(self).await;
        targets::plant_need(self).await;
        self.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
        self.db.write(tester(), Locks::none(), plant_officer_below).await.unwrap();
        self.put_parity("/regions/159902", "admin", &json!({"name_en": "B", "name_zh": "乙", "parent": "159900"}))
            .await;
        let team = json!({"region": "159901", "kind": "rescue_team", "name_en": "A", "name_zh": "甲"});
        self.put_parity("/organizations/A1", "admin", &team).await.expect(201);
        self.say_of_neighbour(VALUES[0]).await;
    }

    /// Sets everything beyond reach to a value.
    async fn say_of_neighbour(&self, value: u8) {
        let name = format!("Name {value}");
        let strength = ["mandatory", "recommended"][usize::from(value - VALUES[0])];
        for (path, body) in [
            ("/regions/159902", json!({"name_en": name, "name_zh": "乙", "validity_days": value})),
            (
                "/organizations/B1",
                json!({"region": "159902", "kind": "rescue_team", "name_en": name, "name_zh": "乙",
                    "organization_type": format!("type-{value}"), "sector": format!("sector-{value}")}),
            ),
            (
                "/depots/B1-A",
                json!({"organization": "B1", "name_en": name, "name_zh": "乙", "holding": "physical", "keeper": name}),
            ),
            ("/organizations/B1/facts/people", json!({"value": {"number": value}})),
            ("/organizations/B1/targets/N1", json!({"quantity": value})),
            ("/regions/159902/adoptions/STD", json!({"strength": strength})),
        ] {
            let put = self.put_parity(path, "admin", &body).await;
            assert!(put.status.is_success(), "{path}: {put:?}");
        }
    }

    /// Every request of a stranger with a guess of each kind, both ways, with its answer.
    async fn ask_of_neighbour(&self, organization: &str, guess: u8) -> Vec<(String, u16, String)> {
        let mut answers = Vec::new();
        for (path, body) in guesses_put(organization, guess) {
            // New codes that are not available are limited in time.
            self.clock.set(self.clock.now() + TimeDelta::minutes(16));
            answers.push(kept(path.clone(), &self.put_parity(&path, STRANGER, &body).await));
        }
        for (form, table) in guesses_imported(organization, guess) {
            for dry_run in [true, false] {
                self.clock.set(self.clock.now() + TimeDelta::minutes(16));
                let answer = self.import_parity(form, STRANGER, &table, dry_run).await;
                answers.push(kept(format!("{form} {dry_run} {table}"), &answer));
            }
        }
        answers
    }
}

fn guesses_put(organization: &str, guess: u8) -> Vec<(String, Value)> {
    let name = format!("Name {guess}");
    let profile = |region: Value| {
        json!({"region": region, "kind": "rescue_team", "name_en": name, "name_zh": "乙",
            "organization_type": format!("type-{guess}"), "sector": format!("sector-{guess}")})
    };
    let depot = |owner: Value| json!({"organization": owner, "name_en": name, "name_zh": "乙", "holding": "physical"});
    let strength = ["mandatory", "recommended"][usize::from(guess - VALUES[0])];
    vec![
        (format!("/organizations/{organization}"), profile(json!("159901"))),
        (format!("/organizations/{organization}"), profile(json!("159902"))),
        (format!("/organizations/{organization}"), profile(json!(null))),
        (format!("/depots/{organization}-A"), depot(json!(organization))),
        (format!("/depots/{organization}-A"), depot(json!("A1"))),
        (format!("/depots/{organization}-A"), depot(json!(null))),
        (format!("/organizations/{organization}/facts/people"), json!({"value": {"number": guess}})),
        (
            format!("/organizations/{organization}/facts"),
            json!({"facts": [{"key": "people", "value": {"number": guess}}]}),
        ),
        (format!("/organizations/{organization}/targets/N1"), json!({"quantity": guess})),
        ("/regions/159902/adoptions/STD".to_owned(), json!({"strength": strength})),
        ("/regions/159902".to_owned(), json!({"name_en": name, "name_zh": "乙", "validity_days": guess})),
        ("/organizations/A1".to_owned(), json!({"name_en": "A", "name_zh": "甲", "hosted_by": organization})),
    ]
}

fn guesses_imported(organization: &str, guess: u8) -> Vec<(&'static str, String)> {
    let strength = ["mandatory", "recommended"][usize::from(guess - VALUES[0])];
    let o = organization;
    vec![
        ("facts", format!("organization,fact,value\n{o},people,{guess}\n")),
        ("targets", format!("organization,rule,quantity\n{o},N1,{guess}\n")),
        ("organizations", format!("code,region,kind,name_en,name_zh\n{o},159901,rescue_team,Name {guess},乙\n")),
        (
            "organizations",
            format!("code,region,kind,name_en,name_zh,sector\n{o},159902,rescue_team,Name {guess},乙,sector-{guess}\n"),
        ),
        ("organizations", format!("code,name_en,name_zh\n{o},Name {guess},乙\n")),
        ("depots", format!("code,organization,name_en,name_zh\n{o}-A,{o},Name {guess},乙\n")),
        ("depots", format!("code,organization,name_en,name_zh\n{o}-A,A1,Name {guess},乙\n")),
        ("depots", format!("code,name_en,name_zh\n{o}-A,Name {guess},乙\n")),
        ("adoptions", format!("region,standard,strength\n159902,STD,{strength}\n")),
        ("regions", format!("code,name_en,name_zh,validity_days\n159902,Name {guess},乙,{guess}\n")),
    ]
}

/// The answer as a client sees it, without the parts that are drawn anew each time.
fn kept(asked: String, answer: &Answer) -> (String, u16, String) {
    let mut body = answer.json();
    if let Some(body) = body.as_object_mut() {
        body.remove("request_id");
    }
    (asked, answer.status.as_u16(), body.to_string())
}

async fn what_lies_beyond_reach_answers_the_same_whatever_it_says(app: TestApp) {
    app.plant_neighbours().await;
    let guess = VALUES[0];
    let mut first = None;
    // One of the guesses is right.
    for value in VALUES {
        app.say_of_neighbour(value).await;
        let answers = app.ask_of_neighbour("B1", guess).await;
        for (asked, status, body) in &answers {
            assert!((400..500).contains(status), "{asked}: {status} {body}");
            assert!(!body.contains("sector-") && !body.contains("Holder of admin"), "{asked}: {body}");
        }
        assert_eq!(*first.get_or_insert_with(|| answers.clone()), answers, "{guess} guessed of {value}");
    }
}

async fn what_lies_beyond_reach_answers_as_what_is_not_there(app: TestApp) {
    app.plant_neighbours().await;
    let told = async |organization: &str| {
        let answers = app.ask_of_neighbour(organization, VALUES[1]).await;
        // A code that is available is used, and then belongs to the stranger.
        let others = answers.into_iter().filter(|(_, status, body)| *status >= 400 && !body.contains("unavailable"));
        let named = |text: String| text.replace(organization, "X");
        others.map(|(asked, status, body)| (named(asked), status, named(body))).collect::<Vec<_>>()
    };
    let there = told("B1").await;
    let not_there = told("X9").await;
    let common = there.iter().filter(|answer| not_there.contains(answer)).count();
    // Those of the first requests, before they use the unused code.
    assert!(there.len() >= 16, "{there:?}");
    assert!(common >= 3, "{there:?}\n{not_there:?}");
    for path in ["/organizations/X/facts/people", "/organizations/X/targets/N1"] {
        let of = |answers: &[(String, u16, String)]| {
            answers.iter().any(|(asked, status, _)| asked == path && *status == 404)
        };
        assert!(of(&there), "{path}");
    }
}

async fn a_code_that_cannot_be_had_says_no_more(app: TestApp) {
    app.plant_neighbours().await;
    let team = json!({"region": "159901", "kind": "rescue_team", "name_en": "A", "name_zh": "甲"});
    let store = json!({"organization": "A1", "name_en": "A", "name_zh": "甲", "holding": "physical"});
    let person = json!({"username": "e1", "display_name": "A", "role": "quartermaster", "organization": "A1"});
    let account = format!("/accounts/{}", Uuid::now_v7());
    for (path, body, name) in
        [("/organizations/B1", team, "B1"), ("/depots/B1-A", store, "B1-A"), (&account, person, "e1")]
    {
        let uri = format!("/api/v1{path}");
        let answer = app.put(&uri).as_(STRANGER).json(&body).send().await;
        assert_eq!(answer.problem(409), "unavailable", "{path}");
        assert_eq!(answer.json()["detail"], format!("{name} is not available: choose another."));
    }
    let table = "code,region,kind,name_en,name_zh\nB1,159901,rescue_team,A,甲\n";
    for dry_run in [true, false] {
        let answer = app.import_parity("organizations", STRANGER, table, dry_run).await.expect(422);
        assert_eq!(answer["errors"][0]["code"], "unavailable");
    }
}

async fn a_closed_account_within_reach_says_how_it_is_reopened(app: TestApp) {
    let id = app.account_id("t2").await;
    let close = app.post(&format!("/api/v1/accounts/{id}/close")).as_("admin").json(&json!({"reason": "moved"}));
    close.send().await.expect(200);
    app.plant_neighbours().await;
    let person = json!({"username": "t2", "display_name": "A", "role": "viewer", "region": "159901"});
    let save = async |by: &str| {
        let uri = format!("/api/v1/accounts/{}", Uuid::now_v7());
        let answer = app.put(&uri).as_(by).json(&person).send().await;
        assert_eq!(answer.problem(409), "unavailable", "{by}");
        answer.json()["detail"].as_str().unwrap().to_owned()
    };
    assert!(save("admin").await.contains(&format!("/accounts/{id}/reopen")));
    assert_eq!(save("admin-below").await, "t2 is not available: choose another.");
}

async fn only_so_many_codes_can_be_asked_for(app: TestApp) {
    app.plant_neighbours().await;
    let team = json!({"region": "159901", "kind": "rescue_team", "name_en": "A", "name_zh": "甲"});
    let put = async |code: &str| {
        let uri = format!("/api/v1/organizations/{code}");
        app.put(&uri).as_(STRANGER).json(&team).send().await
    };
    for _ in 0..20 {
        assert_eq!(put("B1").await.problem(409), "unavailable");
    }
    for code in ["B1", "NEW"] {
        let refused = put(code).await;
        assert_eq!(refused.problem(429), "too_many_unavailable", "{code}");
        let wait: i64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=900).contains(&wait), "{wait}");
        let table = format!("code,region,kind,name_en,name_zh\n{code},159901,rescue_team,A,甲\n");
        for dry_run in [true, false] {
            let file = app.import_parity("organizations", STRANGER, &table, dry_run).await;
            assert_eq!(file.problem(429), "too_many_unavailable", "{code}");
        }
    }
    // Existing things can still be changed, and other accounts are not limited.
    app.put_parity("/organizations/A1", STRANGER, &json!({"name_en": "C", "name_zh": "丙"})).await.expect(200);
    let other = app.put("/api/v1/organizations/B1").as_("admin-below").json(&team).send().await;
    assert_eq!(other.problem(409), "unavailable");
    app.clock.set(app.clock.now() + TimeDelta::minutes(15));
    assert_eq!(put("B1").await.problem(409), "unavailable");
    put("NEW").await.expect(201);
}

async fn one_file_asks_for_only_so_many_codes(app: TestApp) {
    app.plant_neighbours().await;
    let mut taken = String::from("code,organization,name_en,name_zh\n");
    for number in 0..30 {
        let body = json!({"organization": "B1", "name_en": "A", "name_zh": "甲", "holding": "physical"});
        app.put_parity(&format!("/depots/B1-{number}"), "admin", &body).await.expect(201);
        taken.push_str(&format!("B1-{number},A1,A,甲\n"));
    }
    taken.push_str("FREE,NONE,A,甲\n");
    let told = app.import_parity("depots", STRANGER, &taken, true).await.expect(422);
    let codes: Vec<&Value> = told["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, vec!["unavailable"; 20], "{told}");
    assert_eq!(app.import_parity("depots", STRANGER, &taken, true).await.problem(429), "too_many_unavailable");
}

async fn a_check_of_tables_is_in_the_audit(app: TestApp) {
    let audit = async || {
        let page = app.get("/api/v1/audit?kind=table_check").as_("admin").send().await.expect(200);
        page["items"].as_array().unwrap().clone()
    };
    let good = "code,name_en,name_zh\nrope,Rope,绳\nfoam,Foam,泡沫\n";
    let bad = "code,name_en,name_zh\n-1,Rope,绳\n";
    let dry = app.import_parity("item_classes", "officer", good, true).await.expect(200);
    assert_eq!(dry["revision"], json!(null));
    app.import_parity("item_classes", "officer", bad, false).await.expect(422);
    let entries = audit().await;
    assert_eq!(entries.len(), 2, "{entries:?}");
    for (entry, rows) in entries.iter().zip([1, 2]) {
        assert_eq!((&entry["account"]["username"], &entry["action"]), (&json!("officer"), &json!("import_tables")));
        let [subject] = entry["subjects"].as_array().unwrap().as_slice() else { panic!("{entry}") };
        let key = json!(format!("item_classes/{rows}"));
        assert_eq!((&subject["kind"], &subject["key"]), (&json!("table_check"), &key));
        assert_eq!(subject["changes"][1]["new"], rows);
    }
    // A file that is written appears in the audit by its changes.
    app.import_parity("item_classes", "officer", good, false).await.expect(200);
    app.import_parity("item_classes", "officer", good, false).await.expect(200);
    assert_eq!(audit().await.len(), 2);
}

async fn a_host_beyond_reach_is_not_shown_and_stays(app: TestApp) {
    app.plant_neighbours().await;
    let host = json!({"region": "159902", "kind": "enterprise", "name_en": "Host", "name_zh": "某"});
    app.put_parity("/organizations/B2", "admin", &host).await.expect(201);
    let hosted = json!({"name_en": "A", "name_zh": "甲", "hosted_by": "B2"});
    app.put_parity("/organizations/A1", "admin", &hosted).await.expect(200);
    let seen = async |by: &str| {
        let view = app.get("/api/v1/organizations/A1").as_(by).send().await.expect(200);
        view["hosted_by"]["code"].clone()
    };
    assert_eq!((seen("admin").await, seen(STRANGER).await), (json!("B2"), Value::Null));
    let history = app.get("/api/v1/organizations/A1/history").as_(STRANGER).send().await;
    assert!(!String::from_utf8_lossy(&history.body).contains("B2"), "{history:?}");
    let table = app.get("/api/v1/export?form=organizations&format=csv").as_(STRANGER).send().await;
    assert!(!String::from_utf8_lossy(&table.body).contains("B2"), "{table:?}");
    // Named or guessed, the host is unknown; left out, it stays.
    let guessed = app.put_parity("/organizations/A1", STRANGER, &hosted).await.expect(422);
    assert_eq!(guessed["errors"][0]["code"], "organization_unknown");
    let renamed = json!({"name_en": "C", "name_zh": "丙", "hosted_by": null});
    app.put_parity("/organizations/A1", STRANGER, &renamed).await.expect(200);
    assert_eq!(seen("admin").await, "B2");
    let back = app.import_parity("organizations", STRANGER, &String::from_utf8_lossy(&table.body), false).await;
    assert!(back.status.is_success(), "{back:?}");
    assert_eq!(seen("admin").await, "B2");
}

async fn officers_beyond_reach_are_not_named(app: TestApp) {
    app.plant_neighbours().await;
    for path in ["/regions/159902/adoptions/STD", "/regions/159902/history"] {
        let named = app.get(&format!("/api/v1{path}")).as_("admin").send().await;
        assert!(String::from_utf8_lossy(&named.body).contains("Holder of admin"), "{named:?}");
        for by in [STRANGER, "admin-below", "t1"] {
            let hidden = app.get(&format!("/api/v1{path}")).as_(by).send().await;
            assert_eq!(hidden.status, 200);
            assert!(!String::from_utf8_lossy(&hidden.body).contains("Holder of"), "{by}: {hidden:?}");
        }
    }
    // Everybody is shown the regions above, because their decisions bind.
    let above = app.get("/api/v1/export?form=regions&format=csv").as_(STRANGER).send().await;
    let above = String::from_utf8_lossy(&above.body).into_owned();
    assert!(above.contains("159900") && above.contains("159901") && !above.contains("159902"), "{above}");
}
