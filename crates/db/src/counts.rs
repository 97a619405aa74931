//! Counts, the counts they resolve, and their voids.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use diesel::prelude::*;

use super::bearing_counts;
use super::connection::{AnyConnection, on_connection, rows_at_once};
use super::count_flags::{flags_of, has_flag};
use super::history::{as_learnt_by, by_owner, recorded_after};
use super::schema::{count_lines, count_resolves, count_resolves_awaited, counts, revisions, voids, voids_of_depots};
use super::sql_types::{Day, Instant};
use super::stock_counts::Header;
use super::write::Change;
use base::error::Error;
use base::id::{AccountId, ChangeSetId, CountId, DepotId, OrganizationId};
use base::quantity::Quantity;
use domain::count::{Count, CountFlag, CountKind, CountLine, CountScope, Held, LotCondition, StoredFlag};
use domain::ledger::LEDGER_SOURCE;
use domain::lot::LotNumber;
use domain::revision::Revision;

/// An instant before every count: none is effective before 1970.
const EARLIEST: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// An instant after every count.
const LATEST: DateTime<Utc> = NaiveDate::MAX.and_time(NaiveTime::MIN).and_utc();

/// The number of columns of a line.
const LINE_COLUMNS: usize = 18;

/// A count as stored.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = counts, treat_none_as_default_value = false)]
pub struct CountRow {
    /// Its id.
    pub id: CountId,
    /// The depot.
    pub depot_id: DepotId,
    /// The depot's organization.
    pub organization_id: OrganizationId,
    /// The account that sent it.
    pub account_id: AccountId,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The organization's own, or an inspection.
    pub kind: CountKind,
    /// Its scope.
    pub scope: CountScope,
    /// The time of counting, by the device's clock.
    pub counted_at: Instant,
    /// The effective time.
    pub effective_at: Instant,
    /// The time the server received it.
    pub received_at: Instant,
    /// The device it came from.
    pub device: Option<String>,
    /// The device's sequence number.
    pub seq: Option<i64>,
    /// The time the device sent it, by its own clock.
    pub sent_at: Option<Instant>,
    /// The lag of the device's clock at sending, in microseconds.
    pub clock_offset_us: Option<i64>,
    /// The revision of the catalogue with which the person counted.
    pub catalogue_revision: Option<Revision>,
    /// The name of the person who counted.
    pub counted_by: String,
    /// A remark.
    pub note: Option<String>,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
    /// The flags that are fixed at first receipt, as [`write_flags`](super::flag_words::write_flags) writes them.
    pub flags: String,
}

impl CountRow {
    /// The flags that it has by itself; those of its number among the commands of its device are not among them.
    pub fn flags(&self) -> BTreeSet<CountFlag> {
        self.header().arrival().flags().collect()
    }

    /// The fields from which figures are computed.
    fn header(&self) -> Header {
        Header {
            id: self.id,
            kind: self.kind,
            scope: self.scope,
            effective_at: self.effective_at,
            received_at: self.received_at,
            device: self.device.clone(),
            account: self.account_id,
            seq: self.seq,
            catalogue_revision: self.catalogue_revision,
            counted_by: self.counted_by.clone(),
            counted_at: self.counted_at,
            clock_offset_us: self.clock_offset_us,
            flags: self.flags.clone(),
        }
    }

    /// The device it came from, or the account if no device was named, as one text.
    pub fn source(&self) -> String {
        match &self.device {
            Some(name) => format!("device {name}"),
            None => format!("account {}", self.account_id),
        }
    }
}

/// A line as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = count_lines, treat_none_as_default_value = false)]
pub struct LineRow {
    /// Its count.
    pub count_id: CountId,
    /// The depot of the count.
    pub depot_id: DepotId,
    /// The source of the count, as in [`CountRow::source`].
    pub source: String,
    /// The effective time of the count.
    pub effective_at: Instant,
    /// Its position in the count, from 0.
    pub position: i64,
    /// The item.
    pub item_code: String,
    /// The quantity in the item's unit.
    pub quantity: Quantity,
    /// The lot number.
    pub lot: Option<String>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<Day>,
    /// The day the lot was made.
    pub made_on: Option<Day>,
    /// The day of the last inspection.
    pub inspected_on: Option<Day>,
    /// The condition of the units.
    pub condition: LotCondition,
    /// The place of the units: in the depot or lent.
    pub held: Held,
    /// The pack it was counted in.
    pub pack: Option<String>,
    /// The number of packs.
    pub packs: Option<Quantity>,
    /// The number of units in a pack.
    pub pack_size: Option<Quantity>,
    /// A remark.
    pub note: Option<String>,
    /// The place of the units in the depot.
    pub place: Option<String>,
}

