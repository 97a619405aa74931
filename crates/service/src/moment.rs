//! The state that a read asks for: a day, as known by a revision.

use chrono::{DateTime, Datelike as _, DurationRound as _, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use base::error::Error;
use base::id::RegionId;
use db::read::Snapshot;
use domain::region::{Region, day_at};
use domain::revision::Revision;
use text::messages::message;

/// The earliest instant that can be asked for; PostgreSQL's calendar begins later than chrono's.
const EPOCH: DateTime<Utc> = DateTime::<Utc>::UNIX_EPOCH;

/// True for a day that can be written as `YYYY-MM-DD`, which both databases can store.
fn has_four_digit_year(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

/// The state that a request asks for; by default the newest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MomentQuery {
    /// The day.
    pub as_of: Option<NaiveDate>,
    /// The revision.
    pub revision: Option<Revision>,
    /// An instant, for the newest revision at that time.
    pub known_at: Option<DateTime<Utc>>,
}

impl MomentQuery {
    /// Refuses a question that names the state of knowledge twice.
    ///
    /// # Errors
    /// `Invalid` for a revision and an instant at once.
    fn check(self) -> Result<(), Error> {
        if self.revision.is_some() && self.known_at.is_some() {
            return Err(Error::invalid("/known_at", "revision_and_known_at", message!("revision-and-known-at")));
        }
        Ok(())
    }
}

/// A revision, and a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The revision.
    pub revision: Revision,
    /// The time of its commit.
    pub known_at: DateTime<Utc>,
    /// The day asked for; if absent, each organization's day at `now`.
    pub as_of: Option<NaiveDate>,
    /// The instant that "today" is taken from: the present, the past instant asked for, or the commit of the revision
    /// asked for, so that the same question about the past has one answer.
    pub now: DateTime<Utc>,
}

/// A moment in a cursor, from which it can be found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bookmark {
    revision: Revision,
    as_of: Option<NaiveDate>,
    now: DateTime<Utc>,
}

impl Bookmark {
    /// True if a request asks for another revision, for an instant of another one, or for another day. A future instant is
    /// whatever the first page made of it.
    ///
    /// # Errors
    /// `Invalid` for a revision and an instant at once.
    pub fn contradicts(
        &self,
        snapshot: &mut Snapshot<'_>,
        asked: MomentQuery,
        now: DateTime<Utc>,
    ) -> Result<bool, Error> {
        asked.check()?;
        let revision = match asked.known_at.filter(|instant| *instant <= now) {
            Some(instant) => {
                Some(db::revisions::known_at(snapshot.connection, instant.max(EPOCH))?.map(|found| found.revision))
            }
            None => asked.revision.map(Some),
        };
        let is_other_day = asked.as_of.is_some_and(|day| self.as_of != Some(day));
        Ok(is_other_day || revision.is_some_and(|revision| revision != Some(self.revision)))
    }
}

impl Moment {
    /// The state that a request asks for: a revision, the newest one at an instant, or the newest of all.
    ///
    /// # Errors
    /// `Invalid` for a revision that does not exist, for an instant before the first, and for both at once.
    pub fn resolve(snapshot: &mut Snapshot<'_>, asked: MomentQuery, now: DateTime<Utc>) -> Result<Self, Error> {
        let MomentQuery { as_of, revision, known_at } = asked;
        if as_of.is_some_and(|day| !has_four_digit_year(day)) {
            return Err(Error::invalid("/as_of", "out_of_range", message!("as-of-out-of-range")));
        }
        asked.check()?;
        let (found, now) = match (revision, known_at) {
            (Some(revision), _) => {
                let found = db::revisions::find(snapshot.connection, revision)?.ok_or_else(|| {
                    let newest = snapshot.newest.map_or(0, |newest| newest.revision.0);
                    let detail = message!("revision-unknown", revision = revision.0, newest = newest);
                    Error::invalid("/revision", "revision_unknown", detail)
                })?;
                (found, found.at)
            }
            (None, Some(instant)) => {
                let found = db::revisions::known_at(snapshot.connection, instant.max(EPOCH))?.ok_or_else(|| {
                    Error::invalid("/known_at", "before_first_revision", message!("before-first-revision"))
                })?;
                (found, instant.min(now))
            }
            (None, None) => (snapshot.newest.ok_or(Error::Busy("nothing is recorded yet"))?, now),
        };
        Ok(Self { revision: found.revision, known_at: found.at, as_of, now })
    }

    /// The moment of a bookmark.
    ///
    /// # Errors
    /// `Invalid` if the state no longer exists, for example after a restore.
    pub fn at(snapshot: &mut Snapshot<'_>, bookmark: Bookmark, now: DateTime<Utc>) -> Result<Self, Error> {
        let Bookmark { revision, as_of, now: then } = bookmark;
        match db::revisions::find(snapshot.connection, revision)? {
            Some(found) if (EPOCH..=now).contains(&then) => Ok(Self { revision, known_at: found.at, as_of, now: then }),
            _ => Err(Error::invalid("/cursor", "cursor_unknown", message!("cursor-gone"))),
        }
    }

    /// The bookmark that a cursor keeps. It keeps the time by the quarter hour: in every time zone days begin on a
    /// quarter hour, and the first page stays the same for that long.
    pub fn bookmark(&self) -> Bookmark {
        let now = self.now.duration_trunc(TimeDelta::minutes(15)).unwrap_or(self.now);
        Bookmark { revision: self.revision, as_of: self.as_of, now }
    }

    /// The day asked for, in a region.
    pub fn day_in(&self, regions: &[Region], region: RegionId) -> NaiveDate {
        self.as_of.unwrap_or_else(|| day_at(regions, region, self.now))
    }
}
