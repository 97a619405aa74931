//! Pushing the commands that wait on a device: each once and by itself, and no command that arrives is lost.

use auth::receipts::ReceiptKeys;
use chrono::{SecondsFormat, TimeDelta};
use domain::record::link::link_hash;
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rules::{count, minutes_ago};
use crate::seed;

cases![
    a_push_gives_one_result_for_each_in_order,
    a_push_sent_again_changes_nothing,
    one_push_by_many_at_once_is_one,
    a_count_is_one_whether_by_push_or_by_put,
    a_sender_who_moved_still_knows_what_they_sent,
    an_id_used_for_other_content_is_kept_beside_the_first,
    what_cannot_be_applied_is_kept_and_holds_up_nothing,
    what_is_no_command_is_rejected,
    a_newer_app_is_understood_as_far_as_it_goes,
    an_envelope_that_cannot_be_read_stores_nothing,
    a_count_may_settle_one_that_was_pushed_with_it,
    a_count_is_never_later_than_one_that_follows_it,
    a_right_that_was_withdrawn_loses_nothing,
    a_closed_account_may_leave_what_it_has,
    an_expired_token_is_to_be_refreshed_or_deposits,
    what_a_session_that_ended_left_is_applied_after_a_sign_in,
    what_else_stood_in_its_way_stays,
    a_deposit_has_bounds,
    what_never_arrived_is_known,
    what_never_arrived_by_requests_of_their_own_is_known,
    a_number_used_twice_and_a_clock_that_went_back_are_flagged,
    a_receipt_of_before_a_restore_is_taken_over,
    a_receipt_that_is_not_genuine_is_kept_for_an_officer,
    a_catalogue_that_is_gone_holds_up_nothing,
    a_receipt_of_something_else_moves_no_time,
    what_cannot_be_put_into_the_canonical_form_is_kept_by_its_bytes,
    what_is_kept_has_bounds,
    what_is_kept_has_bounds_in_bytes_and_holds_up_nothing,
    where_a_deposit_is_full_what_was_accepted_is_still_answered,
    a_clock_that_shows_no_time_refuses_nothing,
    a_count_of_the_most_lines_is_one,
    an_id_comes_back_in_the_letters_it_was_sent_in,
    a_push_that_was_overtaken_says_nothing_of_what_waits,
    a_number_that_jumps_is_flagged_and_believed_by_nobody,
    a_count_that_settles_one_that_is_not_back_yet_settles_it_when_it_comes,
    a_receipt_that_comes_after_its_count_is_taken_over,
    what_was_kept_without_its_receipt_is_applied_with_it,
    what_an_officer_corrected_comes_back_as_corrected,
];

/// A command that submits a count.
pub fn command(seq: i64, data: Value) -> Value {
    json!({"id": Uuid::now_v7(), "seq": seq, "type": "submit_count", "data": data})
}

/// A push of some commands from a phone whose clock is right.
pub fn envelope(commands: &[Value]) -> Value {
    json!({
        "device_id": "phone-1", "sent_at": seed::now().to_rfc3339_opts(SecondsFormat::Secs, true),
        "queued": commands.len(), "commands": commands
    })
}

impl TestApp {
    /// Pushes some commands.
    pub async fn push(&self, username: &str, commands: &[Value]) -> Answer {
        self.post("/api/v1/sync").as_(username).json(&envelope(commands)).send().await
    }

    /// The results of a push.
    pub async fn pushed(&self, username: &str, commands: &[Value]) -> Vec<Value> {
        self.push(username, commands).await.expect(200)["results"].as_array().unwrap().clone()
    }

    /// A command that counts pairs of BOOTS in a depot, some minutes before the tests begin.
    pub async fn boots(&self, seq: i64, depot: &str, pairs: i64, minutes: i64) -> Value {
        let lines = json!([{"item": "BOOTS", "quantity": pairs}]);
        command(seq, count(&self.depot(depot).await, minutes_ago(minutes), lines))
    }

    /// The number of usable pairs of BOOTS in a depot.
    pub async fn usable_boots(&self, depot: &str) -> Value {
        let stock =
            self.get(&format!("/api/v1/stock?depot={depot}&item=BOOTS")).as_("officer").send().await.expect(200);
        stock["items"][0]["stock"]["usable"].clone()
    }

    async fn counts(&self) -> Vec<Value> {
        let listed = self.get("/api/v1/counts?limit=500").as_("officer").send().await.expect(200);
        listed["items"].as_array().unwrap().clone()
    }

    async fn kept(&self) -> Vec<Value> {
        let listed = self.get("/api/v1/quarantine?limit=500").as_("officer").send().await.expect(200);
        listed["items"].as_array().unwrap().clone()
    }
}

fn statuses(results: &[Value]) -> Vec<&str> {
    results.iter().map(|result| result["status"].as_str().unwrap()).collect()
}

/// The codes of the faults of a command.
fn codes(result: &Value) -> Vec<&str> {
    let faults = result["problem"]["errors"].as_array();
    faults.into_iter().flatten().map(|fault| fault["code"].as_str().unwrap()).collect()
}

async fn a_push_gives_one_result_for_each_in_order(app: TestApp) {
    let commands = [app.boots(1, "T1-A", 3, 30).await, app.boots(2, "T1-A", 4, 20).await];
    let answer = app.push("t1", &commands).await.expect(200);
    assert_eq!(answer["clock_offset_ms"], 0);
    for (result, command) in answer["results"].as_array().unwrap().iter().zip(&commands) {
        assert_eq!((&result["id"], &result["count_id"]), (&command["id"], &command["id"]));
        assert_eq!((&result["status"], &result["repeated"]), (&json!("applied"), &json!(false)));
        let path = format!("/api/v1/counts/{}", command["id"].as_str().unwrap());
        let stored = app.get(&path).as_("t1").send().await.expect(200);
        assert_eq!((&stored["device"], &stored["seq"]), (&json!("phone-1"), &command["seq"]));
        assert_eq!(stored["revision"], answer["revision"]);
        let receipt = app.get(&format!("{path}/receipt")).as_("t1").send().await.expect(200);
        assert_eq!(receipt["receipt"], result["receipt"]);
        assert!(app.receipts.checks().check(result["receipt"].as_str().unwrap()).is_ok());
    }
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 4, "max": 4}));
}

async fn a_push_sent_again_changes_nothing(app: TestApp) {
    let unknown =
        command(3, count(&Uuid::now_v7().to_string(), seed::now(), json!([{"item": "BOOTS", "quantity": 1}])));
    let commands = [app.boots(1, "T1-A", 3, 30).await, app.boots(2, "T1-A", 4, 20).await, unknown];
    let first = app.pushed("t1", &commands).await;
    assert_eq!(statuses(&first), ["applied", "applied", "quarantined"]);
    let (counts, kept) = (app.counts().await, app.kept().await);
    app.clock.set(seed::now() + TimeDelta::days(40));
    let again = app.pushed("t1", &commands).await;
    for (first, again) in first.iter().zip(&again) {
        let mut expected = first.clone();
        expected["repeated"] = json!(true);
        if !expected["problem"].is_null() {
            expected["problem"]["request_id"] = again["problem"]["request_id"].clone();
        }
        assert_eq!(*again, expected);
    }
    assert_eq!((app.counts().await, app.kept().await), (counts, kept));
}

