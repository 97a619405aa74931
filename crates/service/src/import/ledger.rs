//! The statements of a history by day: the rows of an export.

use chrono::NaiveDate;

use domain::revision::{Dated, Revision, in_force};

/// Returns the statement of each day, that which was learnt last, with its revision. Days before which nothing is said but
/// `nothing` are left out; what repeats is not: it holds whatever becomes of the days before it.
pub(crate) fn statements<T: Clone + PartialEq>(
    history: &[Dated<T>],
    nothing: Option<&T>,
) -> Vec<(NaiveDate, Revision, T)> {
    let mut days: Vec<NaiveDate> = history.iter().map(|row| row.valid_from).collect();
    days.sort_unstable();
    days.dedup();
    let said = days.into_iter().filter_map(|day| {
        let row = in_force(history, day)?;
        Some((day, row.learnt.revision, row.value.clone()))
    });
    said.skip_while(|(.., value)| nothing == Some(value)).collect()
}