impl From<&LineRow> for CountLine {
    fn from(line: &LineRow) -> Self {
        let day = |day: Option<Day>| day.map(|Day(day)| day);
        Self {
            item: line.item_code.clone(),
            quantity: line.quantity,
            lot: line.lot.as_deref().and_then(LotNumber::read),
            expires_on: day(line.expires_on),
            made_on: day(line.made_on),
            inspected_on: day(line.inspected_on),
            condition: line.condition,
            held: line.held,
        }
    }
}

/// The void of a count.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = voids, treat_none_as_default_value = false)]
pub struct VoidRow {
    /// The count.
    pub count_id: CountId,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The account that voided the count.
    pub account_id: AccountId,
    /// The time.
    pub voided_at: Instant,
    /// The reason.
    pub reason: String,
    /// The body as it was sent.
    pub body: Vec<u8>,
    /// SHA-256 of its RFC 8785 form.
    pub body_sha256: String,
}

/// A count with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct StoredCount {
    /// The count.
    pub row: CountRow,
    /// The revision that added it.
    pub revision: Revision,
    /// Its lines, in order.
    pub lines: Vec<LineRow>,
    /// The counts it resolves, those that are not back yet after a restore included.
    pub resolves: Vec<CountId>,
    /// Its void, if it was voided.
    pub void: Option<VoidRow>,
    /// Notes on how it arrived.
    pub flags: Vec<CountFlag>,
}

/// The counts that a count resolves.
#[derive(Clone, Debug, Default)]
pub struct Resolves {
    /// Those that are there.
    pub found: BTreeSet<CountId>,
    /// Those that are not back yet after a restore: they are resolved when they come.
    pub awaited: BTreeSet<CountId>,
}

/// Adds a count with its lines. It is resolved by those that awaited it.
///
/// # Errors
/// If the database fails.
pub fn insert(change: &mut Change<'_>, row: &CountRow, lines: &[LineRow], resolves: &Resolves) -> Result<(), Error> {
    diesel::insert_into(counts::table).values(row).execute(change.connection)?;
    for some in lines.chunks(rows_at_once(LINE_COLUMNS)) {
        on_connection!(change.connection, connection => {
            diesel::insert_into(count_lines::table).values(some).execute(connection)?
        });
    }
    for awaited in &resolves.awaited {
        diesel::insert_into(count_resolves_awaited::table)
            .values((count_resolves_awaited::count_id.eq(row.id), count_resolves_awaited::resolved_id.eq(*awaited)))
            .execute(change.connection)?;
    }
    // Not in one statement: a database may then begin with all counts of the depot, to find the few that await this one.
    let awaiting: Vec<CountId> = count_resolves_awaited::table
        .filter(count_resolves_awaited::resolved_id.eq(row.id))
        .select(count_resolves_awaited::count_id)
        .load(change.connection)?;
    let awaiting = kinds_in_depot(change.connection, row.depot_id, &awaiting.into_iter().collect())?;
    let is_awaited = !awaiting.is_empty();
    let of_others = awaiting.into_keys().map(|other| (other, row.id));
    for (count, resolved) in resolves.found.iter().map(|resolved| (row.id, *resolved)).chain(of_others) {
        diesel::insert_into(count_resolves::table)
            .values((count_resolves::count_id.eq(count), count_resolves::resolved_id.eq(resolved)))
            .execute(change.connection)?;
    }
    let header = row.header();
    let arrival = header.arrival();
    let new = Count {
        resolves: resolves.found.iter().copied().collect(),
        lines: lines.iter().map(CountLine::from).collect(),
        ..header.count(row.depot_id)
    };
    bearing_counts::add(change, new, arrival, row.change_set, is_awaited)
}

