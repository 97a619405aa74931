//! Counts as clients send them, and the checks that need only their values.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::Validate;

use super::count::{CountKind, CountScope, Held, LotCondition};
use super::lot::LotNumber;
use super::revision::Revision;
use super::text::is_text;
use base::error::Fault;
use base::id::{ChangeSetId, CountId, DepotId};
use base::quantity::Quantity;
use text::messages::message;

/// The stock one person saw in one depot at one time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "depot_id": "0198f5a2-0000-7000-8000-000000000003",
    "scope": "listed",
    "counted_at": "2026-11-23T02:10:00Z",
    "note": "after the drill",
    "lines": [
        { "item": "L2010101", "quantity": 12 },
        { "item": "L2010103", "quantity": 40, "lot": "B2209", "expires_on": "2027-09-30" },
        { "item": "L2010103", "quantity": 5, "lot": "B1904", "expires_on": "2026-04-30", "condition": "in_repair" },
        { "item": "L2070201", "pack": "box", "packs": 3, "pack_size": 100 }
    ]
}))]
pub struct NewCount {
    /// The depot.
    pub depot_id: DepotId,
    /// `full`: catalogue items that are not listed were not there. `listed`: only the items listed are covered.
    pub scope: CountScope,
    /// The time of counting, by the device's clock.
    #[serde(deserialize_with = "base::sent::value")]
    pub counted_at: DateTime<Utc>,
    /// `own` for a quartermaster's count, `inspection` for an officer's; left out, it follows from the role.
    #[serde(default)]
    pub kind: Option<CountKind>,
    /// The survey it belongs to.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub survey_id: Option<Uuid>,
    /// The revision of the catalogue that the person counting had; left out, the catalogue as of `counted_at`.
    #[serde(default)]
    #[validate(range(min = 0_i64, max = 9_007_199_254_740_991_i64))]
    pub catalogue_revision: Option<Revision>,
    /// The change set of that revision, from the answer to the pull. After the server was restored from a backup, the
    /// number alone may mean another catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub catalogue_change_set: Option<ChangeSetId>,
    /// Counts of the same depot that this one resolves. Only an officer's count can resolve an inspection.
    #[serde(default)]
    #[schema(max_items = 100)]
    #[validate(length(max = 100))]
    pub resolves: Vec<CountId>,
    /// The name of the person who counted, if not the account's holder.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "Night shift")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    pub counted_by: Option<String>,
    /// A remark.
    #[serde(default)]
    #[schema(max_length = 1000, example = "after the drill")]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub note: Option<String>,
    /// The lines.
    #[schema(max_items = 2000)]
    #[validate(length(max = 2000), nested)]
    pub lines: Vec<NewCountLine>,
}

/// Units of one item that share lot, expiry, condition and place: `quantity`, or `pack`, `packs` and `pack_size`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCountLine {
    /// The item's code.
    #[schema(min_length = 1, max_length = 32, example = "L2010101")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub item: String,
    /// The quantity in the item's unit. 0 states that there were none.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The pack they were counted in.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 32, example = "box")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub pack: Option<String>,
    /// The number of packs.
    #[serde(default)]
    pub packs: Option<Quantity>,
    /// The number of units in one pack.
    #[serde(default)]
    pub pack_size: Option<Quantity>,
    /// The lot number.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "B2209")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub lot: Option<String>,
    /// The last day on which the lot may be used.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub expires_on: Option<NaiveDate>,
    /// The day the lot was made.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub made_on: Option<NaiveDate>,
    /// The day the units were last inspected.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub inspected_on: Option<NaiveDate>,
    /// The condition of the units.
    #[serde(default)]
    pub condition: LotCondition,
    /// The place of the units: in the depot or lent.
    #[serde(default)]
    pub held: Held,
    /// The place of the units in the depot, such as a shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(min_length = 1, max_length = 32, example = "shelf 3")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub place: Option<String>,
    /// A remark.
    #[serde(default)]
    #[schema(max_length = 1000, example = "valve stiff")]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub note: Option<String>,
}

/// A count whose values passed their checks, with the quantity of each line in units.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedCount {
    count: NewCount,
    units: Vec<Quantity>,
}

impl CheckedCount {
    /// The count as it was sent.
    pub fn count(&self) -> &NewCount {
        &self.count
    }

    /// Its lines, each with its quantity in units.
    pub fn lines(&self) -> impl Iterator<Item = (&NewCountLine, Quantity)> {
        self.count.lines.iter().zip(self.units.iter().copied())
    }
}

impl NewCountLine {
    /// The quantity of the line in units; `None` if it is missing or faulty.
    fn units(&self) -> Option<Quantity> {
        match (self.quantity, self.packs, self.pack_size) {
            (Some(quantity), None, None) => Some(quantity),
            (None, Some(packs), Some(size)) => packs.times(size).ok(),
            _ => None,
        }
    }

