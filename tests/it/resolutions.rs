//! Resolutions of conflicts by name, from the decision to its void.

use db::locks::Locks;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rules;
use crate::rules::count;
use crate::seed;

cases![
    a_conflict_is_gone_with_a_resolution_and_back_with_its_void,
    the_past_shows_what_was_known_then,
    a_resolution_is_about_its_item_only,
    explanations_name_what_was_taken_out_by_whom_and_why,
    resolving_is_exactly_once_by_id,
    voiding_is_safe_to_repeat_and_keeps_its_reason,
    what_cannot_be_resolved_is_refused,
    officers_resolve_for_their_own_region_only,
    resolutions_are_listed_by_organization_depot_and_item,
    each_has_a_receipt_and_a_place_in_the_chain,
];

/// A body that excludes counts.
pub fn body(depot: &str, item: &str, counts: &[Uuid]) -> Value {
    json!({"depot_id": depot, "item": item, "counts": counts, "reason": "seen with the keeper"})
}

/// Excludes counts by a resolution of the officer's, and returns its id.
pub async fn resolve(app: &TestApp, depot: &str, item: &str, counts: &[Uuid]) -> Uuid {
    let id = Uuid::now_v7();
    put(app, id, &body(&app.depot(depot).await, item, counts)).await.expect(201);
    id
}

async fn put(app: &TestApp, id: Uuid, body: &Value) -> Answer {
    app.put(&format!("/api/v1/resolutions/{id}")).as_("officer").json(body).send().await
}

async fn void(app: &TestApp, id: Uuid, reason: &str) -> Answer {
    let post = app.post(&format!("/api/v1/resolutions/{id}/void")).as_("officer");
    post.json(&json!({"reason": reason})).send().await
}

/// Two counts of 4 and 6 pairs of boots that were made together by two phones.
async fn conflict(app: &TestApp) -> [Uuid; 2] {
    let depot = app.depot("T1-A").await;
    let mut ids = Vec::new();
    for (phone, units) in [("phone-1", 4), ("phone-2", 6)] {
        let id = Uuid::now_v7();
        let lines = json!([{"item": "BOOTS", "quantity": units}, {"item": "SAND", "quantity": units}]);
        let put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", phone);
        put.json(&count(&depot, seed::now(), lines)).send().await.expect(201);
        ids.push(id);
    }
    [ids[0], ids[1]]
}

/// The stock of an item in the first depot.
async fn stock(app: &TestApp, item: &str, query: &str) -> Value {
    let path = format!("/api/v1/stock?organization=T1&item={item}{query}");
    let page = app.get(&path).as_("t1").send().await.expect(200);
    page["items"][0]["stock"].clone()
}

async fn a_conflict_is_gone_with_a_resolution_and_back_with_its_void(app: TestApp) {
    rules::adopt(&app).await;
    let [one, other] = conflict(&app).await;
    let before = stock(&app, "BOOTS", "").await;
    assert_eq!((&before["state"], &before["usable"]), (&json!("conflict"), &json!({"min": 4, "max": 6})));
    assert_eq!(before["taken_out"], json!([]));
    assert_eq!(app.shortage("T1", "BOOTS").await["conflict"], true);

    let id = resolve(&app, "T1-A", "BOOTS", &[other]).await;
    let after = stock(&app, "BOOTS", "").await;
    assert_eq!((&after["state"], &after["usable"]), (&json!("counted"), &json!({"min": 4, "max": 4})));
    assert_eq!(after["counts"][0]["id"], json!(one));
    assert_eq!(
        after["taken_out"],
        json!([{
            "id": other, "effective_at": "2026-11-23T02:00:00.000000Z", "counted_by": "Holder of t1",
            "resolution": {
                "id": id, "reason": "seen with the keeper", "resolved_by": "Holder of officer",
                "resolved_at": "2026-11-23T02:00:00.000000Z"
            }
        }])
    );
    assert_eq!(app.shortage("T1", "BOOTS").await["conflict"], false);

    void(&app, id, "the other one was right").await.expect(201);
    assert_eq!(stock(&app, "BOOTS", "").await, before);
    assert_eq!(app.shortage("T1", "BOOTS").await["conflict"], true);
}

