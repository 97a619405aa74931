//! Quotas of requests, counted in memory and shared by the instances of a service through one row per caller.
//!
//! An instance admits requests from its own [`Ledger`], which has no more to do than to add. After each block of a caller's
//! requests ([`Quota::block`]) it adds that block to the caller's row, and learns from the row what the other instances added:
//! one write for up to 50 requests, and none for a caller who is idle for a window before the first block is full. A caller over the quota is refused from
//! memory.
//!
//! The error that remains: before an instance adds a block, the others do not know of it. So *n* instances together admit at
//! most *n* − 1 blocks more than the quota (a block is a twentieth of it, at most 50, at least 1), and what was admitted while
//! a block was being added, or while the database could not be reached. What was admitted too much is charged with the block
//! and must come back before the next request is admitted, so the rate over a long time is the quota's. Clocks of instances
//! that differ make an error of the requests that come back in the difference. After a restart an instance knows a caller's
//! requests once it adds its first block.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use base::error::Error;
use db::locks::Key;
use db::quotas;
use db::write::Change;
use domain::quota::{Bucket, Left, Quota};

/// The maximum number of callers that an instance remembers; beyond it, it forgets those who used least. One takes about 150
/// bytes.
const MOST: usize = 50_000;

/// The time between two removals of callers whose quota is complete, in memory and in the database.
const SWEEP: TimeDelta = TimeDelta::minutes(1);

/// The requests that this instance admitted, by caller.
#[derive(Debug)]
pub struct Ledger {
    state: Mutex<State>,
    most: usize,
}

#[derive(Debug, Default)]
struct State {
    callers: HashMap<Vec<u8>, Caller>,
    swept_at: DateTime<Utc>,
    /// True from a sweep of the memory until a block is there with which the database can be swept.
    is_prune_due: bool,
}

#[derive(Clone, Copy, Debug)]
struct Caller {
    quota: Quota,
    bucket: Bucket,
    /// The requests that the row does not know of, and the instant of the first of them.
    owed: i64,
    since: DateTime<Utc>,
    last_at: DateTime<Utc>,
}

/// A request that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// True if the quota had room for it.
    pub is_admitted: bool,
    /// What is left.
    pub left: Left,
    /// A block to be added to the caller's row.
    pub owed: Option<Owed>,
}

/// A block of requests of a caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    key_hash: Vec<u8>,
    quota: Quota,
    requests: i64,
    since: DateTime<Utc>,
    /// True for one block a minute, with which rows that say nothing any more are deleted.
    prunes: bool,
}

impl Default for Ledger {
    fn default() -> Self {
        Self { state: Mutex::default(), most: MOST }
    }
}

impl Ledger {
    /// Counts a request of a caller, named by a keyed hash.
    pub fn count(&self, key_hash: Vec<u8>, quota: Quota, now: DateTime<Utc>) -> Counted {
        let mut state = self.lock();
        state.sweep(self.most, now);
        let is_prune_due = state.is_prune_due;
        let bucket = Bucket { full_at: now };
        let caller = state.callers.entry(key_hash.clone()).or_insert(Caller {
            quota,
            bucket,
            owed: 0,
            since: now,
            last_at: now,
        });
        caller.quota = quota;
        let Some(bucket) = caller.bucket.take(quota, now) else {
            return Counted { is_admitted: false, left: caller.bucket.left(quota, now), owed: None };
        };
        caller.since = if caller.owed == 0 { now } else { caller.since };
        (caller.bucket, caller.owed, caller.last_at) = (bucket, caller.owed + 1, now);
        let (requests, since) = (caller.owed, caller.since);
        let owed =
            (requests >= quota.block()).then_some(Owed { key_hash, quota, requests, since, prunes: is_prune_due });
        if owed.is_some() {
            caller.owed = 0;
            state.is_prune_due = false;
        }
        Counted { is_admitted: true, left: bucket.left(quota, now), owed }
    }

