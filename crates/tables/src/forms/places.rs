//! Regions, organizations, their facts, depots and declared targets.

use std::sync::Arc;

use super::{Cells, names};
use crate::choices::{Choice, SECTORS, TEAM_TYPES, code_of};
use crate::fault::Fault;
use crate::folding::plain;
use crate::row::{Placed, Row};
use crate::value::{Output, Value, read_quantity};
use domain::change::targets::NewDeclaration;
use domain::contact::ContactRole;
use domain::depot::{Datum, DepotVersion, Holding, NewDepot, Position};
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
    /// The row of a stored version.
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
    /// Its contacts.
    pub contacts: Vec<ContactCells>,
}

/// The cells of a contact: its columns, the name and the telephone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactCells {
    /// The role.
    pub role: ContactRole,
    /// The column of the name; empty for a telephone without one.
    pub name_column: &'static str,
    /// The column of the telephone.
    pub phone_column: &'static str,
    /// The name.
    pub name: Option<String>,
    /// The telephone.
    pub phone: Option<String>,
}

/// The columns of an organization's contacts.
const ORGANIZATION_CONTACTS: [(ContactRole, &str, &str); 3] = [
    (ContactRole::LegalRepresentative, "legal_representative", "legal_representative_phone"),
    (ContactRole::SafetyHead, "safety_head", "safety_head_phone"),
    (ContactRole::Duty, "", "duty_phone"),
];

/// The columns of a depot's contacts.
const DEPOT_CONTACTS: [(ContactRole, &str, &str); 2] = [
    (ContactRole::Keeper, "keeper", "keeper_phone"),
    (ContactRole::SecondKeeper, "second_keeper", "second_keeper_phone"),
];

impl ContactCells {
    fn read(row: &mut Row<'_>, columns: &[(ContactRole, &'static str, &'static str)]) -> Vec<Self> {
        let read = |(role, name_column, phone_column): &(ContactRole, &'static str, &'static str)| {
            let name = if name_column.is_empty() { None } else { row.text(name_column, 200) };
            let phone = row.text(phone_column, 100);
            Self { role: *role, name_column, phone_column, name, phone }
        };
        columns.iter().map(read).collect()
    }

    /// The cells of the contacts, as `of` knows the person of a role.
    fn of(
        columns: &[(ContactRole, &'static str, &'static str)],
        of: impl Fn(ContactRole) -> (Option<String>, Option<String>),
    ) -> Vec<Self> {
        let cells = |(role, name_column, phone_column): &(ContactRole, &'static str, &'static str)| {
            let (name, phone) = of(*role);
            Self { role: *role, name_column, phone_column, name, phone }
        };
        columns.iter().map(cells).collect()
    }

    fn cells(&self) -> impl Iterator<Item = (&'static str, Output)> {
        let named = (!self.name_column.is_empty()).then(|| (self.name_column, self.name.clone().into()));
        named.into_iter().chain([(self.phone_column, self.phone.clone().into())])
    }
}

impl OrganizationRow {
    /// The row of a stored version, with the codes of its region and its host.
    pub fn of(
        code: &str,
        region: String,
        kind: OrganizationKind,
        version: OrganizationVersion,
        hosted_by: Option<String>,
        person: impl Fn(ContactRole) -> (Option<String>, Option<String>),
    ) -> Self {
        let OrganizationVersion {
            name_en,
            name_zh,
            organization_type,
            sector,
            hosted_by: _,
            credit_code,
            address,
            active,
        } = version;
        let new = NewOrganization {
            valid_from: None,
            region: Some(region),
            kind: Some(kind),
            name_en,
            name_zh,
            organization_type,
            sector,
            hosted_by,
            credit_code,
            address,
            active: Some(active),
        };
        Self { code: code.to_owned(), new, contacts: ContactCells::of(&ORGANIZATION_CONTACTS, person) }
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
                credit_code: row.text("credit_code", 64),
                address: row.text("address", 300),
                active: Some(row.flag("active").unwrap_or(true)),
            },
            contacts: ContactCells::read(row, &ORGANIZATION_CONTACTS),
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let Self { code, new, contacts } = self;
        let mut cells: Cells = vec![
            ("code", code.into()),
            ("region", new.region.clone().into()),
            ("kind", new.kind.map(OrganizationKind::word).into()),
            ("name_en", (&new.name_en).into()),
            ("name_zh", (&new.name_zh).into()),
            ("organization_type", new.organization_type.clone().into()),
            ("sector", new.sector.clone().into()),
            ("hosted_by", new.hosted_by.clone().into()),
            ("credit_code", new.credit_code.clone().into()),
            ("address", new.address.clone().into()),
        ];
        cells.extend(contacts.iter().flat_map(ContactCells::cells));
        cells.push(("active", new.active.into()));
        cells
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
        // A value that can only be of the other kind is read as that kind, and the rule book reports it.
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
    /// Its keepers.
    pub contacts: Vec<ContactCells>,
    /// The latitude and the longitude of a row that does not say their datum: no position, unless it is the one that is stored.
    pub without_datum: Option<(f64, f64)>,
}

impl DepotRow {
    /// The row of a stored version, with the code of its organization and the persons who keep it.
    pub fn of(
        code: &str,
        organization: String,
        version: DepotVersion,
        person: impl Fn(ContactRole) -> (Option<String>, Option<String>),
    ) -> Self {
        let DepotVersion { name_en, name_zh, position, keeper: _, second_keeper: _, holding, open } = version;
        let new = NewDepot {
            valid_from: None,
            organization: Some(organization),
            name_en,
            name_zh,
            position,
            keeper: person(ContactRole::Keeper).0,
            second_keeper: person(ContactRole::SecondKeeper).0,
            holding,
            open: Some(open),
        };
        Self { code: code.to_owned(), new, contacts: ContactCells::of(&DEPOT_CONTACTS, person), without_datum: None }
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
        let datum = row.choice::<Datum>("datum");
        let degrees = latitude.zip(longitude);
        let contacts = ContactCells::read(row, &DEPOT_CONTACTS);
        let keeper = |role| contacts.iter().find(|one| one.role == role).and_then(|one| one.name.clone());
        Self {
            code: row.code("code").unwrap_or_default(),
            new: NewDepot {
                valid_from: None,
                organization: row.code("organization"),
                name_en,
                name_zh,
                position: degrees.zip(datum).map(|((lat, lon), datum)| Position { lat, lon, datum }),
                keeper: keeper(ContactRole::Keeper),
                second_keeper: keeper(ContactRole::SecondKeeper),
                holding: row.choice("holding").unwrap_or(Holding::Physical),
                open: Some(row.flag("open").unwrap_or(true)),
            },
            contacts,
            without_datum: degrees.filter(|_| datum.is_none()),
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let Self { code, new, contacts, without_datum: _ } = self;
        let mut cells: Cells = vec![
            ("code", code.into()),
            ("organization", new.organization.clone().into()),
            ("name_en", (&new.name_en).into()),
            ("name_zh", (&new.name_zh).into()),
            ("latitude", new.position.map(|position| position.lat).into()),
            ("longitude", new.position.map(|position| position.lon).into()),
            ("datum", new.position.map(|position| position.datum.word()).into()),
        ];
        cells.extend(contacts.iter().flat_map(ContactCells::cells));
        cells.extend([("holding", new.holding.word().into()), ("open", new.open.into())]);
        cells
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
