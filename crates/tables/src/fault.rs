//! Faults in a file, with their places.

use std::sync::Arc;

use text::language::Language;
use text::messages::{Message, message};

/// The maximum number of faults, and of warnings, reported for one import; all of them are counted.
const TOLD: usize = 500;

/// Every code of what is wrong in a file itself, or worth a look. The words are in `messages/*/import.ftl`, by the code. What
/// is wrong in what the file says is told by the rule book, in its own codes and words.
pub const CODES: &[&str] = &[
    "cell_error",
    "cell_without_column",
    "column_ignored",
    "column_left_out",
    "column_missing",
    "column_twice",
    "column_unknown",
    "condition_not_read",
    "control_character",
    "day_as_number",
    "day_unexpected",
    "day_with_time",
    "document_of_another",
    "encoding_unknown",
    "fact_ambiguous",
    "file_empty",
    "file_too_large",
    "form_ambiguous",
    "form_unknown",
    "formula_not_calculated",
    "header_missing",
    "item_and_other",
    "json_not_taken",
    "length_out_of_bounds",
    "mark_withdrawn",
    "missing_field",
    "more_faults",
    "negative",
    "not_a_day",
    "not_a_number",
    "not_a_pack",
    "not_a_spare",
    "not_whole",
    "number_not_asked",
    "old_workbook",
    "out_of_range",
    "quote_followed",
    "quote_not_closed",
    "row_twice",
    "said_by_document",
    "sheet_hidden",
    "sheet_too_large",
    "spare_as_number",
    "too_large",
    "too_precise",
    "unknown_value",
    "word_of_no_rule",
    "workbook_broken",
    "workbook_too_large",
];

/// A place in a file, as a person sees it who opens the file.
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnPlace {
    /// Its letters in a workbook, such as `E`.
    pub letters: Option<String>,
    /// Its header.
    pub header: String,
}

impl CellPlace {
    /// The place as a JSON pointer: file, sheet, row and column, where known.
    pub fn pointer(&self) -> String {
        let column = self.column.as_ref().map(|column| column.letters.clone().unwrap_or_else(|| column.header.clone()));
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
    /// The place.
    pub place: CellPlace,
    /// The value found there.
    pub value: Option<String>,
    /// The code, as a stable snake_case word; it selects the message.
    pub code: &'static str,
    /// The arguments of the message, such as a limit or the accepted values.
    pub arguments: Vec<(&'static str, String)>,
    /// The words, where the rule book tells it.
    pub detail: Option<Message>,
}

impl Fault {
    /// A fault at a place.
    pub fn new(place: CellPlace, code: &'static str) -> Self {
        debug_assert!(CODES.contains(&code), "{code} is in no list");
        Self { place, value: None, code, arguments: Vec::new(), detail: None }
    }

    /// A fault that the rule book tells, at a place.
    pub fn told(place: CellPlace, code: &'static str, detail: Message) -> Self {
        Self { place, value: None, code, arguments: Vec::new(), detail: Some(detail) }
    }

    /// Returns the fault with one more argument of its message.
    pub fn with(mut self, name: &'static str, argument: impl ToString) -> Self {
        self.arguments.push((name, argument.to_string()));
        self
    }

    /// The message: what is wrong and how to correct it.
    pub fn message(&self) -> Message {
        if let Some(detail) = &self.detail {
            return detail.clone();
        }
        let key = format!("import-{}", self.code.replace('_', "-"));
        let message = Message::new(key).with("value", self.value.as_deref().unwrap_or_default());
        self.arguments.iter().fold(message, |message, (name, argument)| message.with(name, argument))
    }

    /// Returns the fault with the value found.
    pub fn of(mut self, value: impl Into<String>) -> Self {
        self.value = Some(value.into());
        self
    }
}

/// All findings: the first of them in full, and their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The faults, which prevent the import.
    pub faults: Vec<Fault>,
    /// The number of faults.
    pub fault_count: usize,
    /// The warnings, which do not.
    pub warnings: Vec<Fault>,
    /// The number of warnings.
    pub warning_count: usize,
}

impl Findings {
    /// Adds a fault.
    pub fn fault(&mut self, fault: Fault) {
        self.fault_count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(fault);
        }
    }

    /// Adds a warning.
    pub fn warn(&mut self, warning: Fault) {
        self.warning_count += 1;
        if self.warnings.len() < TOLD {
            self.warnings.push(warning);
        }
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
