//! Values of cells, read and written.

use chrono::NaiveDate;

use base::quantity::Quantity;

/// The value of a cell in a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text, or a number or a date written as text; trimmed.
    Text(String),
    /// A number of a workbook, as the decimal that the sheet shows.
    Number(String),
    /// A boolean of a workbook.
    Flag(bool),
    /// A date of a workbook.
    Day(NaiveDate),
    /// A time of day, or a date with one, which no column accepts.
    Time(String),
    /// An error of a workbook, such as `#N/A`.
    Error(String),
    /// A formula without its result in the file.
    Uncalculated,
}

impl Value {
    /// The value of a text. Line ends become `\n`; blanks around it are dropped.
    pub(super) fn from_text(text: &str) -> Self {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// True for an empty cell.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// The value as a person sees it, shortened.
    pub fn shown(&self) -> Option<String> {
        let text = match self {
            Self::Empty => return None,
            Self::Text(text) | Self::Number(text) | Self::Time(text) | Self::Error(text) => text.clone(),
            Self::Flag(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Day(day) => day.to_string(),
            Self::Uncalculated => "=…".to_owned(),
        };
        Some(if text.chars().count() > 80 { text.chars().take(80).chain("…".chars()).collect() } else { text })
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

/// Replaces full-width letters, digits and signs by plain ones, because people type them without noticing.
pub(super) fn half_width(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\u{3000}' | '\u{a0}' => ' ',
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            _ => character,
        })
        .collect()
}

/// A name in the form used for comparison: case, blanks, width and the signs common in headers do not matter.
pub fn plain(text: &str) -> String {
    half_width(text)
        .chars()
        .filter(|character| !character.is_whitespace() && !matches!(character, '_' | '-' | '*' | ':' | '.' | '\''))
        .flat_map(char::to_lowercase)
        .collect()
}
