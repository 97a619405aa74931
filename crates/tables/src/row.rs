//! Reading the cells of a row, with a place for each fault.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};

use super::choices::Choice;
use super::clauses::{MOST_PARTS, list, unquoted};
use super::code;
use super::count_time::CountTime;
use super::fault::{Fault, Findings};
use super::folding::half_width;
use super::form::Form;
use super::header::Head;
use super::ledger::{self, DayKind, LedgerDay, UnreadDay};
use super::limits::{Budget, CELL_TEXT, LONGEST_NUMBER, PARSED};
use super::line::{Line, Merged};
use super::value::{Value, read_quantity};
use base::quantity::Quantity;
use text::messages::Message;

/// The content of a row, with its place.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// The content.
    pub value: T,
    /// The day from which it holds, if the row gives one.
    pub valid_from: Option<NaiveDate>,
    /// True if a cell could not be read: its faults were reported, and their consequences need not be.
    pub faulty: bool,
    head: Arc<Head>,
    line: u64,
    /// The column of a fact that has its own column.
    own: Option<usize>,
}

impl<T> Placed<T> {
    /// The content of a file without columns, at a line.
    pub(super) fn whole(head: &Arc<Head>, line: u64, value: T) -> Self {
        Self { value, valid_from: None, faulty: false, head: Arc::clone(head), line, own: None }
    }

    /// A fault in one of its columns.
    pub fn fault(&self, column: &str, code: &'static str) -> Fault {
        let at = self.own.filter(|_| column == "value" || column == "fact");
        let at = at.or_else(|| self.head.columns.get(column).copied());
        Fault::new(self.head.cell(self.line, at), code)
    }

    /// A fault that the rule book reports, at the first of some columns that the file has.
    pub fn told(&self, columns: &[&str], code: &'static str, detail: Message) -> Fault {
        let own = self.own.filter(|_| columns.iter().any(|column| matches!(*column, "value" | "fact")));
        let at = own.or_else(|| columns.iter().find_map(|column| self.head.columns.get(*column).copied()));
        Fault::told(self.head.cell(self.line, at), code, detail)
    }

    /// True if the file has the column: a missing column states nothing, while an empty cell means "none".
    pub fn has(&self, column: &str) -> bool {
        self.head.says_all || self.head.columns.contains_key(column)
    }

    /// The columns that a new thing needs and the file does not have, each as a fault of the row: at least one of each group.
    pub fn missing_columns(&self, form: Form, needs: &[&[&str]]) -> Vec<Fault> {
        let missing = needs.iter().filter(|group| !self.head.has_any(group));
        missing.map(|group| super::header::missing(form, group, self.head.cell(self.line, None))).collect()
    }

    /// True for a cell whose column stands for one fact.
    pub fn has_own_column(&self) -> bool {
        self.own.is_some()
    }

    /// The row of the sheet, or the line of the text file.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Returns another content at the same place.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Placed<U> {
        let Self { value, valid_from, faulty, head, line, own } = self;
        Placed { value: with(value), valid_from, faulty, head, line, own }
    }
}

/// A row being read.
pub struct Row<'a> {
    head: &'a Arc<Head>,
    line: u64,
    cells: &'a [Value],
    /// Merged areas that cover cells of the row.
    merged: &'a [Merged],
    findings: &'a mut Findings,
    budget: &'a Budget,
    faulty: bool,
}

/// The circumstances of reading a row: the columns of its table, the faults, and the bounds.
pub(super) struct Reading<'a> {
    pub head: &'a Arc<Head>,
    pub findings: &'a mut Findings,
    pub budget: &'a Budget,
}

