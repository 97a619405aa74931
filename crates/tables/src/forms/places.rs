//! Regions, organizations, their facts, depots and declared targets.

use std::sync::Arc;

use super::{Cells, names};
use crate::choices::{Choice as _, SECTORS, TEAM_TYPES, code_of};
use crate::fault::Fault;
use crate::folding::plain;
use crate::row::{Placed, Row};
use crate::value::{Output, Value, read_quantity};
use domain::change::targets::NewDeclaration;
use domain::depot::{DepotVersion, Holding, NewDepot, Position};
use domain::fact::{FactKind, FactValue};
use domain::organization::{NewOrganization, OrganizationKind, OrganizationVersion};
use domain::region::{NewRegion, RegionVersion};

/// The word for a fact or a number that no longer holds.
pub const WITHDRAWN: &str = "withdrawn";

/// The fact that marks an organization's sheet complete.
pub const SHEET_COMPLETE: &str = "sheet_complete";

fn is_withdrawn(text: &str) -> bool {
    text.len() <= 40 && [WITHDRAWN, "撤回", "作废"].iter().any(|word| plain(word) == plain(text))
}

/// A region.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionRow {
    /// Its code.
    pub code: String,
    /// The new content.
    pub new: NewRegion,
}

impl RegionRow {
    /// A version of a region that is stored.
    pub fn of(code: &str, parent: Option<String>, version: RegionVersion) -> Self {
        let RegionVersion { name_en, name_zh, time_zone, validity_days, inspection_stands_days } = version;
        let time_zone = time_zone.map(|zone| zone.name().to_owned());
        let new =
            NewRegion { valid_from: None, parent, name_en, name_zh, time_zone, validity_days, inspection_stands_days };
        Self { code: code.to_owned(), new }
    }

    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        Self {
            code: row.code("code").unwrap_or_default(),
            new: NewRegion {
                valid_from: None,
                parent: row.code("parent"),
                name_en,
                name_zh,
                time_zone: row.text("time_zone", 64),
                validity_days: row.whole("validity_days", 1, 3650),
                inspection_stands_days: row.whole("inspection_stands_days", 1, 3650),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let Self { code, new } = self;
        vec![
            ("code", code.into()),
            ("parent", new.parent.clone().into()),
            ("name_en", (&new.name_en).into()),
            ("name_zh", (&new.name_zh).into()),
            ("time_zone", new.time_zone.clone().into()),
            ("validity_days", new.validity_days.into()),
            ("inspection_stands_days", new.inspection_stands_days.into()),
        ]
    }
}

/// An organization.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationRow {
    /// Its code.
    pub code: String,
    /// The new content.
    pub new: NewOrganization,
}

