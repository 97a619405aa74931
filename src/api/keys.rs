//! The public keys by which anybody can check a token or a receipt.

use actix_web::{get, web};
use serde::Serialize;

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
/// A JSON Web Key Set; keys of receipts that no longer sign stay in it. It changes when keys do, which is seldom.
#[utoipa::path(tag = "sign-in", responses((status = 200, description = "The keys.", body = KeySet)), security(()))]
#[get("/.well-known/jwks.json")]
pub async fn list_keys(state: web::Data<AppState>) -> web::Json<KeySet> {
    web::Json(KeySet { keys: state.keys.public_keys().into_iter().chain(state.receipts.public_keys()).collect() })
}
