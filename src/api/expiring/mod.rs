//! Lots that expire, and the lines that become short when they go.

mod list;
mod view;

pub use list::{list_expiring_lots, write_all};
