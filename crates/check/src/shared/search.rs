//! Lines for which units count differently, or only together: every way to serve them is tried, in their order.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::turn::{Part, Side, Source, Turn, UNBOUNDED, Way, uses_for, uses_within, value_of};
use crate::value::Pair;

/// The most that is tried for one line.
const STEPS: usize = 20_000;

/// The most that is tried for all lines together.
pub const ALL_STEPS: usize = 200_000;

/// One slot of a turn.
struct Place<'t> {
    ways: &'t [Way],
    want: i128,
    agreement: i128,
    layer: Option<usize>,
    asked: bool,
}

/// What is left of each supply, and what each layer may use besides.
type State = Vec<i128>;

struct Search<'t> {
    places: Vec<Place<'t>>,
    /// The layers; those of one group use the same units.
    layers: Vec<&'t (String, String)>,
    side: Side,
    supplies: usize,
    steps: usize,
    /// The most steps.
    most: usize,
    known: HashMap<(usize, State), Vec<i128>>,
}

/// What one turn can have after those before it; `None` if trying everything would take too long. `left` is what may still
/// be tried.
pub fn number_of(supplies: &[Pair], turns: &[Turn], asked: usize, side: Side, left: &mut usize) -> Option<i128> {
    let served = turns.get(..=asked)?;
    let layers: BTreeSet<&(String, String)> = served.iter().filter_map(|turn| turn.layer.as_ref()).collect();
    let layers: Vec<&(String, String)> = layers.into_iter().collect();
    let mut places = Vec::new();
    for (place, turn) in served.iter().enumerate() {
        let before = turn.within.and_then(|stronger| turns.get(stronger)).map_or(0, |stronger| stronger.want(side));
        let want = match turn.want(side) {
            _ if place == asked => UNBOUNDED,
            want if want >= UNBOUNDED => UNBOUNDED,
            want => (want - before).max(0),
        };
        let layer = turn.layer.as_ref().and_then(|layer| layers.iter().position(|known| *known == layer));
        places.extend(turn.slots.iter().map(|slot| Place {
            ways: &slot.ways,
            want: want.min(turn.slot_most(side, slot)),
            agreement: side.of(turn.agreement),
            layer,
            asked: place == asked,
        }));
    }
    let mut state: State = supplies.iter().map(|supply| side.of(*supply)).collect();
    state.resize(supplies.len() * (1 + layers.len()), 0);
    let most = STEPS.min(*left);
    let mut search = Search { places, layers, side, supplies: supplies.len(), steps: 0, most, known: HashMap::new() };
    let best = search.best(0, &state);
    *left = left.saturating_sub(search.steps);
    let best = best?;
    let asked = search.places.iter().zip(best).filter(|(place, _)| place.asked);
    Some(asked.map(|(_, value)| value).sum())
}

