//! The scripts for programs of others (`openapi/conformance/exchanges.json`), played over HTTP by `fake.py`: the reference client
//! has no fault in any, and clients that are wrong on purpose have one.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use client::http::Http;
use client::report::End;
use client::transport::{Request, Response, Transport, TransportError};
use client::{Phone, Surroundings};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cases::{NoDatabase, cases, postgres_is_required};

cases![the_reference_client_has_no_fault, every_wrong_client_is_found];

/// More rounds than any script needs.
const ROUNDS: usize = 40;

/// A client that is wrong on purpose, in what it puts on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Unpacked,
    NewestFirst,
    AnotherIdEachTime,
    AnotherContentLater,
    FirstCursorForEver,
    NoCursorOfPushes,
    NoReceiptsAgain,
    NoWaiting,
    NoQueue,
    OldToken,
    NoHalving,
    AnyReceipt,
    ReadsOn,
    NoDepositAgain,
    OwnContentAgain,
}

/// Each wrong client, the script that finds it, and the rule that it breaks there.
const WRONG: [(Wrong, &str, &str); 15] = [
    (Wrong::Unpacked, "a_usual_round", "gzip"),
    (Wrong::NewestFirst, "a_usual_round", "order"),
    (Wrong::AnotherIdEachTime, "a_lost_answer", "numbers"),
    (Wrong::AnotherContentLater, "a_lost_answer", "same_content"),
    (Wrong::FirstCursorForEver, "a_usual_round", "cursor"),
    (Wrong::NoCursorOfPushes, "a_usual_round", "cursor"),
    (Wrong::NoReceiptsAgain, "a_restore", "receipts_again"),
    (Wrong::NoWaiting, "retry_after", "retry_after"),
    (Wrong::NoQueue, "a_usual_round", "queued"),
    (Wrong::OldToken, "an_expired_token", "newest_token"),
    (Wrong::NoHalving, "too_large", "halving"),
    (Wrong::AnyReceipt, "receipts_that_are_wrong", "nothing_dropped"),
    (Wrong::ReadsOn, "an_ended_session", "reads_nothing"),
    (Wrong::NoDepositAgain, "an_ended_session", "sent_again"),
    (Wrong::OwnContentAgain, "an_officer_applies", "officers_content"),
];

fn scripts() -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/conformance/exchanges.json");
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    file["vectors"].as_array().unwrap().clone()
}

/// True if Python is not installed, and the exchanges may be left out for want of it.
fn is_left_out() -> bool {
    let is_left_out = Command::new("python3").arg("--version").output().is_err() && !postgres_is_required();
    if is_left_out {
        eprintln!("the exchanges are left out: python3 is not installed");
    }
    is_left_out
}

async fn the_reference_client_has_no_fault(_: NoDatabase) {
    if is_left_out() {
        return;
    }
    for script in scripts() {
        let report = tokio::task::spawn_blocking(move || play(&script, None)).await.unwrap();
        assert_eq!(report["faults"], json!([]), "{report:#}");
    }
}

async fn every_wrong_client_is_found(_: NoDatabase) {
    if is_left_out() {
        return;
    }
    let scripts = scripts();
    for (wrong, name, rule) in WRONG {
        let script = scripts.iter().find(|script| script["name"] == name).unwrap().clone();
        let report = tokio::task::spawn_blocking(move || play(&script, Some(wrong))).await.unwrap();
        let found = report["faults"].as_array().unwrap().iter().any(|fault| fault["rule"] == rule);
        assert!(found, "{wrong:?} is not found by {name}: {report:#}");
    }
}

/// The fake service of a script; it ends when this is dropped.
struct Fake {
    process: Child,
    address: String,
}

