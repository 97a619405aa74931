//! The answers that told accounts that a code or a user name is not available, shared by all instances of the service.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::locks::LockedKey;
use super::schema::unavailable_answers;
use super::sql_types::Instant;
use base::id::AccountId;
use domain::unavailable::Answered;

/// The answers of an account, if any are stored.
pub fn find(connection: &mut AnyConnection, account: AccountId) -> QueryResult<Option<Answered>> {
    let row: Option<(i64, Instant)> = unavailable_answers::table
        .filter(unavailable_answers::account_id.eq(account))
        .select((unavailable_answers::answers, unavailable_answers::since))
        .first(connection)
        .optional()?;
    Ok(row.map(|(count, Instant(since))| Answered { count, since }))
}

/// Stores the answers of an account.
pub fn save(
    connection: &mut AnyConnection,
    _: LockedKey<'_>,
    account: AccountId,
    answered: Answered,
) -> QueryResult<()> {
    let counted =
        (unavailable_answers::answers.eq(answered.count), unavailable_answers::since.eq(Instant(answered.since)));
    on_connection!(connection, connection => {
        diesel::insert_into(unavailable_answers::table)
            .values((unavailable_answers::account_id.eq(account), counted))
            .on_conflict(unavailable_answers::account_id)
            .do_update()
            .set(counted)
            .execute(connection)?
    });
    Ok(())
}

/// Deletes all windows that began before an instant.
pub fn prune(connection: &mut AnyConnection, before: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(unavailable_answers::table.filter(unavailable_answers::since.lt(Instant(before))))
        .execute(connection)
}
