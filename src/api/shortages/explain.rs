//! Explaining one shortage.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::sentences::sentences;
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::figures::with_engine;
use crate::api::labels::OrganizationLabel;
use crate::api::language::AcceptLanguage;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply;
use crate::api::selection::find_organization;
use crate::api::state::AppState;
use base::error::Error;
use base::id::LineId;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::explanation::{ExplainedLine, LineWords};
use domain::revision::Revision;
use domain::wording::Wording;
use service::moment::{Moment, MomentQuery};
use service::shortages::Explained;
use text::language::Language;

/// The day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExplainShortage {
    /// The day; the organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// The instant whose knowledge is used; for a future one, the present.
    #[serde(default, deserialize_with = "base::sent::optional")]
    known_at: Option<DateTime<Utc>>,
}

/// Explain a shortage
///
/// Returns one line of the shortage table with its proof: the rules that require a quantity and the reasons why they apply,
/// the current counts, the lots that are usable or not, and what does not bear on the line and why. A program can check the
/// answer without the service: `openapi/explain.md` says how.
#[utoipa::path(
    tag = "shortages",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ("line" = LineId, Path, description = "The requirement line."),
        ExplainShortage
    ),
    responses(
        (
            status = 200,
            description = "The line with its proof.",
            body = ExplainedLine,
            headers(("Muster-Engine" = String, description = "The version of the rules as coded."))
        ),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/shortages/{line}")]
pub async fn explain_shortage(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    path: web::Path<(String, LineId)>,
    Query(query): Query<ExplainShortage>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let (organization, line) = path.into_inner();
    let belongs = caller.belongs;
    let explained =
        state.db.read(move |snapshot| explain(snapshot, belongs, &organization, line, &query, language, now)).await?;
    Ok(with_engine(reply::json(&request, &explained)?))
}

fn explain(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    organization: &str,
    line: LineId,
    query: &ExplainShortage,
    language: Language,
    now: DateTime<Utc>,
) -> Result<ExplainedLine, Error> {
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let moment = Moment::resolve(snapshot, asked, now)?;
    let organization = find_organization(snapshot.connection, belongs, organization, moment.revision)?;
    let explained = service::shortages::explain(snapshot, &moment, organization, line, language)?;
    let Explained { mut line, on_day, reference_data } = explained.ok_or(Error::NotFound("requirement line"))?;
    let (organization, day) = (&on_day.records.organization, on_day.day);
    line.words = LineWords {
        organization: OrganizationLabel::of(organization, day, language).name,
        name: Wording { reference_data: &reference_data, day, language }.selector(&line.line.selector),
        sentences: sentences(&line.line, &line.explanation, &reference_data, language),
    };
    Ok(line)
}
