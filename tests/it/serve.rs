//! `muster serve` and `muster migrate` as processes: start, first admin, refusals, logs, and end.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use db::connection::AnyConnection;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cases::{NoDatabase, cases};
use crate::database::{OnPostgres, TestDatabase};
use crate::process::{READINESS_REMEMBERED, Service, muster, outcome, text_of};

cases![
    the_code_makes_the_first_admin_once,
    a_restart_shows_a_new_code_and_the_former_is_no_good,
    several_that_start_at_once_show_one_code,
    no_database_is_made_by_mistake,
    a_wrong_start_is_one_line_and_a_code,
    a_wrong_password_is_refused_and_not_repeated,
    a_server_that_does_not_answer_is_given_up,
    another_schema_is_refused_at_start_and_makes_a_running_service_unready,
    one_process_has_an_sqlite_file_until_it_ends,
    options_go_before_variables_and_those_before_the_file,
    a_request_has_one_name_in_the_answer_and_in_every_line,
    secrets_are_not_logged,
    a_second_signal_ends_it_at_once,
    migrations_are_listed_and_run,
];

fn first_admin(code: &str) -> Value {
    json!({
        "code": code, "username": "Chief", "password": "twelve letters", "display_name": "Chief of the bureau",
        "region": {"code": "152900", "name_en": "League", "name_zh": "盟", "time_zone": "Asia/Urumqi"}
    })
}

fn set_up(service: &Service, code: &str) -> (u16, Value) {
    let reply = service.call("POST", "/api/v1/setup", &[], Some(&first_admin(code)));
    (reply.status, reply.body)
}

fn sign_in(service: &Service) -> (u16, Value) {
    let credentials = json!({"username": "chief", "password": "twelve letters"});
    let reply = service.call("POST", "/api/v1/auth/login", &[], Some(&credentials));
    (reply.status, reply.body)
}

async fn the_code_makes_the_first_admin_once(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let service = Service::start(folder.path(), &url, &[]);
    let code = service.code().unwrap();
    assert!(service.out().contains(&format!("{}/board", service.base)), "{}", service.out());
    assert_eq!(sign_in(&service).0, 401);
    let (status, refused) = set_up(&service, "0000-0000-0000-0000-0000-0000-0000");
    assert_eq!((status, &refused["code"]), (403, &json!("setup_code_wrong")));
    let mut bad_zone = first_admin(&code);
    bad_zone["region"]["time_zone"] = json!("Asia/Nowhere");
    assert_eq!(service.call("POST", "/api/v1/setup", &[], Some(&bad_zone)).status, 422);

    let (status, made) = set_up(&service, &code.to_lowercase().replace('-', " "));
    assert_eq!((status, &made["username"], &made["role"]), (201, &json!("chief"), &json!("admin")), "{made}");
    let (status, signed_in) = sign_in(&service);
    assert_eq!((status, &signed_in["user"]["region"]["code"]), (200, &json!("152900")), "{signed_in}");
    assert_eq!(signed_in["expires_in"], 900);
    let (status, refused) = set_up(&service, &code);
    assert_eq!((status, &refused["code"]), (409, &json!("already_set_up")));
    let (ended, log) = service.stop();
    assert_eq!(ended, 0, "{log}");
    assert!(!log.contains(&code), "the code is in the log");

    let again = Service::start(folder.path(), &url, &[]);
    assert_eq!(again.out(), "");
    assert_eq!(sign_in(&again).0, 200);
    assert_eq!(again.call("GET", "/health/ready", &[], None).body["revision"], 1);
}

async fn a_restart_shows_a_new_code_and_the_former_is_no_good(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let mut first = Service::start(folder.path(), &url, &[]);
    let former = first.code().unwrap();
    first.process.kill().unwrap();
    first.wait();
    let second = Service::start(folder.path(), &url, &[]);
    assert_eq!(set_up(&second, &former).0, 403);
    assert_eq!(set_up(&second, &second.code().unwrap()).0, 201);
}

