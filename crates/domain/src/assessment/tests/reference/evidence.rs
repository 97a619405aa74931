//! The current counts and the usable part of their lots, found by search.

use chrono::{Datelike, NaiveDate};

use super::{Case, Range, held};
use crate::count::{CatalogueSeen, Count, CountLine, CountScope, Held, LotCondition};
use crate::depot::Holding;
use crate::resolution::Resolution;
use base::id::DepotId;

/// The evidence of counts about an item in a depot.
#[derive(Debug, PartialEq)]
pub enum Said {
    Nothing,
    Stale,
    Speaks { usable: Range, conflict: bool },
}

impl Case<'_> {
    fn local(&self, count: &Count) -> NaiveDate {
        count.effective_at.with_timezone(&self.zone()).date_naive()
    }

    pub fn is_current_for(&self, count: &Count, item: &str) -> bool {
        let listed = count.lines.iter().any(|line| line.item == item);
        let known: Vec<_> = self
            .reference_data
            .items
            .get(item)
            .into_iter()
            .flat_map(|item| item.versions.clone())
            .filter(|row| match count.catalogue {
                CatalogueSeen::At(revision) => row.learnt.revision <= revision,
                CatalogueSeen::When(at) => row.learnt.at <= at,
            })
            .collect();
        let in_catalogue = held(&known, self.local(count)).is_some_and(|version| !version.retired);
        listed || (count.scope == CountScope::Full && in_catalogue)
    }

    /// The counts of a depot up to the end of the day that speak of an item.
    pub fn hearing(&self, depot: DepotId, item: &str) -> Vec<&Count> {
        self.records
            .counts
            .iter()
            .filter(|c| c.depot_id == depot && !c.voided && self.local(c) <= self.day && self.is_current_for(c, item))
            .collect()
    }

    pub fn said(&self, depot: DepotId, item: &str, validity: u32, sure: Option<u32>, perhaps: Option<u32>) -> Said {
        let hearing = self.hearing(depot, item);
        let settled = |c: &Count| {
            hearing.iter().any(|r| r.id != c.id && r.resolves.contains(&c.id) && r.effective_at >= c.effective_at)
        };
        let named = |c: &Count| {
            let about = |r: &&Resolution| !r.voided && r.depot_id == depot && r.item == item;
            self.records.resolutions.iter().filter(about).any(|r| r.counts.contains(&c.id))
        };
        let standing: Vec<&Count> = hearing.iter().copied().filter(|c| !settled(c) && !named(c)).collect();
        let after = |a: &Count, b: &Count| {
            a.effective_at > b.effective_at
                || a.effective_at == b.effective_at && (a.seq > b.seq || a.seq == b.seq && a.id > b.id)
        };
        let kept: Vec<&Count> = standing
            .iter()
            .copied()
            .filter(|c| !standing.iter().any(|other| other.source == c.source && after(other, c)))
            .collect();
        let Some(last) = kept.iter().copied().find(|c| !kept.iter().any(|other| after(other, c))) else {
            return Said::Nothing;
        };
        if (self.day - self.local(last)).num_days() > i64::from(validity) {
            return Said::Stale;
        }
        let together: Vec<&Count> = kept
            .iter()
            .copied()
            .filter(|c| (last.effective_at - c.effective_at).num_microseconds().unwrap() <= 15 * 60 * 1_000_000)
            .collect();
        let conflict = together.iter().any(|c| !same_lots(c, last, item));
        let usable: Vec<(i64, i64)> = together.iter().map(|c| self.usable_by(c, depot, item, sure, perhaps)).collect();
        let (low, high) = (usable.iter().map(|u| u.0).min().unwrap(), usable.iter().map(|u| u.1).max().unwrap());
        Said::Speaks { usable: (low, Some(high)), conflict }
    }

    fn usable_by(
        &self,
        count: &Count,
        depot: DepotId,
        item: &str,
        sure: Option<u32>,
        perhaps: Option<u32>,
    ) -> (i64, i64) {
        let perishable =
            self.reference_data.items.get(item).and_then(|i| held(&i.versions, self.day)).is_some_and(|v| v.perishable);
        let (mut low, mut high) = (0, 0);
        for line in count.lines.iter().filter(|line| line.item == item) {
            let fit = self.holding(depot) == Some(Holding::Physical)
                && line.condition == LotCondition::Serviceable
                && line.held == Held::Here
                && line.expires_on.is_none_or(|last| self.day <= last);
            let in_time = |months: Option<u32>, if_not_written: bool| match (months, line.inspected_on) {
                (None, _) => true,
                (Some(_), None) => if_not_written,
                (Some(months), Some(inspected)) => within_months(inspected, months, self.day),
            };
            if fit && in_time(sure, true) {
                high += line.quantity.thousandths();
                if in_time(sure, false) && in_time(perhaps, false) && (!perishable || line.expires_on.is_some()) {
                    low += line.quantity.thousandths();
                }
            }
        }
        (low, high)
    }

    pub fn holding(&self, depot: DepotId) -> Option<Holding> {
        let depot = self.records.depots.iter().find(|d| d.id == depot)?;
        held(&depot.versions, self.day).filter(|version| version.open).map(|version| version.holding)
    }
}

/// True when each lot either count lists has the same number of units in both.
fn same_lots(a: &Count, b: &Count, item: &str) -> bool {
    let like = |x: &CountLine, y: &CountLine| {
        x.lot == y.lot
            && x.expires_on == y.expires_on
            && x.inspected_on == y.inspected_on
            && x.condition == y.condition
            && x.held == y.held
    };
    let units = |count: &Count, lot: &CountLine| -> i64 {
        let alike = count.lines.iter().filter(|line| line.item == item && like(line, lot));
        alike.map(|line| line.quantity.thousandths()).sum()
    };
    a.lines.iter().chain(&b.lines).filter(|line| line.item == item).all(|lot| units(a, lot) == units(b, lot))
}

fn within_months(inspected: NaiveDate, months: u32, day: NaiveDate) -> bool {
    let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let last = month(inspected) + i64::from(months);
    month(day) < last || month(day) == last && day.day() <= inspected.day()
}
