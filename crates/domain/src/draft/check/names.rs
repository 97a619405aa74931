//! Names within rules: of facts, and of what people name themselves.

use super::findings::Findings;
use super::surroundings::Surroundings;
use crate::fact::FactKind;
use text::messages::message;

/// Reports a name that is empty or longer than a number of characters.
pub(super) fn check_length(at: &str, name: &str, most: usize, found: &mut Findings) {
    if name.trim().is_empty() || name.chars().nth(most).is_some() {
        found.fault(at, "length_out_of_bounds", message!("check-length", most = most));
    }
}

/// Reports a fact that is in no dictionary, or no number.
pub(super) fn number_of_sheet(at: &str, fact: &str, around: &Surroundings<'_>, found: &mut Findings) {
    check_fact(at, fact, FactKind::Number, around, found);
}

/// Reports a fact that is in no dictionary, or of another kind than the rule asks for.
pub(super) fn check_fact(at: &str, fact: &str, asked: FactKind, around: &Surroundings<'_>, found: &mut Findings) {
    match around.fact(fact) {
        None => found.fault(at, "fact_unknown", message!("draft-fact-unknown", fact = fact)),
        Some(entry) if entry.kind != asked => {
            found.fault(at, "fact_of_other_kind", message!("draft-fact-kind", fact = fact));
        }
        Some(_) => {}
    }
}
