//! The checker in Python.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// The reports of the checker in Python about some explanations.
pub fn check(documents: &[String], key_set: Option<&Path>) -> Vec<Value> {
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
    reports
}
