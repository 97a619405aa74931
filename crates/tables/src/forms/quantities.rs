//! The quantity of a rule in columns: a word for the form, and a column for each of its numbers.

use super::Cells;
use super::selectors::parts;
use crate::bands::{read_bands, read_classes, write_bands, write_classes};
use crate::choices::{Choice as _, QUANTITIES, code_of};
use crate::clauses::{read_spare, write_spare};
use crate::parts::{read_alternatives, write_alternatives};
use crate::row::Row;
use crate::value::{Output, Value};
use base::quantity::Quantity;
use domain::condition::ClassTable;
use domain::rule::{
    Alternative, Band, Coverage, PerCapita, Range, Rate, Ratio, RuleQuantity, Selector, ServiceLife, Share, Spare,
    Step, StepRounding, TimeUnit, Unquantified,
};

/// The columns of the numbers of all forms.
pub const QUANTITY_COLUMNS: [&str; 23] = [
    "n",
    "per",
    "of",
    "and",
    "rows",
    "from",
    "to",
    "more",
    "rounding",
    "factor",
    "factor_of",
    "capacity",
    "unit_capacity",
    "time",
    "per_time",
    "time_unit",
    "ratio_to",
    "at_least",
    "at_most",
    "spare",
    "months",
    "class_table",
    "class_rows",
];

/// The forms, each with the columns of its numbers; those before the bar are required.
const FORMS: &[(&str, &[&str], &[&str])] = &[
    ("rate", &["n"], &["per", "of", "at_least", "at_most", "spare"]),
    ("coverage", &["of", "capacity"], &["factor", "factor_of", "unit_capacity", "at_least", "at_most", "spare"]),
    ("band", &["of", "rows"], &["and", "spare"]),
    ("step", &["of", "n", "more", "per", "rounding"], &["from", "at_most", "spare"]),
    ("per_capita", &["n", "of", "time", "time_unit"], &["per", "per_time", "at_least", "at_most", "spare"]),
    ("ratio", &["n", "ratio_to"], &["per", "at_least", "at_most", "spare"]),
    ("range", &["from", "to"], &["per", "of"]),
    ("away_at_most", &["n", "per"], &[]),
    ("service_life", &["months"], &[]),
    ("classes", &["class_table", "class_rows"], &[]),
];

/// The columns without which a form has no meaning.
pub fn needs_of_quantity(quantity: &RuleQuantity) -> &'static [&'static str] {
    form(quantity.form()).map_or(&[], |(_, needs, _)| needs)
}

fn form(word: &str) -> Option<&'static (&'static str, &'static [&'static str], &'static [&'static str])> {
    FORMS.iter().find(|(name, ..)| *name == word)
}

