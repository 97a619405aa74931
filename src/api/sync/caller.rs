//! Who pushes: also somebody who can no longer be let in, whose commands are then kept for an officer.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::TimeDelta;
use futures_util::future::LocalBoxFuture;

use crate::api::callers::{Everyone, Roles as _, actor_of, bearer_token, scopes_within, unauthenticated};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use auth::tokens::Claims;
use base::error::Error;
use base::id::SessionId;
use db::sessions::Standing;
use domain::account::Account;
use domain::actor::{Actor, Rights};
use domain::scope::ScopeSet;
use service::sessions;
use text::messages::message;

/// The age beyond which a token lets nobody deposit.
const OLDEST_TOKEN: TimeDelta = TimeDelta::days(400);

/// Whoever pushes.
#[derive(Debug)]
pub struct Pusher {
    /// The account.
    pub account: Account,
    /// The session that the token is of; `None` where that is gone.
    pub session: Option<SessionId>,
    /// The pusher as whoever makes a change.
    pub actor: Actor,
    /// Whether the token lets them in.
    pub entry: Entry,
    /// What they may do at most, where they are a client; `None` for people.
    pub scopes: Option<ScopeSet>,
}

/// Whether a token lets somebody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// It does.
    LetIn,
    /// It would if it were refreshed.
    Expired,
    /// Nothing but a new sign-in helps, if that; with the code of why.
    ShutOut(&'static str),
}

impl FromRequest for Pusher {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let state = state.ok_or(Error::Internal("the service was built without its state", None));
        let known = state.and_then(|state| {
            let token = bearer_token(request)?;
            let invalid = |_| unauthenticated("token_invalid", message!("token-invalid"));
            let claims = state.keys.check_signature(token).map_err(invalid)?;
            Ok((state, claims))
        });
        let actor = actor_of(request);
        Box::pin(async move {
            let (state, claims) = known?;
            let session = claims.sid;
            let standing = state.db.read(move |snapshot| db::sessions::standing(snapshot.connection, session)).await?;
            match standing {
                Some(standing) if standing.account.id == claims.sub => Ok(Self::of(&state, &claims, standing, actor)?),
                Some(_) => Err(unauthenticated("token_invalid", message!("token-invalid")).into()),
                None => Ok(Self::without_session(&state, &claims, actor).await?),
            }
        })
    }
}

impl Pusher {
    fn of(state: &AppState, claims: &Claims, standing: Standing, mut actor: Actor) -> Result<Self, Error> {
        let Standing { account, ended, last_used_at, scopes: at_most, .. } = standing;
        let scopes = scopes_within(claims, at_most.as_ref(), &actor.action)?;
        let now = state.clock.now();
        let over = claims.exp <= now.timestamp();
        let entry = if account.closed {
            Entry::ShutOut("account_closed")
        } else if ended || (over && now - last_used_at > state.settings.refresh_token_lifetime) {
            Entry::ShutOut("session_ended")
        } else if over {
            Entry::Expired
        } else {
            Entry::LetIn
        };
        require_young(state, claims, entry)?;
        actor.author = Some(account.author());
        if entry == Entry::LetIn {
            let (allowed, role, belongs) = (Everyone::ALLOWED, account.role, account.belongs);
            actor.rights = Some(Rights { session: claims.sid, allowed, role, belongs, scopes: at_most });
        }
        Ok(Self { account, session: Some(claims.sid), actor, entry, scopes })
    }

    /// Somebody whose session is not there: it was opened after the moment to which the server was restored.
    async fn without_session(state: &AppState, claims: &Claims, mut actor: Actor) -> Result<Self, Error> {
        let id = claims.sub;
        let found = state.db.read(move |snapshot| db::accounts::find(snapshot.connection, id)).await?;
        let account = found.ok_or_else(sessions::ended)?.account;
        let entry = Entry::ShutOut(if account.closed { "account_closed" } else { "session_ended" });
        require_young(state, claims, entry)?;
        actor.author = Some(account.author());
        Ok(Self { account, session: None, actor, entry, scopes: None })
    }
}

/// Refuses a token that is so old that nobody need keep what comes with it.
fn require_young(state: &AppState, claims: &Claims, entry: Entry) -> Result<(), Error> {
    let age = state.clock.now().timestamp().saturating_sub(claims.iat);
    if entry == Entry::LetIn || age <= OLDEST_TOKEN.num_seconds() { Ok(()) } else { Err(sessions::ended()) }
}
