//! The floor of a submit: the database alone writes the rows that one submit of the service writes, as durably, with its
//! indexes and foreign keys, and so many in one transaction as there are clients. It checks and signs nothing, and has no
//! triggers.
//!
//! The rows are found by comparing the whole database before and after a submit. They are written again under other ids.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Double, Nullable, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};
use serde::Serialize;

use super::rows::{Difference, Row, Table, differences, snapshot, tables};
use crate::database::Connection;
use crate::load::Numbers;
use crate::options::Options;
use crate::server::Server;
use crate::users::{Caller, LINES, Users};

/// The writers of the service on PostgreSQL; on SQLite there is one.
const WRITERS: usize = 3;

/// The most writes of one transaction of the service.
const MOST_TOGETHER: usize = 64;

/// The organizations whose submits are repeated.
const ORGANIZATIONS: usize = 3;

/// The rows that a submit writes to a table.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    pub table: String,
    pub inserted: usize,
    pub updated: usize,
    pub deleted: usize,
}

/// The rate of the floor.
#[derive(Clone, Debug, Serialize)]
pub struct Rate {
    pub clients: usize,
    pub per_second: f64,
    /// The median of the time of a transaction.
    pub p50_ms: f64,
}

/// The floor of a database.
#[derive(Clone, Debug, Serialize)]
pub struct SubmitFloor {
    pub written: Vec<Written>,
    pub rates: Vec<Rate>,
}

/// The submits of some organizations, as rows.
pub struct Template {
    submits: Vec<Submit>,
    written: Vec<Written>,
}

/// One submit.
struct Submit {
    statements: Vec<Statement>,
    /// The values of ids and hashes that are new each time, as they were.
    fresh: Vec<String>,
}

/// A statement with its values.
struct Statement {
    /// The text between the values.
    pieces: Vec<String>,
    values: Vec<Value>,
}

/// A value of a statement.
enum Value {
    Same(String),
    /// One of those that are new each time.
    Fresh(usize),
    /// That of the submit before.
    FreshBefore(usize),
    /// A number that is larger each time.
    Larger(i64),
    LargerBefore(i64),
    /// Two values in turn.
    InTurn(Box<[Value; 2]>),
}

/// Submits counts of some organizations, and finds the rows that each wrote. The first two counts of each may write others.
pub async fn derive(server: &Server, users: &Users, url: &str, numbers: &Numbers) -> Template {
    let mut connection = Connection::open(url);
    let tables = tables(&mut connection);
    let organizations = &users.quartermasters[..ORGANIZATIONS];
    let submit = async |number: usize| {
        let one = &organizations[number];
        let mut caller = Caller::connect(server.address, &one.token).await;
        caller.send_numbered(&one.submit_plain(LINES), numbers.next()).await
    };
    for number in (0..ORGANIZATIONS).chain(0..ORGANIZATIONS) {
        submit(number).await;
    }
    let mut before = snapshot(&mut connection, &tables);
    let (mut all, mut newest) = (Vec::new(), 0);
    for number in 0..ORGANIZATIONS {
        submit(number).await;
        let after = snapshot(&mut connection, &tables);
        let different = differences(&tables, &before, &after);
        newest = newest.max(largest(&different));
        all.push((different, fresh_values(&tables, &before, &after)));
        before = after;
    }
    let written = all[0].0.iter().map(|(table, Difference { inserted, updated, deleted })| Written {
        table: table.name.clone(),
        inserted: inserted.len(),
        updated: updated.len(),
        deleted: deleted.len(),
    });
    let written = written.collect();
    let submits = all.iter().map(|(different, fresh)| Submit::of(different, fresh.clone(), newest)).collect();
    Template { submits, written }
}

/// The largest number that must be larger each time.
fn largest(different: &[(Table, Difference)]) -> i64 {
    let numbers = different.iter().flat_map(|(table, difference)| {
        let keys = table.unique.iter().flatten();
        keys.flat_map(|place| difference.inserted.iter().filter_map(|row| number(&row[*place])))
    });
    numbers.max().unwrap_or_default()
}

/// The number that a literal is, on PostgreSQL in quotes.
fn number(literal: &str) -> Option<i64> {
    literal.trim_matches('\'').parse().ok()
}

