//! Lots that expire, and the lines that become short when they go, if everything else stands.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::assessment::{AgedLine, assess_aged};
use super::item::ItemCode;
use super::reference_data::{OrganizationData, ReferenceData};
use super::stock::{DepotStock, LotSeen, SpeakingCount, StockState, stock};
use base::id::{CountId, DepotId};
use base::quantity::Quantity;

/// The span of expiry days asked for, from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub day: NaiveDate,
    /// The number of days, of which `day` is the first.
    pub within_days: u32,
    /// True to include the lots that expired before.
    pub expired: bool,
}

impl Window {
    /// True if the last usable day of a lot was asked for.
    pub fn includes(self, expires_on: NaiveDate) -> bool {
        if expires_on < self.day {
            return self.expired;
        }
        // A span beyond the end of the calendar has no end.
        self.day.checked_add_days(Days::new(self.within_days.into())).is_none_or(|end| expires_on < end)
    }
}

/// A lot with an expiry day, as a count found it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpiringLot {
    /// The depot.
    pub depot: DepotId,
    /// The item.
    pub item: ItemCode,
    /// The state of knowledge about the item in the depot.
    pub state: StockState,
    /// The last day on which the lot may be used.
    pub expires_on: NaiveDate,
    /// The lot with its quantity, and the part of it that is usable on the day asked for.
    pub seen: LotSeen,
    /// The count that found it.
    pub count: CountId,
    /// The effective time of that count.
    pub counted_at: DateTime<Utc>,
    /// The name of the person who counted.
    pub counted_by: String,
}

/// All lots with an expiry day in the open depots, by the code of the depot, then by expiry day and item: those of the
/// current counts (of counts that agree, the latest), in a stale depot of the last ones, and in a contested depot of the inspection too.
pub fn lots(reference_data: &ReferenceData, records: &OrganizationData, day: NaiveDate) -> Vec<ExpiringLot> {
    let mut lots: Vec<(String, ExpiringLot)> = Vec::new();
    for depot in stock(reference_data, records, day) {
        lots.extend(lots_of(&depot).into_iter().map(|lot| (depot.depot_code.clone(), lot)));
    }
    // Equal keys keep the order of the counts, latest first.
    lots.sort_by(|(depot, one), (other_depot, other)| {
        (depot, one.expires_on, &one.item).cmp(&(other_depot, other.expires_on, &other.item))
    });
    lots.into_iter().map(|(_, lot)| lot).collect()
}

/// True if some units of the stock are in a lot whose last usable day is before a day.
pub fn has_lot_before(stock: &DepotStock, day: NaiveDate) -> bool {
    let is_there = |lot: &ExpiringLot| lot.seen.quantity.known().is_none_or(|quantity| quantity > Quantity::ZERO);
    lots_of(stock).iter().any(|lot| lot.expires_on < day && is_there(lot))
}

fn lots_of(depot: &DepotStock) -> Vec<ExpiringLot> {
    let inspection = depot.inspection.as_ref().filter(|_| depot.state == StockState::Contested);
    // Of counts that are current together and found the same, the latest tells.
    let told = if depot.state == StockState::Counted { 1 } else { usize::MAX };
    let counts = depot.counts.iter().take(told).chain(inspection.map(|inspection| &inspection.count));
    let of_count = |count: &SpeakingCount| {
        let lots = count.lots.iter().filter_map(|seen| {
            Some(ExpiringLot {
                depot: depot.depot,
                item: depot.item.clone(),
                state: depot.state,
                expires_on: seen.lot.expires_on?,
                seen: seen.clone(),
                count: count.id,
                counted_at: count.effective_at,
                counted_by: count.counted_by.clone(),
            })
        });
        lots.collect::<Vec<_>>()
    };
    counts.flat_map(of_count).collect()
}

/// The lines that some lots bear on, each as it is and once everything that expires until then has gone.
#[derive(Clone, Debug, Default)]
pub struct TouchedLines {
    day: NaiveDate,
    lines: BTreeMap<(NaiveDate, ItemCode), Vec<AgedLine>>,
}

impl TouchedLines {
    /// Assesses the lines of some lots of an organization on a day.
    pub fn of<'l>(
        reference_data: &ReferenceData,
        records: &OrganizationData,
        day: NaiveDate,
        lots: impl IntoIterator<Item = &'l ExpiringLot>,
    ) -> Self {
        let gone: BTreeSet<(NaiveDate, &str)> =
            lots.into_iter().map(|lot| (gone_on(lot.expires_on, day), lot.item.as_str())).collect();
        let lines = assess_aged(reference_data, records, day, &gone);
        let lines = lines.into_iter().map(|((gone_on, item), lines)| ((gone_on, item.to_owned()), lines));
        Self { day, lines: lines.collect() }
    }

    /// The lines that a lot bears on. A lot that has expired already changes nothing any more.
    pub fn by(&self, lot: &ExpiringLot) -> &[AgedLine] {
        let key = (gone_on(lot.expires_on, self.day), lot.item.clone());
        self.lines.get(&key).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The first day without a lot; the day asked for, if it has gone before.
fn gone_on(expires_on: NaiveDate, day: NaiveDate) -> NaiveDate {
    expires_on.succ_opt().unwrap_or(NaiveDate::MAX).max(day)
}

#[cfg(test)]
mod tests;
