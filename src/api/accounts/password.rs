//! Resetting a forgotten or stolen password.

use actix_web::{HttpRequest, HttpResponse, post, web};

use crate::api::callers::{Caller, Officers};
use crate::api::enrolments::{Invitation, IssuedEnrolment};
use crate::api::error::ApiError;
use crate::api::problem::{Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::revocations::Revocation;
use base::id::{AccountId, EnrolmentId};
use db::locks::Locks;
use db::write::Change;
use domain::enrolment::{DEFAULT_VALIDITY, Enrolment};
use service::accounts;
use service::revocations;

/// Reset a password
///
/// Removes the password, ends all sessions, and returns a code that signs in once within a day; the holder then sets a
/// password with `POST /me/password`. Only this answer contains the code; if it is lost, reset again.
#[utoipa::path(
    tag = "accounts",
    params(("id" = AccountId, Path, description = "The account.")),
    responses(
        (status = 200, description = "The password is gone.", body = IssuedEnrolment),
        (status = 409, description = "The account is closed.", body = Problem,
            content_type = "application/problem+json"),
        Problems
    ),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/password")]
pub async fn reset_password(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<AccountId>,
) -> Result<HttpResponse, ApiError> {
    let created_at = state.clock.now();
    let invitation = Invitation::new(&state, &request)?;
    let code_hash = invitation.hash.clone();
    let enrolment = Enrolment {
        id: EnrolmentId::new(),
        account: id.into_inner(),
        note: None,
        created_at,
        expires_at: created_at + DEFAULT_VALIDITY,
        used_at: None,
        device: None,
        withdrawn_at: None,
    };
    let work = {
        let enrolment = enrolment.clone();
        move |change: &mut Change<'_>| {
            let locked = change.for_accounts()?;
            let account = accounts::reset_password(change, locked, &enrolment, &code_hash)?;
            let revocation = Revocation::PasswordChanged { account: account.id, hash: None, session: None };
            Ok((account, Some(revocation)))
        }
    };
    let (log, locks) = (state.keys.revocations(), Locks::none().accounts());
    let account = revocations::write(&state.db, log, caller.actor, locks, created_at, work).await?;
    Ok(invitation.answer(HttpResponse::Ok(), &account, &enrolment))
}
