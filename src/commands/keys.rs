//! The signing keys of a service: those that belong to its database.

use std::error::Error;
use std::path::Path;

use auth::receipts::ReceiptKeys;
use auth::tokens::TokenKeys;
use db::Db;
use db::open_error::OpenError;

/// Loads the keys of a folder, or makes them in an empty one.
///
/// # Errors
/// If the newest receipt of the database was signed with another key, unless `accept_new` allows that. Nothing is made then.
pub async fn load(db: &Db, folder: &Path, accept_new: bool) -> Result<(TokenKeys, ReceiptKeys), Box<dyn Error>> {
    let used = db.read(|snapshot| Ok(db::receipts::used_keys(snapshot.connection)?)).await?;
    let present = ReceiptKeys::load(folder)?;
    let is_missing = |key_id: &str| !present.as_ref().is_some_and(|keys| keys.has(key_id));
    let missing: Vec<_> = used.iter().filter(|key| is_missing(&key.key_id)).collect();
    if let Some(newest) = used.first().filter(|newest| is_missing(&newest.key_id) && !accept_new) {
        let (key_id, folder) = (newest.key_id.clone(), folder.join("receipts"));
        return Err(OpenError::OtherKeys { key_id, folder }.into());
    }
    for key in &missing {
        tracing::warn!(
            key_id = key.key_id,
            receipts = key.links,
            "the key of old receipts is missing: they cannot be checked"
        );
    }
    let lost = missing.into_iter().map(|key| key.key_id.clone());
    Ok((TokenKeys::load_or_create(folder)?, ReceiptKeys::load_or_create(folder)?.with_lost(lost)))
}
