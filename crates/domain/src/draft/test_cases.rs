//! Sample organizations: every case that some conditions can distinguish, to try rules before they bind anyone.

use std::collections::{BTreeMap, BTreeSet};

use crate::condition::{Comparison, Operator, RuleCondition};
use crate::organization::OrganizationKind;
use base::quantity::Quantity;

/// The maximum number of cases tried; rules with more are not checked.
const MOST_CASES: usize = 20_000;

/// The attributes that conditions refer to, each with the values they can distinguish.
#[derive(Clone, Debug, Default)]
pub struct TestCases<'a> {
    types: BTreeSet<Option<&'a str>>,
    sectors: BTreeSet<Option<&'a str>>,
    tags: BTreeSet<&'a str>,
    numbers: BTreeMap<&'a str, BTreeSet<Quantity>>,
    /// The classes of each class table, and none of them.
    classes: BTreeMap<&'a str, BTreeSet<Option<&'a str>>>,
    asks_kind: bool,
    /// The number of comparisons in the conditions.
    comparisons: usize,
}

/// One sample organization.
#[derive(Clone, Debug)]
pub struct World<'a> {
    kind: OrganizationKind,
    organization_type: Option<&'a str>,
    sector: Option<&'a str>,
    tags: BTreeMap<&'a str, bool>,
    numbers: BTreeMap<&'a str, Quantity>,
    classes: BTreeMap<&'a str, Option<&'a str>>,
}

impl<'a> TestCases<'a> {
    /// Collects the distinguishable values of some conditions. Each number compared with gets its neighbours, a whole
    /// unit away, and also a thousandth away if `fine` is set or a number is not whole.
    pub fn of(conditions: impl IntoIterator<Item = &'a RuleCondition>, fine: bool) -> Self {
        let mut worlds = Self { types: [None].into(), sectors: [None].into(), ..Self::default() };
        let mut compared = BTreeMap::<&str, BTreeSet<Quantity>>::new();
        conditions.into_iter().for_each(|condition| worlds.collect(condition, &mut compared));
        for (fact, values) in compared {
            worlds.numbers.insert(fact, around(&values, fine));
        }
        worlds
    }

    /// Adds values of a number that a rule divides into bands, each with its neighbours.
    pub fn with_values(mut self, fact: &'a str, values: impl IntoIterator<Item = Quantity>) -> Self {
        let values: BTreeSet<Quantity> = values.into_iter().collect();
        self.numbers.entry(fact).or_default().extend(around(&values, false));
        self
    }

    /// Adds a number that a rule counts, if no condition compares it.
    pub fn counting(mut self, fact: &'a str) -> Self {
        self.numbers.entry(fact).or_insert_with(|| [Quantity::whole(10)].into());
        self
    }

    fn collect(&mut self, condition: &'a RuleCondition, compared: &mut BTreeMap<&'a str, BTreeSet<Quantity>>) {
        self.comparisons += 1;
        match condition {
            RuleCondition::All(parts) | RuleCondition::Any(parts) => {
                parts.iter().for_each(|part| self.collect(part, compared));
            }
            RuleCondition::Not(part) => self.collect(part, compared),
            RuleCondition::Kind(_) => self.asks_kind = true,
            RuleCondition::Type(name) => {
                self.types.insert(Some(name));
            }
            RuleCondition::Sector(name) => {
                self.sectors.insert(Some(name));
            }
            RuleCondition::Tag(fact) => {
                self.tags.insert(fact);
            }
            RuleCondition::Class(test) => {
                self.classes.entry(&test.table).or_insert_with(|| [None].into()).insert(Some(&test.is));
            }
            RuleCondition::Compare(Comparison { fact, value, .. }) => {
                compared.entry(fact).or_default().insert(*value);
            }
        }
    }

