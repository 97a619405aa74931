//! The answers about checks.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::labels::{OrganizationLabel, StandardLabel};
use base::time::serialize_instant;
use domain::checks::{Check, CheckStatus};
use domain::fact::FactKey;
use domain::interval::Interval;
use domain::item::ItemCode;
use domain::reason::Reason;
use domain::reference_data::ReferenceData;
use domain::requirement::Basis;
use domain::revision::Revision;
use domain::rule::{Bound, Selector, Strength};
use domain::wording::Wording;
use service::shortages::OnDay;
use text::language::Language;

/// A rule that checks a fact, or the units that are away, with its result for an organization.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "MN-01", "name": "Fluorite mine" },
    "standard": { "code": "AQ2033-2011", "title": "Refuges of underground mines" }, "rule": "N120", "clause": "5.3, 5.4",
    "name": "Refuge capacity", "fact": "refuge_capacity", "items": [],
    "status": "short", "strength": "mandatory", "basis": "established", "bound": "at_least",
    "limit": { "min": 86, "max": 86 }, "found": { "min": 50, "max": 50 }, "unit": "person", "reasons": [],
    "working": "1 person per person × 86 people (People underground) = 86 people; not less than 86 people",
    "text": "The rated capacity is not less than the number of persons underground at the same time.",
    "as_of": "2026-11-23"
}))]
pub struct FactCheckView {
    /// The organization.
    organization: OrganizationLabel,
    /// The standard of the rule.
    standard: Option<StandardLabel>,
    /// The rule's code.
    #[schema(max_length = 64)]
    rule: String,
    /// Its position in the standard.
    #[schema(max_length = 200)]
    clause: String,
    /// The name of the fact, or of the items of which some are away.
    #[schema(max_length = 1000)]
    name: String,
    /// The key of the fact; `null` if units of items are checked.
    #[schema(value_type = Option<String>, max_length = 64)]
    fact: Option<FactKey>,
    /// The codes of the items of which some may be away.
    #[schema(max_items = 1000)]
    items: Vec<CheckedItem>,
    /// The result; `short` is violated.
    status: CheckStatus,
    /// Its binding strength.
    strength: Strength,
    /// The basis: verified texts only, or not.
    basis: Basis,
    /// The side on which the rule bounds it.
    bound: Bound,
    /// The number that bounds it: that of the rule, or the units that may be away.
    limit: Interval,
    /// The number found: the fact, or the units that are lent or in repair. Unknown is never zero.
    found: Interval,
    /// The units held, of which a share may be away; left out for a fact.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    units_held: Option<Interval>,
    /// The unit of the numbers.
    #[schema(max_length = 16)]
    unit: String,
    /// The reasons why the numbers are not exactly known, or why the rule asks for nothing.
    #[schema(max_items = 1000)]
    reasons: Vec<Reason>,
    /// The working as a sentence with its numbers.
    #[schema(max_length = 2000)]
    working: String,
    /// The clause in words.
    #[schema(max_length = 1000)]
    text: String,
    /// The organization's day.
    as_of: NaiveDate,
}

/// The code of an item of which some units may be away.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(value_type = String, max_length = 32, example = "L2040101")]
struct CheckedItem(ItemCode);

/// A page of checks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactCheckPage {
    /// The checks: by the organization's code, then by the rule's code.
    #[schema(max_items = 500)]
    pub items: Vec<FactCheckView>,
    /// The cursor to send for the next page; `null` on the last.
    #[schema(max_length = 1000, example = "eyJvIjoiVDMifQ")]
    pub next_cursor: Option<String>,
    /// The day asked for; `null` if it is each organization's today.
    pub as_of: Option<NaiveDate>,
    /// The revision it is computed from.
    pub revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    pub known_at: DateTime<Utc>,
    /// The version of the rules by which it is computed.
    #[schema(max_length = 16, example = "2")]
    pub engine: &'static str,
}

impl FactCheckView {
    /// A check with names in a language.
    pub fn of(check: Check, reference_data: &ReferenceData, on_day: &OnDay, language: Language) -> Self {
        let OnDay { records, day } = on_day;
        let standard = reference_data.standards.iter().find(|standard| standard.code == check.standard);
        let fact = match &check.selector {
            Selector::Fact(fact) => Some(fact.key.clone()),
            _ => None,
        };
        Self {
            organization: OrganizationLabel::of(&records.organization, *day, language),
            standard: standard.map(|standard| StandardLabel::of(standard, *day, language)),
            rule: check.rule,
            clause: check.clause,
            name: Wording { reference_data, day: *day, language }.selector(&check.selector),
            fact,
            items: check.selector.items().into_iter().cloned().map(CheckedItem).collect(),
            status: check.status,
            strength: check.strength,
            basis: check.basis,
            bound: check.bound,
            limit: check.required,
            found: check.found,
            units_held: check.held,
            unit: check.unit,
            reasons: check.reasons,
            working: check.working,
            text: check.text,
            as_of: *day,
        }
    }
}
