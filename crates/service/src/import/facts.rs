//! Facts: the rows of one organization and one day are one statement, like the body of a request.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::plan::Plan;
use domain::change::{Decision, PutOutcome};
use domain::fact::{FactKey, FactKind, FactValue};
use domain::new_facts::{NewFact, NewFacts, SentValue};
use domain::revision::in_force_or_first;
use tables::form::Form;
use tables::forms::FactRow;
use tables::{Placed, plain};

/// The rows of one organization and one day.
#[derive(Default)]
struct Statement<'t> {
    facts: Vec<(&'t Placed<FactRow>, NewFact)>,
    mark: Option<(&'t Placed<FactRow>, bool)>,
}

/// The facts by what people call them.
struct FactNames {
    keys: BTreeMap<String, FactKey>,
    /// Names of several facts, which only their keys distinguish.
    shared: BTreeSet<String>,
}

impl Plan<'_> {
    pub(super) fn plan_facts(&mut self, rows: &[Placed<FactRow>]) {
        if rows.is_empty() {
            return;
        }
        let names = self.fact_names();
        let kinds: BTreeMap<FactKey, FactKind> =
            self.world.reference_data.dictionary.iter().map(|entry| (entry.key.clone(), entry.kind)).collect();
        let mut statements = BTreeMap::<(NaiveDate, Option<NaiveDate>, &str), Statement<'_>>::new();
        let mut unknown = BTreeSet::new();
        for row in rows {
            let FactRow { organization, fact, .. } = &row.value;
            if organization.is_empty() || fact.is_empty() {
                continue;
            }
            let at = (self.day_of(row), self.valid_from(row), &**organization);
            if row.value.is_sheet_mark() {
                self.read_mark(row, statements.entry(at).or_default());
                continue;
            }
            let key = names.keys.get(&plain(fact)).cloned();
            if key.is_none() && names.shared.contains(&plain(fact)) {
                self.fault(row.fault("fact", "fact_ambiguous").of(&**fact));
                continue;
            }
            let (key, value) = match key.as_ref().and_then(|key| kinds.get_key_value(key)) {
                Some((key, kind)) => match row.read_as(*kind) {
                    Ok(value) => (key.clone(), value),
                    Err(fault) => {
                        self.fault(*fault);
                        continue;
                    }
                },
                // An unknown fact that is a column is reported once.
                None if row.has_own_column() && !unknown.insert(&**fact) => continue,
                None => (fact.to_string(), FactValue::Withdrawn),
            };
            let statement = statements.entry(at).or_default();
            statement.facts.push((row, NewFact { key, value: SentValue(value) }));
        }
        for ((_, valid_from, organization), statement) in statements {
            if self.is_given_up() {
                return;
            }
            self.plan_statement(organization, valid_from, statement);
        }
    }

    fn fact_names(&self) -> FactNames {
        let mut keys = BTreeMap::<String, FactKey>::new();
        let mut shared = BTreeSet::new();
        for entry in &self.world.reference_data.dictionary {
            let Some(row) = in_force_or_first(&entry.versions, NaiveDate::MAX) else { continue };
            for name in [plain(&row.value.name_en), plain(&row.value.name_zh)] {
                if keys.insert(name.clone(), entry.key.clone()).is_some_and(|other| other != entry.key) {
                    shared.insert(name);
                }
            }
        }
        keys.retain(|name, _| !shared.contains(name));
        // A key always names its own fact, even if another fact has that name.
        keys.extend(self.world.reference_data.dictionary.iter().map(|entry| (plain(&entry.key), entry.key.clone())));
        FactNames { keys, shared }
    }

    fn read_mark<'t>(&mut self, row: &'t Placed<FactRow>, statement: &mut Statement<'t>) {
        match row.read_as(FactKind::Tag) {
            Ok(FactValue::Tag(complete)) => match statement.mark {
                Some((first, _)) => {
                    let fault = row.fault("fact", "row_twice").of(&*row.value.fact).with("line", first.line());
                    self.fault(fault);
                }
                None => statement.mark = Some((row, complete)),
            },
            Ok(_) => self.fault(row.fault("value", "mark_withdrawn")),
            Err(fault) => self.fault(*fault),
        }
    }

    fn plan_statement(&mut self, organization: &str, valid_from: Option<NaiveDate>, statement: Statement<'_>) {
        let Statement { facts, mark } = statement;
        let rows: Vec<&Placed<FactRow>> = facts.iter().map(|(row, _)| *row).collect();
        let facts: Vec<NewFact> = facts.into_iter().map(|(_, fact)| fact).collect();
        let Some(first) = rows.first().copied().or(mark.map(|(row, _)| row)) else { return };
        let new = NewFacts { valid_from, complete: mark.map(|(_, complete)| complete), facts };
        let Decision { put, write } = match self.check(&organization.to_owned(), &new) {
            Ok(decision) => decision,
            Err(refusal) => {
                for fault in refusal.into_faults() {
                    let follows = match fault.code {
                        "organization_unknown" => self.was_refused(Form::Organizations, organization),
                        "fact_unknown" => self.was_any_refused(Form::Dictionary),
                        _ => false,
                    };
                    if follows {
                        continue;
                    }
                    let mut parts = fault.pointer.split('/').skip(1);
                    let place = match (parts.next(), parts.next().and_then(|number| number.parse::<usize>().ok())) {
                        (Some("facts"), Some(number)) => rows.get(number).copied().zip(parts.next()),
                        (Some(field), _) => Some((first, field)),
                        _ => None,
                    };
                    let (row, field) = place.unwrap_or((first, "organization"));
                    let column = if field == "key" { "fact" } else { field }.to_owned();
                    self.tell(row, &[&column], fault.clone());
                }
                return;
            }
        };
        let mut good = rows.iter().all(|row| !row.faulty);
        let said = rows.iter().zip(&new.facts).map(|(row, fact)| (*row, fact.key.as_str()));
        for (row, key) in said.chain(mark.map(|(row, _)| (row, ""))) {
            good &= self.is_first(Form::Facts, row, &format!("{organization}/{key}"), put.valid_from);
        }
        let known = self.world.sheets.get(&write.organization);
        let known_keys: BTreeSet<&str> =
            known.into_iter().flat_map(|sheet| &sheet.facts).map(|(key, _)| key.as_str()).collect();
        let is_marked = known.is_some_and(|sheet| !sheet.complete.is_empty());
        let outcome = |is_written, is_known| match (is_written, is_known) {
            (false, _) => PutOutcome::Repeated,
            (true, true) => PutOutcome::Changed,
            (true, false) => PutOutcome::Created,
        };
        let written: BTreeSet<&str> = write.facts.iter().map(|(key, _)| key.as_str()).collect();
        let outcomes: Vec<PutOutcome> = new
            .facts
            .iter()
            .map(|fact| outcome(written.contains(fact.key.as_str()), known_keys.contains(fact.key.as_str())))
            .chain(mark.map(|_| outcome(write.mark.is_some(), is_marked)))
            .collect();
        for outcome in outcomes {
            self.tally(Form::Facts, outcome);
        }
        if good && !put.is_repeat() {
            self.step::<NewFacts>(put, write);
        }
    }
}
