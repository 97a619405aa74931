//! The schema: the same on both databases and in `db::schema`, protected by the database itself, and reversible.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Barrier;

use base::content::hexadecimal;
use db::connection::AnyConnection;
use db::migrations;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::result::Error::DatabaseError;
use diesel::sql_types::Text;
use diesel_migrations::MigrationHarness;
use sha2::{Digest as _, Sha256};

use crate::cases::{NoDatabase, cases};
use crate::database::{Backend, TestDatabase};

cases![
    both_databases_have_the_same_migrations,
    no_migration_that_landed_was_edited,
    several_that_start_at_once_all_find_the_schema,
    down_removes_all_that_up_made_and_up_makes_it_again,
    columns_are_those_of_the_schema_in_code,
    every_change_set_is_checked_at_commit,
    every_reference_to_a_revision_has_an_index_on_sqlite,
    what_is_stored_cannot_be_changed,
];

/// Tables whose rows change: what belongs to sign-in, and what can be made anew from the others.
const CHANGING: [&str; 18] = [
    "accounts",
    "bearing_counts",
    "clients",
    "contact_reads",
    "contacts",
    "count_drafts",
    "device_reports",
    "device_tokens",
    "devices",
    "enrolments",
    "organization_changes",
    "recovery_codes",
    "request_quotas",
    "second_factors",
    "sessions",
    "setup_codes",
    "sign_in_attempts",
    "unavailable_answers",
];

async fn both_databases_have_the_same_migrations(_: NoDatabase) {
    let names = |backend: &str| -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend);
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap())).collect()
    };
    assert!(!names("sqlite").is_empty());
    assert_eq!(names("sqlite"), names("postgres"));
}

/// Databases in use have run the migrations as they were: an edited one would give new databases another schema.
async fn no_migration_that_landed_was_edited(_: NoDatabase) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
    let landed: BTreeMap<&str, &str> = sums
        .lines()
        .map(|line| line.split_once("  ").map(|(sum, name)| (name, sum)).expect("lines are those of sha256sum"))
        .collect();
    let mut there = BTreeMap::new();
    for backend in ["sqlite", "postgres"] {
        for migration in fs::read_dir(folder.join(backend)).unwrap().map(|entry| entry.unwrap().path()) {
            for file in fs::read_dir(migration).unwrap().map(|entry| entry.unwrap().path()) {
                let sum = hexadecimal(&Sha256::digest(fs::read(&file).unwrap()));
                there.insert(file.strip_prefix(&folder).unwrap().to_str().unwrap().to_owned(), sum);
            }
        }
    }
    for (name, sum) in &landed {
        let found = there.get(*name).map(String::as_str);
        assert_eq!(found, Some(*sum), "migrations/{name} has landed and is never edited: add a new migration instead");
    }
    let new: Vec<&String> = there.keys().filter(|name| !landed.contains_key(name.as_str())).collect();
    assert!(new.is_empty(), "a new migration is added to migrations/SHA256SUMS by sha256sum when it lands: {new:?}");
    assert!(landed.len() >= 60);
}

/// On a database without any tables.
async fn several_that_start_at_once_all_find_the_schema(database: TestDatabase) {
    let template = dump(&mut database.connect());
    for _ in 0..5 {
        let fresh = TestDatabase::create_empty(database.backend);
        let start = Barrier::new(4);
        std::thread::scope(|scope| {
            let starts = [(); 4].map(|()| {
                scope.spawn(|| {
                    start.wait();
                    migrations::run(&fresh.url)
                })
            });
            for started in starts {
                started.join().unwrap().unwrap();
            }
        });
        assert_eq!(dump(&mut fresh.connect()), template);
    }
}

async fn down_removes_all_that_up_made_and_up_makes_it_again(database: TestDatabase) {
    let mut connection = database.connect();
    let made = dump(&mut connection);
    assert!(made.len() > 50, "the dump sees too little: {made:#?}");
    match &mut connection {
        AnyConnection::Sqlite(connection) => connection.revert_all_migrations(migrations::SQLITE).map(drop).unwrap(),
        AnyConnection::Postgres(connection) => {
            connection.revert_all_migrations(migrations::POSTGRES).map(drop).unwrap();
        }
    }
    assert_eq!(dump(&mut connection), Vec::<String>::new(), "down.sql leaves something behind");
    migrations::run(&database.url).unwrap();
    assert_eq!(dump(&mut connection), made);
}

