//! Counts made from the phone's copy: codes become ids, and the catalogue's revision is added.

use std::collections::BTreeSet;

use chrono::SecondsFormat;
use serde::Serialize;

use super::Phone;
use super::error::PhoneError;
use super::report::Mirrored;
use super::store::{mirror, settings};
use base::quantity::Quantity;

/// A count as a person enters it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountDraft {
    /// The code of the depot.
    pub depot: String,
    /// True if items not listed were not there.
    pub is_full: bool,
    /// The items found, by code, with their quantities.
    pub lines: Vec<(String, Quantity)>,
    /// A remark.
    pub note: Option<String>,
}

/// The body of a count.
#[derive(Serialize)]
struct Body<'a> {
    depot_id: &'a str,
    scope: &'static str,
    counted_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalogue_revision: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    catalogue_change_set: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'a str>,
    lines: Vec<Line<'a>>,
}

/// One line of it.
#[derive(Serialize)]
struct Line<'a> {
    item: &'a str,
    quantity: Quantity,
}

impl Phone {
    /// Makes the body of a count from a draft, by the codes of the copy. Works offline.
    ///
    /// # Errors
    /// If the copy lacks the depot or an item, two lines name one item, or a quantity does not fit its item.
    pub fn draft_count(&mut self, draft: &CountDraft) -> Result<Vec<u8>, PhoneError> {
        let mut seen = BTreeSet::new();
        if let Some((item, _)) = draft.lines.iter().find(|(item, _)| !seen.insert(item)) {
            return Err(PhoneError::Invalid(format!("{item} is there twice: give one sum, or a body of your own")));
        }
        let (depot, revision, change_set) = self.store.read(|connection| {
            for (item, quantity) in &draft.lines {
                let known = mirror::find(connection, "item", item)?.ok_or_else(|| unknown("item", item))?;
                check(&known, *quantity)?;
            }
            let depot = mirror::find(connection, "depot", &draft.depot)?;
            let revision = settings::find_number(connection, settings::REVISION)?;
            let change_set = settings::find(connection, settings::CHANGE_SET)?;
            Ok((depot.ok_or_else(|| unknown("depot", &draft.depot))?, revision, change_set))
        })?;
        if depot.data.get("open").and_then(|open| open.as_bool()) == Some(false) {
            return Err(PhoneError::Invalid(format!("the depot {} is closed: nothing is counted there", draft.depot)));
        }
        if draft.is_full && revision.is_none() {
            // It would claim that items this phone has not heard of were not there.
            return Err(PhoneError::Invalid("the catalogue on this phone is not complete: sync first".to_owned()));
        }
        let id = depot.data.get("id").and_then(|id| id.as_str());
        let depot_id = id.ok_or_else(|| PhoneError::Invalid(format!("the copy has no id of {}: sync", draft.depot)))?;
        let body = Body {
            depot_id,
            scope: if draft.is_full { "full" } else { "listed" },
            counted_at: self.now().to_rfc3339_opts(SecondsFormat::Micros, true),
            catalogue_revision: revision,
            catalogue_change_set: change_set.filter(|_| revision.is_some()),
            note: draft.note.as_deref(),
            lines: draft.lines.iter().map(|(item, quantity)| Line { item, quantity: *quantity }).collect(),
        };
        serde_json::to_vec(&body).map_err(|error| PhoneError::Invalid(error.to_string()))
    }
}

/// Checks a quantity against its item.
fn check(item: &Mirrored, quantity: Quantity) -> Result<(), PhoneError> {
    let is_measured = item.data.get("measured").and_then(|measured| measured.as_bool()).unwrap_or(false);
    if quantity.is_negative() {
        return Err(PhoneError::Invalid(format!("{quantity} of {} is below zero", item.key)));
    }
    if !is_measured && !quantity.is_whole() {
        return Err(PhoneError::Invalid(format!("{} is counted in whole units, and {quantity} is none", item.key)));
    }
    Ok(())
}

fn unknown(what: &str, code: &str) -> PhoneError {
    PhoneError::Invalid(format!("the copy on this phone has no {what} {code}: look at its code, or sync"))
}
