//! The details of lots, from the last ledgers of their depots.

use base::error::Error;
use base::id::DepotId;
use chrono::NaiveDate;
use db::connection::AnyConnection;
use db::ledger_rows::StoredRow;
use domain::ledger::LedgerContent;
use domain::lot_details::LotDetails;
use domain::revision::Revision;
use tables::ledger::service_life_months;

/// The details of the lots of some depots on a day, as of a revision: of each depot, those that its last ledger by then has.
///
/// # Errors
/// If the database fails.
pub fn of_depots(
    connection: &mut AnyConnection,
    depots: &[DepotId],
    day: NaiveDate,
    revision: Revision,
) -> Result<LotDetails, Error> {
    let mut rows = db::ledger_rows::list_last(connection, depots, day, revision)?;
    for row in &mut rows {
        complete(&mut row.row.content);
    }
    let counted = |row: &'_ StoredRow| Some((row.row.depot?, row.counted()?.item.clone()));
    let counted: Vec<_> = rows.iter().filter_map(|row| Some((counted(row)?, &row.row.content))).collect();
    Ok(LotDetails::of(counted.iter().map(|((depot, item), content)| (*depot, item.as_str(), *content))))
}

/// Reads the values that rows stored by earlier versions have in words alone.
fn complete(LedgerContent { text, values }: &mut LedgerContent) {
    let life = || service_life_months(text.service_life.as_deref()?, "");
    values.service_life_months = values.service_life_months.or_else(life);
    let due = || text.inspection_due.as_deref()?.parse().ok();
    values.inspection_due = values.inspection_due.or_else(due);
}
