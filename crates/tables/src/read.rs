//! Reading files: identifying each, and passing its rows to their form.

use std::sync::Arc;

use super::csv::{self, QuoteFault};
use super::fault::{CellPlace, Fault, Findings};
use super::form::Form;
use super::forms::{
    AdoptionRow, ClassRow, DefinitionRow, DepotRow, FactRow, ItemRow, OrganizationRow, RegionRow, RuleRow, StandardRow,
    TargetRow,
};
use super::header::{self, Grid};
use super::row::Row;
use super::value::Value;
use super::xlsx::{self, WorkbookFault};
use super::{decode, json};

pub use super::forms::Tables;

/// The maximum size of a file in bytes.
pub const MOST_BYTES: usize = 16 * 1024 * 1024;

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

/// Reads files into rows. All faults are reported, not only the first; without any, the rows are complete.
pub fn read(inputs: &[Input], options: Options) -> (Tables, Findings) {
    let mut reader = Files { options, tables: Tables::default(), findings: Findings::default() };
    for input in inputs {
        reader.file(input);
    }
    (reader.tables, reader.findings)
}

struct Files {
    options: Options,
    tables: Tables,
    findings: Findings,
}

impl Files {
    fn file(&mut self, input: &Input) {
        let file: Arc<str> = Arc::from(input.name.as_str());
        let place = CellPlace::file(&file);
        if input.bytes.len() > MOST_BYTES {
            self.findings.fault(Fault::new(place, "file_too_large").with("limit", MOST_BYTES / 1024 / 1024));
        } else if xlsx::is_archive(&input.bytes) {
            self.workbook(&file, &input.bytes);
        } else if xlsx::is_old_workbook(&input.bytes) {
            self.findings.fault(Fault::new(place, "old_workbook"));
        } else {
            match decode::decode(&input.bytes, input.charset) {
                Ok(text) if json::is_json(&text) => json::read(&file, &text, &mut self.tables, &mut self.findings),
                Ok(text) => self.text(&file, &text),
                Err(problem) => self.findings.fault(Fault::new(place.at(problem.line), "encoding_unknown")),
            }
        }
    }

    fn text(&mut self, file: &Arc<str>, text: &str) {
        let said = csv::said_separator(text);
        let separator = said.unwrap_or_else(|| likeliest_separator(text));
        let rows = match csv::read(text, separator, xlsx::ROWS + 1) {
            Ok(rows) => rows,
            Err(QuoteFault::NotClosed(line)) => {
                return self.findings.fault(Fault::new(CellPlace::file(file).at(line), "quote_not_closed"));
            }
            Err(QuoteFault::Followed(line)) => {
                return self.findings.fault(Fault::new(CellPlace::file(file).at(line), "quote_followed"));
            }
        };
        let skipped = usize::from(said.is_some());
        let grid = Grid { file: Arc::clone(file), sheet: None, rows: rows.into_iter().skip(skipped).collect() };
        let cells: usize = grid.rows.iter().map(|(_, row)| row.len()).sum();
        if grid.rows.len() > xlsx::ROWS || cells > xlsx::CELLS {
            return self.too_large(grid.place());
        }
        if grid.rows.is_empty() {
            return self.findings.fault(Fault::new(grid.place(), "file_empty"));
        }
        let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned();
        self.sheet(grid, &stem);
    }

    fn too_large(&mut self, place: CellPlace) {
        self.findings.fault(
            Fault::new(place, "sheet_too_large")
                .with("rows", xlsx::ROWS)
                .with("columns", xlsx::COLUMNS)
                .with("cells", xlsx::CELLS),
        );
    }

