//! Files of unsent counts, from phone to phone, and between `muster phone` and the engine of the phone page.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command as Program, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cases::{Fixture, cases};
use crate::database::{Backend, TestDatabase};
use crate::phone_command::{Command, counts_at, planted};
use crate::process::{Service, text_of};
use crate::seed;
use crate::tools::Tool;

cases![
    what_a_phone_page_saved_is_taken_in_with_its_ids_and_bytes,
    what_arrives_from_two_phones_is_one_count,
    a_file_that_is_broken_or_of_another_account_is_refused_whole,
    the_page_reads_what_the_command_saves_and_the_command_what_the_page_saves,
];

/// A count as a page writes it: not in canonical form, so that a reader that writes it anew is found out.
fn data(depot: &str, quantity: u32) -> String {
    format!(
        "{{\"scope\":\"listed\",\"depot_id\":\"{depot}\", \"counted_at\":\"2026-11-20T08:00:00.000Z\",\
         \"note\":\"数过 \\u4e86\",\"lines\":[{{\"item\":\"BOOTS\",\"quantity\":{quantity}.0}}]}}"
    )
}

/// A file as the page saves it.
fn file(account: &str, commands: &[(Uuid, i64, &str)]) -> Value {
    let command =
        |(id, seq, data): &(Uuid, i64, &str)| json!({"id": id, "seq": seq, "type": "submit_count", "data": data});
    json!({
        "format": "muster-unsent-counts", "version": 1, "account": account, "username": "t1",
        "device_id": Uuid::new_v4(), "exported_at": "2026-11-23T08:00:00.000Z",
        "commands": commands.iter().map(command).collect::<Vec<_>>(),
    })
}

/// A phone that is signed in as `t1`, its account's id, and the id of its depot.
fn signed_in(folder: &Path, base: &str) -> (String, String) {
    let phone = Command { folder };
    phone.sign_in(base);
    phone.must(&["sync"]);
    let saved = phone.saved("own.json");
    let depots = phone.open().mirrored("depot").unwrap();
    let depot = depots.iter().find(|depot| depot.key == "T1-A").unwrap();
    (saved["account"].as_str().unwrap().to_owned(), depot.data["id"].as_str().unwrap().to_owned())
}

impl Command<'_> {
    /// The file that it saves.
    fn saved(&self, name: &str) -> Value {
        self.must(&["save-unsent", "--to", name, "--overwrite"]);
        serde_json::from_str(&fs::read_to_string(self.folder.join(name)).unwrap()).unwrap()
    }
}

async fn what_a_phone_page_saved_is_taken_in_with_its_ids_and_bytes(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    let phone = Command { folder: folder.path() };
    let (account, depot) = signed_in(folder.path(), &service.base);
    phone.must(&["count", "--depot", "T1-A", "--item", "BOOTS=1"]);
    let (one, other) = (Uuid::new_v4(), Uuid::new_v4());
    let (first, second) = (data(&depot, 7), data(&depot, 8));
    // The order of the file is not that of the numbers.
    let page = file(&account, &[(other, 90, &second), (one, 12, &first)]);
    fs::write(folder.path().join("page.json"), serde_json::to_string_pretty(&page).unwrap()).unwrap();

    let told = phone.must(&["take-in", "page.json"]);
    assert!(told.starts_with("Taken in: 2. Known before: 0. Waiting: 3."), "{told}");
    let told = phone.must(&["take-in", "page.json"]);
    assert!(told.starts_with("Taken in: 0. Known before: 2. Waiting: 3."), "{told}");
    let waiting = phone.open().waiting().unwrap();
    let taken: Vec<_> = waiting[1..].iter().map(|it| (it.id, it.seq, it.body.clone())).collect();
    assert_eq!(taken, [(one, 2, first.clone().into_bytes()), (other, 3, second.into_bytes())]);

    phone.must(&["sync"]);
    let arrived: Vec<Value> = counts_at(&service).iter().map(|count| count["id"].clone()).collect();
    assert_eq!(arrived.len(), 3);
    assert!(arrived.contains(&json!(one)) && arrived.contains(&json!(other)), "{arrived:?}");
    let told = phone.must(&["take-in", "page.json"]);
    assert!(told.starts_with("Taken in: 0. Known before: 2. Waiting: 0."), "{told}");
    assert_eq!(phone.saved("own.json")["commands"], json!([]));

    // Other content under a known id is not taken, and holds up nothing.
    let third = Uuid::new_v4();
    let mixed = file(&account, &[(one, 12, "{}"), (third, 13, &first)]);
    fs::write(folder.path().join("mixed.json"), mixed.to_string()).unwrap();
    let (code, out, error) = phone.run(&["take-in", "mixed.json"]);
    assert_eq!((code, out.starts_with("Taken in: 1. ")), (1, true), "{out}");
    assert!(error.contains(&one.to_string()), "{error}");
}

