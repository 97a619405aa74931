//! Closing accounts, and opening them again.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::{AccountView, Viewer};
use crate::api::body::Body;
use crate::api::callers::{Caller, Officers};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::revocations::Revocation;
use base::id::AccountId;
use db::locks::Locks;
use db::write::Change;
use domain::account::Account;
use domain::text::is_text;
use service::accounts;
use service::revocations;
use text::language::Language;

/// The reason for closing an account.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "left the brigade"}))]
struct NewClosing {
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    reason: String,
}

/// The outcome for an account.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct AccountState {
    /// The account as it is stored.
    account: AccountView,
    /// True if it was already so; nothing was changed.
    #[schema(example = false)]
    repeated: bool,
}

/// Close an account
///
/// Closes the account: it can no longer sign in, its sessions end at once, and its codes are withdrawn. Its past changes
/// stay. A repeat changes nothing. The last admin of a region cannot be closed.
#[utoipa::path(
    tag = "accounts",
    params(("id" = AccountId, Path, description = "The account.")),
    request_body = NewClosing,
    responses(
        (status = 200, description = "It is closed.", body = AccountState),
        (status = 409, description = "It is the last admin of its region.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/close")]
pub async fn close_account(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<AccountId>,
    body: Body<NewClosing>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, reason) = (id.into_inner(), state.clock.now(), body.value.reason);
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        let closed = accounts::close(change, locked, id, &reason, now)?;
        Ok((closed, closed.then(|| Revocation::AccountClosed { account: id, reason: reason.clone() })))
    };
    let locks = Locks::none().accounts();
    let closed = revocations::write(&state.db, state.keys.revocations(), caller.actor, locks, now, work).await?;
    answer(&state, caller.account, id, language, !closed).await
}

/// Reopen an account
///
/// Opens a closed account again: it can sign in with its old password. Its sessions and codes stay ended. A repeat
/// changes nothing.
#[utoipa::path(
    tag = "accounts",
    params(("id" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "It is open.", body = AccountState), Problems),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/reopen")]
pub async fn reopen_account(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<AccountId>,
) -> Result<HttpResponse, ApiError> {
    let (id, now) = (id.into_inner(), state.clock.now());
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        let reopened = accounts::reopen(change, locked, id)?;
        Ok((reopened, reopened.then_some(Revocation::AccountReopened { account: id })))
    };
    let locks = Locks::none().accounts();
    let reopened = revocations::write(&state.db, state.keys.revocations(), caller.actor, locks, now, work).await?;
    answer(&state, caller.account, id, language, !reopened).await
}

async fn answer(
    state: &AppState,
    caller: Account,
    id: AccountId,
    language: Language,
    repeated: bool,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let viewed = state.db.read(move |snapshot| {
        let viewer = Viewer::of(snapshot.connection, &caller, language, now)?;
        Ok(viewer.view(&viewer.find(snapshot.connection, id)?))
    });
    Ok(HttpResponse::Ok().json(AccountState { account: viewed.await?, repeated }))
}
