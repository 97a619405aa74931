//! Accounts: who may sign in, and as what.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::actor::Author;
use base::id::{AccountId, OrganizationId, RegionId};

/// What an account may do.
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
    /// Acts for the bureau: inspections, and what keeps the books true.
    Officer,
    /// Manages accounts; may do everything.
    Admin,
}

base::text_column!(Role);

/// Somebody who may sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The name it signs in with, in lower case.
    pub username: String,
    /// What it may do.
    pub role: Role,
    /// What people call its holder.
    pub display_name: String,
    /// Whose things it sees.
    pub belongs: Belongs,
    /// True once it may no longer sign in.
    pub closed: bool,
}

impl Account {
    /// Its holder as the author of a change.
    pub fn author(&self) -> Author {
        Author { account: self.id, name: self.display_name.clone(), role: self.role }
    }
}

/// An account with what only those who manage it are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// The account.
    pub account: Account,
    /// False where it signs in by enrolment only.
    pub has_password: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was closed, and why.
    pub closing: Option<Closing>,
}

/// The end of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, in words.
    pub reason: String,
}

/// True for a role that manages accounts of another within its region: an officer those who count, an admin all.
pub fn manages(manager: Role, managed: Role) -> bool {
    match manager {
        Role::Admin => true,
        Role::Officer => managed == Role::Quartermaster,
        Role::Viewer | Role::Quartermaster => false,
    }
}

/// Whose things an account sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// One organization's.
    Organization(OrganizationId),
    /// A region's and those of all regions below it.
    Region(RegionId),
}
