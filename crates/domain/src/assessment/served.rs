//! Shared stock, assigned: what each line can have.
//!
//! What one line cannot surely use of units that others can use is uncertain in two ways. On the low side of later lines
//! it may take them, on the high side it may not.

use std::collections::{BTreeMap, BTreeSet};

use super::shared::{Layer, SharedStock, Turn, TurnPart, TurnSlot, TurnSource, TurnWay};
use crate::assignment::{Assignment, Demand, Part, Slot, Source, Supply, UNBOUNDED, Way, assign, uses_for};
use crate::interval::Interval;
use base::quantity::Quantity;

/// From here on a number of units stands for an unbounded one, whatever it is multiplied by.
const OPEN: u64 = UNBOUNDED >> 10;

/// The most earlier lines whose reasons a line names.
const MOST_EARLIER: usize = 20;

/// One end of all numbers: the least stock against the most that may be required, or the other way round.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Low,
    High,
}

impl Side {
    fn of(self, usable: Interval) -> u64 {
        match self {
            Self::Low => thousandths(usable.min),
            Self::High => usable.max.map_or(UNBOUNDED, thousandths),
        }
    }

    /// What earlier lines hold against later ones: on the low side all they may need, on the high side what they surely do.
    fn wanted(self, required: Interval) -> u64 {
        match self {
            Self::Low => required.max.map_or(UNBOUNDED, thousandths),
            Self::High => thousandths(required.min),
        }
    }
}

/// The demands of one side, with the place of that of each turn.
#[derive(Default)]
struct Demands {
    demands: Vec<Demand>,
    places: Vec<usize>,
    /// For each turn, the place of what it holds against later ones.
    holding: Vec<usize>,
}

impl SharedStock {
    /// Serves the lines, and notes what each can have.
    ///
    /// The high side keeps what the low side gives, so that no number falls as stock or requirements are known better.
    ///
    /// `doubted` is that of [`SharedStock::doubted`].
    pub fn serve(&mut self, doubted: &[Vec<TurnSource>]) {
        let [low, high] = [Side::Low, Side::High].map(|side| self.assign(side, doubted));
        for place in 0..self.turns.len() {
            let Some(turn) = self.turns.get(place) else { continue };
            let of = |assignment: &Assignment| assignment.given.get(place).copied().unwrap_or(0);
            let limited = |assignment: &Assignment| assignment.limited.get(place).copied().unwrap_or(true);
            let (least, most) = (of(&low).min(turn.most(Side::Low)), of(&high).max(of(&low)));
            // A search that gave up on the high side bounds the number only by what there is.
            let most = if limited(&high) { turn.most(Side::High) } else { most.min(turn.most(Side::High)) };
            let (least, most) = self.with_covered(turn, least, most.max(least));
            let usable = Interval { min: quantity(least), max: (most < OPEN).then(|| quantity(most)) };
            let capped = [&low, &high].into_iter().any(|side| side.capped.get(place).copied().unwrap_or(false));
            if let Some(turn) = self.turns.get_mut(place) {
                turn.limited = limited(&low) || limited(&high);
                turn.capped = capped;
                turn.usable = usable;
            }
        }
    }

    /// What a line has if it counts what covers the stronger line of the same selector, as far as its own rules allow.
    fn with_covered(&self, turn: &Turn, least: u64, most: u64) -> (u64, u64) {
        let stronger = turn.within.and_then(|stronger| self.turns.get(stronger));
        let (Some(stronger), Some(covered), Some(own)) = (stronger, turn.covered, turn.own_agreement) else {
            return (least, most);
        };
        // Its own rules count the units that are usable by their terms; the rest may be any that the stronger line has.
        let by_own = |side: Side, given: u64| given.min(turn.most_with(side, own)).saturating_add(side.of(covered));
        let [low, high] = [Side::Low, Side::High].map(|side| side.of(stronger.usable));
        let held = low.min(Side::Low.wanted(stronger.required));
        let low = least.max(held.min(by_own(Side::Low, least)));
        (low, most.max(high.min(by_own(Side::High, most))).max(low))
    }

