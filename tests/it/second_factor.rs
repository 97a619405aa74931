//! Second factors: codes of an authenticator app for the bureau's people.

use chrono::TimeDelta;
use muster::api::settings::Settings;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::seed;

cases![
    a_code_of_the_app_is_asked_for_once_it_is_confirmed,
    a_code_is_good_once_and_a_step_to_both_sides,
    wrong_codes_are_slowed_down_like_wrong_passwords,
    no_right_password_takes_wrong_codes_back,
    no_right_code_takes_wrong_passwords_back,
    a_right_password_counts_as_right_where_a_second_factor_is_set,
    wrong_codes_count_together_wherever_they_are_tried,
    a_recovery_code_takes_the_place_of_the_app_once,
    a_code_is_asked_for_beside_an_enrolment_code_too,
    a_repeated_enrolment_needs_no_new_code,
    it_is_removed_with_a_code_or_by_an_admin,
    the_password_is_asked_for_before_one_is_started,
    where_it_is_required_nothing_else_is_done_before,
    no_secret_is_stored,
];

/// The code that an app with a secret shows now.
fn code_of(app: &TestApp, secret: &Value) -> String {
    let secret = Secret::try_from_base32(secret.as_str().unwrap()).unwrap();
    let totp = Builder::new().with_secret(secret).build().unwrap();
    totp.generate(u64::try_from(app.clock.now().timestamp()).unwrap()).to_string()
}

impl TestApp {
    fn wait(&self, seconds: i64) {
        self.clock.set(self.clock.now() + TimeDelta::seconds(seconds));
    }

    async fn start_factor(&self, username: &str) -> Value {
        let request = self.post("/api/v1/me/second-factor").as_(username).json(&json!({"current": seed::PASSWORD}));
        request.send().await.expect(200)["secret"].clone()
    }

    async fn confirm_factor(&self, username: &str, code: &str) -> Answer {
        let request = self.post("/api/v1/me/second-factor/confirm").as_(username);
        request.json(&json!({"code": code})).send().await
    }

    async fn remove_factor(&self, username: &str, code: &str) -> Answer {
        let request = self.post("/api/v1/me/second-factor/remove").as_(username);
        request.json(&json!({"code": code})).send().await
    }

    /// Sets up a second factor, and waits until its code was used up. Returns the secret and the recovery codes.
    async fn set_factor(&self, username: &str) -> (Value, Vec<String>) {
        let secret = self.start_factor(username).await;
        let confirmed = self.confirm_factor(username, &code_of(self, &secret)).await.expect(200);
        let codes = confirmed["recovery_codes"].as_array().unwrap();
        self.wait(60);
        (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    async fn sign_in_with(&self, username: &str, code: Option<&str>) -> Answer {
        let mut body = json!({"username": username, "password": seed::PASSWORD});
        if let Some(code) = code {
            body["second_factor"] = json!(code);
        }
        self.post("/api/v1/auth/login").json(&body).send().await
    }
}

async fn a_code_of_the_app_is_asked_for_once_it_is_confirmed(app: TestApp) {
    let started = app.post("/api/v1/me/second-factor").as_("officer").json(&json!({"current": seed::PASSWORD}));
    let answer = started.send().await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let started = answer.expect(200);
    let uri = started["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/Muster:officer?") && uri.contains("issuer=Muster"), "{uri}");
    assert!(started["qr_svg"].as_str().unwrap().contains("<svg "));
    app.sign_in("officer", None).await;
    let refused = app.confirm_factor("officer", "000000").await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "second_factor_wrong");
    let confirmed = app.confirm_factor("officer", &code_of(&app, &started["secret"])).await.expect(200);
    assert_eq!(confirmed["recovery_codes"].as_array().unwrap().len(), 10);
    app.wait(60);
    for _ in 0..8 {
        assert_eq!(app.sign_in_with("officer", None).await.problem(401), "second_factor_needed");
    }
    let signed_in = app.sign_in_with("officer", Some(&code_of(&app, &started["secret"]))).await.expect(200);
    let state = app.get("/api/v1/me/second-factor").bearing(&signed_in["access_token"]).send().await.expect(200);
    assert_eq!((&state["set"], &state["recovery_codes_left"]), (&json!(true), &json!(10)));
    assert_eq!(app.confirm_factor("officer", "000000").await.problem(409), "second_factor_not_begun");
    let again = app.post("/api/v1/me/second-factor").as_("officer").json(&json!({"current": seed::PASSWORD}));
    assert_eq!(again.send().await.problem(409), "second_factor_is_set");
    // The answer to a wrong password does not reveal that there is a second factor.
    let wrong = json!({"username": "officer", "password": "wrong"});
    assert_eq!(app.post("/api/v1/auth/login").json(&wrong).send().await.problem(401), "credentials_wrong");
}

