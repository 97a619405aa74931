//! The tables of the copy: compact documents with the names of their columns.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use base::quantity::Quantity;
use domain::interval::Interval;

/// A row of a table, by column name.
pub struct Row(BTreeMap<String, Value>);

/// The rows of a compact document.
pub fn rows(document: &Value) -> Vec<Row> {
    let list = |name: &str| document.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let columns: Vec<String> =
        list("columns").iter().map(|column| column.as_str().unwrap_or_default().to_owned()).collect();
    let row = |cells: &Value| Row(columns.iter().cloned().zip(cells.as_array().cloned().unwrap_or_default()).collect());
    list("rows").iter().map(row).collect()
}

impl Row {
    /// The value of a column as a type; `None` if it is absent, `null` or something else.
    pub fn get<T: DeserializeOwned>(&self, column: &str) -> Option<T> {
        serde_json::from_value(self.0.get(column)?.clone()).ok()
    }

    /// The text of a column; empty if it has none.
    pub fn text(&self, column: &str) -> String {
        self.get(column).unwrap_or_default()
    }

    /// The interval of two columns, the second of which may be `null`.
    pub fn interval(&self, of: &str) -> Interval {
        let end = |which: &str| self.0.get(&format!("{of}_{which}")).and_then(quantity);
        end("min").map_or(Interval::UNKNOWN, |min| Interval { min, max: end("max") })
    }
}

/// A quantity from a JSON number; `None` for anything else.
pub fn quantity(value: &Value) -> Option<Quantity> {
    value.is_number().then(|| value.to_string().parse().ok()).flatten()
}
