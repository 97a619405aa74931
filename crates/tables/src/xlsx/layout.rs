//! The layout of a sheet, which is stored around its cells: merged areas and hidden columns.

use quick_xml::events::Event;

use super::xml::{Xml, attribute, is_set, number};
use crate::limits::{Budget, COLUMNS, TableFault};
use crate::line::Merged;

/// The number of rows that a sheet can have, empty ones among them.
const SHEET_ROWS: usize = 1_048_576;

/// Merged cells, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub first_row: u32,
    pub last_row: u32,
    pub first_column: usize,
    pub last_column: usize,
}

impl Area {
    /// The area with its rows as people number them.
    pub(super) fn merged(&self) -> Merged {
        let Self { first_row, last_row, first_column, last_column } = *self;
        Merged { first_column, last_column, first_line: u64::from(first_row) + 1, last_line: u64::from(last_row) + 1 }
    }
}

/// The layout of a sheet.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Merged areas, the first at the end.
    merged: Vec<Area>,
    /// The first and last of hidden columns, from 0.
    pub hidden_columns: Vec<(usize, usize)>,
}

impl Layout {
    /// Reads the layout from the part of a sheet.
    pub(super) fn read(mut xml: Xml<'_>, budget: &Budget) -> Result<Self, TableFault> {
        let mut layout = Self::default();
        let mut rows = 0_usize;
        while let Some(event) = xml.next()? {
            let Event::Start(tag) = event else { continue };
            match tag.local_name().as_ref() {
                "col" if is_set(&tag, "hidden") => {
                    let bound = |name| number(&tag, name).and_then(|at| usize::try_from(at).ok());
                    if let Some((first, last)) = bound("min").zip(bound("max")) {
                        budget.take_cells(1)?;
                        layout.hidden_columns.push((first.saturating_sub(1), last.saturating_sub(1).min(COLUMNS)));
                    }
                }
                "mergeCell" => {
                    if let Some(area) = attribute(&tag, "ref").as_deref().and_then(area_of) {
                        budget.take_cells(1)?;
                        layout.merged.push(area);
                    }
                }
                "row" => {
                    budget.go_on()?;
                    rows += 1;
                    if rows > SHEET_ROWS {
                        return Err(TableFault::TableTooLarge);
                    }
                }
                _ => {}
            }
        }
        layout.merged.sort_by_key(|area| std::cmp::Reverse(area.first_row));
        Ok(layout)
    }

    /// Takes the next merged area that begins in a row, or in one above it.
    pub(super) fn next_merged(&mut self, row: u32) -> Option<Area> {
        self.merged.pop_if(|area| area.first_row <= row)
    }
}

fn area_of(text: &str) -> Option<Area> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let (first_row, last_row) = (row_of(first)?, row_of(last)?);
    Some(Area { first_row, last_row, first_column: column_of(first)?, last_column: column_of(last)? })
}

/// The row of a place such as `B7`, from 0.
fn row_of(place: &str) -> Option<u32> {
    let digits = place.trim_start_matches(|character: char| character.is_ascii_alphabetic() || character == '$');
    digits.parse::<u32>().ok()?.checked_sub(1)
}

/// The column of a place such as `B7`, from 0.
pub(super) fn column_of(place: &str) -> Option<usize> {
    let letters = place.trim_start_matches('$').bytes().take_while(u8::is_ascii_alphabetic);
    let number =
        letters.take(4).fold(0, |number, letter| number * 26 + usize::from(letter.to_ascii_uppercase() - b'@'));
    usize::checked_sub(number, 1)
}
