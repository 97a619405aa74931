//! Listing lots that expire.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{ExpiringLotView, ExpiringPage};
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
use crate::api::reply::{self, Format, ListTable};
use crate::api::selection::require_items;
use crate::api::shortages::OrganizationSelection;
use crate::api::state::AppState;
use crate::api::table_file::NewTable;
use base::error::Error;
use base::id::DepotId;
use db::connection::AnyConnection;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::engine::ENGINE;
use domain::expiring::{ExpiringLot, TouchedLines, Window, lots};
use domain::ledger_table::LedgerTable;
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::revision::Revision;
use service::ledgers;
use service::ledgers::cells::Row;
use service::ledgers::lots::CountLines;
use service::ledgers::names::Told;
use service::lot_details;
use service::moment::{Moment, MomentQuery};
use service::shortages::{ContactNames, OnDay};
use service::today::Today;
use text::language::Language;

/// The number of days if the client sets none.
const DEFAULT_DAYS: u32 = 30;

/// The selection of lots and organizations, the day, and the state of knowledge.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListExpiringLots {
    /// The number of days: lots whose last day is one of them, of which the day asked for is the first.
    #[param(minimum = 1, maximum = 3650, default = 30)]
    #[validate(range(min = 1, max = 3650))]
    within_days: Option<u32>,
    /// True to list also the lots that have expired before.
    #[param(default = false, example = true)]
    expired: Option<bool>,
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
    /// Lots of these items, by their codes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["L2010103"]))]
    #[validate(custom(function = are_codes))]
    item: AnyOf<Code>,
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
    /// The columns of a table: a column map of the caller's region or one above it, or `ledger` for the table's own. If this is left out, tables
    /// in Chinese have the latter, and those in English the members of the list.
    #[param(min_length = 1, max_length = 64, example = "monthly-return")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    profile: Option<String>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number of lots to list. A table has all of them if this is left out.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before; later pages are for the same revision and day.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List lots that expire
///
/// Lists the lots whose last usable day is among the next days, with the requirement lines they bear on: what is missing
/// today, and what is missing once everything that expires until then has gone, if everything else stands. Counts keep the
/// validity that they have on the day asked for; facts, rules and conditions are those of that day. A table has a row for
/// each lot and line; in the columns of a ledger, one for each lot in its place.
#[utoipa::path(
    tag = "shortages",
    params(ListExpiringLots),
    responses(
        (
            status = 200,
            description = "A page of lots.",
            body = ExpiringPage,
            headers(("Muster-Engine" = String, description = "The version of the rules as coded."))
        ),
        Problems
    ),
    security(("bearer" = []))
)]
#[get("/expiring")]
pub async fn list_expiring_lots(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListExpiringLots>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now, today) = (caller.belongs, state.clock.now(), Arc::clone(&state.today));
    let fields = Fields::of(&request)?;
    let profile = query.profile.as_deref();
    let ledger = AskedLedger::of(LedgerTable::Expiring, profile, format, &fields, belongs, language)?;
    let shown = Shown::default();
    let asked = Asked { today, belongs, query, format, language, now, shown: shown.clone() };
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
                let (_, next_cursor) = read_lots(snapshot, &asked, |lot| rows.add(&lot))?;
                Ok(rows.end(next_cursor))
            };
            reply::send_table(&request, state.db.read(read).await?).await
        }
    };
    shown.log(&state, &caller.actor).await?;
    answer.map(with_engine)
}

/// A request for lots.
struct Asked {
    today: Arc<Today>,
    belongs: Belongs,
    query: ListExpiringLots,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
    shown: Shown,
}

fn read_page(snapshot: &mut Snapshot<'_>, asked: &Asked) -> Result<ExpiringPage, Error> {
    let mut items = Vec::new();
    let (moment, next_cursor) = read_lots(snapshot, asked, |lot| {
        items.push(lot);
        Ok(())
    })?;
    let Moment { revision, known_at, as_of, .. } = moment;
    let within_days = asked.query.within_days.unwrap_or(DEFAULT_DAYS);
    Ok(ExpiringPage { items, next_cursor, within_days, as_of, revision, known_at, engine: ENGINE })
}

/// Reads the lots asked for one by one. Returns the moment that they are for, and the cursor of those that follow.
fn read_lots(
    snapshot: &mut Snapshot<'_>,
    asked: &Asked,
    add: impl FnMut(ExpiringLotView) -> Result<(), Error>,
) -> Result<(Moment, Option<String>), Error> {
    let (start, organizations) = select(snapshot, asked)?;
    let figures = |reference_data: &ReferenceData, on_day: OnDay, names: &ContactNames| {
        let names = KeeperNames { names, shown: &asked.shown, language: asked.language };
        let (all, touched) = asked.lots(reference_data, &on_day);
        let row = |lot: ExpiringLot| {
            let lines = asked.wants(&lot, on_day.day).then(|| touched.by(&lot))?;
            ExpiringLotView::of(lot, lines, reference_data, &on_day, names)
        };
        all.into_iter().map(row).collect()
    };
    let next_cursor = start.fill_with_keepers(snapshot, &organizations, asked.limit(), figures, add)?;
    Ok((start.moment, next_cursor))
}

