//! The copy as it is on the phone's own day: stock that has expired or gone stale since the pull is not shown as usable.
//!
//! The rules are those of the domain. If the copy does not contain enough to compute a figure, the figure becomes less
//! certain, never more.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;

use super::Phone;
use super::error::PhoneError;
use super::report::Mirrored;
use super::store::settings;
use super::table::{Row, quantity, rows};
use base::quantity::Quantity;
use base::time::local_day;
use base::total::Total;
use domain::assessment::Status;
use domain::count::{Held, LotCondition};
use domain::depot::Holding;
use domain::interval::Interval;
use domain::rule::Strength;
use domain::stock::{InspectionAsked, Lot, StockState, Terms, open_ended, usable};

/// The stock of one item in one depot on the phone's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// The code of the depot.
    pub depot: String,
    /// The code of the item.
    pub item: String,
    /// The state of knowledge about it.
    pub state: StockState,
    /// The number usable.
    pub usable: Interval,
    /// The last day on which the latest count is valid.
    pub valid_through: Option<NaiveDate>,
}

/// A requirement line on the phone's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortage {
    /// The code of the organization.
    pub organization: String,
    /// The code of the item, or the description of another requirement.
    pub item: String,
    /// The strength, as its code.
    pub strength: String,
    /// The resulting status.
    pub status: Status,
    /// The number usable.
    pub usable: Interval,
    /// The number missing.
    pub shortage: Interval,
    /// True if counts behind it, made together, differ.
    pub conflict: bool,
    /// True if an inspection found less than the organization's own later count, and is still in force.
    pub contested: bool,
}

/// The day of the copy, and the phone's own day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyAge {
    /// The time at which the copy was last complete, by the service's clock if that is known.
    pub pulled_at: DateTime<Utc>,
    /// The day of the copy, in the zone of the organization.
    pub pulled_on: NaiveDate,
    /// The phone's day there; never before the copy's.
    pub today: NaiveDate,
}

/// A lot in the copy, where members with the usual value are left out.
#[derive(Deserialize)]
struct CopiedLot {
    quantity: Value,
    expires_on: Option<NaiveDate>,
    inspected_on: Option<NaiveDate>,
    #[serde(default)]
    condition: LotCondition,
    #[serde(default)]
    held: Held,
}

/// A stock row before and after ageing.
struct Aged {
    organization: String,
    before: Interval,
    stock: Stock,
}

impl Phone {
    /// The age of the copy; `None` before the first complete pull.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn copy_age(&mut self) -> Result<Option<CopyAge>, PhoneError> {
        let pulled = self.store.read(|connection| settings::find_number(connection, settings::PULLED_AT))?;
        let Some(pulled_at) = pulled.and_then(DateTime::from_timestamp_micros) else { return Ok(None) };
        let zone =
            self.mirrored("organization")?.iter().find_map(|one| one.data.get("time_zone")?.as_str()?.parse().ok());
        Ok(Some(CopyAge::of(pulled_at, self.now(), zone.unwrap_or(Tz::Asia__Shanghai))))
    }

    /// The stock of every depot in the copy, on the phone's day.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn stock(&mut self) -> Result<Vec<Stock>, PhoneError> {
        Ok(self.aged_stock()?.into_iter().map(|aged| aged.stock).collect())
    }

    /// Every requirement line in the copy against the stock on the phone's day.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn shortages(&mut self) -> Result<Vec<Shortage>, PhoneError> {
        let stock = self.aged_stock()?;
        let today = self.copy_age()?.map(|age| age.today);
        let requirements = by_key(self.mirrored("requirements")?);
        let mut lines = Vec::new();
        for document in self.mirrored("assessments")? {
            let required = requirements.get(&document.key).map(rows).unwrap_or_default();
            for row in rows(&document.data) {
                let same =
                    |one: &&Row| one.text("item") == row.text("item") && one.text("strength") == row.text("strength");
                let required = required.iter().find(same).map_or(Interval::UNKNOWN, |one| one.interval("required"));
                lines.push(shortage(&document.key, &row, required, &stock, today));
            }
        }
        Ok(lines)
    }

    fn aged_stock(&mut self) -> Result<Vec<Aged>, PhoneError> {
        let Some(age) = self.copy_age()? else { return Ok(Vec::new()) };
        let (depots, items) = (by_key(self.mirrored("depot")?), by_key(self.mirrored("item")?));
        let mut all = Vec::new();
        for document in self.mirrored("stock")? {
            let depot = depots.get(&document.key);
            let field = |name: &str| depot.and_then(|depot| depot.get(name)).cloned().unwrap_or_default();
            let holding = serde_json::from_value(field("holding")).unwrap_or(Holding::Physical);
            let organization = field("organization").as_str().unwrap_or_default().to_owned();
            for row in rows(&document.data) {
                let item = items.get(&row.text("item"));
                let perishable = item.and_then(|item| item.get("perishable")?.as_bool()).unwrap_or_default();
                let inspection = InspectionAsked::default();
                let terms =
                    Terms { day: age.today, expiry_day: age.today, holding, perishable, inspection, agreement: false };
                let (state, usable) = aged(&row, terms, age);
                let (depot, item) = (document.key.clone(), row.text("item"));
                let stock = Stock { depot, item, state, usable, valid_through: row.get("valid_through") };
                all.push(Aged { organization: organization.clone(), before: row.interval("usable"), stock });
            }
        }
        Ok(all)
    }
}

