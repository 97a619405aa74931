//! Depots and their history.

use std::collections::BTreeSet;

use diesel::dsl::exists;
use diesel::prelude::*;

use super::bearing_counts;
use super::connection::AnyConnection;
use super::history::{LearntColumns, Stamp, as_learnt_by, by_owner, dated, mended, stamp};
use super::locks::LockedOrganization;
use super::schema::{counts, depot_owners, depot_versions, depots, revisions};
use super::sql_types::Day;
use super::write::{Change, Origin};
use base::error::Error;
use base::id::{ContactId, DepotId, OrganizationId};
use domain::actor::{Subject, SubjectKind};
use domain::depot::{Datum, Depot, DepotVersion, Holding, Position};
use domain::revision::{Mend, Revision};

type VersionColumns = (
    (String, String, Holding, bool),
    (Option<f64>, Option<f64>, Option<Datum>),
    (Option<ContactId>, Option<ContactId>),
);

/// The depots of some organizations as of a revision, ordered by code.
pub fn list(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    revision: Revision,
) -> Result<Vec<Depot>, Error> {
    let columns = (depots::id, depots::code, depots::organization_id);
    let mut rows: Vec<(DepotId, String, OrganizationId)> = depots::table
        .filter(depots::organization_id.eq_any(organizations.to_vec()))
        .select(columns)
        .load(connection)?;
    let mut came_later: Vec<DepotId> = depot_owners::table
        .filter(depot_owners::organization_id.eq_any(organizations.to_vec()))
        .select(depot_owners::depot_id)
        .load(connection)?;
    came_later.retain(|depot| rows.iter().all(|(id, ..)| id != depot));
    if !came_later.is_empty() {
        let later = depots::table.filter(depots::id.eq_any(came_later)).select(columns);
        rows.extend(later.load::<(DepotId, String, OrganizationId)>(connection)?);
    }
    let asked: BTreeSet<OrganizationId> = organizations.iter().copied().collect();
    let mut owned = with_owners(connection, rows, revision)?;
    owned.retain(|(_, _, owner, _)| asked.contains(owner));
    with_versions(connection, owned, revision)
}

/// The depots with some codes or ids as of a revision, ordered by code.
pub fn list_some(
    connection: &mut AnyConnection,
    codes: &[String],
    ids: &[DepotId],
    revision: Revision,
) -> Result<Vec<Depot>, Error> {
    // PostgreSQL takes no text with a zero byte, which names nothing.
    let codes: Vec<String> = codes.iter().filter(|code| !code.contains('\0')).cloned().collect();
    let (of_codes, of_ids) = (depots::code.eq_any(codes.clone()), depots::id.eq_any(ids.to_vec()));
    let query = depots::table.select((depots::id, depots::code, depots::organization_id)).into_boxed();
    // SQLite looks through the table for an alternative that nothing meets.
    let query = match (codes.as_slice(), ids) {
        ([], _) => query.filter(of_ids),
        (_, []) => query.filter(of_codes),
        _ => query.filter(of_codes.or(of_ids)),
    };
    let rows = query.load(connection)?;
    let owned = with_owners(connection, rows, revision)?;
    with_versions(connection, owned, revision)
}

/// A depot with its code, its owner and the mends of that.
type Owned = (DepotId, String, OrganizationId, Vec<Mend<OrganizationId>>);

/// Takes the mends of the first owners into account.
fn with_owners(
    connection: &mut AnyConnection,
    rows: Vec<(DepotId, String, OrganizationId)>,
    revision: Revision,
) -> Result<Vec<Owned>, Error> {
    let owners: Vec<(DepotId, (LearntColumns, OrganizationId))> = as_learnt_by!(depot_owners, revision)
        .filter(depot_owners::depot_id.eq_any(rows.iter().map(|(id, ..)| *id).collect::<Vec<_>>()))
        .order(revisions::revision)
        .select((depot_owners::depot_id, ((revisions::revision, revisions::at), depot_owners::organization_id)))
        .load(connection)?;
    let mut owners = by_owner(owners);
    let owned = |(id, code, first)| {
        let (owner, mends) = mended(first, owners.remove(&id).unwrap_or_default());
        (id, code, owner, mends)
    };
    Ok(rows.into_iter().map(owned).collect())
}

