//! The counts of each depot that can bear on its stock, kept so that no figure costs more for the counts that were ever made.
//!
//! Every write that changes which they are brings them up to date in its own transaction: a new count by adding it to those
//! that are kept, all else by making them anew. Where that would take long, the row is emptied instead; until
//! somebody [makes it anew](prepare), figures are read from the counts themselves ([`stock_counts`](super::stock_counts)). A row
//! says which change set brought it up to date, so that a reader of an earlier revision does not use it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::serde::ts_microseconds;
use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::connection::AnyConnection;
use super::count_flags::{Arrival, flags_of};
use super::locks::LockedOrganization;
use super::schema::{
    acceptances, bearing_counts, count_resolves, counts, depots, resolution_counts, resolution_voids, resolutions,
    revisions, voids,
};
use super::sql_types::Instant;
use super::stock_counts::{COUNTS_AT_ONCE, Header, header, lines_of};
use super::write::Change;
use base::error::Error;
use base::id::{AccountId, ChangeSetId, CountId, DepotId};
use base::quantity::Quantity;
use domain::count::{Count, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use domain::item::{CatalogueSeen, ItemCode};
use domain::lot::LotNumber;
use domain::reference_data::ReferenceData;
use domain::revision::Revision;
use domain::stock::{Accepted, Decisions, bearing, can_add, retirements};

/// The form of the stored bodies, and of the choice of counts in them. Rows of another form are made anew.
const FORM: i64 = 1;

/// The most counts of a depot from which a write makes its row anew itself.
const FEW: i64 = 200;

/// A stored row.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = bearing_counts, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    depot_id: DepotId,
    change_set: ChangeSetId,
    /// The greatest effective time of its counts, or of one that was added and did not bear.
    latest_effective_at: Option<Instant>,
    form: i64,
    /// `None` if they are to be made anew.
    body: Option<Vec<u8>>,
}

/// The content of a row.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
struct Body {
    counts: Vec<Kept>,
    /// What resolutions and acceptances decided about these counts.
    excluded: BTreeSet<(CountId, ItemCode)>,
    accepted: Vec<(CountId, CountId, ItemCode)>,
}

/// A count as stored. Members with the usual value are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    id: CountId,
    kind: CountKind,
    scope: CountScope,
    #[serde(with = "ts_microseconds")]
    effective_at: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    received_at: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    counted_at: DateTime<Utc>,
    /// Its source: a device, or else an account.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalogue: Option<Revision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<i64>,
    by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    flags: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    resolves: Vec<CountId>,
    lines: Vec<KeptLine>,
}

/// A line as stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct KeptLine {
    item: ItemCode,
    /// Thousandths of the unit.
    n: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<NaiveDate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    inspected: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "is_usual")]
    condition: LotCondition,
    #[serde(default, skip_serializing_if = "is_usual")]
    held: Held,
}

fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The counts of some depots that can affect their stock, as of a revision and before an instant given for each depot. Depots
/// of which that is not kept for the revision and the instant are left out.
pub fn of_depots(
    connection: &mut AnyConnection,
    depots: &BTreeMap<DepotId, DateTime<Utc>>,
    revision: Revision,
) -> Result<BTreeMap<DepotId, Vec<Count>>, Error> {
    let rows: Vec<(DepotId, Option<Instant>, Option<Vec<u8>>)> = bearing_counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(bearing_counts::change_set)))
        .filter(bearing_counts::depot_id.eq_any(depots.keys().copied().collect::<Vec<_>>()))
        .filter(bearing_counts::form.eq(FORM))
        .filter(revisions::revision.le(revision))
        .select((bearing_counts::depot_id, bearing_counts::latest_effective_at, bearing_counts::body))
        .load(connection)?;
    let mut found = Vec::new();
    for (depot, latest, body) in rows {
        let end = depots.get(&depot);
        let is_before_end = latest.is_none_or(|Instant(latest)| end.is_some_and(|end| latest < *end));
        if let Some(body) = body.filter(|_| is_before_end).and_then(|body| read(&body)) {
            found.push((depot, body.counts));
        }
    }
    let arrivals: Vec<Arrival> = found.iter().flat_map(|(_, kept)| kept).map(Kept::arrival).collect();
    let mut flags = flags_of(connection, arrivals)?;
    let count = |depot: DepotId, kept: Kept, flags: &mut BTreeMap<CountId, Vec<_>>| {
        let flags = flags.remove(&kept.id).unwrap_or_default();
        Count { flags, ..kept.count(depot) }
    };
    Ok(found
        .into_iter()
        .map(|(depot, kept)| (depot, kept.into_iter().map(|kept| count(depot, kept, &mut flags)).collect()))
        .collect())
}

