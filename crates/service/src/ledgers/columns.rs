//! The columns of a ledger: its own, or those of a column map.

use std::collections::BTreeMap;

use base::time::DEFAULT_ZONE;
use chrono::{DateTime, Utc};
use domain::column_map::{ColumnMapText, MappedColumn, ValueWords};
use domain::ledger_table::LedgerTable;
use domain::revision::Revision;
use tables::{Output, Printed};
use text::language::Language;
use text::messages::{Message, message};

use super::cells::{Cell, Row};

/// The mark of a column that no import reads.
const OWN: &str = "#";

/// A table in the columns asked for.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The table.
    pub table: LedgerTable,
    /// The language of its heads and words.
    pub language: Language,
    columns: Vec<Column>,
}

#[derive(Clone, Debug)]
struct Column {
    head: String,
    /// The key of the column; `None` for a constant.
    key: Option<&'static str>,
    constant: Output,
    values: BTreeMap<String, ValueWords>,
}

impl Ledger {
    /// A table in its own columns.
    pub fn own(table: LedgerTable, language: Language) -> Self {
        let column = |key: &&'static str| Column {
            head: head(table, key, language),
            key: Some(*key),
            constant: Output::Empty,
            values: BTreeMap::new(),
        };
        Self { table, language, columns: table.own_columns().iter().map(column).collect() }
    }

    /// A table in the columns of a map.
    pub fn mapped(table: LedgerTable, map: &ColumnMapText, language: Language) -> Self {
        let column = |mapped: &MappedColumn| Column {
            head: mapped.head.clone(),
            key: mapped.column.as_deref().and_then(|key| table.column(key)),
            constant: mapped.constant.clone().into(),
            values: mapped.values.clone(),
        };
        Self { table, language, columns: map.columns.iter().map(column).collect() }
    }

    /// The same without a column.
    #[must_use]
    pub fn without(mut self, key: &str) -> Self {
        self.columns.retain(|column| column.key != Some(key));
        self
    }

    /// The heads of its columns.
    pub fn heads(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.head.clone()).collect()
    }

    /// The cells of a row, which has a number.
    pub fn cells(&self, number: u32, row: &Row) -> Vec<Output> {
        self.columns.iter().map(|column| column.cell(number, row)).collect()
    }

    /// The look of a workbook of this table, as of a revision.
    pub fn printed(&self, revision: Revision, known_at: DateTime<Utc>) -> Printed {
        let title = Message::new(format!("ledger-title-{}", self.table.name())).text(self.language);
        let at = known_at.with_timezone(&DEFAULT_ZONE).format("%Y-%m-%d %H:%M %:z").to_string();
        let made = message!("ledger-made", at = at, revision = revision.0.to_string()).text(self.language);
        Printed {
            sheet: title,
            widths: self.columns.iter().map(Column::width).collect(),
            foot: (made, message!("ledger-page").text(self.language)),
            ..Printed::default()
        }
    }

    /// The number of the column with a key.
    pub fn place_of(&self, key: &str) -> Option<u16> {
        let place = self.columns.iter().position(|column| column.key == Some(key))?;
        u16::try_from(place).ok()
    }
}

/// The head of a table's own column. In a list to count by, what was counted last is a note that no import reads.
fn head(table: LedgerTable, key: &str, language: Language) -> String {
    let mark = if table == LedgerTable::CountList && key == "last_quantity" { OWN } else { "" };
    format!("{mark}{}", Message::new(format!("ledger-{key}")).text(language))
}

impl Column {
    fn cell(&self, number: u32, row: &Row) -> Output {
        let found = match self.key {
            None => return self.constant.clone(),
            Some("no") => return number.into(),
            Some(key) => row.iter().find(|(of, _)| *of == key).map(|(_, cell)| cell),
        };
        found.map_or(Output::Empty, |cell| self.in_words(cell))
    }

