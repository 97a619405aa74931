//! Resolving conflicts of counts by name, taking that back, and reading it.

mod read;
mod view;
mod write;

pub use read::{find_resolution, find_resolution_receipts, list_resolutions};
pub use write::{submit_resolution, void_resolution};
