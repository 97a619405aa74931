//! Column maps: the columns in which a bureau or a platform wants a table, under the heads that it knows.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use validator::Validate;

use super::ledger_table::LedgerTable;
use super::naming::{blank_faults, in_both};
use super::revision::Learnt;
use base::error::Fault;
use base::id::RegionId;
use text::messages::message;

/// The most column maps of a region that are in use at the same time.
pub const MOST_MAPS: usize = 50;

/// The longest name of a map, in characters.
const LONGEST_NAME: usize = 64;

/// The most values that a column puts into other words.
const MOST_VALUES: usize = 100;

/// The longest of these values, in characters.
const LONGEST_VALUE: usize = 200;

/// A column map as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title_en": "Monthly return", "title_zh": "月报", "tables": ["stock"],
    "columns": [
        { "head": "物资名称", "column": "name" },
        { "head": "数量", "column": "quantity" },
        { "head": "状态", "column": "condition", "values": { "serviceable": "1", "in_repair": "2" } },
        { "head": "上报单位", "constant": "示例旗应急管理局" }
    ]
}))]
pub struct ColumnMapText {
    /// Title in English; left out or blank, the same as in Chinese.
    #[serde(default)]
    #[schema(max_length = 200, example = "Monthly return")]
    #[validate(length(max = 200), non_control_character)]
    pub title_en: String,
    /// Title in Chinese; left out or blank, the same as in English.
    #[serde(default)]
    #[schema(max_length = 200, example = "月报")]
    #[validate(length(max = 200), non_control_character)]
    pub title_zh: String,
    /// The tables that can be had in these columns.
    #[schema(min_items = 1, max_items = 5)]
    #[validate(length(min = 1, max = 5))]
    pub tables: Vec<LedgerTable>,
    /// The columns, in their order.
    #[schema(min_items = 1, max_items = 60)]
    #[validate(length(min = 1, max = 60), nested)]
    pub columns: Vec<MappedColumn>,
}

/// A column of a column map: one of the table's, or one that has the same text in every row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "head": "状态", "column": "condition", "values": { "serviceable": "1" } }))]
pub struct MappedColumn {
    /// The head.
    #[schema(min_length = 1, max_length = 100, example = "状态")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    pub head: String,
    /// The column of the table, by its key; `empty` for one without values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(min_length = 1, max_length = 32, example = "condition")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub column: Option<String>,
    /// The text of every row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(min_length = 1, max_length = 200, example = "示例旗应急管理局")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub constant: Option<String>,
    /// The words for some values: by the code, such as `serviceable`, or by the text of the cell. Others stay as they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    pub values: BTreeMap<String, ValueWords>,
}

/// The words for a value, at most 200 characters; none for an empty cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, max_length = 200, example = "1")]
pub struct ValueWords(pub String);

impl MappedColumn {
    /// What it holds, in a line for the audit: the head, the column or the constant, and the words for its values.
    pub fn told(&self) -> String {
        let of = self.column.clone().or_else(|| self.constant.as_ref().map(|text| format!("\"{text}\"")));
        let values: Vec<String> = self.values.iter().map(|(from, to)| format!("{from} → {}", to.0)).collect();
        let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join("; ")) };
        format!("{} = {}{values}", self.head, of.unwrap_or_default())
    }
}

impl ColumnMapText {
    /// The same with a title in each language.
    #[must_use]
    pub fn in_both(self) -> Self {
        let (title_en, title_zh) = in_both(&self.title_en, &self.title_zh);
        Self { title_en, title_zh, ..self }
    }

