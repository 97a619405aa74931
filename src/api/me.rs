//! The signed-in account, and its password.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::auth::parties;
use super::auth::signed_in::Me;
use super::body::Body;
use super::callers::{Caller, Everyone};
use super::language::AcceptLanguage;
use super::passwords::{check_current, choose_password};
use super::problem::{BodyProblems, Problem, Problems, TooManyProblem};
use super::query::{NoParameters, Query};
use super::reply;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::revocations::Revocation;
use db::locks::Locks;
use db::write::Change;
use service::revocations;

/// Show the signed-in account
///
/// Returns the account of the token as it is now, with the organization or region whose data it sees.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 200, description = "The account.", body = Me), Problems),
    security(("bearer" = []))
)]
#[get("/me")]
pub async fn find_me(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
) -> Result<HttpResponse, ApiError> {
    let (account, now) = (caller.account, state.clock.now());
    let me = state.db.read(move |snapshot| Me::of(snapshot, &account, language, now)).await?;
    reply::json(&request, &me)
}

/// The current password and the new one.
#[derive(Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current": "correct horse battery staple", "new": "six brigades and a river"}))]
struct PasswordChange {
    /// The current password; left out by an account that has none.
    #[schema(min_length = 1, max_length = 256)]
    #[validate(length(min = 1, max = 256))]
    #[schema(format = Password)]
    current: Option<String>,
    /// The new password: at least ten characters of any kind, and not easily guessed.
    #[schema(min_length = 10, max_length = 256)]
    #[validate(length(min = 10, max = 256))]
    #[schema(format = Password)]
    new: String,
}

/// The outcome for a password.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PasswordChanged {
    /// Always true.
    #[schema(example = true)]
    changed: bool,
}

/// Change the own password
///
/// Changes the password of the signed-in account, and ends all its other sessions. An account that signed in with a code
/// and has no password sets its first one without `current`. Wrong passwords are slowed down like failed sign-ins.
#[utoipa::path(
    tag = "sign-in",
    request_body = PasswordChange,
    responses(
        (status = 200, description = "The password was changed.", body = PasswordChanged),
        (status = 409, description = "The password was changed by somebody else meanwhile.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems,
        TooManyProblem
    ),
    security(("bearer" = []))
)]
#[post("/me/password")]
pub async fn change_password(
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    body: Body<PasswordChange>,
) -> Result<HttpResponse, ApiError> {
    let PasswordChange { current, new } = body.value;
    let Caller { account, claims, actor, .. } = caller;
    let parties = parties::of_holder(&state, account.id, &account.username);
    let known = state.db.read({
        let account = account.clone();
        move |snapshot| service::accounts::known_of(snapshot.connection, &account)
    });
    let known = known.await?;
    let stored = check_current(&state, &actor, &account, &parties, current).await?;
    let hash = choose_password(&state, new, known, "/new").await?;
    let now = state.clock.now();
    let locks = Locks::none().accounts().keys(parties.keys());
    let work = move |change: &mut Change<'_>| {
        if stored.is_some() {
            service::attempts::succeed(change, &parties)?;
        }
        let locked = change.for_accounts()?;
        service::accounts::change_password(change, locked, &account, claims.sid, stored.as_deref(), &hash, now)?;
        let (hash, session) = (Some(hash.clone()), Some(claims.sid));
        Ok(((), Some(Revocation::PasswordChanged { account: account.id, hash, session })))
    };
    revocations::write(&state.db, state.keys.revocations(), actor, locks, now, work).await?;
    Ok(HttpResponse::Ok().json(PasswordChanged { changed: true }))
}
