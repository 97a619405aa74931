//! Who somebody is: passwords and access tokens. Neither HTTP nor SQL.

mod key_folder;
pub mod passwords;
pub mod receipts;
pub mod secret_file;
pub mod setup_code;
pub mod tokens;
