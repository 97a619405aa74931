//! Lots with what the lines of their counts say beside what figures ask for: the place, the day of production and the remark.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::error::Error;
use base::id::CountId;
use base::quantity::Quantity;
use base::total::Total;
use chrono::{Months, NaiveDate};
use db::connection::AnyConnection;
use db::counts::LineRow;
use domain::count::Held;
use domain::interval::Interval;
use domain::lot::LotNumber;
use domain::stock::{DepotStock, Lot, LotSeen};

/// The lines of some counts.
#[derive(Debug, Default)]
pub struct CountLines(HashMap<CountId, Vec<LineRow>>);

/// A part of a lot: the units that lie in one place and were made on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The place.
    pub place: Option<String>,
    /// The day it was made.
    pub made_on: Option<NaiveDate>,
    /// The remarks.
    pub note: Option<String>,
    /// The number of units.
    pub quantity: Total,
    /// The number of them that is usable.
    pub usable: Interval,
}

impl CountLines {
    /// The lines of the counts that some stock rests on.
    ///
    /// # Errors
    /// If the database fails.
    pub fn of<'s>(
        connection: &mut AnyConnection,
        stock: impl IntoIterator<Item = &'s DepotStock>,
    ) -> Result<Self, Error> {
        let counts = stock.into_iter().flat_map(|stock| {
            let inspection = stock.inspection.iter().map(|inspection| inspection.count.id);
            stock.counts.iter().map(|count| count.id).chain(inspection)
        });
        Self::load(connection, counts)
    }

    /// The lines of some counts.
    ///
    /// # Errors
    /// If the database fails.
    pub fn load(connection: &mut AnyConnection, counts: impl IntoIterator<Item = CountId>) -> Result<Self, Error> {
        let ids: BTreeSet<CountId> = counts.into_iter().collect();
        let ids: Vec<CountId> = ids.into_iter().collect();
        let mut by_count: HashMap<CountId, Vec<LineRow>> = HashMap::new();
        for line in db::counts::lines_of(connection, &ids)? {
            by_count.entry(line.count_id).or_default().push(line);
        }
        Ok(Self(by_count))
    }

    /// The parts of a lot of an item that a count found; `shelf_life` is the item's in months, on the day of the count. Where the lines do not add up to it, it is one part that says nothing
    /// more.
    pub fn parts(&self, count: CountId, item: &str, shelf_life: Option<u32>, seen: &LotSeen) -> Vec<Part> {
        let LotSeen { lot, quantity, usable, .. } = seen;
        let whole = Part { place: None, made_on: None, note: None, quantity: *quantity, usable: *usable };
        let lines = self.0.get(&count).into_iter().flatten().filter(|line| is_of(line, item, shelf_life, lot));
        let mut found: BTreeMap<(Option<&str>, Option<NaiveDate>), (Total, Vec<&str>)> = BTreeMap::new();
        for line in lines {
            let key = (line.place.as_deref(), line.made_on.map(NaiveDate::from));
            let (sum, notes) = found.entry(key).or_default();
            *sum = sum.plus(line.quantity);
            notes.extend(line.note.as_deref().filter(|note| !note.is_empty()));
        }
        if found.values().map(|(sum, _)| *sum).sum::<Total>() != *quantity || found.is_empty() {
            return vec![whole];
        }
        let is_one = found.len() == 1;
        let part = |((place, made_on), (sum, mut notes)): (_, (Total, Vec<&str>))| {
            notes.dedup();
            let note = (!notes.is_empty()).then(|| notes.join("; "));
            let usable = if is_one { *usable } else { share(*usable, *quantity, sum) };
            Part { place: Option::<&str>::map(place, ToOwned::to_owned), made_on, note, quantity: sum, usable }
        };
        found.into_iter().map(part).collect()
    }

    /// The quantities of an item by place, and by whether they are there or lent, as a count found them.
    pub fn by_place(&self, count: CountId, item: &str) -> BTreeMap<(Option<String>, Held), Total> {
        let mut found: BTreeMap<(Option<String>, Held), Total> = BTreeMap::new();
        for line in self.0.get(&count).into_iter().flatten().filter(|line| line.item_code == item) {
            let sum = found.entry((line.place.clone(), line.held)).or_default();
            *sum = sum.plus(line.quantity);
        }
        found
    }
}

/// The usable number of a part: all of it or none, as of the whole lot, else between the two.
fn share(usable: Interval, whole: Total, part: Total) -> Interval {
    match (whole.known(), part.known()) {
        (Some(whole), Some(part)) if usable == Interval::exactly(whole) => Interval::exactly(part),
        (_, Some(_)) if usable.is_zero() => Interval::ZERO,
        (_, part) => Interval { min: Quantity::ZERO, max: part },
    }
}

fn is_of(line: &LineRow, item: &str, shelf_life: Option<u32>, lot: &Lot) -> bool {
    let day = |day: Option<db::sql_types::Day>| day.map(NaiveDate::from);
    // A day that was worked out is not in the line: it follows from the day the lot was made.
    let derived = || {
        let made_on = day(line.made_on).filter(|_| line.expires_on.is_none())?;
        made_on.checked_add_months(Months::new(shelf_life?))
    };
    let is_expiry =
        if lot.expiry_derived { derived() == lot.expires_on } else { day(line.expires_on) == lot.expires_on };
    line.item_code == item
        && line.condition == lot.condition
        && line.held == lot.held
        && is_expiry
        && day(line.inspected_on) == lot.inspected_on
        && line.lot.as_deref().and_then(LotNumber::read) == lot.lot
}
