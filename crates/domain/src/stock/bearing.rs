//! The counts of a depot that can bear on its stock, out of all that were ever made there.
//!
//! They are few, however many counts there are: of each source the last, those that its being taken out would bring back, and
//! the last to mention each lot. Figures made from them are the same as from all counts, on every day by whose end all
//! counts are effective.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{Days, NaiveDate};

use super::current::{CONFLICT_WINDOW, compare, is_inspection, order_in_source};
use crate::count::{Count, CountKind, CountLine, CountScope, Source};
use crate::item::{CatalogueSeen, Item, ItemCode};
use crate::lot::LotNumber;
use crate::resolution::Resolution;
use crate::revision::Learnt;
use base::id::CountId;
use base::quantity::Quantity;

/// What decides about counts beside themselves.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// The counts that unvoided resolutions exclude, each for an item.
    pub excluded: BTreeSet<(CountId, ItemCode)>,
    /// The own counts that officers accepted.
    pub accepted: Vec<Accepted>,
    /// The entries by which items left the catalogue: the first day of each, and when it was recorded.
    pub retirements: Vec<(NaiveDate, Learnt)>,
}

/// The entries by which items left the catalogue, as [`Decisions`] has them.
pub fn retirements(items: &BTreeMap<ItemCode, Item>) -> Vec<(NaiveDate, Learnt)> {
    let entries = items.values().flat_map(|item| &item.versions).filter(|entry| entry.value.retired);
    entries.map(|entry| (entry.valid_from, entry.learnt)).collect()
}

/// An own count that an officer accepted against an inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The inspection.
    pub inspection: CountId,
    /// The own count.
    pub count: CountId,
    /// The item.
    pub item: ItemCode,
}

/// Whether a count is heard about an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Nothing takes it out.
    Stands,
    /// A full count names it that may cover the item or not.
    Perhaps,
    /// A resolution excludes it, or a count that lists the item resolves it.
    Out,
}

/// A count that lists an item.
struct Listing<'a> {
    place: usize,
    count: &'a Count,
    standing: Standing,
    /// Its lines of the item, found once: each is compared with each count that may be current.
    lines: Vec<&'a CountLine>,
}

/// The identity of a lot at its finest. Lots that people take for one, because of an expiry day that is worked out, may have
/// several.
#[derive(PartialEq, Eq, Hash)]
struct LotKey<'a> {
    lot: Option<&'a LotNumber>,
    expires_on: Option<NaiveDate>,
    made_on: Option<NaiveDate>,
    /// True for the statement that there is nothing of a lot without number and expiry day, which may mention every lot.
    none: bool,
}

/// The counts of one depot, and what is to be kept of them.
struct Sieve<'a> {
    counts: &'a [Count],
    decisions: &'a Decisions,
    /// The counts that name each count to resolve it.
    resolvers: HashMap<CountId, Vec<&'a Count>>,
    /// The items of which lines are kept, by the position of the count.
    items: Vec<BTreeSet<&'a str>>,
    /// True for the counts that are kept whole.
    whole: Vec<bool>,
}

/// The counts of a depot that can bear on its stock, with the lines that can, in the order given. All must be effective by the
/// end of every day that is asked about; voided ones are left out.
pub fn bearing(mut counts: Vec<Count>, decisions: &Decisions) -> Vec<Count> {
    counts.retain(|count| !count.voided);
    let Sieve { items, whole, .. } = Sieve::of(&counts, decisions);
    let kept: Vec<Option<BTreeSet<ItemCode>>> = items
        .into_iter()
        .zip(whole)
        .map(|(items, whole)| (!whole).then(|| items.into_iter().map(ToOwned::to_owned).collect()))
        .collect();
    let lines_of = |(mut count, items): (Count, Option<BTreeSet<ItemCode>>)| match items {
        None => Some(count),
        Some(items) => {
            count.lines.retain(|line| items.contains(&line.item));
            (!count.lines.is_empty()).then_some(count)
        }
    };
    counts.into_iter().zip(kept).filter_map(lines_of).collect()
}

