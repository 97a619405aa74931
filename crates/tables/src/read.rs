//! Reading files: identifying each, and passing its rows to their form.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::csv;
use super::fault::{CellPlace, Fault, FileTaken, Findings};
use super::form::Form;
use super::forms::{
    AdoptionRow, ClassRow, CountRow, DefinitionRow, DepotRow, FactRow, ItemAnswerRow, ItemRow, OrganizationRow,
    RegionRow, RuleRow, StandardRow, TargetRow,
};
use super::header::{self, ABOVE, letters};
use super::ledger;
use super::limits::{self, Budget, MOST_BYTES, MOST_JSON_BYTES, TableFault};
use super::line::{LEFT_OUT, Line};
use super::lines::Lines;
use super::row::{Reading, Row};
use super::value::Value;
use super::xlsx::{self, Workbook};
use super::{decode, json};
use text::messages::message;

pub use super::forms::Tables;

/// The number of faults after which the rest of a table is not read.
pub(super) const MOST_FAULTS: usize = 10_000;

/// A file.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name, as used in faults.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The encoding that the sender declares.
    pub charset: Option<&'static encoding_rs::Encoding>,
}

/// Options for reading files.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The form of every file; if absent, each is identified on its own.
    pub form: Option<Form>,
    /// True to skip columns that no form knows, with a warning.
    pub ignore_unknown_columns: bool,
}

/// Reads files into rows, one row at a time. All faults are reported, not only the first; if there are none, the rows are
/// complete. Reading ends early once `stop` is cancelled; the result is then useless.
pub fn read(inputs: Vec<Input>, options: Options, stop: CancellationToken) -> (Tables, Findings) {
    let budget = Budget::new(stop);
    let mut reader = Files { options, budget: &budget, tables: Tables::default(), findings: Findings::default() };
    for input in inputs {
        reader.file(&input);
    }
    (reader.tables, reader.findings)
}

struct Files<'b> {
    options: Options,
    budget: &'b Budget,
    tables: Tables,
    findings: Findings,
}

