//! Assignment where units count differently, or only together: a search through the ways to serve each demand.
//!
//! Of the ways that give a demand the most, the one is taken that leaves the most to the demands after it, in their order.
//! Only uses without a superfluous unit are tried. Units of one item from several supplies are drawn from those first that
//! the fewest demands can use; where that is no order, the result is only bounded.

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Demand, Slot, Source, Supply, UNBOUNDED, Way, uses_for, uses_within, value_of};

/// One slot of a demand, in its turn.
pub(super) struct Turn<'d> {
    slot: Cow<'d, Slot>,
    /// The most that it is given.
    want: u64,
    agreement: u64,
    layer: Option<(usize, usize)>,
    /// True for a slot of the demand whose number is looked for.
    asked: bool,
    /// For each way, true if neither another way of the turn nor a later turn can use what it uses.
    exclusive: Vec<bool>,
}

pub(super) struct Search<'d> {
    turns: Vec<Turn<'d>>,
    /// The groups and layers of all turns; each has units that others of its group hold.
    layers: Vec<(usize, usize)>,
    state: Vec<u64>,
    supplies: usize,
    /// The most that later turns can be given from a state.
    known: HashMap<(usize, Vec<u64>), Vec<u64>>,
    /// The number of steps that are left.
    pub(super) left: usize,
    /// For each supply, the last turns that can use it and what they and later ones want of it, last turn first.
    wanted: Vec<Vec<(usize, u64)>>,
}

/// The slots of a demand in their turn; `up_to` is given for the demand whose number is looked for.
pub(super) fn turns_of<'d>(
    demands: &'d [Demand],
    demand: &'d Demand,
    up_to: Option<u64>,
) -> impl Iterator<Item = Turn<'d>> + use<'d> {
    let earlier = demand.within.and_then(|stronger| demands.get(stronger)).map_or(0, |demand| demand.want);
    let want = up_to.unwrap_or(demand.want);
    let want = if want >= UNBOUNDED { UNBOUNDED } else { want.saturating_sub(earlier) };
    demand.slots.iter().map(move |slot| Turn {
        slot: Cow::Borrowed(slot),
        want: want.min(slot.most),
        agreement: demand.agreement,
        layer: demand.layer,
        asked: up_to.is_some(),
        exclusive: Vec::new(),
    })
}

impl<'d> Search<'d> {
    /// A search for the number of the demand at a place up to a number, after those before it.
    pub(super) fn new(supplies: &[Supply], demands: &'d [Demand], place: usize, up_to: u64, limit: usize) -> Self {
        let served = demands.iter().take(place + 1).enumerate();
        let mut turns: Vec<Turn<'d>> =
            served.flat_map(|(number, demand)| turns_of(demands, demand, (number == place).then_some(up_to))).collect();
        let mut layers: Vec<(usize, usize)> = turns.iter().filter_map(|turn| turn.layer).collect();
        layers.sort_unstable();
        layers.dedup();
        let mut users = vec![0; supplies.len()];
        let mut wanted: Vec<Vec<(usize, u64)>> = vec![Vec::new(); supplies.len()];
        for (number, turn) in turns.iter().enumerate().rev() {
            let mut used: Vec<usize> = turn.sources().map(|source| source.supply).collect();
            used.sort_unstable();
            used.dedup();
            for supply in used {
                if let (Some(users), Some(wanted)) = (users.get_mut(supply), wanted.get_mut(supply)) {
                    *users += 1;
                    let later = wanted.last().map_or(0, |(_, wanted)| *wanted);
                    wanted.push((number, later.saturating_add(turn.wanted_of(supply))));
                }
            }
        }
        for (place, turn) in turns.iter_mut().enumerate() {
            turn.order_sources(&users);
            turn.exclusive = turn.exclusive_ways(|supply| {
                let last_turn = wanted.get(supply).and_then(|wanted| wanted.first());
                last_turn.is_some_and(|(last, _)| *last == place)
            });
        }
        let mut state: Vec<u64> = supplies.iter().map(|supply| supply.quantity).collect();
        state.resize(supplies.len() * (1 + layers.len()), 0);
        let supplies = supplies.len();
        Self { turns, layers, state, supplies, known: HashMap::new(), left: limit, wanted }
    }

