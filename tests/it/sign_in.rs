//! Signing in, and the uses of tokens.

use std::cell::Cell;

use actix_web::http::Method;
use auth::passwords::Passwords;
use base::id::SessionId;
use chrono::TimeDelta;
use db::locks::Locks;
use futures_util::future::{join, join_all};
use serde_json::json;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::rules::count;
use crate::seed;

cases![
    a_password_gives_a_token_that_says_who_one_is,
    capitals_in_a_user_name_do_not_matter,
    a_wrong_password_and_an_unknown_account_are_answered_alike,
    the_same_work_is_done_whether_an_account_can_sign_in_or_not,
    failures_at_an_account_slow_it_down_whether_it_is_there_or_not,
    failures_from_an_address_slow_it_down_at_every_account,
    a_right_sign_in_takes_back_the_failures_of_its_account_only,
    a_morning_of_typing_errors_behind_one_address_locks_nobody_out,
    strangers_do_not_lock_out_a_device_that_signed_in_before,
    a_device_s_secret_ends_with_the_trust_in_it,
    what_is_kept_of_failures_is_bounded,
    many_guesses_at_once_do_not_outrun_the_count,
    what_was_typed_as_a_name_is_not_stored,
    old_failures_are_forgotten,
    a_morning_s_sign_ins_do_not_stop_counting,
    a_hash_of_other_parameters_is_made_anew_at_sign_in,
    a_body_that_cannot_be_read_is_refused,
    without_a_token_nothing_is_shown,
    a_token_ends_after_its_lifetime,
    a_token_of_another_service_is_refused,
    the_service_says_that_it_is_up,
    what_is_not_there_is_a_problem_like_any_other,
];

async fn a_password_gives_a_token_that_says_who_one_is(app: TestApp) {
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let answer = app.post("/api/v1/auth/login").json(&credentials).send().await;
    let signed_in = answer.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(signed_in["token_type"], "Bearer");
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    let me = app.get("/api/v1/me").header("authorization", &token).send().await.expect(200);
    assert_eq!(me, signed_in["user"]);
    assert_eq!((&me["username"], &me["role"]), (&json!("t1"), &json!("quartermaster")));
    assert_eq!((&me["organization"]["code"], &me["region"]), (&json!("T1"), &json!(null)));
    let officer = app.get("/api/v1/me").as_("officer").send().await.expect(200);
    assert_eq!((&officer["organization"], &officer["region"]["code"]), (&json!(null), &json!("159900")));
}

async fn capitals_in_a_user_name_do_not_matter(app: TestApp) {
    let credentials = json!({"username": "T1", "password": seed::PASSWORD});
    app.post("/api/v1/auth/login").json(&credentials).send().await.expect(200);
}

async fn a_wrong_password_and_an_unknown_account_are_answered_alike(app: TestApp) {
    let mut answers = Vec::new();
    for username in ["t1", "nobody"] {
        let credentials = json!({"username": username, "password": "wrong"});
        let answer = app.post("/api/v1/auth/login").json(&credentials).send().await;
        assert_eq!(answer.problem(401), "credentials_wrong");
        let mut problem = answer.json();
        problem["request_id"].take();
        answers.push((problem, answer.header("www-authenticate").to_owned()));
    }
    assert_eq!(answers[0], answers[1]);
}

