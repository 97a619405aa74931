//! Accounts and their roles.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use base::id::{AccountId, OrganizationId, RegionId};

/// The role of an account, which decides what it may do.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Role {
    /// Counts for one organization; sees its own stock and shortages.
    Quartermaster,
    /// Reads for the bureau: a region and all below it.
    Viewer,
    /// Acts for the bureau: makes inspections and maintains reference data.
    Officer,
    /// Manages accounts; may do everything.
    Admin,
}

base::text_column!(Role);

/// An account that can sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The user name, in lower case.
    pub username: String,
    /// Its role.
    pub role: Role,
    /// The name of its holder.
    pub display_name: String,
    /// The organization or region it belongs to.
    pub belongs: Belongs,
    /// True once the account is closed.
    pub closed: bool,
}

/// The person who asks for a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account.
    pub account: AccountId,
    /// The person's name.
    pub name: String,
    /// The person's role.
    pub role: Role,
}

impl Account {
    /// Returns the holder as the author of a change.
    pub fn author(&self) -> Author {
        Author { account: self.id, name: self.display_name.clone(), role: self.role }
    }
}

/// An account with the details for those who manage it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// The account.
    pub account: Account,
    /// False if it signs in by enrolment only.
    pub has_password: bool,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time and reason of its closing.
    pub closing: Option<Closing>,
}

/// The end of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// The time.
    pub at: DateTime<Utc>,
    /// The reason, in words.
    pub reason: String,
}

/// True if the manager's role may manage accounts of the other role within its region: an officer quartermasters, an
/// admin all.
pub fn manages(manager: Role, managed: Role) -> bool {
    match manager {
        Role::Admin => true,
        Role::Officer => managed == Role::Quartermaster,
        Role::Viewer | Role::Quartermaster => false,
    }
}

/// The organization or region of an account, which limits what it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// One organization.
    Organization(OrganizationId),
    /// A region and all regions below it.
    Region(RegionId),
}
