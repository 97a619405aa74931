//! Reading receipts.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use uuid::Uuid;

use super::read;
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply;
use crate::api::state::AppState;
use base::error::Error;
use base::id::CountId;
use db::connection::AnyConnection;
use domain::receipt::LinkKind;

/// The receipts of a count.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CountReceipts {
    /// The receipt of the count: a JWS (RFC 7515) in compact form, signed with EdDSA by a key of the service's key set.
    /// Its payload names the organization, the position in its chain, the accepted content and the time.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    receipt: String,
    /// The receipt of the count's link in the present chain, if `receipt` was given before the server was restored from an
    /// older backup; otherwise `null`.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    chain_receipt: Option<String>,
    /// The receipt of its void; `null` if it was not voided.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    void_receipt: Option<String>,
}

/// Find the receipts of a count
///
/// Returns the receipt issued when the count was stored, and the one of its void: always the same, byte for byte. Any JOSE
/// library checks them against `/.well-known/jwks.json`.
#[utoipa::path(
    tag = "counts",
    params(("id" = CountId, Path, description = "The count.")),
    responses((status = 200, description = "The receipts.", body = CountReceipts), Problems),
    security(("bearer" = []))
)]
#[get("/counts/{id}/receipt")]
pub async fn find_count_receipts(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<CountId>,
) -> Result<HttpResponse, ApiError> {
    let belongs = caller.belongs;
    let receipts = state.db.read(move |snapshot| {
        read::require_visible(snapshot.connection, belongs, *id)?;
        let found = db::receipts::receipts_of(snapshot.connection, *id)?.ok_or_else(without_receipt)?;
        let void = db::receipts::find(snapshot.connection, LinkKind::Void, Uuid::from(*id))?;
        Ok(CountReceipts {
            chain_receipt: (found.linked != found.given).then_some(found.linked),
            receipt: found.given,
            void_receipt: void.map(|void| void.jws),
        })
    });
    reply::json(&request, &receipts.await?)
}

/// The receipt of a count. It is always the same, even if the count was taken over with it after a restore.
///
/// # Errors
/// `Internal` if there is none, which no write can cause.
pub fn of_count(connection: &mut AnyConnection, id: CountId) -> Result<String, Error> {
    db::receipts::receipt_of(connection, id)?.ok_or_else(without_receipt)
}

/// The receipt of another accepted thing.
///
/// # Errors
/// `Internal` if there is none, which no write can cause.
pub fn find(connection: &mut AnyConnection, kind: LinkKind, id: impl Into<Uuid>) -> Result<String, Error> {
    let found = db::receipts::find(connection, kind, id.into())?;
    found.map(|row| row.jws).ok_or_else(without_receipt)
}

fn without_receipt() -> Error {
    Error::Internal("something that was accepted has no receipt", None)
}