/// Those of some depots of whose counts something may have changed after a revision.
pub fn changed_since(
    connection: &mut AnyConnection,
    depots: &[DepotId],
    after: Revision,
) -> QueryResult<BTreeSet<DepotId>> {
    let unchanged: Vec<DepotId> = bearing_counts::table
        .inner_join(revisions::table.on(revisions::change_set.eq(bearing_counts::change_set)))
        .filter(bearing_counts::depot_id.eq_any(depots.to_vec()))
        .filter(revisions::revision.le(after))
        .select(bearing_counts::depot_id)
        .load(connection)?;
    Ok(depots.iter().copied().filter(|depot| !unchanged.contains(depot)).collect())
}

/// Adds a new depot, in which nothing was counted.
pub(super) fn add_depot(connection: &mut AnyConnection, depot: DepotId, change_set: ChangeSetId) -> Result<(), Error> {
    let body = Some(write(&Body::default())?);
    save(connection, &Row { depot_id: depot, change_set, latest_effective_at: None, form: FORM, body })
}

/// Adds a count that a change set has just stored, with what tells how it arrived. `is_awaited` is true if counts that came
/// before it resolve it.
pub(super) fn add(
    change: &mut Change<'_>,
    new: Count,
    arrival: Arrival,
    change_set: ChangeSetId,
    is_awaited: bool,
) -> Result<(), Error> {
    let depot = new.depot_id;
    let kept = find(change.connection, depot)?.and_then(|row| Some((row.latest_effective_at, read(&row.body?)?)));
    let Some((latest_effective_at, Body { counts, excluded, accepted })) = kept else {
        return renew(change, depot, change_set);
    };
    let mut arrivals: BTreeMap<CountId, Arrival> = counts.iter().map(|kept| (kept.id, kept.arrival())).collect();
    let mut counts: Vec<Count> = counts.into_iter().map(|kept| kept.count(depot)).collect();
    let decisions = Decisions {
        excluded,
        accepted: accepted.into_iter().map(accepted_of).collect(),
        retirements: retirements(&change.reference_data()?.items),
    };
    if is_awaited || !can_add(&counts, &decisions, &new) {
        return renew(change, depot, change_set);
    }
    arrivals.insert(new.id, arrival);
    let latest_effective_at = latest_effective_at.max(Some(Instant(new.effective_at)));
    counts.push(new);
    let body = Some(write(&Body::of(bearing(counts, &decisions), decisions, &arrivals))?);
    save(change.connection, &Row { depot_id: depot, change_set, latest_effective_at, form: FORM, body })
}

/// Makes the row of a depot anew after something else was decided about its counts than what a new one says.
pub(super) fn renew(change: &mut Change<'_>, depot: DepotId, change_set: ChangeSetId) -> Result<(), Error> {
    let beyond = counts::table.filter(counts::depot_id.eq(depot)).select(counts::id).order(counts::effective_at);
    let has_more: Option<CountId> = beyond.offset(FEW).first(change.connection).optional()?;
    let (latest_effective_at, body) = if has_more.is_some() {
        (None, None)
    } else {
        let reference_data = change.reference_data()?;
        let (latest, body) = make(change.connection, &reference_data, depot)?;
        (latest, Some(write(&body)?))
    };
    save(change.connection, &Row { depot_id: depot, change_set, latest_effective_at, form: FORM, body })
}

/// Same as [`renew`], for the depot of a count.
pub(super) fn renew_for(change: &mut Change<'_>, count: CountId, change_set: ChangeSetId) -> Result<(), Error> {
    let depot = counts::table.filter(counts::id.eq(count)).select(counts::depot_id).first(change.connection)?;
    renew(change, depot, change_set)
}

/// Some depots whose rows were emptied, to be made anew; at most `limit`.
///
/// # Errors
/// If the database fails.
pub fn emptied(connection: &mut AnyConnection, limit: i64) -> Result<Vec<DepotId>, Error> {
    let emptied = bearing_counts::table.filter(bearing_counts::body.is_null());
    Ok(emptied.select(bearing_counts::depot_id).limit(limit).load(connection)?)
}

/// Some depots without a row, such as all in a database of an earlier version; at most `limit`. Looks through all depots.
///
/// # Errors
/// If the database fails.
pub fn missing(connection: &mut AnyConnection, limit: i64) -> Result<Vec<DepotId>, Error> {
    let is_there =
        bearing_counts::table.filter(bearing_counts::depot_id.eq(depots::id)).filter(bearing_counts::form.eq(FORM));
    let missing = depots::table.filter(diesel::dsl::not(exists(is_there)));
    Ok(missing.select(depots::id).limit(limit).load(connection)?)
}

