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
        let kept: Vec<&Count> = standing
            .iter()
            .copied()
            .filter(|c| !standing.iter().any(|other| other.source == c.source && after_in_source(other, c)))
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
        let asked = sure.is_some() || perhaps.is_some();
        let conflict = together.iter().any(|c| !self.same_lots(c, last, item, asked));
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
            let expires_on = self.last_day(count, line);
            let fit = self.holding(depot) == Some(Holding::Physical)
                && line.condition == LotCondition::Serviceable
                && line.held == Held::Here
                && expires_on.is_none_or(|last| self.day <= last);
            let in_time = |months: Option<u32>, if_not_written: bool| match (months, line.inspected_on) {
                (None, _) => true,
                (Some(_), None) => if_not_written,
                (Some(months), Some(inspected)) => within_months(inspected, months, self.day),
            };
            if fit && in_time(sure, true) {
                high += line.quantity.thousandths();
                if in_time(sure, false) && in_time(perhaps, false) && (!perishable || expires_on.is_some()) {
                    low += line.quantity.thousandths();
                }
            }
        }
        (low, high)
    }

    /// The last day of a lot as it is written, or else as it is worked out by going from day to day.
    fn last_day(&self, count: &Count, line: &CountLine) -> Option<NaiveDate> {
        let version = |day| self.reference_data.items.get(&line.item).and_then(|item| held(&item.versions, day));
        if line.expires_on.is_some() || !version(self.day).is_some_and(|version| version.perishable) {
            return line.expires_on;
        }
        let (made_on, months) = (line.made_on?, version(self.local(count))?.shelf_life_months?);
        made_on.iter_days().take_while(|day| within_months(made_on, months, *day)).last()
    }

    /// True when each lot either count lists has the same number of units in both.
    fn same_lots(&self, a: &Count, b: &Count, item: &str, inspection_asked: bool) -> bool {
        let plain = |line: &CountLine| {
            let visible = |sign: &char| !sign.is_whitespace() && *sign != '\u{200B}';
            line.lot
                .as_ref()
                .map(|lot| lot.written().replace('Ｂ', "b").chars().filter(visible).collect::<String>().to_uppercase())
        };
        let like = |(x_count, x): (&Count, &CountLine), (y_count, y): (&Count, &CountLine)| {
            plain(x) == plain(y)
                && self.last_day(x_count, x) == self.last_day(y_count, y)
                && (!inspection_asked || x.inspected_on == y.inspected_on)
                && x.condition == y.condition
                && x.held == y.held
        };
        let lines = |count: &'_ Count| -> Vec<CountLine> {
            count.lines.iter().filter(|line| line.item == item).cloned().collect()
        };
        let units = |count: &Count, lot: (&Count, &CountLine)| -> i64 {
            lines(count).iter().filter(|line| like((count, line), lot)).map(|line| line.quantity.thousandths()).sum()
        };
        [a, b].into_iter().all(|count| lines(count).iter().all(|lot| units(a, (count, lot)) == units(b, (count, lot))))
    }

    pub fn holding(&self, depot: DepotId) -> Option<Holding> {
        let depot = self.records.depots.iter().find(|d| d.id == depot)?;
        held(&depot.versions, self.day).filter(|version| version.open).map(|version| version.holding)
    }
}

/// True for the later of two counts of one source.
fn after_in_source(a: &Count, b: &Count) -> bool {
    let tie = a.effective_at == b.effective_at;
    a.effective_at > b.effective_at || tie && (a.seq > b.seq || a.seq == b.seq && arrived_after(a, b))
}

/// True for the later of two counts of any source.
fn after(a: &Count, b: &Count) -> bool {
    a.effective_at > b.effective_at || a.effective_at == b.effective_at && arrived_after(a, b)
}

fn arrived_after(a: &Count, b: &Count) -> bool {
    a.received_at > b.received_at || a.received_at == b.received_at && a.id > b.id
}

fn within_months(inspected: NaiveDate, months: u32, day: NaiveDate) -> bool {
    let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let last = month(inspected) + i64::from(months);
    month(day) < last || month(day) == last && day.day() <= inspected.day()
}
