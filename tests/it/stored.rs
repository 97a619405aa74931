//! Stored data outlives the code: databases written by the program of an earlier commit, in `tests/stored`, and that
//! program's answers. See the README there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use auth::receipts::{ReceiptChecks, ReceiptKeys};
use auth::tokens::TokenKeys;
use base::clock::Clock;
use base::id::CountId;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use db::connection::AnyConnection;
use db::migrations;
use db::schema::{counts, receipts as receipts_table};
use db::url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, SqliteConnection};
use muster::api::settings::Settings;
use serde_json::{Value, json};
use service::verify::{ReceiptMatch, match_receipt, verify_all};
use tempfile::TempDir;

use crate::app::{Answer, Lasting, TestApp};
use crate::cases::{self, Case, NoDatabase};
use crate::clients::{FORM, TOKEN};
use crate::database::{Backend, TestDatabase};
use crate::process::{muster, text_of};

/// The fixtures: folders of `tests/stored`, each named after the commit that wrote it.
const FIXTURES: [&str; 1] = ["7219915"];

/// The contents of a fixture for each database, and the least number of answers and exported tables.
const FILES: [&str; 3] = ["database.sql.gz", "backup.tar.gz", "expected.json.gz"];

/// Members that are sentences for people: their words may change, and no figure depends on them.
const WORDS: [(&str, &str); 6] = [
    ("/organizations/", "/in_words"),
    ("/organizations/", "/words"),
    ("/organizations/", "/explanation/items/*/words"),
    ("/organizations/", "/explanation/scopes/*/rules/*/working"),
    ("/organizations/", "/explanation/scopes/*/rules/*/words"),
    ("group_by=sector", "/groups/*/name"),
];

/// The tests of this file: each fixture on each database, and the completeness of the fixtures.
pub fn cases() -> Vec<Case> {
    macro_rules! on_each {
        ($($body:ident),* $(,)?) => {
            FIXTURES.iter().flat_map(|&name| [Backend::Sqlite, Backend::Postgres].map(|backend| (name, backend)))
                .flat_map(|(name, backend)| [
                    $(cases::case_of(format!("stored::{}::{name}", stringify!($body)), backend, move || async move {
                        $body(Stored::load(name, backend).unwrap()).await
                    })),*
                ])
        };
    }
    on_each![
        it_opens_and_loses_no_row,
        its_chains_and_receipts_verify,
        it_answers_the_same_figures,
        it_exports_the_same_tables,
        tables_that_were_exported_then_change_nothing,
        its_backup_is_restored_and_verifies,
        its_people_phones_and_programs_go_on,
        its_chains_go_on,
    ]
    .chain(cases::cases_of("stored", "no_fixture_is_missing", no_fixture_is_missing))
    .chain(cases::cases_of(
        "stored",
        "a_fixture_that_cannot_be_read_is_a_failure",
        a_fixture_that_cannot_be_read_is_a_failure,
    ))
    .chain(cases::cases_of("stored", "differences_are_found_and_explained", differences_are_found_and_explained))
    .collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored")
}

/// A fixture with its own database, into which its dump was loaded as it was written.
struct Stored {
    fixture: PathBuf,
    database: TestDatabase,
    expected: Value,
}

impl Stored {
    fn load(name: &str, backend: Backend) -> Result<Self, String> {
        let fixture = folder().join(name).join(backend.to_string());
        let expected = unpacked_text(&fixture.join("expected.json.gz"))?;
        let dump = unpacked_text(&fixture.join("database.sql.gz"))?;
        let database = TestDatabase::create_empty(backend);
        match &database.url {
            DatabaseUrl::Sqlite(path) => {
                SqliteConnection::establish(path.to_str().unwrap()).unwrap().batch_execute(&dump).unwrap();
            }
            DatabaseUrl::Postgres(url) => PgConnection::establish(url).unwrap().batch_execute(&dump).unwrap(),
        }
        Ok(Self { fixture, database, expected: serde_json::from_str(&expected).unwrap() })
    }