impl Files<'_> {
    fn file(&mut self, input: &Input) {
        let file: Arc<str> = Arc::from(input.name.as_str());
        let place = CellPlace::file(&file);
        if input.bytes.len() > MOST_BYTES {
            self.lose(Fault::new(place, "file_too_large").with("limit", MOST_BYTES / 1024 / 1024), None);
        } else if xlsx::is_archive(&input.bytes) {
            self.take(&file, "xlsx", None);
            self.workbook(&file, &input.bytes);
        } else if xlsx::is_encrypted(&input.bytes) {
            self.lose(Fault::new(place, "workbook_encrypted"), None);
        } else if xlsx::is_compound(&input.bytes) {
            self.lose(Fault::new(place, "old_workbook"), None);
        } else {
            match decode::decode(&input.bytes, input.charset) {
                Ok(decoded) => self.decoded(&file, &decoded),
                Err(problem) => self.not_text(place, problem),
            }
        }
    }

    fn decoded(&mut self, file: &Arc<str>, decoded: &decode::Decoded<'_>) {
        let is_json = json::is_json(&decoded.text);
        self.take(file, if is_json { "json" } else { "csv" }, Some((decoded.encoding.name(), decoded.certainty)));
        if !is_json {
            self.text(file, &decoded.text);
        } else if decoded.text.len() > MOST_JSON_BYTES {
            let fault = Fault::new(CellPlace::file(file), "file_too_large");
            self.lose(fault.with("limit", MOST_JSON_BYTES / 1024 / 1024), None);
        } else if !json::read(file, &decoded.text, &mut self.tables, &mut self.findings) {
            self.findings.lost.add(None);
        }
    }

    fn not_text(&mut self, place: CellPlace, problem: decode::NotText) {
        let fault = match problem {
            decode::NotText::BadBytes { line, encoding } => {
                Fault::new(place.at(line), "encoding_broken").with("encoding", encoding.name())
            }
            decode::NotText::Unknown { line } => Fault::new(place.at(line), "encoding_unknown"),
            decode::NotText::Implausible { line, encoding } => {
                Fault::new(place.at(line), "encoding_implausible").with("encoding", encoding.name())
            }
        };
        self.lose(fault, None);
    }

    fn take(
        &mut self,
        file: &Arc<str>,
        format: &'static str,
        encoding: Option<(&'static str, decode::EncodingCertainty)>,
    ) {
        self.findings.files.push(FileTaken { file: Arc::clone(file), format, encoding });
    }

    /// Reports a fault because of which a table could not be read.
    fn lose(&mut self, fault: Fault, form: Option<Form>) {
        self.findings.lost.add(form);
        self.findings.fault(fault);
    }

    fn text(&mut self, file: &Arc<str>, text: &str) {
        let said = csv::said_separator(text);
        let separator = said.unwrap_or_else(|| likeliest_separator(text));
        let skipped = usize::from(said.is_some());
        let mut rows = csv::Rows::of(text, separator, Some(self.budget)).skip(skipped).peekable();
        if rows.peek().is_none() {
            return self.lose(Fault::new(CellPlace::file(file), "file_empty"), None);
        }
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        self.sheet(&CellPlace::file(file), &stem, &mut rows);
    }

    fn workbook(&mut self, file: &Arc<str>, bytes: &[u8]) {
        let place = CellPlace::file(file);
        let (mut workbook, sheets) = match Workbook::open(bytes, self.budget) {
            Ok(opened) => opened,
            Err(fault) => return self.broken_off(place, fault, None),
        };
        let mut is_empty = true;
        for sheet in sheets {
            let place = CellPlace { sheet: Some(sheet.name.as_str().into()), ..CellPlace::file(file) };
            let rows = match workbook.rows(&sheet) {
                Ok(rows) => rows,
                Err(fault) => return self.broken_off(place, fault, Form::named(&sheet.name)),
            };
            let hidden_columns = rows.hidden_columns().to_vec();
            let mut rows = rows.peekable();
            if rows.peek().is_none() {
                continue;
            }
            is_empty = false;
            if sheet.name.starts_with(LEFT_OUT) {
                continue;
            }
            // People do not see hidden content, so it is not imported, and a warning says so.
            if sheet.is_hidden {
                self.findings.warn(Fault::new(place, "sheet_hidden"));
                continue;
            }
            let mut seen = Seen { rows: &mut rows, hidden_columns, without: Lines::default(), columns: Vec::new() };
            self.sheet(&place, &sheet.name, &mut seen);
            let Seen { without, columns, .. } = seen;
            self.warn_of_hidden(&place, &without, &columns);
        }
        if is_empty {
            self.lose(Fault::new(CellPlace::file(file), "file_empty"), None);
        }
    }

    fn warn_of_hidden(&mut self, place: &CellPlace, rows: &Lines, columns: &[usize]) {
        if rows.count() > 0 {
            let fault = Fault::new(place.clone(), "row_hidden");
            self.findings.warn(fault.with("rows", rows).with_argument("count", rows.count()));
        }
        if !columns.is_empty() {
            let letters: Vec<String> = columns.iter().map(|column| letters(*column)).collect();
            let fault = Fault::new(place.clone(), "column_hidden");
            self.findings.warn(fault.with_argument("count", letters.len()).with_argument("columns", letters));
        }
    }

    /// Reports why a table could not be read to its end.
    fn broken_off(&mut self, place: CellPlace, fault: TableFault, form: Option<Form>) {
        let fault = match fault {
            // Nobody is left to report to.
            TableFault::Stopped => return,
            TableFault::Broken(problem) => {
                let problem: String = problem.chars().take(200).collect();
                Fault::new(place, "workbook_broken").with("problem", problem)
            }
            TableFault::Encrypted => Fault::new(place, "workbook_encrypted"),
            TableFault::Bomb => Fault::new(place, "workbook_too_large"),
            TableFault::TableTooLarge => Fault::new(place, "sheet_too_large")
                .with("rows", limits::ROWS)
                .with("columns", limits::COLUMNS)
                .with("cells", limits::CELLS),
            TableFault::ImportTooLarge(entries) => {
                Fault::new(place, "tables_too_large").with("entries", entries).with("size", limits::TEXT / 1024 / 1024)
            }
            TableFault::QuoteNotClosed(line) => Fault::new(place.at(line), "quote_not_closed"),
            TableFault::QuoteFollowed(line) => Fault::new(place.at(line), "quote_followed"),
        };
        self.lose(fault, form);
    }

    /// Reads one table: its form is the one requested, or identified by its name, or by its header.
    fn sheet(&mut self, place: &CellPlace, name: &str, rows: &mut dyn Iterator<Item = Result<Line, TableFault>>) {
        let mut first = Vec::new();
        while first.len() < ABOVE {
            match rows.next() {
                None => break,
                Some(Ok(row)) => first.push(row),
                Some(Err(fault)) => {
                    let form =
                        self.options.form.or_else(|| Form::named(name)).or_else(|| Form::told_by(name, |_| true));
                    return self.broken_off(place.clone(), fault, form);
                }
            }
        }
        let Some(form) = self.form(place, name, &first) else { return };
        let ignore = self.options.ignore_unknown_columns;
        if form == Form::Ledger {
            let asked = ledger::Asked { place, ignore_unknown: ignore, budget: self.budget };
            return match ledger::read(&asked, first, rows, &mut self.tables.ledger, &mut self.findings) {
                Ok(true) => {}
                Ok(false) => self.findings.lost.add(Some(form)),
                Err(fault) => self.broken_off(place.clone(), fault, Some(form)),
            };
        }
        let Some((at, head)) = header::read(form, place, &first, ignore, &mut self.findings) else {
            return self.findings.lost.add(Some(form));
        };
        let head = Arc::new(head);
        let mut left_out = Lines::default();
        for row in header::rows_below(first, at, rows) {
            let read = row.and_then(|row| {
                if row.is_left_out() {
                    left_out.extend([row.number]);
                    return Ok(());
                }
                self.row(form, &head, &row)
            });
            if let Err(fault) = read {
                return self.broken_off(place.clone(), fault, Some(form));
            }
            if self.findings.fault_count() >= MOST_FAULTS {
                let fault = Fault::new(place.clone(), "too_many_faults").with("limit", MOST_FAULTS);
                return self.lose(fault, None);
            }
        }
        if left_out.count() > 0 {
            let fault = Fault::new(place.clone(), "row_left_out");
            self.findings.warn(fault.with("rows", &left_out).with_argument("count", left_out.count()));
        }
    }

    fn form(&mut self, place: &CellPlace, name: &str, first: &[Line]) -> Option<Form> {
        let fits = |form: Form| {
            let Some((_, (whole, known, strange))) = header::best(form, first) else { return false };
            whole || known >= strange.0.max(2) && !matches!(form, Form::Ledger | Form::Counts)
        };
        let told = Form::named(name).or_else(|| {
            // A part of a name is only a hint: the header must not contradict it.
            let hint = Form::told_by(name, |form| !matches!(form, Form::Ledger | Form::Counts) || fits(form))?;
            fits(hint).then_some(hint)
        });
        // A sheet 物资 or 单位 may be a ledger: it has quantities, and no codes.
        let told = told.map(|form| {
            let is_ledger = !header::has_keys(form, first) && fits(Form::Ledger);
            if is_ledger && form != Form::Counts { Form::Ledger } else { form }
        });
        if let Some(form) = self.options.form.or(told) {
            return Some(form);
        }
        let forms = header::forms_of(first);
        if let [form] = forms.as_slice() {
            return Some(*form);
        }
        let code = if forms.is_empty() { "form_unknown" } else { "form_ambiguous" };
        let known: Vec<Form> = if forms.is_empty() { Form::all().collect() } else { forms };
        let english: Vec<String> = known.iter().map(|form| form.name().to_owned()).collect();
        let chinese: Vec<String> = known.iter().map(|form| form.layout().zh.to_owned()).collect();
        let known = message!("import-forms", names = [english, chinese]);
        self.lose(Fault::new(place.clone(), code).with_argument("forms", known), None);
        None
    }

    fn row(&mut self, form: Form, head: &Arc<header::Head>, line: &Line) -> Result<(), TableFault> {
        let (findings, budget) = (&mut self.findings, self.budget);
        let mut row = Row::start(form, line, Reading { head, findings, budget });
        let tables = &mut self.tables;
        macro_rules! take {
            ($table:ident, $what:ident) => {{
                self.budget.take_entries(form, 1)?;
                let value = $what::read(&mut row);
                tables.$table.push(row.end(value));
            }};
        }
        match form {
            Form::Regions => take!(regions, RegionRow),
            Form::ItemClasses => take!(item_classes, ClassRow),
            Form::Items => take!(items, ItemRow),
            Form::Dictionary => take!(dictionary, DefinitionRow),
            Form::Organizations => take!(organizations, OrganizationRow),
            Form::Facts => {
                let facts = FactRow::read(&mut row);
                self.budget.take_entries(form, facts.len())?;
                tables.facts.extend(facts);
            }
            Form::Depots => take!(depots, DepotRow),
            Form::Standards => take!(standards, StandardRow),
            Form::Rules => take!(rules, RuleRow),
            Form::Adoptions => take!(adoptions, AdoptionRow),
            Form::Targets => take!(targets, TargetRow),
            Form::ItemAnswers => take!(item_answers, ItemAnswerRow),
            Form::Counts => take!(counts, CountRow),
            // It is read as a whole, because its rows depend on each other.
            Form::Ledger => {}
        }
        if self.budget.has_text() { Ok(()) } else { Err(TableFault::ImportTooLarge(limits::ENTRIES)) }
    }
}

