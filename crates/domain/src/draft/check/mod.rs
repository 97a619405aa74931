//! The rule check: faults and warnings in a standard before it is published, or in all that are stored.
//!
//! A fault cannot be intended, or cannot be calculated as written. A warning can be both, but is rarely intended.

mod bands;
mod book;
mod class_tables;
mod classes;
mod condition;
mod document;
mod falls;
mod findings;
mod groups;
mod names;
mod quantity;
mod ratios;
mod reach;
mod scopes;
mod selector;
mod surroundings;
#[cfg(test)]
mod tests;
mod twice;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::StandardText;
use crate::reference_data::ReferenceData;

pub use book::{adopted_texts, check_standards, with_texts};
use findings::Findings;
pub use findings::{Finding, Severity, StandardFinding};
use surroundings::{OrganizationNames, Surroundings};

/// Returns the findings about a standard as it would hold from a day: faults first, in the order of the text, and of each
/// severity the first 10,000.
pub fn check(reference_data: &ReferenceData, text: &StandardText, day: NaiveDate) -> Vec<Finding> {
    let together = BTreeSet::from([text.code.as_str()]);
    let names = OrganizationNames::default();
    check_within(text, &Surroundings { reference_data, day, together: &together, names: &names })
}

fn check_within(text: &StandardText, around: &Surroundings<'_>) -> Vec<Finding> {
    let mut found = Findings::default();
    let tables = class_tables::Tables::of(text, around);
    document::check(text, around, &mut found);
    for (number, rule) in text.rules.iter().enumerate() {
        let at = format!("/rules/{number}");
        condition::check(&at, rule, &tables, around, &mut found);
        selector::check(&at, rule, around, &mut found);
        quantity::check(&at, rule, around, &mut found);
    }
    classes::check_names(text, &tables, around, &mut found);
    ratios::check(text, around, &mut found);
    scopes::check(text, around, &mut found);
    twice::check(text, around, &mut found);
    groups::check(text, around, &mut found);
    found.all()
}
