//! Standards, their rules, and their adoptions.

use super::{Cells, names};
use crate::choices::{Choice as _, UNITS, code_of};
use crate::clauses::{read_condition, read_spare, write_condition, write_spare};
use crate::folding::plain;
use crate::row::Row;
use crate::value::Value;
use base::quantity::Quantity;
use domain::change::adoptions::NewDecision;
use domain::condition::RuleCondition;
use domain::rule::{Confidence, Rate, Rule, RuleQuantity, RuleRole, Selector, Spare, Strength};
use domain::standard::{StandardDocument, StandardStatus};

/// An edition of a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardRow {
    /// Its code.
    pub code: String,
    /// Its document.
    pub document: StandardDocument,
    /// The reason for a day in the past.
    pub reason: Option<String>,
}

impl StandardRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (title_en, title_zh) = names(row.text("title_en", 300), row.text("title_zh", 300));
        Self {
            code: row.code("code").unwrap_or_default(),
            document: StandardDocument {
                title_en,
                title_zh,
                jurisdiction: row.text("jurisdiction", 64).unwrap_or_default(),
                status: row.choice("status").unwrap_or(StandardStatus::Draft),
                valid_from: row.day("in_force_from"),
                valid_to: row.day("in_force_to"),
                replaced_by: row.code("replaced_by"),
                note: row.long_text("note", 1000),
            },
            reason: row.long_text("reason", 1000),
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let document = &self.document;
        vec![
            ("code", (&self.code).into()),
            ("title_en", (&document.title_en).into()),
            ("title_zh", (&document.title_zh).into()),
            ("jurisdiction", (&document.jurisdiction).into()),
            ("status", document.status.word().into()),
            ("in_force_from", document.valid_from.into()),
            ("in_force_to", document.valid_to.into()),
            ("replaced_by", document.replaced_by.clone().into()),
            ("note", document.note.clone().into()),
            ("reason", self.reason.clone().into()),
        ]
    }
}

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
    &["item", "other"],
    &["n", "quantity"],
    &["unit"],
    &["strength"],
    &["text_zh", "text_en"],
    &["confidence"],
];

/// The columns required for a rule that is neither withdrawn nor a document.
const NEEDED: [&str; 6] = ["clause", "applies_when", "scope", "unit", "strength", "confidence"];

/// The columns that a document covers completely.
const SAID_BY_DOCUMENT: [&str; 10] =
    ["applies_when", "scope", "item", "other", "quantity", "n", "of", "unit", "strength", "confidence"];

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
        let Some(rule) = &self.rule else {
            cells.push(("withdrawn", true.into()));
            return cells;
        };
        cells.extend([
            ("clause", (&rule.clause).into()),
            ("role", rule.role.word().into()),
            ("applies_when", write_condition(&rule.applies_when).into()),
            ("scope", (&rule.scope).into()),
        ]);
        cells.push(match &rule.selector {
            Selector::Item(code) => ("item", code.into()),
            Selector::Other(words) => ("other", words.into()),
            // Written as a document.
            _ => ("other", "".into()),
        });
        cells.extend(quantity_cells(&rule.quantity));
        cells.extend([
            ("unit", (&rule.unit).into()),
            ("strength", rule.strength.word().into()),
            ("validity_days", rule.validity_days.into()),
            ("inspected_within_months", rule.inspected_within_months.into()),
            ("specification", rule.specification.clone().into()),
            ("text_en", (&rule.text_en).into()),
            ("text_zh", (&rule.text_zh).into()),
            ("confidence", rule.confidence.word().into()),
            ("recall_certainty", rule.recall_certainty.map(|certainty| certainty.word()).into()),
            ("source", rule.source.clone().into()),
            ("note", rule.note.clone().into()),
        ]);
        cells
    }
}

fn quantity_cells(quantity: &RuleQuantity) -> Cells {
    match quantity {
        RuleQuantity::AsNeeded(_) => vec![("quantity", "as_needed".into())],
        RuleQuantity::NotEvaluated(form) => vec![("quantity", format!("not_evaluated: {form}").into())],
        RuleQuantity::Rate(Rate { n, per, of, at_least, at_most, spare }) => vec![
            ("quantity", "rate".into()),
            ("n", (*n).into()),
            ("per", (*per).into()),
            ("of", of.clone().into()),
            ("at_least", (*at_least).into()),
            ("at_most", (*at_most).into()),
            ("spare", spare.map(write_spare).into()),
        ],
        // Written as a document.
        _ => Vec::new(),
    }
}

