//! Which requirement lines could use the same units.

use std::collections::{BTreeMap, BTreeSet};

use super::shared::Layer;
use crate::requirement::{LineSelector, RequirementLine};
use crate::rule::Kind;

/// The lines of an organization, divided into groups that share units, directly or through others.
pub struct LineGroups<'a> {
    /// The lines that ask for each item.
    users: BTreeMap<&'a str, Vec<usize>>,
    /// For each line, the first line of its group.
    firsts: Vec<usize>,
    /// The lines of each group, by its first.
    members: BTreeMap<usize, Vec<usize>>,
    layers: Vec<Option<Layer>>,
}

impl<'a> LineGroups<'a> {
    /// Divides lines.
    pub fn of(lines: &[RequirementLine<'a>]) -> Self {
        let layers = layers_of(lines);
        let mut users: BTreeMap<&'a str, Vec<usize>> = BTreeMap::new();
        for (place, line) in lines.iter().enumerate() {
            line.selector.items().into_iter().for_each(|item| users.entry(item).or_default().push(place));
        }
        let mut firsts: Vec<usize> = (0..lines.len()).collect();
        for places in users.values() {
            for together in together(places, &layers) {
                unite(&mut firsts, &together);
            }
        }
        let firsts: Vec<usize> = (0..lines.len()).map(|place| first_of(&firsts, place)).collect();
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, first) in firsts.iter().enumerate() {
            members.entry(*first).or_default().push(place);
        }
        Self { users, firsts, members, layers }
    }

    /// The lines that ask for an item.
    pub fn users_of(&self, item: &str) -> &[usize] {
        self.users.get(item).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first line of a line's group, which names the group.
    pub fn first_of(&self, place: usize) -> usize {
        self.firsts.get(place).copied().unwrap_or(place)
    }

    /// The lines of the group that a line names, in order.
    pub fn members(&self, first: usize) -> &[usize] {
        self.members.get(&first).map(Vec::as_slice).unwrap_or_default()
    }

    /// The layer of a line whose units others may use as well.
    pub fn layer_of(&self, place: usize) -> Option<&Layer> {
        self.layers.get(place)?.as_ref()
    }
}

/// The lines that ask for one item, divided into those that cannot use the same units of it: lines of different layers of one
/// group may, unless another line is beside them.
fn together(places: &[usize], layers: &[Option<Layer>]) -> Vec<Vec<usize>> {
    let layer = |place: &usize| layers.get(*place).and_then(Option::as_ref);
    let mut by_layer: BTreeMap<Option<&Layer>, Vec<usize>> = BTreeMap::new();
    for place in places {
        by_layer.entry(layer(place)).or_default().push(*place);
    }
    let groups: BTreeSet<Option<&str>> = by_layer.keys().map(|layer| layer.map(|layer| layer.group.as_str())).collect();
    let is_one_group = groups.len() == 1 && !groups.contains(&None);
    if is_one_group { by_layer.into_values().collect() } else { vec![places.to_vec()] }
}

/// Makes lines one group.
fn unite(firsts: &mut [usize], places: &[usize]) {
    let Some(least) = places.iter().map(|place| first_of(firsts, *place)).min() else { return };
    for place in places {
        // The line itself as well, so that the way from it stays short.
        for one in [first_of(firsts, *place), *place] {
            if let Some(first) = firsts.get_mut(one) {
                *first = least;
            }
        }
    }
}

/// The first line of a group, which is its own first.
fn first_of(firsts: &[usize], place: usize) -> usize {
    let mut at = place;
    while let Some(next) = firsts.get(at).filter(|next| **next != at) {
        at = *next;
    }
    at
}

/// The layer of each line whose units others may use as well: of a scope that shares them, or of a capability whose kinds are
/// checked on the same units.
fn layers_of(lines: &[RequirementLine<'_>]) -> Vec<Option<Layer>> {
    let mut scopes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut wholes: BTreeMap<&[Kind], &RequirementLine<'_>> = BTreeMap::new();
    for line in lines {
        for scope in &line.scopes {
            scopes.entry(scope.group).or_default().extend([scope.group, scope.scope]);
        }
        match line.selector {
            LineSelector::Capability(capability) if !capability.kinds.is_empty() => {
                wholes.entry(&capability.kinds).or_insert(line);
            }
            _ => {}
        }
    }
    let of_kinds = |kinds: &[Kind], layer: &str| {
        let whole = wholes.get(kinds)?;
        Some(Layer { group: whole.id.to_string(), layer: layer.to_owned() })
    };
    let of_scope = |line: &RequirementLine<'_>| {
        let [only] = line.scopes.as_slice() else { return None };
        let is_shared = scopes.get(only.group).is_some_and(|scopes| scopes.len() > 1);
        is_shared.then(|| Layer { group: only.group.to_owned(), layer: only.scope.to_owned() })
    };
    let of_line = |line: &RequirementLine<'_>| {
        let own = match line.selector {
            LineSelector::Capability(capability) => of_kinds(&capability.kinds, "units"),
            LineSelector::EachOf(kinds) => of_kinds(kinds, "kinds"),
            _ => None,
        };
        own.or_else(|| of_scope(line))
    };
    lines.iter().map(of_line).collect()
}
