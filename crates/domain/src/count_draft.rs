//! Drafts of counts: a count that somebody has begun, kept for that account alone.

use chrono::{DateTime, TimeDelta, Utc};

use base::id::{CountId, DepotId};

use super::revision::Revision;

/// The most bytes of the content of a draft, as JSON without blanks.
pub const MOST_BYTES: usize = 64 * 1024;

/// The most drafts of an account.
pub const MOST: i64 = 20;

/// The time for which a draft is kept after its last change.
pub const LIFETIME: TimeDelta = TimeDelta::days(30);

/// A draft of a count, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountDraftHeader {
    /// The id that the count will have.
    pub id: CountId,
    /// The depot, as its author named it.
    pub depot: Option<DepotId>,
    /// The size of its content in bytes.
    pub bytes: usize,
    /// The number of its state, written as a revision so that `If-Match` can name it, but none: microseconds since 1970. It rises
    /// with every change, and none comes again after the draft was deleted.
    pub version: Revision,
    /// The time of its last change.
    pub updated_at: DateTime<Utc>,
}

impl CountDraftHeader {
    /// The time at which it expires, unless its count waits in quarantine.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.updated_at + LIFETIME
    }

    /// The state after this one, at an instant: later than every state before, also where the clock went back.
    pub fn next_version(before: Option<&Self>, now: DateTime<Utc>) -> Revision {
        let least = before.map_or(1, |before| before.version.0.saturating_add(1));
        Revision(now.timestamp_micros().max(least))
    }
}

/// A draft of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountDraft {
    /// Everything but its content.
    pub header: CountDraftHeader,
    /// The content that its author's program keeps, as JSON without blanks.
    pub content: Vec<u8>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_never_comes_again() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        let draft =
            |version| CountDraftHeader { id: CountId::new(), depot: None, bytes: 2, version, updated_at: at(1_000) };
        let first = CountDraftHeader::next_version(None, at(1_000));
        let second = CountDraftHeader::next_version(Some(&draft(first)), at(900));
        let anew = CountDraftHeader::next_version(None, at(1_001));
        assert!(first < second && second < anew, "{first:?} {second:?} {anew:?}");
    }
}
