//! Metrics for Prometheus, and the log of slow statements: what an operator sees, and what nobody must see.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cases::{NoDatabase, cases};
use crate::database::{OnPostgres, TestDatabase};
use crate::document::operations;
use crate::phone_command::planted;
use crate::process::{Service, text_of};
use crate::proxy::{Cut, Proxy};
use crate::push::{command, envelope};
use crate::seed;

cases![
    what_was_done_is_told_without_the_name_of_anything,
    they_are_on_a_listener_of_their_own_and_on_none_by_default,
    without_the_database_the_rest_is_told,
    a_slow_statement_is_logged_with_its_request_and_without_its_values,
];

/// The setting of the listener, on a free port.
const LISTEN: (&str, &str) = ("MUSTER_METRICS_LISTEN", "127.0.0.1:0");

/// The address of the listener; `None` if there is none.
fn listener(service: &Service) -> Option<String> {
    let told = service.events().into_iter().find(|event| event["message"] == "metrics are served")?;
    Some(format!("http://{}", told["address"].as_str().unwrap()))
}

/// The status, the media type and the text of an answer.
fn fetch(method: &str, url: &str) -> (u16, String, String) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = ureq::http::Request::builder().method(method).uri(url).body(()).unwrap();
    let mut answer = agent.run(request).unwrap();
    let mut text = String::new();
    answer.body_mut().as_reader().read_to_string(&mut text).unwrap();
    let media_type = answer.headers().get("content-type").map_or("", |value| value.to_str().unwrap()).to_owned();
    (answer.status().as_u16(), media_type, text)
}

fn scrape(service: &Service) -> String {
    let (status, media_type, text) = fetch("GET", &format!("{}/metrics", listener(service).unwrap()));
    assert_eq!((status, media_type.as_str()), (200, "application/openmetrics-text; version=1.0.0; charset=utf-8"));
    assert!(text.ends_with("# EOF\n"), "{text}");
    text
}

/// The value of a series.
fn value(text: &str, series: &str) -> Option<f64> {
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

/// The names and values of all labels, without those of buckets.
fn labels(text: &str) -> BTreeSet<(String, String)> {
    let of_series = text.lines().filter_map(|line| line.split_once('{')?.1.split_once("} "));
    of_series
        .flat_map(|(labels, _)| labels.split(','))
        .map(|label| label.split_once('=').unwrap())
        .filter(|(name, _)| *name != "le")
        .map(|(name, value)| (name.to_owned(), value.trim_matches('"').to_owned()))
        .collect()
}

fn sign_in(service: &Service) -> String {
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let signed_in = service.call("POST", "/api/v1/auth/login", &[], Some(&credentials)).body;
    format!("Bearer {}", signed_in["access_token"].as_str().unwrap())
}

async fn what_was_done_is_told_without_the_name_of_anything(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[LISTEN]);
    let before = scrape(&service);
    assert_eq!(value(&before, "muster_oldest_unsynced_seconds"), Some(0.0));

    let token = sign_in(&service);
    let bearer = [("authorization", token.as_str())];
    let depot = service.call("GET", "/api/v1/depots/T1-A", &bearer, None).body["id"].clone();
    let count = command(
        1,
        json!({
            "depot_id": depot, "scope": "listed", "counted_at": seed::now(), "lines": [{"item": "BOOTS", "quantity": 4}]
        }),
    );
    let commands = [count, command(2, json!({"depot_id": Uuid::now_v7()})), json!({"seq": 3})];
    for repeat in [false, true] {
        let mut push = envelope(&commands);
        push["queued"] = json!(10);
        let pushed = service.call("POST", "/api/v1/sync", &bearer, Some(&push)).body;
        assert_eq!(pushed["results"][0]["repeated"], json!(repeat), "{pushed}");
    }
    service.call("GET", "/api/v1/organizations/T1", &bearer, None);
    service.call("GET", "/api/v1/organizations/NOWHERE?q=somebody", &bearer, None);
    service.call("GET", "/somewhere/else", &[], None);
    service.call("PATCH", "/api/v1/me", &[], None);

    let text = scrape(&service);
    for (series, expected) in [
        ("muster_build_info{version=\"0.1.0\"}", 1.0),
        ("muster_requests_total{operation=\"sign_in\",method=\"POST\",status=\"2xx\"}", 1.0),
        ("muster_requests_total{operation=\"find_organization\",method=\"GET\",status=\"2xx\"}", 1.0),
        ("muster_requests_total{operation=\"find_organization\",method=\"GET\",status=\"4xx\"}", 1.0),
        ("muster_requests_total{operation=\"none\",method=\"GET\",status=\"4xx\"}", 1.0),
        ("muster_request_duration_seconds_count{operation=\"push_commands\"}", 2.0),
        ("muster_requests_in_flight", 0.0),
        ("muster_sync_results_total{status=\"applied\"}", 1.0),
        ("muster_sync_results_total{status=\"quarantined\"}", 1.0),
        ("muster_sync_results_total{status=\"repeated\"}", 2.0),
        ("muster_sync_results_total{status=\"rejected\"}", 2.0),
        ("muster_quarantine_waiting", 1.0),
        ("muster_rebuild_waiting", 0.0),
        ("muster_readers", 8.0),
        // The one that looks it up.
        ("muster_readers_waiting", 0.0),
        ("muster_writes_waiting", 0.0),
        ("muster_database_reachable", 1.0),
    ] {
        assert_eq!(value(&text, series), Some(expected), "{series} in {text}");
    }
    let writes = value(&text, "muster_writes_total{outcome=\"committed\"}").unwrap();
    assert!(writes >= 3.0, "{text}");
    for positive in [
        "muster_oldest_unsynced_seconds",
        "muster_write_group_size_count",
        "muster_write_group_duration_seconds_sum",
        "muster_commit_duration_seconds_sum",
        "process_resident_memory_bytes",
        "process_start_time_seconds",
    ] {
        assert!(value(&text, positive).is_some_and(|value| value > 0.0), "{positive} in {text}");
    }
    assert!(value(&text, "muster_requests_total{operation=\"find_me\",method=\"other\",status=\"4xx\"}").is_some());

    let operations: BTreeSet<&str> = operations().into_iter().map(|operation| operation.id).collect();
    for (name, value) in labels(&text) {
        let is_known = match name.as_str() {
            "operation" => value == "none" || operations.contains(value.as_str()),
            "method" => ["GET", "POST", "PUT", "other"].contains(&value.as_str()),
            "status" => ["2xx", "4xx", "applied", "quarantined", "repeated", "rejected"].contains(&value.as_str()),
            "outcome" => ["committed", "refused"].contains(&value.as_str()),
            "version" => true,
            _ => false,
        };
        assert!(is_known, "the label {name} is {value}");
    }
    let (code, log) = service.stop();
    assert_eq!(code, 0, "{log}");
}

