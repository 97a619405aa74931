//! Sets of rows, shown as ranges.

use std::fmt;

/// The maximum number of ranges that are shown; further rows are only counted.
const RANGES: usize = 20;

/// Rows of a sheet, or lines of a text, in rising order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    ranges: Vec<(u64, u64)>,
    count: usize,
    last: u64,
}

impl Lines {
    /// The number of rows.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The first and last rows of the first ranges.
    pub fn ranges(&self) -> &[(u64, u64)] {
        &self.ranges
    }
}

impl Extend<u64> for Lines {
    fn extend<T: IntoIterator<Item = u64>>(&mut self, lines: T) {
        for line in lines {
            let is_known =
                line == self.last || self.ranges.iter().any(|(first, last)| (*first..=*last).contains(&line));
            if is_known {
                continue;
            }
            self.count += 1;
            if let Some((_, last)) = self.ranges.last_mut().filter(|(_, last)| *last + 1 == line) {
                *last = line;
            } else if self.ranges.len() < RANGES {
                self.ranges.push((line, line));
            }
            self.last = line;
        }
    }
}

impl FromIterator<u64> for Lines {
    fn from_iter<T: IntoIterator<Item = u64>>(lines: T) -> Self {
        let mut set = Self::default();
        set.extend(lines);
        set
    }
}

impl fmt::Display for Lines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = 0;
        for (number, (first, last)) in self.ranges.iter().enumerate() {
            if number > 0 {
                f.write_str(", ")?;
            }
            if first == last {
                write!(f, "{first}")?
            } else {
                write!(f, "{first}–{last}")?
            }
            told += usize::try_from(last - first).unwrap_or(usize::MAX).saturating_add(1);
        }
        if told < self.count { f.write_str(", …") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_in_ranges() {
        let lines: Lines = [2, 3, 3, 4, 9, 11, 12].into_iter().collect();
        assert_eq!((lines.to_string().as_str(), lines.count()), ("2–4, 9, 11–12", 6));
        let many: Lines = (1..100).map(|number| number * 2).collect();
        assert!(many.to_string().ends_with("38, 40, …"), "{many}");
    }
}
