//! Backups: a drill with real processes under load, and everything that must not be restored.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Cursor, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use base::id::CountId;
use db::connection::AnyConnection;
use db::digest::{self, TableDigest};
use db::locks::Locks;
use db::migrations;
use db::schema::counts;
use db::url::DatabaseUrl;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel_migrations::MigrationHarness;
use serde_json::json;
use service::backup::archive::{self, Archive};
use service::backup::manifest::Manifest;
use service::backup::{self, BackupError, Programs};
use tempfile::TempDir;
use uuid::Uuid;

use crate::cases::cases;
use crate::database::{Backend, OnPostgres, TestDatabase};
use crate::demo::{Demo, call, option};
use crate::rows::tester;
use crate::seed;

cases![
    a_backup_taken_under_load_is_one_revision_and_answers_the_same_bytes,
    every_table_is_hashed_also_one_that_nobody_thought_of,
    the_same_rows_have_the_same_hash_on_both_databases,
    every_changed_byte_and_every_cut_is_found_and_nothing_is_left_behind,
    what_differs_from_what_was_saved_is_named,
    only_an_empty_place_of_its_kind_is_restored_into,
    an_older_schema_is_restored_and_a_newer_one_is_refused,
    a_failure_is_one_line_and_an_exit_code,
    the_programs_of_postgres_get_the_password_by_their_environment,
];

/// `muster` with arguments, without the settings of this process.
fn muster(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(arguments).env_remove("RUST_LOG").env_remove("DATABASE_URL").stdin(Stdio::null());
    command
}

