//! Instances that are dead without knowing it: cut off from the database, or suspended, at any step of a commit. They
//! block nobody for long; what they had committed stays, and the rest is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::rt::task::spawn_blocking;
use actix_web::rt::time::sleep;
use base::clock::Clock;
use db::connection::AnyConnection;
use db::job::{Step, Watch};
use db::limits::Limits;
use diesel::connection::SimpleConnection;
use futures_util::future::join_all;
use muster::api::settings::Settings;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Lasting, TestApp};
use crate::cases::cases;
use crate::database::{OnPostgres, TestDatabase, scratch_folder};
use crate::faults::checker::check_chains;
use crate::faults::crash::{End, STEPS, Signal};
use crate::faults::processes::serving;
use crate::process::{Reply, Service, text_of};
use crate::proxy::{Cut, Proxy};
use crate::seed;

cases![
    an_instance_that_is_cut_off_in_its_commit_holds_nobody_up,
    an_instance_that_stands_still_in_its_commit_holds_nobody_up,
    readers_whose_connections_are_cut_are_answered,
    a_write_that_cannot_go_on_is_answered,
];

/// Limits that keep the tests short.
pub const SHORT: Limits = Limits {
    connect: Duration::from_secs(2),
    lock: Duration::from_secs(1),
    statement: Some(Duration::from_secs(2)),
    transaction: Some(Duration::from_secs(7)),
    idle: Some(Duration::from_secs(2)),
    idle_session: None,
    dead: Duration::from_secs(4),
    write: Duration::from_secs(5),
    long_write: Duration::from_secs(20),
    slow: None,
};

/// The time within which every request must be answered.
const ANSWERED: Duration = Duration::from_secs(10);

/// The time within which everything works again: a stuck connection is replaced, and remembered failures are checked
/// again.
const WELL_AGAIN: Duration = Duration::from_secs(30);

/// A count of a depot, as a body.
fn count(depot: &str, quantity: u64) -> Value {
    let counted_at = seed::now() - chrono::TimeDelta::minutes(1);
    json!({"depot_id": depot, "scope": "listed", "counted_at": counted_at, "lines": [{"item": "BOOTS", "quantity": quantity}]})
}

/// An instance that is used with one token, because a sign-in needs the database too.
struct Instance {
    app: TestApp,
    token: String,
}

impl Instance {
    async fn put(&self, id: Uuid, body: &Value) -> Answer {
        let request = self.app.put(&format!("/api/v1/counts/{id}")).bearing(&json!(self.token)).json(body);
        answered_in_time(request.send()).await
    }

    async fn get(&self, path: &str) -> Answer {
        answered_in_time(self.app.get(path).bearing(&json!(self.token)).send()).await
    }

