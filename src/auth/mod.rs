//! Who somebody is: passwords and access tokens. Neither HTTP nor SQL.

pub mod passwords;
pub mod secret_file;
pub mod setup_code;
pub mod tokens;
