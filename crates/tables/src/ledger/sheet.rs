//! Reading a sheet of a ledger row by row: each row is told apart by what it has, and by what stands around it.

use std::collections::{BTreeSet, VecDeque};

use super::cells::{self, Cell};
use super::head::{self, Found, LedgerHead};
use super::labels::{self, Label, Subject};
use super::quantity::{self, LedgerQuantity};
use super::statements::Statements;
use crate::fault::{CellPlace, Fault, Findings};
use crate::form::Form;
use crate::forms::LedgerRow;
use crate::header::{ABOVE, header_missing};
use crate::limits::{Budget, ENTRIES, TableFault};
use crate::line::Line;
use crate::lines::Lines;
use crate::read::MOST_FAULTS;
use crate::row::{Placed, Reading, Row};
use crate::value::Value;

/// The circumstances of reading a sheet.
pub(crate) struct Asked<'a> {
    /// The place of the sheet.
    pub place: &'a CellPlace,
    /// True to skip unknown columns with a warning.
    pub ignore_unknown: bool,
    /// The bounds.
    pub budget: &'a Budget,
}

/// The maximum number of titles that are remembered, to tell a repeated one.
const TITLES: usize = 1_000;

/// Reads a sheet whose first rows were read already. Returns `false` if it could not be read to its end.
pub(crate) fn read(
    asked: &Asked<'_>,
    first: Vec<Line>,
    rest: &mut dyn Iterator<Item = Result<Line, TableFault>>,
    rows: &mut Vec<Placed<LedgerRow>>,
    findings: &mut Findings,
) -> Result<bool, TableFault> {
    if head::best(&first).is_none() {
        findings.fault(header_missing(Form::Ledger, asked.place.clone()));
        return Ok(false);
    }
    let mut ahead = Ahead { window: first.into(), rest };
    let begin = rows.len();
    let mut sheet = Sheet {
        asked,
        rows,
        begin,
        findings,
        head: None,
        has_begun: false,
        title: None,
        section: None,
        organization: None,
        depot: None,
        last_line: 0,
        titles: BTreeSet::new(),
        statements: Statements::default(),
    };
    let mut left_out = Lines::default();
    while let Some(line) = ahead.next()? {
        if let Some(found) = head::find(&line, ahead.window.front()) {
            let second = if found.rows == 2 { ahead.next()? } else { None };
            ahead.fill()?;
            sheet.header(&found, &line, second.as_ref(), &ahead.window);
        } else if line.is_left_out() {
            left_out.extend([line.number]);
        } else {
            sheet.line(&line)?;
        }
        sheet.last_line = sheet.last_line.max(cells::last_line(&line, asked.place.sheet.is_none()));
        if sheet.statements.are_too_many() {
            return Err(TableFault::TableTooLarge);
        }
        if sheet.findings.fault_count() >= MOST_FAULTS {
            sheet.findings.fault(Fault::new(asked.place.clone(), "too_many_faults").with("limit", MOST_FAULTS));
            return Ok(false);
        }
    }
    if left_out.count() > 0 {
        let fault = Fault::new(asked.place.clone(), "row_left_out").with("rows", &left_out);
        sheet.findings.warn(fault.with_argument("count", left_out.count()));
    }
    let Sheet { statements, rows, findings, .. } = sheet;
    statements.settle(asked.place, rows.get_mut(begin..).unwrap_or_default(), findings);
    Ok(true)
}

/// Rows with those that follow them.
struct Ahead<'i> {
    window: VecDeque<Line>,
    rest: &'i mut dyn Iterator<Item = Result<Line, TableFault>>,
}

impl Ahead<'_> {
    fn next(&mut self) -> Result<Option<Line>, TableFault> {
        if self.window.len() < 2 {
            self.fill()?;
        }
        Ok(self.window.pop_front())
    }

    /// Reads ahead the rows that a header may be judged by.
    fn fill(&mut self) -> Result<(), TableFault> {
        while self.window.len() < ABOVE {
            match self.rest.next() {
                Some(line) => self.window.push_back(line?),
                None => break,
            }
        }
        Ok(())
    }
}

/// The sort of a row.
#[derive(Debug)]
enum Kind {
    /// A line of the ledger.
    Row,
    /// Labels, and nothing else.
    Labels(Vec<Label>),
    /// The title of a table, or other words outside it.
    Heading { is_title: bool },
    /// The heading of a part of a table; perhaps the organization or depot of the rows below it, by its column.
    Section,
    /// A sum of other rows.
    Sum,
    /// A remark, or a mark of a page or of the end.
    Footer,
    /// A number, and nothing beside it.
    Empty,
    /// The header of a table that is no ledger.
    OtherHeader,
    /// Data outside any table.
    Unplaced,
    /// Data without a name.
    Nameless,
}

