//! Requests at the same moment: everything is decided in the ordered write, so the answers are the same as for one
//! request after the other.
//!
//! Every pair is sent at one moment. Pairs of even numbers wait together while all writers are held, so that they could
//! share a commit group; the others run as they come, on PostgreSQL on several writers.

use std::sync::mpsc;
use std::time::Duration;

use actix_web::http::Method;
use actix_web::rt::time::sleep;
use db::locks::Locks;
use futures_util::future::join;
use futures_util::poll;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::database::{Backend, TestDatabase};
use crate::push::command;
use crate::rows::tester;
use crate::rules::{count, minutes_ago};
use crate::{exemptions, rules, seed, setup, standards, targets};

cases![
    one_of_two_changes_of_a_region_wins,
    one_of_two_changes_of_a_class_of_items_wins,
    one_of_two_changes_of_an_item_wins,
    one_of_two_changes_of_the_dictionary_wins,
    one_of_two_changes_of_a_fact_sheet_wins,
    one_of_two_changes_of_a_fact_wins,
    one_of_two_changes_of_an_organization_wins,
    one_of_two_changes_of_a_depot_wins,
    one_of_two_targets_wins,
    one_of_two_adoptions_wins,
    one_of_two_ends_of_an_exemption_wins,
    one_of_two_drafts_wins,
    one_of_two_changes_of_an_account_wins,
    one_of_an_adoption_and_its_end_wins,
    a_draft_is_published_as_it_was_read_or_not_at_all,
    one_code_is_made_once,
    one_id_is_of_one_thing,
    a_user_name_is_taken_once,
    at_the_last_free_failure_one_of_two_must_wait,
    one_code_signs_one_device_in,
    the_first_account_is_made_once,
    two_uses_of_a_refresh_token_get_one_successor,
    a_count_is_taken_back_once,
    a_command_in_quarantine_is_decided_once,
    a_push_sent_twice_at_once_is_taken_in_once,
    a_right_that_was_taken_away_while_a_write_waited_is_gone,
    a_write_that_came_before_its_right_was_taken_away_stands,
];

/// The number of pairs for each thing.
const PAIRS: i64 = 200;

/// The number of pairs if each needs things of its own, or a slow hash.
const FEW: i64 = 10;

/// The time for which the writers are held; two requests reach the queue much faster.
const HELD: Duration = Duration::from_millis(6);

/// Writers that are blocked until this is dropped.
#[expect(dead_code, reason = "held for its end")]
struct HeldWriters(Vec<mpsc::Sender<()>>);

impl HeldWriters {
    async fn of(app: &TestApp) -> Self {
        let writers = match app.database().backend {
            Backend::Sqlite => 1,
            Backend::Postgres => 3,
        };
        let mut held = Vec::new();
        for _ in 0..writers {
            let (release, released) = mpsc::channel::<()>();
            let (arrived, arrival) = mpsc::channel();
            let mut write = Box::pin(app.db.write(tester(), Locks::none(), move |_| {
                let _ = arrived.send(());
                // Released, or dropped by a test that failed.
                let _ = released.recv();
                Ok(())
            }));
            assert!(poll!(&mut write).is_pending());
            arrival.recv().unwrap();
            held.push(release);
        }
        Self(held)
    }
}

/// Sends two requests at one moment; those of even numbers into one commit group, if they could share one.
async fn meet(
    app: &TestApp,
    number: i64,
    one: impl Future<Output = Answer>,
    other: impl Future<Output = Answer>,
) -> [Answer; 2] {
    let (one, other) = if number % 2 == 0 {
        let held = HeldWriters::of(app).await;
        let let_go = async move {
            sleep(HELD).await;
            drop(held);
        };
        join(join(one, other), let_go).await.0
    } else {
        join(one, other).await
    };
    [one, other]
}

/// The statuses of two answers, the smaller first.
fn statuses(answers: &[Answer; 2]) -> [u16; 2] {
    let mut statuses = answers.each_ref().map(|answer| answer.status.as_u16());
    statuses.sort_unstable();
    statuses
}

/// The number of answers, of two, that say `repeated`.
fn repeats(answers: &[Answer; 2]) -> usize {
    answers.iter().filter(|answer| answer.json()["repeated"] == true).count()
}

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

