//! The stock of requirement lines: of each line its own, and what it can have where several lines could use the same units.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::groups::LineGroups;
use super::shared::{SharedStock, SharedSupply, Turn, TurnPart, TurnSlot, TurnSource, TurnWay};
use super::{inspection_of, validity_of};
use crate::depot::Holding;
use crate::interval::Interval;
use crate::item::ItemCode;
use crate::reason::{Reason, ReasonCode};
use crate::reference_data::ValiditySetting;
use crate::requirement::{LineSelector, RequirementLine, RuleContext};
use crate::rule::{Alternative, Kind};
use crate::stock::{Asked, FoundStock, StockState, Stores};
use base::quantity::{OutOfRange, Quantity};

/// The stock of one item, depot by depot.
pub type ItemStock<'a> = Rc<Vec<FoundStock<'a>>>;

/// All lines of an organization with the stock for them.
pub struct LineStocks<'a> {
    context: &'a RuleContext<'a>,
    stores: &'a Stores<'a>,
    lines: &'a [RequirementLine<'a>],
    groups: Rc<LineGroups<'a>>,
    asked: Rc<[LineAsked<'a>]>,
    found: RefCell<BTreeMap<(&'a str, Asked), ItemStock<'a>>>,
    served: RefCell<BTreeMap<usize, Rc<Served>>>,
}

/// What a line asks of counts and lots.
#[derive(Clone, Copy, Debug)]
pub struct LineAsked<'a> {
    /// The validity of counts.
    pub validity: ValiditySetting<'a>,
    /// What counts and lots must meet.
    pub asked: Asked,
    /// The most of the requirement that stock under an agreement may meet.
    pub agreement: Interval,
}

/// The stock of one line.
pub struct LineStock<'a> {
    /// What the line asks of counts and lots.
    pub asked: LineAsked<'a>,
    /// The stock of each of its items.
    pub items: Vec<(&'a ItemCode, ItemStock<'a>)>,
    /// The number that it can have.
    pub usable: Result<Interval, OutOfRange>,
    /// The units that it shares with other lines, or that count in several ways; `None` for an item of its own.
    pub shared: Option<Rc<Served>>,
    /// The place of its turn among those that share its units.
    turn: Option<usize>,
    /// True if a search ended at its limit.
    pub limited: bool,
}

impl LineStock<'_> {
    /// True if it is not known how much stock under an agreement may meet, and there may be such stock.
    pub fn agreement_is_unknown(&self) -> bool {
        let mut depots = self.items.iter().flat_map(|(_, depots)| depots.iter());
        !self.asked.agreement.is_exact() && depots.any(|depot| depot.holding == Holding::Agreement)
    }

    /// The reasons why it is not known what the lines before it take of the units that it shares with them, or what a
    /// stronger one has of which it counts a part.
    pub fn reasons_of_earlier(&self) -> Vec<&Reason> {
        let Some((served, turn)) = self.shared.as_ref().zip(self.turn) else { return Vec::new() };
        let counted = served.stock.counted_by(turn);
        let turns = [turn].into_iter().chain(counted.iter().copied()).filter(|turn| served.stock.takes_turns(*turn));
        let before = turns.flat_map(|turn| served.stock.unknown_before(turn));
        let stronger = counted.iter().filter_map(|turn| served.stock.turns.get(*turn));
        before.chain(stronger).flat_map(|turn| &turn.reasons).collect()
    }
}

/// Units that were assigned, with the place of each line among the turns.
pub struct Served {
    /// The units and the turns.
    pub stock: SharedStock,
    places: BTreeMap<usize, usize>,
}

