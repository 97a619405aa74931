//! Parameters of a session of PostgreSQL.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Text};

/// The end of a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasting {
    /// That of the session.
    Session,
    /// That of the transaction.
    Transaction,
}

/// Sets the parameters that the server knows; older servers do without the others.
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
