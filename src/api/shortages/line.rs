//! A line of the shortage table.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::notes::Notes;
use crate::api::ask::Ask;
use crate::api::keeper_names::KeeperNames;
use crate::api::labels::{ItemLabel, OrganizationLabel};
use base::id::LineId;
use base::time::serialize_instant_option;
use domain::assessment::{Assessment, Status};
use domain::causes::{ask, causes_of};
use domain::count::CountFlag;
use domain::interval::Interval;
use domain::reason::Reason;
use domain::reference_data::{OrganizationData, ReferenceData};
use domain::requirement::{Basis, ClauseCited};
use domain::rule::{Selector, Strength};
use domain::stock::LeftOutTotals;
use domain::wording::Wording;

/// A requirement line against usable stock on a day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "line": "3f0c1a52-8f0e-5d0c-9a53-0a1c5a8f4b11",
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "item": { "code": "L2010101", "name": "SCBA, positive-pressure", "unit": "set" },
    "selector": { "item": "L2010101" }, "name": "SCBA, positive-pressure", "required": { "min": 29, "max": 29 }, "usable": { "min": 12, "max": 12 },
    "shortage": { "min": 17, "max": 17 }, "status": "short", "strength": "mandatory", "basis": "indicative",
    "clauses": [{ "standard": "GB30077-2013", "clause": "7.1 Table 2", "rule": "R019" }], "unit": "set", "as_of": "2026-11-23", "last_counted_at": "2026-11-23T02:10:00.000000Z",
    "left_out": { "expired": 5 }, "conflict": false, "contested": false, "flags": [], "reasons": [], "ask": []
}))]
pub struct ShortageLine {
    /// The id of the requirement line; the same for the same organization, selector and strength.
    pub line: LineId,
    /// The organization.
    pub organization: OrganizationLabel,
    /// The item required; `null` if `selector` names something else.
    pub item: Option<ItemLabel>,
    /// What is required.
    pub selector: Selector,
    /// Its name: that of the item or the capability, or the names of several.
    #[schema(max_length = 1000)]
    pub name: String,
    /// The number required.
    pub required: Interval,
    /// The number usable.
    pub usable: Interval,
    /// The number missing.
    pub shortage: Interval,
    /// The resulting status.
    pub status: Status,
    /// Its binding strength; only mandatory lines count as shortages.
    pub strength: Strength,
    /// The basis: verified rules only, or not.
    pub basis: Basis,
    /// The clauses that require it.
    #[schema(max_items = 1000)]
    pub clauses: Vec<ClauseCited>,
    /// The unit of the numbers.
    #[schema(max_length = 16)]
    pub unit: String,
    /// The organization's day.
    pub as_of: NaiveDate,
    /// The time of the last current count of the item.
    #[serde(serialize_with = "serialize_instant_option")]
    pub last_counted_at: Option<DateTime<Utc>>,
    /// The units counted but not usable, by reason; `null` is 10⁹ or more.
    #[schema(value_type = BTreeMap<String, Option<f64>>)]
    pub left_out: LeftOutTotals,
    /// True if sources that counted at about the same time differ.
    pub conflict: bool,
    /// True if an inspection found less than the organization's own later count, and is still in force.
    pub contested: bool,
    /// Notes on how the counts behind the figures arrived.
    #[schema(max_items = 20)]
    pub flags: Vec<CountFlag>,
    /// The reasons why the figures are not exactly known.
    #[schema(max_items = 1000)]
    pub reasons: Vec<Reason>,
    /// Those to ask, if the status is `unknown` or `not_set`.
    #[schema(max_items = 1000)]
    pub ask: Vec<Ask>,
    /// The notes of a table.
    #[serde(skip)]
    pub notes: Option<Notes>,
}

impl ShortageLine {
    /// An assessment with its names in a language.
    pub fn of(
        assessment: &Assessment,
        records: &OrganizationData,
        reference_data: &ReferenceData,
        names: KeeperNames<'_>,
    ) -> Self {
        let language = names.language;
        let day = assessment.as_of;
        let item = match &assessment.selector {
            Selector::Item(code) => reference_data.items.get(code).map(|item| ItemLabel::of(item, day, language)),
            _ => None,
        };
        Self {
            line: assessment.line,
            organization: OrganizationLabel::of(&records.organization, day, language),
            item,
            name: Wording { reference_data, day, language }.selector(&assessment.selector),
            selector: assessment.selector.clone(),
            required: assessment.required,
            usable: assessment.usable,
            shortage: assessment.shortage,
            status: assessment.status,
            strength: assessment.strength,
            basis: assessment.basis,
            clauses: assessment.clauses.clone(),
            unit: assessment.unit.clone(),
            as_of: day,
            last_counted_at: assessment.last_counted_at,
            left_out: assessment.left_out.clone(),
            conflict: assessment.conflict,
            contested: assessment.contested,
            flags: assessment.flags.clone(),
            reasons: assessment.reasons.clone(),
            ask: Ask::all(causes_of(assessment).flat_map(ask), &records.depots, day, names),
            notes: None,
        }
    }

    /// The same with the notes that a table has.
    pub fn with_notes(
        self,
        assessment: &Assessment,
        records: &OrganizationData,
        reference_data: &ReferenceData,
        names: KeeperNames<'_>,
    ) -> Self {
        let notes = Notes::of(assessment, &self.ask, records, reference_data, names);
        Self { notes: Some(notes), ..self }
    }
}
