//! Depots: the places where an organization keeps stock.

use serde::{Deserialize, Serialize};

use super::id::{DepotId, OrganizationId};
use super::revision::Dated;

/// How the stock of a depot is held.
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
    /// It lies in the organization's own store.
    Physical,
    /// Somebody else holds it under an agreement.
    Agreement,
    /// Somebody can make it at need.
    Capacity,
}

/// A depot with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Depot {
    /// Its id.
    pub id: DepotId,
    /// Its code, such as `T3-D1`; never changes.
    pub code: String,
    /// Whose stock it holds; never changes.
    pub organization_id: OrganizationId,
    /// What it was like, by day.
    pub versions: Vec<Dated<DepotVersion>>,
}

/// What a depot is like, from a day.
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
    /// Who keeps it.
    pub keeper: Option<String>,
    /// How its stock is held.
    pub holding: Holding,
    /// False from the day it was closed.
    pub open: bool,
}