/// The depots after one of them; at most `limit`, by id.
///
/// # Errors
/// If the database fails.
pub fn list_depots(connection: &mut AnyConnection, after: Option<DepotId>, limit: i64) -> Result<Vec<DepotId>, Error> {
    let mut query = depots::table.order(depots::id).select(depots::id).limit(limit).into_boxed();
    if let Some(after) = after {
        query = query.filter(depots::id.gt(after));
    }
    Ok(query.load(connection)?)
}

/// A row that was made anew in a read, to be stored if nothing was decided about the depot's counts since.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The depot.
    pub depot: DepotId,
    /// The change set of the row that it replaces.
    replaces: Option<ChangeSetId>,
    latest_effective_at: Option<Instant>,
    body: Vec<u8>,
}

/// Makes the row of a depot anew, to be [stored](put) by a write.
///
/// # Errors
/// If the database fails.
pub fn prepare(
    connection: &mut AnyConnection,
    reference_data: &ReferenceData,
    depot: DepotId,
) -> Result<Prepared, Error> {
    let replaces = stamp(connection, depot)?;
    let (latest_effective_at, body) = make(connection, reference_data, depot)?;
    Ok(Prepared { depot, replaces, latest_effective_at, body: write(&body)? })
}

/// Stores a row that was made anew, under the lock of the organization that has the depot: nobody adds a count meanwhile. False if
/// something was decided about its counts since.
///
/// # Errors
/// If the database fails.
pub fn put(change: &mut Change<'_>, _: LockedOrganization<'_>, prepared: &Prepared) -> Result<bool, Error> {
    if stamp(change.connection, prepared.depot)? != prepared.replaces {
        return Ok(false);
    }
    let newest: Option<ChangeSetId> = revisions::table
        .order(revisions::revision.desc())
        .select(revisions::change_set)
        .first(change.connection)
        .optional()?;
    let Some(change_set) = newest else { return Ok(false) };
    let Prepared { depot, latest_effective_at, body, .. } = prepared.clone();
    save(change.connection, &Row { depot_id: depot, change_set, latest_effective_at, form: FORM, body: Some(body) })?;
    Ok(true)
}

/// The change set that last brought the row of a depot up to date, in whatever form.
fn stamp(connection: &mut AnyConnection, depot: DepotId) -> QueryResult<Option<ChangeSetId>> {
    bearing_counts::table
        .filter(bearing_counts::depot_id.eq(depot))
        .select(bearing_counts::change_set)
        .first(connection)
        .optional()
}

/// The state of a depot's row, compared with what it would be if it was made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowState {
    /// It is the same.
    Right,
    /// It is to be made anew; figures are read from the counts until then.
    NotKept,
    /// It is something else.
    Wrong,
}

/// Compares the row of a depot with what it would be if it was made anew.
///
/// # Errors
/// If the database fails.
pub fn compare(
    connection: &mut AnyConnection,
    reference_data: &ReferenceData,
    depot: DepotId,
) -> Result<RowState, Error> {
    let Some(Row { latest_effective_at, body: Some(body), .. }) = find(connection, depot)? else {
        return Ok(RowState::NotKept);
    };
    let (latest, made) = make(connection, reference_data, depot)?;
    let Some(mut kept) = read(&body) else { return Ok(RowState::Wrong) };
    let mut made = made;
    for body in [&mut kept, &mut made] {
        body.counts.sort_by_key(|count| count.id);
        body.counts.iter_mut().for_each(|count| count.resolves.sort_unstable());
        body.accepted.sort();
    }
    let is_right = kept == made && latest_effective_at >= latest;
    Ok(if is_right { RowState::Right } else { RowState::Wrong })
}

fn find(connection: &mut AnyConnection, depot: DepotId) -> QueryResult<Option<Row>> {
    bearing_counts::table
        .filter(bearing_counts::depot_id.eq(depot))
        .filter(bearing_counts::form.eq(FORM))
        .select(bearing_counts::all_columns)
        .first(connection)
        .optional()
}

fn save(connection: &mut AnyConnection, row: &Row) -> Result<(), Error> {
    let stored = bearing_counts::table.filter(bearing_counts::depot_id.eq(row.depot_id));
    if diesel::update(stored).set(row).execute(connection)? == 0 {
        diesel::insert_into(bearing_counts::table).values(row).execute(connection)?;
    }
    Ok(())
}

