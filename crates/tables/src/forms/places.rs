//! Regions, organizations, their facts, depots and declared targets.

use super::{Cells, names};
use crate::choices::{Choice as _, SECTORS, TEAM_TYPES, code_of};
use crate::fault::Fault;
use crate::row::{Placed, Row, read_quantity};
use crate::value::{Output, Value, plain};
use base::quantity::Quantity;
use domain::depot::{DepotVersion, Holding};
use domain::fact::{FactKind, FactValue};
use domain::organization::OrganizationKind;
use domain::region::RegionVersion;

/// The word for a fact or a number that no longer holds.
pub const WITHDRAWN: &str = "withdrawn";

/// The fact that marks an organization's sheet complete.
pub const SHEET_COMPLETE: &str = "sheet_complete";

fn is_withdrawn(text: &str) -> bool {
    [WITHDRAWN, "撤回", "作废"].iter().any(|word| plain(word) == plain(text))
}

/// A region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionRow {
    /// Its code.
    pub code: String,
    /// The code of the region above it.
    pub parent: Option<String>,
    /// Its names and settings.
    pub version: RegionVersion,
}

impl RegionRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        let time_zone = row.text("time_zone", 64).and_then(|name| {
            let zone = name.parse().ok();
            if zone.is_none() {
                row.fault("time_zone", "not_a_time_zone", |fault| fault);
            }
            zone
        });
        Self {
            code: row.code("code").unwrap_or_default(),
            parent: row.code("parent"),
            version: RegionVersion { name_en, name_zh, time_zone, validity_days: row.whole("validity_days", 1, 3650) },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("code", (&self.code).into()),
            ("parent", self.parent.clone().into()),
            ("name_en", (&self.version.name_en).into()),
            ("name_zh", (&self.version.name_zh).into()),
            ("time_zone", self.version.time_zone.map(|zone| zone.name()).into()),
            ("validity_days", self.version.validity_days.into()),
        ]
    }
}

/// An organization.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationRow {
    /// Its code.
    pub code: String,
    /// The code of its region.
    pub region: String,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// A team's type.
    pub organization_type: Option<String>,
    /// The sector it works in.
    pub sector: Option<String>,
    /// The code of the enterprise whose brigade it is.
    pub hosted_by: Option<String>,
    /// False once it has ceased to exist.
    pub active: bool,
}

impl OrganizationRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        Self {
            code: row.code("code").unwrap_or_default(),
            region: row.code("region").unwrap_or_default(),
            kind: row.choice("kind").unwrap_or(OrganizationKind::Enterprise),
            name_en,
            name_zh,
            organization_type: row.text("organization_type", 64).map(|word| code_of(&word, TEAM_TYPES)),
            sector: row.text("sector", 64).map(|word| code_of(&word, SECTORS)),
            hosted_by: row.code("hosted_by"),
            active: row.flag("active").unwrap_or(true),
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("code", (&self.code).into()),
            ("region", (&self.region).into()),
            ("kind", self.kind.word().into()),
            ("name_en", (&self.name_en).into()),
            ("name_zh", (&self.name_zh).into()),
            ("organization_type", self.organization_type.clone().into()),
            ("sector", self.sector.clone().into()),
            ("hosted_by", self.hosted_by.clone().into()),
            ("active", self.active.into()),
        ]
    }
}

/// One fact of one organization as in the file; the dictionary decides how its cell is read.
#[derive(Clone, Debug, PartialEq)]
pub struct FactRow {
    /// The code of the organization.
    pub organization: String,
    /// The key or a name of the fact, as in the file.
    pub fact: String,
    /// Its cell.
    pub cell: Value,
}

impl FactRow {
    /// Reads the facts of a row: one, or one for each filled column.
    pub(crate) fn read(row: &mut Row<'_>) -> Vec<Placed<Self>> {
        let organization = row.code("organization").unwrap_or_default();
        let valid_from = row.day("valid_from");
        if row.others().is_empty() {
            for key in ["fact", "value"] {
                if row.cell(key).is_empty() {
                    row.fault(key, "missing", |fault| fault);
                }
            }
            let fact = row.text("fact", 200).unwrap_or_default();
            let cell = row.cell("value").clone();
            return vec![row.fact(None, valid_from, Self { organization, fact, cell })];
        }
        let filled = row.others().iter().filter(|(at, _)| !row.cell_at(*at).is_empty());
        filled
            .map(|(at, name)| {
                let cell = row.cell_at(*at).clone();
                row.fact(Some(*at), valid_from, Self { organization: organization.clone(), fact: name.clone(), cell })
            })
            .collect()
    }

