//! A line of the shortage table.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::labels::{ItemLabel, OrganizationLabel};
use base::id::LineId;
use base::quantity::Quantity;
use base::time::serialize_instant_option;
use domain::assessment::{Assessment, Status};
use domain::books::Books;
use domain::count::CountFlag;
use domain::interval::Interval;
use domain::organization::Organization;
use domain::reason::Reason;
use domain::requirement::Basis;
use domain::rule::{Selector, Strength};
use domain::stock::LeftOut;
use text::language::Language;

/// A requirement line against usable stock on a day.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "line": "3f0c1a52-8f0e-5d0c-9a53-0a1c5a8f4b11",
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "item": { "code": "L2010101", "name": "SCBA, positive-pressure", "unit": "set" },
    "selector": { "item": "L2010101" }, "required": { "min": 29, "max": 29 }, "usable": { "min": 12, "max": 12 },
    "shortage": { "min": 17, "max": 17 }, "status": "short", "strength": "mandatory", "basis": "indicative",
    "unit": "set", "as_of": "2026-11-23", "last_counted_at": "2026-11-23T02:10:00.000000Z",
    "left_out": { "expired": 5 }, "conflict": false, "flags": [], "reasons": []
}))]
pub struct ShortageLine {
    /// The requirement line; the same as long as organization, selector and strength are.
    pub line: LineId,
    /// Whose it is.
    pub organization: OrganizationLabel,
    /// The item asked for; `null` where `selector` asks for something else.
    pub item: Option<ItemLabel>,
    /// What is asked for.
    pub selector: Selector,
    /// How many are required.
    pub required: Interval,
    /// How many are usable.
    pub usable: Interval,
    /// How many are missing.
    pub shortage: Interval,
    /// What that comes to.
    pub status: Status,
    /// How binding it is; only mandatory lines are shortages.
    pub strength: Strength,
    /// Whether it rests on verified rules only.
    pub basis: Basis,
    /// The unit of the numbers.
    #[schema(max_length = 16)]
    pub unit: String,
    /// The organization's day it is for.
    pub as_of: NaiveDate,
    /// When the last count that speaks of the item was made.
    #[serde(serialize_with = "serialize_instant_option")]
    pub last_counted_at: Option<DateTime<Utc>>,
    /// Units that were counted and are not usable, by reason.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub left_out: BTreeMap<LeftOut, Quantity>,
    /// True when sources that counted together differ.
    pub conflict: bool,
    /// What is odd about how the counts came that the figures rest on.
    #[schema(max_items = 3)]
    pub flags: Vec<CountFlag>,
    /// What is not known of the figures.
    #[schema(max_items = 1000)]
    pub reasons: Vec<Reason>,
}

impl ShortageLine {
    /// An assessment with things named in a language.
    pub fn of(assessment: &Assessment, organization: &Organization, books: &Books, language: Language) -> Self {
        let day = assessment.as_of;
        let item = match &assessment.selector {
            Selector::Item(code) => books.items.get(code).map(|item| ItemLabel::of(item, day, language)),
            Selector::Other(_) => None,
        };
        Self {
            line: assessment.line,
            organization: OrganizationLabel::of(organization, day, language),
            item,
            selector: assessment.selector.clone(),
            required: assessment.required,
            usable: assessment.usable,
            shortage: assessment.shortage,
            status: assessment.status,
            strength: assessment.strength,
            basis: assessment.basis,
            unit: assessment.unit.clone(),
            as_of: day,
            last_counted_at: assessment.last_counted_at,
            left_out: assessment.left_out.clone(),
            conflict: assessment.conflict,
            flags: assessment.flags.clone(),
            reasons: assessment.reasons.clone(),
        }
    }
}
