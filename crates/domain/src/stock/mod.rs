//! Stock: what the counts that speak on a day say was there. It is derived, never typed in.

mod found;
#[cfg(test)]
mod resolutions;
mod speaking;
#[cfg(test)]
mod tests;
mod usable;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::books::{Books, Records};
use super::count::{Count, CountFlag, CountKind, CountScope, Source};
use super::depot::Holding;
use super::interval::Interval;
use super::item::ItemCode;
use super::reason::Reason;
use super::resolution::{Resolution, ResolutionCited};
use base::id::{CountId, DepotId};
use base::quantity::Quantity;
use base::time::serialize_instant;

pub use found::{Asked, FoundCount, FoundStock, Stores};
pub use usable::{Doubt, InspectionAsked, LeftOut, Lot, Terms, Usable, usable};

/// How many units are left out, by reason.
pub type LeftOutTotals = BTreeMap<LeftOut, Quantity>;

/// The stock of one item in one depot on a day.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DepotStock {
    /// The depot.
    pub depot: DepotId,
    /// Its code.
    #[schema(max_length = 64)]
    pub depot_code: String,
    /// How its stock is held.
    pub holding: Holding,
    /// The item.
    #[schema(value_type = String, max_length = 32)]
    pub item: ItemCode,
    /// What is known of it.
    pub state: StockState,
    /// How many units are usable.
    pub usable: Interval,
    /// The last day through which the latest count speaks; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_through: Option<NaiveDate>,
    /// The counts that speak, the latest first; in a stale depot, what they last saw.
    #[schema(max_items = 10_000)]
    pub counts: Vec<SpeakingCount>,
    /// The counts of which each would speak were it not for a resolution, the latest first.
    #[schema(max_items = 10_000)]
    pub taken_out: Vec<TakenOut>,
    /// The units left out, by reason; in a conflict, by the latest count.
    #[schema(value_type = BTreeMap<LeftOut, f64>, example = json!({"expired": 5}))]
    pub left_out: LeftOutTotals,
    /// What is not known of what is usable.
    #[schema(max_items = 1000)]
    pub reasons: Vec<Reason>,
}

/// What is known of an item in a depot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema, strum::IntoStaticStr, strum::VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StockState {
    /// A count speaks for it.
    Counted,
    /// Counts of different sources speak for it together and differ.
    Conflict,
    /// The last count that spoke of it is older than its validity.
    Stale,
    /// No count speaks of it.
    NeverCounted,
}

/// A count that speaks for an item in a depot, with what it says.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SpeakingCount {
    /// The count.
    pub id: CountId,
    /// When it counts as made.
    #[serde(serialize_with = "serialize_instant")]
    pub effective_at: DateTime<Utc>,
    /// Who counted, by name.
    #[schema(max_length = 100)]
    pub counted_by: String,
    /// What sort of source it came from.
    pub source: SourceKind,
    /// Whose count it is.
    pub kind: CountKind,
    /// What it speaks of.
    pub scope: CountScope,
    /// What is odd about how it came.
    #[schema(max_items = 3)]
    pub flags: Vec<CountFlag>,
    /// How many units are usable by it.
    pub usable: Interval,
    /// The lots it saw.
    #[schema(max_items = 2000)]
    pub lots: Vec<LotSeen>,
}

/// A count that does not speak for an item in a depot because of a resolution.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TakenOut {
    /// The count.
    pub id: CountId,
    /// When it counts as made.
    #[serde(serialize_with = "serialize_instant")]
    pub effective_at: DateTime<Utc>,
    /// Who counted, by name.
    #[schema(max_length = 100)]
    pub counted_by: String,
    /// By whose word, and why; of several resolutions the first.
    pub resolution: ResolutionCited,
}

/// What sort of source a count came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema, strum::IntoStaticStr, strum::VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SourceKind {
    /// A device.
    Device,
    /// An account, without a device.
    Account,
}

/// A lot as a count saw it, with what is usable of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LotSeen {
    /// Which lot.
    #[serde(flatten)]
    pub lot: Lot,
    /// How many units.
    pub quantity: Quantity,
    /// How many of them are usable.
    pub usable: Interval,
    /// Why none is, where none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOut>,
    /// Why that is not known, where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doubt: Option<Doubt>,
}

/// The stock of an organization on a day: for each open depot, each item that a count effective by then ever listed
/// there. "Counted, and found none" is a statement and stays on the list.
pub fn stock(books: &Books, records: &Records, day: NaiveDate) -> Vec<DepotStock> {
    let validity_days = books.validity_of(&records.organization, day).days;
    let asked = Asked { validity_days, inspection: InspectionAsked::default() };
    let stores = Stores::new(books, records, day);
    stores.listed(asked).iter().map(DepotStock::from).collect()
}

impl From<&FoundStock<'_>> for DepotStock {
    fn from(found: &FoundStock<'_>) -> Self {
        Self {
            depot: found.depot.id,
            depot_code: found.depot.code.clone(),
            holding: found.holding,
            item: found.item.to_owned(),
            state: found.state,
            usable: found.usable,
            valid_through: found.valid_through,
            counts: found.counts.iter().map(SpeakingCount::from).collect(),
            taken_out: found.taken_out.iter().map(|(count, resolution)| TakenOut::of(count, resolution)).collect(),
            left_out: found.left_out.clone(),
            reasons: found.reasons(),
        }
    }
}

impl TakenOut {
    fn of(count: &Count, resolution: &Resolution) -> Self {
        Self {
            id: count.id,
            effective_at: count.effective_at,
            counted_by: count.counted_by.clone(),
            resolution: resolution.into(),
        }
    }
}

impl From<&FoundCount<'_>> for SpeakingCount {
    fn from(found: &FoundCount<'_>) -> Self {
        Self {
            id: found.count.id,
            effective_at: found.count.effective_at,
            counted_by: found.count.counted_by.clone(),
            source: match found.count.source {
                Source::Device(_) => SourceKind::Device,
                Source::Account(_) => SourceKind::Account,
            },
            kind: found.count.kind,
            scope: found.count.scope,
            flags: found.count.flags.clone(),
            usable: found.usable,
            lots: found.lots.clone(),
        }
    }
}
