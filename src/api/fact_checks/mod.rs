//! Checks of facts, and of units that are away: reported, and no stock.

mod list;
mod view;

pub use list::list_fact_checks;
