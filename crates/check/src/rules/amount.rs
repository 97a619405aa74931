//! Quantities of rules: the number in use, its limits, the spare and the rounding, in whole thousandths.

use serde_json::Value;

use crate::value::{
    LIMIT, Pair, Read, Unreadable, ZERO, get, list, natural, only, optional, optional_natural, text, whole,
};

/// The forms of quantities.
pub const FORMS: [&str; 15] = [
    "rate",
    "coverage",
    "band",
    "step",
    "per_capita",
    "ratio",
    "present",
    "range",
    "as_needed",
    "optional",
    "away_at_most",
    "service_life",
    "classes",
    "stated",
    "not_evaluated",
];

/// The causes for which a rule has no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Its form has no number, or no target is declared.
    Open,
    /// A number per nothing, or a circle.
    Meaningless,
    /// 10⁹ or more.
    OutOfRange,
}

/// The steps of a working.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// In use, within its limits.
    pub in_use: Pair,
    /// The spare.
    pub spare: Pair,
    /// The rounded sum.
    pub total: Pair,
}

/// What a quantity counts.
pub struct Counted<'c> {
    /// The facts, in the order of the quantity's members.
    pub facts: &'c [Option<i128>],
    /// What is required of the selector that a ratio counts.
    pub other: Result<Pair, Cause>,
    /// The declared target.
    pub target: Option<i128>,
}

/// The number in use before its limits.
struct Used {
    low: i128,
    high: Option<i128>,
    surely_asked: bool,
    surely_not_asked: bool,
}

impl Used {
    const OPEN: Self = Self { low: 0, high: None, surely_asked: false, surely_not_asked: false };

    fn exactly(number: i128, above_zero: bool) -> Self {
        Self { low: number, high: Some(number), surely_asked: above_zero, surely_not_asked: !above_zero }
    }
}

/// A step of a calculation: the document may be unreadable, and the quantity may have no amount.
type Step<T> = Read<Result<T, Cause>>;

/// Gives back the cause for which there is no amount.
macro_rules! known {
    ($step:expr) => {
        match $step {
            Ok(value) => value,
            Err(cause) => return Ok(Err(cause)),
        }
    };
}

fn ceil(dividend: i128, divisor: i128) -> Result<i128, Cause> {
    if divisor > 0 { Ok(dividend / divisor + i128::from(dividend % divisor > 0)) } else { Err(Cause::Meaningless) }
}

fn in_range(number: i128) -> Result<i128, Cause> {
    if number < LIMIT { Ok(number) } else { Err(Cause::OutOfRange) }
}

fn rate(n: i128, per: i128, basis: i128, measured: bool) -> Result<i128, Cause> {
    if measured { ceil(n * basis, per) } else { Ok(n * ceil(basis, per)?) }
}

/// The facts that a quantity counts.
pub fn facts_of<'v>(form: &str, value: &'v Value) -> Vec<&'v Value> {
    let names: &[&str] = match form {
        "rate" | "range" | "step" | "per_capita" => &["of"],
        "coverage" => &["of", "factor_of"],
        "band" => &["of", "and"],
        _ => &[],
    };
    names.iter().filter_map(|name| optional(value, name)).collect()
}

/// The amount of a quantity.
pub fn amount(quantity: &Value, counted: &Counted<'_>, measured: bool) -> Step<Amount> {
    let (form, value) = only(quantity, &FORMS)?;
    let spare = optional(value, "spare");
    let (for_each, reserve) = match spare {
        None => (1, 0),
        Some(spare) => match only(spare, &["ratio", "percent"])? {
            ("ratio", share) => (whole(get(share, "for_each")?)?, whole(get(share, "reserve")?)?),
            (_, share) => (100, whole(share)?),
        },
    };
    if for_each == 0 {
        return Ok(Err(Cause::Meaningless));
    }
    match form {
        "optional" => return Ok(Ok(Amount { in_use: ZERO, spare: ZERO, total: ZERO })),
        "as_needed" => {
            let exactly = |target: i128| (target, Some(target));
            let amount = |target| Amount { in_use: exactly(target), spare: ZERO, total: exactly(target) };
            return Ok(counted.target.map(amount).ok_or(Cause::Open));
        }
        _ => {}
    }
    let used = known!(used(form, value, counted, measured)?);
    let has_least = matches!(form, "rate" | "coverage" | "per_capita" | "ratio");
    let least = if has_least { optional_natural(value, "at_least")?.unwrap_or(0) } else { 0 };
    let most = if has_least || form == "step" { optional_natural(value, "at_most")? } else { None };
    let most = most.map(|most| most.max(least));
    let bounded = |asked: i128, least: i128| most.map_or(asked, |most| asked.min(most)).max(least);
    let in_use = if used.surely_not_asked {
        let none = known!(in_range(bounded(used.low, 0)));
        (none, Some(none))
    } else {
        let low = known!(in_range(bounded(used.low, if used.surely_asked { least } else { 0 })));
        let high = match used.high {
            None => most,
            Some(high) => Some(known!(in_range(bounded(high, least)))),
        };
        (low, high)
    };
    let unit = if measured { 1 } else { 1_000 };
    let end = |end: i128| {
        let added = ceil(end * reserve, for_each * unit)? * unit;
        let sum = ceil(end + added, unit)? * unit;
        Ok::<_, Cause>((in_range(added)?, in_range(sum)?))
    };
    let low = known!(end(in_use.0));
    let high = match in_use.1 {
        None => None,
        Some(high) => Some(known!(end(high))),
    };
    let added = (low.0, high.map(|(added, _)| added));
    let spare = if spare.is_some() { added } else { ZERO };
    Ok(Ok(Amount { in_use, spare, total: (low.1, high.map(|(_, total)| total)) }))
}

