//! `muster demo` as a process: what it prints works as pasted, and acknowledged counts survive a kill.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use auth::receipts::ReceiptKeys;
use base::clock::Clock;
use db::Db;
use db::limits::Limits;
use db::url::DatabaseUrl;
use muster::demo;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cases::{NoDatabase, cases};
use crate::database::TestDatabase;

cases![
    the_printed_lines_work_as_pasted,
    the_board_offers_its_accounts_on_this_machine,
    started_again_it_goes_on_where_it_was,
    every_acknowledged_count_survives_a_kill,
    a_start_that_was_killed_is_finished_by_the_next,
    an_interrupt_and_a_termination_let_it_end_what_is_under_way,
    it_may_take_longer_to_fill_than_a_request,
    a_failure_is_one_line_and_an_exit_code,
    help_and_the_document_need_no_database,
];

/// The beginning of the last line that the demo prints.
const LAST_WORDS: &str = "The data are in ";

/// A running demo; it ends when this is dropped.
pub struct Demo {
    /// The process.
    pub process: Child,
    /// The text it has printed so far.
    text: String,
    /// The base URL that it serves.
    pub base: String,
}

impl Demo {
    /// Starts one and waits until it listens.
    pub fn start(folder: &Path, options: &[&str]) -> Self {
        let log = folder.join("log.txt");
        let mut process = command(folder, options)
            .stdout(Stdio::piped())
            .stderr(fs::OpenOptions::new().create(true).append(true).open(&log).unwrap())
            .spawn()
            .unwrap();
        let mut text = String::new();
        for line in BufReader::new(process.stdout.take().unwrap()).lines() {
            text += &line.unwrap();
            text.push('\n');
            if text.lines().last().unwrap().starts_with(LAST_WORDS) {
                break;
            }
        }
        let base = text.lines().next().and_then(|line| line.strip_prefix("Muster demo: ")?.strip_suffix("/board"));
        let base = base.unwrap_or_else(|| panic!("{text}{}", fs::read_to_string(&log).unwrap())).to_owned();
        Self { process, text, base }
    }

    fn password(&self) -> &str {
        self.text.lines().find_map(|line| line.strip_prefix("Password of all: ")).unwrap()
    }

    /// The lines to be pasted.
    pub fn lines(&self) -> Vec<&str> {
        self.text.lines().filter(|line| line.starts_with("TOKEN=") || line.starts_with("curl ")).collect()
    }

    /// Signs in.
    pub fn token(&self, username: &str) -> String {
        let credentials = json!({"username": username, "password": self.password()});
        let (status, body) = self.call("POST", "/api/v1/auth/login", None, Some(&credentials));
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().unwrap().to_owned()
    }

    /// A request, and its answer as JSON.
    pub fn call(&self, method: &str, path: &str, token: Option<&str>, body: Option<&Value>) -> (u16, Value) {
        call(method, &format!("{}{path}", self.base), token, body).unwrap()
    }

    /// The shortage of the example's item at T3.
    fn shortage(&self) -> Value {
        let path = "/api/v1/shortages?organization=T3&item=L2010101&strength=mandatory";
        self.call("GET", path, Some(&self.token("viewer")), None).1["items"][0]["shortage"].clone()
    }

