//! The rows of a count.

use base::quantity::Quantity;
use db::counts::{CountRow, LineRow};
use db::sql_types::Day;
use domain::new_count::{CheckedCount, NewCountLine};

/// The lines of a count as they are stored.
pub fn line_rows(count: &CountRow, checked: &CheckedCount) -> Vec<LineRow> {
    let lines = (0_i64..).zip(checked.lines());
    lines.map(|(position, (line, units))| line_row(count, position, line, units)).collect()
}

fn line_row(count: &CountRow, position: i64, line: &NewCountLine, units: Quantity) -> LineRow {
    LineRow {
        count_id: count.id,
        depot_id: count.depot_id,
        source: count.source(),
        effective_at: count.effective_at,
        position,
        item_code: line.item.clone(),
        quantity: units,
        lot: line.lot.clone(),
        expires_on: line.expires_on.map(Day),
        made_on: line.made_on.map(Day),
        inspected_on: line.inspected_on.map(Day),
        condition: line.condition,
        held: line.held,
        pack: line.pack.clone(),
        packs: line.packs,
        pack_size: line.pack_size,
        note: line.note.clone(),
        place: line.place.clone(),
    }
}
