//! Declared targets of organizations for rules that say "as needed", with their history.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::{Recorded, Stamp, as_learnt_by, by_owner, dated, stamp};
use super::locks::LockedOrganization;
use super::schema::{declared_targets, revisions};
use super::sql_types::Day;
use super::write::{Change, Origin};
use base::error::Error;
use base::id::OrganizationId;
use base::quantity::Quantity;
use domain::actor::{Subject, SubjectKind};
use domain::revision::Revision;
use domain::target::DeclaredTarget;

/// The targets of some organizations as of a revision; an organization without any is left out.
pub fn list(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    revision: Revision,
) -> Result<BTreeMap<OrganizationId, Vec<DeclaredTarget>>, Error> {
    let rows: Vec<(OrganizationId, String, Stamp, Option<Quantity>)> = as_learnt_by!(declared_targets, revision)
        .filter(declared_targets::organization_id.eq_any(organizations.to_vec()))
        .select((
            declared_targets::organization_id,
            declared_targets::rule_code,
            stamp!(declared_targets),
            declared_targets::quantity,
        ))
        .load(connection)?;
    let histories = by_owner(
        rows.into_iter().map(|(organization, rule, stamp, quantity)| ((organization, rule), dated(stamp, quantity))),
    );
    Ok(by_owner(
        histories.into_iter().map(|((organization, rule), versions)| (organization, DeclaredTarget { rule, versions })),
    ))
}

/// The targets an organization declared for a rule, as of a revision, earliest first.
pub fn history(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    rule: &str,
    revision: Revision,
) -> Result<Vec<Recorded<Option<Quantity>>>, Error> {
    let rows: Vec<(Stamp, Option<Quantity>, Option<String>)> = as_learnt_by!(declared_targets, revision)
        .filter(declared_targets::organization_id.eq(organization))
        .filter(declared_targets::rule_code.eq(rule))
        .order(revisions::revision)
        .select((stamp!(declared_targets), declared_targets::quantity, declared_targets::reason))
        .load(connection)?;
    let recorded = |(stamp, quantity, reason)| Recorded { row: dated(stamp, quantity), reason };
    Ok(rows.into_iter().map(recorded).collect())
}

/// OrganizationData what an organization declares where a rule says "as needed", from a day, with the reason where that is a
/// correction; `None` takes it back.
pub fn insert(
    change: &mut Change<'_>,
    organization: LockedOrganization<'_>,
    rule: &str,
    valid_from: Day,
    quantity: Option<Quantity>,
    reason: Option<&str>,
) -> Result<(), Error> {
    let Origin { change_set, author } =
        change.record(Subject::of_two(SubjectKind::DeclaredTarget, organization.id(), rule));
    diesel::insert_into(declared_targets::table)
        .values((
            declared_targets::organization_id.eq(organization.id()),
            declared_targets::rule_code.eq(rule),
            declared_targets::valid_from.eq(valid_from),
            declared_targets::change_set.eq(change_set),
            declared_targets::author_id.eq(author),
            declared_targets::quantity.eq(quantity),
            declared_targets::reason.eq(reason),
        ))
        .execute(change.connection)?;
    Ok(())
}
