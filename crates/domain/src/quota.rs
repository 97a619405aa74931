//! Quotas of requests: a token bucket for each caller.
//!
//! The state of a bucket is one instant, the one at which it is full again if nothing more is taken (the generic cell rate
//! algorithm). [`Bucket::after`] adds up what several instances admitted, and a bucket whose instant has passed holds no
//! information and need not be stored.

use chrono::{DateTime, TimeDelta, Utc};

/// The microseconds of a second and of a minute.
const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// The largest share of a quota, as its divisor, that is taken in one process before the others learn of it.
const BLOCKS: i64 = 20;

/// The most requests of a block.
const LARGEST_BLOCK: i64 = 50;

/// A number of requests in a window of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    requests: i64,
    /// The time in which one request comes back, in microseconds.
    interval: i64,
}

impl Quota {
    /// The quota of a rate in requests a minute, of which as many may come at once as come back in a window of seconds, but at
    /// least one. `None` for a rate of 0, which limits nothing.
    pub fn per_minute(rate: u32, window_seconds: u32) -> Option<Self> {
        let interval = MINUTE.checked_div(i64::from(rate))?.max(1);
        let requests = (i64::from(window_seconds) * SECOND / interval).max(1);
        Some(Self { requests, interval })
    }

    /// The requests that may come at once.
    pub fn requests(self) -> i64 {
        self.requests
    }

    /// The seconds in which they come back.
    pub fn window_seconds(self) -> i64 {
        seconds(self.capacity())
    }

    /// The time in which they come back.
    pub fn window(self) -> TimeDelta {
        TimeDelta::microseconds(self.capacity())
    }

    /// The number of requests after which a process tells the others what it admitted: a twentieth of the quota, from 1 to 50.
    pub fn block(self) -> i64 {
        (self.requests / BLOCKS).clamp(1, LARGEST_BLOCK)
    }

    fn capacity(self) -> i64 {
        self.requests.saturating_mul(self.interval)
    }
}

/// The quotas of an operator: requests a minute, 0 for no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quotas {
    /// The quota of a client that has none of its own.
    pub client: u32,
    /// The quota of a person.
    pub person: u32,
    /// The quota of a network, for requests that are not signed in.
    pub address: u32,
    /// The seconds for which the requests may come at once.
    pub window_seconds: u32,
}

impl Quotas {
    /// The quota of a client, which may have one of its own.
    pub fn of_client(self, own: Option<u32>) -> Option<Quota> {
        Quota::per_minute(own.unwrap_or(self.client), self.window_seconds)
    }

    /// The quota of a person.
    pub fn of_person(self) -> Option<Quota> {
        Quota::per_minute(self.person, self.window_seconds)
    }

    /// The quota of a network.
    pub fn of_address(self) -> Option<Quota> {
        Quota::per_minute(self.address, self.window_seconds)
    }
}

/// What is left of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The requests that may come now.
    pub requests: i64,
    /// The whole seconds until all of the quota is there again; where nothing is left, until the next request may come.
    pub seconds: i64,
}

/// A bucket, by the instant at which it is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// That instant.
    pub full_at: DateTime<Utc>,
}

impl Bucket {
    /// The bucket once more requests were taken, the first of them at an instant.
    pub fn after(self, quota: Quota, requests: i64, since: DateTime<Utc>) -> Self {
        let taken = TimeDelta::microseconds(requests.saturating_mul(quota.interval));
        Self { full_at: self.full_at.max(since).checked_add_signed(taken).unwrap_or(self.full_at) }
    }

    /// Takes a request; `None` where none is left.
    pub fn take(self, quota: Quota, now: DateTime<Utc>) -> Option<Self> {
        let taken = self.as_of(quota, now).after(quota, 1, now);
        (taken.level(now) <= quota.capacity()).then_some(taken)
    }

    /// What is left.
    pub fn left(self, quota: Quota, now: DateTime<Utc>) -> Left {
        let level = self.as_of(quota, now).level(now);
        let requests = (quota.capacity() - level).max(0) / quota.interval;
        let wait = if requests == 0 { level + quota.interval - quota.capacity() } else { level };
        Left { requests, seconds: seconds(wait.max(0)).max(i64::from(requests == 0)) }
    }

