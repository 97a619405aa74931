//! Sessions: everything that follows from one sign-in, until it ends.

use chrono::{DateTime, TimeDelta, Utc};

/// The reason why a session ended before it expired.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, diesel::AsExpression, diesel::FromSqlRow,
)]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum EndReason {
    /// Its holder signed out.
    SignedOut,
    /// The password was changed in another session, or removed.
    PasswordChanged,
    /// The account was closed.
    AccountClosed,
    /// The device was withdrawn.
    DeviceWithdrawn,
    /// A refresh token was used again after its successor, or by two devices alternately, so someone else has a copy.
    TokenReused,
}

base::text_column!(EndReason);

/// The lifetimes of sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// The maximum time since the last use of a refresh token.
    pub idle: TimeDelta,
    /// The maximum time since the sign-in.
    pub total: TimeDelta,
}

/// The reason why a session is over although nobody ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// It was unused for too long.
    Idle,
    /// Its sign-in was too long ago.
    Total,
}

impl Lifetimes {
    /// The reason why a session is over at an instant; `None` while it lasts.
    pub fn lapse(&self, opened_at: DateTime<Utc>, last_used_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Lapse> {
        if now - opened_at > self.total {
            return Some(Lapse::Total);
        }
        (now - last_used_at > self.idle).then_some(Lapse::Idle)
    }
}

/// The number of consecutive tokens used twice that shows that two devices use them. So many lost answers in a row do not
/// happen.
const IN_STEP: i64 = 5;

/// The uses of the present refresh token of a session.
///
/// A token may be used a second time, because its answer may have been lost. Somebody who copied a token and uses each of
/// its successors as well looks the same, with two differences: a client that sends a key with a token sends the same key
/// when it repeats the request, and nobody else knows that key; and answers are not lost many times in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenUse {
    /// The time of the first use; `None` if it was before this was stored.
    pub at: Option<DateTime<Utc>>,
    /// The hash of the key that the client sent with it.
    pub key_hash: Option<Vec<u8>>,
    /// True if it was used a second time later.
    pub is_repeated: bool,
    /// The number of consecutive tokens, including this one, that were used a second time later.
    pub in_a_row: i64,
}

impl TokenUse {
    /// The first use of the next token.
    pub fn next(&self, key_hash: Option<Vec<u8>>, now: DateTime<Utc>) -> Self {
        let in_a_row = if self.is_repeated { self.in_a_row } else { 0 };
        Self { at: Some(now), key_hash, is_repeated: false, in_a_row }
    }

    /// Another use of the token, by a request that arrived at an instant; `None` if another device uses it.
    pub fn again(&self, key_hash: Option<&[u8]>, arrived_at: DateTime<Utc>) -> Option<Self> {
        // Two parts of an app may refresh at the same time.
        let is_later = self.at.is_some_and(|at| arrived_at > at);
        if !is_later {
            return Some(self.clone());
        }
        if let Some(key) = &self.key_hash {
            return (Some(key.as_slice()) == key_hash).then(|| self.clone());
        }
        let in_a_row = self.in_a_row + i64::from(!self.is_repeated);
        (in_a_row < IN_STEP).then(|| Self { is_repeated: true, in_a_row, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn a_session_is_over_by_disuse_or_by_age() {
        let lifetimes = Lifetimes { idle: TimeDelta::seconds(10), total: TimeDelta::seconds(100) };
        let cases = [(0, 5, None), (0, 11, Some(Lapse::Idle)), (95, 100, None), (95, 101, Some(Lapse::Total))];
        for (used, now, expected) in cases {
            assert_eq!(lifetimes.lapse(at(0), at(used), at(now)), expected, "{used} {now}");
        }
    }

    #[test]
    fn a_repeat_with_the_same_key_is_the_same_device() {
        let first = TokenUse::default().next(Some(vec![1]), at(0));
        for seconds in 1..50 {
            assert_eq!(first.again(Some(&[1]), at(seconds)), Some(first.clone()));
        }
        assert_eq!(first.again(Some(&[2]), at(1)), None);
        assert_eq!(first.again(None, at(1)), None);
        assert!(first.again(None, at(0)).is_some(), "at the same moment");
    }

    #[test]
    fn without_a_key_one_token_may_be_repeated_for_ever_but_not_each() {
        let mut token = TokenUse::default().next(None, at(0));
        for seconds in 1..50 {
            token = token.again(None, at(seconds)).unwrap();
        }
        for repeated in 2..IN_STEP {
            token = token.next(None, at(100)).again(None, at(101)).unwrap();
            assert_eq!(token.in_a_row, repeated);
        }
        assert_eq!(token.next(None, at(100)).again(None, at(101)), None);
        let after_one_that_was_heard = token.next(None, at(100)).next(None, at(200));
        assert_eq!(after_one_that_was_heard.in_a_row, 0);
    }
}