/// Adds a void.
///
/// # Errors
/// If the database fails.
pub fn insert_void(change: &mut Change<'_>, row: &VoidRow) -> Result<(), Error> {
    diesel::insert_into(voids::table).values(row).execute(change.connection)?;
    let voided = counts::table.filter(counts::id.eq(row.count_id));
    diesel::insert_into(voids_of_depots::table)
        .values(voided.select((counts::id, counts::depot_id, counts::effective_at)))
        .into_columns((voids_of_depots::count_id, voids_of_depots::depot_id, voids_of_depots::effective_at))
        .execute(change.connection)?;
    bearing_counts::renew_for(change, row.count_id, row.change_set)
}

/// The hash of the content stored under an id; `None` if the id is unused. Reads within the writing transaction.
pub fn content_of(connection: &mut AnyConnection, id: CountId) -> QueryResult<Option<(OrganizationId, String)>> {
    counts::table
        .filter(counts::id.eq(id))
        .select((counts::organization_id, counts::body_sha256))
        .first(connection)
        .optional()
}

/// Immutable fields of a count that identify a resend.
#[derive(Clone, Debug, Queryable)]
pub struct Fixed {
    /// Its id.
    pub id: CountId,
    /// The depot's organization.
    pub organization: OrganizationId,
    /// The account that sent it.
    pub account: AccountId,
    /// SHA-256 of the RFC 8785 form of its content.
    pub sha256: String,
    /// The effective time.
    pub effective_at: Instant,
}

/// The immutable fields of the counts with some ids. Reads within the writing transaction.
pub fn fixed(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<Fixed>> {
    counts::table
        .filter(counts::id.eq_any(ids.to_vec()))
        .select((counts::id, counts::organization_id, counts::account_id, counts::body_sha256, counts::effective_at))
        .load(connection)
}

/// The last count that an account sent of a depot and an effective time, without a device, and when it was received.
pub fn last_of_account(
    connection: &mut AnyConnection,
    depot: DepotId,
    at: DateTime<Utc>,
    account: AccountId,
) -> QueryResult<Option<(CountId, Instant)>> {
    counts::table
        .filter(counts::depot_id.eq(depot))
        .filter(counts::effective_at.eq(Instant(at)))
        .filter(counts::account_id.eq(account))
        .filter(counts::device.is_null())
        .order((counts::received_at.desc(), counts::id.desc()))
        .select((counts::id, counts::received_at))
        .first(connection)
        .optional()
}

/// True for an account that sent a count of the organization.
pub fn has_counted(
    connection: &mut AnyConnection,
    account: AccountId,
    organization: OrganizationId,
) -> QueryResult<bool> {
    let theirs = counts::table.filter(counts::organization_id.eq(organization)).filter(counts::account_id.eq(account));
    diesel::select(diesel::dsl::exists(theirs)).get_result(connection)
}

/// The content of a count, as sent.
pub fn body_of(connection: &mut AnyConnection, id: CountId) -> QueryResult<Option<Vec<u8>>> {
    counts::table.filter(counts::id.eq(id)).select(counts::body).first(connection).optional()
}

/// The void of a count, if any. Reads within the writing transaction.
pub fn void_of(connection: &mut AnyConnection, id: CountId) -> QueryResult<Option<VoidRow>> {
    voids::table.filter(voids::count_id.eq(id)).select(voids::all_columns).first(connection).optional()
}

/// The ids among some that are counts of a depot, each with its kind.
pub fn kinds_in_depot(
    connection: &mut AnyConnection,
    depot: DepotId,
    ids: &BTreeSet<CountId>,
) -> QueryResult<BTreeMap<CountId, CountKind>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    // By id alone, because SQLite would rather read all counts of the depot than look up five ids.
    let mut found: Vec<(CountId, DepotId, CountKind)> = Vec::new();
    for some in ids.iter().copied().collect::<Vec<_>>().chunks(IDS_AT_ONCE) {
        let query = counts::table.filter(counts::id.eq_any(some.to_vec()));
        found.extend(
            query
                .select((counts::id, counts::depot_id, counts::kind))
                .load::<(CountId, DepotId, CountKind)>(connection)?,
        );
    }
    Ok(found.into_iter().filter(|(_, of, _)| *of == depot).map(|(id, _, kind)| (id, kind)).collect())
}

