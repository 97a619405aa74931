//! Staying signed in: refresh tokens that follow each other, and sessions that end.

use std::sync::Arc;

use chrono::TimeDelta;
use futures_util::future::join;
use muster::api::settings::Settings;
use serde_json::{Value, json};

use crate::app::{Answer, Lasting, TestApp};
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::seed;

use auth::refresh::RefreshToken;
use db::locks::Locks;
use db::sessions::Family;
use domain::actor::Actor;

cases![
    a_refresh_gives_tokens_that_work,
    the_same_successor_comes_again_until_it_is_used,
    a_token_used_after_its_successor_ends_the_session,
    a_token_from_long_before_ends_the_session_too,
    two_at_the_same_moment_get_the_same_successor,
    no_token_is_stored,
    a_session_lapses_long_after_its_last_use_only,
    a_session_ends_long_after_its_sign_in_whatever_is_used,
    a_token_that_two_devices_use_in_step_is_found_out_by_their_keys,
    a_repeat_is_known_by_its_key_after_another_token_key_signs,
    a_token_that_two_devices_use_in_step_is_found_out_without_keys,
    a_client_that_loses_answers_stays_signed_in,
    what_is_no_refresh_token_is_answered_like_one_that_ended,
    signing_out_ends_every_token_of_the_session_and_no_other,
    closing_the_account_ends_its_sessions_for_good,
    a_changed_password_ends_the_other_sessions,
    a_wrong_present_password_changes_nothing_and_is_slowed_down,
    a_new_password_must_be_long_and_not_the_first_to_be_guessed,
    a_right_that_was_taken_away_is_gone_at_once,
    the_end_of_a_session_for_safety_is_audited,
    a_token_given_out_after_the_backup_is_taken_and_a_spent_one_is_not,
    a_token_of_an_earlier_version_goes_on,
];

impl TestApp {
    /// Signs in with the seed's password, on a device if one is named, and returns the answer.
    pub async fn sign_in(&self, username: &str, device: Option<&str>) -> Value {
        let mut credentials = json!({"username": username, "password": seed::PASSWORD});
        if let Some(device) = device {
            credentials["device_name"] = json!(device);
        }
        self.post("/api/v1/auth/login").json(&credentials).send().await.expect(200)
    }

    /// Sends a refresh token.
    pub async fn refresh(&self, token: &Value) -> Answer {
        self.post("/api/v1/auth/refresh").json(&json!({"refresh_token": token})).send().await
    }

    /// Asks for the signed-in account, with the access token of an answer to a sign-in.
    pub async fn me(&self, signed_in: &Value) -> Answer {
        self.get("/api/v1/me").bearing(&signed_in["access_token"]).send().await
    }
}

async fn a_refresh_gives_tokens_that_work(app: TestApp) {
    let first = app.sign_in("t1", None).await;
    assert_eq!((&first["expires_in"], &first["device"]), (&json!(900), &Value::Null));
    app.clock.set(seed::now() + TimeDelta::minutes(20));
    assert_eq!(app.me(&first).await.problem(401), "token_expired");
    let answer = app.refresh(&first["refresh_token"]).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let second = answer.expect(200);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(second["user"], first["user"]);
    assert_eq!(app.me(&second).await.expect(200), first["user"]);
}

async fn the_same_successor_comes_again_until_it_is_used(app: TestApp) {
    let first = app.sign_in("t1", None).await["refresh_token"].clone();
    let second = app.refresh(&first).await.expect(200);
    // The answer was lost; the access token of another answer was even used.
    app.me(&second).await.expect(200);
    let again = app.refresh(&first).await.expect(200);
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    let third = app.refresh(&second["refresh_token"]).await.expect(200);
    assert_ne!(third["refresh_token"], second["refresh_token"]);
    assert_eq!(app.refresh(&second["refresh_token"]).await.expect(200)["refresh_token"], third["refresh_token"]);
}

async fn a_token_used_after_its_successor_ends_the_session(app: TestApp) {
    let first = app.sign_in("t1", None).await["refresh_token"].clone();
    let second = app.refresh(&first).await.expect(200);
    let third = app.refresh(&second["refresh_token"]).await.expect(200);
    assert_eq!(app.refresh(&first).await.problem(401), "session_ended");
    for token in [&first, &second["refresh_token"], &third["refresh_token"]] {
        assert_eq!(app.refresh(token).await.problem(401), "session_ended");
    }
    assert_eq!(app.me(&third).await.problem(401), "session_ended");
}