impl OrganizationRow {
    /// A version of an organization that is stored, with the codes of its region and its host.
    pub fn of(
        code: &str,
        region: String,
        kind: OrganizationKind,
        version: OrganizationVersion,
        hosted_by: Option<String>,
    ) -> Self {
        let OrganizationVersion { name_en, name_zh, organization_type, sector, hosted_by: _, active } = version;
        let new = NewOrganization {
            valid_from: None,
            region: Some(region),
            kind: Some(kind),
            name_en,
            name_zh,
            organization_type,
            sector,
            hosted_by,
            active: Some(active),
        };
        Self { code: code.to_owned(), new }
    }

    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        Self {
            code: row.code("code").unwrap_or_default(),
            new: NewOrganization {
                valid_from: None,
                region: row.code("region"),
                kind: row.choice("kind"),
                name_en,
                name_zh,
                organization_type: row.text("organization_type", 64).map(|word| code_of(&word, TEAM_TYPES)),
                sector: row.text("sector", 64).map(|word| code_of(&word, SECTORS)),
                hosted_by: row.code("hosted_by"),
                active: Some(row.flag("active").unwrap_or(true)),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let Self { code, new } = self;
        vec![
            ("code", code.into()),
            ("region", new.region.clone().into()),
            ("kind", new.kind.map(OrganizationKind::word).into()),
            ("name_en", (&new.name_en).into()),
            ("name_zh", (&new.name_zh).into()),
            ("organization_type", new.organization_type.clone().into()),
            ("sector", new.sector.clone().into()),
            ("hosted_by", new.hosted_by.clone().into()),
            ("active", new.active.into()),
        ]
    }
}

/// One fact of one organization as in the file; the dictionary decides how its cell is read.
#[derive(Clone, Debug, PartialEq)]
pub struct FactRow {
    /// The code of the organization.
    pub organization: Arc<str>,
    /// The key or a name of the fact, as in the file.
    pub fact: Arc<str>,
    /// Its cell.
    pub cell: Value,
}

impl FactRow {
    /// Reads the facts of a row: one, or one for each filled column.
    pub(crate) fn read(row: &mut Row<'_>) -> Vec<Placed<Self>> {
        let organization: Arc<str> = row.code("organization").unwrap_or_default().into();
        let valid_from = row.day("valid_from");
        if row.others().is_empty() {
            for key in ["fact", "value"] {
                if row.cell(key).is_empty() {
                    row.fault(key, "missing_field", |fault| fault);
                }
            }
            let fact = row.text("fact", 200).unwrap_or_default().into();
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
            Value::Text(text) | Value::Number(text) | Value::Formatted { number: text, .. } => text,
            Value::Flag(flag) => flag.word(),
            Value::TooLong => return Err(fault("not_a_number")),
            Value::Empty => return Err(fault("missing_field")),
            Value::Day(_) | Value::Time(_) => return Err(fault("day_unexpected")),
            Value::Error(_) => return Err(fault("cell_error")),
            Value::Uncalculated => return Err(fault("formula_not_calculated")),
        };
        let tag = || bool::named(text).map(FactValue::Tag);
        let number = || read_quantity(text).map(FactValue::Number);
        // What can only be of the other kind is that, and the rule book says what is wrong with it.
        match kind {
            FactKind::Number => number().or_else(|code| tag().ok_or_else(|| fault(code))),
            FactKind::Tag => tag()
                .map_or_else(number, Ok)
                .map_err(|_| Box::new(fault("unknown_value").with("choices", bool::accepted()))),
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
    /// The new content.
    pub new: NewDepot,
}

impl DepotRow {
    /// A version of a depot that is stored, with the code of its organization.
    pub fn of(code: &str, organization: String, version: DepotVersion) -> Self {
        let DepotVersion { name_en, name_zh, latitude, longitude, keeper, holding, open } = version;
        let new = NewDepot {
            valid_from: None,
            organization: Some(organization),
            name_en,
            name_zh,
            position: latitude.zip(longitude).map(|(lat, lon)| Position { lat, lon }),
            keeper,
            holding,
            open: Some(open),
        };
        Self { code: code.to_owned(), new }
    }

    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        let (latitude, longitude) = (row.degrees("latitude", 90.0), row.degrees("longitude", 180.0));
        for (one, other) in [("latitude", "longitude"), ("longitude", "latitude")] {
            if row.cell(one).is_empty() && !row.cell(other).is_empty() {
                let at = if row.has(one) { one } else { other };
                row.fault(at, "missing_field", |fault| fault);
            }
        }
        Self {
            code: row.code("code").unwrap_or_default(),
            new: NewDepot {
                valid_from: None,
                organization: row.code("organization"),
                name_en,
                name_zh,
                position: latitude.zip(longitude).map(|(lat, lon)| Position { lat, lon }),
                keeper: row.text("keeper", 200),
                holding: row.choice("holding").unwrap_or(Holding::Physical),
                open: Some(row.flag("open").unwrap_or(true)),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let Self { code, new } = self;
        vec![
            ("code", code.into()),
            ("organization", new.organization.clone().into()),
            ("name_en", (&new.name_en).into()),
            ("name_zh", (&new.name_zh).into()),
            ("latitude", new.position.map(|position| position.lat).into()),
            ("longitude", new.position.map(|position| position.lon).into()),
            ("keeper", new.keeper.clone().into()),
            ("holding", new.holding.word().into()),
            ("open", new.open.into()),
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
    /// The declaration.
    pub new: NewDeclaration,
}

impl TargetRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let withdrawn = matches!(row.cell("quantity"), Value::Text(text) if is_withdrawn(text));
        Self {
            organization: row.code("organization").unwrap_or_default(),
            rule: row.code("rule").unwrap_or_default(),
            new: NewDeclaration {
                quantity: if withdrawn { None } else { row.quantity("quantity") },
                valid_from: None,
                reason: row.long_text("reason", 1000),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("organization", (&self.organization).into()),
            ("rule", (&self.rule).into()),
            ("quantity", self.new.quantity.map_or_else(|| WITHDRAWN.into(), Output::from)),
            ("reason", self.new.reason.clone().into()),
        ]
    }
}
