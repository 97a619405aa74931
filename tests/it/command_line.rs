//! Traits common to all commands of the program: the names of options, the settings file, and the files left behind.

use std::fs;
use std::path::Path;

use serde_json::json;
use tempfile::TempDir;

use crate::cases::{NoDatabase, cases};
use crate::database::TestDatabase;
use crate::process::{Service, muster, outcome, text_of};

cases![
    one_option_has_one_name_and_one_meaning,
    every_command_reads_the_settings_file,
    an_export_takes_no_files_place_and_leaves_nothing_half_done,
    an_export_never_takes_the_place_of_its_database,
    files_that_cannot_be_used_have_exit_codes_of_their_own,
    a_full_log_costs_its_lines_only,
    the_address_that_is_shown_answers,
    keys_that_others_can_read_are_refused_at_start,
    standards_with_faults_have_an_exit_code_of_their_own,
];

/// The commands that use a database by its setting.
const ON_A_DATABASE: [&[&str]; 10] = [
    &["serve"],
    &["migrate"],
    &["import"],
    &["export"],
    &["generate"],
    &["labels"],
    &["check-standards"],
    &["backup"],
    &["restore"],
    &["verify", "chain"],
];

fn help(command: &[&str]) -> String {
    let output = muster(Path::new("."), &[command, &["--help"]].concat(), &[]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

async fn one_option_has_one_name_and_one_meaning(_: NoDatabase) {
    let mut others: Vec<&[&str]> =
        vec![&["demo"], &["openapi"], &["verify", "receipt"], &["phone"], &["phone", "sync"]];
    others.extend(ON_A_DATABASE);
    for command in others {
        let help = help(command);
        assert!(help.contains("--config <FILE>") && help.contains("--log <FILTER>"), "{command:?}: {help}");
        assert!(!help.contains("--database <") && !help.contains("--data <"), "{command:?}: {help}");
        assert!(help.contains("Exit codes:"), "{command:?}: {help}");
    }
    for command in ON_A_DATABASE {
        assert!(help(command).contains("--database-url <URL>"), "{command:?}");
    }
    assert!(help(&["demo"]).contains("--data-dir <DIR>") && help(&["serve"]).contains("--data-dir <DIR>"));
}

async fn every_command_reads_the_settings_file(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let restored = TestDatabase::create_empty(database.backend);
    let file =
        |name: &str, url: &str| fs::write(folder.path().join(name), format!("database_url = {url:?}\n")).unwrap();
    file("m.toml", &text_of(&database.url));
    file("restored.toml", &text_of(&restored.url));
    let service = Service::start(folder.path(), &text_of(&database.url), &[]);
    let keys = service.call("GET", "/.well-known/jwks.json", &[], None).body;
    fs::write(folder.path().join("jwks.json"), keys.to_string()).unwrap();
    assert_eq!(service.stop().0, 0);
    fs::write(folder.path().join("classes.csv"), "code,name_en,name_zh\nfire,Fire,消防\n").unwrap();
    for (arguments, config) in [
        (&["migrate"][..], "m.toml"),
        (&["migrate", "--status"], "m.toml"),
        (&["import", "--form", "item_classes", "classes.csv", "--dry-run"], "m.toml"),
        (&["export", "--to", "all.xlsx"], "m.toml"),
        (&["check-standards"], "m.toml"),
        (&["backup", "--to", "b.tar"], "m.toml"),
        (&["restore", "--from", "b.tar"], "restored.toml"),
        (&["verify", "chain", "--keys", "jwks.json"], "m.toml"),
    ] {
        let (code, said) = outcome(folder.path(), arguments, &[("MUSTER_CONFIG", config)]);
        assert_eq!(code, 0, "{arguments:?}: {said}");
        let (code, said) = outcome(folder.path(), arguments, &[("MUSTER_CONFIG", "none.toml")]);
        assert!(code == 2 && said.contains("none.toml cannot be read"), "{arguments:?}: {code} {said}");
        let without: Vec<&str> = arguments.iter().copied().filter(|word| *word != "--dry-run").collect();
        let (code, said) = outcome(folder.path(), &without, &[]);
        assert!(code == 2 && said.contains("DATABASE_URL is not set"), "{without:?}: {code} {said}");
    }
    fs::write(folder.path().join("bad.toml"), "log_format = \"xml\"\n").unwrap();
    for arguments in [&["openapi"][..], &["phone", "status"], &["demo"], &["export", "--template", "--to", "t.xlsx"]] {
        let (code, said) = outcome(folder.path(), arguments, &[("MUSTER_CONFIG", "bad.toml")]);
        assert!(code == 2 && said.contains("log_format"), "{arguments:?}: {code} {said}");
    }
    let left = ["muster-demo", "t.xlsx"].map(|name| folder.path().join(name).exists());
    assert_eq!(left, [false; 2]);
}

async fn an_export_takes_no_files_place_and_leaves_nothing_half_done(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let export = |arguments: &[&str]| outcome(folder.path(), &[&["export", "--template"], arguments].concat(), &[]);
    fs::write(path("mine.xlsx"), "mine").unwrap();
    fs::create_dir(path("out")).unwrap();
    fs::write(path("out/items.csv"), "mine").unwrap();
    for (arguments, kept) in
        [(&["--to", "mine.xlsx"][..], "mine.xlsx"), (&["--format", "csv", "--to", "out"], "out/items.csv")]
    {
        let (code, said) = export(arguments);
        assert!(code == 1 && said.contains("is there already") && said.lines().count() == 1, "{said}");
        assert_eq!(fs::read_to_string(path(kept)).unwrap(), "mine");
        assert_eq!(fs::read_dir(path("out")).unwrap().count(), 1);
        assert_eq!(export(&[arguments, &["--overwrite"]].concat()).0, 0);
        assert_ne!(fs::read(path(kept)).unwrap(), b"mine");
        fs::remove_dir_all(path("out")).unwrap();
        fs::create_dir(path("out")).unwrap();
        fs::write(path("out/items.csv"), "mine").unwrap();
    }
    for (to, expected) in [("none/x.xlsx", 66), ("out", 1)] {
        let (code, said) = export(&["--to", to]);
        assert!(code == expected && said.lines().count() == 1, "{to}: {code} {said}");
        assert!(said.contains(to) && !said.contains("unfinished"), "{to}: {said}");
    }
    // A database that cannot be used leaves no file behind.
    let arguments = ["export", "--to", "new.xlsx", "--database-url", "sqlite:none.sqlite"];
    assert_eq!(outcome(folder.path(), &arguments, &[]).0, 66);
    let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["mine.xlsx", "out"]);
}

async fn an_export_never_takes_the_place_of_its_database(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let on = |arguments: &[&str]| outcome(folder.path(), arguments, &[("DATABASE_URL", "sqlite:m.sqlite")]);
    assert_eq!(on(&["migrate"]).0, 0);
    for to in ["m.sqlite", "./m.sqlite", "m.sqlite-wal"] {
        let (code, said) = on(&["export", "--to", to, "--overwrite"]);
        assert!(code == 1 && said.contains("belongs to the database"), "{to}: {code} {said}");
    }
    assert_eq!(on(&["migrate", "--status"]).0, 0);
}

async fn files_that_cannot_be_used_have_exit_codes_of_their_own(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let on = |arguments: &[&str]| outcome(folder.path(), arguments, &[("DATABASE_URL", "sqlite:m.sqlite")]);
    assert_eq!(on(&["migrate"]).0, 0);
    fs::write(folder.path().join("none.json"), r#"{"keys":[]}"#).unwrap();
    for (arguments, expected, told) in [
        (&["verify", "receipt", "nofile", "--keys", "none.json"][..], 66, "nofile cannot be read"),
        (&["verify", "chain", "--keys", "nokeys.json"], 66, "nokeys.json cannot be read"),
        (&["verify", "chain", "--keys", "none.json"], 78, "no key that can be used"),
        (&["import", "nofile.csv"], 66, "nofile.csv cannot be read"),
        (&["export", "--to", "nowhere/out.xlsx"], 66, "nowhere/out.xlsx cannot be written"),
        (&["account", "issue-code", "root", "--data-dir", "nowhere"], 66, "there are no keys in nowhere"),
    ] {
        let (code, said) = on(arguments);
        assert!(code == expected && said.contains(told), "{arguments:?}: {code} {said}");
        assert!(said.lines().count() == 1 && !said.contains("unfinished"), "{arguments:?}: {said}");
    }
}

/// Writing to `/dev/full` fails as on a full disk, and a pipe that nobody reads fails likewise.
#[cfg(target_os = "linux")]
async fn a_full_log_costs_its_lines_only(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = muster(folder.path(), &["openapi"], &[]).stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(74));
    let settings = [("MUSTER_CREATE_DATABASE", "yes"), ("MUSTER_LOG", "trace")];
    let service = Service::start_unread(folder.path(), "sqlite:m.sqlite", &settings);
    for _ in 0..3 {
        assert_eq!(service.call("GET", "/health/ready", &[], None).status, 200);
    }
    assert_eq!(service.stop().0, 0);
}

#[cfg(not(target_os = "linux"))]
async fn a_full_log_costs_its_lines_only(_: NoDatabase) {}

async fn the_address_that_is_shown_answers(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let create = ("MUSTER_CREATE_DATABASE", "yes");
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[create, ("MUSTER_LISTEN", "0.0.0.0:0")]);
    assert!(service.base.starts_with("http://127.0.0.1:"), "{}", service.base);
    assert_eq!(service.call("GET", "/health/ready", &[], None).status, 200);
    assert!(service.out().contains(&format!("{}/api/v1/setup", service.base)), "{}", service.out());
}