/// The visible rows and columns of a sheet.
struct Seen<'r> {
    rows: &'r mut dyn Iterator<Item = Result<Line, TableFault>>,
    hidden_columns: Vec<(usize, usize)>,
    /// The hidden rows, which are left out.
    without: Lines,
    /// The hidden columns with content, which are left out.
    columns: Vec<usize>,
}

impl Iterator for Seen<'_> {
    type Item = Result<Line, TableFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut row = match self.rows.next()? {
                Ok(row) => row,
                fault => return Some(fault),
            };
            if row.is_hidden {
                self.without.extend([row.number]);
                continue;
            }
            for (first, last) in &self.hidden_columns {
                for (column, cell) in row.cells.iter_mut().enumerate().take(last.saturating_add(1)).skip(*first) {
                    if !cell.is_empty() && !self.columns.contains(&column) {
                        self.columns.push(column);
                    }
                    *cell = Value::Empty;
                }
            }
            if row.cells.iter().any(|cell| !cell.is_empty()) {
                return Some(Ok(row));
            }
        }
    }
}

/// The separator that makes the first rows look most like a header; of equally good ones, the one that gives the most
/// cells.
fn likeliest_separator(text: &str) -> char {
    let known = |row: &[Value]| Form::all().map(|form| header::score(form, row)).max();
    csv::SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|separator| {
            let rows = csv::Rows::of(text, *separator, None).map_while(Result::ok).take(ABOVE);
            rows.map(|row| (known(&row.cells), row.cells.len())).max()
        })
        .unwrap_or(',')
}
