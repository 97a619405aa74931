//! The check of several standards together, and of whom they reach.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::super::StandardText;
use super::check_within;
use super::findings::{Finding, MOST_FINDINGS, MOST_STEPS, StandardFinding, Steps};
use super::reach;
use super::surroundings::{OrganizationNames, Surroundings};
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::revision::{Dated, Learnt, Revision, in_force, in_force_or_first};
use crate::standard::{RuleHistory, Standard};

/// The position in the order of commits of a text that is only checked.
const SENT: Learnt = Learnt { revision: Revision::LATEST, at: DateTime::<Utc>::MAX_UTC };

/// Returns the reference data with some standards as they would hold from a day.
pub fn with_texts(reference_data: &ReferenceData, texts: &[StandardText], day: NaiveDate) -> ReferenceData {
    let mut changed = reference_data.clone();
    changed.standards.retain(|standard| texts.iter().all(|text| text.code != standard.code));
    changed.standards.extend(texts.iter().map(|text| standard_of(text, day)));
    changed
}

fn standard_of(text: &StandardText, day: NaiveDate) -> Standard {
    let rule = |rule: &crate::rule::Rule| RuleHistory {
        code: rule.code.clone(),
        versions: vec![Dated { valid_from: day, learnt: SENT, value: Some(rule.clone()) }],
    };
    Standard {
        code: text.code.clone(),
        versions: vec![Dated { valid_from: day, learnt: SENT, value: text.document() }],
        rules: text.rules.iter().map(rule).collect(),
    }
}

/// Returns the stored standards as they hold on a day: those adopted then or later, or all where none is.
pub fn adopted_texts(reference_data: &ReferenceData, day: NaiveDate) -> Vec<StandardText> {
    let binds = |standard: &&Standard| {
        reference_data.adoptions.iter().filter(|adoption| adoption.standard == standard.code).any(|adoption| {
            let now = in_force(&adoption.versions, day).is_some_and(|row| row.value.is_some());
            now || adoption.versions.iter().any(|row| row.valid_from > day && row.value.is_some())
        })
    };
    let adopted: Vec<&Standard> = reference_data.standards.iter().filter(binds).collect();
    let some = if adopted.is_empty() { reference_data.standards.iter().collect() } else { adopted };
    let text = |standard: &Standard| {
        let document = in_force_or_first(&standard.versions, day)?.value.clone();
        let rules = standard.rules.iter().filter_map(|history| history.on(day).cloned()).collect();
        Some(StandardText::of(&standard.code, &document, rules))
    };
    some.into_iter().filter_map(text).collect()
}

/// Returns the findings about standards that are part of the reference data, on a day, by standard; then those about whom
/// the rules reach among some organizations. At most 10,000 of them.
pub fn check_standards(
    reference_data: &ReferenceData,
    texts: &[StandardText],
    organizations: &[OrganizationData],
    day: NaiveDate,
) -> Vec<StandardFinding> {
    let together: BTreeSet<&str> = texts.iter().map(|text| text.code.as_str()).collect();
    let profiles = || organizations.iter().filter_map(|records| records.organization.active_on(day));
    let names = OrganizationNames {
        types: profiles().filter_map(|profile| profile.organization_type.as_deref()).collect(),
        sectors: profiles().filter_map(|profile| profile.sector.as_deref()).collect(),
    };
    let around = Surroundings { reference_data, day, together: &together, names: &names };
    let (mut all, mut steps) = (Vec::new(), Steps::of(MOST_STEPS));
    for text in texts {
        if all.len() >= MOST_FINDINGS {
            break;
        }
        let found;
        (found, steps) = check_within(text, &around, steps);
        all.extend(found.into_iter().map(|finding| of_text(text, finding)));
    }
    all.extend(reach::check(reference_data, texts, organizations, day, steps));
    all.truncate(MOST_FINDINGS);
    all
}

fn of_text(text: &StandardText, finding: Finding) -> StandardFinding {
    let number = finding.fault.pointer.strip_prefix("/rules/").and_then(|rest| rest.split('/').next()?.parse().ok());
    let rule = number.and_then(|number: usize| text.rules.get(number)).map(|rule| rule.code.clone());
    StandardFinding { standard: Some(text.code.clone()), rule, organization: None, finding }
}
