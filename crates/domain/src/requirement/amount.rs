//! Amounts: the arithmetic of one rule, exact and without overflow.
//!
//! The order is: in use, lower and upper limit, spare, rounding. Counted units are rounded up to whole numbers;
//! measured units are rounded up at the third decimal.

use crate::interval::Interval;
use crate::rule::{Rate, Spare};
use base::quantity::Quantity;

/// The number of thousandths in one unit.
const SCALE: i128 = 1_000;

/// The requirement of a rule, in the steps of its working.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The number in use, within its limits.
    pub in_use: Interval,
    /// The spare.
    pub spare: Interval,
    /// The rounded sum of both.
    pub total: Interval,
}

impl Amount {
    /// An unknown amount.
    pub const UNKNOWN: Self = Self { in_use: Interval::UNKNOWN, spare: Interval::UNKNOWN, total: Interval::UNKNOWN };

    /// A number that needs no calculation.
    pub fn exactly(quantity: Quantity) -> Self {
        Self { in_use: Interval::exactly(quantity), spare: Interval::ZERO, total: Interval::exactly(quantity) }
    }
}

/// Applies a rate to its basis. `None` is a basis that was not recorded, and gives the least and the most that the
/// clause itself allows.
///
/// Returns `None` for a rate without meaning: one per zero, or a spare for each zero.
pub fn amount(rate: &Rate, basis: Option<Quantity>, measured: bool) -> Option<Amount> {
    // If the limits are the wrong way round, the larger one counts.
    let least = rate.at_least.unwrap_or(Quantity::ZERO).max(Quantity::ZERO);
    let most = rate.at_most.map(|most| most.max(least));
    let in_use = match basis {
        Some(basis) => {
            let asked = in_use(rate, basis, measured)?;
            Interval::exactly(most.map_or(asked, |most| asked.min(most)).max(least))
        }
        None => Interval { min: least, max: most },
    };
    let low = with_spare(rate.spare, in_use.min, measured)?;
    let high = match in_use.max {
        Some(max) => Some(with_spare(rate.spare, max, measured)?),
        None => None,
    };
    Some(Amount {
        in_use,
        // A clause without a spare has none, whatever the number in use.
        spare: match rate.spare {
            Some(_) => Interval { min: low.0, max: high.map(|(spare, _)| spare) },
            None => Interval::ZERO,
        },
        total: Interval { min: low.1, max: high.map(|(_, total)| total) },
    })
}

/// n for each started k (counted units), or n × basis / k (measured units).
fn in_use(rate: &Rate, basis: Quantity, measured: bool) -> Option<Quantity> {
    let (n, basis, per) = (natural(rate.n), natural(basis), natural(rate.per));
    let thousandths = if measured { ceil_div(n * basis, per)? } else { n * ceil_div(basis, per)? };
    Some(quantity(thousandths))
}

/// The spare for a number in use, and the rounded sum of both.
fn with_spare(spare: Option<Spare>, in_use: Quantity, measured: bool) -> Option<(Quantity, Quantity)> {
    let (for_each, reserve) = match spare {
        None => (1, 0),
        Some(Spare::Ratio(for_each, reserve)) => (i128::from(for_each), i128::from(reserve)),
        Some(Spare::Percent(percent)) => (100, i128::from(percent)),
    };
    let unit = if measured { 1 } else { SCALE };
    let in_use = natural(in_use);
    let spare = ceil_div(in_use * reserve, for_each * unit)? * unit;
    let total = ceil_div(in_use + spare, unit)? * unit;
    Some((quantity(spare), quantity(total)))
}

/// The thousandths of a quantity; a negative one counts as zero.
fn natural(quantity: Quantity) -> i128 {
    i128::from(quantity.thousandths().max(0))
}

/// The quantity of a number of thousandths, saturating like all sums of quantities.
fn quantity(thousandths: i128) -> Quantity {
    Quantity::from_thousandths(i64::try_from(thousandths).unwrap_or(i64::MAX))
}

fn ceil_div(dividend: i128, divisor: i128) -> Option<i128> {
    (divisor > 0).then(|| dividend / divisor + i128::from(dividend % divisor > 0))
}