    fn migrated(self) -> Self {
        migrations::run(&self.database.url).unwrap();
        self
    }

    fn answers(&self) -> &[Value] {
        self.expected["answers"].as_array().unwrap()
    }

    /// The answers to one question, in the languages of the requests.
    fn answers_to(&self, part: &str) -> Vec<&Value> {
        self.answers().iter().filter(|answer| string(answer, "path").contains(part)).collect()
    }

    fn key_set(&self) -> String {
        string(self.answers_to("jwks.json")[0], "body").to_owned()
    }

    fn changed(&self) -> Vec<Changed> {
        let all = Changed::list(&fs::read_to_string(self.fixture.with_file_name("changed.json")).unwrap()).unwrap();
        let backend = self.fixture.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        all.into_iter().filter(|changed| changed.backend.is_none() || changed.backend == backend).collect()
    }

    /// The present application over it, at the time at which it was written.
    async fn app(self) -> (TestApp, Value) {
        let keys = TempDir::new().unwrap();
        copy_folder(&self.fixture.join("keys"), keys.path());
        let written: DateTime<Utc> = string(&self.expected, "written_at").parse().unwrap();
        let lasting = Lasting {
            clock: Clock::standing_at(written),
            settings: Arc::new(Settings::default()),
            keys: Arc::new(TokenKeys::load_or_create(keys.path()).unwrap()),
            receipts: Arc::new(ReceiptKeys::load_or_create(keys.path()).unwrap()),
        };
        (TestApp::again(Arc::new(self.database), lasting, None).await, self.expected)
    }

    /// Runs a command of the program on its database, in a folder.
    fn command(&self, folder: &Path, arguments: &[&str]) -> String {
        command(folder, arguments, &self.database)
    }
}

fn command(folder: &Path, arguments: &[&str], database: &TestDatabase) -> String {
    let output = muster(folder, arguments, &[("DATABASE_URL", &text_of(&database.url))]).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn unpacked(path: &Path) -> Result<Vec<u8>, String> {
    let refused = |error| format!("{} cannot be read: {error}", path.display());
    let packed = fs::read(path).map_err(refused)?;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).map_err(refused)?;
    Ok(bytes)
}

fn unpacked_text(path: &Path) -> Result<String, String> {
    String::from_utf8(unpacked(path)?).map_err(|error| error.to_string())
}

fn string<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap()
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), &to).unwrap();
            // A checkout does not preserve that keys are readable by their owner only.
            fs::set_permissions(to, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

async fn no_fixture_is_missing(_: NoDatabase) {
    let named = FIXTURES.map(str::to_owned).into();
    let entries = fs::read_dir(folder()).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_dir());
    let there: BTreeSet<String> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert_eq!(there, named, "FIXTURES names the folders of tests/stored");
    for (name, backend) in FIXTURES.into_iter().flat_map(|name| [(name, "sqlite"), (name, "postgres")]) {
        let fixture = folder().join(name).join(backend);
        for file in FILES {
            assert!(unpacked(&fixture.join(file)).unwrap().len() > 10_000, "{name}/{backend}/{file} is too small");
        }
        let expected: Value = serde_json::from_str(&unpacked_text(&fixture.join("expected.json.gz")).unwrap()).unwrap();
        let lines: Value = serde_json::from_str(string(&expected["answers"][0], "body")).unwrap();
        assert!(string(&expected["answers"][0], "path").starts_with("/shortages?"));
        assert!(lines["items"].as_array().unwrap().len() > 10, "{name}/{backend} answers too little");
        let number = |part: &str| {
            let answers = expected["answers"].as_array().unwrap().iter();
            answers.filter(|answer| string(answer, "path").contains(part)).count()
        };
        let least = [("/receipt", 20), ("/organizations/", 20), ("/stock?", 6), ("/summary?", 30), ("jwks.json", 1)];
        for (part, least) in least {
            assert!(number(part) >= least, "{name}/{backend} has {} answers of {part}", number(part));
        }
        assert!(expected["exports"].as_object().unwrap().len() >= 22, "{name}/{backend} exports too little");
    }
}

