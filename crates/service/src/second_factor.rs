//! Second factors of accounts: set up, confirmed, checked at sign-in, removed.

use chrono::{DateTime, Utc};

use super::attempts::{self, Parties};
use super::reach::Manager;
use auth::second_factor::{Authenticator, Seed, recovery_codes};
use auth::tokens::TokenKeys;
use base::error::Error;
use base::id::AccountId;
use db::connection::AnyConnection;
use db::locks::LockedAccounts;
use db::second_factors::SecondFactor;
use db::write::Change;
use domain::account::Account;
use domain::enrolment::EnrolmentCode;
use text::messages::message;

/// The outcome of a sign-in with regard to the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The account has no second factor, or the code is right.
    Enough,
    /// The account has a second factor, and no code was sent.
    Needed,
    /// The code is wrong, or was used before.
    Wrong,
}

impl Shown {
    /// The failure of a sign-in for which the code is missing or wrong.
    pub fn refusal(self) -> Error {
        let (code, detail) = match self {
            Self::Wrong => ("second_factor_wrong", message!("second-factor-wrong")),
            Self::Needed | Self::Enough => ("second_factor_needed", message!("second-factor-needed")),
        };
        Error::Unauthenticated { code, detail }
    }
}

/// The code that comes with a sign-in, and the parties for which a wrong one counts.
#[derive(Clone, Copy)]
pub struct FactorCode<'a> {
    /// The keys.
    pub keys: &'a TokenKeys,
    /// The code.
    pub code: Option<&'a str>,
    /// The parties.
    pub parties: Option<&'a Parties>,
}

impl FactorCode<'_> {
    /// Checks the code, if the account has a second factor and an attempt is allowed, and uses it up.
    ///
    /// # Errors
    /// `TooMany`, with the seconds to wait, after several wrong codes.
    pub fn check(&self, change: &mut Change<'_>, account: &Account, now: DateTime<Utc>) -> Result<Shown, Error> {
        if !is_set(change.connection, account.id)? {
            return Ok(Shown::Enough);
        }
        let Some(code) = self.code else { return Ok(Shown::Needed) };
        let parties = self.parties.ok_or(Error::Busy("the code was made while the request waited"))?;
        attempts::begin(change, parties, now)?;
        let shown = check(change, self.keys, account, code, now)?;
        if shown == Shown::Enough {
            attempts::succeed(change, parties)?;
        }
        Ok(shown)
    }
}

/// True for an account whose second factor is confirmed.
pub fn is_set(connection: &mut AnyConnection, account: AccountId) -> Result<bool, Error> {
    Ok(db::second_factors::find(connection, account)?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

fn check(
    change: &mut Change<'_>,
    keys: &TokenKeys,
    account: &Account,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Shown, Error> {
    let factor = db::second_factors::find(change.connection, account.id)?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(Shown::Enough) };
    let seed = Seed { bytes: factor.seed, key_id: factor.key_id };
    if let Some(step) = seed.authenticator(keys, &account.username)?.step(code, now) {
        let is_new = db::second_factors::use_step(change.connection, account.id, step)?;
        return Ok(if is_new { Shown::Enough } else { Shown::Wrong });
    }
    let is_recovered = match EnrolmentCode::read(code) {
        Some(code) => {
            let hash = seed.recovery_hash(keys, account.id, &code)?;
            db::second_factors::use_recovery_code(change, account, &hash)?
        }
        None => false,
    };
    Ok(if is_recovered { Shown::Enough } else { Shown::Wrong })
}

/// Starts to set up a second factor, replacing one that was not confirmed. An account that has one is refused with a
/// `Conflict`, which does not undo the change: that the password was right is kept.
pub fn start(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    keys: &TokenKeys,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<Result<Authenticator, Error>, Error> {
    if is_set(change.connection, account.id)? {
        let detail = message!("second-factor-is-set");
        return Ok(Err(Error::conflict("second_factor_is_set", detail)));
    }
    db::second_factors::discard(change.connection, account.id)?;
    let seed = Seed::generate(keys);
    let factor = SecondFactor { seed: seed.bytes.clone(), key_id: seed.key_id.clone(), confirmed_at: None };
    db::second_factors::insert(change.connection, account.id, &factor, now)?;
    seed.authenticator(keys, &account.username).map(Ok)
}

/// Confirms a second factor with a code of the app, and returns recovery codes; `None` if the code is wrong.
///
/// # Errors
/// `Conflict` if none was started, or it is confirmed already.
pub fn confirm(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    keys: &TokenKeys,
    account: &Account,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<Vec<EnrolmentCode>>, Error> {
    let factor = db::second_factors::find(change.connection, account.id)?;
    let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_none()) else {
        let detail = message!("second-factor-not-begun");
        return Err(Error::conflict("second_factor_not_begun", detail));
    };
    let seed = Seed { bytes: factor.seed, key_id: factor.key_id };
    let Some(step) = seed.authenticator(keys, &account.username)?.step(code, now) else { return Ok(None) };
    db::second_factors::use_step(change.connection, account.id, step)?;
    let codes = recovery_codes();
    let hashes: Vec<Vec<u8>> =
        codes.iter().map(|code| seed.recovery_hash(keys, account.id, code)).collect::<Result<_, _>>()?;
    db::second_factors::confirm(change, account, &hashes, now)?;
    Ok(Some(codes))
}

/// Removes the second factor of an account, given one of its codes. Returns true if it had one; `None` if the code is
/// wrong.
pub fn remove(
    change: &mut Change<'_>,
    _: LockedAccounts<'_>,
    keys: &TokenKeys,
    account: &Account,
    code: &str,
    now: DateTime<Utc>,
) -> Result<Option<bool>, Error> {
    if check(change, keys, account, code, now)? != Shown::Enough {
        return Ok(None);
    }
    db::second_factors::remove(change, account).map(Some)
}

/// Removes the second factor of an account that the manager manages. Returns true if it had one.
///
/// # Errors
/// `NotFound` and `Forbidden` as for any other change of an account; `Forbidden` for one's own.
pub fn reset(change: &mut Change<'_>, locked: LockedAccounts<'_>, id: AccountId) -> Result<bool, Error> {
    let manager = Manager::of(change, locked)?;
    let account = manager.see(change.connection, id)?.account;
    manager.require(&account)?;
    manager.require_other(account.id)?;
    db::second_factors::remove(change, &account)
}