/// The cells of a quantity; `None` if they cannot express it.
pub(super) fn quantity_cells(quantity: &RuleQuantity) -> Option<Cells> {
    let limits = quantity.limits();
    let mut cells: Cells = match quantity {
        RuleQuantity::NotEvaluated(form) => return Some(vec![("quantity", format!("not_evaluated: {form}").into())]),
        quantity => vec![("quantity", quantity.form().into())],
    };
    cells.extend([
        ("at_least", limits.at_least.into()),
        ("at_most", limits.at_most.into()),
        ("spare", limits.spare.map(write_spare).into()),
    ]);
    let more: Cells = match quantity {
        RuleQuantity::Rate(Rate { n, per, of, .. }) => {
            vec![("n", (*n).into()), ("per", (*per).into()), ("of", of.clone().into())]
        }
        RuleQuantity::Coverage(Coverage { of, factor, factor_of, capacity, unit_capacity, .. }) => vec![
            ("of", of.into()),
            ("factor", not_one(*factor)),
            ("factor_of", factor_of.clone().into()),
            ("capacity", (*capacity).into()),
            ("unit_capacity", not_one(*unit_capacity)),
        ],
        RuleQuantity::Band(Band { of, and, rows, .. }) => {
            vec![("of", of.into()), ("and", and.clone().into()), ("rows", write_bands(rows)?.into())]
        }
        RuleQuantity::Step(Step { of, from, n, more, per, rounding, .. }) => vec![
            ("of", of.into()),
            ("from", (*from).into()),
            ("n", (*n).into()),
            ("more", (*more).into()),
            ("per", (*per).into()),
            ("rounding", rounding.word().into()),
        ],
        RuleQuantity::PerCapita(PerCapita { n, per, of, time, per_time, time_unit, .. }) => vec![
            ("n", (*n).into()),
            ("per", not_one(*per)),
            ("of", of.into()),
            ("time", (*time).into()),
            ("per_time", not_one(*per_time)),
            ("time_unit", time_unit.word().into()),
        ],
        RuleQuantity::Ratio(Ratio { n, per, to, .. }) => {
            let to = match to {
                Selector::Item(item) => write_alternatives(&[Alternative::item(item, Quantity::whole(1))])?,
                // One alternative alone would be read as an item.
                Selector::AnyOf(alternatives) if alternatives.len() > 1 => write_alternatives(alternatives)?,
                _ => return None,
            };
            vec![("n", (*n).into()), ("per", not_one(*per)), ("ratio_to", to.into())]
        }
        RuleQuantity::Range(Range { from, to, per, of }) => {
            vec![("from", (*from).into()), ("to", (*to).into()), ("per", not_one(*per)), ("of", of.clone().into())]
        }
        RuleQuantity::AwayAtMost(Share { n, per }) => vec![("n", (*n).into()), ("per", (*per).into())],
        RuleQuantity::ServiceLife(ServiceLife { months }) => vec![("months", (*months).into())],
        RuleQuantity::Classes(ClassTable { name, rows }) => {
            vec![("class_table", name.into()), ("class_rows", write_classes(rows)?.into())]
        }
        RuleQuantity::Present(_)
        | RuleQuantity::AsNeeded(_)
        | RuleQuantity::Optional(_)
        | RuleQuantity::Stated(_)
        | RuleQuantity::NotEvaluated(_) => Vec::new(),
    };
    cells.extend(more);
    Some(cells)
}

fn not_one(quantity: Quantity) -> Output {
    (quantity != Quantity::whole(1)).then_some(quantity).into()
}

/// Reads the quantity of a row; without a word for the form it is a rate. Numbers that the form does not have are reported,
/// and those that it needs, where the file has their columns.
pub(super) fn read_quantity_cells(row: &mut Row<'_>) -> RuleQuantity {
    let text = row.text("quantity", 200);
    if let Some(named) = text.as_deref().and_then(|form| form.strip_prefix("not_evaluated")) {
        refuse_others(row, &[], &[]);
        return RuleQuantity::NotEvaluated(named.trim_start_matches([':', '：', ' ']).to_owned());
    }
    let word = text.map_or_else(|| "rate".to_owned(), |text| code_of(&text, QUANTITIES));
    if !QUANTITIES.iter().any(|(code, _)| *code == word) {
        let pair = |(code, words): &(&str, &[&str])| format!("{code} / {}", words.first().unwrap_or(&""));
        let choices: Vec<String> = QUANTITIES.iter().map(pair).collect();
        row.fault("quantity", "unknown_value", |fault| {
            fault.with("choices", format!("{}, not_evaluated: …", choices.join(", ")))
        });
        return RuleQuantity::AS_NEEDED;
    }
    let (needs, others) = form(&word).map_or((&[][..], &[][..]), |(_, needs, others)| (*needs, *others));
    refuse_others(row, needs, others);
    for key in needs {
        if row.has(key) && row.cell(key).is_empty() {
            row.fault(key, "missing_field", |fault| fault);
        }
    }
    read_form(row, &word)
}

fn refuse_others(row: &mut Row<'_>, needs: &[&str], others: &[&str]) {
    for key in QUANTITY_COLUMNS.iter().filter(|key| !needs.contains(key) && !others.contains(key)) {
        if !row.cell(key).is_empty() {
            row.fault(key, "number_not_asked", |fault| fault);
        }
    }
}