/// A thing that two people change at once.
struct Contest<'a> {
    app: &'a TestApp,
    method: Method,
    /// The path at which it is changed.
    path: &'a str,
    /// The path at which it is read with its `ETag`.
    read: &'a str,
    /// The caller, signed in beforehand: opening a session is a write too.
    bearer: String,
}

impl<'a> Contest<'a> {
    async fn new(app: &'a TestApp, path: &'a str, username: &str) -> Self {
        let bearer = bearer(&app.token_of(username).await);
        Self { app, method: Method::PUT, path, read: path, bearer }
    }

    async fn send(&self, body: &Value, tag: Option<&str>) -> Answer {
        let path = format!("/api/v1{}", self.path);
        let request = self.app.request(self.method.clone(), &path).header("authorization", &self.bearer).json(body);
        match tag {
            Some(tag) => request.header("if-match", tag).send().await,
            None => request.send().await,
        }
    }

    async fn tag(&self) -> String {
        let path = format!("/api/v1{}", self.read);
        let found = self.app.get(&path).header("authorization", &self.bearer).send().await;
        found.expect(200);
        found.header("etag").to_owned()
    }

    /// Sends pairs on the state that both have read. Every fourth pair sends the same content; `body` must give other
    /// content for each number than for those just before it.
    async fn hold(&self, body: impl Fn(i64) -> Value) {
        for pair in 0..PAIRS {
            let tag = self.tag().await;
            let is_equal = pair % 4 > 1;
            let (one, other) = (body(2 * pair + 1), body(2 * pair + if is_equal { 1 } else { 2 }));
            let sent = (self.send(&one, Some(&tag)), self.send(&other, Some(&tag)));
            let answers = meet(self.app, pair, sent.0, sent.1).await;
            let expected = if is_equal { [200, 200] } else { [200, 412] };
            assert_eq!(statuses(&answers), expected, "pair {pair} at {}: {answers:?}", self.path);
            assert_eq!(repeats(&answers), usize::from(is_equal), "pair {pair} at {}: {answers:?}", self.path);
        }
    }
}

async fn one_of_two_changes_of_a_region_wins(app: TestApp) {
    let body = |n: i64| json!({"parent": "159900", "name_en": format!("Township {n}"), "name_zh": "镇"});
    let contest = Contest::new(&app, "/regions/159901", "admin").await;
    contest.send(&body(0), None).await.expect(201);
    contest.hold(body).await;
}

async fn one_of_two_changes_of_a_class_of_items_wins(app: TestApp) {
    let body = |n: i64| json!({"name_en": format!("Class {n}"), "name_zh": "类"});
    Contest::new(&app, "/item-classes/protection", "officer").await.hold(body).await;
}

fn item(n: i64) -> Value {
    json!({
        "unit": "set", "measured": false, "name_en": format!("Suit {n}"), "name_zh": "服", "class": "protection",
        "kind": "equipment", "perishable": false, "packs": [], "barcodes": []
    })
}

async fn one_of_two_changes_of_an_item_wins(app: TestApp) {
    let contest = Contest::new(&app, "/items/SUIT", "officer").await;
    contest.send(&item(0), None).await.expect(201);
    contest.hold(item).await;
}

async fn one_of_two_changes_of_the_dictionary_wins(app: TestApp) {
    let body = |n: i64| {
        json!({
            "kind": "number", "unit": "person", "name_en": format!("Divers {n}"), "name_zh": "员",
            "definition_en": "Licensed.", "definition_zh": "持证。"
        })
    };
    let contest = Contest::new(&app, "/facts/divers", "officer").await;
    contest.send(&body(0), None).await.expect(201);
    contest.hold(body).await;
}

async fn one_of_two_changes_of_a_fact_sheet_wins(app: TestApp) {
    rules::adopt(&app).await;
    let body = |n: i64| json!({"facts": [{"key": "people", "value": {"number": n + 100}}]});
    Contest::new(&app, "/organizations/T1/facts", "officer").await.hold(body).await;
}

async fn one_of_two_changes_of_a_fact_wins(app: TestApp) {
    rules::adopt(&app).await;
    let contest = Contest::new(&app, "/organizations/T1/facts/people", "officer").await;
    Contest { read: "/organizations/T1/facts", ..contest }.hold(|n| json!({"value": {"number": n + 100}})).await;
}

fn organization(n: i64) -> Value {
    json!({"region": "159900", "kind": "rescue_team", "name_en": format!("Team {n}"), "name_zh": "队"})
}

