//! The cells of a row as a person sees them: merged cells are one.

use crate::line::{Line, Merged};
use crate::value::Value;

/// The maximum number of characters of a row that are repeated in a warning.
const SHOWN: usize = 120;

/// A cell with a value of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell<'l> {
    /// Its column; of merged cells, the first.
    pub column: usize,
    /// Its value.
    pub value: &'l Value,
    /// Its last column, if it goes over several.
    pub last: Option<usize>,
    /// True if it began in a row above.
    pub is_repeated: bool,
}

impl<'l> Cell<'l> {
    /// Its text, if it is one.
    pub fn text(&self) -> Option<&'l str> {
        match self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text that it shows.
    pub fn shown(&self) -> String {
        match self.value {
            Value::Text(text) => text.to_string(),
            value => value.shown().unwrap_or_default(),
        }
    }
}

/// The cells of a row; of cells merged over columns, only the first.
pub(super) fn of(line: &Line) -> impl Iterator<Item = Cell<'_>> {
    line.cells.iter().enumerate().filter(|(_, value)| !value.is_empty()).filter_map(|(column, value)| {
        let area = Merged::at(&line.merged, column);
        let is_first = area.is_none_or(|area| area.first_column == column);
        is_first.then(|| Cell {
            column,
            value,
            last: area.map(|area| area.last_column).filter(|last| *last > column),
            is_repeated: area.is_some_and(|area| area.first_line < line.number),
        })
    })
}

/// The words of a row, shortened.
pub(super) fn words(line: &Line) -> String {
    let words = of(line).map(|cell| cell.shown().replace(['\n', '\t'], " ")).collect::<Vec<_>>().join(" | ");
    match words.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

/// The values of a row for its columns: a cell that goes over several columns belongs to the first of them.
pub(super) fn values(line: &Line) -> Vec<Value> {
    let mut values = vec![Value::Empty; line.cells.len()];
    for cell in of(line) {
        if let Some(value) = values.get_mut(cell.column) {
            *value = cell.value.clone();
        }
    }
    values
}

/// A text without any blanks, in which people spread words: `合　计`, `单 位`.
pub(super) fn compact(text: &str) -> String {
    crate::folding::half_width(text).chars().filter(|character| !character.is_whitespace()).collect()
}

/// The last row of the file that a row reaches: a cell of a text file may have several.
pub(super) fn last_line(line: &Line, is_text_file: bool) -> u64 {
    let breaks = |value: &Value| match value {
        Value::Text(text) if is_text_file => text.matches('\n').count(),
        _ => 0,
    };
    line.number + u64::try_from(line.cells.iter().map(breaks).sum::<usize>()).unwrap_or(0)
}