fn read_form(row: &mut Row<'_>, word: &str) -> RuleQuantity {
    match word {
        "coverage" => RuleQuantity::Coverage(Coverage {
            of: row.code("of").unwrap_or_default(),
            factor: or_one(row, "factor"),
            factor_of: row.code("factor_of"),
            capacity: number(row, "capacity"),
            unit_capacity: or_one(row, "unit_capacity"),
            at_least: row.quantity("at_least"),
            at_most: row.quantity("at_most"),
            spare: spare(row),
        }),
        "band" => RuleQuantity::Band(Band {
            of: row.code("of").unwrap_or_default(),
            and: row.code("and"),
            rows: parts(row, "rows", read_bands),
            spare: spare(row),
        }),
        "step" => RuleQuantity::Step(Step {
            of: row.code("of").unwrap_or_default(),
            from: number(row, "from"),
            n: number(row, "n"),
            more: number(row, "more"),
            per: or_one(row, "per"),
            rounding: row.choice("rounding").unwrap_or(StepRounding::Ceil),
            at_most: row.quantity("at_most"),
            spare: spare(row),
        }),
        "per_capita" => RuleQuantity::PerCapita(PerCapita {
            n: number(row, "n"),
            per: or_one(row, "per"),
            of: row.code("of").unwrap_or_default(),
            time: number(row, "time"),
            per_time: or_one(row, "per_time"),
            time_unit: row.choice("time_unit").unwrap_or(TimeUnit::Day),
            at_least: row.quantity("at_least"),
            at_most: row.quantity("at_most"),
            spare: spare(row),
        }),
        "ratio" => RuleQuantity::Ratio(Ratio {
            n: number(row, "n"),
            per: or_one(row, "per"),
            to: ratio_to(row),
            at_least: row.quantity("at_least"),
            at_most: row.quantity("at_most"),
            spare: spare(row),
        }),
        "range" => RuleQuantity::Range(Range {
            from: number(row, "from"),
            to: number(row, "to"),
            per: or_one(row, "per"),
            of: row.code("of"),
        }),
        "present" => RuleQuantity::Present(Unquantified {}),
        "as_needed" => RuleQuantity::AS_NEEDED,
        "optional" => RuleQuantity::Optional(Unquantified {}),
        "stated" => RuleQuantity::Stated(Unquantified {}),
        "away_at_most" => RuleQuantity::AwayAtMost(Share {
            n: row.whole("n", 0, u32::MAX).unwrap_or_default(),
            per: row.whole("per", 1, u32::MAX).unwrap_or(1),
        }),
        "service_life" => RuleQuantity::ServiceLife(ServiceLife { months: row.whole("months", 1, 1200).unwrap_or(1) }),
        "classes" => RuleQuantity::Classes(ClassTable {
            name: row.text("class_table", 64).unwrap_or_default(),
            rows: parts(row, "class_rows", read_classes),
        }),
        _ => RuleQuantity::Rate(Rate {
            n: number(row, "n"),
            per: or_one(row, "per"),
            of: row.code("of"),
            at_least: row.quantity("at_least"),
            at_most: row.quantity("at_most"),
            spare: spare(row),
        }),
    }
}

fn number(row: &mut Row<'_>, key: &str) -> Quantity {
    row.quantity(key).unwrap_or_default()
}

fn or_one(row: &mut Row<'_>, key: &str) -> Quantity {
    row.quantity(key).unwrap_or(Quantity::whole(1))
}

/// An item, or a choice of several.
fn ratio_to(row: &mut Row<'_>) -> Selector {
    let mut alternatives = parts(row, "ratio_to", read_alternatives);
    match (alternatives.len(), alternatives.pop()) {
        (1, Some(Alternative { item: Some(item), factor, .. })) if factor == Quantity::whole(1) => Selector::Item(item),
        (_, last) => {
            alternatives.extend(last);
            Selector::AnyOf(alternatives)
        }
    }
}

fn spare(row: &mut Row<'_>) -> Option<Spare> {
    // A ratio typed into a workbook becomes a time of day, and 20% becomes 0.2.
    if let Value::Time(_) | Value::Number(_) | Value::Day(_) = row.cell("spare") {
        row.fault("spare", "spare_as_number", |fault| fault);
        return None;
    }
    let text = row.text("spare", 32)?;
    let spare = read_spare(&text);
    if spare.is_none() {
        row.fault("spare", "not_a_spare", |fault| fault);
    }
    spare
}
