//! What is usable: the one function that decides it, and everything that shows or plans stock calls it.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::count::{Held, LotCondition};
use crate::depot::Holding;
use crate::interval::Interval;
use base::quantity::Quantity;

/// Units of one item in one depot that were seen alike.
///
/// The order is that of the fields; two lots that agree in all but the quantity are one lot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct Lot {
    /// The lot number.
    #[schema(max_length = 64)]
    pub lot: Option<String>,
    /// The last day on which it may be used.
    pub expires_on: Option<NaiveDate>,
    /// When it was last inspected.
    pub inspected_on: Option<NaiveDate>,
    /// The state it was in.
    pub condition: LotCondition,
    /// Where it was.
    pub held: Held,
}

/// Why a lot is not usable.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LeftOut {
    /// Its last usable day has passed.
    Expired,
    /// It was found unfit for use.
    Unserviceable,
    /// It was found in repair.
    InRepair,
    /// It was lent to somebody else.
    Lent,
    /// A rule asks for an inspection that is overdue.
    InspectionOverdue,
    /// Somebody else holds it under an agreement, and no rule grants a share to such stock.
    Agreement,
    /// It is not there but could be made, and no rule grants a share to that.
    Capacity,
}

/// Why it is not known whether a lot is usable.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Doubt {
    /// It perishes, and nobody wrote down when.
    ExpiryMissing,
    /// A rule asks for an inspection of which nothing is written down, or one may ask for an inspection that is overdue.
    InspectionUnknown,
}

/// What a lot is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The day.
    pub day: NaiveDate,
    /// How the depot's stock is held.
    pub holding: Holding,
    /// True when every lot of the item has a last usable day.
    pub perishable: bool,
    /// What rules ask about inspection.
    pub inspection: InspectionAsked,
}

/// Within how many months rules ask units to have been inspected; the shortest time holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct InspectionAsked {
    /// By the rules that surely apply.
    #[schema(minimum = 1, maximum = 1200)]
    pub surely_within_months: Option<u32>,
    /// By those that may apply, too.
    #[schema(minimum = 1, maximum = 1200)]
    pub perhaps_within_months: Option<u32>,
}

/// What is usable of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usable {
    /// How many units.
    pub quantity: Interval,
    /// Why none is, where none is.
    pub left_out: Option<LeftOut>,
    /// Why that is not known, where it is not.
    pub doubt: Option<Doubt>,
}

/// Decides what is usable of so many units of a lot: serviceable, not expired, held here, inspected in time where a
/// rule asks for it. Of several reasons to leave it out, the first of [`LeftOut`] is named.
pub fn usable(lot: &Lot, quantity: Quantity, terms: Terms) -> Usable {
    if let Some(reason) = left_out(lot, terms) {
        return Usable { quantity: Interval::ZERO, left_out: Some(reason), doubt: None };
    }
    match doubt(lot, terms) {
        Some(doubt) => Usable { quantity: Interval::up_to(Some(quantity)), left_out: None, doubt: Some(doubt) },
        None => Usable { quantity: Interval::exactly(quantity), left_out: None, doubt: None },
    }
}

fn left_out(lot: &Lot, terms: Terms) -> Option<LeftOut> {
    if lot.expires_on.is_some_and(|last_day| last_day < terms.day) {
        return Some(LeftOut::Expired);
    }
    match lot.condition {
        LotCondition::Unserviceable => return Some(LeftOut::Unserviceable),
        LotCondition::InRepair => return Some(LeftOut::InRepair),
        LotCondition::Serviceable => {}
    }
    if lot.held == Held::Lent {
        return Some(LeftOut::Lent);
    }
    if inspection(lot, terms.inspection.surely_within_months, terms.day) == Inspection::Overdue {
        return Some(LeftOut::InspectionOverdue);
    }
    match terms.holding {
        Holding::Physical => None,
        Holding::Agreement => Some(LeftOut::Agreement),
        Holding::Capacity => Some(LeftOut::Capacity),
    }
}

fn doubt(lot: &Lot, terms: Terms) -> Option<Doubt> {
    if terms.perishable && lot.expires_on.is_none() {
        return Some(Doubt::ExpiryMissing);
    }
    let asked = [terms.inspection.surely_within_months, terms.inspection.perhaps_within_months];
    asked
        .into_iter()
        .any(|months| inspection(lot, months, terms.day) != Inspection::InTime)
        .then_some(Doubt::InspectionUnknown)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inspection {
    InTime,
    Overdue,
    NotRecorded,
}

/// How a lot stands to an inspection within so many months; the day that many months later is still in time.
fn inspection(lot: &Lot, within_months: Option<u32>, day: NaiveDate) -> Inspection {
    let Some(months) = within_months else { return Inspection::InTime };
    let Some(inspected_on) = lot.inspected_on else { return Inspection::NotRecorded };
    // A day beyond the calendar's end is not overdue.
    let overdue = inspected_on.checked_add_months(Months::new(months)).is_some_and(|last_day| day > last_day);
    if overdue { Inspection::Overdue } else { Inspection::InTime }
}
