//! Resolutions, the counts they exclude, and their voids.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::bearing_counts;
use super::connection::AnyConnection;
use super::history::{as_learnt_by, by_owner, recorded_after};
use super::schema::{resolution_counts, resolution_voids, resolutions, revisions};
use super::sql_types::Instant;
use super::write::Change;
use base::error::Error;
use base::id::{AccountId, ChangeSetId, CountId, DepotId, OrganizationId, ResolutionId};
use domain::item::ItemCode;
use domain::resolution::Resolution;
use domain::revision::Revision;

/// A resolution as stored.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = resolutions, treat_none_as_default_value = false)]
pub struct ResolutionRow {
    /// Its id.
    pub id: ResolutionId,
    /// The depot of the counts.
    pub depot_id: DepotId,
    /// The depot's organization.
    pub organization_id: OrganizationId,
    /// The officer's account.
    pub account_id: AccountId,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The item for which the counts are disregarded.
    pub item_code: ItemCode,
    /// The reason.
    pub reason: String,
    /// The officer's name.
    pub resolved_by: String,
    /// The time.
    pub resolved_at: Instant,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
}

/// A count that a resolution excludes, as stored.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Queryable, Insertable)]
#[diesel(table_name = resolution_counts, treat_none_as_default_value = false)]
pub struct NamedRow {
    /// The resolution.
    pub resolution_id: ResolutionId,
    /// The count.
    pub count_id: CountId,
    /// The item of the resolution.
    pub item_code: ItemCode,
}

/// The void of a resolution.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = resolution_voids, treat_none_as_default_value = false)]
pub struct ResolutionVoidRow {
    /// The resolution.
    pub resolution_id: ResolutionId,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The account that voided the resolution.
    pub account_id: AccountId,
    /// The name of its holder.
    pub voided_by: String,
    /// The time.
    pub voided_at: Instant,
    /// The reason.
    pub reason: String,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
}

/// A resolution with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct StoredResolution {
    /// The resolution.
    pub row: ResolutionRow,
    /// The revision that added it.
    pub revision: Revision,
    /// The counts it excludes, ordered by id.
    pub named: Vec<NamedRow>,
    /// Its void, if it was voided.
    pub void: Option<ResolutionVoidRow>,
}

/// Adds a resolution.
///
/// # Errors
/// If the database fails.
pub fn insert(change: &mut Change<'_>, row: &ResolutionRow, named: &[NamedRow]) -> Result<(), Error> {
    diesel::insert_into(resolutions::table).values(row).execute(change.connection)?;
    for count in named {
        diesel::insert_into(resolution_counts::table).values(count).execute(change.connection)?;
    }
    bearing_counts::renew(change, row.depot_id, row.change_set)
}

/// Adds a void.
///
/// # Errors
/// If the database fails.
pub fn insert_void(change: &mut Change<'_>, row: &ResolutionVoidRow) -> Result<(), Error> {
    diesel::insert_into(resolution_voids::table).values(row).execute(change.connection)?;
    let resolved = resolutions::table.filter(resolutions::id.eq(row.resolution_id));
    let depot = resolved.select(resolutions::depot_id).first(change.connection)?;
    bearing_counts::renew(change, depot, row.change_set)
}

/// The organization of a resolution's id, and the hash of its content; `None` if the id is unused.
pub fn content_of(connection: &mut AnyConnection, id: ResolutionId) -> QueryResult<Option<(OrganizationId, String)>> {
    resolutions::table
        .filter(resolutions::id.eq(id))
        .select((resolutions::organization_id, resolutions::body_sha256))
        .first(connection)
        .optional()
}

/// The void of a resolution, if any. Reads within the writing transaction.
pub fn void_of(connection: &mut AnyConnection, id: ResolutionId) -> QueryResult<Option<ResolutionVoidRow>> {
    resolution_voids::table
        .filter(resolution_voids::resolution_id.eq(id))
        .select(resolution_voids::all_columns)
        .first(connection)
        .optional()
}

/// Finds a resolution with everything that belongs to it.
pub fn find(connection: &mut AnyConnection, id: ResolutionId) -> QueryResult<Option<StoredResolution>> {
    Ok(find_some(connection, &[id])?.pop())
}

/// Finds resolutions by their ids, in no order; unknown ids are skipped.
pub fn find_some(connection: &mut AnyConnection, ids: &[ResolutionId]) -> QueryResult<Vec<StoredResolution>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = as_learnt_by!(resolutions, Revision::LATEST)
        .filter(resolutions::id.eq_any(ids.to_vec()))
        .select((resolutions::all_columns, revisions::revision))
        .load(connection)?;
    complete(connection, rows)
}

/// The ids of an organization's resolutions, and of the voided ones.
pub fn ids_of(
    connection: &mut AnyConnection,
    organization: OrganizationId,
) -> QueryResult<(Vec<ResolutionId>, Vec<ResolutionId>)> {
    let own = resolutions::table.filter(resolutions::organization_id.eq(organization)).select(resolutions::id);
    let voids = resolution_voids::table
        .filter(resolution_voids::resolution_id.eq_any(own))
        .select(resolution_voids::resolution_id)
        .load(connection)?;
    Ok((own.load(connection)?, voids))
}

