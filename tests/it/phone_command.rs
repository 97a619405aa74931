//! `muster phone` as a process beside the service: killed, and restored.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use chrono::Utc;
use client::http::Http;
use client::{Phone, Surroundings, codes};
use db::locks::Locks;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use service::backup::{self, Programs};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cases::cases;
use crate::database::TestDatabase;
use crate::phone::boots;
use crate::process::{Service, muster, text_of};
use crate::rows::tester;
use crate::seed;

cases![
    a_sync_that_is_killed_again_and_again_loses_nothing,
    what_a_restored_service_lost_comes_back_with_its_receipts,
    the_command_tells_what_is_wrong_in_a_line_and_a_code,
];

/// A service over a database in which the seed is planted.
pub async fn planted(database: &TestDatabase) {
    let db = database.open();
    db.write(tester(), Locks::none(), seed::plant).await.unwrap();
    db.close().await.unwrap();
}

/// A phone of the command line, in a folder.
pub struct Command<'a> {
    /// The folder in which it runs.
    pub folder: &'a Path,
}

impl Command<'_> {
    /// Runs it: the exit code, the output and the error.
    pub fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let all: Vec<&str> = ["phone"].iter().chain(arguments).copied().collect();
        let output = muster(self.folder, &all, &[]).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// Runs it, and expects that it succeeds.
    pub fn must(&self, arguments: &[&str]) -> String {
        let (code, out, error) = self.run(arguments);
        assert_eq!(code, 0, "{arguments:?}: {out}{error}");
        out
    }

    /// Signs in as `t1`.
    pub fn sign_in(&self, base: &str) {
        fs::write(self.folder.join("password.txt"), format!("{}\n", seed::PASSWORD)).unwrap();
        self.must(&["sign-in", "--server", base, "--username", "t1", "--password-file", "password.txt"]);
    }

    /// Its status.
    pub fn status(&self) -> Value {
        serde_json::from_str(&self.must(&["status", "--json"])).unwrap()
    }

    /// The same phone in this process.
    pub fn open(&self) -> Phone {
        let surroundings = Surroundings {
            clock: Box::new(Utc::now),
            transport: Box::new(Http::new()),
            random: StdRng::seed_from_u64(1),
        };
        Phone::open(&self.folder.join("muster-phone"), surroundings).unwrap()
    }
}

/// The counts that the service has of `t1`.
pub fn counts_at(service: &Service) -> Vec<Value> {
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let signed_in = service.call("POST", "/api/v1/auth/login", &[], Some(&credentials)).body;
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    let listed = service.call("GET", "/api/v1/counts?limit=500", &[("authorization", &token)], None).body;
    listed["items"].as_array().unwrap().clone()
}

async fn a_sync_that_is_killed_again_and_again_loses_nothing(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    let phone = Command { folder: folder.path() };
    phone.sign_in(&service.base);
    phone.must(&["sync"]);
    const EACH: usize = 5;
    let mut queued = Vec::new();
    for attempt in 0..12 {
        let mut here = phone.open();
        queued.extend((0..EACH).map(|_| boots(&mut here, 1)));
        drop(here);
        let mut sync = muster(folder.path(), &["phone", "sync"], &[]);
        let mut sync = sync.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Whenever this happens, from before its first request to after its end.
        std::thread::sleep(Duration::from_millis(4 * attempt));
        sync.kill().unwrap();
        sync.wait().unwrap();
    }
    phone.must(&["sync"]);
    let status = phone.status();
    assert_eq!(status["waiting"], json!([]), "{status}");
    let ids = |list: &[Value]| {
        let mut ids: Vec<Uuid> = list.iter().map(|one| one["id"].as_str().unwrap().parse().unwrap()).collect();
        ids.sort();
        ids
    };
    queued.sort();
    assert_eq!(ids(status["acknowledged"].as_array().unwrap()), queued);
    assert_eq!(ids(&counts_at(&service)), queued);
}

