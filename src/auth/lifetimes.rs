//! How long tokens are good for.

use chrono::TimeDelta;

/// How long tokens are good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// An access token, from its issue.
    pub access: TimeDelta,
    /// A session, from the last use of a refresh token.
    pub refresh: TimeDelta,
}

impl Default for Lifetimes {
    /// A quarter of an hour, and ninety days: a phone that counts once a quarter stays signed in.
    fn default() -> Self {
        Self { access: TimeDelta::minutes(15), refresh: TimeDelta::days(90) }
    }
}
