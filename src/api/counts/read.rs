//! Reading counts.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{CountView, ItemLotNotMentioned};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::changed_since::ChangedSince;
use crate::api::error::ApiError;
use crate::api::fields::Fields;
use crate::api::keeper_names::{KeeperNames, Shown};
use crate::api::language::AcceptLanguage;
use crate::api::ledgers::{AskedLedger, TableSink, whole};
use crate::api::page::{Page, from_cursor, to_cursor};
use crate::api::places::Places;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format, ListTable};
use crate::api::selection::find_depots;
use crate::api::state::AppState;
use crate::api::table_file::NewTable;
use base::error::Error;
use base::id::{AccountId, CountId, OrganizationId, RegionId};
use base::time::end_of_day;
use db::connection::AnyConnection;
use db::counts::{Filter, Span, StoredCount};
use db::read::Snapshot;
use domain::account::Belongs;
use domain::count::{CountKind, StoredFlag};
use domain::ledger_table::LedgerTable;
use domain::organization::Organization;
use domain::reference_data::ReferenceData;
use domain::region::zone_on;
use domain::revision::Revision;
use service::counts::{note_coverage, note_lots_left_out};
use service::ledgers;
use service::moment::{Moment, MomentQuery};
use service::shortages::keepers_of;
use text::language::Language;

/// The most lines in an answer, as a count may have 2,000; one of a single count has them all.
const MOST_LINES: usize = 50_000;

/// The number of counts that are read at once.
const AT_ONCE: usize = 50;

/// The selection of counts to list.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListCounts {
    /// Only counts of these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only counts of these depots, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3-D1"]))]
    #[validate(custom(function = are_codes))]
    depot: AnyOf<Code>,
    /// Only counts sent by these accounts, by id or user name.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["t3"]))]
    #[validate(custom(function = are_codes))]
    account: AnyOf<Code>,
    /// Only counts of these kinds.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    kind: AnyOf<CountKind>,
    /// Only counts with any of these flags, which are fixed when a count arrives; the others depend on what else is stored, and
    /// cannot be asked for.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    flag: AnyOf<StoredFlag>,
    /// Only counts made on this day or later, by `effective_at` and the days of the organization.
    #[serde(default, deserialize_with = "base::sent::optional")]
    counted_from: Option<NaiveDate>,
    /// Only counts made on this day or earlier.
    #[serde(default, deserialize_with = "base::sent::optional")]
    counted_until: Option<NaiveDate>,
    /// Only counts recorded or voided after this instant, whenever they were made.
    #[serde(default, deserialize_with = "base::sent::optional")]
    changed_since: Option<DateTime<Utc>>,
    /// The columns of a table: a column map of the caller's region or one above it, or `ledger` for the table's own. If this is left out, tables
    /// in Chinese have the latter, and those in English the members of the list.
    #[param(min_length = 1, max_length = 64, example = "monthly-return")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    profile: Option<String>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List counts
///
/// Lists counts with their lines, including voided ones; latest received first. A page, or a table, holds at most 50,000 lines.
/// In the columns of a ledger, a table names items, and has the reasons of those that were voided.
#[utoipa::path(
    tag = "counts",
    params(ListCounts),
    responses((status = 200, description = "A page of counts.", body = Page<CountView>), Problems),
    security(("bearer" = []))
)]
#[get("/counts")]
pub async fn list_counts(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListCounts>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let fields = Fields::of(&request)?;
    let profile = query.profile.as_deref();
    let ledger = AskedLedger::of(LedgerTable::Counts, profile, format, &fields, belongs, language)?;
    let shown = Shown::default();
    let asked = Asked { belongs, query, format, most_lines: MOST_LINES, language, now, shown: shown.clone() };
    if format == Format::Json {
        return reply::page(&request, &state.db.read(move |snapshot| read_page(snapshot, &asked)).await?);
    }
    let (table, list) = (NewTable::of(&request, format)?, ListTable::of(&request, format)?);
    let read = move |snapshot: &mut Snapshot<'_>| {
        if let Some(ledger) = ledger {
            let (rows, next_cursor) = read_ledger(snapshot, &asked, &ledger, table)?;
            return Ok(rows.end(next_cursor));
        }
        let mut rows = list.begin()?;
        let next_cursor = read_counts(snapshot, &asked, |count| rows.add(&count))?;
        Ok(rows.end(next_cursor))
    };
    let table = state.db.read(read).await?;
    shown.log(&state, &caller.actor).await?;
    reply::send_table(&request, table).await
}

/// A request for counts.
struct Asked {
    belongs: Belongs,
    query: ListCounts,
    format: Format,
    /// The most lines of the answer.
    most_lines: usize,
    language: Language,
    now: DateTime<Utc>,
    /// The keepers whom a ledger names.
    shown: Shown,
}

fn read_page(snapshot: &mut Snapshot<'_>, asked: &Asked) -> Result<Page<CountView>, Error> {
    let mut items = Vec::new();
    let next_cursor = read_counts(snapshot, asked, |count| {
        items.push(count);
        Ok(())
    })?;
    Ok(Page { items, next_cursor })
}

