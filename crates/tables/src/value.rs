//! Values of cells, read and written.

use std::str::FromStr as _;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::folding::half_width;
use crate::limits::{CELL_TEXT, LONGEST_NUMBER};
use base::quantity::{Quantity, QuantityError};

/// The value of a cell in a file. Texts are shared: many cells may hold the same long one.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text, or a number or a date written as text; trimmed.
    Text(Arc<str>),
    /// A number of a workbook, as an exact decimal.
    Number(Arc<str>),
    /// A number of a workbook whose cell shows other digits or words, such as `000007`.
    Formatted {
        /// The exact decimal.
        number: Arc<str>,
        /// The text shown.
        shown: Arc<str>,
    },
    /// A boolean of a workbook.
    Flag(bool),
    /// A date of a workbook.
    Day(NaiveDate),
    /// A time of day, or a date with one, which no column accepts.
    Time(Arc<str>),
    /// An error of a workbook, such as `#N/A`.
    Error(Arc<str>),
    /// A formula without its result in the file.
    Uncalculated,
    /// A text of more than 131,072 bytes, which is not kept.
    TooLong,
}

/// The maximum length of a value that is told back, in characters.
const SHOWN: usize = 80;

impl Value {
    /// The value of a text. Line ends become `\n`; blanks around it are dropped.
    pub(super) fn from_text(text: &str) -> Self {
        if text.len() > CELL_TEXT {
            return Self::TooLong;
        }
        let blank = |character: char| character.is_whitespace() || character == '\u{feff}';
        let text = text.trim_matches(blank);
        match text {
            "" => Self::Empty,
            text if text.contains('\r') => Self::Text(text.replace("\r\n", "\n").replace('\r', "\n").into()),
            text => Self::Text(text.into()),
        }
    }

    /// True for an empty cell.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The value as a person sees it, shortened.
    pub fn shown(&self) -> Option<String> {
        let text: &str = match self {
            Self::Empty => return None,
            Self::Text(text) | Self::Number(text) | Self::Time(text) | Self::Error(text) => text,
            Self::Formatted { shown, .. } => shown,
            Self::Flag(true) => "TRUE",
            Self::Flag(false) => "FALSE",
            Self::Day(day) => return Some(day.to_string()),
            Self::Uncalculated => "=…",
            Self::TooLong => "…",
        };
        Some(match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text.to_owned(),
        })
    }
}

/// A value to be written into a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// An exact number.
    Number(Quantity),
    /// A whole number.
    Whole(i64),
    /// Degrees.
    Degrees(f64),
    /// A date.
    Day(NaiveDate),
    /// A boolean.
    Flag(bool),
}

impl<T: Into<Output>> From<Option<T>> for Output {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<&str> for Output {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<&String> for Output {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<String> for Output {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Quantity> for Output {
    fn from(quantity: Quantity) -> Self {
        Self::Number(quantity)
    }
}

impl From<u32> for Output {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<f64> for Output {
    fn from(degrees: f64) -> Self {
        Self::Degrees(degrees)
    }
}

impl From<NaiveDate> for Output {
    fn from(day: NaiveDate) -> Self {
        Self::Day(day)
    }
}

impl From<bool> for Output {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// Reads an exact number, not negative, as people type it; the error is the code of a fault.
pub fn read_quantity(text: &str) -> Result<Quantity, &'static str> {
    if text.len() > LONGEST_NUMBER {
        return Err("not_a_number");
    }
    let text = half_width(text);
    let text = text.trim();
    if text.contains(['e', 'E']) {
        return Err("not_a_number");
    }
    match Quantity::from_str(text) {
        Ok(quantity) if quantity < Quantity::ZERO => Err("negative"),
        Ok(quantity) => Ok(quantity),
        Err(QuantityError::NotANumber) => Err("not_a_number"),
        Err(QuantityError::TooPrecise) => Err("too_precise"),
        Err(QuantityError::TooLarge) => Err("too_large"),
    }
}
