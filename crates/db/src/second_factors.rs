//! Second factors, and their recovery codes, of which only keyed hashes are stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::accounts;
use super::connection::AnyConnection;
use super::schema::{recovery_codes, second_factors};
use super::sql_types::Instant;
use super::write::Change;
use base::error::Error;
use base::id::AccountId;
use domain::account::Account;

/// The second factor of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    /// The seed of its secret.
    pub seed: Vec<u8>,
    /// The id of the key from which the secret is derived with the seed.
    pub key_id: String,
    /// The time at which its holder confirmed that the app works; `None` until then, while sign-in does not ask for it.
    pub confirmed_at: Option<DateTime<Utc>>,
}

/// The second factor of an account.
pub fn find(connection: &mut AnyConnection, account: AccountId) -> QueryResult<Option<SecondFactor>> {
    let row: Option<(Vec<u8>, String, Option<Instant>)> = second_factors::table
        .filter(second_factors::account_id.eq(account))
        .select((second_factors::seed, second_factors::key_id, second_factors::confirmed_at))
        .first(connection)
        .optional()?;
    Ok(row.map(|(seed, key_id, confirmed_at)| SecondFactor {
        seed,
        key_id,
        confirmed_at: confirmed_at.map(|Instant(at)| at),
    }))
}

/// The number of an account's unused recovery codes.
pub fn recovery_codes_left(connection: &mut AnyConnection, account: AccountId) -> QueryResult<i64> {
    recovery_codes::table.filter(recovery_codes::account_id.eq(account)).count().get_result(connection)
}

/// Adds a second factor that is not confirmed yet. The account must have none.
pub fn insert(
    connection: &mut AnyConnection,
    account: AccountId,
    factor: &SecondFactor,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(second_factors::table)
        .values((
            second_factors::account_id.eq(account),
            second_factors::seed.eq(&factor.seed),
            second_factors::key_id.eq(&factor.key_id),
            second_factors::created_at.eq(Instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Confirms a second factor, and stores the hashes of its recovery codes.
pub fn confirm(
    change: &mut Change<'_>,
    account: &Account,
    code_hashes: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    change.record(accounts::subject(account));
    diesel::update(second_factors::table.filter(second_factors::account_id.eq(account.id)))
        .set(second_factors::confirmed_at.eq(Some(Instant(now))))
        .execute(change.connection)?;
    for hash in code_hashes {
        diesel::insert_into(recovery_codes::table)
            .values((recovery_codes::account_id.eq(account.id), recovery_codes::code_hash.eq(hash)))
            .execute(change.connection)?;
    }
    Ok(())
}

/// Uses up the code of a time step, and those of earlier steps. False if it was used before.
pub fn use_step(connection: &mut AnyConnection, account: AccountId, step: i64) -> QueryResult<bool> {
    let unused = second_factors::table
        .filter(second_factors::account_id.eq(account))
        .filter(second_factors::last_step.is_null().or(second_factors::last_step.lt(Some(step))));
    Ok(diesel::update(unused).set(second_factors::last_step.eq(Some(step))).execute(connection)? > 0)
}

/// Uses up a recovery code. False if there is none with the hash.
pub fn use_recovery_code(change: &mut Change<'_>, account: &Account, code_hash: &[u8]) -> Result<bool, Error> {
    let found = recovery_codes::table
        .filter(recovery_codes::account_id.eq(account.id))
        .filter(recovery_codes::code_hash.eq(code_hash.to_vec()));
    let is_used = diesel::delete(found).execute(change.connection)? > 0;
    if is_used {
        change.record(accounts::subject(account));
    }
    Ok(is_used)
}

/// Deletes a second factor that was not confirmed.
pub fn discard(connection: &mut AnyConnection, account: AccountId) -> QueryResult<()> {
    let unconfirmed = second_factors::table
        .filter(second_factors::account_id.eq(account))
        .filter(second_factors::confirmed_at.is_null());
    diesel::delete(unconfirmed).execute(connection)?;
    Ok(())
}

/// Removes the second factor of an account. Returns true if it was confirmed.
pub fn remove(change: &mut Change<'_>, account: &Account) -> Result<bool, Error> {
    let is_confirmed = find(change.connection, account.id)?.is_some_and(|factor| factor.confirmed_at.is_some());
    if is_confirmed {
        change.record(accounts::subject(account));
    }
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account.id)))
        .execute(change.connection)?;
    diesel::delete(second_factors::table.filter(second_factors::account_id.eq(account.id)))
        .execute(change.connection)?;
    Ok(is_confirmed)
}