/// The selection of resolutions to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Resolutions of these organizations.
    pub organizations: Vec<OrganizationId>,
    /// Resolutions of these depots; of all if `None`.
    pub depots: Option<Vec<DepotId>>,
    /// Resolutions of these items; of all if empty.
    pub items: Vec<ItemCode>,
    /// Resolutions recorded or voided after this revision.
    pub changed_after: Option<Revision>,
    /// Resolutions after this position in the list.
    pub after: Option<(Revision, ResolutionId)>,
}

/// The resolutions, latest first; at most `limit`.
pub fn list(connection: &mut AnyConnection, filter: &Filter, limit: usize) -> QueryResult<Vec<StoredResolution>> {
    let mut query = as_learnt_by!(resolutions, Revision::LATEST)
        .filter(resolutions::organization_id.eq_any(filter.organizations.clone()))
        .order((revisions::revision.desc(), resolutions::id.desc()))
        .select((resolutions::all_columns, revisions::revision))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    if let Some(depots) = &filter.depots {
        query = query.filter(resolutions::depot_id.eq_any(depots.clone()));
    }
    if !filter.items.is_empty() {
        query = query.filter(resolutions::item_code.eq_any(filter.items.clone()));
    }
    if let Some(after) = filter.changed_after {
        let voided = resolution_voids::table
            .filter(resolution_voids::change_set.eq_any(recorded_after!(after)))
            .select(resolution_voids::resolution_id);
        query = query.filter(resolutions::change_set.eq_any(recorded_after!(after)).or(resolutions::id.eq_any(voided)));
    }
    if let Some((revision, id)) = filter.after {
        query = query
            .filter(revisions::revision.lt(revision).or(revisions::revision.eq(revision).and(resolutions::id.lt(id))));
    }
    let rows = query.load(connection)?;
    complete(connection, rows)
}

/// Adds the named counts and the voids to rows.
fn complete(
    connection: &mut AnyConnection,
    rows: Vec<(ResolutionRow, Revision)>,
) -> QueryResult<Vec<StoredResolution>> {
    let ids: Vec<ResolutionId> = rows.iter().map(|(row, _)| row.id).collect();
    let named: Vec<NamedRow> = resolution_counts::table
        .filter(resolution_counts::resolution_id.eq_any(ids.clone()))
        .order((resolution_counts::resolution_id, resolution_counts::count_id))
        .select(resolution_counts::all_columns)
        .load(connection)?;
    let voids: Vec<ResolutionVoidRow> = resolution_voids::table
        .filter(resolution_voids::resolution_id.eq_any(ids))
        .select(resolution_voids::all_columns)
        .load(connection)?;
    let mut named = by_owner(named.into_iter().map(|row| (row.resolution_id, row)));
    let mut voids: BTreeMap<ResolutionId, ResolutionVoidRow> =
        voids.into_iter().map(|void| (void.resolution_id, void)).collect();
    Ok(rows
        .into_iter()
        .map(|(row, revision)| StoredResolution {
            revision,
            named: named.remove(&row.id).unwrap_or_default(),
            void: voids.remove(&row.id),
            row,
        })
        .collect())
}

/// The resolutions of some organizations in force as of a revision, in no order; an organization without any is left out.
/// Those voided by then are left out.
pub fn unvoided(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    revision: Revision,
) -> QueryResult<BTreeMap<OrganizationId, Vec<Resolution>>> {
    let rows: Vec<ResolutionRow> = as_learnt_by!(resolutions, revision)
        .filter(resolutions::organization_id.eq_any(organizations.to_vec()))
        .select(resolutions::all_columns)
        .load(connection)?;
    // The usual case; most organizations have no resolutions.
    if rows.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<ResolutionId> = rows.iter().map(|row| row.id).collect();
    let taken_back: Vec<ResolutionId> = as_learnt_by!(resolution_voids, revision)
        .filter(resolution_voids::resolution_id.eq_any(ids.clone()))
        .select(resolution_voids::resolution_id)
        .load(connection)?;
    let taken_back: BTreeSet<ResolutionId> = taken_back.into_iter().collect();
    let named: Vec<(ResolutionId, CountId)> = resolution_counts::table
        .filter(resolution_counts::resolution_id.eq_any(ids))
        .order((resolution_counts::resolution_id, resolution_counts::count_id))
        .select((resolution_counts::resolution_id, resolution_counts::count_id))
        .load(connection)?;
    let mut named = by_owner(named);
    let unvoided = rows.into_iter().filter(|row| !taken_back.contains(&row.id));
    Ok(by_owner(unvoided.map(|row| {
        let resolution = Resolution {
            id: row.id,
            depot_id: row.depot_id,
            item: row.item_code,
            counts: named.remove(&row.id).unwrap_or_default(),
            reason: row.reason,
            resolved_by: row.resolved_by,
            resolved_at: row.resolved_at.0,
            voided: false,
        };
        (row.organization_id, resolution)
    })))
}
