//! Devices, and the codes that sign them in.

use chrono::{DateTime, TimeDelta};
use futures_util::future::join;
use muster::api::settings::Settings;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::seed;

cases![
    a_code_signs_one_device_in,
    a_code_is_typed_as_people_type,
    of_two_who_use_a_code_at_once_one_gets_in,
    wrong_used_withdrawn_and_expired_codes_are_answered_alike,
    guessing_codes_is_slowed_down,
    a_code_is_held_up_by_no_password,
    a_sign_in_whose_answer_was_lost_is_repeated_by_its_device_only,
    the_qr_code_holds_the_uri,
    the_uri_names_the_address_that_the_settings_give,
    no_code_is_stored,
    open_codes_are_listed_without_the_codes,
    a_code_that_was_used_is_not_withdrawn,
    codes_are_for_accounts_that_one_manages,
    each_sees_their_own_devices_and_the_bureau_those_below,
    a_withdrawn_device_is_out_at_once,
    a_device_of_somebody_else_is_withdrawn_by_those_who_manage_it,
    a_device_is_seen_when_it_refreshes,
    the_audit_tells_from_which_device_a_change_came,
];

impl TestApp {
    /// Issues a code for an account.
    pub async fn issue(&self, username: &str) -> Value {
        let body = json!({"account": username, "note": "a new phone"});
        self.post("/api/v1/enrolments").as_("admin").json(&body).send().await.expect(201)
    }

    async fn enrol(&self, code: &Value, device: &str) -> Answer {
        self.post("/api/v1/auth/enrol").json(&json!({"code": code, "device_name": device})).send().await
    }

    async fn devices(&self, caller: &str, query: &str) -> Vec<String> {
        let list = self.get(&format!("/api/v1/devices{query}")).as_(caller).send().await.expect(200);
        list["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    }

    async fn withdraw_device(&self, caller: &str, id: &Value) -> Answer {
        let path = format!("/api/v1/devices/{}/withdraw", id.as_str().unwrap());
        self.post(&path).as_(caller).json(&json!({"reason": "lost in the river"})).send().await
    }
}

async fn a_code_signs_one_device_in(app: TestApp) {
    let issued = app.issue("t1").await;
    assert_eq!(issued["account"]["username"], "t1");
    let (created, expires) = (&issued["created_at"], &issued["expires_at"]);
    let instant = |value: &Value| DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap();
    assert_eq!(instant(expires) - instant(created), TimeDelta::days(1));
    let answer = app.enrol(&issued["code"], "phone of T1").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let signed_in = answer.expect(200);
    assert_eq!(signed_in["device"]["name"], "phone of T1");
    assert_eq!(app.me(&signed_in).await.expect(200), signed_in["user"]);
    let next = app.refresh(&signed_in["refresh_token"]).await.expect(200);
    assert_eq!(next["device"], signed_in["device"]);
    assert_eq!(app.enrol(&issued["code"], "another phone").await.problem(401), "code_not_accepted");
    app.me(&next).await.expect(200);
}

async fn a_code_is_typed_as_people_type(app: TestApp) {
    let code = app.issue("t1").await["code"].as_str().unwrap().to_lowercase().replace('-', " ").replace('0', "o");
    app.enrol(&json!(code), "phone").await.expect(200);
}

async fn of_two_who_use_a_code_at_once_one_gets_in(app: TestApp) {
    for _ in 0..10 {
        let code = app.issue("t1").await["code"].clone();
        // From two addresses, so that only the code is shared.
        let enrol = async |device: &str, address: &str| {
            let body = json!({"code": code, "device_name": device});
            app.post("/api/v1/auth/enrol").at_address(address).json(&body).send().await
        };
        let (one, other) = join(enrol("one", "192.0.2.1"), enrol("other", "192.0.2.2")).await;
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401]);
    }
    assert_eq!(app.devices("t1", "").await.len(), 10);
}

