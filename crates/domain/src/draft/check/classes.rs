//! Class tables: one of each name, with rows that can be reached.

use std::collections::BTreeSet;

use super::super::StandardText;
use super::super::test_cases::{TestCases, World};
use super::class_tables::{Tables, table_of};
use super::condition::check_row;
use super::findings::Findings;
use super::names::check_length;
use super::surroundings::Surroundings;
use crate::condition::{ClassTable, RuleCondition};
use text::messages::message;

/// The most rows of a class table.
const MOST_ROWS: usize = 100;

/// Checks a class table.
pub(super) fn check(at: &str, table: &ClassTable, around: &Surroundings<'_>, found: &mut Findings) {
    check_length(&format!("{at}/name"), &table.name, 64, found);
    let at = format!("{at}/rows");
    if table.rows.is_empty() {
        found.fault(&at, "list_empty", message!("check-list-empty"));
    } else if table.rows.len() > MOST_ROWS {
        found.fault(&at, "list_too_long", message!("check-list-too-long", most = MOST_ROWS));
    }
    for (number, row) in table.rows.iter().enumerate().take(MOST_ROWS) {
        check_length(&format!("{at}/{number}/class"), &row.class, 64, found);
        check_row(&format!("{at}/{number}/when"), &row.when, around, found);
    }
    for number in unreached(table, found) {
        let detail = message!("check-row-unreached", row = number + 1);
        found.fault(format!("{at}/{number}"), "row_unreached", detail);
    }
}

/// The rows that give no case its class, because earlier ones do or none meets them. Empty if there are too many cases.
fn unreached(table: &ClassTable, found: &mut Findings) -> Vec<usize> {
    let rows: Vec<&RuleCondition> = table.rows.iter().map(|row| &row.when).take(MOST_ROWS).collect();
    let cases = TestCases::of(rows.iter().copied(), true);
    let Some(worlds) = found.spend(cases.steps(0)).then(|| cases.all()).flatten() else { return Vec::new() };
    let first = |world: &World<'_>| rows.iter().position(|row| world.meets(row));
    let reached: BTreeSet<usize> = worlds.iter().filter_map(first).collect();
    (0..rows.len()).filter(|number| !reached.contains(number)).collect()
}

/// Reports the second table of a name in a standard, and one whose name a standard that binds beside it uses as well.
pub(super) fn check_names(text: &StandardText, tables: &Tables<'_>, around: &Surroundings<'_>, found: &mut Findings) {
    for (name, own) in &tables.own {
        for (number, _) in own.iter().skip(1) {
            let detail = message!("check-class-table-twice", table = *name);
            found.fault(format!("/rules/{number}/quantity/classes/name"), "class_table_twice", detail);
        }
    }
    for other in around.beside(text).into_iter().filter(|other| around.is_reported_with(text, other)) {
        for theirs in other.rules.iter().filter_map(|rule| table_of(rule.on(around.day)?)) {
            for (number, _) in tables.own.get(theirs.name.as_str()).into_iter().flatten().take(1) {
                let detail = message!("check-class-table-elsewhere", table = &theirs.name, standard = &other.code);
                found.warn(format!("/rules/{number}/quantity/classes/name"), "class_table_elsewhere", detail);
            }
        }
    }
}
