//! Organizations: rescue teams, enterprises and the bureau.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::{OrganizationId, RegionId};
use super::revision::{Dated, in_force};

/// What sort of organization it is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum OrganizationKind {
    /// A team that goes out to rescue.
    RescueTeam,
    /// An enterprise with a filed emergency plan.
    Enterprise,
    /// The bureau itself.
    Bureau,
}

/// An organization with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its short code, such as `T3`; never changes.
    pub code: String,
    /// The region it lies in; never changes.
    pub region_id: RegionId,
    /// What sort it is; never changes.
    pub kind: OrganizationKind,
    /// What it was called and did, by day.
    pub versions: Vec<Dated<OrganizationVersion>>,
}

/// What an organization is called and does, from a day.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationVersion {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// A team's type, such as `fire_station`.
    pub organization_type: Option<String>,
    /// The sector it works in, such as `hazchem`.
    pub sector: Option<String>,
    /// The enterprise whose brigade it is. Team rules bind the brigade, not its host again.
    pub hosted_by: Option<OrganizationId>,
    /// False from the day it ceased to be.
    pub active: bool,
}

impl Organization {
    /// What it is called and does on a day; `None` before it was and once it has ceased to be.
    pub fn active_on(&self, day: NaiveDate) -> Option<&OrganizationVersion> {
        in_force(&self.versions, day).map(|row| &row.value).filter(|version| version.active)
    }
}
