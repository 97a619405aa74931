//! Stock as figures use it: derived from an organization's counts, item by item, and borrowed from them.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;

use super::current::{CountEvidence, CurrentCounts, DepotCounts, EarlierInspection};
use super::{Doubt, InspectionAsked, LeftOutTotals, Lot, LotNotMentioned, LotSeen, StockState, Terms, usable};
use crate::acceptance::Acceptance;
use crate::count::{Count, CountFlag};
use crate::depot::{Depot, Holding};
use crate::interval::Interval;
use crate::organization::Organization;
use crate::reason::{Reason, ReasonCode};
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::resolution::Resolution;
use crate::revision::in_force;
use base::id::{CountId, DepotId};
use base::quantity::OutOfRange;
use base::time::local_day;
use base::total::Total;

/// The requirements of a figure on counts and lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asked {
    /// The validity of a count in days after its local day.
    pub validity_days: u32,
    /// The inspection that rules require.
    pub inspection: InspectionAsked,
    /// True if a rule grants a share to stock held under an agreement.
    pub agreement: bool,
}

/// The stock of one item in one depot on a day, borrowed from the data; [`DepotStock`](super::DepotStock) is rendered
/// from it.
#[derive(Debug)]
pub struct FoundStock<'a> {
    /// The depot.
    pub depot: &'a Depot,
    /// The way its stock is held.
    pub holding: Holding,
    /// The item.
    pub item: &'a str,
    /// The state of knowledge about it.
    pub state: StockState,
    /// True if counts of different sources, made together, differ, or if an inspection contests them.
    pub conflict: bool,
    /// The number usable; unknown if it is out of range.
    pub usable: Interval,
    /// True if a current count found 10⁹ or more.
    pub out_of_range: bool,
    /// The last day on which the latest count is valid.
    pub valid_through: Option<NaiveDate>,
    /// The current counts, latest first.
    pub counts: Vec<FoundCount<'a>>,
    /// The last inspection, if it found less than the own counts that came after it.
    pub inspection: Option<FoundInspection<'a>>,
    /// The counts that would be current without a resolution, latest first.
    pub taken_out: Vec<(&'a Count, &'a Resolution)>,
    /// The units left out, by reason; in a conflict, by the latest count.
    pub left_out: LeftOutTotals,
}

/// A current count of an item in a depot, with its lots.
#[derive(Debug)]
pub struct FoundCount<'a> {
    /// The count.
    pub count: &'a Count,
    /// The number usable according to it; unknown if it is out of range.
    pub usable: Result<Interval, OutOfRange>,
    /// The lots it found.
    pub lots: Vec<LotSeen>,
    /// The lots that it does not mention although the last earlier count that mentions them found some.
    pub not_mentioned: Vec<LotNotMentioned>,
}

/// An inspection that found less than the own counts that came after it.
#[derive(Debug)]
pub struct FoundInspection<'a> {
    /// The inspection.
    pub found: FoundCount<'a>,
    /// The last day of own counts that it contests.
    pub stands_through: NaiveDate,
    /// The acceptance by which the own count holds nevertheless.
    pub acceptance: Option<&'a Acceptance>,
}

/// The open depots of an organization on a day, with their counts sorted once for all items.
#[derive(Debug)]
pub struct Stores<'a> {
    reference_data: &'a ReferenceData,
    organization: &'a Organization,
    day: NaiveDate,
    /// The day with which expiry days are compared.
    expiry_day: NaiveDate,
    zone: Tz,
    open: Rc<Vec<Store<'a>>>,
    /// True if at least one depot is on record for that day, even a closed one.
    recorded: bool,
}

#[derive(Debug)]
struct Store<'a> {
    depot: &'a Depot,
    holding: Holding,
    counts: DepotCounts<'a>,
}

/// The rows about one depot.
#[derive(Default)]
struct DepotRecords<'a> {
    counts: Vec<&'a Count>,
    resolutions: Vec<&'a Resolution>,
    acceptances: Vec<&'a Acceptance>,
}