async fn a_code_is_good_once_and_a_step_to_both_sides(app: TestApp) {
    let (secret, _) = app.set_factor("admin").await;
    let code = code_of(&app, &secret);
    app.wait(30);
    app.sign_in_with("admin", Some(&code)).await.expect(200);
    assert_eq!(app.sign_in_with("admin", Some(&code)).await.problem(401), "second_factor_wrong");
    app.wait(30);
    let ahead = code_of(&app, &secret);
    app.wait(-30);
    app.sign_in_with("admin", Some(&ahead)).await.expect(200);
    let old = code_of(&app, &secret);
    app.wait(90);
    assert_eq!(app.sign_in_with("admin", Some(&old)).await.problem(401), "second_factor_wrong");
    app.sign_in_with("admin", Some(&code_of(&app, &secret))).await.expect(200);
}

async fn wrong_codes_are_slowed_down_like_wrong_passwords(app: TestApp) {
    let (secret, _) = app.set_factor("officer").await;
    for _ in 0..5 {
        assert_eq!(app.sign_in_with("officer", Some("not it")).await.problem(401), "second_factor_wrong");
        // The right password alone clears none of them.
        app.sign_in_with("officer", None).await;
    }
    let slowed = app.sign_in_with("officer", Some(&code_of(&app, &secret))).await;
    assert_eq!(slowed.problem(429), "too_many_attempts");
    app.wait(30);
    app.sign_in_with("officer", Some(&code_of(&app, &secret))).await.expect(200);
}

/// A thief with a session and the password, but without the app.
async fn no_right_password_takes_wrong_codes_back(app: TestApp) {
    let (secret, _) = app.set_factor("officer").await;
    let (mut current, new) = (seed::PASSWORD, ["six brigades and a river", "seven depots on two hills"]);
    for (place, new) in new.into_iter().enumerate() {
        for _ in 0..2 + place % 2 {
            assert_eq!(app.remove_factor("officer", "000000").await.expect(422)["errors"][0]["pointer"], "/code");
        }
        let change = app.post("/api/v1/me/password").as_("officer").json(&json!({"current": current, "new": new}));
        change.send().await.expect(200);
        current = new;
    }
    let right = code_of(&app, &secret);
    assert_eq!(app.remove_factor("officer", &right).await.problem(429), "too_many_attempts");
    app.wait(5);
    app.remove_factor("officer", &right).await.expect(200);
}

/// A thief with a session and the app, but without the password.
async fn a_right_password_counts_as_right_where_a_second_factor_is_set(app: TestApp) {
    app.set_factor("officer").await;
    for _ in 0..8 {
        let again = app.post("/api/v1/me/second-factor").as_("officer").json(&json!({"current": seed::PASSWORD}));
        assert_eq!(again.send().await.problem(409), "second_factor_is_set");
    }
}

