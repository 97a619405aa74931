//! The counts of an item as an explanation cites them: those that speak, and those that do not and why.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::current::{DepotCounts, Kept, order, resolved};
use super::found::Stores;
use crate::acceptance::{Acceptance, AcceptanceCited};
use crate::count::{Count, CountFlag, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use crate::depot::Depot;
use crate::lot::LotNumber;
use crate::resolution::{Resolution, ResolutionCited};
use base::id::{AccountId, CountId, DepotId};
use base::quantity::Quantity;
use base::time::{local_day, serialize_instant};

/// The most superseded counts of an item in a depot that are listed.
const MOST_SUPERSEDED: usize = 1_000;

/// The most counts of an item in a depot that are listed for each of the other causes for which they do not bear.
const MOST_OTHERS: usize = 50;

/// A count as an explanation cites it, without its lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CountCited {
    /// Its id.
    pub id: CountId,
    /// The code of the depot.
    #[schema(max_length = 64)]
    pub depot_code: String,
    /// SHA-256 of the RFC 8785 form of its content as it was sent, which its receipt signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub sha256: Option<String>,
    /// Its receipt, a JWS in compact form; absent if the count does not bear on the figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 4096)]
    pub receipt: Option<String>,
    /// Its kind.
    pub kind: CountKind,
    /// Its scope.
    pub scope: CountScope,
    /// The device or account it came from.
    pub source: SourceCited,
    /// The device's sequence number; `null` if it has none. It only breaks ties.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub seq: Option<i64>,
    /// The effective time.
    #[serde(serialize_with = "serialize_instant")]
    pub effective_at: DateTime<Utc>,
    /// The time the server received it first.
    #[serde(serialize_with = "serialize_instant")]
    pub received_at: DateTime<Utc>,
    /// The name of the person who counted.
    #[schema(max_length = 100)]
    pub counted_by: String,
    /// Notes on how it arrived.
    #[schema(max_items = 20)]
    pub flags: Vec<CountFlag>,
    /// The counts that it resolves by name.
    #[schema(max_items = 1000)]
    pub resolves: Vec<CountId>,
    /// True if it was voided.
    pub voided: bool,
    /// For an inspection: the number of days for which it stands, as in force on its day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 0, maximum = 3650)]
    pub stands_days: Option<u32>,
}

/// The source of a count: exactly one of the members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SourceCited {
    /// The device, by the name it gives itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 100)]
    pub device: Option<String>,
    /// The account, if no device was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub account: Option<AccountId>,
}

/// The counts of one item in one open depot.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct EvidenceCited {
    /// The depot.
    pub depot: DepotId,
    /// Its code.
    #[schema(max_length = 64)]
    pub depot_code: String,
    /// The item.
    #[schema(max_length = 32)]
    pub item: String,
    /// The counts, latest first.
    #[schema(max_items = 10_000)]
    pub counts: Vec<CountBearing>,
    /// The number of further counts that do not bear on the figures and are not listed.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub more: usize,
    /// The unvoided resolutions of the item in the depot.
    #[schema(max_items = 10_000)]
    pub resolutions: Vec<ResolutionNamed>,
    /// The acceptances of the item in the depot.
    #[schema(max_items = 10_000)]
    pub acceptances: Vec<AcceptanceNamed>,
}

/// The bearing of a count on an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CountBearing {
    /// The count.
    pub count: CountId,
    /// Its bearing.
    pub bearing: Bearing,
    /// The count or resolution that takes it out; absent if none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub by: Option<Uuid>,
    /// True if it lists the item; false for a full count that covers the item, or does not, by its catalogue.
    pub lists: bool,
    /// The item's shelf life in months, as in force on the day of the count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 1200)]
    pub shelf_life_months: Option<u32>,
    /// Its lines of the item; of a superseded count, those that show which lots a later one does not mention.
    #[schema(max_items = 2000)]
    pub lines: Vec<LineCited>,
}

/// The bearing of a count on the stock of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// It is the last of its source, and at most 15 minutes older than the latest of all.
    Current,
    /// It is the last inspection, which later own counts do not supersede.
    Inspection,
    /// A resolution excludes it.
    TakenOut,
    /// A later count resolves it by name.
    Resolved,
    /// A later count of its source, or of another source more than 15 minutes later, takes its place.
    Superseded,
    /// It covers the whole depot, and the item was not in its catalogue.
    NotInCatalogue,
    /// It was voided.
    Voided,
}

