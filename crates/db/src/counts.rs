//! Counts, what they settle, and their voids.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection};
use super::count_flags::flags_of;
use super::history::by_owner;
use super::schema::{count_lines, count_resolves, counts, revisions, voids};
use super::sql_types::{Day, Instant};
use super::write::Change;
use base::id::{AccountId, ChangeSetId, CountId, DepotId, OrganizationId};
use base::quantity::Quantity;
use domain::count::{CountFlag, CountKind, CountScope, Held, LotCondition};
use domain::revision::Revision;

/// A count as it is stored.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = counts, treat_none_as_default_value = false)]
pub struct CountRow {
    /// Its id.
    pub id: CountId,
    /// Where it was made.
    pub depot_id: DepotId,
    /// Whose depot that is.
    pub organization_id: OrganizationId,
    /// Who sent it.
    pub account_id: AccountId,
    /// The change set that brought it.
    pub change_set: ChangeSetId,
    /// The organization's own, or an inspection.
    pub kind: CountKind,
    /// What it speaks of.
    pub scope: CountScope,
    /// When it was made, by the device's clock.
    pub counted_at: Instant,
    /// When it counts as made.
    pub effective_at: Instant,
    /// When the server received it.
    pub received_at: Instant,
    /// The device it came from.
    pub device: Option<String>,
    /// The device's running number.
    pub seq: Option<i64>,
    /// When the device sent it, by its own clock.
    pub sent_at: Option<Instant>,
    /// How far the device's clock was behind at sending, in microseconds.
    pub clock_offset_us: Option<i64>,
    /// The catalogue that the counter had.
    pub catalogue_revision: Option<Revision>,
    /// Who counted.
    pub counted_by: String,
    /// A remark.
    pub note: Option<String>,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
}

impl CountRow {
    /// The device it came from, or the account where no device was named, as one text.
    pub fn source(&self) -> String {
        match &self.device {
            Some(name) => format!("device {name}"),
            None => format!("account {}", self.account_id),
        }
    }
}

/// A line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = count_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    /// Its count.
    pub count_id: CountId,
    /// Where that was made.
    pub depot_id: DepotId,
    /// The device or account that came from, as [`CountRow::source`] tells them apart.
    pub source: String,
    /// When that counts as made.
    pub effective_at: Instant,
    /// Its place in the count, from 0.
    pub position: i64,
    /// The item.
    pub item_code: String,
    /// How many, in the item's unit.
    pub quantity: Quantity,
    /// The lot number.
    pub lot: Option<String>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<Day>,
    /// When it was made.
    pub made_on: Option<Day>,
    /// When it was last inspected.
    pub inspected_on: Option<Day>,
    /// The state it was in.
    pub condition: LotCondition,
    /// Where it was.
    pub held: Held,
    /// The pack it was counted in.
    pub pack: Option<String>,
    /// How many packs.
    pub packs: Option<Quantity>,
    /// How many units a pack holds.
    pub pack_size: Option<Quantity>,
    /// A remark.
    pub note: Option<String>,
}

/// A count taken back.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = voids, treat_none_as_default_value = false)]
pub struct VoidRow {
    /// The count.
    pub count_id: CountId,
    /// The change set that took it back.
    pub change_set: ChangeSetId,
    /// Who took it back.
    pub account_id: AccountId,
    /// When.
    pub voided_at: Instant,
    /// Why.
    pub reason: String,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
}

/// A count with all that belongs to it.
#[derive(Clone, Debug)]
pub struct StoredCount {
    /// The count.
    pub row: CountRow,
    /// The revision that brought it.
    pub revision: Revision,
    /// Its lines, in their order.
    pub lines: Vec<LineRow>,
    /// The counts it settles.
    pub resolves: Vec<CountId>,
    /// That it was taken back, where it was.
    pub void: Option<VoidRow>,
    /// What is odd about how it came.
    pub flags: Vec<CountFlag>,
}

