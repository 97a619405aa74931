//! The answers about lots that expire.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::ask::keeper_of;
use crate::api::keeper_names::KeeperNames;
use crate::api::labels::{DepotLabel, ItemLabel, OrganizationLabel};
use base::id::{CountId, LineId};
use base::time::serialize_instant;
use base::total::Total;
use domain::assessment::{AgedLine, Assessment, Status};
use domain::expiring::ExpiringLot;
use domain::interval::Interval;
use domain::reference_data::ReferenceData;
use domain::requirement::Basis;
use domain::revision::Revision;
use domain::rule::Strength;
use domain::stock::{LeftOut, StockState};
use domain::wording::Wording;
use service::shortages::OnDay;

/// A lot that expires, with the requirement lines that it bears on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "depot": { "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store" },
    "keeper": "Storekeeper of T3",
    "item": { "code": "L2010103", "name": "Filter mask", "unit": "piece" },
    "lot": "B2209", "expires_on": "2026-12-10", "days_left": 17, "expiry_derived": false, "quantity": 40,
    "usable": { "min": 40, "max": 40 }, "left_out": null, "stock_state": "counted",
    "count": {
        "id": "0198f5a2-0000-7000-8000-000000000004", "counted_at": "2026-11-23T02:10:00.000000Z", "counted_by": "Bao"
    },
    "lines": [{
        "line": "3f0c1a52-8f0e-5d0c-9a53-0a1c5a8f4b11", "name": "Filter mask", "strength": "mandatory",
        "basis": "indicative", "unit": "piece", "status": "met", "shortage": { "min": 0, "max": 0 },
        "status_then": "short", "shortage_then": { "min": 29, "max": 29 }, "becomes_short": true
    }]
}))]
pub struct ExpiringLotView {
    /// The organization.
    organization: OrganizationLabel,
    /// The depot.
    depot: DepotLabel,
    /// The name of its keeper; `null` if none is on record.
    #[schema(max_length = 200)]
    keeper: Option<String>,
    /// The item; `null` if it is not in the catalogue.
    item: Option<ItemLabel>,
    /// The lot number; `null` if the count gave none.
    #[schema(max_length = 64)]
    lot: Option<String>,
    /// The last day on which the lot may be used.
    expires_on: NaiveDate,
    /// The number of days from the day asked for to that day; 0 on the last day, negative once it has expired.
    #[schema(minimum = -100_000_000, maximum = 100_000_000)]
    days_left: i64,
    /// True if that day was calculated from the production day and the item's shelf life.
    expiry_derived: bool,
    /// The number of units that the count found; `null` is 10⁹ or more.
    #[schema(value_type = Option<base::quantity::Quantity>)]
    quantity: Total,
    /// The number of them that is usable on the day asked for, according to that count.
    usable: Interval,
    /// The reason, if none is usable.
    left_out: Option<LeftOut>,
    /// The state of knowledge about the item in the depot: in a stale one the lot may be gone, in a conflict each count
    /// names its own lots.
    stock_state: StockState,
    /// The count that found it.
    count: CountNamed,
    /// The requirement lines that the lot bears on: those that ask for its item, and those whose shortage changes because
    /// they share units with them.
    #[schema(max_items = 1000)]
    lines: Vec<TouchedLineView>,
}

/// The count that found a lot.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CountNamed {
    /// Its id.
    id: CountId,
    /// The effective time.
    #[serde(serialize_with = "serialize_instant")]
    counted_at: DateTime<Utc>,
    /// The name of the person who counted.
    #[schema(max_length = 100)]
    counted_by: String,
}

/// A requirement line that a lot bears on, on the day asked for and later.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TouchedLineView {
    /// The id of the requirement line.
    line: LineId,
    /// The name of what it requires.
    #[schema(max_length = 1000)]
    name: String,
    /// Its binding strength; only mandatory lines are shortages.
    strength: Strength,
    /// Its basis: verified rules only, or not.
    basis: Basis,
    /// The unit of its numbers.
    #[schema(max_length = 16)]
    unit: String,
    /// Its status on the day asked for.
    status: Status,
    /// The number missing on the day asked for.
    shortage: Interval,
    /// Its status on the day after the lot's last one, once everything that expires until then has gone.
    status_then: Status,
    /// The number missing then.
    shortage_then: Interval,
    /// True if the line is mandatory, is not short yet, and then is.
    becomes_short: bool,
}

/// A page of lots that expire.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ExpiringPage {
    /// The lots: by the organization's code, the depot's code, the expiry day and the item.
    #[schema(max_items = 500)]
    pub items: Vec<ExpiringLotView>,
    /// The cursor to send for the next page; `null` on the last.
    #[schema(max_length = 1000, example = "eyJvIjoiVDMifQ")]
    pub next_cursor: Option<String>,
    /// The number of days asked for.
    #[schema(minimum = 1, maximum = 3650, example = 30)]
    pub within_days: u32,
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

impl ExpiringLotView {
    /// A lot with names in a language; `None` if its depot is not among the records.
    pub fn of(
        lot: ExpiringLot,
        lines: &[AgedLine],
        reference_data: &ReferenceData,
        on_day: &OnDay,
        names: KeeperNames<'_>,
    ) -> Option<Self> {
        let language = names.language;
        let OnDay { records, day } = on_day;
        let depot = records.depots.iter().find(|depot| depot.id == lot.depot)?;
        let wording = Wording { reference_data, day: *day, language };
        let seen = lot.seen;
        Some(Self {
            organization: OrganizationLabel::of(&records.organization, *day, language),
            depot: DepotLabel::of(depot, *day, language),
            keeper: keeper_of(depot, *day, names),
            item: reference_data.items.get(&lot.item).map(|item| ItemLabel::of(item, *day, language)),
            lot: seen.lot.lot.as_ref().map(|number| number.written().to_owned()),
            expires_on: lot.expires_on,
            days_left: lot.expires_on.signed_duration_since(*day).num_days(),
            expiry_derived: seen.lot.expiry_derived,
            quantity: seen.quantity,
            usable: seen.usable,
            left_out: seen.left_out,
            stock_state: lot.state,
            count: CountNamed { id: lot.count, counted_at: lot.counted_at, counted_by: lot.counted_by },
            lines: lines.iter().map(|line| TouchedLineView::of(line, wording)).collect(),
        })
    }
}

impl TouchedLineView {
    fn of(line: &AgedLine, wording: Wording<'_>) -> Self {
        let Assessment { line: id, ref selector, strength, basis, ref unit, status, shortage, .. } = line.today;
        Self {
            line: id,
            name: wording.selector(selector),
            strength,
            basis,
            unit: unit.clone(),
            status,
            shortage,
            status_then: line.then.status,
            shortage_then: line.then.shortage,
            becomes_short: line.becomes_short(),
        }
    }
}
