//! Listing commands in quarantine.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{Names, QuarantineView, QuarantinedCommand};
use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::changed_since::ChangedSince;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::page::{Page, from_cursor};
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format};
use crate::api::selection::list_organizations;
use crate::api::state::AppState;
use base::error::Error;
use base::id::{AccountId, QuarantineId};
use db::quarantine::Filter;
use domain::quarantine::QuarantineStatus;
use domain::revision::Revision;
use domain::scope::Scope;

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListQuarantine {
    /// Only commands for these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// Only commands with any of these statuses: waiting, applied or set aside.
    #[serde(default)]
    #[param(inline, style = Form, explode)]
    status: AnyOf<QuarantineStatus>,
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

/// List commands in quarantine
///
/// Lists commands that could not be applied, with the reason and the officer's decision; latest first. Their contents are
/// read one by one with `GET /quarantine/{id}`.
/// Callers see those of the organizations they see, their own, and those of all accounts of their organization or, for the
/// bureau, in its region.
#[utoipa::path(
    tag = "sync",
    params(ListQuarantine),
    responses((status = 200, description = "A page of commands.", body = Page<QuarantineView>), Problems),
    security(("bearer" = []))
)]
#[get("/quarantine")]
pub async fn list_quarantine(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListQuarantine>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let now = state.clock.now();
    let reads_all = reads_others(&caller);
    let (belongs, account) = (caller.belongs, caller.account);
    let page = state.db.read(move |snapshot| {
        let names = Names::load(snapshot.connection, belongs, now)?;
        let after: Option<(Revision, QuarantineId)> = from_cursor(query.cursor.as_deref())?;
        let (organizations, accounts) = match query.organization.is_all() {
            _ if !reads_all => (Vec::new(), vec![account.id]),
            false => {
                let found = list_organizations(snapshot.connection, belongs, &query.organization, Revision::LATEST)?;
                (found.iter().map(|organization| organization.id).collect(), Vec::new())
            }
            true => {
                let mut accounts: Vec<AccountId> = vec![account.id];
                // The same accounts as for GET /quarantine/{id}.
                let visible = db::accounts::list_visible(snapshot.connection, belongs)?;
                accounts.extend(visible.into_iter().map(|account| account.id));
                (names.organizations().map(|organization| organization.id).collect(), accounts)
            }
        };
        let filter = Filter {
            organizations,
            accounts,
            statuses: query.status.values().to_vec(),
            changed_after: ChangedSince::read(snapshot.connection, query.changed_since)?.0,
            after,
        };
        let limit = format.limit_of_growing(query.limit);
        let found = db::quarantine::list(snapshot.connection, &filter, limit.saturating_add(1))?;
        let views = found
            .into_iter()
            .map(|one| Ok(names.view(snapshot.connection, one, language)?.in_list()))
            .collect::<Result<Vec<_>, Error>>()?;
        Page::cut(views, Some(limit), |view| (view.revision, view.id))
    });
    reply::list(&request, format, page.await?).await
}

/// True for callers who may read counts of others; a client needs the scope for it.
fn reads_others(caller: &Caller<Everyone>) -> bool {
    caller.scopes.as_ref().is_none_or(|scopes| scopes.contains(Scope::StockRead))
}

/// Find a quarantined command
///
/// Returns the command as sent, the reason why it was not applied, and the officer's decision.
#[utoipa::path(
    tag = "sync",
    params(("id" = QuarantineId, Path, description = "The command, by its id in quarantine.")),
    responses((status = 200, description = "The command.", body = QuarantinedCommand), Problems),
    security(("bearer" = []))
)]
#[get("/quarantine/{id}")]
pub async fn find_quarantined(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    id: web::Path<QuarantineId>,
) -> Result<HttpResponse, ApiError> {
    let (now, belongs, own) = (state.clock.now(), caller.belongs, caller.account.id);
    let reads_all = reads_others(&caller);
    let view = state.db.read(move |snapshot| {
        let found = db::quarantine::find(snapshot.connection, *id)?.ok_or(Error::NotFound("quarantined command"))?;
        if found.row.account_id != own && !reads_all {
            return Err(Error::NotFound("quarantined command"));
        }
        if found.row.account_id != own {
            service::quarantine::find_visible(snapshot.connection, belongs, *id)?;
        }
        Names::load(snapshot.connection, belongs, now)?.with_content(snapshot.connection, found, language)
    });
    reply::json(&request, &view.await?)
}
