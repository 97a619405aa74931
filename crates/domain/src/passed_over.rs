//! Adoptions and editions that do not bear on a line, each with the cause.

use chrono::NaiveDate;
use serde::Serialize;

use crate::binding::{adopted_standards, adoptions_in, document_in_force, out_by};
use crate::reference_data::ReferenceData;
use crate::region::Region;
use crate::requirement::{LineSelector, RulePart};
use crate::revision::in_force;
use crate::rule::{RuleRole, Strength};
use crate::standard::{Standard, StandardStatus};
use base::id::RegionId;

/// An adoption, or an edition that was adopted, that does not bear on a line although the edition asks for its selector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AdoptionPassedOver {
    /// The code of the edition.
    #[schema(max_length = 64)]
    pub standard: String,
    /// The region whose bureau adopted it.
    pub region: RegionId,
    /// That region's code.
    #[schema(max_length = 64)]
    pub region_code: String,
    /// The cause.
    pub cause: AdoptionCause,
    /// The strength it gives the standard; `null` from the day on which the adoption ended.
    pub strength: Option<Strength>,
    /// The first day of that.
    pub valid_from: NaiveDate,
    /// The day that decides: the first or the last one of an edition that is not yet, or no longer, in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub day: Option<NaiveDate>,
    /// The edition that is in its place; for a weaker adoption, the code of the region with the stronger or nearer one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub by: Option<String>,
}

/// The causes for which an adoption or an edition does not bear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdoptionCause {
    /// The adoption begins on a later day.
    NotBegun,
    /// The adoption ended.
    Ended,
    /// Another region of the chain gives the standard more strength, or as much and is nearer.
    Weaker,
    /// A successor of the edition was adopted and in force since.
    Superseded,
    /// The edition is a draft.
    Draft,
    /// The edition comes into force on a later day.
    EditionNotBegun,
    /// The edition is no longer in force.
    EditionEnded,
    /// The edition is not on record for that day.
    EditionUnknown,
}

/// The most adoptions that are listed.
const MOST: usize = 200;

/// The adoptions that do not bear on a line about a selector in a region, given with all regions above it; and the number
/// of further ones that are not listed.
pub fn adoptions_passed_over(
    reference_data: &ReferenceData,
    chain: &[&Region],
    day: NaiveDate,
    selector: LineSelector<'_>,
) -> (Vec<AdoptionPassedOver>, usize) {
    let adopted = adopted_standards(reference_data, chain, day);
    let mut passed_over = Vec::new();
    for standard in reference_data.standards.iter().filter(|standard| asks_for(standard, day, selector)) {
        let by = adopted.get(standard.code.as_str());
        let out = by.and_then(|_| out_by(reference_data, chain, standard, day));
        for region in chain {
            for adoption in adoptions_in(reference_data, region, &standard.code) {
                let row = in_force(&adoption.versions, day);
                let first = || adoption.versions.iter().min_by_key(|row| (row.valid_from, row.learnt.revision));
                let Some(shown) = row.or_else(first) else { continue };
                let (cause, day, by) = match (row, row.and_then(|row| row.value), by, out) {
                    (None, ..) => (AdoptionCause::NotBegun, None, None),
                    (Some(_), None, ..) => (AdoptionCause::Ended, None, None),
                    (Some(_), Some(_), None, _) => {
                        let (cause, day) = edition_cause(standard, day);
                        (cause, day, None)
                    }
                    (Some(_), Some(_), Some(by), _) if by.region.id != region.id => {
                        (AdoptionCause::Weaker, None, Some(by.region.code.clone()))
                    }
                    (Some(_), Some(_), Some(_), Some(successor)) => {
                        (AdoptionCause::Superseded, None, Some(successor.code.clone()))
                    }
                    (Some(_), Some(_), Some(_), None) => continue,
                };
                passed_over.push(AdoptionPassedOver {
                    standard: standard.code.clone(),
                    region: region.id,
                    region_code: region.code.clone(),
                    cause,
                    strength: shown.value,
                    valid_from: shown.valid_from,
                    day,
                    by,
                });
            }
        }
    }
    // Within a standard they stand in the order of the regions, nearest first.
    passed_over.sort_by(|one, other| one.standard.cmp(&other.standard));
    let more = passed_over.len().saturating_sub(MOST);
    passed_over.truncate(MOST);
    (passed_over, more)
}

/// The cause for which an adopted edition is not in force on a day, with the day that decides.
fn edition_cause(standard: &Standard, day: NaiveDate) -> (AdoptionCause, Option<NaiveDate>) {
    let Some(row) = in_force(&standard.versions, day) else { return (AdoptionCause::EditionUnknown, None) };
    debug_assert!(document_in_force(standard, day).is_none(), "an edition in force has no cause");
    let document = &row.value;
    if document.status == StandardStatus::Draft {
        return (AdoptionCause::Draft, None);
    }
    match document.valid_from.filter(|from| *from > day) {
        Some(from) => (AdoptionCause::EditionNotBegun, Some(from)),
        None => (AdoptionCause::EditionEnded, document.valid_to),
    }
}

/// True if a rule of the standard asks for the selector on the day.
fn asks_for(standard: &Standard, day: NaiveDate, selector: LineSelector<'_>) -> bool {
    standard.rules.iter().filter_map(|history| history.on(day)).any(|rule| {
        rule.role == RuleRole::Requirement && RulePart::of(&rule.selector).iter().any(|part| part.selector == selector)
    })
}