impl<'a> Stores<'a> {
    /// Sorts the depots and counts of an organization for a day.
    pub fn new(reference_data: &'a ReferenceData, records: &'a OrganizationData, day: NaiveDate) -> Self {
        let zone = reference_data.zone_of(&records.organization, day);
        let mut by_depot: HashMap<DepotId, DepotRecords<'_>> = HashMap::new();
        for count in &records.counts {
            by_depot.entry(count.depot_id).or_default().counts.push(count);
        }
        for resolution in &records.resolutions {
            by_depot.entry(resolution.depot_id).or_default().resolutions.push(resolution);
        }
        for acceptance in &records.acceptances {
            by_depot.entry(acceptance.depot_id).or_default().acceptances.push(acceptance);
        }
        let mut versions: Vec<_> =
            records.depots.iter().filter_map(|depot| Some((depot, &in_force(&depot.versions, day)?.value))).collect();
        versions.sort_by(|(a, _), (b, _)| a.code.cmp(&b.code));
        Self {
            reference_data,
            organization: &records.organization,
            day,
            expiry_day: day,
            zone,
            recorded: !versions.is_empty(),
            open: Rc::new(
                versions
                    .into_iter()
                    .filter(|(_, version)| version.open)
                    .map(|(depot, version)| {
                        let of_depot = by_depot.remove(&depot.id).unwrap_or_default();
                        let counts = DepotCounts::new(
                            reference_data,
                            of_depot.counts.into_iter(),
                            of_depot.resolutions.into_iter(),
                            of_depot.acceptances,
                            day,
                            zone,
                        );
                        Store { depot, holding: version.holding, counts }
                    })
                    .collect(),
            ),
        }
    }

    /// The same stock with lots compared with a later day for their expiry, while everything else stands: the counts that
    /// are current and their validity, conditions, and inspections.
    pub fn aged_to(&self, expiry_day: NaiveDate) -> Self {
        Self { expiry_day, open: Rc::clone(&self.open), ..*self }
    }

    /// The zone of the organization's days.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// True if no depot is on record for that day, open or closed.
    ///
    /// It is then unknown where the organization keeps its stock, and unknown is not zero. If all depots were closed,
    /// the stock is zero: closing is an officer's statement.
    pub fn none_recorded(&self) -> bool {
        !self.recorded
    }

    /// The open depots, by code, with their counts.
    pub(super) fn open_depots(&self) -> impl Iterator<Item = (&'a Depot, &DepotCounts<'a>)> {
        self.open.iter().map(|store| (store.depot, &store.counts))
    }

    /// The shelf life of an item in months, as in force on a day.
    pub(super) fn shelf_life_of(&self, item: &str, day: NaiveDate) -> Option<u32> {
        self.reference_data.item_on(item, day).and_then(|version| version.shelf_life_months)
    }

    /// The number of days for which an inspection made on a day stands.
    pub(super) fn inspection_stands_on(&self, day: NaiveDate) -> u32 {
        self.reference_data.inspection_stands_of(self.organization, day)
    }

    /// The stock of an item, depot by depot.
    pub fn stock_of(&self, item: &'a str, asked: Asked) -> Vec<FoundStock<'a>> {
        self.open.iter().map(|store| self.stock_in(store, item, asked)).collect()
    }

    /// The stock of every item that a count ever listed in a depot, depot by depot.
    pub(super) fn listed(&self, asked: Asked) -> Vec<FoundStock<'a>> {
        let items_of = |store: &Store<'a>| store.counts.items().collect::<BTreeSet<&'a str>>();
        self.open
            .iter()
            .flat_map(|store| items_of(store).into_iter().map(move |item| self.stock_in(store, item, asked)))
            .collect()
    }

