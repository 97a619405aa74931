//! What is stored before an import.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use base::error::Error;
use base::id::{DepotId, OrganizationId, RegionId};
use base::quantity::Quantity;
use db::connection::AnyConnection;
use domain::barcode;
use domain::depot::DepotVersion;
use domain::fact::{FactKind, FactText, FactValue};
use domain::item::{ItemClass, ItemVersion};
use domain::organization::{OrganizationKind, OrganizationVersion};
use domain::region::{Region, RegionVersion};
use domain::revision::Revision;
use domain::rule::{Rule, Strength};
use domain::standard::StandardDocument;
use tables::forms::OrganizationRow;

/// What is stored, and then also what is planned. Things of two parts go by both with a `/` between them.
#[derive(Default)]
pub(super) struct State {
    /// As they are stored.
    pub stored_regions: Vec<Region>,
    /// Ids of what is stored.
    pub ids: Ids,
    /// The code of the region above each region.
    pub parents: BTreeMap<String, Option<String>>,
    pub regions: Ledger<RegionVersion>,
    pub classes: Ledger<ItemClass>,
    /// The unit of each item, and whether it is measured.
    pub units: BTreeMap<String, (String, bool)>,
    pub items: Ledger<ItemVersion>,
    /// Barcodes in the form in which they are compared, each with the item that has it.
    pub barcodes: BTreeMap<String, String>,
    /// The sort and the unit of each fact.
    pub fact_kinds: BTreeMap<String, (FactKind, Option<String>)>,
    pub dictionary: Ledger<FactText>,
    /// The region and the sort of each organization.
    pub homes: BTreeMap<String, (String, OrganizationKind)>,
    pub organizations: Ledger<OrganizationRow>,
    pub facts: Ledger<FactValue>,
    pub marks: Ledger<bool>,
    /// Whose each depot is.
    pub owners: BTreeMap<String, String>,
    pub depots: Ledger<DepotVersion>,
    pub standards: Ledger<StandardDocument>,
    /// The standard of each rule.
    pub standard_of: BTreeMap<String, String>,
    /// How many rules each standard has.
    pub rule_counts: BTreeMap<String, i64>,
    pub rules: Ledger<Option<Rule>>,
    pub adoptions: Ledger<Option<Strength>>,
    pub targets: Ledger<Option<Quantity>>,
}

/// The ids of things by their codes.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    pub regions: BTreeMap<String, RegionId>,
    pub organizations: BTreeMap<String, OrganizationId>,
    pub depots: BTreeMap<String, DepotId>,
}

/// The key of a thing of two parts.
pub(super) fn pair(one: &str, other: &str) -> String {
    format!("{one}/{other}")
}

impl State {
    /// What is stored now.
    pub(super) fn load(connection: &mut AnyConnection) -> Result<Self, Error> {
        let mut state = Self::default();
        state.load_books(connection)?;
        state.load_organizations(connection)?;
        Ok(state)
    }

    fn load_books(&mut self, connection: &mut AnyConnection) -> Result<(), Error> {
        let books = db::books::books(connection, Revision::LATEST)?;
        let region_codes: BTreeMap<RegionId, String> =
            books.regions.iter().map(|region| (region.id, region.code.clone())).collect();
        for region in &books.regions {
            let parent = region.parent_id.and_then(|id| region_codes.get(&id)).cloned();
            self.ids.regions.insert(region.code.clone(), region.id);
            self.parents.insert(region.code.clone(), parent);
            self.regions.store(&region.code, &region.versions, Clone::clone);
        }
        for (code, versions) in db::items::list_classes(connection, Revision::LATEST)? {
            self.classes.store(code, &versions, Clone::clone);
        }
        for (code, item) in &books.items {
            self.units.insert(code.clone(), (item.unit.clone(), item.measured));
            self.items.store(code, &item.versions, Clone::clone);
            let printed = item.versions.iter().flat_map(|version| &version.value.barcodes);
            self.barcodes.extend(printed.map(|printed| (barcode::canonical(printed), code.clone())));
        }
        for entry in &books.dictionary {
            self.fact_kinds.insert(entry.key.clone(), (entry.kind, entry.unit.clone()));
            self.dictionary.store(&entry.key, &entry.versions, Clone::clone);
        }
        for standard in &books.standards {
            self.standards.store(&standard.code, &standard.versions, Clone::clone);
            let count = i64::try_from(standard.rules.len()).unwrap_or(i64::MAX);
            self.rule_counts.insert(standard.code.clone(), count);
            for rule in &standard.rules {
                self.standard_of.insert(rule.code.clone(), standard.code.clone());
                self.rules.store(&rule.code, &rule.versions, Clone::clone);
            }
        }
        for adoption in &books.adoptions {
            if let Some(region) = region_codes.get(&adoption.region_id) {
                self.adoptions.store(pair(region, &adoption.standard), &adoption.versions, |strength| *strength);
            }
        }
        self.stored_regions = books.regions;
        Ok(())
    }

    fn load_organizations(&mut self, connection: &mut AnyConnection) -> Result<(), Error> {
        let organizations = db::organizations::list(connection, Revision::LATEST)?;
        let codes: BTreeMap<OrganizationId, String> =
            organizations.iter().map(|one| (one.id, one.code.clone())).collect();
        let regions: BTreeMap<RegionId, &str> =
            self.stored_regions.iter().map(|region| (region.id, region.code.as_str())).collect();
        for one in &organizations {
            let region = regions.get(&one.region_id).copied().unwrap_or_default();
            self.ids.organizations.insert(one.code.clone(), one.id);
            self.homes.insert(one.code.clone(), (region.to_owned(), one.kind));
            self.organizations
                .store(&one.code, &one.versions, |version| row_of((&one.code, region, one.kind), version, &codes));
        }
        let ids: Vec<OrganizationId> = organizations.iter().map(|one| one.id).collect();
        for (id, sheet) in db::facts::list_sheets(connection, &ids, Revision::LATEST)? {
            let Some(code) = codes.get(&id) else { continue };
            for (key, versions) in &sheet.facts {
                self.facts.store(pair(code, key), versions, |value| *value);
            }
            if !sheet.complete.is_empty() {
                self.marks.store(code, &sheet.complete, |complete| *complete);
            }
        }
        for depot in db::depots::list(connection, &ids, Revision::LATEST)? {
            let Some(owner) = codes.get(&depot.organization_id) else { continue };
            self.ids.depots.insert(depot.code.clone(), depot.id);
            self.owners.insert(depot.code.clone(), owner.clone());
            self.depots.store(&depot.code, &depot.versions, Clone::clone);
        }
        for (id, targets) in db::targets::list(connection, &ids, Revision::LATEST)? {
            let Some(code) = codes.get(&id) else { continue };
            for target in targets {
                self.targets.store(pair(code, &target.rule), &target.versions, |quantity| *quantity);
            }
        }
        Ok(())
    }
}

/// An organization as the form has it.
pub(crate) fn row_of(
    (code, region, kind): (&str, &str, OrganizationKind),
    version: &OrganizationVersion,
    codes: &BTreeMap<OrganizationId, String>,
) -> OrganizationRow {
    OrganizationRow {
        code: code.to_owned(),
        region: region.to_owned(),
        kind,
        name_en: version.name_en.clone(),
        name_zh: version.name_zh.clone(),
        organization_type: version.organization_type.clone(),
        sector: version.sector.clone(),
        hosted_by: version.hosted_by.and_then(|id| codes.get(&id)).cloned(),
        active: version.active,
    }
}
