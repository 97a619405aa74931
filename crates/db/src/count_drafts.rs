//! Drafts of counts, each for its account alone. They are no revisions, and the audit does not know of them.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::locks::LockedKey;
use super::quarantine::bytes_of::octet_length;
use super::schema::{count_drafts, counts, quarantine, quarantine_decisions};
use super::sql_types::Instant;
use base::id::{AccountId, CountId, DepotId};
use domain::count_draft::{CountDraft, CountDraftHeader, LIFETIME};
use domain::revision::Revision;

/// The maximum number of expired drafts deleted at once.
const AT_ONCE: i64 = 100;

type Columns = (CountId, Option<DepotId>, i32, Revision, Instant);

macro_rules! header_columns {
    () => {
        (
            count_drafts::id,
            count_drafts::depot_id,
            octet_length(count_drafts::content),
            count_drafts::version,
            count_drafts::updated_at,
        )
    };
}

fn header((id, depot, bytes, version, Instant(updated_at)): Columns) -> CountDraftHeader {
    CountDraftHeader { id, depot, bytes: usize::try_from(bytes).unwrap_or(0), version, updated_at }
}

/// True in SQL for a draft whose count waits for an officer.
macro_rules! is_in_quarantine {
    () => {
        exists(
            quarantine::table
                .filter(quarantine::account_id.eq(count_drafts::account_id))
                .filter(quarantine::command_id.eq(count_drafts::id).or(quarantine::id.eq(count_drafts::id)))
                .filter(not(exists(
                    quarantine_decisions::table.filter(quarantine_decisions::quarantine_id.eq(quarantine::id)),
                ))),
        )
    };
}

/// The drafts of an account that are kept at an instant.
macro_rules! kept {
    ($account:expr, $now:expr) => {
        count_drafts::table
            .filter(count_drafts::account_id.eq($account))
            .filter(count_drafts::updated_at.gt(Instant($now - LIFETIME)).or(is_in_quarantine!()))
    };
}

/// The drafts of an account at an instant, ordered by their ids.
pub fn list(
    connection: &mut AnyConnection,
    account: AccountId,
    now: DateTime<Utc>,
) -> QueryResult<Vec<CountDraftHeader>> {
    let rows: Vec<Columns> = kept!(account, now).order(count_drafts::id).select(header_columns!()).load(connection)?;
    Ok(rows.into_iter().map(header).collect())
}

/// The draft of an account with an id, at an instant.
pub fn find(
    connection: &mut AnyConnection,
    account: AccountId,
    id: CountId,
    now: DateTime<Utc>,
) -> QueryResult<Option<CountDraft>> {
    let row: Option<(Columns, Vec<u8>)> = kept!(account, now)
        .filter(count_drafts::id.eq(id))
        .select((header_columns!(), count_drafts::content))
        .first(connection)
        .optional()?;
    Ok(row.map(|(columns, content)| CountDraft { header: header(columns), content }))
}

/// The number of drafts of an account at an instant.
pub fn number(connection: &mut AnyConnection, account: AccountId, now: DateTime<Utc>) -> QueryResult<i64> {
    kept!(account, now).count().get_result(connection)
}

/// True if a count of this id was received.
pub fn is_received(connection: &mut AnyConnection, id: CountId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(counts::table.filter(counts::id.eq(id)))).get_result(connection)
}

/// Stores a draft under the lock of its account's commands.
pub fn save(
    connection: &mut AnyConnection,
    _: LockedKey<'_>,
    account: AccountId,
    draft: &CountDraft,
) -> QueryResult<()> {
    let state = (
        count_drafts::depot_id.eq(draft.header.depot),
        count_drafts::content.eq(draft.content.clone()),
        count_drafts::version.eq(draft.header.version),
        count_drafts::updated_at.eq(Instant(draft.header.updated_at)),
    );
    on_connection!(connection, connection => {
        diesel::insert_into(count_drafts::table)
            .values((count_drafts::account_id.eq(account), count_drafts::id.eq(draft.header.id), state.clone()))
            .on_conflict((count_drafts::account_id, count_drafts::id))
            .do_update()
            .set(state)
            .execute(connection)?
    });
    Ok(())
}

/// Deletes a draft of an account under the lock of its commands. Returns true if there was one.
pub fn forget(connection: &mut AnyConnection, _: LockedKey<'_>, account: AccountId, id: CountId) -> QueryResult<bool> {
    delete(connection, account, id)
}

fn delete(connection: &mut AnyConnection, account: AccountId, id: CountId) -> QueryResult<bool> {
    let draft = count_drafts::table.filter(count_drafts::account_id.eq(account)).filter(count_drafts::id.eq(id));
    Ok(diesel::delete(draft).execute(connection)? > 0)
}

/// Deletes all drafts of an account.
pub fn forget_all(connection: &mut AnyConnection, account: AccountId) -> QueryResult<()> {
    diesel::delete(count_drafts::table.filter(count_drafts::account_id.eq(account))).execute(connection)?;
    Ok(())
}

/// Deletes drafts of all accounts that have expired, some at a time. Those whose counts wait in quarantine stay.
pub fn prune(connection: &mut AnyConnection, now: DateTime<Utc>) -> QueryResult<()> {
    let expired = count_drafts::table
        .filter(count_drafts::updated_at.le(Instant(now - LIFETIME)))
        .filter(not(is_in_quarantine!()))
        .order(count_drafts::updated_at)
        .select((count_drafts::account_id, count_drafts::id))
        .limit(AT_ONCE);
    // Rows that another instance is changing are skipped: the drafts of others are not locked here.
    let expired: Vec<(AccountId, CountId)> = match connection {
        AnyConnection::Sqlite(connection) => expired.load(connection)?,
        AnyConnection::Postgres(connection) => expired.for_update().skip_locked().load(connection)?,
    };
    for (account, id) in expired {
        delete(connection, account, id)?;
    }
    Ok(())
}
