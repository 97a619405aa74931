//! Reading of histories: rows that hold from a day, each with its revision.
//!
//! Lists are sorted by code here, not by the database: PostgreSQL sorts by its collation, while pages continue after
//! the last code by byte order, so that some would be skipped.

use std::collections::BTreeMap;

use super::sql_types::{Day, Instant};
use domain::revision::{Dated, Learnt, Mend, Revision};

/// A row of a history with the reason that was given for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded<T> {
    /// The row.
    pub row: Dated<T>,
    /// The reason of a correction, or of an end, where one was given.
    pub reason: Option<String>,
}

/// The columns of every version row: the first day, the revision, and its time.
pub(super) type Stamp = (Day, Revision, Instant);

/// The columns that say when a row was learnt: the revision and its time.
pub(super) type LearntColumns = (Revision, Instant);

/// The present value of a first entry, and its mends, given the values that took its place in the order of commits.
pub(super) fn mended<T>(first: T, later: Vec<(LearntColumns, T)>) -> (T, Vec<Mend<T>>) {
    let mut mends = Vec::new();
    let mut now = first;
    for ((revision, Instant(at)), value) in later {
        let before = std::mem::replace(&mut now, value);
        mends.push(Mend { learnt: Learnt { revision, at }, before });
    }
    (now, mends)
}

/// A value with its stamp.
pub(super) fn dated<T>((Day(valid_from), revision, Instant(at)): Stamp, value: T) -> Dated<T> {
    Dated { valid_from, learnt: Learnt { revision, at }, value }
}

/// Groups rows by owner.
pub(super) fn by_owner<K: Ord, T>(rows: impl IntoIterator<Item = (K, T)>) -> BTreeMap<K, Vec<T>> {
    let mut grouped = BTreeMap::<K, Vec<T>>::new();
    for (owner, row) in rows {
        grouped.entry(owner).or_default().push(row);
    }
    grouped
}

/// The inner join that adds the revision to the rows of a version table and leaves out rows of later revisions.
macro_rules! as_learnt_by {
    ($table:ident, $revision:expr) => {
        $crate::schema::$table::table
            .inner_join(
                $crate::schema::revisions::table
                    .on($crate::schema::revisions::change_set.eq($crate::schema::$table::change_set)),
            )
            .filter($crate::schema::revisions::revision.le($revision))
    };
}
pub(super) use as_learnt_by;

/// The three columns of a [`Stamp`].
macro_rules! stamp {
    ($table:ident) => {
        ($crate::schema::$table::valid_from, $crate::schema::revisions::revision, $crate::schema::revisions::at)
    };
}
pub(super) use stamp;

/// The change sets recorded after a revision, as a part of a query that has the revisions of its rows as well.
macro_rules! recorded_after {
    ($revision:expr) => {{
        let later = diesel::alias!($crate::schema::revisions as later);
        later
            .filter(later.field($crate::schema::revisions::revision).gt($revision))
            .select(later.field($crate::schema::revisions::change_set))
    }};
}
pub(super) use recorded_after;
