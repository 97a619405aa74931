//! Slowing down of failed sign-ins: after some free failures each further one doubles the wait.
//!
//! Nobody can close an account to its holder: a device that holds a secret from an earlier sign-in is counted by itself, a
//! one-time code is held up by no password, and who is signed in by no stranger.

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
    /// The failures from one client address, at any account, without those that their account took back.
    Address,
    /// The failures at one user name by those who hold no secret of it, whether or not the account exists.
    Account,
    /// The failures at one user name from one address: as many of the address's as a success there takes back.
    AccountAtAddress,
    /// The failures of one device that holds a secret from an earlier sign-in of the account.
    Device,
    /// The failures of the signed-in holder of an account, who is asked for the password again.
    Holder,
    /// The failures with codes of one account's second factor, wherever they are tried. No right password takes them back.
    SecondFactor,
    /// The failures from one client address with one-time codes. No password is counted here.
    CodeAddress,
    /// The failures at one client, whether or not it exists.
    Client,
    /// The failures from one client address, at any client.
    ClientAddress,
}

base::text_column!(Tried);

impl Tried {
    /// The number of failures without a wait: people mistype, and on a morning all of a county may share an address.
    pub const fn free(self) -> i64 {
        match self {
            Self::Address => 100,
            Self::CodeAddress | Self::ClientAddress => 20,
            Self::Account | Self::Device | Self::Holder | Self::SecondFactor | Self::Client => 5,
            // Only counted.
            Self::AccountAtAddress => i64::MAX,
        }
    }

    /// True for a party of its own, whose failures a success forgets. Of a party that others share a success takes back its
    /// own failures only.
    pub const fn is_forgotten(self) -> bool {
        match self {
            Self::Address | Self::CodeAddress | Self::ClientAddress => false,
            Self::Account
            | Self::AccountAtAddress
            | Self::Device
            | Self::Holder
            | Self::SecondFactor
            | Self::Client => true,
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
        let doublings = failures.saturating_sub(tried.free());
        // Ten doublings exceed the longest wait.
        let wait =
            u32::try_from(doublings).ok().map(|doublings| (FIRST_WAIT * (1 << doublings.min(10))).min(LONGEST_WAIT));
        Self { failures, last_failed_at: now, blocked_until: wait.map(|wait| now + wait) }
    }

    /// Returns the record without some of its failures, which a success takes back.
    pub fn without(&self, taken_back: i64, tried: Tried) -> Self {
        let failures = self.failures.saturating_sub(taken_back).max(0);
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
        for _ in 0..99 {
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
        assert_eq!(tried.without(1, Tried::Account), Attempts { last_failed_at: start(), ..attempts });
        let more = tried.after_failure(Tried::Account, start());
        assert!(more.without(1, Tried::Account).wait(start()).is_some());
        assert_eq!(more.without(9, Tried::Account).failures, 0);
    }

    #[test]
    fn some_failures_are_only_counted() {
        let mut attempts = Attempts::default();
        for _ in 0..300 {
            attempts = attempts.after_failure(Tried::AccountAtAddress, start());
        }
        assert_eq!((attempts.failures, attempts.wait(start())), (300, None));
    }

    #[test]
    fn a_part_of_a_second_is_waited_too() {
        let attempts =
            Attempts { blocked_until: Some(start() + TimeDelta::milliseconds(4_001)), ..Attempts::default() };
        assert_eq!(attempts.wait(start()), Some(5));
    }
}
