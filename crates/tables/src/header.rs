//! Finding the header of a sheet, and identifying its columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::{CellPlace, ColumnPlace, Fault, Findings};
use super::folding::plain;
use super::form::{Column, Form};
use super::ledger;
use super::limits::{COLUMNS, TableFault};
use super::line::Line;
use super::value::Value;
use text::messages::{Message, message};

/// The maximum number of rows above the header, such as titles and dates.
pub(super) const ABOVE: usize = 20;

/// The maximum length of a header in bytes; a longer text is not a header.
const LONGEST: usize = 400;

/// The columns of a sheet.
#[derive(Debug)]
pub struct Head {
    /// The place of the sheet.
    pub(super) place: CellPlace,
    /// The index of each known column.
    pub(super) columns: BTreeMap<&'static str, usize>,
    /// Columns that the form does not name; in facts, each is one.
    pub(super) others: Vec<(usize, Arc<str>)>,
    /// The headers, by index.
    headers: Vec<Arc<str>>,
    /// True for a file without columns, whose entries are complete.
    pub(super) says_all: bool,
}

impl Head {
    /// The columns of a file without columns.
    pub(super) fn of_file(file: &Arc<str>) -> Self {
        Self {
            place: CellPlace::file(file),
            columns: BTreeMap::new(),
            others: Vec::new(),
            headers: Vec::new(),
            says_all: true,
        }
    }

    /// The columns of a table that was identified elsewhere.
    pub(super) fn of_columns(place: CellPlace, columns: BTreeMap<&'static str, usize>, headers: Vec<Arc<str>>) -> Self {
        Self { place, columns, others: Vec::new(), headers, says_all: false }
    }

    /// The header of a column.
    pub(super) fn header(&self, column: usize) -> Arc<str> {
        self.headers.get(column).cloned().unwrap_or_default()
    }

    /// The place of a cell.
    pub(super) fn cell(&self, line: u64, column: Option<usize>) -> CellPlace {
        let column = column.map(|at| ColumnPlace {
            letters: self.place.sheet.is_some().then(|| letters(at)),
            header: self.header(at),
        });
        CellPlace { column, ..self.place.clone().at(line) }
    }

    /// True where there is one of some columns.
    pub(super) fn has_any(&self, group: &[&str]) -> bool {
        self.says_all || group.iter().any(|key| self.columns.contains_key(key))
    }

    /// True if the file has every column of a group.
    pub(super) fn has_all(&self, group: &[&str]) -> bool {
        self.says_all || group.iter().all(|key| self.columns.contains_key(key))
    }

    /// True for a column without a header.
    pub(super) fn is_unnamed(&self, column: usize) -> bool {
        self.headers.get(column).is_none_or(|header| header.is_empty())
    }
}

/// The letters of a column of a workbook, such as `E` or `AB`.
pub(super) fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The score of a row as the header of a form: whether it has all required columns, how many columns are known, and how
/// few are not.
pub(super) type Score = (bool, usize, std::cmp::Reverse<usize>);

pub(super) fn score(form: Form, row: &[Value]) -> Score {
    let names: Vec<&str> = row.iter().filter_map(text).collect();
    let known: Vec<&Column> = names.iter().filter_map(|name| form.column(name)).collect();
    let has = |key: &&str| known.iter().any(|column| column.key == *key);
    let whole = form.layout().needs.iter().all(|group| group.iter().any(has));
    let strange = names.iter().filter(|name| form.column(name).is_none() && !form.leaves_out(name)).count();
    (whole, known.len(), std::cmp::Reverse(strange))
}

/// The row with the best score as the header of a form.
pub(super) fn best(form: Form, rows: &[Line]) -> Option<(usize, Score)> {
    if form == Form::Ledger {
        return ledger::best_header(rows);
    }
    let scores = rows.iter().take(ABOVE).map(|row| score(form, &row.cells)).enumerate();
    // Of rows with equal scores, the first: a row of data may repeat the words of the header.
    scores.filter(|(_, (_, known, _))| *known > 0).max_by_key(|(at, score)| (*score, std::cmp::Reverse(*at)))
}

/// True if a header has all columns that name a thing of a form.
pub(super) fn has_keys(form: Form, rows: &[Line]) -> bool {
    let Some((at, _)) = best(form, rows) else { return false };
    let cells = rows.get(at).map(|row| row.cells.as_slice()).unwrap_or_default();
    let has = |key: &&str| {
        cells.iter().filter_map(text).any(|name| form.column(name).is_some_and(|column| column.key == *key))
    };
    form == Form::Ledger || form.layout().keys.iter().all(has)
}

/// The forms that a header fits best; several if the header cannot decide between them.
pub(super) fn forms_of(rows: &[Line]) -> Vec<Form> {
    let scores: Vec<(Form, (usize, std::cmp::Reverse<usize>))> = Form::all()
        .filter_map(|form| {
            let (_, (whole, known, strange)) = best(form, rows)?;
            // Facts in their own columns are known only to the dictionary, and any table may name an organization.
            (whole && (form != Form::Facts || known > 2)).then_some((form, (known, strange)))
        })
        .collect();
    let most = scores.iter().map(|(_, score)| *score).max();
    let best: Vec<Form> = scores.iter().filter(|(_, score)| Some(*score) == most).map(|(form, _)| *form).collect();
    // People keep ledgers in any shape: a table that is of another form as well is of that. A list with the codes of depots
    // and items is a list of counts if it has no columns but theirs.
    match scores.iter().any(|(form, (_, strange))| *form == Form::Counts && strange.0 == 0) {
        true if best == [Form::Ledger] => vec![Form::Counts],
        _ if best.len() > 1 => best.into_iter().filter(|form| *form != Form::Ledger).collect(),
        _ => best,
    }
}

