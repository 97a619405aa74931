//! Workbooks: their sheets as rows of values, within limits.
//!
//! Cells are streamed and never laid out as a rectangle, so a stray cell in the last row costs nothing. The unpacked
//! size of the archive is measured before it is read, whatever its headers claim.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx};
use chrono::NaiveDate;

use super::value::Value;

/// The maximum unpacked size of a workbook in bytes.
const UNPACKED: u64 = 128 * 1024 * 1024;

/// The maximum number of files in a workbook.
const PARTS: usize = 2_000;

/// The maximum number of columns in a sheet.
pub(super) const COLUMNS: usize = 1_024;

/// The maximum number of rows in a sheet, also the highest row number.
pub(super) const ROWS: usize = 100_000;

/// The maximum number of cells in a workbook, including those covered by merged cells.
pub(super) const CELLS: usize = 2_000_000;

/// A sheet: its name, its visibility, and its rows with their numbers.
pub(super) struct WorkbookSheet {
    pub name: String,
    pub hidden: bool,
    pub rows: Vec<(u64, Vec<Value>)>,
}

/// The reasons why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WorkbookFault {
    /// The file is not a workbook, or broken.
    Broken(String),
    /// It unpacks to more than [`UNPACKED`] bytes or [`PARTS`] files.
    Bomb,
    /// A sheet has a row, or a filled cell, beyond the limits.
    TooLarge(String),
}

impl WorkbookFault {
    fn broken(error: impl ToString) -> Self {
        Self::Broken(error.to_string())
    }
}

/// True for the first bytes of an archive, such as a workbook.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// True for the first bytes of Excel's format before 2007.
pub(super) fn is_old_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1])
}

/// Reads the sheets of a workbook in their order.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<WorkbookSheet>, WorkbookFault> {
    // A stranger's file must not crash the reader, even through a panic in the library.
    catch_unwind(AssertUnwindSafe(|| {
        measure(bytes)?;
        read_measured(bytes)
    }))
    .unwrap_or_else(|_| Err(WorkbookFault::broken("it is laid out as no program writes it")))
}

fn measure(bytes: &[u8]) -> Result<(), WorkbookFault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(WorkbookFault::broken)?;
    if archive.len() > PARTS {
        return Err(WorkbookFault::Bomb);
    }
    let mut left = UNPACKED;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(WorkbookFault::broken)?;
        let size = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(WorkbookFault::broken)?;
        left = left.checked_sub(size).ok_or(WorkbookFault::Bomb)?;
    }
    Ok(())
}

fn read_measured(bytes: &[u8]) -> Result<Vec<WorkbookSheet>, WorkbookFault> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(WorkbookFault::broken)?;
    let sheets: Vec<_> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible != SheetVisible::Visible))
        .collect();
    let mut left = CELLS;
    sheets
        .into_iter()
        .map(|(name, hidden)| {
            let mut cells = read_cells(&mut workbook, &name, &mut left)?;
            let merged = workbook.merge_cells_by_sheet_name(&name).map_err(WorkbookFault::broken)?;
            for area in merged {
                fill(&mut cells, area, &mut left, &name)?;
            }
            let rows = cells
                .into_iter()
                .filter(|(_, row)| row.iter().any(|value| !value.is_empty()))
                .map(|(number, row)| (u64::from(number) + 1, row))
                .collect();
            Ok(WorkbookSheet { name, hidden, rows })
        })
        .collect()
}

type Cells = BTreeMap<u32, Vec<Value>>;

fn read_cells<R: std::io::Read + std::io::Seek>(
    workbook: &mut Xlsx<R>,
    sheet: &str,
    left: &mut usize,
) -> Result<Cells, WorkbookFault> {
    let mut cells = Cells::new();
    let mut reader = workbook.worksheet_cells_reader(sheet).map_err(WorkbookFault::broken)?;
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(WorkbookFault::broken)? {
        let value = match value(&record.value) {
            Value::Empty if record.formula.is_some() => Value::Uncalculated,
            value => value,
        };
        if !value.is_empty() {
            let (row, column) = record.pos;
            put(&mut cells, row, column, value, left, sheet)?;
        }
    }
    Ok(cells)
}

