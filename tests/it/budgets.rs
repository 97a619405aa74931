//! The cost of sync in bytes, measured at the socket: for one organization that must hold 60 items, in the demo's banner
//! under the real rules it adopted. Requests and answers are HTTP/1.1 with gzip, as they cross the wire; a kilobyte is
//! 1,000 bytes. `cargo test --test it -- budgets::` prints the figures, which `openapi/sync.md` quotes.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};

use actix_web::rt::task::spawn_blocking;
use auth::passwords::Passwords;
use base::error::Error;
use chrono::{Days, NaiveDate, SecondsFormat, TimeDelta};
use db::locks::Locks;
use db::sql_types::Day;
use db::write::Change;
use db::{items, regions, standards};
use domain::revision::Revision;
use domain::rule::{Rule, Strength};
use domain::standard::StandardDocument;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use muster::api::answer_files::{AnswerFiles, FileBounds};
use muster::api::app::{self, Work};
use muster::api::caller_limits::CallerLimits;
use muster::api::connections::ConnectionBounds;
use muster::api::settings::Settings;
use muster::api::state::AppState;
use muster::demo;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::Lasting;
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::rows::tester;
use crate::seed;

cases![what_sync_costs_in_bytes];

/// The account of the phone: an enterprise with many requirements in the demo.
const USERNAME: &str = "hc-02";

/// The number of items that it must hold.
const ITEMS: usize = 60;

/// The number of lines in a count.
const LINES: usize = 48;

/// The number of counts made in a month offline.
const COUNTS: i64 = 30;

async fn what_sync_costs_in_bytes(database: TestDatabase) {
    // With the headers of quotas, as everywhere.
    let quotas = domain::quota::Quotas { person: 1_200, window_seconds: 60, ..domain::quota::Quotas::default() };
    let settings = Settings { quotas, ..Settings::default() };
    let (db, lasting) = (database.open(), Lasting::new(settings));
    demo::prepare(&db, &lasting.clock, seed::PASSWORD, lasting.receipts.clone()).await.unwrap();
    let Lasting { clock, settings, keys, receipts } = lasting;
    let (db_of_state, passwords) = (db.clone(), Passwords::new().unwrap());
    let caller_limits = CallerLimits::default();
    let (quotas, today) = (std::sync::Arc::default(), std::sync::Arc::default());
    let state = AppState {
        db: db_of_state,
        keys,
        receipts,
        passwords,
        caller_limits,
        quotas,
        today,
        files: AnswerFiles::new(std::env::temp_dir(), FileBounds::default()),
        clock,
        settings,
        metrics: None,
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = app::serve(
        state,
        listener,
        Work { workers: Some(1), shutdown_seconds: 1, connections: ConnectionBounds::default() },
        None,
        None,
    )
    .unwrap();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    let asked = spawn_blocking(move || Wire::sign_in(address).pull().items()).await.unwrap();
    db.write(tester(), Locks::none(), move |change| ask_for_more(change, &asked)).await.unwrap();
    let measured = spawn_blocking(move || measure(address)).await;
    handle.stop(true).await;
    running.await.unwrap().unwrap();
    db.close().await.unwrap();
    if let Err(error) = measured {
        std::panic::resume_unwind(error.into_panic());
    }
}

/// Makes the banner adopt a standard that requires further items, until there are 60.
fn ask_for_more(change: &mut Change<'_>, asked: &BTreeSet<String>) -> Result<(), Error> {
    let from = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let all = items::list(change.connection, Revision::LATEST)?;
    let more: Vec<Rule> = all
        .values()
        .filter(|item| !asked.contains(&item.code))
        .take(ITEMS - asked.len())
        .map(|item| {
            let text = format!(
                r#"{{"code":"MORE-{code}","clause":"1","applies_when":{{"sector":"hazchem"}},"scope":"organization",
                "selector":{{"item":"{code}"}},"quantity":{{"rate":{{"n":12}}}},"unit":"{unit}","strength":"mandatory",
                "text_en":"More.","text_zh":"更多。","confidence":"verified"}}"#,
                code = item.code,
                unit = item.unit.name
            );
            serde_json::from_str(&text).unwrap()
        })
        .collect();
    let document: StandardDocument = serde_json::from_value(json!({
        "title_en": "More to hold", "title_zh": "更多储备", "jurisdiction": "CN", "status": "in_force"
    }))
    .unwrap();
    standards::insert(change, "MORE", from, &document, &more)?;
    let regions = regions::list(change.connection, Revision::LATEST)?;
    let banner = regions.iter().find(|region| region.code == "159900").unwrap().id;
    standards::insert_adoption(change, banner, "MORE", from, Some(Strength::Mandatory), None)
}

