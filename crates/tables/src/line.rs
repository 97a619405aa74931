//! Rows of tables, as read.

use super::value::Value;

/// The mark before a row, a column or a sheet that is not imported.
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
    /// Merged areas that cover cells of the row, in the order of their columns; each cell in one has the value of its first.
    pub merged: Vec<Merged>,
}

/// Merged cells of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Merged {
    /// Its first column, from 0.
    pub first_column: usize,
    /// Its last column.
    pub last_column: usize,
    /// The number of its first row.
    pub first_line: u64,
    /// The number of its last row.
    pub last_line: u64,
}

impl Merged {
    /// The area that a column belongs to, of those of a row.
    pub fn at(areas: &[Self], column: usize) -> Option<&Self> {
        let next = areas.partition_point(|area| area.first_column <= column);
        areas.get(next.checked_sub(1)?).filter(|area| column <= area.last_column)
    }
}

impl Line {
    /// True for a row that the person keeps for their own use, such as an example.
    pub fn is_left_out(&self) -> bool {
        matches!(self.cells.first(), Some(Value::Text(text)) if text.starts_with(LEFT_OUT))
    }
}
