//! Authentication: passwords, access tokens, refresh tokens and the keys of receipts. It knows neither HTTP nor SQL.

pub mod key_folder;
pub mod keyed;
pub mod passwords;
pub mod random_secret;
pub mod receipts;
pub mod refresh;
pub mod revocations;
pub mod second_factor;
pub mod secret_file;
pub mod setup_code;
pub mod tokens;
