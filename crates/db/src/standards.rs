//! Standards, their rules and their adoption, with their history.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::de::DeserializeOwned;

use super::connection::AnyConnection;
use super::history::{Recorded, Stamp, as_learnt_by, by_owner, dated, stamp};
use super::schema::{adoptions, revisions, rule_versions, rules, standard_versions, standards};
use super::sql_types::Day;
use super::write::{Change, Origin};
use base::error::Error;
use base::id::RegionId;
use domain::actor::{Subject, SubjectKind};
use domain::revision::Revision;
use domain::rule::{Rule, Strength};
use domain::standard::{Adoption, RuleHistory, Standard, StandardDocument};

/// Every standard with its rules as of a revision, ordered by code; rules in the order of the standard.
pub fn list(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<Standard>, Error> {
    let documents: Vec<(String, Stamp, String)> = as_learnt_by!(standard_versions, revision)
        .select((standard_versions::standard_code, stamp!(standard_versions), standard_versions::document))
        .load(connection)?;
    let documents = documents
        .into_iter()
        .map(|(code, stamp, document)| Ok((code, dated(stamp, read_document::<StandardDocument>(&document)?))))
        .collect::<Result<Vec<_>, Error>>()?;
    let mut rules = list_rules(connection, revision)?;
    Ok(by_owner(documents)
        .into_iter()
        .map(|(code, versions)| {
            let rules = rules.remove(&code).unwrap_or_default();
            Standard { code, versions, rules }
        })
        .collect())
}

fn list_rules(connection: &mut AnyConnection, revision: Revision) -> Result<BTreeMap<String, Vec<RuleHistory>>, Error> {
    let documents: Vec<(String, Stamp, Option<String>)> = as_learnt_by!(rule_versions, revision)
        .select((rule_versions::rule_code, stamp!(rule_versions), rule_versions::document))
        .load(connection)?;
    let documents = documents
        .into_iter()
        .map(|(code, stamp, document)| {
            let rule = document.as_deref().map(read_document::<Rule>).transpose()?;
            Ok((code, dated(stamp, rule)))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let mut versions = by_owner(documents);
    let rows: Vec<(String, String)> = rules::table
        .order((rules::standard_code, rules::position))
        .select((rules::standard_code, rules::code))
        .load(connection)?;
    Ok(by_owner(rows.into_iter().filter_map(|(standard, code)| {
        let versions = versions.remove(&code)?;
        Some((standard, RuleHistory { code, versions }))
    })))
}

/// Every adoption as of a revision, ordered by the standard's code.
pub fn list_adoptions(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<Adoption>, Error> {
    let rows: Vec<(RegionId, String, Stamp, Option<Strength>)> = as_learnt_by!(adoptions, revision)
        .select((adoptions::region_id, adoptions::standard_code, stamp!(adoptions), adoptions::strength))
        .load(connection)?;
    Ok(by_owner(
        rows.into_iter().map(|(region, standard, stamp, strength)| ((standard, region), dated(stamp, strength))),
    )
    .into_iter()
    .map(|((standard, region_id), versions)| Adoption { region_id, standard, versions })
    .collect())
}

/// The adoption history of a standard in a region as of a revision, earliest first.
pub fn adoption_history(
    connection: &mut AnyConnection,
    region: RegionId,
    standard: &str,
    revision: Revision,
) -> Result<Vec<Recorded<Option<Strength>>>, Error> {
    let rows: Vec<(Stamp, Option<Strength>, Option<String>)> = as_learnt_by!(adoptions, revision)
        .filter(adoptions::region_id.eq(region))
        .filter(adoptions::standard_code.eq(standard))
        .order(revisions::revision)
        .select((stamp!(adoptions), adoptions::strength, adoptions::reason))
        .load(connection)?;
    Ok(rows.into_iter().map(|(stamp, strength, reason)| Recorded { row: dated(stamp, strength), reason }).collect())
}

/// The document history of a standard as of a revision, earliest first.
pub fn document_history(
    connection: &mut AnyConnection,
    code: &str,
    revision: Revision,
) -> Result<Vec<Recorded<StandardDocument>>, Error> {
    let rows: Vec<(Stamp, String, Option<String>)> = as_learnt_by!(standard_versions, revision)
        .filter(standard_versions::standard_code.eq(code))
        .order((revisions::revision, standard_versions::valid_from))
        .select((stamp!(standard_versions), standard_versions::document, standard_versions::reason))
        .load(connection)?;
    rows.into_iter()
        .map(|(stamp, document, reason)| Ok(Recorded { row: dated(stamp, read_document(&document)?), reason }))
        .collect()
}

/// The histories of a standard's rules as of a revision, earliest first.
pub fn rule_history(
    connection: &mut AnyConnection,
    standard: &str,
    revision: Revision,
) -> Result<Vec<(String, Recorded<Option<Rule>>)>, Error> {
    let of_standard = rules::table.filter(rules::standard_code.eq(standard)).select(rules::code);
    let rows: Vec<(String, Stamp, Option<String>, Option<String>)> = as_learnt_by!(rule_versions, revision)
        .filter(rule_versions::rule_code.eq_any(of_standard))
        .order((revisions::revision, rule_versions::rule_code, rule_versions::valid_from))
        .select((rule_versions::rule_code, stamp!(rule_versions), rule_versions::document, rule_versions::reason))
        .load(connection)?;
    rows.into_iter()
        .map(|(code, stamp, document, reason)| {
            let rule = document.as_deref().map(read_document::<Rule>).transpose()?;
            Ok((code, Recorded { row: dated(stamp, rule), reason }))
        })
        .collect()
}

/// The position after the last of a standard's rules.
pub fn next_position(connection: &mut AnyConnection, standard: &str) -> QueryResult<i64> {
    let last: Option<i64> = rules::table
        .filter(rules::standard_code.eq(standard))
        .select(diesel::dsl::max(rules::position))
        .first(connection)?;
    Ok(last.map_or(0, |last| last + 1))
}

/// Adds a standard with its rules.
pub fn insert(
    change: &mut Change<'_>,
    code: &str,
    valid_from: Day,
    document: &StandardDocument,
    rules: &[Rule],
) -> Result<(), Error> {
    insert_code(change, code)?;
    insert_version(change, code, valid_from, document, None)?;
    for (position, rule) in (0_i64..).zip(rules) {
        insert_rule(change, code, position, valid_from, rule, None)?;
    }
    Ok(())
}

/// Adds the code of a standard, without a document yet.
pub fn insert_code(change: &mut Change<'_>, code: &str) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Standard, code));
    diesel::insert_into(standards::table)
        .values((standards::code.eq(code), standards::change_set.eq(change_set)))
        .execute(change.connection)?;
    Ok(())
}

/// Adds the document of a standard from a day, with the reason if it is a correction.
pub fn insert_version(
    change: &mut Change<'_>,
    code: &str,
    valid_from: Day,
    document: &StandardDocument,
    reason: Option<&str>,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Standard, code));
    diesel::insert_into(standard_versions::table)
        .values((
            standard_versions::standard_code.eq(code),
            standard_versions::valid_from.eq(valid_from),
            standard_versions::change_set.eq(change_set),
            standard_versions::author_id.eq(author),
            standard_versions::document.eq(write_document(document)?),
            standard_versions::reason.eq(reason),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Adds a rule to a standard, at a position among its rules.
pub fn insert_rule(
    change: &mut Change<'_>,
    standard: &str,
    position: i64,
    valid_from: Day,
    rule: &Rule,
    reason: Option<&str>,
) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Rule, &rule.code));
    diesel::insert_into(rules::table)
        .values((
            rules::code.eq(&rule.code),
            rules::standard_code.eq(standard),
            rules::position.eq(position),
            rules::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    insert_rule_version(change, &rule.code, valid_from, Some(rule), reason)
}

/// Adds the text of a rule from a day, with the reason if it is a correction; `None` withdraws it.
pub fn insert_rule_version(
    change: &mut Change<'_>,
    code: &str,
    valid_from: Day,
    rule: Option<&Rule>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Rule, code));
    diesel::insert_into(rule_versions::table)
        .values((
            rule_versions::rule_code.eq(code),
            rule_versions::valid_from.eq(valid_from),
            rule_versions::change_set.eq(change_set),
            rule_versions::author_id.eq(author),
            rule_versions::document.eq(rule.map(write_document).transpose()?),
            rule_versions::reason.eq(reason),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Records that a standard binds in a region from a day, with the reason if that is a correction or an end; `None` as the
/// strength ends the adoption.
pub fn insert_adoption(
    change: &mut Change<'_>,
    region: RegionId,
    standard: &str,
    valid_from: Day,
    strength: Option<Strength>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::of_two(SubjectKind::Adoption, region, standard));
    diesel::insert_into(adoptions::table)
        .values((
            adoptions::region_id.eq(region),
            adoptions::standard_code.eq(standard),
            adoptions::valid_from.eq(valid_from),
            adoptions::change_set.eq(change_set),
            adoptions::author_id.eq(author),
            adoptions::strength.eq(strength),
            adoptions::reason.eq(reason),
        ))
        .execute(change.connection)?;
    Ok(())
}

fn read_document<T: DeserializeOwned>(document: &str) -> Result<T, Error> {
    domain::rule::read_stored(document).map_err(|error| Error::internal("a stored document cannot be read", error))
}

fn write_document<T: serde::Serialize>(document: &T) -> Result<String, Error> {
    serde_json::to_string(document).map_err(|error| Error::internal("a document cannot be written", error))
}
