//! Random explanations, made by the engine and checked by both checkers.
//!
//! `MUSTER_EXPLANATIONS` is their number (300 if it is not set), `MUSTER_EXPLANATIONS_SEED` the seed (1), and
//! `MUSTER_EXPLANATIONS_FROM` the number of those skipped before (0). With 100,000, in the release profile:
//!
//! ```sh
//! MUSTER_EXPLANATIONS=100000 MUSTER_EXPLANATIONS_SEED=7 cargo test --release -p check --test random -- --nocapture
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that meets the unexpected should stop there, and this one reads the environment"
)]

mod leaves;
mod python;
mod receipts;
mod worlds;

use std::collections::BTreeMap;

use check::Arithmetic;
use serde_json::Value;

use worlds::Worlds;

/// The number of explanations that the checker in Python reads at once.
const BATCH: usize = 1_000;

/// A number from the environment. One that is misspelt stops the test, which would otherwise prove something else than was
/// asked for.
fn setting(name: &str, usual: u64) -> u64 {
    let Ok(text) = std::env::var(name) else { return usual };
    text.parse().unwrap_or_else(|error| panic!("{name} is {text:?}, which is not a whole number: {error}"))
}

#[test]
fn both_checkers_prove_what_the_engine_says() {
    let (number, seed) = (setting("MUSTER_EXPLANATIONS", 300), setting("MUSTER_EXPLANATIONS_SEED", 1));
    let from = usize::try_from(setting("MUSTER_EXPLANATIONS_FROM", 0)).unwrap();
    let mut worlds = Worlds::new(seed).skip(from).take(usize::try_from(number).unwrap());
    assert!(number > 0, "MUSTER_EXPLANATIONS is 0: nothing would be proven");
    let (mut done, mut unprovable, mut by_both) = (from, BTreeMap::<&str, usize>::new(), true);
    loop {
        let documents: Vec<String> = worlds.by_ref().take(BATCH).collect();
        if documents.is_empty() {
            break;
        }
        let reports = python::check(&documents, None);
        by_both &= reports.is_some();
        let reports = reports.into_iter().flatten().map(Some).chain(std::iter::repeat(None));
        for (document, theirs) in documents.iter().zip(reports) {
            let report = check::check(document, None).unwrap();
            assert_eq!(report.arithmetic, Arithmetic::Ok, "seed {seed}, explanation {done}: {document}");
            assert!(report.digest.is_ok(), "seed {seed}, explanation {done}: {document}");
            if let Some(theirs) = theirs {
                assert_eq!(report.shown(), theirs, "seed {seed}, explanation {done}: {document}");
            }
            report.not_provable_here.iter().for_each(|code| *unprovable.entry(code).or_default() += 1);
            done += 1;
        }
    }
    let proven = done - from;
    assert_eq!(u64::try_from(proven), Ok(number), "explanations proven, and asked for");
    let checkers = if by_both { "both checkers" } else { "the checker in Rust alone" };
    println!("{proven} explanations proven by {checkers}; not provable here: {unprovable:?}");
}

#[test]
fn the_example_of_the_document_proves_itself() {
    let report = check::check(include_str!("../../../domain/src/explained.json"), None).unwrap();
    assert!(report.is_fine(), "{:#}", report.shown());
}

/// The value that a pointer names.
fn at<'v>(document: &'v mut Value, pointer: &str) -> &'v mut Value {
    document.pointer_mut(pointer).unwrap()
}
