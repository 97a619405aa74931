//! Accounts, for those who manage them.

pub mod close;
pub mod list;
pub mod password;
pub mod save;
pub mod view;

pub use self::view::AccountLabel;
