//! Sessions: opened by a sign-in, carried on by refresh tokens, ended.

use chrono::{DateTime, TimeDelta, Utc};

use auth::refresh::RefreshToken;
use base::error::Error;
use base::id::{AccountId, DeviceId, SessionId};
use db::locks::{Key, LockedAccounts, SteadyAccounts};
use db::sessions::Family;
use db::write::Change;
use domain::account::Account;
use domain::actor::{Subject, SubjectKind};
use domain::device::Device;
use domain::session::EndReason;

pub use db::sessions::{closed, ended, role_not_allowed};

/// The result of a sign-in or refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The session.
    pub session: SessionId,
    /// The device and its name, if the holder named one.
    pub device: Option<(DeviceId, String)>,
    /// The refresh token to use next.
    pub refresh: RefreshToken,
}

/// Opens a session for an account, and registers the device if it is named.
pub fn open(
    change: &mut Change<'_>,
    account: AccountId,
    device_name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Grant, Error> {
    let (session, refresh) = (SessionId::new(), RefreshToken::generate());
    let hashes = (refresh.family_hash(), refresh.hash());
    db::sessions::insert(change.connection, session, account, &hashes.0, &hashes.1, now)?;
    let device = match device_name {
        None => None,
        Some(name) => {
            let (id, name) = (DeviceId::new(), name.to_owned());
            let device = Device {
                id,
                account,
                session,
                name: name.clone(),
                created_at: now,
                last_seen_at: now,
                withdrawn: None,
            };
            db::devices::insert(change, &device)?;
            Some((id, name))
        }
    };
    Ok(Grant { session, device, refresh })
}

/// Opens a session for an account whose password was right, unless account or password have changed in the meantime.
/// `rehashed` replaces the hash that was checked.
pub fn sign_in(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    account: AccountId,
    checked: &str,
    rehashed: Option<&str>,
    device_name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Grant>, Error> {
    let is_open = db::accounts::is_open(change.connection, account)?;
    if !is_open || db::accounts::password_hash(change.connection, account)?.as_deref() != Some(checked) {
        return Ok(None);
    }
    if let Some(new) = rehashed {
        db::accounts::replace_hash(change.connection, account, checked, new)?;
    }
    open(change, account, device_name, now).map(Some)
}

/// The outcome of a refresh. Ending a session is a change, so it is not an error of the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The session continues.
    Granted(Box<(Account, Grant)>),
    /// The session has ended, is unknown, or ended now because the token had been used before.
    Ended,
    /// The account was closed.
    Closed,
}

/// Continues a session with one of its refresh tokens, within `lifetime` of the last use.
///
/// Until its successor is first used, repeating a token returns the same successor, so that a lost answer locks nobody
/// out. After that, using it means that someone else has a copy, and the session is ended. Using an access token does
/// not count: two parts of an app may refresh at the same moment, and both continue with the same successor. A token of a
/// higher generation than the database knows is taken: the database was restored to a state before it.
pub fn refresh(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    token: &RefreshToken,
    lifetime: TimeDelta,
    now: DateTime<Utc>,
) -> Result<Refreshed, Error> {
    let Some(mut family) = family_of(change, token)? else { return Ok(Refreshed::Ended) };
    let standing = db::sessions::standing(change.connection, family.session)?;
    let standing = standing.ok_or(Error::Internal("a session vanished inside a transaction", None))?;
    if standing.account.closed {
        return Ok(Refreshed::Closed);
    }
    if family.ended || now - family.last_used_at > lifetime {
        return Ok(Refreshed::Ended);
    }
    let hash = token.hash();
    let successor = match &family.successor {
        Some((salt, _)) if hash == family.current_hash => token.successor(&salt_of(salt)?),
        successor => {
            let is_first_use = hash == family.current_hash;
            let is_successor = successor.as_ref().is_some_and(|(_, successor)| *successor == hash);
            // Authenticated by a key outside the database, which was restored to a state before this token.
            let is_ahead = token.generation() > family.generation;
            if !is_first_use && !is_successor && !is_ahead {
                change.record(Subject::new(SubjectKind::Session, family.session));
                db::sessions::end(change.connection, family.session, EndReason::TokenReused, now)?;
                return Ok(Refreshed::Ended);
            }
            let salt: [u8; 32] = rand::random();
            let successor = token.successor(&salt);
            family.generation = family.generation.max(token.generation());
            family.current_hash = hash;
            family.successor = Some((salt.to_vec(), successor.hash()));
            successor
        }
    };
    db::sessions::rotate(change.connection, &family, now)?;
    let grant = Grant { session: family.session, device: standing.device, refresh: successor };
    Ok(Refreshed::Granted(Box::new((standing.account, grant))))
}

/// The key under which the tokens of a session are used one after the other.
pub fn key_of(token: &RefreshToken) -> Key {
    Key::token_family(&token.family_hash())
}

fn family_of(change: &mut Change<'_>, token: &RefreshToken) -> Result<Option<Family>, Error> {
    let locked = change.for_key(key_of(token))?;
    Ok(db::sessions::find_family(change.connection, locked, &token.family_hash())?)
}

fn salt_of(stored: &[u8]) -> Result<[u8; 32], Error> {
    stored.try_into().map_err(|error| Error::internal("a stored salt has another length", error))
}

/// Ends the session of any refresh token of its family and returns it; one that is unknown or has ended stays unchanged.
pub fn sign_out(change: &mut Change<'_>, token: &RefreshToken, now: DateTime<Utc>) -> Result<Option<SessionId>, Error> {
    let Some(family) = family_of(change, token)? else { return Ok(None) };
    db::sessions::end(change.connection, family.session, EndReason::SignedOut, now)?;
    Ok(Some(family.session))
}

/// Withdraws a device and ends its session; a withdrawn one stays unchanged. Returns true if it did.
pub fn withdraw_device(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    id: DeviceId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let device = db::devices::find(change.connection, id)?.ok_or(Error::NotFound("device"))?;
    if device.withdrawn.is_some() {
        return Ok(false);
    }
    db::devices::withdraw(change, id, reason, now)?;
    db::sessions::end(change.connection, device.session, EndReason::DeviceWithdrawn, now)?;
    Ok(true)
}
