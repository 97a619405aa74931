//! Clients as admins see them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::api::accounts::view::Viewer;
use crate::api::labels::{OrganizationLabel, RegionLabel};
use base::error::Error;
use base::id::ClientId;
use db::read::Snapshot;
use domain::account::Account;
use domain::client::Client;
use domain::scope::Scope;
use text::language::Language;

/// A client.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000009", "name": "Stock system of T3",
    "scopes": ["catalogue:read", "counts:write"],
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "region": null, "requests_per_minute": null, "created_at": "2026-11-23T02:00:00Z", "secret_since": "2026-11-23T02:00:00Z", "last_used_at": null,
    "open": true, "closed_at": null, "closed_reason": null
}))]
pub struct ClientView {
    /// Its id, which it sends as `client_id`.
    pub id: ClientId,
    /// Its name.
    #[schema(max_length = 100)]
    pub name: String,
    /// Its scopes.
    #[schema(max_items = 4)]
    pub scopes: Vec<Scope>,
    /// Its organization; `null` for a client of a region.
    pub organization: Option<OrganizationLabel>,
    /// Its region, including everything below it; `null` for a client of one organization.
    pub region: Option<RegionLabel>,
    /// Its own quota in requests a minute; `null` if the one for all clients holds.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub requests_per_minute: Option<u32>,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time its present secret was made.
    pub secret_since: DateTime<Utc>,
    /// The time it last received an access token.
    pub last_used_at: Option<DateTime<Utc>>,
    /// False once it was closed.
    pub open: bool,
    /// The time it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// The reason why it was closed.
    #[schema(max_length = 1000)]
    pub closed_reason: Option<String>,
}

impl ClientView {
    /// The view of a client.
    pub fn of(client: &Client, viewer: &Viewer) -> Self {
        let (organization, region) = viewer.place(client.account.belongs);
        Self {
            id: client.id,
            name: client.account.display_name.clone(),
            scopes: client.scopes.iter().collect(),
            organization,
            region,
            requests_per_minute: client.requests_per_minute,
            created_at: client.created_at,
            secret_since: client.secret_since,
            last_used_at: client.last_used_at,
            open: client.closing.is_none(),
            closed_at: client.closing.as_ref().map(|closing| closing.at),
            closed_reason: client.closing.as_ref().map(|closing| closing.reason.clone()),
        }
    }

    /// A client by its id, for an admin who has it within reach.
    ///
    /// # Errors
    /// `NotFound` if there is none, or it is beyond reach.
    pub fn find(
        snapshot: &mut Snapshot<'_>,
        id: ClientId,
        admin: &Account,
        language: Language,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let viewer = Viewer::of(snapshot.connection, admin, language, now)?;
        let found = db::clients::find(snapshot.connection, id)?.map(|found| found.client);
        let found = found.filter(|client| viewer.reach.covers(client.account.belongs));
        found.map(|client| Self::of(&client, &viewer)).ok_or(Error::NotFound("client"))
    }
}
