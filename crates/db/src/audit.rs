//! The audit: the actor, the operation and the subjects of each change. The write queue records it with every change
//! set, so that no change can omit it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde_json::Value;

use super::connection::{AnyConnection, on_connection, rows_at_once};
use super::history::by_owner;
use super::schema::{accounts, audit_changes, audit_entries, audit_subjects, revisions};
use super::sql_types::Instant;
use base::error::Error;
use base::id::{AccountId, ChangeSetId, OrganizationId};
use domain::actor::{Actor, Subject, SubjectKind};
use domain::audit::ValueChange;
use domain::revision::{Learnt, Revision};

/// The number of columns of a subject.
const SUBJECT_COLUMNS: usize = 4;

/// The number of columns of a recorded value.
const CHANGE_COLUMNS: usize = 7;

/// A change set with its audit entry.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The actor.
    pub actor: Actor,
    /// Its record.
    pub recorded: AuditRecord,
}

/// The subjects of a change, and the values that it made others where no row keeps the earlier ones.
#[derive(Clone, Debug, Default)]
pub struct AuditRecord {
    /// The subjects, in the order of their first mention.
    pub subjects: Vec<Subject>,
    /// The values, by the number of their subject.
    pub changes: Vec<(usize, ValueChange)>,
    /// The organizations whose locks the change held, or whose profile it added or changed: nothing changed of others.
    pub organizations: BTreeSet<OrganizationId>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_entries, treat_none_as_default_value = false)]
struct EntryRow<'a> {
    change_set: ChangeSetId,
    account_id: Option<AccountId>,
    action: &'a str,
    device: Option<&'a str>,
    request_id: Option<&'a str>,
}

#[derive(Insertable)]
#[diesel(table_name = audit_subjects, treat_none_as_default_value = false)]
struct SubjectRow<'a> {
    change_set: ChangeSetId,
    position: i64,
    kind: SubjectKind,
    subject: &'a str,
}

#[derive(Insertable)]
#[diesel(table_name = audit_changes, treat_none_as_default_value = false)]
struct ChangeRow<'a> {
    change_set: ChangeSetId,
    position: i64,
    subject_position: i64,
    field: &'a str,
    old_value: Option<String>,
    new_value: Option<String>,
    is_withheld: bool,
}

impl<'a> ChangeRow<'a> {
    fn of(change_set: ChangeSetId, position: i64, subject: usize, change: &'a ValueChange) -> Self {
        let text = |value: &Value| Some(value.to_string()).filter(|_| !value.is_null() && !change.is_withheld);
        Self {
            change_set,
            position,
            subject_position: i64::try_from(subject).unwrap_or(i64::MAX),
            field: &change.field,
            old_value: text(&change.old),
            new_value: text(&change.new),
            is_withheld: change.is_withheld,
        }
    }
}

/// Records the actors of some change sets, and what each is about.
pub fn insert(connection: &mut AnyConnection, audited: &[Audited]) -> QueryResult<()> {
    let entries: Vec<EntryRow<'_>> = audited
        .iter()
        .map(|Audited { change_set, actor, .. }| EntryRow {
            change_set: *change_set,
            account_id: actor.account(),
            action: &actor.action,
            device: actor.device.as_deref(),
            request_id: actor.request_id.as_deref(),
        })
        .collect();
    let subjects: Vec<SubjectRow<'_>> = audited
        .iter()
        .flat_map(|Audited { change_set, recorded, .. }| {
            (0_i64..).zip(&recorded.subjects).map(|(position, subject)| SubjectRow {
                change_set: *change_set,
                position,
                kind: subject.kind,
                subject: &subject.key,
            })
        })
        .collect();
    let changes: Vec<ChangeRow<'_>> = audited
        .iter()
        .flat_map(|Audited { change_set, recorded, .. }| {
            let numbered = (0_i64..).zip(&recorded.changes);
            numbered.map(|(position, (subject, change))| ChangeRow::of(*change_set, position, *subject, change))
        })
        .collect();
    on_connection!(connection, connection => {
        diesel::insert_into(audit_entries::table).values(&entries).execute(connection)?;
        for some in subjects.chunks(rows_at_once(SUBJECT_COLUMNS)) {
            diesel::insert_into(audit_subjects::table).values(some).execute(connection)?;
        }
        for some in changes.chunks(rows_at_once(CHANGE_COLUMNS)) {
            diesel::insert_into(audit_changes::table).values(some).execute(connection)?;
        }
    });
    Ok(())
}

