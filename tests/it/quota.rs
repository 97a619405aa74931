//! Quotas of requests: each caller has one, every answer says what is left, and instances share them.

use std::sync::Arc;

use actix_web::http::Method;
use chrono::TimeDelta;
use db::schema::request_quotas;
use diesel::prelude::*;
use domain::quota::Quotas;
use muster::api::settings::Settings;
use serde_json::json;

use crate::app::{Answer, Lasting, TestApp};
use crate::cases::cases;
use crate::clients::{FORM, TOKEN, claims, of_t1};
use crate::database::TestDatabase;
use crate::document::operations;
use crate::rights::caller_of;
use crate::seed;

cases![
    each_caller_has_a_quota,
    every_answer_says_what_is_left,
    a_client_may_have_a_quota_of_its_own,
    a_quota_of_nothing_limits_nobody,
    sign_ins_are_slowed_down_apart_from_quotas,
    instances_share_a_quota,
    what_says_nothing_any_more_is_deleted,
    a_database_that_fails_refuses_nobody,
];

fn quotas(client: u32, person: u32, address: u32) -> Settings {
    Settings { quotas: Quotas { client, person, address, window_seconds: 60 }, ..Settings::default() }
}

/// What is left and the seconds, and the quota and its window, as an answer says them.
fn left(answer: &Answer) -> (i64, i64, i64, i64) {
    let numbers = |name: &str, first: &str, second: &str| {
        let text = answer.header(name).strip_prefix("\"default\";").unwrap_or_else(|| panic!("{name}: {answer:?}"));
        let (one, other) = text.split_once(';').unwrap();
        let number =
            |part: &str, key: &str| part.strip_prefix(key).unwrap().strip_prefix('=').unwrap().parse().unwrap();
        (number(one, first), number(other, second))
    };
    let (r, t) = numbers("ratelimit", "r", "t");
    let (q, w) = numbers("ratelimit-policy", "q", "w");
    (r, t, q, w)
}

async fn each_caller_has_a_quota(database: TestDatabase) {
    let app = TestApp::with_settings(database, quotas(4, 5, 3)).await;
    let (one, other) = (json!(app.token_of("t1").await), json!(app.token_of("t2").await));
    let get = async |token| app.get("/api/v1/items").bearing(token).send().await;
    for (r, t) in [(4, 12), (3, 24), (2, 36), (1, 48), (0, 12)] {
        let answer = get(&one).await;
        answer.expect(200);
        assert_eq!(left(&answer), (r, t, 5, 60));
    }
    let refused = get(&one).await;
    assert_eq!(refused.problem(429), "too_many_requests");
    assert_eq!((refused.header("retry-after"), left(&refused)), ("12", (0, 12, 5, 60)));
    assert_eq!(refused.header("cache-control"), "no-store");
    assert!(refused.json()["detail"].as_str().unwrap().contains("12 seconds"), "{refused:?}");
    // Everybody else has quotas of their own.
    assert_eq!(left(&get(&other).await).0, 4);
    let from = async |address| app.get("/.well-known/jwks.json").at_address(address).send().await;
    for r in [2, 1, 0] {
        assert_eq!(left(&from("192.0.2.1").await), (r, if r == 0 { 20 } else { 20 * (3 - r) }, 3, 60));
    }
    assert_eq!(from("192.0.2.1").await.problem(429), "too_many_requests");
    from("192.0.2.2").await.expect(200);
    // A token of nobody is counted for the address.
    let wrong = app.get("/api/v1/items").at_address("192.0.2.2").header("authorization", "Bearer x").send().await;
    assert_eq!((wrong.problem(401).as_str(), left(&wrong).0), ("token_invalid", 1));

    app.clock.set(seed::now() + TimeDelta::milliseconds(11_999));
    assert_eq!(get(&one).await.problem(429), "too_many_requests");
    app.clock.set(seed::now() + TimeDelta::seconds(12));
    get(&one).await.expect(200);
    assert_eq!(get(&one).await.problem(429), "too_many_requests");
    app.clock.set(seed::now() + TimeDelta::minutes(3));
    assert_eq!(left(&get(&one).await), (4, 12, 5, 60));
}

