//! Organizations and their history.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::{LearntColumns, Stamp, as_learnt_by, by_owner, dated, mended, stamp};
use super::schema::{
    counts, declared_targets, exemptions, organization_kinds, organization_versions, organizations, revisions,
};
use super::sql_types::Day;
use super::write::{Change, Origin};
use base::error::Error;
use base::id::{OrganizationId, RegionId};
use domain::account::Belongs;
use domain::actor::{Subject, SubjectKind};
use domain::organization::{Organization, OrganizationKind, OrganizationVersion};
use domain::region::{day_at, subtree};
use domain::revision::Revision;

type Row = (OrganizationId, String, RegionId, OrganizationKind);
type VersionColumns = (String, String, Option<String>, Option<String>, Option<OrganizationId>, bool);

/// Every organization as of a revision, ordered by code.
pub fn list(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<Organization>, Error> {
    let versions: Vec<(OrganizationId, Stamp, VersionColumns)> = as_learnt_by!(organization_versions, revision)
        .select((
            organization_versions::organization_id,
            stamp!(organization_versions),
            (
                organization_versions::name_en,
                organization_versions::name_zh,
                organization_versions::organization_type,
                organization_versions::sector,
                organization_versions::hosted_by,
                organization_versions::active,
            ),
        ))
        .load(connection)?;
    let mut versions = by_owner(versions.into_iter().map(|(id, stamp, columns)| (id, dated(stamp, version(columns)))));
    let kinds: Vec<(OrganizationId, (LearntColumns, OrganizationKind))> = as_learnt_by!(organization_kinds, revision)
        .order(revisions::revision)
        .select((organization_kinds::organization_id, ((revisions::revision, revisions::at), organization_kinds::kind)))
        .load(connection)?;
    let mut kinds = by_owner(kinds);
    let mut rows: Vec<Row> = organizations::table
        .select((organizations::id, organizations::code, organizations::region_id, organizations::kind))
        .load(connection)?;
    rows.sort_by(|(_, one, ..), (_, other, ..)| one.cmp(other));
    Ok(rows
        .into_iter()
        .filter_map(|(id, code, region_id, kind)| {
            let (kind, mends) = mended(kind, kinds.remove(&id).unwrap_or_default());
            Some(Organization { id, code, region_id, kind, mends, versions: versions.remove(&id)? })
        })
        .collect())
}

fn version((name_en, name_zh, organization_type, sector, hosted_by, active): VersionColumns) -> OrganizationVersion {
    OrganizationVersion { name_en, name_zh, organization_type, sector, hosted_by, active }
}

/// The organizations that an account may see as of a revision, ordered by code.
pub fn list_visible(
    connection: &mut AnyConnection,
    belongs: Belongs,
    revision: Revision,
) -> Result<Vec<Organization>, Error> {
    let mut organizations = list(connection, revision)?;
    match belongs {
        Belongs::Organization(id) => organizations.retain(|organization| organization.id == id),
        Belongs::Region(id) => {
            let regions = subtree(&super::regions::list(connection, revision)?, id);
            organizations.retain(|organization| regions.contains(&organization.region_id));
        }
    }
    Ok(organizations)
}

/// True if an account may see the organization.
pub fn is_visible(connection: &mut AnyConnection, belongs: Belongs, id: OrganizationId) -> Result<bool, Error> {
    let top = match belongs {
        Belongs::Organization(own) => return Ok(own == id),
        Belongs::Region(top) => top,
    };
    let region: Option<RegionId> = organizations::table
        .filter(organizations::id.eq(id))
        .select(organizations::region_id)
        .first(connection)
        .optional()?;
    match region {
        Some(region) => Ok(super::regions::is_within(connection, region, top)?),
        None => Ok(false),
    }
}

/// The day of an organization at an instant, as of now.
pub fn day_of(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    instant: DateTime<Utc>,
) -> Result<NaiveDate, Error> {
    let region: RegionId = organizations::table
        .filter(organizations::id.eq(organization))
        .select(organizations::region_id)
        .first(connection)?;
    let regions = super::regions::list(connection, Revision::LATEST)?;
    Ok(day_at(&regions, region, instant))
}

/// Adds an organization with its first version.
pub fn insert(
    change: &mut Change<'_>,
    id: OrganizationId,
    code: &str,
    region_id: RegionId,
    kind: OrganizationKind,
    valid_from: Day,
    version: &OrganizationVersion,
) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Organization, code));
    change.hold_added(id);
    diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(id),
            organizations::code.eq(code),
            organizations::region_id.eq(region_id),
            organizations::kind.eq(kind),
            organizations::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    insert_version(change, id, code, valid_from, version)
}

/// Mends the kind of an organization.
pub fn mend_kind(change: &mut Change<'_>, id: OrganizationId, code: &str, kind: OrganizationKind) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Organization, code));
    diesel::insert_into(organization_kinds::table)
        .values((
            organization_kinds::organization_id.eq(id),
            organization_kinds::change_set.eq(change_set),
            organization_kinds::kind.eq(kind),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Those of some organizations of which something was counted, or that ever declared a target or had an exemption.
pub fn in_use(
    connection: &mut AnyConnection,
    ids: &BTreeSet<OrganizationId>,
) -> Result<BTreeSet<OrganizationId>, Error> {
    let count = counts::table.filter(counts::organization_id.eq(organizations::id)).select(counts::id);
    let target = declared_targets::table
        .filter(declared_targets::organization_id.eq(organizations::id))
        .select(declared_targets::rule_code);
    let exemption = exemptions::table.filter(exemptions::organization_id.eq(organizations::id)).select(exemptions::id);
    let found: Vec<OrganizationId> = organizations::table
        .filter(organizations::id.eq_any(ids))
        .filter(exists(count).or(exists(target)).or(exists(exemption)))
        .select(organizations::id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Adds the profile of an organization from a day; `active: false` ends it.
pub fn insert_version(
    change: &mut Change<'_>,
    id: OrganizationId,
    code: &str,
    valid_from: Day,
    version: &OrganizationVersion,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Organization, code));
    diesel::insert_into(organization_versions::table)
        .values((
            organization_versions::organization_id.eq(id),
            organization_versions::valid_from.eq(valid_from),
            organization_versions::change_set.eq(change_set),
            organization_versions::author_id.eq(author),
            organization_versions::name_en.eq(&version.name_en),
            organization_versions::name_zh.eq(&version.name_zh),
            organization_versions::organization_type.eq(&version.organization_type),
            organization_versions::sector.eq(&version.sector),
            organization_versions::hosted_by.eq(version.hosted_by),
            organization_versions::active.eq(version.active),
        ))
        .execute(change.connection)?;
    Ok(())
}