async fn a_token_from_long_before_ends_the_session_too(app: TestApp) {
    let mut tokens = vec![app.sign_in("t1", None).await["refresh_token"].clone()];
    for _ in 0..5 {
        tokens.push(app.refresh(tokens.last().unwrap()).await.expect(200)["refresh_token"].clone());
    }
    assert_eq!(app.refresh(&tokens[1]).await.problem(401), "session_ended");
    assert_eq!(app.refresh(&tokens[5]).await.problem(401), "session_ended");
}

async fn two_at_the_same_moment_get_the_same_successor(app: TestApp) {
    let mut token = app.sign_in("t1", None).await["refresh_token"].clone();
    for _ in 0..20 {
        let (one, other) = join(app.refresh(&token), app.refresh(&token)).await;
        let (one, other) = (one.expect(200), other.expect(200));
        assert_eq!(one["refresh_token"], other["refresh_token"]);
        app.me(&one).await.expect(200);
        app.me(&other).await.expect(200);
        token = one["refresh_token"].clone();
    }
}

async fn no_token_is_stored(app: TestApp) {
    use db::schema::sessions;
    use diesel::prelude::*;
    let first = app.sign_in("t1", None).await["refresh_token"].clone();
    let second = app.refresh(&first).await.expect(200)["refresh_token"].clone();
    let stored = app.db.read(|snapshot| {
        let columns = (
            sessions::family_hash,
            sessions::current_hash,
            sessions::successor_salt.assume_not_null(),
            sessions::successor_hash.assume_not_null(),
        );
        let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>)> =
            sessions::table.filter(sessions::successor_hash.is_not_null()).select(columns).load(snapshot.connection)?;
        Ok(rows)
    });
    let stored = stored.await.unwrap();
    assert_eq!(stored.len(), 1);
    let (family, current, salt, successor) = &stored[0];
    for token in [first, second] {
        use base64::Engine as _;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.as_str().unwrap()).unwrap();
        for part in [family, current, salt, successor] {
            assert!(!bytes.windows(16).any(|window| window == &part[..16]), "a part of a token is stored");
        }
    }
}

async fn a_session_lapses_long_after_its_last_use_only(app: TestApp) {
    let mut token = app.sign_in("t1", None).await["refresh_token"].clone();
    let mut now = seed::now();
    for _ in 0..3 {
        now += TimeDelta::days(89);
        app.clock.set(now);
        token = app.refresh(&token).await.expect(200)["refresh_token"].clone();
    }
    app.clock.set(now + TimeDelta::days(91));
    assert_eq!(app.refresh(&token).await.problem(401), "session_ended");
}

async fn a_session_ends_long_after_its_sign_in_whatever_is_used(database: TestDatabase) {
    let settings = Settings { session_lifetime: TimeDelta::days(90), ..Settings::default() };
    let app = TestApp::with_settings(database, settings).await;
    let mut signed_in = app.sign_in("t1", None).await;
    for days in [30, 60, 89] {
        app.clock.set(seed::now() + TimeDelta::days(days));
        signed_in = app.refresh(&signed_in["refresh_token"]).await.expect(200);
    }
    let ends = seed::now() + TimeDelta::days(90);
    app.clock.set(ends - TimeDelta::minutes(5));
    signed_in = app.refresh(&signed_in["refresh_token"]).await.expect(200);
    assert_eq!(signed_in["expires_in"], 300, "no access token outlasts its session");
    app.clock.set(ends + TimeDelta::seconds(1));
    assert_eq!(app.me(&signed_in).await.problem(401), "token_expired");
    for _ in 0..2 {
        assert_eq!(app.refresh(&signed_in["refresh_token"]).await.problem(401), "session_expired");
    }
    app.me(&app.sign_in("t1", None).await).await.expect(200);
}

impl TestApp {
    async fn refresh_with(&self, token: &Value, key: &str) -> Answer {
        let request = self.post("/api/v1/auth/refresh").header("idempotency-key", key);
        let answer = request.json(&json!({"refresh_token": token})).send().await;
        self.clock.set(self.clock.now() + TimeDelta::seconds(60));
        answer
    }

