//! Faults in a file, with their places.

use std::collections::HashMap;
use std::sync::Arc;

use text::language::Language;
use text::messages::{Argument, Message, message};

use super::decode::EncodingCertainty;
use super::form::Form;
use super::lines::Lines;

/// The maximum number of faults, and of warnings, reported for one import; all of them are counted.
const TOLD: usize = 500;

/// Every code of a fault or warning about the file itself. The messages are in `messages/*/import.ftl`, by code. Faults
/// in the content are reported by the rule book, with its own codes and messages.
pub const CODES: &[&str] = &[
    "barcode_mangled",
    "barcode_repaired",
    "cell_error",
    "cell_without_column",
    "code_mangled",
    "column_hidden",
    "column_ignored",
    "column_left_out",
    "column_missing",
    "column_twice",
    "column_unknown",
    "condition_not_read",
    "control_character",
    "day_as_number",
    "datum_missing",
    "day_unexpected",
    "day_with_time",
    "digits_lost",
    "document_of_another",
    "encoding_broken",
    "encoding_implausible",
    "encoding_unknown",
    "fact_ambiguous",
    "file_empty",
    "file_too_large",
    "form_ambiguous",
    "form_unknown",
    "formula_not_calculated",
    "header_missing",
    "invisible_character",
    "item_and_other",
    "json_not_taken",
    "json_of_no_form",
    "ledger_footer",
    "ledger_header_again",
    "ledger_heading",
    "ledger_labels",
    "ledger_labels_differ",
    "ledger_row_empty",
    "ledger_row_unplaced",
    "ledger_sum",
    "length_out_of_bounds",
    "list_not_read",
    "list_too_long",
    "mark_withdrawn",
    "missing_field",
    "more_faults",
    "negative",
    "not_a_day",
    "not_a_number",
    "not_a_pack",
    "not_a_spare",
    "not_a_time",
    "not_whole",
    "number_not_asked",
    "old_workbook",
    "one_of_two",
    "out_of_range",
    "quote_followed",
    "quote_not_closed",
    "row_hidden",
    "row_left_out",
    "row_twice",
    "said_by_document",
    "sheet_hidden",
    "sheet_too_large",
    "spare_as_number",
    "tables_too_large",
    "too_large",
    "too_many_faults",
    "too_precise",
    "unknown_value",
    "word_of_no_rule",
    "workbook_broken",
    "workbook_encrypted",
    "workbook_too_large",
];

/// A place in a file, as a person sees it after opening the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CellPlace {
    /// The name of the file.
    pub file: Arc<str>,
    /// The sheet of a workbook.
    pub sheet: Option<Arc<str>>,
    /// The row of a sheet, or the line of a text file, from 1.
    pub line: Option<u64>,
    /// The column.
    pub column: Option<ColumnPlace>,
}

/// A column, as a person sees it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnPlace {
    /// Its letters in a workbook, such as `E`.
    pub letters: Option<String>,
    /// Its header.
    pub header: Arc<str>,
}

impl CellPlace {
    /// The place as a JSON pointer: file, sheet, row and column, where known.
    pub fn pointer(&self) -> String {
        let column =
            self.column.as_ref().map(|column| column.letters.clone().unwrap_or_else(|| column.header.to_string()));
        let parts = [
            Some(self.file.to_string()),
            self.sheet.as_ref().map(ToString::to_string),
            self.line.map(|line| line.to_string()),
            column,
        ];
        let escaped = parts.into_iter().flatten().map(|part| part.replace('~', "~0").replace('/', "~1"));
        escaped.fold(String::new(), |pointer, part| format!("{pointer}/{part}"))
    }

    /// The place, in words.
    pub fn text(&self, language: Language) -> String {
        let column = self.column.as_ref().map(|column| match &column.letters {
            Some(letters) => format!("{letters} \"{}\"", column.header),
            None => format!("\"{}\"", column.header),
        });
        let line = self.line.map(|line| line.to_string());
        let parts = [
            self.sheet.as_ref().map(|sheet| message!("import-place-sheet", sheet = sheet.to_string())),
            line.map(|line| message!("import-place-line", line = line)),
            column.map(|column| message!("import-place-column", column = column)),
        ];
        let parts = parts.into_iter().flatten().map(|part| part.text(language));
        std::iter::once(self.file.to_string()).chain(parts).collect::<Vec<_>>().join(", ")
    }

    /// The place of a whole file.
    pub fn file(file: &Arc<str>) -> Self {
        Self { file: Arc::clone(file), sheet: None, line: None, column: None }
    }

    /// Returns the place with a line.
    pub fn at(self, line: u64) -> Self {
        Self { line: Some(line), ..self }
    }
}

/// A fault or a warning in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The place; the first one if several rows have the fault.
    pub place: CellPlace,
    /// All rows that have the fault.
    pub lines: Lines,
    /// The value found there.
    pub value: Option<String>,
    /// The code, as a stable snake_case word: the code of a request, if a request can have the same fault.
    pub code: &'static str,
    /// The entry of [`CODES`] that selects the message.
    pub(crate) kind: &'static str,
    /// The arguments of the message, such as a limit or the accepted values.
    pub arguments: Vec<(&'static str, Argument)>,
    /// The message, if the rule book reports the fault.
    pub detail: Option<Message>,
}

