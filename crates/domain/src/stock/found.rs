//! Stock as figures use it: derived from an organization's counts, item by item, and borrowed from them.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::current::{CountEvidence, DepotCounts, EarlierInspection, Speaking};
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
use base::quantity::Quantity;
use base::time::local_day;

/// The demands of a figure on counts and lots.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The validity of a count in days after its local day.
    pub validity_days: u32,
    /// The inspection that rules require.
    pub inspection: InspectionAsked,
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
    /// True if counts of different sources, made together, differ; also where an inspection contests them.
    pub conflict: bool,
    /// The number usable.
    pub usable: Interval,
    /// The last day on which the latest count is valid.
    pub valid_through: Option<NaiveDate>,
    /// The current counts, latest first.
    pub counts: Vec<FoundCount<'a>>,
    /// The last inspection, where it found less than the own counts that came after it.
    pub inspection: Option<FoundInspection<'a>>,
    /// The counts that would each be current but for a resolution, latest first.
    pub taken_out: Vec<(&'a Count, &'a Resolution)>,
    /// The units left out, by reason; in a conflict, by the latest count.
    pub left_out: LeftOutTotals,
}

/// A current count of an item in a depot, with its lots.
#[derive(Debug)]
pub struct FoundCount<'a> {
    /// The count.
    pub count: &'a Count,
    /// The number usable according to it.
    pub usable: Interval,
    /// The lots it found.
    pub lots: Vec<LotSeen>,
    /// The lots that it does not mention although the last earlier count that does found some.
    pub not_mentioned: Vec<LotNotMentioned>,
}

/// An inspection that found less than the own counts that came after it.
#[derive(Debug)]
pub struct FoundInspection<'a> {
    /// The inspection.
    pub found: FoundCount<'a>,
    /// The last day of own counts that it contests.
    pub stands_through: NaiveDate,
    /// The acceptance that lets the own count hold all the same.
    pub acceptance: Option<&'a Acceptance>,
}

