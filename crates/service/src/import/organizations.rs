//! Organizations, hosts before the brigades that they host.

use std::collections::BTreeSet;

use super::fill::fill_names;
use super::plan::{Names, Plan};
use domain::condition::RuleCondition;
use domain::revision::in_force_or_first;
use tables::Placed;
use tables::choices::{SECTORS, TEAM_TYPES};
use tables::form::Form;
use tables::forms::OrganizationRow;

impl Plan<'_> {
    pub(super) fn plan_organizations(&mut self, rows: &[Placed<OrganizationRow>]) {
        let (types, sectors) = if rows.is_empty() { Default::default() } else { self.named_by_rules() };
        let mut ordered = self.by_day(rows);
        ordered.sort_by_key(|row| row.value.new.hosted_by.is_some());
        for row in ordered {
            let OrganizationRow { code, new, contacts } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            if self.world.known_organization(self.editor, code).is_none()
                && !self.has_columns_of_new(Form::Organizations, row, code)
            {
                continue;
            }
            let stored = self.world.known_organization(self.editor, code);
            if let Some(before) = stored.and_then(|one| self.before(row, &one.versions)) {
                fill_names(row, (&mut new.name_en, &mut new.name_zh), (&before.name_en, &before.name_zh));
                if !row.has("organization_type") {
                    new.organization_type.clone_from(&before.organization_type);
                }
                if !row.has("sector") {
                    new.sector.clone_from(&before.sector);
                }
                if !row.has("credit_code") {
                    new.credit_code.clone_from(&before.credit_code);
                }
                if !row.has("address") {
                    new.address.clone_from(&before.address);
                }
                if !row.has("hosted_by") {
                    // A host that the editor cannot see stays if none is named.
                    let host = before.hosted_by.and_then(|host| self.world.known_host(self.editor, host));
                    new.hosted_by = host.map(|host| host.id.to_string());
                }
            }
            if !row.has("active") {
                new.active = None;
            }
            for (column, word, known) in
                [("organization_type", &new.organization_type, &types), ("sector", &new.sector, &sectors)]
            {
                if let Some(word) = word.as_ref().filter(|word| !known.contains(*word)) {
                    self.warn(row.fault(column, "word_of_no_rule").of(word));
                }
            }
            let (region, host) = (new.region.clone().unwrap_or_default(), new.hosted_by.clone().unwrap_or_default());
            let others = [("/region", Form::Regions, &*region), ("/hosted_by", Form::Organizations, &host)];
            let names = Names { key: code, others: &others };
            self.decide(Form::Organizations, row, &names, code, new);
            self.plan_contacts(Form::Organizations, row, &names, contacts);
        }
    }

    /// The types and sectors that rules name, or that any rule may name.
    fn named_by_rules(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let mut types: BTreeSet<String> = TEAM_TYPES.iter().map(|(code, _)| (*code).to_owned()).collect();
        let mut sectors: BTreeSet<String> = SECTORS.iter().map(|(code, _)| (*code).to_owned()).collect();
        let rules = self.world.reference_data.standards.iter().flat_map(|standard| &standard.rules);
        let last = rules.filter_map(|history| in_force_or_first(&history.versions, chrono::NaiveDate::MAX));
        let mut left: Vec<&RuleCondition> = last.filter_map(|row| Some(&row.value.as_ref()?.applies_when)).collect();
        while let Some(condition) = left.pop() {
            match condition {
                RuleCondition::All(parts) | RuleCondition::Any(parts) => left.extend(parts),
                RuleCondition::Not(part) => left.push(part),
                RuleCondition::Type(name) => _ = types.insert(name.clone()),
                RuleCondition::Sector(name) => _ = sectors.insert(name.clone()),
                RuleCondition::Kind(_)
                | RuleCondition::Tag(_)
                | RuleCondition::Compare(_)
                | RuleCondition::Class(_) => {}
            }
        }
        (types, sectors)
    }
}