fn put(
    cells: &mut Cells,
    row: u32,
    column: u32,
    value: Value,
    left: &mut usize,
    sheet: &str,
) -> Result<(), WorkbookFault> {
    let too_large = || WorkbookFault::TooLarge(sheet.to_owned());
    let (number, place) = (usize::try_from(row).unwrap_or(ROWS), usize::try_from(column).unwrap_or(COLUMNS));
    if number >= ROWS || place >= COLUMNS {
        return Err(too_large());
    }
    let row = cells.entry(row).or_default();
    if row.len() <= place {
        // Cells in between count as well, because they take memory.
        *left = left.checked_sub(place + 1 - row.len()).ok_or_else(too_large)?;
        row.resize(place + 1, Value::Empty);
    }
    if let Some(cell) = row.get_mut(place) {
        *cell = value;
    }
    Ok(())
}

/// Copies a value written once over merged cells to each of them.
fn fill(cells: &mut Cells, area: Dimensions, left: &mut usize, sheet: &str) -> Result<(), WorkbookFault> {
    let first = usize::try_from(area.start.1).unwrap_or(COLUMNS);
    let Some(value) = cells.get(&area.start.0).and_then(|row| row.get(first)).cloned() else { return Ok(()) };
    if value.is_empty() {
        return Ok(());
    }
    let limit = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    for row in area.start.0..=area.end.0.min(limit(ROWS)) {
        for column in area.start.1..=area.end.1.min(limit(COLUMNS)) {
            put(cells, row, column, value.clone(), left, sheet)?;
        }
    }
    Ok(())
}

fn value(cell: &DataRef<'_>) -> Value {
    match cell {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Number(number.to_string()),
        DataRef::Float(number) => Value::Number(as_shown(*number)),
        DataRef::String(text) => Value::from_text(text),
        DataRef::SharedString(text) => Value::from_text(text),
        DataRef::Bool(flag) => Value::Flag(*flag),
        DataRef::DateTime(at) => day(*at),
        DataRef::DateTimeIso(text) => match text.get(..10).map(str::parse) {
            Some(Ok(day)) if text.get(10..).is_some_and(|time| time.is_empty() || time.starts_with("T00:00:00")) => {
                Value::Day(day)
            }
            _ => Value::Time(text.clone()),
        },
        DataRef::DurationIso(text) => Value::Time(text.clone()),
        DataRef::Error(error) => Value::Error(error.to_string()),
    }
}

/// A number with the fifteen digits that a spreadsheet program keeps, without binary rounding errors.
fn as_shown(number: f64) -> String {
    let scientific = format!("{number:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return "0".to_owned();
    }
    let point = exponent.parse::<i64>().unwrap_or(0) + 1;
    let length = i64::try_from(digits.len()).unwrap_or(0);
    let zeros = |number: i64| "0".repeat(usize::try_from(number).unwrap_or(0).min(400));
    if point >= length {
        format!("{sign}{digits}{}", zeros(point - length))
    } else if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{sign}{whole}.{fraction}")
    }
}

fn day(at: ExcelDateTime) -> Value {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let found = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    match found {
        Some(day) if at.is_datetime() && at.as_f64() >= 1.0 && (hour, minute, second, milli) == (0, 0, 0, 0) => {
            Value::Day(day)
        }
        _ => Value::Time(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_as_the_sheet_shows_it() {
        for (number, shown) in [
            (12.0, "12"),
            (0.1 + 0.2, "0.3"),
            (159_900_000_000.0, "159900000000"),
            (-73.25, "-73.25"),
            (0.001, "0.001"),
            (1e15, "1000000000000000"),
            (0.0, "0"),
            (-0.0, "0"),
            (2.5e-7, "0.00000025"),
            (1.1 * 3.0, "3.3"),
        ] {
            assert_eq!(as_shown(number), shown, "{number:?}");
        }
    }
}
