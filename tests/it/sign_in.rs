//! Signing in, and what a token is good for.

use actix_web::http::Method;
use chrono::TimeDelta;
use serde_json::json;

use crate::app::TestApp;
use crate::cases::cases;
use crate::seed;

cases![
    a_password_gives_a_token_that_says_who_one_is,
    capitals_in_a_user_name_do_not_matter,
    a_wrong_password_and_an_unknown_account_are_answered_alike,
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
    let keys = muster::auth::tokens::TokenKeys::generate().unwrap();
    let (account, _) = app
        .db
        .read(|snapshot| muster::db::accounts::find_by_username(snapshot.connection, "admin"))
        .await
        .unwrap()
        .unwrap();
    let token = format!("Bearer {}", keys.issue(&account, seed::now(), TimeDelta::minutes(15)).unwrap());
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
        assert_eq!(answer.header("allow"), "GET, HEAD");
    }
}
