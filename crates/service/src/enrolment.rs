//! Enrolments: one-time codes from an officer that sign a device in.

use chrono::{DateTime, Utc};

use super::accounts::Manager;
use super::sessions::{self, Grant};
use base::error::Error;
use base::id::EnrolmentId;
use db::locks::{Key, LockedAccounts, SteadyAccounts};
use db::write::Change;
use domain::account::Account;
use domain::enrolment::Enrolment;
use text::messages::message;

/// Stores an enrolment for an account that the manager manages, or for the manager's own.
///
/// # Errors
/// `NotFound` and `Forbidden` as for any other change of an account; `Conflict` if the account is closed.
pub fn issue(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    enrolment: &Enrolment,
    code_hash: &[u8],
) -> Result<Account, Error> {
    let manager = Manager::of(change, locked)?;
    let record = manager.see(change.connection, enrolment.account)?;
    if record.account.id != manager.account().id {
        manager.require(&record.account)?;
    }
    if record.account.closed {
        return Err(Error::Conflict { code: "account_is_closed", detail: message!("account-is-closed"), hashes: None });
    }
    db::enrolments::insert(change, enrolment, code_hash)?;
    Ok(record.account)
}

/// Withdraws an enrolment of an account that the manager manages, or of the manager's own. Returns true if it was open.
///
/// # Errors
/// `NotFound` and `Forbidden` as for any other change of an account; `Conflict` if the code was already used: the
/// device must be withdrawn instead.
pub fn withdraw(
    change: &mut Change<'_>,
    locked: LockedAccounts<'_>,
    id: EnrolmentId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let manager = Manager::of(change, locked)?;
    let not_found = || Error::NotFound("enrolment");
    let enrolment = db::enrolments::find(change.connection, id)?.ok_or_else(not_found)?;
    let record = manager.see(change.connection, enrolment.account).map_err(|error| match error {
        Error::NotFound(_) => not_found(),
        error => error,
    })?;
    if record.account.id != manager.account().id {
        manager.require(&record.account)?;
    }
    let withdrawn = db::enrolments::withdraw(change, id, now)?;
    let used = db::enrolments::find(change.connection, id)?.is_some_and(|enrolment| enrolment.used_at.is_some());
    if used {
        return Err(Error::Conflict { code: "enrolment_used", detail: message!("enrolment-used"), hashes: None });
    }
    Ok(withdrawn)
}

/// Signs a device in by the hash of a code. `None` for a code that is wrong, used, withdrawn or expired, or whose
/// account was closed: the four are indistinguishable.
pub fn enrol(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    code_hash: &[u8],
    device_name: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Account, Grant)>, Error> {
    let code = change.for_key(Key::enrolment_code(code_hash))?;
    let Some(enrolment) = db::enrolments::find_by_code(change.connection, code, code_hash)? else { return Ok(None) };
    let record = db::accounts::find(change.connection, enrolment.account)?;
    let Some(record) = record.filter(|record| !record.account.closed && enrolment.is_open(now)) else {
        return Ok(None);
    };
    let grant = sessions::open(change, enrolment.account, Some(device_name), now)?;
    if let Some((device, _)) = &grant.device {
        db::enrolments::mark_used(change, enrolment.id, *device, now)?;
    }
    Ok(Some((record.account, grant)))
}
