//! Telling a restored database of what was revoked since, before it serves anybody.

use auth::tokens::TokenKeys;
use base::error::Error;
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
    if kept.is_empty() {
        return Ok(());
    }
    let newest = db.read(|snapshot| Ok(snapshot.newest.map_or(Revision(0), |newest| newest.revision))).await?;
    let applied = db.write(Actor::command(command), Locks::none().accounts(), move |change| {
        let locked = change.for_accounts()?;
        service::revocations::apply(change, locked, &kept, newest)
    });
    let applied = applied.await?.value;
    if applied > 0 {
        tracing::warn!(applied, "the database was restored: revocations made since its backup were carried out again");
    }
    Ok(())
}
