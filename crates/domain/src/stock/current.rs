//! The counts that are current for an item in a depot on a day. They depend only on the set of counts, not on its order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::LotNotMentioned;
use super::usable::{InspectionAsked, Lot};
use crate::acceptance::Acceptance;
use crate::count::{Count, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use crate::lot::LotNumber;
use crate::reference_data::ReferenceData;
use crate::resolution::Resolution;
use base::id::CountId;
use base::quantity::Quantity;
use base::time::{end_of_day, local_day};
use base::total::Total;

/// The maximum time between counts of different sources that are current together.
pub const CONFLICT_WINDOW: TimeDelta = TimeDelta::minutes(15);

/// The counts of one depot that may be current on a day: not voided, and effective before the day's end.
#[derive(Debug)]
pub struct DepotCounts<'a> {
    reference_data: &'a ReferenceData,
    day: NaiveDate,
    zone: Tz,
    full: Vec<FullCount<'a>>,
    listed: HashMap<&'a str, Vec<&'a Count>>,
    /// The counts that resolutions exclude, by item, each with the first resolution that names it.
    named: HashMap<&'a str, HashMap<CountId, &'a Resolution>>,
    acceptances: Vec<&'a Acceptance>,
}

/// A count of all that its catalogue had.
#[derive(Debug)]
struct FullCount<'a> {
    count: &'a Count,
    /// The items that it lists.
    listed: HashSet<&'a str>,
    /// The day of the depot on which it was effective, which is asked for with each item.
    day: NaiveDate,
}

/// The last day on which a lot may be used.
#[derive(Clone, Copy, Debug)]
struct Expiry {
    last_day: Option<NaiveDate>,
    derived: bool,
}

/// The evidence about one item in one depot.
#[derive(Debug)]
pub struct ItemEvidence<'a> {
    /// The current counts, if any.
    pub current: Option<CurrentCounts<'a>>,
    /// The counts that would be current without a resolution, latest first.
    pub taken_out: Vec<(&'a Count, &'a Resolution)>,
    /// The last inspection, if an own count made more than [`CONFLICT_WINDOW`] later is current.
    pub inspection: Option<EarlierInspection<'a>>,
    /// The counts of the item that nothing excludes, in no order.
    standing: Vec<&'a Count>,
}

/// An inspection that is followed by an organization's own count.
#[derive(Debug)]
pub struct EarlierInspection<'a> {
    /// The evidence of the inspection.
    pub evidence: CountEvidence<'a>,
    /// The first acceptance that ends its effect.
    pub acceptance: Option<&'a Acceptance>,
}

/// The identity of a lot for people: its number, or else its expiry day.
type LotKey<'a> = (Option<&'a LotNumber>, Option<NaiveDate>);

/// The lots of an item that a count mentions.
struct Mentions<'a> {
    lots: BTreeMap<LotKey<'a>, Total>,
    /// True if it states that there is nothing of the item, without naming a lot: this mentions every lot.
    all: bool,
}

/// The last counts of each source. Only a later inspection supersedes an inspection.
pub(super) struct Kept<'a> {
    last: HashMap<&'a Source, &'a Count>,
    inspections: HashMap<&'a Source, &'a Count>,
}

impl<'a> Kept<'a> {
    /// Keeps the last of some counts.
    pub(super) fn of(counts: impl Iterator<Item = &'a Count>) -> Self {
        let mut kept = Self { last: HashMap::new(), inspections: HashMap::new() };
        for count in counts {
            keep_later(&mut kept.last, count);
            if is_inspection(count) {
                keep_later(&mut kept.inspections, count);
            }
        }
        kept
    }

    fn counts(&self) -> impl Iterator<Item = &'a Count> {
        let hidden =
            |inspection: &&&Count| self.last.get(&inspection.source).is_none_or(|last| last.id != inspection.id);
        self.last.values().chain(self.inspections.values().filter(hidden)).copied()
    }

    /// The last count of a source.
    pub(super) fn last_of(&self, source: &Source) -> Option<&'a Count> {
        self.last.get(source).copied()
    }

    /// The latest of all.
    pub(super) fn latest(&self) -> Option<&'a Count> {
        self.counts().max_by_key(|count| order(count))
    }

    /// True if a further count would be among them.
    fn would_keep(&self, count: &Count) -> bool {
        let comes_last = |last: Option<&&Count>| last.is_none_or(|last| order_in_source(last) < order_in_source(count));
        comes_last(self.last.get(&count.source))
            || is_inspection(count) && comes_last(self.inspections.get(&count.source))
    }
}

fn keep_later<'a>(last_of_source: &mut HashMap<&'a Source, &'a Count>, count: &'a Count) {
    let last = last_of_source.entry(&count.source).or_insert(count);
    if order_in_source(last) < order_in_source(count) {
        *last = count;
    }
}

