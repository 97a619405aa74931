//! Facts: their dictionary, which the topmost bureau maintains for all regions, and the fact sheets of organizations.

use std::collections::BTreeSet;

use super::world::{LATEST, decided};
use super::{Decision, Editor, OFFICERS, Precondition, Put, Refusal, Since, World, decide};
use crate::fact::{FactDefinition, FactKey, FactKind, FactSheet, FactText, FactValue};
use crate::naming::{blank_faults, day_fault, fixed, key_fault};
use crate::new_facts::{NewFact, NewFactDefinition, NewFacts};
use base::error::Fault;
use base::id::OrganizationId;
use text::messages::message;

/// A version of a dictionary entry to write.
#[derive(Clone, Debug, PartialEq)]
pub struct DefinitionWrite {
    /// Its key.
    pub key: FactKey,
    /// Number or tag.
    pub kind: FactKind,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Its names and definitions.
    pub text: FactText,
}

/// Checks the new dictionary entry of a fact. Needs the regions and the dictionary.
///
/// # Errors
/// `Forbidden` for an editor outside the topmost bureau; `Invalid` with every fault; the refusal of the precondition.
pub fn check_definition(
    world: &World,
    editor: &Editor,
    key: &str,
    new: &NewFactDefinition,
    state: &Precondition,
) -> Result<Decision<DefinitionWrite>, Refusal> {
    editor.require_role(OFFICERS, "/fact")?;
    world.require_topmost(editor, "/fact")?;
    let stored = world.reference_data.dictionary.iter().find(|entry| entry.key == key);
    let mut faults = Vec::new();
    let kind = fixed("kind", new.kind.as_ref(), stored.map(|entry| &entry.kind), &mut faults);
    let unit = match stored {
        // A number may have no unit, and a change may leave the unit out.
        Some(entry) if new.unit.is_none() => entry.unit.clone(),
        Some(entry) => fixed("unit", Some(&new.unit), Some(&entry.unit), &mut faults).flatten(),
        None => new.unit.clone(),
    };
    if stored.is_none() {
        faults.extend(key_fault("/fact", key));
        faults.extend(blank_faults(unit.as_deref().map(|unit| ("/unit", unit))));
        if kind == Some(FactKind::Tag) && unit.is_some() {
            faults.push(Fault::new("/unit", "tag_with_unit", message!("fact-tag-with-unit")));
        }
    }
    let since = Since::new(new.valid_from, || world.today(editor));
    faults.extend(day_fault("/valid_from", since.day));
    let (text, kind) = match (new.text(), kind) {
        (Ok(text), Some(kind)) if faults.is_empty() => (text, kind),
        (text, _) => {
            let more = text.err().into_iter().flatten();
            return Err(Refusal::Invalid(faults.into_iter().chain(more).collect()));
        }
    };
    let put = decide(stored.map(|entry| &entry.versions[..]), since, &text, state)?;
    Ok(Decision { put, write: DefinitionWrite { key: key.to_owned(), kind, unit, text } })
}

/// The rows to write to the fact sheet of an organization.
#[derive(Clone, Debug, PartialEq)]
pub struct FactsWrite {
    /// The organization.
    pub organization: OrganizationId,
    /// The facts that differ from those in force.
    pub facts: Vec<(FactKey, FactValue)>,
    /// The mark that the sheet is complete, or no longer complete, if it differs from the one in force.
    pub mark: Option<bool>,
}