/// Names, order, types and nullability.
async fn columns_are_those_of_the_schema_in_code(database: TestDatabase) {
    let expected = columns_in_code(database.backend);
    let stored = columns_stored(&mut database.connect());
    let names = |tables: &BTreeMap<String, Vec<String>>| tables.keys().cloned().collect::<BTreeSet<String>>();
    let in_code: Vec<_> = names(&expected).difference(&names(&stored)).cloned().collect();
    assert!(in_code.is_empty(), "{in_code:?} of schema.rs: no migration of {} makes them", database.backend);
    let unknown: Vec<_> = names(&stored).difference(&names(&expected)).cloned().collect();
    assert!(unknown.is_empty(), "{unknown:?}: write them in crates/db/src/schema.rs as the migrations make them");
    for (table, columns) in stored {
        assert_eq!(columns, expected[&table], "{table}");
    }
}

async fn every_change_set_is_checked_at_commit(database: TestDatabase) {
    let mut connection = database.connect();
    let clause = "(change_set) DEFERRABLE INITIALLY DEFERRED";
    let mut checked = 0;
    for (table, columns) in columns_stored(&mut connection) {
        if table == "revisions" || !columns.iter().any(|column| column.starts_with("change_set ")) {
            continue;
        }
        let count = match &connection {
            AnyConnection::Sqlite(_) => format!(
                "SELECT 'found' AS line FROM sqlite_schema WHERE type = 'table' AND name = '{table}' \
                 AND sql LIKE '%change_set BLOB NOT NULL REFERENCES revisions {clause}%'"
            ),
            AnyConnection::Postgres(_) => format!(
                "SELECT 'found' AS line FROM pg_constraint WHERE conrelid = '{table}'::regclass \
                 AND pg_get_constraintdef(oid) = 'FOREIGN KEY (change_set) REFERENCES revisions{clause}'"
            ),
        };
        assert_eq!(
            lines(&mut connection, &count),
            ["found"],
            "{table} may be committed without a revision: let its change_set be as those of its neighbours"
        );
        checked += 1;
    }
    assert!(checked >= 20, "{checked} tables were checked");
}

/// SQLite looks in each of these tables whenever a revision is added, because the references to it are open until then. PostgreSQL
/// looks from the other side.
async fn every_reference_to_a_revision_has_an_index_on_sqlite(database: TestDatabase) {
    let mut connection = database.connect();
    if let AnyConnection::Postgres(_) = &connection {
        return;
    }
    let references = "FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table' AND f.\"table\" = 'revisions'";
    let all = lines(&mut connection, &format!("SELECT t.name AS line {references}"));
    assert!(all.len() >= 30, "{} references", all.len());
    let without = format!(
        "SELECT t.name || '.' || f.\"from\" AS line {references} AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) AS i, \
         pragma_index_info(i.name) AS c WHERE i.partial = 0 AND c.seqno = 0 AND c.name = f.\"from\")"
    );
    let without = lines(&mut connection, &without);
    assert!(
        without.is_empty(),
        "no index leads from a revision to {without:?}: a commit would read them from end to end"
    );
}

/// Tries to change a row of each table in every way. The database refuses, so no program can do it.
async fn what_is_stored_cannot_be_changed(database: TestDatabase) {
    let mut connection = database.connect();
    let tables = columns_stored(&mut connection);
    assert!(tables.len() > 20, "the catalogue was read wrongly: {tables:?}");
    if database.backend == Backend::Sqlite {
        // The triggers are for each row, so there must be a row, with any content.
        connection.batch_execute("PRAGMA foreign_keys=OFF; PRAGMA ignore_check_constraints=ON").unwrap();
    }
    for (table, columns) in tables.iter().filter(|(table, _)| !CHANGING.contains(&table.as_str())) {
        let column = columns[0].split(' ').next().unwrap();
        let mut ways = vec![format!("UPDATE {table} SET {column} = {column}"), format!("DELETE FROM {table}")];
        match database.backend {
            Backend::Sqlite => {
                let row: Vec<&str> = columns.iter().map(|column| any_value(column)).collect();
                connection.batch_execute(&format!("INSERT INTO {table} VALUES ({})", row.join(", "))).unwrap();
                ways.push(format!("INSERT OR REPLACE INTO {table} SELECT * FROM {table}"));
                ways.push(format!("UPDATE OR REPLACE {table} SET {column} = {column}"));
            }
            Backend::Postgres => ways.push(format!("TRUNCATE {table} CASCADE")),
        }
        for way in ways {
            let Err(DatabaseError(_, refusal)) = connection.batch_execute(&way) else {
                panic!(
                    "{table} is not kept from {way}: give it the triggers of its neighbours, or its place in `CHANGING`"
                );
            };
            assert_eq!(refusal.message(), format!("{table} is append-only"), "{way}");
        }
    }
}

