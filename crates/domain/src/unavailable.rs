//! Answers that a code or a user name is not available. Each shows that something uses it, so they are limited in time.

use chrono::{DateTime, TimeDelta, Utc};

/// The maximum number of such answers for an account in one window.
pub const MOST: i64 = 20;

/// The time in which they are counted.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// The answers that an account got in the present window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The number.
    pub count: i64,
    /// The start of the window: the time of the first answer.
    pub since: DateTime<Utc>,
}

impl Answered {
    /// No answers yet.
    pub fn none(now: DateTime<Utc>) -> Self {
        Self { count: 0, since: now }
    }

    /// The answers that count at an instant: none once the window has passed.
    pub fn at(self, now: DateTime<Utc>) -> Self {
        if now - self.since >= WINDOW { Self::none(now) } else { self }
    }

    /// The number of answers that are left.
    pub fn left(self) -> i64 {
        (MOST - self.count).max(0)
    }

    /// The seconds to wait, rounded up, if none is left.
    pub fn wait(self, now: DateTime<Utc>) -> Option<u32> {
        let left = (self.since + WINDOW - now).num_milliseconds().max(0).saturating_add(999) / 1000;
        (self.left() == 0).then(|| u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// Returns the record after more answers.
    pub fn and(self, more: i64) -> Self {
        Self { count: self.count.saturating_add(more), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_the_most_answers_the_window_is_waited_for() {
        let start = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let minutes = |count| start + TimeDelta::minutes(count);
        let some = Answered::none(start).and(MOST - 1);
        assert_eq!((some.left(), some.wait(minutes(1))), (1, None));
        let all = some.at(minutes(5)).and(1);
        assert_eq!((all.left(), all.wait(minutes(5))), (0, Some(600)));
        assert_eq!(all.wait(minutes(15) - TimeDelta::milliseconds(1)), Some(1));
        assert_eq!(all.at(minutes(15)), Answered::none(minutes(15)));
        assert_eq!(some.and(i64::MAX).left(), 0);
    }
}