async fn what_arrives_from_two_phones_is_one_count(database: TestDatabase) {
    planted(&database).await;
    let folders = [TempDir::new().unwrap(), TempDir::new().unwrap()];
    let service = Service::start(folders[0].path(), &text_of(&database.url), &[]);
    let [one, other] = folders.each_ref().map(|folder| Command { folder: folder.path() });
    signed_in(one.folder, &service.base);
    signed_in(other.folder, &service.base);
    one.must(&["count", "--depot", "T1-A", "--item", "BOOTS=1"]);
    one.must(&["count", "--depot", "T1-A", "--item", "BOOTS=2"]);
    other.must(&["count", "--depot", "T1-A", "--item", "SAND=2.5"]);
    one.saved("mine.json");
    let path = one.folder.join("mine.json");
    let (code, _, error) = one.run(&["save-unsent", "--to", "mine.json"]);
    assert_eq!(code, 1, "{error}");
    other.must(&["take-in", path.to_str().unwrap()]);
    other.must(&["sync"]);
    one.must(&["sync"]);
    let receipts = |phone: &Command<'_>| {
        let all = phone.open().acknowledged().unwrap();
        all.into_iter().map(|one| (one.id, one.receipt)).collect::<Vec<_>>()
    };
    assert_eq!(receipts(&one), receipts(&other)[1..]);
    assert_eq!(counts_at(&service).len(), 3);

    // Neither device is told to have a gap or a number used twice.
    let asked = json!({"username": "admin", "password": seed::PASSWORD});
    let admin = service.call("POST", "/api/v1/auth/login", &[], Some(&asked)).body;
    let token = format!("Bearer {}", admin["access_token"].as_str().unwrap());
    let devices = service.call("GET", "/api/v1/devices?limit=500", &[("authorization", &token)], None).body;
    let items = devices["items"].as_array().unwrap();
    let told: Vec<&Value> = items.iter().flat_map(|device| device["sync"].as_array().unwrap()).collect();
    let mut last: Vec<i64> = told.iter().map(|sync| sync["last_seq"].as_i64().unwrap()).collect();
    last.sort_unstable();
    assert_eq!(last, [2, 3], "{devices}");
    assert!(told.iter().all(|sync| sync["not_received"]["count"] == 0), "{devices}");
}