/// Reads the header of a form from the first rows of a table: its index and its columns. Reports missing, unknown and
/// duplicate columns.
pub(super) fn read(
    form: Form,
    place: &CellPlace,
    rows: &[Line],
    ignore_unknown: bool,
    findings: &mut Findings,
) -> Option<(usize, Head)> {
    let Some((at, _)) = best(form, rows) else {
        findings.fault(header_missing(form, place.clone()));
        return None;
    };
    let Line { number: line, cells: row, .. } = rows.get(at)?;
    let headers = row.iter().map(|value| value.shown().unwrap_or_default().into()).collect();
    let mut head =
        Head { place: place.clone(), columns: BTreeMap::new(), others: Vec::new(), headers, says_all: false };
    for (column, value) in row.iter().enumerate() {
        let Some(name) = text(value) else { continue };
        let place = || head.cell(*line, Some(column));
        match form.column(name) {
            Some(known) if head.columns.contains_key(known.key) => {
                findings.fault(Fault::new(place(), "column_twice").of(name).with("column", known.key));
            }
            Some(known) => {
                head.columns.insert(known.key, column);
            }
            // A column that is marked as the person's own.
            None if is_own(name) => {}
            None if form.leaves_out(name) => findings.warn(Fault::new(place(), "column_left_out").of(name)),
            None if form == Form::Facts => head.others.push((column, name.into())),
            None if ignore_unknown => findings.warn(Fault::new(place(), "column_ignored").of(name)),
            None => findings.fault(column_unknown(form, place()).of(name)),
        }
    }
    // In facts, either each row is a fact, with `fact` and `value`, or each column is one.
    let long = form == Form::Facts && (head.columns.contains_key("fact") || head.columns.contains_key("value"));
    if long {
        for (column, name) in std::mem::take(&mut head.others) {
            findings.fault(column_unknown(form, head.cell(*line, Some(column))).of(&*name));
        }
    }
    let mut complete = true;
    let pair: &[&[&str]] = if long { &[&["fact"], &["value"]] } else { &[] };
    let keys = form.layout().keys;
    let named = form.layout().needs.iter().filter(|group| group.iter().any(|key| keys.contains(key)));
    for group in named.chain(pair) {
        if !head.has_any(group) {
            complete = false;
            findings.fault(missing(form, group, place.clone().at(*line)));
        }
    }
    complete.then_some((at, head))
}

/// True for the header of a column that is the person's own.
pub(super) fn is_own(name: &str) -> bool {
    name.starts_with(['#', '＃'])
}

/// The fault of a column that no form knows.
pub(super) fn column_unknown(form: Form, place: CellPlace) -> Fault {
    Fault::new(place, "column_unknown").with_argument("columns", columns_of(form))
}

/// The fault of a table without a header.
pub(super) fn header_missing(form: Form, place: CellPlace) -> Fault {
    let needs = form.layout().needs.iter().map(|group| names(form, group)).collect::<Vec<_>>().join(" + ");
    Fault::new(place, "header_missing").with("form", form.name()).with("columns", needs)
}

/// The fault of a table without a column that a row needs.
pub(super) fn missing(form: Form, group: &[&str], place: CellPlace) -> Fault {
    Fault::new(place, "column_missing").with("column", group.join(" / ")).with("columns", accepted(form, group))
}

/// The rows below the header; a header that spans two rows is repeated by its merged cells.
pub(super) fn rows_below(
    first: Vec<Line>,
    at: usize,
    rest: impl Iterator<Item = Result<Line, TableFault>>,
) -> impl Iterator<Item = Result<Line, TableFault>> {
    let header: Vec<String> = first
        .get(at)
        .map(|row| row.cells.iter().map(|value| text(value).map_or(String::new(), plain)).collect())
        .unwrap_or_default();
    let rows = first.into_iter().skip(at + 1).map(Ok).chain(rest);
    rows.skip_while(move |row| {
        row.as_ref().is_ok_and(|row| {
            row.cells.len() <= header.len().min(COLUMNS)
                && row
                    .cells
                    .iter()
                    .zip(&header)
                    .all(|(value, name)| value.is_empty() || text(value).map(plain).as_ref() == Some(name))
        })
    })
}

/// The columns of a form, as each language calls them.
fn columns_of(form: Form) -> Message {
    let columns = form.layout().columns;
    let english: Vec<String> = columns.iter().map(|column| column.key.to_owned()).collect();
    let chinese: Vec<String> = columns.iter().map(|column| column.zh.to_owned()).collect();
    message!("import-columns", names = [english, chinese])
}

/// True for a text that may be a header.
pub(super) fn is_short(text: &str) -> bool {
    text.len() <= LONGEST
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) if is_short(text) => Some(text),
        _ => None,
    }
}

fn names(form: Form, group: &[&str]) -> String {
    let columns = form.layout().columns.iter().filter(|column| group.contains(&column.key));
    columns.map(|column| format!("{} ({})", column.key, column.zh)).collect::<Vec<_>>().join(" / ")
}

/// All names of the columns in a group.
fn accepted(form: Form, group: &[&str]) -> String {
    let columns = form.layout().columns.iter().filter(|column| group.contains(&column.key));
    columns
        .flat_map(|column| [column.key, column.zh].into_iter().chain(column.others.iter().copied()))
        .collect::<Vec<_>>()
        .join(", ")
}