    fn assign(&self, side: Side, doubted: &[Vec<TurnSource>]) -> Assignment {
        let supplies: Vec<Supply> =
            self.supplies.iter().map(|supply| Supply { quantity: side.of(supply.usable) }).collect();
        let Demands { demands, places, .. } = self.demands(side, doubted);
        let Assignment { given, limited, capped } = assign(&supplies, &demands);
        let of = |place: &usize| given.get(*place).copied().unwrap_or(0);
        let flag = |flags: &[bool], place: &usize| flags.get(*place).copied().unwrap_or(true);
        Assignment {
            given: places.iter().map(of).collect(),
            limited: places.iter().map(|place| flag(&limited, place)).collect(),
            capped: places.iter().map(|place| flag(&capped, place)).collect(),
        }
    }

    fn demands(&self, side: Side, doubted: &[Vec<TurnSource>]) -> Demands {
        let mut layers: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for layer in self.turns.iter().filter_map(|turn| turn.layer.as_ref()) {
            let group = layers.entry(&layer.group).or_default();
            let number = group.len();
            group.entry(&layer.layer).or_insert(number);
        }
        let place_of = |layer: &Layer| {
            let group = layers.keys().position(|group| *group == layer.group)?;
            Some((group, *layers.get(layer.group.as_str())?.get(layer.layer.as_str())?))
        };
        let mut all = Demands::default();
        for (turn, doubted) in self.turns.iter().zip(doubted) {
            let demand = Demand {
                want: side.wanted(turn.required),
                enough: Side::Low.wanted(turn.required),
                within: turn.within.and_then(|stronger| all.holding.get(stronger)).copied(),
                slots: turn.slots.iter().map(|slot| slot.on(side, turn)).collect(),
                agreement: side.of(turn.agreement),
                layer: turn.layer.as_ref().and_then(place_of),
            };
            let place = all.demands.len();
            all.places.push(place);
            match side {
                // It may take what it cannot surely use.
                Side::Low => {
                    all.holding.push(place);
                    let perhaps = doubted.iter().filter_map(|source| self.perhaps_taken(source, &demand));
                    let perhaps: Vec<Demand> = perhaps.collect();
                    all.demands.push(demand);
                    all.demands.extend(perhaps);
                }
                // It surely takes only what it wants beyond what it may not be able to use.
                Side::High if !doubted.is_empty() => {
                    let mut surely = demand.clone();
                    let doubt = turn.value_of_doubt(doubted);
                    surely.want = if doubt >= OPEN { 0 } else { demand.want.saturating_sub(doubt) };
                    let sources =
                        surely.slots.iter_mut().flat_map(|slot| &mut slot.ways).flat_map(|way| &mut way.parts);
                    for source in sources.flat_map(|part| &mut part.from) {
                        if let Some(doubted) = doubted.iter().find(|doubted| doubted.supply == source.supply) {
                            source.most = Side::Low.of(doubted.usable);
                        }
                    }
                    all.holding.push(place + 1);
                    all.demands.extend([Demand { want: 0, ..demand }, surely]);
                }
                Side::High => {
                    all.holding.push(place);
                    all.demands.push(demand);
                }
            }
        }
        all
    }