struct Sheet<'s> {
    asked: &'s Asked<'s>,
    rows: &'s mut Vec<Placed<LedgerRow>>,
    /// The number of rows before those of this sheet.
    begin: usize,
    findings: &'s mut Findings,
    /// The header that holds; `None` above the first, and in a table that is no ledger.
    head: Option<LedgerHead>,
    /// True below the first header.
    has_begun: bool,
    title: Option<String>,
    section: Option<String>,
    /// The organization of the row above, which holds for an empty cell below it.
    organization: Option<String>,
    /// The depot of the row above.
    depot: Option<String>,
    /// The last row that was read.
    last_line: u64,
    titles: BTreeSet<String>,
    statements: Statements,
}

impl Sheet<'_> {
    fn header(&mut self, found: &Found, line: &Line, second: Option<&Line>, below: &VecDeque<Line>) {
        if self.has_begun {
            for line in [Some(line), second].into_iter().flatten() {
                self.warn(line, "ledger_header_again");
            }
        }
        if !self.head.as_ref().is_some_and(|head| head.is_same(found)) {
            let below: Vec<&Line> = below.iter().take_while(|line| head::find(line, None).is_none()).collect();
            let ignore = self.asked.ignore_unknown;
            self.head = Some(head::read(found, self.asked.place, &below, ignore, self.findings));
            self.end_block();
        }
        self.has_begun = true;
        self.last_line = second.map_or(line.number, |line| line.number);
    }

    fn line(&mut self, line: &Line) -> Result<(), TableFault> {
        if line.number > self.last_line.saturating_add(1) {
            self.end_block();
        }
        let all: Vec<Cell<'_>> = cells::of(line).collect();
        let own: Vec<Cell<'_>> =
            all.iter().copied().filter(|cell| !cell.is_repeated && !self.is_number(cell)).collect();
        match self.kind(line, &all, &own) {
            Kind::Row => return self.row(line),
            Kind::Labels(labels) => {
                self.end_block();
                self.statements.labels(labels, line.number);
                self.warn(line, "ledger_labels");
            }
            Kind::Heading { is_title } => {
                self.heading(&own, line.number, is_title);
                self.warn(line, "ledger_heading");
            }
            Kind::Section => {
                self.end_block();
                self.section(&own);
                self.warn(line, "ledger_heading");
            }
            Kind::Sum => {
                self.end_block();
                self.warn(line, "ledger_sum");
            }
            Kind::Footer => {
                self.end_block();
                self.warn(line, "ledger_footer");
            }
            Kind::Empty => self.warn(line, "ledger_row_empty"),
            Kind::OtherHeader => {
                self.end_block();
                self.head = None;
                self.unplaced(line);
            }
            Kind::Unplaced => self.unplaced(line),
            Kind::Nameless => {
                if let Some(head) = &self.head {
                    let place = head.head.cell(line.number, head.at("name").or_else(|| head.at("item")));
                    self.findings.fault(Fault::new(place, "missing_field").of(cells::words(line)));
                }
            }
        }
        Ok(())
    }

    fn kind(&self, line: &Line, all: &[Cell<'_>], own: &[Cell<'_>]) -> Kind {
        let name = self.head.as_ref().and_then(|head| head.at("name"));
        let Some(head) = &self.head else {
            return match labels::of_row(own, None) {
                Some(labels) => Kind::Labels(labels),
                None if self.has_begun && !own.iter().all(is_marginal) => Kind::Unplaced,
                None if own.len() > 1 && own.iter().any(is_quantity) => Kind::Unplaced,
                None => Kind::Heading { is_title: own.first().is_some_and(is_title) },
            };
        };
        if own.is_empty() {
            return Kind::Empty;
        }
        let until_name = name.or_else(|| head.at("item")).unwrap_or(usize::MAX);
        if all.iter().any(|cell| cell.column <= until_name && cell.text().is_some_and(labels::is_sum)) {
            return Kind::Sum;
        }
        if let Some(labels) = labels::of_row(own, name) {
            return Kind::Labels(labels);
        }
        if own.iter().all(is_marginal) {
            let is_footer = own.iter().all(|cell| cell.text().is_some_and(labels::is_footer));
            return if is_footer { Kind::Footer } else { Kind::Heading { is_title: own.iter().any(is_title) } };
        }
        if head.is_contradicted_by(line) {
            return Kind::OtherHeader;
        }
        let is_named = |cell: &Cell<'_>| head.at("name") == Some(cell.column) || head.at("item") == Some(cell.column);
        // 一 | 防护类 | …
        if let [number, title] = own
            && head.numbers.contains(&number.column)
            && is_named(title)
            && number.text().is_some_and(|text| labels::is_numbered(&format!("{text}、")))
        {
            return Kind::Section;
        }
        let has_number = all.iter().any(|cell| self.is_number(cell));
        if let [only] = own
            && !has_number
            && !all.iter().any(|cell| cell.is_repeated && is_named(cell))
        {
            let is_heading = only.last.is_some()
                || head.numbers.contains(&only.column)
                || head.at("organization") == Some(only.column)
                || head.at("depot") == Some(only.column)
                || only.text().is_some_and(labels::is_numbered);
            if is_heading {
                return Kind::Section;
            }
        }
        if all.iter().any(is_named) { Kind::Row } else { Kind::Nameless }
    }

    /// True for the number of a row.
    fn is_number(&self, cell: &Cell<'_>) -> bool {
        let is_column = self.head.as_ref().is_some_and(|head| head.numbers.contains(&cell.column));
        is_column
            && match cell.value {
                Value::Text(text) => {
                    let mut signs = text.chars();
                    text.len() < 16
                        && signs.all(|sign| sign.is_ascii_digit() || "()（）.、．０１２３４５６７８９-".contains(sign))
                }
                Value::Number(_) | Value::Formatted { .. } => true,
                _ => false,
            }
    }

    fn heading(&mut self, own: &[Cell<'_>], line: u64, is_title: bool) {
        self.end_block();
        let words: Vec<String> = own.iter().map(Cell::shown).collect();
        // A title that is repeated on each page begins nothing.
        let title: String = words.concat().chars().filter(|sign| !sign.is_whitespace()).take(100).collect();
        if is_title && !self.titles.contains(&title) {
            self.title = own.iter().find(|cell| self::is_title(cell)).map(|cell| kept(&cell.shown()));
            self.section = None;
            self.statements.title();
            if self.titles.len() < TITLES {
                self.titles.insert(title);
            }
        }
        for (cell, words) in own.iter().zip(&words) {
            match cell.value {
                Value::Day(day) => self.statements.day(*day, line),
                Value::Text(_) => {
                    let (before, labels) = labels::in_text(words);
                    for day in labels::days_of_heading(&before) {
                        self.statements.day(day, line);
                    }
                    self.statements.labels(labels, line);
                }
                _ => {}
            }
        }
    }

    /// A section; in the column of organizations or of depots, its words hold for the empty cells below it.
    fn section(&mut self, own: &[Cell<'_>]) {
        let (Some(cell), Some(head)) = (own.first(), &self.head) else { return };
        let words = own.iter().map(Cell::shown).collect::<Vec<_>>().join(" ");
        let words = kept(&words);
        if cell.last.is_none() && head.at("organization") == Some(cell.column) {
            self.organization = Some(words.clone());
        } else if cell.last.is_none() && head.at("depot") == Some(cell.column) {
            self.depot = Some(words.clone());
        }
        self.section = Some(words);
    }

    /// Ends the rows in which an empty cell means the one above it.
    fn end_block(&mut self) {
        (self.organization, self.depot) = (None, None);
    }

    fn row(&mut self, line: &Line) -> Result<(), TableFault> {
        let Some(head) = &self.head else { return Ok(()) };
        let budget = self.asked.budget;
        budget.take_entries(Form::Ledger, 1)?;
        let values = cells::values(line);
        let mut row = Row::of(line, &values, Reading { head: &head.head, findings: self.findings, budget });
        row.require_headers();
        let mut value = LedgerRow::read(&mut row);
        value.title.clone_from(&self.title);
        value.section.clone_from(&self.section);
        if value.unit.is_none() {
            value.unit.clone_from(&head.unit);
        }
        if value.organization.is_some() {
            if value.organization != self.organization {
                self.depot = None;
            }
            self.organization.clone_from(&value.organization);
        } else if head.at("organization").is_some() {
            value.organization.clone_from(&self.organization);
        }
        if value.depot.is_some() {
            self.depot.clone_from(&value.depot);
        } else if head.at("depot").is_some() {
            value.depot.clone_from(&self.depot);
        }
        self.rows.push(row.end(value));
        self.statements.row(self.rows.len() - self.begin);
        if budget.has_text() { Ok(()) } else { Err(TableFault::ImportTooLarge(ENTRIES)) }
    }

    fn unplaced(&mut self, line: &Line) {
        let place = self.asked.place.clone().at(line.number);
        self.findings.fault(Fault::new(place, "ledger_row_unplaced").of(cells::words(line)));
    }

    fn warn(&mut self, line: &Line, kind: &'static str) {
        let place = self.asked.place.clone().at(line.number);
        self.findings.warn(Fault::new(place, kind).of(cells::words(line)));
    }
}

/// Words that are kept with each row below them, in one line and not longer than other words.
fn kept(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

/// True for a cell that is no data: a title, a day alone, labels, or the end of a page.
fn is_marginal(cell: &Cell<'_>) -> bool {
    match cell.value {
        Value::Text(text) => {
            labels::is_title(text)
                || labels::is_footer(text)
                || labels::only_day(text).is_some()
                || labels::in_text(text).1.iter().any(|label| label.subject.is_some())
        }
        Value::Day(_) => true,
        _ => false,
    }
}

fn is_title(cell: &Cell<'_>) -> bool {
    cell.text().is_some_and(labels::is_title)
}

/// True for a cell that reads as a quantity.
fn is_quantity(cell: &Cell<'_>) -> bool {
    match cell.value {
        Value::Text(text) => matches!(quantity::read(text, None), LedgerQuantity::Read { .. }),
        Value::Number(_) | Value::Formatted { .. } => true,
        _ => false,
    }
}

impl Label {
    /// True for a label of which a row asks something.
    pub(super) fn is_statement(&self) -> bool {
        !self.words.is_empty() && !matches!(self.subject, None | Some(Subject::Signature | Subject::Remark))
    }
}
