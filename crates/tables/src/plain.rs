//! Tables for reading, with columns of their own: lists of things as CSV or as a workbook. They are not read back. They are
//! written row by row, so that a table of a million rows takes no more memory than one of ten.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;

use rust_xlsxwriter::{DataValidation, Format as CellFormat, FormatBorder, Workbook, Worksheet, XlsxError};

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

/// The look of a workbook that people print: A4 across, as wide as the page, its header on every page.
#[derive(Clone, Debug, Default)]
pub struct Printed {
    /// The name of its sheet.
    pub sheet: String,
    /// The rows above the header, of one cell each; the first is the title. A table as CSV has none of them.
    pub above: Vec<String>,
    /// The width of each column, in characters.
    pub widths: Vec<u16>,
    /// The words that columns offer to choose from, by the number of the column.
    pub choices: Vec<(u16, Vec<String>)>,
    /// The foot of each page: left, and right, where `&P` is the number of the page and `&N` that of all pages.
    pub foot: (String, String),
    /// The columns whose cells are texts, whatever is typed into them.
    pub texts: Vec<u16>,
    /// True for a table that is filled in by hand: its rows are high.
    pub is_form: bool,
}

/// The paper A4, as workbooks name it.
const A4: u8 = 9;

/// The height of a row that is filled in by hand, in points.
const ROW_HEIGHT: f64 = 22.0;

/// The last row, below the header, that offers words to choose from.
const LAST_CHOICE: u32 = 9_999;

/// The most words that a list to choose from may have in a workbook, in characters.
const CHOICES_CHARACTERS: usize = 255;

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
    /// The number of the header's row.
    header: u32,
    rows: u32,
    into: W,
}

impl<W: Write + Send> PlainWriter<W> {
    /// Begins a table with the names of its columns.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn new(into: W, format: &PlainFormat, headers: &[String]) -> Result<Self, PlainError> {
        Self::begin(into, format, headers, None)
    }

    /// Begins a table that people print.
    ///
    /// # Errors
    /// As [`PlainWriter::new`].
    pub fn printed(into: W, format: &PlainFormat, headers: &[String], printed: &Printed) -> Result<Self, PlainError> {
        Self::begin(into, format, headers, Some(printed))
    }

    fn begin(into: W, format: &PlainFormat, headers: &[String], printed: Option<&Printed>) -> Result<Self, PlainError> {
        match format {
            PlainFormat::Csv { is_marked } => {
                // Spreadsheet programs read UTF-8 only with the mark; what people keep has Chinese in every language.
                let mut writer = CsvWriter::new(into, *is_marked || printed.is_some())?;
                writer.write(headers)?;
                Ok(Self(Form::Csv(Box::new(writer))))
            }
            PlainFormat::Xlsx { folder } => {
                let mut workbook = new_workbook()?;
                workbook.set_tempdir(folder)?;
                let page = workbook.add_worksheet_with_constant_memory()?;
                let header = match printed {
                    Some(printed) => begin_printed(page, headers, printed)?,
                    None => {
                        let head = CellFormat::new().set_bold();
                        page.set_freeze_panes(1, 0)?;
                        for (number, name) in (0..).zip(headers) {
                            page.write_string_with_format(0, number, name, &head)?;
                            page.set_column_width(number, 16)?;
                        }
                        0
                    }
                };
                Ok(Self(Form::Xlsx(Box::new(Sheet { workbook, formats: Formats::new(), header, rows: 0, into }))))
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
        if sheet.rows >= SHEET_ROWS.saturating_sub(sheet.header) {
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
        let (mut bytes, line) = (0, self.header.saturating_add(self.rows));
        for (column, cell) in (0..).zip(row) {
            bytes += CELL_BYTES;
            match cell {
                Output::Text(text) if text.len() > CELL_CHARACTERS && text.chars().count() > CELL_CHARACTERS => {
                    let cut: String = text.chars().take(CELL_CHARACTERS - 1).chain(['…']).collect();
                    bytes += cut.len();
                    write_cell(page, line, column, &Output::Text(cut), &self.formats)?;
                }
                cell => {
                    bytes += if let Output::Text(text) = cell { text.len() } else { 0 };
                    write_cell(page, line, column, cell, &self.formats)?;
                }
            }
        }
        Ok(bytes)
    }
}

/// Writes what stands above the rows of a table that people print, and how it is printed. Returns the row of its header.
fn begin_printed(page: &mut Worksheet, headers: &[String], printed: &Printed) -> Result<u32, XlsxError> {
    let Printed { sheet, above, widths, choices, foot: (left, right), texts, is_form } = printed;
    let header = u32::try_from(above.len()).unwrap_or(0);
    page.set_name(sheet)?;
    page.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_gridlines(true);
    page.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    page.set_footer(format!("&L{}&R{right}", left.replace('&', "&&")));
    page.set_repeat_rows(header, header)?;
    page.set_freeze_panes(header + 1, 0)?;
    if *is_form {
        page.set_default_row_height(ROW_HEIGHT);
    }
    let formats = Formats::new();
    for (number, width) in (0..).zip(widths) {
        page.set_column_width(number, *width)?;
        if texts.contains(&number) {
            // What is typed there, such as 0007, stays as it is typed.
            page.set_column_format(number, &formats.words)?;
        }
    }
    let title = CellFormat::new().set_bold().set_font_size(16);
    for (line, text) in (0..).zip(above) {
        match line {
            0 => page.write_string_with_format(line, 0, text, &title)?,
            _ => page.write_string(line, 0, text)?,
        };
    }
    let head = CellFormat::new().set_bold().set_text_wrap().set_border(FormatBorder::Thin);
    for (number, name) in (0..).zip(headers) {
        page.write_string_with_format(header, number, name, &head)?;
    }
    for (column, words) in choices {
        let length: usize = words.iter().map(|word| word.chars().count() + 1).sum();
        if length <= CHOICES_CHARACTERS {
            let list = DataValidation::new().allow_list_strings(words)?;
            page.add_data_validation(header + 1, *column, LAST_CHOICE, *column, &list)?;
        }
    }
    Ok(header)
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
