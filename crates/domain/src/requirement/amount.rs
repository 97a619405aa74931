//! Amounts: the arithmetic of one rule, exact and checked for overflow.
//!
//! The order is: in use, lower and upper limit, spare, rounding. Counted units are rounded up to whole numbers;
//! measured units are rounded up at the third decimal.

use crate::interval::Interval;
use crate::rule::{
    Band, BandRow, Coverage, Limits, PerCapita, Range, Rate, RuleQuantity, Share, Spare, SpareRatio, Step, StepRounding,
};
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
    /// A quantity without meaning: one per zero, a spare for each zero, or a ratio that goes round in a circle.
    Meaningless,
    /// The result is 10⁹ or more.
    OutOfRange,
}

impl From<OutOfRange> for NoAmount {
    fn from(OutOfRange: OutOfRange) -> Self {
        Self::OutOfRange
    }
}

/// What a quantity counts.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// The facts of [`RuleQuantity::facts`], in that order; `None` is a number that was not recorded.
    pub facts: &'a [Option<Quantity>],
    /// For a ratio: what is required of the other selector.
    pub other: Result<Interval, NoAmount>,
    /// For "as needed": the declared target.
    pub target: Option<Quantity>,
}

impl Amount {
    /// An unknown amount.
    pub const UNKNOWN: Self = Self { in_use: Interval::UNKNOWN, spare: Interval::UNKNOWN, total: Interval::UNKNOWN };

    /// Nothing.
    pub const ZERO: Self = Self { in_use: Interval::ZERO, spare: Interval::ZERO, total: Interval::ZERO };

    /// A number that needs no calculation.
    pub fn exactly(quantity: Quantity) -> Self {
        Self { in_use: Interval::exactly(quantity), spare: Interval::ZERO, total: Interval::exactly(quantity) }
    }
}

/// The number in use before the limits, in thousandths, and the ends of the basis that decide whether the limits hold.
#[derive(Clone, Copy, Debug)]
struct InUse {
    min: i128,
    /// `None` is unbounded.
    max: Option<i128>,
    /// False where the basis is, or may be, 0: nothing is then asked, and "at least" does not hold.
    surely_asked: bool,
    /// True where the basis is 0.
    surely_not_asked: bool,
}

impl InUse {
    fn exactly(thousandths: i128, basis_is_above_zero: bool) -> Self {
        Self {
            min: thousandths,
            max: Some(thousandths),
            surely_asked: basis_is_above_zero,
            surely_not_asked: !basis_is_above_zero,
        }
    }

    const OPEN: Self = Self { min: 0, max: None, surely_asked: false, surely_not_asked: false };
}