async fn a_fixture_that_cannot_be_read_is_a_failure(_: NoDatabase) {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let refusal = Stored::load("nowhere", backend).err().unwrap();
        assert!(refusal.contains("nowhere") && refusal.contains("cannot be read"), "{refusal}");
    }
}

async fn it_opens_and_loses_no_row(stored: Stored) {
    let before = rows(&mut stored.database.connect());
    assert!(before.len() > 40, "{before:?}");
    let empty: Vec<&String> = before.iter().filter(|(_, rows)| **rows == 0).map(|(table, _)| table).collect();
    assert_eq!(empty, ["setup_codes"], "the story leaves these out: extend make.py");
    let pending = migrations::look(&stored.database.url).unwrap().pending;
    let stored = stored.migrated();
    assert!(migrations::look(&stored.database.url).unwrap().pending.is_empty());
    let mut after = rows(&mut stored.database.connect());
    let run = i64::try_from(pending.len()).unwrap();
    *after.get_mut("__diesel_schema_migrations").unwrap() -= run;
    for (table, rows) in before {
        assert_eq!(after.get(&table), Some(&rows), "{table}");
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// The number of rows of each table.
fn rows(connection: &mut AnyConnection) -> BTreeMap<String, i64> {
    let tables = match connection {
        AnyConnection::Sqlite(_) => {
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        }
        AnyConnection::Postgres(_) => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
    };
    let names: Vec<Name> = diesel::sql_query(tables).load(connection).unwrap();
    let mut rows = BTreeMap::new();
    for Name { name } in names {
        let query = format!("SELECT count(*) AS rows FROM {name}");
        let found: Rows = diesel::sql_query(query).get_result(connection).unwrap();
        rows.insert(name, found.rows);
    }
    rows
}

async fn its_chains_and_receipts_verify(stored: Stored) {
    let stored = stored.migrated();
    verify(&stored.key_set(), &stored.database);
    let checks = ReceiptChecks::of_key_set(&stored.key_set()).unwrap();
    let mut connection = stored.database.connect();
    let mut of_before = 0;
    for answer in stored.answers_to("/receipt") {
        let given: Value = serde_json::from_str(string(answer, "body")).unwrap();
        for jws in [&given["receipt"], &given["chain_receipt"]].into_iter().filter_map(Value::as_str) {
            let receipt = checks.check(jws).unwrap();
            let matched = match_receipt(&mut connection, &receipt).unwrap();
            if matches!(matched, ReceiptMatch::Elsewhere(_)) {
                of_before += 1;
            } else {
                assert_eq!(matched, ReceiptMatch::Present(receipt.link.position), "{jws}");
            }
        }
    }
    assert_eq!(of_before, 2, "the receipts from before a restore");
}

/// Verifies all chains, by the command and by the function behind it, and returns the number of links.
fn verify(key_set: &str, database: &TestDatabase) -> i64 {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("jwks.json"), key_set).unwrap();
    let said = command(folder.path(), &["verify", "chain", "--keys", "jwks.json"], database);
    assert!(said.lines().last().unwrap().ends_with("are as they were accepted."), "{said}");
    let mut connection = database.connect();
    let verified = verify_all(&mut connection, &ReceiptChecks::of_key_set(key_set).unwrap()).unwrap();
    assert_eq!(verified.findings, vec![]);
    let notes: Vec<&str> = verified.notes.iter().map(|note| note.what.as_str()).collect();
    assert_eq!(notes, ["taken over with a receipt from before a restore"; 2]);
    let links = rows(&mut connection)["receipts"];
    assert!(links > 30 && i64::try_from(verified.links).unwrap() == links, "{links} links");
    links
}

async fn it_answers_the_same_figures(stored: Stored) {
    compare_answers(stored.migrated()).await;
}

async fn compare_answers(stored: Stored) {
    let changed = stored.changed();
    let (app, expected) = stored.app().await;
    let mut differences = Differences::new(&changed);
    for recorded in expected["answers"].as_array().unwrap() {
        let (path, language) = (string(recorded, "path"), string(recorded, "language"));
        let full = if path.starts_with("/.") { path.to_owned() } else { format!("/api/v1{path}") };
        let answer = app.get(&full).as_("officer").header("accept-language", language).send().await;
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        let (before, now) = (string(recorded, "body"), std::str::from_utf8(&answer.body).unwrap());
        if before != now {
            let parsed = [before, now].map(|text| serde_json::from_str::<Value>(text).unwrap());
            let found = differences.compare(path, &parsed[0], &parsed[1]);
            assert!(found, "the bytes of {path} differ and no value does:\n{before}\n{now}");
        }
    }
    differences.outcome(|answer| !answer.starts_with("export ")).unwrap();
}

async fn it_exports_the_same_tables(stored: Stored) {
    let (stored, folder) = (stored.migrated(), TempDir::new().unwrap());
    let changed = stored.changed();
    let mut differences = Differences::new(&changed);
    let exports = stored.expected["exports"].as_object().unwrap();
    for (name, before) in exports {
        let (form, language) = name.split_once(' ').unwrap();
        let export = |language: &str| {
            let options = [
                "export",
                "--form",
                form,
                "--format",
                "csv",
                "--language",
                language,
                "--to",
                "table.csv",
                "--overwrite",
            ];
            stored.command(folder.path(), &options);
            fs::read_to_string(folder.path().join("table.csv")).unwrap()
        };
        let (before, now) = (before.as_str().unwrap(), export(language));
        // Headers in Chinese are words, so columns are compared by their English names.
        let english = [exports[&format!("{form} en")].as_str().unwrap().to_owned(), export("en")];
        if before != now {
            let [old, new] = [(&english[0], before), (&english[1], now.as_str())].map(|(head, rows)| table(head, rows));
            let found = differences.compare(&format!("export {form}"), &old, &new);
            assert!(found || language != "en", "the bytes of {form} differ and no cell does:\n{before}\n{now}");
        }
    }
    differences.outcome(|answer| answer.starts_with("export ")).unwrap();
}

/// A table in CSV: an object for each row, with the headers of a table with the same columns.
fn table(headed: &str, text: &str) -> Value {
    let lines = |text: &str| -> Vec<csv::StringRecord> {
        let text = text.trim_start_matches('\u{feff}').as_bytes().to_vec();
        let reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice()).into_records();
        reader.map(Result::unwrap).collect()
    };
    let headers = lines(headed).remove(0);
    let row = |cells: &csv::StringRecord| -> Value {
        assert_eq!(cells.len(), headers.len(), "{cells:?}");
        headers.iter().map(str::to_owned).zip(cells.iter().map(Value::from)).collect::<serde_json::Map<_, _>>().into()
    };
    lines(text).iter().skip(1).map(row).collect()
}

