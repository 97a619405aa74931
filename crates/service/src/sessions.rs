//! Sessions: opened by a sign-in, continued by refresh tokens, ended.

use chrono::{DateTime, Utc};

use auth::random_secret::RandomSecret;
use auth::refresh::RefreshToken;
use base::error::Error;
use base::id::{AccountId, DeviceId, SessionId};
use db::locks::{Key, LockedAccounts, SteadyAccounts};
use db::sessions::Family;
use db::write::Change;
use domain::account::Account;
use domain::actor::{Subject, SubjectKind};
use domain::audit::ValueChange;
use domain::device::Device;
use domain::session::{EndReason, Lapse, Lifetimes};
use text::messages::message;

pub use db::sessions::{closed, ended, role_not_allowed};

/// The result of a sign-in or refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The session.
    pub session: SessionId,
    /// The device and its name, if the holder named one.
    pub device: Option<(DeviceId, String)>,
    /// The time of the sign-in.
    pub opened_at: DateTime<Utc>,
    /// The refresh token to use next.
    pub refresh: RefreshToken,
    /// The secret to send with the next sign-in; `None` for a refresh.
    pub device_token: Option<RandomSecret>,
}

/// A device that signs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewDevice {
    /// Its name, under which it is listed.
    pub name: Option<String>,
    /// The secret that it keeps from an earlier sign-in.
    pub token: Option<RandomSecret>,
}

/// Opens a session for an account, and registers the device if it is named.
pub fn open(
    change: &mut Change<'_>,
    account: AccountId,
    device_name: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Grant, Error> {
    open_with(change, account, device_name, RefreshToken::generate(), now)
}

/// Opens a session with a given first refresh token.
fn open_with(
    change: &mut Change<'_>,
    account: AccountId,
    device_name: Option<&str>,
    refresh: RefreshToken,
    now: DateTime<Utc>,
) -> Result<Grant, Error> {
    let session = SessionId::new();
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
    Ok(Grant { session, device, opened_at: now, refresh, device_token: None })
}

/// Opens a session for a sign-in. If a seed is given, the refresh token and the device's secret are derived from it. A
/// device that already has a secret of the account keeps it.
pub(crate) fn open_on_device(
    change: &mut Change<'_>,
    account: AccountId,
    device: &NewDevice,
    seed: Option<&[u8; 32]>,
    now: DateTime<Utc>,
) -> Result<Grant, Error> {
    let refresh = seed.map_or_else(RefreshToken::generate, RefreshToken::of_seed);
    let grant = open_with(change, account, device.name.as_deref(), refresh, now)?;
    let kept = match &device.token {
        Some(token) if db::device_tokens::find(change.connection, &token.hash())? == Some(account) => {
            Some(token.clone())
        }
        _ => None,
    };
    let token = kept.unwrap_or_else(|| seed.map_or_else(RandomSecret::generate, RandomSecret::of_seed));
    db::device_tokens::keep(change.connection, &token.hash(), account, grant.session, now)?;
    Ok(Grant { device_token: Some(token), ..grant })
}

/// Opens a session for an account whose password was right, unless account or password have changed in the meantime.
/// `rehashed` replaces the hash that was checked.
pub fn sign_in(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    account: AccountId,
    checked: &str,
    rehashed: Option<&str>,
    device: &NewDevice,
    now: DateTime<Utc>,
) -> Result<Option<Grant>, Error> {
    let is_open = db::accounts::is_open(change.connection, account)?;
    if !is_open || db::accounts::password_hash(change.connection, account)?.as_deref() != Some(checked) {
        return Ok(None);
    }
    if let Some(new) = rehashed {
        db::accounts::replace_hash(change.connection, account, checked, new)?;
    }
    open_on_device(change, account, device, None, now).map(Some)
}

/// The outcome of a refresh. Ending a session is a change, so it is not an error of the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// The session continues.
    Granted(Box<(Account, Grant)>),
    /// The session has ended or is unknown.
    Ended,
    /// The session ended now, because the token had been used before.
    Reused(SessionId, AccountId),
    /// The session is over because its sign-in was too long ago.
    Expired,
    /// The account was closed.
    Closed,
}

/// A use of a refresh token.
#[derive(Clone, Debug)]
pub struct RefreshUse {
    /// The token.
    pub token: RefreshToken,
    /// The hash of the key that the client sent with it.
    pub key_hash: Option<Vec<u8>>,
    /// The time at which the request arrived.
    pub arrived_at: DateTime<Utc>,
}

