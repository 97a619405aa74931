//! Changes in words.

use chrono::NaiveDate;
use serde_json::Value;

use crate::api::labels::ItemLabel;
use crate::api::list_table::truth;
use domain::audit::{CountedLot, ValueChange};
use domain::labels::{sector_label, unit_label, unit_words};
use tables::form::Form;
use text::language::Language;
use text::messages::{Message, message};

/// The most characters of a sentence.
const LONGEST: usize = 1_000;

/// The words of a language for changes.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

impl Words {
    /// The name of a field.
    pub fn field(self, field: &str) -> String {
        Message::new(format!("field-{field}")).find(self.0).unwrap_or_else(|| field.to_owned())
    }

    /// A change in a sentence.
    pub fn sentence(self, change: &ValueChange, item: Option<&ItemLabel>) -> String {
        let mut text = match &change.line {
            Some(line) => self.counted(line, &change.new, item),
            None => self.change(change),
        };
        if let Some(part) = &change.part {
            text = message!("audit-part", part = part.clone(), change = text).text(self.0);
        }
        if let Some(day) = change.valid_from {
            text = message!("audit-from", change = text, day = day.to_string()).text(self.0);
        }
        if text.chars().count() <= LONGEST {
            return text;
        }
        text.chars().take(LONGEST - 1).chain(['…']).collect()
    }

    fn change(self, change: &ValueChange) -> String {
        let field = self.field(&change.field);
        if change.is_withheld {
            return message!("audit-withheld", field = field).text(self.0);
        }
        let [old, new] = [&change.old, &change.new].map(|value| self.value(change.family, &change.field, value));
        let message = match (change.old.is_null(), change.new.is_null()) {
            (true, _) => message!("audit-set", field = field, new = new),
            (false, true) => message!("audit-ended", field = field, old = old),
            (false, false) if change.old == change.new => message!("audit-restated", field = field, new = new),
            (false, false) => message!("audit-replaced", field = field, old = old, new = new),
        };
        message.text(self.0)
    }

    /// A line of a count: the item, the quantity, and what is particular about the units.
    fn counted(self, line: &CountedLot, quantity: &Value, item: Option<&ItemLabel>) -> String {
        let name = item.map_or_else(|| line.item.clone(), |item| format!("{} {}", item.code, item.name));
        let unit = item.map(|item| unit_words(&item.unit, quantity.as_i64() == Some(1)).text(self.0));
        let counted =
            message!("audit-counted", item = name, quantity = quantity.to_string(), unit = unit.unwrap_or_default());
        let labelled = |field: &str, text: String| format!("{} {text}", self.field(field));
        let day = |day: NaiveDate| labelled("expires_on", day.to_string());
        let particular = |family: &str, code: &str, usual: &str| {
            (code != usual)
                .then(|| Message::new(format!("{family}-{code}")).find(self.0).unwrap_or_else(|| code.to_owned()))
        };
        let details = [
            line.lot.clone().map(|lot| labelled("lot", lot)),
            line.expires_on.map(day),
            particular("condition", &line.condition, "serviceable"),
            particular("held", &line.held, "here"),
            line.place.clone().map(|place| labelled("place", place)),
        ];
        let parts = [counted.text(self.0).trim_end().to_owned()].into_iter().chain(details.into_iter().flatten());
        parts.collect::<Vec<_>>().join(self.0.choose(", ", "，"))
    }

    /// A value in words.
    pub fn value(self, family: Option<&str>, field: &str, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(so) => truth(*so, self.0),
            Value::String(code) => self.code(family, field, code),
            Value::Array(all) if all.iter().all(|one| !one.is_array() && !one.is_object()) => {
                let words = all.iter().map(|one| self.value(family, field, one));
                words.collect::<Vec<_>>().join(self.0.choose("; ", "；"))
            }
            other => other.to_string(),
        }
    }

    fn code(self, family: Option<&str>, field: &str, code: &str) -> String {
        let known = match (family, field) {
            (Some(family), _) => Message::new(format!("{family}-{code}")).find(self.0),
            (None, "unit") => Some(unit_label(code).text(self.0)),
            (None, "sector") => Some(sector_label(code).text(self.0)),
            (None, "problem") => Message::new(format!("title-{code}")).find(self.0),
            (None, "status" | "fate" | "type" | "reason") => Message::new(format!("audit-value-{code}")).find(self.0),
            (None, "form") => {
                Form::named(code).filter(|_| self.0 == Language::Chinese).map(|form| form.layout().zh.to_owned())
            }
            _ => None,
        };
        known.unwrap_or_else(|| code.to_owned())
    }
}
