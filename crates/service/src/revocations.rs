//! Telling a restored database of the revocations made since its backup.

use std::collections::BTreeMap;

use auth::revocations::{KeptRevocation, Revocation};
use base::error::Error;
use base::id::{AccountId, SessionId};
use chrono::{DateTime, Utc};
use db::locks::LockedAccounts;
use db::write::Change;
use domain::account::Closing;
use domain::actor::{Subject, SubjectKind};
use domain::revision::Revision;
use domain::session::EndReason;

use crate::{accounts, clients, sessions};

/// Carries out again what the database does not have; returns the revocations that were new to it.
///
/// Of one subject, such as the password of an account, the last counts, if it was kept after the newest revision of the
/// database. The end of a session has no revision of its own: it may have been kept with the newest.
pub fn apply(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    kept: &[KeptRevocation],
    newest: Revision,
) -> Result<Vec<Revocation>, Error> {
    let last: BTreeMap<_, _> = kept.iter().map(|one| (one.revocation.subject(), one)).collect();
    let mut applied = Vec::new();
    for one in last.into_values() {
        let is_of_session = matches!(one.revocation, Revocation::SessionEnded { .. });
        let is_later = one.revision > newest || (is_of_session && one.revision == newest);
        if is_later && apply_one(change, locked, one)? {
            applied.push(one.revocation.clone());
        }
    }
    Ok(applied)
}

/// Carries one out; returns false where the database has it.
fn apply_one(change: &mut Change<'_>, locked: LockedAccounts<'_>, one: &KeptRevocation) -> Result<bool, Error> {
    let at = one.at;
    match &one.revocation {
        Revocation::SessionEnded { session } => {
            Ok(db::sessions::end(change.connection, *session, EndReason::SignedOut, at)? > 0)
        }
        Revocation::DeviceWithdrawn { device, reason } => {
            let is_known = db::devices::find(change.connection, *device)?.is_some();
            Ok(is_known && sessions::withdraw_device(change, locked, *device, reason, at)?)
        }
        Revocation::ClientClosed { client, reason } => match db::clients::find(change.connection, *client)? {
            Some(found) if found.client.closing.is_none() => {
                clients::end(change, &found.client, reason, at)?;
                Ok(true)
            }
            _ => Ok(false),
        },
        Revocation::ClientSecretReset { client, hash } => match db::clients::find(change.connection, *client)? {
            Some(found) if found.client.closing.is_none() && found.secret_hash != *hash => {
                clients::replace_secret(change, &found, hash, at)?;
                Ok(true)
            }
            _ => Ok(false),
        },
        Revocation::AccountClosed { account, reason } => close(change, *account, reason, at),
        Revocation::AccountReopened { account } => reopen(change, *account, at),
        Revocation::PasswordChanged { account, hash, session } => {
            set_password(change, *account, hash.as_deref(), *session, at)
        }
    }
}

fn close(change: &mut Change<'_>, account: AccountId, reason: &str, at: DateTime<Utc>) -> Result<bool, Error> {
    let found = db::accounts::find(change.connection, account)?;
    let Some(account) = found.map(|found| found.account).filter(|account| !account.closed) else { return Ok(false) };
    db::accounts::set_closing(change, &account, Some(&Closing { at, reason: reason.to_owned() }))?;
    accounts::shut_out(change, &account, EndReason::AccountClosed, at)?;
    Ok(true)
}

/// Opens an account that was closed at the time of the backup. One that was open then was closed since: its sessions ended.
fn reopen(change: &mut Change<'_>, account: AccountId, at: DateTime<Utc>) -> Result<bool, Error> {
    let Some(found) = db::accounts::find(change.connection, account)? else { return Ok(false) };
    if found.account.closed {
        db::accounts::set_closing(change, &found.account, None)?;
    } else {
        change.record(Subject::new(SubjectKind::Account, account));
        accounts::shut_out(change, &found.account, EndReason::AccountClosed, at)?;
    }
    Ok(true)
}

fn set_password(
    change: &mut Change<'_>,
    account: AccountId,
    hash: Option<&str>,
    session: Option<SessionId>,
    at: DateTime<Utc>,
) -> Result<bool, Error> {
    let Some(found) = db::accounts::find(change.connection, account)? else { return Ok(false) };
    if db::accounts::password_hash(change.connection, account)?.as_deref() == hash {
        return Ok(false);
    }
    db::accounts::set_password(change, &found.account, hash)?;
    match session {
        Some(session) => accounts::end_other_sessions(change, account, session, at)?,
        None => accounts::shut_out(change, &found.account, EndReason::PasswordChanged, at)?,
    }
    Ok(true)
}
