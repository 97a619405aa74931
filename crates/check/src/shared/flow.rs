//! Lines for which every unit counts the same: the most that flows from the supplies, turn by turn.

use std::collections::{BTreeMap, VecDeque};

use super::turn::{Side, Turn, UNBOUNDED, uses_for, uses_within, value_of};
use crate::value::Pair;

/// True if every unit counts the same for a line, and no two lines may use the same units.
pub fn is_flow(turns: &[Turn]) -> bool {
    let alike = |turn: &Turn| {
        let mut measures = turn.ways().map(|way| (way.factor, way.grain));
        let first = measures.next();
        let single = turn.ways().all(|way| matches!(way.parts.as_slice(), [part] if part.quantity == 1_000));
        measures.all(|measure| Some(measure) == first) && single
    };
    let layers: Vec<&(String, String)> = turns.iter().filter_map(|turn| turn.layer.as_ref()).collect();
    let apart = layers.iter().any(|one| layers.iter().any(|other| one.0 == other.0 && one.1 != other.1));
    turns.iter().all(alike) && !apart
}

/// A place through which units flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    Source,
    Sink,
    Supply(usize),
    Turn(usize),
    Agreed(usize),
    Slot(usize, usize),
    /// The place of a source among all.
    Way(usize),
}

#[derive(Clone, Default)]
struct Network {
    left: BTreeMap<Node, BTreeMap<Node, i128>>,
}

impl Network {
    fn widen(&mut self, one: Node, other: Node, by: i128) {
        *self.left.entry(one).or_default().entry(other).or_default() += by;
        self.left.entry(other).or_default().entry(one).or_default();
    }

    fn close(&mut self, one: Node, other: Node) {
        self.left.entry(one).or_default().insert(other, 0);
    }

    /// Lets flow what can, and gives how much.
    fn push(&mut self) -> i128 {
        let mut flowed = 0;
        while let Some(path) = self.path() {
            let left = |(one, other): &(Node, Node)| self.left.get(one).and_then(|out| out.get(other)).copied();
            let least = path.iter().filter_map(left).min().unwrap_or(0);
            for (one, other) in path {
                self.widen(one, other, -least);
                self.widen(other, one, least);
            }
            flowed += least;
        }
        flowed
    }

    fn path(&self) -> Option<Vec<(Node, Node)>> {
        let (mut came, mut waiting) = (BTreeMap::from([(Node::Source, Node::Source)]), VecDeque::from([Node::Source]));
        while let Some(node) = waiting.pop_front() {
            for (other, left) in self.left.get(&node).into_iter().flatten() {
                if *left > 0 && !came.contains_key(other) {
                    came.insert(*other, node);
                    waiting.push_back(*other);
                }
            }
        }
        let (mut path, mut node) = (Vec::new(), Node::Sink);
        while node != Node::Source {
            let before = *came.get(&node)?;
            path.push((before, node));
            node = before;
        }
        Some(path)
    }
}

/// What each turn can have.
pub fn assigned(supplies: &[Pair], turns: &[Turn], side: Side) -> Vec<i128> {
    let mut network = Network::default();
    for (place, supply) in supplies.iter().enumerate() {
        network.widen(Node::Supply(place), Node::Sink, side.of(*supply));
    }
    let measure = |turn: &Turn| turn.ways().next().map_or((1_000, 1_000), |way| (way.factor, way.grain));
    let mut ways = 0;
    for (place, turn) in turns.iter().enumerate() {
        let (factor, grain) = measure(turn);
        network.widen(Node::Turn(place), Node::Agreed(place), uses_within(side.of(turn.agreement), factor, grain));
        for (number, slot) in turn.slots.iter().enumerate() {
            let most = uses_for(turn.slot_most(side, slot), factor, grain);
            network.widen(Node::Turn(place), Node::Slot(place, number), most);
            for source in slot.ways.iter().flat_map(super::turn::Way::sources) {
                let from = if source.agreement { Node::Agreed(place) } else { Node::Slot(place, number) };
                network.widen(from, Node::Way(ways), side.of(source.usable));
                network.widen(Node::Way(ways), Node::Supply(source.supply), side.of(source.usable));
                ways += 1;
            }
        }
    }
    let (mut given, mut taken) = (Vec::new(), Vec::<i128>::new());
    for (place, turn) in turns.iter().enumerate() {
        let (factor, grain) = measure(turn);
        let before = turn.within.and_then(|stronger| taken.get(stronger)).copied().unwrap_or(0);
        let mut trial = network.clone();
        trial.widen(Node::Source, Node::Turn(place), UNBOUNDED);
        given.push(value_of(before + trial.push(), factor));
        let wanted = (uses_for(turn.want(side), factor, grain) - before).max(0);
        network.widen(Node::Source, Node::Turn(place), wanted);
        taken.push(before + network.push());
        network.close(Node::Source, Node::Turn(place));
    }
    given
}
