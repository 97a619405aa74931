//! Reading resolutions and their receipts.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use validator::Validate;

use super::view::ResolutionView;
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
use base::id::{OrganizationId, ResolutionId};
use db::connection::AnyConnection;
use db::resolutions::{Filter, StoredResolution};
use domain::account::Belongs;
use domain::item::{Item, ItemCode};
use domain::receipt::LinkKind;
use domain::revision::Revision;
use text::language::Language;

/// The selection of resolutions to list.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListResolutions {
    /// Only resolutions for these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only resolutions for these depots, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3-D1"]))]
    #[validate(custom(function = are_codes))]
    depot: AnyOf<Code>,
    /// Only resolutions for these items, by their codes.
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

/// List resolutions
///
/// Lists the resolutions with the counts they exclude, their authors and reasons; includes voided ones, latest first.
#[utoipa::path(
    tag = "counts",
    params(ListResolutions),
    responses((status = 200, description = "A page of resolutions.", body = Page<ResolutionView>), Problems),
    security(("bearer" = []))
)]
#[get("/resolutions")]
pub async fn list_resolutions(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListResolutions>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let places = Places::load(snapshot.connection, belongs, &query.organization)?;
        require_items(snapshot.connection, &query.item, Revision::LATEST)?;
        let depots = find_depots(snapshot.connection, belongs, &query.depot, Revision::LATEST)?;
        let after: Option<(Revision, ResolutionId)> = from_cursor(query.cursor.as_deref())?;
        let filter = Filter {
            organizations: places.organizations.keys().copied().collect(),
            depots: depots.map(|depots| depots.iter().map(|depot| depot.id).collect()),
            items: query.item.codes().map(ToOwned::to_owned).collect(),
            changed_after: ChangedSince::read(snapshot.connection, query.changed_since)?.0,
            after,
        };
        let limit = format.limit_of_growing(query.limit);
        let stored = db::resolutions::list(snapshot.connection, &filter, limit.saturating_add(1))?;
        let views = views(snapshot.connection, &places, stored, today, language)?;
        Page::cut(views, Some(limit), |view| (view.revision, view.id))
    });
    reply::list(&request, format, page.await?).await
}

/// Find a resolution
///
/// Returns one resolution with its author, time, reason and void.
#[utoipa::path(
    tag = "counts",
    params(("id" = ResolutionId, Path, description = "The resolution.")),
    responses((status = 200, description = "The resolution.", body = ResolutionView), Problems),
    security(("bearer" = []))
)]
#[get("/resolutions/{id}")]
pub async fn find_resolution(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<ResolutionId>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| find(snapshot.connection, belongs, *id, language, now)).await?;
    reply::json(&request, &view)
}

/// The receipts of a resolution.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ResolutionReceipts {
    /// The receipt of the resolution: a JWS (RFC 7515) in compact form, signed with EdDSA by a key of the service's key set.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    receipt: String,
    /// The receipt of its void; `null` if it was not voided.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    void_receipt: Option<String>,
}

/// Find the receipts of a resolution
///
/// Returns the receipt issued when the resolution was stored, and the one of its void: always the same, byte for byte.
#[utoipa::path(
    tag = "counts",
    params(("id" = ResolutionId, Path, description = "The resolution.")),
    responses((status = 200, description = "The receipts.", body = ResolutionReceipts), Problems),
    security(("bearer" = []))
)]
#[get("/resolutions/{id}/receipt")]
pub async fn find_resolution_receipts(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<ResolutionId>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, id) = (caller.belongs, *id);
    let receipts = state.db.read(move |snapshot| {
        owner_of(snapshot.connection, belongs, id)?;
        let void = db::receipts::find(snapshot.connection, LinkKind::ResolutionVoid, Uuid::from(id))?;
        Ok(ResolutionReceipts {
            receipt: receipt_of(snapshot.connection, LinkKind::Resolution, id)?,
            void_receipt: void.map(|void| void.jws),
        })
    });
    reply::json(&request, &receipts.await?)
}

/// A resolution among those the caller may see.
///
/// # Errors
/// `NotFound` if it does not exist or the caller may not see it.
pub fn find(
    connection: &mut AnyConnection,
    belongs: Belongs,
    id: ResolutionId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<ResolutionView, Error> {
    let owner = owner_of(connection, belongs, id)?;
    let stored = db::resolutions::find(connection, id)?.ok_or(Error::NotFound("resolution"))?;
    let today = db::accounts::today(connection, belongs, now)?;
    let places = Places::load(connection, Belongs::Organization(owner), &AnyOf::default())?;
    views(connection, &places, vec![stored], today, language)?.pop().ok_or(Error::NotFound("resolution"))
}

/// The organization of a resolution's depot, if the caller may see it.
///
/// # Errors
/// `NotFound` if it does not exist or the caller may not see it.
pub fn owner_of(connection: &mut AnyConnection, belongs: Belongs, id: ResolutionId) -> Result<OrganizationId, Error> {
    match db::resolutions::content_of(connection, id)? {
        Some((owner, _)) if db::organizations::is_visible(connection, belongs, owner)? => Ok(owner),
        _ => Err(Error::NotFound("resolution")),
    }
}

/// Resolutions with the names of things, in the order given.
fn views(
    connection: &mut AnyConnection,
    places: &Places,
    stored: Vec<StoredResolution>,
    today: NaiveDate,
    language: Language,
) -> Result<Vec<ResolutionView>, Error> {
    let codes: BTreeSet<ItemCode> = stored.iter().map(|one| one.row.item_code.clone()).collect();
    let items: BTreeMap<ItemCode, Item> = db::items::list_some(connection, &codes, Revision::LATEST)?;
    let view = |one: StoredResolution| {
        let (organization, depot) = places.of(one.row.organization_id, one.row.depot_id)?;
        let item = items.get(&one.row.item_code)?;
        Some(ResolutionView::of(one, organization, depot, item, today, language))
    };
    Ok(stored.into_iter().filter_map(view).collect())
}
