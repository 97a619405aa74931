//! What is tried again, when, and what never: one table, and one back-off.

use std::ops::RangeInclusive;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;

use super::codes::NOT_MUSTER;

/// What follows from an answer that is no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The same again, after a wait.
    Again,
    /// New tokens, and the same again at once.
    Refresh,
    /// Somebody has to sign in; until then commands are deposited.
    SignIn,
    /// The same in smaller parts; what is refused alone is held.
    Smaller,
    /// The same again would be refused again.
    Never,
}

/// Which answers mean what: the first line that fits counts. A line without a code fits every code of its statuses. What
/// is not listed is no answer of Muster's, such as the page of a network that wants a sign-in of its own: again, later.
const TABLE: [(RangeInclusive<u16>, Option<&str>, Verdict); 15] = [
    // Words of a proxy or a portal, who know nothing of sessions or commands; but a body too large for them is too large.
    (400..=412, Some(NOT_MUSTER), Verdict::Again),
    (414..=499, Some(NOT_MUSTER), Verdict::Again),
    // The session is over, and no refresh will mend it.
    (401..=401, Some("session_ended"), Verdict::SignIn),
    (401..=401, Some("account_closed"), Verdict::SignIn),
    (401..=401, Some("device_withdrawn"), Verdict::SignIn),
    // What a phone may deposit whose session has ended is full.
    (429..=429, Some("deposit_full"), Verdict::SignIn),
    // Expired, or signed by a key that was retired: the refresh token may still be good.
    (401..=401, None, Verdict::Refresh),
    // One command may be what makes a whole request unreadable or too large.
    (400..=400, None, Verdict::Smaller),
    (413..=413, None, Verdict::Smaller),
    (422..=422, None, Verdict::Smaller),
    (403..=403, None, Verdict::Never),
    (415..=415, None, Verdict::Never),
    // In a while: busy, restarting, too many, or not there yet.
    (408..=408, None, Verdict::Again),
    (429..=429, None, Verdict::Again),
    (500..=599, None, Verdict::Again),
];

/// What follows from a status and the code of its problem.
pub fn verdict(status: u16, code: &str) -> Verdict {
    let fits = |(statuses, known, _): &&(RangeInclusive<u16>, Option<&str>, Verdict)| {
        statuses.contains(&status) && known.is_none_or(|known| known == code)
    };
    TABLE.iter().find(fits).map_or(Verdict::Again, |(_, _, verdict)| *verdict)
}

/// The longest first wait.
const FIRST: Duration = Duration::from_secs(1);

/// The longest wait that the phone chooses by itself.
pub const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The longest wait that the service may ask for.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait after so many failures in a row: anything up to a bound that doubles each time, so that the phones
/// of a banner do not come back in one instant after an outage. What the service asked for comes before it.
pub fn wait(failures: u32, asked: Option<Duration>, random: &mut StdRng) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let bound = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let jitter = Duration::from_millis(random.random_range(0..=u64::try_from(bound.as_millis()).unwrap_or(0)));
    asked.unwrap_or_default().min(LONGEST_ASKED) + jitter
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;

    use super::*;

    #[test]
    fn the_table_says_what_is_tried_again() {
        let cases = [
            (401, "token_expired", Verdict::Refresh),
            (401, "token_invalid", Verdict::Refresh),
            (401, "session_ended", Verdict::SignIn),
            (401, "account_closed", Verdict::SignIn),
            (400, "malformed", Verdict::Smaller),
            (413, "", Verdict::Smaller),
            (422, "values_not_taken", Verdict::Smaller),
            (403, "role_not_allowed", Verdict::Never),
            (415, "unsupported_media_type", Verdict::Never),
            (429, "too_many_attempts", Verdict::Again),
            (429, "deposit_full", Verdict::SignIn),
            (503, "busy", Verdict::Again),
            (500, "internal", Verdict::Again),
            (502, "", Verdict::Again),
            // A portal, a redirect, a service without sync.
            (302, NOT_MUSTER, Verdict::Again),
            (401, NOT_MUSTER, Verdict::Again),
            (403, NOT_MUSTER, Verdict::Again),
            (400, NOT_MUSTER, Verdict::Again),
            (413, NOT_MUSTER, Verdict::Smaller),
            (404, "no_such_path", Verdict::Again),
        ];
        for (status, code, expected) in cases {
            assert_eq!(verdict(status, code), expected, "{status} {code}");
        }
    }

    #[test]
    fn waits_double_up_to_a_bound_and_use_all_of_it() {
        let mut random = StdRng::seed_from_u64(1);
        for (failures, bound) in [(1, 1), (2, 2), (3, 4), (5, 16), (10, 512), (11, 900), (1000, 900)] {
            let bound = Duration::from_secs(bound);
            let waits: Vec<Duration> = (0..500).map(|_| wait(failures, None, &mut random)).collect();
            assert!(waits.iter().all(|wait| *wait <= bound), "{failures}");
            assert!(waits.iter().any(|wait| *wait > bound.mul_f64(0.9)), "{failures}");
            assert!(waits.iter().any(|wait| *wait < bound.mul_f64(0.1)), "{failures}");
        }
    }

    #[test]
    fn one_seed_gives_one_schedule() {
        let schedule = |seed| {
            let mut random = StdRng::seed_from_u64(seed);
            (1..10).map(|failures| wait(failures, None, &mut random)).collect::<Vec<_>>()
        };
        assert_eq!(schedule(7), schedule(7));
        assert_ne!(schedule(7), schedule(8));
    }

    #[test]
    fn what_the_service_asks_for_comes_first_within_a_day() {
        let mut random = StdRng::seed_from_u64(1);
        let asked = Duration::from_secs(120);
        for _ in 0..100 {
            let wait = wait(1, Some(asked), &mut random);
            assert!(asked <= wait && wait <= asked + Duration::from_secs(1), "{wait:?}");
        }
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        assert!(wait(1, Some(year), &mut random) <= LONGEST_ASKED + Duration::from_secs(1));
    }
}
