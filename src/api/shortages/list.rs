//! Listing shortages.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::line::ShortageLine;
use super::selection::{LineSelection, OrganizationSelection};
use super::table;
use super::view::ShortagePage;
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::fields::Fields;
use crate::api::figures::{Start, with_engine};
use crate::api::keeper_names::{KeeperNames, Shown};
use crate::api::language::AcceptLanguage;
use crate::api::ledgers::{AskedLedger, TableSink, whole};
use crate::api::page::DEFAULT_LIMIT;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply::{self, Format};
use crate::api::selection::require_items;
use crate::api::state::AppState;
use crate::api::table_file::NewTable;
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::assessment::{Assessment, Status, assess_some};
use domain::engine::ENGINE;
use domain::ledger_table::LedgerTable;
use domain::reference_data::ReferenceData;
use domain::requirement::Basis;
use domain::revision::Revision;
use domain::rule::Strength;
use service::moment::{Moment, MomentQuery};
use service::shortages::{ContactNames, OnDay};
use service::today::Today;
use text::language::Language;

/// The selection of lines and organizations, the day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListShortages {
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
    #[param(inline, style = Form, explode, example = json!(["hazchem"]))]
    #[validate(custom(function = are_codes))]
    sector: AnyOf<Code>,
    /// Lines of these items, by their codes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["L2010101"]))]
    #[validate(custom(function = are_codes))]
    item: AnyOf<Code>,
    /// Lines of the items of these classes, by the codes of the classes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["personal_protection"]))]
    #[validate(custom(function = are_codes))]
    item_class: AnyOf<Code>,
    /// Lines with any of these statuses.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    status: AnyOf<Status>,
    /// Lines of any of these strengths; all if left out. Only mandatory lines are shortages.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    strength: AnyOf<Strength>,
    /// Lines on any of these bases.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    basis: AnyOf<Basis>,
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
    /// The columns of a table: a column map of the caller's region or one above it, or `ledger` for the table's own. If this is left out, the
    /// columns described above.
    #[param(min_length = 1, max_length = 64, example = "monthly-return")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    profile: Option<String>,
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
/// organization's zone, and an end without a bound is a word. With `profile`, it is in the columns of a ledger, in which each
/// interval is one cell.
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
    let (belongs, now, today) = (caller.belongs, state.clock.now(), Arc::clone(&state.today));
    let fields = Fields::of(&request)?;
    let profile = query.profile.as_deref();
    let ledger = AskedLedger::of(LedgerTable::Shortages, profile, format, &fields, belongs, language)?;
    let shown = Shown::default();
    let asked = Asked { today, belongs, query, format, language, now, shown: shown.clone() };
    let answer = match format {
        Format::Json => reply::page(&request, &state.db.read(move |snapshot| read_page(snapshot, &asked)).await?),
        Format::Csv | Format::Xlsx => {
            let table = NewTable::of(&request, format)?;
            let read = move |snapshot: &mut Snapshot<'_>| {
                if let Some(ledger) = ledger {
                    let (rows, next_cursor) = read_ledger(snapshot, &asked, &ledger, table)?;
                    return Ok(rows.end(next_cursor));
                }
                let columns = table::columns_of_lines(&fields, language)?;
                let mut rows = table.begin(columns.headers())?;
                let (_, next_cursor) = read_lines(snapshot, &asked, |line, revision| {
                    rows.add(&columns.cells(&table::row_of_line(&line, revision, language))?)
                })?;
                Ok(rows.end(next_cursor))
            };
            reply::send_table(&request, state.db.read(read).await?).await
        }
    };
    shown.log(&state, &caller.actor).await?;
    answer.map(with_engine)
}

/// A request for lines.
struct Asked {
    today: Arc<Today>,
    belongs: Belongs,
    query: ListShortages,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
    shown: Shown,
}

fn read_page(snapshot: &mut Snapshot<'_>, asked: &Asked) -> Result<ShortagePage, Error> {
    let mut items = Vec::new();
    let (moment, next_cursor) = read_lines(snapshot, asked, |line, _| {
        items.push(line);
        Ok(())
    })?;
    let Moment { revision, known_at, as_of, .. } = moment;
    Ok(ShortagePage { items, next_cursor, as_of, revision, known_at, engine: ENGINE })
}

