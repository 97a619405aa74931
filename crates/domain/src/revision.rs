//! Revisions, the order of all committed changes, and histories of dated rows.

use base::id::ChangeSetId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::ValidateRange;

/// The number of a committed change set. A reader's view at revision *k* never changes.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[serde(transparent)]
#[schema(value_type = i64, minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 12)]
#[diesel(sql_type = diesel::sql_types::BigInt)]
pub struct Revision(pub i64);

base::number_column!(Revision, |number| Ok::<_, std::convert::Infallible>(Revision(number)), 0);

impl ValidateRange<i64> for Revision {
    fn greater_than(&self, max: i64) -> Option<bool> {
        Some(self.0 > max)
    }

    fn less_than(&self, min: i64) -> Option<bool> {
        Some(self.0 < min)
    }
}

impl Revision {
    /// A revision later than any other: everything committed.
    pub const LATEST: Self = Self(i64::MAX);
}

/// The revision and time at which something was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Learnt {
    /// The position in the order of commits.
    pub revision: Revision,
    /// The time of the commit; never earlier than that of the one before.
    pub at: DateTime<Utc>,
}

/// The record of a change: its change set, which distinguishes it from one with the same number after a restore, and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The time of its revision.
    pub at: DateTime<Utc>,
}

/// A slip at the first entry of a thing that was mended: from then on the right value holds, for all days.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend<T> {
    /// The time of the mend.
    pub learnt: Learnt,
    /// The value until then.
    pub before: T,
}

impl<T> Mend<T> {
    /// The value before the mends that are not known yet, which stand in the order of commits; `now` is the present one.
    pub fn known<'a>(mends: &'a [Self], now: &'a T, is_known: impl Fn(&Learnt) -> bool) -> &'a T {
        mends.iter().find(|mend| !is_known(&mend.learnt)).map_or(now, |mend| &mend.before)
    }
}

/// One row of a history: a value that holds from a day, and when it was committed.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated<T> {
    /// The first day on which the value holds.
    pub valid_from: NaiveDate,
    /// The time of the row's commit.
    pub learnt: Learnt,
    /// The value that holds from that day.
    pub value: T,
}

/// The row of a history that holds on a day: the latest `valid_from` not after it; of several with that day, the one with
/// the highest revision.
///
/// Rows of one history and one change set never share a `valid_from` (the schema forbids it).
pub fn in_force<T>(history: &[Dated<T>], day: NaiveDate) -> Option<&Dated<T>> {
    history.iter().filter(|row| row.valid_from <= day).max_by_key(|row| (row.valid_from, row.learnt.revision))
}

/// The row that holds on a day; before the first day, the first row, because a name is better than none.
pub fn in_force_or_first<T>(history: &[Dated<T>], day: NaiveDate) -> Option<&Dated<T>> {
    in_force(history, day).or_else(|| history.iter().min_by_key(|row| (row.valid_from, row.learnt.revision)))
}

/// The revision of a history's last change.
pub fn last_change<T>(history: &[Dated<T>]) -> Revision {
    history.iter().map(|row| row.learnt.revision).max().unwrap_or_default()
}
