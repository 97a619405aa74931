//! Whether the order in which units of one item are drawn from several supplies is right.

use std::collections::BTreeSet;

use super::Demand;

/// The order in which units of one item are drawn from several supplies.
pub(super) struct Order {
    /// The slots that can use each supply, in order.
    users: Vec<Vec<usize>>,
    /// The number of parts that can use each supply.
    parts: Vec<usize>,
    /// The supplies that one part can use.
    beside: BTreeSet<(usize, usize)>,
    /// Own supplies of parts that stock under an agreement may serve too.
    own: BTreeSet<usize>,
    slots: usize,
    /// True if, of the supplies of one item, the one that fewer slots can use is used by no slot that cannot use the other:
    /// then it is right to draw from it first. Own units are drawn before those under an agreement, which is right only if
    /// nothing else can use them.
    pub(super) is_right: bool,
}

impl Order {
    pub(super) fn new(supplies: usize) -> Self {
        let (users, parts) = (vec![Vec::new(); supplies], vec![0; supplies]);
        Self { users, parts, beside: BTreeSet::new(), own: BTreeSet::new(), slots: 0, is_right: true }
    }

    pub(super) fn add(&mut self, demand: &Demand) {
        for slot in &demand.slots {
            for part in slot.ways.iter().flat_map(|way| &way.parts) {
                let has_agreed = part.from.iter().any(|source| source.agreement);
                for source in &part.from {
                    let others = part.from.iter().filter(|other| other.supply > source.supply);
                    self.beside.extend(others.map(|other| (source.supply, other.supply)));
                    self.own.extend((has_agreed && !source.agreement).then_some(source.supply));
                    if let Some(users) = self.users.get_mut(source.supply)
                        && users.last() != Some(&self.slots)
                    {
                        users.push(self.slots);
                    }
                }
                let mut used: Vec<usize> = part.from.iter().map(|source| source.supply).collect();
                used.sort_unstable();
                used.dedup();
                for supply in used {
                    if let Some(parts) = self.parts.get_mut(supply) {
                        *parts += 1;
                    }
                }
            }
            self.slots += 1;
        }
        let of = |supply: usize| self.users.get(supply).map(Vec::as_slice).unwrap_or_default();
        let holds = |all: &[usize], some: &[usize]| some.iter().all(|slot| all.binary_search(slot).is_ok());
        let is_ordered = |(one, other): &(usize, usize)| {
            let (one, other) = (of(*one), of(*other));
            if one.len() < other.len() { holds(other, one) } else { holds(one, other) }
        };
        self.is_right = self.is_right
            && self.own.iter().all(|supply| self.parts.get(*supply).is_none_or(|parts| *parts <= 1))
            && self.beside.iter().all(is_ordered);
    }
}