async fn the_past_shows_what_was_known_then(app: TestApp) {
    let [_, other] = conflict(&app).await;
    let revision =
        async |path: &str| app.get(path).as_("viewer").send().await.expect(200)["revision"].as_i64().unwrap();
    let conflicting = revision("/api/v1/stock").await;
    let id = resolve(&app, "T1-A", "BOOTS", &[other]).await;
    let resolved = revision("/api/v1/stock").await;
    void(&app, id, "the other one was right").await.expect(201);
    let voided = revision("/api/v1/stock").await;
    assert!(conflicting < resolved && resolved < voided);
    for (revision, state) in [(conflicting, "conflict"), (resolved, "counted"), (voided, "conflict")] {
        assert_eq!(stock(&app, "BOOTS", &format!("&revision={revision}")).await["state"], state, "{revision}");
    }
    let tomorrow = stock(&app, "BOOTS", &format!("&as_of=2026-11-24&revision={resolved}")).await;
    assert_eq!(tomorrow["state"], "counted");
}

async fn a_resolution_is_about_its_item_only(app: TestApp) {
    let [_, other] = conflict(&app).await;
    resolve(&app, "T1-A", "BOOTS", &[other]).await;
    assert_eq!(stock(&app, "SAND", "").await["state"], "conflict");
}