fn measure(address: SocketAddr) {
    let mut wire = Wire::sign_in(address);
    let first = wire.pull();
    let items: Vec<String> = first.items().into_iter().collect();
    assert_eq!(items.len(), ITEMS);
    assert!(first.changes("item").len() > 250, "the whole catalogue is sent");
    let depot = first.changes("depot")[0]["data"]["id"].as_str().unwrap().to_owned();
    hold("first full pull, body of the answer", first.body, 50_000);
    println!("  unpacked {} B; answer with headers {} B", first.unpacked, first.received);

    let nothing = wire.pull();
    assert_eq!(nothing.json["changes"], json!([]));
    hold("pull with nothing new, answer with headers", nothing.received, 500);
    println!("  request with headers {} B, of which the access token is {} B", nothing.sent, wire.token.len());

    let one = wire.push(&[count(&items, &depot, 0)]);
    assert_eq!(statuses(&one), ["applied"]);
    hold("one count of 48 lines, body of the push", one.sent_body, 3_000);
    println!("  body of the answer with its receipt {} B", one.body);

    let change = wire.pull();
    assert_eq!((change.changes("stock").len(), change.changes("assessments").len()), (1, 1));
    hold("the change that this count makes, pulled, body of the answer", change.body, 2_000);
    println!("  unpacked {} B", change.unpacked);

    let month: Vec<Value> = (1..=COUNTS).map(|number| count(&items, &depot, number)).collect();
    let month = wire.push(&month);
    assert_eq!(statuses(&month), ["applied"; COUNTS as usize]);
    hold("a month offline, 30 counts of 48 lines, body of one push", month.sent_body, 60_000);
    println!("  body of the answer with 30 receipts {} B", month.body);
}

fn hold(what: &str, bytes: usize, budget: usize) {
    println!("{what}: {bytes} B of {budget} B");
    assert!(bytes <= budget, "{what}: {bytes} B, and the budget is {budget} B");
}

fn statuses(answer: &Exchange) -> Vec<&str> {
    answer.json["results"].as_array().unwrap().iter().map(|result| result["status"].as_str().unwrap()).collect()
}

/// A count of 48 of the items, in which every third line has a lot and an expiry day; each number gives other quantities.
fn count(items: &[String], depot: &str, number: i64) -> Value {
    // A sequence that does not compress, the same in every run.
    let mut state = u64::try_from(number).unwrap() * 7_919 + 12_345;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let lines: Vec<Value> = (0..LINES)
        .map(|place| {
            let skipped = usize::try_from(number).unwrap();
            let mut line = json!({"item": items[(place + skipped) % ITEMS], "quantity": 1 + draw(80)});
            if place % 3 == 0 {
                let made = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(draw(700));
                line["lot"] = json!(format!("B{}-{:02}", made.format("%y%m"), draw(90) + 10));
                line["expires_on"] = json!(made + Days::new(365 * 5));
            }
            line
        })
        .collect();
    let counted_at = seed::now() - TimeDelta::hours(24 * (COUNTS - number)) - TimeDelta::minutes(number * 7 % 60);
    let counted_at = if number == 0 { seed::now() - TimeDelta::minutes(3) } else { counted_at };
    let counted_at = counted_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({"depot_id": depot, "scope": "listed", "counted_at": counted_at, "lines": lines})
}

/// A phone's end of a connection.
struct Wire {
    stream: BufReader<TcpStream>,
    token: String,
    cursor: Option<String>,
    seq: i64,
}

/// A request and its answer, counted as they crossed the wire.
struct Exchange {
    /// The bytes of the request, with its headers.
    sent: usize,
    /// The bytes of the request's body.
    sent_body: usize,
    /// The bytes of the answer, with its headers.
    received: usize,
    /// The bytes of the answer's body, without chunk headers.
    body: usize,
    /// The bytes of the answer's body, unpacked.
    unpacked: usize,
    json: Value,
}

impl Exchange {
    fn changes(&self, kind: &str) -> Vec<&Value> {
        self.json["changes"].as_array().unwrap().iter().filter(|change| change["type"] == kind).collect()
    }

