//! Facts: their dictionary, which the topmost bureau keeps for all regions, and the fact sheets of organizations.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::keeping::{Condition, Keeper, Put, require_topmost, says_already};
use base::error::{Error, Fault};
use db::locks::LockedOrganization;
use db::sql_types::Day;
use db::write::Change;
use domain::fact::{FactDefinition, FactKind, FactSheet, FactValue};
use domain::naming::{blank_faults, day_fault, fixed, key_fault};
use domain::new_facts::{NewFact, NewFactDefinition, NewFacts};
use domain::revision::{Revision, in_force, last_change};
use text::messages::message;

/// Puts what the dictionary says of a fact from a day.
///
/// # Errors
/// `Forbidden` for whoever is not of the topmost bureau; `Invalid` with every fault; what the condition says.
pub fn put_definition(
    change: &mut Change<'_>,
    keeper: &Keeper,
    key: &str,
    new: &NewFactDefinition,
    condition: Condition<'_>,
) -> Result<Put, Error> {
    require_topmost(change.connection, keeper.belongs)?;
    change.for_reference()?;
    let dictionary = db::facts::list_definitions(change.connection, Revision::LATEST)?;
    let stored = dictionary.iter().find(|entry| entry.key == key);
    let mut faults = Vec::new();
    let kind = fixed("kind", new.kind.as_ref(), stored.map(|entry| &entry.kind), &mut faults);
    let unit = match stored {
        // A number may have no unit, and a change need not name it.
        Some(entry) if new.unit.is_none() => entry.unit.clone(),
        Some(entry) => fixed("unit", Some(&new.unit), Some(&entry.unit), &mut faults).flatten(),
        None => new.unit.clone(),
    };
    if stored.is_none() {
        faults.extend(key_fault("/key", key));
        faults.extend(blank_faults(unit.as_deref().map(|unit| ("/unit", unit))));
        if kind == Some(FactKind::Tag) && unit.is_some() {
            faults.push(Fault::new("/unit", "tag_with_unit", message!("fact-tag-with-unit")));
        }
    }
    let valid_from = match new.valid_from {
        Some(day) => day,
        None => keeper.today(change.connection)?,
    };
    faults.extend(day_fault("/valid_from", valid_from));
    let text = match (new.text(), kind) {
        (Ok(text), Some(kind)) if faults.is_empty() => (text, kind),
        (text, _) => return Err(Error::Invalid(faults.into_iter().chain(text.err().into_iter().flatten()).collect())),
    };
    let (text, kind) = text;
    if let Some(put) = says_already(stored.map(|entry| &entry.versions[..]), valid_from, &text) {
        return Ok(put);
    }
    let put = Put::checked(valid_from, stored.map(|entry| last_change(&entry.versions)), condition)?;
    match stored {
        Some(_) => db::facts::insert_definition_version(change, key, Day(valid_from), &text)?,
        None => db::facts::insert_definition(change, (key, kind, unit.as_deref()), Day(valid_from), &text)?,
    }
    Ok(put)
}

/// Where the facts of a body stand in it, for its faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// In the list `facts`.
    List,
    /// The body is one fact, whose key is in the path.
    One,
}

impl Shape {
    fn pointer(self, number: usize, field: &str) -> String {
        match self {
            Self::List => format!("/facts/{number}/{field}"),
            Self::One => format!("/{field}"),
        }
    }
}

/// Records facts of an organization from a day, and whether its sheet is complete: all in one revision, or none.
///
/// # Errors
/// `Invalid` with every fault; what the condition says of the sheet's last change.
pub fn record(
    change: &mut Change<'_>,
    keeper: &Keeper,
    organization: LockedOrganization<'_>,
    (new, shape): (&NewFacts, Shape),
    condition: Condition<'_>,
) -> Result<Put, Error> {
    let dictionary = db::facts::list_definitions(change.connection, Revision::LATEST)?;
    let sheet = db::facts::list_sheets(change.connection, &[organization.id()], Revision::LATEST)?
        .remove(&organization.id())
        .unwrap_or_default();
    let valid_from = match new.valid_from {
        Some(day) => day,
        None => db::organizations::day_of(change.connection, organization.id(), keeper.now)?,
    };
    let mut faults: Vec<Fault> = day_fault("/valid_from", valid_from).into_iter().collect();
    faults.extend(value_faults(&new.facts, shape, &dictionary));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let says = |key: &str| {
        let rows = sheet.facts.iter().find(|(known, _)| known == key).map(|(_, rows)| rows);
        rows.and_then(|rows| in_force(rows, valid_from)).map(|row| row.value)
    };
    let added: Vec<&NewFact> = new.facts.iter().filter(|fact| says(&fact.key) != Some(fact.value.0)).collect();
    let mark = new.complete.filter(|complete| needs_mark(&sheet, *complete, (&added, &dictionary), valid_from));
    let last = sheet.last_change();
    if added.is_empty() && mark.is_none() {
        return Ok(Put::repeated(valid_from, last));
    }
    let put = Put::checked(valid_from, last, condition)?;
    for fact in added {
        db::facts::insert(change, organization, &fact.key, Day(valid_from), fact.value.0)?;
    }
    if let Some(complete) = mark {
        db::facts::mark_sheet(change, organization, Day(valid_from), complete)?;
    }
    Ok(put)
}

/// True where the mark that is asked for says more than what holds. A sheet that is complete is marked again where the
/// dictionary has grown since, or where a fact was or is being taken back: the mark covers what it could see.
fn needs_mark(
    sheet: &FactSheet,
    complete: bool,
    (added, dictionary): (&[&NewFact], &[FactDefinition]),
    valid_from: NaiveDate,
) -> bool {
    if !complete {
        return in_force(&sheet.complete, valid_from).is_some_and(|row| row.value);
    }
    added.iter().any(|fact| fact.value.0 == FactValue::Withdrawn) || !sheet.is_marked_for(valid_from, dictionary)
}

fn value_faults(facts: &[NewFact], shape: Shape, dictionary: &[FactDefinition]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, NewFact { key, value }) in facts.iter().enumerate() {
        if !seen.insert(key) {
            faults.push(Fault::new(shape.pointer(number, "key"), "duplicate", message!("fact-twice", key = key)));
        }
        let Some(entry) = dictionary.iter().find(|entry| entry.key == *key) else {
            faults.push(Fault::new(shape.pointer(number, "key"), "fact_unknown", message!("fact-unknown", key = key)));
            continue;
        };
        let fault = match (entry.kind, value.0) {
            (FactKind::Number, FactValue::Tag(_)) => Some(("wrong_kind", message!("fact-is-number", key = key))),
            (FactKind::Tag, FactValue::Number(_)) => Some(("wrong_kind", message!("fact-is-tag", key = key))),
            (FactKind::Number, FactValue::Number(number)) if number.is_negative() => {
                Some(("negative", message!("fact-negative", key = key)))
            }
            _ => None,
        };
        faults.extend(fault.map(|(code, text)| Fault::new(shape.pointer(number, "value"), code, text)));
    }
    faults
}