async fn one_of_two_changes_of_an_organization_wins(app: TestApp) {
    let contest = Contest::new(&app, "/organizations/T9", "officer").await;
    contest.send(&organization(0), None).await.expect(201);
    contest.hold(organization).await;
}

fn depot(n: i64) -> Value {
    json!({"organization": "T1", "name_en": format!("Store {n}"), "name_zh": "库", "holding": "physical"})
}

async fn one_of_two_changes_of_a_depot_wins(app: TestApp) {
    let contest = Contest::new(&app, "/depots/T1-B", "officer").await;
    contest.send(&depot(0), None).await.expect(201);
    contest.hold(depot).await;
}

async fn one_of_two_targets_wins(app: TestApp) {
    targets::plant_need(&app).await;
    let body = |n: i64| json!({"quantity": n + 1});
    let contest = Contest::new(&app, "/organizations/T1/targets/N1", "t1").await;
    contest.send(&body(0), None).await.expect(201);
    contest.hold(body).await;
}

const STRENGTHS: [&str; 4] = ["mandatory", "recommended", "reference", "optional"];

fn adoption(n: i64) -> Value {
    json!({"strength": STRENGTHS[n as usize % STRENGTHS.len()]})
}

async fn one_of_two_adoptions_wins(app: TestApp) {
    rules::adopt(&app).await;
    Contest::new(&app, "/regions/159900/adoptions/STD", "officer").await.hold(adoption).await;
}

async fn one_of_two_ends_of_an_exemption_wins(app: TestApp) {
    rules::adopt(&app).await;
    let id = exemptions::grant(&app, "T1", "B1", "2026-12-31").await;
    let read = format!("/organizations/T1/exemptions/{id}");
    let path = format!("{read}/end");
    let contest = Contest::new(&app, &path, "officer").await;
    let contest = Contest { method: Method::POST, read: &read, ..contest };
    contest.hold(|n| json!({"reason": format!("rebuilt {n}"), "valid_from": "2026-12-01"})).await;
}

fn draft(n: i64) -> Value {
    standards::text("NEW", &[standards::boots("NB1", n + 1)])
}

async fn one_of_two_drafts_wins(app: TestApp) {
    standards::plant_top_officer(&app).await;
    let contest = Contest::new(&app, "/standards/NEW/draft", "top").await;
    contest.send(&draft(0), None).await.expect(201);
    contest.hold(draft).await;
}

async fn one_of_two_changes_of_an_account_wins(app: TestApp) {
    let (account, _) = app.account_with_tag("t1").await;
    let path = format!("/accounts/{}", account["id"].as_str().unwrap());
    let body = |n: i64| json!({"username": "t1", "display_name": format!("Storekeeper {n}"), "role": "quartermaster", "organization": "T1"});
    Contest::new(&app, &path, "admin").await.hold(body).await;
}

async fn one_of_an_adoption_and_its_end_wins(app: TestApp) {
    rules::adopt(&app).await;
    let path = "/regions/159900/adoptions/STD";
    let put = Contest::new(&app, path, "officer").await;
    let end = Contest::new(&app, "/regions/159900/adoptions/STD/end", "officer").await;
    let end = Contest { method: Method::POST, read: path, ..end };
    for pair in 0..FEW {
        let tag = put.tag().await;
        let (weaker, over) = (json!({"strength": "recommended"}), json!({"reason": "replaced"}));
        let answers = meet(&app, pair, put.send(&weaker, Some(&tag)), end.send(&over, Some(&tag))).await;
        assert_eq!(statuses(&answers), [200, 412], "{answers:?}");
        put.send(&json!({"strength": "mandatory"}), Some("*")).await.expect(200);
    }
}

async fn a_draft_is_published_as_it_was_read_or_not_at_all(app: TestApp) {
    standards::plant_top_officer(&app).await;
    for pair in 0..FEW {
        let code = format!("S{pair}");
        let text = |n| standards::text(&code, &[standards::boots(&format!("R{pair}"), n)]);
        let path = format!("/standards/{code}/draft");
        let write = Contest::new(&app, &path, "top").await;
        write.send(&text(1), None).await.expect(201);
        let tag = write.tag().await;
        let publish_path = format!("{path}/publish");
        let publish = Contest { method: Method::POST, path: &publish_path, ..Contest::new(&app, &path, "top").await };
        let (changed, published) = (text(2), json!({}));
        let [written, published] =
            meet(&app, pair, write.send(&changed, Some(&tag)), publish.send(&published, Some(&tag))).await;
        // Written first, the draft is not the one that was to be published; published first, the write begins a new
        // draft.
        let outcome = (written.status.as_u16(), published.status.as_u16());
        assert!([(200, 412), (201, 201)].contains(&outcome), "{written:?} {published:?}");
    }
}