    /// The faults that its values have beside those of their shapes: columns that a table does not have, heads that are there
    /// twice, values that are too many or too long.
    pub fn faults(&self) -> Vec<Fault> {
        let (en, zh) = in_both(&self.title_en, &self.title_zh);
        let mut faults = blank_faults([("/title_en", en.as_str()), ("/title_zh", zh.as_str())]);
        if self.tables.iter().collect::<BTreeSet<_>>().len() < self.tables.len() {
            faults.push(Fault::new("/tables", "twice", message!("column-map-table-twice")));
        }
        let mut heads = BTreeSet::new();
        for (number, column) in self.columns.iter().enumerate() {
            let at = |member: &str| format!("/columns/{number}/{member}");
            let head = column.head.trim();
            if head.is_empty() || head != column.head {
                faults.push(Fault::new(at("head"), "blank_at_end", message!("version-blank-at-end")));
            } else if !heads.insert(head) {
                faults.push(Fault::new(at("head"), "twice", message!("column-map-head-twice", head = head)));
            }
            match (&column.column, &column.constant) {
                (Some(key), None) => faults.extend(self.tables.iter().find_map(|table| {
                    let known: Vec<String> = table.columns().map(ToOwned::to_owned).collect();
                    let detail = message!("column-map-column-unknown", table = table.name(), known = known);
                    table.column(key).is_none().then(|| Fault::new(at("column"), "column_unknown", detail))
                })),
                (None, Some(_)) if column.values.is_empty() => {}
                (None, Some(_)) => {
                    faults.push(Fault::new(at("values"), "column_missing", message!("column-map-values-of-constant")));
                }
                _ => faults.push(Fault::new(
                    format!("/columns/{number}"),
                    "one_of_two",
                    message!("column-map-column-or-constant"),
                )),
            }
            let is_quantity = column.column.as_deref().is_some_and(|key| QUANTITIES.contains(&key));
            if is_quantity && column.values.iter().any(|(from, to)| is_number(&to.0) && from != &to.0 && from != "0") {
                faults.push(Fault::new(at("values"), "quantity_rewritten", message!("column-map-quantity")));
            }
            let is_bad = |text: &String| text.chars().count() > LONGEST_VALUE || text.chars().any(char::is_control);
            if column.values.len() > MOST_VALUES || column.values.iter().any(|(from, to)| is_bad(from) || is_bad(&to.0))
            {
                let detail = message!("column-map-values", most = MOST_VALUES, longest = LONGEST_VALUE);
                faults.push(Fault::new(at("values"), "length_out_of_bounds", detail));
            }
        }
        faults
    }
}

/// The columns of quantities. What is not known has words in them, and must not become a number.
const QUANTITIES: &[&str] = &[
    "quantity",
    "last_quantity",
    "packs",
    "required",
    "required_min",
    "required_max",
    "usable",
    "usable_min",
    "usable_max",
    "shortage",
    "shortage_min",
    "shortage_max",
];

/// True for words that somebody, or a program, may read as a number: any digit, also a Chinese one, and words for nothing.
fn is_number(words: &str) -> bool {
    let words: String = words.nfkc().filter(|sign| !sign.is_whitespace()).collect();
    words.chars().any(|sign| sign.is_numeric() || "零〇一二两三四五六七八九十百千万".contains(sign))
        || ["无", "没有", "none", "nil", "zero"].contains(&words.to_lowercase().as_str())
}

/// Checks the name of a new map: it appears in addresses and on command lines. Names that the program itself uses are not
/// free.
pub fn name_faults(name: &str) -> Vec<Fault> {
    let is_sign = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || matches!(sign, b'-' | b'_' | b'.');
    let is_good = (1..=LONGEST_NAME).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.bytes().all(is_sign);
    if !is_good {
        return vec![Fault::new("/name", "code_not_taken", message!("column-map-name", longest = LONGEST_NAME))];
    }
    match shipped(name) {
        Some(_) => vec![Fault::new("/name", "name_reserved", message!("column-map-name-reserved", name = name))],
        None if name == OWN => {
            vec![Fault::new("/name", "name_reserved", message!("column-map-name-reserved", name = name))]
        }
        None => Vec::new(),
    }
}

/// The name under which every table can be had in its own columns.
pub const OWN: &str = "ledger";

/// The names of the maps that come with the program.
pub const SHIPPED: [&str; 1] = ["hazchem-enterprise"];

/// A map that comes with the program.
pub fn shipped(name: &str) -> Option<ColumnMapText> {
    (name == "hazchem-enterprise").then(|| {
        let column = |(head, key): &(&str, &str)| MappedColumn {
            head: (*head).to_owned(),
            column: Some((*key).to_owned()),
            constant: None,
            values: BTreeMap::new(),
        };
        ColumnMapText {
            title_en: "Emergency material of hazardous-chemicals enterprises".to_owned(),
            title_zh: "危险化学品企业应急物资".to_owned(),
            tables: vec![LedgerTable::Stock],
            columns: HAZCHEM.iter().map(column).collect(),
        }
    })
}

/// The columns of the table of emergency material on platforms of enterprises with hazardous chemicals. Muster knows nothing of
/// use, life cycle, first day of use and instructions.
const HAZCHEM: &[(&str, &str)] = &[
    ("WZMC", "name"),
    ("WZBH", "item"),
    ("WZYT", "empty"),
    ("WZXH", "specification"),
    ("FZBM", "organization_name"),
    ("WZFL", "class"),
    ("CFWZ", "location"),
    ("CCSL", "quantity"),
    ("SCRQ", "made_on"),
    ("SYQY", "life_months"),
    ("SMZQ", "empty"),
    ("WZZT", "fitness"),
    ("TYRQ", "empty"),
    ("SYSM", "empty"),
];

