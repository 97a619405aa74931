//! Signing out.

use actix_web::{HttpResponse, post, web};
use serde::Serialize;

use super::refresh::TokenToUse;
use crate::api::body::Body;
use crate::api::callers::Anybody;
use crate::api::error::ApiError;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::refresh::RefreshToken;
use auth::revocations::Revocation;
use db::locks::Locks;
use db::write::Change;
use service::revocations;
use service::sessions;

/// The end of a session.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct SignedOut {
    /// Always true: the token sent no longer works.
    #[schema(example = true)]
    signed_out: bool,
}

/// Sign out
///
/// Ends the session of a refresh token: none of its refresh and access tokens works any longer, on any instance. May be
/// repeated; the answer to an unknown token is the same.
#[utoipa::path(
    tag = "sign-in",
    request_body = TokenToUse,
    responses((status = 200, description = "Signed out.", body = SignedOut), Problems, BodyProblems),
    security(())
)]
#[post("/auth/logout")]
pub async fn sign_out(
    Anybody(actor): Anybody,
    state: web::Data<AppState>,
    _: Query<NoParameters>,
    body: Body<TokenToUse>,
) -> Result<HttpResponse, ApiError> {
    if let Some(token) = RefreshToken::read(&body.value.refresh_token, state.receipts.refresh_keys()) {
        let now = state.clock.now();
        let locks = Locks::none().keys([sessions::key_of(&token)]);
        let work = move |change: &mut Change<'_>| {
            let ended = sessions::sign_out(change, &token, now)?;
            Ok(((), ended.map(|(session, account)| Revocation::SessionEnded { session, account })))
        };
        revocations::write(&state.db, state.keys.revocations(), actor, locks, now, work).await?;
    }
    Ok(HttpResponse::Ok().json(SignedOut { signed_out: true }))
}
