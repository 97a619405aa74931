//! Revocations beside the keys: kept once they are committed and before anybody is told, and told to a restored database
//! before it serves anybody.

use actix_web::web;
use chrono::{DateTime, Utc};

use super::state::AppState;
use auth::revocations::{KeptRevocation, Revocation};
use auth::tokens::TokenKeys;
use base::error::Error;
use db::Db;
use db::locks::Locks;
use domain::actor::Actor;
use domain::revision::Revision;

/// Keeps a revocation. A failure is logged: it was made all the same, and only a restore would undo it.
pub async fn keep(state: &AppState, at: DateTime<Utc>, revision: Revision, revocation: Revocation) {
    let (log, kept) = (state.keys.revocations().clone(), KeptRevocation { at, revision, revocation });
    match web::block(move || log.append(&kept)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "a revocation is not kept beside the keys"),
        Err(error) => tracing::error!(%error, "a revocation is not kept beside the keys"),
    }
}

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
