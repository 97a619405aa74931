//! Keeping revocations beside the keys, once they are committed and before anybody is told.

use actix_web::web;
use chrono::{DateTime, Utc};

use super::state::AppState;
use auth::revocations::{KeptRevocation, Revocation};
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
