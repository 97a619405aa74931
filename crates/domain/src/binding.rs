//! Binding: which rules bind the organizations of a region on a day, and with what strength.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::reference_data::ReferenceData;
use super::region::Region;
use super::revision::in_force;
use super::rule::{Rule, Strength};
use super::standard::{Adoption, Standard, StandardDocument, StandardStatus};

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
    /// The day from which it is adopted with that strength.
    pub adopted_from: NaiveDate,
}

/// A rule that binds in a region on a day, subject to its condition.
#[derive(Clone, Copy, Debug)]
pub struct BindingRule<'a> {
    /// The rule as it stands on that day.
    pub rule: &'a Rule,
    /// The day from which the rule has this text.
    pub rule_from: NaiveDate,
    /// The standard it belongs to, and its adoption.
    pub by: BindingStandard<'a>,
    /// Its binding strength: the weaker of the clause's own and the adoption's.
    pub strength: Strength,
}

/// The rules of every role that bind in a region on a day; the region is given with all regions above it.
///
/// Their standard must be adopted there that day, in force by its own dates, not a draft, and not superseded: once a
/// successor is adopted and in force, only a later adoption of the edition itself, after the successor's end, revives it.
pub fn binding_rules<'a>(
    reference_data: &'a ReferenceData,
    chain: &[&'a Region],
    day: NaiveDate,
) -> Vec<BindingRule<'a>> {
    let adopted = adopted_standards(reference_data, chain, day);
    let mut rules = Vec::new();
    for by in adopted.values().filter(|by| out_by(reference_data, chain, by.standard, day).is_none()) {
        for history in &by.standard.rules {
            let Some(row) = in_force(&history.versions, day) else { continue };
            let Some(rule) = &row.value else { continue };
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
pub(crate) fn adopted_standards<'a>(
    reference_data: &'a ReferenceData,
    chain: &[&'a Region],
    day: NaiveDate,
) -> BTreeMap<&'a str, BindingStandard<'a>> {
    let mut adopted: BTreeMap<&str, BindingStandard<'_>> = BTreeMap::new();
    // Few of all adoptions are those of a chain: they are looked up once, not for every standard.
    let is_in_chain = |adoption: &&Adoption| chain.iter().any(|region| region.id == adoption.region_id);
    let adoptions: Vec<&Adoption> = reference_data.adoptions.iter().filter(is_in_chain).collect();
    for standard in &reference_data.standards {
        let Some(document) = document_in_force(standard, day) else { continue };
        for region in chain {
            for adoption in adoptions.iter().filter(|one| one.region_id == region.id && one.standard == standard.code) {
                let Some(row) = in_force(&adoption.versions, day) else { continue };
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
pub(crate) fn document_in_force(standard: &Standard, day: NaiveDate) -> Option<&StandardDocument> {
    let document = &in_force(&standard.versions, day)?.value;
    let begun = document.valid_from.is_none_or(|from| from <= day);
    let ended = document.valid_to.is_some_and(|to| to < day);
    (begun && !ended && document.status != StandardStatus::Draft).then_some(document)
}

/// The adoptions of a standard in a region.
pub(crate) fn adoptions_in<'a>(
    reference_data: &'a ReferenceData,
    region: &Region,
    standard: &str,
) -> impl Iterator<Item = &'a Adoption> {
    let region = region.id;
    reference_data.adoptions.iter().filter(move |one| one.region_id == region && one.standard == standard)
}

/// The successor by which an edition is out: one that was adopted and in force on any day from the edition's latest
/// adoption in the chain of regions through the day. `None` if the edition is not out.
pub(crate) fn out_by<'a>(
    reference_data: &'a ReferenceData,
    chain: &[&Region],
    edition: &Standard,
    day: NaiveDate,
) -> Option<&'a Standard> {
    let successors = successors(reference_data, edition, day);
    if successors.is_empty() {
        return None;
    }
    let adoptions = chain.iter().flat_map(|region| adoptions_in(reference_data, region, &edition.code));
    let since = adoptions.filter_map(|adoption| last_adopted(adoption, day)).max()?;
    successors.into_iter().find(|successor| was_binding(reference_data, chain, successor, (since, day)))
}

/// The editions that replace one, directly or through others, as their documents say on a day.
fn successors<'a>(reference_data: &'a ReferenceData, edition: &Standard, day: NaiveDate) -> Vec<&'a Standard> {
    let known = |code: &str| reference_data.standards.iter().find(|standard| standard.code == code);
    let next = |standard: &Standard| in_force(&standard.versions, day)?.value.replaced_by.clone();
    let (mut found, mut code) = (Vec::<&Standard>::new(), next(edition));
    while let Some(successor) = code.as_deref().and_then(known) {
        // The documents form a circle: no edition succeeds itself.
        if successor.code == edition.code || found.iter().any(|known| known.code == successor.code) {
            break;
        }
        found.push(successor);
        code = next(successor);
    }
    found
}

/// The first day of the latest decision by a given day that adopts, even if it repeats the one before.
fn last_adopted(adoption: &Adoption, day: NaiveDate) -> Option<NaiveDate> {
    let days = adoption.versions.iter().map(|row| row.valid_from).filter(|from| *from <= day);
    days.filter(|from| in_force(&adoption.versions, *from).is_some_and(|row| row.value.is_some())).max()
}

/// True if a standard was adopted in the chain of regions and in force on any day of a span.
fn was_binding(
    reference_data: &ReferenceData,
    chain: &[&Region],
    standard: &Standard,
    (first, last): (NaiveDate, NaiveDate),
) -> bool {
    let adoptions = || chain.iter().flat_map(|region| adoptions_in(reference_data, region, &standard.code));
    // It can begin to bind only on a day on which a row of an adoption or the standard begins.
    let rows = adoptions().flat_map(|adoption| adoption.versions.iter().map(|row| row.valid_from));
    let documents = standard.versions.iter().flat_map(|row| [Some(row.valid_from), row.value.valid_from]);
    let days: BTreeSet<NaiveDate> = rows.chain(documents.flatten()).chain([first]).collect();
    days.range(first..=last).any(|day| {
        let is_adopted =
            |adoption: &Adoption| in_force(&adoption.versions, *day).is_some_and(|row| row.value.is_some());
        document_in_force(standard, *day).is_some() && adoptions().any(is_adopted)
    })
}
