//! Acceptances of own counts that inspections contest: writing and reading them.

mod read;
mod view;
mod write;

pub use read::{find_acceptance, find_acceptance_receipts, list_acceptances};
pub use write::submit_acceptance;