    fn workbook(&mut self, file: &Arc<str>, bytes: &[u8]) {
        let sheets = match xlsx::read(bytes) {
            Ok(sheets) => sheets,
            Err(WorkbookFault::Broken(problem)) => {
                let fault = Fault::new(CellPlace::file(file), "workbook_broken").with("problem", problem);
                return self.findings.fault(fault);
            }
            Err(WorkbookFault::Bomb) => {
                return self.findings.fault(Fault::new(CellPlace::file(file), "workbook_too_large"));
            }
            Err(WorkbookFault::TooLarge(sheet)) => {
                return self.too_large(CellPlace { sheet: Some(sheet.into()), ..CellPlace::file(file) });
            }
        };
        let grid = |sheet: xlsx::WorkbookSheet| {
            (sheet.hidden, Grid { file: Arc::clone(file), sheet: Some(sheet.name.into()), rows: sheet.rows })
        };
        let filled: Vec<(bool, Grid)> = sheets.into_iter().filter(|sheet| !sheet.rows.is_empty()).map(grid).collect();
        if filled.is_empty() {
            return self.findings.fault(Fault::new(CellPlace::file(file), "file_empty"));
        }
        for (hidden, grid) in filled {
            let name = grid.sheet.as_deref().unwrap_or_default().to_owned();
            if name.starts_with(['#', '＃']) {
                continue;
            }
            if hidden {
                // Hidden content is not visible to people: it is neither imported nor silently skipped.
                self.findings.warn(Fault::new(grid.place(), "sheet_hidden"));
                continue;
            }
            self.sheet(grid, &name);
        }
    }

    /// Reads one table: its form is the one requested, or identified by its name, or by its header.
    fn sheet(&mut self, grid: Grid, name: &str) {
        let told = Form::named(name).or_else(|| {
            // Part of a name is only a hint: the header must not contradict it.
            let hint = Form::told_by(name)?;
            let fits = |(whole, known, strange): header::Score| whole || known >= strange.0.max(2);
            header::best(hint, &grid.rows).is_some_and(|(_, score)| fits(score)).then_some(hint)
        });
        let form = match self.options.form.or(told) {
            Some(form) => form,
            None => match header::forms_of(&grid.rows).as_slice() {
                [form] => *form,
                forms => {
                    let code = if forms.is_empty() { "form_unknown" } else { "form_ambiguous" };
                    let known: Vec<Form> = if forms.is_empty() { Form::all().collect() } else { forms.to_vec() };
                    let known: Vec<String> =
                        known.into_iter().map(|form| format!("{} ({})", form.name(), form.layout().zh)).collect();
                    return self.findings.fault(Fault::new(grid.place(), code).with("forms", known.join(", ")));
                }
            },
        };
        let ignore = self.options.ignore_unknown_columns;
        let Some((at, head)) = header::read(form, &grid, ignore, &mut self.findings) else { return };
        let head = Arc::new(head);
        for (line, cells) in header::rows_below(grid, at) {
            self.row(form, &head, line, &cells);
        }
    }

    fn row(&mut self, form: Form, head: &Arc<header::Head>, line: u64, cells: &[Value]) {
        let mut row = Row::start(form, head, line, cells, &mut self.findings);
        let tables = &mut self.tables;
        macro_rules! take {
            ($table:ident, $what:ident) => {{
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
            Form::Facts => tables.facts.extend(FactRow::read(&mut row)),
            Form::Depots => take!(depots, DepotRow),
            Form::Standards => take!(standards, StandardRow),
            Form::Rules => take!(rules, RuleRow),
            Form::Adoptions => take!(adoptions, AdoptionRow),
            Form::Targets => take!(targets, TargetRow),
        }
    }
}

/// The separator that makes the first rows look most like a header; of equal ones, the one that gives most cells.
fn likeliest_separator(text: &str) -> char {
    let known = |row: &[Value]| Form::all().map(|form| header::score(form, row)).max();
    csv::SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|separator| {
            let rows = csv::read(text, *separator, 20).unwrap_or_default();
            rows.iter().map(|(_, row)| (known(row), row.len())).max()
        })
        .unwrap_or(',')
}