    async fn refresh_later(&self, token: &Value) -> Answer {
        let answer = self.refresh(token).await;
        self.clock.set(self.clock.now() + TimeDelta::seconds(60));
        answer
    }
}

async fn a_token_that_two_devices_use_in_step_is_found_out_by_their_keys(app: TestApp) {
    let first = app.sign_in("t1", None).await["refresh_token"].clone();
    let second = app.refresh_with(&first, "a-key-of-the-holder-1").await.expect(200);
    // The holder's answer was lost several times.
    for _ in 0..3 {
        let again = app.refresh_with(&first, "a-key-of-the-holder-1").await.expect(200);
        assert_eq!(again["refresh_token"], second["refresh_token"]);
    }
    assert_eq!(app.refresh_with(&first, "a-key-of-somebody-else").await.problem(401), "session_ended");
    assert_eq!(app.refresh_with(&second["refresh_token"], "a-key-of-the-holder-2").await.problem(401), "session_ended");
    for key in ["short", &"x".repeat(256), "a key with blanks"] {
        let refused = app.refresh_with(&first, key).await.expect(400);
        assert_eq!(refused["errors"][0]["pointer"], "/Idempotency-Key", "{key}");
    }
}

async fn a_repeat_is_known_by_its_key_after_another_token_key_signs(app: TestApp) {
    let first = app.sign_in("t1", None).await["refresh_token"].clone();
    let second = app.refresh_with(&first, "a-key-of-the-holder-1").await.expect(200);
    let kept =
        Lasting { clock: app.clock.clone(), receipts: app.receipts.clone(), ..Lasting::new((*app.settings).clone()) };
    let app = TestApp::again(Arc::new(app.into_database().await), kept, None).await;
    // The first answer was lost.
    let again = app.refresh_with(&first, "a-key-of-the-holder-1").await.expect(200);
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    app.me(&again).await.expect(200);
    assert_eq!(app.refresh_with(&first, "a-key-of-somebody-else").await.problem(401), "session_ended");
}

async fn a_token_that_two_devices_use_in_step_is_found_out_without_keys(app: TestApp) {
    let copied = app.sign_in("t1", None).await["refresh_token"].clone();
    let (mut holder, mut thief) = (copied.clone(), copied);
    let mut rounds = 0;
    let found = loop {
        rounds += 1;
        assert!(rounds < 10, "nobody noticed");
        holder = match app.refresh_later(&holder).await {
            answer if answer.status == 200 => answer.json()["refresh_token"].clone(),
            answer => break answer,
        };
        thief = match app.refresh_later(&thief).await {
            answer if answer.status == 200 => answer.json()["refresh_token"].clone(),
            answer => break answer,
        };
    };
    assert_eq!(found.problem(401), "session_ended");
    assert_eq!(app.refresh(&holder).await.problem(401), "session_ended");
}

/// Every third answer is lost, and one several times.
async fn a_client_that_loses_answers_stays_signed_in(app: TestApp) {
    let mut token = app.sign_in("t1", None).await["refresh_token"].clone();
    for round in 0..30 {
        let lost = match round {
            10 => 12,
            _ => usize::from(round % 3 == 0),
        };
        for _ in 0..lost {
            app.refresh_later(&token).await.expect(200);
        }
        token = app.refresh_later(&token).await.expect(200)["refresh_token"].clone();
    }
}

async fn what_is_no_refresh_token_is_answered_like_one_that_ended(app: TestApp) {
    for text in ["x".to_owned(), "A".repeat(86), "A".repeat(128)] {
        assert_eq!(app.refresh(&json!(text)).await.problem(401), "session_ended");
    }
}

async fn signing_out_ends_every_token_of_the_session_and_no_other(app: TestApp) {
    let (one, other) = (app.sign_in("t1", None).await, app.sign_in("t1", None).await);
    let next = app.refresh(&one["refresh_token"]).await.expect(200);
    for _ in 0..2 {
        let sign_out = app.post("/api/v1/auth/logout").json(&json!({"refresh_token": one["refresh_token"]}));
        assert_eq!(sign_out.send().await.expect(200), json!({"signed_out": true}));
    }
    for signed_in in [&one, &next] {
        assert_eq!(app.me(signed_in).await.problem(401), "session_ended");
        assert_eq!(app.refresh(&signed_in["refresh_token"]).await.problem(401), "session_ended");
    }
    app.me(&other).await.expect(200);
    let unknown = app.post("/api/v1/auth/logout").json(&json!({"refresh_token": "nobody's"}));
    assert_eq!(unknown.send().await.expect(200), json!({"signed_out": true}));
}