async fn one_code_is_made_once(app: TestApp) {
    let kinds: [(&str, &str, fn(i64) -> Value); 6] = [
        ("/regions/1599", "admin", |n| json!({"parent": "159900", "name_en": format!("Town {n}"), "name_zh": "镇"})),
        ("/item-classes/c", "officer", |n| json!({"name_en": format!("Class {n}"), "name_zh": "类"})),
        ("/items/I", "officer", item),
        ("/facts/f", "officer", |n| {
            let (name, text) = (format!("Fact {n}"), "Text.");
            json!({"kind": "tag", "name_en": name, "name_zh": "项", "definition_en": text, "definition_zh": text})
        }),
        ("/organizations/O", "officer", organization),
        ("/depots/D", "officer", depot),
    ];
    for (path, username, body) in kinds {
        let caller = Contest::new(&app, "", username).await.bearer;
        for pair in 0..FEW {
            let path = format!("{path}{}", pair + 10);
            let contest = Contest { app: &app, method: Method::PUT, path: &path, read: &path, bearer: caller.clone() };
            let is_equal = pair % 4 > 1;
            let (one, other) = (body(0), body(i64::from(!is_equal)));
            let answers = meet(&app, pair, contest.send(&one, None), contest.send(&other, None)).await;
            let expected = if is_equal { [200, 201] } else { [201, 428] };
            assert_eq!(
                (statuses(&answers), repeats(&answers)),
                (expected, usize::from(is_equal)),
                "{path}: {answers:?}"
            );
        }
    }
}

async fn one_id_is_of_one_thing(app: TestApp) {
    rules::adopt(&app).await;
    let (t1, e1, admin) = (app.token_of("t1").await, app.token_of("e1").await, app.token_of("admin").await);
    let put = |token: &str, path: String, body: Value| {
        let request = app.put(&format!("/api/v1{path}")).header("authorization", &bearer(token)).json(&body);
        request.send()
    };
    let lines = json!([{"item": "BOOTS", "quantity": 4}]);
    let counts = [
        count(&app.depot("T1-A").await, minutes_ago(5), lines.clone()),
        count(&app.depot("E1-A").await, minutes_ago(5), lines),
    ];
    for pair in 0..FEW {
        // For two organizations, which share no lock.
        let id = Uuid::now_v7();
        let path = format!("/counts/{id}");
        let answers =
            meet(&app, pair, put(&t1, path.clone(), counts[0].clone()), put(&e1, path, counts[1].clone())).await;
        assert_eq!(statuses(&answers), [201, 409], "{answers:?}");
        let path = format!("/counts/{}", Uuid::now_v7());
        let answers =
            meet(&app, pair, put(&t1, path.clone(), counts[0].clone()), put(&t1, path, counts[0].clone())).await;
        assert_eq!((statuses(&answers), repeats(&answers)), ([200, 201], 1), "{answers:?}");

        let id = Uuid::now_v7();
        let exempt = |organization: &str| {
            let path = format!("/organizations/{organization}/exemptions/{id}");
            put(&admin, path, exemptions::body("B1", "2026-12-31"))
        };
        let answers = meet(&app, pair, exempt("T1"), exempt("T2")).await;
        assert_eq!(statuses(&answers), [201, 409], "{answers:?}");

        let client = json!({"name": "Stock system", "scopes": ["stock:read"], "organization": "T1"});
        let path = format!("/clients/{}", Uuid::now_v7());
        let answers = meet(&app, pair, put(&admin, path.clone(), client.clone()), put(&admin, path, client)).await;
        assert_eq!((statuses(&answers), repeats(&answers)), ([200, 201], 1), "{answers:?}");
        assert_eq!(answers.iter().filter(|answer| answer.json()["secret"].is_string()).count(), 1);
    }
}

