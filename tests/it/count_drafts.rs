//! Drafts of counts: each is its account's alone, and gone when its count is there.

use chrono::TimeDelta;
use db::schema::count_drafts;
use diesel::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Request, TestApp};
use crate::cases::cases;
use crate::push::command;
use crate::rules::count;
use crate::seed;

cases![
    a_draft_is_kept_and_replaced_by_those_who_saw_it,
    a_draft_is_its_accounts_alone_and_on_no_record,
    a_draft_is_gone_when_its_count_is_received,
    a_draft_is_kept_for_thirty_days_and_while_its_count_waits,
    a_draft_is_gone_with_its_account,
    an_account_has_a_bounded_number_of_drafts_of_a_bounded_size,
    a_draft_is_deleted_in_the_state_that_was_read_or_in_any,
    of_two_that_save_at_once_one_is_told,
];

fn path(id: Uuid) -> String {
    format!("/api/v1/count-drafts/{id}")
}

fn content(quantity: u32) -> Value {
    json!({"content": {"lines": {"BOOTS": {"quantity": quantity.to_string()}}}})
}

fn put<'a>(app: &'a TestApp, username: &str, id: Uuid, body: &Value) -> Request<'a> {
    app.put(&path(id)).as_(username).json(body)
}

async fn saved(app: &TestApp, username: &str, quantity: u32) -> Uuid {
    let id = Uuid::now_v7();
    put(app, username, id, &content(quantity)).send().await.expect(201);
    id
}

async fn find(app: &TestApp, username: &str, id: Uuid) -> Answer {
    app.get(&path(id)).as_(username).send().await
}

async fn ids(app: &TestApp, username: &str) -> Vec<String> {
    let page = app.get("/api/v1/count-drafts").as_(username).send().await.expect(200);
    page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn rows(app: &TestApp) -> i64 {
    count_drafts::table.count().get_result(&mut app.database().connect()).unwrap()
}

async fn a_draft_is_kept_and_replaced_by_those_who_saw_it(app: TestApp) {
    let id = Uuid::now_v7();
    let depot = app.depot("T1-A").await;
    let mut body = content(1);
    body["depot_id"] = json!(depot);
    let first = put(&app, "t1", id, &body).send().await;
    assert_eq!(first.expect(201)["repeated"], false);
    let read = find(&app, "t1", id).await;
    let draft = read.expect(200);
    assert_eq!((&draft["content"], &draft["depot_id"]), (&body["content"], &body["depot_id"]));
    let at = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true);
    assert_eq!(draft["updated_at"], at(seed::now()));
    assert_eq!(draft["expires_at"], at(seed::now() + TimeDelta::days(30)));
    let known = app.get(&path(id)).as_("t1").header("if-none-match", read.header("etag")).send().await;
    assert_eq!(known.status, 304);

    assert_eq!(put(&app, "t1", id, &body).send().await.expect(200)["repeated"], true, "the same needs no state");
    assert_eq!(put(&app, "t1", id, &content(2)).send().await.problem(428), "if_match_missing");
    let second = put(&app, "t1", id, &content(2)).header("if-match", first.header("etag")).send().await;
    assert_eq!(second.expect(200)["repeated"], false);
    let stale = put(&app, "t1", id, &content(3)).header("if-match", read.header("etag")).send().await;
    assert_eq!(stale.problem(412), "changed_meanwhile");
    let only_new = put(&app, "t1", id, &content(3)).header("if-none-match", "*").send().await;
    assert_eq!(only_new.status, 412);
    assert_eq!(find(&app, "t1", id).await.expect(200)["content"], content(2)["content"]);

    for repeated in [false, true] {
        let deleted = app.request(actix_web::http::Method::DELETE, &path(id)).as_("t1").send().await;
        assert_eq!(deleted.expect(200), json!({"id": id, "repeated": repeated}));
    }
    assert_eq!(find(&app, "t1", id).await.problem(404), "not_found");
    let gone = put(&app, "t1", id, &content(2)).header("if-match", second.header("etag")).send().await;
    assert_eq!(gone.status, 412, "a state that was deleted never comes again");
}

