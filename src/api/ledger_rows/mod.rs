//! Rows of ledgers: listed, and decided about.

mod decide;
mod read;
mod view;

pub use decide::decide_ledger_row;
pub use read::{find_ledger_row, list_ledger_rows};
