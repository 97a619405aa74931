//! Lists to count by: a depot's items, to print and to fill in by hand.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::format::Format;
use super::keeper_names::{KeeperNames, Shown};
use super::language::AcceptLanguage;
use super::ledgers::{AskedLedger, LedgerRows};
use super::negotiation::{CSV, WORKBOOK, best_of};
use super::problem::Problems;
use super::query::Query;
use super::reply;
use super::selection::find_depot;
use super::table_file::NewTable;
use super::tables::FileFormat;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use db::read::Snapshot;
use domain::column_map::OWN;
use domain::ledger_table::LedgerTable;
use domain::revision::Revision;
use service::ledgers::count_list;
use service::ledgers::names::Names;
use service::shortages::ContactNames;

/// The options of a list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportCountList {
    /// True to print beside each line what was counted last. Who does not know it counts better.
    #[param(default = false, example = true)]
    last_counted: Option<bool>,
    /// A column map for this list, as for `GET /stock`; its own columns, which `POST /import` takes, if this is left out.
    #[param(min_length = 1, max_length = 64, example = "ledger")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    profile: Option<String>,
    /// The format of the file; overrides `Accept`.
    format: Option<FileFormat>,
}

/// List what to count
///
/// Returns a list to count a depot by, to print or to fill in: the items that it has to count, as a phone lists them, by the
/// places where they were found last, with empty columns for the quantity, the condition, the lot and its last day. The
/// workbook prints on A4 across, with lines to sign on above the table and its header on every page. Filled in, with the day in
/// each row and without the rows that were not counted, `POST /import` takes it as `counts`.
#[utoipa::path(
    tag = "stock",
    params(
        ("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1"),
        ExportCountList
    ),
    responses(
        (status = 200, description = "The list.", content(
            (String = "text/csv", example = "No.,Depot code,Place,Item code\n1,T3-D1,shelf 3,L2010101\n"),
            (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/depots/{depot}/count-list")]
pub async fn export_count_list(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ExportCountList>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = match query.format {
        Some(FileFormat::Csv) => Format::Csv,
        Some(FileFormat::Xlsx) => Format::Xlsx,
        None if best_of(&request, &[WORKBOOK, CSV]) == Some(CSV) => Format::Csv,
        None => Format::Xlsx,
    };
    let (belongs, now) = (caller.belongs, state.clock.now());
    let table = NewTable::of(&request, format)?;
    let profile = query.profile.unwrap_or_else(|| OWN.to_owned());
    let asked = AskedLedger { table: LedgerTable::CountList, profile, belongs, language };
    let shows_last = query.last_counted.unwrap_or(false);
    let shown = Shown::default();
    let noted = shown.clone();
    let read = move |snapshot: &mut Snapshot<'_>| {
        let (depot, organization) = find_depot(snapshot.connection, belongs, &key, Revision::LATEST)?;
        let mut ledger = asked.columns(snapshot, Revision::LATEST)?;
        if !shows_last {
            ledger = ledger.without("last_quantity");
        }
        let names = Names::load(snapshot.connection, Revision::LATEST, &ledger)?;
        let keeper = |names: &ContactNames, id| KeeperNames { names, shown: &noted, language }.name(id);
        let list = count_list::of_depot(snapshot, &organization, &depot, &names, keeper, now)?;
        let rows = table.begin_as(&ledger.heads(), Some(&count_list::printed(&list, &ledger)))?;
        let mut rows = LedgerRows::new(ledger, names, rows);
        rows.add(&list.rows)?;
        Ok((rows.end().end(None), depot.code))
    };
    let (table, code) = state.db.read(read).await?;
    shown.log(&state, &caller.actor).await?;
    let mut answer = reply::send_table(&request, table).await?;
    let ending = if format == Format::Csv { "csv" } else { "xlsx" };
    // A code may have letters of any script, which a header cannot.
    let name: String = code.chars().filter(char::is_ascii).collect();
    if let Ok(name) = HeaderValue::from_str(&format!("attachment; filename=\"count-list-{name}.{ending}\"")) {
        answer.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    }
    Ok(answer)
}
