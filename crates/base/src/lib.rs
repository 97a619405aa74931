//! Basic types for all crates: ids, quantities, days and instants, errors, content hashes.
//!
//! This crate knows nothing of reserves, and only [`sql`] knows that databases exist.

pub mod clock;
pub mod concurrency;
pub mod content;
pub mod error;
pub mod fair_limit;
pub mod holding;
pub mod i_json;
pub mod id;
pub mod private_files;
pub mod quantity;
pub mod sql;
pub mod stop;
pub mod time;
pub mod total;
