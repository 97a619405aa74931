//! Sessions and their refresh tokens, of which only hashes are stored.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::accounts::{self, Columns};
use super::clients::scopes_of;
use super::connection::AnyConnection;
use super::locks::LockedKey;
use super::schema::{accounts as accounts_table, clients, devices, second_factors, sessions};
use super::sql_types::Instant;
use base::error::Error;
use base::id::{AccountId, DeviceId, SessionId};
use domain::account::{Account, Role};
use domain::actor::{Holder, Rights};
use domain::labels::Labelled as _;
use domain::scope::ScopeSet;
use domain::session::{EndReason, TokenUse};
use text::messages::message;

/// The present state behind an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionState {
    /// The account as it is now, even if the token was issued before a change.
    pub account: Account,
    /// True if the session has ended.
    pub ended: bool,
    /// The time of the sign-in.
    pub opened_at: DateTime<Utc>,
    /// The time one of its refresh tokens was last used.
    pub last_used_at: DateTime<Utc>,
    /// The device, if the holder named one.
    pub device: Option<(DeviceId, String)>,
    /// The scopes of a client's account, which limit it.
    pub scopes: Option<ScopeSet>,
    /// True if the account has a second factor.
    pub has_second_factor: bool,
}

type StateColumns =
    (Columns, Option<Instant>, Instant, Instant, Option<(DeviceId, String)>, Option<String>, Option<Instant>);

/// The present state behind an access token; `None` if there is no such session.
pub fn state(connection: &mut AnyConnection, id: SessionId) -> Result<Option<SessionState>, Error> {
    let row: Option<StateColumns> = sessions::table
        .inner_join(accounts_table::table.on(accounts_table::id.eq(sessions::account_id)))
        .left_join(devices::table.on(devices::session_id.eq(sessions::id)))
        .left_join(clients::table.on(clients::account_id.eq(sessions::account_id)))
        .left_join(second_factors::table.on(second_factors::account_id.eq(sessions::account_id)))
        .filter(sessions::id.eq(id))
        .select((
            accounts::columns!(),
            sessions::ended_at,
            sessions::created_at,
            sessions::last_used_at,
            (devices::id, devices::name).nullable(),
            clients::scopes.nullable(),
            second_factors::confirmed_at.nullable(),
        ))
        .first(connection)
        .optional()?;
    row.map(|(columns, ended_at, Instant(opened_at), Instant(last_used_at), device, scopes, confirmed_at)| {
        let scopes = scopes.as_deref().map(scopes_of).transpose()?;
        let account = accounts::account(columns)?;
        let has_second_factor = confirmed_at.is_some();
        Ok(SessionState {
            account,
            ended: ended_at.is_some(),
            opened_at,
            last_used_at,
            device,
            scopes,
            has_second_factor,
        })
    })
    .transpose()
}

/// Checks that an actor still has the rights with which the request was admitted. The accounts must be locked for this to
/// stay true.
///
/// # Errors
/// `Unauthenticated` if the session has ended or the account was closed; `Forbidden` if its role may no longer do this;
/// `Busy` if it may, but has another role or place now: a repeat is then decided by the new ones.
pub fn require_rights(connection: &mut AnyConnection, rights: &Rights) -> Result<(), Error> {
    let (account, has_ended, scopes) = match rights.holder {
        Holder::Session(session) => {
            let found = state(connection, session)?.ok_or_else(ended)?;
            (found.account, found.ended, found.scopes)
        }
        Holder::Account(id) => {
            let found = accounts::find(connection, id)?.ok_or(Error::NotFound("account"))?;
            (found.account, false, None)
        }
    };
    if account.closed {
        return Err(closed());
    }
    if has_ended {
        return Err(ended());
    }
    let Account { role, belongs, .. } = account;
    if !rights.allowed.contains(&role) {
        return Err(role_not_allowed(role));
    }
    if (role, belongs, &scopes) == (rights.role, rights.belongs, &rights.scopes) {
        return Ok(());
    }
    Err(Error::Busy("the rights of the account were changed while the request waited"))
}

/// The failure of a request whose session has ended.
pub fn ended() -> Error {
    Error::Unauthenticated { code: "session_ended", detail: message!("session-ended") }
}

/// The failure of a request whose account was closed.
pub fn closed() -> Error {
    Error::Unauthenticated { code: "account_closed", detail: message!("account-closed") }
}

/// The failure of a request that the account's role may not make.
pub fn role_not_allowed(role: Role) -> Error {
    Error::Forbidden { code: "role_not_allowed", detail: message!("role-not-allowed", role = role.label()) }
}

/// The tokens of a family, by their hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The session.
    pub session: SessionId,
    /// The account.
    pub account: AccountId,
    /// The token last used; in a new session, the first one.
    pub current_hash: Vec<u8>,
    /// The salt from which the current token's successor is derived, and the successor's hash, once it was used.
    pub successor: Option<(Vec<u8>, Vec<u8>)>,
    /// The uses of the current token.
    pub token_use: TokenUse,
    /// True if the session has ended.
    pub ended: bool,
    /// The highest generation of a token that was used; 0 before any.
    pub generation: i64,
}

