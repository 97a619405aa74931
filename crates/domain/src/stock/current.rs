//! The counts that are current for an item in a depot on a day: a function of the set of counts, whatever their order.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::usable::Lot;
use crate::count::{CatalogueSeen, Count, CountScope, Source};
use crate::item::Item;
use crate::reference_data::ReferenceData;
use crate::resolution::Resolution;
use crate::revision::Dated;
use base::id::CountId;
use base::quantity::Quantity;
use base::time::{end_of_day, local_day};
use base::total::Total;

/// The longest time between counts of different sources that are current together.
const CONFLICT_WINDOW: TimeDelta = TimeDelta::minutes(15);

/// The counts of one depot that may be current on a day: not voided, and effective before the day's end.
#[derive(Debug)]
pub struct DepotCounts<'a> {
    reference_data: &'a ReferenceData,
    zone: Tz,
    /// The full counts, each with the items it lists.
    full: Vec<(&'a Count, HashSet<&'a str>)>,
    listed: HashMap<&'a str, Vec<&'a Count>>,
    /// By item, the counts that resolutions exclude, each with the first resolution that names it.
    named: HashMap<&'a str, HashMap<CountId, &'a Resolution>>,
}

/// The evidence about one item in one depot.
#[derive(Debug)]
pub struct ItemEvidence<'a> {
    /// The current counts, if any.
    pub speaking: Option<Speaking<'a>>,
    /// The counts that would each be current but for a resolution, latest first.
    pub taken_out: Vec<(&'a Count, &'a Resolution)>,
}

/// The current counts of one item in one depot.
#[derive(Debug)]
pub struct Speaking<'a> {
    /// The latest.
    pub latest: CountEvidence<'a>,
    /// Those of other sources made together with it, latest first.
    pub others: Vec<CountEvidence<'a>>,
}

/// The evidence of one count about an item.
#[derive(Debug)]
pub struct CountEvidence<'a> {
    /// The count.
    pub count: &'a Count,
    /// The lots it found; empty lots are left out, and equal lots are merged.
    pub lots: BTreeMap<Lot, Total>,
}

impl Speaking<'_> {
    /// True if the counts do not all find the same lots.
    pub fn conflict(&self) -> bool {
        self.others.iter().any(|other| other.lots != self.latest.lots)
    }
}

impl<'a> DepotCounts<'a> {
    /// Selects the counts of a depot that may be current on a day in a zone, with the resolutions about them.
    ///
    /// A resolution has no day of its own: once it is known, the counts it names are excluded on every day.
    pub fn new(
        reference_data: &'a ReferenceData,
        counts: impl Iterator<Item = &'a Count>,
        resolutions: impl Iterator<Item = &'a Resolution>,
        day: NaiveDate,
        zone: Tz,
    ) -> Self {
        let end = end_of_day(day, zone);
        let (full, listed, named) = (Vec::new(), HashMap::new(), named(resolutions));
        let mut taken = Self { reference_data, zone, full, listed, named };
        for count in counts.filter(|count| !count.voided && count.effective_at < end) {
            let items: HashSet<&str> = count.lines.iter().map(|line| line.item.as_str()).collect();
            for item in &items {
                taken.listed.entry(item).or_default().push(count);
            }
            if count.scope == CountScope::Full {
                taken.full.push((count, items));
            }
        }
        taken
    }

