//! Listing shortages.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::line::ShortageLine;
use super::selection::{LineSelection, OrganizationSelection};
use super::table;
use super::view::ShortagePage;
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::figures::{Start, with_engine};
use crate::api::language::AcceptLanguage;
use crate::api::page::DEFAULT_LIMIT;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply::{self, Format};
use crate::api::selection::require_item;
use crate::api::state::AppState;
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::{Assessment, Status, assess};
use domain::engine::ENGINE;
use domain::requirement::Basis;
use domain::revision::Revision;
use domain::rule::Strength;
use service::moment::{Moment, MomentQuery};
use text::language::Language;

/// The selection of lines and organizations, the day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListShortages {
    /// One organization, by id or code.
    #[param(max_length = 64, example = "T3")]
    #[validate(length(max = 64), non_control_character)]
    organization: Option<String>,
    /// The organizations of a region and all below it, by id or code.
    #[param(max_length = 64, example = "159900")]
    #[validate(length(max = 64), non_control_character)]
    region: Option<String>,
    /// The organizations of a sector.
    #[param(max_length = 64, example = "hazchem")]
    #[validate(length(max = 64), non_control_character)]
    sector: Option<String>,
    /// Lines of one item, by its code.
    #[param(max_length = 32, example = "L2010101")]
    #[validate(length(max = 32), non_control_character)]
    item: Option<String>,
    /// Lines of the items of a class, by the class's code.
    #[param(max_length = 64, example = "personal_protection")]
    #[validate(length(max = 64), non_control_character)]
    item_class: Option<String>,
    /// Lines with this status.
    status: Option<Status>,
    /// Lines of this strength; all if left out. Only mandatory lines are shortages.
    strength: Option<Strength>,
    /// Lines on this basis.
    basis: Option<Basis>,
    /// The day; each organization's today if left out.
    as_of: Option<NaiveDate>,
    /// The revision: the same question then always has the same answer, byte for byte. "Today" is then the day of its
    /// commit.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// The instant whose knowledge is used, and whose day is then "today"; for a future one, the present.
    known_at: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number of lines to list. A table has all of them if this is left out.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before; later pages are for the same revision and day.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List shortages
///
/// Compares requirement lines with usable stock: the quantities required, usable and missing, each as an interval; `null` is
/// unbounded. Unknown is never zero: a depot that nobody counted may hold anything. Returns JSON pages or a table.
///
/// The table in English is for programs: its columns are stable names, and codes are not translated. In Chinese it is for
/// people: columns, codes and units are in words, and it begins with a byte order mark, by which Excel recognizes UTF-8. It
/// names the clauses, the causes of what is unknown, whom to ask, the open depots and their keepers; times are those of the
/// organization's zone, and an end without a bound is a word.
#[utoipa::path(
    tag = "shortages",
    params(ListShortages),
    responses(
        (
            status = 200,
            description = "A page of lines, or the table.",
            headers(("Muster-Engine" = String, description = "The version of the rules as coded.")),
            content(
                (ShortagePage = "application/json"),
                (String = "text/csv", example = "organization,organization_name,item\nT3,Chemicals brigade,L2010101\n"),
                (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            )
        ),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/shortages")]
pub async fn list_shortages(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListShortages>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let now = state.clock.now();
    let belongs = caller.belongs;
    let page = state.db.read(move |snapshot| read_page(snapshot, belongs, &query, format, language, now)).await?;
    let answer = match format {
        Format::Json => reply::json(&request, &page),
        Format::Csv | Format::Xlsx => {
            let next = page.next_cursor.clone();
            reply::table(&request, format, next.as_deref(), move || table::of_lines(&page, language)).await
        }
    };
    answer.map(with_engine)
}

fn read_page(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    query: &ListShortages,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
) -> Result<ShortagePage, Error> {
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let start = Start::of(snapshot, query.cursor.as_deref(), asked, now)?;
    let limit = format.limit(query.limit).unwrap_or(DEFAULT_LIMIT);
    let organizations = organizations_of(query).choose(snapshot.connection, belongs, &start.moment)?;
    require_item(snapshot.connection, query.item.as_deref(), start.moment.revision)?;
    let wanted = lines_of(query);
    let (items, next_cursor) = start.fill(snapshot, &organizations, limit, |reference_data, on_day| {
        let row = |line: Assessment| {
            wanted.includes(&line, reference_data).then(|| {
                let records = &on_day.records;
                let shown = ShortageLine::of(&line, records, reference_data, language);
                match format {
                    Format::Json => shown,
                    Format::Csv | Format::Xlsx => shown.with_notes(&line, records, reference_data, language),
                }
            })
        };
        assess(reference_data, &on_day.records, on_day.day).into_iter().map(row).collect()
    })?;
    let Moment { revision, known_at, as_of, .. } = start.moment;
    Ok(ShortagePage { items, next_cursor, as_of, revision, known_at, engine: ENGINE })
}

fn organizations_of(query: &ListShortages) -> OrganizationSelection {
    OrganizationSelection {
        organization: query.organization.clone(),
        region: query.region.clone(),
        sector: query.sector.clone(),
    }
}

fn lines_of(query: &ListShortages) -> LineSelection {
    LineSelection {
        item: query.item.clone(),
        item_class: query.item_class.clone(),
        status: query.status,
        strength: query.strength,
        basis: query.basis,
    }
}
