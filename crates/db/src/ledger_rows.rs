//! Rows of ledgers, and what was decided about those that were open.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::AnyConnection;
use super::locks::LockedOrganization;
use super::schema::{ledger_decisions, ledger_rows, revisions};
use super::sql_types::Day;
use super::write::Change;
use base::error::Error;
use base::id::{CountId, DepotId, LedgerRowId, OrganizationId};
use domain::actor::{Subject, SubjectKind};
use domain::ledger::{LedgerDecision, LedgerRow, LedgerRowStatus, RowFate, WhyOpen};
use domain::matching::words_key;
use domain::revision::Revision;

/// The number of ids in one query: both databases bound the number of values.
const IDS_AT_ONCE: usize = 1000;

type Columns =
    (LedgerRowId, OrganizationId, Option<DepotId>, Day, i64, String, Option<WhyOpen>, Option<String>, Option<CountId>);

type DecisionColumns = (LedgerRowId, Option<String>, Option<CountId>, Option<String>, String);

/// A stored row, with what was decided about it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredRow {
    /// The row.
    pub row: LedgerRow,
    /// The last decision; `None` if there is none.
    pub decision: Option<LedgerDecision>,
    /// The revision that recorded the row.
    pub recorded: Revision,
    /// The revision of the last change.
    pub revision: Revision,
}

impl StoredRow {
    /// Its state.
    pub fn status(&self) -> LedgerRowStatus {
        match (&self.row.fate, &self.decision) {
            (RowFate::Counted { .. }, _) | (_, Some(LedgerDecision { counted: Some(_), .. })) => {
                LedgerRowStatus::Counted
            }
            (RowFate::Open(WhyOpen::Unlisted), None) | (_, Some(_)) => LedgerRowStatus::Unlisted,
            (RowFate::Open(_), None) => LedgerRowStatus::Open,
        }
    }

    /// The item and the count it is in.
    pub fn counted(&self) -> Option<(&str, CountId)> {
        match (&self.row.fate, &self.decision) {
            (RowFate::Counted { item, count }, _) => Some((item, *count)),
            (_, Some(LedgerDecision { counted: Some((item, count)), .. })) => Some((item, *count)),
            _ => None,
        }
    }
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
                ledger_rows::item_code,
                ledger_rows::count_id,
            ),
            revisions::revision,
        )
    };
}

fn row(columns: Columns) -> Result<LedgerRow, Error> {
    let (id, organization, depot, Day(ledger_on), position, content, why, item, count) = columns;
    let content = serde_json::from_str(&content)
        .map_err(|error| Error::internal("the content of a row of a ledger cannot be read", error))?;
    let fate = match (item, count) {
        (Some(item), Some(count)) => RowFate::Counted { item, count },
        _ => RowFate::Open(why.unwrap_or(WhyOpen::Item)),
    };
    Ok(LedgerRow { id, organization, depot, ledger_on, position, content, fate })
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
        let [open, counted, unlisted] = [LedgerRowStatus::Open, LedgerRowStatus::Counted, LedgerRowStatus::Unlisted]
            .map(|status| filter.statuses.contains(&status));
        let is_none = ledger_rows::why.eq(Some(WhyOpen::Unlisted)).assume_not_null().or(is_decided!());
        query = query.filter(
            not(is_in_no_count!())
                .assume_not_null()
                .and(counted.into_sql::<Bool>())
                .or(is_in_no_count!().and(is_none).and(unlisted.into_sql::<Bool>()))
                .or(is_in_no_count!().and(not(is_none)).and(open.into_sql::<Bool>())),
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
    with_decisions(connection, rows)
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
        found.extend(with_decisions(connection, rows)?);
    }
    Ok(found)
}

/// The rows of some organizations with some words that are in no count, ordered by ledger; at most `limit`.
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
                .order((ledger_rows::ledger_on, ledger_rows::position, ledger_rows::id))
                .select(columns!())
                .limit(i64::try_from(left).unwrap_or(i64::MAX))
                .load(connection)?;
            found.extend(with_decisions(connection, rows)?);
        }
    }
    Ok(found)
}

fn with_decisions(connection: &mut AnyConnection, rows: Vec<(Columns, Revision)>) -> Result<Vec<StoredRow>, Error> {
    let mut decisions = BTreeMap::new();
    let ids: Vec<LedgerRowId> = rows.iter().filter(|((.., count), _)| count.is_none()).map(|(row, _)| row.0).collect();
    for ids in ids.chunks(IDS_AT_ONCE) {
        let decided: Vec<(DecisionColumns, Revision)> = ledger_decisions::table
            .inner_join(revisions::table.on(revisions::change_set.eq(ledger_decisions::change_set)))
            .filter(ledger_decisions::row_id.eq_any(ids.to_vec()))
            .order(revisions::revision)
            .select((
                (
                    ledger_decisions::row_id,
                    ledger_decisions::item_code,
                    ledger_decisions::count_id,
                    ledger_decisions::reason,
                    ledger_decisions::decided_by,
                ),
                revisions::revision,
            ))
            .load(connection)?;
        for ((id, item, count, reason, decided_by), revision) in decided {
            decisions.insert(id, (LedgerDecision { counted: item.zip(count), reason, decided_by }, revision));
        }
    }
    let stored = rows.into_iter().map(|(columns, recorded)| {
        let (decision, decided) = decisions.remove(&columns.0).unzip();
        Ok(StoredRow { row: row(columns)?, decision, recorded, revision: decided.unwrap_or(recorded) })
    });
    stored.collect()
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
        let (why, item, count) = match &row.fate {
            RowFate::Counted { item, count } => (None, Some(item), Some(*count)),
            RowFate::Open(why) => (Some(*why), None, None),
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
                ledger_rows::item_code.eq(item),
                ledger_rows::count_id.eq(count),
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
    let (item, count) = decision.counted.clone().unzip();
    diesel::insert_into(ledger_decisions::table)
        .values((
            ledger_decisions::row_id.eq(id),
            ledger_decisions::item_code.eq(item),
            ledger_decisions::count_id.eq(count),
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