impl Search<'_> {
    fn step(&mut self) -> Option<()> {
        self.steps += 1;
        (self.steps <= self.most).then_some(())
    }

    /// What the turns from one on are given, the first as much as it can have, then the next.
    fn best(&mut self, place: usize, state: &State) -> Option<Vec<i128>> {
        let Some(Place { want, agreement, .. }) = self.places.get(place) else { return Some(Vec::new()) };
        let (want, agreement) = (*want, *agreement);
        let key = (place, state.clone());
        if let Some(known) = self.known.get(&key) {
            return Some(known.clone());
        }
        let mut tried: BTreeMap<State, i128> = BTreeMap::new();
        let mut order = Vec::new();
        self.try_ways(place, 0, state, 0, agreement, &mut tried, &mut order)?;
        let most = tried.values().map(|value| (*value).min(want)).max().unwrap_or(0);
        let mut later: Vec<i128> = Vec::new();
        if place + 1 < self.places.len() {
            for after in order {
                if tried.get(&after).is_some_and(|value| (*value).min(want) == most) {
                    later = later.max(self.best(place + 1, &after)?);
                }
            }
        }
        let best: Vec<i128> = std::iter::once(most).chain(later).collect();
        self.known.insert(key, best.clone());
        Some(best)
    }

    #[expect(clippy::too_many_arguments)]
    fn try_ways(
        &mut self,
        place: usize,
        number: usize,
        state: &State,
        value: i128,
        agreement: i128,
        tried: &mut BTreeMap<State, i128>,
        order: &mut Vec<State>,
    ) -> Option<()> {
        self.step()?;
        let Place { ways, want, .. } = *self.places.get(place)?;
        let Some(way) = ways.get(number) else {
            let known = tried.entry(state.clone()).or_insert_with(|| {
                order.push(state.clone());
                0
            });
            *known = (*known).max(value);
            return Some(());
        };
        let wanted = uses_for((want - value).max(0), way.factor, way.grain);
        let mut uses = wanted.min(self.most_uses(place, way, state, agreement));
        uses -= uses % way.grain;
        let once = number + 1 == ways.len() || self.is_exclusive(place, number);
        loop {
            let draws = self.draws(place, way, uses, state, agreement)?;
            // A bundle may name an item twice: fewer uses are possible than its parts allow one by one.
            let is_possible = !draws.is_empty();
            for (after, agreed) in draws {
                let left = (agreement - agreed).max(0);
                let more = value + value_of(uses, way.factor);
                self.try_ways(place, number + 1, &after, more, left, tried, order)?;
            }
            if uses == 0 || once && is_possible {
                return Some(());
            }
            uses -= way.grain;
        }
    }

    /// True if neither another way of the turn nor a later turn can use what a way uses.
    fn is_exclusive(&self, place: usize, number: usize) -> bool {
        let Some(ways) = self.places.get(place).map(|place| place.ways) else { return false };
        let Some(way) = ways.get(number) else { return false };
        let own: BTreeSet<usize> = way.sources().map(|source| source.supply).collect();
        let others = ways.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, way)| way);
        let later = self.places.iter().skip(place + 1).flat_map(|place| place.ways);
        let shared = others.chain(later).flat_map(Way::sources).any(|source| own.contains(&source.supply));
        let agreed = ways.len() > 1 && way.sources().any(|source| source.agreement);
        !shared && !agreed
    }

    fn held_at(&self, place: usize, supply: usize) -> Option<usize> {
        Some(self.supplies * (1 + self.places.get(place)?.layer?) + supply)
    }

    fn available(&self, place: usize, source: &Source, state: &State) -> i128 {
        let at = |at: usize| state.get(at).copied().unwrap_or(0);
        let held = self.held_at(place, source.supply).map_or(0, at);
        (at(source.supply) + held).min(self.side.of(source.usable))
    }

    fn most_uses(&self, place: usize, way: &Way, state: &State, agreement: i128) -> i128 {
        let of_part = |part: &Part| {
            let of = |agreed: bool| -> i128 {
                let from = part.from.iter().filter(|source| source.agreement == agreed);
                from.map(|source| self.available(place, source, state)).sum()
            };
            let agreed = of(true).min(agreed_most(way, part, agreement));
            ((of(false) + agreed) * 1_000 / part.quantity.max(1) / way.grain * way.grain).min(UNBOUNDED)
        };
        way.parts.iter().map(of_part).min().unwrap_or(0)
    }

    /// Every state that uses of a way lead to, with the part of them that comes from agreements.
    fn draws(
        &mut self,
        place: usize,
        way: &Way,
        uses: i128,
        state: &State,
        agreement: i128,
    ) -> Option<BTreeSet<(State, i128)>> {
        let mut found = BTreeSet::from([(state.clone(), 0)]);
        for part in &way.parts {
            let mut after = BTreeSet::new();
            for (before, units) in found {
                let split =
                    self.split(place, part, value_of(uses, part.quantity), &before, agreed_most(way, part, agreement))?;
                after.extend(split.into_iter().map(|(state, agreed)| (state, units + agreed)));
            }
            found = after;
        }
        let first = way.parts.first().map_or(1_000, |part| part.quantity.max(1));
        Some(found.into_iter().map(|(state, units)| (state, value_of(units * 1_000 / first, way.factor))).collect())
    }

    /// Every way to draw units of a part from its sources.
    fn split(
        &mut self,
        place: usize,
        part: &Part,
        wanted: i128,
        state: &State,
        agreed_most: i128,
    ) -> Option<BTreeSet<(State, i128)>> {
        let available: Vec<i128> = part.from.iter().map(|source| self.available(place, source, state)).collect();
        let grain = available.iter().fold(wanted, |grain, one| gcd(grain, (*one).min(wanted))).max(1);
        let mut found = BTreeSet::new();
        let draw = Draw { place, sources: &part.from, available: &available, grain, agreed_most };
        self.draw(&draw, 0, wanted, state, 0, &mut found)?;
        Some(found)
    }

    fn draw(
        &mut self,
        draw: &Draw<'_>,
        number: usize,
        left: i128,
        state: &State,
        agreed: i128,
        found: &mut BTreeSet<(State, i128)>,
    ) -> Option<()> {
        self.step()?;
        if left == 0 {
            found.insert((state.clone(), agreed));
            return Some(());
        }
        let (Some(source), Some(available)) = (draw.sources.get(number), draw.available.get(number)) else {
            return Some(());
        };
        let rest: i128 = draw.available.iter().skip(number + 1).sum();
        let most = (*available).min(left);
        let mut taken = if source.agreement { most.min((draw.agreed_most - agreed).max(0)) } else { most };
        while taken >= 0 && taken + rest >= left {
            let after = self.taken(draw.place, source.supply, taken, state);
            let agreed = agreed + if source.agreement { taken } else { 0 };
            self.draw(draw, number + 1, left - taken, &after, agreed, found)?;
            taken -= draw.grain;
        }
        Some(())
    }

    /// What is left after units of a supply are taken: first those that other layers of the group hold, then free ones,
    /// which those may use from then on.
    fn taken(&self, place: usize, supply: usize, units: i128, state: &State) -> State {
        let (mut after, mut units) = (state.clone(), units);
        if let Some(held) = self.held_at(place, supply).and_then(|at| after.get_mut(at)) {
            let of_others = (*held).min(units);
            *held -= of_others;
            units -= of_others;
        }
        let layer = self.places.get(place).and_then(|place| place.layer);
        if let Some(own) = layer.and_then(|layer| self.layers.get(layer)) {
            for (number, other) in self.layers.iter().enumerate() {
                let beside = other.0 == own.0 && other.1 != own.1;
                if let (true, Some(held)) = (beside, after.get_mut(self.supplies * (1 + number) + supply)) {
                    *held += units;
                }
            }
        }
        if let Some(free) = after.get_mut(supply) {
            *free -= units;
        }
        after
    }
}

/// A draw of one part.
struct Draw<'d> {
    place: usize,
    sources: &'d [Source],
    available: &'d [i128],
    grain: i128,
    agreed_most: i128,
}

/// The most units of a part that may come from agreements.
fn agreed_most(way: &Way, part: &Part, agreement: i128) -> i128 {
    let within = uses_within(agreement, way.factor, way.grain);
    if within >= UNBOUNDED { 1 << 80 } else { value_of(within, part.quantity) }
}

fn gcd(one: i128, other: i128) -> i128 {
    if other == 0 { one } else { gcd(other, one % other) }
}