async fn one_push_by_many_at_once_is_one(app: TestApp) {
    let unknown = command(2, json!({"depot_id": "?"}));
    let commands = [app.boots(1, "T1-A", 3, 30).await, unknown];
    let answers = join_all((0..16).map(|_| app.pushed("t1", &commands))).await;
    let receipts: Vec<&Value> = answers.iter().map(|results| &results[0]["receipt"]).collect();
    assert!(receipts.iter().all(|receipt| receipt.is_string() && *receipt == receipts[0]), "{receipts:?}");
    for place in 0..2 {
        let new = answers.iter().filter(|results| results[place]["repeated"] == false).count();
        assert_eq!(new, 1, "{answers:?}");
    }
    assert_eq!((app.counts().await.len(), app.kept().await.len()), (1, 1));
}

async fn a_count_is_one_whether_by_push_or_by_put(app: TestApp) {
    let (by_put, by_push) = (app.boots(1, "T1-A", 3, 30).await, app.boots(2, "T1-A", 4, 20).await);
    let put = async |command: &Value| {
        let path = format!("/api/v1/counts/{}", command["id"].as_str().unwrap());
        app.put(&path).as_("t1").json(&command["data"]).send().await
    };
    let first = put(&by_put).await.expect(201);
    let results = app.pushed("t1", &[by_put.clone(), by_push.clone()]).await;
    assert_eq!((&results[0]["repeated"], &results[0]["receipt"]), (&json!(true), &first["receipt"]));
    let again = put(&by_push).await.expect(200);
    assert_eq!((&again["repeated"], &again["receipt"]), (&json!(true), &results[1]["receipt"]));
    assert_eq!(app.counts().await.len(), 2);
}

async fn a_sender_who_moved_still_knows_what_they_sent(app: TestApp) {
    let (sent, mut other) = (app.boots(1, "T1-A", 3, 30).await, app.boots(2, "T1-A", 4, 20).await);
    let id = sent["id"].as_str().unwrap().parse().unwrap();
    let first = app.submit("t1", id, &sent["data"]).await.expect(201);
    let moved =
        json!({"username": "t1", "display_name": "Holder of t1", "role": "quartermaster", "organization": "T2"});
    let account = format!("/api/v1/accounts/{}", app.account_id("t1").await);
    app.put(&account).as_("admin").header("if-match", "*").json(&moved).send().await.expect(200);
    // Either way the sender learns that it arrived, and nothing of later changes in the organization.
    let again = app.submit("t1", id, &sent["data"]).await.expect(200);
    assert_eq!((&again["repeated"], &again["receipt"]), (&json!(true), &first["receipt"]));
    assert_eq!(again["assessments"], json!([]));
    let again = app.pushed("t1", std::slice::from_ref(&sent)).await;
    assert_eq!((again[0]["status"].as_str(), &again[0]["repeated"]), (Some("applied"), &json!(true)));
    assert_eq!(again[0]["receipt"], first["receipt"]);
    // Only those who may see the count get the hashes of a used id.
    let reused = app.submit("t1", id, &other["data"]).await;
    assert_eq!(reused.problem(409), "id_reused");
    assert_eq!(reused.json().get("stored_sha256"), None);
    other["id"] = sent["id"].clone();
    let results = app.pushed("t1", &[other]).await;
    let problem = &results[0]["problem"];
    assert_eq!((problem["code"].as_str(), problem.get("stored_sha256")), (Some("id_reused"), None));
}

async fn an_id_used_for_other_content_is_kept_beside_the_first(app: TestApp) {
    let first = app.boots(1, "T1-A", 3, 30).await;
    let mut other = app.boots(2, "T1-A", 4, 30).await;
    other["id"] = first["id"].clone();
    let results = app.pushed("t1", &[first.clone(), other.clone(), first.clone()]).await;
    assert_eq!(statuses(&results), ["applied", "quarantined", "applied"]);
    let problem = &results[1]["problem"];
    assert_eq!(problem["code"], "id_reused");
    assert_eq!(problem["stored_sha256"], app.counts().await[0]["sha256"]);
    assert_ne!(problem["stored_sha256"], problem["sent_sha256"]);
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 3, "max": 3}));
    let again = app.pushed("t1", &[other]).await;
    assert_eq!((again[0]["status"].as_str(), &again[0]["repeated"]), (Some("quarantined"), &json!(true)));
    assert_eq!(app.kept().await.len(), 1);
}

async fn what_cannot_be_applied_is_kept_and_holds_up_nothing(app: TestApp) {
    let (depot, lines) = (app.depot("T1-A").await, json!([{"item": "BOOTS", "quantity": 1}]));
    let fine = count(&depot, minutes_ago(5), lines.clone());
    let with = |name: &str, value: Value| {
        let mut data = fine.clone();
        data[name] = value;
        data
    };
    let bad = [
        (count(&Uuid::now_v7().to_string(), minutes_ago(5), lines.clone()), "depot_unknown"),
        (count(&app.depot("T2-A").await, minutes_ago(5), lines), "depot_unknown"),
        (with("lines", json!([{"item": "GONE", "quantity": 1}])), "item_unknown"),
        (with("lines", json!([{"item": "BOOTS", "quantity": -1}])), "negative"),
        (with("survey_id", json!(Uuid::now_v7())), "survey_unknown"),
        (with("resolves", json!([Uuid::now_v7()])), "count_unknown"),
        (with("weather", json!("rain")), "unknown_field"),
        (with("counted_at", json!("yesterday")), "wrong_value"),
        (with("note", json!("nul \u{0} in it")), "control_character"),
        (json!("text"), "wrong_value"),
        (Value::Null, "wrong_value"),
        (json!([1, {"deep": [[[[]]]]}]), "wrong_value"),
    ];
    let mut commands: Vec<Value> = (1..).zip(&bad).map(|(seq, (data, _))| command(seq, data.clone())).collect();
    commands.push(json!({"id": Uuid::now_v7(), "seq": 13, "type": "lend", "data": fine}));
    commands.push(json!({"id": Uuid::now_v7(), "seq": 14}));
    commands.push(command(15, fine.clone()));
    let results = app.pushed("t1", &commands).await;
    for (result, (data, code)) in results.iter().zip(&bad) {
        assert_eq!((result["status"].as_str(), codes(result)), (Some("quarantined"), vec![*code]), "{data}");
    }
    assert_eq!([codes(&results[12]), codes(&results[13])], [["type_unknown"], ["type_unknown"]]);
    assert_eq!(results[14]["status"], "applied");
    let kept = app.kept().await;
    assert_eq!(kept.len(), 14);
    for (command, result) in commands.iter().zip(&results).take(14) {
        let found = kept.iter().find(|one| one["command_id"] == command["id"]).unwrap();
        assert_eq!((&found["seq"], &found["status"]), (&command["seq"], &json!("waiting")));
        assert_eq!(found.get("data"), None);
        let path = format!("/api/v1/quarantine/{}", found["id"].as_str().unwrap());
        assert_eq!(app.get(&path).as_("officer").send().await.expect(200)["data"], command["data"]);
        assert_eq!(found["problem"]["errors"], result["problem"]["errors"]);
        assert_eq!(found["organization"]["code"], "T1");
    }
}

