//! Sync: the changes that a device fetches, the commands that it pushes, and its rights to both. It knows no HTTP.

pub mod batch;
pub mod cursor;
mod device_report;
pub mod documents;
pub mod key;
pub mod pull;
pub mod push;
pub mod results;
pub mod rights;
mod room;
pub mod state;
