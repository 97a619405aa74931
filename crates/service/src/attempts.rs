//! Slowing down of guessing: each attempt is counted as a failure before it is made, so that parallel ones cannot
//! outrun the count, and uncounted if it succeeds.

use chrono::{DateTime, TimeDelta, Utc};

use base::error::Error;
use db::attempts::{self, AttemptKey};
use db::connection::AnyConnection;
use db::locks::Key;
use db::write::Change;
use domain::attempts::Tried;
use text::messages::message;

/// The time for which failures without further effect are kept.
const KEPT: TimeDelta = TimeDelta::days(1);

/// The parties for whom an attempt counts, as keyed hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The client's address.
    pub address: Vec<u8>,
    /// The user name, if one was given.
    pub account: Option<Vec<u8>>,
}

impl Places {
    fn all(&self) -> impl Iterator<Item = AttemptKey<'_>> {
        let account = self.account.as_deref().map(|key_hash| AttemptKey { tried: Tried::Account, key_hash });
        let address = AttemptKey { tried: Tried::Address, key_hash: &self.address };
        std::iter::once(address).chain(account)
    }

    /// The keys under which tries are counted there.
    pub fn keys(&self) -> Vec<Key> {
        self.all().map(key).collect()
    }
}

fn key(place: AttemptKey<'_>) -> Key {
    Key::attempts(place.tried, place.key_hash)
}

/// Requires that an attempt is allowed, without counting one.
///
/// # Errors
/// `TooMany`, with the seconds to wait.
pub fn require_free(connection: &mut AnyConnection, places: &Places, now: DateTime<Utc>) -> Result<(), Error> {
    let mut longest = None;
    for place in places.all() {
        longest = longest.max(attempts::find(connection, place)?.wait(now));
    }
    refuse(longest)
}

/// Counts a try as failed, before it is made. The change must hold the keys of the places.
///
/// # Errors
/// `TooMany`, with the seconds to wait, if it is not allowed; it is then not counted.
pub fn begin(change: &mut Change<'_>, places: &Places, now: DateTime<Utc>) -> Result<(), Error> {
    attempts::prune(change.connection, now - KEPT)?;
    let mut longest = None;
    let mut counted = Vec::new();
    for place in places.all() {
        let found = attempts::find(change.connection, place)?;
        longest = longest.max(found.wait(now));
        counted.push((place, found.after_failure(place.tried, now)));
    }
    refuse(longest)?;
    for (place, attempts) in counted {
        let locked = change.for_key(key(place))?;
        attempts::save(change.connection, locked, place, &attempts)?;
    }
    Ok(())
}

/// Uncounts a successful attempt: the failures of the user name are forgotten, the others of the address are not.
pub fn succeed(change: &mut Change<'_>, places: &Places) -> Result<(), Error> {
    for place in places.all() {
        let locked = change.for_key(key(place))?;
        match place.tried {
            Tried::Address => {
                let found = attempts::find(change.connection, place)?;
                attempts::save(change.connection, locked, place, &found.after_success(place.tried))?;
            }
            Tried::Account => attempts::forget(change.connection, locked, place)?,
        }
    }
    Ok(())
}

fn refuse(wait: Option<u32>) -> Result<(), Error> {
    match wait {
        None => Ok(()),
        Some(retry_after) => Err(Error::TooMany {
            code: "too_many_attempts",
            detail: message!("too-many-attempts", seconds = retry_after),
            retry_after,
        }),
    }
}