impl<'a> Row<'a> {
    /// Starts a row, and reports required cells that are empty and filled cells without a header.
    pub(super) fn start(form: Form, line: &'a Line, reading: Reading<'a>) -> Self {
        let mut row = Self::of(line, &line.cells, reading);
        let head = row.head;
        // A table may lack columns of which it says nothing; whether the thing is there already, with the other of two names, is
        // known later.
        for group in form.layout().needs.iter().filter(|group| head.has_all(group)) {
            if group.iter().all(|key| row.cell(key).is_empty()) {
                let first = group.iter().find(|key| head.columns.contains_key(**key));
                row.fault(first.unwrap_or(&""), "missing_field", |fault| fault);
            }
        }
        row.require_headers();
        row
    }

    /// Starts a row of cells, some of which may differ from those of its line. Nothing is required of it.
    pub(super) fn of(line: &'a Line, cells: &'a [Value], reading: Reading<'a>) -> Self {
        let Reading { head, findings, budget } = reading;
        Self { head, line: line.number, cells, merged: &line.merged, findings, budget, faulty: false }
    }

    /// Reports filled cells without a header.
    pub(super) fn require_headers(&mut self) {
        for (at, value) in self.cells.iter().enumerate() {
            if !value.is_empty() && self.head.is_unnamed(at) {
                let place = self.head.cell(self.line, Some(at));
                self.add(Fault { value: value.shown(), ..Fault::new(place, "cell_without_column") });
            }
        }
    }

    /// Ends the row with its content.
    pub(super) fn end<T>(mut self, value: T) -> Placed<T> {
        let valid_from = self.day("valid_from");
        let (head, line) = (Arc::clone(self.head), self.line);
        Placed { value, valid_from, faulty: self.faulty, head, line, own: None }
    }

    /// Makes a fact of one of its cells; the row continues.
    pub(super) fn fact<T>(&self, column: Option<usize>, valid_from: Option<NaiveDate>, value: T) -> Placed<T> {
        let (head, line) = (Arc::clone(self.head), self.line);
        Placed { value, valid_from, faulty: self.faulty, head, line, own: column }
    }

