//! Session parameters of PostgreSQL.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};

/// The time for which a parameter's value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// Until the end of the session.
    Session,
    /// Until the end of the transaction.
    Transaction,
}

/// Sets the parameters that the server knows; the others are skipped.
pub fn set(connection: &mut PgConnection, parameters: &[(&str, String)], lasting: Lasting) -> QueryResult<()> {
    let (names, values): (Vec<&str>, Vec<&str>) =
        parameters.iter().map(|(name, value)| (*name, value.as_str())).unzip();
    diesel::sql_query(
        "SELECT set_config(name, value, $3) FROM unnest($1, $2) AS wanted (name, value) JOIN pg_settings known USING (name)",
    )
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Text>, _>(values)
    .bind::<Bool, _>(lasting == Lasting::Transaction)
    .execute(connection)
    .map(drop)
}