    /// The items that these counts list.
    pub fn items(&self) -> impl Iterator<Item = &'a str> {
        self.listed.keys().copied()
    }

    /// The evidence about an item: its current counts, and those that resolutions exclude.
    pub fn evidence(&self, item: &str) -> ItemEvidence<'a> {
        let of_item = self.of_item(item);
        let settled = settled(&of_item);
        let named = self.named.get(item);
        let (mut last_of_source, mut out) = (HashMap::<&Source, &'a Count>::new(), Vec::new());
        for count in of_item.into_iter().filter(|count| !settled.contains(&count.id)) {
            if let Some(resolution) = named.and_then(|named| named.get(&count.id)) {
                out.push((count, *resolution));
                continue;
            }
            let last = last_of_source.entry(&count.source).or_insert(count);
            if order(last) < order(count) {
                *last = count;
            }
        }
        let latest = last_of_source.values().copied().max_by_key(|count| order(count));
        out.retain(|(count, _)| {
            last_of_source.get(&count.source).is_none_or(|last| order(last) < order(count))
                && latest.is_none_or(|latest| are_concurrent(latest, count))
        });
        out.sort_by_key(|(count, _)| std::cmp::Reverse(order(count)));
        let speaking = latest.map(|latest| {
            let mut others: Vec<&Count> = last_of_source
                .into_values()
                .filter(|count| count.id != latest.id && are_concurrent(latest, count))
                .collect();
            others.sort_by_key(|count| std::cmp::Reverse(order(count)));
            Speaking {
                latest: CountEvidence::new(latest, item),
                others: others.into_iter().map(|count| CountEvidence::new(count, item)).collect(),
            }
        });
        ItemEvidence { speaking, taken_out: out }
    }

    /// The counts that cover an item: those that list it, and the full ones whose catalogue had it.
    fn of_item(&self, item: &str) -> Vec<&'a Count> {
        let listing = self.listed.get(item).map(Vec::as_slice).unwrap_or_default();
        let in_catalogue = self.reference_data.items.get(item);
        let not_listing = self.full.iter().filter(|(_, listed)| !listed.contains(item)).map(|(count, _)| *count);
        let full = not_listing.filter(|count| in_catalogue.is_some_and(|item| self.had_in_catalogue(count, item)));
        listing.iter().copied().chain(full).collect()
    }

    /// True if an item was in the catalogue that the person counting had: its entry for the day of counting, as known
    /// by then, is not retired.
    fn had_in_catalogue(&self, count: &Count, item: &Item) -> bool {
        let day = local_day(count.effective_at, self.zone);
        let seen = |row: &&Dated<_>| match count.catalogue {
            CatalogueSeen::At(revision) => row.learnt.revision <= revision,
            CatalogueSeen::When(at) => row.learnt.at <= at,
        };
        item.versions
            .iter()
            .filter(|row| row.valid_from <= day)
            .filter(seen)
            .max_by_key(|row| (row.valid_from, row.learnt.revision))
            .is_some_and(|row| !row.value.retired)
    }
}

impl<'a> CountEvidence<'a> {
    fn new(count: &'a Count, item: &str) -> Self {
        let mut lots: BTreeMap<Lot, Total> = BTreeMap::new();
        for line in count.lines.iter().filter(|line| line.item == item && line.quantity > Quantity::ZERO) {
            let lot = Lot {
                lot: line.lot.clone(),
                expires_on: line.expires_on,
                inspected_on: line.inspected_on,
                condition: line.condition,
                held: line.held,
            };
            let quantity = lots.entry(lot).or_default();
            *quantity = quantity.plus(line.quantity);
        }
        Self { count, lots }
    }
}

/// The counts that unvoided resolutions name, by item; of several resolutions, the one decided first is cited.
fn named<'a>(resolutions: impl Iterator<Item = &'a Resolution>) -> HashMap<&'a str, HashMap<CountId, &'a Resolution>> {
    let mut named: HashMap<&str, HashMap<CountId, &Resolution>> = HashMap::new();
    let place = |resolution: &Resolution| (resolution.resolved_at, resolution.id);
    for resolution in resolutions.filter(|resolution| !resolution.voided) {
        let of_item = named.entry(&resolution.item).or_default();
        for count in &resolution.counts {
            let first = of_item.entry(*count).or_insert(resolution);
            if place(resolution) < place(first) {
                *first = resolution;
            }
        }
    }
    named
}

/// True for a count that is, or would be, current beside the latest one.
fn are_concurrent(latest: &Count, count: &Count) -> bool {
    latest.effective_at - count.effective_at <= CONFLICT_WINDOW
}

/// The counts that others resolve by name. A resolving count must itself cover the item, so that one made after the day
/// has no effect on it; whether it was itself resolved, or excluded by a resolution, does not matter. No count resolves
/// itself.
fn settled(of_item: &[&Count]) -> HashSet<CountId> {
    let effective: HashMap<CountId, DateTime<Utc>> =
        of_item.iter().map(|count| (count.id, count.effective_at)).collect();
    let mut settled = HashSet::new();
    for resolver in of_item {
        for id in &resolver.resolves {
            let no_earlier = effective.get(id).is_some_and(|named_at| resolver.effective_at >= *named_at);
            if no_earlier && *id != resolver.id {
                settled.insert(*id);
            }
        }
    }
    settled
}

/// The position of a count in the order of counts.
fn order(count: &Count) -> (DateTime<Utc>, Option<i64>, CountId) {
    (count.effective_at, count.seq, count.id)
}
