//! Rows of ledgers, and what was decided about those that were open.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::AnyConnection;
use super::counts::{IDS_AT_ONCE, voided_among};
use super::history::as_learnt_by;
use super::locks::LockedOrganization;
use super::schema::{depots, ledger_decisions, ledger_rows, revisions};
use super::sql_types::Day;
use super::write::Change;
use base::error::Error;
use base::id::{CountId, DepotId, LedgerRowId, OrganizationId};
use base::quantity::Quantity;
use domain::actor::{Subject, SubjectKind};
use domain::ledger::{CountedRow, LedgerDecision, LedgerRow, LedgerRowStatus, RowArrival, WhyOpen};
use domain::matching::words_key;
use domain::revision::Revision;

/// The columns of the units in a count.
type Units = (Option<String>, Option<Quantity>, Option<CountId>);

type Columns = (LedgerRowId, OrganizationId, Option<DepotId>, Day, i64, String, Option<WhyOpen>, Units);

type DecisionColumns = (LedgerRowId, Units, bool, Option<String>, String);

/// A stored row, with what was decided about it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow {
    /// The row.
    pub row: LedgerRow,
    /// The last decision; `None` if there is none.
    pub decision: Option<LedgerDecision>,
    /// True if the count that it is in was voided: it is in none then.
    pub is_voided: bool,
    /// The revision of the last change.
    pub revision: Revision,
}

impl StoredRow {
    /// Its state.
    pub fn status(&self) -> LedgerRowStatus {
        match (&self.row.arrival, &self.decision) {
            _ if self.counted().is_some() => LedgerRowStatus::Counted,
            (_, Some(decision)) if decision.is_replaced => LedgerRowStatus::Replaced,
            (RowArrival::Open(WhyOpen::Unlisted), None) => LedgerRowStatus::Unlisted,
            (_, Some(decision)) if decision.counted.is_none() => LedgerRowStatus::Unlisted,
            _ => LedgerRowStatus::Open,
        }
    }

    /// The units that are counted of it.
    pub fn counted(&self) -> Option<&CountedRow> {
        match (&self.row.arrival, &self.decision) {
            _ if self.is_voided => None,
            (_, Some(decision)) => decision.counted.as_ref(),
            (RowArrival::Counted(counted), None) => Some(counted),
            (RowArrival::Open(_), None) => None,
        }
    }
}

/// The units of a row in a count, if its columns tell them.
fn counted((item, quantity, count): Units) -> Option<CountedRow> {
    Some(CountedRow { item: item?, quantity: quantity?, count: count? })
}

macro_rules! columns {
    () => {
        (
            (
                ledger_rows::id,
                ledger_rows::organization_id,
                ledger_rows::depot_id,
                ledger_rows::ledger_on,
                ledger_rows::position,
                ledger_rows::content,
                ledger_rows::why,
                (ledger_rows::item_code, ledger_rows::quantity, ledger_rows::count_id),
            ),
            revisions::revision,
        )
    };
}

fn row(columns: Columns) -> Result<LedgerRow, Error> {
    let (id, organization, depot, Day(ledger_on), position, content, why, units) = columns;
    let content = serde_json::from_str(&content)
        .map_err(|error| Error::internal("the content of a row of a ledger cannot be read", error))?;
    let arrival = counted(units).map_or(RowArrival::Open(why.unwrap_or(WhyOpen::Item)), RowArrival::Counted);
    Ok(LedgerRow { id, organization, depot, ledger_on, position, content, arrival })
}

/// The selection of rows to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Rows of these organizations.
    pub organizations: Vec<OrganizationId>,
    /// Rows in these states; in all if empty.
    pub statuses: Vec<LedgerRowStatus>,
    /// Only rows that were open for these reasons when they came; all if empty.
    pub why: Vec<WhyOpen>,
    /// Rows of ledgers of this day.
    pub ledger_on: Option<NaiveDate>,
    /// Rows in these counts.
    pub counts: Vec<CountId>,
    /// Rows after this place in the list.
    pub after: Option<(NaiveDate, LedgerRowId)>,
}

