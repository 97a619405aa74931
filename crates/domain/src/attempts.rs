//! Slowing down of failed sign-ins: after some free failures each further one doubles the wait.

use std::net::{IpAddr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};

/// The time after which failures are forgotten, from the last of them or the end of its wait.
pub const MEMORY: TimeDelta = TimeDelta::minutes(15);

/// The first wait.
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(5);

/// The longest wait.
const LONGEST_WAIT: TimeDelta = TimeDelta::minutes(15);

/// The party whose failures are counted.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Tried {
    /// The failures from one client address, at any account.
    Address,
    /// The failures at one user name, whether or not the account exists.
    Account,
}

base::text_column!(Tried);

impl Tried {
    /// The number of failures without a wait: people mistype, and many share an address.
    pub const fn free(self) -> i64 {
        match self {
            Self::Address => 20,
            Self::Account => 5,
        }
    }
}

/// The network that counts as one client: an IPv4 address, or 64 bits of IPv6, of which one client can have many
/// addresses. Connections without an address, such as those of a Unix socket, share one.
pub fn network(address: Option<IpAddr>) -> String {
    match address.map_or(Ipv6Addr::UNSPECIFIED.into(), |address| address.to_canonical()) {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}

/// The failures of one party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// The number of failures.
    pub failures: i64,
    /// The time of the last failure.
    pub last_failed_at: DateTime<Utc>,
    /// The time until which further attempts are refused.
    pub blocked_until: Option<DateTime<Utc>>,
}

impl Attempts {
    /// The seconds to wait at an instant; `None` if an attempt is allowed. Rounded up, so that a client that waits that
    /// long is allowed.
    pub fn wait(&self, now: DateTime<Utc>) -> Option<u32> {
        let left = self.blocked_until? - now;
        if left <= TimeDelta::zero() {
            return None;
        }
        let seconds = left.num_milliseconds().saturating_add(999) / 1000;
        Some(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// Returns the record after one more failure.
    pub fn after_failure(&self, tried: Tried, now: DateTime<Utc>) -> Self {
        let ended = self.blocked_until.unwrap_or(self.last_failed_at).max(self.last_failed_at);
        let before = if now - ended > MEMORY { 0 } else { self.failures };
        let failures = before.saturating_add(1);
        let doublings = failures - tried.free();
        // Ten doublings exceed the longest wait.
        let wait =
            u32::try_from(doublings).ok().map(|doublings| (FIRST_WAIT * (1 << doublings.min(10))).min(LONGEST_WAIT));
        Self { failures, last_failed_at: now, blocked_until: wait.map(|wait| now + wait) }
    }

    /// Returns the record after an attempt, counted as a failure beforehand, succeeded.
    pub fn after_success(&self, tried: Tried) -> Self {
        let failures = self.failures.saturating_sub(1).max(0);
        // A wait caused by the failures of others in the meantime stays.
        let blocked_until = self.blocked_until.filter(|_| failures >= tried.free());
        Self { failures, blocked_until, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
    }

    #[test]
    fn addresses_that_one_client_can_have_are_one() {
        let cases = [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ];
        for (address, expected) in cases {
            assert_eq!(network(Some(address.parse().unwrap())), expected);
        }
        assert_eq!(network(None), "::");
    }

    #[test]
    fn each_failure_after_the_free_ones_doubles_the_wait_up_to_the_longest() {
        let (mut attempts, mut now) = (Attempts::default(), start());
        let mut waits = Vec::new();
        for _ in 0..14 {
            attempts = attempts.after_failure(Tried::Account, now);
            let wait = attempts.wait(now);
            waits.push(wait.unwrap_or(0));
            now += TimeDelta::seconds(i64::from(wait.unwrap_or(0)));
            assert_eq!(attempts.wait(now), None, "after the wait a try is free");
        }
        assert_eq!(waits, [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
    }

    #[test]
    fn an_address_has_more_failures_free() {
        let mut attempts = Attempts::default();
        for _ in 0..19 {
            attempts = attempts.after_failure(Tried::Address, start());
        }
        assert_eq!(attempts.wait(start()), None);
        assert_eq!(attempts.after_failure(Tried::Address, start()).wait(start()), Some(5));
    }

    #[test]
    fn failures_are_forgotten_a_while_after_the_wait_that_they_brought() {
        let mut attempts = Attempts::default();
        for _ in 0..30 {
            attempts = attempts.after_failure(Tried::Account, start());
        }
        let wait_ends = start() + LONGEST_WAIT;
        assert_eq!(attempts.after_failure(Tried::Account, wait_ends + MEMORY).failures, 31);
        let later = wait_ends + MEMORY + TimeDelta::seconds(1);
        assert_eq!(attempts.after_failure(Tried::Account, later).failures, 1);
    }

    #[test]
    fn a_right_try_takes_back_itself_and_nothing_else() {
        let mut attempts = Attempts::default();
        for _ in 0..4 {
            attempts = attempts.after_failure(Tried::Account, start());
        }
        let tried = attempts.after_failure(Tried::Account, start());
        assert_eq!(tried.after_success(Tried::Account), Attempts { last_failed_at: start(), ..attempts });
        let more = tried.after_failure(Tried::Account, start());
        assert!(more.after_success(Tried::Account).wait(start()).is_some());
    }

    #[test]
    fn a_part_of_a_second_is_waited_too() {
        let attempts =
            Attempts { blocked_until: Some(start() + TimeDelta::milliseconds(4_001)), ..Attempts::default() };
        assert_eq!(attempts.wait(start()), Some(5));
    }
}
