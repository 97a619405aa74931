//! The current counts and the usable part of their lots, found by search.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::{Case, Range, held};
use crate::count::{Count, CountKind, CountLine, CountScope, Held, LotCondition};
use crate::depot::Holding;
use crate::item::CatalogueSeen;
use crate::resolution::Resolution;
use base::id::{CountId, DepotId};

/// The evidence of counts about an item in a depot.
#[derive(Debug, PartialEq)]
pub enum Said {
    Nothing,
    Stale,
    Speaks { usable: Range, conflict: bool, contested: bool },
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
    pub fn evidence(&self, depot: DepotId, item: &str) -> Vec<&Count> {
        self.records
            .counts
            .iter()
            .filter(|c| c.depot_id == depot && !c.voided && self.local(c) <= self.day && self.is_current_for(c, item))
            .collect()
    }

    /// The counts that nobody settled or took out.
    fn unresolved(&self, depot: DepotId, item: &str) -> Vec<&Count> {
        let evidence = self.evidence(depot, item);
        let settled = |c: &Count| {
            evidence.iter().any(|r| {
                r.id != c.id
                    && r.resolves.contains(&c.id)
                    && r.effective_at >= c.effective_at
                    && (inspects(r) || !inspects(c))
            })
        };
        let named = |c: &Count| {
            let about = |r: &&Resolution| !r.voided && r.depot_id == depot && r.item == item;
            self.records.resolutions.iter().filter(about).any(|r| r.counts.contains(&c.id))
        };
        evidence.iter().copied().filter(|c| !settled(c) && !named(c)).collect()
    }

    pub fn said(&self, depot: DepotId, item: &str, validity: u32, sure: Option<u32>, perhaps: Option<u32>) -> Said {
        let evidence = self.evidence(depot, item);
        let unresolved = self.unresolved(depot, item);
        let kept: Vec<&Count> = unresolved
            .iter()
            .copied()
            .filter(|c| {
                let passed = |other: &&Count| other.source == c.source && after_in_source(other, c);
                !unresolved.iter().any(|other| passed(other) && (inspects(other) || !inspects(c)))
            })
            .collect();
        let Some(last) = last_of(&kept) else { return Said::Nothing };
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
        if let Some((low, high)) = self.contested(depot, item, &evidence, &unresolved, sure, perhaps) {
            return Said::Speaks { usable: (low, Some(high)), conflict, contested: true };
        }
        Said::Speaks { usable: (low, Some(high)), conflict, contested: false }
    }

    /// The interval that holds while the last inspection objects to the own counts after it.
    fn contested(
        &self,
        depot: DepotId,
        item: &str,
        evidence: &[&Count],
        unresolved: &[&Count],
        sure: Option<u32>,
        perhaps: Option<u32>,
    ) -> Option<(i64, i64)> {
        let inspections: Vec<&Count> = unresolved.iter().copied().filter(|c| inspects(c)).collect();
        let inspection = last_of(&last_of_sources(&inspections))?;
        let own: Vec<&Count> =
            unresolved.iter().copied().filter(|c| !inspects(c) && comes_after(c, inspection)).collect();
        let kept = last_of_sources(&own);
        let last = last_of(&kept)?;
        let minutes = |a: &Count, b: &Count| (a.effective_at - b.effective_at).num_microseconds().unwrap() as f64 / 6e7;
        if minutes(last, inspection) <= 15.0 {
            return None;
        }
        let by = |c: &Count| self.usable_by(c, depot, item, sure, perhaps);
        let together: Vec<(i64, i64)> = kept.iter().filter(|c| minutes(last, c) <= 15.0).map(|c| by(c)).collect();
        let low = together.iter().map(|usable| usable.0).min().unwrap();
        let high = together.iter().map(|usable| usable.1).max().unwrap();
        let inspected = by(inspection);
        let stands = self.setting_on(self.local(inspection), |region| region.inspection_stands_days).unwrap_or(30);
        let days = (self.local(last) - self.local(inspection)).num_days();
        let accepted = self.records.acceptances.iter().any(|acceptance| {
            let count = evidence.iter().find(|c| c.id == acceptance.count && !inspects(c));
            acceptance.depot_id == depot
                && acceptance.item == item
                && acceptance.inspection == inspection.id
                && count.is_some_and(|count| count.id == last.id || comes_after(last, count))
        });
        (inspected.1 < high && days <= i64::from(stands) && !accepted).then_some((low.min(inspected.0), high))
    }