    /// The number that the slots asked for are given; `None` if the limit was reached.
    pub(super) fn run(&mut self) -> Option<u64> {
        let state = self.state.clone();
        let best = self.best(0, state)?;
        Some(self.sum(&best))
    }

    fn sum(&self, values: &[u64]) -> u64 {
        let asked = self.turns.iter().zip(values).filter(|(turn, _)| turn.asked);
        asked.fold(0, |sum, (_, value)| sum.saturating_add(*value))
    }

    /// Serves every turn in the first way that gives it the most.
    pub(super) fn greedy(&self) -> u64 {
        let mut state = self.state.clone();
        let mut values = Vec::new();
        for (place, turn) in self.turns.iter().enumerate() {
            let mut left = turn.want;
            let mut agreement = turn.agreement;
            let mut value = 0_u64;
            for way in &turn.slot.ways {
                let most = self.most_uses(place, way, &state, agreement);
                let uses = most.min(uses_for(left, way.factor, way.grain));
                let Some((drawn, next)) = self.drawn(place, way, uses, &state) else { continue };
                let given = value_of(uses, way.factor);
                agreement = agreement.saturating_sub(agreed_of(way, &drawn));
                state = next;
                value = value.saturating_add(given);
                left = left.saturating_sub(given);
            }
            values.push(value.min(turn.want));
        }
        self.sum(&values)
    }

    /// The numbers that the turns from a place on are given, the first as much as it can have, then the next; `None` if the
    /// limit was reached.
    fn best(&mut self, place: usize, state: Vec<u64>) -> Option<Vec<u64>> {
        let Some(turn) = self.turns.get(place) else { return Some(Vec::new()) };
        let key = (place, state);
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let (want, agreement) = (turn.want, turn.agreement);
        let mut tried = Vec::new();
        self.try_ways(place, 0, &key.1, Given { value: 0, agreement, least_factor: u64::MAX }, &mut tried)?;
        let most = tried.iter().map(|(value, _)| (*value).min(want)).max().unwrap_or(0);
        let mut best: Option<Vec<u64>> = None;
        let is_last = place + 1 == self.turns.len();
        for (_, next) in tried.into_iter().filter(|(value, _)| (*value).min(want) == most) {
            let later = self.best(place + 1, next)?;
            if best.as_ref().is_none_or(|best| *best < later) {
                best = Some(later);
            }
            if is_last {
                break;
            }
        }
        let mut values = vec![most];
        values.extend(best.unwrap_or_default());
        self.known.insert(key, values.clone());
        Some(values)
    }

