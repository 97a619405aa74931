//! Rules: clauses of standards in columns. Whatever the columns cannot say is a document.

use super::quantities::{QUANTITY_COLUMNS, quantity_cells, read_quantity_cells};
use super::selectors::{SELECTOR_COLUMNS, read_selector, selector_cells};
use super::{Cells, names};
use crate::choices::{Choice as _, UNITS, code_of};
use crate::clauses::{list, quoted, read_condition, unquoted, write_condition};
use crate::row::Row;
use domain::condition::RuleCondition;
use domain::rule::{Confidence, Rule, RuleRole, Strength};

/// A clause of a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleRow {
    /// Its code.
    pub code: String,
    /// The standard it belongs to.
    pub standard: String,
    /// Its text; `None` once it was withdrawn.
    pub rule: Option<Rule>,
    /// The reason for a day in the past.
    pub reason: Option<String>,
    /// True where a document says all of it.
    pub is_document: bool,
}

/// The columns that a new rule needs, unless a document says all of it: at least one of each group.
pub const NEW_RULE: &[&[&str]] = &[
    &["clause"],
    &["applies_when"],
    &["scope"],
    &SELECTOR_COLUMNS,
    &["n", "quantity"],
    &["unit"],
    &["strength"],
    &["text_zh", "text_en"],
    &["confidence"],
];

/// The columns required for a rule that is neither withdrawn nor a document.
const NEEDED: [&str; 6] = ["clause", "applies_when", "scope", "unit", "strength", "confidence"];

/// The columns that a document covers completely, besides those of selector and quantity.
const SAID_BY_DOCUMENT: [&str; 9] = [
    "applies_when",
    "waived_when",
    "scope",
    "shares_with",
    "quantity",
    "unit",
    "strength",
    "agreement_percent",
    "confidence",
];

/// The longest text of a document, in characters: a spreadsheet program allows 32,767 in a cell.
const LONGEST_DOCUMENT: usize = 32_000;

/// The longest text of a condition, in characters.
const LONGEST_CONDITION: usize = 4000;

impl RuleRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let code = row.code("code").unwrap_or_default();
        let standard = row.code("standard").unwrap_or_default();
        let is_document = !row.cell("document").is_empty();
        let rule = if row.flag("withdrawn").unwrap_or(false) {
            None
        } else if is_document {
            read_document(row, &code)
        } else {
            Some(read_rule(row, &code))
        };
        Self { code, standard, rule, reason: row.long_text("reason", 1000), is_document }
    }

    /// Its cells; a rule that they cannot express is written as a document.
    pub fn cells(&self) -> Cells {
        let mut cells: Cells = vec![
            ("code", (&self.code).into()),
            ("standard", (&self.standard).into()),
            ("reason", self.reason.clone().into()),
        ];
        match &self.rule {
            None => cells.push(("withdrawn", true.into())),
            Some(rule) => match rule_cells(rule) {
                Some(columns) => cells.extend(columns),
                // A rule consists of strings and numbers, which JSON can always hold.
                None => cells.push(("document", serde_json::to_string(rule).unwrap_or_default().into())),
            },
        }
        cells
    }
}

