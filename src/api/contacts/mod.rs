//! Contacts: the people of depots and organizations. They are personal data: every read is logged, and each can be erased.

mod depots;
mod organizations;
mod shared;
mod view;

// The macros on handlers generate types next to them, which `routes` names by the same path.
pub use depots::*;
pub use organizations::*;
