//! Reading clients.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::ClientView;
use crate::api::accounts::view::Viewer;
use crate::api::callers::{Admins, Caller};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::page::Page;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply;
use crate::api::state::AppState;
use base::id::ClientId;
use db::read::Snapshot;

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListClients {
    /// Only open clients, or only closed ones.
    open: Option<bool>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List clients
///
/// Lists clients of the caller's region and below, including closed ones; oldest first. Secrets are not shown.
#[utoipa::path(
    tag = "clients",
    params(ListClients),
    responses((status = 200, description = "A page of clients.", body = Page<ClientView>), Problems),
    security(("bearer" = []))
)]
#[get("/clients")]
pub async fn list_clients(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Admins>,
    Query(query): Query<ListClients>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let page = state.db.read(move |snapshot| {
        let viewer = Viewer::of(snapshot.connection, &caller.account, language, now)?;
        let found = db::clients::list(snapshot.connection)?.into_iter().filter(|client| {
            let is_asked_for = query.open.is_none_or(|open| open == client.closing.is_none());
            is_asked_for && viewer.reach.covers(client.account.belongs)
        });
        let views = found.map(|client| ((client.created_at, client.id), ClientView::of(&client, &viewer)));
        Page::of(views, query.limit, query.cursor.as_deref())
    });
    reply::json(&request, &page.await?)
}

/// Find a client
///
/// Returns one client of the caller's region or below.
#[utoipa::path(
    tag = "clients",
    params(("id" = ClientId, Path, description = "The client.")),
    responses((status = 200, description = "The client.", body = ClientView), Problems),
    security(("bearer" = []))
)]
#[get("/clients/{id}")]
pub async fn find_client(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Admins>,
    _: Query<NoParameters>,
    id: web::Path<ClientId>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let find = move |snapshot: &mut Snapshot<'_>| ClientView::find(snapshot, *id, &caller.account, language, now);
    reply::json(&request, &state.db.read(find).await?)
}
