//! Values of explanations: members that must be there, quantities as whole thousandths, intervals, and the comparison of a
//! value found with the one expected.

use serde_json::{Map, Value, json};

/// The strengths, from the weakest to the strongest.
pub const STRENGTHS: [&str; 4] = ["optional", "reference", "recommended", "mandatory"];

/// The limit of quantities, in thousandths: 10⁹.
pub const LIMIT: i128 = 1_000_000_000_000;

/// The document is no explanation: something is missing, or is of another type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable(pub &'static str);

/// The result of reading a document.
pub type Read<T> = Result<T, Unreadable>;

/// A value that differs from the one that follows from the rest of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Its JSON pointer.
    pub pointer: String,
    /// The value that follows from the rest; `null` if none does, or if it is not told.
    pub expected: Value,
    /// The value that stands there; `null` if none does.
    pub found: Value,
}

/// An interval of thousandths; `None` is unbounded.
pub type Pair = (i128, Option<i128>);

/// Nothing.
pub const ZERO: Pair = (0, Some(0));

/// Zero to unbounded.
pub const UNKNOWN: Pair = (0, None);

/// A member that must be there.
pub fn get<'v>(value: &'v Value, name: &'static str) -> Read<&'v Value> {
    value.get(name).filter(|_| value.is_object()).ok_or(Unreadable(name))
}

/// A member that may be missing or `null`.
pub fn optional<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).filter(|found| !found.is_null())
}

/// A text that must be there.
pub fn text<'v>(value: &'v Value, name: &'static str) -> Read<&'v str> {
    get(value, name)?.as_str().ok_or(Unreadable(name))
}

/// A list that must be there.
pub fn list<'v>(value: &'v Value, name: &'static str) -> Read<&'v [Value]> {
    get(value, name)?.as_array().map(Vec::as_slice).ok_or(Unreadable(name))
}

/// An object that must be there.
pub fn object<'v>(value: &'v Value, name: &'static str) -> Read<&'v Value> {
    get(value, name).and_then(|found| if found.is_object() { Ok(found) } else { Err(Unreadable(name)) })
}

/// A whole number.
pub fn whole(value: &Value) -> Read<i128> {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from)).ok_or(Unreadable("number"))
}

/// A whole number of a member that may be missing.
pub fn optional_whole(value: &Value, name: &str) -> Read<Option<i128>> {
    optional(value, name).map(whole).transpose()
}

/// A quantity in thousandths; it may be negative.
pub fn signed(value: &Value) -> Read<i128> {
    let number = value.as_number().ok_or(Unreadable("number"))?;
    let written = number.to_string();
    let (sign, written) = written.strip_prefix('-').map_or((1, written.as_str()), |rest| (-1, rest));
    let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
    let (units, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{units}{fraction}");
    let power = exponent.parse::<i64>().ok().zip(i64::try_from(fraction.len()).ok());
    let power = power.map(|(exponent, fraction)| exponent - fraction + 3).ok_or(Unreadable("number"))?;
    let significant = digits.trim_end_matches('0');
    let dropped = i64::try_from(digits.len() - significant.len()).unwrap_or(0);
    if significant.trim_start_matches('0').is_empty() {
        return Ok(0);
    }
    let shift = u32::try_from(power + dropped).map_err(|_| Unreadable("quantity"))?;
    let scale = 10_i128.checked_pow(shift).ok_or(Unreadable("quantity"))?;
    let size =
        significant.parse::<i128>().ok().and_then(|size| size.checked_mul(scale)).ok_or(Unreadable("quantity"))?;
    if size >= LIMIT { Err(Unreadable("quantity")) } else { Ok(sign * size) }
}

/// A quantity in thousandths; a negative one counts as zero.
pub fn natural(value: &Value) -> Read<i128> {
    Ok(signed(value)?.max(0))
}

/// A quantity of a member that may be missing.
pub fn optional_natural(value: &Value, name: &str) -> Read<Option<i128>> {
    optional(value, name).map(natural).transpose()
}

/// Thousandths as a number of JSON; `None` is `null`.
pub fn number(thousandths: Option<i128>) -> Value {
    let Some(thousandths) = thousandths else { return Value::Null };
    let small = i64::try_from(thousandths).unwrap_or(i64::MAX);
    // Below 10⁹ the nearest double is written as the decimal that it was made from.
    #[expect(clippy::cast_precision_loss)]
    let number = if small % 1_000 == 0 { json!(small / 1_000) } else { json!(small as f64 / 1_000.0) };
    number
}

/// An interval of the document.
pub fn interval(value: &Value) -> Read<Pair> {
    let high = get(value, "max")?;
    Ok((natural(get(value, "min")?)?, if high.is_null() { None } else { Some(natural(high)?) }))
}

/// An interval as JSON.
pub fn shown(pair: Pair) -> Value {
    json!({"min": number(Some(pair.0)), "max": number(pair.1)})
}

/// The larger, end by end.
pub fn larger(one: Pair, other: Pair) -> Pair {
    (one.0.max(other.0), one.1.zip(other.1).map(|(one, other)| one.max(other)))
}

/// The smallest interval that holds both.
pub fn hull(one: Pair, other: Pair) -> Pair {
    (one.0.min(other.0), one.1.zip(other.1).map(|(one, other)| one.max(other)))
}

/// The sum, end by end; `None` if an end is out of range.
pub fn total(pairs: impl IntoIterator<Item = Pair>) -> Option<Pair> {
    let sum = pairs.into_iter().fold(ZERO, |sum, pair| (sum.0 + pair.0, sum.1.zip(pair.1).map(|(one, two)| one + two)));
    (sum.0 < LIMIT && sum.1.is_none_or(|high| high < LIMIT)).then_some(sum)
}

/// A sum that, once out of range, stays so.
pub fn plus(one: Option<i128>, other: Option<i128>) -> Option<i128> {
    one.zip(other).map(|(one, other)| one + other).filter(|sum| *sum < LIMIT)
}

/// What is missing of a requirement.
pub fn shortage(required: Pair, usable: Pair) -> Pair {
    let least = usable.1.map_or(0, |most| (required.0 - most).max(0));
    (least, required.1.map(|most| (most - usable.0).max(0)))
}

/// The only member of an object that is one of some names.
pub fn only<'v>(value: &'v Value, names: &[&'static str]) -> Read<(&'static str, &'v Value)> {
    let members = value.as_object().ok_or(Unreadable("members"))?;
    let mut found = names.iter().filter_map(|name| Some((*name, members.get(*name)?)));
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(Unreadable("members")),
    }
}

