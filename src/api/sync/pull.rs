//! `GET /sync`: the changes that a device fetches.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply;
use crate::api::state::AppState;
use service::sync::pull::{PulledChanges, pull};
use service::sync::rights::Reader;

/// From where on.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PullChanges {
    /// The `cursor` of the answer before; everything where left out.
    #[param(max_length = 200)]
    #[validate(length(max = 200))]
    cursor: Option<String>,
}

/// Pull changes
///
/// What changed since the cursor, of what the caller sees and needs: the catalogue, the organizations with their depots,
/// requirement lines, assessments and stock, and what became of one's own commands in quarantine. Without a cursor
/// everything. What a device has after any number of pulls is what a fresh one gets.
///
/// A cursor is good on every instance and for ever. Where it names a state that is gone (the server was restored), or was
/// given to other rights, the answer starts over and says `reset`. Things travel by their codes in both languages; what has
/// many rows comes as one document with named columns, when it changed.
#[utoipa::path(
    tag = "sync",
    params(PullChanges),
    responses((status = 200, description = "What changed.", body = PulledChanges), Problems),
    security(("bearer" = []))
)]
#[get("/sync")]
pub async fn pull_changes(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    Query(query): Query<PullChanges>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let reader = Reader { account: caller.account, scopes: caller.scopes };
    let answer = state.db.read(move |snapshot| pull(snapshot, &reader, query.cursor.as_deref(), now)).await?;
    reply::packed(&request, &answer)
}
