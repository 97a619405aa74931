//! The lines of count lists by codes (盘点表).

use chrono::{NaiveDate, SecondsFormat};

use super::Cells;
use crate::choices::Choice as _;
use crate::count_time::CountTime;
use crate::row::Row;
use crate::value::{Output, Value};
use base::quantity::Quantity;
use domain::count::{Held, LotCondition};

/// A line of a count: units of one item in one depot that share lot, days, condition and place. Its scope is always
/// `listed`: a list says nothing of what is not on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountRow {
    /// The code of the depot.
    pub depot: String,
    /// The code of the item.
    pub item: String,
    /// The amount; `None` if its cells are faulty.
    pub amount: Option<CountAmount>,
    /// The time of counting; `None` if its cells are faulty.
    pub counted: Option<CountTime>,
    /// The lot number.
    pub lot: Option<String>,
    /// The day the lot was made.
    pub made_on: Option<NaiveDate>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<NaiveDate>,
    /// The day of the last inspection.
    pub inspected_on: Option<NaiveDate>,
    /// The condition; an empty cell means serviceable.
    pub condition: LotCondition,
    /// The place of the units: in the depot or lent; an empty cell means in the depot.
    pub held: Held,
    /// The place in the depot, such as a shelf.
    pub place: Option<String>,
    /// The name of the person who counted.
    pub counted_by: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// The amount of a line of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountAmount {
    /// Units of the item.
    Units(Quantity),
    /// Packs of equal size.
    Packs {
        /// The word for a pack.
        pack: String,
        /// The number of packs.
        packs: Quantity,
        /// The number of units in one.
        size: Quantity,
    },
}

/// The columns of an amount in packs.
const PACKS: [&str; 3] = ["pack", "packs", "pack_size"];

impl CountRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        Self {
            depot: row.code("depot").unwrap_or_default(),
            item: row.code("item").unwrap_or_default(),
            amount: read_amount(row),
            counted: read_time(row),
            lot: row.text("lot", 64),
            made_on: row.day("made_on"),
            expires_on: row.day("expires_on"),
            inspected_on: row.day("inspected_on"),
            condition: row.choice("condition").unwrap_or_default(),
            held: row.choice("held").unwrap_or_default(),
            place: row.text("place", 32),
            counted_by: row.text("counted_by", 100),
            note: row.long_text("note", 1000),
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let (mut quantity, mut in_packs) = (Output::Empty, [Output::Empty, Output::Empty, Output::Empty]);
        match &self.amount {
            Some(CountAmount::Units(units)) => quantity = (*units).into(),
            Some(CountAmount::Packs { pack, packs, size }) => in_packs = [pack.into(), (*packs).into(), (*size).into()],
            None => {}
        }
        let [pack, packs, pack_size] = in_packs;
        let (counted_at, counted_on) = match self.counted {
            Some(CountTime::Day(day)) => (Output::Empty, day.into()),
            Some(CountTime::Local(time)) => (time.format("%Y-%m-%d %H:%M:%S%.f").to_string().into(), Output::Empty),
            Some(CountTime::Instant(time)) => (time.to_rfc3339_opts(SecondsFormat::AutoSi, true).into(), Output::Empty),
            None => (Output::Empty, Output::Empty),
        };
        vec![
            ("depot", (&self.depot).into()),
            ("item", (&self.item).into()),
            ("quantity", quantity),
            ("counted_on", counted_on),
            ("counted_at", counted_at),
            ("lot", self.lot.clone().into()),
            ("made_on", self.made_on.into()),
            ("expires_on", self.expires_on.into()),
            ("inspected_on", self.inspected_on.into()),
            ("condition", self.condition.word().into()),
            ("held", self.held.word().into()),
            ("place", self.place.clone().into()),
            ("pack", pack),
            ("packs", packs),
            ("pack_size", pack_size),
            ("counted_by", self.counted_by.clone().into()),
            ("note", self.note.clone().into()),
        ]
    }
}

/// Reads the amount: a quantity, or packs with their number and size.
fn read_amount(row: &mut Row<'_>) -> Option<CountAmount> {
    let is_packed = PACKS.iter().any(|column| !row.cell(column).is_empty());
    if !is_packed && row.cell("quantity").is_empty() && row.has_all(&["quantity", "packs"]) {
        // That both are empty was reported.
        return None;
    }
    if !is_packed {
        return row.required("quantity", |row| row.quantity("quantity")).map(CountAmount::Units);
    }
    if !row.cell("quantity").is_empty() {
        row.fault("quantity", "one_of_two", |fault| fault.with("columns", "quantity / pack + packs + pack_size"));
        return None;
    }
    let pack = row.required("pack", |row| row.text("pack", 32));
    let packs = row.required("packs", |row| row.quantity("packs"));
    let size = row.required("pack_size", |row| row.quantity("pack_size"));
    Some(CountAmount::Packs { pack: pack?, packs: packs?, size: size? })
}

/// Reads the time: a day, or a time of day with or without its offset.
fn read_time(row: &mut Row<'_>) -> Option<CountTime> {
    match (row.cell("counted_at"), row.cell("counted_on")) {
        // That both are empty was reported.
        (Value::Empty, Value::Empty) if row.has_all(&["counted_on", "counted_at"]) => None,
        // A paper list has one column: whoever counted after somebody else on the same day writes the time behind the day.
        (Value::Empty, Value::Time(_)) => row.time("counted_on"),
        (Value::Empty, Value::Text(text)) if text.contains(':') || text.contains('：') => row.time("counted_on"),
        (Value::Empty, _) => row.required("counted_on", |row| row.day("counted_on")).map(CountTime::Day),
        (_, Value::Empty) => row.time("counted_at"),
        _ => {
            row.fault("counted_at", "one_of_two", |fault| fault.with("columns", "counted_at / counted_on"));
            None
        }
    }
}