impl Fake {
    fn start(script: &str) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/conformance/fake.py");
        let mut process = Command::new("python3").arg(program).arg(script).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { process, address: address.trim().to_owned() }
    }

    fn advance(&self, by: Duration) {
        let body = json!({"seconds": by.as_secs_f64()}).to_string();
        ureq::post(format!("{}/fake/advance", self.address)).send(body).unwrap();
    }

    fn report(&self) -> Value {
        let mut answer = ureq::get(format!("{}/fake/report", self.address)).call().unwrap();
        serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Takes the steps of a script as its person would, and returns the report.
fn play(script: &Value, wrong: Option<Wrong>) -> Value {
    let (fake, folder) = (Fake::start(script["name"].as_str().unwrap()), TempDir::new().unwrap());
    let ahead_ms = Arc::new(AtomicI64::new(0));
    let clock = {
        let ahead_ms = ahead_ms.clone();
        move || -> DateTime<Utc> { Utc::now() + TimeDelta::milliseconds(ahead_ms.load(Ordering::SeqCst)) }
    };
    let transport = OnTheWire { http: Http::new(), wrong, seen: Seen::default() };
    let surroundings =
        Surroundings { clock: Box::new(clock), transport: Box::new(transport), random: StdRng::seed_from_u64(1) };
    let mut phone = Phone::open(folder.path(), surroundings).unwrap();
    for step in script["steps"].as_array().unwrap() {
        match step.as_str() {
            Some("sign_in") => phone.sign_in(&fake.address, "t1", "any password", "a phone").unwrap(),
            Some("sync") => {
                for _ in 0..ROUNDS {
                    let End::Again { wait, .. } = phone.sync().unwrap().end else { break };
                    if wrong != Some(Wrong::NoWaiting) {
                        ahead_ms.fetch_add(i64::try_from(wait.as_millis()).unwrap(), Ordering::SeqCst);
                        fake.advance(wait);
                    }
                }
            }
            _ => {
                for number in 0..step["count"].as_u64().unwrap() {
                    let body = json!({
                        "depot_id": "0198f5a2-0000-7000-8000-000000000003", "scope": "listed",
                        "counted_at": "2026-11-23T02:00:00Z", "lines": [{"item": "BOOTS", "quantity": number}]
                    });
                    phone.submit_count(body.to_string().as_bytes()).unwrap();
                }
            }
        }
    }
    fake.report()
}

/// HTTP, with what a wrong client does otherwise.
struct OnTheWire {
    http: Http,
    wrong: Option<Wrong>,
    seen: Seen,
}

/// The traffic so far, as far as a wrong client needs it.
#[derive(Default)]
struct Seen {
    pushes: u64,
    first_cursor: Option<String>,
    pulled_cursor: Option<String>,
    largest: Option<Vec<u8>>,
    sent: BTreeSet<String>,
    taken: BTreeSet<String>,
    has_ended: bool,
}

impl Transport for OnTheWire {
    fn send(&mut self, request: &Request) -> Result<Response, TransportError> {
        let mut request = request.clone();
        if request.path.starts_with("/api/v1/sync") {
            if request.method == "POST" {
                self.seen.pushes += 1;
                self.spoil_push(&mut request);
            } else {
                self.spoil_pull(&mut request);
            }
        }
        let answer = self.http.send(&request)?;
        if request.path.starts_with("/api/v1/sync") {
            self.look_at(&request, &answer);
            let is_over = answer.status == 401 && answer.body.windows(13).any(|part| part == b"session_ended");
            self.seen.has_ended |= is_over;
            if is_over && self.wrong == Some(Wrong::ReadsOn) && request.method == "POST" {
                let (path, body, headers) = ("/api/v1/sync".to_owned(), Vec::new(), request.headers.clone());
                self.http.send(&Request { method: "GET", path, body, headers, ..request })?;
            }
        }
        Ok(answer)
    }
}

impl OnTheWire {
    fn spoil_push(&mut self, request: &mut Request) {
        let Some(wrong) = self.wrong else { return };
        let mut body = Vec::new();
        flate2::read::GzDecoder::new(request.body.as_slice()).read_to_end(&mut body).unwrap();
        let mut push: Value = serde_json::from_slice(&body).unwrap();
        let pushes = self.seen.pushes;
        let commands = push["commands"].as_array_mut().unwrap();
        match wrong {
            Wrong::Unpacked => {
                request.headers.retain(|(name, _)| name != "content-encoding");
                request.body = body;
                return;
            }
            Wrong::NewestFirst => commands.reverse(),
            Wrong::AnotherIdEachTime => {
                commands.iter_mut().for_each(|command| {
                    command["id"] =
                        json!(Uuid::from_u128(u128::from(pushes) << 64 | u128::from(command["seq"].as_u64().unwrap())))
                });
            }
            Wrong::AnotherContentLater if pushes > 1 => {
                commands.iter_mut().for_each(|command| command["data"]["note"] = json!("sent again"));
            }
            Wrong::NoReceiptsAgain => commands.iter_mut().for_each(|command| command["receipt"] = Value::Null),
            Wrong::NoQueue => push["queued"] = json!(0),
            Wrong::OldToken => set_header(request, "authorization", "Bearer access-1"),
            Wrong::NoHalving => {
                let largest = self.seen.largest.get_or_insert_with(|| request.body.clone());
                request.body.clone_from(largest);
                return;
            }
            Wrong::AnyReceipt => commands.retain(|command| !self.seen.taken.contains(command["id"].as_str().unwrap())),
            Wrong::NoDepositAgain => {
                let is_after = !request.path.contains("deposit");
                commands.retain(|command| !(is_after && self.seen.sent.contains(command["id"].as_str().unwrap())));
            }
            Wrong::OwnContentAgain => {
                for command in commands.iter_mut().filter(|command| command["receipt"].is_string()) {
                    command["data"] = json!({"lines": []});
                }
            }
            _ => {}
        }
        if self.seen.has_ended || wrong != Wrong::NoDepositAgain {
            let ids =
                push["commands"].as_array().unwrap().iter().map(|command| command["id"].as_str().unwrap().to_owned());
            self.seen.sent.extend(ids);
        }
        request.body = client_packed(&push);
    }

    fn spoil_pull(&self, request: &mut Request) {
        let cursor = match self.wrong {
            Some(Wrong::FirstCursorForEver) => &self.seen.first_cursor,
            Some(Wrong::NoCursorOfPushes) => &self.seen.pulled_cursor,
            _ => return,
        };
        if let Some(cursor) = cursor {
            request.path = format!("/api/v1/sync?cursor={cursor}");
        }
    }

    fn look_at(&mut self, request: &Request, answer: &Response) {
        let Ok(told) = serde_json::from_slice::<Value>(&answer.body) else { return };
        if request.method == "GET" {
            let cursor = told["cursor"].as_str().map(ToOwned::to_owned);
            self.seen.first_cursor = self.seen.first_cursor.clone().or_else(|| cursor.clone());
            self.seen.pulled_cursor = cursor.or_else(|| self.seen.pulled_cursor.clone());
        }
        for result in told["results"].as_array().into_iter().flatten() {
            if result["status"] == "applied" {
                self.seen.taken.insert(result["id"].as_str().unwrap().to_owned());
            }
        }
    }
}

fn set_header(request: &mut Request, name: &str, value: &str) {
    request.headers.retain(|(known, _)| known != name);
    request.headers.push((name.to_owned(), value.to_owned()));
}

fn client_packed(push: &Value) -> Vec<u8> {
    let mut packer = flate2::read::GzEncoder::new(std::io::Cursor::new(push.to_string()), flate2::Compression::fast());
    let mut packed = Vec::new();
    packer.read_to_end(&mut packed).unwrap();
    packed
}
