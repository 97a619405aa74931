//! The rows of counts: one for each line, and one for a count without lines.

use chrono::NaiveDate;
use db::counts::{LineRow, StoredCount};
use domain::depot::Depot;
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use tables::Output;
use text::messages::message;

use super::cells::{Cell, Row, coded, day_in, minute_in};
use super::names::{Keepers, Names};

/// The rows of a count of a depot, with things named as on a day.
pub fn rows(
    count: &StoredCount,
    organization: &Organization,
    depot: &Depot,
    reference_data: &ReferenceData,
    day: NaiveDate,
    names: &Names,
    keepers: Keepers<'_>,
) -> Vec<Row> {
    let row = &count.row;
    let zone = reference_data.zone_of(organization, day);
    let note_of_count = row.note.as_deref();
    let common = |note: Option<&str>| {
        let notes: Vec<&str> = [note, note_of_count].into_iter().flatten().filter(|note| !note.is_empty()).collect();
        let mut cells = names.of_depot(organization, depot, day, keepers);
        cells.extend([
            ("counted_on", day_in(row.effective_at.0, zone).into()),
            ("counted_at", minute_in(row.effective_at.0, zone)),
            ("counted_by", (&row.counted_by).into()),
            ("kind", coded(row.kind, names.language)),
            ("scope", coded(row.scope, names.language)),
            ("note", notes.join(names.language.choose("; ", "；")).into()),
            ("void", Output::from(count.void.as_ref().map(|void| void.reason.clone())).into()),
            ("count", row.id.to_string().into()),
            ("revision", Cell::from(Output::Whole(count.revision.0))),
        ]);
        cells
    };
    if count.lines.is_empty() {
        return vec![common(None)];
    }
    let of_line = |line: &LineRow| {
        let mut cells = common(line.note.as_deref());
        cells.extend(names.of_item(&line.item_code, reference_data.items.get(&line.item_code), day));
        cells.extend(names.of_place(depot, line.place.as_deref(), day));
        let on = |day: Option<db::sql_types::Day>| Cell::from(Output::from(day.map(NaiveDate::from)));
        let packs = line.pack.as_ref().zip(line.packs).zip(line.pack_size).map(|((pack, packs), size)| {
            message!("ledger-cell-packs", pack = pack, packs = packs.to_string(), size = size.to_string())
                .text(names.language)
        });
        cells.extend([
            ("quantity", line.quantity.into()),
            ("packs", Output::from(packs).into()),
            ("lot", Output::from(line.lot.clone()).into()),
            ("made_on", on(line.made_on)),
            ("expires_on", on(line.expires_on)),
            ("inspected_on", on(line.inspected_on)),
            ("condition", coded(line.condition, names.language)),
            ("held", coded(line.held, names.language)),
        ]);
        cells
    };
    count.lines.iter().map(of_line).collect()
}
