//! `muster account`: management of accounts on the server itself, when nobody can sign in to do it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Output, Stdio};

use db::url::DatabaseUrl;
use serde_json::{Value, json};
use service::backup::{self, Programs};
use tempfile::TempDir;

use crate::cases::cases;
use crate::database::TestDatabase;
use crate::process::{Service, muster, text_of};

cases![
    a_lost_password_is_recovered_and_a_lock_does_not_hold_it_up,
    a_one_time_code_signs_in,
    accounts_are_listed_closed_and_opened_again,
    what_cannot_be_done_is_one_line,
    what_was_revoked_stays_so_though_a_command_changed_the_restored_database_first,
    a_command_on_a_restored_database_first_carries_out_what_was_revoked,
    what_a_command_did_beside_other_keys_is_not_undone,
];

const PASSWORD: &str = "six brigades and a river";

fn account(folder: &Path, database: &str, arguments: &[&str], input: &str) -> (i32, String, String) {
    let arguments: Vec<&str> = std::iter::once("account").chain(arguments.iter().copied()).collect();
    let mut command = muster(folder, &arguments, &[("DATABASE_URL", database)]);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    // The program may end without reading its input.
    let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    let Output { status, stdout, stderr } = process.wait_with_output().unwrap();
    (status.code().unwrap(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Runs the command where it may run: beside the service on PostgreSQL, after it on SQLite.
fn at_the_machine(
    service: Service,
    folder: &Path,
    database: &TestDatabase,
    arguments: &[&str],
    input: &str,
) -> (Service, String) {
    let url = text_of(&database.url);
    let DatabaseUrl::Sqlite(_) = &database.url else {
        let (code, out, error) = account(folder, &url, arguments, input);
        assert_eq!(code, 0, "{error}");
        return (service, out);
    };
    let (code, _, error) = account(folder, &url, arguments, input);
    assert_eq!(code, 75, "{error}");
    assert!(error.contains("in use by another muster process") && error.contains("stop that process first"), "{error}");
    service.stop();
    let (code, out, error) = account(folder, &url, arguments, input);
    assert_eq!(code, 0, "{error}");
    (Service::start(folder, &url, &[]), out)
}

fn set_up(service: &Service) {
    let body = json!({
        "code": service.code().unwrap(), "username": "chief", "password": PASSWORD, "display_name": "Chief",
        "region": {"code": "152900", "name_en": "League", "name_zh": "盟"}
    });
    assert_eq!(service.call("POST", "/api/v1/setup", &[], Some(&body)).status, 201);
}

fn sign_in(service: &Service, password: &str) -> (u16, Value) {
    let body = json!({"username": "chief", "password": password});
    let reply = service.call("POST", "/api/v1/auth/login", &[], Some(&body));
    (reply.status, reply.body)
}

fn get(service: &Service, path: &str, signed_in: &Value) -> (u16, Value) {
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    let reply = service.call("GET", path, &[("authorization", &token)], None);
    (reply.status, reply.body)
}

/// The indented line, which is to be copied.
fn shown(out: &str) -> &str {
    out.lines().find_map(|line| line.strip_prefix("    ")).unwrap_or_else(|| panic!("nothing is shown: {out}"))
}

async fn a_lost_password_is_recovered_and_a_lock_does_not_hold_it_up(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    set_up(&service);
    let (_, before) = sign_in(&service, PASSWORD);
    for _ in 0..5 {
        assert_eq!(sign_in(&service, "wrong").0, 401);
    }
    assert_eq!(sign_in(&service, PASSWORD).0, 429);
    let (service, out) = at_the_machine(service, folder.path(), &database, &["reset-password", "Chief"], "");
    let (status, signed_in) = sign_in(&service, shown(&out));
    assert_eq!(status, 200, "{signed_in}");
    assert_eq!(sign_in(&service, PASSWORD).0, 401);
    assert_eq!(get(&service, "/api/v1/me", &before).0, 401);
    let (_, audit) = get(&service, "/api/v1/audit", &signed_in);
    let entries = audit["items"].as_array().unwrap();
    let found = entries.iter().find(|entry| entry["action"] == "muster account reset-password");
    assert!(found.is_some_and(|entry| entry["author"].is_null()), "{audit}");
    // The same with a given password.
    let given = "a river and six brigades";
    let (service, out) =
        at_the_machine(service, folder.path(), &database, &["reset-password", "chief", "--password-stdin"], given);
    assert!(!out.contains(given));
    assert_eq!(sign_in(&service, given).0, 200);
}

async fn a_one_time_code_signs_in(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    set_up(&service);
    let (service, out) = at_the_machine(service, folder.path(), &database, &["issue-code", "chief"], "");
    let body = json!({"code": shown(&out), "device_name": "tablet"});
    assert_eq!(service.call("POST", "/api/v1/auth/enrol", &[], Some(&body)).status, 200);
}

async fn accounts_are_listed_closed_and_opened_again(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let service = Service::start(folder.path(), &url, &[]);
    set_up(&service);
    let (_, signed_in) = sign_in(&service, PASSWORD);
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    let other = json!({"username": "deputy", "display_name": "Deputy", "role": "admin", "region": "152900"});
    let path = format!("/api/v1/accounts/{}", uuid::Uuid::new_v4());
    assert_eq!(service.call("PUT", &path, &[("authorization", &token)], Some(&other)).status, 201);
    service.stop();
    let run = |arguments: &[&str]| account(folder.path(), &url, arguments, "");
    let listed = run(&["list"]).1;
    assert_eq!(listed, "chief\tadmin\t152900\topen\tChief\ndeputy\tadmin\t152900\topen\tDeputy\n");
    assert!(run(&["close", "deputy", "--reason", "left"]).1.contains("deputy is closed"));
    assert!(run(&["close", "deputy", "--reason", "left"]).1.contains("nothing was changed"));
    assert!(run(&["list"]).1.contains("deputy\tadmin\t152900\tclosed"));
    let (code, _, error) = run(&["reset-password", "deputy"]);
    assert_eq!(code, 1);
    assert!(error.contains("The account is closed"), "{error}");
    assert!(run(&["reopen", "deputy"]).1.contains("deputy is open again"));
    assert!(run(&["reopen", "deputy"]).1.contains("nothing was changed"));
    assert!(run(&["reset-second-factor", "deputy"]).1.contains("has no second factor"));
    let (code, _, error) = run(&["close", "chief", "--reason", "left"]);
    assert_eq!(code, 0, "there is another admin: {error}");
    let (code, _, error) = run(&["close", "deputy", "--reason", "left"]);
    assert_eq!(code, 1);
    assert!(error.contains("only administrator"), "{error}");
}

async fn what_was_revoked_stays_so_though_a_command_changed_the_restored_database_first(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let service = Service::start(folder.path(), &url, &[]);
    set_up(&service);
    let (_, signed_in) = sign_in(&service, PASSWORD);
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    for username in ["deputy", "clerk"] {
        let path = format!("/api/v1/accounts/{}", uuid::Uuid::new_v4());
        let other = json!({"username": username, "display_name": "Other", "role": "admin", "region": "152900"});
        assert_eq!(service.call("PUT", &path, &[("authorization", &token)], Some(&other)).status, 201);
    }
    service.stop();
    let saved = folder.path().join("backup.tar");
    backup::save(&database.url, &saved, &Programs::default()).unwrap();
    for username in ["deputy", "clerk"] {
        let (code, _, error) = account(folder.path(), &url, &["close", username, "--reason", "left"], "");
        assert_eq!(code, 0, "{error}");
    }

    let place = TestDatabase::create_empty(database.backend);
    backup::restore(&place.url, &saved, &Programs::default(), false).unwrap();
    let url = text_of(&place.url);
    // As many changes as were made since the backup; one takes back what was revoked.
    for arguments in [&["close", "clerk", "--reason", "twice"][..], &["reopen", "clerk"], &["issue-code", "chief"]] {
        let (code, _, error) = account(folder.path(), &url, arguments, "");
        assert_eq!(code, 0, "{error}");
    }
    for _ in 0..2 {
        Service::start(folder.path(), &url, &[]).stop();
        let listed = account(folder.path(), &url, &["list"], "").1;
        assert!(listed.contains("deputy\tadmin\t152900\tclosed"), "{listed}");
        assert!(listed.contains("clerk\tadmin\t152900\topen"), "{listed}");
    }
}

async fn what_cannot_be_done_is_one_line(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let service = Service::start(folder.path(), &url, &[]);
    set_up(&service);
    service.stop();
    let cases: [(&[&str], &str, &str); 5] = [
        (&["reset-password", "nobody"], "", "there is no such account"),
        (&["reset-password", "chief", "--password-stdin"], "muster2026!\n", "too easy to guess"),
        (&["reset-password", "chief", "--password-stdin"], "short\n", "at least 10 characters"),
        (&["reset-password", "chief", "--password-stdin"], "", "as one line of 10 to 256 characters"),
        (&["close", "chief", "--reason", " "], "", "give a reason"),
    ];
    for (arguments, input, told) in cases {
        let (code, out, error) = account(folder.path(), &url, arguments, input);
        assert_eq!((code, out.as_str()), (1, ""), "{arguments:?}: {error}");
        assert!(error.contains(told) && error.lines().count() == 1, "{arguments:?}: {error}");
    }
    let (code, _, error) = account(folder.path(), &url, &["issue-code", "chief", "--data-dir", "elsewhere"], "");
    assert!(code == 66 && error.contains("there are no keys in elsewhere/keys"), "{code} {error}");
    assert_eq!(error.lines().count(), 1);
    assert!(!folder.path().join("elsewhere").exists(), "no keys are made by mistake");
}

/// A backup of a database with the admins `chief` and `deputy`, and the folder of its keys, where both have been changed since:
/// the password of `chief` is another, and `deputy` is closed.
async fn changed_since_the_backup(folder: &Path, database: &TestDatabase) -> TestDatabase {
    let url = text_of(&database.url);
    let service = Service::start(folder, &url, &[]);
    set_up(&service);
    let (_, signed_in) = sign_in(&service, PASSWORD);
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    let path = format!("/api/v1/accounts/{}", uuid::Uuid::new_v4());
    let deputy = json!({"username": "deputy", "display_name": "Deputy", "role": "admin", "region": "152900"});
    assert_eq!(service.call("PUT", &path, &[("authorization", &token)], Some(&deputy)).status, 201);
    service.stop();
    let saved = folder.join("backup.tar");
    backup::save(&database.url, &saved, &Programs::default()).unwrap();
    let reset = account(folder, &url, &["reset-password", "chief", "--password-stdin"], SINCE);
    assert_eq!(reset.0, 0, "{}", reset.2);
    let closed = account(folder, &url, &["close", "deputy", "--reason", "left"], "");
    assert_eq!(closed.0, 0, "{}", closed.2);
    let place = TestDatabase::create_empty(database.backend);
    backup::restore(&place.url, &saved, &Programs::default(), false).unwrap();
    place
}

/// The password of `chief` that was set after the backup.
const SINCE: &str = "a river and six brigades";

async fn a_command_on_a_restored_database_first_carries_out_what_was_revoked(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let place = changed_since_the_backup(folder.path(), &database).await;
    let url = text_of(&place.url);
    // Without the keys nothing is changed: neither is what was revoked known, nor could the change be kept.
    for arguments in [
        &["reset-password", "chief"][..],
        &["issue-code", "chief"],
        &["reset-second-factor", "chief"],
        &["close", "deputy", "--reason", "left"],
        &["reopen", "deputy"],
    ] {
        let arguments = [arguments, &["--data-dir", "elsewhere"]].concat();
        let (code, out, error) = account(folder.path(), &url, &arguments, "");
        assert_eq!((code, out.as_str()), (66, ""), "{arguments:?}: {error}");
        assert!(error.contains("elsewhere/keys") && error.contains("MUSTER_DATA_DIR"), "{arguments:?}: {error}");
    }
    let listed = account(folder.path(), &url, &["list", "--data-dir", "elsewhere"], "").1;
    assert!(listed.contains("deputy\tadmin\t152900\topen"), "{listed}");

    // A line that a power cut left half written is told of once, and hinders nothing.
    let kept = folder.path().join("muster-data/keys/revocations.jsonl");
    std::fs::OpenOptions::new().append(true).open(&kept).unwrap().write_all(b"{\"at\":\"2026").unwrap();
    let (code, out, error) = account(folder.path(), &url, &["reopen", "deputy"], "");
    assert!(code == 0 && out.contains("deputy is open again"), "{out}{error}");
    assert_eq!(error.matches("kept beside the keys cannot be read").count(), 1, "{error}");
    let (_, out, _) = account(folder.path(), &url, &["issue-code", "chief"], "");
    let one_time_code = shown(&out).to_owned();
    for _ in 0..2 {
        Service::start(folder.path(), &url, &[]).stop();
        let listed = account(folder.path(), &url, &["list"], "").1;
        assert!(listed.contains("deputy\tadmin\t152900\topen"), "{listed}");
    }
    let service = Service::start(folder.path(), &url, &[]);
    assert_eq!((sign_in(&service, PASSWORD).0, sign_in(&service, SINCE).0), (401, 200));
    let body = json!({"code": one_time_code, "device_name": "tablet"});
    assert_eq!(service.call("POST", "/api/v1/auth/enrol", &[], Some(&body)).status, 200);
}

async fn what_a_command_did_beside_other_keys_is_not_undone(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let place = changed_since_the_backup(folder.path(), &database).await;
    let url = text_of(&place.url);
    auth::tokens::TokenKeys::load_or_create(&folder.path().join("other/keys")).unwrap();
    let newest = "neither a river nor a brigade";
    for (arguments, input) in [
        (&["reset-password", "chief", "--password-stdin"][..], newest),
        (&["close", "deputy", "--reason", "left"], ""),
        (&["reopen", "deputy"], ""),
    ] {
        let (code, _, error) = account(folder.path(), &url, &[arguments, &["--data-dir", "other"]].concat(), input);
        assert_eq!(code, 0, "{arguments:?}: {error}");
    }
    let service = Service::start(folder.path(), &url, &[]);
    assert_eq!([PASSWORD, SINCE, newest].map(|password| sign_in(&service, password).0), [401, 401, 200]);
    service.stop();
    let listed = account(folder.path(), &url, &["list"], "").1;
    assert!(listed.contains("deputy\tadmin\t152900\topen"), "{listed}");
}
