//! The pages for people: their engine under Node, their types and lint, and the pages of a demo in a browser. Each file of
//! `tests/web` is a trial.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::cases::{Case, case_with};
use crate::demo::Demo;
use crate::tools::Tool;

/// The password of all accounts of the demos.
const PASSWORD: &str = "a password for the tests of pages";

/// The folder of the tests.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/web")
}

/// The tests of this file.
pub fn cases() -> Vec<Case> {
    let of = |kind: &'static str, needs: &'static [Tool], run: fn(&Path)| {
        let files = test_files(&folder().join(kind));
        assert!(!files.is_empty(), "tests/web/{kind} has no tests");
        files.into_iter().map(move |file| {
            let stem = file.file_name().and_then(|name| name.to_str()).unwrap().trim_end_matches(".test.js").to_owned();
            case_with(format!("pages::{kind}::{stem}"), needs, move || async move { run(&file) }).bounded_by_work()
        })
    };
    let types = case_with("pages::types_are_checked".to_owned(), &[Tool::NodePackages], || async { check_types() });
    let baseline =
        case_with("pages::the_baseline_is_kept".to_owned(), &[Tool::NodePackages], || async { node(&["lint/run.js"]) });
    let engine = of("engine", &[Tool::NodePackages], |file| run(file, &[]));
    let screens = of("pages", &[Tool::NodePackages, Tool::Chromium], in_browser);
    let board = of("board", &[Tool::NodePackages, Tool::Chromium], in_browser);
    engine.chain(screens).chain(board).chain([types.bounded_by_work(), baseline.bounded_by_work()]).collect()
}

fn test_files(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut tests: Vec<PathBuf> = files.filter(|file| file.to_str().unwrap().ends_with(".test.js")).collect();
    tests.sort();
    tests
}

/// Runs a file of tests; one that is skipped there is a failure.
fn run(file: &Path, variables: &[(&str, &str)]) {
    let output = Command::new(Tool::Node.program().unwrap())
        .args(["--test", "--test-reporter=tap"])
        .arg(file)
        .current_dir(folder())
        .env("MUSTER", env!("CARGO_BIN_EXE_muster"))
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let number = |what: &str| said.lines().find_map(|line| line.strip_prefix(what)?.trim().parse::<u32>().ok());
    assert_eq!(number("# skipped "), Some(0), "{said}");
    assert!(number("# pass ").is_some_and(|passed| passed > 0), "{said}");
}

/// Runs a file of tests against a demo of its own.
fn in_browser(file: &Path) {
    let data = TempDir::new().unwrap();
    let demo = Demo::start(data.path(), &["--password", PASSWORD]);
    let admin = demo.token("admin");
    let asked = json!({"account": "t3"});
    let (status, enrolment) = demo.call("POST", "/api/v1/enrolments", Some(&admin), Some(&asked));
    assert!([200, 201].contains(&status), "{enrolment}");
    let chromium = Tool::Chromium.program().unwrap();
    let variables = [
        ("MUSTER_ADDRESS", demo.base.as_str()),
        ("MUSTER_USERNAME", "t3"),
        ("MUSTER_PASSWORD", PASSWORD),
        ("MUSTER_CODE", enrolment["code"].as_str().unwrap()),
        ("CHROMIUM", chromium.to_str().unwrap()),
    ];
    run(file, &variables);
}

/// Checks the types of the pages and of their tests, with those of the API as the document has them.
fn check_types() {
    node(&["types/generate.js"]);
    for project in ["../../web", ".", "pages", "board"] {
        node(&["node_modules/typescript/bin/tsc", "--noEmit", "--project", project]);
    }
}

/// Runs a program of Node in the folder of the tests.
fn node(arguments: &[&str]) {
    let output = Command::new(Tool::Node.program().unwrap()).args(arguments).current_dir(folder()).output().unwrap();
    let [said, complained] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(output.status.success(), "{arguments:?}: {said}{complained}");
}