/// The values of unique columns that were in no row before: ids and hashes.
fn fresh_values(tables: &[Table], before: &super::rows::Snapshot, after: &super::rows::Snapshot) -> Vec<String> {
    let mut fresh = BTreeSet::new();
    for table in tables {
        let (old, new) = (&before[&table.name], &after[&table.name]);
        for row in new.iter().filter(|(key, _)| !old.contains_key(*key)).map(|(_, row)| row) {
            for place in table.unique.iter().flatten() {
                let value = &row[*place];
                // 16 bytes as a blob, or 36 signs as a text.
                let is_id = value.len() >= 34 && number(value).is_none();
                if is_id && !old.values().any(|row| row[*place] == *value) {
                    fresh.insert(value.clone());
                }
            }
        }
    }
    fresh.into_iter().collect()
}

impl Submit {
    fn of(different: &[(Table, Difference)], fresh: Vec<String>, newest: i64) -> Self {
        let mut statements = Vec::new();
        let places: BTreeMap<&str, usize> =
            fresh.iter().enumerate().map(|(place, value)| (value.as_str(), place)).collect();
        let value = |literal: &String| match places.get(literal.as_str()) {
            Some(place) => Value::Fresh(*place),
            None => Value::Same(literal.clone()),
        };
        for (table, difference) in different {
            // The numbers that must be larger each time: in unique indexes without any other new value.
            let larger = |row: &Row| -> BTreeSet<usize> {
                let lacking =
                    |index: &&Vec<usize>| !index.iter().any(|place| places.contains_key(row[*place].as_str()));
                let last =
                    |index: &Vec<usize>| index.iter().rev().copied().find(|place| number(&row[*place]).is_some());
                table.unique.iter().filter(lacking).filter_map(last).collect()
            };
            let keyed = |row: &Row, is_before: bool| -> Vec<Value> {
                let larger = larger(row);
                let of = |place: &usize| match (value(&row[*place]), larger.contains(place), is_before) {
                    (_, true, false) => Value::Larger(newest),
                    (_, true, true) => Value::LargerBefore(newest),
                    (Value::Fresh(fresh), false, true) => Value::FreshBefore(fresh),
                    (value, ..) => value,
                };
                table.key.iter().map(of).collect()
            };
            let conditions = || {
                let columns = table.key.iter().map(|place| table.columns[*place].as_str());
                columns.map(|column| format!("\"{column}\" = ")).collect::<Vec<_>>()
            };
            for row in &difference.inserted {
                let larger = larger(row);
                let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{column}\"")).collect();
                let begin = format!("INSERT INTO \"{}\" ({}) VALUES (", table.name, columns.join(","));
                let pieces = std::iter::once(begin)
                    .chain((1..row.len()).map(|_| ",".to_owned()))
                    .chain([")".to_owned()])
                    .collect();
                let values = row.iter().enumerate().map(|(place, literal)| {
                    if larger.contains(&place) { Value::Larger(newest) } else { value(literal) }
                });
                statements.push(Statement { pieces, values: values.collect() });
            }
            for (old, new) in &difference.updated {
                let changed: Vec<usize> = (0..new.len()).filter(|place| old[*place] != new[*place]).collect();
                let sets = changed.iter().map(|place| format!("\"{}\" = ", table.columns[*place]));
                let mut pieces = Vec::new();
                for (number, set) in sets.enumerate() {
                    pieces.push(if number == 0 {
                        format!("UPDATE \"{}\" SET {set}", table.name)
                    } else {
                        format!(", {set}")
                    });
                }
                for (number, condition) in conditions().into_iter().enumerate() {
                    pieces.push(format!(" {} {condition}", if number == 0 { "WHERE" } else { "AND" }));
                }
                pieces.push(String::new());
                // A value that stays the same is not written.
                let in_turn = |place: &usize| match value(&new[*place]) {
                    Value::Fresh(fresh) => Value::Fresh(fresh),
                    new => Value::InTurn(Box::new([new, Value::Same(old[*place].clone())])),
                };
                let values = changed.iter().map(in_turn).chain(keyed(new, false)).collect();
                statements.push(Statement { pieces, values });
            }
            // Those of the submit before go, which had the same keys.
            for row in difference.inserted.iter().take(difference.deleted.len()) {
                let mut pieces = Vec::new();
                for (number, condition) in conditions().into_iter().enumerate() {
                    let begin = format!("DELETE FROM \"{}\" WHERE", table.name);
                    pieces.push(format!("{} {condition}", if number == 0 { begin.as_str() } else { " AND" }));
                }
                pieces.push(String::new());
                statements.push(Statement { pieces, values: keyed(row, true) });
            }
        }
        Self { statements, fresh }
    }
}