/// The revision of the last change of a thing that stores no revision itself.
pub fn last_change(connection: &mut AnyConnection, subject: &Subject) -> QueryResult<Revision> {
    let last: Option<Revision> = audit_subjects::table
        .inner_join(revisions::table.on(revisions::change_set.eq(audit_subjects::change_set)))
        .filter(audit_subjects::kind.eq(subject.kind))
        .filter(audit_subjects::subject.eq(&subject.key))
        .select(revisions::revision)
        .order(revisions::revision.desc())
        .first(connection)
        .optional()?;
    Ok(last.unwrap_or_default())
}

/// The time of the last change of one value of a thing, by the revisions; `None` if none of it is recorded.
pub fn last_change_of(
    connection: &mut AnyConnection,
    subject: &Subject,
    field: &str,
) -> QueryResult<Option<DateTime<Utc>>> {
    let of_subject = audit_changes::change_set
        .eq(audit_subjects::change_set)
        .and(audit_changes::subject_position.eq(audit_subjects::position));
    let last: Option<Instant> = audit_subjects::table
        .inner_join(revisions::table.on(revisions::change_set.eq(audit_subjects::change_set)))
        .inner_join(audit_changes::table.on(of_subject))
        .filter(audit_subjects::kind.eq(subject.kind))
        .filter(audit_subjects::subject.eq(&subject.key))
        .filter(audit_changes::field.eq(field))
        .select(revisions::at)
        .order(revisions::revision.desc())
        .first(connection)
        .optional()?;
    Ok(last.map(|Instant(at)| at))
}

/// The selection of entries to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Entries by one of these accounts.
    pub accounts: Vec<AccountId>,
    /// Entries by commands of the program, too.
    pub commands: bool,
    /// Entries about these kinds of subjects; all if empty.
    pub kinds: Vec<SubjectKind>,
    /// Entries about the subject with this code or id.
    pub subject: Option<String>,
    /// Entries by these operations or commands; all if empty.
    pub actions: Vec<String>,
    /// Entries at this instant or later.
    pub since: Option<DateTime<Utc>>,
    /// Entries before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Entries of this revision or earlier.
    pub through: Option<Revision>,
}

/// An entry of the audit.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The revision and time.
    pub learnt: Learnt,
    /// The account that made the change; `None` for a command of the program.
    pub account: Option<AccountId>,
    /// The operation or command.
    pub action: String,
    /// The device it came from.
    pub device: Option<String>,
    /// The id of the request.
    pub request_id: Option<String>,
    /// Its change set.
    pub change_set: ChangeSetId,
}

/// A subject of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntrySubject {
    /// The revision of the entry.
    pub revision: Revision,
    /// Its change set.
    pub change_set: ChangeSetId,
    /// The number of the subject in it.
    pub position: i64,
    /// The subject.
    pub subject: Subject,
}

type Columns = (Revision, Instant, ChangeSetId, Option<AccountId>, String, Option<String>, Option<String>);

/// The entries that match a filter, latest first.
pub fn list(connection: &mut AnyConnection, filter: &Filter, limit: usize) -> QueryResult<Vec<Entry>> {
    let mut query = audit_entries::table
        .inner_join(revisions::table.on(revisions::change_set.eq(audit_entries::change_set)))
        .select((
            revisions::revision,
            revisions::at,
            audit_entries::change_set,
            audit_entries::account_id,
            audit_entries::action,
            audit_entries::device,
            audit_entries::request_id,
        ))
        .order(revisions::revision.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    let accounts: Vec<Option<AccountId>> = filter.accounts.iter().copied().map(Some).collect();
    query = if filter.commands {
        query.filter(audit_entries::account_id.eq_any(accounts).or(audit_entries::account_id.is_null()))
    } else {
        query.filter(audit_entries::account_id.eq_any(accounts))
    };
    let about = audit_subjects::table.select(audit_subjects::change_set);
    let is_kind = || audit_subjects::kind.eq_any(filter.kinds.clone());
    let is_subject = |subject| audit_subjects::subject.eq(subject);
    // A boxed subquery cannot be nested in another, so each combination is written out.
    query = match (filter.kinds.is_empty(), filter.subject.as_deref()) {
        (true, None) => query,
        (false, None) => query.filter(audit_entries::change_set.eq_any(about.filter(is_kind()))),
        (true, Some(subject)) => query.filter(audit_entries::change_set.eq_any(about.filter(is_subject(subject)))),
        (false, Some(subject)) => {
            let both = about.filter(is_kind()).filter(is_subject(subject));
            query.filter(audit_entries::change_set.eq_any(both))
        }
    };
    if !filter.actions.is_empty() {
        query = query.filter(audit_entries::action.eq_any(filter.actions.clone()));
    }
    if let Some(since) = filter.since {
        query = query.filter(revisions::at.ge(Instant(since)));
    }
    if let Some(until) = filter.until {
        query = query.filter(revisions::at.lt(Instant(until)));
    }
    if let Some(through) = filter.through {
        query = query.filter(revisions::revision.le(through));
    }
    let rows: Vec<Columns> = query.load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(revision, Instant(at), change_set, account, action, device, request_id)| Entry {
            learnt: Learnt { revision, at },
            account,
            action,
            device,
            request_id,
            change_set,
        })
        .collect())
}

