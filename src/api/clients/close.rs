//! Closing clients.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::ClientView;
use crate::api::body::Body;
use crate::api::callers::{Admins, Caller};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use auth::revocations::Revocation;
use base::id::ClientId;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::text::is_text;
use service::clients;
use service::revocations;

/// The reason for closing a client.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "the contract has ended"}))]
struct ClientClosing {
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    reason: String,
}

/// The outcome for a client.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ClientState {
    /// The client as it is stored.
    client: ClientView,
    /// True if it was already closed; nothing was changed.
    #[schema(example = false)]
    repeated: bool,
}

/// Close a client
///
/// Closes the client: it gets no more tokens, and its present tokens end at once. Its past changes stay. A repeat changes
/// nothing. A client is closed for good: create another instead.
#[utoipa::path(
    tag = "clients",
    params(("id" = ClientId, Path, description = "The client.")),
    request_body = ClientClosing,
    responses((status = 200, description = "It is closed.", body = ClientState), Problems, BodyProblems),
    security(("bearer" = []))
)]
#[post("/clients/{id}/close")]
pub async fn close_client(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Admins>,
    _: Query<NoParameters>,
    id: web::Path<ClientId>,
    body: Body<ClientClosing>,
) -> Result<HttpResponse, ApiError> {
    let (id, now, reason) = (id.into_inner(), state.clock.now(), body.value.reason);
    let work = move |change: &mut Change<'_>| {
        let locked = change.for_accounts()?;
        let closed = clients::close(change, locked, id, &reason, now)?;
        Ok((closed, closed.then(|| Revocation::ClientClosed { client: id, reason: reason.clone() })))
    };
    let locks = Locks::none().accounts();
    let closed = revocations::write(&state.db, state.keys.revocations(), caller.actor, locks, now, work).await?;
    let find = move |snapshot: &mut Snapshot<'_>| ClientView::find(snapshot, id, &caller.account, language, now);
    Ok(HttpResponse::Ok().json(ClientState { client: state.db.read(find).await?, repeated: !closed }))
}
