//! Cells of ledgers, by the keys of their columns.

use base::total::Total;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::interval::Interval;
use domain::labels::Labelled;
use tables::Output;
use text::language::Language;
use text::messages::message;

/// A cell: what it shows, and the code that it stands for, if it has one.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The code, by which a column map may put it into other words.
    pub code: Option<&'static str>,
    /// What it shows.
    pub shown: Output,
}

impl<T: Into<Output>> From<T> for Cell {
    fn from(shown: T) -> Self {
        Self { code: None, shown: shown.into() }
    }
}

/// The cells of a row, by the keys of their columns; those that are missing are empty.
pub type Row = Vec<(&'static str, Cell)>;

/// A code in words.
pub fn coded<C: Labelled + Copy>(code: C, language: Language) -> Cell {
    Cell { code: Some(code.into()), shown: code.label().text(language).into() }
}

/// A code in words, where there is one.
pub fn coded_option<C: Labelled + Copy>(code: Option<C>, language: Language) -> Cell {
    code.map_or_else(|| Output::Empty.into(), |code| coded(code, language))
}

/// Yes or no.
pub fn truth(so: bool, language: Language) -> Cell {
    let (code, words) = if so { ("true", message!("ledger-cell-yes")) } else { ("false", message!("ledger-cell-no")) };
    Cell { code: Some(code), shown: words.text(language).into() }
}

/// A number that is not known.
pub fn unknown(language: Language) -> Cell {
    Cell { code: Some("unknown"), shown: message!("ledger-cell-unknown").text(language).into() }
}

/// A sum: a number, or the words that it is out of range.
pub fn total(sum: Total, language: Language) -> Cell {
    match sum.known() {
        Some(quantity) => quantity.into(),
        None => Cell { code: Some("out_of_range"), shown: message!("ledger-cell-out-of-range").text(language).into() },
    }
}

/// A number known to lie between two ends: the number where they are one, else words.
pub fn interval(interval: Interval, language: Language) -> Cell {
    let Interval { min, max } = interval;
    if interval == Interval::UNKNOWN {
        return unknown(language);
    }
    match max {
        Some(max) if max == min => min.into(),
        Some(max) => {
            message!("ledger-cell-between", min = min.to_string(), max = max.to_string()).text(language).into()
        }
        None => message!("ledger-cell-at-least", min = min.to_string()).text(language).into(),
    }
}

/// The upper end of an interval; words where it has none.
pub fn upper(interval: Interval, language: Language) -> Cell {
    interval.max.map_or_else(|| unknown(language), Cell::from)
}

/// The day of an instant in a zone.
pub fn day_in(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    instant.with_timezone(&zone).date_naive()
}

/// An instant in a zone, to the minute.
pub fn minute_in(instant: DateTime<Utc>, zone: Tz) -> Cell {
    instant.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::quantity::Quantity;

    #[test]
    fn what_is_not_known_is_never_zero() {
        let number = Quantity::whole;
        let cases = [
            (Interval::UNKNOWN, Output::from("不明")),
            (Interval { min: number(4), max: None }, Output::from("不少于4")),
            (Interval { min: number(0), max: Some(number(8)) }, Output::from("0～8")),
            (Interval::exactly(number(0)), Output::from(number(0))),
            (Interval::exactly(number(8)), Output::from(number(8))),
        ];
        for (asked, shown) in cases {
            assert_eq!(interval(asked, Language::Chinese).shown, shown, "{asked:?}");
        }
        assert_eq!(total(Total::out_of_range(), Language::Chinese).shown, Output::from("达到10亿"));
    }
}
