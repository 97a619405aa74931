//! Organizations and their history.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

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
use domain::region::day_at;
use domain::revision::Revision;

type Row = (OrganizationId, String, RegionId, OrganizationKind);
type VersionColumns =
    (String, String, Option<String>, Option<String>, Option<OrganizationId>, Option<String>, Option<String>, bool);

/// The organizations to read.
enum Which<'a> {
    All,
    /// Those of some regions.
    Of(&'a [RegionId]),
    /// Those with some codes or ids.
    Named(&'a [String], &'a [OrganizationId]),
}

/// The most organizations or regions that one statement looks up by their ids; of more, all are read.
const MOST_LOOKED_UP: usize = 10_000;

/// Every organization as of a revision, ordered by code. Its cost grows with their number: only what is about all of them
/// may ask for all.
pub fn list(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<Organization>, Error> {
    load(connection, &Which::All, revision)
}

/// The organizations with some codes or ids as of a revision, ordered by code, whoever may see them.
pub fn list_some(
    connection: &mut AnyConnection,
    codes: &[String],
    ids: &[OrganizationId],
    revision: Revision,
) -> Result<Vec<Organization>, Error> {
    if ids.len() > MOST_LOOKED_UP {
        let ids: BTreeSet<&OrganizationId> = ids.iter().collect();
        let mut all = list(connection, revision)?;
        all.retain(|one| ids.contains(&one.id) || codes.contains(&one.code));
        return Ok(all);
    }
    load(connection, &Which::Named(codes, ids), revision)
}

fn load(connection: &mut AnyConnection, which: &Which<'_>, revision: Revision) -> Result<Vec<Organization>, Error> {
    let mut query = organizations::table
        .select((organizations::id, organizations::code, organizations::region_id, organizations::kind))
        .into_boxed();
    match which {
        Which::All => {}
        Which::Of(regions) => query = query.filter(organizations::region_id.eq_any(regions.to_vec())),
        // Each by its own index: without codes, or without ids, the other alone.
        Which::Named([], ids) => query = query.filter(organizations::id.eq_any(ids.to_vec())),
        Which::Named(codes, []) => query = query.filter(organizations::code.eq_any(codes.to_vec())),
        Which::Named(codes, ids) => {
            query = query.filter(organizations::code.eq_any(codes.to_vec()).or(organizations::id.eq_any(ids.to_vec())));
        }
    }
    let mut rows: Vec<Row> = query.load(connection)?;
    rows.sort_by(|(_, one, ..), (_, other, ..)| one.cmp(other));
    let ids: Vec<OrganizationId> = rows.iter().map(|(id, ..)| *id).collect();
    let is_looked_up = ids.len() <= MOST_LOOKED_UP && !matches!(which, Which::All);
    let mut versions = as_learnt_by!(organization_versions, revision)
        .select((
            organization_versions::organization_id,
            stamp!(organization_versions),
            (
                organization_versions::name_en,
                organization_versions::name_zh,
                organization_versions::organization_type,
                organization_versions::sector,
                organization_versions::hosted_by,
                organization_versions::credit_code,
                organization_versions::address,
                organization_versions::active,
            ),
        ))
        .into_boxed();
    let mut kinds = as_learnt_by!(organization_kinds, revision)
        .order(revisions::revision)
        .select((organization_kinds::organization_id, ((revisions::revision, revisions::at), organization_kinds::kind)))
        .into_boxed();
    if is_looked_up {
        versions = versions.filter(organization_versions::organization_id.eq_any(ids.clone()));
        kinds = kinds.filter(organization_kinds::organization_id.eq_any(ids));
    }
    let versions: Vec<(OrganizationId, Stamp, VersionColumns)> = versions.load(connection)?;
    let mut versions = by_owner(versions.into_iter().map(|(id, stamp, columns)| (id, dated(stamp, version(columns)))));
    let kinds: Vec<(OrganizationId, (LearntColumns, OrganizationKind))> = kinds.load(connection)?;
    let mut kinds = by_owner(kinds);
    Ok(rows
        .into_iter()
        .filter_map(|(id, code, region_id, kind)| {
            let (kind, mends) = mended(kind, kinds.remove(&id).unwrap_or_default());
            Some(Organization { id, code, region_id, kind, mends, versions: versions.remove(&id)? })
        })
        .collect())
}

fn version(
    (name_en, name_zh, organization_type, sector, hosted_by, credit_code, address, active): VersionColumns,
) -> OrganizationVersion {
    OrganizationVersion { name_en, name_zh, organization_type, sector, hosted_by, credit_code, address, active }
}

/// The organizations that an account may see as of a revision, ordered by code.
pub fn list_visible(
    connection: &mut AnyConnection,
    belongs: Belongs,
    revision: Revision,
) -> Result<Vec<Organization>, Error> {
    match belongs {
        Belongs::Organization(id) => load(connection, &Which::Named(&[], &[id]), revision),
        Belongs::Region(id) => {
            let regions = super::regions::ids_within(connection, id)?;
            if regions.len() > MOST_LOOKED_UP {
                let regions: BTreeSet<RegionId> = regions.into_iter().collect();
                let mut all = list(connection, revision)?;
                all.retain(|one| regions.contains(&one.region_id));
                return Ok(all);
            }
            load(connection, &Which::Of(&regions), revision)
        }
    }
}

/// Those of some organizations that an account may see.
pub fn retain_visible(
    connection: &mut AnyConnection,
    belongs: Belongs,
    mut organizations: Vec<Organization>,
) -> Result<Vec<Organization>, Error> {
    let top = match belongs {
        Belongs::Organization(own) => {
            organizations.retain(|organization| organization.id == own);
            return Ok(organizations);
        }
        Belongs::Region(top) => top,
    };
    let mut regions = BTreeMap::new();
    for organization in &organizations {
        if let Entry::Vacant(entry) = regions.entry(organization.region_id) {
            entry.insert(super::regions::is_within(connection, organization.region_id, top)?);
        }
    }
    organizations.retain(|organization| regions.get(&organization.region_id).copied().unwrap_or(false));
    Ok(organizations)
}

/// True if an account may see the organization.
pub fn is_visible(connection: &mut AnyConnection, belongs: Belongs, id: OrganizationId) -> Result<bool, Error> {
    let top = match belongs {
        Belongs::Organization(own) => return Ok(own == id),
        Belongs::Region(top) => top,
    };
    match region_of(connection, id)? {
        Some(region) => Ok(super::regions::is_within(connection, region, top)?),
        None => Ok(false),
    }
}

/// The region of an organization.
pub fn region_of(connection: &mut AnyConnection, id: OrganizationId) -> QueryResult<Option<RegionId>> {
    organizations::table.filter(organizations::id.eq(id)).select(organizations::region_id).first(connection).optional()
}

/// The day of an organization at an instant, as of now.
pub fn day_of(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    instant: DateTime<Utc>,
) -> Result<NaiveDate, Error> {
    let region = region_of(connection, organization)?.ok_or(Error::NotFound("organization"))?;
    let above = super::regions::list_above(connection, region)?;
    Ok(day_at(&above, region, instant))
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
    change.note_profile(id);
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
    change.note_profile(id);
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
            organization_versions::credit_code.eq(&version.credit_code),
            organization_versions::address.eq(&version.address),
            organization_versions::active.eq(version.active),
        ))
        .execute(change.connection)?;
    Ok(())
}
