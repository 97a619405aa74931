//! Accounts: who may sign in, and as what.

use serde::{Deserialize, Serialize};

use super::id::{AccountId, OrganizationId, RegionId};

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

/// Whose things an account sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// One organization's.
    Organization(OrganizationId),
    /// A region's and those of all regions below it.
    Region(RegionId),
}