fn used(form: &str, value: &Value, counted: &Counted<'_>, measured: bool) -> Step<Used> {
    let of = |name: &str, usual: i128| Ok(optional_natural(value, name)?.unwrap_or(usual));
    let n = |name: &'static str| natural(get(value, name)?);
    let fact = |place: usize| counted.facts.get(place).copied().flatten();
    let has = |name: &str| optional(value, name).is_some();
    Ok(match form {
        "rate" | "range" => {
            let Some(size) = (if has("of") { fact(0) } else { Some(1_000) }) else { return Ok(Ok(Used::OPEN)) };
            let n = n(if form == "rate" { "n" } else { "from" })?;
            rate(n, of("per", 1_000)?, size, measured).map(|number| Used::exactly(number, size > 0))
        }
        "coverage" => {
            let further = if has("factor_of") { fact(1) } else { Some(1_000) };
            let (capacity, unit_capacity) = (n("capacity")?, of("unit_capacity", 1_000)?);
            if capacity == 0 || unit_capacity == 0 {
                return Ok(Err(Cause::Meaningless));
            }
            if fact(0) == Some(0) || further == Some(0) {
                return Ok(Ok(Used::exactly(0, false)));
            }
            let Some((size, further)) = fact(0).zip(further) else { return Ok(Ok(Used::OPEN)) };
            let units = known!(ceil(of("factor", 1_000)? * further * size, capacity * 1_000_000));
            let number = known!(ceil(units * 1_000, unit_capacity));
            Ok(Used::exactly(number.saturating_mul(1_000), size > 0 && further > 0))
        }
        "band" => Ok(band(value, fact(0), fact(1))?),
        "step" => {
            let Some(size) = fact(0) else { return Ok(Ok(Used::OPEN)) };
            let (per, from) = (n("per")?, of("from", 0)?);
            if per == 0 {
                return Ok(Err(Cause::Meaningless));
            }
            if size == 0 || size < from {
                return Ok(Ok(Used::exactly(0, false)));
            }
            let further = size - from;
            let parts = if text(value, "rounding")? == "floor" { further / per } else { known!(ceil(further, per)) };
            Ok(Used::exactly(n("n")? + n("more")? * parts, true))
        }
        "per_capita" => {
            let Some(persons) = fact(0) else { return Ok(Ok(Used::OPEN)) };
            let needed = n("n")? * persons * n("time")?;
            ceil(needed, of("per", 1_000)? * of("per_time", 1_000)?).map(|number| Used::exactly(number, persons > 0))
        }
        "ratio" => {
            let other = known!(counted.other);
            let (n, per) = (n("n")?, of("per", 1_000)?);
            let low = known!(rate(n, per, other.0, measured));
            let high = match other.1 {
                None => None,
                Some(high) => Some(known!(rate(n, per, high, measured))),
            };
            Ok(Used { low, high, surely_asked: other.0 > 0, surely_not_asked: other == ZERO })
        }
        "present" => Ok(Used::exactly(1_000, true)),
        _ => Err(Cause::Open),
    })
}

/// The hull of the bands that the facts may be in.
fn band(value: &Value, first: Option<i128>, second: Option<i128>) -> Read<Used> {
    let rows = list(value, "rows")?;
    let ends = |names: [&str; 2]| -> Read<Vec<i128>> {
        let mut ends = vec![0];
        for row in rows {
            for name in names {
                ends.extend(optional_natural(row, name)?);
            }
        }
        Ok(ends)
    };
    let firsts = first.map_or_else(|| ends(["from", "below"]), |known| Ok(vec![known]))?;
    let seconds = match (optional(value, "and"), second) {
        (None, _) => vec![0],
        (Some(_), Some(known)) => vec![known],
        (Some(_), None) => ends(["and_from", "and_below"])?,
    };
    let mut numbers = Vec::new();
    for one in &firsts {
        for two in &seconds {
            numbers.push(row_of(rows, *one, *two)?);
        }
    }
    let low = numbers.iter().copied().min().ok_or(Unreadable("rows"))?;
    Ok(Used { low, high: numbers.into_iter().max(), surely_asked: true, surely_not_asked: false })
}

/// The number of the first row that fits; 0 if none does.
fn row_of(rows: &[Value], first: i128, second: i128) -> Read<i128> {
    for row in rows {
        let [from, below, and_from, and_below] =
            ["from", "below", "and_from", "and_below"].map(|name| optional_natural(row, name));
        let within = |from: Option<i128>, below: Option<i128>, value: i128| {
            from.is_none_or(|from| value >= from) && below.is_none_or(|below| value < below)
        };
        if within(from?, below?, first) && within(and_from?, and_below?, second) {
            return natural(get(row, "n")?);
        }
    }
    Ok(0)
}

/// A total for one of the lines that a rule asks for: so many times.
pub fn times(total: Pair, multiple: i128, measured: bool) -> Result<Pair, Cause> {
    let unit = if measured { 1 } else { 1_000 };
    let end = |end: i128| in_range(ceil(end * multiple, 1_000 * unit)? * unit);
    Ok((end(total.0)?, total.1.map(end).transpose()?))
}
