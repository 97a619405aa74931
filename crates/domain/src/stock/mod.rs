//! Stock: derived from the counts that are current on a day, never entered.

mod bearing;
mod current;
mod evidence;
mod found;
#[cfg(test)]
mod inspections;
#[cfg(test)]
mod left_out_lots;
#[cfg(test)]
mod resolutions;
#[cfg(test)]
mod tests;
mod usable;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::acceptance::AcceptanceCited;
use super::count::{Count, CountFlag, CountKind, CountScope, Source};
use super::depot::{Depot, Holding};
use super::interval::Interval;
use super::item::ItemCode;
use super::lot::LotNumber;
use super::reason::Reason;
use super::reference_data::{OrganizationData, ReferenceData};
use super::resolution::{Resolution, ResolutionCited};
use base::id::{CountId, DepotId};
use base::time::serialize_instant;
use base::total::Total;

pub use bearing::{Accepted, Decisions, bearing, can_add, is_last, retirements};
pub use current::CONFLICT_WINDOW;
pub use evidence::{
    AcceptanceNamed, Bearing, CountBearing, CountCited, Evidence, EvidenceCited, LineCited, ResolutionNamed,
    SourceCited,
};
pub use found::{Asked, FoundCount, FoundInspection, FoundStock, Stores, open_ended};
pub use usable::{Doubt, InspectionAsked, LeftOut, Lot, Terms, Usable, usable};

/// The units left out, by reason.
pub type LeftOutTotals = BTreeMap<LeftOut, Total>;

/// The stock of one item in one depot on a day.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct DepotStock {
    /// The depot.
    pub depot: DepotId,
    /// Its code.
    #[schema(max_length = 64)]
    pub depot_code: String,
    /// The way its stock is held.
    pub holding: Holding,
    /// The item.
    #[schema(value_type = String, max_length = 32)]
    pub item: ItemCode,
    /// The state of knowledge about it.
    pub state: StockState,
    /// The number usable.
    pub usable: Interval,
    /// The last day on which the latest count is valid; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_through: Option<NaiveDate>,
    /// The current counts, latest first; in a stale depot, the last ones.
    #[schema(max_items = 10_000)]
    pub counts: Vec<SpeakingCount>,
    /// The last inspection, if it found less than the own counts that came after it; left out otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub inspection: Option<StandingInspection>,
    /// The counts that would be current without a resolution, latest first.
    #[schema(max_items = 10_000)]
    pub taken_out: Vec<TakenOut>,
    /// The units left out, by reason; in a conflict, by the latest count. `null` is 10⁹ or more.
    #[schema(value_type = BTreeMap<LeftOut, Option<f64>>, example = json!({"expired": 5}))]
    pub left_out: LeftOutTotals,
    /// The reasons why the usable number is unknown.
    #[schema(max_items = 1000)]
    pub reasons: Vec<Reason>,
}

/// The state of knowledge about an item in a depot.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StockState {
    /// There is a current count.
    Counted,
    /// Counts of different sources, made together, differ.
    Conflict,
    /// An inspection found less than the organization's own later count, and is still in force.
    Contested,
    /// The last count of it is older than its validity.
    Stale,
    /// No count covers it.
    NeverCounted,
}

/// A current count of an item in a depot, with its lots.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct SpeakingCount {
    /// The count.
    pub id: CountId,
    /// The effective time.
    #[serde(serialize_with = "serialize_instant")]
    pub effective_at: DateTime<Utc>,
    /// The name of the person who counted.
    #[schema(max_length = 100)]
    pub counted_by: String,
    /// The kind of its source.
    pub source: SourceKind,
    /// Its kind.
    pub kind: CountKind,
    /// Its scope.
    pub scope: CountScope,
    /// Notes on how it arrived.
    #[schema(max_items = 20)]
    pub flags: Vec<CountFlag>,
    /// The number usable according to it.
    pub usable: Interval,
    /// The lots it found.
    #[schema(max_items = 2000)]
    pub lots: Vec<LotSeen>,
    /// The lots that it does not mention although the last earlier count that mentions them found some; left out if there
    /// are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10_000, required = false)]
    pub lots_not_mentioned: Vec<LotNotMentioned>,
}

