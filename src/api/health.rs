//! Whether the service is up.

use actix_web::{get, web};
use serde::Serialize;

use super::problem::Problems;
use crate::app::State;
use crate::domain::revision::Revision;
use crate::error::Error;

/// That the service runs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"status": "ok"}))]
struct Liveness {
    /// Always `ok`.
    #[schema(max_length = 16)]
    status: &'static str,
}

/// That the service can serve.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"status": "ok", "revision": 12}))]
struct Readiness {
    /// Always `ok`.
    #[schema(max_length = 16)]
    status: &'static str,
    /// The newest revision.
    revision: Revision,
}

/// Tell whether the process runs
///
/// Answers without asking the database.
#[utoipa::path(tag = "health", responses((status = 200, description = "It runs.", body = Liveness)), security(()))]
#[get("/health/live")]
pub async fn check_liveness() -> web::Json<Liveness> {
    web::Json(Liveness { status: "ok" })
}

/// Tell whether requests can be served
///
/// Reads from the database; 503 where that fails.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "Requests can be served.", body = Readiness), Problems),
    security(())
)]
#[get("/health/ready")]
pub async fn check_readiness(state: web::Data<State>) -> Result<web::Json<Readiness>, Error> {
    let newest = state.db.read(|snapshot| Ok(snapshot.newest)).await?;
    Ok(web::Json(Readiness { status: "ok", revision: newest.map_or(Revision(0), |newest| newest.revision) }))
}