async fn what_is_no_command_is_rejected(app: TestApp) {
    let fine = app.boots(1, "T1-A", 3, 5).await;
    let results = app.pushed("t1", &[json!(7), json!({"id": "phone-1"}), json!({}), fine]).await;
    assert_eq!(statuses(&results), ["rejected", "rejected", "rejected", "applied"]);
    assert_eq!(
        [&results[0]["id"], &results[1]["id"], &results[2]["id"]],
        [&Value::Null, &json!("phone-1"), &Value::Null]
    );
    assert_eq!(results[1]["problem"]["errors"][0]["pointer"], "/commands/1/id");
    assert_eq!(app.kept().await.len(), 0);
}

async fn a_newer_app_is_understood_as_far_as_it_goes(app: TestApp) {
    let mut fine = app.boots(1, "T1-A", 3, 5).await;
    fine["priority"] = json!("high");
    let mut sent = envelope(&[fine]);
    sent["battery"] = json!(0.4);
    let answer = app.post("/api/v1/sync").as_("t1").json(&sent).send().await.expect(200);
    assert_eq!(answer["results"][0]["status"], "applied");
    // An older app sends fewer fields.
    let older = json!({"device_id": "phone-2", "commands": [app.boots(1, "T1-A", 3, 4).await]});
    let answer = app.post("/api/v1/sync").as_("t1").json(&older).send().await.expect(200);
    assert_eq!((&answer["results"][0]["status"], &answer["clock_offset_ms"]), (&json!("applied"), &Value::Null));
}

async fn an_envelope_that_cannot_be_read_stores_nothing(app: TestApp) {
    let fine = app.boots(1, "T1-A", 3, 5).await;
    let with = |name: &str, value: Value| {
        let mut sent = envelope(std::slice::from_ref(&fine));
        sent[name] = value;
        sent
    };
    for (sent, pointer) in [
        (with("device_id", json!("")), "/device_id"),
        (with("device_id", json!("x".repeat(101))), "/device_id"),
        (with("sent_at", json!("noon")), "/sent_at"),
        (with("queued", json!(-1)), "/queued"),
        (with("app", json!("x".repeat(201))), "/app"),
        (with("commands", json!({})), "/commands"),
        (with("commands", json!(vec![fine.clone(); 501])), "/commands"),
    ] {
        let answer = app.post("/api/v1/sync").as_("t1").json(&sent).send().await;
        assert_eq!(answer.problem(422), "values_not_taken");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
    let cut = app.post("/api/v1/sync").as_("t1").body("application/json", "{\"device_id\":\"p\",\"comm").send().await;
    assert_eq!(cut.problem(400), "malformed");
    assert_eq!((app.counts().await.len(), app.kept().await.len()), (0, 0));
}

async fn a_count_may_settle_one_that_was_pushed_with_it(app: TestApp) {
    let first = app.boots(1, "T1-A", 3, 30).await;
    let mut second = app.boots(2, "T1-A", 4, 20).await;
    second["data"]["resolves"] = json!([first["id"]]);
    assert_eq!(statuses(&app.pushed("t1", &[first, second]).await), ["applied", "applied"]);
}

async fn a_count_is_never_later_than_one_that_follows_it(app: TestApp) {
    // The clock went back by ten minutes between the two, and is right when they are sent.
    let commands = [app.boots(1, "T1-A", 3, 10).await, app.boots(2, "T1-A", 4, 20).await];
    assert_eq!(statuses(&app.pushed("t1", &commands).await), ["applied", "applied"]);
    for stored in app.counts().await {
        assert_eq!(stored["effective_at"], "2026-11-23T01:40:00.000000Z");
    }
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 4, "max": 4}));
}

async fn a_right_that_was_withdrawn_loses_nothing(app: TestApp) {
    let commands = [app.boots(1, "T1-A", 3, 30).await];
    let token = app.token_of("t1").await;
    let account = app.account_id("t1").await;
    let moved = json!({"username": "t1", "display_name": "Holder of t1", "role": "viewer", "region": "159900"});
    app.put(&format!("/api/v1/accounts/{account}"))
        .as_("admin")
        .header("if-match", "*")
        .json(&moved)
        .send()
        .await
        .expect(200);
    let answer = app.post("/api/v1/sync").bearing(&json!(token)).json(&envelope(&commands)).send().await.expect(200);
    assert_eq!(answer["results"][0]["status"], "quarantined");
    assert_eq!(answer["results"][0]["problem"]["code"], "role_not_allowed");
    assert_eq!(app.kept().await[0]["organization"]["code"], "T1");
}

async fn a_closed_account_may_leave_what_it_has(app: TestApp) {
    let (before, after) = (app.boots(1, "T1-A", 3, 30).await, app.boots(2, "T1-A", 4, 20).await);
    let token = json!(app.token_of("t1").await);
    let push = async |commands: &[Value]| {
        app.post("/api/v1/sync").bearing(&token).json(&envelope(commands)).send().await.expect(200)["results"].clone()
    };
    let first = push(std::slice::from_ref(&before)).await;
    assert_eq!(first[0]["status"], "applied");
    let path = format!("/api/v1/accounts/{}/close", app.account_id("t1").await);
    app.post(&path).as_("admin").json(&json!({"reason": "left"})).send().await.expect(200);
    let results = push(&[before, after.clone()]).await;
    assert_eq!((&results[0]["status"], &results[0]["repeated"]), (&json!("applied"), &json!(true)));
    assert_eq!((&results[0]["receipt"], &results[1]["receipt"]), (&Value::Null, &Value::Null));
    assert_eq!(results[1]["status"], "quarantined");
    assert_eq!(results[1]["problem"]["code"], "account_closed");
    let kept = app.kept().await;
    assert_eq!((kept.len(), &kept[0]["deposited"], &kept[0]["command_id"]), (1, &json!(true), &after["id"]));
    // The token reads nothing.
    let pull = app.get("/api/v1/sync").bearing(&token).send().await;
    assert_eq!(pull.problem(401), "account_closed");
    // A forged token leaves nothing either.
    let forged = json!(format!("{}x", token.as_str().unwrap()));
    let answer = app.post("/api/v1/sync").bearing(&forged).json(&envelope(&[after])).send().await;
    assert_eq!(answer.problem(401), "token_invalid");
}

