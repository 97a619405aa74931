//! Sync: the changes that a device fetches, the commands that it pushes, and its rights to both. No HTTP.

pub mod cursor;
pub mod documents;
pub mod key;
pub mod pull;
pub mod push;
pub mod results;
pub mod rights;
pub mod state;
