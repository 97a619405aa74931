//! The checker in Python.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The reports of the checker in Python about some explanations; `None` if Python is not installed and need not be.
///
/// # Panics
/// If it is not installed, and nothing may be left out for want of a program.
pub fn check(documents: &[String], key_set: Option<&Path>) -> Option<Vec<Value>> {
    if Command::new("python3").arg("--version").output().is_err() {
        let may_be_left_out = std::env::var("MUSTER_TEST_POSTGRES").as_deref() != Ok("required");
        assert!(may_be_left_out, "python3 is not installed");
        eprintln!("the checker in Python is left out: python3 is not installed");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lines.jsonl");
    let mut file = File::create(&path).unwrap();
    documents.iter().for_each(|document| writeln!(file, "{document}").unwrap());
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/explain_check.py");
    let mut command = Command::new("python3");
    command.arg("-B").arg(program).arg("--lines").stdin(File::open(path).unwrap()).stderr(Stdio::inherit());
    if let Some(key_set) = key_set {
        command.arg("--keys").arg(key_set);
    }
    let output = command.output().expect("python3 runs the checker");
    let text = String::from_utf8(output.stdout).unwrap();
    let reports: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), documents.len(), "one report for each explanation");
    Some(reports)
}