    /// The number usable of an item, given its stock in all open depots.
    ///
    /// # Errors
    /// [`OutOfRange`] if that of one depot or of all is 10⁹ or more.
    pub fn usable(&self, stock: &[FoundStock<'_>]) -> Result<Interval, OutOfRange> {
        if self.none_recorded() {
            return Ok(Interval::UNKNOWN);
        }
        if stock.iter().any(|depot| depot.out_of_range) {
            return Err(OutOfRange);
        }
        Interval::sum(stock.iter().map(|depot| depot.usable))
    }

    /// True if every lot of an item has an expiry day.
    pub fn is_perishable(&self, item: &str) -> bool {
        self.reference_data.item_on(item, self.day).is_some_and(|version| version.perishable)
    }

    /// The lots that a count does not mention, each with its item, if counts are valid for the given number of days.
    pub fn not_mentioned_by(&self, count: CountId, validity_days: u32) -> Vec<(&'a str, LotNotMentioned)> {
        let since = self.first_valid_day(validity_days);
        let of_store = |store: &Store<'a>| {
            let count = store.counts.find(count)?;
            let items: BTreeSet<&'a str> = count.lines.iter().map(|line| line.item.as_str()).collect();
            let of_item = |item: &'a str| {
                let evidence = store.counts.evidence(item);
                let lots = store.counts.not_mentioned(&evidence, count, item, since);
                lots.into_iter().map(move |lot| (item, lot))
            };
            Some(items.into_iter().flat_map(of_item).collect::<Vec<_>>())
        };
        self.open.iter().find_map(of_store).unwrap_or_default()
    }

    /// The first day of counts that are valid. A day before the start of the calendar is before every count.
    fn first_valid_day(&self, validity_days: u32) -> NaiveDate {
        self.day.checked_sub_days(Days::new(validity_days.into())).unwrap_or(NaiveDate::MIN)
    }

    fn stock_in(&self, store: &Store<'a>, item: &'a str, asked: Asked) -> FoundStock<'a> {
        let terms = Terms {
            day: self.day,
            expiry_day: self.expiry_day,
            holding: store.holding,
            perishable: self.is_perishable(item),
            inspection: asked.inspection,
            agreement: asked.agreement,
        };
        let mut stock = FoundStock {
            depot: store.depot,
            holding: store.holding,
            item,
            state: StockState::NeverCounted,
            conflict: false,
            usable: open_ended(store.holding, asked.agreement),
            out_of_range: false,
            valid_through: None,
            counts: Vec::new(),
            inspection: None,
            taken_out: Vec::new(),
            left_out: LeftOutTotals::new(),
        };
        let mut evidence = store.counts.evidence(item);
        stock.taken_out = std::mem::take(&mut evidence.taken_out);
        let Some(current) = evidence.current.take() else { return stock };
        stock.weigh(current, self.zone, asked.validity_days, terms);
        if stock.state == StockState::Stale {
            return stock;
        }
        if let Some(inspection) = evidence.inspection.take() {
            stock.weigh_inspection(inspection, self, terms);
        }
        let since = self.first_valid_day(asked.validity_days);
        for found in &mut stock.counts {
            found.not_mentioned = store.counts.not_mentioned(&evidence, found.count, item, since);
        }
        stock
    }
}

/// The usable stock of a depot without a current count: unbounded, unless nothing held that way is usable.
pub fn open_ended(holding: Holding, agreement: bool) -> Interval {
    match holding {
        Holding::Physical => Interval::UNKNOWN,
        Holding::Agreement if agreement => Interval::UNKNOWN,
        Holding::Agreement | Holding::Capacity => Interval::ZERO,
    }
}

impl<'a> FoundStock<'a> {
    /// Adds the current counts.
    ///
    /// They are valid as long as the latest one: counts made together with it may lie on the day before, across midnight,
    /// but are part of the same stock-taking.
    fn weigh(&mut self, current: CurrentCounts<'a>, zone: Tz, validity_days: u32, terms: Terms) {
        let conflict = current.conflict(terms.inspection);
        let counted_on = local_day(current.latest.count.effective_at, zone);
        // A day beyond the end of the calendar never comes.
        let valid_through = counted_on.checked_add_days(Days::new(validity_days.into())).unwrap_or(NaiveDate::MAX);
        self.valid_through = Some(valid_through);
        let evidence = std::iter::once(current.latest).chain(current.others);
        self.counts = evidence.map(|evidence| FoundCount::new(evidence, terms)).collect();
        if valid_through < terms.day {
            self.state = StockState::Stale;
            return;
        }
        self.conflict = conflict;
        self.state = if conflict { StockState::Conflict } else { StockState::Counted };
        let usable: Result<Vec<Interval>, OutOfRange> = self.counts.iter().map(|count| count.usable).collect();
        self.out_of_range = usable.is_err();
        let usable = usable.unwrap_or_else(|OutOfRange| vec![Interval::UNKNOWN]);
        if let Some(usable) = usable.into_iter().reduce(Interval::hull) {
            self.usable = usable;
        }
        for seen in self.counts.first().iter().flat_map(|latest| &latest.lots) {
            if let Some(reason) = seen.left_out {
                let total = self.left_out.entry(reason).or_default();
                *total = total.plus(seen.quantity);
            }
        }
    }

    /// Compares the last inspection with the own counts that came after it. If it found less and is still in force for
    /// the day of those counts, they are contested until an officer accepts them.
    fn weigh_inspection(&mut self, inspection: EarlierInspection<'a>, stores: &Stores<'a>, terms: Terms) {
        let Some(latest) = self.counts.first() else { return };
        let own_day = local_day(latest.count.effective_at, stores.zone);
        let found = FoundCount::new(inspection.evidence, terms);
        let inspected_on = local_day(found.count.effective_at, stores.zone);
        let stands = stores.reference_data.inspection_stands_of(stores.organization, inspected_on);
        let stands_through = inspected_on.checked_add_days(Days::new(stands.into())).unwrap_or(NaiveDate::MAX);
        // An inspection that is out of range found more than any number.
        let Ok(usable) = found.usable else { return };
        if own_day > stands_through || (!self.out_of_range && usable.max >= self.usable.max) {
            return;
        }
        if inspection.acceptance.is_none() {
            self.state = StockState::Contested;
            self.usable.min = self.usable.min.min(usable.min);
        }
        self.inspection = Some(FoundInspection { found, stands_through, acceptance: inspection.acceptance });
    }

