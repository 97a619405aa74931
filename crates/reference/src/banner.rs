//! The demo's fictitious banner: regions and adoptions, organizations with their facts, depots, declared targets.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::read::{File, ReferenceError, json};
use base::quantity::Quantity;
use domain::depot::{Datum, DepotVersion, Holding, Position};
use domain::fact::{FactKey, FactValue};
use domain::organization::OrganizationKind;
use domain::region::RegionVersion;
use domain::rule::Strength;
use domain::standard::StandardCode;

const REGION: File = ("demo/region.json", include_str!("../../../data/demo/region.json"));
const ORGANIZATIONS: File = ("demo/organizations.json", include_str!("../../../data/demo/organizations.json"));
const DEPOTS: File = ("demo/depots.json", include_str!("../../../data/demo/depots.json"));
const TARGETS: File = ("demo/targets.json", include_str!("../../../data/demo/targets.json"));

/// The demo's banner. Entries refer to each other by code.
#[derive(Clone, Debug, PartialEq)]
pub struct Banner {
    /// Its regions, parents first.
    pub regions: Vec<RegionEntry>,
    /// Its adoptions of standards.
    pub adoptions: Vec<AdoptionEntry>,
    /// Its teams and enterprises.
    pub organizations: Vec<OrganizationEntry>,
    /// Their depots.
    pub depots: Vec<DepotEntry>,
    /// Their declared targets.
    pub targets: Vec<TargetEntry>,
}

/// A region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionEntry {
    /// Its code.
    pub code: String,
    /// The code of the region above it.
    pub parent: Option<String>,
    /// Its names and settings.
    pub version: RegionVersion,
}

/// The adoption of a standard by a region.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptionEntry {
    /// The code of the region.
    pub region: String,
    /// The standard.
    pub standard: StandardCode,
    /// Its strength.
    pub strength: Strength,
    /// The first day.
    pub valid_from: NaiveDate,
}

/// An organization with its facts.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationEntry {
    /// Its code.
    pub code: String,
    /// Its kind.
    pub kind: OrganizationKind,
    /// A team's type.
    pub organization_type: Option<String>,
    /// An enterprise's sector.
    pub sector: Option<String>,
    /// The code of the enterprise whose brigade it is.
    pub hosted_by: Option<String>,
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// True if an officer marked the sheet complete.
    pub sheet_complete: bool,
    /// Its facts.
    pub facts: Vec<(FactKey, FactValue)>,
}

/// A depot.
#[derive(Clone, Debug, PartialEq)]
pub struct DepotEntry {
    /// Its code.
    pub code: String,
    /// The code of its organization.
    pub organization: String,
    /// The name of its keeper.
    pub keeper: Option<String>,
    /// Its description, which names no keeper.
    pub version: DepotVersion,
}

/// An organization's declared target for a rule that says "as needed".
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetEntry {
    /// The code of the organization.
    pub organization: String,
    /// The code of the rule.
    pub rule: String,
    /// The quantity.
    pub quantity: Quantity,
    /// The first day.
    pub valid_from: NaiveDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionFile {
    regions: Vec<RegionRow>,
    adoptions: Vec<AdoptionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionRow {
    code: String,
    name_en: String,
    name_zh: String,
    parent: Option<String>,
    time_zone: Option<String>,
    validity_days: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganizationRow {
    code: String,
    kind: OrganizationKind,
    organization_type: Option<String>,
    sector: Option<String>,
    hosted_by: Option<String>,
    name_en: String,
    name_zh: String,
    sheet_complete: bool,
    /// The raw values: earlier parsing into number, `true` and `false` would lose digits.
    facts: BTreeMap<FactKey, Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DepotRow {
    code: String,
    organization: String,
    name_en: String,
    name_zh: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    keeper: Option<String>,
    holding: Holding,
}

impl Banner {
    /// Reads the banner embedded in the binary.
    ///
    /// # Errors
    /// Names the file and the place of the first unreadable value.
    pub fn load() -> Result<Self, ReferenceError> {
        let RegionFile { regions, adoptions } = json(REGION)?;
        let organizations: Vec<OrganizationRow> = json(ORGANIZATIONS)?;
        let depots: Vec<DepotRow> = json(DEPOTS)?;
        Ok(Self {
            regions: regions.into_iter().map(region).collect::<Result<_, _>>()?,
            adoptions,
            organizations: organizations.into_iter().map(organization).collect::<Result<_, _>>()?,
            depots: depots.into_iter().map(depot).collect(),
            targets: json(TARGETS)?,
        })
    }
}

fn region(row: RegionRow) -> Result<RegionEntry, ReferenceError> {
    let time_zone: Option<Tz> = row
        .time_zone
        .map(|zone| {
            zone.parse().map_err(|error| ReferenceError::new(REGION, format!("region {}, time_zone", row.code), error))
        })
        .transpose()?;
    Ok(RegionEntry {
        code: row.code,
        parent: row.parent,
        version: RegionVersion {
            name_en: row.name_en,
            name_zh: row.name_zh,
            time_zone,
            validity_days: row.validity_days,
            inspection_stands_days: None,
        },
    })
}

fn organization(row: OrganizationRow) -> Result<OrganizationEntry, ReferenceError> {
    let facts = row
        .facts
        .into_iter()
        .map(|(key, value)| {
            let value = fact_value(&value).map_err(|problem| {
                ReferenceError::new(ORGANIZATIONS, format!("organization {}, fact {key}", row.code), problem)
            })?;
            Ok((key, value))
        })
        .collect::<Result<_, _>>()?;
    Ok(OrganizationEntry {
        code: row.code,
        kind: row.kind,
        organization_type: row.organization_type,
        sector: row.sector,
        hosted_by: row.hosted_by,
        name_en: row.name_en,
        name_zh: row.name_zh,
        sheet_complete: row.sheet_complete,
        facts,
    })
}

fn fact_value(value: &RawValue) -> Result<FactValue, String> {
    match value.get() {
        "true" => Ok(FactValue::Tag(true)),
        "false" => Ok(FactValue::Tag(false)),
        number => number.parse().map(FactValue::Number).map_err(|error| format!("{number} {error}")),
    }
}

fn depot(row: DepotRow) -> DepotEntry {
    DepotEntry {
        code: row.code,
        organization: row.organization,
        keeper: row.keeper,
        version: DepotVersion {
            name_en: row.name_en,
            name_zh: row.name_zh,
            position: row.latitude.zip(row.longitude).map(|(lat, lon)| Position { lat, lon, datum: Datum::default() }),
            keeper: None,
            second_keeper: None,
            holding: row.holding,
            open: true,
        },
    }
}