/// Checks a change of an organization's fact sheet, which is stored completely or not at all. Needs the regions, the
/// organizations, the dictionary and the organization's sheet, whose lock must be held.
///
/// # Errors
/// `Unknown` for an organization that the editor does not see; `Invalid` with every fault; the refusal of the
/// precondition, which names the sheet's last change.
pub fn check(
    world: &World,
    editor: &Editor,
    organization: &str,
    new: &NewFacts,
    state: &Precondition,
) -> Result<Decision<FactsWrite>, Refusal> {
    editor.require_role(OFFICERS, "/organization")?;
    let organization = world.organization(editor, organization)?;
    let none = FactSheet::default();
    let sheet = world.sheets.get(&organization.id).unwrap_or(&none);
    let since = Since::new(new.valid_from, || world.today_in(organization.region_id, editor.now));
    let mut faults: Vec<Fault> = day_fault("/valid_from", since.day).into_iter().collect();
    faults.extend(value_faults(&new.facts, &world.reference_data.dictionary));
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    let says_more = |fact: &&NewFact| {
        let rows = sheet.facts.iter().find(|(known, _)| *known == fact.key).map_or(&[][..], |(_, rows)| rows);
        !since.repeats(rows, &fact.value.0, Some(&FactValue::Withdrawn))
    };
    let added: Vec<&NewFact> = new.facts.iter().filter(says_more).collect();
    // A dated row of a file repeats an earlier statement; nobody has looked at the sheet again.
    let is_restated = *state == Precondition::Unstated && since.is_named;
    let is_covered = is_restated || sheet.is_marked_for(since.day, &world.reference_data.dictionary);
    let mark = new.complete.filter(|complete| needs_mark(sheet, *complete, &added, is_covered, since));
    let last = sheet.last_change();
    let facts: Vec<(FactKey, FactValue)> = added.iter().map(|fact| (fact.key.clone(), fact.value.0)).collect();
    let put = if facts.is_empty() && mark.is_none() {
        Put::repeated(since.day, last)
    } else {
        state.check(last)?;
        Put::added(since.day, last)
    };
    Ok(Decision { put, write: FactsWrite { organization: organization.id, facts, mark } })
}

/// True if the requested mark differs from the one in force. A complete sheet is also marked again if the dictionary has
/// grown or a fact was withdrawn since (it is not `is_covered`), and if a fact is being withdrawn: a mark covers only the
/// entries of its time.
fn needs_mark(sheet: &FactSheet, complete: bool, added: &[&NewFact], is_covered: bool, since: Since) -> bool {
    if !since.repeats(&sheet.complete, &complete, Some(&false)) {
        return true;
    }
    let takes_back = added.iter().any(|fact| fact.value.0 == FactValue::Withdrawn);
    complete && (takes_back || !is_covered)
}

fn value_faults(facts: &[NewFact], dictionary: &[FactDefinition]) -> Vec<Fault> {
    let pointer = |number: usize, field: &str| format!("/facts/{number}/{field}");
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (number, NewFact { key, value }) in facts.iter().enumerate() {
        if !seen.insert(key) {
            faults.push(Fault::new(pointer(number, "key"), "duplicate", message!("fact-twice", key = key)));
        }
        let Some(entry) = dictionary.iter().find(|entry| entry.key == *key) else {
            faults.push(Fault::new(pointer(number, "key"), "fact_unknown", message!("fact-unknown", key = key)));
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
        faults.extend(fault.map(|(code, text)| Fault::new(pointer(number, "value"), code, text)));
    }
    faults
}

impl World {
    /// Applies the decision on a dictionary entry.
    pub fn apply_definition(&mut self, put: &Put, write: &DefinitionWrite) {
        let text = decided(put.valid_from, write.text.clone());
        match self.reference_data.dictionary.iter_mut().find(|entry| entry.key == write.key) {
            Some(entry) => entry.versions.push(text),
            None => self.reference_data.dictionary.push(FactDefinition {
                key: write.key.clone(),
                kind: write.kind,
                unit: write.unit.clone(),
                learnt: LATEST,
                versions: vec![text],
            }),
        }
    }

    /// Applies the decision on a fact sheet.
    pub fn apply_facts(&mut self, put: &Put, write: &FactsWrite) {
        let sheet = self.sheets.entry(write.organization).or_default();
        for (key, value) in &write.facts {
            let row = decided(put.valid_from, *value);
            match sheet.facts.iter_mut().find(|(known, _)| known == key) {
                Some((_, rows)) => rows.push(row),
                None => sheet.facts.push((key.clone(), vec![row])),
            }
        }
        sheet.complete.extend(write.mark.map(|complete| decided(put.valid_from, complete)));
    }
}