/// True in SQL for a row that somebody has decided about.
macro_rules! is_decided {
    () => {
        exists(ledger_decisions::table.filter(ledger_decisions::row_id.eq(ledger_rows::id)))
    };
}

/// True in SQL for a row that is replaced.
macro_rules! is_replaced {
    () => {
        exists(
            ledger_decisions::table
                .filter(ledger_decisions::row_id.eq(ledger_rows::id))
                .filter(ledger_decisions::is_replaced),
        )
    };
}

/// True in SQL for a row that is in no count: it was not when it came, and no decision has brought it into one.
macro_rules! is_in_no_count {
    () => {
        ledger_rows::why.is_not_null().and(not(exists(
            ledger_decisions::table
                .filter(ledger_decisions::row_id.eq(ledger_rows::id))
                .filter(ledger_decisions::count_id.is_not_null()),
        )))
    };
}

/// The rows, of the latest ledgers first; at most `limit`.
///
/// # Errors
/// If the database fails.
pub fn list(connection: &mut AnyConnection, filter: &Filter, limit: usize) -> Result<Vec<StoredRow>, Error> {
    let mut query = ledger_rows::table
        .inner_join(revisions::table.on(revisions::change_set.eq(ledger_rows::change_set)))
        .filter(ledger_rows::organization_id.eq_any(filter.organizations.clone()))
        .order((ledger_rows::ledger_on.desc(), ledger_rows::id))
        .select(columns!())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .into_boxed();
    if !filter.statuses.is_empty() {
        use LedgerRowStatus::{Counted, Open, Replaced, Unlisted};
        let [open, counted, unlisted, replaced] =
            [Open, Counted, Unlisted, Replaced].map(|status| filter.statuses.contains(&status).into_sql::<Bool>());
        let is_none = ledger_rows::why.eq(Some(WhyOpen::Unlisted)).assume_not_null().or(is_decided!());
        query = query.filter(
            not(is_in_no_count!())
                .assume_not_null()
                .and(not(is_replaced!()))
                .and(counted)
                .or(is_replaced!().and(replaced))
                .or(is_in_no_count!().and(is_none).and(not(is_replaced!())).and(unlisted))
                .or(is_in_no_count!().and(not(is_none)).and(open)),
        );
    }
    if !filter.why.is_empty() {
        query = query.filter(ledger_rows::why.eq_any(filter.why.iter().map(|why| Some(*why)).collect::<Vec<_>>()));
    }
    if let Some(day) = filter.ledger_on {
        query = query.filter(ledger_rows::ledger_on.eq(Day(day)));
    }
    if !filter.counts.is_empty() {
        let decided = ledger_decisions::table
            .filter(ledger_decisions::count_id.eq_any(filter.counts.iter().map(|id| Some(*id)).collect::<Vec<_>>()))
            .select(ledger_decisions::row_id);
        let counts: Vec<Option<CountId>> = filter.counts.iter().map(|id| Some(*id)).collect();
        query = query.filter(ledger_rows::count_id.eq_any(counts).or(ledger_rows::id.eq_any(decided)));
    }
    if let Some((day, id)) = filter.after {
        query = query.filter(
            ledger_rows::ledger_on.lt(Day(day)).or(ledger_rows::ledger_on.eq(Day(day)).and(ledger_rows::id.gt(id))),
        );
    }
    let rows = query.load::<(Columns, Revision)>(connection)?;
    with_decisions(connection, rows, Revision::LATEST)
}

/// The rows with some ids, in no order; unknown ids are skipped.
///
/// # Errors
/// If the database fails.
pub fn find_some(connection: &mut AnyConnection, ids: &[LedgerRowId]) -> Result<Vec<StoredRow>, Error> {
    let mut found = Vec::new();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let rows: Vec<(Columns, Revision)> = ledger_rows::table
            .inner_join(revisions::table.on(revisions::change_set.eq(ledger_rows::change_set)))
            .filter(ledger_rows::id.eq_any(ids.to_vec()))
            .select(columns!())
            .load(connection)?;
        found.extend(with_decisions(connection, rows, Revision::LATEST)?);
    }
    Ok(found)
}