fn with_versions(
    connection: &mut AnyConnection,
    mut rows: Vec<Owned>,
    revision: Revision,
) -> Result<Vec<Depot>, Error> {
    rows.sort_by(|(_, one, ..), (_, other, ..)| one.cmp(other));
    let versions: Vec<(DepotId, Stamp, VersionColumns)> = as_learnt_by!(depot_versions, revision)
        .filter(depot_versions::depot_id.eq_any(rows.iter().map(|(id, ..)| *id).collect::<Vec<_>>()))
        .select((
            depot_versions::depot_id,
            stamp!(depot_versions),
            (
                (depot_versions::name_en, depot_versions::name_zh, depot_versions::holding, depot_versions::open),
                (depot_versions::latitude, depot_versions::longitude, depot_versions::datum),
                (depot_versions::keeper_id, depot_versions::second_keeper_id),
            ),
        ))
        .load(connection)?;
    let mut versions = by_owner(versions.into_iter().map(|(id, stamp, columns)| (id, dated(stamp, version(columns)))));
    Ok(rows
        .into_iter()
        .filter_map(|(id, code, organization_id, mends)| {
            Some(Depot { id, code, organization_id, mends, versions: versions.remove(&id)? })
        })
        .collect())
}

/// The organization of a depot; `None` if there is no such depot.
pub fn organization_of(connection: &mut AnyConnection, depot: DepotId) -> QueryResult<Option<OrganizationId>> {
    let last: Option<OrganizationId> = depot_owners::table
        .inner_join(revisions::table.on(revisions::change_set.eq(depot_owners::change_set)))
        .filter(depot_owners::depot_id.eq(depot))
        .order(revisions::revision.desc())
        .select(depot_owners::organization_id)
        .first(connection)
        .optional()?;
    match last {
        Some(owner) => Ok(Some(owner)),
        None => depots::table.filter(depots::id.eq(depot)).select(depots::organization_id).first(connection).optional(),
    }
}

fn version((told, degrees, (keeper, second_keeper)): VersionColumns) -> DepotVersion {
    let ((name_en, name_zh, holding, open), (latitude, longitude, datum)) = (told, degrees);
    let datum = datum.unwrap_or_default();
    let position = latitude.zip(longitude).map(|(lat, lon)| Position { lat, lon, datum });
    DepotVersion { name_en, name_zh, position, keeper, second_keeper, holding, open }
}

/// Adds a depot with its first version.
pub fn insert(
    change: &mut Change<'_>,
    id: DepotId,
    code: &str,
    owner: LockedOrganization<'_>,
    valid_from: Day,
    version: &DepotVersion,
) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Depot, code));
    diesel::insert_into(depots::table)
        .values((
            depots::id.eq(id),
            depots::code.eq(code),
            depots::organization_id.eq(owner.id()),
            depots::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    bearing_counts::add_depot(change.connection, id, change_set)?;
    insert_version(change, owner, id, code, valid_from, version)
}

/// Mends the owner of a depot, in which nothing was counted.
pub fn mend_owner(
    change: &mut Change<'_>,
    _: LockedOrganization<'_>,
    id: DepotId,
    code: &str,
    owner: LockedOrganization<'_>,
) -> Result<(), Error> {
    let Origin { change_set, .. } = change.record(Subject::new(SubjectKind::Depot, code));
    diesel::insert_into(depot_owners::table)
        .values((
            depot_owners::depot_id.eq(id),
            depot_owners::change_set.eq(change_set),
            depot_owners::organization_id.eq(owner.id()),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Those of some depots in which something was counted.
pub fn counted(connection: &mut AnyConnection, ids: &BTreeSet<DepotId>) -> Result<BTreeSet<DepotId>, Error> {
    let count = counts::table.filter(counts::depot_id.eq(depots::id)).select(counts::id);
    let found: Vec<DepotId> =
        depots::table.filter(depots::id.eq_any(ids)).filter(exists(count)).select(depots::id).load(connection)?;
    Ok(found.into_iter().collect())
}

/// Adds the description of a depot from a day; `open: false` closes it.
pub fn insert_version(
    change: &mut Change<'_>,
    _: LockedOrganization<'_>,
    id: DepotId,
    code: &str,
    valid_from: Day,
    version: &DepotVersion,
) -> Result<(), Error> {
    let Origin { change_set, author } = change.record(Subject::new(SubjectKind::Depot, code));
    diesel::insert_into(depot_versions::table)
        .values((
            depot_versions::depot_id.eq(id),
            depot_versions::valid_from.eq(valid_from),
            depot_versions::change_set.eq(change_set),
            depot_versions::author_id.eq(author),
            depot_versions::name_en.eq(&version.name_en),
            depot_versions::name_zh.eq(&version.name_zh),
            depot_versions::latitude.eq(version.position.map(|position| position.lat)),
            depot_versions::longitude.eq(version.position.map(|position| position.lon)),
            depot_versions::datum.eq(version.position.map(|position| position.datum)),
            depot_versions::keeper_id.eq(version.keeper),
            depot_versions::second_keeper_id.eq(version.second_keeper),
            depot_versions::holding.eq(version.holding),
            depot_versions::open.eq(version.open),
        ))
        .execute(change.connection)?;
    Ok(())
}