/// Runs `muster` and returns its output; a failure of the command fails the test and shows the output.
fn printed(arguments: &[&str]) -> String {
    let output = muster(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn manifest_of(path: &Path) -> Manifest {
    Archive::open(path).unwrap_or_else(|error| panic!("{error}")).manifest
}

/// A backup of a database in which the seed is planted.
struct Saved {
    folder: TempDir,
    path: PathBuf,
    manifest: Manifest,
    data: Vec<u8>,
}

impl Saved {
    async fn of(database: &TestDatabase) -> Self {
        let db = database.open();
        db.write(tester(), Locks::none(), seed::plant).await.unwrap();
        db.close().await.unwrap();
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("backup.tar");
        backup::save(&database.url, &path, &Programs::default()).unwrap();
        let mut data = Vec::new();
        Archive::open(&path).unwrap().data().unwrap().read_to_end(&mut data).unwrap();
        Self { manifest: manifest_of(&path), folder, path, data }
    }

    /// Another backup with a changed manifest, with correct sums.
    fn forged(&self, change: impl FnOnce(&mut Manifest)) -> PathBuf {
        let mut manifest = self.manifest.clone();
        change(&mut manifest);
        let mut bytes = Vec::new();
        archive::write(&mut bytes, &manifest, &mut Cursor::new(&self.data)).unwrap();
        self.file("forged.tar", &bytes)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

/// Restores a backup to a place of its own kind; the place is empty afterwards if that fails.
fn restore(backend: Backend, from: &Path, verify: bool) -> Result<TestDatabase, BackupError> {
    let place = TestDatabase::create_empty(backend);
    let outcome = backup::restore(&place.url, from, &Programs::default(), verify);
    if outcome.is_err() {
        assert_empty(&place.url);
    }
    outcome.map(|_| place)
}

fn assert_empty(url: &DatabaseUrl) {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let left: Vec<_> =
                fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
            assert!(left.is_empty(), "{left:?}");
        }
        DatabaseUrl::Postgres(url) => assert_eq!(db::dump::found_in_postgres(url).unwrap(), None),
    }
}

/// Eight phones send counts one after the other while the backup is made.
async fn a_backup_taken_under_load_is_one_revision_and_answers_the_same_bytes(database: TestDatabase) {
    let (folder, url) = (TempDir::new().unwrap(), option(&database));
    let demo = Demo::start(folder.path(), &["--database-url", &url, "--password", "drill"]);
    let token = demo.token("t3");
    let depots = demo.call("GET", "/api/v1/depots?organization=T3", Some(&token), None).1;
    let depot = depots["items"][0]["id"].clone();
    let file = folder.path().join("backup.tar");
    let (stop, sent) = (AtomicBool::new(false), AtomicUsize::new(0));
    // The revision of each acknowledged count.
    let acknowledged = Mutex::new(Vec::<(CountId, i64)>::new());
    std::thread::scope(|scope| {
        for phone in 0..8 {
            let (stop, sent, acknowledged, base, token, depot) =
                (&stop, &sent, &acknowledged, &demo.base, &token, &depot);
            scope.spawn(move || {
                for number in 0.. {
                    let (id, line) = (Uuid::now_v7(), json!({"item": "L2010101", "quantity": phone * 10_000 + number}));
                    let body = json!({"depot_id": depot, "scope": "listed", "counted_at": "2026-11-01T00:00:00Z",
                        "lines": [line]});
                    let put = || call("PUT", &format!("{base}/api/v1/counts/{id}"), Some(token), Some(&body)).unwrap();
                    // On a busy machine a count may not be stored in time; it is sent again, as phones do.
                    let (status, body) = std::iter::repeat_with(put).find(|(status, _)| *status != 503).unwrap();
                    assert!(matches!(status, 200 | 201), "{status} {body}");
                    let revision = body["count"]["revision"].as_i64().unwrap();
                    acknowledged.lock().unwrap().push((CountId(id), revision));
                    sent.fetch_add(1, Ordering::Relaxed);
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        wait_for(&sent, 40);
        let saved = muster(&["backup", "--to", file.to_str().unwrap()]).env("DATABASE_URL", &url).output();
        let before_the_rest = sent.load(Ordering::Relaxed);
        wait_for(&sent, before_the_rest + 20);
        stop.store(true, Ordering::Relaxed);
        let saved = saved.unwrap();
        assert!(saved.status.success(), "{saved:?}");
    });
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let newest = manifest_of(&file).newest.unwrap();
    let revision = newest.revision.0;

    let place = TestDatabase::create_empty(database.backend);
    let said = printed(&["restore", "--verify", "--database-url", &option(&place), "--from", file.to_str().unwrap()]);
    assert!(said.contains("Verified: every table is as it was saved"), "{said}");
    // Exactly the counts up to that revision are there, and some came after it.
    let restored: BTreeSet<CountId> =
        counts::table.select(counts::id).load(&mut place.connect()).unwrap().into_iter().collect();
    let acknowledged = acknowledged.into_inner().unwrap();
    let (within, after): (Vec<_>, Vec<_>) = acknowledged.iter().partition(|(_, of)| *of <= revision);
    assert!(within.len() > 30 && !after.is_empty(), "{} before, {} after", within.len(), after.len());
    assert!(within.iter().all(|(id, _)| restored.contains(id)));
    assert!(after.iter().all(|(id, _)| !restored.contains(id)));
    let known: BTreeSet<CountId> = within.iter().map(|(id, _)| *id).collect();
    let history = 2;
    assert_eq!(revision - history, i64::try_from(known.len()).unwrap(), "each count is a revision of its own");

    let second = TempDir::new().unwrap();
    copy_keys(folder.path(), second.path());
    let again = Demo::start(second.path(), &["--database-url", &option(&place), "--password", "drill"]);
    for path in [
        format!("/api/v1/shortages?revision={revision}&as_of=2026-11-24&limit=500"),
        format!("/api/v1/shortages?revision={revision}&as_of=2026-11-24&organization=T3&item=L2010101"),
        format!("/api/v1/shortages/summary?revision={revision}&as_of=2026-11-24&group_by=sector"),
    ] {
        assert_eq!(bytes(&again, &path), bytes(&demo, &path), "{path}");
    }
    // It continues from there: the next count is the next revision.
    let token = again.token("t3");
    let body = json!({"depot_id": depot, "scope": "listed", "counted_at": "2026-11-02T00:00:00Z",
        "lines": [{"item": "L2010101", "quantity": 1}]});
    let (status, submitted) =
        again.call("PUT", &format!("/api/v1/counts/{}", Uuid::now_v7()), Some(&token), Some(&body));
    assert_eq!((status, submitted["count"]["revision"].as_i64()), (201, Some(revision + 1)), "{submitted}");
}

fn wait_for(sent: &AtomicUsize, many: usize) {
    let patience = Instant::now();
    while sent.load(Ordering::Relaxed) < many && patience.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The body of an answer as it came.
/// Puts the signing keys of one data folder into another, as an operator does who restores a service elsewhere.
fn copy_keys(from: &Path, to: &Path) {
    for folder in ["keys", "keys/receipts"] {
        fs::create_dir(to.join(folder)).unwrap();
        for entry in fs::read_dir(from.join(folder)).unwrap().map(Result::unwrap) {
            if entry.file_type().unwrap().is_file() {
                fs::copy(entry.path(), to.join(folder).join(entry.file_name())).unwrap();
            }
        }
    }
}

fn bytes(demo: &Demo, path: &str) -> String {
    let token = format!("Bearer {}", demo.token("viewer"));
    let mut answer = ureq::get(format!("{}{path}", demo.base)).header("authorization", token).call().unwrap();
    answer.body_mut().read_to_string().unwrap()
}

async fn every_table_is_hashed_also_one_that_nobody_thought_of(database: TestDatabase) {
    let mut connection = database.connect();
    let names = |tables: &[TableDigest]| tables.iter().map(|table| table.name.clone()).collect::<BTreeSet<_>>();
    let before = digest::of_database(&mut connection).unwrap();
    let in_code = include_str!("../../crates/db/src/schema.rs").lines().map(str::trim);
    let mut expected: BTreeSet<String> = in_code
        .filter_map(|line| line.strip_suffix(") {")?.split_once(" ("))
        .map(|(name, _)| name.to_owned())
        .chain(["__diesel_schema_migrations".to_owned()])
        .collect();
    assert!(expected.len() > 20, "{expected:?}");
    // Personal data is erased, which must not change a hash that was kept.
    assert!(expected.remove("contacts") && expected.remove("contact_reads"));
    assert_eq!(names(&before.tables), expected);

    connection.batch_execute("CREATE TABLE afterthought (name TEXT NOT NULL, size NUMERIC)").unwrap();
    expected.insert("afterthought".to_owned());
    let added = digest::of_database(&mut connection).unwrap();
    assert_eq!(names(&added.tables), expected);
    assert_eq!(before.first_difference(&added), Some("afterthought"));
    connection.batch_execute("INSERT INTO afterthought VALUES ('one', 1.5)").unwrap();
    let filled = digest::of_database(&mut connection).unwrap();
    assert_eq!(added.first_difference(&filled), Some("afterthought"));
    assert_eq!(filled.rows(), added.rows() + 1);

    let trigger = match database.backend {
        Backend::Sqlite => "DROP TRIGGER counts_refuse_update",
        Backend::Postgres => "DROP TRIGGER counts_append_only ON counts",
    };
    connection.batch_execute(trigger).unwrap();
    let unguarded = digest::of_database(&mut connection).unwrap();
    assert_eq!(filled.first_difference(&unguarded), None);
    assert_ne!(filled, unguarded, "a lost trigger is seen too");
}

/// Values of each type, with keys that collations sort in another order than bytes.
async fn the_same_rows_have_the_same_hash_on_both_databases(OnPostgres(postgres): OnPostgres) {
    let sqlite = TestDatabase::create(Backend::Sqlite);
    let hash = |database: &TestDatabase, change: &str| -> String {
        let (types, rows) = match database.backend {
            Backend::Postgres => (
                "uuid UUID, at TIMESTAMPTZ, day DATE, number BIGINT, yes BOOLEAN, place DOUBLE PRECISION, body BYTEA",
                "('b', '00000000-0000-0000-0000-0000000000ff', '2026-11-24T01:02:03.000004Z', '2026-02-28', -7, TRUE, \
                  40.25, '\\x00ff'), \
                 ('B', NULL, '1969-12-31T23:59:59Z', '1999-12-31', 9007199254740993, FALSE, -0.1, ''), \
                 ('é', NULL, NULL, NULL, NULL, NULL, NULL, NULL), ('a''b', NULL, NULL, NULL, 0, NULL, 3, NULL)",
            ),
            Backend::Sqlite => (
                "uuid BLOB, at BIGINT, day TEXT, number BIGINT, yes BOOLEAN, place DOUBLE PRECISION, body BLOB",
                "('b', x'000000000000000000000000000000ff', 1795482123000004, '2026-02-28', -7, TRUE, 40.25, x'00ff'), \
                 ('B', NULL, -1000000, '1999-12-31', 9007199254740993, FALSE, -0.1, x''), \
                 ('é', NULL, NULL, NULL, NULL, NULL, NULL, NULL), ('a''b', NULL, NULL, NULL, 0, NULL, 3, NULL)",
            ),
        };
        let mut connection = database.connect();
        connection
            .batch_execute(&format!(
                "DROP TABLE IF EXISTS sample; CREATE TABLE sample (name TEXT NOT NULL PRIMARY KEY, {types}); \
                 INSERT INTO sample VALUES {rows}; {change}"
            ))
            .unwrap();
        let found = digest::of_database(&mut connection).unwrap();
        found.tables.into_iter().find(|table| table.name == "sample").unwrap().sha256
    };
    let mut seen = BTreeSet::new();
    for change in [
        "",
        "UPDATE sample SET name = 'c' WHERE name = 'b'",
        "UPDATE sample SET number = -8 WHERE name = 'b'",
        "UPDATE sample SET yes = FALSE WHERE name = 'b'",
        "UPDATE sample SET place = 40.250000000000007 WHERE name = 'b'",
        "UPDATE sample SET day = '2026-03-01' WHERE name = 'b'",
        "UPDATE sample SET body = NULL WHERE name = 'B'",
        "UPDATE sample SET uuid = NULL",
        "UPDATE sample SET at = NULL WHERE name = 'B'",
        "DELETE FROM sample WHERE name = 'é'",
    ] {
        let on_sqlite = hash(&sqlite, change);
        assert_eq!(on_sqlite, hash(&postgres, change), "{change}");
        assert!(seen.insert(on_sqlite), "{change} is not seen");
    }
}

async fn every_changed_byte_and_every_cut_is_found_and_nothing_is_left_behind(database: TestDatabase) {
    let saved = Saved::of(&database).await;
    let whole = fs::read(&saved.path).unwrap();
    let damaged = |bytes: &[u8], what: &str| {
        let refusal = backup::restorable(&saved.file("damaged.tar", bytes)).expect_err(what).to_string();
        assert!(refusal.contains("is damaged: ") || refusal.contains("is no backup of Muster's"), "{what}: {refusal}");
    };
    // A byte of every header, of the padding and of the end, and bytes in between.
    let data_at = whole.len() - 1024 - saved.data.len().next_multiple_of(512);
    let places = [0, 100, 124, 136, 148, 156, 300, 511, 512, 600, data_at - 1, data_at - 400, data_at, whole.len() - 1];
    for place in places.into_iter().chain((0..40).map(|step| step * (whole.len() / 40) + step)) {
        let mut changed = whole.clone();
        changed[place] ^= 0x10;
        damaged(&changed, &format!("byte {place} of {}", whole.len()));
    }
    for length in [0, 5, 511, 512, data_at - 600, data_at, whole.len() / 2, whole.len() - 512, whole.len() - 1] {
        damaged(&whole[..length], &format!("cut after {length} of {}", whole.len()));
    }
    damaged(&[whole.as_slice(), b"\0"].concat(), "a byte too many");

    let mut changed = whole.clone();
    changed[data_at + saved.data.len() / 2] ^= 1;
    let name = saved.manifest.database.data_name();
    for (bytes, words) in [
        (&changed[..], format!("{name} is not as SHA256SUMS says")),
        (&whole[..whole.len() - 9000], format!("it was cut short in {name}")),
    ] {
        let (from, place) = (saved.file("damaged.tar", bytes), TestDatabase::create_empty(database.backend));
        let arguments = ["restore", "--verify", "--database-url", &option(&place), "--from", from.to_str().unwrap()];
        let Output { status, stderr, .. } = muster(&arguments).output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(65));
        assert!(said.lines().count() == 1 && said.contains(&words), "{said}");
        assert_empty(&place.url);
    }
    assert!(
        printed(&["restore", "--dry-run", "--from", saved.path.to_str().unwrap()])
            .starts_with("The backup is complete and undamaged")
    );
}

async fn what_differs_from_what_was_saved_is_named(database: TestDatabase) {
    let saved = Saved::of(&database).await;
    let of_items = |manifest: &mut Manifest| {
        manifest.content.tables.iter_mut().find(|table| table.name == "items").unwrap().sha256 = "0".repeat(64);
    };
    let forgeries: [(&str, &dyn Fn(&mut Manifest)); 4] = [
        ("the table items is not as it was saved", &of_items),
        ("the table depots is not as it was saved", &|manifest| {
            of_items(manifest);
            manifest.content.tables.iter_mut().find(|table| table.name == "depots").unwrap().rows += 1;
        }),
        ("the table regions is not as it was saved", &|manifest| {
            manifest.content.tables.retain(|table| table.name != "regions");
        }),
        ("the list of indexes, constraints, triggers and functions is not as it was saved", &|manifest| {
            manifest.content.structure_sha256 = "0".repeat(64);
        }),
    ];
    for (words, forgery) in forgeries {
        let (forged, place) = (saved.forged(forgery), TestDatabase::create_empty(database.backend));
        let outcome = backup::restore(&place.url, &forged, &Programs::default(), true);
        let refusal = outcome.unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
        match database.backend {
            Backend::Sqlite => assert_empty(&place.url),
            Backend::Postgres => assert!(refusal.contains("drop the database"), "{refusal}"),
        }
    }
    restore(database.backend, &saved.path, true).unwrap();
}

async fn only_an_empty_place_of_its_kind_is_restored_into(database: TestDatabase) {
    let saved = Saved::of(&database).await;
    let refused = |url: &DatabaseUrl| match backup::restore(url, &saved.path, &Programs::default(), true) {
        Err(BackupError::Refused(why)) => why,
        outcome => panic!("{outcome:?}"),
    };
    let before = digest::of_database(&mut database.connect()).unwrap();
    refused(&database.url);
    assert_eq!(digest::of_database(&mut database.connect()).unwrap(), before);

    let folder = TempDir::new().unwrap();
    let other = folder.path().join("other.sqlite");
    match database.backend {
        Backend::Sqlite => {
            fs::write(folder.path().join("other.sqlite-wal"), "left over").unwrap();
            assert!(refused(&DatabaseUrl::Sqlite(other.clone())).contains("other.sqlite-wal is there already"));
            assert!(refused(&DatabaseUrl::Postgres("postgres://h/d".to_owned())).contains("of SQLite"));
        }
        Backend::Postgres => {
            let one_function = TestDatabase::create_empty(Backend::Postgres);
            let function = "CREATE FUNCTION refuse_change() RETURNS integer LANGUAGE sql AS 'SELECT 1'";
            one_function.connect().batch_execute(function).unwrap();
            assert!(refused(&one_function.url).contains("the database holds refuse_change"));
            assert!(refused(&DatabaseUrl::Sqlite(other.clone())).contains("of PostgreSQL"));
        }
    }
    assert!(!other.exists());
}

/// Only the first migration has run.
async fn an_older_schema_is_restored_and_a_newer_one_is_refused(database: TestDatabase) {
    let old = TestDatabase::create_empty(database.backend);
    if let DatabaseUrl::Sqlite(path) = &old.url {
        fs::write(path, "").unwrap();
    }
    match &mut old.connect() {
        AnyConnection::Sqlite(connection) => {
            connection.run_next_migration(migrations::SQLITE).map(drop).unwrap();
        }
        AnyConnection::Postgres(connection) => {
            connection.run_next_migration(migrations::POSTGRES).map(drop).unwrap();
        }
    }
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("old.tar");
    backup::save(&old.url, &path, &Programs::default()).unwrap();
    let place = TestDatabase::create_empty(database.backend);
    let said = printed(&["restore", "--verify", "--database-url", &option(&place), "--from", path.to_str().unwrap()]);
    assert!(said.contains("run muster migrate next"), "{said}");
    migrations::run(&place.url).unwrap();
    place.open().write(tester(), Locks::none(), seed::plant).await.unwrap();

    let saved = Saved::of(&database).await;
    for (change, words) in [
        ((|manifest| manifest.schema = "99991231000001".to_owned()) as fn(&mut Manifest), "the schema 99991231000001"),
        (|manifest| manifest.format = 2, "the form 2"),
    ] {
        let refusal = restore(database.backend, &saved.forged(change), true).map(drop).unwrap_err().to_string();
        assert!(refusal.contains(words), "{refusal}");
    }
}

async fn a_failure_is_one_line_and_an_exit_code(database: TestDatabase) {
    let saved = Saved::of(&database).await;
    let (url, taken) = (option(&database), saved.path.to_str().unwrap());
    let folder = saved.folder.path().join("none");
    let (missing, empty) = (format!("sqlite:{}", folder.display()), folder.join("b.tar"));
    let text = saved.file("text.tar", &[b'x'; 5000]);
    let (empty, text) = (empty.to_str().unwrap(), text.to_str().unwrap());
    let other = saved.folder.path().join("other.tar");
    let other = other.to_str().unwrap();
    let nowhere = format!("sqlite:{}", folder.join("n.sqlite").display());
    let other_database = format!("sqlite:{text}");
    let unreachable = "postgres://u:secret@127.0.0.1:1/d";
    let found = TestDatabase::create(database.backend);
    let found = option(&found);
    let (missing_of_its_kind, taken_code) = match database.backend {
        Backend::Sqlite => (missing.clone(), "is there already"),
        Backend::Postgres => (url.clone(), "the database holds"),
    };
    for (arguments, code, words) in [
        (vec!["backup", "--database-url", &url, "--to", taken], 1, "is there already"),
        (vec!["backup", "--database-url", &url, "--to", empty], 66, "cannot be written to"),
        (vec!["backup", "--database-url", &missing, "--to", other], 66, "there is no SQLite database"),
        (vec!["backup", "--database-url", &nowhere, "--to", other], 66, "lies in a folder that does not exist"),
        (vec!["backup", "--database-url", &other_database, "--to", other], 65, "is not an SQLite database"),
        (vec!["backup", "--database-url", "mysql://h/d", "--to", other], 2, "unknown database scheme"),
        (vec!["backup", "--database-url", unreachable, "--to", other], 69, "cannot be reached"),
        (vec!["restore", "--database-url", &missing_of_its_kind, "--from", empty], 66, "cannot be opened"),
        (vec!["restore", "--database-url", &missing_of_its_kind, "--from", text], 65, "is no backup of Muster's"),
        (vec!["restore", "--dry-run", "--from", text], 65, "is no backup of Muster's"),
        (vec!["restore", "--database-url", &found, "--from", taken], 1, taken_code),
    ] {
        let Output { status, stderr, .. } = muster(&arguments).output().unwrap();
        let said = String::from_utf8(stderr).unwrap();
        assert_eq!(status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.starts_with("muster: ") && said.lines().count() == 1, "{arguments:?}: {said}");
        assert!(said.contains(words) && !said.contains("secret"), "{arguments:?}: {said}");
    }
    for arguments in
        [&["backup", "--to", other][..], &["restore", "--from", taken], &["backup", "--database-url", &url]]
    {
        assert_eq!(muster(arguments).output().unwrap().status.code(), Some(2), "{arguments:?}");
    }
    let help = muster(&["backup", "--help"]).env("DATABASE_URL", "postgres://u:secret@h/d").output().unwrap();
    assert!(help.status.success() && !String::from_utf8(help.stdout).unwrap().contains("secret"));
    let left: BTreeSet<_> = fs::read_dir(saved.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(left, ["backup.tar", "text.tar"].map(str::to_owned).into(), "a failure leaves nothing behind");
}

/// A program of that name records how it was called, and fails.
async fn the_programs_of_postgres_get_the_password_by_their_environment(OnPostgres(database): OnPostgres) {
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("pg_dump");
    let script = "#!/bin/sh\n[ \"$1\" = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\n\
        printf '%s\\n' \"$@\" >\"$(dirname \"$0\")/arguments\"\nprintf %s \"$PGPASSWORD\" >\"$(dirname \"$0\")/password\"\n\
        echo 'pg_dump: error: out of luck' >&2\nexit 3\n";
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let url = option(&database).replace("muster@", "muster:s%20cret@");
    let to = folder.path().join("backup.tar");
    let mut command = muster(&["backup", "--to", to.to_str().unwrap()]);
    let output = command.env("DATABASE_URL", &url).env("PG_BIN", folder.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), said.as_str()),
        (Some(1), "muster: pg_dump failed: pg_dump: error: out of luck\n")
    );
    assert_eq!(fs::read_to_string(folder.path().join("password")).unwrap(), "s cret");
    let arguments = fs::read_to_string(folder.path().join("arguments")).unwrap();
    assert!(arguments.contains("--snapshot=") && !arguments.contains("cret"), "{arguments}");
    assert!(!to.exists());
}