/// The code of a request for a kind of fault: a value of the wrong type for its field is a wrong value.
fn code_of(kind: &'static str) -> &'static str {
    match kind {
        "cell_error"
        | "day_as_number"
        | "day_unexpected"
        | "day_with_time"
        | "digits_lost"
        | "formula_not_calculated"
        | "not_a_day"
        | "not_a_number"
        | "not_a_spare"
        | "not_a_time"
        | "not_whole"
        | "spare_as_number"
        | "too_large"
        | "too_precise" => "wrong_value",
        kind => kind,
    }
}

impl Fault {
    /// A fault of a kind at a place.
    pub fn new(place: CellPlace, kind: &'static str) -> Self {
        debug_assert!(CODES.contains(&kind), "{kind} is in no list");
        let lines = place.line.into_iter().collect();
        Self { place, lines, value: None, code: code_of(kind), kind, arguments: Vec::new(), detail: None }
    }

    /// A fault that the rule book reports, at a place.
    pub fn told(place: CellPlace, code: &'static str, detail: Message) -> Self {
        let lines = place.line.into_iter().collect();
        Self { place, lines, value: None, code, kind: code, arguments: Vec::new(), detail: Some(detail) }
    }

    /// Returns the fault with one more argument of its message.
    pub fn with(self, name: &'static str, argument: impl ToString) -> Self {
        self.with_argument(name, argument.to_string())
    }

    /// Returns the fault with one more argument of its message, which may be a list or another message.
    pub fn with_argument(mut self, name: &'static str, argument: impl Into<Argument>) -> Self {
        self.arguments.push((name, argument.into()));
        self
    }

    /// The message: the problem, the correction, and the rows if there are several.
    pub fn message(&self) -> Message {
        let message = self.detail.clone().unwrap_or_else(|| {
            let key = format!("import-{}", self.kind.replace('_', "-"));
            let message = Message::new(key).with("value", self.value.as_deref().unwrap_or_default());
            self.arguments.iter().fold(message, |message, (name, argument)| message.with(name, argument.clone()))
        });
        if self.lines.count() < 2 {
            return message;
        }
        message!("import-in-rows", detail = message, count = self.lines.count(), rows = self.lines.to_string())
    }

    /// Returns the fault with the value found.
    pub fn of(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }

    /// The key that equal faults in the same column share.
    fn sort(&self) -> String {
        let place = CellPlace { line: None, ..self.place.clone() };
        format!("{}\n{}\n{:?}\n{:?}\n{:?}", place.pointer(), self.kind, self.value, self.arguments, self.detail)
    }
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileTaken {
    /// Its name.
    pub file: Arc<str>,
    /// Its format: `csv`, `xlsx` or `json`.
    pub format: &'static str,
    /// The encoding with which its text was read, with its certainty; a workbook has none.
    pub encoding: Option<(&'static str, EncodingCertainty)>,
}

/// The part of the files that could not be read. Faults that may follow from it are not reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// The forms of which a table could not be read.
    forms: Vec<Form>,
    /// True if a table of an unknown form could not be read.
    is_any: bool,
}

impl Lost {
    /// True if things of a form may be missing.
    pub fn may_hold(&self, form: Form) -> bool {
        self.is_any || self.forms.contains(&form)
    }

    pub(super) fn add(&mut self, form: Option<Form>) {
        match form {
            Some(form) if !self.forms.contains(&form) => self.forms.push(form),
            Some(_) => {}
            None => self.is_any = true,
        }
    }
}

/// Faults or warnings: the first of them in full, equal ones as one, and their number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Told {
    list: Vec<Fault>,
    count: usize,
    /// The positions in the list, by the key of a fault.
    sorts: HashMap<String, usize>,
}

impl Told {
    fn add(&mut self, fault: Fault) {
        self.count += 1;
        let sort = fault.sort();
        if let Some(known) = self.sorts.get(&sort).and_then(|at| self.list.get_mut(*at)) {
            known.lines.extend(fault.place.line);
        } else if self.list.len() < TOLD || (fault.place.line.is_none() && self.list.len() < 2 * TOLD) {
            // There is always room for a fault about a whole table.
            self.sorts.insert(sort, self.list.len());
            self.list.push(fault);
        }
    }
}

/// All findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    faults: Told,
    warnings: Told,
    /// The files that were read.
    pub files: Vec<FileTaken>,
    /// The part of them that could not be read.
    pub lost: Lost,
}

impl Findings {
    /// Adds a fault.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: Fault) {
        self.warnings.add(warning);
    }

    /// The faults, which prevent the import: the first different ones, each with its rows.
    pub fn faults(&self) -> &[Fault] {
        &self.faults.list
    }

    /// The number of faulty places.
    pub fn fault_count(&self) -> usize {
        self.faults.count
    }

    /// True if there are more different faults than are reported.
    pub fn are_cut_off(&self) -> bool {
        self.faults.list.iter().map(|fault| fault.lines.count().max(1)).sum::<usize>() < self.faults.count
    }

    /// The warnings, which do not prevent the import.
    pub fn warnings(&self) -> &[Fault] {
        &self.warnings.list
    }

    /// The number of places with a warning.
    pub fn warning_count(&self) -> usize {
        self.warnings.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_words_in_both_languages() {
        for code in CODES {
            let fault = Fault::new(CellPlace::file(&"f".into()), code);
            for language in [Language::English, Language::Chinese] {
                assert!(!fault.message().text(language).starts_with("import-"), "{code} has no words");
            }
        }
    }
}
