//! The requests that callers made, shared by all instances of the service.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::locks::LockedKey;
use super::schema::request_quotas;
use super::sql_types::Instant;
use domain::quota::Bucket;

/// The maximum number of rows deleted at once.
const AT_ONCE: i64 = 500;

/// The bucket of a caller; `None` for one whose quota is complete.
pub fn find(connection: &mut AnyConnection, key_hash: &[u8]) -> QueryResult<Option<Bucket>> {
    let row: Option<Instant> = request_quotas::table
        .filter(request_quotas::key_hash.eq(key_hash.to_vec()))
        .select(request_quotas::full_at)
        .first(connection)
        .optional()?;
    Ok(row.map(|Instant(full_at)| Bucket { full_at }))
}

/// Stores the bucket of a caller.
pub fn save(connection: &mut AnyConnection, _: LockedKey<'_>, key_hash: &[u8], bucket: Bucket) -> QueryResult<()> {
    let full_at = request_quotas::full_at.eq(Instant(bucket.full_at));
    let caller = request_quotas::key_hash.eq(key_hash.to_vec());
    on_connection!(connection, connection => {
        diesel::insert_into(request_quotas::table)
            .values((caller, full_at))
            .on_conflict(request_quotas::key_hash)
            .do_update()
            .set(full_at)
            .execute(connection)?
    });
    Ok(())
}

/// Deletes buckets that were full before an instant. Those that another instance is changing are skipped.
pub fn prune(connection: &mut AnyConnection, before: DateTime<Utc>) -> QueryResult<()> {
    let full = request_quotas::table
        .select(request_quotas::key_hash)
        .filter(request_quotas::full_at.lt(Instant(before)))
        .limit(AT_ONCE);
    let full: Vec<Vec<u8>> = match connection {
        AnyConnection::Sqlite(connection) => full.load(connection)?,
        AnyConnection::Postgres(connection) => full.for_update().skip_locked().load(connection)?,
    };
    if !full.is_empty() {
        diesel::delete(request_quotas::table.filter(request_quotas::key_hash.eq_any(full))).execute(connection)?;
    }
    Ok(())
}