/// The counts among some that can cover an item: full ones, and those that list it. Reads within the writing
/// transaction.
pub fn covering(connection: &mut AnyConnection, ids: &BTreeSet<CountId>, item: &str) -> QueryResult<BTreeSet<CountId>> {
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

/// Finds a count with everything that belongs to it.
pub fn find(connection: &mut AnyConnection, id: CountId) -> QueryResult<Option<StoredCount>> {
    let found: Option<(CountRow, Revision)> = counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .filter(counts::id.eq(id))
        .select((counts::all_columns, revisions::revision))
        .first(connection)
        .optional()?;
    found.map(|(row, revision)| complete(connection, vec![(row, revision)])).transpose().map(|counts| counts?.pop())
}

/// The number of counts whose lines are read at once.
const COUNTS_AT_ONCE: usize = 500;

/// The lines of some counts, count by count in their order.
pub fn lines_of(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<LineRow>> {
    let mut lines = Vec::new();
    for some in ids.chunks(COUNTS_AT_ONCE) {
        let rows: Vec<LineRow> = count_lines::table
            .filter(count_lines::count_id.eq_any(some.to_vec()))
            .order((count_lines::count_id, count_lines::position))
            .select(count_lines::all_columns)
            .load(connection)?;
        lines.extend(rows);
    }
    Ok(lines)
}

/// Finds counts by their ids, in no order; unknown ids are skipped.
pub fn find_some(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<StoredCount>> {
    let rows = counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .filter(counts::id.eq_any(ids.to_vec()))
        .select((counts::all_columns, revisions::revision))
        .load(connection)?;
    complete(connection, rows)
}

/// Those of some counts that are voided as of a revision.
pub fn voided_among(
    connection: &mut AnyConnection,
    ids: &[CountId],
    revision: Revision,
) -> QueryResult<BTreeSet<CountId>> {
    let mut voided = BTreeSet::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let found = as_learnt_by!(voids, revision).filter(voids::count_id.eq_any(ids.to_vec())).select(voids::count_id);
        voided.extend(found.load::<CountId>(connection)?);
    }
    Ok(voided)
}

/// The depots of some counts.
pub fn depots_of(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<BTreeMap<CountId, DepotId>> {
    let mut depots = BTreeMap::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let found = counts::table.filter(counts::id.eq_any(ids.to_vec())).select((counts::id, counts::depot_id));
        depots.extend(found.load::<(CountId, DepotId)>(connection)?);
    }
    Ok(depots)
}

/// The number of ids in one query: both databases bound the number of values.
pub(super) const IDS_AT_ONCE: usize = 1000;

/// The counts of a depot that were taken from ledgers of a day, which begins at an instant; in the order of their receipt.
pub fn list_of_ledgers(
    connection: &mut AnyConnection,
    depot: DepotId,
    effective_at: DateTime<Utc>,
) -> QueryResult<Vec<StoredCount>> {
    let rows = counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .filter(counts::depot_id.eq(depot))
        .filter(counts::effective_at.eq(Instant(effective_at)))
        .filter(counts::device.eq(Some(LEDGER_SOURCE.to_owned())))
        .filter(counts::flags.like("%ledger%"))
        .order((counts::received_at, counts::id))
        .select((counts::all_columns, revisions::revision))
        .load(connection)?;
    complete(connection, rows)
}

/// The ids of an organization's counts, and of the voided ones.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    /// All of its counts.
    pub counts: Vec<CountId>,
    /// The voided ones.
    pub voids: Vec<CountId>,
}

/// The ids of all counts of an organization.
pub fn ids_of(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<Ids> {
    let own = counts::table.filter(counts::organization_id.eq(organization)).select(counts::id);
    let voids = voids::table.filter(voids::count_id.eq_any(own)).select(voids::count_id).load(connection)?;
    Ok(Ids { counts: own.load(connection)?, voids })
}

/// The selection of counts to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Counts of these organizations.
    pub organizations: Vec<OrganizationId>,
    /// Counts of these depots; of all if `None`.
    pub depots: Option<Vec<DepotId>>,
    /// Counts sent by these accounts; by all if `None`.
    pub accounts: Option<Vec<AccountId>>,
    /// Counts of these kinds; of all if empty.
    pub kinds: Vec<CountKind>,
    /// Counts with any of these flags; all if empty.
    pub flags: Vec<StoredFlag>,
    /// The times in which the counts must be effective, for each of these organizations; any time if `None`.
    pub spans: Option<Vec<Span>>,
    /// Counts recorded or voided after this revision.
    pub changed_after: Option<Revision>,
    /// Counts after this position in the list.
    pub after: Option<(Revision, CountId)>,
}

/// A span of time in which counts of some organizations must be effective: their days may begin at different times.
#[derive(Clone, Debug)]
pub struct Span {
    /// The organizations.
    pub organizations: Vec<OrganizationId>,
    /// The first instant.
    pub from: Option<DateTime<Utc>>,
    /// The instant after the last.
    pub until: Option<DateTime<Utc>>,
}

/// The counts, latest first; at most `limit`.
pub fn list(connection: &mut AnyConnection, filter: &Filter, limit: usize) -> QueryResult<Vec<StoredCount>> {
    let mut query = counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(counts::change_set)))
        .order((revisions::revision.desc(), counts::id.desc()))
        .select((counts::all_columns, revisions::revision))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    // The spans come first: the other conditions hold in each of them.
    for span in filter.spans.iter().flatten() {
        let from = Instant(span.from.unwrap_or(EARLIEST).clamp(EARLIEST, LATEST));
        let until = Instant(span.until.unwrap_or(LATEST).clamp(EARLIEST, LATEST));
        query = query.or_filter(
            counts::organization_id
                .eq_any(span.organizations.clone())
                .and(counts::effective_at.ge(from))
                .and(counts::effective_at.lt(until)),
        );
    }
    query = query.filter(counts::organization_id.eq_any(filter.organizations.clone()));
    if let Some(depots) = &filter.depots {
        query = query.filter(counts::depot_id.eq_any(depots.clone()));
    }
    if let Some(accounts) = &filter.accounts {
        query = query.filter(counts::account_id.eq_any(accounts.clone()));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(counts::kind.eq_any(filter.kinds.clone()));
    }
    if !filter.flags.is_empty() {
        query = query.filter(has_flag!(filter.flags));
    }
    if let Some(after) = filter.changed_after {
        let voided = voids::table.filter(voids::change_set.eq_any(recorded_after!(after))).select(voids::count_id);
        query = query.filter(counts::change_set.eq_any(recorded_after!(after)).or(counts::id.eq_any(voided)));
    }
    if let Some((revision, id)) = filter.after {
        query =
            query.filter(revisions::revision.lt(revision).or(revisions::revision.eq(revision).and(counts::id.lt(id))));
    }
    let rows = query.load(connection)?;
    complete(connection, rows)
}

