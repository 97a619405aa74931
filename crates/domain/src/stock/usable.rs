//! The one function that decides which units are usable; everything that shows or plans stock calls it.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::count::{Held, LotCondition};
use crate::depot::Holding;
use crate::interval::Interval;
use crate::lot::LotNumber;
use base::total::Total;

/// Units of one item in one depot with the same properties.
///
/// Lots are ordered by their fields; units that agree in all of them are one lot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct Lot {
    /// The lot number, as first written in the count.
    #[schema(value_type = Option<String>, max_length = 64)]
    pub lot: Option<LotNumber>,
    /// The last day on which it may be used.
    pub expires_on: Option<NaiveDate>,
    /// True if that day was calculated from the production day and the item's shelf life; left out otherwise.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    pub expiry_derived: bool,
    /// The day of the last inspection.
    pub inspected_on: Option<NaiveDate>,
    /// The condition of the units.
    pub condition: LotCondition,
    /// The place of the units: in the depot or lent.
    pub held: Held,
}

fn is_false(value: &bool) -> bool {
    !value
}

/// The reasons why a lot is not usable.
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
    /// Past its expiry day.
    Expired,
    /// Found unserviceable.
    Unserviceable,
    /// Found in repair.
    InRepair,
    /// Lent to another party.
    Lent,
    /// Overdue for an inspection that a rule requires.
    InspectionOverdue,
    /// Held by another party under an agreement, and no rule grants a share to such stock.
    Agreement,
    /// Production capacity rather than stock, and no rule grants a share to that.
    Capacity,
}

/// The reasons why it is unknown whether a lot is usable.
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
    /// It is perishable and its expiry day was not recorded.
    ExpiryMissing,
    /// A rule requires an inspection that was not recorded, or a rule that may apply requires one that is overdue.
    InspectionUnknown,
    /// The sum of its lines is 10⁹ or more.
    OutOfRange,
}

/// The criteria for a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The day.
    pub day: NaiveDate,
    /// The day with which expiry days are compared: the same, or a later one to see what is left by then.
    pub expiry_day: NaiveDate,
    /// The way the depot's stock is held.
    pub holding: Holding,
    /// True if every lot of the item has an expiry day.
    pub perishable: bool,
    /// The inspection that rules require.
    pub inspection: InspectionAsked,
    /// True if a rule grants a share to stock held under an agreement.
    pub agreement: bool,
}

impl InspectionAsked {
    /// True if a rule requires units to have been inspected.
    pub fn is_asked(self) -> bool {
        self.perhaps_within_months.is_some() || self.surely_within_months.is_some()
    }
}

/// The number of months within which rules require units to have been inspected; the shortest counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
pub struct InspectionAsked {
    /// By the rules that certainly apply.
    #[schema(minimum = 1, maximum = 1200)]
    pub surely_within_months: Option<u32>,
    /// By the rules that apply or may apply.
    #[schema(minimum = 1, maximum = 1200)]
    pub perhaps_within_months: Option<u32>,
}

/// The usable part of a lot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usable {
    /// The number of units.
    pub quantity: Interval,
    /// The reason, if none is usable.
    pub left_out: Option<LeftOut>,
    /// The doubt, if that is unknown.
    pub doubt: Option<Doubt>,
}

/// Decides how many units of a lot are usable: serviceable, not expired, held here, and inspected in time if a rule
/// requires it. If there are several reasons to leave it out, the first in [`LeftOut`] is given.
///
/// If the lot's sum is out of range, the number of usable units is unknown, unless none is usable.
pub fn usable(lot: &Lot, quantity: Total, terms: Terms) -> Usable {
    if let Some(reason) = left_out(lot, terms) {
        return Usable { quantity: Interval::ZERO, left_out: Some(reason), doubt: None };
    }
    let Some(quantity) = quantity.known() else {
        return Usable { quantity: Interval::UNKNOWN, left_out: None, doubt: Some(Doubt::OutOfRange) };
    };
    match doubt(lot, terms) {
        Some(doubt) => Usable { quantity: Interval::up_to(Some(quantity)), left_out: None, doubt: Some(doubt) },
        None => Usable { quantity: Interval::exactly(quantity), left_out: None, doubt: None },
    }
}

fn left_out(lot: &Lot, terms: Terms) -> Option<LeftOut> {
    if lot.expires_on.is_some_and(|last_day| last_day < terms.expiry_day) {
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
        Holding::Agreement if terms.agreement => None,
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

/// Compares a lot with the inspection required within a number of months; the day exactly that many months later is still
/// in time.
fn inspection(lot: &Lot, within_months: Option<u32>, day: NaiveDate) -> Inspection {
    let Some(months) = within_months else { return Inspection::InTime };
    let Some(inspected_on) = lot.inspected_on else { return Inspection::NotRecorded };
    // A day beyond the end of the calendar is not overdue.
    let overdue = inspected_on.checked_add_months(Months::new(months)).is_some_and(|last_day| day > last_day);
    if overdue { Inspection::Overdue } else { Inspection::InTime }
}
