//! Columns that a table does not have: what holds of a thing that is there stays, and a new thing needs them.

use super::plan::Plan;
use base::quantity::Quantity;
use domain::naming::in_both;
use domain::rule::{Rate, Rule, RuleQuantity};
use domain::standard::StandardDocument;
use tables::Placed;
use tables::form::Form;
use tables::forms::{NEW_RULE, QUANTITY_COLUMNS, RuleRow, SELECTOR_COLUMNS, needs_of_quantity};

impl Plan<'_> {
    /// Tells which columns a row of a new thing lacks. False where it lacks any.
    pub(super) fn has_columns_of_new<T>(&mut self, form: Form, row: &Placed<T>, key: &str) -> bool {
        self.has_columns(form, row, key, form.layout().needs)
    }

    /// The same of a new rule: a document says all of it.
    pub(super) fn has_columns_of_rule(&mut self, row: &Placed<RuleRow>) -> bool {
        let is_whole = row.value.is_document || row.value.rule.is_none();
        is_whole || self.has_columns(Form::Rules, row, &row.value.code, NEW_RULE)
    }

    /// The same of a rule whose quantity takes another form: its numbers are parts of it.
    pub(super) fn has_columns_of_quantity(&mut self, row: &Placed<RuleRow>, new: &Rule, before: Option<&Rule>) -> bool {
        let is_same = before.is_some_and(|before| before.quantity.form() == new.quantity.form());
        if is_same || row.value.is_document {
            return true;
        }
        // Without a word for the form the numbers are those of a rate, which must be meant.
        let is_meant = matches!(before.map(|before| &before.quantity), None | Some(RuleQuantity::AsNeeded(_)));
        let form: &[&str] = if is_meant { &[] } else { &["quantity"] };
        let needs: Vec<&str> = needs_of_quantity(&new.quantity).iter().chain(form).copied().collect();
        let groups: Vec<&[&str]> = needs.iter().map(std::slice::from_ref).collect();
        self.has_columns(Form::Rules, row, &row.value.code, &groups)
    }

    fn has_columns<T>(&mut self, form: Form, row: &Placed<T>, key: &str, needs: &[&[&str]]) -> bool {
        let missing = row.missing_columns(form, needs);
        if missing.is_empty() {
            return true;
        }
        self.note_refused(form, key);
        for fault in missing {
            self.fault(fault);
        }
        false
    }
}

/// Fills a text in two languages of which the table has one column, or none. A text that was the same in both follows the one
/// that changes; one that the table leaves blank becomes the other.
pub(super) fn fill_both<T>(
    row: &Placed<T>,
    columns: (&str, &str),
    (en, zh): (&mut String, &mut String),
    before: (&str, &str),
) {
    let (has_en, has_zh) = (row.has(columns.0), row.has(columns.1));
    let differ = before.0 != before.1;
    if !has_en && (!has_zh || differ || zh.is_empty()) {
        before.0.clone_into(en);
    }
    if !has_zh && (!has_en || differ || en.is_empty()) {
        before.1.clone_into(zh);
    }
    (*en, *zh) = in_both(en, zh);
}

/// Fills the names of a thing.
pub(super) fn fill_names<T>(row: &Placed<T>, names: (&mut String, &mut String), before: (&str, &str)) {
    fill_both(row, ("name_en", "name_zh"), names, before);
}

/// Fills what a table does not say of a standard.
pub(super) fn fill_document<T>(row: &Placed<T>, new: &mut StandardDocument, before: &StandardDocument) {
    let titles = (&mut new.title_en, &mut new.title_zh);
    fill_both(row, ("title_en", "title_zh"), titles, (&before.title_en, &before.title_zh));
    if !row.has("jurisdiction") {
        new.jurisdiction.clone_from(&before.jurisdiction);
    }
    if !row.has("status") {
        new.status = before.status;
    }
    if !row.has("in_force_from") {
        new.valid_from = before.valid_from;
    }
    if !row.has("in_force_to") {
        new.valid_to = before.valid_to;
    }
    if !row.has("replaced_by") {
        new.replaced_by.clone_from(&before.replaced_by);
    }
    if !row.has("note") {
        new.note.clone_from(&before.note);
    }
}