async fn an_expired_token_is_to_be_refreshed_or_deposits(app: TestApp) {
    let token = json!(app.token_of("t1").await);
    let commands = [app.boots(1, "T1-A", 3, 30).await];
    app.clock.set(seed::now() + TimeDelta::hours(1));
    let push = async |path: &str| app.post(path).bearing(&token).json(&envelope(&commands)).send().await;
    assert_eq!(push("/api/v1/sync").await.problem(401), "token_expired");
    assert_eq!(app.kept().await.len(), 0);
    let results = push("/api/v1/sync?deposit=true").await.expect(200)["results"].clone();
    assert_eq!(
        (&results[0]["status"], &results[0]["problem"]["code"]),
        (&json!("quarantined"), &json!("token_expired"))
    );
    // Once the refresh token has expired too, only a sign-in helps, and a push is a deposit.
    app.clock.set(seed::now() + TimeDelta::days(100));
    let results = push("/api/v1/sync").await.expect(200)["results"].clone();
    assert_eq!((&results[0]["status"], &results[0]["repeated"]), (&json!("quarantined"), &json!(true)));
    app.clock.set(seed::now() + TimeDelta::days(401));
    assert_eq!(push("/api/v1/sync").await.problem(401), "session_ended");
}

/// Signs out, and deposits some commands with the token of the session that ended.
async fn deposit(app: &TestApp, commands: &[Value]) -> Vec<Value> {
    let signed_in = app.sign_in("t1", Some("phone")).await;
    let out = json!({"refresh_token": signed_in["refresh_token"]});
    app.post("/api/v1/auth/logout").json(&out).send().await.expect(200);
    let push = app.post("/api/v1/sync").bearing(&signed_in["access_token"]).json(&envelope(commands));
    push.send().await.expect(200)["results"].as_array().unwrap().clone()
}

async fn what_a_session_that_ended_left_is_applied_after_a_sign_in(app: TestApp) {
    let mut commands = [app.boots(1, "T1-A", 3, 30).await, app.boots(2, "T1-A", 4, 20).await];
    commands[1]["data"]["resolves"] = json!([commands[0]["id"]]);
    let deposited = deposit(&app, &commands).await;
    assert_eq!(statuses(&deposited), ["quarantined", "quarantined"]);
    assert_eq!(deposited[0]["problem"]["code"], "session_ended");
    let fresh = app.boots(3, "T1-A", 5, 10).await;
    app.clock.set(seed::now() + TimeDelta::days(3));
    // Nobody else makes anything of it, nor the same id with other content.
    assert_eq!(app.pushed("t2", &commands).await[0]["status"], "quarantined");
    let mut other = app.boots(1, "T1-A", 9, 30).await;
    other["id"] = commands[0]["id"].clone();
    let all = [commands[0].clone(), commands[1].clone(), fresh];
    let results = app.pushed("t1", &all).await;
    assert_eq!(statuses(&results), ["applied", "applied", "applied"]);
    for (result, effective_at) in results.iter().zip(["2026-11-23T01:30:00.000000Z", "2026-11-23T01:40:00.000000Z"]) {
        let path = format!("/api/v1/counts/{}", result["id"].as_str().unwrap());
        let stored = app.get(&path).as_("t1").send().await.expect(200);
        assert_eq!(stored["received_at"], "2026-11-23T02:00:00.000000Z");
        assert_eq!(stored["effective_at"], effective_at);
        assert!(app.receipts.checks().check(result["receipt"].as_str().unwrap()).is_ok());
        assert_eq!(result["decision"]["status"], "applied");
    }
    let again = app.pushed("t1", &all).await;
    for (first, again) in results.iter().zip(&again) {
        assert_eq!((&again["receipt"], &again["repeated"]), (&first["receipt"], &json!(true)));
    }
    assert_eq!(app.pushed("t1", &[other]).await[0]["problem"]["code"], "id_reused");
    let waiting = app.get("/api/v1/quarantine?status=waiting").as_("officer").send().await.expect(200);
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1, "{waiting}");
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 5, "max": 5}));
    let keys = app.receipts.clone();
    let verified = app.db.read(move |snapshot| service::verify::verify_all(snapshot.connection, keys.checks())).await;
    assert_eq!(verified.unwrap().findings, vec![]);
}

async fn what_else_stood_in_its_way_stays(app: TestApp) {
    let unknown = command(1, count(&Uuid::now_v7().to_string(), minutes_ago(5), json!([])));
    let (fine, aside) = (app.boots(2, "T1-A", 3, 20).await, app.boots(3, "T1-A", 4, 10).await);
    deposit(&app, &[unknown.clone(), fine.clone(), aside.clone()]).await;
    let kept = app.kept().await;
    let id = kept.iter().find(|kept| kept["command_id"] == aside["id"]).unwrap()["id"].as_str().unwrap().to_owned();
    let decision = json!({"reason": "counted twice"});
    app.post(&format!("/api/v1/quarantine/{id}/set-aside")).as_("officer").json(&decision).send().await.expect(200);
    let results = app.pushed("t1", &[unknown.clone(), fine, aside]).await;
    assert_eq!(statuses(&results), ["quarantined", "applied", "quarantined"]);
    // Its sender is told what is wrong with it, now that it is nothing but that.
    assert_eq!(results[0]["problem"]["code"], "values_not_taken");
    assert_eq!(results[2]["decision"]["status"], "set_aside");
    // A closed account's commands are for an officer, also after it was opened again.
    let closed = app.boots(4, "T1-A", 9, 5).await;
    let (token, account) = (json!(app.token_of("t1").await), app.account_id("t1").await);
    let close = app.post(&format!("/api/v1/accounts/{account}/close")).as_("admin").json(&json!({"reason": "left"}));
    close.send().await.expect(200);
    let push = app.post("/api/v1/sync").bearing(&token).json(&envelope(&[closed])).send().await.expect(200);
    assert_eq!(push["results"][0]["problem"]["code"], "account_closed");
}