async fn explanations_name_what_was_taken_out_by_whom_and_why(app: TestApp) {
    rules::adopt(&app).await;
    let [_, other] = conflict(&app).await;
    resolve(&app, "T1-A", "BOOTS", &[other]).await;
    let line = app.shortage("T1", "BOOTS").await["line"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/organizations/T1/shortages/{line}");
    for (language, said) in [
        (
            "en",
            "The count by Holder of t1 in depot T1-A is disregarded: Holder of officer excluded it (\"seen with the keeper\").",
        ),
        (
            "zh-CN",
            "Holder of t1在库点 T1-A 的盘点未采用：Holder of officer核定时已排除（理由：“seen with the keeper”）。",
        ),
    ] {
        let explained = app.get(&path).as_("t1").header("accept-language", language).send().await.expect(200);
        let taken_out = &explained["explanation"]["depots"][0]["taken_out"];
        assert_eq!(taken_out[0]["resolution"]["resolved_by"], "Holder of officer");
        assert!(
            explained["words"]["sentences"].as_array().unwrap().contains(&json!(said)),
            "{}",
            explained["words"]["sentences"]
        );
    }
}

async fn resolving_is_exactly_once_by_id(app: TestApp) {
    let [one, other] = conflict(&app).await;
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let first = put(&app, id, &body(&depot, "BOOTS", &[other])).await.expect(201);
    assert_eq!((&first["repeated"], &first["resolution"]["counts"]), (&json!(false), &json!([other])));
    let again = put(&app, id, &body(&depot, "BOOTS", &[other])).await.expect(200);
    assert_eq!((&again["repeated"], &again["receipt"]), (&json!(true), &first["receipt"]));
    assert_eq!(again["resolution"], first["resolution"]);
    let different = put(&app, id, &body(&depot, "BOOTS", &[one])).await;
    assert_eq!(different.problem(409), "id_reused");
    assert_eq!(different.json()["stored_sha256"], first["resolution"]["sha256"]);
    assert_ne!(different.json()["sent_sha256"], first["resolution"]["sha256"]);
    void(&app, id, "the other one was right").await.expect(201);
    let after = put(&app, id, &body(&depot, "BOOTS", &[other])).await.expect(200);
    assert_eq!(after["resolution"]["void"]["reason"], "the other one was right", "its present fate");
}

async fn voiding_is_safe_to_repeat_and_keeps_its_reason(app: TestApp) {
    let [_, other] = conflict(&app).await;
    let id = resolve(&app, "T1-A", "BOOTS", &[other]).await;
    let first = void(&app, id, "the other one was right").await.expect(201);
    let said = &first["resolution"]["void"];
    assert_eq!((&said["voided_by"], &said["reason"]), (&json!("Holder of officer"), &json!("the other one was right")));
    let again = void(&app, id, "the other one was right").await.expect(200);
    assert_eq!((&again["repeated"], &again["receipt"]), (&json!(true), &first["receipt"]));
    assert_eq!(void(&app, id, "for another reason").await.problem(409), "already_voided");
    assert_eq!(void(&app, Uuid::now_v7(), "there is none").await.problem(404), "not_found");
}

async fn what_cannot_be_resolved_is_refused(app: TestApp) {
    let [one, _] = conflict(&app).await;
    let (elsewhere, _) = app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let depot = app.depot("T1-A").await;
    let unknown = Uuid::now_v7();
    for (body, faults) in [
        (body(&unknown.to_string(), "BOOTS", &[one]), json!([["/depot_id", "depot_unknown"]])),
        (body(&depot, "NONE", &[one]), json!([["/item", "item_unknown"], ["/counts/0", "count_silent"]])),
        (body(&depot, "MASK", &[one]), json!([["/counts/0", "count_silent"]])),
        (
            body(&depot, "BOOTS", &[one, unknown, elsewhere]),
            json!([["/counts/1", "count_unknown"], ["/counts/2", "count_unknown"]]),
        ),
        (body(&depot, "BOOTS", &[]), json!([["/counts", "length_out_of_bounds"]])),
    ] {
        let answer = put(&app, Uuid::now_v7(), &body).await;
        answer.problem(422);
        let said = answer.json()["errors"].as_array().unwrap().clone();
        let said: Vec<Value> = said.iter().map(|fault| json!([fault["pointer"], fault["code"]])).collect();
        assert_eq!(json!(said), faults, "{body}");
    }
    assert_eq!(stock(&app, "BOOTS", "").await["state"], "conflict");
}

async fn officers_resolve_for_their_own_region_only(app: TestApp) {
    app.db.write(crate::rows::tester(), Locks::none(), seed::plant_below).await.unwrap();
    let [_, other] = conflict(&app).await;
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let path = format!("/api/v1/resolutions/{id}");
    let asked = body(&depot, "BOOTS", &[other]);
    let stranger = app.put(&path).as_("admin-below").json(&asked).send().await;
    stranger.problem(422);
    assert_eq!(stranger.json()["errors"][0]["code"], "depot_unknown");
    put(&app, id, &asked).await.expect(201);
    let taken = app.put(&path).as_("admin-below").json(&asked).send().await;
    assert_eq!(taken.problem(409), "id_reused");
    assert!(taken.json()["stored_sha256"].is_null(), "no more is said of what has it");
    let reason = json!({"reason": "not theirs"});
    let voided = app.post(&format!("{path}/void")).as_("admin-below").json(&reason).send().await;
    assert_eq!(voided.problem(404), "not_found");
    assert_eq!(app.get(&path).as_("t2").send().await.problem(404), "not_found");
    app.get(&path).as_("t1").send().await.expect(200);
}

async fn resolutions_are_listed_by_organization_depot_and_item(app: TestApp) {
    let [one, other] = conflict(&app).await;
    let (elsewhere, _) = app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let boots = resolve(&app, "T1-A", "BOOTS", &[one]).await;
    let sand = resolve(&app, "T1-A", "SAND", &[other]).await;
    let theirs = resolve(&app, "T2-A", "BOOTS", &[elsewhere]).await;
    let listed = async |username: &str, query: &str| -> Vec<Value> {
        let path = format!("/api/v1/resolutions?{query}");
        let page = app.get(&path).as_(username).send().await.expect(200);
        page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
    };
    assert_eq!(listed("viewer", "").await, [json!(theirs), json!(sand), json!(boots)], "the last learnt first");
    assert_eq!(listed("t1", "").await, [json!(sand), json!(boots)]);
    assert_eq!(listed("viewer", "organization=T2").await, [json!(theirs)]);
    assert_eq!(listed("viewer", "depot=T1-A&item=BOOTS").await, [json!(boots)]);
    let mut path = "/api/v1/resolutions?limit=2".to_owned();
    let mut walked = Vec::new();
    loop {
        let page = app.get(&path).as_("viewer").send().await.expect(200);
        walked.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/resolutions?limit=2&cursor={cursor}");
    }
    assert_eq!(walked, [json!(theirs), json!(sand), json!(boots)]);
}

async fn each_has_a_receipt_and_a_place_in_the_chain(app: TestApp) {
    let [_, other] = conflict(&app).await;
    let id = Uuid::now_v7();
    let given = put(&app, id, &body(&app.depot("T1-A").await, "BOOTS", &[other])).await.expect(201)["receipt"].clone();
    let path = format!("/api/v1/resolutions/{id}/receipt");
    let receipts = app.get(&path).as_("t1").send().await.expect(200);
    assert_eq!(receipts, json!({"receipt": given, "void_receipt": null}));
    let voided = void(&app, id, "the other one was right").await.expect(201)["receipt"].clone();
    let receipts = app.get(&path).as_("viewer").send().await.expect(200);
    assert_eq!(receipts, json!({"receipt": given, "void_receipt": voided}));
    assert_eq!(app.get(&path).as_("t2").send().await.problem(404), "not_found");
    let said = [given, voided].map(|jws| {
        let link = app.receipts.checks().check(jws.as_str().unwrap()).unwrap().link;
        (link.kind.to_string(), link.id, link.position, link.effective_at)
    });
    let expected = [("resolution".to_owned(), id, 3, None), ("resolution_void".to_owned(), id, 4, None)];
    assert_eq!(said, expected);
}
