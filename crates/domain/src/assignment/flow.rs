//! Assignment where every unit counts the same for a line: the most that flows from supplies to demands.
//!
//! A demand that is served later never takes from an earlier one: an augmenting path keeps what flows out of the source.

use std::collections::VecDeque;

use super::{Assignment, Demand, Supply, UNBOUNDED, uses_for, uses_within, value_of};

/// A network of arcs with capacities; each arc is followed by its reverse.
#[derive(Clone, Debug, Default)]
struct Network {
    arcs: Vec<Arc>,
    /// The arcs out of each node.
    out: Vec<Vec<usize>>,
}

#[derive(Clone, Copy, Debug)]
struct Arc {
    to: usize,
    left: u64,
}

const SOURCE: usize = 0;
const SINK: usize = 1;

impl Network {
    fn new() -> Self {
        Self { arcs: Vec::new(), out: vec![Vec::new(), Vec::new()] }
    }

    fn node(&mut self) -> usize {
        self.out.push(Vec::new());
        self.out.len() - 1
    }

    /// Adds an arc and returns its place.
    fn arc(&mut self, from: usize, to: usize, capacity: u64) -> usize {
        let place = self.arcs.len();
        self.arcs.extend([Arc { to, left: capacity }, Arc { to: from, left: 0 }]);
        for (node, arc) in [(from, place), (to, place + 1)] {
            if let Some(out) = self.out.get_mut(node) {
                out.push(arc);
            }
        }
        place
    }

    fn widen(&mut self, arc: usize, by: u64) {
        if let Some(arc) = self.arcs.get_mut(arc) {
            arc.left = arc.left.saturating_add(by);
        }
    }

    fn left(&self, arc: usize) -> u64 {
        self.arcs.get(arc).map_or(0, |arc| arc.left)
    }

    /// Lets flow what can, by shortest paths, and returns how much.
    fn augment(&mut self) -> u64 {
        let mut total = 0_u64;
        while let Some(path) = self.path() {
            let least = path.iter().map(|arc| self.left(*arc)).min().unwrap_or(0);
            for arc in path {
                // The reverse of an arc is its neighbour.
                self.widen(arc ^ 1, least);
                if let Some(arc) = self.arcs.get_mut(arc) {
                    arc.left -= least;
                }
            }
            total = total.saturating_add(least);
        }
        total
    }

    fn path(&self) -> Option<Vec<usize>> {
        let mut came: Vec<Option<usize>> = vec![None; self.out.len()];
        let mut waiting = VecDeque::from([SOURCE]);
        while let Some(node) = waiting.pop_front() {
            for arc in self.out.get(node)? {
                let found = self.arcs.get(*arc)?;
                let seen = found.to == SOURCE || came.get(found.to)?.is_some();
                if found.left == 0 || seen {
                    continue;
                }
                *came.get_mut(found.to)? = Some(*arc);
                if found.to == SINK {
                    return self.back(&came);
                }
                waiting.push_back(found.to);
            }
        }
        None
    }

    fn back(&self, came: &[Option<usize>]) -> Option<Vec<usize>> {
        let (mut path, mut node) = (Vec::new(), SINK);
        while node != SOURCE {
            let arc = came.get(node).copied().flatten()?;
            path.push(arc);
            node = self.arcs.get(arc ^ 1)?.to;
        }
        Some(path)
    }
}

/// Serves the demands in their order.
pub(super) fn assign(supplies: &[Supply], demands: &[Demand]) -> Assignment {
    let mut network = Network::new();
    let nodes: Vec<usize> = supplies
        .iter()
        .map(|supply| {
            let node = network.node();
            network.arc(node, SINK, supply.quantity);
            node
        })
        .collect();
    // The arc from the source opens when it is the demand's turn.
    let taps: Vec<usize> = demands.iter().map(|demand| connect(&mut network, &nodes, demand)).collect();
    let mut assignment =
        Assignment { given: Vec::new(), limited: vec![false; demands.len()], capped: vec![false; demands.len()] };
    let mut taken: Vec<u64> = Vec::new();
    for (demand, tap) in demands.iter().zip(taps) {
        let (factor, grain) = demand.measure();
        let before = demand.within.and_then(|stronger| taken.get(stronger)).copied().unwrap_or(0);
        let mut trial = network.clone();
        trial.widen(tap, UNBOUNDED);
        let could = before.saturating_add(trial.augment());
        assignment.given.push(value_of(could, factor));
        let wanted = uses_for(demand.want, factor, grain).saturating_sub(before);
        network.widen(tap, wanted);
        taken.push(before.saturating_add(network.augment()));
        close(&mut network, tap);
    }
    assignment
}

/// Closes what is left of a demand's tap, so that later turns do not serve it.
fn close(network: &mut Network, tap: usize) {
    if let Some(arc) = network.arcs.get_mut(tap) {
        arc.left = 0;
    }
}

impl Demand {
    /// The factor and the grain that all its ways share.
    fn measure(&self) -> (u64, u64) {
        let way = self.slots.iter().flat_map(|slot| &slot.ways).next();
        way.map_or((1_000, 1_000), |way| (way.factor, way.grain))
    }
}

fn connect(network: &mut Network, supplies: &[usize], demand: &Demand) -> usize {
    let (factor, grain) = demand.measure();
    let node = network.node();
    let tap = network.arc(SOURCE, node, 0);
    let agreed = network.node();
    network.arc(node, agreed, uses_within(demand.agreement, factor, grain));
    for slot in &demand.slots {
        let own = network.node();
        network.arc(node, own, uses_for(slot.most, factor, grain));
        for source in slot.ways.iter().flat_map(|way| &way.parts).flat_map(|part| &part.from) {
            let from = if source.agreement { agreed } else { own };
            if let Some(supply) = supplies.get(source.supply) {
                network.arc(from, *supply, source.most);
            }
        }
    }
    tap
}
