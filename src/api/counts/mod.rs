//! Submitting, voiding and reading counts.

mod read;
mod receipt;
mod submit;
mod view;
mod void;

pub use read::{find_count, list_counts, write_all};
pub use receipt::{find as receipt_of, find_count_receipts};
pub use submit::submit_count;
pub use void::{NewVoid, void_count};