    /// The items of the catalogue that are assessed.
    fn items(&self) -> BTreeSet<String> {
        let catalogue: BTreeSet<&str> =
            self.changes("item").into_iter().map(|item| item["key"].as_str().unwrap()).collect();
        let rows = self.changes("assessments")[0]["data"]["rows"].as_array().unwrap();
        let named = rows.iter().map(|row| row[0].as_str().unwrap());
        named.filter(|name| catalogue.contains(name)).map(ToOwned::to_owned).collect()
    }
}

impl Wire {
    fn sign_in(address: SocketAddr) -> Self {
        let stream = BufReader::new(TcpStream::connect(address).unwrap());
        let mut wire = Self { stream, token: String::new(), cursor: None, seq: 0 };
        let body = json!({"username": USERNAME, "password": seed::PASSWORD});
        let signed_in = wire.exchange("POST", "/api/v1/auth/login", Some(&body));
        wire.token = signed_in.json["access_token"].as_str().unwrap().to_owned();
        wire
    }

    fn pull(&mut self) -> Exchange {
        let path = match &self.cursor {
            Some(cursor) => format!("/api/v1/sync?cursor={cursor}"),
            None => "/api/v1/sync".to_owned(),
        };
        let pulled = self.exchange("GET", &path, None);
        assert_eq!(pulled.json["more"], false);
        self.keep_cursor(pulled)
    }

    fn keep_cursor(&mut self, answer: Exchange) -> Exchange {
        self.cursor = Some(answer.json["cursor"].as_str().unwrap().to_owned());
        answer
    }

    fn push(&mut self, bodies: &[Value]) -> Exchange {
        let commands: Vec<Value> = bodies
            .iter()
            .map(|body| {
                self.seq += 1;
                json!({"id": Uuid::new_v4(), "seq": self.seq, "type": "submit_count", "data": body})
            })
            .collect();
        let sent_at = seed::now().to_rfc3339_opts(SecondsFormat::Secs, true);
        let push = json!({
            "device_id": Uuid::new_v4(), "sent_at": sent_at, "queued": commands.len(), "cursor": self.cursor,
            "commands": commands
        });
        let pushed = self.exchange("POST", "/api/v1/sync", Some(&push));
        self.keep_cursor(pushed)
    }

    fn exchange(&mut self, method: &str, path: &str, body: Option<&Value>) -> Exchange {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: muster.example\r\naccept-encoding: gzip\r\n");
        if !self.token.is_empty() {
            request += &format!("authorization: Bearer {}\r\n", self.token);
        }
        let mut packed = Vec::new();
        if let Some(body) = body {
            let mut packer = GzEncoder::new(&mut packed, Compression::default());
            packer.write_all(body.to_string().as_bytes()).unwrap();
            packer.finish().unwrap();
            let length = packed.len();
            request += "content-type: application/json\r\ncontent-encoding: gzip\r\n";
            request += &format!("content-length: {length}\r\n");
        }
        request += "\r\n";
        let mut bytes = request.into_bytes();
        bytes.extend_from_slice(&packed);
        self.stream.get_mut().write_all(&bytes).unwrap();
        self.answer((bytes.len(), packed.len()))
    }

    fn answer(&mut self, (sent, sent_body): (usize, usize)) -> Exchange {
        let mut received = 0;
        let mut head = Vec::new();
        loop {
            let line = self.line(&mut received);
            if line.is_empty() {
                break;
            }
            head.push(line.to_lowercase());
        }
        assert!(head[0].starts_with("http/1.1 200"), "{head:?}");
        let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        let mut body = Vec::new();
        match header("content-length") {
            Some(length) => body = self.bytes(length.parse().unwrap(), &mut received),
            None => loop {
                let length = usize::from_str_radix(&self.line(&mut received), 16).unwrap();
                body.extend(self.bytes(length, &mut received));
                assert_eq!(self.line(&mut received), "");
                if length == 0 {
                    break;
                }
            },
        }
        let mut text = String::new();
        match header("content-encoding") {
            Some("gzip") => drop(GzDecoder::new(body.as_slice()).read_to_string(&mut text).unwrap()),
            _ => text = String::from_utf8(body.clone()).unwrap(),
        }
        let json = serde_json::from_str(&text).unwrap();
        Exchange { sent, sent_body, received, body: body.len(), unpacked: text.len(), json }
    }

    fn line(&mut self, received: &mut usize) -> String {
        let mut line = String::new();
        *received += self.stream.read_line(&mut line).unwrap();
        line.trim_end_matches("\r\n").to_owned()
    }

    fn bytes(&mut self, length: usize, received: &mut usize) -> Vec<u8> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).unwrap();
        *received += length;
        bytes
    }
}
