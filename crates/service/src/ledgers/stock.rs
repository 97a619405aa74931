//! The rows of stock: one for each lot in its place, as the current count found it.
//!
//! Where several counts found the same, the latest tells. Where counts contradict each other there is one row for the item: what lies between them. Where the last count is too old,
//! its lots are listed with the number that it found beside a quantity that is not known.

use base::total::Total;
use domain::depot::Depot;
use domain::interval::Interval;
use domain::lot_details::LotDetails;
use domain::stock::{DepotStock, LotSeen, SpeakingCount, StockState};
use tables::Output;

use super::cells::{Cell, Row, coded, coded_option, day_in, interval, total, unknown, upper};
use super::details::of_details;
use super::lots::{CountLines, Part};
use super::names::{Names, Told};
use crate::shortages::OnDay;

/// The rows of the stock of an item in a depot, with the details of its lots.
pub fn rows(stock: &DepotStock, lines: &CountLines, details: &LotDetails, told: Told<'_>) -> Vec<Row> {
    let Told { reference_data, on_day, revision, names, keepers } = told;
    let OnDay { records, day } = on_day;
    let Some(depot) = records.depots.iter().find(|depot| depot.id == stock.depot) else { return Vec::new() };
    let common = || {
        let mut row = names.of_depot(&records.organization, depot, *day, keepers);
        row.extend(names.of_item(&stock.item, reference_data.items.get(&stock.item), *day));
        row.push(("state", coded(stock.state, names.language)));
        row.push(("valid_through", Output::from(stock.valid_through).into()));
        row.push(("as_of", (*day).into()));
        row.push(("revision", Cell::from(Output::Whole(revision.0))));
        row
    };
    let zone = reference_data.zone_of(&records.organization, *day);
    match single(stock) {
        Some(count) if !count.lots.is_empty() => {
            let shelf_life = told.shelf_life(&stock.item, count.effective_at);
            let mut rows = Vec::new();
            for seen in &count.lots {
                let details = of_details(&details.of_lot(stock.depot, &stock.item, &seen.lot), names.language);
                for part in lines.parts(count.id, &stock.item, shelf_life, seen) {
                    // The first of two cells with one key holds: an item's own comes after its lot's.
                    let mut row = details.clone();
                    row.extend(common());
                    row.extend(of_part(&part, depot, names, *day));
                    row.extend(of_lot(seen, names));
                    row.extend(of_count(count, zone));
                    row.extend(amounts(stock.state, part.quantity, part.usable, names));
                    rows.push(row);
                }
            }
            rows
        }
        _ => {
            let mut row = common();
            row.extend(names.of_place(depot, None, *day));
            row.extend(stock.counts.first().map(|count| of_count(count, zone)).into_iter().flatten());
            row.extend(of_all(stock, names));
            vec![row]
        }
    }
}

/// The count that tells the lots of an item: the only one, or the latest of several that found the same.
pub(super) fn single(stock: &DepotStock) -> Option<&SpeakingCount> {
    let (first, others) = stock.counts.split_first()?;
    let is_same = || {
        let found = |count: &SpeakingCount| -> Vec<_> {
            let mut lots: Vec<_> = count.lots.iter().map(|seen| (seen.lot.clone(), seen.quantity)).collect();
            lots.sort_by(|(one, _), (other, _)| one.cmp(other));
            lots
        };
        others.iter().all(|other| found(other) == found(first))
    };
    match stock.state {
        // Counts that are current together and do not contradict each other.
        StockState::Counted => Some(first),
        StockState::Stale => is_same().then_some(first),
        StockState::Conflict | StockState::Contested | StockState::NeverCounted => None,
    }
}

/// The cells of a part of a lot.
pub(super) fn of_part(part: &Part, depot: &Depot, names: &Names, day: chrono::NaiveDate) -> Row {
    let mut row = names.of_place(depot, part.place.as_deref(), day);
    row.push(("made_on", Output::from(part.made_on).into()));
    row.push(("note", Output::from(part.note.clone()).into()));
    row
}

/// The cells of a lot.
pub(super) fn of_lot(seen: &LotSeen, names: &Names) -> Row {
    let LotSeen { lot, left_out, doubt, .. } = seen;
    let reason = match left_out {
        Some(reason) => coded(*reason, names.language),
        None => coded_option(*doubt, names.language),
    };
    vec![
        ("lot", Output::from(lot.lot.as_ref().map(|number| number.written().to_owned())).into()),
        ("expires_on", Output::from(lot.expires_on).into()),
        ("expiry_derived", super::cells::truth(lot.expiry_derived, names.language)),
        ("inspected_on", Output::from(lot.inspected_on).into()),
        ("condition", coded(lot.condition, names.language)),
        ("held", coded(lot.held, names.language)),
        // What keeps it from being used, else its condition.
        ("fitness", left_out.map_or_else(|| coded(lot.condition, names.language), |why| coded(why, names.language))),
        ("left_out", reason),
    ]
}

fn of_count(count: &SpeakingCount, zone: chrono_tz::Tz) -> Row {
    vec![("counted_on", day_in(count.effective_at, zone).into()), ("counted_by", (&count.counted_by).into())]
}

/// The quantities of a row. What a stale count found is no statement about today.
pub(super) fn amounts(state: StockState, found: Total, usable: Interval, names: &Names) -> Row {
    let language = names.language;
    match state {
        StockState::Counted => vec![
            ("quantity", total(found, language)),
            ("usable", interval(usable, language)),
            ("usable_min", usable.min.into()),
            ("usable_max", upper(usable, language)),
            ("last_quantity", total(found, language)),
        ],
        StockState::Conflict | StockState::Contested | StockState::Stale | StockState::NeverCounted => vec![
            ("quantity", unknown(language)),
            ("usable", unknown(language)),
            ("usable_min", Interval::UNKNOWN.min.into()),
            ("usable_max", unknown(language)),
            ("last_quantity", total(found, language)),
        ],
    }
}

/// The quantities of an item that has no lots of its own to list: nothing was found, nothing is known, or counts contradict each
/// other.
fn of_all(stock: &DepotStock, names: &Names) -> Row {
    let language = names.language;
    let inspection = stock.inspection.as_ref().filter(|_| stock.state == StockState::Contested);
    let counts = stock.counts.iter().chain(inspection.map(|inspection| &inspection.count));
    let found = hull(counts.map(|count| count.lots.iter().map(|seen| seen.quantity).sum::<Total>()));
    let quantity = match stock.state {
        StockState::Stale | StockState::NeverCounted => Interval::UNKNOWN,
        StockState::Counted | StockState::Conflict | StockState::Contested => found.unwrap_or(Interval::UNKNOWN),
    };
    let last = found.map_or_else(|| Output::Empty.into(), |found| interval(found, language));
    vec![
        ("quantity", interval(quantity, language)),
        ("usable", interval(stock.usable, language)),
        ("usable_min", stock.usable.min.into()),
        ("usable_max", upper(stock.usable, language)),
        ("last_quantity", last),
    ]
}

/// The least and the most of some sums; without an upper end where one is out of range.
fn hull(sums: impl Iterator<Item = Total>) -> Option<Interval> {
    let ends = sums.map(|sum| match sum.known() {
        Some(quantity) => Interval::exactly(quantity),
        None => Interval::UNKNOWN,
    });
    ends.reduce(Interval::hull)
}
