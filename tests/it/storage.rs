//! A storage that takes nothing: full, read-only, or written with other keys. It is told at start by a code, and at run time
//! by 503 with a cause; nothing is refused that could be stored later.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

use actix_web::rt::time::sleep;
use base::clock::Clock;
use base::error::Error;
use base::id::ChangeSetId;
use chrono::TimeDelta;
use db::locks::Locks;
use db::schema::revisions;
use db::sql_types::Instant;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use domain::revision::Revision;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::cluster::unprivileged_user;
use crate::database::{Backend, OnPostgres, TestDatabase, scratch_folder};
use crate::process::{READINESS_REMEMBERED, Service, muster, outcome, text_of};
use crate::rows::tester;
use crate::seed;

cases![
    a_full_disk_is_told_and_nothing_is_refused_for_good,
    a_database_that_only_reads_is_told,
    a_file_that_may_not_be_written_is_refused_at_start,
    a_disk_without_room_is_refused_at_start_and_told_at_run_time,
    a_disk_without_room_for_the_demo_is_told_by_the_same_code,
    other_keys_are_refused_at_start,
    a_chain_signed_by_a_key_that_is_not_there_is_not_continued,
    a_chain_checked_with_other_keys_is_not_called_changed,
    many_who_ask_whether_it_is_ready_cost_one_check,
    a_clock_far_behind_the_newest_revision_is_told,
    a_phone_is_told_to_try_later,
];

/// Lets the database take nothing, and everything again.
struct Switch {
    off: &'static str,
    on: &'static str,
}

/// Runs statements on the connection that writes, outside of any change.
async fn on_writer(app: &TestApp, statements: &'static str) {
    let run = move |change: &mut db::write::Change<'_>| -> Result<(), Error> {
        change.connection.batch_execute(statements)?;
        Ok(())
    };
    app.db.write(tester(), Locks::none(), run).await.unwrap();
}

impl Switch {
    async fn turn(&self, app: &TestApp, on: bool) {
        on_writer(app, if on { self.on } else { self.off }).await;
    }

    fn of_full(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self { off: "PRAGMA max_page_count=1", on: "PRAGMA max_page_count=1000000" },
            // As PostgreSQL says it.
            Backend::Postgres => Self {
                off: "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION \
                          'could not extend file \"base/5/1\": No space left on device' USING ERRCODE = 'disk_full'; END $$; \
                      CREATE TRIGGER full_disk BEFORE INSERT ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION full_disk()",
                on: "DROP FUNCTION full_disk CASCADE",
            },
        }
    }
}

/// A count with so many lines that it needs a page of its own.
fn count(depot: &str) -> Value {
    let lines: Vec<Value> =
        (0..60).map(|lot| json!({"item": "BOOTS", "quantity": 1, "lot": format!("lot-{lot:030}")})).collect();
    json!({"depot_id": depot, "scope": "listed", "counted_at": seed::now(), "note": "n".repeat(900), "lines": lines})
}

fn check_cause(answer: &Answer, code: &str) {
    assert_eq!(answer.problem(503), code);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() >= 10, "{answer:?}");
}

