//! The numbering of change sets.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Timestamptz;

use super::connection::{AnyConnection, on_connection};
use super::schema::revisions;
use super::sql_types::Instant;
use base::id::ChangeSetId;
use domain::revision::{Learnt, Recorded, Revision};

/// The advisory lock for numbering change sets on PostgreSQL; SQLite has a single writer. An arbitrary constant.
const NUMBERING_LOCK: i64 = 0x6d75_7374_6572;

/// The key of a state of the reference data: the last change; `None` before the first.
pub(super) type StateKey = Option<(Revision, ChangeSetId)>;

/// The revisions of the change sets of one transaction.
pub struct Numbered {
    given: HashMap<ChangeSetId, Learnt>,
    newest: Revision,
}

/// The place of a write among the revisions.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The revision of its change set; the newest one for a write that changed nothing.
    pub revision: Revision,
    /// Its change set, if it changed something.
    pub recorded: Option<Recorded>,
}

impl Numbered {
    /// The place of the write with a change set, or of one that changed nothing.
    pub fn place_of(&self, change_set: Option<ChangeSetId>) -> Place {
        let numbered = change_set.and_then(|change_set| Some((change_set, self.given.get(&change_set)?)));
        Place {
            revision: numbered.map_or(self.newest, |(_, learnt)| learnt.revision),
            recorded: numbered.map(|(change_set, learnt)| Recorded { change_set, at: learnt.at }),
        }
    }
}

/// Numbers change sets in the order given. Each comes with a flag that is true if it changed reference data
/// ([`SubjectKind::is_reference_data`](domain::actor::SubjectKind::is_reference_data)). These must be the last statements
/// of their transaction: on PostgreSQL the lock is held from here to the end of the commit, so numbers and commits have
/// one order.
pub fn number(connection: &mut AnyConnection, change_sets: &[(ChangeSetId, bool)]) -> QueryResult<Numbered> {
    if change_sets.is_empty() {
        return Ok(Numbered {
            given: HashMap::new(),
            newest: newest(connection)?.map_or(Revision(0), |last| last.revision),
        });
    }
    take_numbering_lock(connection)?;
    let last = newest(connection)?;
    let now = database_clock(connection)?;
    let before = last.map_or(0, |last| last.revision.0);
    // No two revisions have the same time, even if the clock goes back: `known_at` must identify one.
    let first_at = last.map_or(now, |last| now.max(last.at + TimeDelta::microseconds(1)));
    let rows: Vec<Row> = (0..)
        .zip(change_sets)
        .map(|(place, (change_set, is_reference_data))| Row {
            revision: Revision(before + 1 + place),
            change_set: *change_set,
            at: Instant(first_at + TimeDelta::microseconds(place)),
            is_reference_data: *is_reference_data,
        })
        .collect();
    // One statement for all, because other writers are waiting for the lock.
    on_connection!(connection, connection => {
        diesel::insert_into(revisions::table).values(&rows).execute(connection)?
    });
    Ok(Numbered {
        newest: rows.last().map_or(Revision(before), |row| row.revision),
        given: rows.into_iter().map(|row| (row.change_set, learnt((row.revision, row.at)))).collect(),
    })
}

#[derive(Insertable)]
#[diesel(table_name = revisions, treat_none_as_default_value = false)]
struct Row {
    revision: Revision,
    change_set: ChangeSetId,
    at: Instant,
    is_reference_data: bool,
}

/// The newest revision; `None` in an empty database.
pub fn newest(connection: &mut AnyConnection) -> QueryResult<Option<Learnt>> {
    revisions::table
        .order(revisions::revision.desc())
        .select((revisions::revision, revisions::at))
        .first::<(Revision, Instant)>(connection)
        .optional()
        .map(|row| row.map(learnt))
}

/// A revision by its number.
pub fn find(connection: &mut AnyConnection, revision: Revision) -> QueryResult<Option<Learnt>> {
    revisions::table
        .filter(revisions::revision.eq(revision))
        .select((revisions::revision, revisions::at))
        .first::<(Revision, Instant)>(connection)
        .optional()
        .map(|row| row.map(learnt))
}

/// The change set of a revision, which distinguishes it from one with the same number after a restore.
pub fn change_set_of(connection: &mut AnyConnection, revision: Revision) -> QueryResult<Option<ChangeSetId>> {
    revisions::table.filter(revisions::revision.eq(revision)).select(revisions::change_set).first(connection).optional()
}

/// The number of change sets looked up by one statement.
const CHANGE_SET_BATCH: usize = 5_000;

/// Those of some change sets that the database knows.
pub fn known_among(connection: &mut AnyConnection, asked: &[ChangeSetId]) -> QueryResult<HashSet<ChangeSetId>> {
    let mut known = HashSet::new();
    for some in asked.chunks(CHANGE_SET_BATCH) {
        let rows = revisions::table.filter(revisions::change_set.eq_any(some.to_vec())).select(revisions::change_set);
        known.extend(rows.load::<ChangeSetId>(connection)?);
    }
    Ok(known)
}

/// The newest revision at an instant.
pub fn known_at(connection: &mut AnyConnection, instant: DateTime<Utc>) -> QueryResult<Option<Learnt>> {
    revisions::table
        .filter(revisions::at.le(Instant(instant)))
        // Times have the order of the revisions, and an index.
        .order(revisions::at.desc())
        .select((revisions::revision, revisions::at))
        .first::<(Revision, Instant)>(connection)
        .optional()
        .map(|row| row.map(learnt))
}

fn learnt((revision, Instant(at)): (Revision, Instant)) -> Learnt {
    Learnt { revision, at }
}

/// Takes the lock under which change sets are numbered, until the end of the transaction.
pub(super) fn take_numbering_lock(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Postgres(connection) => {
            connection.batch_execute(&format!("SELECT pg_advisory_xact_lock({NUMBERING_LOCK})"))
        }
        AnyConnection::Sqlite(_) => Ok(()),
    }
}

/// The clock of the database server, to the microsecond; for SQLite, of this machine.
fn database_clock(connection: &mut AnyConnection) -> QueryResult<DateTime<Utc>> {
    let now = match connection {
        AnyConnection::Postgres(connection) => {
            diesel::select(diesel::dsl::sql::<Timestamptz>("clock_timestamp()")).get_result(connection)?
        }
        AnyConnection::Sqlite(_) => Utc::now(),
    };
    Ok(base::time::to_microseconds(now))
}
