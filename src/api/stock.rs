//! The stock according to the current counts.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::any_of::{AnyOf, Code, are_codes};
use super::callers::{Caller, Everyone};
use super::fields::Fields;
use super::figures::{Start, with_engine};
use super::keeper_names::{KeeperNames, Shown};
use super::labels::{DepotLabel, ItemLabel, OrganizationLabel};
use super::language::AcceptLanguage;
use super::ledgers::{AskedLedger, TableSink, whole};
use super::page::DEFAULT_LIMIT;
use super::problem::Problems;
use super::query::Query;
use super::reply::{self, Format, ListTable};
use super::selection::{find_depots, list_organizations, require_items};
use super::table_file::NewTable;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::id::DepotId;
use base::time::serialize_instant;
use db::connection::AnyConnection;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::depot::Depot;
use domain::depot_items::stock_with_uncounted;
use domain::engine::ENGINE;
use domain::expiring::has_lot_before;
use domain::ledger_table::LedgerTable;
use domain::lot::LotNumber;
use domain::lot_details::{LotDetail, LotDetails};
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::revision::Revision;
use domain::stock::{DepotStock, stock};
use service::ledgers;
use service::ledgers::cells::Row;
use service::ledgers::lots::CountLines;
use service::ledgers::names::Told;
use service::lot_details;
use service::moment::{Moment, MomentQuery};
use service::shortages::{ContactNames, OnDay};
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
    /// The columns of a table: a column map of the caller's region or one above it, one that comes with the program
    /// (`hazchem-enterprise`), or `ledger` for the table's own. If this is left out, tables
    /// in Chinese have the latter, and those in English the members of the list.
    #[param(min_length = 1, max_length = 64, example = "hazchem-enterprise")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    profile: Option<String>,
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
    /// The details that the last ledger of the depot has of its lots; left out if there are none. They bear on no figure.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 10_000)]
    lot_details: Vec<LotDescribed>,
}

/// The details of a lot in a ledger.
#[derive(Debug, PartialEq, Serialize, utoipa::ToSchema)]
struct LotDescribed {
    /// The lot number, as the lot of the stock has it.
    #[schema(value_type = Option<String>, max_length = 64)]
    lot: Option<LotNumber>,
    /// The last day on which the lot may be used, as the lot of the stock has it.
    expires_on: Option<NaiveDate>,
    /// The details: several where units of the lot differ, as two with their own asset numbers do.
    #[schema(max_items = 20)]
    details: Vec<LotDetail>,
    /// The number of further details; left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 50_000)]
    details_left_off: Option<usize>,
}

impl LotDescribed {
    /// The details of the lots of some stock, each lot once.
    fn all(stock: &DepotStock, details: &LotDetails) -> Vec<Self> {
        let inspection = stock.inspection.iter().map(|inspection| &inspection.count);
        let lots = stock.counts.iter().chain(inspection).flat_map(|count| &count.lots);
        let mut all: Vec<Self> = Vec::new();
        let mut told = BTreeSet::new();
        for lot in lots.map(|seen| &seen.lot) {
            let found = details.of_lot(stock.depot, &stock.item, lot);
            if !found.details.is_empty() && told.insert((&lot.lot, lot.expires_on)) {
                all.push(Self {
                    lot: lot.lot.clone(),
                    expires_on: lot.expires_on,
                    details: found.details.into_iter().cloned().collect(),
                    details_left_off: Some(found.left_off).filter(|number| *number > 0),
                });
            }
        }
        all
    }
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
///
/// Each line has the details of its lots that the last ledger of the depot has: specification, model, maker, asset number, service
/// life and the day of the next inspection. A row of a ledger is of a lot by its lot number, else by its expiry, else by its item.
///
/// In the columns of a ledger, a table has a row for each lot in its place, and one for each item that a depot has to count and never
/// did. A quantity that is not known is in words, never 0.
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
    let fields = Fields::of(&request)?;
    let profile = query.profile.as_deref();
    let ledger = AskedLedger::of(LedgerTable::Stock, profile, format, &fields, belongs, language)?;
    let shown = Shown::default();
    let asked = Asked { belongs, query, format, language, now, shown: shown.clone() };
    let answer = match format {
        Format::Json => reply::page(&request, &state.db.read(move |snapshot| read_page(snapshot, &asked)).await?),
        Format::Csv | Format::Xlsx => {
            let (table, list) = (NewTable::of(&request, format)?, ListTable::of(&request, format)?);
            let read = move |snapshot: &mut Snapshot<'_>| {
                if let Some(ledger) = ledger {
                    let (rows, next_cursor) = read_ledger(snapshot, &asked, &ledger, table)?;
                    return Ok(rows.end(next_cursor));
                }
                let mut rows = list.begin()?;
                let (_, next_cursor) = read_lines(snapshot, &asked, |line| rows.add(&line))?;
                Ok(rows.end(next_cursor))
            };
            reply::send_table(&request, state.db.read(read).await?).await
        }
    };
    shown.log(&state, &caller.actor).await?;
    answer.map(with_engine)
}

/// A request for stock.
struct Asked {
    belongs: Belongs,
    query: ListStock,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
    /// The keepers whom a ledger names.
    shown: Shown,
}

impl Asked {
    /// True for stock that is asked for.
    fn wants(&self, stock: &DepotStock, depots: Option<&[Depot]>) -> bool {
        depots.is_none_or(|depots| depots.iter().any(|depot| stock.depot == depot.id))
            && self.query.item.takes_code(&stock.item)
            && self.query.expires_before.is_none_or(|day| has_lot_before(stock, day))
    }

