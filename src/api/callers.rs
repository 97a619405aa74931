//! Who calls, and which roles may: a handler's signature shows it.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};

use super::request_id::RequestId;
use crate::app::State;
use crate::auth::tokens::{Claims, Refusal};
use crate::domain::account::Belongs;
use crate::domain::account::Role::{self, Admin, Officer, Quartermaster, Viewer};
use crate::domain::actor::{Actor, Author};
use crate::error::Error;
use crate::labels::Labelled as _;
use crate::messages::{Message, message};

/// The header in which a device gives its name.
const DEVICE: &str = "muster-device";

/// The roles that may call an operation.
pub trait Roles: 'static {
    /// Those roles.
    const ALLOWED: &'static [Role];
}

/// Everybody who is signed in.
#[derive(Debug)]
pub struct Everyone;

impl Roles for Everyone {
    const ALLOWED: &'static [Role] = &[Quartermaster, Viewer, Officer, Admin];
}

/// Those who count: quartermasters for their organization, the bureau's officers and admins for those below them.
#[derive(Debug)]
pub struct Counters;

impl Roles for Counters {
    const ALLOWED: &'static [Role] = &[Quartermaster, Officer, Admin];
}

/// The bureau's people who keep the books: officers and admins.
#[derive(Debug)]
pub struct Officers;

impl Roles for Officers {
    const ALLOWED: &'static [Role] = &[Officer, Admin];
}

/// Admins.
#[derive(Debug)]
pub struct Admins;

impl Roles for Admins {
    const ALLOWED: &'static [Role] = &[Admin];
}

/// Somebody who is signed in with one of the roles `R`.
#[derive(Debug)]
pub struct Caller<R: Roles> {
    /// What their token says.
    pub claims: Claims,
    /// Whose things they see.
    pub belongs: Belongs,
    /// The caller as whoever makes a change, by the operation that is called.
    pub actor: Actor,
    roles: PhantomData<R>,
}

impl<R: Roles> Caller<R> {
    /// The caller as the author of a change.
    pub fn author(&self) -> Author {
        Author { account: self.claims.sub, name: self.claims.name.clone(), role: self.claims.role }
    }

    fn of(request: &HttpRequest) -> Result<Self, Error> {
        let state = request
            .app_data::<web::Data<State>>()
            .ok_or(Error::Internal("the service was built without its state", None))?;
        let token = bearer_token(request)?;
        let claims = state.keys.check(token, state.clock.now()).map_err(|refusal| match refusal {
            Refusal::Invalid => unauthenticated("token_invalid", message!("token-invalid")),
            Refusal::Expired => unauthenticated("token_expired", message!("token-expired")),
        })?;
        let belongs = claims.belongs().ok_or_else(|| unauthenticated("token_invalid", message!("token-invalid")))?;
        if !R::ALLOWED.contains(&claims.role) {
            return Err(Error::Forbidden {
                code: "role_not_allowed",
                detail: message!("role-not-allowed", role = claims.role.label()),
            });
        }
        let author = Author { account: claims.sub, name: claims.name.clone(), role: claims.role };
        let actor = actor_of(request, Some(author));
        Ok(Self { claims, belongs, actor, roles: PhantomData })
    }
}

impl<R: Roles> FromRequest for Caller<R> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

/// Whoever calls an operation for which nobody need be signed in.
#[derive(Debug)]
pub struct Anybody(pub Actor);

impl FromRequest for Anybody {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(actor_of(request, None))))
    }
}

fn actor_of(request: &HttpRequest, author: Option<Author>) -> Actor {
    Actor {
        author,
        // The routing macros name each resource as its handler, which is the operation's id.
        action: request.match_name().unwrap_or_default().to_owned(),
        device: request.headers().get(DEVICE).and_then(|name| name.to_str().ok()).map(str::to_owned),
        request_id: request.extensions().get::<RequestId>().map(ToString::to_string),
    }
}

fn bearer_token(request: &HttpRequest) -> Result<&str, Error> {
    request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| unauthenticated("token_missing", message!("token-missing")))
}

fn unauthenticated(code: &'static str, detail: Message) -> Error {
    Error::Unauthenticated { code, detail }
}
