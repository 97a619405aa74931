//! The health of the service.

use std::time::Duration;

use actix_web::{get, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::problem::Problems;
use crate::api::error::{ApiError, NotReady};
use crate::api::state::AppState;
use base::clock::Clock;
use base::error::Error;
use db::probe::Reading;
use domain::revision::{Learnt, Revision};

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
    /// The newest revision, up to 2 seconds ago.
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
/// Reads from the database, checks that its schema is the one this program knows and that a write can be stored; 503 with the
/// code of the cause if that fails or takes longer than 3 seconds, or if the clock of the server is more than a day behind the
/// newest revision. An outcome is remembered for 2 seconds, however often it is asked.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "Requests can be served.", body = Readiness), Problems),
    security(())
)]
#[get("/health/ready")]
pub async fn check_readiness(state: web::Data<AppState>) -> Result<web::Json<Readiness>, ApiError> {
    let checks = async { futures_util::join!(state.db.check_reading(), state.db.check_writing()) };
    let checked = tokio::time::timeout(PATIENCE, checks).await;
    let (read, written) = checked.map_err(|_| Error::timed_out("the database did not answer in time"))?;
    let newest = match read? {
        Reading::Works(newest) => newest,
        Reading::OtherSchema(reason) => return Err(not_ready(NotReady::Schema, &reason)),
    };
    written?;
    // Revisions are numbered by the machine's clock, whatever else goes by another.
    if is_clock_behind(Clock::System.now(), newest) {
        return Err(not_ready(NotReady::Clock, "set the clock of this server"));
    }
    Ok(web::Json(Readiness { status: "ok", revision: newest.map_or(Revision(0), |newest| newest.revision) }))
}

/// The time limit for the database to answer a health check.
const PATIENCE: Duration = Duration::from_secs(3);

/// The time by which a server's clock may be behind the newest revision: what it stores gets wrong times then, and phones
/// take their own clocks for wrong.
const MOST_BEHIND: TimeDelta = TimeDelta::days(1);

/// True if a clock is further behind the newest revision than it may be.
pub fn is_clock_behind(now: DateTime<Utc>, newest: Option<Learnt>) -> bool {
    newest.is_some_and(|newest| now + MOST_BEHIND < newest.at)
}

fn not_ready(cause: NotReady, reason: &str) -> ApiError {
    tracing::warn!(%reason, "not ready: {cause}");
    ApiError::NotReady(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_a_day_behind_and_any_time_ahead() {
        let at: DateTime<Utc> = "2026-11-25T02:00:00Z".parse().unwrap();
        let newest = Some(Learnt { revision: Revision(7), at });
        for (behind, expected) in [
            (TimeDelta::zero(), false),
            (MOST_BEHIND, false),
            (MOST_BEHIND + TimeDelta::seconds(1), true),
            (TimeDelta::days(3), true),
            (TimeDelta::days(-300), false),
        ] {
            assert_eq!(is_clock_behind(at - behind, newest), expected, "{behind}");
        }
        assert!(!is_clock_behind(at, None));
    }
}
