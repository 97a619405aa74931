//! Accounts, for those who manage them.

pub mod close;
pub mod list;
pub mod password;
pub mod save;
mod view;

pub use self::view::AccountLabel;