impl CopyAge {
    fn of(pulled_at: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> Self {
        let pulled_on = local_day(pulled_at, zone);
        Self { pulled_at, pulled_on, today: local_day(now, zone).max(pulled_on) }
    }
}

fn by_key(documents: Vec<Mirrored>) -> HashMap<String, Value> {
    documents.into_iter().map(|document| (document.key, document.data)).collect()
}

/// The state and the usable number of a row of stock on the phone's day.
fn aged(row: &Row, terms: Terms, age: CopyAge) -> (StockState, Interval) {
    let state = row.get("state").unwrap_or(StockState::NeverCounted);
    let before = row.interval("usable");
    if age.today == age.pulled_on || matches!(state, StockState::Stale | StockState::NeverCounted) {
        return (state, before);
    }
    let valid_through: Option<NaiveDate> = row.get("valid_through");
    if valid_through.is_none_or(|last_day| last_day < age.today) {
        return (StockState::Stale, open_ended(terms.holding, terms.agreement));
    }
    if state != StockState::Counted {
        // The copy has the lots of the latest count only: lots of the other counts may have expired.
        return (state, Interval { min: Quantity::ZERO, max: before.max });
    }
    let lots: Vec<CopiedLot> = row.get("lots").unwrap_or_default();
    let parts = lots.into_iter().map(|lot| {
        let found = quantity(&lot.quantity).map(Total::from);
        let quantity = found.unwrap_or_else(Total::out_of_range);
        let CopiedLot { expires_on, inspected_on, condition, held, .. } = lot;
        // The number of a lot, and the origin of its last day, make no difference.
        let lot = Lot { lot: None, expires_on, expiry_derived: false, inspected_on, condition, held };
        usable(&lot, quantity, terms).quantity
    });
    (state, Interval::sum(parts).unwrap_or(Interval::UNKNOWN))
}

/// A line on the phone's day. The service's own figures are used if nothing has aged.
fn shortage(organization: &str, row: &Row, required: Interval, stock: &[Aged], today: Option<NaiveDate>) -> Shortage {
    let (item, before) = (row.text("item"), row.interval("usable"));
    let here = || stock.iter().filter(|one| one.organization == organization && one.stock.item == item);
    let valid_through: Option<NaiveDate> = row.get("valid_through");
    let sums = [
        Interval::sum(here().map(|one| one.before)).unwrap_or(Interval::UNKNOWN),
        Interval::sum(here().map(|one| one.stock.usable)).unwrap_or(Interval::UNKNOWN),
    ];
    let usable = match (valid_through, today, sums) {
        (Some(last_day), Some(today), _) if last_day < today => Interval::UNKNOWN,
        (_, _, [then, now]) if then == now => before,
        (_, _, [_, now]) => {
            Interval { min: before.min.min(now.min), max: before.max.zip(now.max).map(|(one, other)| one.min(other)) }
        }
    };
    let said: Option<Status> = row.get("status");
    let (status, shortage) = match said {
        Some(said) if usable == before => (said, row.interval("shortage")),
        _ => (Status::of(required, usable), required.shortage_against(usable)),
    };
    // A copy pulled from an earlier service says `short` and `met` of every strength.
    let status = row.get::<Strength>("strength").map_or(status, |strength| status.for_strength(strength));
    Shortage {
        organization: organization.to_owned(),
        item,
        strength: row.text("strength"),
        status,
        usable,
        shortage,
        conflict: row.get("conflict").unwrap_or_default(),
        contested: row.get("contested").unwrap_or_default(),
    }
}
