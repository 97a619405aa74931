//! Reading rows of ledgers.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{LedgerRowView, why_of};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::labels::{DepotLabel, OrganizationLabel};
use crate::api::language::AcceptLanguage;
use crate::api::page::{Page, from_cursor};
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format};
use crate::api::selection::list_organizations;
use crate::api::state::AppState;
use base::error::Error;
use base::id::{CountId, DepotId, LedgerRowId, OrganizationId};
use db::ledger_rows::{Filter, StoredRow};
use db::read::Snapshot;
use domain::account::Belongs;
use domain::depot::Depot;
use domain::ledger::{LedgerRowStatus, WhyOpen};
use domain::organization::Organization;
use domain::revision::Revision;
use service::ledger::{Matchers, candidates, find_visible};
use text::language::Language;

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListLedgerRows {
    /// Only rows of these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only rows in any of these states.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    status: AnyOf<LedgerRowStatus>,
    /// Only rows that were in no count when they came, for any of these reasons.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    why: AnyOf<WhyOpen>,
    /// Only rows of ledgers of this day.
    #[serde(default, deserialize_with = "base::sent::optional")]
    ledger_on: Option<NaiveDate>,
    /// Only rows that are in this count.
    #[serde(default)]
    count: Option<CountId>,
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

/// List rows of ledgers
///
/// Lists the rows of the ledgers that were imported, in their words, those of the latest ledgers first: each is in a count, open until
/// somebody decides what it is, or no item of the catalogue. Open rows have the nearest items.
#[utoipa::path(
    tag = "tables",
    params(ListLedgerRows),
    responses((status = 200, description = "A page of rows.", body = Page<LedgerRowView>), Problems),
    security(("bearer" = []))
)]
#[get("/ledger-rows")]
pub async fn list_ledger_rows(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListLedgerRows>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let organizations = list_organizations(snapshot.connection, belongs, &query.organization, Revision::LATEST)?;
        let after: Option<(NaiveDate, LedgerRowId)> = from_cursor(query.cursor.as_deref())?;
        let filter = Filter {
            organizations: organizations.iter().map(|one| one.id).collect(),
            statuses: query.status.values().to_vec(),
            why: query.why.values().to_vec(),
            ledger_on: query.ledger_on,
            counts: query.count.into_iter().collect(),
            after,
        };
        let limit = format.limit_of_growing(query.limit);
        let found = db::ledger_rows::list(snapshot.connection, &filter, limit.saturating_add(1))?;
        Page::cut(views(snapshot, belongs, &organizations, found, language, now)?, Some(limit), |view| {
            (view.ledger_on, view.id)
        })
    });
    reply::list(&request, format, page.await?).await
}

/// Find a row of a ledger
///
/// Returns one row, with the decision about it.
#[utoipa::path(
    tag = "tables",
    params(("id" = LedgerRowId, Path, description = "The row.")),
    responses((status = 200, description = "The row.", body = LedgerRowView), Problems),
    security(("bearer" = []))
)]
#[get("/ledger-rows/{id}")]
pub async fn find_ledger_row(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<LedgerRowId>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| find(snapshot, belongs, *id, language, now)).await?;
    reply::versioned(&request, &view, view.revision)
}

/// The row with an id.
///
/// # Errors
/// `NotFound` if there is none, or the caller may not see it.
pub(super) fn find(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    id: LedgerRowId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<LedgerRowView, Error> {
    let found = find_visible(snapshot.connection, belongs, id)?;
    let organization = found.row.organization;
    let organizations = db::organizations::list_some(snapshot.connection, &[], &[organization], Revision::LATEST)?;
    views(snapshot, belongs, &organizations, vec![found], language, now)?.pop().ok_or(Error::NotFound("ledger row"))
}

fn views(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    organizations: &[Organization],
    rows: Vec<StoredRow>,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Vec<LedgerRowView>, Error> {
    let data = snapshot.reference_data(snapshot.newest_revision())?;
    let organizations: BTreeMap<OrganizationId, &Organization> =
        organizations.iter().map(|one| (one.id, one)).collect();
    let ids: Vec<DepotId> = rows.iter().filter_map(|stored| stored.row.depot).collect();
    let depots: BTreeMap<DepotId, Depot> = if ids.is_empty() {
        BTreeMap::new()
    } else {
        let found = db::depots::list_some(snapshot.connection, &[], &ids, Revision::LATEST)?;
        found.into_iter().map(|depot| (depot.id, depot)).collect()
    };
    let today = db::accounts::today(snapshot.connection, belongs, now)?;
    let mut matchers = Matchers::new(&data.items, &data.regions, today);
    let mut views = Vec::new();
    for stored in rows {
        let Some(organization) = organizations.get(&stored.row.organization) else { continue };
        let nearest = match stored.status() {
            LedgerRowStatus::Open => {
                let matcher = matchers.of(snapshot.connection, organization.region_id)?;
                candidates(&matcher, &stored.row.content)
            }
            LedgerRowStatus::Counted | LedgerRowStatus::Unlisted | LedgerRowStatus::Replaced => Vec::new(),
        };
        let counted = stored.counted().cloned();
        let status = stored.status();
        let (decided_by, reason) =
            stored.decision.map(|decision| (Some(decision.decided_by), decision.reason)).unwrap_or_default();
        let depot = stored.row.depot.and_then(|id| depots.get(&id));
        views.push(LedgerRowView {
            id: stored.row.id,
            organization: OrganizationLabel::of(organization, today, language),
            depot: depot.map(|depot| DepotLabel::of(depot, today, language)),
            ledger_on: stored.row.ledger_on,
            status,
            why: why_of(&stored.row.arrival),
            text: stored.row.content.text,
            item: counted.as_ref().map(|counted| counted.item.clone()),
            quantity: counted.as_ref().map(|counted| counted.quantity),
            count: counted.map(|counted| counted.count),
            candidates: nearest,
            decided_by,
            reason,
            revision: stored.revision,
        });
    }
    Ok(views)
}
