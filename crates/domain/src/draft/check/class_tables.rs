//! The class tables that a standard and those beside it have, by name.

use std::collections::{BTreeMap, BTreeSet};

use super::super::StandardText;
use super::surroundings::Surroundings;
use crate::condition::ClassTable;
use crate::rule::{Rule, RuleQuantity, RuleRole};

/// The class tables of a standard and of all others, by name.
pub(super) struct Tables<'a> {
    /// Those of the standard, each with the position of its rule.
    pub(super) own: BTreeMap<&'a str, Vec<(usize, &'a ClassTable)>>,
    /// Those of other standards.
    pub(super) others: BTreeMap<&'a str, Vec<&'a ClassTable>>,
}

impl<'a> Tables<'a> {
    pub(super) fn of(text: &'a StandardText, around: &Surroundings<'a>) -> Self {
        let (mut own, mut others) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for (number, table) in
            text.rules.iter().enumerate().filter_map(|(number, rule)| Some((number, table_of(rule)?)))
        {
            own.entry(table.name.as_str()).or_default().push((number, table));
        }
        for table in around.rules_elsewhere(text).filter_map(|(_, rule)| table_of(rule)) {
            others.entry(table.name.as_str()).or_default().push(table);
        }
        Self { own, others }
    }

    /// The classes that the tables of a name give; `None` if there is no such table.
    pub(super) fn classes(&self, name: &str) -> Option<BTreeSet<&str>> {
        let own = self.own.get(name).into_iter().flatten().map(|(_, table)| *table);
        let others = self.others.get(name).into_iter().flatten().copied();
        let tables: Vec<&ClassTable> = own.chain(others).collect();
        let classes = tables.iter().flat_map(|table| &table.rows).map(|row| row.class.as_str()).collect();
        (!tables.is_empty()).then_some(classes)
    }
}

pub(super) fn table_of(rule: &Rule) -> Option<&ClassTable> {
    match (&rule.role, &rule.quantity) {
        (RuleRole::ClassTable, RuleQuantity::Classes(table)) => Some(table),
        _ => None,
    }
}