/// The subjects of some entries that match a filter, in the order of the entries, from a number of the first entry on.
pub fn subjects_of(
    connection: &mut AnyConnection,
    entries: &[Entry],
    filter: &Filter,
    from: i64,
    limit: usize,
) -> QueryResult<Vec<EntrySubject>> {
    let Some(first) = entries.first() else { return Ok(Vec::new()) };
    let change_sets: Vec<ChangeSetId> = entries.iter().map(|entry| entry.change_set).collect();
    let mut query = audit_subjects::table
        .inner_join(revisions::table.on(revisions::change_set.eq(audit_subjects::change_set)))
        .filter(audit_subjects::change_set.eq_any(change_sets))
        .filter(audit_subjects::change_set.ne(first.change_set).or(audit_subjects::position.ge(from)))
        .order((revisions::revision.desc(), audit_subjects::position))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((
            revisions::revision,
            audit_subjects::change_set,
            audit_subjects::position,
            audit_subjects::kind,
            audit_subjects::subject,
        ))
        .into_boxed();
    if !filter.kinds.is_empty() {
        query = query.filter(audit_subjects::kind.eq_any(filter.kinds.clone()));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(audit_subjects::subject.eq(subject));
    }
    let rows: Vec<(Revision, ChangeSetId, i64, SubjectKind, String)> = query.load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(revision, change_set, position, kind, key)| EntrySubject {
            revision,
            change_set,
            position,
            subject: Subject { kind, key },
        })
        .collect())
}

/// The values recorded of the subjects of some change sets, by change set and number of the subject.
pub fn values_of(
    connection: &mut AnyConnection,
    change_sets: &BTreeSet<ChangeSetId>,
) -> Result<BTreeMap<(ChangeSetId, i64), Vec<ValueChange>>, Error> {
    type Row = (ChangeSetId, i64, String, Option<String>, Option<String>, bool);
    let rows: Vec<Row> = audit_changes::table
        .filter(audit_changes::change_set.eq_any(change_sets.iter().copied().collect::<Vec<_>>()))
        .order((audit_changes::change_set, audit_changes::position))
        .select((
            audit_changes::change_set,
            audit_changes::subject_position,
            audit_changes::field,
            audit_changes::old_value,
            audit_changes::new_value,
            audit_changes::is_withheld,
        ))
        .load(connection)?;
    let read = |text: Option<String>| match text {
        Some(text) => {
            serde_json::from_str(&text).map_err(|error| Error::internal("a recorded value cannot be read", error))
        }
        None => Ok(Value::Null),
    };
    let changes = rows
        .into_iter()
        .map(|(change_set, subject, field, old, new, is_withheld)| {
            let change = ValueChange { field, old: read(old)?, new: read(new)?, is_withheld, ..ValueChange::default() };
            Ok(((change_set, subject), change))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(by_owner(changes))
}

/// The number of revisions queried by one statement.
const REVISION_BATCH: usize = 5_000;

/// The authors of some revisions: the account, and the name of its holder. A revision that a command made has none.
pub fn authors(
    connection: &mut AnyConnection,
    asked: &BTreeSet<Revision>,
) -> QueryResult<BTreeMap<Revision, (AccountId, String)>> {
    let asked: Vec<Revision> = asked.iter().copied().collect();
    let mut found = BTreeMap::new();
    for some in asked.chunks(REVISION_BATCH) {
        let rows: Vec<(Revision, AccountId, String)> = audit_entries::table
            .inner_join(revisions::table.on(revisions::change_set.eq(audit_entries::change_set)))
            .inner_join(accounts::table.on(audit_entries::account_id.eq(accounts::id.nullable())))
            .filter(revisions::revision.eq_any(some.to_vec()))
            .select((revisions::revision, accounts::id, accounts::display_name))
            .load(connection)?;
        found.extend(rows.into_iter().map(|(revision, id, name)| (revision, (id, name))));
    }
    Ok(found)
}