async fn a_file_that_is_broken_or_of_another_account_is_refused_whole(database: TestDatabase) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let phone = Command { folder: folder.path() };
    let good = "{}";
    let refused = |text: &str, expected: i32, part: &str| {
        fs::write(folder.path().join("file.json"), text).unwrap();
        let (code, out, error) = phone.run(&["take-in", "file.json"]);
        assert_eq!((code, out.as_str()), (expected, ""), "{error}");
        assert!(error.starts_with("muster: ") && error.lines().count() == 1, "{error}");
        assert!(error.contains(part), "{error}");
    };
    let someone = Uuid::new_v4().to_string();
    refused(&file(&someone, &[(Uuid::new_v4(), 1, good)]).to_string(), 77, "nobody is signed in");
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    let (account, depot) = signed_in(folder.path(), &service.base);
    let count = data(&depot, 7);
    let whole = file(&account, &[(Uuid::new_v4(), 1, &count), (Uuid::new_v4(), 2, &count)]);
    let changed = |pointer: &str, value: Value| {
        let mut file = whole.clone();
        *file.pointer_mut(pointer).unwrap() = value;
        file.to_string()
    };
    refused(&changed("/account", json!(someone)), 77, "this phone belongs to t1");
    refused(&changed("/format", json!("something-else")), 65, "its format is not");
    refused(&changed("/version", json!(2)), 65, "it has version 2");
    refused(&changed("/commands/1/data", json!("[1]")), 65, "/commands/1/data must be the text of a JSON object");
    refused(
        &changed("/commands/1/data", json!({"depot_id": depot})),
        65,
        "commands[1].data: invalid type: map, expected a string",
    );
    refused(&changed("/commands/1/id", json!("x")), 65, "commands[1].id: invalid value: string \"x\"");
    refused(&changed("/commands/1/type", json!("")), 65, "/commands/1/type must have 1 to 64 bytes");
    refused(
        &changed("/commands/1/data", json!(format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20)))),
        65,
        "larger than 1000000 bytes",
    );
    refused(&changed("/commands", json!(vec![whole["commands"][0].clone(); 2001])), 65, "at most 2000 are read");
    refused(&whole.to_string()[..300], 65, "EOF while parsing");
    refused("", 65, "not a usable file of unsent counts");
    refused(&" ".repeat((16 << 20) + 1), 1, "larger than 16 MiB");
    assert_eq!(phone.status()["waiting"], json!([]));
    assert_eq!(phone.open().status().unwrap().next_seq, 1);
}

/// A database, for tests that also run Node.
struct AndNode(TestDatabase);

impl Fixture for AndNode {
    const BACKENDS: &'static [Option<Backend>] = &[Some(Backend::Sqlite)];
    const NEEDS: &'static [Tool] = &[Tool::Node];

    async fn make(backend: Option<Backend>) -> Self {
        Self(TestDatabase::create(backend.unwrap()))
    }
}

/// What the engine of the page makes of a file.
fn in_page(account: &str, file: &str) -> Value {
    let mut page = Program::new(Tool::Node.program().unwrap())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/engine/unsent-file.js"))
        .arg(account)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    page.stdin.take().unwrap().write_all(file.as_bytes()).unwrap();
    let output = page.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

async fn the_page_reads_what_the_command_saves_and_the_command_what_the_page_saves(AndNode(database): AndNode) {
    planted(&database).await;
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    let phone = Command { folder: folder.path() };
    let (account, depot) = signed_in(folder.path(), &service.base);
    for quantity in 1..=3 {
        fs::write(folder.path().join("body.json"), data(&depot, quantity)).unwrap();
        phone.must(&["count", "--file", "body.json"]);
    }
    phone.saved("own.json");
    let read = in_page(&account, &fs::read_to_string(folder.path().join("own.json")).unwrap());
    assert_eq!(read["result"], json!({"taken": 3, "known": 0, "refused": []}));
    let waiting = phone.open().waiting().unwrap();
    let expected = waiting.iter().map(|one| {
        let text = String::from_utf8(one.body.clone()).unwrap();
        json!({"id": one.id, "seq": one.seq, "type": one.kind, "text": text, "place": "waiting"})
    });
    assert_eq!(read["commands"], json!(expected.collect::<Vec<_>>()));

    fs::write(folder.path().join("page.json"), read["file"].as_str().unwrap()).unwrap();
    let told = phone.must(&["take-in", "page.json"]);
    assert!(told.starts_with("Taken in: 0. Known before: 3. Waiting: 3."), "{told}");
    // On a phone of the account that has nothing, they come anew.
    phone.must(&[
        "--dir",
        "another",
        "sign-in",
        "--server",
        &service.base,
        "--username",
        "t1",
        "--password-file",
        "password.txt",
    ]);
    let told = phone.must(&["--dir", "another", "take-in", "page.json"]);
    assert!(told.starts_with("Taken in: 3. "), "{told}");
    let status: Value = serde_json::from_str(&phone.must(&["--dir", "another", "status", "--json"])).unwrap();
    let ids: Vec<&Value> = status["waiting"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(json!(ids), json!(waiting.iter().map(|one| one.id).collect::<Vec<_>>()));
}