/// A line of a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct LineCited {
    /// The number of units.
    pub quantity: Quantity,
    /// The lot number.
    #[schema(value_type = Option<String>, max_length = 64)]
    pub lot: Option<LotNumber>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<NaiveDate>,
    /// The day the lot was made.
    pub made_on: Option<NaiveDate>,
    /// The day of the last inspection.
    pub inspected_on: Option<NaiveDate>,
    /// The condition of the units.
    pub condition: LotCondition,
    /// The place of the units: in the depot or lent.
    pub held: Held,
}

/// A resolution with the counts that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ResolutionNamed {
    /// The resolution.
    pub resolution: ResolutionCited,
    /// The counts.
    #[schema(max_items = 1000)]
    pub counts: Vec<CountId>,
}

/// An acceptance with the inspection that it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AcceptanceNamed {
    /// The acceptance.
    pub acceptance: AcceptanceCited,
    /// The inspection.
    pub inspection: CountId,
}

/// The counts of some items in all open depots: each count once, and its bearing on each item.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// The counts, latest first.
    pub counts: Vec<CountCited>,
    /// The counts of each item in each depot.
    pub items: Vec<EvidenceCited>,
}

impl Evidence {
    /// Cites the counts of some items in all open depots. `voided` are the voided counts of the organization.
    pub fn cite<'a>(stores: &Stores<'a>, items: &[&'a str], voided: &[&'a Count]) -> Self {
        let mut counts: BTreeMap<CountId, (&'a Depot, &'a Count)> = BTreeMap::new();
        let mut cited = Vec::new();
        for item in items {
            for (depot, of_depot) in stores.open_depots() {
                let voided = voided.iter().copied().filter(|count| count.depot_id == depot.id);
                let (bearings, more) = bearings(of_depot, item, voided);
                counts.extend(bearings.iter().map(|found| (found.count.id, (depot, found.count))));
                cited.push(EvidenceCited {
                    depot: depot.id,
                    depot_code: depot.code.clone(),
                    item: (*item).to_owned(),
                    counts: bearings.iter().map(|found| found.cite(stores, item)).collect(),
                    more,
                    resolutions: of_depot.resolutions_of(item).into_iter().map(ResolutionNamed::from).collect(),
                    acceptances: of_depot.acceptances_of(item).into_iter().map(AcceptanceNamed::from).collect(),
                });
            }
        }
        let mut counts: Vec<(&Depot, &Count)> = counts.into_values().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(order(count)));
        Self {
            counts: counts.into_iter().map(|(depot, count)| CountCited::of(stores, depot, count)).collect(),
            items: cited,
        }
    }

    /// The counts that bear on a figure: current ones, inspections, and those that a resolution excludes.
    pub fn bearing(items: &[EvidenceCited]) -> BTreeSet<CountId> {
        let bears =
            |count: &&CountBearing| matches!(count.bearing, Bearing::Current | Bearing::Inspection | Bearing::TakenOut);
        items.iter().flat_map(|item| &item.counts).filter(bears).map(|count| count.count).collect()
    }
}

/// A count with its bearing on an item.
struct Found<'a> {
    count: &'a Count,
    bearing: Bearing,
    by: Option<Uuid>,
}