    fn limit(&self) -> usize {
        self.format.limit(self.query.limit).unwrap_or(DEFAULT_LIMIT)
    }
}

/// The selection that a request makes.
struct Selected {
    start: Start,
    organizations: Vec<Organization>,
    depots: Option<Vec<Depot>>,
}

impl Selected {
    fn of(snapshot: &mut Snapshot<'_>, Asked { belongs, query, now, .. }: &Asked) -> Result<Self, Error> {
        let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
        let start = Start::of(snapshot, query.cursor.as_deref(), asked, *now)?;
        let revision = start.moment.revision;
        let depots = find_depots(snapshot.connection, *belongs, &query.depot, revision)?;
        let mut organizations = list_organizations(snapshot.connection, *belongs, &query.organization, revision)?;
        if let Some(depots) = &depots {
            organizations.retain(|organization| depots.iter().any(|depot| depot.organization_id == organization.id));
        }
        require_items(snapshot.connection, &query.item, revision)?;
        Ok(Self { start, organizations, depots })
    }
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
    asked: &Asked,
    add: impl FnMut(StockLine) -> Result<(), Error>,
) -> Result<(Moment, Option<String>), Error> {
    let Selected { start, organizations, depots } = Selected::of(snapshot, asked)?;
    let revision = start.moment.revision;
    let figures = |connection: &mut AnyConnection, reference_data: &ReferenceData, on_day: OnDay, _: &ContactNames| {
        let all = stock(reference_data, &on_day.records, on_day.day);
        let details = details_of(connection, &all, &on_day, revision)?;
        let row = |stock: DepotStock| {
            let is_wanted = asked.wants(&stock, depots.as_deref());
            is_wanted.then(|| StockLine::of(stock, &details, reference_data, &on_day, asked.language)).flatten()
        };
        Ok(all.into_iter().map(row).collect())
    };
    let next_cursor = start.fill_with(snapshot, &organizations, asked.limit(), figures, add)?;
    Ok((start.moment, next_cursor))
}

/// The details of the lots of an organization's stock.
fn details_of(
    connection: &mut AnyConnection,
    stock: &[DepotStock],
    on_day: &OnDay,
    revision: Revision,
) -> Result<LotDetails, Error> {
    let depots: BTreeSet<DepotId> = stock.iter().map(|stock| stock.depot).collect();
    let depots: Vec<DepotId> = depots.into_iter().collect();
    lot_details::of_depots(connection, &depots, on_day.day, revision)
}

/// Writes the lines asked for as a ledger. Returns its rows, and the cursor of those that follow.
fn read_ledger<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    asked: &Asked,
    ledger: &AskedLedger,
    sink: S,
) -> Result<(S::Rows, Option<String>), Error> {
    let Selected { start, organizations, depots } = Selected::of(snapshot, asked)?;
    let mut rows = ledger.begin(snapshot, &start.moment, sink)?;
    let (names, revision) = (rows.names.clone(), start.moment.revision);
    let figures = |connection: &mut AnyConnection, reference_data: &ReferenceData, on_day: OnDay, of: &ContactNames| {
        let keepers = |id| KeeperNames { names: of, shown: &asked.shown, language: asked.language }.name(id);
        let told = Told { reference_data, on_day: &on_day, revision, names: &names, keepers: &keepers };
        let all = stock_with_uncounted(reference_data, &on_day.records, on_day.day);
        let wants = |stock: &&DepotStock| asked.wants(stock, depots.as_deref());
        let lines = CountLines::of(connection, all.iter().filter(wants))?;
        let details = details_of(connection, &all, &on_day, revision)?;
        let rows_of = |one: &DepotStock| wants(&one).then(|| ledgers::stock::rows(one, &lines, &details, told));
        Ok(all.iter().map(rows_of).collect())
    };
    let next_cursor =
        start.fill_with(snapshot, &organizations, asked.limit(), figures, |some: Vec<Row>| rows.add(&some))?;
    Ok((rows.end(), next_cursor))
}

/// Writes the whole stock that somebody sees as a ledger.
///
/// # Errors
/// The database's error; if it cannot be written.
pub fn write_all<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    ledger: &AskedLedger,
    now: DateTime<Utc>,
    sink: S,
) -> Result<S::Rows, Error> {
    let (belongs, language) = (ledger.belongs, ledger.language);
    let asked = Asked { belongs, query: whole()?, format: Format::Csv, language, now, shown: Shown::default() };
    read_ledger(snapshot, &asked, ledger, sink).map(|(rows, _)| rows)
}

impl StockLine {
    /// The stock of an item with names in a language; `None` if the depot is not among the records.
    fn of(
        stock: DepotStock,
        details: &LotDetails,
        reference_data: &ReferenceData,
        on_day: &OnDay,
        language: Language,
    ) -> Option<Self> {
        let OnDay { records, day } = on_day;
        let depot = records.depots.iter().find(|depot| depot.id == stock.depot)?;
        Some(Self {
            organization: OrganizationLabel::of(&records.organization, *day, language),
            depot: DepotLabel::of(depot, *day, language),
            item: reference_data.items.get(&stock.item).map(|item| ItemLabel::of(item, *day, language)),
            lot_details: LotDescribed::all(&stock, details),
            stock,
        })
    }
}