/// Writes the lots asked for as a ledger. Returns its rows, and the cursor of those that follow.
fn read_ledger<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    asked: &Asked,
    ledger: &AskedLedger,
    sink: S,
) -> Result<(S::Rows, Option<String>), Error> {
    let (start, organizations) = select(snapshot, asked)?;
    let mut rows = ledger.begin(snapshot, &start.moment, sink)?;
    let (names, revision) = (rows.names.clone(), start.moment.revision);
    let figures = |connection: &mut AnyConnection, reference_data: &ReferenceData, on_day: OnDay, of: &ContactNames| {
        let keepers = |id| KeeperNames { names: of, shown: &asked.shown, language: asked.language }.name(id);
        let told = Told { reference_data, on_day: &on_day, revision, names: &names, keepers: &keepers };
        let (all, touched) = asked.lots(reference_data, &on_day);
        let wanted = all.iter().filter(|lot| asked.wants(lot, on_day.day));
        let lines = CountLines::load(connection, wanted.map(|lot| lot.count))?;
        let depots: BTreeSet<DepotId> = all.iter().map(|lot| lot.depot).collect();
        let depots: Vec<DepotId> = depots.into_iter().collect();
        let details = lot_details::of_depots(connection, &depots, on_day.day, revision)?;
        let rows_of = |lot: &ExpiringLot| {
            let touched = asked.wants(lot, on_day.day).then(|| touched.by(lot))?;
            Some(ledgers::expiring::rows(lot, touched, &lines, &details, told))
        };
        Ok(all.iter().map(rows_of).collect())
    };
    let next_cursor =
        start.fill_with(snapshot, &organizations, asked.limit(), figures, |some: Vec<Row>| rows.add(&some))?;
    Ok((rows.end(), next_cursor))
}

/// Writes all lots that expire, of the organizations that somebody sees, as a ledger.
///
/// # Errors
/// The database's error; if it cannot be written.
pub fn write_all<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    ledger: &AskedLedger,
    within_days: Option<u32>,
    now: DateTime<Utc>,
    sink: S,
) -> Result<S::Rows, Error> {
    let (belongs, language, today) = (ledger.belongs, ledger.language, Arc::default());
    let query = ListExpiringLots { within_days, ..whole()? };
    let asked = Asked { today, belongs, query, format: Format::Csv, language, now, shown: Shown::default() };
    read_ledger(snapshot, &asked, ledger, sink).map(|(rows, _)| rows)
}

/// The start of an answer, and the organizations that are asked for.
fn select(snapshot: &mut Snapshot<'_>, asked: &Asked) -> Result<(Start, Vec<Arc<Organization>>), Error> {
    let Asked { today, belongs, query, now, .. } = asked;
    let moment = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: query.known_at };
    let start = Start::of(snapshot, query.cursor.as_deref(), moment, *now)?;
    let selection = OrganizationSelection {
        organization: query.organization.clone(),
        region: query.region.clone(),
        sector: query.sector.clone(),
    };
    let organizations = selection.choose(today, snapshot, *belongs, &start.moment)?;
    require_items(snapshot.connection, &query.item, start.moment.revision)?;
    Ok((start, organizations))
}

impl Asked {
    fn limit(&self) -> usize {
        self.format.limit(self.query.limit).unwrap_or(DEFAULT_LIMIT)
    }

    /// True for a lot that is asked for.
    fn wants(&self, lot: &ExpiringLot, day: NaiveDate) -> bool {
        let within_days = self.query.within_days.unwrap_or(DEFAULT_DAYS);
        let window = Window { day, within_days, expired: self.query.expired.unwrap_or(false) };
        window.includes(lot.expires_on) && self.query.item.takes_code(&lot.item)
    }

    /// All lots of an organization, and the lines that those asked for bear on. A cursor names a lot by its number among all,
    /// whatever was asked for.
    fn lots(&self, reference_data: &ReferenceData, OnDay { records, day }: &OnDay) -> (Vec<ExpiringLot>, TouchedLines) {
        let all = lots(reference_data, records, *day);
        let asked_for = all.iter().filter(|lot| self.wants(lot, *day));
        let touched = TouchedLines::of(reference_data, records, *day, asked_for);
        (all, touched)
    }
}