/// The counts that a request asks for.
fn filter_of(
    connection: &mut AnyConnection,
    belongs: Belongs,
    places: &Places,
    query: &ListCounts,
) -> Result<Filter, Error> {
    let depots = find_depots(connection, belongs, &query.depot, Revision::LATEST)?;
    let is_bounded = query.counted_from.is_some() || query.counted_until.is_some();
    Ok(Filter {
        organizations: places.organizations.keys().copied().collect(),
        depots: depots.map(|depots| depots.iter().map(|depot| depot.id).collect()),
        accounts: find_senders(connection, &query.account)?,
        kinds: query.kind.values().to_vec(),
        flags: query.flag.values().to_vec(),
        spans: is_bounded.then(|| spans_of(connection, places, query)).transpose()?,
        changed_after: ChangedSince::read(connection, query.changed_since)?.0,
        after: from_cursor(query.cursor.as_deref())?,
    })
}

/// The accounts with some ids or user names; `None` if none is named. One that is not there sent nothing.
fn find_senders(connection: &mut AnyConnection, named: &AnyOf<Code>) -> Result<Option<Vec<AccountId>>, Error> {
    if named.is_all() {
        return Ok(None);
    }
    let mut senders = Vec::new();
    for key in named.codes() {
        match key.parse::<AccountId>() {
            Ok(id) => senders.push(id),
            Err(_) => {
                let found = db::accounts::find_by_username(connection, &key.to_lowercase())?;
                senders.extend(found.map(|(account, _)| account.id));
            }
        }
    }
    Ok(Some(senders))
}

/// The days that a request asks for, as spans of time: those of organizations in different zones begin at different times.
fn spans_of(connection: &mut AnyConnection, places: &Places, query: &ListCounts) -> Result<Vec<Span>, Error> {
    let regions = db::regions::list(connection, Revision::LATEST)?;
    let end = |region: RegionId, day: NaiveDate| end_of_day(day, zone_on(&regions, region, day));
    let mut spans = BTreeMap::<_, Vec<OrganizationId>>::new();
    for organization in places.organizations.values() {
        let region = organization.region_id;
        let from = query.counted_from.and_then(|day| day.pred_opt()).map(|eve| end(region, eve));
        let until = query.counted_until.map(|day| end(region, day));
        spans.entry((from, until)).or_default().push(organization.id);
    }
    Ok(spans.into_iter().map(|((from, until), organizations)| Span { organizations, from, until }).collect())
}

/// Reads counts some at a time, until there are enough of them, or of their lines. Returns the cursor of those that follow.
fn read_counts(
    snapshot: &mut Snapshot<'_>,
    asked: &Asked,
    mut add: impl FnMut(CountView) -> Result<(), Error>,
) -> Result<Option<String>, Error> {
    let reference_data = snapshot.reference_data(snapshot.newest_revision())?;
    read_stored(snapshot, asked, |places, count, today| {
        view(&reference_data, places, count, today, asked.language).map_or(Ok(()), &mut add)
    })
}

/// The same with counts as they are stored, and the caller's today.
fn read_stored(
    snapshot: &mut Snapshot<'_>,
    Asked { belongs, query, format, most_lines, now, .. }: &Asked,
    mut add: impl FnMut(&Places, StoredCount, NaiveDate) -> Result<(), Error>,
) -> Result<Option<String>, Error> {
    let connection = &mut *snapshot.connection;
    let today = db::accounts::today(connection, *belongs, *now)?;
    let places = Places::load(connection, *belongs, &query.organization)?;
    let mut filter = filter_of(connection, *belongs, &places, query)?;
    let limit = format.limit_of_growing(query.limit);
    let (mut counts, mut lines) = (0_usize, 0_usize);
    loop {
        // One more than are asked for shows that there are more.
        let at_once = AT_ONCE.min(limit.saturating_add(1).saturating_sub(counts));
        let some = db::counts::list(connection, &filter, at_once)?;
        let is_last = some.len() < at_once;
        for count in some {
            lines = lines.saturating_add(count.lines.len().max(1));
            if counts >= limit || (lines > *most_lines && counts > 0) {
                return filter.after.map(|place| to_cursor(&place)).transpose();
            }
            filter.after = Some((count.revision, count.row.id));
            counts += 1;
            add(&places, count, today)?;
        }
        if is_last {
            return Ok(None);
        }
        if snapshot.stop.is_cancelled() {
            return Err(Error::Busy("the work was given up"));
        }
    }
}