async fn a_deposit_has_bounds(app: TestApp) {
    let token = json!(app.token_of("t1").await);
    let path = format!("/api/v1/accounts/{}/close", app.account_id("t1").await);
    app.post(&path).as_("admin").json(&json!({"reason": "left"})).send().await.expect(200);
    let depot = app.depot("T1-A").await;
    let some = |range: std::ops::Range<i64>| -> Vec<Value> {
        range
            .map(|seq| command(seq, count(&depot, minutes_ago(5), json!([{"item": "BOOTS", "quantity": seq}]))))
            .collect()
    };
    let push =
        async |commands: &[Value]| app.post("/api/v1/sync").bearing(&token).json(&envelope(commands)).send().await;
    push(&some(1..151)).await.expect(200);
    let full = push(&some(151..251)).await;
    assert_eq!(full.problem(429), "deposit_full");
    assert!(!full.header("retry-after").is_empty());
    assert_eq!(app.kept().await.len(), 150);
    push(&some(151..201)).await.expect(200);
    assert_eq!(app.kept().await.len(), 200);
}

impl TestApp {
    /// The id of an account.
    pub async fn account_id(&self, username: &str) -> String {
        let listed = self.get("/api/v1/accounts?limit=500").as_("admin").send().await.expect(200);
        let found = listed["items"].as_array().unwrap().iter().find(|one| one["username"] == username).unwrap();
        found["id"].as_str().unwrap().to_owned()
    }

    /// The report on the one device that pushed under a name.
    pub async fn device_report(&self, device: &str, query: &str) -> Option<Value> {
        let listed = self.get(&format!("/api/v1/devices{query}")).as_("officer").send().await.expect(200);
        let reports = listed["items"].as_array().unwrap().iter().flat_map(|one| one["sync"].as_array().unwrap());
        reports.into_iter().find(|report| report["device"] == device).cloned()
    }
}

async fn what_never_arrived_is_known(app: TestApp) {
    let mut sent = envelope(&[app.boots(1, "T1-A", 3, 30).await, app.boots(4, "T1-A", 4, 20).await]);
    sent["queued"] = json!(5);
    sent["app"] = json!("phone 1.0; lacks locks");
    let token = json!(app.token_of("t1").await);
    app.post("/api/v1/sync").bearing(&token).json(&sent).send().await.expect(200);
    let report = app.device_report("phone-1", "").await.unwrap();
    assert_eq!(report["app"], "phone 1.0; lacks locks");
    assert_eq!((&report["last_seq"], &report["received"]), (&json!(4), &json!(2)));
    assert_eq!(
        report["not_received"],
        json!({"count": 5, "gaps": [{"from": 2, "to": 3}], "queued": 3, "since": "2026-11-23T02:00:00.000000Z"})
    );
    assert!(app.device_report("phone-1", "?missing=true").await.is_some());
    assert!(app.device_report("phone-1", "?missing=false").await.is_none());
    // They arrive at last, one of them in a request of its own.
    app.clock.set(seed::now() + TimeDelta::minutes(5));
    let by_put = app.boots(2, "T1-A", 3, 30).await;
    let path = format!("/api/v1/counts/{}", by_put["id"].as_str().unwrap());
    let request = app.put(&path).bearing(&token).header("muster-device", "phone-1").header("muster-seq", "2");
    request.json(&by_put["data"]).send().await.expect(201);
    let rest = envelope(&[app.boots(3, "T1-A", 3, 25).await]);
    app.post("/api/v1/sync").bearing(&token).json(&rest).send().await.expect(200);
    let report = app.device_report("phone-1", "").await.unwrap();
    assert_eq!(report["not_received"], json!({"count": 0, "gaps": [], "queued": 0, "since": null}));
    assert_eq!(report["app"], Value::Null, "the last push said nothing of the app");
    assert!(app.device_report("phone-1", "?missing=true").await.is_none());
}

async fn a_number_used_twice_and_a_clock_that_went_back_are_flagged(app: TestApp) {
    let commands =
        [app.boots(1, "T1-A", 3, 10).await, app.boots(2, "T1-A", 4, 20).await, app.boots(2, "T1-A", 5, 5).await];
    assert_eq!(statuses(&app.pushed("t1", &commands).await), ["applied", "applied", "applied"]);
    let report = app.device_report("phone-1", "").await.unwrap();
    assert_eq!(report["flags"], json!(["clock_went_back", "seq_reused"]));
    let counts = app.counts().await;
    for (command, flags) in commands.iter().zip([json!([]), json!(["clock_went_back"]), json!(["seq_reused"])]) {
        let stored = counts.iter().find(|stored| stored["id"] == command["id"]).unwrap();
        assert_eq!(stored["flags"], flags);
    }
    // Readers of the stock are told, on a phone too.
    let stock = app.get("/api/v1/stock?depot=T1-A&item=BOOTS").as_("viewer").send().await.expect(200);
    assert_eq!(stock["items"][0]["stock"]["counts"][0]["flags"], json!(["seq_reused"]));
    let pulled = app.get("/api/v1/sync").as_("t1").send().await.expect(200);
    let stock = pulled["changes"].as_array().unwrap().iter().find(|change| change["type"] == "stock").unwrap();
    assert_eq!(stock["data"]["counts"][0]["flags"], json!(["seq_reused"]));
}

/// The receipt that a server with the same keys and another database gives for a command.
async fn receipt_elsewhere(app: &TestApp, command: &Value, minutes_later: i64) -> String {
    use domain::receipt::{FIRST, Link, LinkKind};
    let content = base::content::Content::of_json(command["data"].to_string().into_bytes()).unwrap();
    let owner = app.get("/api/v1/organizations/T1").as_("t1").send().await.expect(200)["id"].clone();
    let link = Link {
        organization: owner.as_str().unwrap().parse().unwrap(),
        position: 17,
        kind: LinkKind::Count,
        id: command["id"].as_str().unwrap().parse().unwrap(),
        sha256: content.sha256,
        record_sha256: "ab".repeat(32),
        received_at: seed::now() - TimeDelta::days(3) + TimeDelta::minutes(minutes_later),
        effective_at: Some(seed::now() - TimeDelta::days(4)),
        previous: FIRST.to_owned(),
    };
    let hash = link_hash(&link).unwrap();
    app.receipts.sign(&link, &hash).unwrap()
}

async fn a_receipt_of_before_a_restore_is_taken_over(app: TestApp) {
    let mut lost = app.boots(1, "T1-A", 3, 60 * 24 * 4).await;
    let receipt = receipt_elsewhere(&app, &lost, 0).await;
    lost["receipt"] = json!(receipt);
    let newer = app.boots(2, "T1-A", 4, 60 * 24 * 5).await;
    let results = app.pushed("t1", &[lost.clone(), newer]).await;
    assert_eq!(statuses(&results), ["applied", "applied"]);
    assert_eq!(results[0]["receipt"], receipt);
    let path = format!("/api/v1/counts/{}", lost["id"].as_str().unwrap());
    let stored = app.get(&path).as_("t1").send().await.expect(200);
    assert_eq!(stored["received_at"], "2026-11-20T02:00:00.000000Z");
    assert_eq!(stored["effective_at"], "2026-11-19T02:00:00.000000Z");
    // It keeps its fixed times, and its link is in the present chain.
    let receipts = app.get(&format!("{path}/receipt")).as_("t1").send().await.expect(200);
    assert_eq!(receipts["receipt"], receipt);
    let present = app.receipts.checks().check(receipts["chain_receipt"].as_str().unwrap()).unwrap();
    assert_eq!(present.link.position, 1);
    let again = app.pushed("t1", &[lost]).await;
    assert_eq!((&again[0]["repeated"], &again[0]["receipt"]), (&json!(true), &json!(receipt)));
}

