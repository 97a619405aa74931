//! Every leaf of explanations, changed one at a time.

use std::collections::BTreeSet;

use check::Arithmetic;
use serde_json::{Value, json};

use crate::worlds::Worlds;
use crate::{at, python, setting};

/// The leaves that are inputs: no program can know from the document alone that they are true.
const INPUTS: &str = include_str!("inputs.txt");

/// The number of explanations whose leaves are changed.
const EXPLANATIONS: u64 = 6;

/// A changed document: the pointer of the leaf, and the text with the digest of the change.
struct Changed {
    pointer: String,
    text: String,
}

#[test]
fn a_changed_leaf_fails_the_digest_and_a_changed_result_the_arithmetic_as_well() {
    let number = usize::try_from(setting("MUSTER_EXPLANATIONS_LEAVES", EXPLANATIONS)).unwrap();
    let inputs: Vec<Vec<&str>> =
        INPUTS.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('/').collect()).collect();
    let (mut changes, mut noticed) = (0, 0);
    let mut unnoticed = BTreeSet::new();
    let mut differing = Vec::new();
    for document in Worlds::new(setting("MUSTER_EXPLANATIONS_SEED", 1)).step_by(7).take(number) {
        let changed = changed(&document);
        let texts: Vec<String> = changed.iter().map(|one| one.text.clone()).collect();
        let theirs = python::check(&texts, None).into_iter().flatten().map(Some).chain(std::iter::repeat(None));
        for (Changed { pointer, text }, theirs) in changed.into_iter().zip(theirs) {
            changes += 1;
            let report = check::check(&text, None).unwrap();
            assert!(report.digest.is_ok(), "the digest was made anew: {pointer}");
            let ok = report.arithmetic == Arithmetic::Ok;
            if let Some(theirs) = theirs.filter(|theirs| ok != (theirs["arithmetic"]["verdict"] == "ok")) {
                differing.push((pointer.clone(), report.shown(), theirs));
            }
            let steps: Vec<&str> = pointer.split('/').collect();
            if !ok {
                noticed += 1;
            } else if !inputs.iter().any(|input| names(input, &steps)) {
                unnoticed.insert(pointer);
            }
        }
    }
    assert!(noticed > 0, "no leaf was changed whose change fails the arithmetic");
    println!("{changes} leaves changed, {noticed} of them fail the arithmetic");
    assert!(differing.is_empty(), "the checkers differ: {differing:#?}");
    assert!(unnoticed.is_empty(), "results that change unnoticed: {unnoticed:#?}");
}

/// Every change of one leaf outside the words. Each fails the digest until it is made anew.
fn changed(document: &str) -> Vec<Changed> {
    let original: Value = serde_json::from_str(document).unwrap();
    let mut leaves = Vec::new();
    find(&original, String::new(), &mut leaves);
    let mut changed = Vec::new();
    for pointer in leaves {
        for value in others(original.pointer(&pointer).unwrap()) {
            let mut document = original.clone();
            *at(&mut document, &pointer) = value;
            let report = check::check(&document.to_string(), None).unwrap();
            assert!(!report.digest.is_ok(), "the digest does not cover {pointer}");
            if pointer != "/sha256" {
                document["sha256"] = json!(report.digest.expected);
                changed.push(Changed { pointer: pointer.clone(), text: document.to_string() });
            }
        }
    }
    changed
}

fn find(value: &Value, pointer: String, leaves: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, part) in members.iter().filter(|(name, _)| *name != "words") {
                find(part, format!("{pointer}/{name}"), leaves);
            }
        }
        Value::Array(parts) => {
            parts.iter().enumerate().for_each(|(place, part)| find(part, format!("{pointer}/{place}"), leaves));
        }
        _ => leaves.push(pointer),
    }
}

/// Groups of codes: a leaf that is one of them becomes another.
const CODES: [&[&str]; 9] = [
    &["mandatory", "recommended", "reference", "optional"],
    &["established", "indicative"],
    &["met", "short", "unknown", "not_set", "not_required", "at", "below"],
    &["serviceable", "in_repair", "unserviceable"],
    &["here", "lent"],
    &["physical", "agreement", "capacity"],
    &["yes", "no"],
    &["own", "inspection"],
    &["current", "superseded", "resolved", "taken_out", "voided"],
];

/// Other values of the same type.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(value) => vec![json!(!value)],
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let next = if number < 999_999_998.0 { number + 1.0 } else { number - 1.0 };
            vec![if next.fract() == 0.0 { json!(next as i64) } else { json!((next * 1_000.0).round() / 1_000.0) }]
        }
        Value::String(text) => {
            let day = text.parse::<chrono::NaiveDate>().ok().and_then(|day| day.succ_opt());
            let code = CODES.iter().find(|codes| codes.contains(&text.as_str()));
            let other = code.and_then(|codes| codes.iter().find(|code| *code != text));
            match (day, other) {
                (Some(day), _) => vec![json!(day.to_string())],
                (None, Some(other)) => vec![json!(other), json!(format!("{text}x"))],
                (None, None) => vec![json!(format!("{text}x"))],
            }
        }
        Value::Null => vec![json!(1)],
        Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

/// True if a pattern names a pointer, both step by step: `*` is any step, `**` are any steps or none.
fn names(pattern: &[&str], pointer: &[&str]) -> bool {
    match (pattern, pointer) {
        ([], []) => true,
        (["**", rest @ ..], _) => (0..=pointer.len()).any(|skipped| names(rest, &pointer[skipped..])),
        ([step, rest @ ..], [own, others @ ..]) => (*step == "*" || step == own) && names(rest, others),
        _ => false,
    }
}
