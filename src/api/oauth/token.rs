//! Issuing access tokens to clients.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Serialize;

use super::credentials::Credentials;
use super::form::{Form, TokenRequest};
use super::refusal::{OAuthRefusal, TokenRefusal};
use crate::api::auth::parties;
use crate::api::callers::Anybody;
use crate::api::client_address::ClientAddress;
use crate::api::error::ApiError;
use crate::api::problem::Problem;
use crate::api::state::AppState;
use auth::random_secret::RandomSecret;
use auth::tokens::ClientRights;
use base::error::Error;
use base::id::{ClientId, SessionId};
use db::locks::Locks;
use db::write::Change;
use domain::client::Client;
use domain::scope::ScopeSet;
use service::{attempts, clients};

/// An access token for a client, in the form of RFC 6749.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientToken {
    /// Send it as `Authorization: Bearer`.
    #[schema(max_length = 4096, example = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9.e30.c2ln")]
    access_token: String,
    /// Always `Bearer`.
    #[schema(max_length = 16, example = "Bearer")]
    token_type: &'static str,
    /// Seconds until it expires; then request another.
    #[schema(minimum = 0, maximum = 31_536_000, example = 900)]
    expires_in: i64,
    /// Its scopes, separated by single blanks.
    #[schema(max_length = 1000, example = "catalogue:read counts:write")]
    scope: String,
}

/// Issue a token to a client
///
/// The client credentials grant of RFC 6749, for third-party programs. Only this operation follows RFC 6749 instead of RFC
/// 9457: it reads a form, refuses with `{"error", "error_description"}`, ignores unknown parameters, and accepts the
/// credentials in the form or in `Authorization: Basic`. After several failures of a client or from an address, each delays
/// the next attempt: 429 with `Retry-After`, even for the right secret. There is no refresh token: request a new token.
#[utoipa::path(
    tag = "sign-in",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token.", body = ClientToken),
        (status = 400, description = "`invalid_request`, `unsupported_grant_type` or `invalid_scope`.",
            body = TokenRefusal, content_type = "application/json"),
        (status = 401, description = "`invalid_client`: no credentials, or wrong ones, or those of a closed client.",
            body = TokenRefusal, content_type = "application/json"),
        (status = 429, description = "`too_many_attempts`: send the same again after `Retry-After` seconds.",
            body = TokenRefusal, content_type = "application/json"),
        (status = 503, description = "Too much is under way; send the same again after `Retry-After` seconds.",
            body = Problem, content_type = "application/problem+json")
    ),
    security((), ("client" = []))
)]
#[post("/oauth/token")]
pub async fn issue_token(
    request: HttpRequest,
    Anybody(actor): Anybody,
    state: web::Data<AppState>,
    address: ClientAddress,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let asked = Form::of(&request, payload).await.and_then(|form| {
        match form.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(_) => return Err(OAuthRefusal::GrantType),
            None => return Err(OAuthRefusal::Request("Send grant_type=client_credentials.")),
        }
        Ok((Credentials::of(request.headers(), &form)?, form.scope))
    });
    let (credentials, scope) = match asked {
        Ok(asked) => asked,
        Err(refusal) => return Ok(refusal.into_response()),
    };
    let now = state.clock.now();
    let id = credentials.id.parse::<ClientId>().ok();
    let secret_hash = RandomSecret::read(&credentials.secret).map(|secret| secret.hash());
    let parties = parties::of_client(&state, address, id);
    let locks = Locks::none().steady_accounts().keys(parties.keys());
    let work = move |change: &mut Change<'_>| {
        attempts::begin(change, &parties, now)?;
        let (Some(id), Some(secret_hash)) = (id, secret_hash.as_deref()) else { return Ok(None) };
        let steady = change.for_steady_accounts()?;
        let authenticated = clients::authenticate(change, steady, id, secret_hash, now)?;
        if authenticated.is_some() {
            attempts::succeed(change, &parties)?;
        }
        Ok(authenticated)
    };
    match state.db.write(actor, locks, work).await {
        Ok(written) => match written.value {
            Some((client, session)) => answer(&state, &client, session, scope.as_deref()),
            None => Ok(OAuthRefusal::Client.into_response()),
        },
        Err(Error::TooMany { retry_after, .. }) => Ok(OAuthRefusal::TooMany(retry_after).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// The answer to an authenticated client.
fn answer(
    state: &AppState,
    client: &Client,
    session: SessionId,
    scope: Option<&str>,
) -> Result<HttpResponse, ApiError> {
    let asked = scope.map_or_else(|| Some(client.scopes.clone()), ScopeSet::read);
    let Some(scopes) = asked.filter(|asked| asked.is_within(&client.scopes)) else {
        return Ok(OAuthRefusal::Scope.into_response());
    };
    let (now, lifetime) = (state.clock.now(), state.settings.access_token_lifetime);
    let rights = ClientRights { scopes: &scopes, requests_per_minute: client.requests_per_minute };
    let token = ClientToken {
        access_token: state.keys.issue_to_client(&client.account, session, rights, lifetime, now)?,
        token_type: "Bearer",
        expires_in: lifetime.num_seconds(),
        scope: scopes.to_string(),
    };
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, "no-store")).insert_header((header::PRAGMA, "no-cache"));
    Ok(response.json(token))
}
