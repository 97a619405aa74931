//! CSV as people write it: separated by commas, semicolons or tabs, quoted where needed.
//!
//! This is a reader of our own because an unclosed quote must be reported with its line: a lenient reader reads the rest
//! of the file as one cell.

pub(crate) mod guard;

use std::iter::Peekable;
use std::str::Chars;

use crate::limits::{Budget, CELL_TEXT, COLUMNS, TableFault};
use crate::line::Line;
use crate::value::Value;

/// The possible separators of cells.
pub(crate) const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The separator declared on the first line, as Excel reads it: `sep=;`.
pub(crate) fn said_separator(text: &str) -> Option<char> {
    let line = text.lines().next()?.trim_end_matches(['\r', ',', ';', '\t', '"']).trim_start_matches('"');
    let rest = text.lines().next()?.trim_start_matches('"').strip_prefix("sep=")?;
    (line.len() <= 5).then(|| rest.chars().next()).flatten()
}

/// The rows of a text. Empty rows are skipped, but their lines are counted.
pub(crate) struct Rows<'t> {
    characters: Peekable<Chars<'t>>,
    separator: char,
    budget: Option<&'t Budget>,
    /// The current line.
    line: u64,
    is_over: bool,
}

impl<'t> Rows<'t> {
    /// Starts to read a text. A trial read has no budget and uses none of the bounds.
    pub(crate) fn of(text: &'t str, separator: char, budget: Option<&'t Budget>) -> Self {
        Self { characters: text.chars().peekable(), separator, budget, line: 1, is_over: false }
    }

    /// Reads the next row, without empty cells at the end.
    fn row(&mut self) -> Result<Line, TableFault> {
        let mut line = Line { number: self.line, cells: Vec::new(), is_hidden: false, merged: Vec::new() };
        let mut column = 0;
        loop {
            let (value, end) = self.cell()?;
            match self.budget {
                _ if value.is_empty() => {}
                Some(_) if column >= COLUMNS => return Err(TableFault::TableTooLarge),
                // A trial needs no further columns.
                None if column >= COLUMNS => {}
                budget => {
                    if let Some(budget) = budget {
                        budget.take_cells(column + 1 - line.cells.len())?;
                    }
                    line.cells.resize(column, Value::Empty);
                    line.cells.push(value);
                }
            }
            column += 1;
            match end {
                End::Cell => {}
                End::Row => {
                    self.line += 1;
                    return Ok(line);
                }
                End::File => {
                    self.is_over = true;
                    return Ok(line);
                }
            }
        }
    }

    fn cell(&mut self) -> Result<(Value, End), TableFault> {
        let mut text = String::new();
        let mut is_quoted = false;
        let mut is_too_long = false;
        let end = loop {
            match self.characters.next() {
                None => break End::File,
                Some(separator) if separator == self.separator => break End::Cell,
                Some('\r') if self.characters.peek() == Some(&'\n') => {}
                Some('\n' | '\r') => break End::Row,
                Some('"') if !is_quoted && text.trim().is_empty() => {
                    text.clear();
                    is_quoted = true;
                    is_too_long = self.quoted(&mut text)?;
                }
                Some(' ') if is_quoted => {}
                Some(_) if is_quoted => return Err(TableFault::QuoteFollowed(self.line)),
                Some(character) if text.len() <= CELL_TEXT => text.push(character),
                Some(_) => is_too_long = true,
            }
        };
        let value = if is_too_long { Value::TooLong } else { Value::from_text(guard::taken_off(text.trim())) };
        Ok((value, end))
    }

    /// Reads a quoted text to its closing quote; `true` if it is too long.
    fn quoted(&mut self, text: &mut String) -> Result<bool, TableFault> {
        let opened = self.line;
        let mut is_too_long = false;
        while let Some(character) = self.characters.next() {
            match character {
                '"' if self.characters.peek() == Some(&'"') => _ = self.characters.next(),
                '"' => {
                    // A quote that closes after many lines belongs to another cell: the fault is where it was opened.
                    let follows = self.characters.clone().find(|next| *next != ' ');
                    let is_end = follows.is_none_or(|next| next == self.separator || matches!(next, '\n' | '\r'));
                    return match (is_end, opened == self.line) {
                        (true, _) => Ok(is_too_long),
                        (false, true) => Err(TableFault::QuoteFollowed(opened)),
                        (false, false) => Err(TableFault::QuoteNotClosed(opened)),
                    };
                }
                '\n' => self.line += 1,
                '\r' if self.characters.peek() != Some(&'\n') => self.line += 1,
                _ => {}
            }
            if text.len() <= CELL_TEXT {
                text.push(character);
            } else {
                is_too_long = true;
            }
        }
        Err(TableFault::QuoteNotClosed(opened))
    }
}

/// The character that ends a cell.
enum End {
    Cell,
    Row,
    File,
}

impl Iterator for Rows<'_> {
    type Item = Result<Line, TableFault>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.is_over {
            match self.row() {
                Ok(row) if row.cells.is_empty() => {
                    if let Some(Err(fault)) = self.budget.map(Budget::go_on) {
                        self.is_over = true;
                        return Some(Err(fault));
                    }
                }
                Ok(row) => return Some(Ok(row)),
                Err(fault) => {
                    self.is_over = true;
                    return Some(Err(fault));
                }
            }
        }
        None
    }
}
