//! Reading accounts.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{AccountView, Viewer};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Officers};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::page::Page;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format};
use crate::api::selection::{list_organizations, regions_within};
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
    /// Only accounts with any of these roles.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    role: AnyOf<Role>,
    /// Only accounts of these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only accounts of these regions and all below them, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["159900"]))]
    #[validate(custom(function = are_codes))]
    region: AnyOf<Code>,
    /// Only open accounts, or only closed ones.
    open: Option<bool>,
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
    let format = Format::of(query.format, &request);
    let now = state.clock.now();
    let page = state.db.read(move |snapshot| {
        let connection = &mut *snapshot.connection;
        let viewer = Viewer::of(connection, &caller.account, language, now)?;
        let search = query.q.as_deref().map(Search::new);
        let organizations = list_organizations(connection, caller.belongs, &query.organization, Revision::LATEST)?;
        let within = regions_within(connection, &query.region, Revision::LATEST)?;
        let owners = db::accounts::regions_of_organizations(connection)?;
        let found = db::accounts::list(connection)?.into_iter().filter(|record| {
            let account = &record.account;
            let place = match account.belongs {
                Belongs::Region(region) => Some(region),
                Belongs::Organization(organization) => owners.get(&organization).copied(),
            };
            viewer.reach.covers(account.belongs)
                && query.role.takes(&account.role)
                && query.open.is_none_or(|open| open != account.closed)
                && (query.organization.is_all()
                    || organizations.iter().any(|one| account.belongs == Belongs::Organization(one.id)))
                && within.as_ref().is_none_or(|within| place.is_some_and(|place| within.contains(&place)))
                && search
                    .as_ref()
                    .is_none_or(|search| search.fit(&account.username, &[&account.display_name]).is_some())
        });
        let views = found.map(|record| (record.account.username.clone(), viewer.view(&record)));
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
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