    /// Asks it to stop, and returns whether it ended with success.
    fn stop(mut self) -> bool {
        self.signal("TERM");
        self.process.wait().unwrap().success()
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn command(folder: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(["demo", "--data-dir"]).arg(folder);
    if !options.contains(&"--listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    command.args(options).env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// A request; `None` if the server is gone.
pub fn call(method: &str, url: &str, token: Option<&str>, body: Option<&Value>) -> Option<(u16, Value)> {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let mut request = ureq::http::Request::builder().method(method).uri(url);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.header("content-type", "application/json");
    let body = body.map_or_else(String::new, Value::to_string);
    let mut answer = agent.run(request.body(body).unwrap()).ok()?;
    let text = answer.body_mut().read_to_string().ok()?;
    Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
}

/// A database in the form of a command-line option.
pub fn option(database: &TestDatabase) -> String {
    match &database.url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

fn exactly(units: i64) -> Value {
    json!({"min": units, "max": units})
}

async fn the_printed_lines_work_as_pasted(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let demo = Demo::start(folder.path(), &["--database-url", &option(&database), "--password", r#"it's "mine""#]);
    assert_eq!(demo.shortage(), exactly(5));
    let answers = if Command::new("curl").arg("--version").output().is_ok() {
        let output = Command::new("sh").arg("-ec").arg(demo.lines().join("\n")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let answers = String::from_utf8(output.stdout).unwrap();
        answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    } else {
        sent_without_curl(&demo)
    };
    let [submitted, read]: [Value; 2] = answers.try_into().unwrap();
    assert_eq!(submitted["repeated"], false, "{submitted}");
    assert_eq!(submitted["assessments"][0]["shortage"], exactly(2));
    assert_eq!(read["items"][0]["shortage"], exactly(2), "{read}");
    assert_eq!(demo.call("GET", "/api/v1/me", Some(&demo.token("hc-01")), None).0, 200);
    assert!(demo.stop());
}

/// Sends the requests of the printed lines itself, for machines without `curl`.
fn sent_without_curl(demo: &Demo) -> Vec<Value> {
    let token = demo.token("t3");
    let url = |line: &str| line.split_whitespace().find(|word| word.contains("http://")).unwrap().replace('\'', "");
    let [_, submit, read] = demo.lines().try_into().unwrap();
    let body = submit.split_once("-d '").unwrap().1.trim_end_matches('\'');
    let body: Value = serde_json::from_str(body).unwrap();
    let submitted = call("PUT", &url(submit), Some(&token), Some(&body)).unwrap().1;
    vec![submitted, call("GET", &url(read), Some(&token), None).unwrap().1]
}

async fn the_board_offers_its_accounts_on_this_machine(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let demo = Demo::start(folder.path(), &[]);
    let (status, entry) = demo.call("GET", "/board/entry.json", None, None);
    assert_eq!((status, &entry["is_new"]), (200, &json!(false)), "{entry}");
    assert_eq!(entry["demo"]["password"], demo.password());
    let names: Vec<_> = entry["demo"]["accounts"].as_array().unwrap().iter().map(|one| &one["username"]).collect();
    assert_eq!(names, ["viewer", "officer", "admin", "t3"]);
    for name in names {
        demo.token(name.as_str().unwrap());
    }
}

async fn started_again_it_goes_on_where_it_was(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let first = Demo::start(folder.path(), &[]);
    let (password, token) = (first.password().to_owned(), first.token("officer"));
    let revision = first.call("GET", "/api/v1/shortages?limit=1", Some(&token), None).1["revision"].clone();
    assert!(first.stop());

    let second = Demo::start(folder.path(), &[]);
    assert_eq!(second.password(), password);
    let (status, read) = second.call("GET", "/api/v1/shortages?limit=1", Some(&token), None);
    assert_eq!((status, &read["revision"]), (200, &revision), "{read}");
    assert!(second.stop());

    let third = Demo::start(folder.path(), &["--password", "another one"]);
    assert_eq!(third.password(), "another one");
    third.token("cp-10");
    assert!(third.stop());
    assert_eq!(Demo::start(folder.path(), &[]).password(), "another one");
}

async fn every_acknowledged_count_survives_a_kill(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let (database, options) = (option(&database), ["--database-url"]);
    let options = [options[0], database.as_str()];
    let mut demo = Demo::start(folder.path(), &options);
    let token = demo.token("t3");
    let depots = demo.call("GET", "/api/v1/depots?organization=T3", Some(&token), None).1;
    let body = |number: u32| {
        let line = json!({"item": "L2010101", "quantity": number});
        let at = "2026-11-01T00:00:00Z";
        json!({"depot_id": depots["items"][0]["id"], "scope": "listed", "counted_at": at, "lines": [line]})
    };
    // Four phones send counts one after the other, until nobody answers.
    let sent = Mutex::new(BTreeMap::new());
    let base = demo.base.clone();
    std::thread::scope(|scope| {
        for phone in 0..4_u32 {
            let (sent, base, token) = (&sent, &base, &token);
            scope.spawn(move || {
                for number in 0.. {
                    let (id, number) = (Uuid::now_v7(), phone * 100_000 + number);
                    let url = format!("{base}/api/v1/counts/{id}");
                    let answer = call("PUT", &url, Some(token), Some(&body(number)));
                    let acknowledged = answer.as_ref().map(|(status, _)| *status);
                    sent.lock().unwrap().insert(id.to_string(), (number, acknowledged));
                    if answer.is_none() {
                        break;
                    }
                }
            });
        }
        let patience = Instant::now();
        while sent.lock().unwrap().len() < 60 && patience.elapsed() < Duration::from_secs(60) {
            std::thread::sleep(Duration::from_millis(5));
        }
        demo.kill();
    });
    let sent = sent.into_inner().unwrap();
    assert!(sent.values().all(|(_, status)| matches!(status, Some(201) | None)), "{sent:?}");
    assert!(sent.values().filter(|(_, status)| status.is_some()).count() > 50, "{sent:?}");

    let demo = Demo::start(folder.path(), &options);
    for (id, (number, acknowledged)) in &sent {
        let (status, read) = demo.call("GET", &format!("/api/v1/counts/{id}"), Some(&token), None);
        if acknowledged.is_some() {
            assert_eq!(status, 200, "{id}: {read}");
        }
        // The phone sends the last count again, which may have arrived: that changes nothing if it did.
        let (again, _) = demo.call("PUT", &format!("/api/v1/counts/{id}"), Some(&token), Some(&body(*number)));
        assert_eq!(again, if status == 200 { 200 } else { 201 });
    }
    let stored = all_counts(&demo, &token);
    for id in sent.keys() {
        assert_eq!(stored.iter().filter(|stored| *stored == id).count(), 1, "{id}");
    }
}

fn all_counts(demo: &Demo, token: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut path = "/api/v1/counts?organization=T3&limit=500".to_owned();
    loop {
        let page = demo.call("GET", &path, Some(token), None).1;
        ids.extend(page["items"].as_array().unwrap().iter().map(|count| count["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/counts?organization=T3&limit=500&cursor={cursor}"),
            None => return ids,
        }
    }
}

async fn a_start_that_was_killed_is_finished_by_the_next(_: NoDatabase) {
    let whole = TempDir::new().unwrap();
    let demo = Demo::start(whole.path(), &[]);
    let expected = all_counts(&demo, &demo.token("t3"));
    drop(demo);
    for milliseconds in [20, 60, 120, 250, 500, 900, 1_400] {
        let folder = TempDir::new().unwrap();
        let mut process = command(folder.path(), &[]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        process.kill().unwrap();
        process.wait().unwrap();
        let demo = Demo::start(folder.path(), &[]);
        assert_eq!(all_counts(&demo, &demo.token("t3")), expected, "killed after {milliseconds} ms");
        assert_eq!(demo.shortage(), exactly(5));
    }
}

/// A request is half sent when the signal comes; the rest follows later.
async fn an_interrupt_and_a_termination_let_it_end_what_is_under_way(_: NoDatabase) {
    for signal in ["INT", "TERM"] {
        let folder = TempDir::new().unwrap();
        let mut demo = Demo::start(folder.path(), &[]);
        let body = json!({"username": "t3", "password": demo.password()}).to_string();
        let mut connection = TcpStream::connect(demo.base.strip_prefix("http://").unwrap()).unwrap();
        let head = "POST /api/v1/auth/login HTTP/1.1\r\nhost: demo\r\ncontent-type: application/json\r\n";
        write!(connection, "{head}expect: 100-continue\r\ncontent-length: {}\r\n\r\n", body.len()).unwrap();
        // The head has been read once the service asks for the rest: the request is not under way before.
        let mut answers = BufReader::new(connection.try_clone().unwrap());
        let mut asked = String::new();
        answers.read_line(&mut asked).unwrap();
        assert!(asked.starts_with("HTTP/1.1 100"), "{signal}: {asked:?}");
        answers.read_line(&mut asked).unwrap();
        connection.write_all(&body.as_bytes()[..5]).unwrap();
        demo.signal(signal);
        std::thread::sleep(Duration::from_millis(300));
        connection.write_all(&body.as_bytes()[5..]).unwrap();
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{signal}: {answer:?}");
        assert!(demo.process.wait().unwrap().success(), "{signal}");
    }
}

fn outcome(folder: &Path, options: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = command(folder, options).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

async fn it_may_take_longer_to_fill_than_a_request(database: TestDatabase) {
    let limits = Limits { write: Duration::from_millis(1), ..Limits::SERVICE };
    let db = Db::open_with(&database.url, limits, None).unwrap();
    let receipts = Arc::new(ReceiptKeys::generate().unwrap());
    for password in ["first of two words", "second of two words"] {
        demo::prepare(&db, &Clock::System, password, receipts.clone()).await.unwrap();
    }
    db.close().await.unwrap();
}

async fn a_failure_is_one_line_and_an_exit_code(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let text = folder.path().join("text");
    fs::write(&text, "something else altogether, and long enough to have a header of its own".repeat(4)).unwrap();
    let text = format!("sqlite:{}", text.display());
    for (options, expected, words) in [
        (["--database-url", "mysql://somewhere/else"], 2, "unknown database scheme \"mysql\""),
        (["--database-url", "postgres://nobody@127.0.0.1:1/none"], 69, "127.0.0.1:1/none cannot be reached"),
        (["--database-url", &text], 65, "is not an SQLite database"),
        (["--listen", &address], 1, &format!("the address {address} cannot be listened on")),
        (["--listen", "nowhere"], 2, "give ADDRESS:PORT"),
    ] {
        let (code, said) = outcome(folder.path(), &options);
        assert_eq!(code, Some(expected), "{options:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{options:?}: {said}");
        assert!(said.starts_with("muster: ") && said.contains(words), "{options:?}: {said}");
    }
    for options in [["--port", "80"], ["--password", ""]] {
        assert_eq!(outcome(folder.path(), &options).0, Some(2), "{options:?}");
    }
}

async fn help_and_the_document_need_no_database(_: NoDatabase) {
    for arguments in [&["--help"][..], &["demo", "--help"], &["openapi"], &["--version"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_muster")).args(arguments).output().unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{arguments:?}: {output:?}");
    }
    assert_eq!(Command::new(env!("CARGO_BIN_EXE_muster")).output().unwrap().status.code(), Some(2));
}
