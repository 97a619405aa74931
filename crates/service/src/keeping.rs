//! Keeping reference data: what is put holds from a day, is only ever added, and may be put again without harm.
//!
//! A version says all that changes of a thing, from a day until the day of the next one. What is put and holds already
//! changes nothing, whatever state the sender had read: a repeat after a lost reply is no clash. Anything else must name
//! the state that it changes.

use chrono::{DateTime, NaiveDate, Utc};

use base::error::Error;
use base::id::RegionId;
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::region::{Region, day_at};
use domain::revision::{Dated, Revision, in_force, last_change};
use text::messages::message;

/// Checks the state that a change was made on: the revision of the thing's last change, or `None` where there is no such
/// thing yet.
pub type Condition<'a> = &'a dyn Fn(Option<Revision>) -> Result<(), Error>;

/// Somebody who keeps reference data, and when.
#[derive(Clone, Copy, Debug)]
pub struct Keeper {
    /// Whose things they see.
    pub belongs: Belongs,
    /// The instant of the request.
    pub now: DateTime<Utc>,
}

/// What became of what was put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The thing is new.
    Created,
    /// It was there, and says something else from a day.
    Changed,
    /// It said so already.
    Repeated,
}

/// What became of what was put, and from which day it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Put {
    /// What became of it.
    pub fate: Fate,
    /// The first day on which it holds.
    pub valid_from: NaiveDate,
    /// Where it said so already, the revision of its last change.
    last: Revision,
}

impl Put {
    /// The revision whose state holds it, given that of the write.
    pub fn revision(&self, written: Revision) -> Revision {
        match self.fate {
            Fate::Created | Fate::Changed => written,
            Fate::Repeated => self.last,
        }
    }

    /// Rows that were already stored.
    pub(super) fn repeated(valid_from: NaiveDate, last: Option<Revision>) -> Self {
        Self { fate: Fate::Repeated, valid_from, last: last.unwrap_or_default() }
    }

    /// What is to be added, given the last change of the thing, where it is there.
    ///
    /// # Errors
    /// What the condition says of that state.
    pub(super) fn checked(
        valid_from: NaiveDate,
        last: Option<Revision>,
        condition: Condition<'_>,
    ) -> Result<Self, Error> {
        condition(last)?;
        let fate = if last.is_some() { Fate::Changed } else { Fate::Created };
        Ok(Self { fate, valid_from, last: last.unwrap_or_default() })
    }
}

/// What a thing said before something is put.
pub(super) fn says_already<T: PartialEq>(history: Option<&[Dated<T>]>, from: NaiveDate, version: &T) -> Option<Put> {
    let history = history?;
    let same = in_force(history, from).is_some_and(|row| row.value == *version);
    same.then(|| Put::repeated(from, Some(last_change(history))))
}

/// Refuses whoever does not belong to the topmost bureau: what all regions share is kept there.
///
/// # Errors
/// `Forbidden` for everybody else.
pub fn require_topmost(connection: &mut AnyConnection, belongs: Belongs) -> Result<(), Error> {
    if db::accounts::is_topmost(connection, belongs)? {
        return Ok(());
    }
    Err(Error::Forbidden { code: "not_topmost", detail: message!("version-not-topmost") })
}

impl Keeper {
    /// The region that the keeper acts for; nobody else keeps anything.
    pub(super) fn region(&self) -> Result<RegionId, Error> {
        match self.belongs {
            Belongs::Region(region) => Ok(region),
            Belongs::Organization(_) => {
                Err(Error::Forbidden { code: "outside_own_region", detail: message!("region-outside") })
            }
        }
    }

    /// The day it is where the keeper belongs.
    pub(super) fn today(&self, connection: &mut AnyConnection) -> Result<NaiveDate, Error> {
        db::accounts::today(connection, self.belongs, self.now)
    }

    /// The day it is in a region.
    pub(super) fn today_in(&self, regions: &[Region], region: RegionId) -> NaiveDate {
        day_at(regions, region, self.now)
    }
}