/// A column map of a region, as it was last stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnMap {
    /// The region.
    pub region_id: RegionId,
    /// Its name.
    pub name: String,
    /// Its columns.
    pub text: ColumnMapText,
    /// True once it was withdrawn.
    pub withdrawn: bool,
    /// The revision that stored it.
    pub learnt: Learnt,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(columns: &[(&str, Option<&str>, Option<&str>)]) -> ColumnMapText {
        let column = |(head, column, constant): &(&str, Option<&str>, Option<&str>)| MappedColumn {
            head: (*head).to_owned(),
            column: column.map(ToOwned::to_owned),
            constant: constant.map(ToOwned::to_owned),
            values: BTreeMap::new(),
        };
        ColumnMapText {
            title_en: String::new(),
            title_zh: "月报".to_owned(),
            tables: vec![LedgerTable::Stock, LedgerTable::Expiring],
            columns: columns.iter().map(column).collect(),
        }
    }

    fn told(text: &ColumnMapText) -> Vec<(String, String)> {
        text.faults().iter().map(|fault| (fault.pointer.clone(), fault.code.to_owned())).collect()
    }

    #[test]
    fn a_map_has_columns_of_its_tables_under_heads_of_their_own() {
        let cases: [(&[_], &[(&str, &str)]); 7] = [
            (&[("甲", Some("name"), None), ("乙", None, Some("x")), ("丙", Some("empty"), None)], &[]),
            (&[("甲", Some("name"), None), ("甲", Some("lot"), None)], &[("/columns/1/head", "twice")]),
            (&[(" 甲", Some("name"), None)], &[("/columns/0/head", "blank_at_end")]),
            (&[("甲", Some("days_left"), None)], &[("/columns/0/column", "column_unknown")]),
            (&[("甲", Some("nothing"), None)], &[("/columns/0/column", "column_unknown")]),
            (&[("甲", None, None)], &[("/columns/0", "one_of_two")]),
            (&[("甲", Some("name"), Some("x"))], &[("/columns/0", "one_of_two")]),
        ];
        for (columns, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(at, code)| ((*at).to_owned(), (*code).to_owned())).collect();
            assert_eq!(told(&map(columns)), expected, "{columns:?}");
        }
        let mut many = map(&[("甲", Some("condition"), None)]);
        many.columns[0].values =
            (0..=MOST_VALUES).map(|number| (number.to_string(), ValueWords("x".to_owned()))).collect();
        assert_eq!(told(&many), [("/columns/0/values".to_owned(), "length_out_of_bounds".to_owned())]);
    }

    #[test]
    fn a_quantity_that_is_not_known_does_not_become_a_number() {
        for (key, from, to, is_taken) in [
            ("quantity", "unknown", "0", false),
            ("usable", "不明", "０", false),
            ("quantity", "unknown", "零", false),
            ("last_quantity", "8～9", "8", false),
            ("quantity", "5", "6", false),
            ("quantity", "不明", "0套", false),
            ("quantity", "不明", "1e3", false),
            ("quantity", "不明", "十", false),
            ("quantity", "0", "无", true),
            ("quantity", "unknown", "未盘点", true),
            ("quantity", "unknown", "", true),
            ("condition", "serviceable", "1", true),
        ] {
            let mut text = map(&[("甲", Some(key), None)]);
            text.columns[0].values = BTreeMap::from([(from.to_owned(), ValueWords(to.to_owned()))]);
            let expected: &[(String, String)] =
                if is_taken { &[] } else { &[("/columns/0/values".to_owned(), "quantity_rewritten".to_owned())] };
            assert_eq!(told(&text), expected, "{key} {from} {to}");
        }
    }

    #[test]
    fn names_are_plain_and_those_of_the_program_are_not_free() {
        for good in ["a", "monthly-2026", "0.x_y"] {
            assert!(name_faults(good).is_empty(), "{good}");
        }
        for bad in ["", "A", "月报", "-a", "a b", "ledger", "hazchem-enterprise", &"a".repeat(65)] {
            assert_eq!(name_faults(bad).len(), 1, "{bad}");
        }
    }

    #[test]
    fn the_maps_of_the_program_are_without_fault() {
        for name in SHIPPED {
            let text = shipped(name).unwrap();
            assert!(text.faults().is_empty() && text.validate().is_ok(), "{name}: {:?}", text.faults());
        }
    }
}