async fn a_receipt_that_is_not_genuine_is_kept_for_an_officer(app: TestApp) {
    let (mut forged, mut of_another) = (app.boots(1, "T1-A", 3, 60).await, app.boots(2, "T1-A", 4, 50).await);
    let other = ReceiptKeys::generate().unwrap();
    let genuine = receipt_elsewhere(&app, &forged, 0).await;
    let receipt = app.receipts.checks().check(&genuine).unwrap();
    forged["receipt"] = json!(other.sign(&receipt.link, &receipt.hash).unwrap());
    of_another["receipt"] = json!(genuine);
    let results = app.pushed("t1", &[forged, of_another]).await;
    for result in &results {
        assert_eq!((result["status"].as_str(), codes(result)), (Some("quarantined"), vec!["receipt_not_genuine"]));
    }
    let kept = app.kept().await;
    assert!(kept.len() == 2 && kept.iter().all(|kept| kept["with_receipt"] == true), "{kept:?}");
}

async fn a_catalogue_that_is_gone_holds_up_nothing(app: TestApp) {
    let mut command = app.boots(1, "T1-A", 3, 30).await;
    command["data"]["catalogue_revision"] = json!(4_000_000);
    let results = app.pushed("t1", &[command.clone()]).await;
    assert_eq!(statuses(&results), ["applied"]);
    let kept = app.counts().await[0].clone();
    assert_eq!(kept["catalogue_revision"], Value::Null);
    assert_eq!(kept["flags"], json!(["catalogue_unknown"]));
}

async fn what_never_arrived_by_requests_of_their_own_is_known(app: TestApp) {
    let token = app.sign_in("t1", Some("a browser")).await["access_token"].clone();
    for seq in [1, 4] {
        let command = app.boots(seq, "T1-A", seq, 30).await;
        let path = format!("/api/v1/counts/{}", command["id"].as_str().unwrap());
        let number = seq.to_string();
        let request = app.put(&path).bearing(&token).header("muster-device", "browser").header("muster-seq", &number);
        request.json(&command["data"]).send().await.expect(201);
    }
    let report = app.device_report("browser", "?missing=true").await.unwrap();
    assert_eq!(report["last_contact_at"], "2026-11-23T02:00:00.000000Z");
    assert_eq!(report["not_received"]["gaps"], json!([{"from": 2, "to": 3}]));
}

async fn a_receipt_of_something_else_moves_no_time(app: TestApp) {
    let (right, other) = (app.boots(1, "T1-A", 3, 60).await, app.boots(9, "T1-A", 9, 60).await);
    let mut wrong = app.boots(2, "T1-A", 4, 50).await;
    wrong["receipt"] = json!(receipt_elsewhere(&app, &other, 0).await);
    let results = app.pushed("t1", &[right, wrong]).await;
    assert_eq!(statuses(&results), ["applied", "quarantined"]);
    assert_eq!(app.counts().await[0]["effective_at"], "2026-11-23T01:00:00.000000Z");
    assert_eq!(app.kept().await[0]["effective_at"], "2026-11-23T01:10:00.000000Z");
}