/// Applies a quantity to what it counts. A basis that was not recorded may be 0, which asks for 0, and gives the most that
/// the clause itself allows.
///
/// # Errors
/// If the quantity has no meaning or no number, or its result is out of range. A number that a limit of the clause brings
/// back is in range.
pub fn amount(quantity: &RuleQuantity, basis: Basis<'_>, measured: bool) -> Result<Amount, NoAmount> {
    let limits = quantity.limits();
    // It has no meaning for any basis, even one that is out of range.
    if matches!(limits.spare, Some(Spare::Ratio(SpareRatio { for_each: 0, .. }))) {
        return Err(NoAmount::Meaningless);
    }
    let fact = |place: usize| basis.facts.get(place).copied().flatten();
    let found = match quantity {
        RuleQuantity::Rate(Rate { n, per, of, .. }) | RuleQuantity::Range(Range { from: n, per, of, .. }) => {
            let counted = if of.is_some() { fact(0) } else { Some(Quantity::whole(1)) };
            counted.map_or(Ok(InUse::OPEN), |counted| {
                Ok::<_, NoAmount>(InUse::exactly(rate(*n, *per, counted, measured)?, counted > Quantity::ZERO))
            })?
        }
        RuleQuantity::Coverage(coverage) => coverage_of(coverage, fact(0), fact(1))?,
        RuleQuantity::Band(band) => band_of(band, fact(0), fact(1)),
        RuleQuantity::Step(step) => fact(0).map_or(Ok(InUse::OPEN), |size| step_of(step, size))?,
        RuleQuantity::PerCapita(per_capita) => {
            fact(0).map_or(Ok(InUse::OPEN), |persons| per_capita_of(per_capita, persons))?
        }
        RuleQuantity::Ratio(ratio) => {
            let other = basis.other?;
            let of = |counted| rate(ratio.n, ratio.per, counted, measured);
            InUse {
                min: of(other.min)?,
                max: other.max.map(of).transpose()?,
                surely_asked: other.min > Quantity::ZERO,
                surely_not_asked: other.is_zero(),
            }
        }
        RuleQuantity::Present(_) => InUse::exactly(SCALE, true),
        RuleQuantity::Optional(_) => return Ok(Amount::ZERO),
        RuleQuantity::AsNeeded(_) => return basis.target.map(Amount::exactly).ok_or(NoAmount::Open),
        RuleQuantity::AwayAtMost(_)
        | RuleQuantity::ServiceLife(_)
        | RuleQuantity::Classes(_)
        | RuleQuantity::Stated(_)
        | RuleQuantity::NotEvaluated(_) => return Err(NoAmount::Open),
    };
    let in_use = within(limits, found)?;
    let low = with_spare(limits.spare, in_use.min, measured)?;
    let high = in_use.max.map(|max| with_spare(limits.spare, max, measured)).transpose()?;
    Ok(Amount {
        in_use,
        // A clause without a spare requires none, whatever the number in use.
        spare: match limits.spare {
            Some(_) => Interval { min: low.0, max: high.map(|(spare, _)| spare) },
            None => Interval::ZERO,
        },
        total: Interval { min: low.1, max: high.map(|(_, total)| total) },
    })
}

/// A number times that of one kit, rounded like any other requirement of its unit.
///
/// # Errors
/// If it is out of range.
pub fn times(total: Interval, quantity: Quantity, measured: bool) -> Result<Interval, NoAmount> {
    let unit = if measured { 1 } else { SCALE };
    let multiplied = |end: Quantity| {
        let thousandths = ceil_div(natural(end) * natural(quantity), SCALE * unit)? * unit;
        Ok::<_, NoAmount>(Quantity::from_thousandths(thousandths)?)
    };
    Ok(Interval { min: multiplied(total.min)?, max: total.max.map(multiplied).transpose()? })
}

/// The part of a total that a share allows: n of every k. Counted units are rounded down to whole numbers, measured ones at
/// the third decimal, because more is not allowed.
///
/// # Errors
/// If the share is of nothing, or the result is out of range.
pub fn share(share: Share, total: Quantity, measured: bool) -> Result<Quantity, NoAmount> {
    if share.per == 0 {
        return Err(NoAmount::Meaningless);
    }
    let unit = if measured { 1 } else { SCALE };
    let allowed = natural(total) * i128::from(share.n) / (i128::from(share.per) * unit) * unit;
    Ok(Quantity::from_thousandths(allowed)?)
}

/// Applies the limits: "at least" holds where there is something to equip. If they are the wrong way round, the larger one
/// counts.
fn within(limits: Limits, found: InUse) -> Result<Interval, NoAmount> {
    let least = limits.at_least.map_or(0, natural);
    let most = limits.at_most.map(|most| natural(most).max(least));
    let bounded = |asked: i128, least: i128| most.map_or(asked, |most| asked.min(most)).max(least);
    if found.surely_not_asked {
        return Ok(Interval::exactly(Quantity::from_thousandths(bounded(found.min, 0))?));
    }
    let min = if found.surely_asked { bounded(found.min, least) } else { bounded(found.min, 0) };
    let max = match found.max {
        Some(max) => Some(bounded(max, least)),
        None => most,
    };
    Ok(Interval { min: Quantity::from_thousandths(min)?, max: max.map(Quantity::from_thousandths).transpose()? })
}

/// The thousandths of n for each started k (counted units), or of n × basis / k (measured units).
///
/// Quantities are below 10¹² thousandths, so a product of three fits easily.
fn rate(n: Quantity, per: Quantity, basis: Quantity, measured: bool) -> Result<i128, NoAmount> {
    let (n, basis, per) = (natural(n), natural(basis), natural(per));
    if measured { ceil_div(n * basis, per) } else { Ok(n * ceil_div(basis, per)?) }
}