    /// For each turn, the units of which it cannot surely use what others see there, where a later line of another selector
    /// can use them.
    pub fn doubted(&self) -> Vec<Vec<TurnSource>> {
        let mut last: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, turn) in self.turns.iter().enumerate() {
            turn.supplies().into_iter().for_each(|supply| last.entry(supply).or_default().push(place));
        }
        let is_doubted = |place: usize, turn: &Turn, source: &TurnSource| {
            let differs = self.supplies.get(source.supply).is_some_and(|supply| supply.usable != source.usable);
            let later = last.get(&source.supply).into_iter().flatten().rev().take_while(|later| **later > place);
            let mut later = later.filter_map(|later| self.turns.get(*later));
            differs && !source.usable.is_exact() && later.any(|later| later.selector != turn.selector)
        };
        let of = |(place, turn): (usize, &Turn)| {
            let mut sources: Vec<TurnSource> =
                turn.sources().copied().filter(|source| is_doubted(place, turn, source)).collect();
            sources.sort_by_key(|source| source.supply);
            sources.dedup_by_key(|source| source.supply);
            sources
        };
        self.turns.iter().enumerate().map(of).collect()
    }

    /// What a turn may take of units that it cannot surely use, though others can.
    fn perhaps_taken(&self, source: &TurnSource, demand: &Demand) -> Option<Demand> {
        let seen = Side::Low.of(self.supplies.get(source.supply)?.usable);
        let units = Side::High.of(source.usable).min(seen).saturating_sub(Side::Low.of(source.usable));
        let of_way = |way: &Way| {
            let parts = way.parts.iter().filter(|part| part.from.iter().any(|one| one.supply == source.supply));
            let uses = uses_for(demand.want, way.factor, way.grain);
            parts.map(|part| scaled(uses, part.quantity, 1_000)).fold(0_u64, u64::saturating_add)
        };
        let wanted = demand.slots.iter().flat_map(|slot| &slot.ways).map(of_way).fold(0_u64, u64::saturating_add);
        let want = wanted.min(units);
        let from = vec![Source { supply: source.supply, most: units, agreement: false }];
        let way = Way { factor: 1_000, parts: vec![Part { quantity: 1_000, from }], grain: 1 };
        let slots = vec![Slot { most: UNBOUNDED, ways: vec![way] }];
        let taken = Demand { want, enough: want, within: None, slots, agreement: UNBOUNDED, layer: demand.layer };
        (want > 0).then_some(taken)
    }

    /// True if a line has less than it would have alone.
    pub fn takes_turns(&self, place: usize) -> bool {
        self.turns.get(place).is_some_and(|turn| Side::Low.of(turn.usable) < turn.most(Side::Low))
    }

    /// The stronger lines of which one counts a part, the nearest first.
    pub fn counted_by(&self, place: usize) -> Vec<usize> {
        let within = |place: &usize| self.turns.get(*place)?.within.filter(|stronger| stronger < place);
        std::iter::successors(within(&place), within).collect()
    }

    /// The lines before one that can use the same units, directly or through others, and of which something is not known;
    /// the first `MOST_EARLIER`.
    pub fn unknown_before(&self, place: usize) -> Vec<&Turn> {
        let earlier = || self.turns.iter().take(place);
        let Some(turn) = self.turns.get(place) else { return Vec::new() };
        if earlier().all(|turn| turn.reasons.is_empty()) {
            return Vec::new();
        }
        let of_earlier: Vec<BTreeSet<usize>> = earlier().map(Turn::supplies).collect();
        let (mut supplies, mut linked) = (turn.supplies(), vec![false; place]);
        loop {
            let known = linked.clone();
            for (linked, own) in linked.iter_mut().zip(&of_earlier) {
                if !*linked && !own.is_disjoint(&supplies) {
                    *linked = true;
                    supplies.extend(own);
                }
            }
            if known == linked {
                break;
            }
        }
        let linked = earlier().zip(linked).filter(|(_, linked)| *linked).map(|(turn, _)| turn);
        linked.filter(|turn| !turn.reasons.is_empty()).take(MOST_EARLIER).collect()
    }
}

impl Turn {
    fn sources(&self) -> impl Iterator<Item = &TurnSource> {
        self.slots.iter().flat_map(|slot| &slot.ways).flat_map(|way| &way.parts).flat_map(|part| &part.from)
    }

