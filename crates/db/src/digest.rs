//! Hashes of a database's content: one per table over all its rows, and one over the definitions that belong to the
//! tables.
//!
//! Tables and columns come from the database's own catalogue, so that none can be forgotten. A table is hashed as its
//! name, the names of its columns, and its rows in the order of the primary key. Each value is a letter for its type
//! and its bytes, so that the same content has the same hash on both databases:
//!
//! | value | form |
//! |---|---|
//! | null | `n` |
//! | integer, boolean (0 or 1), instant (microseconds since 1970) | `i` and 8 bytes, most significant first |
//! | floating point | `f` and 8 bytes of IEEE 754, most significant first |
//! | text, day (`YYYY-MM-DD`) | `t`, the length in 8 bytes, UTF-8 |
//! | bytes, UUID (16 of them) | `b`, the length in 8 bytes, the bytes |
//!
//! Personal data is left out (`PERSONAL`), since it is erased: an erasure must not change a hash that was kept, or every backup
//! from before would look damaged. The structure of its tables is hashed, and an archive's own hash covers all of its bytes.
//!
//! Any other type of PostgreSQL is hashed as the text that the server writes for it.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use diesel::deserialize::{self, QueryableByName};
use diesel::pg::{Pg, PgRowByRowLoadingMode, PgValue};
use diesel::prelude::*;
use diesel::row::{Field, NamedRow, Row};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::connection::AnyConnection;
use base::content::hexadecimal;

/// The tables of personal data, and of who read it.
const PERSONAL: [&str; 2] = ["contacts", "contact_reads"];

/// The hash of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// Its name.
    pub name: String,
    /// The number of its rows.
    pub rows: u64,
    /// SHA-256 of its columns and rows, in lower-case hexadecimal.
    pub sha256: String,
}

/// The hashes of a whole database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabaseDigest {
    /// All tables but those of personal data, by name.
    pub tables: Vec<TableDigest>,
    /// SHA-256 of the list of indexes, constraints, triggers, views and functions, in lower-case hexadecimal. Unlike the
    /// hashes of the tables it can be compared only within one kind of database: on SQLite the list has the texts of the
    /// definitions, on PostgreSQL their names, because newer servers format the texts differently.
    pub structure_sha256: String,
    /// SHA-256 of all of the above, one line each with name, rows and hash, in lower-case hexadecimal.
    pub sha256: String,
}

impl DatabaseDigest {
    fn new(tables: Vec<TableDigest>, structure_sha256: String) -> Self {
        let mut hash = Sha256::new();
        for table in &tables {
            hash.update(format!("{} {} {}\n", table.name, table.rows, table.sha256));
        }
        hash.update(format!("{structure_sha256}\n"));
        Self { tables, structure_sha256, sha256: hexadecimal(&hash.finalize()) }
    }

    /// The number of rows in all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }

    /// The first table, by name, in which another database differs; `None` if the tables are the same.
    pub fn first_difference<'a>(&'a self, other: &'a Self) -> Option<&'a str> {
        let by_name = |digest: &'a Self| -> BTreeMap<&'a str, &'a TableDigest> {
            digest.tables.iter().map(|table| (table.name.as_str(), table)).collect()
        };
        let (ours, theirs) = (by_name(self), by_name(other));
        let differing = |name: &&str| ours.get(name) != theirs.get(name);
        ours.keys().chain(theirs.keys()).copied().filter(differing).min()
    }
}

/// Hashes all tables. Reads row by row, so that no table is ever in memory as a whole. The caller must open a
/// transaction, so that all tables are read in one consistent state.
///
/// # Errors
/// If the database fails.
pub fn of_database(connection: &mut AnyConnection) -> QueryResult<DatabaseDigest> {
    let mut tables = Vec::new();
    for (name, columns) in tables_of(connection)?.into_iter().filter(|(name, _)| !PERSONAL.contains(&name.as_str())) {
        tables.push(of_table(connection, name, &columns)?);
    }
    Ok(DatabaseDigest::new(tables, structure_of(connection)?))
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    /// Its position in the primary key, from 1; 0 if it is not part of it.
    #[diesel(sql_type = BigInt)]
    key: i64,
}

/// Tables with their columns in order.
const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS kind, c.pk AS key \
     FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
     WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY t.name, c.cid";

/// Tables with their columns in order, in the schema that new tables go to.
const POSTGRES_COLUMNS: &str = "SELECT t.relname::text AS table_name, a.attname::text AS column_name, format_type(a.atttypid, NULL) AS kind, \
         coalesce(array_position(string_to_array(i.indkey::text, ' '), a.attnum::text), 0)::bigint AS key \
     FROM pg_class AS t JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
     LEFT JOIN pg_index AS i ON i.indrelid = t.oid AND i.indisprimary \
     WHERE t.relkind IN ('r', 'p') AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, a.attnum";

