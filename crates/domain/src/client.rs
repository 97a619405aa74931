//! Clients: other parties' programs that call the API in their own name.

use chrono::{DateTime, Utc};

use super::account::{Account, Belongs, Closing, Role};
use super::scope::ScopeSet;
use base::id::{AccountId, ClientId};

/// Another party's program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id, also its `client_id` at the token endpoint.
    pub id: ClientId,
    /// The account it acts as; no person signs in to it.
    pub account: Account,
    /// Its scopes.
    pub scopes: ScopeSet,
    /// Its own quota in requests a minute; `None` for that of all clients.
    pub requests_per_minute: Option<u32>,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time its secret was made.
    pub secret_since: DateTime<Utc>,
    /// The time it last received an access token.
    pub last_used_at: Option<DateTime<Utc>>,
    /// The time and reason of its closing.
    pub closing: Option<Closing>,
}

/// The account of a client: it counts for one organization, or reads for a region. No person's user name has a colon.
pub fn account_of(id: ClientId, name: &str, belongs: Belongs) -> Account {
    let role = match belongs {
        Belongs::Organization(_) => Role::Quartermaster,
        Belongs::Region(_) => Role::Viewer,
    };
    let (username, display_name) = (format!("client:{id}"), name.to_owned());
    Account { id: AccountId::new(), username, role, display_name, belongs, closed: false }
}
