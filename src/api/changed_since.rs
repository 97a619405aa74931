//! The filter `changed_since`: entries about which something was recorded after an instant. It goes by the time at which the
//! service recorded a change, whatever day the change holds from.

use chrono::{DateTime, Utc};

use base::error::Error;
use db::connection::AnyConnection;
use domain::revision::{Dated, Learnt, Mend, Revision};

/// The revision after which a change must have been recorded; all entries are wanted without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangedSince(pub Option<Revision>);

impl ChangedSince {
    /// The newest revision at an instant: later ones are changes since then.
    pub fn read(connection: &mut AnyConnection, instant: Option<DateTime<Utc>>) -> Result<Self, Error> {
        let Some(instant) = instant else { return Ok(Self(None)) };
        let known = db::revisions::known_at(connection, instant.max(DateTime::UNIX_EPOCH))?;
        Ok(Self(Some(known.map_or(Revision(0), |learnt| learnt.revision))))
    }

    /// True for an entry that was last changed at a revision.
    pub fn takes(self, last: Revision) -> bool {
        self.0.is_none_or(|after| last > after)
    }

    /// True for a thing with a version recorded since then.
    pub fn takes_versions<T>(self, versions: &[Dated<T>]) -> bool {
        self.takes_any(versions.iter().map(|row| row.learnt))
    }

    /// True for a thing with a version, or a mend of its first entry, recorded since then.
    pub fn takes_mended<T, M>(self, versions: &[Dated<T>], mends: &[Mend<M>]) -> bool {
        self.takes_any(versions.iter().map(|row| row.learnt).chain(mends.iter().map(|mend| mend.learnt)))
    }

    /// True for a thing that anything was recorded about since then.
    pub fn takes_any(self, learnt: impl IntoIterator<Item = Learnt>) -> bool {
        self.0.is_none() || learnt.into_iter().any(|learnt| self.takes(learnt.revision))
    }
}