async fn a_draft_is_its_accounts_alone_and_on_no_record(app: TestApp) {
    let before = app.get("/api/v1/shortages?limit=1").as_("viewer").send().await.expect(200)["revision"].clone();
    let cursor = app.get("/api/v1/sync").as_("t1").send().await.expect(200)["cursor"].clone();
    let id = saved(&app, "t1", 1).await;
    for other in ["t2", "officer", "admin"] {
        assert_eq!(find(&app, other, id).await.problem(404), "not_found");
        assert!(ids(&app, other).await.is_empty());
        let deleted = app.request(actix_web::http::Method::DELETE, &path(id)).as_(other).send().await;
        assert_eq!(deleted.expect(200)["repeated"], true);
        // The same id is another draft for another account.
        put(&app, other, id, &content(9)).send().await.expect(201);
    }
    assert_eq!(find(&app, "viewer", id).await.problem(403), "role_not_allowed");
    assert_eq!(find(&app, "t1", id).await.expect(200)["content"], content(1)["content"]);
    let after = app.get("/api/v1/shortages?limit=1").as_("viewer").send().await.expect(200)["revision"].clone();
    assert_eq!(before, after, "no revision was made");
    let audit = app.get("/api/v1/audit").as_("admin").send().await.expect(200);
    assert!(!audit.to_string().contains(&id.to_string()));
    let cursor = cursor.as_str().unwrap();
    let pulled = app.get(&format!("/api/v1/sync?cursor={cursor}")).as_("t1").send().await.expect(200);
    assert_eq!(pulled["changes"], json!([]));
}

async fn a_draft_is_gone_when_its_count_is_received(app: TestApp) {
    let depot = app.depot("T1-A").await;
    let body = count(&depot, seed::now(), json!([{"item": "BOOTS", "quantity": 3}]));
    let (by_request, by_push, other) =
        (saved(&app, "t1", 1).await, saved(&app, "t1", 2).await, saved(&app, "t1", 3).await);
    let theirs = put(&app, "t2", by_request, &content(4)).send().await;
    theirs.expect(201);
    app.put(&format!("/api/v1/counts/{by_request}")).as_("t1").json(&body).send().await.expect(201);
    let mut pushed = command(1, body.clone());
    pushed["id"] = json!(by_push);
    app.pushed("t1", &[pushed]).await;
    assert_eq!(ids(&app, "t1").await, [other.to_string()]);
    assert_eq!(ids(&app, "t2").await, [by_request.to_string()], "another's count takes no draft");
    let late = put(&app, "t1", by_request, &content(5)).send().await;
    assert_eq!(late.problem(409), "count_received");
    assert_eq!(rows(&app), 2);
}

async fn a_draft_is_kept_for_thirty_days_and_while_its_count_waits(app: TestApp) {
    let (short, waiting) = (saved(&app, "t1", 1).await, saved(&app, "t1", 2).await);
    let mut pushed = command(1, json!({"depot_id": "?"}));
    pushed["id"] = json!(waiting);
    app.pushed("t1", &[pushed]).await;
    app.clock.set(seed::now() + TimeDelta::days(30) - TimeDelta::seconds(1));
    assert_eq!(ids(&app, "t1").await.len(), 2);
    app.clock.set(seed::now() + TimeDelta::days(30));
    assert_eq!(ids(&app, "t1").await, [waiting.to_string()]);
    assert_eq!(find(&app, "t1", short).await.problem(404), "not_found");
    // Any draft that is saved takes the expired ones of all accounts with it.
    saved(&app, "t2", 3).await;
    assert_eq!(rows(&app), 2);
    let kept = app.waiting().await.as_str().unwrap().to_owned();
    let reason = json!({"reason": "no depot"});
    app.post(&format!("/api/v1/quarantine/{kept}/set-aside")).as_("officer").json(&reason).send().await.expect(200);
    assert!(ids(&app, "t1").await.is_empty(), "the officer has decided");
}

