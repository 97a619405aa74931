//! The audit: who made each change, by which operation, and what it was about. The queue of writes records it with every
//! change set, so that no change can leave it out.

use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::schema::{audit_entries, audit_subjects, revisions};
use crate::domain::actor::{Actor, Subject, SubjectKind};
use crate::domain::id::{AccountId, ChangeSetId};
use crate::domain::revision::Revision;

/// How many subjects one statement records: SQLite binds 32,766 values at most, and each row has four.
const SUBJECTS_TOGETHER: usize = 5_000;

/// A change set and what the audit tells of it.
#[derive(Clone, Debug)]
pub struct Audited {
    /// The change set.
    pub change_set: ChangeSetId,
    /// Who made it.
    pub actor: Actor,
    /// What it is about, in the order of the first mention.
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

/// Records who made some change sets.
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
        for some in subjects.chunks(SUBJECTS_TOGETHER) {
            diesel::insert_into(audit_subjects::table).values(some).execute(connection)?;
        }
    });
    Ok(())
}

/// The revision of the last change of a thing whose rows carry none themselves.
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
