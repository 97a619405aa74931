//! The header of a ledger: of one row or of two, with the names that people give its columns.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{cells, units};
use crate::fault::{CellPlace, Fault, Findings};
use crate::folding::plain;
use crate::form::Form;
use crate::header::{Head, Score, column_unknown, is_own, is_short};
use crate::line::Line;

/// Columns for the numbers of rows.
const NUMBERS: &[&str] = &["序号", "no", "no.", "#", "编次", "项次", "序", "次序"];

/// The header that may name the organization or the unit of measure.
const UNIT_OR_ORGANIZATION: &str = "单位";

/// Names below the header of a keeper, such as 姓名 below 保管人.
const BELOW_KEEPER: &[&str] = &["姓名", "名字", "人员"];

/// A column of a header.
#[derive(Clone, Debug, PartialEq)]
struct Name {
    column: usize,
    /// Its last column, if it goes over several.
    last: Option<usize>,
    /// The name, of two rows joined.
    shown: String,
    /// The column of the form.
    key: Option<&'static str>,
}

/// The columns of a ledger.
#[derive(Clone, Debug)]
pub(super) struct LedgerHead {
    /// The columns for the reader of rows.
    pub head: Arc<Head>,
    /// The columns for the numbers of rows.
    pub numbers: Vec<usize>,
    /// The unit in the header of the quantity, as in `数量（件）`.
    pub unit: Option<String>,
    names: Vec<Name>,
}

impl LedgerHead {
    /// The column of a key.
    pub fn at(&self, key: &str) -> Option<usize> {
        self.head.columns.get(key).copied()
    }

    /// True for the same header again.
    pub fn is_same(&self, found: &Found) -> bool {
        let words = |names: &[Name]| names.iter().map(|name| (name.column, plain(&name.shown))).collect::<Vec<_>>();
        words(&self.names) == words(&found.names)
    }

    /// True for a row that is the header of something else: it repeats the words above numbers of rows.
    pub fn is_contradicted_by(&self, line: &Line) -> bool {
        let mut cells = cells::of(line).filter(|cell| self.numbers.contains(&cell.column) && !cell.is_repeated);
        cells.any(|cell| cell.text().is_some_and(is_number_header))
    }
}

/// A header as found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    names: Vec<Name>,
    /// The number of its rows: 1 or 2.
    pub rows: usize,
    /// The number of its first row.
    line: u64,
}

/// The header that begins with a row, if one does. `next` is the row below it.
pub(super) fn find(line: &Line, next: Option<&Line>) -> Option<Found> {
    // A row of data has numbers, or words of its own.
    if !cells::of(line).all(|cell| cell.text().is_some_and(is_short)) {
        return None;
    }
    let one = names(line);
    if one.iter().filter(|name| name.key.is_some()).count() < 2 {
        return None;
    }
    // A row that takes away what the first one needs is no part of it.
    let two = next.filter(|next| is_second(line, next)).map(|next| both(line, next)).filter(|names| is_whole(names));
    let (names, rows) = match two {
        Some(names) => (names, 2),
        None => (one, 1),
    };
    is_whole(&names).then_some(Found { names, rows, line: line.number })
}

/// The row with the best score as the header of a ledger.
pub(crate) fn best(rows: &[Line]) -> Option<(usize, Score)> {
    let (at, found) = rows.iter().enumerate().find_map(|(at, row)| Some((at, find(row, rows.get(at + 1))?)))?;
    let known = found.names.iter().filter(|name| name.key.is_some()).count();
    let is_strange = |name: &&Name| name.key.is_none() && !Form::Ledger.leaves_out(&name.shown);
    Some((at, (true, known, Reverse(found.names.iter().filter(is_strange).count()))))
}

