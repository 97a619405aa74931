//! The code that makes the first account: at most one, kept as its hash.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::Bool;

use super::connection::AnyConnection;
use super::open_error::OpenError;
use super::pool::Connector;
use super::schema::{accounts, setup_codes};
use super::sql_types::Instant;
use super::url::DatabaseUrl;
use base::id::ChangeSetId;

/// The advisory lock of the process that showed the code, for as long as it lives. An arbitrary constant.
const SHOWN_LOCK: i64 = 0x6d75_7374_6575;

/// Held by the one process that shows the code, until it ends.
pub struct Showing {
    _session: Option<AnyConnection>,
}

impl Showing {
    /// Claims the right to show the code; `None` if another running process on the same database has it.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn claim(url: &DatabaseUrl) -> Result<Option<Self>, OpenError> {
        // An SQLite file belongs to one process.
        let DatabaseUrl::Postgres(_) = url else { return Ok(Some(Self { _session: None })) };
        let mut session =
            Connector::new(url.clone()).connect().map_err(|error| OpenError::of_connection(url, &error))?;
        let mine: Locked = diesel::sql_query(format!("SELECT pg_try_advisory_lock({SHOWN_LOCK}) AS locked"))
            .get_result(&mut session)?;
        Ok(mine.locked.then_some(Self { _session: Some(session) }))
    }
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

/// True if there is no account, not even a closed one.
pub fn are_needed(connection: &mut AnyConnection) -> QueryResult<bool> {
    let any =
        diesel::select(diesel::dsl::exists(accounts::table.select(accounts::id))).get_result::<bool>(connection)?;
    Ok(!any)
}

/// Stores a code, replacing the one before.
pub fn replace(
    connection: &mut AnyConnection,
    code_sha256: &[u8],
    made_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> QueryResult<()> {
    remove(connection)?;
    diesel::insert_into(setup_codes::table)
        .values((
            setup_codes::id.eq(ChangeSetId::new()),
            setup_codes::code_sha256.eq(code_sha256),
            setup_codes::made_at.eq(Instant(made_at)),
            setup_codes::expires_at.eq(Instant(expires_at)),
        ))
        .execute(connection)
        .map(drop)
}

/// The hash of the code valid at an instant.
pub fn find(connection: &mut AnyConnection, now: DateTime<Utc>) -> QueryResult<Option<Vec<u8>>> {
    setup_codes::table
        .filter(setup_codes::expires_at.gt(Instant(now)))
        .select(setup_codes::code_sha256)
        .first(connection)
        .optional()
}

/// Removes the code.
pub fn remove(connection: &mut AnyConnection) -> QueryResult<()> {
    diesel::delete(setup_codes::table).execute(connection).map(drop)
}