    /// Tries every number of uses of the ways from one on. A way is used no more often than is still wanted.
    fn try_ways(
        &mut self,
        place: usize,
        number: usize,
        state: &[u64],
        given: Given,
        tried: &mut Vec<(u64, Vec<u64>)>,
    ) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        let turn = self.turns.get(place)?;
        let Some(way) = turn.slot.ways.get(number) else {
            // A use that could be left out was superfluous: the same without it is tried as well.
            let superfluous = given.least_factor != u64::MAX
                && turn.want < UNBOUNDED
                && given.value.saturating_sub(given.least_factor) >= turn.want;
            if !superfluous {
                tried.push((given.value, state.to_vec()));
            }
            return Some(());
        };
        let wanted = uses_for(turn.want.saturating_sub(given.value), way.factor, way.grain);
        let most = self.most_uses(place, way, state, given.agreement).min(wanted);
        let (grain, factor) = (way.grain, way.factor);
        let is_exclusive = turn.is_exclusive(number) || self.is_abundant(place, number, state);
        let is_last = number + 1 == turn.slot.ways.len();
        let mut uses = most;
        loop {
            let turn = self.turns.get(place)?;
            let way = turn.slot.ways.get(number)?;
            let drawn = self.drawn(place, way, uses, state);
            let is_possible = drawn.is_some();
            if let Some((drawn, next)) = drawn {
                let agreed = agreed_of(way, &drawn);
                let one = value_of(grain, factor).max(1);
                let more = Given {
                    value: given.value.saturating_add(value_of(uses, factor)),
                    agreement: given.agreement.saturating_sub(agreed),
                    // What nobody else can use may as well be used superfluously.
                    least_factor: if uses > 0 && !is_exclusive {
                        given.least_factor.min(one)
                    } else {
                        given.least_factor
                    },
                };
                self.try_ways(place, number + 1, &next, more, tried)?;
            } else {
                // A bundle may name an item twice, so that fewer uses are possible than its parts allow one by one.
                self.left = self.left.checked_sub(1)?;
            }
            // What nobody else can use is used first, and the last way gives what is still wanted.
            if uses == 0 || is_possible && (is_exclusive || is_last) {
                return Some(());
            }
            uses = uses.saturating_sub(grain);
        }
    }

    /// True if there is enough of what a way uses for everything that this turn and later ones want.
    fn is_abundant(&self, place: usize, number: usize, state: &[u64]) -> bool {
        let Some(way) = self.turns.get(place).and_then(|turn| turn.slot.ways.get(number)) else { return false };
        way.parts.iter().flat_map(|part| &part.from).all(|source| {
            let wanted = self.wanted.get(source.supply).and_then(|wanted| {
                let from = wanted.partition_point(|(turn, _)| *turn >= place);
                wanted.get(from.checked_sub(1)?)
            });
            let wanted = wanted.map_or(0, |(_, wanted)| *wanted);
            !source.agreement && state.get(source.supply).is_some_and(|free| *free >= wanted)
        })
    }

    /// What a turn can have of a supply: what is free, and what other layers of its group hold already.
    fn available(&self, place: usize, source: Source, state: &[u64]) -> u64 {
        let free = state.get(source.supply).copied().unwrap_or(0);
        let held = self.held_at(place, source.supply).and_then(|at| state.get(at)).copied().unwrap_or(0);
        free.saturating_add(held).min(source.most)
    }

    /// The place in the state of what other layers of a turn's group hold of a supply.
    fn held_at(&self, place: usize, supply: usize) -> Option<usize> {
        let layer = self.turns.get(place)?.layer?;
        let number = self.layers.iter().position(|known| *known == layer)?;
        Some(self.supplies * (1 + number) + supply)
    }

    /// The most uses of a way that a state allows.
    fn most_uses(&self, place: usize, way: &Way, state: &[u64], agreement: u64) -> u64 {
        let of_part = |part: &super::Part| {
            let [own, agreed] = [false, true].map(|agreement| {
                let of = part.from.iter().filter(|source| source.agreement == agreement);
                of.fold(0_u64, |sum, source| sum.saturating_add(self.available(place, *source, state)))
            });
            let within = uses_within(agreement, way.factor, way.grain);
            let agreed = if within >= UNBOUNDED { agreed } else { agreed.min(value_of(within, part.quantity)) };
            let sum = u128::from(own.saturating_add(agreed)) * 1_000 / u128::from(part.quantity.max(1));
            let uses = sum / u128::from(way.grain) * u128::from(way.grain);
            u64::try_from(uses).unwrap_or(UNBOUNDED)
        };
        way.parts.iter().map(of_part).min().unwrap_or(0)
    }

    /// The supplies that uses of a way draw from, and what is left; `None` if the state does not allow them. Sources are
    /// drawn from in their order.
    fn drawn(&self, place: usize, way: &Way, uses: u64, state: &[u64]) -> Option<(Vec<(Source, u64)>, Vec<u64>)> {
        let (mut drawn, mut left) = (Vec::new(), state.to_vec());
        for part in &way.parts {
            let mut wanted = value_of(uses, part.quantity);
            for source in part.from.iter().copied() {
                let taken = self.available(place, source, &left).min(wanted);
                if taken > 0 {
                    wanted -= taken;
                    self.draw(place, source, taken, &mut left)?;
                    drawn.push((source, taken));
                }
            }
            if wanted > 0 {
                return None;
            }
        }
        Some((drawn, left))
    }

    /// Takes units of a supply: first those that other layers of the group hold, then free ones, which the other layers may
    /// use as well from then on.
    fn draw(&self, place: usize, source: Source, quantity: u64, state: &mut [u64]) -> Option<()> {
        let held = self.held_at(place, source.supply);
        let mut wanted = quantity;
        if let Some(held) = held.and_then(|at| state.get_mut(at)) {
            let shared = (*held).min(wanted);
            *held -= shared;
            wanted -= shared;
        }
        let free = state.get_mut(source.supply)?;
        *free = free.checked_sub(wanted)?;
        let Some((group, layer)) = self.turns.get(place)?.layer else { return Some(()) };
        for (number, (other, beside)) in self.layers.iter().enumerate() {
            if *other == group && *beside != layer {
                *state.get_mut(self.supplies * (1 + number) + source.supply)? += wanted;
            }
        }
        Some(())
    }
}