/// True if [`bearing`] of some kept counts and a new one is the same as of all counts and the new one. It is not where the
/// new one can bring back others: where it resolves one of them, or may be current beside later ones before which not all lots
/// are kept, as the lots that it does not mention are then told.
pub fn can_add(kept: &[Count], decisions: &Decisions, new: &Count) -> bool {
    if kept.iter().any(|count| new.resolves.contains(&count.id) || count.resolves.contains(&new.id)) {
        return false;
    }
    if kept.iter().all(|count| compare(count, new).is_lt()) {
        return true;
    }
    let items: BTreeSet<&str> = new.lines.iter().map(|line| line.item.as_str()).collect();
    items.into_iter().all(|item| {
        let listing: Vec<&Count> = kept.iter().filter(|count| lists(count, item)).collect();
        let stands =
            |count: &Count| !is_named(kept, count) && !decisions.excluded.contains(&(count.id, item.to_owned()));
        let is_hidden = || listing.iter().any(|count| hides(count, new) && stands(count));
        let next = listing.iter().filter(|count| compare(new, count).is_lt()).min_by(|one, other| compare(one, other));
        next.is_none_or(|next| is_hidden() || shows_earlier_lots(next, &listing, stands))
    })
}

/// True if a count cannot be current for an item because another one lists it, unless the other is taken out.
fn hides(later: &Count, count: &Count) -> bool {
    let is_of_source = later.source == count.source && (is_inspection(later) || !is_inspection(count));
    later.effective_at - count.effective_at > CONFLICT_WINDOW
        || is_of_source && order_in_source(count) < order_in_source(later)
}

/// True if a count is current for an item: then the last mention of each lot before it is kept. If it is also the next one after
/// a new count, no count lies between the two, so the same mentions are the last before the new count.
fn shows_earlier_lots(count: &Count, listing: &[&Count], stands: impl Fn(&Count) -> bool) -> bool {
    let latest = listing.iter().filter(|other| stands(other)).map(|other| other.effective_at).max();
    let is_last_of_source =
        !listing.iter().any(|other| other.source == count.source && order_in_source(count) < order_in_source(other));
    is_last_of_source && stands(count) && latest.is_none_or(|latest| latest - count.effective_at <= CONFLICT_WINDOW)
}

/// True if a count is the last of all that bear on its depot's stock, and nothing takes it out: what is kept then shows
/// every lot that it does not mention.
pub fn is_last(kept: &[Count], id: CountId, resolutions: &[Resolution]) -> bool {
    let Some(count) = kept.iter().find(|count| count.id == id) else { return false };
    kept.iter().all(|other| other.id == id || compare(other, count).is_lt())
        && !is_named(kept, count)
        && !resolutions.iter().any(|resolution| resolution.counts.contains(&id))
}

fn is_named(counts: &[Count], count: &Count) -> bool {
    counts.iter().any(|other| other.resolves.contains(&count.id))
}

impl<'a> Sieve<'a> {
    fn of(counts: &'a [Count], decisions: &'a Decisions) -> Self {
        let mut resolvers: HashMap<CountId, Vec<&'a Count>> = HashMap::new();
        for count in counts {
            for named in count.resolves.iter().filter(|named| **named != count.id) {
                resolvers.entry(*named).or_default().push(count);
            }
        }
        let (items, whole) = (vec![BTreeSet::new(); counts.len()], vec![false; counts.len()]);
        let mut sieve = Self { counts, decisions, resolvers, items, whole };
        let mut listing: BTreeMap<&'a str, BTreeMap<usize, Vec<&'a CountLine>>> = BTreeMap::new();
        for (place, count) in counts.iter().enumerate() {
            for line in &count.lines {
                listing.entry(&line.item).or_default().entry(place).or_default().push(line);
            }
        }
        listing.into_iter().for_each(|(item, lines)| sieve.keep_item(item, lines));
        sieve.keep_full();
        sieve.keep_accepted();
        sieve.keep_resolvers();
        sieve
    }

