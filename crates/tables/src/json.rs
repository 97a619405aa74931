//! The project's own JSON files: a standard with its rules, or the dictionary of facts.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::fault::{CellPlace, Fault, Findings};
use super::forms::{DefinitionRow, RuleRow, StandardRow, Tables};
use super::header::Head;
use super::row::Placed;
use domain::fact::{FactKind, FactText};
use domain::rule::Rule;
use domain::standard::{StandardDocument, StandardStatus};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StandardFile {
    code: String,
    title_en: String,
    title_zh: String,
    jurisdiction: String,
    status: StandardStatus,
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    #[serde(default)]
    replaced_by: Option<String>,
    #[serde(default)]
    note: Option<String>,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefinitionEntry {
    key: String,
    kind: FactKind,
    #[serde(default)]
    unit: Option<String>,
    name_en: String,
    name_zh: String,
    definition_en: String,
    definition_zh: String,
}

/// True for text that can only be JSON.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '['])
}

/// Reads a standard, or a dictionary if the file is a list; `false` if it could not be read.
pub(super) fn read(file: &Arc<str>, text: &str, tables: &mut Tables, findings: &mut Findings) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    if is_of_neither_kind(text) {
        findings.fault(Fault::new(CellPlace::file(file), "json_of_no_form"));
        return false;
    }
    let read = if text.trim_start().starts_with('[') {
        parse::<Vec<DefinitionEntry>>(text).map(|entries| add_dictionary(file, text, entries, tables))
    } else {
        parse::<StandardFile>(text).map(|standard| add_standard(file, text, standard, tables))
    };
    if let Err((line, problem)) = &read {
        findings.fault(Fault::new(CellPlace::file(file).at(*line), "json_not_taken").with("problem", problem));
    }
    read.is_ok()
}

/// True for JSON that is meant as something else: no entry of a list is of the dictionary, or an object has no rules.
fn is_of_neither_kind(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Entry {
        key: Option<IgnoredAny>,
        rules: Option<IgnoredAny>,
    }
    if text.trim_start().starts_with('[') {
        serde_json::from_str::<Vec<Entry>>(text)
            .is_ok_and(|entries| !entries.is_empty() && entries.iter().all(|entry| entry.key.is_none()))
    } else {
        serde_json::from_str::<Entry>(text).is_ok_and(|entry| entry.rules.is_none())
    }
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, (u64, String)> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let line = |error: &serde_json::Error| u64::try_from(error.line()).unwrap_or(1).max(1);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        (line(&error), format!("{path}: {error}"))
    })?;
    reader.end().map_err(|error| (line(&error), error.to_string()))?;
    Ok(value)
}

fn add_standard(file: &Arc<str>, text: &str, standard: StandardFile, tables: &mut Tables) {
    let mut lines = Lines::new(file, text);
    let StandardFile { code, title_en, title_zh, jurisdiction, status, valid_from, valid_to, replaced_by, note, rules } =
        standard;
    let document =
        StandardDocument { title_en, title_zh, jurisdiction, status, valid_from, valid_to, replaced_by, note };
    tables.standards.push(lines.placed(&code, StandardRow { code: code.clone(), document, reason: None }));
    for rule in rules {
        let row = RuleRow {
            code: rule.code.clone(),
            standard: code.clone(),
            rule: Some(rule),
            reason: None,
            is_document: true,
        };
        tables.rules.push(lines.placed(&row.code.clone(), row));
    }
}

fn add_dictionary(file: &Arc<str>, text: &str, entries: Vec<DefinitionEntry>, tables: &mut Tables) {
    let mut lines = Lines::new(file, text);
    for DefinitionEntry { key, kind, unit, name_en, name_zh, definition_en, definition_zh } in entries {
        let text = FactText { name_en, name_zh, definition_en, definition_zh };
        tables.dictionary.push(lines.placed(&key, DefinitionRow::of(&key, kind, unit, text)));
    }
}

/// Finds the line on which an entry begins: the next one with its code in quotes.
struct Lines<'a> {
    head: Arc<Head>,
    rest: std::iter::Peekable<std::iter::Zip<std::ops::RangeFrom<u64>, std::str::Lines<'a>>>,
}

impl<'a> Lines<'a> {
    fn new(file: &Arc<str>, text: &'a str) -> Self {
        Self { head: Arc::new(Head::of_file(file)), rest: (1..).zip(text.lines()).peekable() }
    }

    fn placed<T>(&mut self, code: &str, value: T) -> Placed<T> {
        let quoted = serde_json::to_string(code).unwrap_or_default();
        let line = self.rest.by_ref().find(|(_, line)| line.contains(&quoted)).map_or(1, |(line, _)| line);
        Placed::whole(&self.head, line, value)
    }
}
