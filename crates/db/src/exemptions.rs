//! Exemptions of organizations from rules, and their early ends.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::{Stamp, as_learnt_by, by_owner, stamp};
use super::locks::LockedOrganization;
use super::schema::{exemption_ends, exemptions};
use super::sql_types::{Day, Instant};
use super::write::{Change, Origin};
use base::error::Error;
use base::id::{ExemptionId, OrganizationId};
use domain::actor::{Subject, SubjectKind};
use domain::exemption::{Exemption, ExemptionEnd};
use domain::revision::{Learnt, Revision};

type Row = (ExemptionId, OrganizationId, String, Stamp, (Day, String, String));

/// The exemptions of some organizations as of a revision, in the order in which they were granted; an organization
/// without any is left out.
pub fn list(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    revision: Revision,
) -> Result<BTreeMap<OrganizationId, Vec<Exemption>>, Error> {
    let mut rows: Vec<Row> = as_learnt_by!(exemptions, revision)
        .filter(exemptions::organization_id.eq_any(organizations.to_vec()))
        .select((
            exemptions::id,
            exemptions::organization_id,
            exemptions::rule_code,
            stamp!(exemptions),
            (exemptions::ends_on, exemptions::reason, exemptions::granted_by),
        ))
        .load(connection)?;
    // The usual case; most organizations have no exemptions.
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    rows.sort_by_key(|(id, _, _, (_, revision, _), _)| (*revision, *id));
    let ids: Vec<ExemptionId> = rows.iter().map(|(id, ..)| *id).collect();
    let ends: Vec<(ExemptionId, Stamp, (String, String))> = as_learnt_by!(exemption_ends, revision)
        .filter(exemption_ends::exemption_id.eq_any(ids))
        .select((
            exemption_ends::exemption_id,
            stamp!(exemption_ends),
            (exemption_ends::reason, exemption_ends::ended_by),
        ))
        .load(connection)?;
    let mut ends =
        by_owner(ends.into_iter().map(|(id, (Day(valid_from), revision, Instant(at)), (reason, ended_by))| {
            (id, ExemptionEnd { valid_from, reason, ended_by, learnt: Learnt { revision, at } })
        }));
    Ok(by_owner(rows.into_iter().map(|(id, organization, rule, stamp, (Day(ends_on), reason, granted_by))| {
        let (Day(valid_from), revision, Instant(at)) = stamp;
        let mut ends = ends.remove(&id).unwrap_or_default();
        ends.sort_by_key(|end| end.learnt.revision);
        let learnt = Learnt { revision, at };
        (organization, Exemption { id, rule, valid_from, ends_on, reason, granted_by, learnt, ends })
    })))
}

/// The organization of an exemption's id, and the SHA-256 of its content; `None` if the id is new.
pub fn content_of(connection: &mut AnyConnection, id: ExemptionId) -> QueryResult<Option<(OrganizationId, String)>> {
    exemptions::table
        .filter(exemptions::id.eq(id))
        .select((exemptions::organization_id, exemptions::body_sha256))
        .first(connection)
        .optional()
}

/// An exemption to be granted.
#[derive(Clone, Debug)]
pub struct Grant<'a> {
    /// Its id.
    pub id: ExemptionId,
    /// The rule.
    pub rule: &'a str,
    /// Its first day.
    pub valid_from: Day,
    /// Its last day.
    pub ends_on: Day,
    /// The name of the officer who grants it.
    pub granted_by: &'a str,
    /// The reason.
    pub reason: &'a str,
    /// The reason for a first day before the day of granting, if it has one.
    pub correction_reason: Option<&'a str>,
    /// SHA-256 of the content.
    pub body_sha256: &'a str,
}

/// Grants an exemption.
pub fn insert(change: &mut Change<'_>, organization: LockedOrganization<'_>, grant: &Grant<'_>) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Exemption, grant.id));
    diesel::insert_into(exemptions::table)
        .values((
            exemptions::id.eq(grant.id),
            exemptions::organization_id.eq(organization.id()),
            exemptions::rule_code.eq(grant.rule),
            exemptions::valid_from.eq(grant.valid_from),
            exemptions::ends_on.eq(grant.ends_on),
            exemptions::change_set.eq(change_set),
            exemptions::author_id.eq(author),
            exemptions::granted_by.eq(grant.granted_by),
            exemptions::reason.eq(grant.reason),
            exemptions::correction_reason.eq(grant.correction_reason),
            exemptions::body_sha256.eq(grant.body_sha256),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Ends an exemption; the rule applies again from a day.
pub fn insert_end(
    change: &mut Change<'_>,
    _: LockedOrganization<'_>,
    id: ExemptionId,
    valid_from: Day,
    ended_by: &str,
    reason: &str,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Exemption, id));
    diesel::insert_into(exemption_ends::table)
        .values((
            exemption_ends::exemption_id.eq(id),
            exemption_ends::valid_from.eq(valid_from),
            exemption_ends::change_set.eq(change_set),
            exemption_ends::author_id.eq(author),
            exemption_ends::ended_by.eq(ended_by),
            exemption_ends::reason.eq(reason),
        ))
        .execute(change.connection)?;
    Ok(())
}
