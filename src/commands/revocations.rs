//! Keeping revocations made at the machine beside the keys.

use std::path::Path;

use auth::revocations::{KeptRevocation, Revocation, RevocationLog};
use chrono::{DateTime, Utc};
use domain::revision::Revision;

/// Keeps a revocation made at the machine in the folder of keys. Without it only the database knows.
pub fn keep(folder: &Path, at: DateTime<Utc>, revision: Revision, revocation: Revocation) {
    if let Err(error) = RevocationLog::beside(folder).append(&KeptRevocation { at, revision, revocation }) {
        let folder = folder.display();
        tracing::warn!(%error, %folder, "not kept beside the keys: restoring an older backup undoes it");
    }
}