    fn at(&self, place: usize) -> Option<&'a Count> {
        self.counts.get(place)
    }

    fn keep(&mut self, place: usize, item: &'a str) {
        if let Some(items) = self.items.get_mut(place) {
            items.insert(item);
        }
    }

    fn is_kept(&self, place: usize) -> bool {
        self.whole.get(place).is_some_and(|whole| *whole)
            || self.items.get(place).is_some_and(|items| !items.is_empty())
    }

    fn standing(&self, count: &Count, item: &str) -> Standing {
        if self.decisions.excluded.contains(&(count.id, item.to_owned())) {
            return Standing::Out;
        }
        let settling = || self.settling(count);
        if settling().any(|resolver| lists(resolver, item)) {
            Standing::Out
        } else if settling().any(|resolver| resolver.scope == CountScope::Full) {
            Standing::Perhaps
        } else {
            Standing::Stands
        }
    }

    /// The counts that resolve a count for the items that they cover.
    fn settling(&self, count: &'a Count) -> impl Iterator<Item = &'a Count> {
        let naming = self.resolvers.get(&count.id).into_iter().flatten().copied();
        naming.filter(move |resolver| {
            resolver.effective_at >= count.effective_at && (is_inspection(resolver) || !is_inspection(count))
        })
    }

    /// Keeps what bears on an item, of the counts that list it.
    fn keep_item(&mut self, item: &'a str, lines: BTreeMap<usize, Vec<&'a CountLine>>) {
        let listing = |(place, lines): (usize, Vec<&'a CountLine>)| {
            let count = self.at(place)?;
            Some(Listing { place, count, standing: self.standing(count, item), lines })
        };
        let mut listing: Vec<Listing<'a>> = lines.into_iter().filter_map(listing).collect();
        listing.sort_by_key(|one| std::cmp::Reverse(order_in_source(one.count)));
        let mut sources: HashMap<&'a Source, Vec<&Listing<'a>>> = HashMap::new();
        for one in &listing {
            sources.entry(&one.count.source).or_default().push(one);
        }
        let mut last = Vec::new();
        for of_source in sources.values() {
            last.extend(until_one_stands(of_source.iter().copied()));
            last.extend(until_one_stands(of_source.iter().copied().filter(|one| is_inspection(one.count))));
        }
        last.iter().for_each(|one| self.keep(one.place, item));
        let standing = last.iter().filter(|one| one.standing == Standing::Stands);
        let latest = standing.map(|one| one.count.effective_at).max();
        // Those that may be current, whose missing lots are told.
        let current = last.iter().filter(|one| {
            one.standing != Standing::Out
                && latest.is_none_or(|latest| latest - one.count.effective_at <= CONFLICT_WINDOW)
        });
        let mentioning: BTreeSet<usize> =
            current.flat_map(|one| sources.values().flat_map(|some| last_mentions(some, one.count))).collect();
        mentioning.into_iter().for_each(|place| self.keep(place, item));
    }

    /// Keeps the full counts that may be the last of their source to cover an item which they do not list.
    fn keep_full(&mut self) {
        let mut full: Vec<(usize, &'a Count)> =
            self.counts.iter().enumerate().filter(|(_, count)| count.scope == CountScope::Full).collect();
        full.sort_by_key(|(_, count)| std::cmp::Reverse(order_in_source(count)));
        let decided: HashSet<CountId> = self.decisions.excluded.iter().map(|(count, _)| *count).collect();
        let mut ahead: HashMap<&'a Source, Vec<&'a Count>> = HashMap::new();
        for (place, count) in full {
            let later = ahead.entry(&count.source).or_default();
            if later.iter().any(|later| self.takes_the_place_of(later, count)) {
                continue;
            }
            if let Some(whole) = self.whole.get_mut(place) {
                *whole = true;
            }
            if !decided.contains(&count.id) && self.settling(count).next().is_none() {
                later.push(count);
            }
        }
    }

    /// True if a later full count of the same source covers every item that an earlier one covers.
    fn takes_the_place_of(&self, later: &Count, earlier: &Count) -> bool {
        if earlier.kind == CountKind::Inspection && later.kind != CountKind::Inspection {
            return false;
        }
        let has_more = match (later.catalogue, earlier.catalogue) {
            (CatalogueSeen::At(later), CatalogueSeen::At(earlier)) => later >= earlier,
            (CatalogueSeen::When(later), CatalogueSeen::When(earlier)) => later >= earlier,
            _ => false,
        };
        // Local days lie within one of the day in UTC.
        let first = earlier.effective_at.date_naive().checked_sub_days(Days::new(1));
        let last = later.effective_at.date_naive().checked_add_days(Days::new(1));
        let left_between = |(from, learnt): &(NaiveDate, Learnt)| {
            let counts_later = later.catalogue.has(learnt) && last.is_none_or(|last| *from <= last);
            let counts_earlier = earlier.catalogue.has(learnt) && first.is_some_and(|first| *from <= first);
            counts_later && !counts_earlier
        };
        has_more && !self.decisions.retirements.iter().any(left_between)
    }

    /// Keeps the own counts that officers accepted against inspections that are kept.
    fn keep_accepted(&mut self) {
        let decisions = self.decisions;
        let places: HashMap<CountId, usize> =
            self.counts.iter().enumerate().map(|(place, count)| (count.id, place)).collect();
        for accepted in &decisions.accepted {
            let is_kept = places.get(&accepted.inspection).is_some_and(|place| self.is_kept(*place));
            let Some(place) = places.get(&accepted.count).filter(|_| is_kept) else { continue };
            match self.at(*place).and_then(|count| count.lines.iter().find(|line| line.item == accepted.item)) {
                Some(line) => self.keep(*place, &line.item),
                None => self.whole.get_mut(*place).into_iter().for_each(|whole| *whole = true),
            }
        }
    }

    /// Keeps the counts that resolve those that are kept, whole, since they speak of any of their items.
    fn keep_resolvers(&mut self) {
        loop {
            let named: HashSet<CountId> = (0..self.counts.len())
                .filter(|place| self.is_kept(*place))
                .filter_map(|place| self.at(place).map(|count| count.id))
                .collect();
            let mut added = false;
            for (count, whole) in self.counts.iter().zip(&mut self.whole) {
                let resolves = count.resolves.iter().any(|id| *id != count.id && named.contains(id));
                added |= resolves && !*whole;
                *whole |= resolves;
            }
            if !added {
                return;
            }
        }
    }
}

/// The counts from the latest one to the first that stands; all if none does.
fn until_one_stands<'l, 'a: 'l>(
    latest_first: impl Iterator<Item = &'l Listing<'a>>,
) -> impl Iterator<Item = &'l Listing<'a>> {
    let mut has_stood = false;
    latest_first.take_while(move |one| {
        let is_wanted = !has_stood;
        has_stood |= one.standing == Standing::Stands;
        is_wanted
    })
}