    /// The cell of a column; empty if the file has no such column.
    pub(super) fn cell(&self, key: &str) -> &'a Value {
        const NOTHING: &Value = &Value::Empty;
        self.head.columns.get(key).and_then(|at| self.cells.get(*at)).unwrap_or(NOTHING)
    }

    /// True if the file has the column.
    pub(super) fn has(&self, key: &str) -> bool {
        self.head.columns.contains_key(key)
    }

    /// True if the file has all of some columns.
    pub(super) fn has_all(&self, keys: &[&str]) -> bool {
        self.head.has_all(keys)
    }

    /// The cell at a place.
    pub(super) fn cell_at(&self, at: usize) -> &'a Value {
        const NOTHING: &Value = &Value::Empty;
        self.cells.get(at).unwrap_or(NOTHING)
    }

    /// Columns that the form does not name.
    pub(super) fn others(&self) -> &'a [(usize, Arc<str>)] {
        &self.head.others
    }

    /// Reports a fault in a column.
    pub(super) fn fault(&mut self, key: &str, code: &'static str, with: impl FnOnce(Fault) -> Fault) {
        let place = self.head.cell(self.line, self.head.columns.get(key).copied());
        let value = self.cell(key).shown();
        self.add(with(Fault { value, ..Fault::new(place, code) }));
    }

    fn add(&mut self, fault: Fault) {
        self.faulty = true;
        self.findings.fault(fault);
    }

    /// Reports a warning in a column.
    fn warn(&mut self, key: &str, kind: &'static str, with: impl FnOnce(Fault) -> Fault) {
        let place = self.head.cell(self.line, self.head.columns.get(key).copied());
        let value = self.cell(key).shown();
        self.findings.warn(with(Fault { value, ..Fault::new(place, kind) }));
    }

    /// The text that a cell shows; numbers and booleans count as text. Reports anything else.
    fn words(&mut self, key: &str) -> Option<&'a str> {
        match self.cell(key) {
            Value::Empty => None,
            Value::Text(text) | Value::Number(text) => Some(text),
            Value::Formatted { shown, .. } => Some(shown),
            Value::Flag(flag) => Some(flag.word()),
            Value::Day(_) | Value::Time(_) => self.refuse(key, "day_unexpected"),
            Value::Error(_) => self.refuse(key, "cell_error"),
            Value::Uncalculated => self.refuse(key, "formula_not_calculated"),
            Value::TooLong => {
                self.fault(key, "length_out_of_bounds", |fault| fault.with("limit", CELL_TEXT / 4));
                None
            }
        }
    }

    /// The number in a cell, or a text that may be one.
    fn digits(&mut self, key: &str) -> Option<&'a str> {
        match self.cell(key) {
            Value::Formatted { number, .. } => Some(number),
            _ => self.words(key),
        }
    }

    fn refuse<T>(&mut self, key: &str, kind: &'static str) -> Option<T> {
        self.fault(key, kind, |fault| fault);
        None
    }

    /// A single line of text with a maximum length in characters.
    pub(super) fn text(&mut self, key: &str, most: usize) -> Option<String> {
        let text = self.within(key, most)?;
        if text.chars().any(char::is_control) {
            return self.refuse(key, "control_character");
        }
        if matches!(self.cell(key), Value::Number(_)) && code::has_lost_digits(text) {
            return self.refuse(key, "digits_lost");
        }
        self.kept(text, 1)
    }

    /// Text of several lines with a maximum length in characters.
    pub(super) fn long_text(&mut self, key: &str, most: usize) -> Option<String> {
        self.lines(key, most, 1)
    }

    /// A text that is parsed, and may then take many times its memory.
    pub(super) fn parsed_text(&mut self, key: &str, most: usize) -> Option<String> {
        self.lines(key, most, PARSED)
    }

    fn lines(&mut self, key: &str, most: usize, times: usize) -> Option<String> {
        let text = self.within(key, most)?;
        if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t')) {
            return self.refuse(key, "control_character");
        }
        self.kept(text, times)
    }

    /// The text that a cell shows, if it is not too long. This is checked first, because many cells may share one long
    /// text.
    fn within(&mut self, key: &str, most: usize) -> Option<&'a str> {
        let text = self.words(key)?;
        if text.chars().nth(most).is_some() {
            self.fault(key, "length_out_of_bounds", |fault| fault.with("limit", most));
            return None;
        }
        Some(text)
    }

    /// Keeps a text. If there is nothing left of the bounds, reading ends after this row.
    fn kept(&mut self, text: &str, times: usize) -> Option<String> {
        self.budget.take_text(text.len().saturating_mul(times)).then(|| text.to_owned())
    }

    /// The words of a cell of a ledger, of one or several lines, in one line. A number that the cell shows as a power of ten
    /// is read with the digits that the file has.
    pub(super) fn joined(&mut self, key: &str, most: usize) -> Option<String> {
        if let Value::Formatted { number, shown } = self.cell(key)
            && code::is_mangled(shown)
        {
            return self.kept(number, 1);
        }
        let text = self.within(key, most)?;
        if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t')) {
            return self.refuse(key, "control_character");
        }
        if matches!(self.cell(key), Value::Number(_)) && code::has_lost_digits(text) {
            return self.refuse(key, "digits_lost");
        }
        let joined =
            text.split(['\n', '\t']).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        self.kept(&joined, 1)
    }

    /// The header of a column; empty if the file does not have it.
    pub(super) fn header(&self, key: &str) -> Arc<str> {
        self.head.columns.get(key).map(|at| self.head.header(*at)).unwrap_or_default()
    }

    /// True for a cell that is merged with cells of other rows.
    pub(super) fn is_merged_over_rows(&self, key: &str) -> bool {
        let Some(at) = self.head.columns.get(key) else { return false };
        Merged::at(self.merged, *at).is_some_and(|area| area.first_line < area.last_line)
    }

    /// A value that must be there; reports an empty cell.
    pub(super) fn required<T>(&mut self, key: &str, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.cell(key).is_empty() {
            return self.refuse(key, "missing_field");
        }
        read(self)
    }

    /// A code: short, in half width, as the cell shows it. If a code has invisible characters, its visible rest counts as
    /// faulty, so that other rows which name it are not reported as well.
    pub(super) fn code(&mut self, key: &str) -> Option<String> {
        if let Value::Flag(_) = self.cell(key) {
            return self.cell(key).shown();
        }
        let text = half_width(&self.text(key, 64)?);
        let text = text.trim();
        if let Some(sign) = code::invisible_sign(text) {
            let sign = format!("U+{:04X}", u32::from(sign));
            self.fault(key, "invisible_character", |fault| fault.with("sign", sign));
            return Some(code::visible(text));
        }
        if code::is_mangled(text) {
            return self.refuse(key, "code_mangled");
        }
        Some(text.to_owned())
    }

    /// A list of barcodes. Changes by spreadsheet programs are undone if the check digit proves the original.
    pub(super) fn barcodes(&mut self, key: &str) -> Vec<String> {
        let text = match self.cell(key) {
            // The file has all digits of a number that the cell shows as a power of ten.
            Value::Formatted { number, shown } if code::is_mangled(shown) => Some(number.to_string()),
            _ => self.text(key, 2000),
        };
        let Some(text) = text else { return Vec::new() };
        let is_number = !matches!(self.cell(key), Value::Text(_));
        let mut barcodes = Vec::new();
        let parts = list(&text);
        if parts.len() > MOST_PARTS {
            self.fault(key, "list_too_long", |fault| fault);
            return barcodes;
        }
        for part in parts {
            match code::barcode(&unquoted(part), is_number) {
                code::Barcode::Good(barcode) => barcodes.push(barcode),
                code::Barcode::Repaired(barcode) => {
                    self.warn(key, "barcode_repaired", |fault| fault.of(part).with("barcode", &barcode));
                    barcodes.push(barcode);
                }
                code::Barcode::Lost => self.fault(key, "barcode_mangled", |fault| fault.of(part)),
            }
        }
        barcodes
    }

    /// An exact number, not negative.
    pub(super) fn quantity(&mut self, key: &str) -> Option<Quantity> {
        let number = self.digits(key)?;
        match read_quantity(number) {
            Ok(quantity) => Some(quantity),
            Err(code) => self.refuse(key, code),
        }
    }

    /// A whole number within limits.
    pub(super) fn whole(&mut self, key: &str, least: u32, most: u32) -> Option<u32> {
        let number = self.digits(key)?;
        let quantity = match read_quantity(number) {
            Ok(quantity) if quantity.is_whole() => quantity,
            Ok(_) | Err("negative") => return self.refuse(key, "not_whole"),
            Err(kind) => return self.refuse(key, kind),
        };
        let number = quantity.to_string().parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.fault(key, "out_of_range", |fault| fault.with("least", least).with("most", most));
        }
        number
    }

    /// Degrees within limits on either side of 0.
    pub(super) fn degrees(&mut self, key: &str, most: f64) -> Option<f64> {
        let words = self.digits(key)?;
        if words.len() > LONGEST_NUMBER {
            return self.refuse(key, "not_a_number");
        }
        let words = half_width(words);
        let plain = words.chars().all(|character| character.is_ascii_digit() || matches!(character, '-' | '+' | '.'));
        let Some(degrees) = words.parse::<f64>().ok().filter(|degrees| plain && degrees.is_finite()) else {
            return self.refuse(key, "not_a_number");
        };
        if degrees.abs() > most {
            self.fault(key, "out_of_range", |fault| fault.with("least", -most).with("most", most));
            return None;
        }
        Some(degrees)
    }

    /// A yes or no.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        self.choice(key)
    }

    /// One of a small set of words.
    pub(super) fn choice<T: Choice>(&mut self, key: &str) -> Option<T> {
        let word = self.words(key)?;
        let found = T::named(word);
        if found.is_none() {
            self.fault(key, "unknown_value", |fault| fault.with("choices", T::accepted()));
        }
        found
    }

    /// A day.
    pub(super) fn day(&mut self, key: &str) -> Option<NaiveDate> {
        let text = match self.cell(key) {
            Value::Day(day) => return Some(*day),
            Value::Number(number) | Value::Formatted { number, .. } if number.len() != 8 => {
                // A bare number may be a date that lost its format, or a mistake: the person must decide.
                return match serial_day(number) {
                    Some(day) => {
                        self.fault(key, "day_as_number", |fault| fault.with("day", day));
                        None
                    }
                    None => self.refuse(key, "not_a_day"),
                };
            }
            Value::Time(_) => return self.refuse(key, "day_with_time"),
            _ => self.words(key)?,
        };
        let day = read_day(text);
        if day.is_none() {
            self.fault(key, "not_a_day", |fault| fault);
        }
        day
    }

    /// A day of a ledger. A bare number that may be a date without its format is a fault, as anywhere.
    pub(super) fn ledger_day(&mut self, key: &str, kind: DayKind) -> Option<LedgerDay> {
        let unread = |why| Some(LedgerDay::Unread { words: self.cell(key).shown().unwrap_or_default(), why });
        match self.cell(key) {
            Value::Empty => None,
            Value::Day(day) => Some(LedgerDay::Day(*day)),
            Value::Time(_) => unread(UnreadDay::WithTime),
            Value::Number(number) | Value::Formatted { number, .. } if serial_day(number).is_some() => {
                self.day(key).map(LedgerDay::Day)
            }
            _ => self.joined(key, 200).map(|words| ledger::read_day(&words, kind)),
        }
    }

    /// A time of day on a day, with or without its offset.
    pub(super) fn time(&mut self, key: &str) -> Option<CountTime> {
        let text = match self.cell(key) {
            Value::Time(text) => text,
            _ => self.words(key)?,
        };
        let time = read_time(text);
        if time.is_none() {
            self.fault(key, "not_a_time", |fault| fault);
        }
        time
    }
}

