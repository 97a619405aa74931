//! Resetting the secret of a client.

use actix_web::{HttpResponse, post, web};

use super::save::ClientWithSecret;
use super::view::ClientView;
use crate::api::callers::{Admins, Caller};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::random_secret::RandomSecret;
use auth::revocations::Revocation;
use base::id::ClientId;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use service::clients;
use service::revocations;

/// Reset a client's secret
///
/// Returns a new secret. The previous one no longer works, and every access token issued for it ends at once. Only this
/// answer contains the new secret; if it is lost, reset it again.
#[utoipa::path(
    tag = "clients",
    params(("id" = ClientId, Path, description = "The client.")),
    responses(
        (status = 200, description = "It has a new secret.", body = ClientWithSecret),
        (status = 409, description = "The client is closed.", body = Problem,
            content_type = "application/problem+json"),
        Problems
    ),
    security(("bearer" = []))
)]
#[post("/clients/{id}/secret")]
pub async fn reset_client_secret(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Admins>,
    _: Query<NoParameters>,
    id: web::Path<ClientId>,
) -> Result<HttpResponse, ApiError> {
    let (id, now) = (id.into_inner(), state.clock.now());
    let secret = RandomSecret::generate();
    let secret_hash = secret.hash();
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        clients::reset_secret(change, locked, id, &secret_hash, now)?;
        Ok(((), Some(Revocation::ClientSecretReset { client: id, hash: secret_hash.clone() })))
    };
    let locks = Locks::none().accounts();
    revocations::write(&state.db, state.keys.revocations(), caller.actor, locks, now, work).await?;
    let find = move |snapshot: &mut Snapshot<'_>| ClientView::find(snapshot, id, &caller.account, language, now);
    let client = state.db.read(find).await?;
    let answer = ClientWithSecret { client, secret: Some(secret.reveal()), repeated: false };
    Ok(HttpResponse::Ok().json(answer))
}
