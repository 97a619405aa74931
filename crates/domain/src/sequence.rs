//! Sequence numbers of devices: they show which commands never arrived.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;

use base::time::serialize_instant_option;

/// The number of gaps listed; missing commands are counted in any case.
const GAPS_NAMED: usize = 100;

/// The first sequence number of a device.
const FIRST_SEQ: i64 = 1;

/// The most numbers in a row that a device can have used for commands that never arrived. A longer gap is a number that
/// jumped: nobody believes that as many commands are missing.
const LONGEST_GAP: i64 = 10_000;

/// True where a number lies further above the last one before it than a device can have gone on meanwhile.
pub fn is_jump(last: Option<i64>, seq: i64) -> bool {
    seq.saturating_sub(last.unwrap_or(0)) > LONGEST_GAP
}

/// A run of sequence numbers that never arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"from": 12, "to": 14}))]
pub struct Gap {
    /// The first.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub from: i64,
    /// The last.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub to: i64,
}

/// The commands that a device made and that never arrived.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NotReceived {
    /// Their number: the sequence numbers in the gaps, plus the commands the device reported as waiting. Exact for a
    /// device that sends the oldest first; a waiting command that may fill a gap is counted twice.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub count: i64,
    /// The gaps below the highest number received; the first hundred.
    #[schema(max_items = 100)]
    pub gaps: Vec<Gap>,
    /// The number of commands waiting on the device when it last reported.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub queued: i64,
    /// The time since which the server knows of the first; `null` if nothing is missing.
    #[serde(serialize_with = "serialize_instant_option")]
    pub since: Option<DateTime<Utc>>,
}

/// Finds the commands that never arrived. `received` holds the sequence numbers received, each with its time; `queued` is
/// the number waiting on the device after its last push, `queued_since` the time since which some have been waiting.
pub fn not_received(
    received: &[(i64, DateTime<Utc>)],
    queued: i64,
    queued_since: Option<DateTime<Utc>>,
) -> NotReceived {
    let numbers: BTreeSet<i64> = received.iter().map(|(seq, _)| *seq).filter(|seq| *seq >= FIRST_SEQ).collect();
    let (mut next, mut missing, mut gaps) = (FIRST_SEQ, 0_i64, Vec::new());
    for number in &numbers {
        if *number > next && !is_jump(Some(next.saturating_sub(1)), *number) {
            missing = missing.saturating_add(number.saturating_sub(next));
            gaps.push(Gap { from: next, to: number.saturating_sub(1) });
        }
        next = number.saturating_add(1);
    }
    // A gap is visible as soon as a higher number has arrived.
    let since_gap = gaps
        .first()
        .and_then(|gap| received.iter().filter(|(seq, _)| *seq > gap.to).map(|(_, received_at)| *received_at).min());
    gaps.truncate(GAPS_NAMED);
    let since = [since_gap, queued_since.filter(|_| queued > 0)].into_iter().flatten().min();
    NotReceived { count: missing.saturating_add(queued), gaps, queued, since }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).unwrap()
    }

    fn found(numbers: &[(i64, i64)], queued: (i64, Option<i64>)) -> (i64, Vec<(i64, i64)>, Option<DateTime<Utc>>) {
        let received: Vec<_> = numbers.iter().map(|(seq, minute)| (*seq, at(*minute))).collect();
        let found = not_received(&received, queued.0, queued.1.map(at));
        (found.count, found.gaps.iter().map(|gap| (gap.from, gap.to)).collect(), found.since)
    }

    #[test]
    fn numbers_between_those_that_arrived_are_missing() {
        assert_eq!(found(&[], (0, None)), (0, vec![], None));
        assert_eq!(found(&[(1, 1), (2, 2)], (0, None)), (0, vec![], None));
        assert_eq!(found(&[(1, 1), (4, 7), (2, 2), (6, 9)], (0, None)), (2, vec![(3, 3), (5, 5)], Some(at(7))));
        assert_eq!(found(&[(3, 5)], (0, None)), (2, vec![(1, 2)], Some(at(5))));
        assert_eq!(found(&[(0, 1), (1, 1)], (0, None)), (0, vec![], None));
        assert_eq!(found(&[(2, 1), (2, 3), (1, 3)], (0, None)), (0, vec![], None));
    }

    #[test]
    fn nobody_believes_in_a_gap_without_end() {
        let last = 9_007_199_254_740_991;
        assert_eq!(found(&[(1, 1), (last, 2)], (0, None)), (0, vec![], None));
        assert_eq!(found(&[(1, 1), (3, 2), (last, 3)], (1, Some(4))), (2, vec![(2, 2)], Some(at(2))));
        assert_eq!(found(&[(1, 1), (10_001, 2)], (0, None)), (9_999, vec![(2, 10_000)], Some(at(2))));
        assert_eq!(found(&[(1, 1), (10_002, 2), (10_004, 3)], (0, None)), (1, vec![(10_003, 10_003)], Some(at(3))));
    }

    #[test]
    fn what_waits_on_the_device_is_missing_too() {
        assert_eq!(found(&[(1, 1)], (3, Some(4))), (3, vec![], Some(at(4))));
        assert_eq!(found(&[(2, 6)], (3, Some(4))), (4, vec![(1, 1)], Some(at(4))));
    }
}
