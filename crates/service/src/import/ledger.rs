//! What is said of each thing from which day on, as stored and as planned.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use domain::revision::{Dated, in_force};

/// What is said of one thing, by day.
type Days<V> = BTreeMap<NaiveDate, V>;

/// What is said of things, by their codes.
#[derive(Clone, Debug)]
pub(super) struct Ledger<V>(BTreeMap<String, Days<V>>);

impl<V> Default for Ledger<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// What a row brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A new thing.
    Added,
    /// Something else than was said before.
    Changed,
    /// What was said already.
    Unchanged,
}

impl<V: Clone + PartialEq> Ledger<V> {
    /// Takes over a stored history: of each day what was learnt last.
    pub(super) fn store<T: Clone>(&mut self, key: impl Into<String>, history: &[Dated<T>], value: impl Fn(&T) -> V) {
        self.0.insert(key.into(), effective(history).into_iter().map(|(day, one)| (day, value(&one))).collect());
    }

    /// True for a thing that is stored or planned.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// What is said of a thing on a day.
    pub(super) fn on(&self, key: &str, day: NaiveDate) -> Option<&V> {
        self.0.get(key)?.range(..=day).next_back().map(|(_, value)| value)
    }

    /// What is said of a thing on a day, or else at first, or else last: for what hardly changes.
    pub(super) fn about(&self, key: &str, day: NaiveDate) -> Option<&V> {
        self.on(key, day).or_else(|| self.0.get(key)?.values().next())
    }

    /// Every thing with what is said of it last.
    pub(super) fn last(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().filter_map(|(key, days)| Some((key.as_str(), days.values().next_back()?)))
    }

    /// True where that is said of a thing on a day: whoever may not change it may repeat it.
    pub(super) fn says(&self, key: &str, day: NaiveDate, value: &V) -> bool {
        self.on(key, day) == Some(value)
    }

    /// Plans what is said from a day, and tells whether that is anything new.
    pub(super) fn say(&mut self, key: &str, day: NaiveDate, value: &V) -> Fate {
        if self.says(key, day, value) {
            return Fate::Unchanged;
        }
        let fate = if self.has(key) { Fate::Changed } else { Fate::Added };
        self.0.entry(key.to_owned()).or_default().insert(day, value.clone());
        fate
    }
}

/// What a history says by day, of each day what was learnt last.
fn effective<T: Clone>(history: &[Dated<T>]) -> Days<T> {
    history.iter().filter_map(|row| Some((row.valid_from, in_force(history, row.valid_from)?.value.clone()))).collect()
}

/// The same without the days that say what was said already, nor those before anything is said.
pub(crate) fn turns<T: Clone + PartialEq>(history: &[Dated<T>], nothing: Option<&T>) -> Vec<(NaiveDate, T)> {
    let mut turns = Vec::<(NaiveDate, T)>::new();
    for (day, value) in effective(history) {
        let before = turns.last().map(|(_, value)| value).or(nothing);
        if before != Some(&value) {
            turns.push((day, value));
        }
    }
    turns
}
