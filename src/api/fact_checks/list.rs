//! Listing checks.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{FactCheckPage, FactCheckView};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::figures::{Start, with_engine};
use crate::api::language::AcceptLanguage;
use crate::api::page::DEFAULT_LIMIT;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply::{self, Format, ListTable};
use crate::api::shortages::OrganizationSelection;
use crate::api::state::AppState;
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::checks::{Check, CheckStatus, checks};
use domain::engine::ENGINE;
use domain::reference_data::ReferenceData;
use domain::revision::Revision;
use domain::rule::Strength;
use service::moment::{Moment, MomentQuery};
use service::shortages::OnDay;
use service::today::Today;
use text::language::Language;

/// The selection of checks and organizations, the day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListFactChecks {
    /// The organizations, by id or code; any of several.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// The organizations of these regions and all below them, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["159900"]))]
    #[validate(custom(function = are_codes))]
    region: AnyOf<Code>,
    /// The organizations of these sectors.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["noncoal_mine"]))]
    #[validate(custom(function = are_codes))]
    sector: AnyOf<Code>,
    /// Checks with any of these statuses; `short` is violated.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    status: AnyOf<CheckStatus>,
    /// Checks of any of these strengths; all if left out.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    strength: AnyOf<Strength>,
    /// The day; each organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The revision: the same question then always has the same answer, byte for byte. "Today" is then the day of its
    /// commit.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// The instant whose knowledge is used, and whose day is then "today"; for a future one, the present.
    #[serde(default, deserialize_with = "base::sent::optional")]
    known_at: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number of checks to list. A table has all of them if this is left out.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before; later pages are for the same revision and day.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List checks
///
/// Compares facts (people, premises) with the rules that bound them, and the units that are lent or in repair with the share
/// that may be. Checks are reported; they are no stock, and count neither as shortages nor for an organization's status.
#[utoipa::path(
    tag = "shortages",
    params(ListFactChecks),
    responses(
        (
            status = 200,
            description = "A page of checks.",
            body = FactCheckPage,
            headers(("Muster-Engine" = String, description = "The version of the rules as coded."))
        ),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/fact-checks")]
pub async fn list_fact_checks(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListFactChecks>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now, today) = (caller.belongs, state.clock.now(), Arc::clone(&state.today));
    let asked = Asked { today, belongs, query, format, language, now };
    let answer = match format {
        Format::Json => reply::page(&request, &state.db.read(move |snapshot| read_page(snapshot, &asked)).await?),
        Format::Csv | Format::Xlsx => {
            let table = ListTable::of(&request, format)?;
            let read = move |snapshot: &mut Snapshot<'_>| {
                let mut rows = table.begin()?;
                let (_, next_cursor) = read_checks(snapshot, &asked, |check| rows.add(&check))?;
                Ok(rows.end(next_cursor))
            };
            reply::send_table(&request, state.db.read(read).await?).await
        }
    };
    answer.map(with_engine)
}

/// A request for checks.
struct Asked {
    today: Arc<Today>,
    belongs: Belongs,
    query: ListFactChecks,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
}

fn read_page(snapshot: &mut Snapshot<'_>, asked: &Asked) -> Result<FactCheckPage, Error> {
    let mut items = Vec::new();
    let (moment, next_cursor) = read_checks(snapshot, asked, |check| {
        items.push(check);
        Ok(())
    })?;
    let Moment { revision, known_at, as_of, .. } = moment;
    Ok(FactCheckPage { items, next_cursor, as_of, revision, known_at, engine: ENGINE })
}

/// Reads the checks asked for one by one. Returns the moment that they are for, and the cursor of those that follow.
fn read_checks(
    snapshot: &mut Snapshot<'_>,
    Asked { today, belongs, query, format, language, now }: &Asked,
    add: impl FnMut(FactCheckView) -> Result<(), Error>,
) -> Result<(Moment, Option<String>), Error> {
    let (belongs, language, now) = (*belongs, *language, *now);
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let start = Start::of(snapshot, query.cursor.as_deref(), asked, now)?;
    let selection = OrganizationSelection {
        organization: query.organization.clone(),
        region: query.region.clone(),
        sector: query.sector.clone(),
    };
    let organizations = selection.choose(today, snapshot, belongs, &start.moment)?;
    let limit = format.limit(query.limit).unwrap_or(DEFAULT_LIMIT);
    let figures = |reference_data: &ReferenceData, on_day: OnDay| {
        let row = |check: Check| {
            let asked_for = query.status.takes(&check.status) && query.strength.takes(&check.strength);
            asked_for.then(|| FactCheckView::of(check, reference_data, &on_day, language))
        };
        checks(reference_data, &on_day.records, on_day.day, language).into_iter().map(row).collect()
    };
    let next_cursor = start.fill(snapshot, &organizations, limit, figures, add)?;
    Ok((start.moment, next_cursor))
}
