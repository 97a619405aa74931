//! Telling a restored database of the revocations made since its backup.

use std::collections::BTreeMap;

use auth::revocations::{KeptRevocation, Revocation};
use base::error::Error;
use base::id::AccountId;
use db::locks::LockedAccounts;
use db::write::Change;
use domain::account::{AccountRecord, Closing};
use domain::revision::Revision;
use domain::session::EndReason;

/// Carries out again what the database does not have; returns how many revocations were new to it.
///
/// Of what may be taken back since, such as the closing of an account, only what was kept after the newest revision of the
/// database counts, and of each account the last.
pub fn apply(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    kept: &[KeptRevocation],
    newest: Revision,
) -> Result<usize, Error> {
    let mut applied = 0;
    let (mut closings, mut passwords) = (BTreeMap::<AccountId, &KeptRevocation>::new(), BTreeMap::new());
    for one in kept {
        match &one.revocation {
            Revocation::SessionEnded { session } => {
                applied += db::sessions::end(change.connection, *session, EndReason::SignedOut, one.at)?;
            }
            Revocation::DeviceWithdrawn { device, reason } => {
                if db::devices::find(change.connection, *device)?.is_some() {
                    let is_new = crate::sessions::withdraw_device(change, locked, *device, reason, one.at)?;
                    applied += usize::from(is_new);
                }
            }
            _ if one.revision <= newest => {}
            Revocation::AccountClosed { account, .. } | Revocation::AccountReopened { account } => {
                closings.insert(*account, one);
            }
            Revocation::PasswordChanged { account, .. } => {
                passwords.insert(*account, one);
            }
        }
    }
    for (account, one) in passwords.into_iter().chain(closings) {
        if let Some(found) = db::accounts::find(change.connection, account)? {
            applied += usize::from(apply_to_account(change, &found, one)?);
        }
    }
    Ok(applied)
}

fn apply_to_account(change: &mut Change<'_>, found: &AccountRecord, one: &KeptRevocation) -> Result<bool, Error> {
    let account = &found.account;
    match &one.revocation {
        Revocation::AccountClosed { reason, .. } if !account.closed => {
            let closing = Closing { at: one.at, reason: reason.clone() };
            db::accounts::set_closing(change, account, Some(&closing))?;
            db::sessions::end_all(change.connection, account.id, None, EndReason::AccountClosed, one.at)?;
            db::enrolments::withdraw_all(change, account.id, one.at)?;
        }
        Revocation::AccountReopened { .. } if account.closed => db::accounts::set_closing(change, account, None)?,
        Revocation::PasswordChanged { hash, session, .. } => {
            if db::accounts::password_hash(change.connection, account.id)? == *hash {
                return Ok(false);
            }
            db::accounts::set_password(change, account, hash.as_deref())?;
            db::sessions::end_all(change.connection, account.id, *session, EndReason::PasswordChanged, one.at)?;
        }
        _ => return Ok(false),
    }
    Ok(true)
}