/// Adds a count with its lines.
pub fn insert(
    change: &mut Change<'_>,
    row: &CountRow,
    lines: &[LineRow],
    resolves: &BTreeSet<CountId>,
) -> QueryResult<()> {
    diesel::insert_into(counts::table).values(row).execute(change.connection)?;
    on_connection!(change.connection, connection => {
        diesel::insert_into(count_lines::table).values(lines).execute(connection)?
    });
    for resolved in resolves {
        diesel::insert_into(count_resolves::table)
            .values((count_resolves::count_id.eq(row.id), count_resolves::resolved_id.eq(*resolved)))
            .execute(change.connection)?;
    }
    Ok(())
}

/// Adds a void.
pub fn insert_void(change: &mut Change<'_>, row: &VoidRow) -> QueryResult<()> {
    diesel::insert_into(voids::table).values(row).execute(change.connection)?;
    Ok(())
}

/// The hash of the content that an id was used for; `None` where it was not used. Seen within the writing transaction.
pub fn content_of(connection: &mut AnyConnection, id: CountId) -> QueryResult<Option<(OrganizationId, String)>> {
    counts::table
        .filter(counts::id.eq(id))
        .select((counts::organization_id, counts::body_sha256))
        .first(connection)
        .optional()
}

/// What is fixed of a count for ever, as far as a second sending of it is told by that.
#[derive(Clone, Debug, Queryable)]
pub struct Fixed {
    /// Its id.
    pub id: CountId,
    /// Whose depot it is about.
    pub organization: OrganizationId,
    /// Who sent it.
    pub account: AccountId,
    /// SHA-256 of the RFC 8785 form of its content.
    pub sha256: String,
    /// When it counts as made.
    pub effective_at: Instant,
}

/// What is fixed of those of some ids that were used. Seen within the writing transaction.
pub fn fixed(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<Fixed>> {
    counts::table
        .filter(counts::id.eq_any(ids.to_vec()))
        .select((counts::id, counts::organization_id, counts::account_id, counts::body_sha256, counts::effective_at))
        .load(connection)
}

/// The void of a count, where there is one. Seen within the writing transaction.
pub fn void_of(connection: &mut AnyConnection, id: CountId) -> QueryResult<Option<VoidRow>> {
    voids::table.filter(voids::count_id.eq(id)).select(voids::all_columns).first(connection).optional()
}

/// Which of some ids are counts of a depot.
pub fn existing_in_depot(
    connection: &mut AnyConnection,
    depot: DepotId,
    ids: &BTreeSet<CountId>,
) -> QueryResult<BTreeSet<CountId>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let found: Vec<CountId> = counts::table
        .filter(counts::depot_id.eq(depot))
        .filter(counts::id.eq_any(ids.iter().copied().collect::<Vec<_>>()))
        .select(counts::id)
        .load(connection)?;
    Ok(found.into_iter().collect())
}

/// Which of some counts can speak of an item: the full ones, and those that list it. Seen within the writing transaction.
pub fn speaking_of(
    connection: &mut AnyConnection,
    ids: &BTreeSet<CountId>,
    item: &str,
) -> QueryResult<BTreeSet<CountId>> {
    let ids: Vec<CountId> = ids.iter().copied().collect();
    let mut found: Vec<CountId> = counts::table
        .filter(counts::id.eq_any(ids.clone()))
        .filter(counts::scope.eq(CountScope::Full))
        .select(counts::id)
        .load(connection)?;
    let listing: Vec<CountId> = count_lines::table
        .filter(count_lines::count_id.eq_any(ids))
        .filter(count_lines::item_code.eq(item.to_owned()))
        .select(count_lines::count_id)
        .load(connection)?;
    found.extend(listing);
    Ok(found.into_iter().collect())
}