fn read_document(row: &mut Row<'_>, code: &str) -> Option<Rule> {
    for key in SAID_BY_DOCUMENT {
        if !row.cell(key).is_empty() {
            row.fault(key, "said_by_document", |fault| fault);
        }
    }
    let text = row.parsed_text("document", 32_000)?;
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
    let applies_when = row.parsed_text("applies_when", 4000).map(|text| read_condition(&text));
    let applies_when = match applies_when {
        Some(Ok(condition)) => condition,
        Some(Err(problem)) => {
            row.fault("applies_when", "condition_not_read", |fault| fault.with("at", problem.at));
            RuleCondition::All(Vec::new())
        }
        None => RuleCondition::All(Vec::new()),
    };
    let selector = match (row.code("item"), row.text("other", 300)) {
        (Some(item), None) => Selector::Item(item),
        (None, Some(words)) => Selector::Other(words),
        (None, None) => {
            if row.has("item") || row.has("other") {
                row.fault("item", "missing_field", |fault| fault);
            }
            Selector::Other(String::new())
        }
        (Some(item), Some(_)) => {
            row.fault("other", "item_and_other", |fault| fault);
            Selector::Item(item)
        }
    };
    Rule {
        code: code.to_owned(),
        clause: row.text("clause", 200).unwrap_or_default(),
        role: row.choice("role").unwrap_or(RuleRole::Requirement),
        applies_when,
        scope: row.text("scope", 64).unwrap_or_default(),
        selector,
        quantity: read_rule_quantity(row),
        unit: row.text("unit", 16).map(|unit| code_of(&unit, UNITS)).unwrap_or_default(),
        strength: row.choice("strength").unwrap_or(Strength::Mandatory),
        waived_when: None,
        agreement_percent: None,
        shares_with: Vec::new(),
        validity_days: row.whole("validity_days", 1, 3650),
        inspected_within_months: row.whole("inspected_within_months", 1, 1200),
        specification: row.long_text("specification", 1000),
        text_en,
        text_zh,
        confidence: row.choice("confidence").unwrap_or(Confidence::Illustrative),
        recall_certainty: row.choice("recall_certainty"),
        attribution: None,
        source: row.long_text("source", 1000),
        note: row.long_text("note", 1000),
    }
}

fn read_rule_quantity(row: &mut Row<'_>) -> RuleQuantity {
    let form = row.text("quantity", 200);
    let word = form.as_deref().map(plain).unwrap_or_default();
    let rate = ["n", "per", "of", "at_least", "at_most", "spare"];
    if let Some(named) = form.as_deref().and_then(|form| form.strip_prefix("not_evaluated")) {
        refuse_all(row, &rate);
        return RuleQuantity::NotEvaluated(named.trim_start_matches([':', '：', ' ']).to_owned());
    }
    if ["asneeded", "按需", "根据需要", "按需配备"].contains(&word.as_str()) {
        refuse_all(row, &rate);
        return RuleQuantity::AS_NEEDED;
    }
    if !["", "rate", "定额"].contains(&word.as_str()) {
        row.fault("quantity", "unknown_value", |fault| {
            fault.with("choices", "rate / 定额, as_needed / 按需, not_evaluated: …")
        });
    }
    if row.cell("n").is_empty() && row.has("n") {
        row.fault("n", "missing_field", |fault| fault);
    }
    let spare = read_spare_cell(row);
    let per = row.quantity("per");
    let (at_least, at_most) = (row.quantity("at_least"), row.quantity("at_most"));
    RuleQuantity::Rate(Rate {
        n: row.quantity("n").unwrap_or_default(),
        per: per.unwrap_or(Quantity::whole(1)),
        of: row.code("of"),
        at_least,
        at_most,
        spare,
    })
}

fn read_spare_cell(row: &mut Row<'_>) -> Option<Spare> {
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

fn refuse_all(row: &mut Row<'_>, keys: &[&str]) {
    for key in keys {
        if !row.cell(key).is_empty() {
            row.fault(key, "number_not_asked", |fault| fault);
        }
    }
}

/// The adoption of a standard by a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionRow {
    /// The code of the region.
    pub region: String,
    /// The code of the standard.
    pub standard: String,
    /// The decision.
    pub new: NewDecision,
}

impl AdoptionRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        Self {
            region: row.code("region").unwrap_or_default(),
            standard: row.code("standard").unwrap_or_default(),
            new: NewDecision {
                strength: row.choice::<Option<Strength>>("strength").flatten(),
                valid_from: None,
                reason: row.long_text("reason", 1000),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("region", (&self.region).into()),
            ("standard", (&self.standard).into()),
            ("strength", self.new.strength.word().into()),
            ("reason", self.new.reason.clone().into()),
        ]
    }
}
