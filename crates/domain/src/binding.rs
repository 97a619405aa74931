//! Binding: which rules bind the organizations of a region on a day, and with what strength.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::reference_data::ReferenceData;
use super::region::Region;
use super::revision::in_force;
use super::rule::{Rule, RuleRole, Strength};
use super::standard::{Standard, StandardDocument, StandardStatus};

/// A standard that binds in a region on a day.
#[derive(Clone, Copy, Debug)]
pub struct BindingStandard<'a> {
    /// The standard.
    pub standard: &'a Standard,
    /// Its document as of that day.
    pub document: &'a StandardDocument,
    /// The region that adopted it with the greatest strength.
    pub region: &'a Region,
    /// That strength.
    pub strength: Strength,
    /// The day from which it is adopted so.
    pub adopted_from: NaiveDate,
}

/// A rule that binds in a region on a day, subject to its condition.
#[derive(Clone, Copy, Debug)]
pub struct BindingRule<'a> {
    /// The rule as it stands on that day.
    pub rule: &'a Rule,
    /// The day from which the rule reads so.
    pub rule_from: NaiveDate,
    /// The standard it belongs to, and its adoption.
    pub by: BindingStandard<'a>,
    /// Its binding strength: the weaker of the clause's own and the adoption's.
    pub strength: Strength,
}

/// The rules that require stock and bind in a region on a day; the region is given with all regions above it.
///
/// Their standard must be adopted there that day, in force by its own dates, not a draft, and without an adopted
/// successor.
pub fn binding_rules<'a>(
    reference_data: &'a ReferenceData,
    chain: &[&'a Region],
    day: NaiveDate,
) -> Vec<BindingRule<'a>> {
    let adopted = adopted_standards(reference_data, chain, day);
    let mut rules = Vec::new();
    for by in adopted.values().filter(|by| !has_adopted_successor(reference_data, by, &adopted, day)) {
        for history in &by.standard.rules {
            let Some(row) = in_force(&history.versions, day) else { continue };
            let Some(rule) = row.value.as_ref().filter(|rule| rule.role == RuleRole::Requirement) else { continue };
            rules.push(BindingRule {
                rule,
                rule_from: row.valid_from,
                by: *by,
                strength: rule.strength.min(by.strength),
            });
        }
    }
    rules
}

/// The standards adopted in a region or above it, each with its strongest adoption; of equally strong ones, the nearest
/// region's.
fn adopted_standards<'a>(
    reference_data: &'a ReferenceData,
    chain: &[&'a Region],
    day: NaiveDate,
) -> BTreeMap<&'a str, BindingStandard<'a>> {
    let mut adopted: BTreeMap<&str, BindingStandard<'_>> = BTreeMap::new();
    for standard in &reference_data.standards {
        let Some(document) = document_in_force(standard, day) else { continue };
        for region in chain {
            let rows = reference_data
                .adoptions
                .iter()
                .filter(|adoption| adoption.region_id == region.id && adoption.standard == standard.code)
                .filter_map(|adoption| in_force(&adoption.versions, day));
            for row in rows {
                let Some(strength) = row.value else { continue };
                if adopted.get(standard.code.as_str()).is_none_or(|strongest| strongest.strength < strength) {
                    let by = BindingStandard { standard, document, region, strength, adopted_from: row.valid_from };
                    adopted.insert(&standard.code, by);
                }
            }
        }
    }
    adopted
}

/// The document of a standard on a day, if the standard is in force then and not a draft.
fn document_in_force(standard: &Standard, day: NaiveDate) -> Option<&StandardDocument> {
    let document = &in_force(&standard.versions, day)?.value;
    let begun = document.valid_from.is_none_or(|from| from <= day);
    let ended = document.valid_to.is_some_and(|to| to < day);
    (begun && !ended && document.status != StandardStatus::Draft).then_some(document)
}

/// True if an edition that replaced the standard, directly or through others, is adopted and in force.
fn has_adopted_successor(
    reference_data: &ReferenceData,
    edition: &BindingStandard<'_>,
    adopted: &BTreeMap<&str, BindingStandard<'_>>,
    day: NaiveDate,
) -> bool {
    let mut document = edition.document;
    // Each step names another edition; more steps than editions would be a circle, and no edition succeeds itself.
    for _ in &reference_data.standards {
        let Some(successor) = document.replaced_by.as_deref() else { return false };
        if successor == edition.standard.code {
            return false;
        }
        if adopted.contains_key(successor) {
            return true;
        }
        let known = reference_data.standards.iter().find(|standard| standard.code == successor);
        match known.and_then(|standard| in_force(&standard.versions, day)) {
            Some(row) => document = &row.value,
            None => return false,
        }
    }
    false
}