async fn keys_that_others_can_read_are_refused_at_start(_: NoDatabase) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().unwrap();
    let create = ("MUSTER_CREATE_DATABASE", "yes");
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[create]);
    assert_eq!(service.call("GET", "/health/ready", &[], None).body["status"], json!("ok"));
    assert_eq!(service.stop().0, 0);
    let keys = folder.path().join("muster-data/keys");
    for made in [keys.parent().unwrap(), &keys, &keys.join("receipts")] {
        assert_eq!(fs::metadata(made).unwrap().permissions().mode() & 0o777, 0o700, "{made:?}");
    }
    let mut paths = fs::read_dir(keys.join("receipts")).unwrap().map(|entry| entry.unwrap().path());
    let key = paths.find(|path| path.extension().is_some()).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let (code, said) = outcome(folder.path(), &["serve"], &[("DATABASE_URL", "sqlite:m.sqlite")]);
    assert!(code == 77 && said.contains("chmod 600") && said.lines().count() == 1, "{code} {said}");
}

async fn standards_with_faults_have_an_exit_code_of_their_own(database: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let rule = |code: &str, unit: &str| {
        json!({
            "code": code, "clause": "1", "applies_when": {"kind": "enterprise"}, "scope": "organization",
            "selector": {"item": "L2010101"}, "quantity": {"rate": {"n": unit.len()}}, "unit": unit,
            "strength": "mandatory", "text_en": "Two.", "text_zh": "两套。", "confidence": "illustrative"
        })
    };
    let standard = |code: &str, unit: &str| {
        json!({
            "code": code, "title_en": "Own", "title_zh": "自有", "jurisdiction": "CN", "status": "in_force",
            "rules": [rule(&format!("{code}-1"), unit)]
        })
    };
    let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
    write("good.json", standard("GOOD", "set").to_string());
    write("bad.json", standard("BAD", "kg").to_string());
    write("broken.json", "{}".to_owned());
    let run = |arguments: &[&str], url: Option<&str>| {
        let variables: Vec<(&str, &str)> = url.map(|url| ("DATABASE_URL", url)).into_iter().collect();
        let output = muster(folder.path(), &[&["check-standards"], arguments].concat(), &variables).output().unwrap();
        let [out, told] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        (output.status.code().unwrap(), out, told)
    };
    let (code, out, told) = run(&["good.json"], None);
    assert_eq!((code, out.as_str(), told.as_str()), (0, "0 faults, 0 warnings.\n", ""));
    let (code, out, told) = run(&["good.json", "bad.json"], None);
    assert!(code == 6 && told.contains("faults found: 1"), "{code} {told}");
    assert!(out.starts_with("fault [unit_differs] BAD BAD-1 /rules/0/unit: "), "{out}");
    let (code, out, _) = run(&["--language", "zh-CN", "--report", "json", "bad.json"], None);
    let findings: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &findings[0]["code"], &findings[0]["rule"]), (6, &json!("unit_differs"), &json!("BAD-1")));
    assert!(findings[0]["detail"].as_str().unwrap().ends_with('。'), "{findings}");
    assert_eq!(run(&["broken.json"], None).0, 1);
    assert_eq!(run(&["none.json"], None).0, 66);
    // Beside a database whose catalogue does not have the item.
    let url = text_of(&database.url);
    let (code, out, _) = run(&["--stored", "good.json"], Some(&url));
    assert!(code == 6 && out.contains("item_unknown"), "{code} {out}");
    let (code, out, told) = run(&[], Some(&url));
    assert_eq!((code, out.as_str()), (0, "0 faults, 0 warnings.\n"), "{told}");
}