async fn until_ready(app: &TestApp) {
    for _ in 0..100 {
        if app.get("/health/ready").send().await.status == 200 {
            return;
        }
        sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it does not become ready: {:?}", app.get("/health/ready").send().await);
}

async fn a_full_disk_is_told_and_nothing_is_refused_for_good(app: TestApp) {
    let depot = app.depot("T1-A").await;
    let bearer = json!(app.token_of("t1").await);
    let put =
        async |id: Uuid| app.put(&format!("/api/v1/counts/{id}")).bearing(&bearer).json(&count(&depot)).send().await;
    let push = async |id: Uuid| {
        let command = json!({"id": id, "seq": 1, "type": "submit_count", "data": count(&depot)});
        let body = json!({"device_id": "d", "sent_at": seed::now(), "queued": 1, "commands": [command]});
        app.post("/api/v1/sync").bearing(&bearer).json(&body).send().await
    };
    let switch = Switch::of_full(app.database().backend);
    let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
    switch.turn(&app, false).await;
    check_cause(&put(one).await, "database_full");
    check_cause(&app.get("/health/ready").send().await, "database_full");
    check_cause(&push(other).await, "database_full");
    app.get("/api/v1/items").bearing(&bearer).send().await.expect(200);
    switch.turn(&app, true).await;
    put(one).await.expect(201);
    let pushed = push(other).await.expect(200);
    assert_eq!(pushed["results"][0]["status"], "applied", "{pushed}");
    until_ready(&app).await;
}

async fn a_database_that_only_reads_is_told(app: TestApp) {
    let depot = app.depot("T1-A").await;
    let bearer = json!(app.token_of("t1").await);
    let off = match app.database().backend {
        Backend::Sqlite => "PRAGMA query_only=ON",
        Backend::Postgres => "SET default_transaction_read_only = on",
    };
    let id = Uuid::now_v7();
    on_every_writer(&app, off).await;
    let answer = app.put(&format!("/api/v1/counts/{id}")).bearing(&bearer).json(&count(&depot)).send().await;
    check_cause(&answer, "database_read_only");
    check_cause(&app.get("/health/ready").send().await, "database_read_only");
    app.get("/api/v1/items").bearing(&bearer).send().await.expect(200);
    if app.database().backend == Backend::Sqlite {
        // Its only writer can begin nothing any more, not even to be told otherwise.
        return;
    }
    on_every_writer(&app, "SET default_transaction_read_only = off").await;
    app.put(&format!("/api/v1/counts/{id}")).bearing(&bearer).json(&count(&depot)).send().await.expect(201);
    until_ready(&app).await;
}

/// Runs a statement on all connections that write: they wait for each other.
async fn on_every_writer(app: &TestApp, statement: &'static str) {
    let writers = if app.database().backend == Backend::Sqlite { 1 } else { 3 };
    let met = std::sync::Arc::new(std::sync::Barrier::new(writers));
    let each = (0..writers).map(|number| {
        let met = met.clone();
        // Long ones do not share a commit.
        app.db.write_long(tester(), Locks::none(), move |change: &mut db::write::Change<'_>| {
            met.wait();
            change.connection.batch_execute(statement)?;
            Ok(number)
        })
    });
    for outcome in futures_util::future::join_all(each).await {
        outcome.unwrap();
    }
}

/// The program as a user whom permissions hold.
fn as_unprivileged(mut command: Command, folder: &Path) -> Command {
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        let (user, group) = unprivileged_user().expect("root needs a user postgres or nobody for this test");
        for path in [folder.to_owned()].into_iter().chain(fs::read_dir(folder).unwrap().map(|one| one.unwrap().path()))
        {
            chown(path, Some(user), Some(group)).unwrap();
        }
        command.uid(user).gid(group);
    }
    command
}

/// A folder with a database, and the program where that user can read it.
fn folder_with_database() -> TempDir {
    let folder = scratch_folder("muster-storage-");
    fs::copy(env!("CARGO_BIN_EXE_muster"), folder.path().join("muster")).unwrap();
    let (code, said) = outcome(folder.path(), &["migrate"], &[("DATABASE_URL", "sqlite:m.sqlite")]);
    assert_eq!(code, 0, "{said}");
    folder
}

/// The program of [`folder_with_database`] under a shell that prepares something.
fn prepared(folder: &Path, prepare: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{prepare} exec ./muster \"$@\""), "sh"]).args(arguments).current_dir(folder);
    command.env_clear().env("MUSTER_LISTEN", "127.0.0.1:0").env("DATABASE_URL", "sqlite:m.sqlite");
    command.env("MUSTER_LOG_FORMAT", "json").stdin(std::process::Stdio::null());
    command
}

