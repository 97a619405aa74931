//! Regions and their history.

use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::{Stamp, as_learnt_by, by_owner, dated, stamp};
use super::schema::{region_versions, regions};
use super::sql_types::Day;
use super::write::{Change, Origin};
use base::error::Error;
use base::id::RegionId;
use domain::actor::{Subject, SubjectKind};
use domain::region::{Region, RegionVersion};
use domain::revision::Revision;

type VersionRow = (RegionId, Stamp, (String, String, Option<String>, Option<i64>, Option<i64>));

/// Every region as of a revision, ordered by code.
pub fn list(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<Region>, Error> {
    let versions: Vec<VersionRow> = as_learnt_by!(region_versions, revision)
        .select((
            region_versions::region_id,
            stamp!(region_versions),
            (
                region_versions::name_en,
                region_versions::name_zh,
                region_versions::time_zone,
                region_versions::validity_days,
                region_versions::inspection_stands_days,
            ),
        ))
        .load(connection)?;
    let versions = versions
        .into_iter()
        .map(|(id, stamp, (name_en, name_zh, time_zone, validity_days, inspection_stands_days))| {
            let time_zone = time_zone
                .map(|zone| zone.parse().map_err(|error| Error::internal("a stored time zone is unknown", error)))
                .transpose()?;
            let number = |days: Option<i64>| days.and_then(|days| u32::try_from(days).ok());
            let version = RegionVersion {
                name_en,
                name_zh,
                time_zone,
                validity_days: number(validity_days),
                inspection_stands_days: number(inspection_stands_days),
            };
            Ok((id, dated(stamp, version)))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let mut versions = by_owner(versions);
    let mut rows: Vec<(RegionId, String, Option<RegionId>)> =
        regions::table.select((regions::id, regions::code, regions::parent_id)).load(connection)?;
    rows.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
    Ok(rows
        .into_iter()
        .filter_map(|(id, code, parent_id)| Some(Region { id, code, parent_id, versions: versions.remove(&id)? }))
        .collect())
}

/// Adds a region with its first version.
pub fn insert(
    change: &mut Change<'_>,
    id: RegionId,
    code: &str,
    parent_id: Option<RegionId>,
    valid_from: Day,
    version: &RegionVersion,
) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Region, code));
    diesel::insert_into(regions::table)
        .values((
            regions::id.eq(id),
            regions::code.eq(code),
            regions::parent_id.eq(parent_id),
            regions::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    insert_version(change, id, code, valid_from, version)
}

/// Adds the names and settings of a region from a day.
pub fn insert_version(
    change: &mut Change<'_>,
    id: RegionId,
    code: &str,
    valid_from: Day,
    version: &RegionVersion,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Region, code));
    diesel::insert_into(region_versions::table)
        .values((
            region_versions::region_id.eq(id),
            region_versions::valid_from.eq(valid_from),
            region_versions::change_set.eq(change_set),
            region_versions::author_id.eq(author),
            region_versions::name_en.eq(&version.name_en),
            region_versions::name_zh.eq(&version.name_zh),
            region_versions::time_zone.eq(version.time_zone.map(|zone| zone.name())),
            region_versions::validity_days.eq(version.validity_days.map(i64::from)),
            region_versions::inspection_stands_days.eq(version.inspection_stands_days.map(i64::from)),
        ))
        .execute(change.connection)?;
    Ok(())
}
