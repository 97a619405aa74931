//! Organizations, their facts, depots and declared targets.

use std::collections::{BTreeMap, BTreeSet};

use super::ledger::Fate;
use super::plan::Plan;
use super::state::pair;
use super::steps::Step;
use domain::condition::RuleCondition;
use domain::fact::FactValue;
use domain::organization::OrganizationKind;
use domain::rule::RuleQuantity;
use tables::choices::{SECTORS, TEAM_TYPES};
use tables::form::Form;
use tables::forms::{DepotRow, FactRow, OrganizationRow, TargetRow};
use tables::{Placed, plain};

impl Plan {
    pub(super) fn plan_organizations(&mut self, rows: &[Placed<OrganizationRow>]) {
        let kinds: BTreeMap<&str, OrganizationKind> =
            rows.iter().map(|row| (row.value.code.as_str(), row.value.kind)).collect();
        let (types, sectors) = self.named_by_rules();
        let mut taken = self.rows(rows, ("code", |row: &OrganizationRow| row.code.clone()));
        // An enterprise hosts and is not hosted: it goes before the brigades that it hosts.
        taken.sort_by_key(|(day, row)| (row.value.hosted_by.is_some(), *day));
        for (day, row) in taken {
            let mut value = row.value.clone();
            if let Some(before) = self.state.organizations.about(&value.code, day) {
                if !row.has("organization_type") {
                    value.organization_type.clone_from(&before.organization_type);
                }
                if !row.has("sector") {
                    value.sector.clone_from(&before.sector);
                }
                if !row.has("hosted_by") {
                    value.hosted_by.clone_from(&before.hosted_by);
                }
                if !row.has("active") {
                    value.active = before.active;
                }
            }
            let good = self.check_organization(row, &value, &kinds);
            self.state.homes.entry(value.code.clone()).or_insert((value.region.clone(), value.kind));
            for (column, word, known) in
                [("organization_type", &value.organization_type, &types), ("sector", &value.sector, &sectors)]
            {
                if let Some(word) = word.as_ref().filter(|word| !known.contains(*word)) {
                    self.warn(row.fault(column, "word_of_no_rule").of(word));
                }
            }
            let said = self.state.organizations.says(&value.code, day, &value);
            if good && !row.faulty && (said || self.may_change(row, "region", &value.region)) {
                let fate = self.state.organizations.say(&value.code, day, &value);
                self.step(Form::Organizations, (fate, day), || Step::Organization(value));
            }
        }
    }

    fn check_organization(
        &mut self,
        row: &Placed<OrganizationRow>,
        value: &OrganizationRow,
        kinds: &BTreeMap<&str, OrganizationKind>,
    ) -> bool {
        let before = self.report.findings.fault_count;
        if !value.region.is_empty() && !self.state.parents.contains_key(&value.region) {
            self.fault(row.fault("region", "region_unknown").of(&value.region));
        }
        if let Some((region, kind)) = self.state.homes.get(&value.code).cloned() {
            if region != value.region {
                self.fault(row.fault("region", "region_changed").of(&value.region).with("region", region));
            }
            if kind != value.kind {
                self.fault(row.fault("kind", "organization_kind_changed"));
            }
        }
        if let Some(host) = &value.hosted_by {
            let kind = kinds.get(host.as_str()).copied().or_else(|| Some(self.state.homes.get(host)?.1));
            match kind {
                None => self.fault(row.fault("hosted_by", "organization_unknown").of(host)),
                Some(OrganizationKind::Enterprise) if value.kind == OrganizationKind::RescueTeam => {}
                Some(_) => self.fault(row.fault("hosted_by", "host_is_none").of(host)),
            }
        }
        self.report.findings.fault_count == before
    }

