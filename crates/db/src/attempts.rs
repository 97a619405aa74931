//! Sign-ins that failed, where every instance of the service sees them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::schema::sign_in_attempts;
use super::sql_types::Instant;
use domain::attempts::{Attempts, Tried};

/// Who tried, or what was tried, without saying it.
pub type Place<'a> = (Tried, &'a [u8]);

type Columns = (i64, Instant, Option<Instant>);

/// The failures at a place; none where nothing is stored.
pub fn find(connection: &mut AnyConnection, (tried, key_hash): Place<'_>) -> QueryResult<Attempts> {
    let row: Option<Columns> = sign_in_attempts::table
        .filter(sign_in_attempts::tried.eq(tried))
        .filter(sign_in_attempts::key_hash.eq(key_hash.to_vec()))
        .select((sign_in_attempts::failures, sign_in_attempts::last_failed_at, sign_in_attempts::blocked_until))
        .first(connection)
        .optional()?;
    Ok(row.map_or(Attempts::default(), |(failures, Instant(last_failed_at), blocked_until)| Attempts {
        failures,
        last_failed_at,
        blocked_until: blocked_until.map(|Instant(at)| at),
    }))
}

/// The same, and lets nobody else count there until the end of the transaction.
pub fn find_locked(connection: &mut AnyConnection, (tried, key_hash): Place<'_>) -> QueryResult<Attempts> {
    let row = (
        sign_in_attempts::tried.eq(tried),
        sign_in_attempts::key_hash.eq(key_hash.to_vec()),
        sign_in_attempts::failures.eq(0),
        sign_in_attempts::last_failed_at.eq(Instant(DateTime::UNIX_EPOCH)),
    );
    // An update that changes nothing takes the lock of a row that is there.
    on_connection!(&mut *connection, connection => {
        diesel::insert_into(sign_in_attempts::table)
            .values(row)
            .on_conflict((sign_in_attempts::tried, sign_in_attempts::key_hash))
            .do_update()
            .set(sign_in_attempts::failures.eq(sign_in_attempts::failures))
            .execute(connection)?
    });
    find(connection, (tried, key_hash))
}

/// Stores the failures at a place that [`find_locked`] looked at.
pub fn update(connection: &mut AnyConnection, (tried, key_hash): Place<'_>, attempts: &Attempts) -> QueryResult<()> {
    let place = sign_in_attempts::table
        .filter(sign_in_attempts::tried.eq(tried))
        .filter(sign_in_attempts::key_hash.eq(key_hash.to_vec()));
    diesel::update(place)
        .set((
            sign_in_attempts::failures.eq(attempts.failures),
            sign_in_attempts::last_failed_at.eq(Instant(attempts.last_failed_at)),
            sign_in_attempts::blocked_until.eq(attempts.blocked_until.map(Instant)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Forgets the failures at a place.
pub fn forget(connection: &mut AnyConnection, (tried, key_hash): Place<'_>) -> QueryResult<()> {
    let place = sign_in_attempts::table
        .filter(sign_in_attempts::tried.eq(tried))
        .filter(sign_in_attempts::key_hash.eq(key_hash.to_vec()));
    diesel::delete(place).execute(connection)?;
    Ok(())
}

/// Forgets all failures before an instant.
pub fn prune(connection: &mut AnyConnection, before: DateTime<Utc>) -> QueryResult<usize> {
    diesel::delete(sign_in_attempts::table.filter(sign_in_attempts::last_failed_at.lt(Instant(before))))
        .execute(connection)
}