    /// True for the mark that the sheet is complete.
    pub fn is_sheet_mark(&self) -> bool {
        [SHEET_COMPLETE, "资料齐全", "已核实完整", "complete"].iter().any(|name| plain(name) == plain(&self.fact))
    }
}

impl Placed<FactRow> {
    /// Reads the cell as a fact of a kind.
    ///
    /// # Errors
    /// The fault in the cell.
    pub fn read_as(&self, kind: FactKind) -> Result<FactValue, Box<Fault>> {
        let fault = |code| Box::new(Fault { value: self.value.cell.shown(), ..self.fault("value", code) });
        let text = match &self.value.cell {
            Value::Text(text) if is_withdrawn(text) => return Ok(FactValue::Withdrawn),
            Value::Text(text) | Value::Number(text) => text.clone(),
            Value::Flag(flag) => flag.word().to_owned(),
            Value::Empty => return Err(fault("missing")),
            Value::Day(_) | Value::Time(_) => return Err(fault("day_unexpected")),
            Value::Error(_) => return Err(fault("cell_error")),
            Value::Uncalculated => return Err(fault("formula_not_calculated")),
        };
        match kind {
            FactKind::Number => read_quantity(&text).map(FactValue::Number).map_err(fault),
            FactKind::Tag => bool::named(&text)
                .map(FactValue::Tag)
                .ok_or_else(|| Box::new(fault("not_a_choice").with("choices", bool::accepted()))),
        }
    }
}

/// Converts a fact to its cell.
impl From<FactValue> for Output {
    fn from(value: FactValue) -> Self {
        match value {
            FactValue::Number(number) => Self::Number(number),
            FactValue::Tag(tag) => Self::Flag(tag),
            FactValue::Withdrawn => Self::Text(WITHDRAWN.to_owned()),
        }
    }
}

/// A depot.
#[derive(Clone, Debug, PartialEq)]
pub struct DepotRow {
    /// Its code.
    pub code: String,
    /// The code of its organization.
    pub organization: String,
    /// Its description.
    pub version: DepotVersion,
}

impl DepotRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        let (latitude, longitude) = (row.degrees("latitude", 90.0), row.degrees("longitude", 180.0));
        for (one, other) in [("latitude", "longitude"), ("longitude", "latitude")] {
            if row.cell(one).is_empty() && !row.cell(other).is_empty() {
                row.fault(other, "half_a_position", |fault| fault);
            }
        }
        Self {
            code: row.code("code").unwrap_or_default(),
            organization: row.code("organization").unwrap_or_default(),
            version: DepotVersion {
                name_en,
                name_zh,
                latitude,
                longitude,
                keeper: row.text("keeper", 200),
                holding: row.choice("holding").unwrap_or(Holding::Physical),
                open: row.flag("open").unwrap_or(true),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let version = &self.version;
        vec![
            ("code", (&self.code).into()),
            ("organization", (&self.organization).into()),
            ("name_en", (&version.name_en).into()),
            ("name_zh", (&version.name_zh).into()),
            ("latitude", version.latitude.into()),
            ("longitude", version.longitude.into()),
            ("keeper", version.keeper.clone().into()),
            ("holding", version.holding.word().into()),
            ("open", version.open.into()),
        ]
    }
}

/// An organization's declared target for a rule that says "as needed".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRow {
    /// The code of the organization.
    pub organization: String,
    /// The code of the rule.
    pub rule: String,
    /// The quantity; `None` withdraws it.
    pub quantity: Option<Quantity>,
}

impl TargetRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let withdrawn = matches!(row.cell("quantity"), Value::Text(text) if is_withdrawn(text));
        Self {
            organization: row.code("organization").unwrap_or_default(),
            rule: row.code("rule").unwrap_or_default(),
            quantity: if withdrawn { None } else { row.quantity("quantity") },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("organization", (&self.organization).into()),
            ("rule", (&self.rule).into()),
            ("quantity", self.quantity.map_or_else(|| WITHDRAWN.into(), Output::from)),
        ]
    }
}
