//! The choices that a seed decides, and the script of the events.

use std::fmt::Display;
use std::sync::{Arc, Mutex};

/// Choices drawn from a seed. The generator is written out here (SplitMix64), so that a seed keeps its meaning when
/// libraries change.
pub struct Choices(u64);

impl Choices {
    /// The choices of a seed.
    pub fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x6d75_7374_6572)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    /// A number from `first` to `last`.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + i64::try_from(self.below(usize::try_from(last - first + 1).unwrap())).unwrap()
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// Picks one of these.
    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Picks one of these with the probability of its weight.
    pub fn weighed<T: Clone>(&mut self, from: &[(usize, T)]) -> T {
        let mut at = self.below(from.iter().map(|(weight, _)| weight).sum());
        for (weight, thing) in from {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return thing.clone(),
            }
        }
        unreachable!("the weights were summed up wrongly")
    }
}

/// The events so far, one line each; clones share it.
#[derive(Clone, Default)]
pub struct Script(Arc<Mutex<Vec<String>>>);

impl Script {
    /// Adds a line.
    pub fn add(&self, line: impl Display) {
        self.0.lock().unwrap().push(line.to_string());
    }

    /// All lines, numbered.
    pub fn text(&self) -> String {
        let lines = self.0.lock().unwrap();
        lines.iter().enumerate().map(|(number, line)| format!("{number:4}  {line}\n")).collect()
    }
}