fn ended(mut command: Command) -> (i32, String) {
    let output = command.output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

async fn a_file_that_may_not_be_written_is_refused_at_start(_: crate::cases::NoDatabase) {
    let folder = folder_with_database();
    let set = |name: &str, mode: u32| {
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    let run = || ended(as_unprivileged(prepared(folder.path(), "", &["serve"]), folder.path()));
    set("m.sqlite", 0o400);
    let (code, said) = run();
    assert_eq!(code, 77, "{said}");
    assert!(said.contains("permissions") && said.contains("m.sqlite"), "{said}");
    set("m.sqlite", 0o600);
    set("", 0o500);
    let (code, said) = run();
    assert_eq!(code, 77, "{said}");
    set("", 0o700);
    let service = Service::run(as_unprivileged(prepared(folder.path(), "", &["serve"]), folder.path()), folder.path());
    assert_eq!(service.call("GET", "/health/ready", &[], None).status, 200);
}

/// The size of its files is limited, and what goes beyond is an error rather than the end of the process.
async fn a_disk_without_room_is_refused_at_start_and_told_at_run_time(_: crate::cases::NoDatabase) {
    let folder = folder_with_database();
    let limited = |blocks: u64| prepared(folder.path(), &format!("trap '' XFSZ; ulimit -f {blocks};"), &["serve"]);
    let (code, said) = ended(limited(0));
    assert_eq!(code, 74, "{said}");
    assert!(said.contains("m.sqlite"), "{said}");
    // So many blocks of 512 bytes that it starts.
    let service = Service::run(limited(256), folder.path());
    let mut seen = Vec::new();
    for number in 0..400 {
        let body = json!({"username": format!("nobody-{number}"), "password": "wrong password"});
        let reply = service.call("POST", "/api/v1/auth/login", &[], Some(&body));
        seen.push(reply.status);
        if reply.status == 503 {
            let code = reply.body["code"].as_str().unwrap();
            assert!(["database_full", "database_failing"].contains(&code), "{}", reply.body);
            let ready = service.call("GET", "/health/ready", &[], None);
            assert_eq!((ready.status, &ready.body["code"]), (503, &reply.body["code"]), "{}", ready.body);
            return;
        }
        assert!([401, 429].contains(&reply.status), "{}", reply.body);
    }
    panic!("the disk was never full: {seen:?}");
}

async fn a_disk_without_room_for_the_demo_is_told_by_the_same_code(_: crate::cases::NoDatabase) {
    let folder = folder_with_database();
    let database = ["demo", "--data-dir", ".", "--database-url", "sqlite:m.sqlite"];
    let (code, said) = ended(prepared(folder.path(), "trap '' XFSZ; ulimit -f 256;", &database));
    assert_eq!(code, 74, "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

async fn other_keys_are_refused_at_start(app: TestApp) {
    app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
    let key_id = app.receipts.key_id().to_owned();
    let database = app.into_database().await;
    let folder = TempDir::new().unwrap();
    let at = [("DATABASE_URL", &*text_of(&database.url).leak())];
    let data = folder.path().join("muster-data");
    for _ in 0..2 {
        let (code, said) = outcome(folder.path(), &["serve"], &at);
        assert_eq!(code, 78, "{said}");
        assert!(said.lines().count() == 1 && said.contains(&key_id) && said.contains("--accept-new-keys"), "{said}");
        assert!(!data.join("keys").exists(), "keys were made");
    }
    let accepting = Service::start(folder.path(), at[0].1, &[("MUSTER_ACCEPT_NEW_KEYS", "true")]);
    assert_eq!(accepting.call("GET", "/health/ready", &[], None).status, 200);
    let (code, log) = accepting.stop();
    assert!(code == 0 && log.contains(&key_id), "{log}");
    assert!(data.join("keys").exists());
    assert_eq!(outcome(folder.path(), &["serve"], &at).0, 78, "no receipt is signed with the new key yet");
}

async fn a_chain_signed_by_a_key_that_is_not_there_is_not_continued(app: TestApp) {
    let depot = app.depot("T1-A").await;
    app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": 1 }])).await;
    let database = std::sync::Arc::new(app.into_database().await);
    let other = crate::app::Lasting::new(muster::api::settings::Settings::default());
    let app = TestApp::again(database, other, None).await;
    let id = Uuid::now_v7();
    let answer = app.put(&format!("/api/v1/counts/{id}")).as_("t1").json(&count(&depot)).send().await;
    check_cause(&answer, "key_missing");
}

async fn a_chain_checked_with_other_keys_is_not_called_changed(app: TestApp) {
    for quantity in 1..4 {
        app.count("t1", "T1-A", json!([{ "item": "BOOTS", "quantity": quantity }])).await;
    }
    let (right, key_id) =
        (app.get("/.well-known/jwks.json").send().await.expect(200), app.receipts.key_id().to_owned());
    let database = app.into_database().await;
    let other = TestApp::over(TestDatabase::create(Backend::Sqlite)).await;
    let wrong = other.get("/.well-known/jwks.json").send().await.expect(200);
    let folder = TempDir::new().unwrap();
    let verify = |keys: &Value| {
        fs::write(folder.path().join("jwks.json"), keys.to_string()).unwrap();
        let url = text_of(&database.url);
        outcome(folder.path(), &["verify", "chain", "--keys", "jwks.json"], &[("DATABASE_URL", &url)])
    };
    assert_eq!(verify(&right), (0, String::new()));
    let (code, said) = verify(&wrong);
    assert_eq!(code, 78, "{said}");
    assert!(said.contains("3 receipts could not be checked") && said.contains(&key_id), "{said}");
    assert!(!said.contains("is not as it was"), "{said}");
}

/// More ask at once than reads may wait.
async fn many_who_ask_whether_it_is_ready_cost_one_check(app: TestApp) {
    let asked = (0..600).map(|_| app.get("/health/ready").send());
    for answer in join_all(asked).await {
        answer.expect(200);
    }
}

async fn a_clock_far_behind_the_newest_revision_is_told(database: TestDatabase) {
    let app = TestApp::over(database).await;
    let (url, database) = (text_of(&app.database().url), app.database());
    for (number, ahead, expected) in
        [(1001, TimeDelta::hours(23), 200), (1002, TimeDelta::hours(25), 503), (1003, TimeDelta::days(900), 503)]
    {
        let row = (
            revisions::revision.eq(Revision(number)),
            revisions::change_set.eq(ChangeSetId::new()),
            revisions::at.eq(Instant(Clock::System.now() + ahead)),
            revisions::is_reference_data.eq(false),
        );
        diesel::insert_into(revisions::table).values(row).execute(&mut database.connect()).unwrap();
        sleep(READINESS_REMEMBERED).await;
        let answer = app.get("/health/ready").send().await;
        assert_eq!(answer.status, expected, "{ahead}");
        if expected == 503 {
            check_cause(&answer, "clock_behind");
        }
    }
    let _database = app.into_database().await;
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &url, &[]);
    let (code, log) = service.stop();
    assert!(code == 0 && log.contains("the clock is far behind the newest revision"), "{log}");
}

/// A standby, as far as a client sees.
async fn a_phone_is_told_to_try_later(OnPostgres(database): OnPostgres) {
    let database = TestApp::over(database).await.into_database().await;
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let service = Service::start(folder.path(), &url, &[]);
    let only_reads = "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', \
         current_database()); END $$; SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.connect().batch_execute(only_reads).unwrap();
    fs::write(folder.path().join("password"), seed::PASSWORD).unwrap();
    let arguments = ["phone", "sign-in", "--server", &service.base, "--username", "t1"];
    let mut command = muster(folder.path(), &arguments, &[]);
    command.stdin(fs::File::open(folder.path().join("password")).unwrap());
    let (code, said) = ended(command);
    assert_eq!(code, 69, "{said}");
    assert!(said.contains("try again later"), "{said}");
    let ready = service.call("GET", "/health/ready", &[], None);
    assert_eq!((ready.status, &ready.body["code"]), (503, &json!("database_read_only")), "{}", ready.body);
    let (code, said) = outcome(folder.path(), &["serve"], &[("DATABASE_URL", &url)]);
    assert_eq!(code, 77, "{said}");
    assert!(said.contains("takes no changes"), "{said}");
}
