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

/// The starting point of a pull.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PullChanges {
    /// The `cursor` of the previous answer; everything is sent if left out.
    #[param(max_length = 200)]
    #[validate(length(max = 200))]
    cursor: Option<String>,
}

/// Pull changes
///
/// Returns the changes since the cursor in the data that the caller sees: the catalogue, the organizations with their
/// depots, requirement lines, assessments and stock, and the outcomes of the caller's own commands in quarantine. Without a
/// cursor it returns everything. After any number of pulls a device has the same data as a fresh one.
///
/// A cursor works on every instance and never expires. If its state is gone because the server was restored, or it was
/// issued for other rights, the answer starts over and says `reset`. Names are sent in both languages. Data with many rows
/// is sent as one document with named columns whenever it changed.
#[utoipa::path(
    tag = "sync",
    params(PullChanges),
    responses((status = 200, description = "The changes.", body = PulledChanges), Problems),
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