/// Bureaus keep these files: they stay readable forever, and their content equals the stored data.
async fn tables_that_were_exported_then_change_nothing(stored: Stored) {
    let (stored, folder) = (stored.migrated(), TempDir::new().unwrap());
    for language in ["en", "zh-CN"] {
        let mut arguments = vec!["import".to_owned(), "--dry-run".to_owned(), "--report".to_owned(), "json".to_owned()];
        let mut rows = 0;
        for (name, text) in stored.expected["exports"].as_object().unwrap() {
            let Some(form) = name.strip_suffix(language) else { continue };
            let file = format!("{}.csv", form.trim());
            let text = text.as_str().unwrap();
            fs::write(folder.path().join(&file), text).unwrap();
            rows += table(text, text).as_array().unwrap().len();
            arguments.push(file);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let report: Value = serde_json::from_str(&stored.command(folder.path(), &arguments)).unwrap();
        let tallies = report["forms"].as_array().unwrap();
        let sum = |what: &str| tallies.iter().map(|tally| tally[what].as_u64().unwrap()).sum::<u64>();
        assert_eq!((tallies.len(), sum("added"), sum("changed")), (11, 0, 0), "{report:#}");
        assert!(rows > 50 && sum("unchanged") == u64::try_from(rows).unwrap(), "{rows} rows: {report:#}");
    }
}

async fn its_backup_is_restored_and_verifies(stored: Stored) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("backup.tar"), unpacked(&stored.fixture.join("backup.tar.gz")).unwrap()).unwrap();
    let place = TestDatabase::create_empty(stored.database.backend);
    let url = text_of(&place.url);
    let restore = ["restore", "--verify", "--from", "backup.tar", "--database-url", &url];
    let said = command(folder.path(), &restore, &place);
    assert!(said.contains("Verified: every table is as it was saved"), "{said}");
    assert_eq!(rows(&mut place.connect()), rows(&mut stored.database.connect()));
    command(folder.path(), &["migrate"], &place);
    verify(&stored.key_set(), &place);
    compare_answers(Stored { database: place, ..stored }).await;
}

