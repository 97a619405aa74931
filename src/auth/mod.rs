//! Who somebody is: passwords, access tokens and refresh tokens. Neither HTTP nor SQL.

pub mod keyed;
pub mod lifetimes;
pub mod passwords;
pub mod refresh;
pub mod secret_file;
pub mod tokens;