/// A lot that a later count of the item does not mention.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct LotNotMentioned {
    /// The lot number.
    #[schema(value_type = Option<String>, max_length = 64)]
    pub lot: Option<LotNumber>,
    /// The expiry day, if the lot has no number.
    pub expires_on: Option<NaiveDate>,
    /// The number of units found last; `null` if their sum is 10⁹ or more.
    #[schema(value_type = Option<base::quantity::Quantity>)]
    pub quantity: Total,
    /// The last earlier count that mentions it.
    pub count: CountId,
    /// The effective time of that count.
    #[serde(serialize_with = "serialize_instant")]
    pub effective_at: DateTime<Utc>,
}

/// An inspection that found less than the organization's own later counts.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct StandingInspection {
    /// The inspection.
    pub count: SpeakingCount,
    /// The last day of own counts that it contests.
    pub stands_through: NaiveDate,
    /// The acceptance by which the own count holds nevertheless; left out if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub acceptance: Option<AcceptanceCited>,
}

/// A count that a resolution excludes for an item in a depot.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TakenOut {
    /// The count.
    pub id: CountId,
    /// The effective time.
    #[serde(serialize_with = "serialize_instant")]
    pub effective_at: DateTime<Utc>,
    /// The name of the person who counted.
    #[schema(max_length = 100)]
    pub counted_by: String,
    /// The resolution that excludes it; of several, the first.
    pub resolution: ResolutionCited,
}

/// The kind of a count's source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema, strum::IntoStaticStr, strum::VariantNames)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SourceKind {
    /// A device.
    Device,
    /// An account, without a device.
    Account,
}

/// A lot as a count found it, with its usable part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LotSeen {
    /// The lot.
    #[serde(flatten)]
    pub lot: Lot,
    /// The number of units; `null` if the sum of its lines is 10⁹ or more.
    #[schema(value_type = Option<base::quantity::Quantity>)]
    pub quantity: Total,
    /// The number of them that is usable.
    pub usable: Interval,
    /// The reason, if none is usable.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub left_out: Option<LeftOut>,
    /// The doubt, if that is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub doubt: Option<Doubt>,
}

/// The stock of an organization on a day: for each open depot, each item that a count effective by then ever listed
/// there. An item that was counted with none found stays in the list.
pub fn stock(reference_data: &ReferenceData, records: &OrganizationData, day: NaiveDate) -> Vec<DepotStock> {
    let validity_days = reference_data.validity_of(&records.organization, day).days;
    let asked = Asked { validity_days, inspection: InspectionAsked::default(), agreement: false };
    let stores = Stores::new(reference_data, records, day);
    stores.listed(asked).iter().map(DepotStock::from).collect()
}

impl DepotStock {
    /// An item that was never counted in a depot: nothing is known of it.
    pub fn never_counted(depot: &Depot, holding: Holding, item: ItemCode) -> Self {
        Self {
            depot: depot.id,
            depot_code: depot.code.clone(),
            holding,
            item,
            state: StockState::NeverCounted,
            usable: Interval::UNKNOWN,
            valid_through: None,
            counts: Vec::new(),
            inspection: None,
            taken_out: Vec::new(),
            left_out: LeftOutTotals::new(),
            reasons: Vec::new(),
        }
    }
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
            inspection: found.inspection.as_ref().map(StandingInspection::from),
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
            flags: found.flags().collect(),
            usable: found.usable.unwrap_or(Interval::UNKNOWN),
            lots: found.lots.clone(),
            lots_not_mentioned: found.not_mentioned.clone(),
        }
    }
}

impl From<&FoundInspection<'_>> for StandingInspection {
    fn from(found: &FoundInspection<'_>) -> Self {
        Self {
            count: (&found.found).into(),
            stands_through: found.stands_through,
            acceptance: found.acceptance.map(AcceptanceCited::from),
        }
    }
}