/// The rows of the last ledgers of some depots, as of a day and a revision, in the order of the ledgers; those that name no depot
/// are not among them.
///
/// # Errors
/// If the database fails.
pub fn list_last(
    connection: &mut AnyConnection,
    depots: &[DepotId],
    day: NaiveDate,
    revision: Revision,
) -> Result<Vec<StoredRow>, Error> {
    let mut by_day: BTreeMap<NaiveDate, Vec<DepotId>> = BTreeMap::new();
    for depots in depots.chunks(IDS_AT_ONCE) {
        let last = as_learnt_by!(ledger_rows, revision)
            .filter(ledger_rows::depot_id.eq(depots::id.nullable()))
            .filter(ledger_rows::ledger_on.le(Day(day)))
            .order(ledger_rows::ledger_on.desc())
            .select(ledger_rows::ledger_on)
            .single_value();
        let found: Vec<(DepotId, Option<Day>)> =
            depots::table.filter(depots::id.eq_any(depots.to_vec())).select((depots::id, last)).load(connection)?;
        for (depot, day) in found {
            if let Some(Day(day)) = day {
                by_day.entry(day).or_default().push(depot);
            }
        }
    }
    let mut found = Vec::new();
    for (day, depots) in by_day {
        found.extend(list_of_day(connection, &depots, day, revision)?);
    }
    Ok(found)
}

/// The rows of the ledgers of some depots and a day as of a revision, in the order of the ledgers.
///
/// # Errors
/// If the database fails.
pub fn list_of_day(
    connection: &mut AnyConnection,
    depots: &[DepotId],
    day: NaiveDate,
    revision: Revision,
) -> Result<Vec<StoredRow>, Error> {
    let mut found = Vec::new();
    for depots in depots.chunks(IDS_AT_ONCE) {
        let depots: Vec<Option<DepotId>> = depots.iter().copied().map(Some).collect();
        let rows: Vec<(Columns, Revision)> = as_learnt_by!(ledger_rows, revision)
            .filter(ledger_rows::depot_id.eq_any(depots))
            .filter(ledger_rows::ledger_on.eq(Day(day)))
            .order((ledger_rows::position, ledger_rows::id))
            .select(columns!())
            .load(connection)?;
        found.extend(with_decisions(connection, rows, revision)?);
    }
    Ok(found)
}

/// The rows of some organizations with some words that are in no count and not replaced, ordered by ledger; at most `limit`.
///
/// # Errors
/// If the database fails.
pub fn list_uncounted_with(
    connection: &mut AnyConnection,
    organizations: &[OrganizationId],
    keys: &BTreeSet<String>,
    limit: usize,
) -> Result<Vec<StoredRow>, Error> {
    let mut found = Vec::new();
    let keys: Vec<String> = keys.iter().cloned().collect();
    for organizations in organizations.chunks(IDS_AT_ONCE) {
        for keys in keys.chunks(IDS_AT_ONCE) {
            let left = limit.saturating_sub(found.len());
            let rows: Vec<(Columns, Revision)> = ledger_rows::table
                .inner_join(revisions::table.on(revisions::change_set.eq(ledger_rows::change_set)))
                .filter(ledger_rows::organization_id.eq_any(organizations.to_vec()))
                .filter(ledger_rows::words_key.eq_any(keys.to_vec()))
                .filter(is_in_no_count!())
                .filter(not(is_replaced!()))
                .order((ledger_rows::ledger_on, ledger_rows::position, ledger_rows::id))
                .select(columns!())
                .limit(i64::try_from(left).unwrap_or(i64::MAX))
                .load(connection)?;
            found.extend(with_decisions(connection, rows, Revision::LATEST)?);
        }
    }
    Ok(found)
}

