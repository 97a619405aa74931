//! Standards, their rules, and where they bind.

use std::collections::BTreeMap;

use super::ledger::Fate;
use super::plan::Plan;
use super::state::pair;
use super::steps::Step;
use domain::condition::RuleCondition;
use domain::fact::FactKind;
use domain::rule::{Rule, RuleQuantity, RuleRole, Selector};
use tables::Placed;
use tables::form::Form;
use tables::forms::{AdoptionRow, RuleRow, StandardRow};

impl Plan {
    pub(super) fn plan_standards(&mut self, rows: &[Placed<StandardRow>]) {
        for (day, row) in self.rows(rows, ("code", |row: &StandardRow| row.code.clone())) {
            let mut value = row.value.clone();
            if let Some(before) = self.state.standards.about(&value.code, day) {
                let document = &mut value.document;
                if !row.has("in_force_from") {
                    document.valid_from = before.valid_from;
                }
                if !row.has("in_force_to") {
                    document.valid_to = before.valid_to;
                }
                if !row.has("replaced_by") {
                    document.replaced_by.clone_from(&before.replaced_by);
                }
                if !row.has("note") {
                    document.note.clone_from(&before.note);
                }
            }
            let said = self.state.standards.says(&value.code, day, &value.document);
            if row.faulty || !(said || self.may_share(row, "code")) {
                continue;
            }
            let fate = self.state.standards.say(&value.code, day, &value.document);
            self.step(Form::Standards, (fate, day), || Step::Standard(value));
        }
    }

    pub(super) fn plan_rules(&mut self, rows: &[Placed<RuleRow>]) {
        // New rules stand in their standard as they stand in the file, from whichever day they hold.
        let mut places = BTreeMap::<&str, i64>::new();
        for RuleRow { code, standard, .. } in rows.iter().map(|row| &row.value) {
            if !self.state.standard_of.contains_key(code) && !places.contains_key(code.as_str()) {
                let count = self.state.rule_counts.entry(standard.clone()).or_default();
                places.insert(code, *count);
                *count += 1;
            }
        }
        for (day, row) in self.rows(rows, ("code", |row: &RuleRow| row.code.clone())) {
            let value = &row.value;
            let said = self.state.rules.says(&value.code, day, &value.rule);
            if !self.check_rule(row) || row.faulty || !(said || self.may_share(row, "code")) {
                continue;
            }
            self.state.standard_of.insert(value.code.clone(), value.standard.clone());
            let fate = match self.state.rules.on(&value.code, day) {
                None if value.rule.is_none() => Fate::Unchanged,
                _ => self.state.rules.say(&value.code, day, &value.rule),
            };
            let position = places.get(value.code.as_str()).copied().unwrap_or_default();
            self.step(Form::Rules, (fate, day), || Step::Rule(Box::new(value.clone()), position));
        }
    }

    fn check_rule(&mut self, row: &Placed<RuleRow>) -> bool {
        let before = self.report.findings.fault_count;
        let RuleRow { code, standard, rule } = &row.value;
        if !standard.is_empty() && !self.state.standards.has(standard) {
            self.fault(row.fault("standard", "standard_unknown").of(standard));
        }
        if let Some(other) = self.state.standard_of.get(code).filter(|other| *other != standard) {
            self.fault(row.fault("standard", "rule_of_another").of(standard).with("standard", other));
        }
        if let Some(rule) = rule
            && !row.faulty
        {
            self.check_selector(row, rule);
            self.check_condition(row, &rule.applies_when);
            if let RuleQuantity::Rate(rate) = &rule.quantity
                && let Some(fact) = &rate.of
            {
                self.check_fact(row, ("of", fact), FactKind::Number);
            }
        }
        self.report.findings.fault_count == before
    }

    fn check_selector(&mut self, row: &Placed<RuleRow>, rule: &Rule) {
        let Selector::Item(item) = &rule.selector else { return };
        match self.state.units.get(item).cloned() {
            None => self.fault(row.fault("item", "item_unknown").of(item)),
            Some((unit, _)) if unit != rule.unit && rule.role == RuleRole::Requirement => {
                self.fault(row.fault("unit", "unit_of_item_differs").of(&rule.unit).with("unit", unit));
            }
            Some(_) => {}
        }
    }

    fn check_condition(&mut self, row: &Placed<RuleRow>, condition: &RuleCondition) {
        match condition {
            RuleCondition::All(parts) | RuleCondition::Any(parts) => {
                parts.iter().for_each(|part| self.check_condition(row, part));
            }
            RuleCondition::Not(part) => self.check_condition(row, part),
            RuleCondition::Tag(fact) => self.check_fact(row, ("applies_when", fact), FactKind::Tag),
            RuleCondition::Compare(comparison) => {
                self.check_fact(row, ("applies_when", &comparison.fact), FactKind::Number);
            }
            RuleCondition::Kind(_) | RuleCondition::Type(_) | RuleCondition::Sector(_) => {}
        }
    }

    fn check_fact(&mut self, row: &Placed<RuleRow>, (column, fact): (&str, &str), kind: FactKind) {
        let code = match self.state.fact_kinds.get(fact) {
            None => "fact_unknown",
            Some((found, _)) if *found != kind && kind == FactKind::Number => "fact_is_a_tag",
            Some((found, _)) if *found != kind => "fact_is_a_number",
            Some(_) => return,
        };
        self.fault(row.fault(column, code).of(fact));
    }

    pub(super) fn plan_adoptions(&mut self, rows: &[Placed<AdoptionRow>]) {
        let key = |row: &AdoptionRow| pair(&row.region, &row.standard);
        for (day, row) in self.rows(rows, ("standard", key)) {
            let value = &row.value;
            let before = self.report.findings.fault_count;
            if !value.region.is_empty() && !self.state.parents.contains_key(&value.region) {
                self.fault(row.fault("region", "region_unknown").of(&value.region));
            }
            if !value.standard.is_empty() && !self.state.standards.has(&value.standard) {
                self.fault(row.fault("standard", "standard_unknown").of(&value.standard));
            }
            let said = self.state.adoptions.says(&key(value), day, &value.strength);
            let good = !row.faulty && self.report.findings.fault_count == before;
            if !good || !(said || self.may_change(row, "region", &value.region)) {
                continue;
            }
            let fate = match self.state.adoptions.on(&key(value), day) {
                None if value.strength.is_none() => Fate::Unchanged,
                _ => self.state.adoptions.say(&key(value), day, &value.strength),
            };
            self.step(Form::Adoptions, (fate, day), || Step::Adoption(value.clone()));
        }
    }
}