/// The counts of an item in a depot, latest first, and the number of further ones that are left out.
fn bearings<'a>(
    depot: &DepotCounts<'a>,
    item: &str,
    voided: impl Iterator<Item = &'a Count>,
) -> (Vec<Found<'a>>, usize) {
    let of_item = depot.of_item(item);
    let settled = resolved(&of_item);
    let excluded = depot.excluded(item);
    let is_standing = |count: &&Count| !settled.contains(&count.id) && !excluded.contains_key(&count.id);
    let kept = Kept::of(of_item.iter().copied().filter(is_standing));
    let evidence = depot.evidence(item);
    let current: BTreeSet<CountId> =
        evidence.current.iter().flat_map(|current| current.counts()).map(|count| count.id).collect();
    let inspection = evidence.inspection.as_ref().map(|inspection| inspection.evidence.count.id);
    let resolver = |count: &Count| {
        let naming = of_item.iter().filter(|other| other.id != count.id && other.resolves.contains(&count.id));
        naming.min_by_key(|other| order(other)).map(|other| Uuid::from(other.id))
    };
    let bearing = |count: &'a Count| {
        let (bearing, by) = if settled.contains(&count.id) {
            (Bearing::Resolved, resolver(count))
        } else if let Some(resolution) = excluded.get(&count.id) {
            (Bearing::TakenOut, Some(resolution.id.0))
        } else if current.contains(&count.id) {
            (Bearing::Current, None)
        } else if inspection == Some(count.id) {
            (Bearing::Inspection, None)
        } else {
            let last = kept.last_of(&count.source).filter(|last| last.id != count.id);
            (Bearing::Superseded, last.or_else(|| kept.latest()).map(|count| Uuid::from(count.id)))
        };
        Found { count, bearing, by }
    };
    let bare = |bearing: Bearing| move |count: &'a Count| Found { count, bearing, by: None };
    let covers = |count: &Count| count.scope == CountScope::Full || count.lines.iter().any(|line| line.item == item);
    let mut found: Vec<Found<'a>> = of_item
        .iter()
        .map(|count| bearing(count))
        .chain(depot.not_covering(item).map(bare(Bearing::NotInCatalogue)))
        .chain(voided.filter(|count| covers(count)).map(bare(Bearing::Voided)))
        .collect();
    found.sort_by_key(|found| std::cmp::Reverse(order(found.count)));
    let all = found.len();
    let mut listed: BTreeMap<Bearing, usize> = BTreeMap::new();
    found.retain(|found| {
        let number = listed.entry(found.bearing).or_default();
        *number += 1;
        match found.bearing {
            Bearing::Current | Bearing::Inspection | Bearing::TakenOut | Bearing::Resolved => true,
            Bearing::Superseded => *number <= MOST_SUPERSEDED,
            Bearing::NotInCatalogue | Bearing::Voided => *number <= MOST_OTHERS,
        }
    });
    let more = all - found.len();
    (found, more)
}

impl Found<'_> {
    fn cite(&self, stores: &Stores<'_>, item: &str) -> CountBearing {
        let lines: Vec<LineCited> =
            self.count.lines.iter().filter(|line| line.item == item).map(LineCited::from).collect();
        let counted_on = local_day(self.count.effective_at, stores.zone());
        CountBearing {
            count: self.count.id,
            bearing: self.bearing,
            by: self.by,
            lists: !lines.is_empty(),
            shelf_life_months: stores.shelf_life_of(item, counted_on).filter(|_| !lines.is_empty()),
            lines,
        }
    }
}

impl CountCited {
    fn of(stores: &Stores<'_>, depot: &Depot, count: &Count) -> Self {
        let (device, account) = match &count.source {
            Source::Device(device) => (Some(device.clone()), None),
            Source::Account(account) => (None, Some(*account)),
        };
        let stands = || stores.inspection_stands_on(local_day(count.effective_at, stores.zone()));
        Self {
            id: count.id,
            depot_code: depot.code.clone(),
            sha256: None,
            receipt: None,
            kind: count.kind,
            scope: count.scope,
            source: SourceCited { device, account },
            seq: count.seq,
            effective_at: count.effective_at,
            received_at: count.received_at,
            counted_by: count.counted_by.clone(),
            flags: count.flags.clone(),
            resolves: count.resolves.clone(),
            voided: count.voided,
            stands_days: (count.kind == CountKind::Inspection).then(stands),
        }
    }
}

impl From<&CountLine> for LineCited {
    fn from(line: &CountLine) -> Self {
        Self {
            quantity: line.quantity,
            lot: line.lot.clone(),
            expires_on: line.expires_on,
            made_on: line.made_on,
            inspected_on: line.inspected_on,
            condition: line.condition,
            held: line.held,
        }
    }
}

impl From<&Resolution> for ResolutionNamed {
    fn from(resolution: &Resolution) -> Self {
        Self { resolution: resolution.into(), counts: resolution.counts.clone() }
    }
}

impl From<&Acceptance> for AcceptanceNamed {
    fn from(acceptance: &Acceptance) -> Self {
        Self { acceptance: acceptance.into(), inspection: acceptance.inspection }
    }
}
