//! Enrolments: one-time codes from an officer that sign a device in.

use chrono::{DateTime, Utc};

use super::reach::Manager;
use super::second_factor::{FactorCode, Shown};
use super::sessions::{self, Grant, NewDevice};
use auth::random_secret::RandomSecret;
use auth::refresh::RefreshToken;
use auth::tokens::TokenKeys;
use base::error::Error;
use base::id::{DeviceId, EnrolmentId};
use db::locks::{Key, LockedAccounts, SteadyAccounts};
use db::write::Change;
use domain::account::Account;
use domain::enrolment::{Enrolment, EnrolmentCode};
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
    add(change, locked, &record.account, enrolment, code_hash)?;
    Ok(record.account)
}

/// Stores an enrolment for an account that may have one.
///
/// # Errors
/// `Conflict` if the account is closed.
pub fn add(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    account: &Account,
    enrolment: &Enrolment,
    code_hash: &[u8],
) -> Result<(), Error> {
    if account.closed {
        return Err(Error::conflict("account_is_closed", message!("account-is-closed")));
    }
    db::enrolments::insert(change, enrolment, code_hash)
}

/// The keyed hash of a code, as stored; a code is too short for a plain hash. Text that cannot be a code gets a hash that no
/// code has.
pub fn code_hash(keys: &TokenKeys, code: Option<&EnrolmentCode>) -> Vec<u8> {
    keys.secret_key("enrolment codes").hash(code.map_or("", EnrolmentCode::letters))
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
        return Err(Error::conflict("enrolment_used", message!("enrolment-used")));
    }
    Ok(withdrawn)
}

/// A one-time code that a device sends.
#[derive(Clone, Debug)]
pub struct UsedCode {
    /// The hash of the code.
    pub code_hash: Vec<u8>,
    /// The device.
    pub device: NewDevice,
    /// The seed of the session, if the device sent a key with the code. The same key and code give the same seed.
    pub seed: Option<[u8; 32]>,
}

impl UsedCode {
    /// The keys that keep other writes from using the code and its session at the same time.
    pub fn keys(&self) -> Vec<Key> {
        let session = self.seed.map(|seed| sessions::key_of(&RefreshToken::of_seed(&seed)));
        std::iter::once(Key::enrolment_code(&self.code_hash)).chain(session).collect()
    }
}

/// The outcome of a sign-in with a code.
#[derive(Clone, Debug)]
pub enum Enrolled {
    /// The device is signed in.
    Granted(Box<(Account, Grant)>),
    /// The code is right, and the account's second factor is missing or wrong. The code is not used up.
    SecondFactor(Shown),
    /// The code is wrong, used, withdrawn or expired, or its account was closed: the four are indistinguishable.
    NotAccepted,
}

/// Signs a device in by a code.
///
/// A device that sent a key with its code may repeat the request while the code is valid: it gets the same session.
/// Nobody else can.
pub fn enrol(
    change: &mut Change<'_>,
    _: SteadyAccounts<'_>,
    used: &UsedCode,
    second_factor: &FactorCode<'_>,
    now: DateTime<Utc>,
) -> Result<Enrolled, Error> {
    let code = change.for_key(Key::enrolment_code(&used.code_hash))?;
    let Some(enrolment) = db::enrolments::find_by_code(change.connection, code, &used.code_hash)? else {
        return Ok(Enrolled::NotAccepted);
    };
    let record = db::accounts::find(change.connection, enrolment.account)?;
    let Some(account) = record.map(|record| record.account).filter(|account| !account.closed) else {
        return Ok(Enrolled::NotAccepted);
    };
    if let (Some(device), Some(seed)) = (enrolment.device, &used.seed) {
        let repeated = if now < enrolment.expires_at { repeat(change, device, used, seed)? } else { None };
        return Ok(repeated.map_or(Enrolled::NotAccepted, |grant| Enrolled::Granted(Box::new((account, grant)))));
    }
    if !enrolment.is_open(now) {
        return Ok(Enrolled::NotAccepted);
    }
    let shown = second_factor.check(change, &account, now)?;
    if shown != Shown::Enough {
        return Ok(Enrolled::SecondFactor(shown));
    }
    let grant = sessions::open_on_device(change, enrolment.account, &used.device, used.seed.as_ref(), now)?;
    if let Some((device, _)) = &grant.device {
        db::enrolments::mark_used(change, enrolment.id, *device, now)?;
    }
    Ok(Enrolled::Granted(Box::new((account, grant))))
}

/// The session that a device opened with its code before, when the answer was lost.
fn repeat(change: &mut Change<'_>, device: DeviceId, used: &UsedCode, seed: &[u8; 32]) -> Result<Option<Grant>, Error> {
    let Some(device) = db::devices::find(change.connection, device)? else { return Ok(None) };
    let Some(grant) = sessions::first_use_of(change, device.session, RefreshToken::of_seed(seed))? else {
        return Ok(None);
    };
    let token = match &used.device.token {
        Some(token) if db::device_tokens::find(change.connection, &token.hash())? == Some(device.account) => {
            token.clone()
        }
        _ => RandomSecret::of_seed(seed),
    };
    Ok(Some(Grant { device_token: Some(token), ..grant }))
}