    /// The fields that make two lines the same. Units that differ in one of them have lines of their own, such as a lot
    /// that is partly lent, or full packs and loose units.
    fn key(&self) -> impl Eq + std::hash::Hash + '_ {
        let lot = self.lot.as_deref().and_then(LotNumber::read);
        let days = (self.expires_on, self.made_on, self.inspected_on);
        (&self.item, lot, days, self.condition, self.held, &self.place, &self.pack)
    }

    /// True for a line of the same lot in the same state and place.
    pub fn is_same_lot(&self, other: &Self) -> bool {
        self.key() == other.key()
    }

    fn faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = self.amount_faults(at);
        if let (Some(made_on), Some(expires_on)) = (self.made_on, self.expires_on)
            && expires_on < made_on
        {
            faults.push(Fault::new(format!("{at}/expires_on"), "before_made_on", message!("line-expires-before-made")));
        }
        for (field, day) in
            [("expires_on", self.expires_on), ("made_on", self.made_on), ("inspected_on", self.inspected_on)]
        {
            if day.is_some_and(|day| day < first_day() || day > last_day()) {
                faults.push(Fault::new(
                    format!("{at}/{field}"),
                    "out_of_range",
                    message!("line-day", first = first_day().to_string(), last = last_day().to_string()),
                ));
            }
        }
        faults
    }

    fn amount_faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let packed = [self.pack.is_some(), self.packs.is_some(), self.pack_size.is_some()];
        match self.quantity {
            Some(_) if packed.contains(&true) => faults.push(Fault::new(
                format!("{at}/quantity"),
                "quantity_and_packs",
                message!("line-quantity-and-packs"),
            )),
            None if packed.contains(&false) => {
                faults.push(Fault::new(format!("{at}/quantity"), "quantity_missing", message!("line-quantity-missing")))
            }
            _ => {}
        }
        for (field, quantity) in [("quantity", self.quantity), ("packs", self.packs), ("pack_size", self.pack_size)] {
            if quantity.is_some_and(Quantity::is_negative) {
                faults.push(Fault::new(format!("{at}/{field}"), "negative", message!("line-negative")));
            }
        }
        if self.pack_size == Some(Quantity::ZERO) {
            faults.push(Fault::new(format!("{at}/pack_size"), "zero", message!("line-pack-empty")));
        }
        if let (Some(packs), Some(size)) = (self.packs, self.pack_size)
            && packs.times(size).is_err()
        {
            faults.push(Fault::new(format!("{at}/packs"), "out_of_range", message!("line-packs-too-many")));
        }
        faults
    }
}

impl NewCount {
    /// Checks the values by themselves.
    ///
    /// # Errors
    /// All faults found.
    pub fn check(self) -> Result<CheckedCount, Vec<Fault>> {
        let mut faults = self.faults();
        faults.extend(self.duplicate_faults());
        self.checked(faults)
    }

    /// Checks the values of a count that was accepted before, which its receipt or its link proves. Rules added since
    /// then, such as the one about duplicate lines, do not refuse it.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub fn check_accepted(self) -> Result<CheckedCount, Vec<Fault>> {
        let faults = self.faults();
        self.checked(faults)
    }

    fn checked(self, faults: Vec<Fault>) -> Result<CheckedCount, Vec<Fault>> {
        let units: Option<Vec<Quantity>> = self.lines.iter().map(NewCountLine::units).collect();
        match units {
            Some(units) if faults.is_empty() => Ok(CheckedCount { count: self, units }),
            _ => Err(faults),
        }
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !is_plausible(self.counted_at) {
            faults.push(Fault::new(
                "/counted_at",
                "out_of_range",
                message!("count-counted-at", first = first_day().to_string(), last = last_day().to_string()),
            ));
        }
        if self.scope == CountScope::Listed && self.lines.is_empty() {
            faults.push(Fault::new("/lines", "empty", message!("count-empty")));
        }
        let lines = self.lines.iter().enumerate();
        faults.extend(lines.flat_map(|(number, line)| line.faults(&format!("/lines/{number}"))));
        faults
    }

    fn duplicate_faults(&self) -> Vec<Fault> {
        let (mut faults, mut seen) = (Vec::new(), HashMap::new());
        for (number, line) in self.lines.iter().enumerate() {
            if let Some(first) = seen.insert(line.key(), number) {
                let text = message!("line-duplicate", first = first);
                faults.push(Fault::new(format!("/lines/{number}"), "duplicate_line", text));
            }
        }
        faults
    }
}

/// The earliest date allowed in a count.
fn first_day() -> NaiveDate {
    DateTime::UNIX_EPOCH.date_naive()
}

/// The latest date allowed in a count.
fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(9998, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// True for an instant that a clock may plausibly show and both databases can store.
pub fn is_plausible(instant: DateTime<Utc>) -> bool {
    (first_day()..=last_day()).contains(&instant.date_naive())
}