async fn a_draft_is_gone_with_its_account(app: TestApp) {
    saved(&app, "t1", 1).await;
    let kept = saved(&app, "t2", 2).await;
    let account = app.account_id("t1").await;
    let closing = json!({"reason": "left the brigade"});
    app.post(&format!("/api/v1/accounts/{account}/close")).as_("admin").json(&closing).send().await.expect(200);
    assert_eq!(rows(&app), 1);
    app.post(&format!("/api/v1/accounts/{account}/reopen")).as_("admin").send().await.expect(200);
    assert!(ids(&app, "t1").await.is_empty());
    assert_eq!(ids(&app, "t2").await, [kept.to_string()]);
}

async fn an_account_has_a_bounded_number_of_drafts_of_a_bounded_size(app: TestApp) {
    let around = json!({"text": ""}).to_string().len();
    let sized = |bytes: usize| json!({"content": {"text": "x".repeat(bytes - around)}});
    let id = Uuid::now_v7();
    assert_eq!(put(&app, "t1", id, &sized(65_537)).send().await.problem(413), "too_large");
    assert_eq!(put(&app, "t1", id, &sized(65_536)).send().await.expect(201)["stored"]["bytes"], 65_536);
    for number in 1..20 {
        saved(&app, "t1", number).await;
    }
    let more = put(&app, "t1", Uuid::now_v7(), &content(1)).send().await;
    assert_eq!(more.problem(409), "too_many_count_drafts");
    put(&app, "t1", id, &content(1)).header("if-match", "*").send().await.expect(200);
    saved(&app, "t2", 1).await;
    for (body, pointer) in [
        (json!({}), "/content"),
        (json!({"content": []}), "/content"),
        (json!({"content": "x"}), "/content"),
        (json!({"content": {}, "depot_id": "x"}), "/depot_id"),
        (json!({"content": {}, "colour": "red"}), "/colour"),
    ] {
        let refused = put(&app, "t2", Uuid::now_v7(), &body).send().await;
        refused.problem(422);
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{body}");
    }
}

async fn a_draft_is_deleted_in_the_state_that_was_read_or_in_any(app: TestApp) {
    let id = saved(&app, "t1", 1).await;
    let read = find(&app, "t1", id).await.header("etag").to_owned();
    let delete = |tag: Option<&str>| {
        let request = app.request(actix_web::http::Method::DELETE, &path(id)).as_("t1");
        match tag {
            Some(tag) => request.header("if-match", tag).send(),
            None => request.send(),
        }
    };
    put(&app, "t1", id, &content(2)).header("if-match", &read).send().await.expect(200);
    assert_eq!(delete(Some(&read)).await.problem(412), "changed_meanwhile");
    assert_eq!(find(&app, "t1", id).await.expect(200)["content"], content(2)["content"]);
    let now = find(&app, "t1", id).await.header("etag").to_owned();
    assert_eq!(delete(Some(&now)).await.expect(200)["repeated"], false);
    assert_eq!(delete(Some(&now)).await.expect(200)["repeated"], true, "a repeat is no clash");
    saved(&app, "t1", 3).await;
    let other = saved(&app, "t1", 4).await;
    app.request(actix_web::http::Method::DELETE, &path(other)).as_("t1").send().await.expect(200);
    assert_eq!(ids(&app, "t1").await.len(), 1);
}

async fn of_two_that_save_at_once_one_is_told(app: TestApp) {
    let id = saved(&app, "t1", 1).await;
    let tag = find(&app, "t1", id).await.header("etag").to_owned();
    let (two, three) = (content(2), content(3));
    let save = |body| put(&app, "t1", id, body).header("if-match", &tag).send();
    let (one, other) = futures_util::future::join(save(&two), save(&three)).await;
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}
