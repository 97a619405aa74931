//! The audit: the actor, the operation and the subjects of each change. The write queue records it with every change
//! set, so that no change can omit it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection, rows_at_once};
use super::history::by_owner;
use super::schema::{accounts, audit_entries, audit_subjects, revisions};
use super::sql_types::Instant;
use base::id::{AccountId, ChangeSetId};
use domain::actor::{Actor, Subject, SubjectKind};
use domain::revision::{Learnt, Revision};

/// The number of columns of a subject.
const SUBJECT_COLUMNS: usize = 4;

/// A change set with its audit entry.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The actor.
    pub actor: Actor,
    /// The subjects, in the order of their first mention.
    pub subjects: Vec<Subject>,
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

/// OrganizationData the actors of some change sets.
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
        .flat_map(|Audited { change_set, subjects, .. }| {
            (0_i64..).zip(subjects).map(|(position, subject)| SubjectRow {
                change_set: *change_set,
                position,
                kind: subject.kind,
                subject: &subject.key,
            })
        })
        .collect();
    on_connection!(connection, connection => {
        diesel::insert_into(audit_entries::table).values(&entries).execute(connection)?;
        for some in subjects.chunks(rows_at_once(SUBJECT_COLUMNS)) {
            diesel::insert_into(audit_subjects::table).values(some).execute(connection)?;
        }
    });
    Ok(())
}

/// The revision of the last change of a thing whose own rows carry none.
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

/// The subjects of the changes after one revision, up to another, each once.
pub fn subjects_between(
    connection: &mut AnyConnection,
    after: Revision,
    through: Revision,
) -> QueryResult<Vec<Subject>> {
    let rows: Vec<(SubjectKind, String)> = audit_subjects::table
        .inner_join(revisions::table.on(revisions::change_set.eq(audit_subjects::change_set)))
        .filter(revisions::revision.gt(after))
        .filter(revisions::revision.le(through))
        .select((audit_subjects::kind, audit_subjects::subject))
        .distinct()
        .load(connection)?;
    Ok(rows.into_iter().map(|(kind, key)| Subject { kind, key }).collect())
}

/// The selection of entries to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Entries by one of these accounts.
    pub accounts: Vec<AccountId>,
    /// Entries by commands of the program, too.
    pub commands: bool,
    /// Entries about this kind of subject.
    pub kind: Option<SubjectKind>,
    /// Entries about the subject with this code or id.
    pub subject: Option<String>,
    /// Entries by this operation or command.
    pub action: Option<String>,
    /// Entries at this instant or later.
    pub since: Option<DateTime<Utc>>,
    /// Entries before this instant.
    pub until: Option<DateTime<Utc>>,
    /// Entries before this revision.
    pub before: Option<Revision>,
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
    /// The subjects.
    pub subjects: Vec<Subject>,
}

type Columns = (Revision, Instant, ChangeSetId, Option<AccountId>, String, Option<String>, Option<String>);

/// The changes that match a filter, latest first.
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
    let is_kind = |kind| audit_subjects::kind.eq(kind);
    let is_subject = |subject| audit_subjects::subject.eq(subject);
    // A boxed query cannot hold another, so each combination is written out.
    query = match (filter.kind, filter.subject.as_deref()) {
        (None, None) => query,
        (Some(kind), None) => query.filter(audit_entries::change_set.eq_any(about.filter(is_kind(kind)))),
        (None, Some(subject)) => query.filter(audit_entries::change_set.eq_any(about.filter(is_subject(subject)))),
        (Some(kind), Some(subject)) => {
            let both = about.filter(is_kind(kind)).filter(is_subject(subject));
            query.filter(audit_entries::change_set.eq_any(both))
        }
    };
    if let Some(action) = &filter.action {
        query = query.filter(audit_entries::action.eq(action));
    }
    if let Some(since) = filter.since {
        query = query.filter(revisions::at.ge(Instant(since)));
    }
    if let Some(until) = filter.until {
        query = query.filter(revisions::at.lt(Instant(until)));
    }
    if let Some(before) = filter.before {
        query = query.filter(revisions::revision.lt(before));
    }
    let rows: Vec<Columns> = query.load(connection)?;
    let change_sets: Vec<ChangeSetId> = rows.iter().map(|(_, _, change_set, ..)| *change_set).collect();
    let subjects: Vec<(ChangeSetId, SubjectKind, String)> = audit_subjects::table
        .filter(audit_subjects::change_set.eq_any(change_sets))
        .order((audit_subjects::change_set, audit_subjects::position))
        .select((audit_subjects::change_set, audit_subjects::kind, audit_subjects::subject))
        .load(connection)?;
    let mut subjects =
        by_owner(subjects.into_iter().map(|(change_set, kind, key)| (change_set, Subject { kind, key })));
    Ok(rows
        .into_iter()
        .map(|(revision, Instant(at), change_set, account, action, device, request_id)| Entry {
            learnt: Learnt { revision, at },
            account,
            action,
            device,
            request_id,
            subjects: subjects.remove(&change_set).unwrap_or_default(),
        })
        .collect())
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