async fn a_user_name_is_taken_once(app: TestApp) {
    let admin = app.token_of("admin").await;
    for pair in 0..FEW {
        let body = json!({
            "username": format!("store-{pair}"), "display_name": "Store", "role": "quartermaster", "organization": "T1"
        });
        let save = || {
            let request = app.put(&format!("/api/v1/accounts/{}", Uuid::now_v7()));
            request.header("authorization", &bearer(&admin)).json(&body).send()
        };
        let answers = meet(&app, pair, save(), save()).await;
        assert_eq!(statuses(&answers), [201, 409], "{answers:?}");
    }
}

async fn at_the_last_free_failure_one_of_two_must_wait(app: TestApp) {
    let fail = |username: String, address: String| {
        let body = json!({"username": username, "password": "wrong"});
        app.post("/api/v1/auth/login").at_address(&address).json(&body).send()
    };
    for pair in 0..2 {
        let (username, address) = (format!("nobody-{pair}"), format!("192.0.2.{}", pair + 1));
        for _ in 0..4 {
            fail(username.clone(), address.clone()).await.expect(401);
        }
        let answers =
            meet(&app, pair, fail(username.clone(), address.clone()), fail(username.clone(), address.clone())).await;
        assert_eq!(statuses(&answers), [401, 429], "{answers:?}");
    }
}

async fn one_code_signs_one_device_in(app: TestApp) {
    for pair in 0..FEW {
        let code = app.issue("t1").await["code"].clone();
        let enrol = |address: &str| {
            let body = json!({"code": code, "device_name": "phone"});
            app.post("/api/v1/auth/enrol").at_address(address).json(&body).send()
        };
        // From two addresses, so that only the code is shared.
        let answers = meet(&app, pair, enrol("192.0.2.1"), enrol("192.0.2.2")).await;
        assert_eq!(statuses(&answers), [200, 401], "{answers:?}");
    }
}

async fn the_first_account_is_made_once(database: TestDatabase) {
    let app = TestApp::bare(database).await;
    let code = setup::code(&app).await;
    let set_up = |username: &str, address: &str| {
        let mut body = setup::body(&code, "152900");
        body["username"] = json!(username);
        app.post("/api/v1/setup").at_address(address).json(&body).send()
    };
    let answers = meet(&app, 1, set_up("chief", "192.0.2.1"), set_up("other", "192.0.2.2")).await;
    assert_eq!(statuses(&answers), [201, 409], "{answers:?}");
}

async fn two_uses_of_a_refresh_token_get_one_successor(app: TestApp) {
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let mut token = app.post("/api/v1/auth/login").json(&credentials).send().await.expect(200)["refresh_token"].clone();
    for pair in 0..FEW {
        let refresh = || app.post("/api/v1/auth/refresh").json(&json!({"refresh_token": token})).send();
        let [one, other] = meet(&app, pair, refresh(), refresh()).await;
        let successor = one.expect(200)["refresh_token"].clone();
        assert_eq!(other.expect(200)["refresh_token"], successor);
        token = successor;
    }
}

async fn a_count_is_taken_back_once(app: TestApp) {
    let t1 = app.token_of("t1").await;
    for pair in 0..FEW {
        let (id, _) = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 4}])).await;
        let void = |reason: &str| {
            let request = app.post(&format!("/api/v1/counts/{id}/void")).header("authorization", &bearer(&t1));
            request.json(&json!({"reason": reason})).send()
        };
        let is_equal = pair % 4 > 1;
        let answers = meet(&app, pair, void("wrong shelf"), void(if is_equal { "wrong shelf" } else { "typed" })).await;
        let expected = if is_equal { [200, 201] } else { [201, 409] };
        assert_eq!((statuses(&answers), repeats(&answers)), (expected, usize::from(is_equal)), "{answers:?}");
    }
}

async fn a_command_in_quarantine_is_decided_once(app: TestApp) {
    let officer = app.token_of("officer").await;
    for pair in 0..FEW {
        // Every other one is about a closed depot, so that nobody knows which.
        let depot = if pair % 4 > 1 { Uuid::now_v7().to_string() } else { app.depot("T1-A").await };
        let item = if pair % 4 > 1 { "BOOTS" } else { "ROPE" };
        let sent = command(pair, count(&depot, minutes_ago(60), json!([{"item": item, "quantity": pair}])));
        assert_eq!(app.pushed("t1", &[sent]).await[0]["status"], "quarantined");
        let id = app.waiting().await;
        let decide = |reason: &str| {
            let path = format!("/api/v1/quarantine/{}/set-aside", id.as_str().unwrap());
            app.post(&path).header("authorization", &bearer(&officer)).json(&json!({"reason": reason})).send()
        };
        let answers = meet(&app, pair, decide("counted again"), decide("a mistake")).await;
        assert_eq!(statuses(&answers), [200, 409], "{answers:?}");
    }
}

