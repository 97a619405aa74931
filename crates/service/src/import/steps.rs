//! What an import writes, thing by thing.

use chrono::NaiveDate;

use super::ledger::Fate;
use super::plan::Plan;
use super::state::Ids;
use base::error::Error;
use db::sql_types::Day;
use db::write::Change;
use domain::fact::FactValue;
use domain::organization::OrganizationVersion;
use tables::forms::{
    AdoptionRow, ClassRow, DefinitionRow, DepotRow, ItemRow, OrganizationRow, RegionRow, RuleRow, StandardRow,
    TargetRow,
};

/// One row to be written.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Region(RegionRow),
    Class(ClassRow),
    Item(ItemRow),
    Definition(DefinitionRow),
    Organization(OrganizationRow),
    Fact {
        organization: String,
        key: String,
        value: FactValue,
    },
    Mark {
        organization: String,
        complete: bool,
    },
    Depot(DepotRow),
    Standard(StandardRow),
    /// With its place in the standard, which a new one needs.
    Rule(Box<RuleRow>, i64),
    Adoption(AdoptionRow),
    Target(TargetRow),
}

/// Writes what is planned, in its order.
pub(super) fn write(change: &mut Change<'_>, plan: &Plan) -> Result<(), Error> {
    let mut ids = plan.state.ids.clone();
    for (step, fate, day) in &plan.steps {
        write_step(change, &mut ids, (step, *fate == Fate::Added, Day(*day)))?;
    }
    Ok(())
}

fn write_step(change: &mut Change<'_>, ids: &mut Ids, (step, new, day): (&Step, bool, Day)) -> Result<(), Error> {
    match step {
        Step::Region(row) if new => {
            let parent = row.parent.as_deref().map(|parent| of(&ids.regions, parent)).transpose()?;
            let id = db::regions::insert(change, &row.code, parent, day, &row.version)?;
            ids.regions.insert(row.code.clone(), id);
            Ok(())
        }
        Step::Region(row) => {
            let id = of(&ids.regions, &row.code)?;
            db::regions::insert_version(change, (id, &row.code), day, &row.version)
        }
        Step::Class(row) => db::items::insert_class(change, &row.code, day, &row.class),
        Step::Item(row) if new => db::items::insert(change, (&row.code, &row.unit, row.measured), day, &row.version),
        Step::Item(row) => db::items::insert_version(change, &row.code, day, &row.version),
        Step::Definition(row) if new => {
            db::facts::insert_definition(change, (&row.key, row.kind, row.unit.as_deref()), day, &row.text)
        }
        Step::Definition(row) => db::facts::insert_definition_version(change, &row.key, day, &row.text),
        Step::Organization(row) => write_organization(change, ids, (row, new, day)),
        Step::Fact { organization, key, value } => {
            let organization = change.for_organization(of(&ids.organizations, organization)?)?;
            db::facts::insert(change, organization, key, day, *value)
        }
        Step::Mark { organization, complete } => {
            let organization = change.for_organization(of(&ids.organizations, organization)?)?;
            db::facts::mark_sheet(change, organization, day, *complete)
        }
        Step::Depot(row) if new => {
            let owner = change.for_organization(of(&ids.organizations, &row.organization)?)?;
            let id = db::depots::insert(change, &row.code, owner, day, &row.version)?;
            ids.depots.insert(row.code.clone(), id);
            Ok(())
        }
        Step::Depot(row) => {
            let owner = change.for_organization(of(&ids.organizations, &row.organization)?)?;
            let id = of(&ids.depots, &row.code)?;
            db::depots::insert_version(change, owner, (id, &row.code), day, &row.version)
        }
        Step::Standard(row) if new => db::standards::insert(change, &row.code, day, &row.document, &[]),
        Step::Standard(row) => db::standards::insert_version(change, &row.code, day, &row.document, None),
        Step::Rule(row, position) if new => match &row.rule {
            Some(rule) => db::standards::insert_rule(change, (&row.standard, *position), day, rule, None),
            None => Ok(()),
        },
        Step::Rule(row, _) => db::standards::insert_rule_version(change, &row.code, day, row.rule.as_ref(), None),
        Step::Adoption(row) => {
            let region = of(&ids.regions, &row.region)?;
            db::standards::insert_adoption(change, region, &row.standard, day, row.strength, None)
        }
        Step::Target(row) => {
            let organization = change.for_organization(of(&ids.organizations, &row.organization)?)?;
            db::targets::insert(change, organization, &row.rule, day, row.quantity, None)
        }
    }
}

fn write_organization(
    change: &mut Change<'_>,
    ids: &mut Ids,
    (row, new, day): (&OrganizationRow, bool, Day),
) -> Result<(), Error> {
    let version = OrganizationVersion {
        name_en: row.name_en.clone(),
        name_zh: row.name_zh.clone(),
        organization_type: row.organization_type.clone(),
        sector: row.sector.clone(),
        hosted_by: row.hosted_by.as_deref().map(|host| of(&ids.organizations, host)).transpose()?,
        active: row.active,
    };
    if new {
        let region = of(&ids.regions, &row.region)?;
        let id = db::organizations::insert(change, (&row.code, region, row.kind), day, &version)?;
        ids.organizations.insert(row.code.clone(), id);
        return Ok(());
    }
    let id = of(&ids.organizations, &row.code)?;
    db::organizations::insert_version(change, (id, &row.code), day, &version)
}

/// What a code became. The plan has looked that it is there.
fn of<T: Copy>(ids: &std::collections::BTreeMap<String, T>, code: &str) -> Result<T, Error> {
    ids.get(code).copied().ok_or(Error::Internal("an import names something that it did not check", None))
}

/// A step with what it brings and from when.
pub(super) type Dated = (Step, Fate, NaiveDate);