fn sources_of(way: &Way) -> impl Iterator<Item = Source> {
    way.parts.iter().flat_map(|part| part.from.iter().copied())
}

/// What uses of a way take under agreements of what they draw, in the line's unit.
fn agreed_of(way: &Way, drawn: &[(Source, u64)]) -> u64 {
    let units = drawn.iter().filter(|(source, _)| source.agreement).fold(0_u64, |sum, (_, taken)| sum + taken);
    let quantity = way.parts.first().map_or(1_000, |part| part.quantity.max(1));
    let uses = u128::from(units) * 1_000 / u128::from(quantity);
    value_of(u64::try_from(uses).unwrap_or(UNBOUNDED), way.factor)
}

/// What a turn has been given so far.
#[derive(Clone, Copy)]
struct Given {
    value: u64,
    /// What may still come from stock under an agreement.
    agreement: u64,
    /// What the smallest use counts for.
    least_factor: u64,
}

impl Turn<'_> {
    /// Puts the sources of each part in the order in which they are drawn from: own ones first, and those that the fewest turns
    /// can use.
    fn order_sources(&mut self, users: &[usize]) {
        let is_one = |part: &super::Part| part.from.len() <= 1;
        if self.slot.ways.iter().flat_map(|way| &way.parts).all(is_one) {
            return;
        }
        for part in self.slot.to_mut().ways.iter_mut().flat_map(|way| &mut way.parts) {
            part.from.sort_by_key(|source| (source.agreement, users.get(source.supply).copied(), source.supply));
        }
    }

    /// For each way, whether nothing but it can use what it uses. `is_last_of` is asked whether no later turn can use a supply.
    fn exclusive_ways(&self, is_last_of: impl Fn(usize) -> bool) -> Vec<bool> {
        let ways = &self.slot.ways;
        let is_alone = ways.len() == 1;
        let is_exclusive = |(number, way): (usize, &Way)| {
            let is_used_beside = |supply: usize| {
                let others = ways.iter().enumerate().filter(|(other, _)| *other != number);
                others.flat_map(|(_, other)| sources_of(other)).any(|source| source.supply == supply)
            };
            // What may come from stock under an agreement is limited for all ways together.
            sources_of(way).all(|source| {
                (is_alone || !source.agreement) && is_last_of(source.supply) && !is_used_beside(source.supply)
            })
        };
        ways.iter().enumerate().map(is_exclusive).collect()
    }

    fn is_exclusive(&self, number: usize) -> bool {
        self.exclusive.get(number).copied().unwrap_or(false)
    }

    /// The most units of a supply that it can use.
    pub(super) fn wanted_of(&self, supply: usize) -> u64 {
        let of_way = |way: &Way| {
            let parts = way.parts.iter().filter(|part| part.from.iter().any(|source| source.supply == supply));
            let uses = uses_for(self.want, way.factor, way.grain);
            let of_part =
                |part: &super::Part| if uses >= UNBOUNDED { UNBOUNDED } else { value_of(uses, part.quantity) };
            parts.map(of_part).fold(0_u64, u64::saturating_add)
        };
        self.slot.ways.iter().map(of_way).fold(0_u64, u64::saturating_add)
    }

    pub(super) fn sources(&self) -> impl Iterator<Item = Source> {
        self.slot.ways.iter().flat_map(sources_of)
    }
}
