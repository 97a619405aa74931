//! The second factor of the signed-in account, and its reset by an admin.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::auth::parties;
use super::body::Body;
use super::callers::{Admins, Bureau, Caller};
use super::passwords::check_current;
use super::problem::{BodyProblems, Problem, Problems, TooManyProblem};
use super::qr;
use super::query::{NoParameters, Query};
use super::reply;
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::tokens::TokenKeys;
use base::error::Error;
use base::id::AccountId;
use db::locks::{LockedAccounts, Locks};
use db::write::Change;
use domain::account::Account;
use service::attempts;
use service::second_factor;
use text::messages::message;

/// The state of a second factor.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "set": true, "confirmed_at": "2026-11-23T02:00:00Z", "recovery_codes_left": 9, "required": false
}))]
struct SecondFactorView {
    /// True if sign-in asks for it.
    set: bool,
    /// The time it was confirmed.
    confirmed_at: Option<DateTime<Utc>>,
    /// The number of unused recovery codes.
    #[schema(minimum = 0, maximum = 100)]
    recovery_codes_left: i64,
    /// True if the service requires one of this account.
    required: bool,
}

/// Show the own second factor
///
/// Returns whether sign-in asks for a code of an authenticator app, and how many recovery codes are left.
#[utoipa::path(
    tag = "sign-in",
    responses((status = 200, description = "Its state.", body = SecondFactorView), Problems),
    security(("bearer" = []))
)]
#[get("/me/second-factor")]
pub async fn find_second_factor(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Bureau>,
    _: Query<NoParameters>,
) -> Result<HttpResponse, ApiError> {
    let (id, required) = (caller.account.id, state.settings.require_second_factor);
    let view = state.db.read(move |snapshot| {
        let factor = db::second_factors::find(snapshot.connection, id)?;
        let confirmed_at = factor.and_then(|factor| factor.confirmed_at);
        let recovery_codes_left = db::second_factors::recovery_codes_left(snapshot.connection, id)?;
        Ok(SecondFactorView { set: confirmed_at.is_some(), confirmed_at, recovery_codes_left, required })
    });
    reply::json(&request, &view.await?)
}

/// The password of the account that sets up a second factor.
#[derive(Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current": "correct horse battery staple"}))]
struct NewSecondFactor {
    /// The current password; left out by an account that has none.
    #[schema(min_length = 1, max_length = 256)]
    #[validate(length(min = 1, max = 256))]
    #[schema(format = Password)]
    current: Option<String>,
}

/// A secret for an authenticator app. Only this answer contains it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "uri": "otpauth://totp/Muster:admin?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Muster", "qr_svg": "<svg></svg>"
}))]
struct StartedSecondFactor {
    /// The secret in base 32, for typing into an app that cannot read QR codes.
    #[schema(max_length = 64)]
    secret: String,
    /// The secret as the URI that apps read: 6 digits every 30 seconds, SHA-1.
    #[schema(max_length = 1000)]
    uri: String,
    /// The URI as a QR code, an SVG image.
    #[schema(max_length = 200_000)]
    qr_svg: String,
}

/// Start a second factor
///
/// Returns a secret for an authenticator app (RFC 6238). Sign-in asks for no code until one from the app has confirmed the
/// secret. Starting again replaces a secret that was not confirmed. Wrong passwords are slowed down like failed sign-ins.
#[utoipa::path(
    tag = "sign-in",
    request_body = NewSecondFactor,
    responses(
        (status = 200, description = "The secret.", body = StartedSecondFactor),
        (status = 409, description = "The account has a second factor: remove it first.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems,
        TooManyProblem
    ),
    security(("bearer" = []))
)]
#[post("/me/second-factor")]
pub async fn start_second_factor(
    state: web::Data<AppState>,
    caller: Caller<Bureau>,
    _: Query<NoParameters>,
    body: Body<NewSecondFactor>,
) -> Result<HttpResponse, ApiError> {
    let Caller { account, actor, .. } = caller;
    let parties = parties::of_holder(&state, account.id, &account.username);
    let checked = check_current(&state, &actor, &account, &parties, body.value.current).await?;
    let (keys, now) = (state.keys.clone(), state.clock.now());
    let locks = Locks::none().accounts().keys(parties.keys());
    let work = move |change: &mut Change<'_>| {
        if checked.is_some() {
            attempts::succeed(change, &parties)?;
        }
        let locked = change.for_accounts()?;
        second_factor::start(change, locked, &keys, &account, now)
    };
    let authenticator = state.db.write(actor, locks, work).await?.value?;
    let (secret, uri) = (authenticator.secret(), authenticator.uri()?);
    let qr_svg = qr::svg_of(&uri)?;
    let answer = StartedSecondFactor { secret, uri, qr_svg };
    Ok(HttpResponse::Ok().json(answer))
}

/// A code of an authenticator app.
#[derive(Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "492039"}))]
struct FactorCode {
    /// The code.
    #[schema(min_length = 1, max_length = 32)]
    #[validate(length(min = 1, max = 32))]
    #[schema(format = Password)]
    code: String,
}

