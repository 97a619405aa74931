//! The revocations that a restored database does not have, and carrying them out.

use std::collections::HashSet;

use auth::revocations::{KeptRevocation, Revocation, last_of_each};
use base::error::Error;
use base::id::{AccountId, SessionId};
use chrono::{DateTime, Utc};
use db::connection::AnyConnection;
use db::locks::LockedAccounts;
use db::write::Change;
use domain::account::Closing;
use domain::actor::Subject;
use domain::session::EndReason;

use crate::{accounts, clients, sessions};

/// The revocations that the database does not have: it does not know their change sets, its state differs, and it was not
/// changed later in the same respect. Of one subject, such as the password of an account, the last counts.
pub(super) fn missing(connection: &mut AnyConnection, kept: Vec<KeptRevocation>) -> Result<Vec<KeptRevocation>, Error> {
    let last = last_of_each(kept);
    let change_sets: Vec<_> = last.iter().filter_map(|one| Some(one.recorded?.change_set)).collect();
    let known = db::revisions::known_among(connection, &change_sets)?;
    let ended: Vec<_> = last.iter().filter_map(|one| session_of(&one.revocation)).collect();
    let open = db::sessions::open_among(connection, &ended)?;
    let mut missing = Vec::new();
    for one in last {
        let is_unknown = one.recorded.is_none_or(|recorded| !known.contains(&recorded.change_set));
        if is_unknown && differs(connection, &one.revocation, &open)? && !is_outdated(connection, &one)? {
            missing.push(one);
        }
    }
    Ok(missing)
}

fn session_of(revocation: &Revocation) -> Option<SessionId> {
    if let Revocation::SessionEnded { session, .. } = revocation { Some(*session) } else { None }
}

/// True if carrying out a revocation would change the database, which may lack the thing itself; `open` are the sessions that
/// have not ended.
fn differs(connection: &mut AnyConnection, revocation: &Revocation, open: &HashSet<SessionId>) -> Result<bool, Error> {
    Ok(match revocation {
        Revocation::SessionEnded { session, .. } => open.contains(session),
        Revocation::DeviceWithdrawn { device, .. } => {
            db::devices::find(connection, *device)?.is_some_and(|found| found.withdrawn.is_none())
        }
        Revocation::ContactErased { contact } => db::contacts::is_kept(connection, *contact)?,
        Revocation::ClientClosed { client, .. } => {
            db::clients::find(connection, *client)?.is_some_and(|found| found.client.closing.is_none())
        }
        Revocation::ClientSecretReset { client, hash } => db::clients::find(connection, *client)?
            .is_some_and(|found| found.client.closing.is_none() && found.secret_hash != *hash),
        Revocation::AccountClosed { account, .. } => {
            db::accounts::find(connection, *account)?.is_some_and(|found| !found.account.closed)
        }
        // Open or closed, it was closed since: its sessions ended.
        Revocation::AccountReopened { account } => db::accounts::find(connection, *account)?.is_some(),
        Revocation::PasswordChanged { account, hash, .. } => {
            db::accounts::find(connection, *account)?.is_some()
                && db::accounts::password_hash(connection, *account)? != *hash
        }
    })
}

/// True if the database was changed after a revocation in the same respect, such as by a command after a restore that did not
/// know of it. Sessions, devices and clients that have ended stay so: nothing is later than their end.
fn is_outdated(connection: &mut AnyConnection, one: &KeptRevocation) -> Result<bool, Error> {
    let Some((subject, field)) = respect(connection, &one.revocation)? else { return Ok(false) };
    Ok(db::audit::last_change_of(connection, &subject, field)?.is_some_and(|last| last > one.made_at()))
}

/// The value that a revocation changes and a later change may change again, as the audit names it.
fn respect(connection: &mut AnyConnection, revocation: &Revocation) -> Result<Option<(Subject, &'static str)>, Error> {
    let (account, field) = match revocation {
        Revocation::AccountClosed { account, .. } | Revocation::AccountReopened { account } => (account, "closed"),
        Revocation::PasswordChanged { account, .. } => (account, "password"),
        Revocation::ClientSecretReset { client, .. } => return Ok(Some((db::clients::subject(*client), "secret"))),
        Revocation::SessionEnded { .. }
        | Revocation::DeviceWithdrawn { .. }
        | Revocation::ContactErased { .. }
        | Revocation::ClientClosed { .. } => return Ok(None),
    };
    Ok(db::accounts::find(connection, *account)?.map(|found| (db::accounts::subject(&found.account), field)))
}

/// Carries out one of the revocations that [`missing`] returns. Sessions, codes and secrets of devices that are newer than it
/// stay, unless the account is closed now.
///
/// # Errors
/// `NotFound` if the database does not have its subject.
pub(super) fn carry_out(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    one: &KeptRevocation,
) -> Result<(), Error> {
    let at = one.at;
    match &one.revocation {
        Revocation::SessionEnded { session, .. } => {
            db::sessions::end(change.connection, *session, EndReason::SignedOut, at)?;
            Ok(())
        }
        Revocation::DeviceWithdrawn { device, reason, .. } => {
            sessions::withdraw_device(change, locked, *device, reason, at).map(drop)
        }
        Revocation::ContactErased { contact } => {
            db::contacts::erase(change.connection, &[*contact], at, None)?;
            Ok(())
        }
        Revocation::ClientClosed { client, reason } => {
            let found = db::clients::find(change.connection, *client)?.ok_or(Error::NotFound("client"))?;
            clients::end(change, &found.client, reason, at)
        }
        Revocation::ClientSecretReset { client, hash } => {
            let found = db::clients::find(change.connection, *client)?.ok_or(Error::NotFound("client"))?;
            clients::replace_secret(change, &found, hash, at)
        }
        Revocation::AccountClosed { account, reason } => close(change, *account, reason, at),
        Revocation::AccountReopened { account } => reopen(change, *account, at),
        Revocation::PasswordChanged { account, hash, session } => {
            set_password(change, *account, hash.as_deref(), *session, at)
        }
    }
}

fn close(change: &mut Change<'_>, account: AccountId, reason: &str, at: DateTime<Utc>) -> Result<(), Error> {
    let found = db::accounts::find(change.connection, account)?.ok_or(Error::NotFound("account"))?;
    db::accounts::set_closing(change, &found.account, Some(&Closing { at, reason: reason.to_owned() }))?;
    // A closed account has no session, whenever it was opened: it would be there again once the account is opened again.
    accounts::shut_out(change, &found.account, None, EndReason::AccountClosed, at)
}

/// Opens an account that was closed at the time of the backup. One that was open then was closed since: its sessions ended.
fn reopen(change: &mut Change<'_>, account: AccountId, at: DateTime<Utc>) -> Result<(), Error> {
    let found = db::accounts::find(change.connection, account)?.ok_or(Error::NotFound("account"))?;
    if found.account.closed {
        return db::accounts::set_closing(change, &found.account, None);
    }
    change.record(db::accounts::subject(&found.account));
    accounts::shut_out(change, &found.account, Some(at), EndReason::AccountClosed, at)
}

fn set_password(
    change: &mut Change<'_>,
    account: AccountId,
    hash: Option<&str>,
    session: Option<SessionId>,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let found = db::accounts::find(change.connection, account)?.ok_or(Error::NotFound("account"))?;
    db::accounts::set_password(change, &found.account, hash)?;
    match session {
        Some(session) => accounts::end_other_sessions(change, account, session, Some(at), at),
        None => accounts::shut_out(change, &found.account, Some(at), EndReason::PasswordChanged, at),
    }
}
