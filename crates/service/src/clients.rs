//! Client management by admins, for the places within their reach, and client authentication.

use chrono::{DateTime, Utc};

use super::id_reuse::require_same;
use super::reach::Manager;
use super::sessions;
use base::error::Error;
use base::id::{ClientId, SessionId};
use db::clients::StoredClient;
use db::connection::AnyConnection;
use db::locks::{LockedAccounts, SteadyAccounts};
use db::write::Change;
use domain::account::{Belongs, Closing, Role};
use domain::change::PutOutcome;
use domain::client::{Client, account_of};
use domain::scope::{Scope, ScopeSet};
use domain::session::EndReason;
use text::messages::message;

/// A client to be created.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its id, made by its creator.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Its scopes.
    pub scopes: ScopeSet,
    /// Its own quota in requests a minute, if it has one.
    pub requests_per_minute: Option<u32>,
    /// The hash of its secret.
    pub secret_hash: Vec<u8>,
    /// SHA-256 of the request.
    pub body_sha256: String,
}

/// Requires an admin who manages clients, with their rights at the moment of the change.
fn admin(change: &mut Change<'_>, locked: LockedAccounts<'_>) -> Result<Manager, Error> {
    let manager = Manager::of(change, locked)?;
    match manager.account().role {
        Role::Admin => Ok(manager),
        role => Err(sessions::role_not_allowed(role)),
    }
}

/// Finds a client within an admin's reach.
fn see(change: &mut Change<'_>, manager: &Manager, id: ClientId) -> Result<StoredClient, Error> {
    let found = db::clients::find(change.connection, id)?;
    found.filter(|found| manager.reaches(found.client.account.belongs)).ok_or(Error::NotFound("client"))
}

/// Creates a client, or finds that it exists already. `place` gives its organization or region, from that of the admin.
///
/// # Errors
/// `Conflict` if the id was used for another client; `Invalid` for scopes that its place does not allow; `Forbidden` for
/// a place beyond reach; the error of `place`.
pub fn save(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    new: &NewClient,
    place: impl FnOnce(&mut AnyConnection, Belongs) -> Result<Belongs, Error>,
    now: DateTime<Utc>,
) -> Result<PutOutcome, Error> {
    let manager = admin(change, locked)?;
    if let Some(stored) = db::clients::find(change.connection, new.id)? {
        let is_seen = manager.reaches(stored.client.account.belongs);
        require_same(stored.body_sha256, &new.body_sha256, is_seen, message!("client-id-reused"))?;
        return Ok(PutOutcome::Repeated);
    }
    let belongs = place(change.connection, manager.account().belongs)?;
    if matches!(belongs, Belongs::Region(_)) && new.scopes.contains(Scope::CountsWrite) {
        return Err(Error::invalid("/scopes", "organization_needed", message!("client-counts-need-organization")));
    }
    let account = account_of(new.id, &new.name, belongs);
    manager.require(&account)?;
    let client = Client {
        id: new.id,
        account,
        scopes: new.scopes.clone(),
        requests_per_minute: new.requests_per_minute,
        created_at: now,
        secret_since: now,
        last_used_at: None,
        closing: None,
    };
    db::clients::insert_account(change, &client)?;
    // Nobody receives the refresh token of this session: the client's secret is used instead.
    let session = sessions::open(change, client.account.id, None, now)?.session;
    let (secret_hash, body_sha256) = (new.secret_hash.clone(), new.body_sha256.clone());
    db::clients::insert(change, &StoredClient { client, session, secret_hash, body_sha256 })?;
    Ok(PutOutcome::Created)
}

/// Gives a client a new secret. The earlier one, and every token issued for it, ends.
///
/// # Errors
/// `NotFound` for a client beyond reach; `Conflict` for a closed client.
pub fn reset_secret(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    id: ClientId,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let manager = admin(change, locked)?;
    let stored = see(change, &manager, id)?;
    if stored.client.closing.is_some() {
        return Err(Error::conflict("client_is_closed", message!("client-is-closed")));
    }
    replace_secret(change, &stored, secret_hash, now)
}

/// Replaces the secret of a client, and ends its session.
pub(crate) fn replace_secret(
    change: &mut Change<'_>,
    stored: &StoredClient,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    db::sessions::end(change.connection, stored.session, EndReason::PasswordChanged, now)?;
    let session = sessions::open(change, stored.client.account.id, None, now)?.session;
    db::clients::replace_secret(change, stored.client.id, secret_hash, session, now)
}

/// Closes a client for good, and ends all its tokens; a closed client stays unchanged. Returns true if it closed one.
///
/// # Errors
/// `NotFound` for a client beyond reach.
pub fn close(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    id: ClientId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let manager = admin(change, locked)?;
    let client = see(change, &manager, id)?.client;
    if client.closing.is_some() {
        return Ok(false);
    }
    end(change, &client, reason, now)?;
    Ok(true)
}

/// Closes a client and ends its sessions.
pub(crate) fn end(change: &mut Change<'_>, client: &Client, reason: &str, now: DateTime<Utc>) -> Result<(), Error> {
    db::clients::close(change, client, &Closing { at: now, reason: reason.to_owned() })?;
    db::sessions::end_all(change.connection, client.account.id, None, None, EndReason::AccountClosed, now)?;
    Ok(())
}

/// The client with an id and a secret, with its session. `None` if there is none, if the secret is wrong, or if it was
/// closed: the three cannot be told apart.
pub fn authenticate(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    id: ClientId,
    secret_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<(Client, SessionId)>, Error> {
    let found = db::clients::find(change.connection, id)?;
    let Some(found) = found.filter(|found| found.secret_hash == secret_hash && found.client.closing.is_none()) else {
        return Ok(None);
    };
    db::clients::touch(change.connection, id, found.session, now)?;
    Ok(Some((found.client, found.session)))
}