/// A code that replaces the app's code once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(max_length = 16, example = "7ZK3M-0QX9D")]
struct RecoveryCode(String);

/// Recovery codes. Only this answer contains them.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"recovery_codes": ["7ZK3M-0QX9D", "00111-1ZZZZ"]}))]
struct ConfirmedSecondFactor {
    /// Codes that each replace the app's code once, in case the app is lost.
    #[schema(max_items = 10)]
    recovery_codes: Vec<RecoveryCode>,
}

/// Confirm a second factor
///
/// Takes a code from the app, which shows that it has the secret. From then on sign-in asks for a code. Only this answer
/// contains the recovery codes. Wrong codes are slowed down like failed sign-ins.
#[utoipa::path(
    tag = "sign-in",
    request_body = FactorCode,
    responses(
        (status = 200, description = "It is set.", body = ConfirmedSecondFactor),
        (status = 409, description = "None was started, or it is set already.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems,
        TooManyProblem
    ),
    security(("bearer" = []))
)]
#[post("/me/second-factor/confirm")]
pub async fn confirm_second_factor(
    state: web::Data<AppState>,
    caller: Caller<Bureau>,
    _: Query<NoParameters>,
    body: Body<FactorCode>,
) -> Result<HttpResponse, ApiError> {
    let codes = try_code(&state, caller, body.value.code, second_factor::confirm).await?;
    let answer =
        ConfirmedSecondFactor { recovery_codes: codes.iter().map(|code| RecoveryCode(code.to_string())).collect() };
    Ok(HttpResponse::Ok().json(answer))
}

/// The outcome for a second factor.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct RemovedSecondFactor {
    /// Always true: sign-in asks for no code.
    #[schema(example = true)]
    removed: bool,
    /// True if there was none; nothing was changed.
    #[schema(example = false)]
    repeated: bool,
}

/// Remove the own second factor
///
/// Removes the second factor of the signed-in account. Needs a code of the app or a recovery code. Wrong codes are slowed
/// down like failed sign-ins.
#[utoipa::path(
    tag = "sign-in",
    request_body = FactorCode,
    responses(
        (status = 200, description = "It is removed.", body = RemovedSecondFactor),
        Problems,
        BodyProblems,
        TooManyProblem
    ),
    security(("bearer" = []))
)]
#[post("/me/second-factor/remove")]
pub async fn remove_second_factor(
    state: web::Data<AppState>,
    caller: Caller<Bureau>,
    _: Query<NoParameters>,
    body: Body<FactorCode>,
) -> Result<HttpResponse, ApiError> {
    let removed = try_code(&state, caller, body.value.code, second_factor::remove).await?;
    Ok(HttpResponse::Ok().json(RemovedSecondFactor { removed: true, repeated: !removed }))
}

/// The use of a code that the signed-in holder sent; gives `None` for a wrong one.
type UseCode<T> =
    fn(&mut Change<'_>, LockedAccounts<'_>, &TokenKeys, &Account, &str, DateTime<Utc>) -> Result<Option<T>, Error>;

/// Tries a code if an attempt is allowed, and counts it as a failure unless it is right.
async fn try_code<T: Send + 'static>(
    state: &AppState,
    caller: Caller<Bureau>,
    code: String,
    use_code: UseCode<T>,
) -> Result<T, Error> {
    let Caller { account, actor, .. } = caller;
    let parties = parties::of_second_factor(state, account.id);
    let (keys, now) = (state.keys.clone(), state.clock.now());
    let locks = Locks::none().accounts().keys(parties.keys());
    let work = move |change: &mut Change<'_>| {
        attempts::begin(change, &parties, now)?;
        let locked = change.for_accounts()?;
        let used = use_code(change, locked, &keys, &account, &code, now)?;
        if used.is_some() {
            attempts::succeed(change, &parties)?;
        }
        Ok(used)
    };
    let wrong = || Error::invalid("/code", "second_factor_wrong", message!("second-factor-wrong"));
    state.db.write(actor, locks, work).await?.value.ok_or_else(wrong)
}

/// Reset a second factor
///
/// Removes the second factor of somebody who lost the app and the recovery codes. A repeat changes nothing. Admins
/// cannot reset their own.
#[utoipa::path(
    tag = "accounts",
    params(("id" = AccountId, Path, description = "The account.")),
    responses((status = 200, description = "It is removed.", body = RemovedSecondFactor), Problems),
    security(("bearer" = []))
)]
#[post("/accounts/{id}/second-factor/reset")]
pub async fn reset_second_factor(
    state: web::Data<AppState>,
    caller: Caller<Admins>,
    _: Query<NoParameters>,
    id: web::Path<AccountId>,
) -> Result<HttpResponse, ApiError> {
    let id = id.into_inner();
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        second_factor::reset(change, locked, id)
    };
    let removed = state.db.write(caller.actor, Locks::none().accounts(), work).await?.value;
    Ok(HttpResponse::Ok().json(RemovedSecondFactor { removed: true, repeated: !removed }))
}
