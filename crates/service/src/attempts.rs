//! Slowing down of guessing: each attempt is counted as a failure before it is made, so that parallel ones cannot
//! outrun the count, and taken back if it succeeds.

use chrono::{DateTime, Utc};

use auth::tokens::TokenKeys;
use base::error::Error;
use db::attempts::{self, AttemptKey};
use db::connection::AnyConnection;
use db::locks::Key;
use db::write::Change;
use domain::attempts::{MEMORY, Tried};
use text::messages::message;

/// The most parties whose failures are kept. A flood of names takes no more room, and its own come first to be forgotten.
const MOST: i64 = 20_000;

/// A party for whom an attempt counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its kind.
    pub tried: Tried,
    /// Its name, as a keyed hash.
    pub key_hash: Vec<u8>,
}

impl Party {
    /// A party by its name, of which only a keyed hash is kept: neither addresses nor names typed into the wrong field are
    /// stored.
    pub fn of(keys: &TokenKeys, tried: Tried, name: &str) -> Self {
        let name = format!("{}: {name}", <&str>::from(tried));
        Self { tried, key_hash: keys.secret_key("sign-in attempts").hash(&name) }
    }

    fn key(&self) -> AttemptKey<'_> {
        AttemptKey { tried: self.tried, key_hash: &self.key_hash }
    }

    fn lock(&self) -> Key {
        Key::attempts(self.tried, &self.key_hash)
    }
}

/// The parties for whom an attempt counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parties {
    /// Those at which it may have to wait.
    pub gates: Vec<Party>,
    /// Those for whom it only counts.
    pub counted: Vec<Party>,
}

impl Parties {
    fn all(&self) -> impl Iterator<Item = &Party> {
        self.gates.iter().chain(&self.counted)
    }

    /// A user name, for those who hold no secret of the account.
    pub fn of_account(keys: &TokenKeys, username: &str) -> Self {
        Self { gates: vec![Party::of(keys, Tried::Account, &username.to_lowercase())], counted: Vec::new() }
    }

    /// The keys under which attempts are counted there.
    pub fn keys(&self) -> Vec<Key> {
        self.all().map(Party::lock).collect()
    }
}

/// Requires that an attempt is allowed, without counting one.
///
/// # Errors
/// `TooMany`, with the seconds to wait.
pub fn require_free(connection: &mut AnyConnection, parties: &Parties, now: DateTime<Utc>) -> Result<(), Error> {
    let mut longest = None;
    for party in &parties.gates {
        longest = longest.max(attempts::find(connection, party.key())?.wait(now));
    }
    match longest {
        None => Ok(()),
        Some(retry_after) => Err(Error::TooMany {
            code: "too_many_attempts",
            detail: message!("too-many-attempts", seconds = retry_after),
            retry_after,
        }),
    }
}

/// Counts an attempt as failed, before it is made. The change must hold the keys of the parties.
///
/// # Errors
/// `TooMany`, with the seconds to wait, if it is not allowed; it is then not counted.
pub fn begin(change: &mut Change<'_>, parties: &Parties, now: DateTime<Utc>) -> Result<(), Error> {
    attempts::prune(change.connection, now - MEMORY, MOST)?;
    require_free(change.connection, parties, now)?;
    for party in parties.all() {
        let locked = change.for_key(party.lock())?;
        let found = attempts::find(change.connection, party.key())?;
        attempts::save(change.connection, locked, party.key(), &found.after_failure(party.tried, now))?;
    }
    Ok(())
}

/// Takes a successful attempt back: the failures of its account are forgotten, those of others at the same address are not.
pub fn succeed(change: &mut Change<'_>, parties: &Parties) -> Result<(), Error> {
    let mut own = 1;
    for party in parties.all().filter(|party| party.tried == Tried::AccountAtAddress) {
        own = own.max(attempts::find(change.connection, party.key())?.failures);
    }
    for party in parties.all() {
        let taken_back = if party.tried.is_forgotten() { i64::MAX } else { own };
        reduce(change, party, taken_back)?;
    }
    Ok(())
}

/// Takes back one attempt that was neither right nor wrong yet.
pub fn take_back(change: &mut Change<'_>, parties: &Parties) -> Result<(), Error> {
    parties.all().try_for_each(|party| reduce(change, party, 1))
}

fn reduce(change: &mut Change<'_>, party: &Party, taken_back: i64) -> Result<(), Error> {
    let locked = change.for_key(party.lock())?;
    let left = attempts::find(change.connection, party.key())?.without(taken_back, party.tried);
    if left.failures == 0 {
        attempts::forget(change.connection, locked, party.key())?;
    } else {
        attempts::save(change.connection, locked, party.key(), &left)?;
    }
    Ok(())
}
