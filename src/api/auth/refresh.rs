//! Staying signed in.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::signed_in::{self, SignedIn};
use crate::api::body::Body;
use crate::api::callers::Anybody;
use crate::api::error::ApiError;
use crate::api::idempotency_key::IdempotencyKey;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::revocations::Revocation;
use db::locks::Locks;
use db::write::Change;
use service::revocations;
use service::sessions::{self, RefreshUse, Refreshed};

/// A refresh token.
#[derive(Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "refresh_token": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-Pw"
}))]
pub struct TokenToUse {
    /// The `refresh_token` of the last answer that was stored.
    #[schema(min_length = 1, max_length = 128)]
    #[validate(length(min = 1, max = 128))]
    #[schema(format = Password)]
    pub refresh_token: String,
}

/// Stay signed in
///
/// Returns new tokens. Until its successor is first used, repeating a refresh token returns the same successor, so that a
/// lost answer locks nobody out. After that, its use means that somebody else has a copy: the session ends, and all its
/// tokens are answered 401 `session_ended`.
///
/// Send an `Idempotency-Key` with each token: make it at random once for the token, store it before sending, and repeat
/// it with the token if the answer is lost. The same token with another key then means a copy, too. Without keys, a copy
/// that is used alternately with the original is noticed after several consecutive tokens were used twice.
///
/// A session also ends some days after its last refresh (90 unless configured otherwise), and some days after its sign-in
/// (365): then the answer is 401 `session_expired`. Sign in again; commands waiting on the phone stay.
#[utoipa::path(
    tag = "sign-in",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "A random key for this token, the same if it is repeated: 16 to 255 visible characters, such as a UUID.",
            pattern = "^[!-~]{16,255}$", example = "5f0d3c1e-8a67-4b52-9a0e-2b1f6f8d7c34")
    ),
    request_body = TokenToUse,
    responses((status = 200, description = "New tokens.", body = SignedIn), Problems, BodyProblems),
    security(())
)]
#[post("/auth/refresh")]
pub async fn refresh_session(
    Anybody(actor): Anybody,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: Query<NoParameters>,
    IdempotencyKey(key): IdempotencyKey,
    body: Body<TokenToUse>,
) -> Result<HttpResponse, ApiError> {
    let token = signed_in::read_token(&state, &body.value.refresh_token)?;
    let (lifetimes, clock) = (state.settings.session_lifetimes(), state.clock.clone());
    let locks = Locks::none().steady_accounts().keys([sessions::key_of(&token)]);
    let key_hash = key.map(|key| token.key_hash(&key));
    let used = RefreshUse { token, key_hash, arrived_at: clock.now() };
    let work = move |change: &mut Change<'_>| {
        let steady = change.for_steady_accounts()?;
        let refreshed = sessions::refresh(change, steady, &used, &lifetimes, clock.now())?;
        let ended = match &refreshed {
            Refreshed::Reused(session, account) => {
                Some(Revocation::SessionEnded { session: *session, account: *account })
            }
            _ => None,
        };
        Ok((refreshed, ended))
    };
    let now = state.clock.now();
    match revocations::write(&state.db, state.keys.revocations(), actor, locks, now, work).await? {
        Refreshed::Granted(granted) => {
            let (account, grant) = *granted;
            signed_in::answer(&state, language, account, grant).await
        }
        Refreshed::Expired => Err(sessions::expired().into()),
        Refreshed::Ended | Refreshed::Reused(..) => Err(sessions::ended().into()),
        Refreshed::Closed => Err(sessions::closed().into()),
    }
}
