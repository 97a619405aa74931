//! Tables for reading, with columns of their own: lists of things as CSV or as a workbook. They are not read back. They are
//! written row by row, so that a table of a million rows takes no more memory than one of ten.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;

use rust_xlsxwriter::{Format as CellFormat, Workbook, XlsxError};

use super::value::Output;
use super::write::{CsvWriter, Formats, new_workbook, write_cell};

/// The most characters of a cell of a workbook.
const CELL_CHARACTERS: usize = 32_767;

/// The most rows of a sheet below its header.
pub const SHEET_ROWS: u32 = 1_048_575;

/// The bytes of a cell of a workbook beside its text, while it is being made: about so many.
const CELL_BYTES: usize = 48;

/// The format of a table for reading.
#[derive(Clone, Debug)]
pub enum PlainFormat {
    /// CSV in UTF-8, with its mark where it is for people.
    Csv {
        /// True for a table with the mark.
        is_marked: bool,
    },
    /// A workbook of one sheet.
    Xlsx {
        /// The folder of the rows until the workbook is packed: a file without a name.
        folder: PathBuf,
    },
}

/// A failure to write a table.
#[derive(Debug, thiserror::Error)]
pub enum PlainError {
    /// The table has more rows than a sheet of a workbook.
    #[error("the table has more than {SHEET_ROWS} rows")]
    SheetFull,
    /// The file of the table cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The workbook cannot be made.
    #[error(transparent)]
    Workbook(XlsxError),
}

impl From<XlsxError> for PlainError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::IoError(error) | XlsxError::TempFileError(_, error) => Self::Io(error),
            error => Self::Workbook(error),
        }
    }
}

/// A table that is being written.
pub struct PlainWriter<W: Write>(Form<W>);

enum Form<W: Write> {
    Csv(Box<CsvWriter<W>>),
    Xlsx(Box<Sheet<W>>),
}

struct Sheet<W> {
    workbook: Workbook,
    formats: Formats,
    rows: u32,
    into: W,
}

impl<W: Write + Send> PlainWriter<W> {
    /// Begins a table with the names of its columns.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn new(into: W, format: &PlainFormat, headers: &[String]) -> Result<Self, PlainError> {
        match format {
            PlainFormat::Csv { is_marked } => {
                let mut writer = CsvWriter::new(into, *is_marked)?;
                writer.write(headers)?;
                Ok(Self(Form::Csv(Box::new(writer))))
            }
            PlainFormat::Xlsx { folder } => {
                let mut workbook = new_workbook()?;
                workbook.set_tempdir(folder)?;
                let head = CellFormat::new().set_bold();
                let page = workbook.add_worksheet_with_constant_memory()?;
                page.set_freeze_panes(1, 0)?;
                for (number, name) in (0..).zip(headers) {
                    page.write_string_with_format(0, number, name, &head)?;
                    page.set_column_width(number, 16)?;
                }
                Ok(Self(Form::Xlsx(Box::new(Sheet { workbook, formats: Formats::new(), rows: 0, into }))))
            }
        }
    }

    /// Writes a row, as long as the header. A text that is longer than a cell of a workbook can be is cut, and ends with `…`.
    /// Returns about how many bytes it takes on the disk beside the table itself.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&mut self, row: &[Output]) -> Result<usize, PlainError> {
        let sheet = match &mut self.0 {
            Form::Csv(writer) => {
                writer.write_values(row.iter())?;
                return Ok(0);
            }
            Form::Xlsx(sheet) => sheet,
        };
        if sheet.rows >= SHEET_ROWS {
            return Err(PlainError::SheetFull);
        }
        sheet.rows += 1;
        on_disk(|| sheet.write(row))
    }

    /// Ends the table. A workbook is packed here, which takes longer than to write its rows.
    ///
    /// # Errors
    /// If it cannot be written to its end.
    pub fn finish(self) -> Result<W, PlainError> {
        match self.0 {
            Form::Csv(writer) => Ok(writer.finish()?),
            Form::Xlsx(mut sheet) => {
                on_disk(|| Ok(sheet.workbook.save_to_writer(&mut sheet.into)?))?;
                Ok(sheet.into)
            }
        }
    }
}

impl<W> Sheet<W> {
    /// Writes a row in the place that is its number. Returns about how many bytes it takes on the disk.
    fn write(&mut self, row: &[Output]) -> Result<usize, PlainError> {
        let page = self.workbook.worksheet_from_index(0)?;
        let mut bytes = 0;
        for (column, cell) in (0..).zip(row) {
            bytes += CELL_BYTES;
            match cell {
                Output::Text(text) if text.len() > CELL_CHARACTERS && text.chars().count() > CELL_CHARACTERS => {
                    let cut: String = text.chars().take(CELL_CHARACTERS - 1).chain(['…']).collect();
                    bytes += cut.len();
                    write_cell(page, self.rows, column, &Output::Text(cut), &self.formats)?;
                }
                cell => {
                    bytes += if let Output::Text(text) = cell { text.len() } else { 0 };
                    write_cell(page, self.rows, column, cell, &self.formats)?;
                }
            }
        }
        Ok(bytes)
    }
}

/// Runs what writes the file of a workbook's rows. The library panics where the disk is full; that is an error like any other.
fn on_disk<T>(work: impl FnOnce() -> Result<T, PlainError>) -> Result<T, PlainError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map_or("", String::as_str);
        if words.contains("StorageFull") || words.contains("QuotaExceeded") {
            return Err(PlainError::Io(io::Error::new(
                io::ErrorKind::StorageFull,
                "the rows of a workbook take no more",
            )));
        }
        resume_unwind(panic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_an_error_and_no_other_panic_is() {
        let full = || -> Result<(), PlainError> { panic!("{}", "Couldn't write to xml file: Kind(StorageFull)") };
        let Err(PlainError::Io(error)) = on_disk(full) else { panic!("a full disk is an error of input and output") };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        let other = || -> Result<(), PlainError> { panic!("something else") };
        assert!(catch_unwind(AssertUnwindSafe(|| on_disk(other))).is_err());
    }
}
