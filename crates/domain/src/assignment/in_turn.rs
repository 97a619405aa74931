//! Assignment by search, demand after demand, within a limit for all of them together.

use super::certain::Certain;
use super::order::Order;
use super::search::Search;
use super::{Assignment, Demand, SEARCH_LIMIT, SURPLUS_LIMIT, Supply, TOTAL_LIMIT, UNBOUNDED};

/// Serves the demands in their order.
pub(super) fn assign(supplies: &[Supply], demands: &[Demand]) -> Assignment {
    let mut assignment = Assignment { given: Vec::new(), limited: Vec::new(), capped: Vec::new() };
    let mut left = TOTAL_LIMIT;
    let mut order = Order::new(supplies.len());
    let mut certain = Certain::new(supplies);
    for (place, demand) in demands.iter().enumerate() {
        order.add(demand);
        let found = Found::of(supplies, demands, place, &mut left);
        let before = demand.within.map_or(0, |stronger| {
            let stronger_wants = demands.get(stronger).map_or(0, |demand| demand.want);
            assignment.given.get(stronger).copied().unwrap_or(0).min(stronger_wants)
        });
        let number = found.as_ref().map_or_else(|| certain.number_of(demand), |found| found.number);
        certain.claim(demands, place);
        assignment.given.push(before.saturating_add(number));
        assignment.limited.push(!order.is_right || found.is_none());
        assignment.capped.push(found.is_some_and(|found| found.capped) && demand.enough < UNBOUNDED);
    }
    assignment
}

/// What a search found for a demand.
struct Found {
    number: u64,
    /// True if it was looked for only up to what the demand may need.
    capped: bool,
}

impl Found {
    /// Searches for the number of the demand at a place; `None` if its limit, or what is left of that of all, is reached.
    fn of(supplies: &[Supply], demands: &[Demand], place: usize, left: &mut usize) -> Option<Self> {
        let enough = demands.get(place)?.enough;
        [(UNBOUNDED, SURPLUS_LIMIT, false), (enough, SEARCH_LIMIT, true)].into_iter().find_map(
            |(up_to, limit, capped)| {
                let limit = limit.min(*left);
                // One step serves one demand in one way: fewer cannot be enough.
                if limit <= place {
                    return None;
                }
                let mut search = Search::new(supplies, demands, place, up_to, limit);
                let found = search.run();
                *left = left.saturating_sub(limit - search.left);
                found.map(|number| Self { number, capped })
            },
        )
    }
}
