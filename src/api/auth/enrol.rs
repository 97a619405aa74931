//! Signing a device in with a one-time code.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::places;
use super::signed_in::{self, SignedIn};
use crate::api::body::Body;
use crate::api::callers::Anybody;
use crate::api::client_address::ClientAddress;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems, TooManyProblem};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use base::error::Error;
use db::locks::{Key, Locks};
use db::write::Change;
use domain::enrolment::EnrolmentCode;
use text::messages::message;

/// An enrolment code and the device that signs in with it.
#[derive(Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "7ZK3M-0QX9D", "device_name": "Phone of the north store"}))]
struct NewDevice {
    /// The code; capitals, blanks and hyphens do not matter.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64))]
    code: String,
    /// The name of the device.
    #[schema(min_length = 1, max_length = 100)]
    #[validate(length(min = 1, max = 100), non_control_character)]
    device_name: String,
}

/// Sign a device in with a code
///
/// The code was created by an officer, works once and expires after a day. The answers to wrong, used, withdrawn and
/// expired codes are the same. After several failures from an address, each delays the next attempt: 429 with
/// `Retry-After`.
#[utoipa::path(
    tag = "sign-in",
    request_body = NewDevice,
    responses((status = 200, description = "Signed in.", body = SignedIn), Problems, BodyProblems, TooManyProblem),
    security(())
)]
#[post("/auth/enrol")]
pub async fn enrol_device(
    Anybody(mut actor): Anybody,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    address: ClientAddress,
    _: Query<NoParameters>,
    body: Body<NewDevice>,
) -> Result<HttpResponse, ApiError> {
    let NewDevice { code, device_name } = body.value;
    let (places, now) = (places(&state, address, None), state.clock.now());
    let code_hash = hash(&state, EnrolmentCode::read(&code).as_ref());
    actor.device.get_or_insert_with(|| device_name.clone());
    let locks = Locks::none().steady_accounts().keys(places.keys()).keys([Key::enrolment_code(&code_hash)]);
    let work = move |change: &mut Change<'_>| {
        service::attempts::begin(change, &places, now)?;
        let steady = change.for_steady_accounts()?;
        let enrolled = service::enrolment::enrol(change, steady, &code_hash, &device_name, now)?;
        if enrolled.is_some() {
            service::attempts::succeed(change, &places)?;
        }
        Ok(enrolled)
    };
    let enrolled = state.db.write(actor, locks, work).await?.value;
    let (account, grant) = enrolled
        .ok_or_else(|| Error::Unauthenticated { code: "code_not_accepted", detail: message!("code-not-accepted") })?;
    signed_in::answer(&state, language, account, grant).await
}

/// The stored hash of a code, which is too short for a plain hash. Text that cannot be a code has a hash that no code
/// has.
pub fn hash(state: &AppState, code: Option<&EnrolmentCode>) -> Vec<u8> {
    state.keys.secret_key("enrolment codes").hash(code.map_or("", EnrolmentCode::letters))
}
