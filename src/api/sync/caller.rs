//! The caller of a push. This includes the holder of a genuine token that has expired, whose commands are then kept for
//! an officer.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use crate::api::caller_limits::{CallerKey, Entrance};
use crate::api::callers::{
    Everyone, Roles as _, actor_of, bearer_token, lacks_second_factor, scopes_within, second_factor_required,
    unauthenticated,
};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::tokens::Claims;
use base::error::Error;
use domain::actor::{Actor, Holder, Rights};
use service::sessions;
use service::sync::rights::Pusher;
use text::messages::message;

/// The caller of a push.
#[derive(Debug)]
pub struct PushCaller {
    /// The account, and the use of its token.
    pub pusher: Pusher,
    /// The caller as the actor of a change.
    pub actor: Actor,
}

impl FromRequest for PushCaller {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let state = state.ok_or(Error::Internal("the service was built without its state", None));
        let known = state.and_then(|state| {
            let token = bearer_token(request)?;
            let claims = state.keys.check_signature(token).map_err(|_| token_invalid())?;
            Ok((state, claims))
        });
        let (actor, entrance) = (actor_of(request), Entrance::of(request));
        Box::pin(async move {
            let ((state, claims), mut actor) = (known?, actor?);
            entrance.enter(&state.caller_limits, CallerKey::Account(claims.sub)).await?;
            let (pusher, rights) = pusher_of(&state, &claims, &actor.action).await?;
            actor.rights = rights;
            actor.author = Some(pusher.account.author());
            Ok(Self { pusher, actor })
        })
    }
}

/// The sender of a push. If the token signs them in, their rights must last until the write.
async fn pusher_of(state: &AppState, claims: &Claims, operation: &str) -> Result<(Pusher, Option<Rights>), Error> {
    let (session, id, now) = (claims.sid, claims.sub, state.clock.now());
    let found = state.db.read(move |snapshot| db::sessions::state(snapshot.connection, session)).await?;
    match found {
        Some(found) if found.account.id == id => {
            let scopes = scopes_within(claims, found.scopes.as_ref(), operation)?;
            let (allowed, role, belongs) = (Everyone::ALLOWED, found.account.role, found.account.belongs);
            let rights =
                Rights { holder: Holder::Session(session), allowed, role, belongs, scopes: found.scopes.clone() };
            let lifetimes = state.settings.session_lifetimes();
            let lacks_second_factor = lacks_second_factor(&found, &state.settings);
            let pusher = Pusher::with_session(claims, found, scopes, &lifetimes, now)?;
            if lacks_second_factor && pusher.is_signed_in() {
                return Err(second_factor_required());
            }
            let rights = pusher.is_signed_in().then_some(rights);
            Ok((pusher, rights))
        }
        Some(_) => Err(token_invalid()),
        None => {
            let found = state.db.read(move |snapshot| db::accounts::find(snapshot.connection, id)).await?;
            Ok((Pusher::without_session(claims, found.ok_or_else(sessions::ended)?.account, now)?, None))
        }
    }
}

fn token_invalid() -> Error {
    unauthenticated("token_invalid", message!("token-invalid"))
}
