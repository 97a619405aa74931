//! Making clients.

use actix_web::{HttpResponse, put, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::ClientView;
use crate::api::body::Body;
use crate::api::callers::{Admins, Caller};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::selection::{find_organization, find_own_region};
use crate::api::state::AppState;
use auth::random_secret::RandomSecret;
use base::error::Error;
use base::id::ClientId;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::account::Belongs;
use domain::change::PutOutcome;
use domain::revision::Revision;
use domain::scope::Scope;
use service::clients;
use text::messages::message;

/// A client as it is to be.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Stock system of T3", "scopes": ["catalogue:read", "counts:write"], "organization": "T3"
}))]
struct NewClient {
    /// Its name.
    #[schema(min_length = 1, max_length = 100)]
    #[validate(length(min = 1, max = 100), non_control_character)]
    name: String,
    /// Its scopes. `counts:write` is for clients of one organization.
    #[schema(min_items = 1, max_items = 4)]
    #[validate(length(min = 1, max = 4))]
    scopes: Vec<Scope>,
    /// Its organization, by id or code, which limits what it sees.
    #[schema(max_length = 64)]
    #[validate(length(max = 64), non_control_character)]
    organization: Option<String>,
    /// Or its region, by id or code: it sees that and everything below it.
    #[schema(max_length = 64)]
    #[validate(length(max = 64), non_control_character)]
    region: Option<String>,
}

impl NewClient {
    /// Its organization or region, within the admin's reach.
    fn place(&self, connection: &mut AnyConnection, admin: Belongs) -> Result<Belongs, Error> {
        let unknown = |pointer: &'static str, code| {
            move |error| match error {
                Error::NotFound(_) => Error::invalid(pointer, code, message!("place-unknown")),
                error => error,
            }
        };
        match (self.organization.as_deref(), self.region.as_deref()) {
            (Some(key), None) => find_organization(connection, admin, key, Revision::LATEST)
                .map(|found| Belongs::Organization(found.id))
                .map_err(unknown("/organization", "organization_unknown")),
            (None, Some(key)) => find_own_region(connection, admin, key)
                .map(|found| Belongs::Region(found.id))
                .map_err(unknown("/region", "region_unknown")),
            (None, None) => Err(Error::invalid("/organization", "place_needed", message!("client-place-needed"))),
            (Some(_), Some(_)) => Err(Error::invalid("/region", "place_needed", message!("client-place-needed"))),
        }
    }
}

/// A client, with its secret if that is new.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClientWithSecret {
    /// The client as it is stored.
    pub client: ClientView,
    /// Its secret, which is shown only here; `null` if nothing was changed.
    #[schema(min_length = 43, max_length = 43, example = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")]
    pub secret: Option<String>,
    /// True if it already existed like this; nothing was changed.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Create a client
///
/// Creates a program that signs in at `/oauth/token` with the secret returned here and sees the data of one organization, or
/// of a region and everything below it. Stored exactly once by id: a repeat answers 200 without the secret; other content
/// under the same id is 409 `id_reused`. If the answer with the secret was lost, reset the secret.
#[utoipa::path(
    tag = "clients",
    params(("id" = ClientId, Path, description = "The client's id, a UUID made by whoever makes the client.")),
    request_body = NewClient,
    responses(
        (status = 200, description = "The client was already created.", body = ClientWithSecret),
        (status = 201, description = "The client was created.", body = ClientWithSecret),
        (status = 409, description = "The id was used for another client.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/clients/{id}")]
pub async fn save_client(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Admins>,
    _: Query<NoParameters>,
    id: web::Path<ClientId>,
    body: Body<NewClient>,
) -> Result<HttpResponse, ApiError> {
    let (id, now) = (id.into_inner(), state.clock.now());
    let Body { value, content } = body;
    let secret = RandomSecret::generate();
    let new = clients::NewClient {
        id,
        name: value.name.clone(),
        scopes: value.scopes.iter().copied().collect(),
        secret_hash: secret.hash(),
        body_sha256: content.sha256,
    };
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        clients::save(change, locked, &new, |connection, admin| value.place(connection, admin), now)
    };
    let fate = state.db.write(caller.actor, Locks::none().accounts(), work).await?.value;
    let find = move |snapshot: &mut Snapshot<'_>| ClientView::find(snapshot, id, &caller.account, language, now);
    let client = state.db.read(find).await?;
    let (mut response, secret) = match fate {
        PutOutcome::Created => (HttpResponse::Created(), Some(secret.reveal())),
        PutOutcome::Changed | PutOutcome::Repeated => (HttpResponse::Ok(), None),
    };
    let repeated = secret.is_none();
    Ok(response.json(ClientWithSecret { client, secret, repeated }))
}