/// The content of a row; `None` if it cannot be read. It is no record, so it must not keep a count from being stored, or a
/// figure from being read.
fn read(body: &[u8]) -> Option<Body> {
    let read = serde_json::from_slice(body);
    read.inspect_err(
        |error| tracing::warn!(%error, "what is kept of a depot's counts cannot be read: run muster rebuild"),
    )
    .ok()
}

fn write(body: &Body) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(body).map_err(|error| Error::internal("the counts of a depot cannot be written", error))
}

/// The content of a depot's row from all its counts, with the greatest effective time. Counts of the running write are among
/// them.
fn make(
    connection: &mut AnyConnection,
    reference_data: &ReferenceData,
    depot: DepotId,
) -> Result<(Option<Instant>, Body), Error> {
    let decisions = decisions(connection, reference_data, depot)?;
    let (mut counts, mut arrivals) = (Vec::new(), BTreeMap::new());
    let (mut latest, mut after, mut in_parts) = (None, None, true);
    loop {
        let part = some(connection, depot, after, if in_parts { FEW } else { i64::MAX })?;
        let Some((last, _)) = part.last() else { break };
        after = Some((last.effective_at, last.id));
        latest = latest.max(Some(last.effective_at));
        let (before, number) = (counts.len(), part.len());
        for (header, lines) in part {
            arrivals.insert(header.id, header.arrival());
            let resolves = Vec::new();
            counts.push(Count { resolves, lines, ..header.count(depot) });
        }
        name_resolved(connection, &mut counts, before)?;
        let (kept, new) = counts.split_at(before);
        if in_parts && !new.iter().all(|count| can_add(kept, &decisions, count)) {
            // A later count brings earlier ones back: only all of them together tell which bear.
            (counts, arrivals, latest, after, in_parts) = (Vec::new(), BTreeMap::new(), None, None, false);
            continue;
        }
        let is_last = i64::try_from(number).unwrap_or(i64::MAX) < FEW || !in_parts;
        counts = bearing(counts, &decisions);
        let ids: BTreeSet<CountId> = counts.iter().map(|count| count.id).collect();
        arrivals.retain(|id, _| ids.contains(id));
        if is_last {
            break;
        }
    }
    Ok((latest, Body::of(counts, decisions, &arrivals)))
}

/// The counts of a depot that are not voided, with their lines, in the order of their times; at most `limit` after one.
fn some(
    connection: &mut AnyConnection,
    depot: DepotId,
    after: Option<(Instant, CountId)>,
    limit: i64,
) -> QueryResult<Vec<(Header, Vec<CountLine>)>> {
    let mut query = counts::table
        .filter(counts::depot_id.eq(depot))
        .filter(diesel::dsl::not(exists(voids::table.filter(voids::count_id.eq(counts::id)))))
        .order((counts::effective_at, counts::id))
        .select(header!())
        .limit(limit)
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(counts::effective_at.gt(at).or(counts::effective_at.eq(at).and(counts::id.gt(id))));
    }
    let headers: Vec<Header> = query.load(connection)?;
    let ids: Vec<CountId> = headers.iter().map(|header| header.id).collect();
    let mut lines = lines_of(connection, &ids)?;
    Ok(headers
        .into_iter()
        .map(|header| {
            let lines = lines.remove(&header.id).unwrap_or_default();
            (header, lines)
        })
        .collect())
}

/// Adds the ids that counts from a place on resolve.
fn name_resolved(connection: &mut AnyConnection, counts: &mut [Count], from: usize) -> QueryResult<()> {
    let ids: Vec<CountId> = counts.iter().skip(from).map(|count| count.id).collect();
    let mut resolves = BTreeMap::<CountId, Vec<CountId>>::new();
    for some in ids.chunks(COUNTS_AT_ONCE) {
        let named: Vec<(CountId, CountId)> = count_resolves::table
            .filter(count_resolves::count_id.eq_any(some.to_vec()))
            .order((count_resolves::count_id, count_resolves::resolved_id))
            .select((count_resolves::count_id, count_resolves::resolved_id))
            .load(connection)?;
        named.into_iter().for_each(|(count, named)| resolves.entry(count).or_default().push(named));
    }
    for count in counts.iter_mut().skip(from) {
        count.resolves = resolves.remove(&count.id).unwrap_or_default();
    }
    Ok(())
}

