//! Many counts of an organization at even distances, for measuring: the older ones bear on nothing any more.

use super::diary::{Diary, Draft};
use super::shelves::{Round, shelves};
use base::quantity::Quantity;
use domain::count::CountScope;

/// The days between two counts of an organization that has few.
const QUARTER: u32 = 91;

/// The days over which many counts are spread.
const TEN_YEARS: u32 = 3_650;

/// Adds the counts with some numbers, from 1 for the newest, of an organization that has `all`. Each is a full count of one
/// depot, in turn. So many of them are made on the same day.
pub(super) fn write(
    diary: &mut Diary<'_>,
    numbers: impl DoubleEndedIterator<Item = u32> + Clone,
    all: u32,
    of_day: u32,
) {
    let depots = diary.depots();
    let days_ago = |number: u32| days_ago((number.max(1) - 1) / of_day.max(1) + 1, all / of_day.max(1));
    let Some(newest) = numbers.clone().next() else { return };
    let shelves = shelves(diary.scene, Round::Last, diary.day(days_ago(newest)));
    for number in numbers.rev() {
        let turn = usize::try_from(number).unwrap_or_default() % depots.len().max(1);
        let (Some(depot), Some(shelf)) = (depots.get(turn), shelves.get(turn)) else { continue };
        let mut lines = shelf.clone();
        if let Some(quantity) = lines.first_mut().and_then(|line| line.quantity.as_mut()) {
            let more = Quantity::whole(i16::try_from(number % 7).unwrap_or_default());
            *quantity = quantity.plus(more).unwrap_or(*quantity);
        }
        // Counts of one day follow each other by minutes.
        let at = diary.at(days_ago(number), 8 + number % 10, number / 10 % 60);
        diary.write(Draft { phone: None, ..Draft::new(depot, at, CountScope::Full, lines) });
    }
}

/// The days since the count with a number.
fn days_ago(number: u32, all: u32) -> u32 {
    let first = TEN_YEARS.min(QUARTER.saturating_mul(all));
    let days = u64::from(first) * u64::from(number.saturating_sub(1)) / u64::from(all.max(1));
    u32::try_from(days).unwrap_or(first).saturating_add(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_counts_are_a_quarter_apart_and_many_fill_ten_years() {
        assert_eq!([1, 2, 10].map(|number| days_ago(number, 10)), [2, 93, 821]);
        assert_eq!([1, 5_000, 10_000].map(|number| days_ago(number, 10_000)), [2, 1_826, 3_651]);
    }
}