async fn every_answer_says_what_is_left(database: TestDatabase) {
    let app = TestApp::with_settings(database, quotas(1_000_000, 1_000_000, 1_000_000)).await;
    // Phones pay for every byte of sync, and find the policy in every other answer.
    let is_told = |answer: &Answer, is_sync: bool| {
        assert!(answer.headers.contains_key("ratelimit") || !answer.headers.contains_key("ratelimit-policy"));
        answer.headers.contains_key("ratelimit") && (is_sync || answer.headers.contains_key("ratelimit-policy"))
    };
    for operation in operations() {
        let is_health = operation.path.starts_with("/health/");
        let is_sync = operation.path == "/api/v1/sync";
        let allowed = operation.request(&app).as_(caller_of(operation.id)).send().await;
        assert_eq!(is_told(&allowed, is_sync), !is_health, "{}: {allowed:?}", operation.id);
        let nobody = operation.request(&app).send().await;
        assert_eq!(is_told(&nobody, is_sync), !is_health, "{}: {nobody:?}", operation.id);
    }
    for (request, status) in [
        (app.get("/nowhere"), 404),
        (app.request(Method::DELETE, "/api/v1/items"), 405),
        (app.request(Method::OPTIONS, "/api/v1/items"), 204),
        (app.get("/api/v1/items").header("host", "a b"), 400),
        (app.get("/api/v1/items").header("accept", "image/png"), 406),
        (app.post("/api/v1/auth/login").body("application/json", "{"), 400),
        (app.get("/api/openapi.json"), 200),
    ] {
        let answer = request.send().await;
        assert_eq!(answer.status.as_u16(), status);
        assert!(is_told(&answer, false), "{status}: {answer:?}");
    }
}

async fn a_client_may_have_a_quota_of_its_own(database: TestDatabase) {
    let app = TestApp::with_settings(database, quotas(3, 1_000, 1_000)).await;
    let mut body = of_t1(&["catalogue:read"]);
    for wrong in [json!(0), json!(1_000_001), json!(-1), json!(1.5)] {
        body["requests_per_minute"] = wrong;
        let answer =
            app.put(&format!("/api/v1/clients/{}", uuid::Uuid::new_v4())).as_("admin").json(&body).send().await;
        assert_eq!(answer.problem(422), "values_not_taken", "{body}");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/requests_per_minute");
    }
    body["requests_per_minute"] = json!(2);
    let (own, common) = (app.make_client(&body).await, app.make_client(&of_t1(&["catalogue:read"])).await);
    for (client, said, most) in [(&own, json!(2), 2), (&common, json!(null), 3)] {
        let path = format!("/api/v1/clients/{}", client.id);
        assert_eq!(app.get(&path).as_("admin").send().await.expect(200)["requests_per_minute"], said);
        let token = app.token_for(client, "").await;
        assert_eq!(claims(&token)["requests_per_minute"], said);
        for before in (0..most).rev() {
            let answer = app.get("/api/v1/items").bearing(&token).send().await;
            answer.expect(200);
            assert_eq!((left(&answer).0, left(&answer).2), (before, most));
        }
        assert_eq!(app.get("/api/v1/items").bearing(&token).send().await.problem(429), "too_many_requests");
        // Another token of the same client gives nothing back.
        let token = app.token_for(client, "").await;
        assert_eq!(app.get("/api/v1/items").bearing(&token).send().await.problem(429), "too_many_requests");
    }
}

async fn a_quota_of_nothing_limits_nobody(database: TestDatabase) {
    let app = TestApp::with_settings(database, quotas(0, 0, 1)).await;
    let token = json!(app.token_of("t1").await);
    for _ in 0..50 {
        let answer = app.get("/api/v1/items").bearing(&token).send().await;
        answer.expect(200);
        assert!(!answer.headers.contains_key("ratelimit") && !answer.headers.contains_key("ratelimit-policy"));
    }
    for _ in 0..50 {
        app.get("/health/live").send().await.expect(200);
        app.get("/health/ready").send().await.expect(200);
    }
}

