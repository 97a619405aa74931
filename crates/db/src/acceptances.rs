//! Acceptances of own counts that inspections contest.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::bearing_counts;
use super::connection::AnyConnection;
use super::history::{as_learnt_by, by_owner};
use super::schema::{acceptances, revisions};
use super::sql_types::Instant;
use super::write::Change;
use base::error::Error;
use base::id::{AcceptanceId, AccountId, ChangeSetId, CountId, DepotId, OrganizationId};
use domain::acceptance::Acceptance;
use domain::item::ItemCode;
use domain::revision::Revision;

/// An acceptance as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = acceptances, treat_none_as_default_value = false)]
pub struct AcceptanceRow {
    /// Its id.
    pub id: AcceptanceId,
    /// The depot of both counts.
    pub depot_id: DepotId,
    /// The depot's organization.
    pub organization_id: OrganizationId,
    /// The officer's account.
    pub account_id: AccountId,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The item for which the own count is accepted.
    pub item_code: ItemCode,
    /// The inspection.
    pub inspection_id: CountId,
    /// The own count.
    pub count_id: CountId,
    /// The reason.
    pub reason: String,
    /// The officer's name.
    pub accepted_by: String,
    /// The time.
    pub accepted_at: Instant,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
}

/// An acceptance with the revision that added it.
#[derive(Clone, Debug)]
pub struct StoredAcceptance {
    /// The acceptance.
    pub row: AcceptanceRow,
    /// The revision.
    pub revision: Revision,
}

/// Adds an acceptance.
///
/// # Errors
/// If the database fails.
pub fn insert(change: &mut Change<'_>, row: &AcceptanceRow) -> Result<(), Error> {
    diesel::insert_into(acceptances::table).values(row).execute(change.connection)?;
    bearing_counts::renew(change, row.depot_id, row.change_set)
}

/// The organization of an acceptance's id, and the hash of its content; `None` if the id is unused.
pub fn content_of(connection: &mut AnyConnection, id: AcceptanceId) -> QueryResult<Option<(OrganizationId, String)>> {
    acceptances::table
        .filter(acceptances::id.eq(id))
        .select((acceptances::organization_id, acceptances::body_sha256))
        .first(connection)
        .optional()
}

/// Finds an acceptance.
pub fn find(connection: &mut AnyConnection, id: AcceptanceId) -> QueryResult<Option<StoredAcceptance>> {
    Ok(find_some(connection, &[id])?.pop())
}

/// Finds acceptances by their ids, in no order; unknown ids are skipped.
pub fn find_some(connection: &mut AnyConnection, ids: &[AcceptanceId]) -> QueryResult<Vec<StoredAcceptance>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(AcceptanceRow, Revision)> = as_learnt_by!(acceptances, Revision::LATEST)
        .filter(acceptances::id.eq_any(ids.to_vec()))
        .select((acceptances::all_columns, revisions::revision))
        .load(connection)?;
    Ok(rows.into_iter().map(|(row, revision)| StoredAcceptance { row, revision }).collect())
}

/// The ids of an organization's acceptances.
pub fn ids_of(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<Vec<AcceptanceId>> {
    acceptances::table.filter(acceptances::organization_id.eq(organization)).select(acceptances::id).load(connection)
}

/// The selection of acceptances to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Acceptances of these organizations.
    pub organizations: Vec<OrganizationId>,
    /// Acceptances of these depots; of all if `None`.
    pub depots: Option<Vec<DepotId>>,
    /// Acceptances of these items; of all if empty.
    pub items: Vec<ItemCode>,
    /// Acceptances recorded after this revision.
    pub changed_after: Option<Revision>,
    /// Acceptances after this position in the list.
    pub after: Option<(Revision, AcceptanceId)>,
}

/// The acceptances, latest first; at most `limit`.
pub fn list(connection: &mut AnyConnection, filter: &Filter, limit: usize) -> QueryResult<Vec<StoredAcceptance>> {
    let mut query = as_learnt_by!(acceptances, Revision::LATEST)
        .filter(acceptances::organization_id.eq_any(filter.organizations.clone()))
        .order((revisions::revision.desc(), acceptances::id.desc()))
        .select((acceptances::all_columns, revisions::revision))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    if let Some(depots) = &filter.depots {
        query = query.filter(acceptances::depot_id.eq_any(depots.clone()));
    }
    if !filter.items.is_empty() {
        query = query.filter(acceptances::item_code.eq_any(filter.items.clone()));
    }
    if let Some(after) = filter.changed_after {
        query = query.filter(revisions::revision.gt(after));
    }
    if let Some((revision, id)) = filter.after {
        query = query
            .filter(revisions::revision.lt(revision).or(revisions::revision.eq(revision).and(acceptances::id.lt(id))));
    }
    let rows: Vec<(AcceptanceRow, Revision)> = query.load(connection)?;
    Ok(rows.into_iter().map(|(row, revision)| StoredAcceptance { row, revision }).collect())
}

/// The acceptances of some organizations that were known at a revision, in no order; an organization without any is left
/// out.
pub fn list_known(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    revision: Revision,
) -> QueryResult<BTreeMap<OrganizationId, Vec<Acceptance>>> {
    let rows: Vec<AcceptanceRow> = as_learnt_by!(acceptances, revision)
        .filter(acceptances::organization_id.eq_any(organizations.to_vec()))
        .select(acceptances::all_columns)
        .load(connection)?;
    Ok(by_owner(rows.into_iter().map(|row| {
        let acceptance = Acceptance {
            id: row.id,
            depot_id: row.depot_id,
            item: row.item_code,
            inspection: row.inspection_id,
            count: row.count_id,
            reason: row.reason,
            accepted_by: row.accepted_by,
            accepted_at: row.accepted_at.0,
        };
        (row.organization_id, acceptance)
    })))
}