async fn closing_the_account_ends_its_sessions_for_good(app: TestApp) {
    let signed_in = app.sign_in("t1", None).await;
    let id = app.account("t1").await["id"].as_str().unwrap().to_owned();
    let close = app.post(&format!("/api/v1/accounts/{id}/close")).as_("officer").json(&json!({"reason": "left"}));
    close.send().await.expect(200);
    assert_eq!(app.me(&signed_in).await.problem(401), "account_closed");
    assert_eq!(app.refresh(&signed_in["refresh_token"]).await.problem(401), "account_closed");
    app.post(&format!("/api/v1/accounts/{id}/reopen")).as_("officer").send().await.expect(200);
    assert_eq!(app.me(&signed_in).await.problem(401), "session_ended");
    assert_eq!(app.refresh(&signed_in["refresh_token"]).await.problem(401), "session_ended");
    let again = app.sign_in("t1", None).await;
    app.me(&again).await.expect(200);
}

async fn a_changed_password_ends_the_other_sessions(app: TestApp) {
    let (mine, other) = (app.sign_in("t1", None).await, app.sign_in("t1", Some("lost phone")).await);
    let new = "six brigades and a river";
    let change = app.post("/api/v1/me/password").bearing(&mine["access_token"]);
    change.json(&json!({"current": seed::PASSWORD, "new": new})).send().await.expect(200);
    app.me(&mine).await.expect(200);
    app.refresh(&mine["refresh_token"]).await.expect(200);
    assert_eq!(app.me(&other).await.problem(401), "session_ended");
    assert_eq!(app.refresh(&other["refresh_token"]).await.problem(401), "session_ended");
    for (password, status) in [(seed::PASSWORD, 401), (new, 200)] {
        let credentials = json!({"username": "t1", "password": password});
        assert_eq!(app.post("/api/v1/auth/login").json(&credentials).send().await.status, status);
    }
}

async fn a_wrong_present_password_changes_nothing_and_is_slowed_down(app: TestApp) {
    let body = |current: &str| json!({"current": current, "new": "six brigades and a river"});
    for _ in 0..5 {
        let refused = app.post("/api/v1/me/password").as_("t1").json(&body("a wrong guess")).send().await;
        let problem = refused.expect(422);
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("/current"), &json!("password_wrong"))
        );
    }
    let slowed = app.post("/api/v1/me/password").as_("t1").json(&body(seed::PASSWORD)).send().await;
    assert_eq!(slowed.problem(429), "too_many_attempts");
    // They count together with failed sign-ins.
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    assert_eq!(app.post("/api/v1/auth/login").json(&credentials).send().await.problem(429), "too_many_attempts");
    app.clock.set(seed::now() + TimeDelta::seconds(6));
    app.post("/api/v1/auth/login").json(&credentials).send().await.expect(200);
}

async fn a_new_password_must_be_long_and_not_the_first_to_be_guessed(app: TestApp) {
    let cases = [
        ("ninechars", "length_out_of_bounds"),
        ("Password123", "password_guessable"),
        ("officer2026", "password_like_username"),
    ];
    for (new, code) in cases {
        let change = app.post("/api/v1/me/password").as_("officer");
        let problem = change.json(&json!({"current": seed::PASSWORD, "new": new})).send().await.expect(422);
        assert_eq!((&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]), (&json!("/new"), &json!(code)));
    }
}

async fn a_right_that_was_taken_away_is_gone_at_once(app: TestApp) {
    let officer = app.sign_in("officer", None).await;
    app.get("/api/v1/accounts").bearing(&officer["access_token"]).send().await.expect(200);
    let (account, tag) = app.account_with_tag("officer").await;
    let change = json!({
        "username": "officer", "display_name": "Reads only", "role": "viewer", "region": account["region"]["code"]
    });
    let path = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
    app.put(&path).as_("admin").header("if-match", &tag).json(&change).send().await.expect(200);
    let refused = app.get("/api/v1/accounts").bearing(&officer["access_token"]).send().await;
    assert_eq!(refused.problem(403), "role_not_allowed");
    assert_eq!(app.me(&officer).await.expect(200)["display_name"], "Reads only");
}

