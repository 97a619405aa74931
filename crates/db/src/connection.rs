//! One connection type over both databases.
#![expect(missing_docs, reason = "the derive makes public items without docs")]

use diesel::connection::SimpleConnection;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::{Sqlite, SqliteConnection};

/// A connection to either database. Nearly every query is written once over it.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// The most values in a statement: SQLite takes 32,766, PostgreSQL twice as many.
const MOST_VALUES: usize = 32_766;

/// The most rows of so many columns that one statement inserts.
pub const fn rows_at_once(columns: usize) -> usize {
    MOST_VALUES / columns
}

/// Runs a statement on [`AnyConnection`] that both databases can render but `MultiBackend` cannot, such as `ON CONFLICT`
/// and hand-written statements.
pub struct Both<Q>(pub Q);

impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Both<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q: QueryId> QueryId for Both<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Both<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for Both<Q> {}

/// Runs one expression on the connection of the concrete database, for operations that `MultiBackend` does not support,
/// such as inserting many rows at once. The expression is compiled for both.
macro_rules! on_connection {
    ($any:expr, $connection:ident => $body:expr) => {
        match $any {
            $crate::connection::AnyConnection::Postgres($connection) => $body,
            $crate::connection::AnyConnection::Sqlite($connection) => $body,
        }
    };
}
pub(super) use on_connection;
