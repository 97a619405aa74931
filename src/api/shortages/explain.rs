//! Explaining one shortage.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::line::ShortageLine;
use super::sentences::{Sentence, sentences};
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::figures::with_engine;
use crate::api::language::AcceptLanguage;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply;
use crate::api::selection::find_organization;
use crate::api::state::AppState;
use base::error::Error;
use base::id::LineId;
use base::time::serialize_instant;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::{Explanation, explain as explain_line};
use domain::engine::ENGINE;
use domain::revision::Revision;
use service::moment::{Moment, MomentQuery};
use service::shortages::{OnDay, Reader};
use text::language::Language;

/// The day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExplainShortage {
    /// The day; the organization's today if left out.
    as_of: Option<NaiveDate>,
    /// The revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// The instant whose knowledge is used; for a future one, the present.
    known_at: Option<DateTime<Utc>>,
}

/// A line of the shortage table with everything it was computed from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = explained)]
pub struct ExplainedShortage {
    /// The line.
    #[serde(flatten)]
    pub line: ShortageLine,
    /// The revision it is computed from.
    pub revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    pub known_at: DateTime<Utc>,
    /// The version of the rules by which it is computed.
    #[schema(max_length = 16, example = "2")]
    pub engine: &'static str,
    /// The line and its proof in sentences, for people, in the caller's language.
    #[schema(max_items = 10_000)]
    pub in_words: Vec<Sentence>,
    /// The rules, the facts, the working with its numbers, the counts and their lots, and the units left out with the
    /// reasons: enough for a program to recompute the figures.
    pub explanation: Explanation,
}

/// An example of an explanation.
fn explained() -> serde_json::Value {
    serde_json::from_str(include_str!("explained.json")).unwrap_or_default()
}

/// Explain a shortage
///
/// Returns one line of the shortage table with its proof: the rules that require a quantity and the reasons why they apply,
/// the current counts, and the lots that are usable or not.
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
            body = ExplainedShortage,
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
) -> Result<ExplainedShortage, Error> {
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let moment = Moment::resolve(snapshot, asked, now)?;
    let organization = find_organization(snapshot.connection, belongs, organization, moment.revision)?;
    let mut found = None;
    let reader = Reader::at(snapshot, &moment)?;
    reader.visit(snapshot.connection, &[organization], |reference_data, OnDay { records, day }| {
        found = explain_line(reference_data, &records, day, line, language).map(|(assessment, explanation)| {
            let line = ShortageLine::of(&assessment, &records, reference_data, language);
            let in_words = sentences(&assessment, &explanation, reference_data, language);
            ExplainedShortage {
                line,
                revision: moment.revision,
                known_at: moment.known_at,
                engine: ENGINE,
                in_words,
                explanation,
            }
        });
        Ok(true)
    })?;
    found.ok_or(Error::NotFound("requirement line"))
}
