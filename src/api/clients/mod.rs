//! Clients: third-party programs to which admins give access.

pub mod close;
pub mod read;
pub mod save;
pub mod secret;
mod view;
