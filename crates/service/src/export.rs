//! Export of the data as tables that can be imported again.
//!
//! Each change of a history is a row with its day: imported into an empty database, the tables give the same tables
//! again. The time of each change is not in them.

use std::collections::BTreeMap;

use super::import::Reach;
use super::import::ledger::turns;
use super::import::state::row_of;
use base::error::Error;
use base::id::{OrganizationId, RegionId};
use db::connection::AnyConnection;
use domain::fact::FactValue;
use domain::organization::Organization;
use domain::revision::Revision;
use tables::form::Form;
use tables::forms::{
    AdoptionRow, Cells, ClassRow, DefinitionRow, DepotRow, ItemRow, RegionRow, RuleRow, SHEET_COMPLETE, StandardRow,
    TargetRow,
};
use tables::{Output, Sheet};

/// The tables of some forms, with headers in Chinese or English: all that the reach covers, or no rows for templates.
///
/// # Errors
/// If the database fails.
pub fn sheets(
    connection: &mut AnyConnection,
    forms: &[Form],
    (chinese, reach): (bool, Reach),
) -> Result<Vec<Sheet>, Error> {
    let mut seen = Seen::load(connection, reach)?;
    forms.iter().map(|form| Ok(Sheet { form: *form, chinese, rows: seen.rows(connection, *form)? })).collect()
}

/// The same tables, with headers only.
pub fn templates(forms: &[Form], chinese: bool) -> Vec<Sheet> {
    forms.iter().map(|form| Sheet { form: *form, chinese, rows: Vec::new() }).collect()
}

struct Seen {
    regions: BTreeMap<RegionId, String>,
    organizations: Vec<Organization>,
    codes: BTreeMap<OrganizationId, String>,
    ids: Vec<OrganizationId>,
}

fn dated(mut cells: Cells, day: chrono::NaiveDate) -> Cells {
    cells.push(("valid_from", day.into()));
    cells
}

impl Seen {
    fn load(connection: &mut AnyConnection, reach: Reach) -> Result<Self, Error> {
        let all = db::organizations::list(connection, Revision::LATEST)?;
        let codes = all.iter().map(|one| (one.id, one.code.clone())).collect();
        let organizations = match reach {
            Reach::Everything => all,
            Reach::Of(belongs) => db::organizations::list_visible(connection, belongs, Revision::LATEST)?,
        };
        let regions = db::regions::list(connection, Revision::LATEST)?;
        let regions = regions.into_iter().map(|region| (region.id, region.code)).collect();
        Ok(Self { regions, ids: organizations.iter().map(|one| one.id).collect(), organizations, codes })
    }

    fn code(&self, id: OrganizationId) -> String {
        self.codes.get(&id).cloned().unwrap_or_default()
    }

    fn rows(&mut self, connection: &mut AnyConnection, form: Form) -> Result<Vec<Cells>, Error> {
        match form {
            Form::Regions => self.regions(connection),
            Form::ItemClasses => classes(connection),
            Form::Items => items(connection),
            Form::Dictionary => dictionary(connection),
            Form::Organizations => Ok(self.organizations()),
            Form::Facts => self.facts(connection),
            Form::Depots => self.depots(connection),
            Form::Standards => standards(connection),
            Form::Rules => rules(connection),
            Form::Adoptions => self.adoptions(connection),
            Form::Targets => self.targets(connection),
        }
    }

    fn regions(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let mut rows = Vec::new();
        for region in db::regions::list(connection, Revision::LATEST)? {
            let parent = region.parent_id.and_then(|id| self.regions.get(&id)).cloned();
            for (day, version) in turns(&region.versions, None) {
                let row = RegionRow { code: region.code.clone(), parent: parent.clone(), version };
                rows.push(dated(row.cells(), day));
            }
        }
        Ok(rows)
    }

    fn organizations(&self) -> Vec<Cells> {
        let mut rows = Vec::new();
        for one in &self.organizations {
            let region = self.regions.get(&one.region_id).cloned().unwrap_or_default();
            for (day, version) in turns(&one.versions, None) {
                rows.push(dated(row_of((&one.code, &region, one.kind), &version, &self.codes).cells(), day));
            }
        }
        rows
    }

