//! Depots: the places where an organization keeps stock.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::naming::in_both;
use super::revision::{Dated, Mend, in_force};
use base::id::{DepotId, OrganizationId};

/// The way the stock of a depot is held.
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
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Holding {
    /// Kept in the organization's own store.
    Physical,
    /// Held by another party under an agreement.
    Agreement,
    /// Not in stock: another party can produce it when needed.
    Capacity,
}

base::text_column!(Holding);

/// A depot with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Depot {
    /// Its id.
    pub id: DepotId,
    /// Its code, such as `T3-D1`; never changes.
    pub code: String,
    /// The organization it belongs to, for all days. A slip at the first entry is mended while nothing was counted in it.
    pub organization_id: OrganizationId,
    /// The mends of the owner, in the order of commits.
    pub mends: Vec<Mend<OrganizationId>>,
    /// Its descriptions, by day.
    pub versions: Vec<Dated<DepotVersion>>,
}

/// The description of a depot from a day.
#[derive(Clone, Debug, PartialEq)]
pub struct DepotVersion {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// WGS 84 latitude in degrees.
    pub latitude: Option<f64>,
    /// WGS 84 longitude in degrees.
    pub longitude: Option<f64>,
    /// The keeper.
    pub keeper: Option<String>,
    /// The way its stock is held.
    pub holding: Holding,
    /// False from the day it was closed.
    pub open: bool,
}

/// A position in WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lat": 41.05, "lon": 113.1}))]
pub struct Position {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    #[validate(range(min = -90.0, max = 90.0))]
    pub lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    #[validate(range(min = -180.0, max = 180.0))]
    pub lon: f64,
}

/// A new description of a depot from a day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2026-12-01", "organization": "T3", "name_en": "North store", "name_zh": "北库",
    "position": {"lat": 41.05, "lon": 113.1}, "keeper": "Storekeeper of T3", "holding": "physical", "open": true
}))]
pub struct NewDepot {
    /// The first day; today if left out. It holds until the first day of the next description.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The organization it belongs to, by id or code. Required for a new depot; it changes only while nothing was counted in the
    /// depot.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64, example = "T3")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub organization: Option<String>,
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
    /// Its position, if known.
    #[serde(default)]
    #[validate(nested)]
    pub position: Option<Position>,
    /// The keeper.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200, example = "Storekeeper of T3")]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub keeper: Option<String>,
    /// The way its stock is held.
    pub holding: Holding,
    /// False to close it, true to open it. Left out, it stays as it is; a new one is open.
    #[serde(default)]
    pub open: Option<bool>,
}

impl NewDepot {
    /// Completes the new description from the stored one.
    pub fn version(&self, stored: Option<&Depot>, from: NaiveDate) -> DepotVersion {
        let as_it_is = stored.and_then(|depot| in_force(&depot.versions, from)).is_none_or(|row| row.value.open);
        let (name_en, name_zh) = in_both(&self.name_en, &self.name_zh);
        DepotVersion {
            name_en,
            name_zh,
            latitude: self.position.map(|position| position.lat),
            longitude: self.position.map(|position| position.lon),
            keeper: self.keeper.clone(),
            holding: self.holding,
            open: self.open.unwrap_or(as_it_is),
        }
    }
}
