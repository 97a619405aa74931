//! Standards and their rules: the rows of one standard and one day are one statement, like the publication of a draft.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use validator::Validate as _;

use super::columns::{columns_of_rule, columns_of_standard};
use super::fill::{fill_document, fill_rule};
use super::plan::Plan;
use crate::input_errors::of_validation;
use base::error::Fault;
use domain::change::standards::{NewEdition, NewRule, Reasoned};
use domain::change::{Decision, PutOutcome, Refusal};
use domain::draft::StandardText;
use domain::revision::in_force_or_first;
use domain::rule::{Rule, RuleRole, Selector};
use domain::standard::StandardDocument;
use tables::Placed;
use tables::form::Form;
use tables::forms::{RuleRow, StandardRow};

/// The rows of one standard and one day.
#[derive(Default)]
struct Statement<'t> {
    document: Option<&'t Placed<StandardRow>>,
    rules: Vec<&'t Placed<RuleRow>>,
}

impl Plan<'_> {
    pub(super) fn plan_standards(&mut self, standards: &[Placed<StandardRow>], rules: &[Placed<RuleRow>]) {
        let positions = self.positions(rules);
        let mut statements = BTreeMap::<(&str, Option<NaiveDate>), Statement<'_>>::new();
        for row in standards.iter().filter(|row| !row.value.code.is_empty()) {
            let valid_from = self.valid_from(row);
            let statement = statements.entry((&row.value.code, valid_from)).or_default();
            if let Some(first) = statement.document {
                let fault = row.fault("code", "row_twice").of(&row.value.code).with("line", first.line());
                self.fault(fault);
                continue;
            }
            statement.document = Some(row);
        }
        for row in rules.iter().filter(|row| !row.value.code.is_empty() && !row.value.standard.is_empty()) {
            let valid_from = self.valid_from(row);
            statements.entry((&row.value.standard, valid_from)).or_default().rules.push(row);
        }
        let mut ordered: Vec<((&str, Option<NaiveDate>), Statement<'_>)> = statements.into_iter().collect();
        // The document of a new standard is written before its rules, whatever their days, and class tables before the
        // standards that ask for their classes.
        let is_table =
            |row: &&Placed<RuleRow>| row.value.rule.as_ref().is_some_and(|rule| rule.role == RuleRole::ClassTable);
        let with_tables: BTreeSet<&str> = rules.iter().filter(is_table).map(|row| &*row.value.standard).collect();
        ordered.sort_by_key(|((code, valid_from), statement)| {
            (statement.document.is_none(), !with_tables.contains(code), *valid_from)
        });
        for ((code, valid_from), statement) in ordered {
            if self.is_given_up() {
                return;
            }
            self.plan_edition(code, valid_from, &statement, &positions);
        }
    }

    /// The positions of new rules: their order in the file, whatever their days.
    fn positions(&self, rows: &[Placed<RuleRow>]) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::<&str, i64>::new();
        let mut positions = BTreeMap::new();
        for RuleRow { code, standard, .. } in rows.iter().map(|row| &row.value) {
            if self.world.rule(code).is_none() && !positions.contains_key(code) {
                let known = self.world.reference_data.standards.iter().find(|known| known.code == *standard);
                let count = counts
                    .entry(standard)
                    .or_insert_with(|| known.map_or(0, |known| i64::try_from(known.rules.len()).unwrap_or(i64::MAX)));
                positions.insert(code.clone(), *count);
                *count += 1;
            }
        }
        positions
    }

    fn plan_edition(
        &mut self,
        code: &str,
        valid_from: Option<NaiveDate>,
        statement: &Statement<'_>,
        positions: &BTreeMap<String, i64>,
    ) {
        let Some((document, rules)) = self.whole_texts(code, valid_from, statement) else {
            return self.note_refused_edition(code, statement);
        };
        let reason = |reason: &Option<String>| reason.clone().or_else(|| self.defaults.reason.clone());
        let new_rule = |(row, rule): (&&Placed<RuleRow>, Option<Rule>)| NewRule {
            code: row.value.code.clone(),
            rule: Reasoned { value: rule, reason: reason(&row.value.reason) },
            position: positions.get(&row.value.code).copied(),
        };
        let edition = NewEdition {
            code: code.to_owned(),
            valid_from,
            document: statement
                .document
                .zip(document)
                .map(|(row, document)| Reasoned { value: document, reason: reason(&row.value.reason) }),
            rules: statement.rules.iter().zip(rules).map(new_rule).collect(),
            is_publication: false,
        };
        let shape = shape_faults(&edition);
        let decided = match self.check(&(), &edition) {
            decided if shape.is_empty() => decided,
            // What the texts lack by themselves is told together with all else.
            Err(Refusal::Invalid(found)) => {
                let told: BTreeSet<String> = shape.iter().map(|fault| fault.pointer.clone()).collect();
                let others = found.into_iter().filter(|fault| !told.contains(&fault.pointer));
                Err(Refusal::Invalid(shape.into_iter().chain(others).collect()))
            }
            _ => Err(Refusal::Invalid(shape)),
        };
        let Decision { put, write } = match decided {
            Ok(decision) => decision,
            Err(refusal) => return self.refuse_edition(code, statement, refusal),
        };
        let mut good =
            statement.rules.iter().all(|row| !row.faulty) && statement.document.is_none_or(|row| !row.faulty);
        if let Some(row) = statement.document {
            good &= self.is_first(Form::Standards, row, code, put.valid_from);
            let outcome = match (&write.document, write.is_new) {
                (None, _) => PutOutcome::Repeated,
                (Some(_), true) => PutOutcome::Created,
                (Some(_), false) => PutOutcome::Changed,
            };
            self.tally(Form::Standards, outcome);
        }
        for row in &statement.rules {
            good &= self.is_first(Form::Rules, row, &row.value.code, put.valid_from);
            let outcome = match write.rules.iter().find(|rule| rule.code == row.value.code) {
                None => PutOutcome::Repeated,
                Some(rule) if rule.is_new => PutOutcome::Created,
                Some(_) => PutOutcome::Changed,
            };
            self.tally(Form::Rules, outcome);
        }
        if !good {
            return self.note_refused_edition(code, statement);
        }
        if !put.is_repeat() {
            self.step::<NewEdition>(put, write);
        }
    }

    /// The texts of a statement, what the tables do not have of them filled with what holds. `None` where new ones lack columns,
    /// which is told.
    fn whole_texts(
        &mut self,
        code: &str,
        valid_from: Option<NaiveDate>,
        statement: &Statement<'_>,
    ) -> Option<(Option<StandardDocument>, Vec<Option<Rule>>)> {
        let day = valid_from.unwrap_or_else(|| self.today());
        let stored = self.world.reference_data.standards.iter().find(|standard| standard.code == code);
        let holds = stored.and_then(|standard| in_force_or_first(&standard.versions, day)).map(|row| row.value.clone());
        let last_said = |rule: &RuleRow| {
            let known = stored?.rules.iter().find(|known| known.code == rule.code)?;
            in_force_or_first(&known.versions, day)?.value.clone()
        };
        let before: Vec<Option<Rule>> = statement.rules.iter().map(|row| last_said(&row.value)).collect();
        let mut is_whole = true;
        let document = statement.document.map(|row| {
            let mut document = row.value.document.clone();
            match &holds {
                Some(before) => fill_document(row, &mut document, before),
                None => is_whole &= self.has_columns_of_new(Form::Standards, row, code),
            }
            document
        });
        let mut rules = Vec::new();
        for (row, before) in statement.rules.iter().zip(before) {
            let mut rule = row.value.rule.clone();
            match (&mut rule, &before) {
                (Some(rule), Some(before)) => {
                    fill_rule(row, rule, before);
                    is_whole &= self.has_columns_of_quantity(row, rule, Some(before));
                }
                (Some(rule), None) => {
                    is_whole &= self.has_columns_of_rule(row) && self.has_columns_of_quantity(row, rule, None);
                }
                (None, _) => {}
            }
            rules.push(rule);
        }
        is_whole.then_some((document, rules))
    }

    /// True if a fault only follows from another one: a thing that the rule names was refused itself.
    fn follows(&self, row: &Placed<RuleRow>, code: &str) -> bool {
        match code {
            "item_unknown" => match row.value.rule.as_ref().map(|rule| &rule.selector) {
                Some(Selector::Item(item)) => self.was_refused(Form::Items, item),
                _ => self.was_any_refused(Form::Items),
            },
            "class_table_unknown" | "class_unknown" => self.was_any_refused(Form::Rules),
            "fact_unknown" => self.was_any_refused(Form::Dictionary),
            _ => false,
        }
    }

    fn note_refused_edition(&mut self, code: &str, statement: &Statement<'_>) {
        self.note_refused(Form::Standards, code);
        for row in &statement.rules {
            self.note_refused(Form::Rules, &row.value.code);
        }
    }

    fn refuse_edition(&mut self, code: &str, statement: &Statement<'_>, refusal: Refusal) {
        let was_refused = self.was_refused(Form::Standards, code);
        for fault in refusal.into_faults() {
            if fault.code == "standard_unknown" && was_refused {
                continue;
            }
            if let Some((number, field)) = fault.pointer.strip_prefix("/rules/").and_then(|rest| rest.split_once('/')) {
                let row = number.parse::<usize>().ok().and_then(|number| statement.rules.get(number).copied());
                let columns = columns_of_rule(field);
                if let Some(row) = row.filter(|row| !self.follows(row, fault.code)) {
                    self.tell(row, &columns, fault.clone());
                }
            } else if let Some(row) = statement.document {
                self.tell(row, &columns_of_standard(&fault.pointer), fault.clone());
            } else {
                let column = if fault.code == "standard_unknown" { "standard" } else { "code" };
                let column = if fault.pointer == "/valid_from" { "valid_from" } else { column };
                for row in &statement.rules {
                    self.tell(row, &[column], fault.clone());
                }
            }
        }
        self.note_refused_edition(code, statement);
    }
}

/// The faults of the texts of an edition by themselves, which would also refuse a draft.
fn shape_faults(edition: &NewEdition) -> Vec<Fault> {
    let mut faults = Vec::new();
    if let Some(document) = &edition.document {
        let text = StandardText::of(&edition.code, &document.value, Vec::new());
        faults.extend(text.validate().err().map(|errors| of_validation(&errors)).into_iter().flatten());
    }
    for (number, new) in edition.rules.iter().enumerate() {
        let errors = new.rule.value.as_ref().and_then(|rule| rule.validate().err());
        let found = errors.map(|errors| of_validation(&errors)).into_iter().flatten();
        faults.extend(found.map(|fault| Fault { pointer: format!("/rules/{number}{}", fault.pointer), ..fault }));
    }
    faults
}