/// A count with all that belongs to it.
pub fn find(connection: &mut AnyConnection, id: CountId) -> QueryResult<Option<StoredCount>> {
    let found: Option<(CountRow, Revision)> = counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .filter(counts::id.eq(id))
        .select((counts::all_columns, revisions::revision))
        .first(connection)
        .optional()?;
    found.map(|(row, revision)| complete(connection, vec![(row, revision)])).transpose().map(|counts| counts?.pop())
}

/// Some counts by their ids, in no order; those that are not there are left out.
pub fn find_some(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<StoredCount>> {
    let rows = counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .filter(counts::id.eq_any(ids.to_vec()))
        .select((counts::all_columns, revisions::revision))
        .load(connection)?;
    complete(connection, rows)
}

/// The ids of an organization's counts, and of those of them that were taken back.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// All of its counts.
    pub counts: Vec<CountId>,
    /// Those taken back.
    pub voids: Vec<CountId>,
}

/// The ids of all counts of an organization.
pub fn ids_of(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<Ids> {
    let own = counts::table.filter(counts::organization_id.eq(organization)).select(counts::id);
    let voids = voids::table.filter(voids::count_id.eq_any(own)).select(voids::count_id).load(connection)?;
    Ok(Ids { counts: own.load(connection)?, voids })
}

/// Which counts to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Those of these organizations.
    pub organizations: Vec<OrganizationId>,
    /// Those of one depot.
    pub depot: Option<DepotId>,
    /// Those after this place in the list.
    pub after: Option<(Revision, CountId)>,
}

/// Counts, the last learnt first; at most `limit`.
pub fn list(connection: &mut AnyConnection, filter: &Filter, limit: usize) -> QueryResult<Vec<StoredCount>> {
    let mut query = counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .filter(counts::organization_id.eq_any(filter.organizations.clone()))
        .order((revisions::revision.desc(), counts::id.desc()))
        .select((counts::all_columns, revisions::revision))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    if let Some(depot) = filter.depot {
        query = query.filter(counts::depot_id.eq(depot));
    }
    if let Some((revision, id)) = filter.after {
        query =
            query.filter(revisions::revision.lt(revision).or(revisions::revision.eq(revision).and(counts::id.lt(id))));
    }
    let rows = query.load(connection)?;
    complete(connection, rows)
}

/// Adds lines, settled counts, voids and flags to rows.
fn complete(connection: &mut AnyConnection, rows: Vec<(CountRow, Revision)>) -> QueryResult<Vec<StoredCount>> {
    let ids: Vec<CountId> = rows.iter().map(|(row, _)| row.id).collect();
    let lines: Vec<LineRow> = count_lines::table
        .filter(count_lines::count_id.eq_any(ids.clone()))
        .order((count_lines::count_id, count_lines::position))
        .select(count_lines::all_columns)
        .load(connection)?;
    let resolves: Vec<(CountId, CountId)> = count_resolves::table
        .filter(count_resolves::count_id.eq_any(ids.clone()))
        .order((count_resolves::count_id, count_resolves::resolved_id))
        .select((count_resolves::count_id, count_resolves::resolved_id))
        .load(connection)?;
    let voids: Vec<VoidRow> =
        voids::table.filter(voids::count_id.eq_any(ids)).select(voids::all_columns).load(connection)?;
    let mut flags = flags_of(connection, rows.iter().map(|(row, _)| (row.id, row.clock_offset_us)))?;
    let mut lines = by_owner(lines.into_iter().map(|line| (line.count_id, line)));
    let mut resolves = by_owner(resolves);
    let mut voids: BTreeMap<CountId, VoidRow> = voids.into_iter().map(|void| (void.count_id, void)).collect();
    Ok(rows
        .into_iter()
        .map(|(row, revision)| StoredCount {
            revision,
            lines: lines.remove(&row.id).unwrap_or_default(),
            resolves: resolves.remove(&row.id).unwrap_or_default(),
            void: voids.remove(&row.id),
            flags: flags.remove(&row.id).unwrap_or_default(),
            row,
        })
        .collect())
}
