//! Signing in with a password.

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
use db::locks::Locks;
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
    password: String,
    /// The name of the device, under which it is listed and can be withdrawn.
    #[schema(min_length = 1, max_length = 100, example = "Phone of the north store")]
    #[validate(length(min = 1, max = 100), non_control_character)]
    device_name: Option<String>,
}

/// Sign in with a password
///
/// Returns an access token, valid for minutes, and a refresh token for the next one. Neither the answer nor its duration
/// reveals whether an account exists. After several failures of an account or from an address, each delays the next
/// attempt: 429 with `Retry-After`, even for the right password.
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
    let Credentials { username, password, device_name } = body.value;
    let username = username.to_lowercase();
    let places = places(&state, address, Some(&username));
    let found = state.db.read({
        let (places, now) = (places.clone(), state.clock.now());
        move |snapshot| {
            service::attempts::require_free(snapshot.connection, &places, now)?;
            db::accounts::find_by_username(snapshot.connection, &username)
        }
    });
    let open = found.await?.filter(|(account, _)| !account.closed);
    let (account, stored) = open.map_or((None, None), |(account, stored)| (Some(account), stored));
    // Counted in its turn: no more are tried at once than are worked on at once.
    let turn = state.passwords.turn().await?;
    state
        .db
        .write(actor.clone(), Locks::none().keys(places.keys()), {
            let (places, now) = (places.clone(), state.clock.now());
            move |change| service::attempts::begin(change, &places, now)
        })
        .await?;
    let checked = turn.verify(password, stored.clone()).await?;
    let wrong = || Error::Unauthenticated { code: "credentials_wrong", detail: message!("credentials-wrong") };
    let (Some(account), Some(stored), true) = (account, stored, checked.right) else { return Err(wrong().into()) };
    actor.author = Some(account.author());
    let (id, now) = (account.id, state.clock.now());
    let locks = Locks::none().steady_accounts().keys(places.keys());
    let granted = state.db.write(actor, locks, move |change| {
        let steady = change.for_steady_accounts()?;
        let granted = service::sessions::sign_in(
            change,
            steady,
            id,
            &stored,
            checked.rehashed.as_deref(),
            device_name.as_deref(),
            now,
        )?;
        if granted.is_some() {
            service::attempts::succeed(change, &places)?;
        }
        Ok(granted)
    });
    let grant = granted.await?.value.ok_or_else(wrong)?;
    signed_in::answer(&state, language, account, grant).await
}
