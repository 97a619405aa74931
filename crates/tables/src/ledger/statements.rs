//! What labels and titles say of the rows around them: one above a table holds for the rows below it, one at its end for
//! those above.

use std::sync::Arc;

use chrono::NaiveDate;

use super::labels::{Label, Subject};
use crate::fault::{CellPlace, Fault, Findings};
use crate::forms::LedgerRow;
use crate::row::Placed;

/// The maximum number of statements of a sheet: each is compared with the others.
const MOST: usize = 5_000;

/// Something said of rows.
#[derive(Clone, Debug)]
struct Statement {
    subject: Subject,
    words: Arc<str>,
    day: Option<NaiveDate>,
    line: u64,
    /// The number of rows above it.
    at: usize,
    /// True if it ends a table, and holds for the rows above.
    is_end: bool,
    /// The number of the row from which on it no longer holds, if it stands above its table.
    until: usize,
}

impl Statement {
    fn is_same(&self, other: &Self) -> bool {
        if self.subject == Subject::Day { self.day == other.day } else { self.words == other.words }
    }
}

/// All that was said in a sheet.
#[derive(Debug, Default)]
pub(super) struct Statements {
    said: Vec<Statement>,
    /// The numbers of rows above the titles below the first row.
    titles: Vec<usize>,
    rows: usize,
    /// The number of statements before the last row, or before a title below it.
    settled: usize,
}

impl Statements {
    /// Takes the labels of a row of the sheet.
    pub fn labels(&mut self, labels: Vec<Label>, line: u64) {
        // Labels beside a signature stand at the end of a table.
        let is_signed = self.rows > 0 && labels.iter().any(|label| label.subject == Some(Subject::Signature));
        for label in labels.into_iter().filter(Label::is_statement) {
            let Some(subject) = label.subject else { continue };
            let words = label.words.chars().take(200).collect::<String>().into();
            self.say(Statement { subject, words, day: label.day, line, at: self.rows, is_end: is_signed, until: 0 });
        }
    }

    /// Takes a day that a heading says.
    pub fn day(&mut self, day: NaiveDate, line: u64) {
        let words = day.to_string().into();
        self.say(Statement {
            subject: Subject::Day,
            words,
            day: Some(day),
            line,
            at: self.rows,
            is_end: false,
            until: 0,
        });
    }

    fn say(&mut self, statement: Statement) {
        // Labels that are repeated on each page say nothing new.
        let title = self.titles.last().copied().unwrap_or(0);
        let holds = self.said.iter().enumerate().rev().find(|(_, said)| said.subject == statement.subject);
        let is_repeated = holds.is_some_and(|(at, said)| {
            at < self.settled && !said.is_end && said.at >= title && said.is_same(&statement)
        });
        if !is_repeated {
            self.said.push(statement);
        }
    }

    /// True for more statements than any ledger has.
    pub fn are_too_many(&self) -> bool {
        self.said.len() > MOST
    }

    /// A new title: all between it and the last row belongs to the table above.
    pub fn title(&mut self) {
        if self.rows > 0 {
            self.end_gap();
            self.titles.push(self.rows);
        }
    }

    /// A row, with the number of rows so far.
    pub fn row(&mut self, rows: usize) {
        self.rows = rows;
        self.settled = self.said.len();
    }

    fn end_gap(&mut self) {
        for statement in self.said.iter_mut().skip(self.settled) {
            statement.is_end = true;
        }
        self.settled = self.said.len();
    }

    /// Fills in what was said, where a row does not say it itself. Statements that contradict each other are faults, and so
    /// is a day that cannot be read.
    pub fn settle(mut self, place: &CellPlace, rows: &mut [Placed<LedgerRow>], findings: &mut Findings) {
        if self.rows > 0 {
            self.end_gap();
        }
        for statement in self.said.iter().filter(|said| said.subject == Subject::Day && said.day.is_none()) {
            findings.fault(Fault::new(place.clone().at(statement.line), "not_a_day").of(&*statement.words));
        }
        self.said.retain(|said| said.subject != Subject::Day || said.day.is_some());
        let ends: Vec<usize> = self.said.iter().map(|said| self.end_of(said)).collect();
        for (statement, end) in self.said.iter_mut().zip(ends) {
            statement.until = end;
        }
        for subject in [Subject::Organization, Subject::Depot, Subject::Unit, Subject::Day] {
            self.fill(subject, place, rows, findings);
        }
        self.fill_keepers(rows);
        self.fill_only_day(rows);
    }