/// Measures the floor for each number of clients.
pub fn measure(template: &Template, url: &str, options: &Options) -> SubmitFloor {
    let mut connection = Connection::open(url);
    let is_sqlite = matches!(connection, Connection::Sqlite(_));
    match &mut connection {
        Connection::Sqlite(_) => {
            let triggers = connection.texts("SELECT name AS text FROM sqlite_master WHERE type = 'trigger'");
            triggers.iter().for_each(|name| connection.run(&format!("DROP TRIGGER \"{name}\"")));
        }
        Connection::Postgres(_) => {
            for table in tables(&mut connection) {
                connection.run(&format!("ALTER TABLE \"{}\" DISABLE TRIGGER USER", table.name));
            }
        }
    }
    drop(connection);
    let count = AtomicU64::new(0);
    let rates = options.clients.iter().map(|clients| {
        let writers = if is_sqlite { 1 } else { WRITERS.min(*clients) };
        let together = (*clients).div_ceil(writers).min(MOST_TOGETHER);
        let (took, started) = (Mutex::new(Vec::new()), Instant::now());
        let committed = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for writer in 0..writers {
                let (took, count, committed) = (&took, &count, &committed);
                scope.spawn(move || {
                    let mut repeating = Repeating::open(url, template, writer, writers);
                    while started.elapsed() < options.time() {
                        let start = Instant::now();
                        repeating.commit(together, count);
                        took.lock().unwrap().push(start.elapsed());
                        committed.fetch_add(together as u64, Ordering::Relaxed);
                    }
                });
            }
        });
        let per_second = committed.into_inner() as f64 / started.elapsed().as_secs_f64();
        let mut took: Vec<Duration> = took.into_inner().unwrap();
        took.sort();
        Rate { clients: *clients, per_second, p50_ms: took[took.len() / 2].as_secs_f64() * 1e3 }
    });
    let rates = rates.collect();
    SubmitFloor { written: template.written.clone(), rates }
}

/// A connection that writes the rows again and again.
struct Repeating<'a> {
    connection: Connection,
    /// The submits of organizations that no other connection writes.
    submits: Vec<(&'a Submit, Before)>,
}

/// The submit before of the same organization.
struct Before {
    number: i64,
    fresh: Vec<String>,
}

impl<'a> Repeating<'a> {
    fn open(url: &str, template: &'a Template, writer: usize, writers: usize) -> Self {
        let mut connection = Connection::open(url);
        if let Connection::Sqlite(_) = connection {
            // As the service sets it (`SQLITE_SETTINGS`).
            connection.run("PRAGMA synchronous=FULL; PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY;");
        }
        let own = template.submits.iter().skip(writer).step_by(writers);
        let submits = own.map(|submit| (submit, Before { number: 0, fresh: submit.fresh.clone() })).collect();
        Self { connection, submits }
    }

    /// Commits some submits in one transaction.
    fn commit(&mut self, together: usize, count: &AtomicU64) {
        self.connection.run(match self.connection {
            Connection::Sqlite(_) => "BEGIN IMMEDIATE",
            Connection::Postgres(_) => "BEGIN",
        });
        for _ in 0..together {
            let number = i64::try_from(count.fetch_add(1, Ordering::Relaxed)).unwrap() + 1;
            let turn = usize::try_from(number).unwrap() % self.submits.len();
            let (submit, before) = &mut self.submits[turn];
            let fresh: Vec<String> = submit.fresh.iter().map(|old| other(old)).collect();
            let text = |value: &Value| literal(value, number, &fresh, before);
            match &mut self.connection {
                Connection::Sqlite(connection) => {
                    for Statement { pieces, values } in &submit.statements {
                        let values: Vec<Bound> = values.iter().map(|value| Bound::of(&text(value))).collect();
                        Prepared { pieces, values }.execute(connection).unwrap();
                    }
                }
                Connection::Postgres(connection) => {
                    connection.batch_execute(&batch(&submit.statements, text)).unwrap();
                }
            }
            *before = Before { number, fresh };
        }
        self.connection.run("COMMIT");
    }
}