    fn facts(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let sheets = db::facts::list_sheets(connection, &self.ids, Revision::LATEST)?;
        let mut rows = Vec::new();
        for one in &self.organizations {
            let Some(sheet) = sheets.get(&one.id) else { continue };
            let mut push = |fact: &str, value: Output, day| {
                let cells: Cells = vec![("organization", (&one.code).into()), ("fact", fact.into()), ("value", value)];
                rows.push(dated(cells, day));
            };
            for (key, versions) in &sheet.facts {
                for (day, value) in turns(versions, Some(&FactValue::Withdrawn)) {
                    push(key, value.into(), day);
                }
            }
            for (day, complete) in turns(&sheet.complete, Some(&false)) {
                push(SHEET_COMPLETE, complete.into(), day);
            }
        }
        Ok(rows)
    }

    fn depots(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let mut rows = Vec::new();
        for depot in db::depots::list(connection, &self.ids, Revision::LATEST)? {
            let organization = self.code(depot.organization_id);
            for (day, version) in turns(&depot.versions, None) {
                let row = DepotRow { code: depot.code.clone(), organization: organization.clone(), version };
                rows.push(dated(row.cells(), day));
            }
        }
        Ok(rows)
    }

    fn adoptions(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let mut rows = Vec::new();
        for adoption in db::standards::list_adoptions(connection, Revision::LATEST)? {
            let region = self.regions.get(&adoption.region_id).cloned().unwrap_or_default();
            for (day, strength) in turns(&adoption.versions, Some(&None)) {
                let row = AdoptionRow { region: region.clone(), standard: adoption.standard.clone(), strength };
                rows.push(((row.region.clone(), row.standard.clone(), day), dated(row.cells(), day)));
            }
        }
        // By code, because ids of regions differ between databases.
        rows.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(rows.into_iter().map(|(_, cells)| cells).collect())
    }

    fn targets(&self, connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
        let targets = db::targets::list(connection, &self.ids, Revision::LATEST)?;
        let mut rows = Vec::new();
        for one in &self.organizations {
            for target in targets.get(&one.id).into_iter().flatten() {
                for (day, quantity) in turns(&target.versions, Some(&None)) {
                    let row = TargetRow { organization: one.code.clone(), rule: target.rule.clone(), quantity };
                    rows.push(dated(row.cells(), day));
                }
            }
        }
        Ok(rows)
    }
}

fn classes(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for (code, versions) in db::items::list_classes(connection, Revision::LATEST)? {
        for (day, class) in turns(&versions, None) {
            rows.push(dated(ClassRow { code: code.clone(), class }.cells(), day));
        }
    }
    Ok(rows)
}

fn items(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for (code, item) in db::items::list(connection, Revision::LATEST)? {
        for (day, version) in turns(&item.versions, None) {
            let (unit, measured) = (item.unit.clone(), item.measured);
            let row = ItemRow { code: code.clone(), unit, measured, version };
            rows.push(dated(row.cells(), day));
        }
    }
    Ok(rows)
}

fn dictionary(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for entry in db::facts::list_definitions(connection, Revision::LATEST)? {
        for (day, text) in turns(&entry.versions, None) {
            let row = DefinitionRow { key: entry.key.clone(), kind: entry.kind, unit: entry.unit.clone(), text };
            rows.push(dated(row.cells(), day));
        }
    }
    Ok(rows)
}

fn standards(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for standard in db::standards::list(connection, Revision::LATEST)? {
        for (day, document) in turns(&standard.versions, None) {
            rows.push(dated(StandardRow { code: standard.code.clone(), document }.cells(), day));
        }
    }
    Ok(rows)
}

fn rules(connection: &mut AnyConnection) -> Result<Vec<Cells>, Error> {
    let mut rows = Vec::new();
    for standard in db::standards::list(connection, Revision::LATEST)? {
        for history in &standard.rules {
            for (day, rule) in turns(&history.versions, Some(&None)) {
                let row = RuleRow { code: history.code.clone(), standard: standard.code.clone(), rule };
                rows.push(dated(row.cells(), day));
            }
        }
    }
    Ok(rows)
}
