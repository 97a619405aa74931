//! Reading accounts.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{AccountView, Viewer};
use crate::api::callers::{Caller, Officers};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::page::Page;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply;
use crate::api::selection::{find_organization, find_region};
use crate::api::state::AppState;
use base::id::AccountId;
use domain::account::{Belongs, Role};
use domain::revision::Revision;
use domain::search::Search;

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListAccounts {
    /// The search text: the user name, words of the holder's name, its pinyin or pinyin initials.
    #[param(max_length = 100, example = "t3")]
    #[validate(length(max = 100), non_control_character)]
    q: Option<String>,
    /// Only accounts with this role.
    role: Option<Role>,
    /// Only accounts of this organization, by id or code.
    #[param(max_length = 64, example = "T3")]
    #[validate(length(max = 64), non_control_character)]
    organization: Option<String>,
    /// Only accounts of this region and all below it, by id or code.
    #[param(max_length = 64, example = "159900")]
    #[validate(length(max = 64), non_control_character)]
    region: Option<String>,
    /// Only open accounts, or only closed ones.
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

/// List accounts
///
/// Lists accounts of the caller's region and below, including closed ones, ordered by user name. Officers see all roles
/// but may change only quartermasters: see `manageable`.
#[utoipa::path(
    tag = "accounts",
    params(ListAccounts),
    responses((status = 200, description = "A page of accounts.", body = Page<AccountView>), Problems),
    security(("bearer" = []))
)]
#[get("/accounts")]
pub async fn list_accounts(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    Query(query): Query<ListAccounts>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let page = state.db.read(move |snapshot| {
        let connection = &mut *snapshot.connection;
        let viewer = Viewer::of(connection, &caller.account, language, now)?;
        let search = query.q.as_deref().map(Search::new);
        let organization = match query.organization.as_deref() {
            Some(key) => Some(find_organization(connection, caller.belongs, key, Revision::LATEST)?.id),
            None => None,
        };
        let within = query.region.as_deref().map(|key| find_region(connection, key, Revision::LATEST)).transpose()?;
        let owners = db::accounts::regions_of_organizations(connection)?;
        let found = db::accounts::list(connection)?.into_iter().filter(|record| {
            let account = &record.account;
            let place = match account.belongs {
                Belongs::Region(region) => Some(region),
                Belongs::Organization(organization) => owners.get(&organization).copied(),
            };
            viewer.reach.covers(account.belongs)
                && query.role.is_none_or(|role| role == account.role)
                && query.open.is_none_or(|open| open != account.closed)
                && organization.is_none_or(|id| account.belongs == Belongs::Organization(id))
                && within.as_ref().is_none_or(|within| place.is_some_and(|place| within.contains(&place)))
                && search
                    .as_ref()
                    .is_none_or(|search| search.fit(&account.username, &[&account.display_name]).is_some())
        });
        let views = found.map(|record| (record.account.username.clone(), viewer.view(&record)));
        Page::of(views, query.limit, query.cursor.as_deref())
    });
    reply::json(&request, &page.await?)
}

/// Find an account
///
/// Returns one account of the caller's region or below. Send its `ETag` as `If-Match` to change it.
#[utoipa::path(
    tag = "accounts",
    params(("id" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "The account.", body = AccountView), Problems),
    security(("bearer" = []))
)]
#[get("/accounts/{id}")]
pub async fn find_account(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<AccountId>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let found = state.db.read(move |snapshot| {
        let viewer = Viewer::of(snapshot.connection, &caller.account, language, now)?;
        let record = viewer.find(snapshot.connection, *id)?;
        let last = db::audit::last_change(snapshot.connection, &db::accounts::subject(&record.account))?;
        Ok((viewer.view(&record), last))
    });
    let (view, last) = found.await?;
    reply::versioned(&request, &view, last)
}
