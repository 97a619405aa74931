//! Accepting own counts that inspections contest, and reading that.

mod read;
mod view;
mod write;

pub use read::{find_acceptance, find_acceptance_receipts, list_acceptances};
pub use write::submit_acceptance;