/// The current counts of one item in one depot.
#[derive(Debug)]
pub struct CurrentCounts<'a> {
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

impl<'a> CurrentCounts<'a> {
    /// The counts, latest first.
    pub(super) fn counts(&self) -> impl Iterator<Item = &'a Count> {
        std::iter::once(&self.latest).chain(&self.others).map(|evidence| evidence.count)
    }

    /// True if the counts do not all find the same lots. The inspection day is compared only if a rule requires
    /// inspections.
    pub fn conflict(&self, inspection: InspectionAsked) -> bool {
        let latest = self.latest.compared(inspection);
        self.others.iter().any(|other| other.compared(inspection) != latest)
    }
}

/// The fields in which lots of two counts are compared.
type ComparedLot<'l> = (Option<&'l LotNumber>, Option<NaiveDate>, LotCondition, Held, Option<NaiveDate>);

impl<'a> DepotCounts<'a> {
    /// Selects the counts of a depot that may be current on a day in a zone, with the resolutions about them.
    ///
    /// A resolution is not limited to a day: once it is known, the counts it names are excluded on every day.
    pub fn new(
        reference_data: &'a ReferenceData,
        counts: impl Iterator<Item = &'a Count>,
        resolutions: impl Iterator<Item = &'a Resolution>,
        acceptances: Vec<&'a Acceptance>,
        day: NaiveDate,
        zone: Tz,
    ) -> Self {
        let end = end_of_day(day, zone);
        let (full, listed, named) = (Vec::new(), HashMap::new(), named(resolutions));
        let mut taken = Self { reference_data, day, zone, full, listed, named, acceptances };
        for count in counts.filter(|count| !count.voided && count.effective_at < end) {
            let items: HashSet<&str> = count.lines.iter().map(|line| line.item.as_str()).collect();
            for item in &items {
                taken.listed.entry(item).or_default().push(count);
            }
            if count.scope == CountScope::Full {
                taken.full.push(FullCount { count, listed: items, day: local_day(count.effective_at, zone) });
            }
        }
        taken
    }

