//! Signing a device in with a one-time code.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::parties;
use super::signed_in::{self, SignedIn};
use crate::api::body::Body;
use crate::api::callers::Anybody;
use crate::api::client_address::ClientAddress;
use crate::api::error::ApiError;
use crate::api::idempotency_key::IdempotencyKey;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems, TooManyProblem};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::random_secret::RandomSecret;
use base::error::Error;
use db::locks::Locks;
use db::write::Change;
use domain::enrolment::EnrolmentCode;
use service::attempts::{self, Parties};
use service::enrolment::{self, Enrolled, UsedCode};
use service::second_factor::FactorCode;
use service::sessions;
use text::messages::message;

/// An enrolment code and the device that signs in with it.
#[derive(Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "7ZK3M-0QX9D", "device_name": "Phone of the north store"}))]
struct NewDevice {
    /// The code; capitals, blanks and hyphens do not matter.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64))]
    #[schema(format = Password)]
    code: String,
    /// The name of the device.
    #[schema(min_length = 1, max_length = 100)]
    #[validate(length(min = 1, max = 100), non_control_character)]
    device_name: String,
    /// The `device_token` that this device keeps from an earlier sign-in of the account, if it has one.
    #[schema(max_length = 64)]
    #[validate(length(max = 64))]
    #[schema(format = Password)]
    device_token: Option<String>,
    /// A code of the authenticator app, or a recovery code; only for an account that has a second factor.
    #[schema(max_length = 32)]
    #[validate(length(max = 32))]
    #[schema(format = Password)]
    second_factor: Option<String>,
}

/// Sign a device in with a code
///
/// The code was created by an officer, works once and expires after a day. The answers to wrong, used, withdrawn and
/// expired codes are the same. After several wrong codes from an address, each delays the next attempt: 429 with
/// `Retry-After`. Wrong passwords do not delay codes.
///
/// Send an `Idempotency-Key`, made at random and stored before sending: if the answer is lost, the same code with the
/// same key gets the same session while the code is valid, until the session's second refresh token is used. Nobody else
/// gets it.
#[utoipa::path(
    tag = "sign-in",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A random key for this sign-in, the same if it is repeated: 16 to 255 visible characters, such as a UUID.",
            pattern = "^[!-~]{16,255}$", example = "5f0d3c1e-8a67-4b52-9a0e-2b1f6f8d7c34")
    ),
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
    IdempotencyKey(key): IdempotencyKey,
    body: Body<NewDevice>,
) -> Result<HttpResponse, ApiError> {
    let NewDevice { code, device_name, device_token, second_factor } = body.value;
    let (parties, now) = (parties::of_code(&state, address), state.clock.now());
    let code = EnrolmentCode::read(&code);
    actor.device.get_or_insert_with(|| device_name.clone());
    let used = UsedCode {
        code_hash: enrolment::code_hash(&state.keys, code.as_ref()),
        seed: code.zip(key).map(|(code, key)| seed(&state, &code, &key)),
        device: sessions::NewDevice {
            name: Some(device_name),
            token: device_token.as_deref().and_then(RandomSecret::read),
        },
    };
    let factor_parties = factor_parties(&state, &used.code_hash).await?;
    let keys = [&parties].into_iter().chain(&factor_parties).flat_map(Parties::keys);
    let locks = Locks::none().steady_accounts().keys(keys).keys(used.keys());
    let token_keys = state.keys.clone();
    let work = move |change: &mut Change<'_>| {
        attempts::begin(change, &parties, now)?;
        let steady = change.for_steady_accounts()?;
        let second_factor =
            FactorCode { keys: &token_keys, code: second_factor.as_deref(), parties: factor_parties.as_ref() };
        let enrolled = enrolment::enrol(change, steady, &used, &second_factor, now)?;
        // A right code is no guess, even if the second factor is missing.
        if !matches!(enrolled, Enrolled::NotAccepted) {
            attempts::succeed(change, &parties)?;
        }
        Ok(enrolled)
    };
    match state.db.write(actor, locks, work).await?.value {
        Enrolled::Granted(granted) => {
            let (account, grant) = *granted;
            signed_in::answer(&state, language, account, grant).await
        }
        Enrolled::SecondFactor(shown) => Err(shown.refusal().into()),
        Enrolled::NotAccepted => {
            Err(Error::Unauthenticated { code: "code_not_accepted", detail: message!("code-not-accepted") }.into())
        }
    }
}

/// The parties for which wrong second factors count, if a code signs in to an account that has one.
async fn factor_parties(state: &AppState, code_hash: &[u8]) -> Result<Option<Parties>, Error> {
    let code_hash = code_hash.to_vec();
    let account = state.db.read(move |snapshot| Ok(db::enrolments::account_of(snapshot.connection, &code_hash)?));
    Ok(account.await?.map(|account| parties::of_second_factor(state, account)))
}

/// The seed of the session that follows from a code and the key of the device that sent it.
fn seed(state: &AppState, code: &EnrolmentCode, key: &str) -> [u8; 32] {
    state.keys.secret_key("enrolled sessions").hash_bytes(format!("{} {key}", code.letters()).as_bytes())
}
