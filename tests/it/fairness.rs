//! Nobody starves others: connections that hold a place, bodies that drip, and one caller with many requests.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use db::locks::Locks;
use db::write::Change;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::{NoDatabase, cases};
use crate::demo::Demo;
use crate::process::Service;
use crate::rows::tester;

cases![
    dripped_bodies_take_no_place_from_others,
    a_body_that_stands_still_is_answered_408,
    a_second_head_that_does_not_come_ends_the_connection,
    one_callers_many_changes_are_turned_away_before_anybody_elses,
    a_burst_of_sign_ins_gives_its_memory_back,
];

const CREATE: (&str, &str) = ("MUSTER_CREATE_DATABASE", "yes");

const HEAD: &str = "POST /api/v1/auth/login HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n";

fn connect(service: &Service) -> TcpStream {
    let connection = TcpStream::connect(service.base.strip_prefix("http://").unwrap()).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    connection
}

/// A connection whose request has begun, and whose body does not come.
fn half(service: &Service) -> TcpStream {
    let mut connection = connect(service);
    write!(connection, "{HEAD}content-length: 1000\r\n\r\n{{").unwrap();
    connection
}

async fn dripped_bodies_take_no_place_from_others(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    for bound in ["MUSTER_MAX_CONNECTIONS", "MUSTER_MAX_CONNECTIONS_PER_ADDRESS"] {
        let service = Service::start(folder.path(), "sqlite:m.sqlite", &[CREATE, (bound, "16")]);
        let mut dripped: Vec<TcpStream> = (0..100).map(|_| half(&service)).collect();
        for _ in 0..20 {
            assert_eq!(service.call("GET", "/health/ready", &[], None).status, 200);
            let credentials = json!({"username": "nobody", "password": "a long password"});
            let answer = service.call("POST", "/api/v1/auth/login", &[], Some(&credentials));
            assert!([401, 429].contains(&answer.status), "{}", answer.status);
        }
        // The oldest made room for the later ones.
        let mut byte = [0];
        let ended = dripped[0].read(&mut byte);
        let is_ended =
            ended.as_ref().map_or_else(|error| error.kind() == ErrorKind::ConnectionReset, |read| *read == 0);
        assert!(is_ended, "{ended:?}");
        let (code, log) = service.stop();
        assert_eq!(code, 0, "{log}");
        assert_eq!(log.matches("too many connections").count(), 1, "{log}");
    }
}

async fn a_body_that_stands_still_is_answered_408(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let stall = ("MUSTER_BODY_STALL_SECONDS", "1");
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[CREATE, stall]);
    let mut answer = String::new();
    half(&service).read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"code\":\"body_too_slow\""), "{answer}");
}

async fn a_second_head_that_does_not_come_ends_the_connection(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[CREATE, ("MUSTER_HEAD_SECONDS", "1")]);
    let mut first = connect(&service);
    first.write_all(b"GET /health/live HT").unwrap();
    let mut said = String::new();
    first.read_to_string(&mut said).unwrap();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 408 "), "{said}");

    let mut second = BufReader::new(connect(&service));
    second.get_mut().write_all(b"GET /health/live HTTP/1.1\r\nhost: h\r\n\r\n").unwrap();
    let mut line = String::new();
    second.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 200 "), "{line}");
    second.get_mut().write_all(b"GET /health/live HT").unwrap();
    let mut rest = Vec::new();
    let ended = second.read_to_end(&mut rest);
    assert!(ended.as_ref().map_or_else(|error| error.kind() == ErrorKind::ConnectionReset, |_| true), "{ended:?}");
}

/// While the queue of writes stands still, one caller fills its own queue and no more.
async fn one_callers_many_changes_are_turned_away_before_anybody_elses(app: TestApp) {
    let (t1, t2) = (json!(app.token_of("t1").await), json!(app.token_of("t2").await));
    let depots = [app.depot("T1-A").await, app.depot("T2-A").await];
    let organizations = app.db.read(|snapshot| {
        let all = db::organizations::list(snapshot.connection, domain::revision::Revision::LATEST)?;
        Ok(all.into_iter().map(|organization| organization.id).collect::<Vec<_>>())
    });
    let locks = Locks::organizations(organizations.await.unwrap());
    let (started, starts) = mpsc::channel::<()>();
    let (release, released) = mpsc::channel::<()>();
    let (db, released) = (app.db.clone(), std::sync::Mutex::new(released));
    let held = actix_web::rt::spawn(async move {
        let hold = move |_: &mut Change<'_>| {
            let _ = started.send(());
            let _ = released.lock().unwrap().recv();
            Ok(())
        };
        db.write(tester(), locks, hold).await.unwrap();
    });
    while starts.try_recv().is_err() {
        actix_web::rt::task::yield_now().await;
    }
    let count = |token: &Value, depot: &str, quantity: usize| {
        let body = json!({
            "depot_id": depot, "scope": "listed", "counted_at": "2026-11-23T02:10:00Z",
            "lines": [{"item": "BOOTS", "quantity": quantity}]
        });
        app.put(&format!("/api/v1/counts/{}", Uuid::new_v4())).bearing(token).json(&body).send()
    };
    // 16 are worked on and 128 wait.
    let many = join_all((0..160).map(|quantity| count(&t1, &depots[0], quantity)));
    let others = async {
        for _ in 0..20 {
            actix_web::rt::task::yield_now().await;
        }
        app.get("/api/v1/items").bearing(&t2).send().await.expect(200);
        let one = count(&t2, &depots[1], 1);
        release.send(()).unwrap();
        one.await
    };
    let (many, other) = futures_util::future::join(many, others).await;
    held.await.unwrap();
    other.expect(201);
    let busy: Vec<_> = many.iter().filter(|answer| answer.status == 503).collect();
    assert_eq!(busy.len(), 160 - 16 - 128);
    for answer in busy {
        assert_eq!((answer.problem(503).as_str(), answer.header("retry-after")), ("busy", "2"));
    }
    assert_eq!(many.iter().filter(|answer| answer.status == 201).count(), 16 + 128);
}

/// The memory of a process in MB, as Linux counts it.
fn memory_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Each takes 19 MiB while its password is hashed.
async fn a_burst_of_sign_ins_gives_its_memory_back(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let demo = Demo::start(folder.path(), &[]);
    demo.token("viewer");
    let before = memory_of(demo.process.id());
    let accounts: Vec<String> = (1..=6).map(|number| format!("t{number}")).collect();
    std::thread::scope(|scope| {
        let demo = &demo;
        for account in accounts.iter().cycle().take(60) {
            scope.spawn(move || demo.token(account));
        }
    });
    let after = memory_of(demo.process.id());
    assert!(after < before + 150, "{before} MB before, {after} MB after");
}
