//! Writing tables that are read back the same.

use std::io::Write;

use encoding_rs::GB18030;
use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format as CellFormat, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::choices::Choice as _;
use super::csv::guard;
use super::guidance::{choices, explanation, is_required};
use super::sheet::Sheet;
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

/// The mark by which spreadsheet programs recognize UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The writer of every CSV file that Muster makes: with line ends as in RFC 4180, and with a guard before each text that
/// a spreadsheet program would run as a formula. The import removes the guard again.
pub struct CsvWriter<W: Write>(::csv::Writer<W>);

impl<W: Write> CsvWriter<W> {
    /// Starts a file in UTF-8, with a byte order mark if it is for people.
    ///
    /// # Errors
    /// If the mark cannot be written.
    pub fn new(mut into: W, is_marked: bool) -> std::io::Result<Self> {
        if is_marked {
            into.write_all(MARK)?;
        }
        Ok(Self(::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(into)))
    }

    /// Writes a row of texts.
    ///
    /// # Errors
    /// If the rows differ in length.
    pub fn write<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> std::io::Result<()> {
        for cell in cells {
            self.0.write_field(guard::put_on(cell.as_ref()).as_bytes()).map_err(of_io)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(of_io)
    }

    /// Writes a row of values: of these only texts can run.
    pub(super) fn write_values<'v>(&mut self, cells: impl Iterator<Item = &'v Output>) -> std::io::Result<()> {
        for cell in cells {
            let written = match cell {
                Output::Text(text) => self.0.write_field(guard::put_on(text).as_bytes()),
                other => self.0.write_field(text(other)),
            };
            written.map_err(of_io)?;
        }
        self.0.write_record(None::<&[u8]>).map_err(of_io)
    }

    /// The file.
    ///
    /// # Errors
    /// If it cannot be written to its end.
    pub fn finish(self) -> std::io::Result<W> {
        self.0.into_inner().map_err(::csv::IntoInnerError::into_error)
    }
}

/// The error of the file below, as it is: the library wraps it.
fn of_io(error: ::csv::Error) -> std::io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        kind => std::io::Error::other(format!("a row cannot be written: {kind:?}")),
    }
}

/// Writes a table as a CSV file.
///
/// # Errors
/// If it cannot be written to its end.
pub fn write_csv(sheet: &Sheet, encoding: Encoding) -> std::io::Result<Vec<u8>> {
    let mut writer = CsvWriter::new(Vec::new(), encoding == Encoding::Utf8)?;
    writer.write(sheet.headers())?;
    for row in &sheet.rows {
        writer.write_values(sheet.ordered(row))?;
    }
    let file = writer.finish()?;
    Ok(match encoding {
        Encoding::Utf8 => file,
        // GB18030 can encode every Unicode character.
        Encoding::Gb18030 => GB18030.encode(&String::from_utf8(file).map_err(std::io::Error::other)?).0.into_owned(),
    })
}

fn text(cell: &Output) -> String {
    match cell {
        Output::Empty => String::new(),
        Output::Text(text) => text.clone(),
        Output::Number(number) => number.to_string(),
        Output::Whole(number) => number.to_string(),
        Output::Degrees(degrees) => degrees.to_string(),
        Output::Day(day) => day.to_string(),
        Output::Flag(flag) => flag.word().to_owned(),
    }
}

/// The number of digits of a number that a spreadsheet program keeps.
const KEPT_DIGITS: usize = 15;

/// A workbook that names no time at which it was made, so that the same content has the same bytes.
///
/// # Errors
/// None that happens: the day is one.
pub(super) fn new_workbook() -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let day = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&day));
    Ok(workbook)
}

/// Writes tables as a workbook, one sheet each: the writer of every workbook that Muster makes. Texts are written as
/// such, so that none runs as a formula and no program drops the zeros of a code. The columns of a template offer the
/// values that they may hold.
///
/// # Errors
/// If a text is longer than a cell can hold (32767 characters).
pub fn write_xlsx(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = new_workbook()?;
    let (head, formats) = (CellFormat::new().set_bold(), Formats::new());
    let required = head.clone().set_background_color(REQUIRED);
    for sheet in sheets {
        let page = workbook.add_worksheet();
        page.set_name(sheet.name())?;
        page.set_freeze_panes(1, 0)?;
        for (number, (column, name)) in (0..).zip(sheet.columns().zip(sheet.headers())) {
            let is_marked = sheet.is_template && is_required(sheet.form, column.key);
            page.write_string_with_format(0, number, name, if is_marked { &required } else { &head })?;
            page.set_column_width(number, 16)?;
            page.set_column_format(number, if is_day(column.key) { &formats.days } else { &formats.words })?;
            if let Some(choices) = choices(sheet.form, column.key).filter(|_| sheet.is_template) {
                let words: Vec<&str> = choices.iter().map(|[en, zh]| if sheet.chinese { *zh } else { *en }).collect();
                let list = DataValidation::new().allow_list_strings(&words)?;
                page.add_data_validation(1, number, LAST_ROW, number, &list)?;
            }
        }
        for (line, row) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(sheet.ordered(row)) {
                write_cell(page, line, column, cell, &formats)?;
            }
        }
    }
    if let Some(sheet) = sheets.iter().find(|sheet| sheet.is_template) {
        let page = workbook.add_worksheet();
        page.set_name(if sheet.chinese { "#填写说明" } else { "#how to fill in" })?;
        page.set_column_width(0, 100)?;
        for (line, text) in (0..).zip(explanation(sheet.chinese)) {
            page.write_string(line, 0, text)?;
        }
    }
    workbook.save_to_buffer()
}

/// The formats of cells that hold values.
pub(super) struct Formats {
    pub(super) words: CellFormat,
    days: CellFormat,
}

impl Formats {
    pub(super) fn new() -> Self {
        Self {
            words: CellFormat::new().set_num_format("@"),
            days: CellFormat::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
        }
    }
}

/// Writes one cell of a workbook.
pub(super) fn write_cell(
    page: &mut Worksheet,
    line: u32,
    column: u16,
    cell: &Output,
    Formats { words, days }: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Output::Empty => return Ok(()),
        Output::Text(text) => page.write_string_with_format(line, column, text, words)?,
        Output::Flag(flag) => page.write_string_with_format(line, column, flag.word(), words)?,
        Output::Day(day) => match excel_day(*day) {
            Ok(date) => page.write_datetime_with_format(line, column, date, days)?,
            // A workbook knows no day before 1900; as a text it is read back all the same.
            Err(_) => page.write_string_with_format(line, column, day.to_string(), words)?,
        },
        number => {
            let digits = text(number);
            match digits.bytes().filter(u8::is_ascii_digit).count() {
                // As a text it keeps all of them.
                count if count > KEPT_DIGITS => page.write_string_with_format(line, column, digits, words)?,
                _ => page.write_number(line, column, digits.parse::<f64>().unwrap_or_default())?,
            }
        }
    };
    Ok(())
}

/// The colour behind the headers of columns that every row must fill.
const REQUIRED: u32 = 0x00FF_F2CC;

/// The last row for which values are offered.
const LAST_ROW: u32 = 9_999;

fn is_day(column: &str) -> bool {
    matches!(
        column,
        "valid_from"
            | "in_force_from"
            | "in_force_to"
            | "counted_on"
            | "made_on"
            | "bought_on"
            | "expires_on"
            | "inspected_on"
            | "inspection_due"
    )
}

fn excel_day(day: chrono::NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::parse_from_str(&day.to_string())
}