async fn the_end_of_a_session_for_safety_is_audited(app: TestApp) {
    use db::schema::{audit_entries, audit_subjects};
    use diesel::prelude::*;
    use domain::actor::SubjectKind;
    let first = app.sign_in("t1", None).await["refresh_token"].clone();
    let second = app.refresh(&first).await.expect(200)["refresh_token"].clone();
    app.refresh(&second).await.expect(200);
    app.refresh(&first).await.problem(401);
    let told = app.db.read(|snapshot| {
        let rows: Vec<String> = audit_subjects::table
            .inner_join(audit_entries::table.on(audit_entries::change_set.eq(audit_subjects::change_set)))
            .filter(audit_subjects::kind.eq(SubjectKind::Session))
            .select(audit_entries::action)
            .load(snapshot.connection)?;
        Ok(rows)
    });
    assert_eq!(told.await.unwrap(), ["refresh_session"]);
}

impl TestApp {
    fn read_token(&self, token: &Value) -> RefreshToken {
        RefreshToken::read(token.as_str().unwrap(), self.receipts.refresh_keys()).unwrap()
    }

    /// The state of a family, which is put back where one is given, as by a restore.
    pub async fn family(&self, token: &Value, restored: Option<Family>) -> Family {
        let (token, now) = (self.read_token(token), self.clock.now());
        let key = service::sessions::key_of(&token);
        let work = move |change: &mut db::write::Change<'_>| {
            let locked = change.for_key(key)?;
            let found = db::sessions::find_family(change.connection, locked, &token.family_hash())?.unwrap();
            if let Some(restored) = &restored {
                db::sessions::rotate(change.connection, restored, now)?;
            }
            Ok(found)
        };
        self.db.write(Actor::command("test"), Locks::none().keys([key]), work).await.unwrap().value
    }
}

async fn a_token_given_out_after_the_backup_is_taken_and_a_spent_one_is_not(app: TestApp) {
    let mut tokens = vec![app.sign_in("t1", None).await["refresh_token"].clone()];
    let next = async |token: &Value| app.refresh(token).await.expect(200)["refresh_token"].clone();
    for _ in 0..2 {
        tokens.push(next(tokens.last().unwrap()).await);
    }
    let backup = app.family(&tokens[0], None).await;
    for _ in 0..4 {
        tokens.push(next(tokens.last().unwrap()).await);
    }
    app.family(&tokens[0], Some(backup.clone())).await;
    // The phone holds the last, whose predecessors the database never saw.
    let first = next(&tokens[6]).await;
    assert_eq!(next(&tokens[6]).await, first);
    let second = next(&first).await;
    // One that was spent before the restore is a copy, as ever.
    assert_eq!(app.refresh(&tokens[5]).await.problem(401), "session_ended");
    assert_eq!(app.refresh(&second).await.problem(401), "session_ended");
    // A number that nobody authenticated is none.
    app.family(&tokens[0], Some(Family { ended: false, ..backup })).await;
    let forged = RefreshToken::generate().reveal(auth::receipts::ReceiptKeys::generate().unwrap().refresh_keys());
    assert_eq!(app.refresh(&json!(forged)).await.problem(401), "session_ended");
}

async fn a_token_of_an_earlier_version_goes_on(app: TestApp) {
    let token = app.sign_in("t1", None).await["refresh_token"].clone();
    // Its first 64 bytes are all that such a token has: 85 characters and part of another.
    let bytes =
        base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, token.as_str().unwrap()).unwrap();
    let old = json!(base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &bytes[..64]));
    let second = app.refresh(&old).await.expect(200);
    assert_eq!(app.refresh(&old).await.expect(200)["refresh_token"], second["refresh_token"]);
    let third = app.refresh(&second["refresh_token"]).await.expect(200);
    assert_eq!(app.refresh(&old).await.problem(401), "session_ended");
    assert_eq!(app.refresh(&third["refresh_token"]).await.problem(401), "session_ended");
}