    /// A count that lists something, by its id.
    pub fn find(&self, id: CountId) -> Option<&'a Count> {
        self.listed.values().flatten().copied().find(|count| count.id == id)
    }

    /// The items that these counts list.
    pub fn items(&self) -> impl Iterator<Item = &'a str> {
        self.listed.keys().copied()
    }

    /// The evidence about an item: its current counts, and those that resolutions exclude.
    pub fn evidence(&self, item: &str) -> ItemEvidence<'a> {
        let of_item = self.of_item(item);
        let resolved = resolved(&of_item);
        let named = self.named.get(item);
        let (mut standing, mut out) = (Vec::new(), Vec::new());
        for count in of_item.iter().copied().filter(|count| !resolved.contains(&count.id)) {
            match named.and_then(|named| named.get(&count.id)) {
                Some(resolution) => out.push((count, *resolution)),
                None => standing.push(count),
            }
        }
        let kept = Kept::of(standing.iter().copied());
        let latest = kept.latest();
        out.retain(|(count, _)| kept.would_keep(count) && latest.is_none_or(|latest| are_concurrent(latest, count)));
        out.sort_by_key(|(count, _)| std::cmp::Reverse(order(count)));
        let current = latest.map(|latest| {
            let is_other = |count: &&Count| count.id != latest.id && are_concurrent(latest, count);
            let mut others: Vec<&Count> = kept.counts().filter(is_other).collect();
            others.sort_by_key(|count| std::cmp::Reverse(order(count)));
            CurrentCounts {
                latest: self.lots_of(latest, item),
                others: others.into_iter().map(|count| self.lots_of(count, item)).collect(),
            }
        });
        let inspection = latest.and_then(|latest| self.earlier_inspection(&of_item, &standing, latest, item));
        ItemEvidence { current, taken_out: out, inspection, standing }
    }

    /// The last inspection, if an own count came after it and does not conflict with it.
    fn earlier_inspection(
        &self,
        of_item: &[&'a Count],
        standing: &[&'a Count],
        latest: &Count,
        item: &str,
    ) -> Option<EarlierInspection<'a>> {
        let inspection = Kept::of(standing.iter().copied().filter(|count| is_inspection(count))).latest()?;
        if is_inspection(latest) || are_concurrent(latest, inspection) {
            return None;
        }
        let holds = |acceptance: &&Acceptance| {
            let accepted = of_item.iter().find(|count| count.id == acceptance.count);
            acceptance.item == item
                && acceptance.inspection == inspection.id
                && accepted.is_some_and(|count| !is_inspection(count) && compare(count, latest).is_le())
        };
        let acceptances = self.acceptances.iter().copied().filter(holds);
        Some(EarlierInspection {
            evidence: self.lots_of(inspection, item),
            acceptance: acceptances.min_by_key(|acceptance| (acceptance.accepted_at, acceptance.id)),
        })
    }

    /// The lots that a count does not mention although the last earlier count that mentions them found some. Only counts
    /// made on a given day or later are compared, because older ones are stale.
    pub fn not_mentioned(
        &self,
        evidence: &ItemEvidence<'a>,
        count: &'a Count,
        item: &str,
        since: NaiveDate,
    ) -> Vec<LotNotMentioned> {
        let mentioned = self.mentions_of(count, item);
        if mentioned.lots.is_empty() || mentioned.all {
            return Vec::new();
        }
        let is_earlier = |earlier: &&&'a Count| {
            compare(earlier, count).is_lt() && local_day(earlier.effective_at, self.zone) >= since
        };
        let earlier: Vec<(&'a Count, Mentions<'a>)> = evidence
            .standing
            .iter()
            .filter(is_earlier)
            .map(|earlier| (*earlier, self.mentions_of(earlier, item)))
            .collect();
        let lots: BTreeSet<LotKey<'a>> =
            earlier.iter().flat_map(|(_, mentions)| mentions.lots.keys().copied()).collect();
        let last_mention = |lot: &LotKey<'a>| {
            let mentioning = earlier.iter().filter(|(_, mentions)| mentions.all || mentions.lots.contains_key(lot));
            let last = Kept::of(mentioning.map(|(count, _)| *count)).latest()?;
            earlier.iter().find(|(count, _)| count.id == last.id)
        };
        let left_out = lots.into_iter().filter(|lot| !mentioned.lots.contains_key(lot));
        left_out
            .filter_map(|lot| {
                let (count, mentions) = last_mention(&lot)?;
                // As that count wrote it, whatever the order in which the counts were read.
                let ((written, _), quantity) = mentions.lots.get_key_value(&lot)?;
                let quantity = (*quantity != Total::ZERO).then_some(*quantity)?;
                Some(LotNotMentioned {
                    lot: written.cloned(),
                    expires_on: lot.1,
                    quantity,
                    count: count.id,
                    effective_at: count.effective_at,
                })
            })
            .collect()
    }

    /// The lots of an item that a count mentions, each with its quantity.
    fn mentions_of(&self, count: &'a Count, item: &str) -> Mentions<'a> {
        let mut mentions = Mentions { lots: BTreeMap::new(), all: false };
        for line in count.lines.iter().filter(|line| line.item == item) {
            let key = (line.lot.as_ref(), self.expiry_of(count, line).last_day.filter(|_| line.lot.is_none()));
            mentions.all |= key == (None, None) && line.quantity == Quantity::ZERO;
            let quantity: &mut Total = mentions.lots.entry(key).or_default();
            *quantity = quantity.plus(line.quantity);
        }
        mentions
    }

    /// The counts that cover an item: those that list it, and full ones whose catalogue contained it.
    pub(super) fn of_item(&self, item: &str) -> Vec<&'a Count> {
        let listing = self.listed.get(item).map(Vec::as_slice).unwrap_or_default();
        let full = self.full_without(item).filter(|(_, covers)| *covers).map(|(count, _)| count);
        listing.iter().copied().chain(full).collect()
    }

    /// The full counts that do not list an item and do not cover it, because their catalogue did not have it.
    pub(super) fn not_covering(&self, item: &str) -> impl Iterator<Item = &'a Count> {
        self.full_without(item).filter(|(_, covers)| !covers).map(|(count, _)| count)
    }

    /// The full counts that do not list an item, each with whether its catalogue had the item.
    fn full_without(&self, item: &str) -> impl Iterator<Item = (&'a Count, bool)> {
        let known = self.reference_data.items.get(item);
        let had = move |FullCount { count, day, .. }: &FullCount<'a>| {
            known.is_some_and(|item| item.was_in(count.catalogue, *day))
        };
        self.full.iter().filter(move |full| !full.listed.contains(item)).map(move |full| (full.count, had(full)))
    }

    /// The counts that resolutions exclude for an item, each with the first resolution that names it.
    pub(super) fn excluded(&self, item: &str) -> HashMap<CountId, &'a Resolution> {
        self.named.get(item).cloned().unwrap_or_default()
    }

    /// The resolutions that exclude counts of an item, the first first.
    pub(super) fn resolutions_of(&self, item: &str) -> Vec<&'a Resolution> {
        let mut resolutions: Vec<&'a Resolution> = self.excluded(item).into_values().collect();
        resolutions.sort_by_key(|resolution| (resolution.resolved_at, resolution.id));
        resolutions.dedup_by_key(|resolution| resolution.id);
        resolutions
    }

    /// The acceptances of own counts of an item, the first first.
    pub(super) fn acceptances_of(&self, item: &str) -> Vec<&'a Acceptance> {
        let acceptances = self.acceptances.iter().copied();
        let mut acceptances: Vec<&'a Acceptance> = acceptances.filter(|acceptance| acceptance.item == item).collect();
        acceptances.sort_by_key(|acceptance| (acceptance.accepted_at, acceptance.id));
        acceptances
    }

    /// The lots of an item that a count found.
    fn lots_of(&self, count: &'a Count, item: &str) -> CountEvidence<'a> {
        let mut lots: BTreeMap<Lot, Total> = BTreeMap::new();
        for line in count.lines.iter().filter(|line| line.item == item && line.quantity > Quantity::ZERO) {
            let expiry = self.expiry_of(count, line);
            let lot = Lot {
                lot: line.lot.clone(),
                expires_on: expiry.last_day,
                expiry_derived: expiry.derived,
                inspected_on: line.inspected_on,
                condition: line.condition,
                held: line.held,
            };
            let quantity = lots.entry(lot).or_default();
            *quantity = quantity.plus(line.quantity);
        }
        CountEvidence { count, lots }
    }

    /// The last day of a line's lot: the one that the line states, or for a perishable item the one that follows from the day
    /// the lot was made and the shelf life in force on the day of the count.
    fn expiry_of(&self, count: &Count, line: &CountLine) -> Expiry {
        let perishable = || self.reference_data.item_on(&line.item, self.day).is_some_and(|item| item.perishable);
        if line.expires_on.is_some() || line.made_on.is_none() || !perishable() {
            return Expiry { last_day: line.expires_on, derived: false };
        }
        let counted_on = local_day(count.effective_at, self.zone);
        let shelf_life = self.reference_data.item_on(&line.item, counted_on).and_then(|item| item.shelf_life_months);
        let last_day = line.made_on.zip(shelf_life).map(|(made_on, months)| {
            // A day beyond the end of the calendar never comes.
            made_on.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX)
        });
        Expiry { last_day, derived: last_day.is_some() }
    }
}

