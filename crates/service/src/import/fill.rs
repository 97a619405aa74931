//! Columns that a table does not have: what holds of a thing that is there stays, and a new thing needs them.

use super::plan::Plan;
use base::quantity::Quantity;
use domain::naming::in_both;
use domain::rule::{Rate, Rule, RuleQuantity};
use domain::standard::StandardDocument;
use tables::Placed;
use tables::form::Form;
use tables::forms::{NEW_RULE, RuleRow};

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

    /// The same of a rule that becomes a rate: the number is a part of it.
    pub(super) fn has_columns_of_rate(&mut self, row: &Placed<RuleRow>, new: &Rule, before: &Rule) -> bool {
        let becomes_rate =
            matches!(new.quantity, RuleQuantity::Rate(_)) && !matches!(before.quantity, RuleQuantity::Rate(_));
        let is_whole = !becomes_rate || row.value.is_document;
        is_whole || self.has_columns(Form::Rules, row, &row.value.code, &[&["n"]])
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
        scope,
        unit,
        strength,
        validity_days,
        inspected_within_months,
        specification,
        confidence,
        recall_certainty,
        source,
        note
    );
    if !row.has("item") && !row.has("other") {
        new.selector.clone_from(&before.selector);
    }
    fill_quantity(row, &mut new.quantity, &before.quantity);
}

fn fill_quantity(row: &Placed<RuleRow>, new: &mut RuleQuantity, before: &RuleQuantity) {
    const RATE: [&str; 6] = ["n", "per", "of", "at_least", "at_most", "spare"];
    if !row.has("quantity") && RATE.iter().all(|column| !row.has(column)) {
        new.clone_from(before);
        return;
    }
    // Blank cells of a rate say nothing of a rule that is none.
    if !row.has("n") && !row.has("quantity") && is_blank(new) && !matches!(before, RuleQuantity::Rate(_)) {
        new.clone_from(before);
        return;
    }
    let (RuleQuantity::Rate(new), RuleQuantity::Rate(before)) = (new, before) else { return };
    let Rate { n, per, of, at_least, at_most, spare } = before;
    if !row.has("n") {
        new.n = *n;
    }
    if !row.has("per") {
        new.per = *per;
    }
    if !row.has("of") {
        new.of.clone_from(of);
    }
    if !row.has("at_least") {
        new.at_least = *at_least;
    }
    if !row.has("at_most") {
        new.at_most = *at_most;
    }
    if !row.has("spare") {
        new.spare = *spare;
    }
}

/// True for a rate of which the cells said nothing.
fn is_blank(quantity: &RuleQuantity) -> bool {
    let nothing =
        Rate { n: Quantity::ZERO, per: Quantity::whole(1), of: None, at_least: None, at_most: None, spare: None };
    *quantity == RuleQuantity::Rate(nothing)
}