    /// The lots that a count does not mention, by name, each with the thousandths that were found last.
    pub fn not_mentioned(&self, depot: DepotId, item: &str, validity: u32, id: CountId) -> BTreeMap<String, i64> {
        let mut missed = BTreeMap::new();
        let unresolved = self.unresolved(depot, item);
        let Some(count) = unresolved.iter().find(|c| c.id == id) else { return missed };
        let named = |c: &Count, lot: &str| -> Option<i64> {
            let lines = c.lines.iter().filter(|line| line.item == item);
            let alike: Vec<_> = lines.filter(|line| self.lot_name(c, line) == lot).collect();
            (!alike.is_empty()).then(|| alike.iter().map(|line| line.quantity.thousandths()).sum())
        };
        let none_at_all = |c: &Count| {
            let mut lines = c.lines.iter().filter(|line| line.item == item);
            lines.any(|line| self.lot_name(c, line) == "neither" && line.quantity.thousandths() == 0)
        };
        if none_at_all(count) || !count.lines.iter().any(|line| line.item == item) {
            return missed;
        }
        let earlier: Vec<&Count> = unresolved
            .iter()
            .copied()
            .filter(|c| comes_after(count, c) && (self.day - self.local(c)).num_days() <= i64::from(validity))
            .collect();
        for lot in earlier.iter().flat_map(|c| c.lines.iter().filter(|l| l.item == item).map(|l| self.lot_name(c, l))) {
            let mentioning: Vec<&Count> =
                earlier.iter().copied().filter(|c| none_at_all(c) || named(c, &lot).is_some()).collect();
            let last = last_of(&last_of_sources(&mentioning)).unwrap();
            let quantity = named(last, &lot).unwrap_or(0);
            if quantity > 0 && named(count, &lot).is_none() {
                missed.insert(lot, quantity);
            }
        }
        missed
    }

    /// A lot by its number, else its expiry day, else neither.
    pub fn lot_name(&self, count: &Count, line: &CountLine) -> String {
        match (plain(line), self.last_day(count, line)) {
            (Some(number), _) => format!("number {number}"),
            (None, Some(day)) => format!("expiry {day}"),
            (None, None) => "neither".to_owned(),
        }
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

fn inspects(count: &Count) -> bool {
    count.kind == CountKind::Inspection
}

/// A lot number without what makes no difference, as the worlds have it.
fn plain(line: &CountLine) -> Option<String> {
    let visible = |sign: &char| !sign.is_whitespace() && *sign != '\u{200B}';
    line.lot
        .as_ref()
        .map(|lot| lot.written().replace('Ｂ', "b").chars().filter(visible).collect::<String>().to_uppercase())
}

fn last_of_sources<'a>(counts: &[&'a Count]) -> Vec<&'a Count> {
    let is_last = |c: &&&Count| !counts.iter().any(|other| other.source == c.source && after_in_source(other, c));
    counts.iter().filter(is_last).copied().collect()
}

fn last_of<'a>(counts: &[&'a Count]) -> Option<&'a Count> {
    counts.iter().copied().find(|c| !counts.iter().any(|other| after(other, c)))
}

/// True if a count comes after another, of its own source or of another.
fn comes_after(count: &Count, other: &Count) -> bool {
    if count.source == other.source { after_in_source(count, other) } else { after(count, other) }
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