impl CountEvidence<'_> {
    /// The units of each lot, in the fields that are compared.
    fn compared(&self, inspection: InspectionAsked) -> BTreeMap<ComparedLot<'_>, Total> {
        let mut compared = BTreeMap::new();
        for (lot, found) in &self.lots {
            let inspected_on = lot.inspected_on.filter(|_| inspection.is_asked());
            let key = (lot.lot.as_ref(), lot.expires_on, lot.condition, lot.held, inspected_on);
            let quantity: &mut Total = compared.entry(key).or_default();
            *quantity = quantity.plus(*found);
        }
        compared
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

/// True if a count is, or would be, current together with the latest one.
fn are_concurrent(latest: &Count, count: &Count) -> bool {
    latest.effective_at - count.effective_at <= CONFLICT_WINDOW
}

/// The counts that others resolve by name. A resolving count must itself cover the item, so that one made after the day
/// has no effect on it; whether it was itself resolved, or excluded by a resolution, does not matter. No count resolves
/// itself, and no own count resolves an inspection.
pub(super) fn resolved(of_item: &[&Count]) -> HashSet<CountId> {
    let known: HashMap<CountId, &Count> = of_item.iter().map(|count| (count.id, *count)).collect();
    let mut resolved = HashSet::new();
    for resolver in of_item {
        for id in &resolver.resolves {
            let may_settle = known.get(id).is_some_and(|named| {
                resolver.effective_at >= named.effective_at && (is_inspection(resolver) || !is_inspection(named))
            });
            if may_settle && *id != resolver.id {
                resolved.insert(*id);
            }
        }
    }
    resolved
}

pub(super) fn is_inspection(count: &Count) -> bool {
    count.kind == CountKind::Inspection
}

/// The order of two counts, of the same source or of different ones.
pub(super) fn compare(one: &Count, other: &Count) -> Ordering {
    if one.source == other.source {
        order_in_source(one).cmp(&order_in_source(other))
    } else {
        order(one).cmp(&order(other))
    }
}

/// The position of a count among those of its source: ties are broken by sequence number, then by arrival.
pub(super) fn order_in_source(count: &Count) -> (DateTime<Utc>, Option<i64>, DateTime<Utc>, CountId) {
    (count.effective_at, count.seq, count.received_at, count.id)
}

/// The position of a count among those of all sources: their sequence numbers cannot be compared.
pub(super) fn order(count: &Count) -> (DateTime<Utc>, DateTime<Utc>, CountId) {
    (count.effective_at, count.received_at, count.id)
}
