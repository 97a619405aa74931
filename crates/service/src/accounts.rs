//! Account management: an admin manages all accounts of its region and below, an officer quartermasters. Nobody can
//! raise their own rights.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::reach::Manager;
use crate::unavailable;
use base::error::Error;
use base::id::{AccountId, RegionId, SessionId};
use db::connection::AnyConnection;
use db::locks::LockedAccounts;
use db::write::Change;
use domain::account::{Account, Belongs, Closing, Role};
use domain::change::UNAVAILABLE;
use domain::enrolment::Enrolment;
use domain::password::Known;
use domain::region::chain;
use domain::revision::Revision;
use domain::session::EndReason;
use text::messages::{Message, message};

/// The maximum number of names with which a new password is compared.
const MOST_NAMES: usize = 12;

/// The words that others know of the holder of an account, which its password must not be made of.
pub fn known_of(connection: &mut AnyConnection, account: &Account) -> Result<Known, Error> {
    let mut of_place = Vec::new();
    match account.belongs {
        Belongs::Organization(_) => {
            for organization in db::organizations::list_visible(connection, account.belongs, Revision::LATEST)? {
                of_place.push(organization.code);
                let versions = organization.versions.into_iter().map(|dated| dated.value);
                of_place.extend(versions.flat_map(|version| [version.name_en, version.name_zh]));
            }
        }
        Belongs::Region(id) => {
            let regions = db::regions::list(connection, Revision::LATEST)?;
            for region in regions.into_iter().filter(|region| region.id == id) {
                of_place.push(region.code);
                let versions = region.versions.into_iter().map(|dated| dated.value);
                of_place.extend(versions.flat_map(|version| [version.name_en, version.name_zh]));
            }
        }
    }
    // If a place was renamed often, its latest names.
    let names =
        std::iter::once(account.display_name.clone()).chain(of_place.into_iter().rev().take(MOST_NAMES)).collect();
    Ok(Known { username: account.username.clone(), names })
}

fn conflict(code: &'static str, detail: Message) -> Error {
    Error::conflict(code, detail)
}

/// The outcome of saving an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It was created.
    Created,
    /// It already was as sent; nothing was changed.
    Repeated,
    /// It was changed.
    Changed,
}

/// Creates an account under the client's id, or changes one; a repeat changes nothing. The refusal of a user name that is
/// not available is the inner error: it is counted in the same write, which must be committed.
///
/// `password_hash` is for a new account. Before an existing account is changed, `require_state` is called with the
/// revision of its last change.
///
/// # Errors
/// `Forbidden` if the manager may not manage the account, before or after the change; `Conflict` for another user name of
/// an existing account; `NotFound` for an id of an account beyond reach; `TooMany` after too many names that were not
/// available.
pub fn save(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    account: &Account,
    password_hash: Option<&str>,
    require_state: impl Fn(Revision) -> Result<(), Error>,
    now: DateTime<Utc>,
) -> Result<Result<Saved, Error>, Error> {
    let manager = Manager::of(change, locked)?;
    let Some(stored) = db::accounts::find(change.connection, account.id)? else {
        manager.require(account)?;
        // Nobody signs in to a client's account, and it cannot be found in any other way either.
        if db::clients::has_account(change.connection, account.id)? {
            return Err(Error::NotFound("account"));
        }
        unavailable::require_left(change.connection, Some(manager.account().id), now)?;
        if let Some((taken, _)) = db::accounts::find_by_username(change.connection, &account.username)? {
            unavailable::count(change, 1, now)?;
            return Ok(Err(conflict(UNAVAILABLE, manager.why_unavailable(&taken))));
        }
        db::accounts::insert(change, account, password_hash, now)?;
        return Ok(Ok(Saved::Created));
    };
    let stored = manager.see(change.connection, stored.account.id)?.account;
    manager.require(&stored)?;
    manager.require(account)?;
    if stored == (Account { closed: stored.closed, ..account.clone() }) {
        return Ok(Ok(Saved::Repeated));
    }
    require_state(db::audit::last_change(change.connection, &db::accounts::subject(&stored))?)?;
    if stored.username != account.username {
        return Err(conflict("username_fixed", message!("username-fixed")));
    }
    if password_hash.is_some() {
        return Err(conflict("password_not_changed_here", message!("password-not-changed-here")));
    }
    if (stored.role, stored.belongs) != (account.role, account.belongs) {
        manager.require_other(stored.id)?;
    }
    db::accounts::update(change, account)?;
    Ok(Ok(Saved::Changed))
}

