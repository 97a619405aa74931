//! The statements of a history by day: the rows of an export.

use chrono::NaiveDate;

use domain::revision::{Dated, Revision, in_force};

/// Returns the latest statement of each day, with its revision. Statements of `nothing` before any other are left out.
/// Repeats stay: each holds whatever becomes of the days before it.
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