/// Writes the counts asked for as a ledger. Returns its rows, and the cursor of those that follow.
fn read_ledger<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    asked: &Asked,
    ledger: &AskedLedger,
    sink: S,
) -> Result<(S::Rows, Option<String>), Error> {
    let moment = Moment::resolve(snapshot, MomentQuery::default(), asked.now)?;
    let reference_data = snapshot.reference_data(moment.revision)?;
    let mut rows = ledger.begin(snapshot, &moment, sink)?;
    let names = rows.names.clone();
    let Places { depots, .. } = Places::load(snapshot.connection, asked.belongs, &asked.query.organization)?;
    let of = db::contacts::names(snapshot.connection, &keepers_of(depots.values()))?;
    let keepers = |id| KeeperNames { names: &of, shown: &asked.shown, language: asked.language }.name(id);
    let next_cursor = read_stored(snapshot, asked, |places, count, today| {
        let Some((organization, depot)) = places.of(count.row.organization_id, count.row.depot_id) else {
            return Ok(());
        };
        rows.add(&ledgers::counts::rows(&count, organization, depot, &reference_data, today, &names, &keepers))
    })?;
    Ok((rows.end(), next_cursor))
}

/// Writes all counts that somebody sees as a ledger.
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
    let query = ListCounts { limit: Some(usize::MAX), ..whole()? };
    let (format, most_lines, shown) = (Format::Csv, usize::MAX, Shown::default());
    let asked = Asked { belongs, query, format, most_lines, language, now, shown };
    read_ledger(snapshot, &asked, ledger, sink).map(|(rows, _)| rows)
}

/// Find a count
///
/// Returns one count with its lines and its void.
#[utoipa::path(
    tag = "counts",
    params(("id" = CountId, Path, description = "The count.")),
    responses((status = 200, description = "The count.", body = CountView), Problems),
    security(("bearer" = []))
)]
#[get("/counts/{id}")]
pub async fn find_count(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<CountId>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| find(snapshot, belongs, *id, language, now)).await?;
    reply::json(&request, &view)
}

/// A count among those the caller may see.
///
/// # Errors
/// `NotFound` if it does not exist or the caller may not see it.
pub fn find(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    id: CountId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<CountView, Error> {
    let (named, stored) = find_stored(snapshot, belongs, id)?;
    named.complete_view(snapshot, stored, now, language)
}

/// A count among those the caller may see, as it is stored, and what it is told with.
///
/// # Errors
/// As [`find`].
pub fn find_stored(snapshot: &mut Snapshot<'_>, belongs: Belongs, id: CountId) -> Result<(Named, StoredCount), Error> {
    let stored = db::counts::find(snapshot.connection, id)?.ok_or(Error::NotFound("count"))?;
    require_visible(snapshot.connection, belongs, id)?;
    Ok((Named::load(snapshot, stored.row.organization_id)?, stored))
}

/// What a count of an organization is told with: the organization, its depots, and the reference data.
pub struct Named {
    places: Places,
    reference_data: Arc<ReferenceData>,
}

impl Named {
    /// Those of an organization, as they are now.
    pub fn load(snapshot: &mut Snapshot<'_>, owner: OrganizationId) -> Result<Self, Error> {
        let places = Places::load(snapshot.connection, Belongs::Organization(owner), &AnyOf::default())?;
        Ok(Self { places, reference_data: snapshot.reference_data(snapshot.newest_revision())? })
    }

    /// A count, without the lots that it does not mention.
    pub fn view(&self, stored: StoredCount, now: DateTime<Utc>, language: Language) -> Result<CountView, Error> {
        let today = self.reference_data.day_of(self.organization_of(&stored)?, now);
        view(&self.reference_data, &self.places, stored, today, language).ok_or(Error::NotFound("count"))
    }

    /// A count with the lots that it does not mention.
    pub fn complete_view(
        &self,
        snapshot: &mut Snapshot<'_>,
        mut stored: StoredCount,
        now: DateTime<Utc>,
        language: Language,
    ) -> Result<CountView, Error> {
        let organization = self.organization_of(&stored)?;
        let left_out = note_lots_left_out(snapshot, &self.reference_data, organization, &mut stored)?;
        let mut view = self.view(stored, now, language)?;
        view.lots_not_mentioned = left_out.into_iter().map(|(item, lot)| ItemLotNotMentioned { item, lot }).collect();
        Ok(view)
    }

    fn organization_of(&self, stored: &StoredCount) -> Result<&Organization, Error> {
        self.places.organizations.get(&stored.row.organization_id).ok_or(Error::NotFound("count"))
    }
}

/// Checks that a count is among those the caller may see.
///
/// # Errors
/// `NotFound` if it does not exist or the caller may not see it.
pub fn require_visible(connection: &mut AnyConnection, belongs: Belongs, id: CountId) -> Result<(), Error> {
    match db::counts::content_of(connection, id)? {
        Some((owner, _)) if db::organizations::is_visible(connection, belongs, owner)? => Ok(()),
        _ => Err(Error::NotFound("count")),
    }
}

/// `None` for a count of an organization that is not among these.
fn view(
    reference_data: &ReferenceData,
    places: &Places,
    mut stored: StoredCount,
    today: NaiveDate,
    language: Language,
) -> Option<CountView> {
    let (organization, depot) = places.of(stored.row.organization_id, stored.row.depot_id)?;
    let speaks_for = note_coverage(reference_data, organization, &mut stored);
    Some(CountView::of(stored, organization, depot, speaks_for, today, language))
}