async fn wrong_used_withdrawn_and_expired_codes_are_answered_alike(app: TestApp) {
    let (used, withdrawn, expired) = (app.issue("t1").await, app.issue("t1").await, app.issue("t1").await);
    app.enrol(&used["code"], "phone").await.expect(200);
    let path = format!("/api/v1/enrolments/{}/withdraw", withdrawn["id"].as_str().unwrap());
    assert_eq!(app.post(&path).as_("officer").send().await.expect(200)["repeated"], false);
    assert_eq!(app.post(&path).as_("officer").send().await.expect(200)["repeated"], true);
    app.clock.set(seed::now() + TimeDelta::hours(24));
    let mut answers = Vec::new();
    let codes = [
        json!("00000-00000"),
        json!("no code"),
        used["code"].clone(),
        withdrawn["code"].clone(),
        expired["code"].clone(),
    ];
    for code in codes {
        let answer = app.enrol(&code, "phone").await;
        let mut problem = answer.expect(401);
        problem["request_id"].take();
        answers.push(problem);
    }
    assert_eq!(answers[0]["code"], "code_not_accepted");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

async fn guessing_codes_is_slowed_down(app: TestApp) {
    let code = app.issue("t1").await["code"].clone();
    for _ in 0..20 {
        assert_eq!(app.enrol(&json!("00000-00000"), "phone").await.problem(401), "code_not_accepted");
    }
    let slowed = app.enrol(&code, "phone").await;
    assert_eq!((slowed.problem(429).as_str(), slowed.header("retry-after")), ("too_many_attempts", "5"));
    let body = json!({"code": code, "device_name": "phone"});
    app.post("/api/v1/auth/enrol").at_address("192.0.2.9").json(&body).send().await.expect(200);
}

async fn a_code_is_held_up_by_no_password(app: TestApp) {
    let code = app.issue("t1").await["code"].clone();
    app.lock_address("192.0.2.1").await;
    let body = json!({"code": code, "device_name": "phone"});
    app.post("/api/v1/auth/enrol").at_address("192.0.2.1").json(&body).send().await.expect(200);
}

async fn a_sign_in_whose_answer_was_lost_is_repeated_by_its_device_only(app: TestApp) {
    let code = app.issue("t1").await["code"].clone();
    let enrol = async |key: Option<&str>| {
        let request = app.post("/api/v1/auth/enrol");
        let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
        request.json(&json!({"code": code, "device_name": "phone"})).send().await
    };
    let own = "5f0d3c1e-8a67-4b52-9a0e-2b1f6f8d7c34";
    let lost = enrol(Some(own)).await.expect(200);
    for other in [None, Some("00000000-0000-4000-8000-000000000000")] {
        assert_eq!(enrol(other).await.problem(401), "code_not_accepted");
    }
    app.clock.set(seed::now() + TimeDelta::hours(2));
    let again = enrol(Some(own)).await.expect(200);
    for same in ["refresh_token", "device_token", "device", "user"] {
        assert_eq!(again[same], lost[same], "{same}");
    }
    app.me(&again).await.expect(200);
    assert_eq!(app.devices("t1", "").await, ["phone"]);
    // A device that has used the next token has the answer.
    let next = app.refresh(&again["refresh_token"]).await.expect(200);
    app.refresh(&next["refresh_token"]).await.expect(200);
    assert_eq!(enrol(Some(own)).await.problem(401), "code_not_accepted");
    app.refresh(&next["refresh_token"]).await.expect(200);
    // The secret ends with its code, its session and its account.
    let code = app.issue("t1").await["code"].clone();
    let enrol = async || {
        let request = app.post("/api/v1/auth/enrol").header("idempotency-key", own);
        request.json(&json!({"code": code, "device_name": "phone"})).send().await
    };
    let other = enrol().await.expect(200);
    app.withdraw_device("t1", &other["device"]["id"]).await.expect(200);
    assert_eq!(enrol().await.problem(401), "code_not_accepted");
}

async fn the_qr_code_holds_the_uri(app: TestApp) {
    let issued = app.issue("t1").await;
    let code = issued["code"].as_str().unwrap();
    assert_eq!(issued["uri"], format!("muster://enrol?server=http%3A%2F%2Flocalhost%3A8080&code={code}"));
    let svg = issued["qr_svg"].as_str().unwrap();
    assert!(svg.contains("<svg ") && svg.ends_with("</svg>"), "{svg}");
    let drawn = qrcode::QrCode::new(issued["uri"].as_str().unwrap()).unwrap();
    let again = drawn.render::<qrcode::render::svg::Color<'_>>().min_dimensions(240, 240).build();
    assert_eq!(svg, again);
    assert_eq!(issued["page_uri"], format!("http://localhost:8080/enrol#code={code}"));
    assert!(issued["page_qr_svg"].as_str().unwrap().contains("<svg ") && issued["page_qr_svg"] != issued["qr_svg"]);
}

async fn the_uri_names_the_address_that_the_settings_give(database: TestDatabase) {
    let public_url = Some("https://muster.example/county".to_owned());
    let app = TestApp::with_settings(database, Settings { public_url, ..Settings::default() }).await;
    let issued = app.issue("t1").await;
    let uri = issued["uri"].as_str().unwrap();
    assert!(uri.starts_with("muster://enrol?server=https%3A%2F%2Fmuster.example%2Fcounty&code="), "{uri}");
}

async fn no_code_is_stored(app: TestApp) {
    use db::schema::enrolments;
    use diesel::prelude::*;
    use sha2::{Digest as _, Sha256};
    let code = app.issue("t1").await["code"].as_str().unwrap().replace('-', "");
    let hashes = app.db.read(|snapshot| {
        let hashes: Vec<Vec<u8>> = enrolments::table.select(enrolments::code_hash).load(snapshot.connection)?;
        Ok(hashes)
    });
    let hashes = hashes.await.unwrap();
    assert_eq!(hashes[0].len(), 32);
    assert_ne!(hashes[0], Sha256::digest(&code).to_vec(), "a hash without a key is found by trying all codes");
}

async fn open_codes_are_listed_without_the_codes(app: TestApp) {
    let (used, open) = (app.issue("t1").await, app.issue("t2").await);
    app.enrol(&used["code"], "phone").await.expect(200);
    let list = app.get("/api/v1/enrolments").as_("officer").send().await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!((&items[0]["id"], &items[0]["account"]["username"]), (&open["id"], &json!("t2")));
    assert!(!list.to_string().contains(open["code"].as_str().unwrap()));
    app.clock.set(seed::now() + TimeDelta::hours(25));
    let list = app.get("/api/v1/enrolments").as_("officer").send().await.expect(200);
    assert_eq!(list["items"], json!([]));
}

async fn a_code_that_was_used_is_not_withdrawn(app: TestApp) {
    let issued = app.issue("t1").await;
    app.enrol(&issued["code"], "phone").await.expect(200);
    let path = format!("/api/v1/enrolments/{}/withdraw", issued["id"].as_str().unwrap());
    assert_eq!(app.post(&path).as_("officer").send().await.problem(409), "enrolment_used");
}

async fn codes_are_for_accounts_that_one_manages(app: TestApp) {
    let issue = |caller: &'static str, account: &'static str| {
        let body = json!({"account": account});
        let request = app.post("/api/v1/enrolments").as_(caller).json(&body);
        async move { request.send().await }
    };
    issue("officer", "t1").await.expect(201);
    issue("officer", "officer").await.expect(201);
    issue("admin", "officer").await.expect(201);
    assert_eq!(issue("officer", "admin").await.problem(403), "account_not_manageable");
    let unknown = issue("officer", "nobody").await.expect(422);
    assert_eq!(unknown["errors"][0]["code"], "account_unknown");
    let of_admin = issue("admin", "admin").await.expect(201);
    let path = format!("/api/v1/enrolments/{}/withdraw", of_admin["id"].as_str().unwrap());
    assert_eq!(app.post(&path).as_("officer").send().await.problem(403), "account_not_manageable");
}

async fn each_sees_their_own_devices_and_the_bureau_those_below(app: TestApp) {
    for (username, device) in [("t1", "phone 1"), ("t2", "phone 2"), ("viewer", "tablet"), ("t1", "phone 3")] {
        app.clock.set(app.clock.now() + TimeDelta::seconds(1));
        app.sign_in(username, Some(device)).await;
    }
    assert_eq!(app.devices("t1", "").await, ["phone 1", "phone 3"]);
    assert_eq!(app.devices("viewer", "").await, ["tablet"]);
    assert_eq!(app.devices("officer", "").await, ["phone 1", "phone 2", "tablet", "phone 3"]);
    assert_eq!(app.devices("officer", "?account=t2").await, ["phone 2"]);
    assert_eq!(app.devices("t1", "?account=t2").await, Vec::<String>::new());
}

async fn a_withdrawn_device_is_out_at_once(app: TestApp) {
    let phone = app.sign_in("t1", Some("phone")).await;
    let other = app.sign_in("t1", Some("other phone")).await;
    let withdrawn = app.withdraw_device("t1", &phone["device"]["id"]).await.expect(200);
    assert_eq!(
        (&withdrawn["repeated"], &withdrawn["device"]["withdrawn_reason"]),
        (&json!(false), &json!("lost in the river"))
    );
    assert_eq!(app.me(&phone).await.problem(401), "session_ended");
    assert_eq!(app.refresh(&phone["refresh_token"]).await.problem(401), "session_ended");
    app.me(&other).await.expect(200);
    assert_eq!(app.withdraw_device("officer", &phone["device"]["id"]).await.expect(200)["repeated"], true);
    assert_eq!(app.devices("t1", "?withdrawn=false").await, ["other phone"]);
    assert_eq!(app.devices("t1", "?withdrawn=true").await, ["phone"]);
}

async fn a_device_of_somebody_else_is_withdrawn_by_those_who_manage_it(app: TestApp) {
    let phone = app.sign_in("t1", Some("phone")).await["device"]["id"].clone();
    let tablet = app.sign_in("admin", Some("tablet")).await["device"]["id"].clone();
    for stranger in ["t2", "viewer"] {
        assert_eq!(app.withdraw_device(stranger, &phone).await.problem(404), "not_found");
    }
    assert_eq!(app.withdraw_device("officer", &tablet).await.problem(403), "account_not_manageable");
    app.withdraw_device("officer", &phone).await.expect(200);
}

async fn a_device_is_seen_when_it_refreshes(app: TestApp) {
    let phone = app.sign_in("t1", Some("phone")).await;
    app.clock.set(seed::now() + TimeDelta::minutes(20));
    app.refresh(&phone["refresh_token"]).await.expect(200);
    let list = app.get("/api/v1/devices").as_("officer").send().await.expect(200);
    let device = &list["items"][0];
    let instant = |name: &str| DateTime::parse_from_rfc3339(device[name].as_str().unwrap()).unwrap();
    assert_eq!(instant("last_seen_at") - instant("created_at"), TimeDelta::minutes(20));
}

async fn the_audit_tells_from_which_device_a_change_came(app: TestApp) {
    use db::schema::audit_entries;
    use diesel::prelude::*;
    let tablet = app.sign_in("officer", Some("tablet of the officer")).await;
    let body = json!({"account": "t1"});
    let issue = app.post("/api/v1/enrolments").bearing(&tablet["access_token"]).json(&body);
    issue.send().await.expect(201);
    let told = app.db.read(|snapshot| {
        let rows: Vec<Option<String>> = audit_entries::table
            .filter(audit_entries::action.eq("issue_enrolment"))
            .select(audit_entries::device)
            .load(snapshot.connection)?;
        Ok(rows)
    });
    assert_eq!(told.await.unwrap(), [Some("tablet of the officer".to_owned())]);
}