/// Reads a header that was found: identifies its columns and reports those that are unknown or there twice. `below` are rows
/// below it, which show what 单位 means.
pub(super) fn read(
    found: &Found,
    place: &CellPlace,
    below: &[&Line],
    ignore_unknown: bool,
    findings: &mut Findings,
) -> LedgerHead {
    let form = Form::Ledger;
    let mut names = found.names.clone();
    settle_units(&mut names, below);
    split_quantity(&mut names, below);
    let length = names.iter().map(|name| name.column + 1).max().unwrap_or(0);
    let mut headers: Vec<Arc<str>> = vec![Arc::from(""); length];
    for name in &names {
        if let Some(header) = headers.get_mut(name.column) {
            *header = name.shown.as_str().into();
        }
    }
    let mut columns = BTreeMap::new();
    let mut problems: Vec<(usize, Problem)> = Vec::new();
    for name in &names {
        let shown = name.shown.as_str();
        match name.key {
            Some(key) => {
                // A second keeper has the same header as the first.
                let free = [Some(key), second(key)].into_iter().flatten().find(|key| !columns.contains_key(key));
                match free {
                    Some(key) => _ = columns.insert(key, name.column),
                    None => problems.push((name.column, Problem::Twice(key))),
                }
            }
            None if is_own(shown) => {}
            None if form.leaves_out(shown) => problems.push((name.column, Problem::LeftOut)),
            None if ignore_unknown => problems.push((name.column, Problem::Ignored)),
            None => problems.push((name.column, Problem::Unknown)),
        }
    }
    if !columns.contains_key("specification")
        && let Some(column) = columns.remove("model")
    {
        columns.insert("specification", column);
    }
    let quantity = columns.get("quantity").and_then(|at| headers.get(*at));
    let unit = quantity.and_then(|header| remark(header)).filter(|remark| units::is_unit(remark));
    let numbers = names.iter().filter(|name| is_number_header(&name.shown)).map(|name| name.column).collect();
    let head = Head::of_columns(place.clone(), columns, headers);
    for (column, problem) in problems {
        let (place, header) = (head.cell(found.line, Some(column)), head.header(column));
        match problem {
            Problem::Twice(key) => findings.fault(Fault::new(place, "column_twice").of(&*header).with("column", key)),
            Problem::LeftOut => findings.warn(Fault::new(place, "column_left_out").of(&*header)),
            Problem::Ignored => findings.warn(Fault::new(place, "column_ignored").of(&*header)),
            Problem::Unknown => findings.fault(column_unknown(form, place).of(&*header)),
        }
    }
    LedgerHead { head: Arc::new(head), numbers, unit, names: found.names.clone() }
}

/// A column that is not read.
enum Problem {
    /// Another column has the same key.
    Twice(&'static str),
    /// People add it for themselves.
    LeftOut,
    /// It is unknown, and unknown columns are to be ignored.
    Ignored,
    /// It is unknown.
    Unknown,
}

/// The column for the second of two with the same header.
fn second(key: &str) -> Option<&'static str> {
    match key {
        "keeper" => Some("second_keeper"),
        "phone" => Some("second_phone"),
        _ => None,
    }
}

fn is_number_header(text: &str) -> bool {
    NUMBERS.iter().any(|name| plain(name) == plain(text))
}

/// The text in brackets at the end of a header.
fn remark(header: &str) -> Option<String> {
    let compact = cells::compact(header);
    let (_, remark) = compact.strip_suffix(')')?.split_once('(')?;
    Some(remark.to_owned())
}

/// The columns of a header of one row.
fn names(line: &Line) -> Vec<Name> {
    names_of(cells::of(line))
}

fn names_of<'l>(cells: impl Iterator<Item = cells::Cell<'l>>) -> Vec<Name> {
    let named = |cell: cells::Cell<'_>| {
        let text = cell.text().filter(|text| is_short(text))?;
        Some(Name { column: cell.column, last: cell.last, shown: text.to_owned(), key: key(text) })
    };
    cells.filter_map(named).collect()
}

fn key(text: &str) -> Option<&'static str> {
    Form::Ledger.column(text).map(|column| column.key)
}

/// True if some columns make a ledger: a name or code, and a quantity.
fn is_whole(names: &[Name]) -> bool {
    let needs = Form::Ledger.layout().needs;
    needs.iter().all(|group| names.iter().any(|name| name.key.is_some_and(|key| group.contains(&key))))
}

/// True if the row below the first one of a header is its second: it names parts of what the first one names, as 姓名 and 电话
/// below 保管人.
fn is_second(top: &Line, next: &Line) -> bool {
    let own: Vec<_> = cells::of(next).filter(|cell| !cell.is_repeated).collect();
    let is_named = |cell: &cells::Cell<'_>| {
        cell.text().is_some_and(|text| {
            let group = group(top, cell.column);
            is_short(text) && (part(group, text).is_some() || Form::Ledger.leaves_out(text))
        })
    };
    !own.is_empty() && own.iter().all(is_named) && !is_whole(&names_of(own.iter().copied()))
}

