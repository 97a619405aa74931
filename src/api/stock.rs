//! The stock according to the current counts.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::any_of::{AnyOf, Code, are_codes};
use super::callers::{Caller, Everyone};
use super::figures::{Start, with_engine};
use super::labels::{DepotLabel, ItemLabel, OrganizationLabel};
use super::language::AcceptLanguage;
use super::page::DEFAULT_LIMIT;
use super::problem::Problems;
use super::query::Query;
use super::reply::{self, Format, ListTable};
use super::selection::{find_depots, list_organizations, require_items};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::time::serialize_instant;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::engine::ENGINE;
use domain::expiring::has_lot_before;
use domain::reference_data::ReferenceData;
use domain::revision::Revision;
use domain::stock::{DepotStock, stock};
use service::moment::{Moment, MomentQuery};
use service::shortages::OnDay;
use text::language::Language;

/// The selection of stock, the day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListStock {
    /// Only stock of these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only stock of these depots, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3-D1"]))]
    #[validate(custom(function = are_codes))]
    depot: AnyOf<Code>,
    /// Only stock of these items, by their codes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["L2010101"]))]
    #[validate(custom(function = are_codes))]
    item: AnyOf<Code>,
    /// Only stock with a lot whose last usable day is before this day, as a current count found it; in a stale depot, the last
    /// one.
    #[serde(default, deserialize_with = "base::sent::optional")]
    expires_before: Option<NaiveDate>,
    /// The day; each organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// The instant whose knowledge is used; for a future one, the present.
    #[serde(default, deserialize_with = "base::sent::optional")]
    known_at: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before; later pages are for the same revision and day.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// The stock of one item in one depot.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "depot": { "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store" },
    "item": { "code": "L2010101", "name": "SCBA, positive-pressure", "unit": "set" },
    "stock": {
        "depot": "0198f5a2-0000-7000-8000-000000000003", "depot_code": "T3-D1", "holding": "physical",
        "item": "L2010101", "state": "never_counted", "usable": { "min": 0, "max": null }, "counts": [],
        "taken_out": [], "left_out": {}, "reasons": [{ "code": "never_counted", "depot": "T3-D1" }]
    }
}))]
struct StockLine {
    /// The organization.
    organization: OrganizationLabel,
    /// The depot.
    depot: DepotLabel,
    /// The item.
    item: Option<ItemLabel>,
    /// The stock according to its current counts.
    stock: DepotStock,
}

/// A page of stock.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct StockPage {
    /// The lines, by the organization's code, the depot's code and the item's code.
    #[schema(max_items = 500)]
    items: Vec<StockLine>,
    /// The cursor to send for the next page; `null` on the last.
    #[schema(max_length = 1000, example = "eyJvIjoiVDMifQ")]
    next_cursor: Option<String>,
    /// The day asked for; `null` if it is each organization's today.
    as_of: Option<NaiveDate>,
    /// The revision it is computed from.
    revision: Revision,
    /// The time of that revision's commit.
    #[serde(serialize_with = "serialize_instant")]
    known_at: DateTime<Utc>,
    /// The version of the rules by which it is computed.
    #[schema(max_length = 16, example = "2")]
    engine: &'static str,
}

/// List stock
///
/// Lists each item ever counted in each open depot, with its current counts, their lots and the usable part. An item that
/// was counted and not found stays on the list with zero.
#[utoipa::path(
    tag = "stock",
    params(ListStock),
    responses(
        (
            status = 200,
            description = "A page of stock.",
            body = StockPage,
            headers(("Muster-Engine" = String, description = "The version of the rules as coded."))
        ),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/stock")]
pub async fn list_stock(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListStock>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let asked = Asked { belongs, query, format, language, now };
    let answer = match format {
        Format::Json => reply::page(&request, &state.db.read(move |snapshot| read_page(snapshot, &asked)).await?),
        Format::Csv | Format::Xlsx => {
            let table = ListTable::of(&request, format)?;
            let read = move |snapshot: &mut Snapshot<'_>| {
                let mut rows = table.begin()?;
                let (_, next_cursor) = read_lines(snapshot, &asked, |line| rows.add(&line))?;
                Ok(rows.end(next_cursor))
            };
            reply::send_table(&request, state.db.read(read).await?).await
        }
    };
    answer.map(with_engine)
}

/// A request for stock.
struct Asked {
    belongs: Belongs,
    query: ListStock,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
}

fn read_page(snapshot: &mut Snapshot<'_>, asked: &Asked) -> Result<StockPage, Error> {
    let mut items = Vec::new();
    let (moment, next_cursor) = read_lines(snapshot, asked, |line| {
        items.push(line);
        Ok(())
    })?;
    let Moment { revision, known_at, as_of, .. } = moment;
    Ok(StockPage { items, next_cursor, as_of, revision, known_at, engine: ENGINE })
}

/// Reads the lines asked for one by one. Returns the moment that they are for, and the cursor of those that follow.
fn read_lines(
    snapshot: &mut Snapshot<'_>,
    Asked { belongs, query, format, language, now }: &Asked,
    add: impl FnMut(StockLine) -> Result<(), Error>,
) -> Result<(Moment, Option<String>), Error> {
    let (belongs, language, now) = (*belongs, *language, *now);
    let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let start = Start::of(snapshot, query.cursor.as_deref(), asked, now)?;
    let revision = start.moment.revision;
    let depots = find_depots(snapshot.connection, belongs, &query.depot, revision)?;
    let mut organizations = list_organizations(snapshot.connection, belongs, &query.organization, revision)?;
    if let Some(depots) = &depots {
        organizations.retain(|organization| depots.iter().any(|depot| depot.organization_id == organization.id));
    }
    require_items(snapshot.connection, &query.item, revision)?;
    let wanted = |stock: &DepotStock| {
        depots.as_ref().is_none_or(|depots| depots.iter().any(|depot| stock.depot == depot.id))
            && query.item.takes_code(&stock.item)
            && query.expires_before.is_none_or(|day| has_lot_before(stock, day))
    };
    let limit = format.limit(query.limit).unwrap_or(DEFAULT_LIMIT);
    let figures = |reference_data: &ReferenceData, on_day: OnDay| {
        let row = |stock: DepotStock| {
            wanted(&stock).then(|| StockLine::of(stock, reference_data, &on_day, language)).flatten()
        };
        stock(reference_data, &on_day.records, on_day.day).into_iter().map(row).collect()
    };
    let next_cursor = start.fill(snapshot, &organizations, limit, figures, add)?;
    Ok((start.moment, next_cursor))
}

impl StockLine {
    /// The stock of an item with names in a language; `None` if the depot is not among the records.
    fn of(stock: DepotStock, reference_data: &ReferenceData, on_day: &OnDay, language: Language) -> Option<Self> {
        let OnDay { records, day } = on_day;
        let depot = records.depots.iter().find(|depot| depot.id == stock.depot)?;
        Some(Self {
            organization: OrganizationLabel::of(&records.organization, *day, language),
            depot: DepotLabel::of(depot, *day, language),
            item: reference_data.items.get(&stock.item).map(|item| ItemLabel::of(item, *day, language)),
            stock,
        })
    }
}
