//! Answers: which item the words of ledgers mean. A list of open words has the same columns, and is filled in.

use super::Cells;
use crate::folding::plain;
use crate::row::Row;
use crate::value::{Output, Value};
use base::quantity::Quantity;

/// The words for something that is no item of the catalogue; the first is written in English, the second in Chinese.
const NO_ITEM: [&str; 6] = ["none", "目录外", "无", "非目录物资", "no item", "unlisted"];

/// An answer about the words of ledgers, or words that nobody has answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAnswerRow {
    /// The code of the region; `None` for that of whoever answers.
    pub region: Option<String>,
    /// The name.
    pub name: String,
    /// The specification and model; empty if the ledger has none.
    pub specification: String,
    /// The unit; empty if the ledger has none.
    pub unit: String,
    /// The answer; `None` for an empty cell, which answers nothing.
    pub answer: Option<AnsweredItem>,
    /// The number of the item's units in one of the ledger's.
    pub factor: Option<Quantity>,
    /// The nearest items, in words; only written.
    pub nearest: Option<String>,
}

/// What words mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnsweredItem {
    /// The item with a code.
    Item(String),
    /// No item of the catalogue.
    Unlisted,
}

impl ItemAnswerRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let is_none =
            matches!(row.cell("item"), Value::Text(text) if NO_ITEM.iter().any(|word| plain(word) == plain(text)));
        Self {
            region: row.code("region"),
            name: row.joined("ledger_name", 200).unwrap_or_default(),
            specification: row.joined("ledger_specification", 701).unwrap_or_default(),
            unit: row.joined("ledger_unit", 32).unwrap_or_default(),
            answer: if is_none { Some(AnsweredItem::Unlisted) } else { row.code("item").map(AnsweredItem::Item) },
            factor: row.quantity("factor"),
            nearest: None,
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let answer = self.answer.as_ref().map(|answer| match answer {
            AnsweredItem::Item(code) => code.as_str(),
            AnsweredItem::Unlisted => NO_ITEM.first().copied().unwrap_or_default(),
        });
        vec![
            ("region", Output::from(self.region.clone())),
            ("ledger_name", (&self.name).into()),
            ("ledger_specification", (&self.specification).into()),
            ("ledger_unit", (&self.unit).into()),
            ("item", answer.into()),
            ("factor", self.factor.map_or(Output::Empty, Output::from)),
            ("nearest", self.nearest.clone().into()),
        ]
    }
}