    /// Sends a count until it is accepted.
    async fn put_until_taken(&self, id: Uuid, body: &Value) -> Answer {
        let start = Instant::now();
        loop {
            let answer = self.put(id, body).await;
            if answer.status.is_success() {
                return answer;
            }
            check_later(&answer);
            assert!(start.elapsed() < WELL_AGAIN, "{}", answer.json());
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn until_ready(&self) {
        let start = Instant::now();
        loop {
            let answer = self.get("/health/ready").await;
            if answer.status == 200 {
                return;
            }
            assert!(start.elapsed() < WELL_AGAIN, "it does not become ready: {}", answer.json());
            sleep(Duration::from_millis(200)).await;
        }
    }
}

async fn answered_in_time(answer: impl Future<Output = Answer>) -> Answer {
    let start = Instant::now();
    let answer = answer.await;
    assert!(start.elapsed() < ANSWERED, "an answer took {:?}: {}", start.elapsed(), answer.status);
    answer
}

/// Checks that an answer says to send the request again later, and why.
fn check_later(answer: &Answer) {
    let code = answer.problem(503);
    // More requests of one caller than run at once wait for a turn, which also times out.
    assert!(["busy", "database_timeout", "database_unreachable"].contains(&code.as_str()), "{code}");
    assert!(answer.header("retry-after").parse::<u32>().unwrap() > 0);
}

async fn an_instance_that_is_cut_off_in_its_commit_holds_nobody_up(OnPostgres(database): OnPostgres) {
    let planted = TestApp::over(database).await;
    let depot = planted.depot("T1-A").await;
    let (database, lasting) = (Arc::new(planted.into_database().await), Lasting::new(Settings::default()));
    let cuts = STEPS.map(|(_, step)| (step, Cut::Both)).into_iter().chain([(Step::Numbered, Cut::Answers)]);
    for (step, cut) in cuts {
        let (proxy, armed) = (Proxy::start(), Arc::new(AtomicBool::new(false)));
        let watch: Watch = {
            let (proxy, armed) = (proxy.cutter(), armed.clone());
            Arc::new(move |reached| {
                if reached == step && armed.swap(false, Ordering::SeqCst) {
                    proxy.cut(cut);
                }
            })
        };
        let whole = TestApp::reaching(database.clone(), lasting.clone(), SHORT, &database.url, None).await;
        let token = whole.token_of("t1").await;
        let whole = Instance { app: whole, token: token.clone() };
        let url = proxy.url(&database.url);
        let cut_off = TestApp::reaching(database.clone(), lasting.clone(), SHORT, &url, Some(watch)).await;
        let cut_off = Instance { app: cut_off, token };
        cut_off.until_ready().await;

        armed.store(true, Ordering::SeqCst);
        let [lost, other, later] = [(); 3].map(|()| Uuid::now_v7());
        check_later(&cut_off.put(lost, &count(&depot, 1)).await);
        check_later(&cut_off.get("/health/ready").await);
        let start = Instant::now();
        whole.put_until_taken(other, &count(&depot, 2)).await;
        assert!(start.elapsed() < ANSWERED, "the lock was held for {:?}", start.elapsed());
        whole.until_ready().await;

        let was_committed = step == Step::Committed || cut == Cut::Answers;
        let again = whole.put(lost, &count(&depot, 1)).await.expect(if was_committed { 200 } else { 201 });
        assert_eq!(again["repeated"], was_committed, "{step:?}");

        proxy.heal();
        let known = cut_off.put_until_taken(lost, &count(&depot, 1)).await.expect(200);
        assert_eq!(known["receipt"], again["receipt"]);
        cut_off.put_until_taken(later, &count(&depot, 3)).await;
        cut_off.until_ready().await;
        check_chains(&whole.app).await;
    }
}

async fn an_instance_that_stands_still_in_its_commit_holds_nobody_up(OnPostgres(database): OnPostgres) {
    let planted = TestApp::over(database).await;
    let depot = planted.depot("T1-A").await;
    let database = Arc::new(planted.into_database().await);
    let folder = scratch_folder("muster-dead-");
    let keys = folder.path().join("keys");
    let lasting = Lasting { clock: Clock::System, ..Lasting::with_keys(&keys) };
    for (_, step) in STEPS {
        let end = End { step, hits_before: 0 };
        let command = serving(folder.path(), &text_of(&database.url), &keys, end, Signal::Stop);
        let still = Arc::new(Service::run(command, folder.path()));
        let whole = TestApp::reaching(database.clone(), lasting.clone(), SHORT, &database.url, None).await;
        let token = whole.token_of("t1").await;
        let whole = Instance { app: whole, token: token.clone() };

        let [lost, other, later] = [(); 3].map(|()| Uuid::now_v7());
        let asked = spawn_blocking({
            let (still, token, body) = (still.clone(), token.clone(), count(&depot, 1));
            move || put_to(&still, &token, lost, &body)
        });
        until_stopped(&still).await;
        let start = Instant::now();
        whole.put_until_taken(other, &count(&depot, 2)).await;
        assert!(start.elapsed() < ANSWERED, "the lock was held for {:?}", start.elapsed());
        whole.until_ready().await;
        let again = whole.put(lost, &count(&depot, 1)).await;
        assert_eq!(again.status, if step == Step::Committed { 200 } else { 201 }, "{step:?}");
        let receipt = again.json()["receipt"].clone();

        still.signal("CONT");
        let heard = asked.await.unwrap();
        match heard.status {
            // It was committed before it was suspended, or its own second attempt found it.
            200 | 201 => assert_eq!(heard.body["receipt"], receipt, "{step:?}"),
            status => assert!(status == 503 && heard.headers.contains_key("retry-after"), "{step:?}: {}", heard.body),
        }
        let start = Instant::now();
        loop {
            let (still, token, body) = (still.clone(), token.clone(), count(&depot, 3));
            let reply = spawn_blocking(move || put_to(&still, &token, later, &body)).await.unwrap();
            if [200, 201].contains(&reply.status) {
                break;
            }
            assert!(reply.status == 503 && start.elapsed() < WELL_AGAIN, "{}: {}", reply.status, reply.body);
            sleep(Duration::from_millis(200)).await;
        }
        check_chains(&whole.app).await;
    }
}

fn put_to(service: &Service, token: &str, id: Uuid, body: &Value) -> Reply {
    let bearer = format!("Bearer {token}");
    service.call("PUT", &format!("/api/v1/counts/{id}"), &[("authorization", &bearer)], Some(body))
}

async fn until_stopped(service: &Service) {
    let state = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", service.process.id())).unwrap();
        stat.rsplit_once(") ").unwrap().1.chars().next().unwrap()
    };
    let start = Instant::now();
    while state() != 'T' {
        assert!(start.elapsed() < WELL_AGAIN, "it does not stop");
        sleep(Duration::from_millis(20)).await;
    }
}

/// More requests than there are connections.
async fn readers_whose_connections_are_cut_are_answered(OnPostgres(database): OnPostgres) {
    let planted = TestApp::over(database).await;
    let (database, lasting) = (Arc::new(planted.into_database().await), Lasting::new(Settings::default()));
    let proxy = Proxy::start();
    let url = proxy.url(&database.url);
    let app = TestApp::reaching(database.clone(), lasting, SHORT, &url, None).await;
    let token = app.token_of("t1").await;
    let instance = Instance { app, token };
    for _ in 0..3 {
        let all = join_all((0..20).map(|_| instance.get("/api/v1/items"))).await;
        assert!(all.iter().all(|answer| answer.status == 200));
        proxy.cutter().cut(Cut::Both);
        let all = join_all((0..40).map(|_| instance.get("/api/v1/items"))).await;
        all.iter().for_each(check_later);
        // By now the failure is known, and nobody waits.
        let start = Instant::now();
        let all = join_all((0..40).map(|_| instance.get("/api/v1/items"))).await;
        all.iter().for_each(check_later);
        assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
        proxy.heal();
        instance.until_ready().await;
    }
}

/// Another process holds a lock.
async fn a_write_that_cannot_go_on_is_answered(database: TestDatabase) {
    let planted = TestApp::over(database).await;
    let depot = planted.depot("T1-A").await;
    let (database, lasting) = (Arc::new(planted.into_database().await), Lasting::new(Settings::default()));
    let app = TestApp::reaching(database.clone(), lasting, SHORT, &database.url, None).await;
    let token = app.token_of("t1").await;
    let instance = Instance { app, token };
    let mut holder = database.connect();
    let (hold, release) = match &holder {
        AnyConnection::Sqlite(_) => ("BEGIN IMMEDIATE", "ROLLBACK"),
        AnyConnection::Postgres(_) => {
            ("BEGIN; SELECT id FROM organizations FOR UPDATE; LOCK revisions IN ACCESS EXCLUSIVE MODE", "ROLLBACK")
        }
    };
    holder.batch_execute(hold).unwrap();
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let (first, body) = (first, count(&depot, 1));
    let many = join_all((0..20).map(|_| instance.put(first, &body))).await;
    many.iter().for_each(check_later);
    let ready = instance.get("/health/ready").await;
    check_later(&ready);
    holder.batch_execute(release).unwrap();
    // A write that was answered too late may have been stored in the meantime.
    instance.put_until_taken(first, &body).await;
    instance.put_until_taken(second, &body).await;
    instance.until_ready().await;
}
