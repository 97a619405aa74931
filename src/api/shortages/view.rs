//! The answers about shortages.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::line::ShortageLine;
use base::time::serialize_instant;
use domain::revision::Revision;
use domain::summary::Figures;

/// A page of the shortage table.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ShortagePage {
    /// The lines: by the organization's code, then by item, the strongest first.
    #[schema(max_items = 500)]
    pub items: Vec<ShortageLine>,
    /// The cursor to send for the next page; `null` on the last.
    #[schema(max_length = 1000, example = "eyJvIjoiVDMifQ")]
    pub next_cursor: Option<String>,
    /// The day asked for; `null` if each line is for its organization's today.
    pub as_of: Option<NaiveDate>,
    /// The revision it is computed from: with the same revision and day, the answer is the same.
    pub revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    pub known_at: DateTime<Utc>,
    /// The version of the rules by which it is computed: with the same revision, day, language and engine, the answer is
    /// the same.
    #[schema(max_length = 16, example = "2")]
    pub engine: &'static str,
}

/// The grouping of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// Organization.
    Organization,
    /// Sector; rescue teams, which have none, are a group of their own.
    Sector,
    /// Region.
    Region,
    /// Item; with sums of quantities.
    Item,
    /// Item class.
    ItemClass,
}

/// The figures of one group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SummaryGroup {
    /// The key that its lines share: a code, a sector, or the words of a selector without an item.
    #[schema(max_length = 500, example = "T3")]
    pub key: String,
    /// The name of the key.
    #[schema(max_length = 500, example = "Chemicals brigade")]
    pub name: String,
    /// The unit of the quantities; only if the group is one item.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 16)]
    pub unit: Option<String>,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// Shortages summed up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "group_by": "organization",
    "groups": [{
        "key": "T3", "name": "Chemicals brigade", "organizations": 1,
        "organization_statuses": {
            "established": { "met": 0, "short": 0, "unknown": 0, "not_covered": 1 },
            "together": { "met": 0, "short": 1, "unknown": 0, "not_covered": 0 }
        },
        "established": { "lines": { "met": 0, "short": 0, "unknown": 0, "not_set": 0, "not_required": 0 } },
        "indicative": { "lines": { "met": 30, "short": 6, "unknown": 4, "not_set": 0, "not_required": 0 } },
        "recommended": 0, "reference": 0, "optional": 0, "not_evaluated": 4
    }],
    "as_of": null, "revision": 12, "known_at": "2026-11-23T02:10:00.000000Z", "engine": "2"
}))]
pub struct Summary {
    /// The grouping.
    pub group_by: GroupBy,
    /// The groups, in the order of their keys.
    #[schema(max_items = 100_000)]
    pub groups: Vec<SummaryGroup>,
    /// The day asked for; `null` if it is each organization's today.
    pub as_of: Option<NaiveDate>,
    /// The revision it is computed from.
    pub revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    pub known_at: DateTime<Utc>,
    /// The version of the rules by which it is computed: with the same revision, day, language and engine, the answer is
    /// the same.
    #[schema(max_length = 16, example = "2")]
    pub engine: &'static str,
}
