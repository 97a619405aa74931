//! Resolving conflicts of counts by name: writing, voiding and reading resolutions.

mod read;
mod view;
mod write;

pub use read::{find_resolution, find_resolution_receipts, list_resolutions};
pub use write::{submit_resolution, void_resolution};
