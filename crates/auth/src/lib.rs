//! Who somebody is: passwords, access tokens and refresh tokens. Neither HTTP nor SQL.

pub mod client_secret;
mod key_folder;
pub mod keyed;
pub mod passwords;
pub mod receipts;
pub mod refresh;
pub mod secret_file;
pub mod setup_code;
pub mod tokens;
