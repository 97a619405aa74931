//! The rows of a whole database, and what one submit changed in them.

use std::collections::{BTreeMap, BTreeSet};

use crate::database::Connection;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    /// The places of the columns of its primary key.
    pub key: Vec<usize>,
    /// The places of the columns of each unique index, also of the primary key.
    pub unique: Vec<Vec<usize>>,
    /// The tables to which its foreign keys lead.
    pub parents: BTreeSet<String>,
}

/// A row: its values as SQL writes them.
pub type Row = Vec<String>;

/// The rows of one table by their keys.
type Rows = BTreeMap<Vec<String>, Row>;

/// All rows, by the names of tables.
pub type Snapshot = BTreeMap<String, Rows>;

/// What was done to one table.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    pub inserted: Vec<Row>,
    /// The row before and after.
    pub updated: Vec<(Row, Row)>,
    pub deleted: Vec<Row>,
}

/// The tables with a primary key, those that others refer to first.
pub fn tables(connection: &mut Connection) -> Vec<Table> {
    let names = connection.texts(match connection {
        Connection::Sqlite(_) => {
            "SELECT name AS text FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
             AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
        }
        Connection::Postgres(_) => {
            "SELECT tablename::text AS text FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        }
    });
    let mut tables: Vec<Table> = names.into_iter().filter_map(|name| table(connection, name)).collect();
    let mut sorted: Vec<Table> = Vec::new();
    while !tables.is_empty() {
        let names: BTreeSet<String> = tables.iter().map(|table| table.name.clone()).collect();
        let is_free =
            |table: &Table| table.parents.iter().all(|parent| *parent == table.name || !names.contains(parent));
        let (free, rest): (Vec<Table>, Vec<Table>) = tables.into_iter().partition(is_free);
        assert!(!free.is_empty(), "foreign keys in a circle: {names:?}");
        sorted.extend(free);
        tables = rest;
    }
    sorted
}

fn table(connection: &mut Connection, name: String) -> Option<Table> {
    let (columns, indexes, parents) = match connection {
        Connection::Sqlite(_) => (
            connection.texts(&format!("SELECT name AS text FROM pragma_table_info('{name}') ORDER BY cid")),
            // The primary key first; those of a part of the rows hold for no other.
            connection.texts(&format!(
                "SELECT (SELECT group_concat(name, ',') FROM (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) \
                 AS text FROM pragma_index_list('{name}') i WHERE i.\"unique\" AND NOT i.partial ORDER BY i.origin <> 'pk'"
            )),
            connection.texts(&format!(
                "SELECT \"table\" AS text FROM pragma_foreign_key_list('{name}') GROUP BY \"table\""
            )),
        ),
        Connection::Postgres(_) => (
            connection.texts(&format!(
                "SELECT attname::text AS text FROM pg_attribute WHERE attrelid = '{name}'::regclass AND attnum > 0 \
                 AND NOT attisdropped ORDER BY attnum"
            )),
            connection.texts(&format!(
                "SELECT (SELECT string_agg(a.attname, ',' ORDER BY k.at) FROM unnest(i.indkey) WITH ORDINALITY k(number, at) \
                 JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS text FROM pg_index i \
                 WHERE i.indrelid = '{name}'::regclass AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL \
                 ORDER BY NOT i.indisprimary"
            )),
            connection.texts(&format!(
                "SELECT confrelid::regclass::text AS text FROM pg_constraint WHERE conrelid = '{name}'::regclass \
                 AND contype = 'f' GROUP BY 1"
            )),
        ),
    };
    let place = |column: &str| columns.iter().position(|one| one == column).unwrap();
    let mut unique: Vec<Vec<usize>> = indexes.iter().map(|columns| columns.split(',').map(place).collect()).collect();
    if unique.is_empty() && matches!(connection, Connection::Sqlite(_)) {
        // A key that is the number of the row has no index.
        let key =
            connection.texts(&format!("SELECT name AS text FROM pragma_table_info('{name}') WHERE pk ORDER BY pk"));
        if !key.is_empty() {
            unique.push(key.iter().map(|column| place(column)).collect());
        }
    }
    let key = unique.first()?.clone();
    Some(Table { parents: parents.into_iter().collect(), name, columns, key, unique })
}

/// All rows of all tables.
pub fn snapshot(connection: &mut Connection, tables: &[Table]) -> Snapshot {
    let rows = |table: &Table| {
        let values: Vec<String> = table
            .columns
            .iter()
            .map(|column| match connection {
                Connection::Sqlite(_) => format!("quote(\"{column}\")"),
                Connection::Postgres(_) => format!("quote_nullable(\"{column}\"::text)"),
            })
            .collect();
        let array = match connection {
            Connection::Sqlite(_) => format!("json_array({})", values.join(",")),
            Connection::Postgres(_) => format!("json_build_array({})::text", values.join(",")),
        };
        let rows = connection.texts(&format!("SELECT {array} AS text FROM \"{}\"", table.name));
        let rows = rows.iter().map(|row| {
            let row: Row = serde_json::from_str(row).unwrap();
            (table.key.iter().map(|place| row[*place].clone()).collect(), row)
        });
        (table.name.clone(), rows.collect())
    };
    tables.iter().map(rows).collect()
}

/// The difference between two snapshots, for each table that differs, in the order of the tables.
pub fn differences(tables: &[Table], before: &Snapshot, after: &Snapshot) -> Vec<(Table, Difference)> {
    let mut found = Vec::new();
    for table in tables {
        let (before, after) = (&before[&table.name], &after[&table.name]);
        let mut difference = Difference::default();
        for (key, row) in after {
            match before.get(key) {
                None => difference.inserted.push(row.clone()),
                Some(old) if old != row => difference.updated.push((old.clone(), row.clone())),
                Some(_) => {}
            }
        }
        let gone = before.iter().filter(|(key, _)| !after.contains_key(*key));
        difference.deleted.extend(gone.map(|(_, row)| row.clone()));
        let Difference { inserted, updated, deleted } = &difference;
        if inserted.len() + updated.len() + deleted.len() > 0 {
            found.push((table.clone(), difference));
        }
    }
    found
}