/// Fills what a table does not say of a rule.
pub(super) fn fill_rule(row: &Placed<RuleRow>, new: &mut Rule, before: &Rule) {
    if row.value.is_document {
        return;
    }
    let texts = (&mut new.text_en, &mut new.text_zh);
    fill_both(row, ("text_en", "text_zh"), texts, (&before.text_en, &before.text_zh));
    macro_rules! keep {
        ($($field:ident),*) => {
            $(if !row.has(stringify!($field)) {
                new.$field.clone_from(&before.$field);
            })*
        };
    }
    keep!(
        clause,
        role,
        applies_when,
        waived_when,
        scope,
        shares_with,
        unit,
        strength,
        agreement_percent,
        validity_days,
        inspected_within_months,
        specification,
        confidence,
        recall_certainty,
        attribution,
        source,
        note
    );
    if SELECTOR_COLUMNS.iter().all(|column| !row.has(column)) {
        new.selector.clone_from(&before.selector);
    }
    fill_quantity(row, &mut new.quantity, &before.quantity);
}

fn fill_quantity(row: &Placed<RuleRow>, new: &mut RuleQuantity, before: &RuleQuantity) {
    let has_number = QUANTITY_COLUMNS.iter().any(|column| row.has(column));
    if !row.has("quantity") && !has_number {
        new.clone_from(before);
        return;
    }
    // Blank cells of a rate say nothing of a rule that is none.
    if !row.has("n") && !row.has("quantity") && is_blank(new) && !matches!(before, RuleQuantity::Rate(_)) {
        new.clone_from(before);
        return;
    }
    macro_rules! keep {
        ($new:ident, $before:ident: $($field:ident = $column:literal),*) => {{
            $(if !row.has($column) {
                $new.$field.clone_from(&$before.$field);
            })*
        }};
        ($new:ident, $before:ident: $($field:ident),*) => {{
            $(if !row.has(stringify!($field)) {
                $new.$field.clone_from(&$before.$field);
            })*
        }};
    }
    match (new, before) {
        (RuleQuantity::Rate(new), RuleQuantity::Rate(before)) => {
            keep!(new, before: n, per, of, at_least, at_most, spare);
        }
        (RuleQuantity::Coverage(new), RuleQuantity::Coverage(before)) => {
            keep!(new, before: of, factor, factor_of, capacity, unit_capacity, at_least, at_most, spare);
        }
        (RuleQuantity::Band(new), RuleQuantity::Band(before)) => keep!(new, before: of, and, rows, spare),
        (RuleQuantity::Step(new), RuleQuantity::Step(before)) => {
            keep!(new, before: of, from, n, more, per, rounding, at_most, spare);
        }
        (RuleQuantity::PerCapita(new), RuleQuantity::PerCapita(before)) => {
            keep!(new, before: n, per, of, time, per_time, time_unit, at_least, at_most, spare);
        }
        (RuleQuantity::Ratio(new), RuleQuantity::Ratio(before)) => {
            keep!(new, before: to = "ratio_to");
            keep!(new, before: n, per, at_least, at_most, spare);
        }
        (RuleQuantity::Range(new), RuleQuantity::Range(before)) => keep!(new, before: from, to, per, of),
        (RuleQuantity::AwayAtMost(new), RuleQuantity::AwayAtMost(before)) => keep!(new, before: n, per),
        (RuleQuantity::ServiceLife(new), RuleQuantity::ServiceLife(before)) => keep!(new, before: months),
        (RuleQuantity::Classes(new), RuleQuantity::Classes(before)) => {
            keep!(new, before: name = "class_table", rows = "class_rows");
        }
        // Another form has numbers of its own.
        _ => {}
    }
}

/// True for a rate of which the cells said nothing.
fn is_blank(quantity: &RuleQuantity) -> bool {
    let nothing =
        Rate { n: Quantity::ZERO, per: Quantity::whole(1), of: None, at_least: None, at_most: None, spare: None };
    *quantity == RuleQuantity::Rate(nothing)
}
