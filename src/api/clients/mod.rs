//! Clients: programs of others, which admins give a way in.

pub mod close;
pub mod read;
pub mod save;
pub mod secret;
mod view;
