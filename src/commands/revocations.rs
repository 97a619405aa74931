//! Revocations beside the keys: telling a restored database of them before it serves anybody, and keeping those made at the
//! machine.

use std::path::Path;

use auth::revocations::{KeptRevocation, Revocation, RevocationLog};
use auth::tokens::TokenKeys;
use base::error::Error;
use chrono::{DateTime, Utc};
use db::Db;
use db::locks::Locks;
use domain::actor::Actor;
use domain::revision::Revision;

/// Carries out again the revocations kept beside the keys that the database does not have.
///
/// # Errors
/// If they cannot be read, or the database cannot be written.
pub async fn apply(db: &Db, keys: &TokenKeys, command: &str) -> Result<(), Error> {
    let kept = keys.revocations().read()?;
    let newest = db.read(|snapshot| Ok(snapshot.newest.map_or(Revision(0), |newest| newest.revision))).await?;
    // Usually the database has them all; then it need not be able to take a change at the moment.
    if kept.iter().all(|one| one.revision < newest) {
        return Ok(());
    }
    let applied = db.write(Actor::command(command), Locks::none().accounts(), move |change| {
        let locked = change.for_accounts()?;
        service::revocations::apply(change, locked, &kept, newest)
    });
    let applied = applied.await?;
    if applied.value.is_empty() {
        return Ok(());
    }
    tracing::warn!(
        applied = applied.value.len(),
        "the database was restored: revocations made since its backup were carried out again"
    );
    // From now on the database has them.
    let (at, revision) = (Utc::now(), applied.revision);
    applied
        .value
        .into_iter()
        .try_for_each(|revocation| keys.revocations().append(&KeptRevocation { at, revision, revocation }))
}

/// Keeps a revocation made at the machine in the folder of keys. Without it only the database knows.
pub fn keep(folder: &Path, at: DateTime<Utc>, revision: Revision, revocation: Revocation) {
    if let Err(error) = RevocationLog::beside(folder).append(&KeptRevocation { at, revision, revocation }) {
        let folder = folder.display();
        tracing::warn!(%error, %folder, "not kept beside the keys: restoring an older backup undoes it");
    }
}
