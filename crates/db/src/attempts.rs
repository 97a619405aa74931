//! Failed sign-ins, shared by all instances of the service.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::locks::LockedKey;
use super::schema::sign_in_attempts;
use super::sql_types::Instant;
use domain::attempts::{Attempts, Tried};

/// The party whose failures are counted, as a keyed hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptKey<'a> {
    /// The kind of party.
    pub tried: Tried,
    /// The hash.
    pub key_hash: &'a [u8],
}

/// The most parties that are forgotten at once: an attempt must not wait for the clearing of a flood.
const AT_ONCE: i64 = 500;

type Columns = (i64, Instant, Option<Instant>);

/// The failures of a party; none if nothing is stored.
pub fn find(connection: &mut AnyConnection, key: AttemptKey<'_>) -> QueryResult<Attempts> {
    let row: Option<Columns> = sign_in_attempts::table
        .filter(sign_in_attempts::tried.eq(key.tried))
        .filter(sign_in_attempts::key_hash.eq(key.key_hash.to_vec()))
        .select((sign_in_attempts::failures, sign_in_attempts::last_failed_at, sign_in_attempts::blocked_until))
        .first(connection)
        .optional()?;
    Ok(row.map_or(Attempts::default(), |(failures, Instant(last_failed_at), blocked_until)| Attempts {
        failures,
        last_failed_at,
        blocked_until: blocked_until.map(|Instant(at)| at),
    }))
}

/// Stores the failures at a party.
pub fn save(
    connection: &mut AnyConnection,
    _: LockedKey<'_>,
    key: AttemptKey<'_>,
    attempts: &Attempts,
) -> QueryResult<()> {
    let counted = (
        sign_in_attempts::failures.eq(attempts.failures),
        sign_in_attempts::last_failed_at.eq(Instant(attempts.last_failed_at)),
        sign_in_attempts::blocked_until.eq(attempts.blocked_until.map(Instant)),
    );
    let party = (sign_in_attempts::tried.eq(key.tried), sign_in_attempts::key_hash.eq(key.key_hash.to_vec()));
    on_connection!(connection, connection => {
        diesel::insert_into(sign_in_attempts::table)
            .values((party, counted))
            .on_conflict((sign_in_attempts::tried, sign_in_attempts::key_hash))
            .do_update()
            .set(counted)
            .execute(connection)?
    });
    Ok(())
}

/// Forgets the failures of a party.
pub fn forget(connection: &mut AnyConnection, _: LockedKey<'_>, key: AttemptKey<'_>) -> QueryResult<()> {
    let party = sign_in_attempts::table
        .filter(sign_in_attempts::tried.eq(key.tried))
        .filter(sign_in_attempts::key_hash.eq(key.key_hash.to_vec()));
    diesel::delete(party).execute(connection)?;
    Ok(())
}

/// Forgets the failures whose last one and whose wait are over since before an instant, and where more than `most` parties
/// are left those with the fewest failures, oldest first: who tries many names loses the count of none that was guessed at.
pub fn prune(connection: &mut AnyConnection, before: DateTime<Utc>, most: i64) -> QueryResult<()> {
    let waits = sign_in_attempts::blocked_until.ge(Some(Instant(before)));
    let old = sign_in_attempts::table
        .select(sign_in_attempts::key_hash)
        .filter(sign_in_attempts::last_failed_at.lt(Instant(before)))
        .filter(sign_in_attempts::blocked_until.is_null().or(diesel::dsl::not(waits)))
        .limit(AT_ONCE);
    // Keys that another instance is about to change are left to it.
    let old: Vec<Vec<u8>> = match connection {
        AnyConnection::Sqlite(connection) => old.load(connection)?,
        AnyConnection::Postgres(connection) => old.for_update().skip_locked().load(connection)?,
    };
    remove(connection, old)?;
    let count: i64 = sign_in_attempts::table.count().get_result(connection)?;
    if count <= most {
        return Ok(());
    }
    let fewest = sign_in_attempts::table
        .select(sign_in_attempts::key_hash)
        .order((sign_in_attempts::failures, sign_in_attempts::last_failed_at))
        .limit((count - most).min(AT_ONCE));
    let fewest: Vec<Vec<u8>> = match connection {
        AnyConnection::Sqlite(connection) => fewest.load(connection)?,
        AnyConnection::Postgres(connection) => fewest.for_update().skip_locked().load(connection)?,
    };
    remove(connection, fewest)
}

fn remove(connection: &mut AnyConnection, keys: Vec<Vec<u8>>) -> QueryResult<()> {
    if !keys.is_empty() {
        let found = sign_in_attempts::table.filter(sign_in_attempts::key_hash.eq_any(keys));
        diesel::delete(found).execute(connection)?;
    }
    Ok(())
}