async fn what_cannot_be_put_into_the_canonical_form_is_kept_by_its_bytes(app: TestApp) {
    let fine = app.boots(6, "T1-A", 3, 5).await;
    let ids: Vec<Uuid> = (0..7).map(|_| Uuid::now_v7()).collect();
    let deep = format!("{}{}", "[".repeat(450_000), "]".repeat(450_000));
    let odd = [
        format!(
            r#"{{"id":"{}","seq":1,"type":"submit_count","data":{{"note":"half of a character: \ud83d"}}}}"#,
            ids[0]
        ),
        format!(r#"{{"id":"{}","seq":2,"type":"submit_count","data":{{"lines":1e400}}}}"#, ids[1]),
        format!(r#"{{"id":"{}","seq":3,"type":"submit_count","data":{deep}}}"#, ids[2]),
        format!(r#"{{"id":"{}","seq":4,"seq":4,"type":"submit_count","data":{{}}}}"#, ids[3]),
        format!(r#"{{"id":"{}","seq":5,"type":"submit_count","data":{{}},"receipt":"a\u0000b"}}"#, ids[4]),
        format!(r#"{{"id":"{0}","id":"{0}","seq":7,"type":"submit_count","data":{{}}}}"#, ids[5]),
        format!(r#"{{"id":"{}","seq":8,"type":"submit_count","data":{{"note":"a","note":"b"}}}}"#, ids[6]),
    ];
    let body = format!(r#"{{"device_id":"phone-1","queued":6,"commands":[{},{fine}]}}"#, odd.join(","));
    let push =
        async || app.post("/api/v1/sync").as_("t1").body("application/json", body.clone()).send().await.expect(200);
    let first = push().await;
    let results = first["results"].as_array().unwrap();
    assert_eq!(statuses(results), [["quarantined"; 7].as_slice(), &["applied"]].concat());
    let told = ["wrong_value", "wrong_value", "wrong_value", "duplicate_field"];
    let told = told.into_iter().chain(["wrong_value", "duplicate_field", "duplicate_field"]);
    for ((result, id), code) in results.iter().zip(&ids).zip(told) {
        assert_eq!((result["id"].as_str(), codes(result)), (Some(id.to_string().as_str()), vec![code]));
    }
    let again = push().await;
    let results = again["results"].as_array().unwrap();
    assert!(results.len() == 8 && results.iter().all(|result| result["repeated"] == true), "{again}");
    let kept = app.kept().await;
    assert_eq!(kept.len(), 7);
    let doubled = [odd[3].as_str(), &odd[5]];
    let datas = [r#"{"note":"half of a character: \ud83d"}"#, r#"{"lines":1e400}"#, &deep, doubled[0]];
    let datas = datas.into_iter().chain(["", doubled[1], r#"{"note":"a","note":"b"}"#]);
    for (id, data) in ids.iter().zip(datas) {
        let one = kept.iter().find(|one| one["command_id"] == json!(id)).unwrap();
        let path = format!("/api/v1/quarantine/{}", one["id"].as_str().unwrap());
        let found = app.get(&path).as_("officer").send().await.expect(200);
        if data.is_empty() {
            assert_eq!((&found["data"], &found["data_text"]), (&json!({}), &Value::Null));
            continue;
        }
        // What some readers break on is text.
        assert_eq!((&found["data"], &found["data_text"]), (&Value::Null, &json!(data)));
        assert_eq!(found["sha256"], base::content::Content::of_bytes(data.as_bytes().to_vec()).sha256);
    }
    // The push is still not JSON if its outer level is not.
    let cut =
        app.post("/api/v1/sync").as_("t1").body("application/json", body[..body.len() - 2].to_owned()).send().await;
    assert_eq!(cut.problem(400), "malformed");
}

async fn what_is_kept_has_bounds(app: TestApp) {
    let lines: Vec<Value> = (0..2_000).map(|_| json!({"item": "", "quantity": -1})).collect();
    let data = count(&app.depot("T1-A").await, minutes_ago(5), json!(lines));
    let results = app.pushed("t1", &[command(1, data)]).await;
    assert_eq!(results[0]["problem"]["errors"].as_array().unwrap().len(), 100);
}

async fn what_is_kept_has_bounds_in_bytes_and_holds_up_nothing(app: TestApp) {
    let large = |seq: i64| command(seq, json!({"note": "x".repeat(1_000_000)}));
    let mut last = Vec::new();
    for seq in 1..=34 {
        let answer = app.push("t1", &[large(seq)]).await;
        last.push(answer.status);
        if answer.status == 429 {
            assert_eq!(answer.problem(429), "quarantine_full");
            assert!(!answer.header("retry-after").is_empty());
            break;
        }
    }
    assert_eq!((last.len(), last.last()), (34, Some(&429.try_into().unwrap())));
    let (bad, fine) =
        (command(35, json!({"depot_id": "?", "note": "x".repeat(600_000)})), app.boots(36, "T1-A", 3, 5).await);
    let results = app.pushed("t1", &[bad.clone(), fine.clone(), json!(7)]).await;
    assert_eq!(statuses(&results), ["deferred", "applied", "rejected"]);
    let problem = &results[0]["problem"];
    assert_eq!((&problem["code"], &problem["status"]), (&json!("quarantine_full"), &json!(429)));
    assert_eq!(app.kept().await.len(), 33);
    // One that has no id needs no room: its device is told so, and keeps the other.
    let results = app.pushed("t1", &[json!(5), bad.clone()]).await;
    assert_eq!(statuses(&results), ["rejected", "deferred"]);
    assert_eq!(app.push("t1", std::slice::from_ref(&bad)).await.problem(429), "quarantine_full");
    // Once there is room it is kept like any other.
    let id = app.kept().await[0]["id"].as_str().unwrap().to_owned();
    let decision = json!({"reason": "nothing in it"});
    app.post(&format!("/api/v1/quarantine/{id}/set-aside")).as_("officer").json(&decision).send().await.expect(200);
    let results = app.pushed("t1", &[bad, fine]).await;
    assert_eq!(statuses(&results), ["quarantined", "applied"]);
}

async fn where_a_deposit_is_full_what_was_accepted_is_still_answered(app: TestApp) {
    let accepted = app.boots(1, "T1-A", 3, 5).await;
    app.pushed("t1", std::slice::from_ref(&accepted)).await;
    let some: Vec<Value> = (2..202).map(|seq| command(seq, json!({"seq": seq}))).collect();
    deposit(&app, &some).await;
    let results = deposit(&app, &[command(202, json!({})), accepted, some[0].clone()]).await;
    assert_eq!(statuses(&results), ["deferred", "applied", "quarantined"]);
    assert_eq!(results[0]["problem"]["code"], "deposit_full");
    assert_eq!(app.kept().await.len(), 200);
}

async fn a_clock_that_shows_no_time_refuses_nothing(app: TestApp) {
    for (seq, sent_at) in [(1, "1601-01-01T00:00:00Z"), (2, "9999-12-31T23:59:59Z"), (3, "+012345-01-01T00:00:00.000Z")]
    {
        let mut sent = envelope(&[app.boots(seq, "T1-A", seq, 5).await]);
        sent["sent_at"] = json!(sent_at);
        let answer = app.post("/api/v1/sync").as_("t1").json(&sent).send().await.expect(200);
        assert_eq!((&answer["results"][0]["status"], &answer["clock_offset_ms"]), (&json!("applied"), &Value::Null));
    }
}

async fn a_count_of_the_most_lines_is_one(app: TestApp) {
    let lines = |most: usize| -> Vec<Value> {
        (0..most).map(|lot| json!({"item": "BOOTS", "quantity": 1, "lot": format!("L{lot}")})).collect()
    };
    let depot = app.depot("T1-A").await;
    for (seq, most) in [(1, 1_927), (2, 1_928), (3, 2_000)] {
        let sent = command(seq, count(&depot, minutes_ago(10 - seq), json!(lines(most))));
        assert_eq!(statuses(&app.pushed("t1", std::slice::from_ref(&sent)).await), ["applied"], "{most}");
        let path = format!("/api/v1/counts/{}", sent["id"].as_str().unwrap());
        let stored = app.get(&path).as_("t1").send().await.expect(200);
        assert_eq!(stored["lines"].as_array().unwrap().len(), most);
    }
}

async fn an_id_comes_back_in_the_letters_it_was_sent_in(app: TestApp) {
    let mut commands = [app.boots(1, "T1-A", 3, 5).await, command(2, json!({}))];
    for command in &mut commands {
        command["id"] = json!(command["id"].as_str().unwrap().to_uppercase());
    }
    let results = app.pushed("t1", &commands).await;
    assert_eq!(statuses(&results), ["applied", "quarantined"]);
    for (result, command) in results.iter().zip(&commands) {
        assert_eq!(result["id"], command["id"]);
    }
}

async fn a_push_that_was_overtaken_says_nothing_of_what_waits(app: TestApp) {
    let push = async |seq: i64, second: i64, queued: i64| {
        let mut sent = envelope(&[app.boots(seq, "T1-A", seq, 5).await]);
        let sent_at = seed::now() - TimeDelta::minutes(5) + TimeDelta::seconds(second);
        sent["sent_at"] = json!(sent_at.to_rfc3339_opts(SecondsFormat::Secs, true));
        sent["queued"] = json!(queued);
        app.post("/api/v1/sync").as_("t1").json(&sent).send().await.expect(200);
        app.device_report("phone-1", "").await.unwrap()["not_received"]["queued"].clone()
    };
    assert_eq!(push(1, 10, 9).await, 8);
    assert_eq!(push(3, 20, 1).await, 0);
    // It was under way for longer than the next.
    assert_eq!(push(2, 15, 5).await, 0);
    assert_eq!(push(4, 30, 3).await, 2);
    // A clock that was set back by a year is no older push.
    assert_eq!(push(5, -31_000_000, 1).await, 0);
}

async fn a_number_that_jumps_is_flagged_and_believed_by_nobody(app: TestApp) {
    let last = 9_007_199_254_740_991;
    let commands =
        [app.boots(1, "T1-A", 3, 9).await, app.boots(3, "T1-A", 4, 8).await, app.boots(last, "T1-A", 5, 7).await];
    assert_eq!(statuses(&app.pushed("t1", &commands).await), ["applied", "applied", "applied"]);
    let report = app.device_report("phone-1", "").await.unwrap();
    assert_eq!((&report["last_seq"], &report["flags"]), (&json!(last), &json!(["seq_jumped"])));
    assert_eq!(report["not_received"]["gaps"], json!([{"from": 2, "to": 2}]));
    assert_eq!(report["not_received"]["count"], 1);
}

impl TestApp {
    async fn push_from(&self, device: &str, commands: &[Value]) -> Vec<Value> {
        let mut sent = envelope(commands);
        sent["device_id"] = json!(device);
        let answer = self.post("/api/v1/sync").as_("t1").json(&sent).send().await.expect(200);
        answer["results"].as_array().unwrap().clone()
    }

    /// The faults that `muster verify chain` finds.
    async fn findings(&self) -> Vec<service::verify::Finding> {
        let keys = self.receipts.clone();
        let verified = self.db.read(move |snapshot| service::verify::verify_all(snapshot.connection, keys.checks()));
        verified.await.unwrap().findings
    }
}

async fn a_count_that_settles_one_that_is_not_back_yet_settles_it_when_it_comes(app: TestApp) {
    let mut first = app.boots(1, "T1-A", 3, 60).await;
    let mut settling = app.boots(2, "T1-A", 4, 50).await;
    settling["data"]["resolves"] = json!([first["id"]]);
    for lost in [&mut first, &mut settling] {
        let receipt = receipt_elsewhere(&app, lost, 0).await;
        lost["receipt"] = json!(receipt);
    }
    let results = app.push_from("phone-1", std::slice::from_ref(&settling)).await;
    assert_eq!((statuses(&results), &results[0]["receipt"]), (vec!["applied"], &settling["receipt"]));
    let settles = async || {
        let path = format!("/api/v1/counts/{}", settling["id"].as_str().unwrap());
        app.get(&path).as_("t1").send().await.expect(200)["resolves"].clone()
    };
    assert_eq!(settles().await, json!([first["id"]]));
    assert_eq!(statuses(&app.push_from("phone-2", std::slice::from_ref(&first)).await), ["applied"]);
    assert_eq!((settles().await, app.findings().await), (json!([first["id"]]), vec![]));
    // Both were made at one time by two devices: without it they would contradict each other.
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 4, "max": 4}));
    // One that never was accepted is held to what is there.
    let mut new = app.boots(3, "T1-A", 4, 5).await;
    new["data"]["resolves"] = json!([Uuid::now_v7()]);
    assert_eq!(codes(&app.pushed("t1", &[new]).await[0]), ["count_unknown"]);
}

async fn a_receipt_that_comes_after_its_count_is_taken_over(app: TestApp) {
    let bare = app.boots(1, "T1-A", 3, 60 * 24 * 4).await;
    let receipt = receipt_elsewhere(&app, &bare, 0).await;
    let late = app.pushed("t1", std::slice::from_ref(&bare)).await;
    assert_ne!(late[0]["receipt"], json!(receipt));
    let mut genuine = bare.clone();
    genuine["receipt"] = json!(receipt);
    for sent in [&genuine, &genuine, &bare] {
        let results = app.pushed("t1", std::slice::from_ref(sent)).await;
        assert_eq!((&results[0]["receipt"], &results[0]["repeated"]), (&json!(receipt), &json!(true)));
    }
    let path = format!("/api/v1/counts/{}/receipt", bare["id"].as_str().unwrap());
    let receipts = app.get(&path).as_("t1").send().await.expect(200);
    assert_eq!((&receipts["receipt"], &receipts["chain_receipt"]), (&json!(receipt), &late[0]["receipt"]));
    assert_eq!(app.findings().await, vec![]);
    // The audit tells the count once; later, that its receipt was replaced.
    let path = format!("/api/v1/audit?subject={}", bare["id"].as_str().unwrap());
    let audit = app.get(&path).as_("admin").send().await.expect(200);
    let told = |entry: usize| -> Vec<String> {
        let changes = audit["items"][entry]["subjects"][0]["changes"].as_array().unwrap();
        changes.iter().map(|change| change["field"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(audit["items"].as_array().unwrap().len(), 2);
    assert_eq!(told(0), ["receipt"]);
    assert!(told(1).contains(&"quantity".to_owned()));
    // Of two genuine ones the first stays.
    genuine["receipt"] = json!(receipt_elsewhere(&app, &bare, 7).await);
    assert_eq!(app.pushed("t1", &[genuine]).await[0]["receipt"], json!(receipt));
}

async fn what_was_kept_without_its_receipt_is_applied_with_it(app: TestApp) {
    let mut settling = app.boots(2, "T1-A", 4, 60 * 24 * 4).await;
    settling["data"]["resolves"] = json!([Uuid::now_v7()]);
    let receipt = receipt_elsewhere(&app, &settling, 0).await;
    assert_eq!(statuses(&app.pushed("t1", std::slice::from_ref(&settling)).await), ["quarantined"]);
    settling["receipt"] = json!(receipt);
    let results = app.pushed("t1", std::slice::from_ref(&settling)).await;
    assert_eq!((statuses(&results), &results[0]["receipt"]), (vec!["applied"], &json!(receipt)));
    let waiting = app.get("/api/v1/quarantine?status=waiting").as_("officer").send().await.expect(200);
    assert_eq!((&waiting["items"], app.findings().await), (&json!([]), vec![]));
}

async fn what_an_officer_corrected_comes_back_as_corrected(app: TestApp) {
    let sent =
        command(1, count(&Uuid::now_v7().to_string(), minutes_ago(5), json!([{"item": "BOOTS", "quantity": 4}])));
    assert_eq!(statuses(&app.pushed("t1", std::slice::from_ref(&sent)).await), ["quarantined"]);
    // An officer had applied it with this before the restore.
    let mut corrected = app.boots(1, "T1-A", 4, 5).await;
    corrected["id"] = sent["id"].clone();
    corrected["receipt"] = json!(receipt_elsewhere(&app, &corrected, 0).await);
    let results = app.pushed("t1", std::slice::from_ref(&corrected)).await;
    assert_eq!((statuses(&results), &results[0]["receipt"]), (vec!["applied"], &corrected["receipt"]));
    // No officer is needed for the same once more.
    let waiting = app.get("/api/v1/quarantine?status=waiting").as_("officer").send().await.expect(200);
    assert_eq!((&waiting["items"], app.findings().await), (&json!([]), vec![]));
    let again = app.pushed("t1", &[sent]).await;
    assert_eq!((&again[0]["status"], &again[0]["count_id"]), (&json!("applied"), &corrected["id"]));
}
