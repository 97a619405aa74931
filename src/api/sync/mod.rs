//! Sync: what devices send and fetch when they are back in reach, in one request each way.

mod caller;
mod cursor;
pub mod documents;
pub mod pull;
pub mod push;
mod state;