type FamilyColumns = (
    SessionId,
    AccountId,
    Vec<u8>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Instant>,
    i64,
    (Option<Instant>, Option<Vec<u8>>, bool, i64),
);

/// A family by its hash, under a lock that keeps other writes from using its tokens at the same time.
pub fn find_family(
    connection: &mut AnyConnection,
    _: LockedKey<'_>,
    family_hash: &[u8],
) -> QueryResult<Option<Family>> {
    let row: Option<FamilyColumns> = sessions::table
        .filter(sessions::family_hash.eq(family_hash.to_vec()))
        .select((
            sessions::id,
            sessions::account_id,
            sessions::current_hash,
            sessions::successor_salt,
            sessions::successor_hash,
            sessions::ended_at,
            sessions::generation,
            (
                sessions::current_used_at,
                sessions::current_key_hash,
                sessions::current_is_repeated,
                sessions::repeated_in_a_row,
            ),
        ))
        .first(connection)
        .optional()?;
    Ok(row.map(
        |(session, account, current_hash, salt, hash, ended_at, generation, (at, key_hash, is_repeated, in_a_row))| {
            Family {
                session,
                account,
                current_hash,
                successor: salt.zip(hash),
                token_use: TokenUse { at: at.map(|Instant(at)| at), key_hash, is_repeated, in_a_row },
                ended: ended_at.is_some(),
                generation,
            }
        },
    ))
}

/// Adds a session, with the hashes of its family and of its first refresh token.
pub fn insert(
    connection: &mut AnyConnection,
    id: SessionId,
    account: AccountId,
    family_hash: &[u8],
    current_hash: &[u8],
    now: DateTime<Utc>,
) -> QueryResult<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::account_id.eq(account),
            sessions::family_hash.eq(family_hash.to_vec()),
            sessions::current_hash.eq(current_hash.to_vec()),
            sessions::created_at.eq(Instant(now)),
            sessions::last_used_at.eq(Instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Stores the state of a family's tokens after a use.
pub fn rotate(connection: &mut AnyConnection, family: &Family, now: DateTime<Utc>) -> QueryResult<()> {
    let (salt, hash) = family.successor.clone().unzip();
    diesel::update(sessions::table.filter(sessions::id.eq(family.session)))
        .set((
            sessions::current_hash.eq(&family.current_hash),
            sessions::successor_salt.eq(salt),
            sessions::successor_hash.eq(hash),
            sessions::last_used_at.eq(Instant(now)),
            sessions::current_used_at.eq(family.token_use.at.map(Instant)),
            sessions::current_key_hash.eq(&family.token_use.key_hash),
            sessions::current_is_repeated.eq(family.token_use.is_repeated),
            sessions::repeated_in_a_row.eq(family.token_use.in_a_row),
            sessions::generation.eq(family.generation),
        ))
        .execute(connection)?;
    diesel::update(devices::table.filter(devices::session_id.eq(family.session)))
        .set(devices::last_seen_at.eq(Instant(now)))
        .execute(connection)?;
    Ok(())
}

/// Ends a session; one that has ended stays unchanged. Returns the number of sessions that it ended.
pub fn end(connection: &mut AnyConnection, id: SessionId, reason: EndReason, now: DateTime<Utc>) -> QueryResult<usize> {
    diesel::update(sessions::table.filter(sessions::id.eq(id)).filter(sessions::ended_at.is_null()))
        .set((sessions::ended_at.eq(Some(Instant(now))), sessions::end_reason.eq(Some(reason))))
        .execute(connection)
}

/// The number of sessions looked up by one statement.
const SESSION_BATCH: usize = 5_000;

/// Those of some sessions that have not ended.
pub fn open_among(connection: &mut AnyConnection, asked: &[SessionId]) -> QueryResult<HashSet<SessionId>> {
    let mut open = HashSet::new();
    for some in asked.chunks(SESSION_BATCH) {
        let rows = sessions::table.filter(sessions::id.eq_any(some.to_vec())).filter(sessions::ended_at.is_null());
        open.extend(rows.select(sessions::id).load::<SessionId>(connection)?);
    }
    Ok(open)
}

/// Ends the sessions of an account, except one; with `until`, those opened at that instant or before.
pub fn end_all(
    connection: &mut AnyConnection,
    account: AccountId,
    but: Option<SessionId>,
    until: Option<DateTime<Utc>>,
    reason: EndReason,
    now: DateTime<Utc>,
) -> QueryResult<()> {
    // The nil id belongs to no session.
    let but = but.unwrap_or(SessionId(uuid::Uuid::nil()));
    let theirs = sessions::table
        .filter(sessions::account_id.eq(account))
        .filter(sessions::id.ne(but))
        .filter(sessions::ended_at.is_null());
    let mut ending = diesel::update(theirs)
        .set((sessions::ended_at.eq(Some(Instant(now))), sessions::end_reason.eq(Some(reason))))
        .into_boxed();
    if let Some(until) = until {
        ending = ending.filter(sessions::created_at.le(Instant(until)));
    }
    ending.execute(connection)?;
    Ok(())
}