async fn no_right_code_takes_wrong_passwords_back(app: TestApp) {
    let (secret, _) = app.set_factor("officer").await;
    let change = async |current: &str| {
        let body = json!({"current": current, "new": "six brigades and a river"});
        app.post("/api/v1/me/password").as_("officer").json(&body).send().await
    };
    for _ in 0..4 {
        assert_eq!(change("wrong").await.expect(422)["errors"][0]["code"], "password_wrong");
    }
    app.remove_factor("officer", &code_of(&app, &secret)).await.expect(200);
    change("wrong").await.expect(422);
    assert_eq!(change(seed::PASSWORD).await.problem(429), "too_many_attempts");
}

async fn wrong_codes_count_together_wherever_they_are_tried(app: TestApp) {
    let device = app.sign_in("officer", Some("tablet")).await["device_token"].clone();
    let (secret, _) = app.set_factor("officer").await;
    let enrolment = app.issue("officer").await["code"].clone();
    let sign_in = async |code: &str| {
        let credentials = json!({
            "username": "officer", "password": seed::PASSWORD, "device_token": device, "second_factor": code
        });
        app.post("/api/v1/auth/login").json(&credentials).send().await
    };
    let enrol = async |code: &str| {
        let body = json!({"code": enrolment, "device_name": "phone", "second_factor": code});
        app.post("/api/v1/auth/enrol").json(&body).send().await
    };
    for _ in 0..2 {
        assert_eq!(sign_in("000000").await.problem(401), "second_factor_wrong");
        assert_eq!(enrol("000000").await.problem(401), "second_factor_wrong");
    }
    // The right password of another device takes none of them back.
    assert_eq!(app.sign_in_with("officer", None).await.problem(401), "second_factor_needed");
    app.remove_factor("officer", "000000").await.expect(422);
    let right = code_of(&app, &secret);
    assert_eq!(sign_in(&right).await.problem(429), "too_many_attempts");
    assert_eq!(enrol(&right).await.problem(429), "too_many_attempts");
    assert_eq!(app.remove_factor("officer", &right).await.problem(429), "too_many_attempts");
    app.wait(5);
    sign_in(&right).await.expect(200);
}

async fn a_recovery_code_takes_the_place_of_the_app_once(app: TestApp) {
    let (_, codes) = app.set_factor("viewer").await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    let signed_in = app.sign_in_with("viewer", Some(&typed)).await.expect(200);
    assert_eq!(app.sign_in_with("viewer", Some(&codes[3])).await.problem(401), "second_factor_wrong");
    let state = app.get("/api/v1/me/second-factor").bearing(&signed_in["access_token"]).send().await.expect(200);
    assert_eq!(state["recovery_codes_left"], 9);
    app.set_factor("officer").await;
    assert_eq!(app.sign_in_with("officer", Some(&codes[4])).await.problem(401), "second_factor_wrong");
}

async fn a_code_is_asked_for_beside_an_enrolment_code_too(app: TestApp) {
    let (secret, _) = app.set_factor("officer").await;
    let code = app.issue("officer").await["code"].clone();
    let enrol = async |second: Option<&str>, address: &str| {
        let mut body = json!({"code": code, "device_name": "tablet"});
        if let Some(second) = second {
            body["second_factor"] = json!(second);
        }
        app.post("/api/v1/auth/enrol").at_address(address).json(&body).send().await
    };
    assert_eq!(enrol(None, "192.0.2.1").await.problem(401), "second_factor_needed");
    for number in 0..5 {
        // From many addresses.
        let guess = enrol(Some("000000"), &format!("192.0.2.{number}")).await;
        assert_eq!(guess.problem(401), "second_factor_wrong");
    }
    let right = code_of(&app, &secret);
    assert_eq!(enrol(Some(&right), "192.0.2.9").await.problem(429), "too_many_attempts");
    app.wait(10);
    enrol(Some(&right), "192.0.2.9").await.expect(200);
}

