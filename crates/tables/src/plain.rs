//! Tables for reading, with columns of their own: lists of things as CSV or as a workbook. They are not read back.

use rust_xlsxwriter::{Format as CellFormat, XlsxError};

use super::value::Output;
use super::write::{CsvWriter, Formats, new_workbook, write_cell};

/// The most characters of a cell of a workbook.
const CELL_CHARACTERS: usize = 32_767;

/// The most rows of a sheet, its header included.
const SHEET_ROWS: usize = 1_048_576;

/// A table for reading.
#[derive(Clone, Debug, Default)]
pub struct PlainTable {
    /// The names of its columns.
    pub headers: Vec<String>,
    /// Its rows, each as long as the header.
    pub rows: Vec<Vec<Output>>,
}

impl PlainTable {
    /// The table as CSV in UTF-8, with its mark where it is for people.
    ///
    /// # Errors
    /// If it cannot be written to its end.
    pub fn to_csv(&self, is_marked: bool) -> std::io::Result<Vec<u8>> {
        let mut writer = CsvWriter::new(is_marked);
        writer.write(&self.headers)?;
        for row in &self.rows {
            writer.write_values(row.iter())?;
        }
        writer.finish()
    }

    /// The table as a workbook of one sheet. A text that is longer than a cell can be is cut, and ends with `…`.
    ///
    /// # Errors
    /// If it has more rows than a sheet.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        if self.rows.len() >= SHEET_ROWS {
            return Err(XlsxError::RowColumnLimitError);
        }
        let mut workbook = new_workbook()?;
        let (head, formats) = (CellFormat::new().set_bold(), Formats::new());
        let page = workbook.add_worksheet();
        page.set_freeze_panes(1, 0)?;
        for (number, name) in (0..).zip(&self.headers) {
            page.write_string_with_format(0, number, name, &head)?;
            page.set_column_width(number, 16)?;
        }
        for (line, row) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(row) {
                match cell {
                    Output::Text(text) if text.chars().count() > CELL_CHARACTERS => {
                        let cut: String = text.chars().take(CELL_CHARACTERS - 1).chain(['…']).collect();
                        write_cell(page, line, column, &Output::Text(cut), &formats)?;
                    }
                    cell => write_cell(page, line, column, cell, &formats)?,
                }
            }
        }
        workbook.save_to_buffer()
    }
}
