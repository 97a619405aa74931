//! Rows of tables as they are read.

use super::value::Value;

/// The sign before a row, a column or a sheet that is not imported.
pub(crate) const LEFT_OUT: [char; 2] = ['#', '＃'];

/// A row of a table, as read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Its number in the sheet, or its first line in the text file, from 1.
    pub number: u64,
    /// Its cells.
    pub cells: Vec<Value>,
    /// True where people do not see it.
    pub is_hidden: bool,
}

impl Line {
    /// True for a row that the person keeps for their own use, such as an example.
    pub fn is_left_out(&self) -> bool {
        matches!(self.cells.first(), Some(Value::Text(text)) if text.starts_with(LEFT_OUT))
    }
}
