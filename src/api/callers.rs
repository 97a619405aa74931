//! Callers and their permitted roles, as shown in a handler's signature.

use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::future::LocalBoxFuture;

use super::caller_limits::{CallerKey, Entrance};
use super::client_address::ClientAddress;
use super::device_headers::device_name;
use super::request_id::RequestId;
use super::scopes;
use crate::api::error::ApiError;
use crate::api::settings::Settings;
use crate::api::state::AppState;
use auth::tokens::{Claims, TokenRefusal};
use base::error::Error;
use db::sessions::SessionState;
use domain::account::Author;
use domain::account::Role::{self, Admin, Officer, Quartermaster, Viewer};
use domain::account::{Account, Belongs};
use domain::actor::{Actor, Holder, Rights};
use domain::attempts;
use domain::change::{COUNTERS, Editor};
use domain::scope::ScopeSet;
use service::sessions;
use text::messages::{Message, message};

/// The operations for setting up a second factor, open to accounts that must have one and have none yet.
const WITHOUT_SECOND_FACTOR: [&str; 4] =
    ["find_me", "find_second_factor", "start_second_factor", "confirm_second_factor"];

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

/// Those who count: quartermasters for their organization, officers and admins for the organizations below them.
#[derive(Debug)]
pub struct Counters;

impl Roles for Counters {
    const ALLOWED: &'static [Role] = COUNTERS;
}

/// The bureau's people.
#[derive(Debug)]
pub struct Bureau;

impl Roles for Bureau {
    const ALLOWED: &'static [Role] = &[Viewer, Officer, Admin];
}

/// The bureau's people who maintain the reference data: officers and admins.
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

/// A signed-in caller with one of the roles `R`.
///
/// The token names its session. The state of the session and of the account is read from the database for every request,
/// so that a right that was withdrawn ends at once, on every instance.
#[derive(Debug)]
pub struct Caller<R: Roles> {
    /// The claims of the token, with the account as it is now.
    pub claims: Claims,
    /// The account as it is now.
    pub account: Account,
    /// The organization or region they belong to.
    pub belongs: Belongs,
    /// The caller as the actor of a change, with the operation that is called.
    pub actor: Actor,
    /// The scopes of a client; `None` for people.
    pub scopes: Option<ScopeSet>,
    roles: PhantomData<R>,
}

impl<R: Roles> Caller<R> {
    /// The caller as the author of a change.
    pub fn author(&self) -> Author {
        self.account.author()
    }

    /// The caller as the editor of reference data now.
    pub fn editor(&self, state: &AppState) -> Editor {
        Editor::of(self.account.role, self.belongs, state.clock.now())
    }

    /// The caller that a token names, in the state of the database.
    fn of(
        mut claims: Claims,
        found: Option<SessionState>,
        mut actor: Actor,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let found = found.ok_or_else(sessions::ended)?;
        let lacks_second_factor = lacks_second_factor(&found, settings);
        let SessionState { account, ended, device, scopes: at_most, .. } = found;
        if account.id != claims.sub {
            return Err(unauthenticated("token_invalid", message!("token-invalid")));
        }
        if account.closed {
            return Err(sessions::closed());
        }
        if ended {
            return Err(sessions::ended());
        }
        let scopes = scopes_within(&claims, at_most.as_ref(), &actor.action)?;
        require_role::<R>(account.role)?;
        if lacks_second_factor && !WITHOUT_SECOND_FACTOR.contains(&actor.action.as_str()) {
            return Err(second_factor_required());
        }
        let (allowed, role, belongs) = (R::ALLOWED, account.role, account.belongs);
        actor.rights = Some(Rights { holder: Holder::Session(claims.sid), allowed, role, belongs, scopes: at_most });
        claims.role = account.role;
        claims.name.clone_from(&account.display_name);
        (claims.organization, claims.region) = match account.belongs {
            Belongs::Organization(organization) => (Some(organization), None),
            Belongs::Region(region) => (None, Some(region)),
        };
        actor.author = Some(account.author());
        actor.device = actor.device.or(device.map(|(_, name)| name));
        Ok(Self { claims, belongs: account.belongs, account, actor, scopes, roles: PhantomData })
    }
}

/// The caller of an operation that needs no sign-in.
#[derive(Debug)]
pub struct Anybody(pub Actor);

impl FromRequest for Anybody {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let address = ClientAddress::from_request(request, payload);
        let (actor, entrance) = (actor_of(request), Entrance::of(request));
        Box::pin(async move {
            let state = state.ok_or(Error::Internal("the service was built without its state", None))?;
            let actor = actor?;
            let caller = CallerKey::Network(attempts::network(address.await?.0));
            entrance.enter(&state.caller_limits, caller).await?;
            Ok(Self(actor))
        })
    }
}

/// The caller of a read that needs no sign-in. A token need not be sent, but one that is sent must be good, so that a
/// program finds out that its own has expired.
#[derive(Debug)]
pub struct PublicReader;

impl FromRequest for PublicReader {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let refused = request.app_data::<web::Data<AppState>>().and_then(|state| {
            let has_token = request.headers().contains_key(header::AUTHORIZATION);
            has_token.then(|| claims_of(request, state).err()).flatten()
        });
        let anybody = Anybody::from_request(request, payload);
        Box::pin(async move {
            if let Some(refused) = refused {
                return Err(refused.into());
            }
            anybody.await.map(|_| Self)
        })
    }
}

