//! Sync: the changes that a device fetches, the commands that it pushes, and its rights to both. It knows no HTTP.

pub mod batch;
mod changes;
pub mod cursor;
mod device_report;
mod difference;
pub mod documents;
pub mod key;
mod part;
pub mod pull;
pub mod push;
pub mod results;
pub mod rights;
mod room;
mod state;