/// The statements of a submit as one message; rows of the same table as one statement.
fn batch(statements: &[Statement], text: impl Fn(&Value) -> String) -> String {
    let (mut sql, mut open) = (String::new(), None);
    for Statement { pieces, values } in statements {
        let begin = pieces[0].as_str();
        let (first, rest) = match open {
            Some(before) if before == begin && begin.starts_with("INSERT") => (",(", &pieces[1..]),
            Some(_) => {
                sql.push(';');
                (begin, &pieces[1..])
            }
            None => (begin, &pieces[1..]),
        };
        sql.push_str(first);
        for (value, piece) in values.iter().zip(rest) {
            sql.push_str(&text(value));
            sql.push_str(piece);
        }
        open = Some(begin);
    }
    sql
}

fn literal(value: &Value, number: i64, fresh: &[String], before: &Before) -> String {
    match value {
        Value::Same(literal) => literal.clone(),
        Value::Fresh(place) => fresh[*place].clone(),
        Value::FreshBefore(place) => before.fresh[*place].clone(),
        Value::Larger(from) => (from + number).to_string(),
        Value::LargerBefore(from) => (from + before.number).to_string(),
        Value::InTurn(values) => literal(&values[usize::try_from(number).unwrap() % 2], number, fresh, before),
    }
}

/// Another value of the same form: all hexadecimal digits are others.
fn other(literal: &str) -> String {
    let (open, inner) = literal.split_at(literal.find('\'').map_or(0, |quote| quote + 1));
    let mut random = rand::random::<u128>();
    let mut digits = 0;
    let inner = inner.chars().map(|sign| {
        if !sign.is_ascii_hexdigit() {
            return sign;
        }
        if digits == 32 {
            (random, digits) = (rand::random(), 0);
        }
        digits += 1;
        let digit = char::from(b"0123456789abcdef"[(random & 15) as usize]);
        random >>= 4;
        digit
    });
    open.to_owned() + &inner.collect::<String>()
}

/// A value as SQLite binds it.
enum Bound {
    Null,
    Number(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

impl Bound {
    fn of(literal: &str) -> Self {
        if let Some(hex) = literal.strip_prefix("X'") {
            let digits = hex.trim_end_matches('\'').as_bytes().chunks(2);
            return Self::Blob(
                digits.map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect(),
            );
        }
        if let Some(text) = literal.strip_prefix('\'') {
            return Self::Text(text.strip_suffix('\'').unwrap().replace("''", "'"));
        }
        if literal == "NULL" {
            return Self::Null;
        }
        literal.parse().map_or_else(|_| Self::Real(literal.parse().unwrap()), Self::Number)
    }
}

/// A statement that SQLite prepares once.
struct Prepared<'a> {
    pieces: &'a [String],
    values: Vec<Bound>,
}

impl QueryFragment<Sqlite> for Prepared<'_> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        for (place, piece) in self.pieces.iter().enumerate() {
            pass.push_sql(piece);
            match self.values.get(place) {
                None => {}
                Some(Bound::Null) => pass.push_bind_param::<Nullable<Text>, _>(&None::<String>)?,
                Some(Bound::Number(number)) => pass.push_bind_param::<BigInt, _>(number)?,
                Some(Bound::Real(number)) => pass.push_bind_param::<Double, _>(number)?,
                Some(Bound::Text(text)) => pass.push_bind_param::<Text, _>(text)?,
                Some(Bound::Blob(bytes)) => pass.push_bind_param::<Binary, _>(bytes)?,
            }
        }
        Ok(())
    }
}

impl QueryId for Prepared<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<SqliteConnection> for Prepared<'_> {}