async fn what_a_restored_service_lost_comes_back_with_its_receipts(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    let phone = Command { folder: folder.path() };
    phone.sign_in(&service.base);
    phone.must(&["sync"]);
    phone.must(&["count", "--depot", "T1-A", "--item", "BOOTS=7"]);
    phone.must(&["sync"]);
    let saved = folder.path().join("backup.tar");
    backup::save(&database.url, &saved, &Programs::default()).unwrap();
    phone.must(&["count", "--depot", "T1-A", "--item", "BOOTS=8", "--item", "SAND=2.5"]);
    phone.must(&["sync"]);
    let receipts = phone.open().acknowledged().unwrap();
    let before = counts_at(&service);
    assert_eq!((receipts.len(), before.len()), (2, 2));
    assert_eq!(service.stop().0, 0);

    let restored = TestDatabase::create_empty(database.backend);
    backup::restore(&restored.url, &saved, &Programs::default(), false).unwrap();
    let service = Service::start(folder.path(), &text_of(&restored.url), &[]);
    assert_eq!(counts_at(&service).len(), 1);
    phone.sign_in(&service.base);
    let told = phone.must(&["sync"]);
    assert!(told.contains("started over"), "{told}");
    assert!(told.contains("Sent 2: 2 accepted"), "{told}");
    assert_eq!(phone.open().acknowledged().unwrap(), receipts);
    let after = counts_at(&service);
    let known = |list: &[Value]| {
        let mut known: Vec<Value> =
            list.iter().map(|one| json!([one["id"], one["received_at"], one["effective_at"]])).collect();
        known.sort_by_key(Value::to_string);
        known
    };
    assert_eq!(known(&after), known(&before));
    // Once is enough.
    assert!(phone.must(&["sync"]).starts_with("Sent 0:"));

    phone.must(&["receipts", "--to", "receipts"]);
    for one in &receipts {
        let file = format!("receipts/{}.jws", one.id);
        let verified = muster(folder.path(), &["verify", "receipt", &file, "--keys", "receipts/jwks.json"], &[]);
        assert!({ verified }.output().unwrap().status.success());
    }
}

async fn the_command_tells_what_is_wrong_in_a_line_and_a_code(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let phone = Command { folder: folder.path() };
    let one_line = |arguments: &[&str], expected: i32, part: &str| {
        let (code, _, error) = phone.run(arguments);
        assert_eq!(code, expected, "{arguments:?}: {error}");
        assert!(error.starts_with("muster: ") && error.lines().count() == 1, "{error}");
        assert!(error.contains(part), "{error}");
    };
    one_line(&["sync"], 77, "nobody is signed in");
    one_line(&["count", "--depot", "T1-A", "--item", "BOOTS=1"], 2, "no item BOOTS");
    one_line(&["count", "--depot", "T1-A"], 1, "--item CODE=QUANTITY");
    one_line(&["enrol", "muster://enrol?code=7ZK3M-0QX9D"], 1, "does not name its server");

    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    fs::write(folder.path().join("wrong.txt"), "guess").unwrap();
    let guess = ["sign-in", "--server", &service.base, "--username", "t1", "--password-file", "wrong.txt"];
    one_line(&guess, 77, "password is wrong");
    phone.sign_in(&service.base);
    phone.must(&["sync"]);
    one_line(&["count", "--depot", "T2-A", "--item", "BOOTS=1"], 2, "no depot T2-A");
    phone.must(&["count", "--depot", "T1-A", "--item", "BOOTS=1"]);
    assert_eq!(service.stop().0, 0);
    one_line(&["sync"], 69, "nothing is lost");
    assert_eq!(phone.status()["waiting"][0]["type"], codes::SUBMIT_COUNT);

    fs::write(folder.path().join("file"), "").unwrap();
    one_line(&["--dir", "file", "status"], 66, "cannot be made");
    fs::create_dir(folder.path().join("other")).unwrap();
    fs::write(folder.path().join("other/phone.sqlite"), "a letter ".repeat(2000)).unwrap();
    one_line(&["--dir", "other", "status"], 65, "not the file of a phone");
}