async fn they_are_on_a_listener_of_their_own_and_on_none_by_default(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let create = ("MUSTER_CREATE_DATABASE", "yes");
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[create]);
    assert_eq!(listener(&service), None);
    assert_eq!(service.call("GET", "/metrics", &[], None).status, 404);
    service.stop();

    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[LISTEN]);
    let base = listener(&service).unwrap();
    assert_eq!(fetch("GET", &format!("{}/metrics", service.base)).0, 404);
    assert_eq!(fetch("GET", &format!("{base}/metrics")).0, 200);
    for path in ["/", "/health/live", "/api/v1/items", "/metrics/"] {
        assert_eq!(fetch("GET", &format!("{base}{path}")).0, 404, "{path}");
    }
    assert_eq!(fetch("POST", &format!("{base}/metrics")).0, 405);
}

async fn without_the_database_the_rest_is_told(OnPostgres(database): OnPostgres) {
    let folder = TempDir::new().unwrap();
    let proxy = Proxy::start();
    let service = Service::start(folder.path(), &text_of(&proxy.url(&database.url)), &[LISTEN]);
    assert!(value(&scrape(&service), "muster_oldest_unsynced_seconds").is_some());
    proxy.cutter().cut(Cut::Both);
    let start = Instant::now();
    let text = scrape(&service);
    assert!(start.elapsed() < Duration::from_secs(4), "{:?}", start.elapsed());
    assert!(value(&text, "muster_readers").is_some(), "{text}");
    assert!(!text.contains("muster_oldest_unsynced") && !text.contains("muster_quarantine"), "{text}");
    // The statement is given up after its limit, and others see that the database is gone.
    while value(&scrape(&service), "muster_database_reachable") != Some(0.0) {
        assert!(start.elapsed() < Duration::from_secs(60), "{text}");
        std::thread::sleep(Duration::from_millis(100));
    }
    proxy.heal();
    while value(&scrape(&service), "muster_oldest_unsynced_seconds").is_none() {
        assert!(start.elapsed() < Duration::from_secs(90));
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Every statement is slow. With this filter the service logs nothing of its requests but warnings.
async fn a_slow_statement_is_logged_with_its_request_and_without_its_values(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let all = ("MUSTER_SLOW_QUERY_MILLISECONDS", "0");
    let quiet = ("RUST_LOG", "warn,muster::commands=info");
    let service = Service::start(folder.path(), &text_of(&database.url), &[all, quiet]);
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let header = [("x-request-id", "this-one")];
    assert_eq!(service.call("POST", "/api/v1/auth/login", &header, Some(&credentials)).status, 200);
    let (_, log) = service.stop();
    let events: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let of_request: Vec<&str> = events
        .iter()
        .filter(|event| event["message"] == "a statement was slow" && event["span"]["request_id"] == "this-one")
        .map(|event| event["statement"].as_str().unwrap())
        .collect();
    let has = |part: &str| of_request.iter().any(|statement| statement.to_lowercase().contains(part));
    // By a reader, by a writer for the request alone, and for the whole transaction.
    for part in ["from `accounts`", "into `sessions`", "begin", "commit"] {
        assert!(has(part) || has(&part.replace('`', "\"")), "{part} is not in {of_request:#?}");
    }
    assert!(!log.contains("\"t1\"") && !log.contains("-- binds"), "{log}");
}
