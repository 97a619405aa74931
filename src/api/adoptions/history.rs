//! The adoption history of one standard in one region.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::labels::{RegionLabel, StandardLabel};
use crate::api::language::AcceptLanguage;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply;
use crate::api::selection::{concerns, find_one_region};
use crate::api::state::AppState;
use crate::api::versions::{self, Version};
use base::error::Error;
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::region::day_at;
use domain::revision::{Dated, Revision, in_force, last_change};
use domain::rule::Strength;
use text::language::Language;

/// The adoption history of a standard in a region.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "region": {"id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner"},
    "standard": {"code": "GB30077-2013", "title": "Allocation of emergency rescue material, chemical units"},
    "strength": "mandatory",
    "history": [{"valid_from": "2026-01-01", "revision": 12, "recorded_at": "2026-11-23T02:10:00.000000Z",
        "author": {"id": "0198f5a2-0000-7000-8000-000000000009", "name": "Officer Wang"}, "reason": null,
        "state": {"strength": "mandatory"}}]
}))]
pub struct AdoptionHistory {
    /// The region whose bureau adopted it.
    pub region: RegionLabel,
    /// The standard.
    pub standard: StandardLabel,
    /// Its strength there today; `null` if it is not adopted there today.
    pub strength: Option<Strength>,
    /// The decisions, earliest first. On a day, the one with the latest `valid_from` holds; of several with that day, the
    /// last.
    #[schema(max_items = 10_000)]
    pub history: Vec<Version<AdoptionDecision>>,
}

/// One decision.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct AdoptionDecision {
    /// The strength given; `null` ends the adoption.
    pub strength: Option<Strength>,
}

/// Find an adoption
///
/// Returns the adoption history of one standard in one region. Authors are shown if the region is the caller's, or above
/// or below it. Send its `ETag` as `If-Match` to change it.
#[utoipa::path(
    tag = "standards",
    params(
        ("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"),
        ("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013")
    ),
    responses((status = 200, description = "The decisions.", body = AdoptionHistory), Problems),
    security(("bearer" = []))
)]
#[get("/regions/{region}/adoptions/{standard}")]
pub async fn find_adoption(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let (region, standard) = path.into_inner();
    let found = state.db.read(move |snapshot| find(snapshot.connection, belongs, &region, &standard, language, now));
    let (view, revision) = found.await?;
    reply::versioned(&request, &view, revision)
}

/// The history, and the revision of the last decision.
///
/// # Errors
/// `NotFound` if there is none.
pub(super) fn find(
    connection: &mut AnyConnection,
    belongs: Belongs,
    region: &str,
    standard: &str,
    language: Language,
    now: DateTime<Utc>,
) -> Result<(AdoptionHistory, Revision), Error> {
    let region = find_one_region(connection, region, Revision::LATEST)?;
    let standards = db::standards::list(connection, Revision::LATEST)?;
    let standard = standards.iter().find(|found| found.code == standard).ok_or(Error::NotFound("standard"))?;
    let today = day_at(&db::regions::list(connection, Revision::LATEST)?, region.id, now);
    let rows = db::standards::adoption_history(connection, region.id, &standard.code, Revision::LATEST)?;
    if rows.is_empty() {
        return Err(Error::NotFound("adoption"));
    }
    let decided: Vec<Dated<Option<Strength>>> = rows.iter().map(|row| row.row.clone()).collect();
    let mut history = versions::recorded(connection, &rows, |strength| AdoptionDecision { strength: *strength })?;
    if !concerns(connection, belongs, region.id)? {
        history = history.into_iter().map(Version::without_people).collect();
    }
    let view = AdoptionHistory {
        region: RegionLabel::of(&region, today, language),
        standard: StandardLabel::of(standard, today, language),
        strength: in_force(&decided, today).and_then(|row| row.value),
        history,
    };
    Ok((view, last_change(&decided)))
}