async fn several_that_start_at_once_show_one_code(_: OnPostgres) {
    let database = TestDatabase::create_empty(crate::database::Backend::Postgres);
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let services: Vec<Service> = std::thread::scope(|scope| {
        let starts = [(); 4].map(|()| scope.spawn(|| Service::start(folder.path(), &url, &[])));
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let codes: Vec<String> = services.iter().filter_map(Service::code).collect();
    assert_eq!(codes.len(), 1);
    // All at once, through every instance: one creates the admin.
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = services.iter().map(|service| scope.spawn(|| set_up(service, &codes[0]).0)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 3, "{statuses:?}");
    // Every instance checks the tokens that one has signed.
    let (_, signed_in) = sign_in(&services[0]);
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    for service in &services {
        assert_eq!(service.call("GET", "/api/v1/me", &[("authorization", &token)], None).status, 200);
    }
}

async fn no_database_is_made_by_mistake(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let at = [("DATABASE_URL", "sqlite:typo.sqlite")];
    for arguments in
        [&["serve"][..], &["migrate", "--status"], &["serve", "--create-database", "--migrate-at-start=no"]]
    {
        let (code, said) = outcome(folder.path(), arguments, &at);
        assert_eq!(code, 66, "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains("there is no SQLite database at typo.sqlite"), "{said}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{arguments:?} left something behind");
    }
    let service = Service::start(folder.path(), at[0].1, &[("MUSTER_CREATE_DATABASE", "true")]);
    assert!(service.code().is_some());
    let mode = fs::metadata(folder.path().join("typo.sqlite")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

async fn a_wrong_start_is_one_line_and_a_code(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fs::write(folder.path().join("text"), "something else altogether").unwrap();
    fs::write(folder.path().join("m.toml"), "# ours\nlistn = \"[::]:80\"\n").unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    assert_eq!(outcome(folder.path(), &["migrate"], &[("DATABASE_URL", "sqlite:good.sqlite")]).0, 0);
    let good = ("DATABASE_URL", "sqlite:good.sqlite");
    let tls = if cfg!(feature = "postgres-tls") { (69, "cannot be reached") } else { (2, "--features postgres-tls") };
    let cases: [(&[(&str, &str)], (i32, &str)); 17] = [
        (&[], (2, "DATABASE_URL is not set")),
        (&[("DATABASE_URL", "mysql://u:s3cret@h/d")], (2, "unknown database scheme \"mysql\"")),
        (&[("DATABASE_URL", "postgres://u:s3c/ret@h/s3cret")], (2, "from the variable DATABASE_URL")),
        (&[("DATABASE_URL", "host=h password=s3cret:x")], (2, "has no scheme")),
        (&[("DATABASE_URL", "sqlite:no/such/folder.sqlite")], (66, "lies in a folder that does not exist")),
        (&[("DATABASE_URL", "sqlite:text")], (65, "is not an SQLite database")),
        (&[("DATABASE_URL", "sqlite:sub")], (65, "is not an SQLite database")),
        (&[("DATABASE_URL", "postgres://u:s3cret@127.0.0.1:1/d")], (69, "cannot be reached")),
        (&[("DATABASE_URL", "postgres:host=127.0.0.1 port=1 password=s3cret")], (69, "cannot be reached")),
        (&[("DATABASE_URL", "postgres://u:s3cret@127.0.0.1:1/d?sslmode=require")], tls),
        (&[("DATABASE_URL", "postgres:host=127.0.0.1 port=1 sslmode=verify-full")], tls),
        (&[("DATABASE_URL", "postgres://127.0.0.1:1/d"), ("PGSSLMODE", "require")], tls),
        (&[("DATABASE_URL", "postgres://127.0.0.1:1/d?no_such=s3cret")], (2, "no_such")),
        (&[good, ("MUSTER_LISTEN", &address)], (1, "cannot be listened on")),
        (&[good, ("MUSTER_WORKERS", "many")], (2, "the setting workers from the variable MUSTER_WORKERS")),
        (&[good, ("MUSTER_CONFIG", "m.toml")], (2, "line 2 of m.toml: there is no setting \"listn\"")),
        (&[good, ("MUSTER_CONFIG", "none.toml")], (2, "the settings file none.toml cannot be read")),
    ];
    for (variables, (expected, words)) in cases {
        let (code, said) = outcome(folder.path(), &["serve"], variables);
        assert_eq!(code, expected, "{variables:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{variables:?}: {said}");
        assert!(said.starts_with("muster: ") && said.contains(words), "{variables:?}: {said}");
        assert!(!said.contains("s3c"), "{said}");
    }
    for arguments in
        [&["serve", "--port", "80"][..], &["serve", "postgres://u:s3cret@h/d"], &["migrate", "--listen", "x"]]
    {
        let (code, said) = outcome(folder.path(), arguments, &[]);
        assert_eq!(code, 2, "{said}");
        assert!(!said.contains("s3cret"), "{said}");
    }
    let help =
        muster(folder.path(), &["serve", "--help"], &[("DATABASE_URL", "postgres://u:s3cret@h/d")]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(
        help.contains("[env: MUSTER_LISTEN]") && help.contains("Exit codes:") && !help.contains("s3cret"),
        "{help}"
    );
    assert_eq!(fs::read(folder.path().join("text")).unwrap(), b"something else altogether");
}

async fn a_wrong_password_is_refused_and_not_repeated(database: OnPostgres) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.0.url);
    let set_password = "ALTER ROLE guarded PASSWORD 'the right one'";
    let role = "DO $$ BEGIN CREATE ROLE guarded SUPERUSER LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    database.0.connect().batch_execute(&format!("{role}; {set_password}")).unwrap();
    let guarded = url.replace("muster@", "guarded:the%20wrong%20one@");
    for (url, words) in [
        (guarded.clone(), "password authentication failed"),
        (url.replace("muster@", "guarded@"), "no password supplied"),
        (url.replace("/test_", "/no_such_"), "does not exist"),
    ] {
        let (code, said) = outcome(folder.path(), &["serve"], &[("DATABASE_URL", &url)]);
        assert_eq!(code, 77, "{said}");
        assert!(said.lines().count() == 1 && said.contains(words), "{said}");
        assert!(!said.contains("the wrong one") && !said.contains("the%20wrong%20one"), "{said}");
    }
    let right = guarded.replace("wrong", "right");
    let service = Service::start(folder.path(), &right, &[("RUST_LOG", "trace")]);
    assert_eq!(service.call("GET", "/health/ready", &[], None).status, 200);
    let shown = service.out();
    let (code, log) = service.stop();
    assert_eq!(code, 0);
    assert!(!format!("{shown}{log}").contains("right"), "the password is shown");
    assert!(log.contains("\"database\":\"postgres://"), "{log}");
}

/// The system's queue accepts connections, and nothing answers.
async fn a_server_that_does_not_answer_is_given_up(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://{}/d?connect_timeout=2", silent.local_addr().unwrap());
    let (code, said) = outcome(folder.path(), &["serve"], &[("DATABASE_URL", &url)]);
    assert_eq!(code, 69, "{said}");
    assert!(said.lines().count() == 1 && said.contains("cannot be reached"), "{said}");
}

async fn another_schema_is_refused_at_start_and_makes_a_running_service_unready(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let at = [("DATABASE_URL", url.as_str())];
    let service = Service::start(folder.path(), &url, &[]);
    assert_eq!(service.call("GET", "/health/ready", &[], None).status, 200);
    let mut connection = database.connect();
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')";
    connection.batch_execute(newer).unwrap();
    std::thread::sleep(READINESS_REMEMBERED);
    let reply = service.call("GET", "/health/ready", &[], None);
    assert_eq!(reply.status, 503, "{}", reply.body);
    assert!(reply.headers.contains_key("retry-after"));
    assert_eq!(service.call("GET", "/health/live", &[], None).status, 200);
    assert_eq!(service.stop().0, 0);

    for arguments in [&["serve"][..], &["migrate"], &["migrate", "--status"]] {
        let (code, said) = outcome(folder.path(), arguments, &at);
        assert_eq!(code, 65, "{said}");
        assert!(said.lines().count() == 1 && said.contains("newer schema (migration 29991231000000)"), "{said}");
    }
    connection.batch_execute("DELETE FROM __diesel_schema_migrations WHERE version LIKE '%000005'").unwrap();
    connection.batch_execute("DELETE FROM __diesel_schema_migrations WHERE version > '2999'").unwrap();
    let (code, said) = outcome(folder.path(), &["serve", "--migrate-at-start=false"], &at);
    assert_eq!(code, 65, "{said}");
    assert!(said.lines().count() == 1 && said.contains("lacks 1 migrations: run `muster migrate`"), "{said}");

    let other = TestDatabase::create_empty(database.backend);
    if let db::url::DatabaseUrl::Sqlite(path) = &other.url {
        fs::write(path, "").unwrap();
    }
    other.connect().batch_execute("CREATE TABLE invoices (id INTEGER)").unwrap();
    let other_url = text_of(&other.url);
    let (code, said) = outcome(folder.path(), &["serve"], &[("DATABASE_URL", &other_url)]);
    assert_eq!(code, 65, "{said}");
    assert!(said.lines().count() == 1 && said.contains("the tables of another program"), "{said}");
}

async fn one_process_has_an_sqlite_file_until_it_ends(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let url = "sqlite:m.sqlite";
    let at = [("DATABASE_URL", url)];
    let mut first = Service::start(folder.path(), url, &[("MUSTER_CREATE_DATABASE", "yes")]);
    std::os::unix::fs::symlink("m.sqlite", folder.path().join("other.sqlite")).unwrap();
    let number = first.process.id().to_string();
    let demo = ["demo", "--listen", "127.0.0.1:0", "--database-url", url];
    for (arguments, database) in
        [(&["serve"][..], url), (&["serve"], "sqlite:other.sqlite"), (&["migrate"], url), (&demo, url)]
    {
        let (code, said) =
            outcome(folder.path(), arguments, &[("DATABASE_URL", database), ("MUSTER_LISTEN", "127.0.0.1:0")]);
        assert_eq!(code, 75, "{arguments:?}: {said}");
        assert!(said.lines().count() == 1 && said.contains(&number), "{arguments:?}: {said}");
    }
    assert_eq!(outcome(folder.path(), &["migrate", "--status"], &at).0, 0);
    assert_eq!(first.call("GET", "/health/ready", &[], None).status, 200);
    first.process.kill().unwrap();
    first.wait();
    assert_eq!(Service::start(folder.path(), url, &[]).stop().0, 0);
}

async fn options_go_before_variables_and_those_before_the_file(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("m.toml"), "workers = 0\ndatabase_url = \"sqlite:none\"").unwrap();
    let file = ("MUSTER_CONFIG", "m.toml");
    let asked: [(&[&str], &[(&str, &str)], &str); 4] = [
        (&["serve"], &[file], "workers from workers in line 1 of m.toml cannot be \"0\""),
        (&["serve"], &[file, ("MUSTER_WORKERS", "")], "workers from workers in line 1 of m.toml"),
        (&["serve"], &[file, ("MUSTER_WORKERS", "x")], "workers from the variable MUSTER_WORKERS cannot be \"x\""),
        (&["serve", "--workers", "y"], &[file, ("MUSTER_WORKERS", "x")], "workers from the option --workers"),
    ];
    for (arguments, variables, words) in asked {
        let (code, said) = outcome(folder.path(), arguments, variables);
        assert!(code == 2 && said.contains(words), "{said}");
    }
    let (code, said) = outcome(folder.path(), &["serve", "--config", "m.toml", "--workers", "1"], &[]);
    assert!(code == 66 && said.contains("no SQLite database at none"), "{said}");
}

async fn a_request_has_one_name_in_the_answer_and_in_every_line(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[("RUST_LOG", "muster=debug")]);
    // The reason why it is not ready is logged by the thread of the read.
    database
        .connect()
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')")
        .unwrap();
    let reply = service.call("GET", "/health/ready", &[("x-request-id", "trace-1.a:b/c")], None);
    assert_eq!(reply.status, 503);
    assert_eq!(reply.headers["x-request-id"], "trace-1.a:b/c");
    assert_eq!(reply.body["request_id"], "trace-1.a:b/c");
    for forged in ["a b", "{\"level\":\"ERROR\"}", &"x".repeat(65)] {
        let reply = service.call("GET", "/nowhere", &[("x-request-id", forged)], None);
        assert_ne!(reply.headers["x-request-id"], forged);
        assert_eq!(reply.body["request_id"], reply.headers["x-request-id"].to_str().unwrap());
        assert_eq!(reply.headers["x-request-id"].len(), 36);
    }
    let (_, log) = service.stop();
    let of_request = log.lines().filter(|line| line.contains("not ready") || line.contains("\"answered\""));
    let named: Vec<Value> = of_request.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(named.len(), 5, "{log}");
    assert!(named.iter().all(|event| event["span"]["request_id"].as_str().is_some_and(|id| !id.is_empty())), "{log}");
    assert_eq!(named.iter().filter(|event| event["span"]["request_id"] == "trace-1.a:b/c").count(), 2, "{log}");
    let answered = named.iter().find(|event| event["message"] == "answered").unwrap();
    assert_eq!((&answered["path"], &answered["status"]), (&json!("/health/ready"), &json!(503)));
}

async fn secrets_are_not_logged(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[("RUST_LOG", "trace")]);
    let bearer = [("authorization", "Bearer s3cret"), ("cookie", "id=s3cret"), ("referer", "http://h/?s3cret")];
    service.call("GET", "/api/v1/items?q=s3cret&password=s3cret", &bearer, None);
    let credentials = json!({"username": "nobody", "password": "s3cret"});
    service.call("POST", "/api/v1/auth/login?token=s3cret", &[], Some(&credentials));
    service.call("POST", "/api/v1/auth/login", &[], Some(&credentials));
    set_up(&service, "s3cret");
    let (_, log) = service.stop();
    let ours = log.lines().filter(|line| line.contains("\"target\":\"muster"));
    assert_eq!(ours.clone().filter(|line| line.contains("\"answered\"")).count(), 4, "{log}");
    for line in log.lines() {
        assert!(!line.contains("s3cret"), "{line}");
    }
}

/// A request is half sent when the signals come, so there is something to wait for.
async fn a_second_signal_ends_it_at_once(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let create = ("MUSTER_CREATE_DATABASE", "yes");
    let service = || Service::start(folder.path(), "sqlite:m.sqlite", &[create, ("MUSTER_SHUTDOWN_SECONDS", "600")]);
    let half = |service: &Service| {
        let mut connection = TcpStream::connect(service.base.strip_prefix("http://").unwrap()).unwrap();
        let head =
            "POST /api/v1/auth/login HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n";
        write!(connection, "{head}content-length: 30\r\n\r\n").unwrap();
        // The server answers "100 Continue" as soon as the request is under way.
        let mut line = String::new();
        let mut reader = BufReader::new(connection);
        reader.read_line(&mut line).unwrap();
        assert!(line.contains(" 100 "), "{line}");
        reader
    };
    let told = |service: &Service| service.events().iter().any(|event| event["target"] == "muster::commands::stop");

    let mut first = service();
    let mut reader = half(&first);
    first.signal("INT");
    while !told(&first) {
        std::thread::yield_now();
    }
    first.signal("TERM");
    let (code, log) = first.wait();
    assert_eq!(code, 1, "{log}");
    assert!(log.contains("muster: told to stop a second time"), "{log}");
    let mut rest = String::new();
    let _ = reader.read_to_string(&mut rest);
    assert!(!rest.contains("HTTP/1.1 4"), "{rest}");

    let mut second = service();
    let mut reader = half(&second);
    second.signal("TERM");
    while !told(&second) {
        std::thread::yield_now();
    }
    // It accepts no new connections; the system may still queue one for a moment.
    let address = second.base.strip_prefix("http://").unwrap().to_owned();
    let patience = Instant::now();
    while TcpStream::connect(&address).is_ok() {
        assert!(patience.elapsed() < Duration::from_secs(20), "new connections are still taken");
        std::thread::sleep(Duration::from_millis(5));
    }
    reader.get_mut().write_all(br#"{"username":"a","password":1}#"#).unwrap();
    reader.get_mut().write_all(b" ").unwrap();
    let mut answer = String::new();
    reader.read_line(&mut answer).unwrap();
    reader.read_line(&mut answer).unwrap();
    assert!(answer.contains("HTTP/1.1 4"), "{answer}");
    assert_eq!(second.wait().0, 0);
}

async fn migrations_are_listed_and_run(database: TestDatabase) {
    let fresh = TestDatabase::create_empty(database.backend);
    let folder = TempDir::new().unwrap();
    let url = text_of(&fresh.url);
    let at = [("DATABASE_URL", url.as_str())];
    let run = |arguments: &[&str]| {
        let output = muster(folder.path(), arguments, &at).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    if let db::url::DatabaseUrl::Sqlite(path) = &fresh.url {
        fs::write(path, "").unwrap();
    }
    let pending = run(&["migrate", "--status"]);
    assert!(pending.starts_with("pending 2026-11-23-000001_revisions\n"), "{pending}");
    assert_eq!(run(&["migrate"]).replace("ran ", "pending ").lines().next(), pending.lines().next());
    assert_eq!(run(&["migrate", "--status"]), "0 pending\n");
    assert_eq!(run(&["migrate"]), "0 ran; the schema is up to date\n");
    assert_eq!(accounts(&mut fresh.connect()), 0);
}

fn accounts(connection: &mut AnyConnection) -> i64 {
    db::schema::accounts::table.count().get_result(connection).unwrap()
}
