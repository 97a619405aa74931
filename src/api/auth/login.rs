//! Signing in with a password.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::parties;
use super::signed_in::{self, SignedIn};
use crate::api::body::Body;
use crate::api::callers::Anybody;
use crate::api::client_address::ClientAddress;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems, TooManyProblem};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::random_secret::RandomSecret;
use base::error::Error;
use db::locks::Locks;
use service::second_factor::{FactorCode, Shown};
use service::sessions::NewDevice;
use text::messages::message;

/// A user name and a password.
#[derive(Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"username": "t3", "password": "correct horse battery staple"}))]
struct Credentials {
    /// The user name; capitals do not matter.
    #[schema(min_length = 1, max_length = 64, example = "t3")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    username: String,
    /// The password.
    #[schema(min_length = 1, max_length = 256, example = "correct horse battery staple")]
    #[validate(length(min = 1, max = 256))]
    #[schema(format = Password)]
    password: String,
    /// The name of the device, under which it is listed and can be withdrawn.
    #[schema(min_length = 1, max_length = 100, example = "Phone of the north store")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    device_name: Option<String>,
    /// The `device_token` that this device keeps from an earlier sign-in of the account. With it, wrong passwords sent
    /// from elsewhere do not delay this sign-in.
    #[schema(max_length = 64, example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    #[validate(length(max = 64))]
    #[schema(format = Password)]
    device_token: Option<String>,
    /// A code of the authenticator app, or a recovery code; only for an account that has a second factor.
    #[schema(max_length = 32, example = "492039")]
    #[validate(length(max = 32))]
    #[schema(format = Password)]
    second_factor: Option<String>,
}

/// Sign in with a password
///
/// Returns an access token, valid for minutes, and a refresh token for the next one. Neither the answer nor its duration
/// reveals whether an account exists. After several failures of an account or from an address, each delays the next
/// attempt: 429 with `Retry-After`, even for the right password.
///
/// Keep the `device_token` of the answer and send it with the next sign-in. A device that has one for the account is
/// counted by itself: failures of strangers, or of others at its address, do not delay it. A success takes back only the
/// failures of its own account.
///
/// An account with a second factor answers the right password alone with 401 `second_factor_needed`: send the same again with
/// `second_factor`. A wrong code, or one used before, is 401 `second_factor_wrong`. It counts like a wrong password, and with
/// the account's other wrong codes, wherever they are tried: no right password takes those back.
#[utoipa::path(
    tag = "sign-in",
    request_body = Credentials,
    responses((status = 200, description = "Signed in.", body = SignedIn), Problems, BodyProblems, TooManyProblem),
    security(())
)]
#[post("/auth/login")]
pub async fn sign_in(
    Anybody(mut actor): Anybody,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    address: ClientAddress,
    _: Query<NoParameters>,
    body: Body<Credentials>,
) -> Result<HttpResponse, ApiError> {
    let Credentials { username, password, device_name, device_token, second_factor } = body.value;
    let token = device_token.as_deref().and_then(RandomSecret::read);
    let of_stranger = parties::of_stranger(&state, address, &username);
    let of_device = token.as_ref().map(|token| (token.hash(), parties::of_device(&state, token)));
    let username = username.to_lowercase();
    let now = state.clock.now();
    let found = state.db.read(move |snapshot| {
        let found = db::accounts::find_by_username(snapshot.connection, &username)?;
        let open = found.filter(|(account, _)| !account.closed);
        let mut parties = of_stranger.clone();
        if let (Some((account, _)), Some((hash, of_device))) = (&open, &of_device)
            && db::device_tokens::find(snapshot.connection, hash)? == Some(account.id)
        {
            parties.clone_from(of_device);
        }
        service::attempts::require_free(snapshot.connection, &parties, now)?;
        Ok((parties, open))
    });
    let (parties, open) = found.await?;
    let (account, stored) = open.map_or((None, None), |(account, stored)| (Some(account), stored));
    // Counted only when its turn has come, so that no more attempts count at once than passwords are checked at once.
    let turn = state.passwords.turn().await?;
    state
        .db
        .write(actor.clone(), Locks::none().keys(parties.keys()), {
            let (parties, now) = (parties.clone(), state.clock.now());
            move |change| service::attempts::begin(change, &parties, now)
        })
        .await?;
    let checked = turn.verify(password, stored.clone()).await?;
    let wrong = || Error::Unauthenticated { code: "credentials_wrong", detail: message!("credentials-wrong") };
    let (Some(account), Some(stored), true) = (account, stored, checked.right) else { return Err(wrong().into()) };
    actor.author = Some(account.author());
    let (signing_in, keys, now) = (account.clone(), state.keys.clone(), state.clock.now());
    let factor_parties = parties::of_second_factor(&state, account.id);
    let locks = Locks::none().steady_accounts().keys(parties.keys()).keys(factor_parties.keys());
    let device = NewDevice { name: device_name, token };
    let granted = state.db.write(actor, locks, move |change| {
        let steady = change.for_steady_accounts()?;
        let code = FactorCode { keys: &keys, code: second_factor.as_deref(), parties: Some(&factor_parties) };
        let shown = code.check(change, &signing_in, now)?;
        if shown == Shown::Needed {
            service::attempts::take_back(change, &parties)?;
        }
        if shown != Shown::Enough {
            return Ok((shown, None));
        }
        let granted = service::sessions::sign_in(
            change,
            steady,
            signing_in.id,
            &stored,
            checked.rehashed.as_deref(),
            &device,
            now,
        )?;
        if granted.is_some() {
            service::attempts::succeed(change, &parties)?;
        }
        Ok((shown, granted))
    });
    let (shown, granted) = granted.await?.value;
    if shown != Shown::Enough {
        return Err(shown.refusal().into());
    }
    let grant = granted.ok_or_else(wrong)?;
    signed_in::answer(&state, language, account, grant).await
}