fn tables_of(connection: &mut AnyConnection) -> QueryResult<BTreeMap<String, Vec<Column>>> {
    let columns: Vec<Column> = match connection {
        AnyConnection::Sqlite(connection) => diesel::sql_query(SQLITE_COLUMNS).load(connection)?,
        AnyConnection::Postgres(connection) => diesel::sql_query(POSTGRES_COLUMNS).load(connection)?,
    };
    let mut tables = BTreeMap::<String, Vec<Column>>::new();
    for column in columns {
        tables.entry(column.table_name.clone()).or_default().push(column);
    }
    Ok(tables)
}

fn of_table(connection: &mut AnyConnection, name: String, columns: &[Column]) -> QueryResult<TableDigest> {
    let mut head = Vec::new();
    put_text(&mut head, name.as_bytes());
    for column in columns {
        put_text(&mut head, column.column_name.as_bytes());
    }
    let mut hash = Sha256::new_with_prefix(head);
    let mut rows = 0;
    let mut take = |row: QueryResult<CanonicalRow>| {
        hash.update(row?.0);
        rows += 1;
        QueryResult::Ok(())
    };
    match connection {
        AnyConnection::Sqlite(connection) => {
            let query = diesel::sql_query(select(&name, columns, as_it_is, "COLLATE BINARY"));
            query
                .load_iter::<CanonicalRow, diesel::connection::DefaultLoadingMode>(connection)?
                .try_for_each(&mut take)?;
        }
        AnyConnection::Postgres(connection) => {
            // Rows are sorted by bytes, not by the rules of the database's language.
            let query = diesel::sql_query(select(&name, columns, as_known_type, "COLLATE \"C\""));
            query.load_iter::<CanonicalRow, PgRowByRowLoadingMode>(connection)?.try_for_each(&mut take)?;
        }
    }
    Ok(TableDigest { name, rows, sha256: hexadecimal(&hash.finalize()) })
}

/// Selects all rows of a table in the order of its primary key, or of all columns if it has none.
fn select(table: &str, columns: &[Column], read: fn(&Column) -> String, collation: &str) -> String {
    let listed: Vec<String> = columns.iter().map(read).collect();
    let mut order: Vec<&Column> = columns.iter().filter(|column| column.key > 0).collect();
    order.sort_by_key(|column| column.key);
    if order.is_empty() {
        order.extend(columns);
    }
    let order: Vec<String> = order
        .iter()
        .map(|column| {
            let collation = if is_text(&column.kind) { collation } else { "" };
            format!("{} {collation} NULLS FIRST", quoted(&column.column_name))
        })
        .collect();
    format!("SELECT {} FROM {} ORDER BY {}", listed.join(", "), quoted(table), order.join(", "))
}

fn as_it_is(column: &Column) -> String {
    quoted(&column.column_name)
}

fn as_known_type(column: &Column) -> String {
    let known = KNOWN_TYPES.contains(&column.kind.as_str());
    format!("{}{}", quoted(&column.column_name), if known { "" } else { "::text" })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn is_text(kind: &str) -> bool {
    ["text", "varchar", "character", "character varying"].iter().any(|text| kind.starts_with(text))
}

/// The types of PostgreSQL that [`CanonicalRow`] reads directly.
const KNOWN_TYPES: [&str; 10] = [
    "bigint",
    "boolean",
    "bytea",
    "character varying",
    "date",
    "double precision",
    "integer",
    "text",
    "timestamp with time zone",
    "uuid",
];

/// A row as it is hashed.
struct CanonicalRow(Vec<u8>);

impl QueryableByName<Sqlite> for CanonicalRow {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        let mut bytes = Vec::new();
        for place in 0..row.field_count() {
            let field = Row::get(row, place).ok_or("a row has fewer columns than it said")?;
            let Some(mut value) = field.value() else {
                bytes.push(b'n');
                continue;
            };
            match value.value_type() {
                None => bytes.push(b'n'),
                Some(SqliteType::Text) => put_text(&mut bytes, value.read_blob()),
                Some(SqliteType::Binary) => put_bytes(&mut bytes, value.read_blob()),
                Some(SqliteType::Double | SqliteType::Float) => {
                    put_double(&mut bytes, value.read_double().to_be_bytes())
                }
                Some(SqliteType::Long | SqliteType::Integer | SqliteType::SmallInt) => {
                    put_integer(&mut bytes, value.read_long());
                }
            }
        }
        Ok(Self(bytes))
    }
}

