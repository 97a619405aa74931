//! Drafts of counts, each for its account alone. They are no revisions, and the audit does not know of them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::locks::LockedKey;
use super::quarantine;
use super::schema::{count_drafts, counts};
use super::sql_types::Instant;
use base::id::{AccountId, CommandId, CountId, DepotId};
use domain::count_draft::{CountDraft, LIFETIME};
use domain::revision::Revision;

/// The maximum number of expired drafts deleted at once.
const AT_ONCE: i64 = 100;

type Columns = (CountId, Option<DepotId>, Vec<u8>, Revision, Instant);

fn read((id, depot, content, version, Instant(updated_at)): Columns) -> CountDraft {
    CountDraft { id, depot, content, version, updated_at }
}

/// The drafts of an account at an instant, ordered by their ids.
pub fn list(connection: &mut AnyConnection, account: AccountId, now: DateTime<Utc>) -> QueryResult<Vec<CountDraft>> {
    let rows: Vec<Columns> = count_drafts::table
        .filter(count_drafts::account_id.eq(account))
        .order(count_drafts::id)
        .select((
            count_drafts::id,
            count_drafts::depot_id,
            count_drafts::content,
            count_drafts::version,
            count_drafts::updated_at,
        ))
        .load(connection)?;
    let mut kept = Vec::new();
    for draft in rows.into_iter().map(read) {
        if draft.expires_at() > now || is_in_quarantine(connection, account, draft.id)? {
            kept.push(draft);
        }
    }
    Ok(kept)
}

/// True if the count of a draft waits for an officer.
fn is_in_quarantine(connection: &mut AnyConnection, account: AccountId, id: CountId) -> QueryResult<bool> {
    Ok(!quarantine::waiting_of(connection, account, CommandId(id.0))?.is_empty())
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
        count_drafts::depot_id.eq(draft.depot),
        count_drafts::content.eq(draft.content.clone()),
        count_drafts::version.eq(draft.version),
        count_drafts::updated_at.eq(Instant(draft.updated_at)),
    );
    on_connection!(connection, connection => {
        diesel::insert_into(count_drafts::table)
            .values((count_drafts::account_id.eq(account), count_drafts::id.eq(draft.id), state.clone()))
            .on_conflict((count_drafts::account_id, count_drafts::id))
            .do_update()
            .set(state)
            .execute(connection)?
    });
    Ok(())
}

/// Deletes a draft of an account. Returns true if there was one.
pub fn forget(connection: &mut AnyConnection, account: AccountId, id: CountId) -> QueryResult<bool> {
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
        .order(count_drafts::updated_at)
        .select((count_drafts::account_id, count_drafts::id))
        .limit(AT_ONCE);
    for (account, id) in expired.load::<(AccountId, CountId)>(connection)? {
        if !is_in_quarantine(connection, account, id)? {
            forget(connection, account, id)?;
        }
    }
    Ok(())
}