/// What is decided about the counts of a depot.
fn decisions(connection: &mut AnyConnection, reference_data: &ReferenceData, depot: DepotId) -> QueryResult<Decisions> {
    let is_voided = exists(resolution_voids::table.filter(resolution_voids::resolution_id.eq(resolutions::id)));
    let excluded: Vec<(CountId, ItemCode)> = resolutions::table
        .inner_join(resolution_counts::table.on(resolution_counts::resolution_id.eq(resolutions::id)))
        .filter(resolutions::depot_id.eq(depot))
        .filter(diesel::dsl::not(is_voided))
        .select((resolution_counts::count_id, resolution_counts::item_code))
        .load(connection)?;
    let accepted: Vec<(CountId, CountId, ItemCode)> = acceptances::table
        .filter(acceptances::depot_id.eq(depot))
        .order(acceptances::id)
        .select((acceptances::inspection_id, acceptances::count_id, acceptances::item_code))
        .load(connection)?;
    Ok(Decisions {
        excluded: excluded.into_iter().collect(),
        accepted: accepted.into_iter().map(accepted_of).collect(),
        retirements: retirements(&reference_data.items),
    })
}

fn accepted_of((inspection, count, item): (CountId, CountId, ItemCode)) -> Accepted {
    Accepted { inspection, count, item }
}

impl Body {
    /// Counts that bear, and what is decided about them.
    fn of(counts: Vec<Count>, decisions: Decisions, arrivals: &BTreeMap<CountId, Arrival>) -> Self {
        let ids: BTreeSet<CountId> = counts.iter().map(|count| count.id).collect();
        let Decisions { mut excluded, accepted, .. } = decisions;
        excluded.retain(|(count, _)| ids.contains(count));
        let accepted = accepted.into_iter().filter(|one| ids.contains(&one.inspection));
        Self {
            counts: counts.into_iter().filter_map(|count| Some(Kept::of(arrivals.get(&count.id)?, count))).collect(),
            excluded,
            accepted: accepted.map(|one| (one.inspection, one.count, one.item)).collect(),
        }
    }
}

impl Kept {
    /// A count, with what tells how it arrived.
    fn of(arrival: &Arrival, count: Count) -> Self {
        let (device, account) = match count.source {
            Source::Device(device) => (Some(device), None),
            Source::Account(account) => (None, Some(account)),
        };
        Self {
            id: count.id,
            kind: count.kind,
            scope: count.scope,
            effective_at: count.effective_at,
            received_at: count.received_at,
            counted_at: arrival.counted_at.0,
            device,
            account,
            seq: count.seq,
            catalogue: match count.catalogue {
                CatalogueSeen::At(revision) => Some(revision),
                CatalogueSeen::When(_) => None,
            },
            offset: arrival.clock_offset_us,
            by: count.counted_by,
            flags: arrival.flags.clone(),
            resolves: count.resolves,
            lines: count.lines.into_iter().map(KeptLine::from).collect(),
        }
    }

    fn arrival(&self) -> Arrival {
        Arrival {
            id: self.id,
            counted_at: Instant(self.counted_at),
            received_at: Instant(self.received_at),
            clock_offset_us: self.offset,
            flags: self.flags.clone(),
        }
    }

    /// The count, without its flags.
    fn count(self, depot: DepotId) -> Count {
        let source = match (self.device, self.account) {
            (Some(device), _) => Source::Device(device),
            (None, account) => Source::Account(account.unwrap_or(AccountId(Uuid::nil()))),
        };
        Count {
            id: self.id,
            depot_id: depot,
            kind: self.kind,
            scope: self.scope,
            source,
            effective_at: self.effective_at,
            received_at: self.received_at,
            seq: self.seq,
            catalogue: self.catalogue.map_or(CatalogueSeen::When(self.effective_at), CatalogueSeen::At),
            counted_by: self.by,
            resolves: self.resolves,
            voided: false,
            flags: Vec::new(),
            lines: self.lines.into_iter().map(CountLine::from).collect(),
        }
    }
}

impl From<CountLine> for KeptLine {
    fn from(line: CountLine) -> Self {
        Self {
            item: line.item,
            n: line.quantity.thousandths(),
            lot: line.lot.map(|lot| lot.written().to_owned()),
            expires: line.expires_on,
            made: line.made_on,
            inspected: line.inspected_on,
            condition: line.condition,
            held: line.held,
        }
    }
}

impl From<KeptLine> for CountLine {
    fn from(line: KeptLine) -> Self {
        Self {
            item: line.item,
            quantity: Quantity::from_thousandths(line.n).unwrap_or_default(),
            lot: line.lot.as_deref().and_then(LotNumber::read),
            expires_on: line.expires,
            made_on: line.made,
            inspected_on: line.inspected,
            condition: line.condition,
            held: line.held,
        }
    }
}
