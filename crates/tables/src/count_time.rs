//! The time of a count, as a table tells it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

/// The time of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountTime {
    /// A day.
    Day(NaiveDate),
    /// A time on the clocks of the depot's region.
    Local(NaiveDateTime),
    /// An instant.
    Instant(DateTime<Utc>),
}