async fn a_push_sent_twice_at_once_is_taken_in_once(app: TestApp) {
    let officer = app.token_of("officer").await;
    for pair in 0..FEW {
        // The same device, for two organizations: both need its sequence numbers.
        let boots = [app.boots(2 * pair, "T1-A", pair, 5).await, app.boots(2 * pair, "E1-A", pair, 5).await];
        let push = |sent: &Value| {
            let body = crate::push::envelope(std::slice::from_ref(sent));
            app.post("/api/v1/sync").header("authorization", &bearer(&officer)).json(&body).send()
        };
        let answers = meet(&app, pair, push(&boots[0]), push(&boots[1])).await;
        assert_eq!(statuses(&answers), [200, 200], "{answers:?}");
        let again = meet(&app, pair, push(&boots[0]), push(&boots[0])).await;
        for answer in again {
            let result = answer.expect(200)["results"][0].clone();
            assert_eq!((&result["status"], &result["repeated"]), (&json!("applied"), &json!(true)), "{result}");
        }
    }
}

/// A change of an account, and the error of a request that was admitted before it and writes after it.
type Loss<'a> = (&'a str, Value, u16, &'a str);

/// A right that is withdrawn, and the answer to the request that waited in the meantime.
fn losses(region: &str) -> [Loss<'static>; 3] {
    let save = |role: &str, region: &str| json!({"username": "clerk", "display_name": "Clerk", "role": role, "region": region});
    [
        ("", save("viewer", region), 403, "role_not_allowed"),
        ("", save("officer", "159901"), 503, "busy"),
        ("/close", json!({"reason": "left"}), 401, "account_closed"),
    ]
}

/// Creates an officer, and queues one of the officer's changes and the loss of the right, in the given order. Returns
/// both answers.
async fn lose(app: &TestApp, loss: &Loss<'_>, loss_comes_first: bool) -> [Answer; 2] {
    let admin = bearer(&app.token_of("admin").await);
    let path = format!("/api/v1/accounts/{}", Uuid::now_v7());
    let clerk = json!({"username": "clerk", "display_name": "Clerk", "role": "officer", "region": "159900"});
    app.put(&path).header("authorization", &admin).json(&clerk).send().await.expect(201);
    let token = bearer(&app.token_of("clerk").await);
    let class = json!({"name_en": "New", "name_zh": "新"});
    let (what, body, ..) = loss;
    let method = if what.is_empty() { Method::PUT } else { Method::POST };
    let taking = app.request(method, &format!("{path}{what}")).header("authorization", &admin);
    let taking = taking.header("if-match", "*").json(body).send();
    let writing = app.put("/api/v1/item-classes/new").header("authorization", &token).json(&class).send();
    let held = HeldWriters::of(app).await;
    let later = async {
        // The other request is waiting by then.
        sleep(20 * HELD).await;
    };
    let let_go = async move {
        sleep(40 * HELD).await;
        drop(held);
    };
    let ((taken, written), ()) = if loss_comes_first {
        let writing = async {
            later.await;
            writing.await
        };
        join(join(taking, writing), let_go).await
    } else {
        let taking = async {
            later.await;
            taking.await
        };
        join(join(taking, writing), let_go).await
    };
    taken.expect(200);
    [taken, written]
}

async fn a_right_that_was_taken_away_while_a_write_waited_is_gone(database: TestDatabase) {
    let backend = database.backend;
    drop(database);
    for loss in losses("159900") {
        let app = TestApp::over(TestDatabase::create(backend)).await;
        app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
        let [_, written] = lose(&app, &loss, true).await;
        assert_eq!(written.problem(loss.2), loss.3);
        let class = app.get("/api/v1/item-classes/new").as_("officer").send().await;
        assert_eq!(class.problem(404), "not_found", "nothing was written");
    }
}

async fn a_write_that_came_before_its_right_was_taken_away_stands(database: TestDatabase) {
    let backend = database.backend;
    drop(database);
    for loss in losses("159900") {
        let app = TestApp::over(TestDatabase::create(backend)).await;
        app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
        let [_, written] = lose(&app, &loss, false).await;
        written.expect(201);
    }
}
