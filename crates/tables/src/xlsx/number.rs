//! Numbers of a workbook: as exact decimals, and as days.

use chrono::{Days, NaiveDate};

use crate::value::Value;

/// A number with the fifteen digits that a spreadsheet program keeps, without binary rounding errors.
pub(super) fn as_shown(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let point = exponent.parse::<i64>().unwrap_or(0) + 1;
    let length = i64::try_from(digits.len()).unwrap_or(0);
    let zeros = |number: i64| "0".repeat(usize::try_from(number).unwrap_or(0).min(400));
    if point >= length {
        format!("{sign}{digits}{}", zeros(point - length))
    } else if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{sign}{whole}.{fraction}")
    }
}

/// The seconds of a day.
const DAY: f64 = 86_400.0;

/// Reads the number of a cell formatted as a date: a day, or a value with a time of day, which is not a day.
pub(super) fn day_of(number: f64, is_1904: bool) -> Value {
    let seconds = (number.fract() * DAY).round();
    let (whole, seconds) = if seconds >= DAY { (number.trunc() + 1.0, 0.0) } else { (number.trunc(), seconds) };
    // Spreadsheet programs treat 1900 as a leap year, so their numbers before March 1900 are one day off.
    let since = if is_1904 {
        1_462.0
    } else if whole < 61.0 {
        1.0
    } else {
        0.0
    };
    let day = format!("{:.0}", whole + since).parse().ok().filter(|days: &u64| *days <= 2_958_465);
    let day = day.and_then(|days| NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days)));
    match day {
        Some(day) if number >= 1.0 && seconds == 0.0 => Value::Day(day),
        Some(day) if number >= 0.0 => {
            let part = |of: f64, size: f64| (seconds / of).trunc() % size;
            let (hour, minute, second) = (part(3_600.0, 24.0), part(60.0, 60.0), part(1.0, 60.0));
            Value::Time(format!("{day} {hour:02}:{minute:02}:{second:02}").into())
        }
        _ => Value::Time(as_shown(number).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_as_the_sheet_shows_it() {
        for (number, shown) in [
            (12.0, "12"),
            (0.1 + 0.2, "0.3"),
            (159_900_000_000.0, "159900000000"),
            (-73.25, "-73.25"),
            (0.001, "0.001"),
            (1e15, "1000000000000000"),
            (0.0, "0"),
            (-0.0, "0"),
            (2.5e-7, "0.00000025"),
            (1.1 * 3.0, "3.3"),
        ] {
            assert_eq!(as_shown(number), shown, "{number:?}");
        }
    }
}
