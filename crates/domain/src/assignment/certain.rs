//! What a demand can have in any case: for those that a search did not reach.

use std::collections::BTreeMap;

use super::search::{Search, turns_of};
use super::{Demand, Supply, UNBOUNDED};

/// What is left of the supplies if every demand before takes the most that it could use, in whichever way it is served.
pub(super) struct Certain {
    free: Vec<u64>,
}

impl Certain {
    pub(super) fn new(supplies: &[Supply]) -> Self {
        Self { free: supplies.iter().map(|supply| supply.quantity).collect() }
    }

    /// What a demand can have of it, served in the first way that comes.
    pub(super) fn number_of(&self, demand: &Demand) -> u64 {
        let supplies: Vec<Supply> = self.free.iter().map(|free| Supply { quantity: *free }).collect();
        let alone = [Demand { within: None, ..demand.clone() }];
        Search::new(&supplies, &alone, 0, UNBOUNDED, 0).greedy()
    }

    /// Sets aside what a demand could use while others wait.
    pub(super) fn claim(&mut self, demands: &[Demand], place: usize) {
        for turn in demands.get(place).into_iter().flat_map(|demand| turns_of(demands, demand, None)) {
            let mut claimed: BTreeMap<usize, u64> = BTreeMap::new();
            for source in turn.sources() {
                claimed.entry(source.supply).or_insert_with(|| turn.wanted_of(source.supply).min(source.most));
            }
            for (supply, wanted) in claimed {
                if let Some(free) = self.free.get_mut(supply) {
                    *free = free.saturating_sub(wanted);
                }
            }
        }
    }
}
