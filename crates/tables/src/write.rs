//! Writing tables that are read back the same.

use std::io::Write as _;

use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, FormatAlign, Workbook, XlsxError};

use super::choices::Choice as _;
use super::csv::guard;
use super::form::Form;
use super::forms::Cells;
use super::value::Output;

/// The encoding of a text file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 with a byte order mark, which Excel needs.
    #[default]
    Utf8,
    /// GB18030, for programs that know nothing else.
    Gb18030,
}

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text, one form per file.
    Csv,
    /// A workbook, one form per sheet.
    Xlsx,
}

/// A table to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Its form.
    pub form: Form,
    /// True for headers and sheet names in Chinese.
    pub chinese: bool,
    /// Its rows.
    pub rows: Vec<Cells>,
}

impl Sheet {
    /// The name of the sheet.
    pub fn name(&self) -> &'static str {
        if self.chinese { self.form.layout().zh } else { self.form.name() }
    }

    fn headers(&self) -> impl Iterator<Item = &'static str> {
        self.form.layout().columns.iter().map(|column| if self.chinese { column.zh } else { column.key })
    }

    /// The cells of a row in the order of the columns.
    fn ordered<'a>(&self, row: &'a Cells) -> impl Iterator<Item = &'a Output> {
        let columns = self.form.layout().columns.iter();
        columns.map(|column| row.iter().find(|(key, _)| *key == column.key).map_or(&Output::Empty, |(_, cell)| cell))
    }
}

/// Writes a table as a CSV file with line ends as in RFC 4180.
pub fn write_csv(sheet: &Sheet, encoding: Encoding) -> std::io::Result<Vec<u8>> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(sheet.headers())?;
    for row in &sheet.rows {
        writer.write_record(sheet.ordered(row).map(text))?;
    }
    let bytes = writer.into_inner().map_err(|error| std::io::Error::other(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(std::io::Error::other)?;
    let mut file = Vec::new();
    match encoding {
        Encoding::Utf8 => {
            file.write_all("\u{feff}".as_bytes())?;
            file.write_all(text.as_bytes())?;
        }
        // GB18030 has every Unicode character.
        Encoding::Gb18030 => file.write_all(&GB18030.encode(&text).0)?,
    }
    Ok(file)
}

fn text(cell: &Output) -> String {
    match cell {
        Output::Empty => String::new(),
        Output::Text(text) => guard::put_on(text).into_owned(),
        Output::Number(number) => number.to_string(),
        Output::Whole(number) => number.to_string(),
        Output::Degrees(degrees) => degrees.to_string(),
        Output::Day(day) => day.to_string(),
        Output::Flag(flag) => flag.word().to_owned(),
    }
}

/// Writes tables as a workbook, a sheet each. Codes are written as text, so that no program drops their zeros.
///
/// # Errors
/// If a text is longer than a cell can hold (32767 characters).
pub fn write_xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (head, words) = (CellFormat::new().set_bold(), CellFormat::new().set_num_format("@"));
    let days = CellFormat::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left);
    for sheet in sheets {
        let page = workbook.add_worksheet();
        page.set_name(sheet.name())?;
        page.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(sheet.headers()) {
            page.write_string_with_format(0, column, name, &head)?;
            page.set_column_width(column, 16)?;
            let is_day = name.contains("valid_from") || name.contains("in_force") || name.ends_with("日期");
            page.set_column_format(column, if is_day { &days } else { &words })?;
        }
        for (line, row) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(sheet.ordered(row)) {
                match cell {
                    Output::Empty => continue,
                    Output::Text(text) => page.write_string_with_format(line, column, text, &words)?,
                    Output::Flag(flag) => page.write_string_with_format(line, column, flag.word(), &words)?,
                    Output::Day(day) => match excel_day(*day) {
                        Ok(date) => page.write_datetime_with_format(line, column, date, &days)?,
                        // A workbook knows no day before 1900; as a text it is read back all the same.
                        Err(_) => page.write_string_with_format(line, column, day.to_string(), &words)?,
                    },
                    number => page.write_number(line, column, text(number).parse::<f64>().unwrap_or_default())?,
                };
            }
        }
    }
    workbook.save_to_buffer()
}

fn excel_day(day: chrono::NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::parse_from_str(&day.to_string())
}