    /// The time of its latest count.
    pub fn last_counted_at(&self) -> Option<DateTime<Utc>> {
        self.counts.first().map(|latest| latest.count.effective_at)
    }

    /// The last day on which its counts and its lots' inspections are still valid, by the line's requirements; `None` if
    /// none is valid.
    pub fn holds_through(&self, inspection: InspectionAsked) -> Option<NaiveDate> {
        if matches!(self.state, StockState::Stale | StockState::NeverCounted) {
            return None;
        }
        let within = [inspection.surely_within_months, inspection.perhaps_within_months].into_iter().flatten().min();
        let lots = self.counts.iter().flat_map(|count| &count.lots).filter(|seen| !seen.usable.is_zero());
        let due = lots.filter_map(|seen| seen.lot.inspected_on?.checked_add_months(Months::new(within?)));
        due.chain(self.valid_through).min()
    }

    /// Notes on how the counts behind its usable number arrived; none for stale counts.
    pub fn flags(&self) -> impl Iterator<Item = CountFlag> {
        let speak = self.state != StockState::Stale;
        self.counts.iter().filter(move |_| speak).flat_map(FoundCount::flags)
    }

    /// The reasons why its usable number is unknown; empty if it is known.
    pub fn reasons(&self) -> Vec<Reason> {
        if self.usable.is_exact() {
            return Vec::new();
        }
        let mut codes = BTreeSet::new();
        match self.state {
            StockState::NeverCounted => _ = codes.insert(ReasonCode::NeverCounted),
            StockState::Stale => _ = codes.insert(ReasonCode::StaleCount),
            StockState::Contested => _ = codes.insert(ReasonCode::Contested),
            StockState::Counted | StockState::Conflict => {}
        }
        if self.conflict {
            codes.insert(ReasonCode::Conflict);
        }
        if self.state != StockState::Stale {
            let objection = self.inspection.as_ref().filter(|_| self.state == StockState::Contested);
            let counts = self.counts.iter().chain(objection.map(|inspection| &inspection.found));
            let doubts = counts.flat_map(|count| &count.lots).filter_map(|seen| seen.doubt);
            codes.extend(doubts.map(|doubt| match doubt {
                Doubt::ExpiryMissing => ReasonCode::ExpiryMissing,
                Doubt::InspectionUnknown => ReasonCode::InspectionUnknown,
                Doubt::OutOfRange => ReasonCode::OutOfRange,
            }));
        }
        if self.out_of_range {
            codes.insert(ReasonCode::OutOfRange);
        }
        codes.into_iter().map(|code| Reason::of_depot(code, &self.depot.code)).collect()
    }
}

impl<'a> FoundCount<'a> {
    fn new(evidence: CountEvidence<'a>, terms: Terms) -> Self {
        let mut lots: Vec<LotSeen> =
            evidence.lots.into_iter().map(|(lot, quantity)| LotSeen::new(lot, quantity, terms)).collect();
        // Listed by the number as written, although differently written numbers may be equal.
        lots.sort_by(|one, other| {
            let written = |seen: &LotSeen| seen.lot.lot.as_ref().map(|number| number.written().to_owned());
            written(one).cmp(&written(other))
        });
        let is_known = !lots.iter().any(|seen| seen.doubt == Some(Doubt::OutOfRange));
        let usable = if is_known { Interval::sum(lots.iter().map(|seen| seen.usable)) } else { Err(OutOfRange) };
        Self { count: evidence.count, usable, lots, not_mentioned: Vec::new() }
    }

    /// Notes on how it arrived and on the lots it does not mention, in order.
    pub fn flags(&self) -> impl Iterator<Item = CountFlag> {
        let leaves_out = (!self.not_mentioned.is_empty()).then_some(CountFlag::LotsNotMentioned);
        self.count.flags.iter().copied().chain(leaves_out)
    }
}

impl LotSeen {
    fn new(lot: Lot, quantity: Total, terms: Terms) -> Self {
        let usable = usable(&lot, quantity, terms);
        Self { lot, quantity, usable: usable.quantity, left_out: usable.left_out, doubt: usable.doubt }
    }
}
