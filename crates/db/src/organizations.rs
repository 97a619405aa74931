//! Organizations and their history.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::{Stamp, as_learnt_by, by_owner, dated, stamp};
use super::schema::{organization_versions, organizations};
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
    let mut rows: Vec<Row> = organizations::table
        .select((organizations::id, organizations::code, organizations::region_id, organizations::kind))
        .load(connection)?;
    rows.sort_by(|(_, one, ..), (_, other, ..)| one.cmp(other));
    Ok(rows
        .into_iter()
        .filter_map(|(id, code, region_id, kind)| {
            Some(Organization { id, code, region_id, kind, versions: versions.remove(&id)? })
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