    /// The numbers of which more than one value is tried.
    pub fn varied_numbers(&self) -> impl Iterator<Item = &'a str> {
        self.numbers.iter().filter(|(_, values)| values.len() > 1).map(|(fact, _)| *fact)
    }

    fn kinds(&self) -> &'static [OrganizationKind] {
        if self.asks_kind {
            &[OrganizationKind::RescueTeam, OrganizationKind::Enterprise, OrganizationKind::Bureau]
        } else {
            &[OrganizationKind::RescueTeam]
        }
    }

    /// The number of cases; `None` if there are too many to try.
    fn count(&self) -> Option<usize> {
        let sizes = [self.kinds().len(), self.types.len(), self.sectors.len()].into_iter();
        let sizes = sizes.chain(self.tags.iter().map(|_| 2)).chain(self.numbers.values().map(BTreeSet::len));
        let mut sizes = sizes.chain(self.classes.values().map(BTreeSet::len));
        sizes.try_fold(1_usize, |cases, size| cases.checked_mul(size).filter(|cases| *cases <= MOST_CASES))
    }

    /// The number of comparisons that it takes to try every case, with some further ones in each; none if there are too many
    /// cases to try.
    pub fn steps(&self, further: usize) -> usize {
        self.count().map_or(0, |cases| cases.saturating_mul(1 + self.comparisons + further))
    }

    /// Every case; `None` if there are too many to try.
    pub fn all(&self) -> Option<Vec<World<'a>>> {
        self.count()?;
        let mut worlds = Vec::new();
        for kind in self.kinds() {
            for organization_type in &self.types {
                for sector in &self.sectors {
                    worlds.push(World {
                        kind: *kind,
                        organization_type: *organization_type,
                        sector: *sector,
                        tags: BTreeMap::new(),
                        numbers: BTreeMap::new(),
                        classes: BTreeMap::new(),
                    });
                }
            }
        }
        for tag in &self.tags {
            worlds = each(worlds, &[false, true], |world, holds| {
                world.tags.insert(tag, holds);
            });
        }
        for (table, classes) in &self.classes {
            let classes: Vec<Option<&str>> = classes.iter().copied().collect();
            worlds = each(worlds, &classes, |world, class| {
                world.classes.insert(table, class);
            });
        }
        for (fact, values) in &self.numbers {
            let values: Vec<Quantity> = values.iter().copied().collect();
            worlds = each(worlds, &values, |world, value| {
                world.numbers.insert(fact, value);
            });
        }
        Some(worlds)
    }

    /// Every case, grouped by all but one number, which runs from its least value to its greatest.
    pub fn along(&self, fact: &str) -> Option<Vec<Vec<World<'a>>>> {
        let (name, values) = self.numbers.get_key_value(fact)?;
        let mut rest = self.clone();
        rest.numbers.remove(name);
        self.count()?;
        let rows = rest.all()?.into_iter().map(|world| {
            let with = |value: &Quantity| {
                let mut world = world.clone();
                world.numbers.insert(name, *value);
                world
            };
            values.iter().map(with).collect()
        });
        Some(rows.collect())
    }
}

/// Some values with their neighbours, a whole unit away, and also a thousandth away if `fine` is set or one is not whole.
fn around(values: &BTreeSet<Quantity>, fine: bool) -> BTreeSet<Quantity> {
    let thousandths = fine || !values.iter().all(|value| value.is_whole());
    let steps: &[i64] = if thousandths { &[0, 1, -1, 1_000, -1_000] } else { &[0, 1_000, -1_000] };
    let near = values
        .iter()
        .flat_map(|value| steps.iter().filter_map(|step| Quantity::from_thousandths(value.thousandths() + step).ok()));
    near.filter(|value| *value >= Quantity::ZERO).chain([Quantity::ZERO]).collect()
}

fn each<'a, T: Copy>(worlds: Vec<World<'a>>, values: &[T], mut set: impl FnMut(&mut World<'a>, T)) -> Vec<World<'a>> {
    let mut more = Vec::with_capacity(worlds.len() * values.len());
    for world in worlds {
        for value in values {
            let mut world = world.clone();
            set(&mut world, *value);
            more.push(world);
        }
    }
    more
}

impl World<'_> {
    /// True if a condition holds for it; all its facts are known.
    pub fn meets(&self, condition: &RuleCondition) -> bool {
        match condition {
            RuleCondition::All(parts) => parts.iter().all(|part| self.meets(part)),
            RuleCondition::Any(parts) => parts.iter().any(|part| self.meets(part)),
            RuleCondition::Not(part) => !self.meets(part),
            RuleCondition::Kind(kind) => self.kind == *kind,
            RuleCondition::Type(name) => self.organization_type == Some(name),
            RuleCondition::Sector(name) => self.sector == Some(name),
            RuleCondition::Tag(fact) => self.tags.get(fact.as_str()) == Some(&true),
            RuleCondition::Class(test) => self.classes.get(test.table.as_str()) == Some(&Some(test.is.as_str())),
            RuleCondition::Compare(Comparison { fact, op, value }) => self.number(fact).is_some_and(|found| match op {
                Operator::Less => found < *value,
                Operator::AtMost => found <= *value,
                Operator::Equal => found == *value,
                Operator::AtLeast => found >= *value,
                Operator::More => found > *value,
            }),
        }
    }

    /// False for an organization that has the type of a team and is none.
    pub fn is_plausible(&self) -> bool {
        self.organization_type.is_none() || self.kind == OrganizationKind::RescueTeam
    }

    /// One of its numbers.
    pub fn number(&self, fact: &str) -> Option<Quantity> {
        self.numbers.get(fact).copied()
    }
}