/// Continues a session with one of its refresh tokens, within its lifetimes.
///
/// Until its successor is first used, repeating a token returns the same successor, so that a lost answer locks nobody
/// out. After that, using it means that someone else has a copy, and the session is ended; so is the session in which
/// each token is used twice ([`TokenUse`](domain::session::TokenUse)). Using an access token does not count: two parts of
/// an app may refresh at the same moment, and both continue with the same successor. A token of a higher generation than
/// the database knows is taken: the database was restored to a state before it.
pub fn refresh(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    used: &RefreshUse,
    lifetimes: &Lifetimes,
    now: DateTime<Utc>,
) -> Result<Refreshed, Error> {
    let token = &used.token;
    let Some(mut family) = family_of(change, token)? else { return Ok(Refreshed::Ended) };
    let found = db::sessions::state(change.connection, family.session)?;
    let found = found.ok_or(Error::Internal("a session vanished inside a transaction", None))?;
    if found.account.closed {
        return Ok(Refreshed::Closed);
    }
    if family.ended {
        return Ok(Refreshed::Ended);
    }
    match lifetimes.lapse(found.opened_at, found.last_used_at, now) {
        Some(Lapse::Total) => return Ok(Refreshed::Expired),
        Some(Lapse::Idle) => return Ok(Refreshed::Ended),
        None => {}
    }
    let Some(successor) = successor_of(&mut family, used, now)? else {
        let values = [
            ValueChange::new("account", found.account.id),
            ValueChange::new("reason", <&str>::from(EndReason::TokenReused)),
        ];
        change.record_values(Subject::new(SubjectKind::Session, family.session), values);
        db::sessions::end(change.connection, family.session, EndReason::TokenReused, now)?;
        return Ok(Refreshed::Reused(family.session, family.account));
    };
    db::sessions::rotate(change.connection, &family, now)?;
    let grant = Grant {
        session: family.session,
        device: found.device,
        opened_at: found.opened_at,
        refresh: successor,
        device_token: None,
    };
    Ok(Refreshed::Granted(Box::new((found.account, grant))))
}

/// The token that follows the one used. `family` is updated for it; `None` if somebody else has a copy.
fn successor_of(family: &mut Family, used: &RefreshUse, now: DateTime<Utc>) -> Result<Option<RefreshToken>, Error> {
    let hash = used.token.hash();
    if let Some((salt, _)) = &family.successor
        && hash == family.current_hash
    {
        let Some(token_use) = family.token_use.again(used.key_hash.as_deref(), used.arrived_at) else {
            return Ok(None);
        };
        family.token_use = token_use;
        return Ok(Some(used.token.successor(&salt_of(salt)?)));
    }
    let is_first_use = hash == family.current_hash;
    let is_successor = family.successor.as_ref().is_some_and(|(_, successor)| *successor == hash);
    // Authenticated by a key outside the database, which was restored to a state before this token.
    let is_ahead = used.token.generation() > family.generation;
    if !is_first_use && !is_successor && !is_ahead {
        return Ok(None);
    }
    let salt: [u8; 32] = rand::random();
    let successor = used.token.successor(&salt);
    family.generation = family.generation.max(used.token.generation());
    family.current_hash = hash;
    family.successor = Some((salt.to_vec(), successor.hash()));
    family.token_use = family.token_use.next(used.key_hash.clone(), now);
    Ok(Some(successor))
}

/// The error of a refresh of a session whose sign-in was too long ago.
pub fn expired() -> Error {
    Error::Unauthenticated { code: "session_expired", detail: message!("session-expired") }
}

/// The session that was opened with a given first refresh token, as long as no later token was used; `None` otherwise.
pub(crate) fn first_use_of(
    change: &mut Change<'_>,
    session: SessionId,
    first: RefreshToken,
) -> Result<Option<Grant>, Error> {
    let family = family_of(change, &first)?;
    if !family.is_some_and(|family| family.session == session && !family.ended && family.current_hash == first.hash()) {
        return Ok(None);
    }
    let found = db::sessions::state(change.connection, session)?;
    Ok(found.map(|found| Grant {
        session,
        device: found.device,
        opened_at: found.opened_at,
        refresh: first,
        device_token: None,
    }))
}

/// The key that keeps other writes from using the tokens of a session at the same time.
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

/// Ends the session of any refresh token of its family; an unknown or ended session stays unchanged. Returns the session that
/// it ended, and its account.
pub fn sign_out(
    change: &mut Change<'_>,
    token: &RefreshToken,
    now: DateTime<Utc>,
) -> Result<Option<(SessionId, AccountId)>, Error> {
    let Some(family) = family_of(change, token)? else { return Ok(None) };
    let ended = db::sessions::end(change.connection, family.session, EndReason::SignedOut, now)?;
    Ok((ended > 0).then_some((family.session, family.account)))
}

/// Withdraws a device and ends its session; a withdrawn device stays unchanged. Returns true if it withdrew one.
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
    db::device_tokens::forget_of_session(change.connection, device.session)?;
    Ok(true)
}
