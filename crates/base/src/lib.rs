//! Basic types for all crates: ids, quantities, days and instants, errors, content hashes.
//!
//! This crate knows nothing of reserves, and only [`sql`] and [`storage_failure`] know that databases exist.

pub mod canonical;
pub mod clock;
pub mod content;
pub mod crockford;
pub mod error;
pub mod fair_limit;
pub mod holding;
pub mod i_json;
pub mod id;
pub mod private_files;
pub mod quantity;
pub mod remembered;
pub mod sent;
pub mod sql;
pub mod storage_failure;
pub mod time;
pub mod total;
