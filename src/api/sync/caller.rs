//! The caller of a push: also the holder of a genuine token that is over, whose commands are then kept for an officer.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use crate::api::caller_limits::{CallerKey, Entrance};
use crate::api::callers::{Everyone, Roles as _, actor_of, bearer_token, scopes_within, unauthenticated};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::tokens::Claims;
use base::error::Error;
use domain::actor::{Actor, Rights};
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
        let (mut actor, entrance) = (actor_of(request), Entrance::of(request));
        Box::pin(async move {
            let (state, claims) = known?;
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
    let standing = state.db.read(move |snapshot| db::sessions::standing(snapshot.connection, session)).await?;
    match standing {
        Some(standing) if standing.account.id == id => {
            let scopes = scopes_within(claims, standing.scopes.as_ref(), operation)?;
            let (allowed, role, belongs) = (Everyone::ALLOWED, standing.account.role, standing.account.belongs);
            let rights = Rights { session, allowed, role, belongs, scopes: standing.scopes.clone() };
            let lifetime = state.settings.refresh_token_lifetime;
            let pusher = Pusher::with_session(claims, standing, scopes, lifetime, now)?;
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
