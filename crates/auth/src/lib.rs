//! Authentication: passwords, access tokens, refresh tokens and the keys of receipts. Neither HTTP nor SQL.

pub mod client_secret;
pub mod key_folder;
pub mod keyed;
pub mod passwords;
pub mod receipts;
pub mod refresh;
pub mod revocations;
pub mod secret_file;
pub mod setup_code;
pub mod tokens;
