//! Units that one line cannot surely use though others see them: what it takes of them is not known to later lines.

use std::collections::BTreeMap;

use super::turn::{Part, Side, Slot, Source, Turn, UNBOUNDED, Way, uses_for, value_of};
use crate::value::Pair;

/// The turns of one side, with what may be taken beside them.
pub struct Served {
    /// The turns.
    pub turns: Vec<Turn>,
    /// The place of each turn of the document.
    pub places: Vec<usize>,
}

/// For each turn, the units that it cannot surely use, as far as a later line of another selector can. `selectors` has one
/// number for each selector.
pub fn doubted(supplies: &[Pair], turns: &[Turn], selectors: &[usize]) -> Vec<BTreeMap<usize, Pair>> {
    let mut found: Vec<BTreeMap<usize, Pair>> = Vec::new();
    for (place, turn) in turns.iter().enumerate() {
        let mut of_turn = BTreeMap::new();
        for source in turn.ways().flat_map(Way::sources) {
            let is_exact = source.usable.1 == Some(source.usable.0);
            if !is_exact && supplies.get(source.supply) != Some(&source.usable) {
                of_turn.insert(source.supply, source.usable);
            }
        }
        let other = |later: &(&Turn, &usize)| selectors.get(place) != Some(later.1);
        of_turn.retain(|supply, _| {
            let later = turns.iter().zip(selectors).skip(place + 1).filter(other);
            later.flat_map(|(turn, _)| turn.ways()).flat_map(Way::sources).any(|source| source.supply == *supply)
        });
        found.push(of_turn);
    }
    found
}

/// The turns of a side in their order. On the low side each is followed by what it may take of doubted units; on the high
/// side by what it surely takes, which is all that it holds.
pub fn served(supplies: &[Pair], turns: &[Turn], doubted: &[BTreeMap<usize, Pair>], side: Side) -> Served {
    let mut served = Served { turns: Vec::new(), places: Vec::new() };
    let mut holding: Vec<usize> = Vec::new();
    for (turn, doubted) in turns.iter().zip(doubted) {
        let mut turn = turn.clone();
        turn.within = turn.within.and_then(|stronger| holding.get(stronger)).copied();
        served.places.push(served.turns.len());
        if side == Side::High && !doubted.is_empty() {
            holding.push(served.turns.len() + 1);
            let surely = surely(&turn, doubted);
            served.turns.extend([Turn { holds: Some(0), ..turn }, surely]);
        } else {
            holding.push(served.turns.len());
            let perhaps: Vec<Turn> = doubted
                .iter()
                .filter_map(|(supply, usable)| perhaps(&turn, *supply, *usable, supplies.get(*supply)?.0))
                .collect();
            served.turns.push(turn);
            served.turns.extend(perhaps);
        }
    }
    served
}

/// What a turn may take of units that it cannot surely use; others surely see `seen` of them.
fn perhaps(turn: &Turn, supply: usize, usable: Pair, seen: i128) -> Option<Turn> {
    let units = (usable.1.unwrap_or(UNBOUNDED).min(seen) - usable.0).max(0);
    let mut wanted = 0;
    for way in turn.ways() {
        let uses = uses_for(turn.want(Side::Low), way.factor, way.grain);
        let parts = way.parts.iter().filter(|part| part.from.iter().any(|source| source.supply == supply));
        wanted += parts.map(|part| value_of(uses, part.quantity)).sum::<i128>();
    }
    let want = wanted.min(units);
    let from = vec![Source { supply, usable: (units, Some(units)), agreement: false }];
    let parts = vec![Part { item: String::new(), quantity: 1_000, from }];
    let slots = vec![Slot { kinds: None, ways: vec![Way { factor: 1_000, grain: 1, parts }] }];
    let (required, agreement) = ((want, Some(want)), (UNBOUNDED, None));
    let layer = turn.layer.clone();
    let (own_agreement, covered, holds) = (None, None, None);
    (want > 0).then_some(Turn { within: None, layer, slots, required, agreement, own_agreement, covered, holds })
}

/// What a turn surely takes: of doubted units those that it can surely use, and in all less by what the others count for.
fn surely(turn: &Turn, doubted: &BTreeMap<usize, Pair>) -> Turn {
    let mut less = Some(0);
    for way in turn.ways() {
        for part in &way.parts {
            let mut units = Some(0);
            for (supply, usable) in doubted {
                if part.from.iter().any(|source| source.supply == *supply) {
                    units = units.zip(usable.1).map(|(units, high)| units + high - usable.0);
                }
            }
            let worth = |units: i128| value_of(units * 1_000 / part.quantity.max(1), way.factor);
            less = less.zip(units).map(|(less, units)| less + worth(units));
        }
    }
    let mut surely = turn.clone();
    surely.holds = Some(less.map_or(0, |less| (turn.want(Side::High) - less).max(0)));
    for slot in &mut surely.slots {
        for source in slot.ways.iter_mut().flat_map(|way| &mut way.parts).flat_map(|part| &mut part.from) {
            if let Some(usable) = doubted.get(&source.supply) {
                source.usable.1 = Some(usable.0);
            }
        }
    }
    surely
}