/// The values that differ.
#[derive(Clone, Debug, Default)]
pub struct Differences(pub Vec<Difference>);

impl Differences {
    /// Notes a value that differs.
    pub fn note(&mut self, pointer: impl Into<String>, expected: Value, found: Value) {
        self.0.push(Difference { pointer: pointer.into(), expected, found });
    }

    /// Compares a value; words are not compared.
    pub fn compare(&mut self, expected: &Value, found: &Value, pointer: &str) {
        match (expected, found) {
            (Value::Object(one), Value::Object(other)) => self.compare_members(one, other, pointer),
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                for (place, (one, other)) in one.iter().zip(other).enumerate() {
                    self.compare(one, other, &format!("{pointer}/{place}"));
                }
            }
            (Value::Number(_), Value::Number(_)) if equal_numbers(expected, found) => {}
            _ if expected == found => {}
            _ => self.note(pointer, expected.clone(), found.clone()),
        }
    }

    fn compare_members(&mut self, one: &Map<String, Value>, other: &Map<String, Value>, pointer: &str) {
        let mut names: Vec<&String> = one.keys().chain(other.keys()).filter(|name| *name != "words").collect();
        names.sort();
        names.dedup();
        for name in names {
            let at = format!("{pointer}/{}", escaped(name));
            match (one.get(name), other.get(name)) {
                (Some(expected), Some(found)) => self.compare(expected, found, &at),
                (expected, found) => {
                    self.note(at, expected.cloned().unwrap_or_default(), found.cloned().unwrap_or_default());
                }
            }
        }
    }

    /// Compares one member; `null` stands for one that must be left out or `null`.
    pub fn member(&mut self, value: &Value, name: &str, expected: &Value, pointer: &str) {
        let found = value.get(name).unwrap_or(&Value::Null);
        self.compare(expected, found, &format!("{pointer}/{}", escaped(name)));
    }
}

/// True if two values are the same but for words and the spelling of numbers.
pub fn same(one: &Value, other: &Value) -> bool {
    let mut differences = Differences::default();
    differences.compare(one, other, "");
    differences.0.is_empty()
}

fn equal_numbers(one: &Value, other: &Value) -> bool {
    match (signed(one), signed(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A place in a list of names, for values that are ordered.
pub fn rank(names: &[&str], name: &str) -> Read<usize> {
    names.iter().position(|known| *known == name).ok_or(Unreadable("code"))
}
