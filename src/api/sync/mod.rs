//! The HTTP of sync: one request each way. `service::sync` decides what is sent and what becomes of what was pushed.

mod caller;
pub mod pull;
pub mod push;