    /// The types and sectors that rules ask for, or that every rule could.
    fn named_by_rules(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let mut types: BTreeSet<String> = TEAM_TYPES.iter().map(|(code, _)| (*code).to_owned()).collect();
        let mut sectors: BTreeSet<String> = SECTORS.iter().map(|(code, _)| (*code).to_owned()).collect();
        let mut left: Vec<&RuleCondition> =
            self.state.rules.last().filter_map(|(_, rule)| Some(&rule.as_ref()?.applies_when)).collect();
        while let Some(condition) = left.pop() {
            match condition {
                RuleCondition::All(parts) | RuleCondition::Any(parts) => left.extend(parts),
                RuleCondition::Not(part) => left.push(part),
                RuleCondition::Type(name) => _ = types.insert(name.clone()),
                RuleCondition::Sector(name) => _ = sectors.insert(name.clone()),
                RuleCondition::Kind(_) | RuleCondition::Tag(_) | RuleCondition::Compare(_) => {}
            }
        }
        (types, sectors)
    }

    /// Tells an organization that is not there, or not the importer's where something else is said of it than before.
    fn owner<T>(&mut self, row: &Placed<T>, organization: &str, said: bool) -> bool {
        match self.state.homes.get(organization).map(|(region, _)| region.clone()) {
            Some(_) if said => true,
            Some(region) => self.may_change(row, "organization", &region),
            None => {
                self.fault(row.fault("organization", "organization_unknown").of(organization));
                false
            }
        }
    }

    pub(super) fn plan_facts(&mut self, rows: &[Placed<FactRow>]) {
        let mut keys = BTreeMap::<String, String>::new();
        let mut shared = BTreeSet::new();
        for (key, text) in self.state.dictionary.last() {
            for name in [plain(&text.name_en), plain(&text.name_zh)] {
                if keys.insert(name.clone(), key.to_owned()).is_some_and(|other| other != key) {
                    shared.insert(name);
                }
            }
        }
        // Two facts of one name are told apart by their keys only.
        keys.retain(|name, _| !shared.contains(name));
        // A key is its own name, whatever others are called.
        keys.extend(self.state.fact_kinds.keys().map(|key| (plain(key), key.clone())));
        let key_of = |row: &FactRow| {
            let key = keys.get(&plain(&row.fact)).cloned().unwrap_or_else(|| plain(&row.fact));
            if row.organization.is_empty() { String::new() } else { pair(&row.organization, &key) }
        };
        let mut unknown = BTreeSet::new();
        for (day, row) in self.rows(rows, ("fact", key_of)) {
            let FactRow { organization, fact, .. } = &row.value;
            if row.value.is_sheet_mark() {
                self.plan_mark(row, (organization, day));
                continue;
            }
            let Some((key, (kind, _))) =
                keys.get(&plain(fact)).and_then(|key| self.state.fact_kinds.get_key_value(key))
            else {
                // Of a column of its own once is enough.
                let code = if shared.contains(&plain(fact)) { "fact_ambiguous" } else { "fact_unknown" };
                let fault = row.fault("fact", code).of(fact);
                if fault.place.column.as_ref().is_none_or(|column| column.header != *fact) || unknown.insert(fact) {
                    self.fault(fault);
                }
                continue;
            };
            let (key, kind) = (key.clone(), *kind);
            let value = match row.read_as(kind) {
                Ok(value) => value,
                Err(fault) => {
                    self.fault(*fault);
                    continue;
                }
            };
            let name = pair(organization, &key);
            let said = self.state.facts.says(&name, day, &value);
            if row.faulty || !self.owner(row, organization, said) {
                continue;
            }
            if value == FactValue::Withdrawn && self.state.facts.on(&name, day).is_none() {
                self.step(Form::Facts, (Fate::Unchanged, day), || Step::Fact {
                    organization: organization.clone(),
                    key,
                    value,
                });
                continue;
            }
            let fate = self.state.facts.say(&name, day, &value);
            self.step(Form::Facts, (fate, day), || Step::Fact { organization: organization.clone(), key, value });
        }
    }

