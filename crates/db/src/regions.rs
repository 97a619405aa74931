//! Regions and their history.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::HasSqlType;

use super::connection::{AnyConnection, Both};
use super::history::{Stamp, as_learnt_by, by_owner, dated, stamp};
use super::schema::{region_versions, regions};
use super::sql_types::{Day, IdSql};
use super::write::{Change, Origin};
use base::error::Error;
use base::id::RegionId;
use domain::actor::{Subject, SubjectKind};
use domain::region::{Region, RegionVersion};
use domain::revision::Revision;

type VersionRow = (RegionId, Stamp, (String, String, Option<String>, Option<i64>, Option<i64>));

/// Every region as of a revision, ordered by code.
pub fn list(connection: &mut AnyConnection, revision: Revision) -> Result<Vec<Region>, Error> {
    load(connection, None, revision)
}

/// A region and those above it as of now, ordered by code.
pub fn list_above(connection: &mut AnyConnection, region: RegionId) -> Result<Vec<Region>, Error> {
    let above = ids_above(connection, region)?;
    load(connection, Some(&above), Revision::LATEST)
}

fn load(connection: &mut AnyConnection, ids: Option<&[RegionId]>, revision: Revision) -> Result<Vec<Region>, Error> {
    let mut versions = as_learnt_by!(region_versions, revision)
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
        .into_boxed();
    let mut rows = regions::table.select((regions::id, regions::code, regions::parent_id)).into_boxed();
    if let Some(ids) = ids {
        versions = versions.filter(region_versions::region_id.eq_any(ids.to_vec()));
        rows = rows.filter(regions::id.eq_any(ids.to_vec()));
    }
    let versions: Vec<VersionRow> = versions.load(connection)?;
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
    let mut rows: Vec<(RegionId, String, Option<RegionId>)> = rows.load(connection)?;
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

/// The maximum depth of a region. Circles are refused when stored; if there is one all the same, it must not cause an
/// endless loop.
const MOST_ABOVE: usize = 64;

/// The most regions that one statement looks up.
const LOOKED_UP_AT_ONCE: usize = 5_000;

/// A region and all below it.
pub fn ids_within(connection: &mut AnyConnection, top: RegionId) -> QueryResult<Vec<RegionId>> {
    let (mut found, mut level) = (vec![top], vec![top]);
    for _ in 0..MOST_ABOVE {
        let mut below = Vec::new();
        for some in level.chunks(LOOKED_UP_AT_ONCE) {
            let of_some = regions::table.filter(regions::parent_id.eq_any(some.to_vec()));
            below.extend(of_some.select(regions::id).load::<RegionId>(connection)?);
        }
        level = below;
        if level.is_empty() {
            break;
        }
        found.extend(&level);
    }
    Ok(found)
}

/// A region and those above it, in one statement. Of a circle, which is refused when stored, each is found once.
#[derive(QueryId)]
struct Above(RegionId);

impl<DB: Backend> QueryFragment<DB> for Above
where
    DB: HasSqlType<IdSql>,
    RegionId: ToSql<IdSql, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("WITH RECURSIVE above (id, parent_id) AS (SELECT id, parent_id FROM regions WHERE id = ");
        out.push_bind_param::<IdSql, _>(&self.0)?;
        out.push_sql(
            " UNION SELECT r.id, r.parent_id FROM above a JOIN regions r ON r.id = a.parent_id) SELECT id FROM above",
        );
        Ok(())
    }
}

impl Query for Above {
    type SqlType = IdSql;
}

/// A region and those above it.
fn ids_above(connection: &mut AnyConnection, region: RegionId) -> QueryResult<Vec<RegionId>> {
    Both(Above(region)).load(connection)
}

/// True if a region is another one or lies below it, in the newest state.
pub fn is_within(connection: &mut AnyConnection, region: RegionId, top: RegionId) -> QueryResult<bool> {
    Ok(ids_above(connection, region)?.contains(&top))
}
