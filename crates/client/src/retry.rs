//! Retries: one table of what is tried again and when, and one back-off.

use std::ops::RangeInclusive;
use std::time::Duration;

use rand::RngExt as _;
use rand::rngs::StdRng;

use super::codes::NOT_MUSTER;

/// The next step after a failed exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Send the same again after a wait.
    Again,
    /// Refresh the tokens and send the same again at once.
    Refresh,
    /// Someone must sign in; until then commands are deposited.
    SignIn,
    /// Send it in smaller parts; a command refused alone is held.
    Smaller,
    /// Give up: the same would be refused again.
    Never,
}

/// The meaning of answers: the first matching line counts. A line without a code matches every code of its statuses. An
/// answer that is not listed is not Muster's, such as the page of a captive portal: try again later.
const TABLE: [(RangeInclusive<u16>, Option<&str>, Verdict); 16] = [
    // Answers of a proxy or a portal, which know nothing of sessions or commands. But a request that is too large for
    // them is too large.
    (400..=412, Some(NOT_MUSTER), Verdict::Again),
    (414..=499, Some(NOT_MUSTER), Verdict::Again),
    // The session is over, and no refresh can help.
    (401..=401, Some("session_ended"), Verdict::SignIn),
    (401..=401, Some("session_expired"), Verdict::SignIn),
    (401..=401, Some("account_closed"), Verdict::SignIn),
    (401..=401, Some("device_withdrawn"), Verdict::SignIn),
    // The deposit of a phone whose session has ended is full.
    (429..=429, Some("deposit_full"), Verdict::SignIn),
    // Expired, or signed by a retired key: the refresh token may still be valid.
    (401..=401, None, Verdict::Refresh),
    // A single command may make a whole request unreadable or too large.
    (400..=400, None, Verdict::Smaller),
    (413..=413, None, Verdict::Smaller),
    (422..=422, None, Verdict::Smaller),
    (403..=403, None, Verdict::Never),
    (415..=415, None, Verdict::Never),
    // Later: busy, restarting, too many, or not ready yet.
    (408..=408, None, Verdict::Again),
    (429..=429, None, Verdict::Again),
    (500..=599, None, Verdict::Again),
];

/// The next step for a status and the code of its problem.
pub fn verdict(status: u16, code: &str) -> Verdict {
    let fits = |(statuses, known, _): &&(RangeInclusive<u16>, Option<&str>, Verdict)| {
        statuses.contains(&status) && known.is_none_or(|known| known == code)
    };
    TABLE.iter().find(fits).map_or(Verdict::Again, |(_, _, verdict)| *verdict)
}

/// The upper bound of the first wait.
const FIRST: Duration = Duration::from_secs(1);

/// The longest wait that the phone chooses by itself.
pub const LONGEST: Duration = Duration::from_secs(15 * 60);

/// The longest wait that the service may request.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 60 * 60);

/// The wait after a number of failures in a row: random, up to a bound that doubles each time, so that the phones of a
/// county do not all come back at the same instant after an outage. The wait the service asked for comes first.
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
            (401, "session_expired", Verdict::SignIn),
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
