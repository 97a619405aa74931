//! The document of a standard: its days, its successor and the codes of its rules.

use std::collections::{BTreeMap, BTreeSet};

use super::super::StandardText;
use super::findings::Findings;
use super::surroundings::Surroundings;
use crate::standard::{Standard, StandardStatus};
use text::messages::message;

/// Checks the document and the codes of the rules.
pub(super) fn check(text: &StandardText, around: &Surroundings<'_>, found: &mut Findings) {
    if let (Some(from), Some(to)) = (text.valid_from, text.valid_to)
        && to < from
    {
        let detail = message!("draft-days-crossed", from = from.to_string(), to = to.to_string());
        found.fault("/valid_to", "days_crossed", detail);
    }
    if let Some(successor) = &text.replaced_by {
        if *successor == text.code {
            found.fault("/replaced_by", "replaces_itself", message!("draft-replaces-itself"));
        } else if !around.reference_data.standards.iter().any(|standard| standard.code == *successor) {
            let detail = message!("draft-successor-unknown", standard = successor);
            found.warn("/replaced_by", "successor_unknown", detail);
        } else if comes_back(text, successor, around) {
            let detail = message!("check-replaced-in-circle", standard = successor);
            found.warn("/replaced_by", "replaced_in_circle", detail);
        }
    } else if text.status == StandardStatus::Superseded {
        found.warn("/status", "superseded_by_none", message!("check-superseded-by-none"));
    }
    if text.status == StandardStatus::Draft {
        found.warn("/status", "binds_nobody", message!("draft-binds-nobody"));
    }
    if text.rules.is_empty() {
        found.warn("/rules", "no_rules", message!("draft-no-rules"));
    }
    codes(text, around, found);
}

/// True if the editions that replace a standard lead back to it.
fn comes_back(text: &StandardText, successor: &str, around: &Surroundings<'_>) -> bool {
    let (mut next, mut seen) = (Some(successor), BTreeSet::new());
    while let Some(code) = next.filter(|code| seen.insert((*code).to_owned())) {
        if code == text.code {
            return true;
        }
        next = around.successor(code);
    }
    false
}

fn codes(text: &StandardText, around: &Surroundings<'_>, found: &mut Findings) {
    let mut owners = BTreeMap::<&str, &Standard>::new();
    for standard in around.reference_data.standards.iter().filter(|standard| standard.code != text.code) {
        for theirs in &standard.rules {
            owners.entry(&theirs.code).or_insert(standard);
        }
    }
    let mut seen = BTreeSet::new();
    for (number, rule) in text.rules.iter().enumerate() {
        let at = format!("/rules/{number}/code");
        if !seen.insert(&rule.code) {
            found.fault(&at, "rule_code_twice", message!("draft-rule-code-twice", rule = &rule.code));
        }
        if let Some(owner) = owners.get(rule.code.as_str()) {
            let detail = message!("draft-rule-elsewhere", rule = &rule.code, standard = &owner.code);
            found.fault(&at, "rule_of_another_standard", detail);
        }
    }
}
