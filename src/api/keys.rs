//! The public keys with which anybody can check a token or a receipt.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;

use super::negotiation::JSON;
use super::reply;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::tokens::PublicKey;

/// A set of public keys (RFC 7517).
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct KeySet {
    /// The keys; a token or a receipt names its own by `kid`.
    #[schema(max_items = 100)]
    keys: Vec<PublicKey>,
}

/// List the public keys of access tokens and receipts
///
/// Returns a JSON Web Key Set. Keys of receipts stay in it after they are retired. It changes only when the keys change,
/// which is rare.
#[utoipa::path(tag = "sign-in", responses((status = 200, description = "The keys.", body = KeySet)), security(()))]
#[get("/.well-known/jwks.json")]
pub async fn list_keys(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, ApiError> {
    let keys = state.keys.public_keys().into_iter().chain(state.receipts.public_keys()).collect();
    reply::public(&request, JSON, &KeySet { keys })
}