    fn in_words(&self, Cell { code, shown }: &Cell) -> Output {
        if self.values.is_empty() {
            return shown.clone();
        }
        let of_text = || match shown {
            Output::Text(text) => self.values.get(text),
            Output::Number(number) => self.values.get(&number.to_string()),
            _ => None,
        };
        let words = code.and_then(|code| self.values.get(code)).or_else(of_text);
        words.map_or_else(|| shown.clone(), |words| words.0.as_str().into())
    }

    /// About the width that its values need, in characters.
    fn width(&self) -> u16 {
        match self.key {
            Some("no") => 6,
            Some("unit" | "held") => 9,
            Some("name" | "organization_name" | "location" | "note" | "clause" | "cause" | "ask" | "becomes_short") => {
                26
            }
            Some(
                "depot_name" | "class" | "specification" | "maker" | "asset_number" | "counted_at" | "last_counted_at"
                | "item",
            ) => 18,
            _ => 13,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::column_map::shipped;
    use domain::count::LotCondition;
    use strum::IntoEnumIterator as _;
    use tables::form::Form;

    use crate::ledgers::cells::coded;

    #[test]
    fn a_count_list_has_the_columns_of_the_import() {
        for language in [Language::English, Language::Chinese] {
            let list = Ledger::own(LedgerTable::CountList, language);
            for column in &list.columns {
                let (key, head) = (column.key.unwrap(), column.head.as_str());
                match Form::Counts.column(head) {
                    Some(known) => assert_eq!(known.key, key, "{head}"),
                    None => assert!(head.starts_with('#') || Form::Counts.leaves_out(head), "{head}"),
                }
            }
            for key in ["depot", "item", "quantity", "condition", "lot", "expires_on", "counted_on", "place", "note"] {
                assert!(list.place_of(key).is_some(), "{key}");
            }
        }
    }

    #[test]
    fn every_table_has_heads_and_every_map_of_the_program_has_columns() {
        for table in LedgerTable::iter() {
            assert!(Ledger::own(table, Language::Chinese).heads().len() > 10);
            let printed = Ledger::own(table, Language::Chinese).printed(Revision(7), DateTime::UNIX_EPOCH);
            assert!(printed.foot.0.contains('7') && !printed.sheet.starts_with("ledger-"), "{printed:?}");
        }
        let map = shipped("hazchem-enterprise").unwrap();
        let heads = Ledger::mapped(LedgerTable::Stock, &map, Language::Chinese).heads();
        assert_eq!(heads.join(","), "WZMC,WZBH,WZYT,WZXH,FZBM,WZFL,CFWZ,CCSL,SCRQ,SYQY,SMZQ,WZZT,TYRQ,SYSM");
    }

    #[test]
    fn a_map_puts_values_into_other_words_and_adds_constants() {
        let column = |head: &str, column: Option<&str>, constant: Option<&str>, values: &[(&str, &str)]| MappedColumn {
            head: head.to_owned(),
            column: column.map(ToOwned::to_owned),
            constant: constant.map(ToOwned::to_owned),
            values: values.iter().map(|(from, to)| ((*from).to_owned(), ValueWords((*to).to_owned()))).collect(),
        };
        let map = ColumnMapText {
            title_en: String::new(),
            title_zh: String::new(),
            tables: vec![LedgerTable::Stock],
            columns: vec![
                column("状态", Some("condition"), None, &[("serviceable", "1")]),
                column("单位", Some("unit"), None, &[("套", "SET")]),
                column("来源", None, Some("自报"), &[]),
                column("空", Some("empty"), None, &[]),
                column("号", Some("no"), None, &[]),
            ],
        };
        let ledger = Ledger::mapped(LedgerTable::Stock, &map, Language::Chinese);
        let row: Row = vec![
            ("condition", coded(LotCondition::Serviceable, Language::Chinese)),
            ("unit", Output::from("套").into()),
        ];
        let shown: Vec<Output> = vec!["1".into(), "SET".into(), "自报".into(), Output::Empty, 3_u32.into()];
        assert_eq!(ledger.cells(3, &row), shown);
        let other: Row = vec![("condition", coded(LotCondition::InRepair, Language::Chinese))];
        assert_ne!(ledger.cells(1, &other)[0], Output::from("1"));
    }
}