/// Sessions, codes, secrets and cursors issued then still work, and content sent then is recognized.
async fn its_people_phones_and_programs_go_on(stored: Stored) {
    let (app, expected) = stored.migrated().app().await;
    let secrets = &expected["secrets"];
    let post = async |path: &str, body: Value| -> Answer { app.post(path).json(&body).send().await };
    let login = json!({"username": "officer", "password": secrets["password"]});
    post("/api/v1/auth/login", login).await.expect(200);
    let closed = json!({"username": "left", "password": secrets["password"]});
    assert_eq!(post("/api/v1/auth/login", closed).await.status, 401);
    let code = json!({"code": secrets["enrolment"], "device_name": "Phone of S-Q2"});
    post("/api/v1/auth/enrol", code).await.expect(200);
    let signed_in = post("/api/v1/auth/refresh", json!({"refresh_token": secrets["refresh_token"]})).await.expect(200);
    let pull = format!("/api/v1/sync?cursor={}", string(&expected, "cursor"));
    let pulled = app.get(&pull).bearing(&signed_in["access_token"]).send().await.expect(200);
    let whole = app.get("/api/v1/sync").bearing(&signed_in["access_token"]).send().await.expect(200);
    assert_eq!(pulled["more"], false);
    // It continues from there, or starts over and loses nothing.
    let expected_changes = if pulled["reset"] == json!(true) { whole["changes"].clone() } else { json!([]) };
    assert_eq!(pulled["changes"], expected_changes);
    for (name, status) in [("Stock system", 200), ("Old stock system", 401)] {
        let (id, secret) = (string(&secrets[name], "client"), string(&secrets[name], "secret"));
        let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
        let asked = app.post(TOKEN).header("authorization", &basic).body(FORM, "grant_type=client_credentials");
        assert_eq!(asked.send().await.status, status, "{name}");
    }
}