/// The places of the last counts of one source that mention each lot of an item, before a count.
fn last_mentions(latest_first: &[&Listing<'_>], before: &Count) -> Vec<usize> {
    let (mut mentioned, mut places) = (HashSet::new(), Vec::new());
    let earlier = latest_first.iter();
    let mut earlier =
        earlier.filter(|one| one.standing != Standing::Out && compare(one.count, before).is_lt()).peekable();
    while let Some(Listing { place, standing, lines, .. }) = earlier.next() {
        if lines.iter().any(|line| !mentioned.contains(&LotKey::of(line))) {
            places.push(*place);
        }
        if *standing == Standing::Stands {
            // Many sources have one count: nothing is looked for in what it mentions.
            if earlier.peek().is_none() || lines.iter().any(|line| states_none(line)) {
                break;
            }
            mentioned.extend(lines.iter().map(|line| LotKey::of(line)));
        }
    }
    places
}

/// True for the statement that there is nothing of an item at all, whatever the lot.
fn states_none(line: &CountLine) -> bool {
    line.quantity == Quantity::ZERO && line.lot.is_none() && line.expires_on.is_none() && line.made_on.is_none()
}

impl<'a> LotKey<'a> {
    fn of(line: &'a CountLine) -> Self {
        let is_nameless = line.lot.is_none() && line.expires_on.is_none();
        Self {
            lot: line.lot.as_ref(),
            expires_on: line.expires_on,
            made_on: line.made_on,
            none: is_nameless && line.quantity == Quantity::ZERO,
        }
    }
}

fn lists(count: &Count, item: &str) -> bool {
    count.lines.iter().any(|line| line.item == item)
}