async fn a_repeated_enrolment_needs_no_new_code(app: TestApp) {
    let (secret, _) = app.set_factor("officer").await;
    let code = app.issue("officer").await["code"].clone();
    let body = json!({"code": code, "device_name": "tablet", "second_factor": code_of(&app, &secret)});
    let enrol = || app.post("/api/v1/auth/enrol").header("idempotency-key", "a-key-of-the-tablet").json(&body).send();
    let first = enrol().await.expect(200);
    app.wait(3600);
    assert_eq!(enrol().await.expect(200)["refresh_token"], first["refresh_token"]);
}

async fn it_is_removed_with_a_code_or_by_an_admin(app: TestApp) {
    let (secret, _) = app.set_factor("officer").await;
    let wrong = app.remove_factor("officer", "000000").await.expect(422);
    assert_eq!(wrong["errors"][0]["code"], "second_factor_wrong");
    assert_eq!(app.remove_factor("officer", &code_of(&app, &secret)).await.expect(200)["repeated"], false);
    app.sign_in_with("officer", None).await.expect(200);
    app.set_factor("officer").await;
    let reset = async |caller: &str, username: &str| {
        let id = app.account(username).await["id"].as_str().unwrap().to_owned();
        app.post(&format!("/api/v1/accounts/{id}/second-factor/reset")).as_(caller).send().await
    };
    assert_eq!(reset("officer", "officer").await.problem(403), "role_not_allowed");
    assert_eq!(reset("admin", "admin").await.problem(403), "own_account");
    for repeated in [false, true] {
        assert_eq!(reset("admin", "officer").await.expect(200), json!({"removed": true, "repeated": repeated}));
    }
    app.sign_in_with("officer", None).await.expect(200);
}

async fn the_password_is_asked_for_before_one_is_started(app: TestApp) {
    let start = async |body: Value| {
        app.post("/api/v1/me/second-factor").as_("officer").json(&body).send().await.expect(422)["errors"][0].clone()
    };
    assert_eq!(start(json!({})).await["code"], "missing_field");
    for _ in 0..5 {
        assert_eq!(start(json!({"current": "wrong"})).await["code"], "password_wrong");
    }
    let slowed = app.post("/api/v1/me/second-factor").as_("officer").json(&json!({"current": seed::PASSWORD}));
    assert_eq!(slowed.send().await.problem(429), "too_many_attempts");
}

async fn where_it_is_required_nothing_else_is_done_before(database: TestDatabase) {
    let settings = Settings { require_second_factor: true, ..Settings::default() };
    let app = TestApp::with_settings(database, settings).await;
    for path in ["/api/v1/items", "/api/v1/accounts", "/api/v1/sync"] {
        assert_eq!(app.get(path).as_("officer").send().await.problem(403), "second_factor_required", "{path}");
    }
    let push = json!({"device_id": "d", "sent_at": seed::now(), "queued": 0, "commands": []});
    let push = app.post("/api/v1/sync").as_("officer").json(&push).send().await;
    assert_eq!(push.problem(403), "second_factor_required");
    app.get("/api/v1/items").as_("t1").send().await.expect(200);
    app.get("/api/v1/me").as_("officer").send().await.expect(200);
    let state = app.get("/api/v1/me/second-factor").as_("officer").send().await.expect(200);
    assert_eq!((&state["set"], &state["required"]), (&json!(false), &json!(true)));
    app.set_factor("officer").await;
    app.get("/api/v1/items").as_("officer").send().await.expect(200);
}

async fn no_secret_is_stored(app: TestApp) {
    use db::schema::second_factors;
    use diesel::prelude::*;
    let (secret, _) = app.set_factor("officer").await;
    let secret = Secret::try_from_base32(secret.as_str().unwrap()).unwrap();
    let stored = app.db.read(|snapshot| {
        let seed: Vec<u8> = second_factors::table.select(second_factors::seed).first(snapshot.connection)?;
        Ok(seed)
    });
    let seed = stored.await.unwrap();
    assert!(!seed.windows(8).any(|part| secret.as_ref().windows(8).any(|of_secret| of_secret == part)));
}
