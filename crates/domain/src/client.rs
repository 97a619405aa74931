//! Clients: programs of others that call the API in their own name.

use chrono::{DateTime, Utc};

use super::account::{Account, Belongs, Closing, Role};
use super::scope::ScopeSet;
use base::id::{AccountId, ClientId};

/// A program of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id, by which it is known at the token endpoint too.
    pub id: ClientId,
    /// The account it acts as, which no person signs in to.
    pub account: Account,
    /// What it may do.
    pub scopes: ScopeSet,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its secret was made.
    pub secret_since: DateTime<Utc>,
    /// When it was last given an access token.
    pub last_used_at: Option<DateTime<Utc>>,
    /// When it was closed, and why.
    pub closing: Option<Closing>,
}

/// The account of a client that belongs somewhere: it counts for one organization, or reads for a region. No person's user
/// name has a colon.
pub fn account_of(id: ClientId, name: &str, belongs: Belongs) -> Account {
    let role = match belongs {
        Belongs::Organization(_) => Role::Quartermaster,
        Belongs::Region(_) => Role::Viewer,
    };
    let (username, display_name) = (format!("client:{id}"), name.to_owned());
    Account { id: AccountId::new(), username, role, display_name, belongs, closed: false }
}