    fn fill(&self, subject: Subject, place: &CellPlace, rows: &mut [Placed<LedgerRow>], findings: &mut Findings) {
        let mut differ = |one: &Statement, other: &Statement| {
            let fault = Fault::new(place.clone().at(other.line), "ledger_labels_differ").of(&*other.words);
            findings.fault(fault.with("other", &one.words).with("line", one.line));
        };
        let about: Vec<&Statement> = self.said.iter().filter(|said| said.subject == subject).collect();
        let mut begun: Option<&Statement> = None;
        for statement in about.iter().copied().filter(|said| !said.is_end) {
            if let Some(before) = begun.filter(|before| before.at == statement.at && !before.is_same(statement)) {
                differ(before, statement);
            }
            begun = Some(statement);
        }
        for statement in about.iter().filter(|said| !said.is_end) {
            set(rows.get_mut(statement.at..statement.until).unwrap_or_default(), subject, statement);
        }
        let mut from = 0;
        for statement in about.iter().copied().filter(|said| said.is_end) {
            let title = self.titles.iter().rev().find(|title| **title < statement.at).copied().unwrap_or(0);
            // A statement above the table, or another one at its end.
            let other = about.iter().copied().rev().find(|said| {
                !std::ptr::eq(*said, statement)
                    && if said.is_end {
                        said.at == statement.at && said.line < statement.line
                    } else {
                        said.at < statement.at && said.until >= statement.at
                    }
            });
            if let Some(other) = other.filter(|other| !other.is_same(statement)) {
                differ(other, statement);
            }
            if subject != Subject::Unit {
                set(rows.get_mut(from.max(title)..statement.at).unwrap_or_default(), subject, statement);
            }
            from = statement.at;
        }
    }

    /// The number of the row from which on a statement above a table no longer holds: at the next title, at another
    /// statement about the same, and, for what belongs to an organization, at another organization.
    fn end_of(&self, statement: &Statement) -> usize {
        let title = self.titles.iter().find(|title| **title > statement.at).copied();
        let owner = self
            .said
            .iter()
            .rev()
            .find(|said| said.subject == Subject::Organization && !said.is_end && said.at <= statement.at);
        let next = self.said.iter().find(|said| {
            !said.is_end
                && said.at > statement.at
                && (said.subject == statement.subject
                    || said.subject == Subject::Organization
                        && statement.subject != Subject::Day
                        && owner.is_none_or(|owner| !owner.is_same(said)))
        });
        let ends = [title, next.map(|said| said.at), Some(self.rows)];
        ends.into_iter().flatten().min().unwrap_or(self.rows)
    }

    /// Keepers and their phones above a table: of two, the second is the second keeper. A name at the end of a table is a
    /// signature.
    fn fill_keepers(&self, rows: &mut [Placed<LedgerRow>]) {
        for subject in [Subject::Keeper, Subject::Phone] {
            let about = self.said.iter().filter(|said| said.subject == subject && !said.is_end);
            let mut before: Option<&Statement> = None;
            for statement in about {
                let is_second = before.is_some_and(|before| before.at == statement.at && !before.is_same(statement));
                for row in rows.get_mut(statement.at..statement.until).unwrap_or_default() {
                    let row = &mut row.value;
                    let cell = match (subject, is_second) {
                        (Subject::Keeper, false) => &mut row.keeper,
                        (Subject::Keeper, true) => &mut row.second_keeper,
                        (_, false) => &mut row.phone,
                        (_, true) => &mut row.second_phone,
                    };
                    cell.get_or_insert_with(|| statement.words.to_string());
                }
                before = Some(statement);
            }
        }
    }

    /// The one day that a sheet says is that of all its rows.
    fn fill_only_day(&self, rows: &mut [Placed<LedgerRow>]) {
        let mut days = self.said.iter().filter_map(|said| said.day.filter(|_| said.subject == Subject::Day));
        let Some(first) = days.next() else { return };
        if days.all(|day| day == first) {
            for row in rows {
                row.value.counted_on.get_or_insert(first);
            }
        }
    }
}

/// Fills in a statement, where a row does not say it itself.
fn set(rows: &mut [Placed<LedgerRow>], subject: Subject, statement: &Statement) {
    for row in rows {
        let row = &mut row.value;
        let words = || statement.words.to_string();
        match subject {
            Subject::Organization => _ = row.organization.get_or_insert_with(words),
            Subject::Depot => _ = row.depot.get_or_insert_with(words),
            Subject::Unit => _ = row.unit.get_or_insert_with(words),
            Subject::Day => {
                if let Some(day) = statement.day {
                    row.counted_on.get_or_insert(day);
                }
            }
            Subject::Keeper | Subject::Phone | Subject::Signature | Subject::Remark => {}
        }
    }
}