impl QueryableByName<Pg> for CanonicalRow {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        let mut bytes = Vec::new();
        for place in 0..row.field_count() {
            let field = Row::get(row, place).ok_or("a row has fewer columns than it said")?;
            match field.value() {
                None => bytes.push(b'n'),
                Some(value) => put_postgres(&mut bytes, &value)?,
            }
        }
        Ok(Self(bytes))
    }
}

/// Microseconds from 1970, Muster's epoch, to 2000, PostgreSQL's.
const TO_2000: i64 = 946_684_800_000_000;

/// Appends a value of PostgreSQL, by the type numbers of its catalogue and in the binary form of its protocol.
fn put_postgres(bytes: &mut Vec<u8>, value: &PgValue<'_>) -> deserialize::Result<()> {
    let raw = value.as_bytes();
    match value.get_oid().get() {
        16 => put_integer(bytes, i64::from(raw != [0])),
        17 | 2950 => put_bytes(bytes, raw),
        20 => put_integer(bytes, i64::from_be_bytes(raw.try_into()?)),
        23 => put_integer(bytes, i64::from(i32::from_be_bytes(raw.try_into()?))),
        25 | 1043 => put_text(bytes, raw),
        701 => put_double(bytes, raw.try_into()?),
        1082 => {
            let days = i32::from_be_bytes(raw.try_into()?);
            put_text(bytes, day(days).ok_or("a day is out of range")?.to_string().as_bytes());
        }
        1184 => {
            let since_2000 = i64::from_be_bytes(raw.try_into()?);
            put_integer(bytes, since_2000.checked_add(TO_2000).ok_or("an instant is out of range")?);
        }
        other => return Err(format!("the type {other} of PostgreSQL is not one that was asked for").into()),
    }
    Ok(())
}

fn day(since_2000: i32) -> Option<NaiveDate> {
    let (start, days) = (NaiveDate::from_ymd_opt(2000, 1, 1)?, Days::new(since_2000.unsigned_abs().into()));
    if since_2000 < 0 { start.checked_sub_days(days) } else { start.checked_add_days(days) }
}

fn put_integer(bytes: &mut Vec<u8>, value: i64) {
    bytes.push(b'i');
    bytes.extend(value.to_be_bytes());
}

fn put_double(bytes: &mut Vec<u8>, value: [u8; 8]) {
    bytes.push(b'f');
    bytes.extend(value);
}

fn put_text(bytes: &mut Vec<u8>, value: &[u8]) {
    put_measured(bytes, b't', value);
}

fn put_bytes(bytes: &mut Vec<u8>, value: &[u8]) {
    put_measured(bytes, b'b', value);
}

fn put_measured(bytes: &mut Vec<u8>, letter: u8, value: &[u8]) {
    bytes.push(letter);
    bytes.extend(u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes());
    bytes.extend(value);
}

/// The definitions of indexes, constraints, triggers and views on SQLite, one per line.
const SQLITE_STRUCTURE: &str = "SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') AS line \
     FROM sqlite_schema ORDER BY line COLLATE BINARY";

/// The same definitions on PostgreSQL, without the constraints that only newer servers list (`n`: not null).
const POSTGRES_STRUCTURE: &str = "WITH ours AS (SELECT oid, relname, relkind FROM pg_class WHERE relnamespace = current_schema()::regnamespace) \
     SELECT line COLLATE \"C\" AS line FROM ( \
     SELECT relkind::text || ' ' || relname AS line FROM ours \
     UNION ALL SELECT concat_ws(' ', 'constraint', relname, conname, contype::text, condeferrable, condeferred, \
         convalidated) FROM ours JOIN pg_constraint AS c ON c.conrelid = ours.oid AND contype <> 'n' \
     UNION ALL SELECT concat_ws(' ', 'trigger', relname, tgname, tgtype, tgenabled::text) \
         FROM ours JOIN pg_trigger AS t ON t.tgrelid = ours.oid AND NOT tgisinternal \
     UNION ALL SELECT concat_ws(' ', 'function', proname, pg_get_function_identity_arguments(oid), prosrc) \
         FROM pg_proc WHERE pronamespace = current_schema()::regnamespace) AS lines ORDER BY 1";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn structure_of(connection: &mut AnyConnection) -> QueryResult<String> {
    let lines: Vec<Line> = match connection {
        AnyConnection::Sqlite(connection) => diesel::sql_query(SQLITE_STRUCTURE).load(connection)?,
        AnyConnection::Postgres(connection) => diesel::sql_query(POSTGRES_STRUCTURE).load(connection)?,
    };
    let mut hash = Sha256::new();
    for Line { line } in lines {
        hash.update(line);
        hash.update("\n");
    }
    Ok(hexadecimal(&hash.finalize()))
}