/// Adds lines, resolved counts, voids and flags to rows.
fn complete(connection: &mut AnyConnection, rows: Vec<(CountRow, Revision)>) -> QueryResult<Vec<StoredCount>> {
    let ids: Vec<CountId> = rows.iter().map(|(row, _)| row.id).collect();
    let lines = lines_of(connection, &ids)?;
    let mut resolves: Vec<(CountId, CountId)> = count_resolves::table
        .filter(count_resolves::count_id.eq_any(ids.clone()))
        .select((count_resolves::count_id, count_resolves::resolved_id))
        .load(connection)?;
    let awaited: Vec<(CountId, CountId)> = count_resolves_awaited::table
        .filter(count_resolves_awaited::count_id.eq_any(ids.clone()))
        .select((count_resolves_awaited::count_id, count_resolves_awaited::resolved_id))
        .load(connection)?;
    resolves.extend(awaited);
    // One that was awaited and came is in both.
    let resolves: BTreeSet<(CountId, CountId)> = resolves.into_iter().collect();
    let voids: Vec<VoidRow> =
        voids::table.filter(voids::count_id.eq_any(ids)).select(voids::all_columns).load(connection)?;
    let mut flags = flags_of(connection, rows.iter().map(|(row, _)| row.header().arrival()))?;
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