fn coverage_of(coverage: &Coverage, size: Option<Quantity>, further: Option<Quantity>) -> Result<InUse, NoAmount> {
    let further = if coverage.factor_of.is_some() { further } else { Some(Quantity::whole(1)) };
    let capacity = natural(coverage.capacity);
    let unit_capacity = natural(coverage.unit_capacity);
    if capacity == 0 || unit_capacity == 0 {
        return Err(NoAmount::Meaningless);
    }
    // Nothing is to be covered, whatever the other number is.
    if size == Some(Quantity::ZERO) || further == Some(Quantity::ZERO) {
        return Ok(InUse::exactly(0, false));
    }
    let Some((size, further)) = size.zip(further) else { return Ok(InUse::OPEN) };
    let covered = natural(coverage.factor) * natural(further) * natural(size);
    let units = ceil_div(covered, capacity * SCALE * SCALE)?;
    let whole = ceil_div(units * SCALE, unit_capacity)?;
    Ok(InUse::exactly(whole.saturating_mul(SCALE), true))
}

/// The hull of the bands that the facts may be in. A row that holds from 0 says what 0 asks for. A fact that is not recorded may be anything from 0 up: within a band
/// nothing changes, so that the ends of the bands stand for all values.
fn band_of(band: &Band, first: Option<Quantity>, second: Option<Quantity>) -> InUse {
    let ends = |ends: fn(&BandRow) -> [Option<Quantity>; 2]| -> Vec<Quantity> {
        band.rows.iter().flat_map(ends).flatten().chain([Quantity::ZERO]).collect()
    };
    let first = first.map_or_else(|| ends(|row| [row.from, row.below]), |known| vec![known]);
    let second = match (&band.and, second) {
        (None, _) => vec![Quantity::ZERO],
        (Some(_), Some(known)) => vec![known],
        (Some(_), None) => ends(|row| [row.and_from, row.and_below]),
    };
    let asked = first.iter().flat_map(|first| second.iter().map(|second| band.row_of(*first, *second)));
    let (mut min, mut max) = (i128::MAX, 0);
    for row in asked {
        let number = row.map_or(0, |row| natural(row.n));
        (min, max) = (min.min(number), max.max(number));
    }
    InUse { min: min.min(max), max: Some(max), surely_asked: true, surely_not_asked: false }
}

impl Band {
    /// The first row that fits.
    pub fn row_of(&self, first: Quantity, second: Quantity) -> Option<&BandRow> {
        let within = |from: Option<Quantity>, below: Option<Quantity>, value: Quantity| {
            from.is_none_or(|from| value >= from) && below.is_none_or(|below| value < below)
        };
        self.rows.iter().find(|row| within(row.from, row.below, first) && within(row.and_from, row.and_below, second))
    }
}

fn step_of(step: &Step, size: Quantity) -> Result<InUse, NoAmount> {
    let per = natural(step.per);
    if per == 0 {
        return Err(NoAmount::Meaningless);
    }
    if size < step.from || size <= Quantity::ZERO {
        return Ok(InUse::exactly(0, false));
    }
    let further = natural(size) - natural(step.from);
    let parts = match step.rounding {
        StepRounding::Floor => further / per,
        StepRounding::Ceil => ceil_div(further, per)?,
    };
    Ok(InUse::exactly(natural(step.n) + natural(step.more) * parts, true))
}

fn per_capita_of(per_capita: &PerCapita, persons: Quantity) -> Result<InUse, NoAmount> {
    let PerCapita { n, per, time, per_time, .. } = per_capita;
    let used = natural(*n) * natural(persons) * natural(*time);
    let thousandths = ceil_div(used, natural(*per) * natural(*per_time))?;
    Ok(InUse::exactly(thousandths, persons > Quantity::ZERO))
}

/// The spare for a number in use, and the rounded sum of both.
fn with_spare(spare: Option<Spare>, in_use: Quantity, measured: bool) -> Result<(Quantity, Quantity), NoAmount> {
    let (for_each, reserve) = match spare {
        None => (1, 0),
        Some(Spare::Ratio(SpareRatio { for_each, reserve })) => (i128::from(for_each), i128::from(reserve)),
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