/// A value that fits a column of SQLite, as [`columns_stored`] describes it.
fn any_value(column: &str) -> &'static str {
    match column.split(' ').nth(1).unwrap() {
        "blob" => "x'00'",
        "text" => "'text'",
        _ => "1",
    }
}

/// The tables with their columns in order, each as `name type` or `name type null`.
fn columns_stored(connection: &mut AnyConnection) -> BTreeMap<String, Vec<String>> {
    let query = match connection {
        AnyConnection::Sqlite(_) => {
            "SELECT t.name || ' ' || c.name || ' ' || lower(c.type) || iif(c.\"notnull\", '', ' null') AS line \
             FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' \
             ORDER BY t.name, c.cid"
        }
        AnyConnection::Postgres(_) => {
            "SELECT c.relname || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || \
             CASE WHEN a.attnotnull THEN '' ELSE ' null' END AS line \
             FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid \
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 \
             AND NOT a.attisdropped AND c.relname NOT LIKE '\\_\\_diesel%' ORDER BY c.relname, a.attnum"
        }
    };
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    for line in lines(connection, query) {
        let (table, column) = line.split_once(' ').unwrap();
        tables.entry(table.to_owned()).or_default().push(column.to_owned());
    }
    tables
}

/// The same, as `db::schema` says it should be.
fn columns_in_code(backend: Backend) -> BTreeMap<String, Vec<String>> {
    let mut tables = BTreeMap::<String, Vec<String>>::new();
    let (mut table, mut renamed) = (String::new(), None);
    for line in include_str!("../../crates/db/src/schema.rs").lines().map(str::trim) {
        if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with(") {")) {
            table = name.to_owned();
        } else if let Some(name) = line.strip_prefix("#[sql_name = \"").and_then(|line| line.strip_suffix("\"]")) {
            renamed = Some(name);
        } else if let Some((name, rust)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) {
            let inner = rust.strip_prefix("Nullable<").and_then(|rust| rust.strip_suffix('>'));
            let null = if inner.is_some() { " null" } else { "" };
            let stored = stored_type(inner.unwrap_or(rust), backend);
            let name = renamed.take().unwrap_or(name);
            tables.entry(table.clone()).or_default().push(format!("{name} {stored}{null}"));
        }
    }
    tables
}

fn stored_type(rust: &str, backend: Backend) -> &'static str {
    let (sqlite, postgres) = match rust {
        "BigInt" => ("bigint", "bigint"),
        "Binary" => ("blob", "bytea"),
        "Bool" => ("boolean", "boolean"),
        "DaySql" => ("text", "date"),
        "Double" => ("double precision", "double precision"),
        "IdSql" => ("blob", "uuid"),
        "InstantSql" => ("bigint", "timestamp with time zone"),
        "Text" => ("text", "text"),
        other => panic!("say here how {other} is stored"),
    };
    match backend {
        Backend::Sqlite => sqlite,
        Backend::Postgres => postgres,
    }
}

/// Everything in the schema that a migration can create, with one or more lines each.
fn dump(connection: &mut AnyConnection) -> Vec<String> {
    let query = match connection {
        AnyConnection::Sqlite(_) => {
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_schema \
             WHERE tbl_name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY type, name"
        }
        AnyConnection::Postgres(_) => {
            "WITH ours AS (SELECT oid, relname, relkind FROM pg_class \
                 WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_diesel%') \
             SELECT 'relation ' || relname || ' ' || relkind::text AS line FROM ours \
             UNION ALL SELECT 'column ' || relname || ' ' || attnum || ' ' || attname || ' ' || \
                 format_type(atttypid, atttypmod) || ' ' || attnotnull || ' ' || \
                 coalesce(pg_get_expr(adbin, adrelid), '') \
                 FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped \
                 LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
             UNION ALL SELECT 'constraint ' || relname || ' ' || conname || ' ' || pg_get_constraintdef(c.oid) \
                 FROM ours JOIN pg_constraint AS c ON conrelid = ours.oid \
             UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) FROM ours JOIN pg_index ON indrelid = ours.oid \
             UNION ALL SELECT 'trigger ' || relname || ' ' || tgenabled::text || ' ' || pg_get_triggerdef(t.oid) \
                 FROM ours JOIN pg_trigger AS t ON tgrelid = ours.oid AND NOT tgisinternal \
             UNION ALL SELECT 'view ' || relname || ' ' || pg_get_viewdef(oid) FROM ours WHERE relkind IN ('v', 'm') \
             UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc AS p \
                 WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'diesel\\_%' \
             ORDER BY line"
        }
    };
    lines(connection, query)
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn lines(connection: &mut AnyConnection, query: &str) -> Vec<String> {
    diesel::sql_query(query).load::<Line>(connection).unwrap().into_iter().map(|row| row.line).collect()
}