    /// The same bucket on a clock that may have been set back, or differ from that of another instance: no caller waits for
    /// more than two windows.
    fn as_of(self, quota: Quota, now: DateTime<Utc>) -> Self {
        let latest = now.checked_add_signed(TimeDelta::microseconds(quota.capacity().saturating_mul(2)));
        Self { full_at: latest.map_or(self.full_at, |latest| self.full_at.min(latest)) }
    }

    /// The time that it still needs to be full, in microseconds.
    fn level(self, now: DateTime<Utc>) -> i64 {
        (self.full_at - now).num_microseconds().unwrap_or(i64::MAX).max(0)
    }
}

/// Whole seconds, rounded up.
fn seconds(microseconds: i64) -> i64 {
    microseconds.saturating_add(SECOND - 1) / SECOND
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn a_rate_and_a_window_make_a_quota() {
        for (rate, window, requests, seconds, block) in [
            (600, 60, 600, 60, 30),
            (1_200, 60, 1_200, 60, 50),
            (600, 10, 100, 10, 5),
            (60, 60, 60, 60, 3),
            (10, 60, 10, 60, 1),
            // One request always fits, and comes back no faster.
            (1, 10, 1, 60, 1),
            (10, 1, 1, 6, 1),
            (1_000_000, 1, 16_666, 1, 50),
            (u32::MAX, 3_600, 3_600_000_000, 3_600, 50),
        ] {
            let quota = Quota::per_minute(rate, window).unwrap();
            assert_eq!((quota.requests(), quota.window_seconds(), quota.block()), (requests, seconds, block), "{rate}");
        }
        assert_eq!(Quota::per_minute(0, 60), None);
    }

    #[test]
    fn a_bucket_gives_what_it_holds_and_what_comes_back() {
        let quota = Quota::per_minute(60, 3).unwrap();
        // The time in milliseconds, whether a request is admitted, and what is left.
        let steps = [
            (0, true, 2, 1),
            (0, true, 1, 2),
            (0, true, 0, 1),
            (0, false, 0, 1),
            (999, false, 0, 1),
            (1_000, true, 0, 1),
            (1_500, false, 0, 1),
            (3_000, true, 1, 2),
            (60_000, true, 2, 1),
        ];
        let mut bucket = Bucket { full_at: at(-1_000_000) };
        for (milliseconds, admitted, requests, seconds) in steps {
            let taken = bucket.take(quota, at(milliseconds));
            assert_eq!(taken.is_some(), admitted, "{milliseconds}");
            bucket = taken.unwrap_or(bucket);
            assert_eq!(bucket.left(quota, at(milliseconds)), Left { requests, seconds }, "{milliseconds}");
        }
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let quota = Quota::per_minute(60, 3).unwrap();
        let bucket = Bucket { full_at: at(86_400_000) };
        assert_eq!(bucket.left(quota, at(0)), Left { requests: 0, seconds: 4 });
        assert_eq!(bucket.take(quota, at(0)), None);
    }

    #[test]
    fn what_several_processes_admitted_adds_up() {
        let quota = Quota::per_minute(60, 60).unwrap();
        let told = [(3, at(0)), (5, at(400)), (2, at(900))];
        let empty = Bucket { full_at: at(-1) };
        let one = told.iter().fold(empty, |bucket, (requests, since)| bucket.after(quota, *requests, *since));
        let other = told.iter().rev().fold(empty, |bucket, (requests, since)| bucket.after(quota, *requests, *since));
        assert_eq!(one.left(quota, at(1_000)).requests, 51);
        assert_eq!(other.left(quota, at(1_000)).requests, 50);
        // Requests that have long come back take nothing.
        let empty = Bucket { full_at: at(-100_000) };
        assert_eq!(empty.after(quota, 3, at(-60_000)).left(quota, at(0)), Left { requests: 60, seconds: 0 });
    }
}
