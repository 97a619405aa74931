//! Benchmark of the rule check of standards written to make it work hard: `cargo bench -p domain --bench rule_check`.
//! Machines differ: compare figures of one run only.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark that meets the unexpected should stop there"
)]

use std::collections::BTreeMap;
use std::time::Instant;

use domain::draft::{StandardText, check, check_standards, with_texts};
use domain::reference_data::ReferenceData;
use serde_json::{Value, json};

/// The most rules of a standard.
const RULES: usize = 1_000;

fn main() {
    let alike = |_: usize| json!({"kind": "rescue_team"});
    let by_type = |number: usize| json!({"type": format!("type_{number}")});
    // 14 tags of its own make 16,384 cases of every rule, and too many of every pair.
    let tags = |from: usize, many: usize| -> Vec<Value> {
        (from..from + many).map(|tag| json!({"tag": format!("tag_{tag}")})).collect()
    };
    let of_many_cases = |number: usize| json!({"any": tags(number * 14, 14)});
    // Pairs of rules share their tags, so that each pair has 16,384 cases too; a number keeps the conditions apart.
    let of_shared_tags = |number: usize| json!({"any": [{"all": tags(0, 13)}, {"not": tags(number % 13, 1)[0]}, {"type": format!("type_{number}")}]});
    let along = |number: usize| json!({"compare": {"fact": "people", "op": "at_least", "value": number}});
    let number = |number: usize| json!({"rate": {"n": 1 + number}});
    let limits =
        |number: usize| json!({"rate": {"n": 1, "of": "people", "at_least": 2 * number, "at_most": 2 * number + 1}});
    let band = |_: usize| {
        let row = |row: usize| json!({"from": row, "below": row + 1, "and_from": row, "and_below": row + 1, "n": row});
        json!({"band": {"of": "people", "and": "workplaces", "rows": (0..100).map(row).collect::<Vec<_>>()}})
    };
    for (name, when, quantity) in [
        ("alike", &alike as &dyn Fn(usize) -> Value, &number as &dyn Fn(usize) -> Value),
        ("of a type each", &by_type, &number),
        ("of a type each, with limits", &by_type, &limits),
        ("of 16,384 cases each", &of_many_cases, &number),
        ("of 16,384 cases a pair", &of_shared_tags, &limits),
        ("from a number on each", &along, &number),
        ("of bands by two facts", &by_type, &band),
    ] {
        let rules = (0..RULES).map(|place| rule(place, "MASK", &when(place), &quantity(place)));
        measure(name, rules.collect());
    }
    let ratio = |place: usize| json!({"ratio": {"n": 1, "per": 1, "to": {"item": (["MASK", "SPARE"][place % 2])}}});
    let ratios = (0..RULES).map(|place| rule(place, ["SPARE", "MASK"][place % 2], &by_type(place), &ratio(place)));
    measure("ratios to each other", ratios.collect());
    let scope = |place: usize| {
        let mut scoped = rule(place, "MASK", &alike(place), &number(place));
        scoped["scope"] = json!(
            format!("{}{place:04}", "of_the_longest_name_that_a_scope_may_have_and_no_other_")
                .replace(|digit: char| digit.is_ascii_digit(), "x")
                + &letters(place)
        );
        scoped
    };
    measure("of a scope each", (0..RULES).map(scope).collect());
    all_of_muster();
}

/// Checks the standards that Muster brings along, beside each other.
fn all_of_muster() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/standards");
    let read = |file: std::io::Result<std::fs::DirEntry>| -> StandardText {
        serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap()
    };
    let mut texts: Vec<StandardText> = std::fs::read_dir(folder).unwrap().map(read).collect();
    texts.sort_by(|one, other| one.code.cmp(&other.code));
    let day = "2026-11-23".parse().unwrap();
    let start = Instant::now();
    let found = check_standards(&with_texts(&nothing(), &texts, day), &texts, &[], day);
    assert!(found.iter().all(|one| one.finding.fault.code != "not_fully_checked"));
    println!("{} standards of Muster: {:.2?}, {} findings", texts.len(), start.elapsed(), found.len());
}

fn nothing() -> ReferenceData {
    ReferenceData {
        regions: Vec::new(),
        items: BTreeMap::new(),
        dictionary: Vec::new(),
        standards: Vec::new(),
        adoptions: Vec::new(),
    }
}

fn letters(number: usize) -> String {
    [number / 100, number / 10 % 10, number % 10]
        .iter()
        .map(|digit| char::from(b'a' + u8::try_from(*digit).unwrap()))
        .collect()
}

fn rule(place: usize, item: &str, when: &Value, quantity: &Value) -> Value {
    json!({
        "code": format!("R{place:04}"), "clause": "1", "applies_when": when, "scope": "team", "selector": {"item": item},
        "quantity": quantity, "unit": "piece", "strength": "mandatory", "text_en": "text", "text_zh": "条文",
        "confidence": "verified"
    })
}

fn measure(name: &str, rules: Vec<Value>) {
    let text: StandardText = serde_json::from_value(json!({
        "code": "S", "title_en": "Benchmark", "title_zh": "基准", "jurisdiction": "CN", "status": "in_force", "rules": rules
    }))
    .unwrap();
    let reference_data = nothing();
    let start = Instant::now();
    let found = check(&reference_data, &text, "2026-11-23".parse().unwrap());
    println!("{RULES} rules {name}: {:.2?}, {} findings", start.elapsed(), found.len());
}
