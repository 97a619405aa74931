//! The selector of a rule in columns: an item, a choice, a capability, kinds, a kit, a fact, or words.

use super::Cells;
use crate::choices::Choice as _;
use crate::clauses::NotAClause;
use crate::parts::{
    read_alternatives, read_kinds, read_kit, read_names, write_alternatives, write_kinds, write_kit, write_names,
};
use crate::row::Row;
use domain::rule::{Bound, Capability, FactSelector, MOST_PARTS, Selector};

/// The columns of selectors, at least one of which says what a rule requires. A capability also has `any_of`, and may have
/// `each_of`.
pub const SELECTOR_COLUMNS: [&str; 7] = ["item", "any_of", "each_of", "kit", "capability", "fact", "other"];

/// The longest list in a cell, in characters: a spreadsheet program allows 32,767.
pub(super) const LONGEST_LIST: usize = 32_000;

/// The cells of a selector; `None` if they cannot express it.
pub(super) fn selector_cells(selector: &Selector) -> Option<Cells> {
    let cells: Cells = match selector {
        Selector::Item(code) => vec![("item", code.into())],
        Selector::AnyOf(alternatives) => vec![("any_of", short(write_alternatives(alternatives)?)?.into())],
        Selector::EachOf(kinds) => vec![("each_of", short(write_kinds(kinds)?)?.into())],
        Selector::Kit(components) => vec![("kit", short(write_kit(components)?)?.into())],
        Selector::Capability(Capability { name_en, name_zh, items, kinds }) => {
            let kinds = if kinds.is_empty() { String::new() } else { short(write_kinds(kinds)?)? };
            let name = write_names(name_en, name_zh);
            if read_names(&name) != Ok((name_en.clone(), name_zh.clone())) {
                return None;
            }
            vec![
                ("capability", name.into()),
                ("any_of", short(write_alternatives(items)?)?.into()),
                ("each_of", kinds.into()),
            ]
        }
        Selector::Fact(FactSelector { key, bound }) => {
            let bound = (*bound != Bound::AtLeast).then(|| bound.word());
            vec![("fact", key.into()), ("bound", bound.into())]
        }
        Selector::Other(words) => vec![("other", words.into())],
    };
    Some(cells)
}

fn short(text: String) -> Option<String> {
    text.chars().nth(LONGEST_LIST).is_none().then_some(text)
}

/// Reads the selector of a row. Cells that do not belong together are reported.
pub(super) fn read_selector(row: &mut Row<'_>) -> Selector {
    let filled: Vec<&str> = SELECTOR_COLUMNS.into_iter().filter(|key| !row.cell(key).is_empty()).collect();
    let is_bounded = !row.cell("bound").is_empty();
    match filled.as_slice() {
        [] => {
            if SELECTOR_COLUMNS.iter().any(|key| row.has(key)) {
                let first = SELECTOR_COLUMNS.iter().find(|key| row.has(key)).unwrap_or(&"item");
                row.fault(first, "missing_field", |fault| fault);
            }
            Selector::Other(String::new())
        }
        parts if parts.contains(&"capability") => {
            for key in parts.iter().filter(|key| !matches!(**key, "capability" | "any_of" | "each_of")) {
                row.fault(key, "item_and_other", |fault| fault);
            }
            read_capability(row)
        }
        [only] => {
            if is_bounded && *only != "fact" {
                row.fault("bound", "number_not_asked", |fault| fault);
            }
            read_one(row, only)
        }
        [first, rest @ ..] => {
            for key in rest {
                row.fault(key, "item_and_other", |fault| fault);
            }
            read_one(row, first)
        }
    }
}

fn read_one(row: &mut Row<'_>, key: &str) -> Selector {
    match key {
        "item" => Selector::Item(row.code("item").unwrap_or_default()),
        "any_of" => Selector::AnyOf(parts(row, "any_of", read_alternatives)),
        "each_of" => Selector::EachOf(parts(row, "each_of", read_kinds)),
        "kit" => Selector::Kit(parts(row, "kit", read_kit)),
        "fact" => Selector::Fact(FactSelector {
            key: row.code("fact").unwrap_or_default(),
            bound: row.choice("bound").unwrap_or_default(),
        }),
        _ => Selector::Other(row.text("other", 1000).unwrap_or_default()),
    }
}

fn read_capability(row: &mut Row<'_>) -> Selector {
    let name = row.text("capability", 500).map(|text| read_names(&text));
    let (name_en, name_zh) = match name {
        Some(Ok(names)) => names,
        Some(Err(problem)) => {
            row.fault("capability", "list_not_read", |fault| fault.with("at", problem.at));
            (String::new(), String::new())
        }
        None => (String::new(), String::new()),
    };
    if row.cell("any_of").is_empty() {
        row.fault("any_of", "missing_field", |fault| fault);
    }
    let items = parts(row, "any_of", read_alternatives);
    let kinds = parts(row, "each_of", read_kinds);
    Selector::Capability(Capability { name_en, name_zh, items, kinds })
}

/// The parts of a list in a cell; empty for an empty cell.
pub(super) fn parts<T>(row: &mut Row<'_>, key: &str, read: fn(&str) -> Result<Vec<T>, NotAClause>) -> Vec<T> {
    let Some(text) = row.parsed_text(key, LONGEST_LIST) else { return Vec::new() };
    match read(&text) {
        Ok(parts) if parts.len() > MOST_PARTS => {
            row.fault(key, "list_too_long", |fault| fault);
            Vec::new()
        }
        Ok(parts) => parts,
        Err(problem) => {
            row.fault(key, "list_not_read", |fault| fault.with("at", problem.at));
            Vec::new()
        }
    }
}
