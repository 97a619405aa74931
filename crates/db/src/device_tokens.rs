//! Secrets that devices keep from an earlier sign-in, of which only hashes are stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::schema::device_tokens;
use super::sql_types::Instant;
use base::id::{AccountId, SessionId};

/// The maximum number of secrets of an account: each allows some guesses of its own.
const MOST: i64 = 20;

/// The account that a secret belongs to.
pub fn find(connection: &mut AnyConnection, token_hash: &[u8]) -> QueryResult<Option<AccountId>> {
    let found = device_tokens::table.filter(device_tokens::token_hash.eq(token_hash.to_vec()));
    found.select(device_tokens::account_id).first(connection).optional()
}

/// Stores a secret of an account and the session last opened with it. Beyond the maximum, the one unused for the longest
/// time is deleted.
pub fn keep(
    connection: &mut AnyConnection,
    token_hash: &[u8],
    account: AccountId,
    session: SessionId,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    let last_use = (device_tokens::session_id.eq(session), device_tokens::last_used_at.eq(Instant(now)));
    on_connection!(connection, connection => {
        diesel::insert_into(device_tokens::table)
            .values((
                device_tokens::token_hash.eq(token_hash.to_vec()),
                device_tokens::account_id.eq(account),
                last_use,
            ))
            .on_conflict(device_tokens::token_hash)
            .do_update()
            .set(last_use)
            .execute(connection)?
    });
    let unused: Vec<Vec<u8>> = device_tokens::table
        .filter(device_tokens::account_id.eq(account))
        .order((device_tokens::last_used_at.desc(), device_tokens::token_hash))
        .select(device_tokens::token_hash)
        .offset(MOST)
        .limit(MOST)
        .load(connection)?;
    if !unused.is_empty() {
        diesel::delete(device_tokens::table.filter(device_tokens::token_hash.eq_any(unused))).execute(connection)?;
    }
    Ok(())
}

/// Deletes the secret with which a session was last opened.
pub fn forget_of_session(connection: &mut AnyConnection, session: SessionId) -> QueryResult<()> {
    diesel::delete(device_tokens::table.filter(device_tokens::session_id.eq(session))).execute(connection)?;
    Ok(())
}

/// Deletes the secrets of an account, except that of one session; with `until`, those last used at that instant or before.
pub fn forget_all(
    connection: &mut AnyConnection,
    account: AccountId,
    but: Option<SessionId>,
    until: Option<DateTime<Utc>>,
) -> QueryResult<()> {
    // The nil id belongs to no session.
    let but = but.unwrap_or(SessionId(uuid::Uuid::nil()));
    let theirs =
        device_tokens::table.filter(device_tokens::account_id.eq(account)).filter(device_tokens::session_id.ne(but));
    let mut deleting = diesel::delete(theirs).into_boxed();
    if let Some(until) = until {
        deleting = deleting.filter(device_tokens::last_used_at.le(Instant(until)));
    }
    deleting.execute(connection)?;
    Ok(())
}
