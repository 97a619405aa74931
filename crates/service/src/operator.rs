//! Account management by the operator of the machine, for an admin who lost the password and has nobody else to ask.

use chrono::{DateTime, Utc};

use super::accounts;
use base::error::Error;
use db::connection::AnyConnection;
use db::locks::LockedAccounts;
use db::write::Change;
use domain::account::Account;
use domain::session::EndReason;
use text::messages::message;

/// A person's account by its user name.
///
/// # Errors
/// `NotFound` if there is none.
pub fn find(connection: &mut AnyConnection, username: &str) -> Result<Account, Error> {
    let found = db::accounts::find_by_username(connection, &username.to_lowercase())?;
    Ok(found.ok_or(Error::NotFound("account"))?.0)
}

/// Sets a password, ends all sessions of the account, and withdraws its codes.
///
/// # Errors
/// `NotFound` if there is no such account; `Conflict` if it is closed.
pub fn set_password(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    username: &str,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<Account, Error> {
    let account = find(change.connection, username)?;
    if account.closed {
        return Err(Error::conflict("account_is_closed", message!("account-is-closed")));
    }
    db::accounts::set_password(change, &account, Some(password_hash))?;
    accounts::shut_out(change, &account, None, EndReason::PasswordChanged, now)?;
    Ok(account)
}

/// Closes an account; a closed account stays unchanged. Returns true if it closed one.
///
/// # Errors
/// `NotFound` if there is no such account; `Conflict` for the last admin of a region.
pub fn close(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    username: &str,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let account = find(change.connection, username)?;
    accounts::end(change, locked, &account, reason, now)
}

/// Opens a closed account again. Returns true if it was closed.
///
/// # Errors
/// `NotFound` if there is no such account.
pub fn reopen(change: &mut Change<'_>, locked: LockedAccounts<'_>, username: &str) -> Result<bool, Error> {
    let account = find(change.connection, username)?;
    accounts::open_again(change, locked, &account)
}

/// Removes the second factor of an account. Returns true if it had one.
///
/// # Errors
/// `NotFound` if there is no such account.
pub fn reset_second_factor(change: &mut Change<'_>, _: LockedAccounts<'_>, username: &str) -> Result<bool, Error> {
    let account = find(change.connection, username)?;
    db::second_factors::remove(change, &account)
}
