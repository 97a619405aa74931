//! The words that every other crate is written in: ids, quantities, days and instants, errors, the hash of a content.
//!
//! Nothing here knows the reserve trade, and only [`sql`] knows that there are databases.

pub mod clock;
pub mod concurrency;
pub mod content;
pub mod error;
pub mod id;
pub mod quantity;
pub mod sql;
pub mod time;