    /// Takes over what a caller's row says, with what this instance admitted since.
    pub fn adopt(&self, owed: &Owed, row: Bucket) {
        if let Some(caller) = self.lock().callers.get_mut(&owed.key_hash) {
            let shared = row.after(caller.quota, caller.owed, caller.since);
            // The row knows the instant of the first request of a block alone, this instance that of each.
            caller.bucket.full_at = caller.bucket.full_at.max(shared.full_at);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Forgets callers whose quota is complete and has been unused for a window, once a minute and where there are too many;
    /// where there are still too many, the tenth who used least.
    fn sweep(&mut self, most: usize, now: DateTime<Utc>) {
        let is_due = (now - self.swept_at).abs() >= SWEEP;
        if !is_due && self.callers.len() < most {
            return;
        }
        if is_due {
            (self.swept_at, self.is_prune_due) = (now, true);
        }
        self.callers.retain(|_, caller| caller.bucket.full_at > now || now - caller.last_at < caller.quota.window());
        if self.callers.len() >= most {
            let mut times: Vec<DateTime<Utc>> = self.callers.values().map(|caller| caller.bucket.full_at).collect();
            let (_, last, _) = times.select_nth_unstable(most / 10);
            let last = *last;
            self.callers.retain(|_, caller| caller.bucket.full_at > last);
        }
    }
}

impl Owed {
    /// The lock of the caller's row.
    pub fn lock(&self) -> Key {
        Key::request_quota(&self.key_hash)
    }
}

/// Adds a block to the caller's row, and returns what it says then. The change must hold its lock.
///
/// # Errors
/// Those of the database.
pub fn add(change: &mut Change<'_>, owed: &Owed, now: DateTime<Utc>) -> Result<Bucket, Error> {
    let locked = change.for_key(owed.lock())?;
    if owed.prunes {
        quotas::prune(change.connection, now)?;
    }
    let row = quotas::find(change.connection, &owed.key_hash)?.unwrap_or(Bucket { full_at: owed.since });
    let row = row.after(owed.quota, owed.requests, owed.since);
    quotas::save(change.connection, locked, &owed.key_hash, row)?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + milliseconds).unwrap()
    }

    fn quota(rate: u32) -> Quota {
        Quota::per_minute(rate, 60).unwrap()
    }

    /// Rows as a database would keep them, for ledgers that count in turn.
    fn told(ledger: &Ledger, row: &mut Option<Bucket>, counted: &Counted) {
        if let Some(owed) = &counted.owed {
            let found = row.unwrap_or(Bucket { full_at: owed.since });
            let added = found.after(owed.quota, owed.requests, owed.since);
            *row = Some(added);
            ledger.adopt(owed, added);
        }
    }

    #[test]
    fn several_instances_admit_a_quota_and_few_blocks_more() {
        for (instances, rate) in [(1, 600), (2, 600), (3, 600), (2, 60), (4, 10), (2, 1)] {
            let quota = quota(rate);
            let ledgers: Vec<Ledger> = (0..instances).map(|_| Ledger::default()).collect();
            let (mut row, mut admitted, mut writes) = (None, 0, 0);
            for turn in 0..4 * i64::from(rate) {
                for ledger in &ledgers {
                    let counted = ledger.count(vec![1], quota, at(turn));
                    admitted += i64::from(counted.is_admitted);
                    writes += i64::from(counted.owed.is_some());
                    told(ledger, &mut row, &counted);
                }
            }
            let back = 4 * i64::from(rate) * i64::from(rate) / 60_000;
            let most = quota.requests() + back + (instances - 1) * quota.block();
            assert!((quota.requests()..=most).contains(&admitted), "{instances} {rate}: {admitted}");
            assert!(writes <= admitted / quota.block(), "{instances} {rate}: {writes}");
        }
    }

    #[test]
    fn over_a_long_time_several_instances_admit_the_rate_of_the_quota() {
        let quota = quota(60);
        let ledgers = [Ledger::default(), Ledger::default(), Ledger::default()];
        let (mut row, mut admitted) = (None, 0);
        // An hour, in which each is asked twice a second.
        for turn in 0..7_200 {
            for ledger in &ledgers {
                let counted = ledger.count(vec![1], quota, at(turn * 500));
                admitted += i64::from(counted.is_admitted);
                told(ledger, &mut row, &counted);
            }
        }
        let most = 3_600 + quota.requests() + 2 * quota.block();
        assert!((3_600..=most).contains(&admitted), "{admitted}");
    }

    #[test]
    fn callers_are_counted_apart_and_those_who_are_idle_are_forgotten() {
        let ledger = Ledger { most: 100, ..Ledger::default() };
        let busy = quota(20);
        let admitted = (0..30).filter(|_| ledger.count(vec![0], busy, at(0)).is_admitted).count();
        assert_eq!(admitted, 20);
        for other in 1..=1_000_u16 {
            assert!(ledger.count(other.to_be_bytes().to_vec(), busy, at(1)).is_admitted);
            assert!(ledger.lock().callers.len() <= 100);
        }
        assert!(!ledger.count(vec![0], busy, at(2)).is_admitted, "a flood of others does not give a quota back");
        assert!(ledger.count(vec![9], busy, at(200_000)).is_admitted);
        assert_eq!(ledger.lock().callers.len(), 1);
    }
}
