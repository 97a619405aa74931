//! The rows of lots that expire: one for each lot in its place.

use domain::assessment::AgedLine;
use domain::expiring::ExpiringLot;
use domain::lot_details::LotDetails;
use domain::stock::StockState;
use domain::wording::Wording;
use tables::Output;

use super::cells::{Cell, Row, coded, day_in};
use super::details::of_details;
use super::lots::CountLines;
use super::names::Told;
use super::stock::{amounts, of_lot, of_part};
use crate::shortages::OnDay;

/// The rows of a lot, with the lines that it bears on and its details.
pub fn rows(
    lot: &ExpiringLot,
    touched: &[AgedLine],
    lines: &CountLines,
    details: &LotDetails,
    told: Told<'_>,
) -> Vec<Row> {
    let Told { reference_data, on_day, revision, names, keepers } = told;
    let OnDay { records, day } = on_day;
    let Some(depot) = records.depots.iter().find(|depot| depot.id == lot.depot) else { return Vec::new() };
    let zone = reference_data.zone_of(&records.organization, *day);
    let wording = Wording { reference_data, day: *day, language: names.language };
    let short = touched.iter().filter(|line| line.becomes_short()).map(|line| wording.selector(&line.today.selector));
    let short: Vec<String> = short.collect();
    // A count found so many of a lot; where counts differ, each names its own lots.
    let state = match lot.state {
        StockState::Counted => StockState::Counted,
        _ => StockState::Stale,
    };
    let details = of_details(&details.of_lot(lot.depot, &lot.item, &lot.seen.lot), names.language);
    let row = |part: &super::lots::Part| {
        let mut row = details.clone();
        row.extend(names.of_depot(&records.organization, depot, *day, keepers));
        row.extend(names.of_item(&lot.item, reference_data.items.get(&lot.item), *day));
        row.extend(of_part(part, depot, names, *day));
        row.extend(of_lot(&lot.seen, names));
        row.extend(amounts(state, part.quantity, part.usable, names));
        let days_left = lot.expires_on.signed_duration_since(*day).num_days();
        row.push(("days_left", Cell::from(Output::Whole(days_left))));
        row.push(("state", coded(lot.state, names.language)));
        row.push(("counted_on", day_in(lot.counted_at, zone).into()));
        row.push(("counted_by", (&lot.counted_by).into()));
        row.push(("becomes_short", short.join(names.language.choose("; ", "；")).into()));
        row.push(("as_of", (*day).into()));
        row.push(("revision", Cell::from(Output::Whole(revision.0))));
        row
    };
    let shelf_life = told.shelf_life(&lot.item, lot.counted_at);
    lines.parts(lot.count, &lot.item, shelf_life, &lot.seen).iter().map(row).collect()
}
