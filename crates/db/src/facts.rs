//! The dictionary of facts, and the fact sheets of organizations, with their history.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::{Stamp, as_learnt_by, by_owner, dated, stamp};
use super::locks::LockedOrganization;
use super::schema::{fact_definition_versions, fact_definitions, fact_sheets, facts, revisions};
use super::sql_types::{Day, Instant};
use super::write::{Change, Origin};
use base::error::Error;
use base::id::OrganizationId;
use base::quantity::Quantity;
use domain::actor::{Subject, SubjectKind};
use domain::fact::{FactDefinition, FactKey, FactKind, FactSheet, FactText, FactValue};
use domain::revision::{Learnt, Revision};

/// The dictionary as of a revision, ordered by key.
pub fn list_definitions(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<FactDefinition>, Error> {
    let texts: Vec<(FactKey, Stamp, (String, String, String, String))> =
        as_learnt_by!(fact_definition_versions, revision)
            .select((
                fact_definition_versions::fact_key,
                stamp!(fact_definition_versions),
                (
                    fact_definition_versions::name_en,
                    fact_definition_versions::name_zh,
                    fact_definition_versions::definition_en,
                    fact_definition_versions::definition_zh,
                ),
            ))
            .load(connection)?;
    let mut texts =
        by_owner(texts.into_iter().map(|(key, stamp, (name_en, name_zh, definition_en, definition_zh))| {
            (key, dated(stamp, FactText { name_en, name_zh, definition_en, definition_zh }))
        }));
    let mut rows: Vec<(FactKey, FactKind, Option<String>, Revision, Instant)> =
        as_learnt_by!(fact_definitions, revision)
            .select((
                fact_definitions::key,
                fact_definitions::kind,
                fact_definitions::unit,
                revisions::revision,
                revisions::at,
            ))
            .load(connection)?;
    rows.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    Ok(rows
        .into_iter()
        .map(|(key, kind, unit, revision, Instant(at))| {
            let versions = texts.remove(&key).unwrap_or_default();
            FactDefinition { key, kind, unit, learnt: Learnt { revision, at }, versions }
        })
        .collect())
}

/// The fact sheets of some organizations as of a revision; an organization without facts is left out.
pub fn list_sheets(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    revision: Revision,
) -> Result<BTreeMap<OrganizationId, FactSheet>, Error> {
    let rows: Vec<(OrganizationId, FactKey, Stamp, Option<Quantity>, Option<bool>)> = as_learnt_by!(facts, revision)
        .filter(facts::organization_id.eq_any(organizations.to_vec()))
        .select((facts::organization_id, facts::fact_key, stamp!(facts), facts::number, facts::tag))
        .load(connection)?;
    let values = by_owner(rows.into_iter().map(|(organization, key, stamp, number, tag)| {
        let value = match (number, tag) {
            (Some(number), _) => FactValue::Number(number),
            (None, Some(tag)) => FactValue::Tag(tag),
            (None, None) => FactValue::Withdrawn,
        };
        ((organization, key), dated(stamp, value))
    }));
    let marks: Vec<(OrganizationId, Stamp, bool)> = as_learnt_by!(fact_sheets, revision)
        .filter(fact_sheets::organization_id.eq_any(organizations.to_vec()))
        .select((fact_sheets::organization_id, stamp!(fact_sheets), fact_sheets::complete))
        .load(connection)?;
    let mut sheets = BTreeMap::<OrganizationId, FactSheet>::new();
    for ((organization, key), history) in values {
        sheets.entry(organization).or_default().facts.push((key, history));
    }
    for (organization, stamp, complete) in marks {
        sheets.entry(organization).or_default().complete.push(dated(stamp, complete));
    }
    Ok(sheets)
}

/// Adds an entry to the dictionary.
pub fn insert_definition(
    change: &mut Change<'_>,
    key: &str,
    kind: FactKind,
    unit: Option<&str>,
    valid_from: Day,
    text: &FactText,
) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::FactDefinition, key));
    diesel::insert_into(fact_definitions::table)
        .values((
            fact_definitions::key.eq(key),
            fact_definitions::kind.eq(kind),
            fact_definitions::unit.eq(unit),
            fact_definitions::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    insert_definition_version(change, key, valid_from, text)
}

/// Adds the dictionary entry of a fact from a day.
pub fn insert_definition_version(
    change: &mut Change<'_>,
    key: &str,
    valid_from: Day,
    text: &FactText,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::FactDefinition, key));
    diesel::insert_into(fact_definition_versions::table)
        .values((
            fact_definition_versions::fact_key.eq(key),
            fact_definition_versions::valid_from.eq(valid_from),
            fact_definition_versions::change_set.eq(change_set),
            fact_definition_versions::author_id.eq(author),
            fact_definition_versions::name_en.eq(&text.name_en),
            fact_definition_versions::name_zh.eq(&text.name_zh),
            fact_definition_versions::definition_en.eq(&text.definition_en),
            fact_definition_versions::definition_zh.eq(&text.definition_zh),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Records a fact of an organization from a day.
pub fn insert(
    change: &mut Change<'_>,
    organization: LockedOrganization<'_>,
    key: &str,
    valid_from: Day,
    value: FactValue,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::of_two(SubjectKind::Fact, organization.id(), key));
    let (number, tag) = match value {
        FactValue::Number(number) => (Some(number), None),
        FactValue::Tag(tag) => (None, Some(tag)),
        FactValue::Withdrawn => (None, None),
    };
    diesel::insert_into(facts::table)
        .values((
            facts::organization_id.eq(organization.id()),
            facts::fact_key.eq(key),
            facts::valid_from.eq(valid_from),
            facts::change_set.eq(change_set),
            facts::author_id.eq(author),
            facts::number.eq(number),
            facts::tag.eq(tag),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Marks a fact sheet complete from a day, or withdraws the mark.
pub fn mark_sheet(
    change: &mut Change<'_>,
    organization: LockedOrganization<'_>,
    valid_from: Day,
    complete: bool,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::FactSheet, organization.id()));
    diesel::insert_into(fact_sheets::table)
        .values((
            fact_sheets::organization_id.eq(organization.id()),
            fact_sheets::valid_from.eq(valid_from),
            fact_sheets::change_set.eq(change_set),
            fact_sheets::author_id.eq(author),
            fact_sheets::complete.eq(complete),
        ))
        .execute(change.connection)?;
    Ok(())
}