/// The cells of a rule; `None` if they cannot express it.
fn rule_cells(rule: &Rule) -> Option<Cells> {
    let conditions = [Some(&rule.applies_when), rule.waived_when.as_ref()];
    let texts = conditions.map(|condition| condition.map(write_condition));
    if texts.iter().flatten().any(|text| text.chars().nth(LONGEST_CONDITION).is_some()) {
        return None;
    }
    let [applies_when, waived_when] = texts;
    let mut cells: Cells = vec![
        ("clause", (&rule.clause).into()),
        ("role", rule.role.word().into()),
        ("applies_when", applies_when.into()),
        ("waived_when", waived_when.into()),
        ("scope", (&rule.scope).into()),
        ("shares_with", rule.shares_with.iter().map(|scope| quoted(scope)).collect::<Vec<_>>().join("; ").into()),
    ];
    cells.extend(selector_cells(&rule.selector)?);
    cells.extend(quantity_cells(&rule.quantity)?);
    cells.extend([
        ("unit", (&rule.unit).into()),
        ("strength", rule.strength.word().into()),
        ("agreement_percent", rule.agreement_percent.into()),
        ("validity_days", rule.validity_days.into()),
        ("inspected_within_months", rule.inspected_within_months.into()),
        ("specification", rule.specification.clone().into()),
        ("text_en", (&rule.text_en).into()),
        ("text_zh", (&rule.text_zh).into()),
        ("confidence", rule.confidence.word().into()),
        ("recall_certainty", rule.recall_certainty.map(|certainty| certainty.word()).into()),
        ("attribution", rule.attribution.map(|confidence| confidence.word()).into()),
        ("source", rule.source.clone().into()),
        ("note", rule.note.clone().into()),
    ]);
    Some(cells)
}

fn read_document(row: &mut Row<'_>, code: &str) -> Option<Rule> {
    for key in SAID_BY_DOCUMENT.iter().chain(&SELECTOR_COLUMNS).chain(&QUANTITY_COLUMNS) {
        if !row.cell(key).is_empty() {
            row.fault(key, "said_by_document", |fault| fault);
        }
    }
    let text = row.parsed_text("document", LONGEST_DOCUMENT)?;
    match serde_json::from_str::<Rule>(&text) {
        Ok(rule) if rule.code == code => Some(rule),
        Ok(_) => {
            row.fault("document", "document_of_another", |fault| fault.with("code", code));
            None
        }
        Err(error) => {
            row.fault("document", "json_not_taken", |fault| fault.with("problem", error));
            None
        }
    }
}

fn read_rule(row: &mut Row<'_>, code: &str) -> Rule {
    for key in NEEDED {
        if row.has(key) && row.cell(key).is_empty() {
            row.fault(key, "missing_field", |fault| fault);
        }
    }
    let (text_en, text_zh) = names(row.long_text("text_en", 1000), row.long_text("text_zh", 1000));
    if text_en.is_empty() && row.has("text_en") && row.has("text_zh") {
        row.fault("text_zh", "missing_field", |fault| fault);
    }
    Rule {
        code: code.to_owned(),
        clause: row.text("clause", 200).unwrap_or_default(),
        role: row.choice("role").unwrap_or(RuleRole::Requirement),
        applies_when: condition(row, "applies_when").unwrap_or(RuleCondition::All(Vec::new())),
        scope: row.text("scope", 64).unwrap_or_default(),
        selector: read_selector(row),
        quantity: read_quantity_cells(row),
        unit: row.text("unit", 16).map(|unit| code_of(&unit, UNITS)).unwrap_or_default(),
        strength: row.choice("strength").unwrap_or(Strength::Mandatory),
        waived_when: condition(row, "waived_when"),
        agreement_percent: row.whole("agreement_percent", 1, 100),
        shares_with: read_scopes(row),
        validity_days: row.whole("validity_days", 1, 3650),
        inspected_within_months: row.whole("inspected_within_months", 1, 1200),
        specification: row.long_text("specification", 1000),
        text_en,
        text_zh,
        confidence: row.choice("confidence").unwrap_or(Confidence::Illustrative),
        recall_certainty: row.choice("recall_certainty"),
        attribution: row.choice("attribution"),
        source: row.long_text("source", 1000),
        note: row.long_text("note", 1000),
    }
}

fn condition(row: &mut Row<'_>, key: &str) -> Option<RuleCondition> {
    let text = row.parsed_text(key, LONGEST_CONDITION)?;
    match read_condition(&text) {
        Ok(condition) => Some(condition),
        Err(problem) => {
            row.fault(key, "condition_not_read", |fault| fault.with("at", problem.at));
            None
        }
    }
}

fn read_scopes(row: &mut Row<'_>) -> Vec<String> {
    let Some(text) = row.text("shares_with", 2000) else { return Vec::new() };
    list(&text).into_iter().map(unquoted).collect()
}