impl<'a> LineStocks<'a> {
    /// Prepares the stock of lines; that of a line is derived when it is asked for.
    pub fn new(context: &'a RuleContext<'a>, stores: &'a Stores<'a>, lines: &'a [RequirementLine<'a>]) -> Self {
        let asked = lines.iter().map(|line| asked_of(context, line)).collect();
        let groups = Rc::new(LineGroups::of(lines));
        let (found, served) = (RefCell::default(), RefCell::default());
        Self { context, stores, lines, groups, asked, found, served }
    }

    /// The same lines with other stores.
    pub fn with_stores<'b>(&self, stores: &'b Stores<'b>) -> LineStocks<'b>
    where
        'a: 'b,
    {
        let (groups, asked) = (Rc::clone(&self.groups), Rc::clone(&self.asked));
        let (found, served) = (RefCell::default(), RefCell::default());
        LineStocks { context: self.context, stores, lines: self.lines, groups, asked, found, served }
    }

    /// The stock of the line at a place.
    pub fn of(&self, place: usize) -> Option<LineStock<'a>> {
        let (line, asked) = (self.lines.get(place)?, *self.asked.get(place)?);
        let items: Vec<(&'a ItemCode, ItemStock<'a>)> =
            line.selector.items().into_iter().map(|item| (item, self.found(item, asked.asked))).collect();
        // A sum that is out of range cannot be divided among lines either.
        let is_out_of_range = items.iter().any(|(_, stock)| {
            stock.iter().any(|depot| depot.out_of_range)
                || Interval::sum(stock.iter().map(|depot| depot.usable)).is_err()
        });
        let known = |usable, shared| LineStock { asked, items: Vec::new(), usable, shared, turn: None, limited: false };
        let stock = match line.selector {
            LineSelector::Other(_) => known(Ok(Interval::UNKNOWN), None),
            _ if self.stores.none_recorded() => known(Ok(Interval::UNKNOWN), None),
            _ if is_out_of_range => known(Err(OutOfRange), None),
            LineSelector::Item(item) if self.is_alone(place) && asked.agreement.is_zero() => {
                known(self.stores.usable(&self.found(item, asked.asked)), None)
            }
            _ => {
                let served = self.served(place);
                let turn = served.places.get(&place).copied();
                let found = turn.and_then(|turn| served.stock.turns.get(turn));
                let usable = found.map_or(Ok(Interval::UNKNOWN), Turn::usable);
                let limited = found.is_some_and(|turn| turn.limited);
                LineStock { turn, limited, ..known(usable, Some(served)) }
            }
        };
        Some(LineStock { items, ..stock })
    }

    /// The places of the lines that ask for an item, and of those that share units with them.
    pub fn touched_by(&self, item: &str) -> Vec<usize> {
        let groups: BTreeSet<usize> =
            self.groups.users_of(item).iter().map(|place| self.groups.first_of(*place)).collect();
        let mut touched: Vec<usize> =
            groups.into_iter().flat_map(|group| self.groups.members(group)).copied().collect();
        touched.sort_unstable();
        touched
    }

    /// True if no line of another selector, or of other terms, can use the same units.
    fn is_alone(&self, place: usize) -> bool {
        let of = |place: &usize| {
            let asked = self.asked.get(*place).map(|asked| asked.asked);
            (self.lines.get(*place).map(|line| line.selector), asked)
        };
        self.groups.members(self.groups.first_of(place)).iter().all(|other| of(other) == of(&place))
    }

    /// The stock of an item by the terms of a line.
    fn found(&self, item: &'a str, asked: Asked) -> ItemStock<'a> {
        let mut found = self.found.borrow_mut();
        Rc::clone(found.entry((item, asked)).or_insert_with(|| Rc::new(self.stores.stock_of(item, asked))))
    }

    /// The units of a group of lines, assigned.
    fn served(&self, place: usize) -> Rc<Served> {
        let group = self.groups.first_of(place);
        if let Some(served) = self.served.borrow().get(&group) {
            return Rc::clone(served);
        }
        let served = Rc::new(self.serve(group));
        self.served.borrow_mut().insert(group, Rc::clone(&served));
        served
    }

    fn serve(&self, group: usize) -> Served {
        let mut members: Vec<usize> = self.groups.members(group).to_vec();
        let turn_key = |place: &usize| {
            let line = self.lines.get(*place);
            let rule = line.and_then(|line| line.rules().map(|rule| rule.binding.rule.code.as_str()).min());
            (std::cmp::Reverse(line.map(|line| line.strength)), rule, *place)
        };
        members.sort_by_cached_key(turn_key);
        let mut supplies = Vec::new();
        let items: BTreeSet<&'a ItemCode> =
            members.iter().filter_map(|place| self.lines.get(*place)).flat_map(|line| line.selector.items()).collect();
        let sources: BTreeMap<&'a ItemCode, BTreeMap<Asked, Vec<TurnSource>>> =
            items.into_iter().map(|item| (item, self.sources_of(item, &members, &mut supplies))).collect();
        let mut turns: Vec<Turn> = Vec::new();
        for place in &members {
            let (Some(line), Some(asked)) = (self.lines.get(*place), self.asked.get(*place)) else { continue };
            let own = line.selector.to_selector();
            let within = turns.iter().rposition(|turn| turn.selector == own);
            turns.push(Turn {
                line: line.id,
                within,
                selector: own,
                strength: line.strength,
                required: line.required,
                covered: within.map(|_| line.covered()),
                agreement: asked.agreement,
                own_agreement: within.map(|_| line.own_agreement()),
                layer: self.groups.layer_of(*place).cloned(),
                slots: self.slots_of(line, asked.asked, &sources),
                reasons: Vec::new(),
                usable: Interval::UNKNOWN,
                limited: false,
                capped: false,
            });
        }
        let mut stock = SharedStock { supplies, turns };
        let doubted = stock.doubted();
        let counted: BTreeSet<usize> = stock.turns.iter().filter_map(|turn| turn.within).collect();
        for (place, (turn, doubted)) in stock.turns.iter_mut().zip(&doubted).enumerate() {
            let Some(line) = members.get(place) else { continue };
            turn.reasons = self.reasons_of(*line, !doubted.is_empty() || counted.contains(&place));
        }
        stock.serve(&doubted);
        Served { stock, places: members.into_iter().enumerate().map(|(turn, place)| (place, turn)).collect() }
    }

    /// The reasons why a line may require more or less, and if others depend on its stock, why it may be able to use more or
    /// less.
    fn reasons_of(&self, place: usize, with_stock: bool) -> Vec<Reason> {
        let (Some(line), Some(asked)) = (self.lines.get(place), self.asked.get(place)) else { return Vec::new() };
        let mut reasons = if line.required.is_exact() { BTreeSet::new() } else { line.reasons() };
        reasons.retain(|reason| !matches!(reason.code, ReasonCode::Exempt | ReasonCode::Waived));
        if with_stock {
            let stocks = line.selector.items().into_iter().map(|item| self.found(item, asked.asked));
            reasons.extend(stocks.flat_map(|stock| stock.iter().flat_map(FoundStock::reasons).collect::<Vec<_>>()));
        }
        reasons.into_iter().collect()
    }

    /// The supplies of an item as each of the terms of some lines sees them.
    fn sources_of(
        &self,
        item: &'a ItemCode,
        members: &[usize],
        supplies: &mut Vec<SharedSupply>,
    ) -> BTreeMap<Asked, Vec<TurnSource>> {
        let uses = |place: &&usize| self.lines.get(**place).is_some_and(|line| line.selector.items().contains(&item));
        let terms: BTreeSet<Asked> =
            members.iter().filter(uses).filter_map(|place| self.asked.get(*place)).map(|asked| asked.asked).collect();
        let stocks: Vec<(Asked, ItemStock<'a>)> =
            terms.into_iter().map(|asked| (asked, self.found(item, asked))).collect();
        let mut sources: BTreeMap<Asked, Vec<TurnSource>> =
            stocks.iter().map(|(asked, _)| (*asked, Vec::new())).collect();
        let depots = stocks.first().map_or(0, |(_, stock)| stock.len());
        // What all lines see alike is one supply.
        let mut alike = Vec::new();
        for place in 0..depots {
            let seen: Vec<(Asked, &FoundStock<'a>)> =
                stocks.iter().filter_map(|(asked, stock)| Some((*asked, stock.get(place)?))).collect();
            let Some((_, first)) = seen.first() else { continue };
            let agreement = first.holding == Holding::Agreement;
            let is_alike = seen.iter().all(|(_, stock)| stock.usable == first.usable);
            if is_alike && !agreement {
                alike.push(first.usable);
                continue;
            }
            let code = &first.depot.code;
            for units in apart(&seen) {
                push(supplies, &mut sources, item, Some(code), agreement, &units);
            }
        }
        // Summed at once: a part of a sum may be out of range where the whole has no upper end.
        let alike = Interval::sum(alike).unwrap_or(Interval::UNKNOWN);
        let all: Vec<(Asked, Interval)> = stocks.iter().map(|(asked, _)| (*asked, alike)).collect();
        push(supplies, &mut sources, item, None, false, &all);
        sources
    }

    fn slots_of(
        &self,
        line: &RequirementLine<'a>,
        asked: Asked,
        sources: &BTreeMap<&'a ItemCode, BTreeMap<Asked, Vec<TurnSource>>>,
    ) -> Vec<TurnSlot> {
        let part = |item: &ItemCode, quantity: Quantity, agreement: bool| {
            let from = sources.get(item).and_then(|of| of.get(&asked)).map(Vec::as_slice).unwrap_or_default();
            let from = from.iter().copied().filter(|source| agreement || !source.agreement).collect();
            TurnPart { item: item.clone(), quantity, from }
        };
        let measured = |item: &str| self.context.reference_data.is_measured(item);
        let way = |alternative: &Alternative| {
            let parts = alternative.parts();
            TurnWay {
                factor: alternative.factor,
                divisible: parts.iter().all(|(item, _)| measured(item)),
                parts: parts.into_iter().map(|(item, quantity)| part(item, quantity, true)).collect(),
            }
        };
        let single = |item: &ItemCode, agreement| TurnWay {
            factor: Quantity::whole(1),
            divisible: measured(item),
            parts: vec![part(item, Quantity::whole(1), agreement)],
        };
        let whole = |ways: Vec<TurnWay>| vec![TurnSlot { kinds: None, ways }];
        match line.selector {
            LineSelector::Item(item) => whole(vec![single(item, true)]),
            LineSelector::AnyOf(alternatives) => whole(alternatives.iter().map(way).collect()),
            LineSelector::Capability(capability) => whole(capability.items.iter().map(way).collect()),
            LineSelector::EachOf(kinds) => {
                let number = u32::try_from(kinds.len()).unwrap_or(u32::MAX);
                // What an agreement may meet is a share of the whole, and says nothing of kinds.
                let of_kind = |kind: &Kind| TurnSlot {
                    kinds: Some(number),
                    ways: kind.items.iter().map(|item| single(item, false)).collect(),
                };
                kinds.iter().map(of_kind).collect()
            }
            LineSelector::Other(_) => Vec::new(),
        }
    }
}

/// Adds a supply, unless nobody can use any of it.
fn push(
    supplies: &mut Vec<SharedSupply>,
    sources: &mut BTreeMap<Asked, Vec<TurnSource>>,
    item: &ItemCode,
    depot: Option<&String>,
    agreement: bool,
    seen: &[(Asked, Interval)],
) {
    let usable = seen.iter().fold(Interval::ZERO, |most, (_, usable)| most.larger(*usable));
    if usable.is_zero() {
        return;
    }
    for (asked, usable) in seen.iter().filter(|(_, usable)| !usable.is_zero()) {
        let source = TurnSource { supply: supplies.len(), usable: *usable, agreement };
        sources.entry(*asked).or_default().push(source);
    }
    supplies.push(SharedSupply { item: item.clone(), depot: depot.cloned(), usable });
}

/// The units of a depot that different terms see differently: lot by lot where they see the same count, else all at once.
fn apart(seen: &[(Asked, &FoundStock<'_>)]) -> Vec<Vec<(Asked, Interval)>> {
    let at_once = || vec![seen.iter().map(|(asked, stock)| (*asked, stock.usable)).collect()];
    let is_counted = |stock: &FoundStock<'_>| stock.state == StockState::Counted && stock.counts.len() == 1;
    let mut counted = seen.iter().filter(|(_, stock)| is_counted(stock));
    let Some((_, first)) = counted.next() else { return at_once() };
    let Some(lots) = first.counts.first().map(|count| count.lots.len()) else { return at_once() };
    let same = |stock: &FoundStock<'_>| {
        is_counted(stock) && stock.counts.first().is_some_and(|count| count.lots.len() == lots)
            || matches!(stock.state, StockState::Stale | StockState::NeverCounted)
    };
    if !seen.iter().all(|(_, stock)| same(stock)) {
        return at_once();
    }
    let of_lot = |lot: usize| {
        let usable = |stock: &FoundStock<'_>| {
            stock.counts.first().and_then(|count| count.lots.get(lot)).map_or(Interval::ZERO, |seen| seen.usable)
        };
        let counted = || seen.iter().map(|(_, stock)| *stock).filter(|stock| is_counted(stock)).map(usable);
        let most = counted().fold(Interval::ZERO, Interval::larger).max;
        // Who sees only a stale count may be able to use what others see.
        let of = |stock: &FoundStock<'_>| if is_counted(stock) { usable(stock) } else { Interval::up_to(most) };
        seen.iter().map(|(asked, stock)| (*asked, of(stock))).collect::<Vec<_>>()
    };
    let mut units: Vec<Vec<(Asked, Interval)>> = (0..lots).map(of_lot).collect();
    // What else may be there is no unit of the others.
    for (asked, stock) in seen.iter().filter(|(_, stock)| !is_counted(stock)) {
        units.push(vec![(*asked, stock.usable)]);
    }
    units
}

fn asked_of<'a>(context: &RuleContext<'a>, line: &RequirementLine<'a>) -> LineAsked<'a> {
    let validity = validity_of(context, line);
    let agreement = line.agreement();
    let asked =
        Asked { validity_days: validity.days, inspection: inspection_of(line), agreement: !agreement.is_zero() };
    LineAsked { validity, asked, agreement }
}
