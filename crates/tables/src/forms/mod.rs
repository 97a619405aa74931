//! The content of rows, by form.

mod answers;
mod catalogue;
mod counts;
mod layouts;
mod ledger;
mod places;
mod quantities;
mod rules;
mod selectors;
mod standards;

pub use crate::count_time::CountTime;
pub use answers::{AnsweredItem, ItemAnswerRow};
pub use catalogue::{ClassRow, DefinitionRow, ItemRow};
pub use counts::{CountAmount, CountRow};
pub use ledger::{LedgerCondition, LedgerHeld, LedgerRow};
pub use places::{ContactCells, DepotRow, FactRow, OrganizationRow, RegionRow, SHEET_COMPLETE, TargetRow, WITHDRAWN};
pub use quantities::{QUANTITY_COLUMNS, needs_of_quantity};
pub use rules::{NEW_RULE, RuleRow};
pub use selectors::SELECTOR_COLUMNS;
pub use standards::{AdoptionRow, StandardRow};

use super::row::Placed;
use super::value::Output;

/// The rows of an import, by form.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Administrative divisions.
    pub regions: Vec<Placed<RegionRow>>,
    /// Item classes.
    pub item_classes: Vec<Placed<ClassRow>>,
    /// The catalogue.
    pub items: Vec<Placed<ItemRow>>,
    /// The dictionary of facts.
    pub dictionary: Vec<Placed<DefinitionRow>>,
    /// Organizations.
    pub organizations: Vec<Placed<OrganizationRow>>,
    /// Facts, each of one organization.
    pub facts: Vec<Placed<FactRow>>,
    /// Depots.
    pub depots: Vec<Placed<DepotRow>>,
    /// Standards.
    pub standards: Vec<Placed<StandardRow>>,
    /// Rules.
    pub rules: Vec<Placed<RuleRow>>,
    /// Adoptions.
    pub adoptions: Vec<Placed<AdoptionRow>>,
    /// Declared targets.
    pub targets: Vec<Placed<TargetRow>>,
    /// Answers about the words of ledgers.
    pub item_answers: Vec<Placed<ItemAnswerRow>>,
    /// Lines of ledgers.
    pub ledger: Vec<Placed<LedgerRow>>,
    /// Lines of count lists.
    pub counts: Vec<Placed<CountRow>>,
}

/// A row's cells by column; columns not named stay empty.
pub type Cells = Vec<(&'static str, Output)>;

/// Names in both languages: a row with only one uses it for both.
fn names(en: Option<String>, zh: Option<String>) -> (String, String) {
    match (en, zh) {
        (Some(en), Some(zh)) => (en, zh),
        (Some(name), None) | (None, Some(name)) => (name.clone(), name),
        (None, None) => (String::new(), String::new()),
    }
}