/// The open depots of an organization on a day, with their counts sorted once for all items.
#[derive(Debug)]
pub struct Stores<'a> {
    reference_data: &'a ReferenceData,
    organization: &'a Organization,
    day: NaiveDate,
    zone: Tz,
    open: Vec<Store<'a>>,
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
            zone,
            recorded: !versions.is_empty(),
            open: versions
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
        }
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
    pub fn usable(&self, stock: &[FoundStock<'_>]) -> Interval {
        if self.none_recorded() { Interval::UNKNOWN } else { stock.iter().map(|depot| depot.usable).sum() }
    }

    /// True if every lot of an item has an expiry day.
    pub fn is_perishable(&self, item: &str) -> bool {
        self.reference_data.item_on(item, self.day).is_some_and(|version| version.perishable)
    }

    /// The lots that a count leaves out of what it lists, each with its item, given that counts are valid for some days.
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

    /// The first day of counts that are valid. A day before the calendar's begin is before every count.
    fn first_valid_day(&self, validity_days: u32) -> NaiveDate {
        self.day.checked_sub_days(Days::new(validity_days.into())).unwrap_or(NaiveDate::MIN)
    }

    fn stock_in(&self, store: &Store<'a>, item: &'a str, asked: Asked) -> FoundStock<'a> {
        let terms = Terms {
            day: self.day,
            holding: store.holding,
            perishable: self.is_perishable(item),
            inspection: asked.inspection,
        };
        let mut stock = FoundStock {
            depot: store.depot,
            holding: store.holding,
            item,
            state: StockState::NeverCounted,
            conflict: false,
            usable: open_ended(store.holding),
            valid_through: None,
            counts: Vec::new(),
            inspection: None,
            taken_out: Vec::new(),
            left_out: LeftOutTotals::new(),
        };
        let mut evidence = store.counts.evidence(item);
        stock.taken_out = std::mem::take(&mut evidence.taken_out);
        let Some(speaking) = evidence.speaking.take() else { return stock };
        stock.weigh(speaking, self.zone, asked.validity_days, terms);
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
fn open_ended(holding: Holding) -> Interval {
    match holding {
        Holding::Physical => Interval::UNKNOWN,
        Holding::Agreement | Holding::Capacity => Interval::ZERO,
    }
}

impl<'a> FoundStock<'a> {
    /// Takes over the current counts.
    ///
    /// Validity is that of the latest count. Counts made together with it may lie on the day before, across midnight:
    /// they are one stock-taking and expire with it.
    fn weigh(&mut self, speaking: Speaking<'a>, zone: Tz, validity_days: u32, terms: Terms) {
        let conflict = speaking.conflict(terms.inspection);
        let counted_on = local_day(speaking.latest.count.effective_at, zone);
        // A day beyond the calendar's end never comes.
        let valid_through = counted_on.checked_add_days(Days::new(validity_days.into())).unwrap_or(NaiveDate::MAX);
        self.valid_through = Some(valid_through);
        let heard = std::iter::once(speaking.latest).chain(speaking.others);
        self.counts = heard.map(|heard| FoundCount::new(heard, terms)).collect();
        if valid_through < terms.day {
            self.state = StockState::Stale;
            return;
        }
        self.conflict = conflict;
        self.state = if conflict { StockState::Conflict } else { StockState::Counted };
        if let Some(usable) = self.counts.iter().map(|count| count.usable).reduce(Interval::hull) {
            self.usable = usable;
        }
        for seen in self.counts.first().iter().flat_map(|latest| &latest.lots) {
            if let Some(reason) = seen.left_out {
                let total = self.left_out.entry(reason).or_default();
                *total = total.plus(seen.quantity);
            }
        }
    }

    /// Weighs the last inspection against the own counts that came after it: if it found less, and they are not later than the
    /// days for which it stands, they are contested until an officer accepts them.
    fn weigh_inspection(&mut self, inspection: EarlierInspection<'a>, stores: &Stores<'a>, terms: Terms) {
        let Some(latest) = self.counts.first() else { return };
        let own_day = local_day(latest.count.effective_at, stores.zone);
        let found = FoundCount::new(inspection.evidence, terms);
        let inspected_on = local_day(found.count.effective_at, stores.zone);
        let stands = stores.reference_data.inspection_stands_of(stores.organization, inspected_on);
        let stands_through = inspected_on.checked_add_days(Days::new(stands.into())).unwrap_or(NaiveDate::MAX);
        if own_day > stands_through || found.usable.max >= self.usable.max {
            return;
        }
        if inspection.acceptance.is_none() {
            self.state = StockState::Contested;
            self.usable.min = self.usable.min.min(found.usable.min);
        }
        self.inspection = Some(FoundInspection { found, stands_through, acceptance: inspection.acceptance });
    }

    /// The time of its latest count.
    pub fn last_counted_at(&self) -> Option<DateTime<Utc>> {
        self.counts.first().map(|latest| latest.count.effective_at)
    }

    /// Notes on how the counts behind its usable number arrived; none for stale counts.
    pub fn flags(&self) -> impl Iterator<Item = CountFlag> {
        let speak = self.state != StockState::Stale;
        self.counts.iter().filter(move |_| speak).flat_map(FoundCount::flags)
    }

    /// The reasons why its usable number is unknown; empty if it is known all the same.
    pub fn reasons(&self) -> Vec<Reason> {
        if self.usable.max == Some(self.usable.min) {
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
            }));
        }
        codes.into_iter().map(|code| Reason::of_depot(code, &self.depot.code)).collect()
    }
}

impl<'a> FoundCount<'a> {
    fn new(heard: CountEvidence<'a>, terms: Terms) -> Self {
        let lots: Vec<LotSeen> =
            heard.lots.into_iter().map(|(lot, quantity)| LotSeen::new(lot, quantity, terms)).collect();
        Self { count: heard.count, usable: lots.iter().map(|seen| seen.usable).sum(), lots, not_mentioned: Vec::new() }
    }

    /// Notes on how it arrived, and on what it leaves out, in order.
    pub fn flags(&self) -> impl Iterator<Item = CountFlag> {
        let leaves_out = (!self.not_mentioned.is_empty()).then_some(CountFlag::LotsNotMentioned);
        self.count.flags.iter().copied().chain(leaves_out)
    }
}

impl LotSeen {
    fn new(lot: Lot, quantity: Quantity, terms: Terms) -> Self {
        let usable = usable(&lot, quantity, terms);
        Self { lot, quantity, usable: usable.quantity, left_out: usable.left_out, doubt: usable.doubt }
    }
}
