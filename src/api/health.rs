//! The health of the service.

use std::fmt::Display;
use std::time::Duration;

use actix_web::{get, web};
use serde::Serialize;

use super::problem::Problems;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::migrations;
use db::open_error::OpenError;
use domain::revision::Revision;

/// The state of the process.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"status": "ok"}))]
struct Liveness {
    /// Always `ok`.
    #[schema(max_length = 16)]
    status: &'static str,
}

/// The readiness of the service.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"status": "ok", "revision": 12}))]
struct Readiness {
    /// Always `ok`.
    #[schema(max_length = 16)]
    status: &'static str,
    /// The newest revision.
    revision: Revision,
}

/// Check that the process runs
///
/// Answers without asking the database.
#[utoipa::path(tag = "health", responses((status = 200, description = "It runs.", body = Liveness)), security(()))]
#[get("/health/live")]
pub async fn check_liveness() -> web::Json<Liveness> {
    web::Json(Liveness { status: "ok" })
}

/// Check that requests can be served
///
/// Reads from the database and checks that its schema is the one this program knows; 503 if that fails or takes longer than
/// 3 seconds.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "Requests can be served.", body = Readiness), Problems),
    security(())
)]
#[get("/health/ready")]
pub async fn check_readiness(state: web::Data<AppState>) -> Result<web::Json<Readiness>, ApiError> {
    let look = state.db.read(|snapshot| {
        let pending = match migrations::standing(snapshot.connection) {
            Ok(standing) => standing.pending.len(),
            Err(OpenError::Failed(error)) => return Err(error),
            Err(error) => return Err(Error::Busy(not_ready("the schema is not the one this program knows", &error))),
        };
        Ok((pending, snapshot.newest))
    });
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok((0, newest))) => {
            Ok(web::Json(Readiness { status: "ok", revision: newest.map_or(Revision(0), |newest| newest.revision) }))
        }
        Ok(Ok((pending, _))) => Err(Error::Busy(not_ready("the schema lacks migrations", &pending)).into()),
        Ok(Err(error @ Error::Busy(_))) => Err(error.into()),
        Ok(Err(error)) => Err(Error::Busy(not_ready("the database cannot be used", &error)).into()),
        Err(late) => Err(Error::Busy(not_ready("the database does not answer", &late)).into()),
    }
}

/// The time limit for the database to answer a health check.
const PATIENCE: Duration = Duration::from_secs(3);

/// The answer to a health check; the reason itself goes to the log.
fn not_ready(what: &'static str, reason: &dyn Display) -> &'static str {
    tracing::warn!(%reason, "not ready: {what}");
    what
}