/// Closes an account, ends its sessions and withdraws its codes; a closed account stays unchanged. Returns true if it
/// closed one.
///
/// # Errors
/// `Conflict` for the last admin of a region: nobody could create another.
pub fn close(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    id: AccountId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let manager = Manager::of(change, locked)?;
    let account = manager.see(change.connection, id)?.account;
    manager.require(&account)?;
    end(change, locked, &account, reason, now)
}

/// Closes an account that may be closed, and deletes its count drafts; a closed account stays unchanged. Returns true if it closed one.
pub(crate) fn end(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    account: &Account,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    if account.closed {
        return Ok(false);
    }
    require_another_admin(change.connection, account)?;
    let closing = Closing { at: now, reason: reason.to_owned() };
    db::accounts::set_closing(change, account, Some(&closing))?;
    db::count_drafts::forget_all(change.connection, account.id)?;
    shut_out(change, account, None, EndReason::AccountClosed, now)?;
    Ok(true)
}

/// Ends the sessions of an account, withdraws its codes and deletes the secrets of its devices; with `until`, those of that
/// instant or before.
pub(crate) fn shut_out(
    change: &mut Change<'_>,
    account: &Account,
    until: Option<DateTime<Utc>>,
    reason: EndReason,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    db::sessions::end_all(change.connection, account.id, None, until, reason, now)?;
    db::device_tokens::forget_all(change.connection, account.id, None, until)?;
    db::enrolments::withdraw_all(change, account.id, until, now)
}

/// Requires that an admin is not the last open one for its region, counting those of the regions above.
fn require_another_admin(connection: &mut AnyConnection, closing: &Account) -> Result<(), Error> {
    let (Role::Admin, Belongs::Region(region)) = (closing.role, closing.belongs) else { return Ok(()) };
    let regions = db::regions::list(connection, Revision::LATEST)?;
    let above: BTreeSet<RegionId> = chain(&regions, region).into_iter().map(|region| region.id).collect();
    let others = db::accounts::list(connection)?.into_iter().map(|record| record.account).any(|other| {
        let is_above = matches!(other.belongs, Belongs::Region(region) if above.contains(&region));
        other.id != closing.id && other.role == Role::Admin && !other.closed && is_above
    });
    if others { Ok(()) } else { Err(conflict("last_admin", message!("last-admin"))) }
}

/// Opens a closed account again; its sessions stay ended. Returns true if it was closed.
pub fn reopen(change: &mut Change<'_>, locked: LockedAccounts<'_>, id: AccountId) -> Result<bool, Error> {
    let manager = Manager::of(change, locked)?;
    let account = manager.see(change.connection, id)?.account;
    manager.require(&account)?;
    open_again(change, locked, &account)
}

/// Opens an account that may be opened again. Returns true if it was closed.
pub(crate) fn open_again(change: &mut Change<'_>, _: LockedAccounts<'_>, account: &Account) -> Result<bool, Error> {
    if account.closed {
        db::accounts::set_closing(change, account, None)?;
    }
    Ok(account.closed)
}

/// Removes an account's password, ends its sessions, and stores an enrolment that replaces its earlier ones.
///
/// # Errors
/// `Forbidden` for one's own account, whose holder changes the password instead; `Conflict` if it is closed.
pub fn reset_password(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    enrolment: &Enrolment,
    code_hash: &[u8],
) -> Result<Account, Error> {
    let manager = Manager::of(change, locked)?;
    let account = manager.see(change.connection, enrolment.account)?.account;
    manager.require(&account)?;
    manager.require_other(account.id)?;
    db::accounts::set_password(change, &account, None)?;
    shut_out(change, &account, None, EndReason::PasswordChanged, enrolment.created_at)?;
    super::enrolment::issue(change, locked, enrolment, code_hash)
}

/// Sets the password chosen by an account's holder, and ends its other sessions.
///
/// # Errors
/// `Conflict` if the password is no longer the one that was checked.
pub fn change_password(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    account: &Account,
    session: SessionId,
    checked: Option<&str>,
    new: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if db::accounts::password_hash(change.connection, account.id)?.as_deref() != checked {
        return Err(conflict("password_changed_meanwhile", message!("password-changed-meanwhile")));
    }
    db::accounts::set_password(change, account, Some(new))?;
    end_other_sessions(change, account.id, session, None, now)
}

/// Ends the sessions of an account but the one in which its password was changed, and forgets the secrets of their devices;
/// with `until`, those of that instant or before.
pub(crate) fn end_other_sessions(
    change: &mut Change<'_>,
    account: AccountId,
    session: SessionId,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    db::sessions::end_all(change.connection, account, Some(session), until, EndReason::PasswordChanged, now)?;
    db::device_tokens::forget_all(change.connection, account, Some(session), until)?;
    Ok(())
}