    fn supplies(&self) -> BTreeSet<usize> {
        self.sources().map(|source| source.supply).collect()
    }

    /// What it could have if it were alone: all its own units, and of those under an agreement what may meet it.
    fn most(&self, side: Side) -> u64 {
        self.most_with(side, self.agreement)
    }

    fn most_with(&self, side: Side, agreement: Interval) -> u64 {
        let of = |agreed: bool| {
            let of_way = |way: &TurnWay| {
                let uses = way.parts.iter().map(|part| {
                    let from = part.from.iter().filter(|source| agreed || !source.agreement);
                    let units = from.fold(0_u64, |sum, source| sum.saturating_add(side.of(source.usable)));
                    if units >= OPEN { UNBOUNDED } else { scaled(units, 1_000, thousandths(part.quantity).max(1)) }
                });
                let uses = uses.min().unwrap_or(0);
                if uses >= OPEN { UNBOUNDED } else { scaled(uses, thousandths(way.factor), 1_000) }
            };
            let of_slot = |slot: &TurnSlot| slot.ways.iter().map(of_way).fold(0_u64, u64::saturating_add);
            self.slots.iter().map(of_slot).fold(0_u64, u64::saturating_add)
        };
        of(true).min(of(false).saturating_add(side.of(agreement)))
    }

    /// What the units count for that it may not be able to use.
    fn value_of_doubt(&self, doubted: &[TurnSource]) -> u64 {
        let of_part = |way: &TurnWay, part: &TurnPart| {
            let doubted = doubted.iter().filter(|doubted| part.from.iter().any(|one| one.supply == doubted.supply));
            let units = doubted.fold(0_u64, |sum, source| {
                sum.saturating_add(Side::High.of(source.usable).saturating_sub(Side::Low.of(source.usable)))
            });
            if units >= OPEN {
                return UNBOUNDED;
            }
            let uses = scaled(units, 1_000, thousandths(part.quantity).max(1));
            scaled(uses, thousandths(way.factor), 1_000)
        };
        let ways = self.slots.iter().flat_map(|slot| &slot.ways);
        let values = ways.flat_map(|way| way.parts.iter().map(move |part| of_part(way, part)));
        values.fold(0_u64, u64::saturating_add)
    }
}

impl TurnSlot {
    fn on(&self, side: Side, turn: &Turn) -> Slot {
        let most = self.kinds.map_or(UNBOUNDED, |kinds| {
            let wanted = side.wanted(turn.required);
            if wanted >= UNBOUNDED { UNBOUNDED } else { wanted / u64::from(kinds.max(1)) }
        });
        let ways = self.ways.iter().map(|way| Way {
            factor: thousandths(way.factor),
            grain: if way.divisible { 1 } else { 1_000 },
            parts: way
                .parts
                .iter()
                .map(|part| Part {
                    quantity: thousandths(part.quantity),
                    from: part
                        .from
                        .iter()
                        .map(|source| Source {
                            supply: source.supply,
                            most: side.of(source.usable),
                            agreement: source.agreement,
                        })
                        .collect(),
                })
                .collect(),
        });
        Slot { most, ways: ways.collect() }
    }
}

fn scaled(units: u64, by: u64, per: u64) -> u64 {
    let scaled = u128::from(units) * u128::from(by) / u128::from(per);
    u64::try_from(scaled).unwrap_or(UNBOUNDED).min(UNBOUNDED)
}

/// The thousandths of a quantity; a negative one counts as zero.
fn thousandths(quantity: Quantity) -> u64 {
    u64::try_from(quantity.thousandths()).unwrap_or(0)
}

/// A quantity of thousandths; of too many, the greatest there is, which [`Turn::usable`] tells from a number.
fn quantity(thousandths: u64) -> Quantity {
    Quantity::from_thousandths(thousandths.min(999_999_999_999)).unwrap_or(Quantity::ZERO)
}