/// The rows with what was decided about them by a revision.
fn with_decisions(
    connection: &mut AnyConnection,
    rows: Vec<(Columns, Revision)>,
    until: Revision,
) -> Result<Vec<StoredRow>, Error> {
    let mut decisions = BTreeMap::new();
    let ids: Vec<LedgerRowId> = rows.iter().map(|(row, _)| row.0).collect();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let decided: Vec<(DecisionColumns, Revision)> = as_learnt_by!(ledger_decisions, until)
            .filter(ledger_decisions::row_id.eq_any(ids.to_vec()))
            .order(revisions::revision)
            .select((
                (
                    ledger_decisions::row_id,
                    (ledger_decisions::item_code, ledger_decisions::quantity, ledger_decisions::count_id),
                    ledger_decisions::is_replaced,
                    ledger_decisions::reason,
                    ledger_decisions::decided_by,
                ),
                revisions::revision,
            ))
            .load(connection)?;
        for ((id, units, is_replaced, reason, decided_by), revision) in decided {
            let decision = LedgerDecision { counted: counted(units), is_replaced, reason, decided_by };
            decisions.insert(id, (decision, revision));
        }
    }
    let mut stored = Vec::new();
    for (columns, recorded) in rows {
        let (decision, decided) = decisions.remove(&columns.0).unzip();
        stored.push(StoredRow {
            row: row(columns)?,
            decision,
            is_voided: false,
            revision: decided.unwrap_or(recorded),
        });
    }
    let counts: Vec<CountId> = stored.iter().filter_map(|one| Some(one.counted()?.count)).collect();
    let voided = voided_among(connection, &counts, until)?;
    for one in &mut stored {
        one.is_voided = one.counted().is_some_and(|counted| voided.contains(&counted.count));
    }
    Ok(stored)
}

/// Stores rows of ledgers of an organization.
///
/// # Errors
/// If the database fails.
pub fn insert(change: &mut Change<'_>, organization: LockedOrganization<'_>, rows: &[LedgerRow]) -> Result<(), Error> {
    for row in rows {
        let change_set = note(change, organization, row.ledger_on);
        let content = serde_json::to_string(&row.content)
            .map_err(|error| Error::internal("the content of a row of a ledger cannot be written", error))?;
        let (why, counted) = match &row.arrival {
            RowArrival::Counted(counted) => (None, Some(counted)),
            RowArrival::Open(why) => (Some(*why), None),
        };
        diesel::insert_into(ledger_rows::table)
            .values((
                ledger_rows::id.eq(row.id),
                ledger_rows::organization_id.eq(organization.id()),
                ledger_rows::depot_id.eq(row.depot),
                ledger_rows::ledger_on.eq(Day(row.ledger_on)),
                ledger_rows::position.eq(row.position),
                ledger_rows::words_key.eq(words_key(&row.content.telling())),
                ledger_rows::content.eq(content),
                ledger_rows::why.eq(why),
                ledger_rows::item_code.eq(counted.map(|counted| &counted.item)),
                ledger_rows::quantity.eq(counted.map(|counted| counted.quantity)),
                ledger_rows::count_id.eq(counted.map(|counted| counted.count)),
                ledger_rows::change_set.eq(change_set),
            ))
            .execute(change.connection)?;
    }
    Ok(())
}

/// Stores what is decided about an open row of an organization.
///
/// # Errors
/// If the database fails.
pub fn decide(
    change: &mut Change<'_>,
    organization: LockedOrganization<'_>,
    (id, ledger_on): (LedgerRowId, NaiveDate),
    decision: &LedgerDecision,
) -> Result<(), Error> {
    let change_set = note(change, organization, ledger_on);
    let counted = decision.counted.as_ref();
    diesel::insert_into(ledger_decisions::table)
        .values((
            ledger_decisions::row_id.eq(id),
            ledger_decisions::item_code.eq(counted.map(|counted| &counted.item)),
            ledger_decisions::quantity.eq(counted.map(|counted| counted.quantity)),
            ledger_decisions::count_id.eq(counted.map(|counted| counted.count)),
            ledger_decisions::is_replaced.eq(decision.is_replaced),
            ledger_decisions::reason.eq(&decision.reason),
            ledger_decisions::decided_by.eq(&decision.decided_by),
            ledger_decisions::change_set.eq(change_set),
        ))
        .execute(change.connection)?;
    Ok(())
}

fn note(change: &mut Change<'_>, organization: LockedOrganization<'_>, day: NaiveDate) -> base::id::ChangeSetId {
    let (organization, day) = (organization.id().to_string(), day.to_string());
    change.record(Subject::of_two(SubjectKind::Ledger, &organization, &day)).change_set
}
