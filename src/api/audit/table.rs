//! The audit as a table: a row for each value that changed.

use chrono::SecondsFormat;
use serde_json::Value;

use super::view::{AuditChange, AuditEntry, AuditSubject};
use super::words::Words;
use crate::api::fields::Fields;
use crate::api::list_table::number_of;
use domain::labels::{Labelled as _, unit_label};
use tables::Output;
use text::language::Language;
use text::messages::Message;

/// The columns.
const COLUMNS: [&str; 29] = [
    "revision",
    "at",
    "account",
    "account_name",
    "action",
    "device",
    "request_id",
    "kind",
    "key",
    "name",
    "organization",
    "organization_name",
    "depot",
    "depot_name",
    "field",
    "part",
    "item",
    "item_name",
    "unit",
    "lot",
    "expires_on",
    "condition",
    "held",
    "place",
    "valid_from",
    "old",
    "new",
    "withheld",
    "text",
];

/// The header of the table for programs.
pub fn header_line() -> String {
    format!("{}\n", COLUMNS.join(","))
}

/// The member of an entry that a column shows.
fn member_of(column: &str) -> &str {
    match column {
        "revision" | "at" | "account" | "action" | "device" | "request_id" => column,
        "account_name" => "account",
        _ => "subjects",
    }
}

/// The names of the columns. In English the table is for programs, in Chinese for people.
pub fn headers(fields: &Fields, language: Language) -> Vec<String> {
    let wanted = COLUMNS.iter().filter(|column| fields.takes(member_of(column)));
    wanted.map(|name| header(name, language)).collect()
}

/// The rows of an entry.
pub fn rows(entry: &AuditEntry, fields: &Fields, language: Language) -> Vec<Vec<Output>> {
    let (rows, with_subjects) = (Rows(language), fields.takes("subjects"));
    let shown = if with_subjects { usize::MAX } else { 1 };
    let whole = entry.subjects.iter().take(shown).flat_map(|subject| {
        let changes = subject.changes.as_deref().filter(|_| with_subjects).unwrap_or_default();
        let bare = changes.is_empty().then(|| rows.row(entry, subject, None));
        bare.into_iter().chain(changes.iter().map(|change| rows.row(entry, subject, Some(change))))
    });
    let kept = |cells: Vec<Output>| {
        let cells = cells.into_iter().zip(COLUMNS).filter(|(_, column)| fields.takes(member_of(column)));
        cells.map(|(cell, _)| cell).collect()
    };
    whole.map(kept).collect()
}

fn header(name: &str, language: Language) -> String {
    let column = || Message::new(format!("column-{name}")).find(language);
    match language {
        Language::English => name.to_owned(),
        Language::Chinese => column().unwrap_or_else(|| Words(language).field(name)),
    }
}

/// The rows of a language.
#[derive(Clone, Copy)]
struct Rows(Language);

impl Rows {
    /// The row of a change, or of a subject of which no values are told.
    fn row(self, entry: &AuditEntry, subject: &AuditSubject, change: Option<&AuditChange>) -> Vec<Output> {
        let account = entry.account.as_ref();
        let (organization, depot) = (subject.organization.as_ref(), subject.depot.as_ref());
        let item = change.and_then(|change| change.item.as_ref());
        let of_change = |value: fn(&AuditChange) -> Option<&String>| Output::from(change.and_then(value));
        let value = |value: fn(&AuditChange) -> &Value| change.map_or(Output::Empty, |it| self.value(it, value(it)));
        vec![
            Output::Whole(entry.revision.0),
            entry.at.to_rfc3339_opts(SecondsFormat::Micros, true).into(),
            account.map(|account| &account.username).into(),
            account.map(|account| &account.name).into(),
            (&entry.action).into(),
            entry.device.as_ref().into(),
            entry.request_id.as_ref().into(),
            self.word(<&str>::from(subject.kind), || subject.kind.label()).into(),
            subject.key.as_ref().into(),
            subject.name.as_ref().into(),
            organization.map(|one| &one.code).into(),
            organization.map(|one| &one.name).into(),
            depot.map(|one| &one.code).into(),
            depot.map(|one| &one.name).into(),
            change.map(|change| self.field(&change.field)).into(),
            of_change(|change| change.part.as_ref()),
            item.map(|item| &item.code).into(),
            item.map(|item| &item.name).into(),
            item.map(|item| self.word(&item.unit, || unit_label(&item.unit))).into(),
            of_change(|change| change.lot.as_ref()),
            change.and_then(|change| change.expires_on).into(),
            change.and_then(|change| change.condition.as_ref()).map(|code| self.code("condition", code)).into(),
            change.and_then(|change| change.held.as_ref()).map(|code| self.code("held", code)).into(),
            of_change(|change| change.place.as_ref()),
            change.and_then(|change| change.valid_from).into(),
            value(|change| &change.old),
            value(|change| &change.new),
            change.map(|change| crate::api::list_table::truth(change.withheld, self.0)).into(),
            of_change(|change| Some(&change.text)),
        ]
    }

    fn field(self, field: &str) -> String {
        match self.0 {
            Language::English => field.to_owned(),
            Language::Chinese => Words(self.0).field(field),
        }
    }

    fn word(self, code: &str, label: impl FnOnce() -> Message) -> String {
        match self.0 {
            Language::English => code.to_owned(),
            Language::Chinese => label().text(self.0),
        }
    }

    fn code(self, family: &str, code: &str) -> String {
        self.word(code, || Message::new(format!("{family}-{code}")))
    }

    fn value(self, change: &AuditChange, value: &Value) -> Output {
        match (value, self.0) {
            (Value::Null, _) => Output::Empty,
            (Value::Number(number), _) => number_of(&number.to_string()),
            (Value::String(text), Language::English) => text.into(),
            (_, language) => Words(language).value(change.family, &change.field, value).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_words() {
        for name in COLUMNS {
            let words = header(name, Language::Chinese);
            assert_ne!(words, name);
        }
    }
}
