//! Organizations: rescue teams, enterprises and the bureau.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::revision::{Dated, Mend, in_force};
use base::id::{OrganizationId, RegionId};

/// The kind of an organization.
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
    /// A rescue team.
    RescueTeam,
    /// An enterprise with a filed emergency plan.
    Enterprise,
    /// The bureau itself.
    Bureau,
}

base::text_column!(OrganizationKind);

/// An organization with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its short code, such as `T3`; never changes.
    pub code: String,
    /// The region it lies in; never changes.
    pub region_id: RegionId,
    /// Its kind, for all days. A slip at the first entry is mended while nothing rests on it.
    pub kind: OrganizationKind,
    /// The mends of the kind, in the order of commits.
    pub mends: Vec<Mend<OrganizationKind>>,
    /// Its profiles, by day.
    pub versions: Vec<Dated<OrganizationVersion>>,
}

/// The profile of an organization from a day.
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
    /// Its unified social credit code.
    pub credit_code: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// False from the day on which it ceased to exist.
    pub active: bool,
}

impl Organization {
    /// Its profile on a day; `None` before its first day and after its last.
    pub fn active_on(&self, day: NaiveDate) -> Option<&OrganizationVersion> {
        in_force(&self.versions, day).map(|row| &row.value).filter(|version| version.active)
    }
}

/// A new profile of an organization from a day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2026-12-01", "region": "159900", "kind": "rescue_team", "name_en": "Chemicals brigade",
    "name_zh": "危险化学品救援队", "organization_type": "hazchem_brigade", "sector": "hazchem", "hosted_by": null,
    "active": true
}))]
pub struct NewOrganization {
    /// The first day; today if left out. It holds until the first day of the next profile.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The region it belongs to, by id or code. Required for a new organization; never changes.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "159900")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub region: Option<String>,
    /// Its kind. Required for a new organization; it changes only while nothing was counted in its depots, it declares no
    /// target, has no exemption, and neither is nor was a host or hosted.
    #[serde(default)]
    pub kind: Option<OrganizationKind>,
    /// Name in English; left out or blank, the same as in Chinese.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_en: String,
    /// Name in Chinese; left out or blank, the same as in English.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_zh: String,
    /// A team's type, such as `fire_station`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "hazchem_brigade")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub organization_type: Option<String>,
    /// The sector it works in, such as `hazchem`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "hazchem")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub sector: Option<String>,
    /// The organization whose brigade it is, by id or code.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "HC-01")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub hosted_by: Option<String>,
    /// Its unified social credit code (GB 32100-2015), whose last sign is checked.
    #[serde(default)]
    #[schema(min_length = 18, max_length = 18, example = "9144030071526726XG")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub credit_code: Option<String>,
    /// Its address.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, example = "12 Industrial Road")]
    #[validate(length(min = 1, max = 300), non_control_character)]
    pub address: Option<String>,
    /// False from the day it ceased to exist. Left out, it stays as it is; a new one is active.
    #[serde(default)]
    pub active: Option<bool>,
}
