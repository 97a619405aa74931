//! Checks explanations of shortages from the document alone.
//!
//! It uses none of the crates that compute figures: what it knows of the rules is written anew from their definition, so
//! that a mistake in one of the two is found by the other. `openapi/explain_check.py` is a third program of the same kind.
//!
//! Four things are told apart: the *arithmetic* (every value that follows from others follows from them), the *digest*
//! (nothing was changed since it was made), the *receipts* (the counts were accepted by the service whose keys are given),
//! and what is *not provable here*.

mod checker;
mod digest;
mod receipts;
mod rules;
mod selector;
mod shared;
mod state;
mod stock;
mod time;
mod value;

use std::collections::BTreeSet;

use serde_json::{Value, json};

pub use receipts::{KeySetError, Keys};
pub use value::Difference;

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The arithmetic.
    pub arithmetic: Arithmetic,
    /// The digest.
    pub digest: Digest,
    /// The receipts.
    pub receipts: Receipts,
    /// The codes of what cannot be proven from the document alone.
    pub not_provable_here: BTreeSet<&'static str>,
}

/// The arithmetic of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Arithmetic {
    /// Everything follows.
    Ok,
    /// Some values do not follow.
    Wrong(Vec<Difference>),
    /// It is no explanation, or lacks the member named.
    Unreadable(&'static str),
}

/// The digest of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Digest {
    /// The digest that follows from the document.
    pub expected: String,
    /// The digest that it states.
    pub found: Value,
}

/// The receipts of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipts {
    /// The number of receipts in it.
    pub given: usize,
    /// The receipts that are wrong: the pointer of each, and the code of the cause.
    pub wrong: Vec<(String, &'static str)>,
    /// The number of signatures that were not checked, because no keys were given.
    pub unchecked: usize,
}

/// A document that is not JSON.
#[derive(Debug)]
pub struct NotJson(pub serde_json::Error);

impl std::fmt::Display for NotJson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "it is not JSON: {}", self.0)
    }
}

impl std::error::Error for NotJson {}

/// Checks an explanation, and its receipts against keys if they are given.
///
/// # Errors
/// If the text is not JSON.
pub fn check(text: &str, keys: Option<&Keys>) -> Result<Report, NotJson> {
    let document: Value = serde_json::from_str(text).map_err(NotJson)?;
    let (arithmetic, not_provable_here) = match checker::check(&document) {
        Ok((differences, unprovable)) if differences.is_empty() => (Arithmetic::Ok, unprovable),
        Ok((differences, unprovable)) => (Arithmetic::Wrong(differences), unprovable),
        Err(value::Unreadable(member)) => (Arithmetic::Unreadable(member), BTreeSet::new()),
    };
    let receipts = receipts::check(&document, keys);
    Ok(Report { arithmetic, digest: digest::check(&document), receipts, not_provable_here })
}

impl Report {
    /// True if nothing is wrong, as far as it could be checked.
    pub fn is_fine(&self) -> bool {
        self.arithmetic == Arithmetic::Ok && self.digest.is_ok() && self.receipts.wrong.is_empty()
    }

    /// The report as JSON; `openapi/explain_check.py` gives the same.
    pub fn shown(&self) -> Value {
        let differences = |differences: &[Difference]| -> Vec<Value> {
            let one = |Difference { pointer, expected, found }: &Difference| json!({"pointer": pointer, "expected": expected, "found": found});
            differences.iter().map(one).collect()
        };
        let arithmetic = match &self.arithmetic {
            Arithmetic::Ok => json!({"verdict": "ok", "differences": []}),
            Arithmetic::Wrong(found) => json!({"verdict": "wrong", "differences": differences(found)}),
            Arithmetic::Unreadable(cause) => json!({"verdict": "unreadable", "cause": cause, "differences": []}),
        };
        let wrong: Vec<Value> =
            self.receipts.wrong.iter().map(|(pointer, cause)| json!({"pointer": pointer, "cause": cause})).collect();
        json!({
            "arithmetic": arithmetic,
            "digest": {
                "verdict": if self.digest.is_ok() { "ok" } else { "wrong" },
                "expected": self.digest.expected,
                "found": self.digest.found,
            },
            "receipts": {"verdict": self.receipts.verdict(), "given": self.receipts.given, "wrong": wrong},
            "not_provable_here": self.not_provable_here,
        })
    }
}

impl Digest {
    /// True if the document states its digest.
    pub fn is_ok(&self) -> bool {
        self.found == self.expected.as_str()
    }
}

impl Receipts {
    /// `wrong`, `none` given, `no_keys` to check them with, or `ok`.
    pub fn verdict(&self) -> &'static str {
        match self {
            Self { wrong, .. } if !wrong.is_empty() => "wrong",
            Self { given: 0, .. } => "none",
            Self { unchecked: 1.., .. } => "no_keys",
            Self { .. } => "ok",
        }
    }
}