/// A resend of old content gets its old receipt; a new count becomes a link after the old ones.
async fn its_chains_go_on(stored: Stored) {
    let stored = stored.migrated();
    let key_set = stored.key_set();
    let links = verify(&key_set, &stored.database);
    let receipts: Vec<(String, Value)> = stored
        .answers_to("/counts/")
        .into_iter()
        .map(|answer| {
            let id = string(answer, "path").split('/').nth(2).unwrap().to_owned();
            (id, serde_json::from_str(string(answer, "body")).unwrap())
        })
        .collect();
    let ids: Vec<CountId> = receipts.iter().map(|(id, _)| id.parse().unwrap()).collect();
    let bodies: Vec<(CountId, Vec<u8>)> = counts::table
        .filter(counts::id.eq_any(ids))
        .select((counts::id, counts::body))
        .load(&mut stored.database.connect())
        .unwrap();
    let (app, _) = stored.app().await;
    let mut repeated = 0;
    for (id, given) in &receipts {
        let path = format!("/api/v1/counts/{id}");
        let count = app.get(&path).as_("officer").send().await.expect(200);
        let Some(sender) = string(&count, "counted_by").strip_prefix("Holder of ") else { continue };
        if sender == "left" || count["kind"] == "inspection" {
            continue;
        }
        let (_, body) = bodies.iter().find(|(found, _)| found.to_string() == *id).unwrap();
        let sent = app.put(&path).as_(sender).body("application/json", body.clone()).send().await.expect(200);
        assert_eq!((&sent["repeated"], &sent["receipt"]), (&json!(true), &given["receipt"]), "{id}");
        repeated += 1;
    }
    assert!(repeated > 15, "only {repeated} were sent again");

    app.clock.set(app.clock.now() + TimeDelta::minutes(5));
    let depot = app.get("/api/v1/depots/S-T1-K1").as_("s-t1").send().await.expect(200)["id"].clone();
    let counted_at = app.clock.now();
    let body = json!({"depot_id": depot, "scope": "listed", "counted_at": counted_at,
        "lines": [{"item": "S030", "quantity": 51}]});
    let path = format!("/api/v1/counts/{}", uuid::Uuid::now_v7());
    app.put(&path).as_("s-t1").json(&body).send().await.expect(201);
    let voided = json!({"reason": "a mistake"});
    app.post(&format!("{path}/void")).as_("s-t1").json(&voided).send().await.expect(201);
    let database = app.into_database().await;
    assert_eq!(verify(&key_set, &database), links + 2);
    let versions: Vec<Option<i64>> = receipts_table::table
        .order(receipts_table::received_at.desc())
        .limit(3)
        .select(receipts_table::record_version)
        .load(&mut database.connect())
        .unwrap();
    assert_eq!(versions, [Some(1), Some(1), None], "only new links say their version");
}

/// A value whose answer has changed since, for a cause named in the CHANGELOG.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Changed {
    /// The database whose fixture is affected; all if there is none.
    #[serde(default)]
    backend: Option<String>,
    answer: String,
    pointer: String,
    #[serde(default, deserialize_with = "given")]
    old: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    new: Option<Value>,
    /// Set if the member itself came or went, whatever its value.
    #[serde(default)]
    member: Option<MemberChange>,
    cause: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
enum MemberChange {
    Added,
    Removed,
    /// It has another shape, whatever its value.
    Reshaped,
}

/// Distinguishes null, which is a value, from a missing member.
fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Some)
}

impl Changed {
    fn list(text: &str) -> Result<Vec<Self>, String> {
        let list: Vec<Self> = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let changelog = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("CHANGELOG.md")).unwrap();
        let items: Vec<String> = changelog.split("\n- ").map(words).collect();
        for changed in &list {
            let item = items.iter().find(|item| item.contains(&words(&changed.cause)));
            let item = item.ok_or_else(|| format!("the CHANGELOG does not name the cause: {changed:?}"))?;
            for figure in [&changed.old, &changed.new].into_iter().flatten().filter(|value| value.is_number()) {
                if !item.contains(&figure.to_string()) {
                    return Err(format!("the CHANGELOG does not name {figure}: {changed:?}"));
                }
            }
        }
        Ok(list)
    }

    fn explains(&self, answer: &str, pointer: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
        answer.contains(&self.answer)
            && fits(&self.pointer, pointer)
            && match self.member {
                Some(MemberChange::Added) => old.is_none(),
                Some(MemberChange::Removed) => new.is_none(),
                Some(MemberChange::Reshaped) => old.is_some() && new.is_some(),
                None => (self.old.as_ref(), self.new.as_ref()) == (old, new),
            }
    }
}

/// True if a pointer matches a pattern, in which `*` is any member.
fn fits(pattern: &str, pointer: &str) -> bool {
    let (pattern, pointer): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), pointer.split('/').collect());
    pattern.len() == pointer.len() && pattern.iter().zip(&pointer).all(|(asked, found)| *asked == "*" || asked == found)
}

/// Differences between the old answers and the present ones, except those that are explained.
struct Differences<'a> {
    changed: &'a [Changed],
    used: BTreeSet<usize>,
    found: Vec<String>,
}

impl<'a> Differences<'a> {
    fn new(changed: &'a [Changed]) -> Self {
        Self { changed, used: BTreeSet::new(), found: Vec::new() }
    }