/// Reads the lines asked for one by one, with their revision. Returns the moment that they are for, and the cursor of those
/// that follow.
fn read_lines(
    snapshot: &mut Snapshot<'_>,
    asked: &Asked,
    mut add: impl FnMut(ShortageLine, Revision) -> Result<(), Error>,
) -> Result<(Moment, Option<String>), Error> {
    let start = asked.start(snapshot)?;
    let revision = start.moment.revision;
    let next_cursor = read_from(snapshot, asked, &start, |line| add(line, revision))?;
    Ok((start.moment, next_cursor))
}

/// Writes the lines asked for as a ledger. Returns its rows, and the cursor of those that follow.
fn read_ledger<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    asked: &Asked,
    ledger: &AskedLedger,
    sink: S,
) -> Result<(S::Rows, Option<String>), Error> {
    let start = asked.start(snapshot)?;
    let mut rows = ledger.begin(snapshot, &start.moment, sink)?;
    let (revision, language) = (start.moment.revision, asked.language);
    let next_cursor =
        read_from(snapshot, asked, &start, |line| rows.add(&[table::ledger_row(&line, revision, language)]))?;
    Ok((rows.end(), next_cursor))
}

/// Writes all lines of the organizations that somebody sees as a ledger.
///
/// # Errors
/// The database's error; if it cannot be written.
pub fn write_all<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    ledger: &AskedLedger,
    now: DateTime<Utc>,
    sink: S,
) -> Result<S::Rows, Error> {
    let (belongs, language, today) = (ledger.belongs, ledger.language, Arc::default());
    let shown = Shown::default();
    let asked = Asked { today, belongs, query: whole()?, format: Format::Csv, language, now, shown };
    read_ledger(snapshot, &asked, ledger, sink).map(|(rows, _)| rows)
}

impl Asked {
    fn start(&self, snapshot: &mut Snapshot<'_>) -> Result<Start, Error> {
        let Self { query, now, .. } = self;
        let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
        Start::of(snapshot, query.cursor.as_deref(), asked, *now)
    }
}

/// Reads the lines asked for, from a start on. Returns the cursor of those that follow.
fn read_from(
    snapshot: &mut Snapshot<'_>,
    Asked { today, belongs, query, format, language, shown, .. }: &Asked,
    start: &Start,
    add: impl FnMut(ShortageLine) -> Result<(), Error>,
) -> Result<Option<String>, Error> {
    let (belongs, language) = (*belongs, *language);
    let limit = format.limit(query.limit).unwrap_or(DEFAULT_LIMIT);
    let mut organizations = organizations_of(query).choose(today, snapshot, belongs, &start.moment)?;
    require_items(snapshot.connection, &query.item, start.moment.revision)?;
    let wanted = lines_of(query);
    if !wanted.is_all() && today.covers(snapshot, &start.moment)? {
        organizations = wanted.choose(today, snapshot, &start.moment, organizations)?;
    }
    let figures = |reference_data: &ReferenceData, on_day: OnDay, names: &ContactNames| {
        let names = KeeperNames { names, shown, language };
        // A cursor names the place of a line among all of its organization.
        let row = |line: Assessment| {
            wanted.includes(&line, reference_data).then(|| {
                let records = &on_day.records;
                let view = ShortageLine::of(&line, records, reference_data, names);
                match format {
                    Format::Json => view,
                    Format::Csv | Format::Xlsx => view.with_notes(&line, records, reference_data, names),
                }
            })
        };
        let lines = assess_some(reference_data, &on_day.records, on_day.day, |line| wanted.includes_items_of(line));
        lines.into_iter().map(|line| row(line?)).collect()
    };
    start.fill_with_keepers(snapshot, &organizations, limit, figures, add)
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
        status: query.status.clone(),
        strength: query.strength.clone(),
        basis: query.basis.clone(),
    }
}