async fn sign_ins_are_slowed_down_apart_from_quotas(database: TestDatabase) {
    let app = TestApp::with_settings(database, quotas(1_000, 1_000, 100)).await;
    let mut answers = Vec::new();
    for _ in 0..30 {
        let form = "grant_type=client_credentials&client_id=nobody&client_secret=wrong";
        answers.push(app.post(TOKEN).body(FORM, form).at_address("192.0.2.7").send().await);
    }
    let last = answers.last().unwrap();
    assert_eq!(last.expect(429)["error"], "too_many_attempts");
    assert_eq!(left(last).0, 70);
}

/// Two applications over one database, as two processes have it.
async fn two(database: TestDatabase, settings: Settings) -> [TestApp; 2] {
    let database = Arc::new(TestApp::over(database).await.into_database().await);
    let lasting = Lasting::new(settings);
    [TestApp::again(database.clone(), lasting.clone(), None).await, TestApp::again(database, lasting, None).await]
}

async fn instances_share_a_quota(database: TestDatabase) {
    let [one, other] = two(database, quotas(60, 60, 60)).await;
    let token = json!(one.token_of("t1").await);
    let mut admitted = 0;
    for turn in 0..80 {
        for app in [&one, &other] {
            let answer = app.get("/api/v1/items").bearing(&token).send().await;
            admitted += i64::from(answer.status == 200);
            assert!([200, 429].contains(&answer.status.as_u16()), "{turn}: {answer:?}");
        }
    }
    // One block of a twentieth more, at most.
    assert!((60..=63).contains(&admitted), "{admitted}");
    // One that has admitted nothing yet learns with its first block what the other did.
    let second = json!(one.token_of("t2").await);
    let mut by_other = 0;
    for _ in 0..60 {
        one.get("/api/v1/items").bearing(&second).send().await.expect(200);
    }
    for _ in 0..60 {
        by_other += i64::from(other.get("/api/v1/items").bearing(&second).send().await.status == 200);
    }
    assert!(by_other <= 3, "{by_other}");
    // What was admitted too much must come back first.
    for (seconds, expected) in [(2, 429), (8, 200)] {
        one.clock.set(seed::now() + TimeDelta::seconds(seconds));
        let answer = other.get("/api/v1/items").bearing(&second).send().await;
        assert_eq!(answer.status.as_u16(), expected, "after {seconds} s: {answer:?}");
    }
}

async fn what_says_nothing_any_more_is_deleted(database: TestDatabase) {
    let app = TestApp::with_settings(database, quotas(60, 60, 60)).await;
    let rows = || request_quotas::table.count().get_result::<i64>(&mut app.database().connect()).unwrap();
    let ask = async |address: &str, times: usize| {
        for _ in 0..times {
            app.get("/.well-known/jwks.json").at_address(address).send().await.expect(200);
        }
    };
    // Fewer requests than a block are nobody else's business.
    ask("192.0.2.200", 2).await;
    assert_eq!(rows(), 0);
    for host in 1..=20 {
        ask(&format!("192.0.2.{host}"), 3).await;
    }
    assert_eq!(rows(), 20);
    app.clock.set(seed::now() + TimeDelta::minutes(2));
    ask("192.0.2.201", 3).await;
    assert_eq!(rows(), 1);
    let revisions = app.db.read(|snapshot| Ok(snapshot.newest_revision())).await.unwrap();
    ask("192.0.2.202", 30).await;
    let after = app.db.read(|snapshot| Ok(snapshot.newest_revision())).await.unwrap();
    assert_eq!(after, revisions, "a count of requests is no change");
}

async fn a_database_that_fails_refuses_nobody(database: TestDatabase) {
    let app = TestApp::with_settings(database, quotas(60, 60, 60)).await;
    diesel::sql_query("DROP TABLE request_quotas").execute(&mut app.database().connect()).unwrap();
    for _ in 0..60 {
        app.get("/.well-known/jwks.json").at_address("192.0.2.1").send().await.expect(200);
    }
    let refused = app.get("/.well-known/jwks.json").at_address("192.0.2.1").send().await;
    assert_eq!(refused.problem(429), "too_many_requests", "the instance's own count goes on");
}