    /// Notes where two values differ; returns true if they differ.
    fn compare(&mut self, answer: &str, old: &Value, new: &Value) -> bool {
        self.at(answer, "", Some(old), Some(new))
    }

    fn at(&mut self, answer: &str, pointer: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
        if old == new {
            return false;
        }
        if WORDS.iter().any(|(part, words)| answer.contains(part) && fits(words, pointer)) {
            return true;
        }
        let explaining = self.changed.iter().position(|changed| changed.explains(answer, pointer, old, new));
        if let Some(place) = explaining {
            self.used.insert(place);
            return true;
        }
        match (old, new) {
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
                for name in names {
                    self.at(answer, &format!("{pointer}/{name}"), old.get(name), new.get(name));
                }
            }
            (Some(Value::Array(old)), Some(Value::Array(new))) => {
                for place in 0..old.len().max(new.len()) {
                    self.at(answer, &format!("{pointer}/{place}"), old.get(place), new.get(place));
                }
            }
            _ => {
                let show = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
                self.found.push(format!("{answer} {pointer}: {} became {}", show(old), show(new)));
            }
        }
        true
    }

    /// The unexplained differences, and the explanations without a difference.
    fn outcome(self, concerned: impl Fn(&str) -> bool) -> Result<(), String> {
        if !self.found.is_empty() {
            return Err(format!(
                "stored data is answered otherwise than by the program that wrote it. Where that is meant, name it in the \
                 CHANGELOG and in changed.json (tests/stored/README.md):\n{}",
                self.found.join("\n")
            ));
        }
        let concerned = self.changed.iter().enumerate().filter(|(_, changed)| concerned(&changed.answer));
        match concerned.into_iter().find(|(place, _)| !self.used.contains(place)) {
            Some((_, needless)) => Err(format!("nothing needs this entry of changed.json: {needless:?}")),
            None => Ok(()),
        }
    }
}

async fn differences_are_found_and_explained(_: NoDatabase) {
    let old = json!({"items": [{"min": 4, "max": null, "name": "a"}, {"min": 4}], "words": ["four"]});
    let new = json!({"items": [{"min": 5, "max": null, "name": "a"}, {"min": 5}], "words": ["five"], "engine": "2"});
    let differing = |list: Value| {
        let changed: Vec<Changed> = serde_json::from_value(list).unwrap();
        let mut differences = Differences::new(&changed);
        assert!(differences.compare("/organizations/T1", &old, &new));
        (differences.found.clone(), differences.used.len())
    };
    let unexplained = [
        "/organizations/T1 /engine: nothing became \"2\"",
        "/organizations/T1 /items/0/min: 4 became 5",
        "/organizations/T1 /items/1/min: 4 became 5",
    ];
    assert_eq!(differing(json!([])).0, unexplained);
    let engine = json!({"answer": "/organizations/", "pointer": "/engine", "new": "2", "cause": "c"});
    let least = json!({"answer": "/organizations/", "pointer": "/items/*/min", "old": 4, "new": 5, "cause": "c"});
    assert_eq!(differing(json!([engine, least])), (vec![], 2));
    for (member, value) in
        [("answer", json!("/stock")), ("pointer", json!("/items/0/min")), ("old", json!(3)), ("new", json!(6))]
    {
        let mut other = least.clone();
        other[member] = value;
        assert!(!differing(json!([engine, other])).0.is_empty(), "{member}");
    }
    let same = json!({"answer": "/stock", "pointer": "/x", "old": 1, "new": 2, "cause": "c"});
    let changed: Vec<Changed> = serde_json::from_value(json!([same])).unwrap();
    let needless = Differences::new(&changed).outcome(|_| true).unwrap_err();
    assert!(needless.starts_with("nothing needs this entry"), "{needless}");
    let nowhere =
        json!([{"answer": "/stock", "pointer": "/x", "old": 1, "new": 2, "cause": "a cause that nobody wrote down"}]);
    let refusal = Changed::list(&nowhere.to_string()).unwrap_err();
    assert!(refusal.contains("does not name the cause"), "{refusal}");
}
