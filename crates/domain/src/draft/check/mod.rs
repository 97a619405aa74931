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
pub use findings::{Finding, Severity, StandardFinding};
use findings::{Findings, MOST_STEPS, Steps};
use surroundings::{OrganizationNames, Surroundings};

/// Returns the findings about a standard as it would hold from a day: faults first, in the order of the text, and of each
/// severity the first 10,000.
pub fn check(reference_data: &ReferenceData, text: &StandardText, day: NaiveDate) -> Vec<Finding> {
    let together = BTreeSet::from([text.code.as_str()]);
    let names = OrganizationNames::default();
    check_within(text, &Surroundings { reference_data, day, together: &together, names: &names }, Steps::of(MOST_STEPS))
        .0
}

/// Returns the findings about a standard in its surroundings, and the steps that are left of those given.
fn check_within<'t>(text: &'t StandardText, around: &Surroundings<'t>, steps: Steps) -> (Vec<Finding>, Steps) {
    let mut found = Findings::within(steps);
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
    let mut meetings = groups::Meetings::default();
    twice::check(text, around, &mut meetings, &mut found);
    groups::check(text, around, &mut meetings, &mut found);
    found.all()
}
