//! Amounts: the arithmetic of one rule, exact and checked for overflow.
//!
//! The order is: in use, lower and upper limit, spare, rounding. Counted units are rounded up to whole numbers;
//! measured units are rounded up at the third decimal.

use crate::interval::Interval;
use crate::rule::{Rate, Spare};
use base::quantity::{OutOfRange, Quantity};

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

/// The reasons why a rule gives no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoAmount {
    /// Its form is not evaluated, or it says "as needed" and no target is declared.
    Open,
    /// A rate without meaning: one per zero, or a spare for each zero.
    Meaningless,
    /// The result is 10⁹ or more.
    OutOfRange,
}

impl From<OutOfRange> for NoAmount {
    fn from(OutOfRange: OutOfRange) -> Self {
        Self::OutOfRange
    }
}

impl Amount {
    /// An unknown amount.
    pub const UNKNOWN: Self = Self { in_use: Interval::UNKNOWN, spare: Interval::UNKNOWN, total: Interval::UNKNOWN };

    /// A number that needs no calculation.
    pub fn exactly(quantity: Quantity) -> Self {
        Self { in_use: Interval::exactly(quantity), spare: Interval::ZERO, total: Interval::exactly(quantity) }
    }
}

/// Applies a rate to its basis. `None` is a basis that was not recorded, and gives the smallest and the largest amount
/// that the clause allows.
///
/// # Errors
/// If the rate has no meaning, or its result is out of range. A number that a limit of the clause brings back is in range.
pub fn amount(rate: &Rate, basis: Option<Quantity>, measured: bool) -> Result<Amount, NoAmount> {
    // It has no meaning for any basis, even one that is out of range.
    if matches!(rate.spare, Some(Spare::Ratio(0, _))) {
        return Err(NoAmount::Meaningless);
    }
    // If the limits are the wrong way round, the larger one counts.
    let least = rate.at_least.unwrap_or(Quantity::ZERO).max(Quantity::ZERO);
    let most = rate.at_most.map(|most| most.max(least));
    let in_use = match basis {
        Some(basis) => {
            let asked = in_use(rate, basis, measured)?;
            let bounded = most.map_or(asked, |most| asked.min(natural(most))).max(natural(least));
            Interval::exactly(Quantity::from_thousandths(bounded)?)
        }
        None => Interval { min: least, max: most },
    };
    let low = with_spare(rate.spare, in_use.min, measured)?;
    let high = in_use.max.map(|max| with_spare(rate.spare, max, measured)).transpose()?;
    Ok(Amount {
        in_use,
        // A clause without a spare requires none, whatever the number in use.
        spare: match rate.spare {
            Some(_) => Interval { min: low.0, max: high.map(|(spare, _)| spare) },
            None => Interval::ZERO,
        },
        total: Interval { min: low.1, max: high.map(|(_, total)| total) },
    })
}

/// The thousandths of n for each started k (counted units), or of n × basis / k (measured units), before the limits.
///
/// Quantities are below 10¹² thousandths, so a product of two fits easily.
fn in_use(rate: &Rate, basis: Quantity, measured: bool) -> Result<i128, NoAmount> {
    let (n, basis, per) = (natural(rate.n), natural(basis), natural(rate.per));
    if measured { ceil_div(n * basis, per) } else { Ok(n * ceil_div(basis, per)?) }
}

/// The spare for a number in use, and the rounded sum of both.
fn with_spare(spare: Option<Spare>, in_use: Quantity, measured: bool) -> Result<(Quantity, Quantity), NoAmount> {
    let (for_each, reserve) = match spare {
        None => (1, 0),
        Some(Spare::Ratio(for_each, reserve)) => (i128::from(for_each), i128::from(reserve)),
        Some(Spare::Percent(percent)) => (100, i128::from(percent)),
    };
    let unit = if measured { 1 } else { SCALE };
    let in_use = natural(in_use);
    let spare = ceil_div(in_use * reserve, for_each * unit)? * unit;
    let total = ceil_div(in_use + spare, unit)? * unit;
    Ok((Quantity::from_thousandths(spare)?, Quantity::from_thousandths(total)?))
}

/// The thousandths of a quantity; a negative one counts as zero.
fn natural(quantity: Quantity) -> i128 {
    i128::from(quantity.thousandths().max(0))
}

fn ceil_div(dividend: i128, divisor: i128) -> Result<i128, NoAmount> {
    if divisor > 0 { Ok(dividend / divisor + i128::from(dividend % divisor > 0)) } else { Err(NoAmount::Meaningless) }
}
