//! Reading acceptances and their receipts.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::AcceptanceView;
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::changed_since::ChangedSince;
use crate::api::counts::receipt_of;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::page::{Page, from_cursor};
use crate::api::places::Places;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format};
use crate::api::selection::{find_depots, require_items};
use crate::api::state::AppState;
use base::error::Error;
use base::id::{AcceptanceId, OrganizationId};
use db::acceptances::{Filter, StoredAcceptance};
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::item::{Item, ItemCode};
use domain::receipt::LinkKind;
use domain::revision::Revision;
use text::language::Language;

/// The selection of acceptances to list.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListAcceptances {
    /// Only acceptances for these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only acceptances for these depots, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3-D1"]))]
    #[validate(custom(function = are_codes))]
    depot: AnyOf<Code>,
    /// Only acceptances for these items, by their codes.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["L2010101"]))]
    #[validate(custom(function = are_codes))]
    item: AnyOf<Code>,
    /// Only entries about which something was recorded after this instant, whatever day it holds from. Nothing is deleted:
    /// an entry that ends stays in the list as it then is.
    #[serde(default, deserialize_with = "base::sent::optional")]
    changed_since: Option<DateTime<Utc>>,
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

/// List acceptances
///
/// Lists the acceptances with the inspection and the own count that each names, its author and reason; latest first.
#[utoipa::path(
    tag = "counts",
    params(ListAcceptances),
    responses((status = 200, description = "A page of acceptances.", body = Page<AcceptanceView>), Problems),
    security(("bearer" = []))
)]
#[get("/acceptances")]
pub async fn list_acceptances(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListAcceptances>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let places = Places::load(snapshot.connection, belongs, &query.organization)?;
        require_items(snapshot.connection, &query.item, Revision::LATEST)?;
        let depots = find_depots(snapshot.connection, belongs, &query.depot, Revision::LATEST)?;
        let after: Option<(Revision, AcceptanceId)> = from_cursor(query.cursor.as_deref())?;
        let filter = Filter {
            organizations: places.organizations.keys().copied().collect(),
            depots: depots.map(|depots| depots.iter().map(|depot| depot.id).collect()),
            items: query.item.codes().map(ToOwned::to_owned).collect(),
            changed_after: ChangedSince::read(snapshot.connection, query.changed_since)?.0,
            after,
        };
        let limit = format.limit_of_growing(query.limit);
        let stored = db::acceptances::list(snapshot.connection, &filter, limit.saturating_add(1))?;
        let views = views(snapshot.connection, &places, stored, today, language)?;
        Page::cut(views, Some(limit), |view| (view.revision, view.id))
    });
    reply::list(&request, format, page.await?).await
}

/// Find an acceptance
///
/// Returns one acceptance with its author, time and reason.
#[utoipa::path(
    tag = "counts",
    params(("id" = AcceptanceId, Path, description = "The acceptance.")),
    responses((status = 200, description = "The acceptance.", body = AcceptanceView), Problems),
    security(("bearer" = []))
)]
#[get("/acceptances/{id}")]
pub async fn find_acceptance(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<AcceptanceId>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| find(snapshot.connection, belongs, *id, language, now)).await?;
    reply::json(&request, &view)
}

/// The receipt of an acceptance.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AcceptanceReceipts {
    /// The receipt of the acceptance: a JWS (RFC 7515) in compact form, signed with EdDSA by a key of the service's key set.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    receipt: String,
}

/// Find the receipt of an acceptance
///
/// Returns the receipt of the acceptance: always the same, byte for byte.
#[utoipa::path(
    tag = "counts",
    params(("id" = AcceptanceId, Path, description = "The acceptance.")),
    responses((status = 200, description = "The receipt.", body = AcceptanceReceipts), Problems),
    security(("bearer" = []))
)]
#[get("/acceptances/{id}/receipt")]
pub async fn find_acceptance_receipts(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<AcceptanceId>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, id) = (caller.belongs, *id);
    let receipts = state.db.read(move |snapshot| {
        owner_of(snapshot.connection, belongs, id)?;
        Ok(AcceptanceReceipts { receipt: receipt_of(snapshot.connection, LinkKind::Acceptance, id)? })
    });
    reply::json(&request, &receipts.await?)
}

/// An acceptance among those the caller may see.
///
/// # Errors
/// `NotFound` if it does not exist or the caller may not see it.
pub fn find(
    connection: &mut AnyConnection,
    belongs: Belongs,
    id: AcceptanceId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<AcceptanceView, Error> {
    let owner = owner_of(connection, belongs, id)?;
    let stored = db::acceptances::find(connection, id)?.ok_or(Error::NotFound("acceptance"))?;
    let today = db::accounts::today(connection, belongs, now)?;
    let places = Places::load(connection, Belongs::Organization(owner), &AnyOf::default())?;
    views(connection, &places, vec![stored], today, language)?.pop().ok_or(Error::NotFound("acceptance"))
}

/// The organization of an acceptance's depot, if the caller may see it.
///
/// # Errors
/// `NotFound` if it does not exist or the caller may not see it.
pub fn owner_of(connection: &mut AnyConnection, belongs: Belongs, id: AcceptanceId) -> Result<OrganizationId, Error> {
    match db::acceptances::content_of(connection, id)? {
        Some((owner, _)) if db::organizations::is_visible(connection, belongs, owner)? => Ok(owner),
        _ => Err(Error::NotFound("acceptance")),
    }
}

/// Acceptances with the names of things, in the order given.
fn views(
    connection: &mut AnyConnection,
    places: &Places,
    stored: Vec<StoredAcceptance>,
    today: NaiveDate,
    language: Language,
) -> Result<Vec<AcceptanceView>, Error> {
    let codes: BTreeSet<ItemCode> = stored.iter().map(|one| one.row.item_code.clone()).collect();
    let items: BTreeMap<ItemCode, Item> = db::items::list_some(connection, &codes, Revision::LATEST)?;
    let view = |one: StoredAcceptance| {
        let (organization, depot) = places.of(one.row.organization_id, one.row.depot_id)?;
        let item = items.get(&one.row.item_code)?;
        Some(AcceptanceView::of(one, organization, depot, item, today, language))
    };
    Ok(stored.into_iter().filter_map(view).collect())
}