async fn a_body_that_cannot_be_read_is_refused(app: TestApp) {
    let cases = [
        ("application/json", "{", 400, "malformed"),
        ("application/json", r#"{"username": "t1", "password": "x", "remember": true}"#, 422, "values_not_taken"),
        ("application/json", r#"{"username": "", "password": "x"}"#, 422, "values_not_taken"),
        ("text/plain", "t1", 415, "unsupported_media_type"),
    ];
    for (media_type, body, status, code) in cases {
        let answer = app.post("/api/v1/auth/login").body(media_type, body).send().await;
        assert_eq!(answer.problem(status), code, "{body}");
    }
}

async fn without_a_token_nothing_is_shown(app: TestApp) {
    for path in ["/api/v1/me", "/api/v1/items", "/api/v1/regions"] {
        let answer = app.get(path).send().await;
        assert_eq!(answer.problem(401), "token_missing", "{path}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{path}");
    }
}

async fn a_token_ends_after_its_lifetime(app: TestApp) {
    let token = format!("Bearer {}", app.token_of("viewer").await);
    for (minutes, status) in [(14, 200), (16, 401)] {
        app.clock.set(seed::now() + TimeDelta::minutes(minutes));
        let answer = app.get("/api/v1/me").header("authorization", &token).send().await;
        assert_eq!(answer.status, status, "after {minutes} minutes");
        if status == 401 {
            assert_eq!(answer.problem(401), "token_expired");
        }
    }
}

async fn a_token_of_another_service_is_refused(app: TestApp) {
    let keys = auth::tokens::TokenKeys::generate().unwrap();
    let (account, _) =
        app.db.read(|snapshot| db::accounts::find_by_username(snapshot.connection, "admin")).await.unwrap().unwrap();
    let token = format!(
        "Bearer {}",
        keys.issue(&account, SessionId::new(), None, app.settings.access_token_lifetime, seed::now()).unwrap()
    );
    let answer = app.get("/api/v1/me").header("authorization", &token).send().await;
    assert_eq!(answer.problem(401), "token_invalid");
}

async fn the_service_says_that_it_is_up(app: TestApp) {
    assert_eq!(app.get("/health/live").send().await.expect(200)["status"], "ok");
    assert_eq!(app.get("/health/ready").send().await.expect(200), json!({"status": "ok", "revision": 1}));
}

async fn what_is_not_there_is_a_problem_like_any_other(app: TestApp) {
    assert_eq!(app.get("/api/v1/nowhere").as_("admin").send().await.problem(404), "no_such_path");
    for request in [app.put("/api/v1/me"), app.request(Method::DELETE, "/api/v1/me")] {
        let answer = request.as_("admin").send().await;
        assert_eq!(answer.problem(405), "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
}

impl TestApp {
    async fn try_password(&self, username: &str, password: &str, address: &str) -> Answer {
        let credentials = json!({"username": username, "password": password});
        self.post("/api/v1/auth/login").at_address(address).json(&credentials).send().await
    }
}

async fn the_same_work_is_done_whether_an_account_can_sign_in_or_not(database: TestDatabase) {
    let passwords = Passwords::new().unwrap();
    let app = TestApp::with(database, passwords.clone()).await;
    let without_password = json!({
        "username": "t1-store", "display_name": "Storekeeper", "role": "quartermaster", "organization": "T1"
    });
    let path = format!("/api/v1/accounts/{}", uuid::Uuid::new_v4());
    app.put(&path).as_("officer").json(&without_password).send().await.expect(201);
    let id = app.account("t2").await["id"].as_str().unwrap().to_owned();
    let close = app.post(&format!("/api/v1/accounts/{id}/close")).as_("officer").json(&json!({"reason": "left"}));
    close.send().await.expect(200);
    let before = passwords.checked();
    let cases = [("t1", "wrong"), ("nobody", seed::PASSWORD), ("t2", seed::PASSWORD), ("t1-store", seed::PASSWORD)];
    let mut answers = Vec::new();
    for (done, (username, password)) in (1..).zip(cases) {
        let answer = app.try_password(username, password, "192.0.2.1").await;
        let mut problem = answer.expect(401);
        problem["request_id"].take();
        answers.push(problem);
        assert_eq!(passwords.checked() - before, done, "{username}");
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
}

async fn failures_at_an_account_slow_it_down_whether_it_is_there_or_not(app: TestApp) {
    for username in ["t1", "nobody"] {
        let mut now = seed::now();
        app.clock.set(now);
        for number in 0..5 {
            // From many addresses, which do not matter here.
            let answer = app.try_password(username, "wrong", &format!("192.0.2.{number}")).await;
            assert_eq!(answer.problem(401), "credentials_wrong");
        }
        for wait in [5, 10, 20] {
            let slowed = app.try_password(&username.to_uppercase(), seed::PASSWORD, "192.0.2.9").await;
            assert_eq!(slowed.problem(429), "too_many_attempts", "the right password waits too");
            assert_eq!(slowed.header("retry-after"), wait.to_string());
            now += TimeDelta::seconds(wait);
            app.clock.set(now);
            assert_eq!(app.try_password(username, "wrong", "192.0.2.9").await.problem(401), "credentials_wrong");
        }
    }
    assert_eq!(app.try_password("t1", seed::PASSWORD, "192.0.2.9").await.status, 429);
    app.clock.set(app.clock.now() + TimeDelta::seconds(40));
    app.try_password("t1", seed::PASSWORD, "192.0.2.9").await.expect(200);
}

async fn failures_from_an_address_slow_it_down_at_every_account(app: TestApp) {
    let names: Vec<String> = (0..100).map(|number| format!("guess-{number}")).collect();
    // Few at once, because on a busy machine a hundred would wait too long for their turn.
    for some in names.chunks(10) {
        for answer in join_all(some.iter().map(|name| app.try_password(name, "wrong", "192.0.2.1"))).await {
            assert_eq!(answer.problem(401), "credentials_wrong");
        }
    }
    let slowed = app.try_password("t1", seed::PASSWORD, "192.0.2.1").await;
    assert_eq!((slowed.problem(429).as_str(), slowed.header("retry-after")), ("too_many_attempts", "5"));
    app.try_password("t1", seed::PASSWORD, "192.0.2.2").await.expect(200);
}

async fn a_right_sign_in_takes_back_the_failures_of_its_account_only(app: TestApp) {
    for number in 0..3 {
        app.try_password(&format!("guess-{number}"), "wrong", "192.0.2.1").await.problem(401);
    }
    for _ in 0..3 {
        for _ in 0..4 {
            app.try_password("t1", "wrong", "192.0.2.1").await.problem(401);
        }
        assert_eq!(app.failures("address").await, [7]);
        app.try_password("t1", seed::PASSWORD, "192.0.2.1").await.expect(200);
        assert_eq!(app.failures("address").await, [3]);
    }
    assert_eq!(app.failures("account").await, [1, 1, 1]);
}

impl TestApp {
    /// The stored failures of the parties of one kind.
    async fn failures(&self, tried: &'static str) -> Vec<i64> {
        use db::schema::sign_in_attempts;
        use diesel::prelude::*;
        let failures = self.db.read(move |snapshot| {
            let of_kind = sign_in_attempts::table.filter(sign_in_attempts::tried.eq(tried));
            let found: Vec<i64> = of_kind.select(sign_in_attempts::failures).load(snapshot.connection)?;
            Ok(found)
        });
        failures.await.unwrap()
    }

    /// Sends wrong passwords for unknown names from an address until it has to wait.
    pub async fn lock_address(&self, address: &str) {
        use db::schema::sign_in_attempts;
        use diesel::prelude::*;
        self.try_password("nobody", "wrong", address).await.problem(401);
        // The hundred failures that this takes have a test of their own.
        let (tried, until) = ("address", seed::now() + TimeDelta::minutes(15));
        let locked = self.db.write(crate::rows::tester(), Locks::none(), move |change| {
            Ok(diesel::update(sign_in_attempts::table.filter(sign_in_attempts::tried.eq(tried)))
                .set((
                    sign_in_attempts::failures.eq(110_i64),
                    sign_in_attempts::blocked_until.eq(Some(db::sql_types::Instant(until))),
                ))
                .execute(change.connection)?)
        });
        assert_eq!(locked.await.unwrap().value, 1);
        assert_eq!(self.try_password("nobody", "wrong", address).await.problem(429), "too_many_attempts");
    }
}

/// Fifty-four people behind one address: all mistype before anybody gets it right.
async fn a_morning_of_typing_errors_behind_one_address_locks_nobody_out(database: TestDatabase) {
    let app = TestApp::with(database, Passwords::new().unwrap()).await;
    let names: Vec<String> = (0..54).map(|number| format!("storekeeper-{number}")).collect();
    for name in &names {
        let body = json!({
            "username": name, "display_name": name, "role": "quartermaster", "organization": "T1",
            "password": seed::PASSWORD
        });
        app.put(&format!("/api/v1/accounts/{}", uuid::Uuid::new_v4()))
            .as_("admin")
            .json(&body)
            .send()
            .await
            .expect(201);
    }
    for tried in ["six teams, forty-eight enterprise", seed::PASSWORD] {
        let expected = if tried == seed::PASSWORD { 200 } else { 401 };
        for some in names.chunks(9) {
            for answer in join_all(some.iter().map(|name| app.try_password(name, tried, "192.0.2.1"))).await {
                answer.expect(expected);
            }
        }
        // The whole morning takes a minute.
        app.clock.set(app.clock.now() + TimeDelta::seconds(30));
    }
}

async fn strangers_do_not_lock_out_a_device_that_signed_in_before(app: TestApp) {
    let token = app.sign_in("t1", Some("phone")).await["device_token"].clone();
    let with_token = async |username: &str, password: &str, token: &serde_json::Value| {
        let body = json!({"username": username, "password": password, "device_token": token});
        app.post("/api/v1/auth/login").at_address("192.0.2.7").json(&body).send().await
    };
    // Strangers lock the account and the address of the device.
    app.lock_address("192.0.2.7").await;
    for number in 0..5 {
        app.try_password("t1", "wrong", &format!("192.0.2.{number}")).await.problem(401);
    }
    assert_eq!(app.try_password("t1", seed::PASSWORD, "192.0.2.9").await.problem(429), "too_many_attempts");
    for _ in 0..3 {
        with_token("t1", "a typing error", &token).await.problem(401);
        let signed_in = with_token("t1", seed::PASSWORD, &token).await.expect(200);
        assert_eq!(signed_in["device_token"], token, "it stays the same");
    }
    // The device's own sign-ins do not help strangers.
    assert_eq!(app.try_password("t1", seed::PASSWORD, "192.0.2.9").await.problem(429), "too_many_attempts");
    // The secret works only for its account, and has its own delays.
    assert_eq!(with_token("t2", seed::PASSWORD, &token).await.problem(429), "too_many_attempts");
    for _ in 0..5 {
        with_token("t1", "wrong", &token).await.problem(401);
    }
    assert_eq!(with_token("t1", seed::PASSWORD, &token).await.problem(429), "too_many_attempts");
    let made_up = json!("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    assert_eq!(with_token("t1", seed::PASSWORD, &made_up).await.problem(429), "too_many_attempts");
}

async fn a_device_s_secret_ends_with_the_trust_in_it(app: TestApp) {
    let phone = app.sign_in("t1", Some("phone")).await;
    let other = app.sign_in("t1", Some("other phone")).await;
    for number in 0..5 {
        app.try_password("t1", "wrong", &format!("192.0.2.{number}")).await.problem(401);
    }
    let again = async |signed_in: &serde_json::Value| {
        let body = json!({"username": "t1", "password": seed::PASSWORD, "device_token": signed_in["device_token"]});
        app.post("/api/v1/auth/login").json(&body).send().await.status.as_u16()
    };
    let path = format!("/api/v1/devices/{}/withdraw", phone["device"]["id"].as_str().unwrap());
    app.post(&path).as_("officer").json(&json!({"reason": "lost"})).send().await.expect(200);
    assert_eq!((again(&phone).await, again(&other).await), (429, 200));
    let id = app.account("t1").await["id"].as_str().unwrap().to_owned();
    app.post(&format!("/api/v1/accounts/{id}/password")).as_("officer").send().await.expect(200);
    assert_eq!(again(&other).await, 429);
}

async fn what_is_kept_of_failures_is_bounded(app: TestApp) {
    use db::schema::sign_in_attempts;
    use diesel::prelude::*;
    for _ in 0..4 {
        app.try_password("t1", "wrong", "192.0.2.1").await.problem(401);
    }
    let many = app.db.write(crate::rows::tester(), Locks::none(), |change| {
        for number in 0..20_100_i64 {
            let row = (
                sign_in_attempts::tried.eq("address"),
                sign_in_attempts::key_hash.eq(number.to_be_bytes().to_vec()),
                sign_in_attempts::failures.eq(1_i64),
                sign_in_attempts::last_failed_at.eq(db::sql_types::Instant(seed::now())),
            );
            diesel::insert_into(sign_in_attempts::table).values(row).execute(change.connection)?;
        }
        Ok(())
    });
    many.await.unwrap();
    app.try_password("t2", "wrong", "192.0.2.2").await.problem(401);
    let rows = app.db.read(|snapshot| Ok(sign_in_attempts::table.count().get_result::<i64>(snapshot.connection)?));
    assert!(rows.await.unwrap() <= 20_003);
    // A flood of names does not push out the account under attack.
    app.try_password("t1", "wrong", "192.0.2.1").await.problem(401);
    assert_eq!(app.try_password("t1", seed::PASSWORD, "192.0.2.3").await.problem(429), "too_many_attempts");
}

async fn many_guesses_at_once_do_not_outrun_the_count(database: TestDatabase) {
    let passwords = Passwords::new().unwrap();
    let app = TestApp::with(database, passwords.clone()).await;
    let guesses = (0..40).map(|_| app.try_password("t1", "wrong", "192.0.2.1"));
    let answers = join_all(guesses).await;
    let tried = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(tried, 5, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    assert!(answers.iter().all(|answer| [401, 429].contains(&answer.status.as_u16())));
    assert_eq!(passwords.checked(), 5);
}

async fn what_was_typed_as_a_name_is_not_stored(app: TestApp) {
    use db::schema::sign_in_attempts;
    use diesel::prelude::*;
    use sha2::{Digest as _, Sha256};
    app.try_password("my secret, in the wrong field", "t1", "192.0.2.1").await.problem(401);
    let stored = app.db.read(|snapshot| {
        let keys: Vec<Vec<u8>> =
            sign_in_attempts::table.select(sign_in_attempts::key_hash).load(snapshot.connection)?;
        Ok(keys)
    });
    let stored = stored.await.unwrap();
    assert_eq!(stored.len(), 3);
    for typed in ["my secret, in the wrong field", "192.0.2.1"] {
        let plain = Sha256::digest(typed).to_vec();
        assert!(stored.iter().all(|key| key.len() == 32 && *key != plain), "a hash without a key is found by trying");
    }
}

async fn old_failures_are_forgotten(app: TestApp) {
    use db::schema::sign_in_attempts;
    use diesel::prelude::*;
    for number in 0..3 {
        app.try_password(&format!("guess-{number}"), "wrong", &format!("192.0.2.{number}")).await.problem(401);
    }
    let rows = async || {
        let count =
            app.db.read(|snapshot| Ok(sign_in_attempts::table.count().get_result::<i64>(snapshot.connection)?));
        count.await.unwrap()
    };
    assert_eq!(rows().await, 9);
    app.clock.set(seed::now() + TimeDelta::minutes(16));
    app.try_password("t1", seed::PASSWORD, "192.0.2.7").await.expect(200);
    assert_eq!(rows().await, 0, "a sign-in leaves nothing");
}

async fn a_morning_s_sign_ins_do_not_stop_counting(app: TestApp) {
    let body = count(&app.depot("T1-A").await, seed::now(), json!([{"item": "BOOTS", "quantity": 3}]));
    let token = json!(app.token_of("t1").await);
    let pending = Cell::new(100);
    let sign_ins = join_all((0..100).map(|_| async {
        app.sign_in("t2", None).await;
        pending.set(pending.get() - 1);
    }));
    let counted = async {
        let path = format!("/api/v1/counts/{}", uuid::Uuid::now_v7());
        app.put(&path).bearing(&token).json(&body).send().await.expect(201);
        pending.get()
    };
    let (_, left) = join(sign_ins, counted).await;
    assert!(left > 0, "the count waited for all the sign-ins");
    assert_eq!(pending.get(), 0);
}

async fn a_hash_of_other_parameters_is_made_anew_at_sign_in(app: TestApp) {
    use argon2::password_hash::PasswordHasher as _;
    use argon2::{Algorithm, Argon2, Params, Version};
    use db::schema::accounts;
    use diesel::prelude::*;
    let weaker = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(1024, 1, 1, None).unwrap());
    let weaker = weaker.hash_password(seed::PASSWORD.as_bytes()).unwrap().to_string();
    app.db
        .write(crate::rows::tester(), Locks::none(), move |change| {
            Ok(diesel::update(accounts::table.filter(accounts::username.eq("t1")))
                .set(accounts::password_hash.eq(&weaker))
                .execute(change.connection)?)
        })
        .await
        .unwrap();
    for _ in 0..2 {
        app.sign_in("t1", None).await;
        let found = app.db.read(|snapshot| db::accounts::find_by_username(snapshot.connection, "t1"));
        let (_, hash) = found.await.unwrap().unwrap();
        assert!(hash.unwrap().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    }
}