    fn plan_mark(&mut self, row: &Placed<FactRow>, (organization, day): (&String, chrono::NaiveDate)) {
        match row.read_as(domain::fact::FactKind::Tag) {
            Ok(FactValue::Tag(complete)) => {
                let said = self.state.marks.says(organization, day, &complete);
                if !row.faulty && self.owner(row, organization, said) {
                    // Not complete is what a sheet is that nobody marked.
                    let fate = match self.state.marks.on(organization, day) {
                        None if !complete => Fate::Unchanged,
                        _ => self.state.marks.say(organization, day, &complete),
                    };
                    let organization = organization.clone();
                    self.step(Form::Facts, (fate, day), || Step::Mark { organization, complete });
                }
            }
            Ok(_) => self.fault(row.fault("value", "mark_withdrawn")),
            Err(fault) => self.fault(*fault),
        }
    }

    pub(super) fn plan_depots(&mut self, rows: &[Placed<DepotRow>]) {
        for (day, row) in self.rows(rows, ("code", |row: &DepotRow| row.code.clone())) {
            let mut value = row.value.clone();
            if let Some(before) = self.state.depots.about(&value.code, day) {
                let version = &mut value.version;
                if !row.has("latitude") && !row.has("longitude") {
                    (version.latitude, version.longitude) = (before.latitude, before.longitude);
                }
                if !row.has("keeper") {
                    version.keeper.clone_from(&before.keeper);
                }
                if !row.has("holding") {
                    version.holding = before.holding;
                }
                if !row.has("open") {
                    version.open = before.open;
                }
            }
            if let Some(owner) = self.state.owners.get(&value.code).filter(|owner| **owner != value.organization) {
                let fault = row.fault("organization", "depot_of_another").of(&value.organization).with("owner", owner);
                self.fault(fault);
                continue;
            }
            let said = self.state.depots.says(&value.code, day, &value.version);
            if value.organization.is_empty() || !self.owner(row, &value.organization, said) || row.faulty {
                continue;
            }
            self.state.owners.insert(value.code.clone(), value.organization.clone());
            let fate = self.state.depots.say(&value.code, day, &value.version);
            self.step(Form::Depots, (fate, day), || Step::Depot(value));
        }
    }

    pub(super) fn plan_targets(&mut self, rows: &[Placed<TargetRow>]) {
        let key = |row: &TargetRow| pair(&row.organization, &row.rule);
        for (day, row) in self.rows(rows, ("rule", key)) {
            let value = &row.value;
            match self.state.rules.about(&value.rule, day) {
                Some(Some(rule)) if rule.quantity == RuleQuantity::AsNeeded => {
                    if !rule.unit.is_empty() && self.is_fraction(rule, value) {
                        self.fault(row.fault("quantity", "not_whole"));
                        continue;
                    }
                }
                Some(_) => {
                    self.fault(row.fault("rule", "rule_not_as_needed").of(&value.rule));
                    continue;
                }
                None => {
                    self.fault(row.fault("rule", "rule_unknown").of(&value.rule));
                    continue;
                }
            }
            let said = self.state.targets.says(&key(value), day, &value.quantity);
            if row.faulty || !self.owner(row, &value.organization, said) {
                continue;
            }
            let fate = match self.state.targets.on(&key(value), day) {
                None if value.quantity.is_none() => Fate::Unchanged,
                _ => self.state.targets.say(&key(value), day, &value.quantity),
            };
            self.step(Form::Targets, (fate, day), || Step::Target(value.clone()));
        }
    }

    fn is_fraction(&self, rule: &domain::rule::Rule, value: &TargetRow) -> bool {
        let measured = match &rule.selector {
            domain::rule::Selector::Item(item) => self.state.units.get(item).is_some_and(|(_, measured)| *measured),
            domain::rule::Selector::Other(_) => true,
        };
        !measured && value.quantity.is_some_and(|quantity| !quantity.is_whole())
    }
}