/// The caller of a change, before authentication.
///
/// # Errors
/// `Malformed` for an invalid name of a device.
pub(super) fn actor_of(request: &HttpRequest) -> Result<Actor, ApiError> {
    Ok(Actor {
        author: None,
        // The routing macros name each resource by its handler, which is also the operation's id.
        action: request.match_name().unwrap_or_default().to_owned(),
        device: device_name(request)?.map(str::to_owned),
        request_id: request.extensions().get::<RequestId>().map(ToString::to_string),
        rights: None,
    })
}

/// The token of a request, checked once and kept with the request.
#[derive(Clone, Debug)]
pub(super) enum CheckedToken {
    /// There is none.
    Missing,
    /// It is refused.
    Refused(TokenRefusal),
    /// It is one of this service.
    Valid(Box<Claims>),
}

impl CheckedToken {
    /// Checks the token of a request.
    pub(super) fn of(request: &HttpRequest, state: &AppState) -> Self {
        let Ok(token) = bearer_token(request) else { return Self::Missing };
        match state.keys.check(token, state.clock.now()) {
            Ok(claims) => Self::Valid(Box::new(claims)),
            Err(refusal) => Self::Refused(refusal),
        }
    }

    /// The claims of a valid token.
    pub(super) fn claims(&self) -> Option<&Claims> {
        match self {
            Self::Valid(claims) => Some(claims),
            Self::Missing | Self::Refused(_) => None,
        }
    }
}

fn claims_of(request: &HttpRequest, state: &AppState) -> Result<Claims, Error> {
    let kept = request.extensions().get::<CheckedToken>().cloned();
    match kept.unwrap_or_else(|| CheckedToken::of(request, state)) {
        CheckedToken::Valid(claims) => Ok(*claims),
        CheckedToken::Missing => Err(token_missing()),
        CheckedToken::Refused(TokenRefusal::Invalid) => {
            Err(unauthenticated("token_invalid", message!("token-invalid")))
        }
        CheckedToken::Refused(TokenRefusal::Expired) => {
            Err(unauthenticated("token_expired", message!("token-expired")))
        }
    }
}

/// The scopes of a client's token.
fn scopes_of(claims: &Claims) -> Result<Option<ScopeSet>, Error> {
    let read = |text| ScopeSet::read(text).ok_or_else(|| unauthenticated("token_invalid", message!("token-invalid")));
    claims.scope.as_deref().map(read).transpose()
}

/// The scopes of a client's token, limited to those of its account; `None` for people.
///
/// # Errors
/// `Forbidden` if none of them opens the operation.
pub(super) fn scopes_within(
    claims: &Claims,
    at_most: Option<&ScopeSet>,
    operation: &str,
) -> Result<Option<ScopeSet>, Error> {
    let scopes = match (scopes_of(claims)?, at_most) {
        (None, None) => None,
        (Some(granted), Some(at_most)) => Some(granted.shared_with(at_most)),
        // A client's token has scopes, and no other token has.
        _ => return Err(unauthenticated("token_invalid", message!("token-invalid"))),
    };
    require_scope(scopes.as_ref(), operation)?;
    Ok(scopes)
}

/// Requires that a client's scopes open an operation; people are not limited by scopes.
fn require_scope(scopes: Option<&ScopeSet>, operation: &str) -> Result<(), Error> {
    scopes.map_or(Ok(()), |scopes| scopes::require(operation, scopes))
}

/// True for an account of the bureau without a second factor, if the settings require one.
pub(super) fn lacks_second_factor(found: &SessionState, settings: &Settings) -> bool {
    settings.require_second_factor
        && found.scopes.is_none()
        && Bureau::ALLOWED.contains(&found.account.role)
        && !found.has_second_factor
}

/// The error of a request by an account that must set up a second factor first.
pub(super) fn second_factor_required() -> Error {
    Error::Forbidden { code: "second_factor_required", detail: message!("second-factor-required") }
}

fn require_role<R: Roles>(role: Role) -> Result<(), Error> {
    if R::ALLOWED.contains(&role) {
        return Ok(());
    }
    Err(sessions::role_not_allowed(role))
}

impl<R: Roles> FromRequest for Caller<R> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<web::Data<AppState>>().cloned();
        let state = state.ok_or(Error::Internal("the service was built without its state", None));
        // Faults of the token are reported before anything else of the request is read.
        let known = state.and_then(|state| {
            let claims = claims_of(request, &state)?;
            require_scope(scopes_of(&claims)?.as_ref(), request.match_name().unwrap_or_default())?;
            require_role::<R>(claims.role)?;
            Ok((state, claims))
        });
        let (actor, entrance) = (actor_of(request), Entrance::of(request));
        Box::pin(async move {
            let ((state, claims), actor) = (known?, actor?);
            entrance.enter(&state.caller_limits, CallerKey::Account(claims.sub)).await?;
            let session = claims.sid;
            let found = state.db.read(move |snapshot| db::sessions::state(snapshot.connection, session)).await?;
            Ok(Self::of(claims, found, actor, &state.settings)?)
        })
    }
}

pub(super) fn bearer_token(request: &HttpRequest) -> Result<&str, Error> {
    request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(token_missing)
}

fn token_missing() -> Error {
    unauthenticated("token_missing", message!("token-missing"))
}

pub(super) fn unauthenticated(code: &'static str, detail: Message) -> Error {
    Error::Unauthenticated { code, detail }
}