/// Reads a time: `2026-11-24T02:10:00Z`, or on the clocks of the place `2026-11-24 10:10`, `2026/11/24 10:10:30`.
fn read_time(text: &str) -> Option<CountTime> {
    if text.len() > LONGEST_NUMBER {
        return None;
    }
    let text = half_width(text);
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(CountTime::Instant(time.with_timezone(&Utc)));
    }
    let (day, time) = text.split_once([' ', 'T'])?;
    let day = read_day(day)?;
    let forms = ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"];
    let time = forms.iter().find_map(|form| chrono::NaiveTime::parse_from_str(time.trim(), form).ok())?;
    Some(CountTime::Local(NaiveDateTime::new(day, time)))
}

/// Reads a date as people write it: 2026-11-24, 2026/11/24, 2026.11.24, 20261124, 2026年11月24日. The year comes first:
/// any other order would be a guess.
pub fn read_day(text: &str) -> Option<NaiveDate> {
    if text.len() > LONGEST_NUMBER {
        return None;
    }
    let text = half_width(text);
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let text = match text.strip_suffix(['日', '号']) {
        Some(text) => text.replace(['年', '月'], "-"),
        None => text.replace(['/', '.'], "-"),
    };
    let mut parts = text.split('-').map(|part| {
        let part = part.trim();
        part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten()
    });
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let year = i32::try_from(year).ok().filter(|year| (1..=9999).contains(year))?;
    parts.next().is_none().then(|| NaiveDate::from_ymd_opt(year, month, day)).flatten()
}

/// The date that a bare number would be in a workbook of the 1900 date system.
fn serial_day(number: &str) -> Option<NaiveDate> {
    let days = number.parse::<u64>().ok().filter(|days| (20_000..80_000).contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}
