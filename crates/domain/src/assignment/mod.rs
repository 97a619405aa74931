//! Assignment: which units serve which requirement lines, where several lines could use the same ones.
//!
//! Lines are served in order of strength, then of rule. Each gets the most it can have without taking from those before it;
//! units may be re-routed for that. Where every unit counts the same for a line this is a flow, solved exactly for any
//! quantities. Where factors differ, or items count only together, it is solved exactly by search within [`SEARCH_LIMIT`]
//! for each line and [`TOTAL_LIMIT`] for all of them; a line beyond that has what no line before it can use.
//!
//! All numbers are thousandths.

mod certain;
mod flow;
mod in_turn;
mod order;
mod search;
#[cfg(test)]
mod tests;

/// The number of steps after which a search gives up: the result is then only bounded.
pub const SEARCH_LIMIT: usize = 20_000;

/// The number of steps for all demands together: those that are served when it is used up have what is certain.
pub const TOTAL_LIMIT: usize = 500_000;

/// The number of steps for what a line could have beyond what it may need: if they are not enough, that is not told.
pub const SURPLUS_LIMIT: usize = 1_000;

/// More than any sum of stock.
pub const UNBOUNDED: u64 = 1 << 60;

/// Units that are alike for every demand that can use them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// The number of units.
    pub quantity: u64,
}

/// What a line wants, in order of its turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The most that it is given while others wait, in the line's unit; [`UNBOUNDED`] if it wants all it can have.
    pub want: u64,
    /// The most that it may need: what it is asked for at the least, where more is hard to find.
    pub enough: u64,
    /// A stronger line of the same selector: what that is given is part of this line's.
    pub within: Option<usize>,
    /// The kinds of which each is required, none of them met under an agreement; or a single slot.
    pub slots: Vec<Slot>,
    /// The most that may come from stock held under an agreement, in the line's unit.
    pub agreement: u64,
    /// A group of demands and a layer within it: demands of one group and different layers use the same units.
    pub layer: Option<(usize, usize)>,
}

/// A part of a demand with a limit of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The most that counts, in the line's unit.
    pub most: u64,
    /// The ways to serve it.
    pub ways: Vec<Way>,
}

/// Items that count for a demand, alone or together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// What one use counts for, in the line's unit.
    pub factor: u64,
    /// The items that one use takes.
    pub parts: Vec<Part>,
    /// The least use: 1 for measured items, 1000 for counted ones.
    pub grain: u64,
}

/// An item that a use takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number in one use.
    pub quantity: u64,
    /// The supplies it may come from.
    pub from: Vec<Source>,
}

/// A supply as one demand sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The place of the supply.
    pub supply: usize,
    /// The most that this demand may take from it.
    pub most: u64,
    /// True if it is held under an agreement.
    pub agreement: bool,
}

/// What the demands are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// For each demand, the most it could have without taking from those before it, in its unit.
    pub given: Vec<u64>,
    /// True for a demand whose number is only a lower bound, because the search ended at its limit.
    pub limited: Vec<bool>,
    /// True for a demand whose number was looked for only up to what it may need.
    pub capped: Vec<bool>,
}

/// Serves the demands in their order.
pub fn assign(supplies: &[Supply], demands: &[Demand]) -> Assignment {
    if is_flow(demands) { flow::assign(supplies, demands) } else { in_turn::assign(supplies, demands) }
}

/// True if every unit counts the same for a demand, and no two demands may use the same units.
fn is_flow(demands: &[Demand]) -> bool {
    let alike = |demand: &Demand| {
        let mut factors = demand.slots.iter().flat_map(|slot| &slot.ways).map(|way| (way.factor, way.grain));
        let first = factors.next();
        factors.all(|factor| Some(factor) == first)
            && demand
                .slots
                .iter()
                .flat_map(|slot| &slot.ways)
                .all(|way| matches!(way.parts.as_slice(), [part] if part.quantity == 1_000))
    };
    let apart = |one: &Demand, other: &Demand| match (one.layer, other.layer) {
        (Some((group, layer)), Some((other, beside))) => group == other && layer != beside,
        _ => false,
    };
    demands.iter().all(alike)
        && demands.iter().enumerate().all(|(place, one)| demands.iter().take(place).all(|other| !apart(one, other)))
}

/// A number in a line's unit as uses of a way, rounded up to whole grains; nothing bounds an unbounded one.
pub fn uses_for(wanted: u64, factor: u64, grain: u64) -> u64 {
    if wanted >= UNBOUNDED || factor == 0 {
        return UNBOUNDED;
    }
    let uses = (u128::from(wanted) * 1_000).div_ceil(u128::from(factor) * u128::from(grain)) * u128::from(grain);
    u64::try_from(uses).unwrap_or(UNBOUNDED).min(UNBOUNDED)
}

/// The whole grains that a number in a line's unit allows.
fn uses_within(allowed: u64, factor: u64, grain: u64) -> u64 {
    if allowed >= UNBOUNDED || factor == 0 {
        return UNBOUNDED;
    }
    let uses = u128::from(allowed) * 1_000 / (u128::from(factor) * u128::from(grain)) * u128::from(grain);
    u64::try_from(uses).unwrap_or(UNBOUNDED).min(UNBOUNDED)
}

/// What uses of a way count for, in the line's unit.
fn value_of(uses: u64, factor: u64) -> u64 {
    let value = u128::from(uses) * u128::from(factor) / 1_000;
    u64::try_from(value).unwrap_or(UNBOUNDED).min(UNBOUNDED)
}