/// The words of the first row above a column: those above it, or the last ones left of it.
fn group(top: &Line, column: usize) -> &str {
    cells::of(top).filter(|cell| cell.column <= column).last().and_then(|cell| cell.text()).unwrap_or_default()
}

/// The column of a name below the words of a group.
fn part(group: &str, text: &str) -> Option<&'static str> {
    if BELOW_KEEPER.iter().any(|name| plain(name) == plain(text)) {
        return key(group).filter(|key| matches!(*key, "keeper" | "second_keeper"));
    }
    key(&format!("{group}{text}")).or_else(|| key(text))
}

/// The columns of a header of two rows.
fn both(top: &Line, next: &Line) -> Vec<Name> {
    let parts: BTreeMap<usize, &str> =
        cells::of(next).filter(|cell| !cell.is_repeated).filter_map(|cell| Some((cell.column, cell.text()?))).collect();
    let mut names: Vec<Name> = names(top).into_iter().filter(|name| !parts.contains_key(&name.column)).collect();
    for (column, text) in parts {
        let group = group(top, column);
        names.push(Name {
            column,
            last: None,
            shown: format!("{group} {text}").trim().to_owned(),
            key: part(group, text),
        });
    }
    names.sort_by_key(|name| name.column);
    names
}

/// Decides for each column 单位 whether it has units of measure or organizations: by the other columns, by the cells below it,
/// and by its place beside the quantity.
fn settle_units(names: &mut [Name], below: &[&Line]) {
    let has = |names: &[Name], key: &str| names.iter().any(|name| name.key == Some(key) && !is_open(name));
    let (has_unit, has_organization) = (has(names, "unit"), has(names, "organization"));
    let quantity = names.iter().find(|name| name.key == Some("quantity")).map(|name| name.column);
    let open = names.iter().filter(|name| is_open(name)).count();
    for name in names.iter_mut().filter(|name| is_open(name)) {
        let is_beside = quantity.is_some_and(|at| at.abs_diff(name.column) == 1);
        let key = match (has_unit, has_organization, said_below(name.column, below)) {
            (true, false, _) => "organization",
            (false, true, _) if open == 1 => "unit",
            (.., Some(key)) => key,
            (.., None) if is_beside || open == 1 && quantity.is_some_and(|at| at < name.column) => "unit",
            (.., None) => "organization",
        };
        name.key = Some(key);
    }
}

/// Finds the unit below a quantity that goes over two columns.
fn split_quantity(names: &mut Vec<Name>, below: &[&Line]) {
    let quantity = names.iter().find(|name| name.key == Some("quantity"));
    let Some(last) = quantity.and_then(|name| name.last.filter(|last| *last == name.column + 1)) else { return };
    if names.iter().all(|name| name.key != Some("unit")) && said_below(last, below) == Some("unit") {
        names.push(Name { column: last, last: None, shown: UNIT_OR_ORGANIZATION.to_owned(), key: Some("unit") });
    }
}

/// True for a column of which its name alone does not say whether it has units or organizations.
fn is_open(name: &Name) -> bool {
    cells::compact(&name.shown) == UNIT_OR_ORGANIZATION
}

/// The meaning of 单位 by the cells below it: most of them are units of measure, or most are not.
fn said_below(column: usize, below: &[&Line]) -> Option<&'static str> {
    let (mut units, mut others) = (0_usize, 0_usize);
    for line in below {
        let own: Vec<_> = cells::of(line).filter(|cell| cell.last.is_none()).collect();
        // A row of one cell is a heading.
        let cell = own.iter().find(|cell| cell.column == column && own.len() > 1);
        match cell.and_then(|cell| cell.text()) {
            Some(text) if units::is_unit(&cells::compact(text)) => units += 1,
            Some(_) => others += 1,
            None => {}
        }
    }
    match units.cmp(&others) {
        std::cmp::Ordering::Greater => Some("unit"),
        std::cmp::Ordering::Less => Some("organization"),
        std::cmp::Ordering::Equal => None,
    }
}
