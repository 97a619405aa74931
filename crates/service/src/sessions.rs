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

/// What somebody who signed in is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The session.
    pub session: SessionId,
    /// The device and its name, where its holder named one.
    pub device: Option<(DeviceId, String)>,
    /// The refresh token to use next.
    pub refresh: RefreshToken,
}

/// Opens a session for an account, on a device where it is named.
pub fn open(
    change: &mut Change<'_>,
    account: AccountId,
    device_name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Grant, Error> {
    let (session, refresh) = (SessionId::new(), RefreshToken::generate());
    let hashes = (refresh.family_hash(), refresh.hash());
    db::sessions::insert(change.connection, (session, account), (&hashes.0, &hashes.1), now)?;
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

/// Opens a session for an account whose password was found right, unless account or password changed meanwhile.
/// `rehashed` is stored in place of the hash that was checked.
pub fn sign_in(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    account: AccountId,
    (checked, rehashed): (&str, Option<&str>),
    device_name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Option<Grant>, Error> {
    let is_open = db::accounts::is_open(change.connection, account)?;
    if !is_open || db::accounts::password_hash(change.connection, account)?.as_deref() != Some(checked) {
        return Ok(None);
    }
    if let Some(new) = rehashed {
        db::accounts::replace_hash(change.connection, account, (checked, new))?;
    }
    open(change, account, device_name, now).map(Some)
}

/// What became of a refresh. That a session was ended is a change, so it is no error of the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The session goes on.
    Granted(Box<(Account, Grant)>),
    /// The session has ended, is not known, or ended now because the token had been used before.
    Ended,
    /// The account was closed.
    Closed,
}

/// Carries a session on by one of its refresh tokens, within `lifetime` of the last use.
///
/// The token that was used last gives the same successor again until that one is used here, so that a lost answer locks
/// nobody out; after that its use means that somebody else has a copy, and the session is ended. The use of an access
/// token does not count: two parts of an app may refresh at the same moment, and both go on with the same successor.
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
            if !is_first_use && !is_successor {
                change.record(Subject::new(SubjectKind::Session, family.session));
                db::sessions::end(change.connection, family.session, EndReason::TokenReused, now)?;
                return Ok(Refreshed::Ended);
            }
            let salt: [u8; 32] = rand::random();
            let successor = token.successor(&salt);
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

/// Ends the session of a refresh token, whichever of its family it is; one that is not known, or ended before, stays as
/// it is.
pub fn sign_out(change: &mut Change<'_>, token: &RefreshToken, now: DateTime<Utc>) -> Result<(), Error> {
    if let Some(family) = family_of(change, token)? {
        db::sessions::end(change.connection, family.session, EndReason::SignedOut, now)?;
    }
    Ok(())
}

/// Withdraws a device and ends its session; one that was withdrawn before stays as it is. Answers whether it did.
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
