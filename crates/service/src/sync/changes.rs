//! The changes of one answer to a device: so many of a difference as it may have, from a place on. Of the rest no more is
//! computed than shows whether any follow.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::value::RawValue;

use super::cursor::Place;
use super::difference::Difference;
use super::key::{ChangeType, Key};
use super::part::{Part, Phase};
use super::state::Step;
use base::error::Error;
use db::read::Snapshot;

/// The maximum number of changes in one answer.
const CHANGES: usize = 1_000;

/// The number of bytes of changes after which an answer ends.
const BYTES: usize = 262_144;

/// One change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Change)]
pub struct SyncChange {
    /// The kind of thing it is about.
    #[serde(rename = "type")]
    kind: ChangeType,
    /// The operation.
    op: Operation,
    /// The key of the thing among those of its kind.
    #[schema(max_length = 64)]
    key: String,
    /// The complete new content; left out if it is deleted. By type: `OrganizationData`, `ItemClassData`, `ItemData`,
    /// `DepotData`, `RequirementsDocument`, `AssessmentsDocument`, `StockDocument`, `QuarantineData`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<Object>)]
    data: Option<Box<RawValue>>,
}

/// The operation on a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Store it, replacing any previous content.
    Put,
    /// Delete it.
    Delete,
}

/// The changes of one answer.
#[derive(Debug)]
pub struct Page {
    /// The changes.
    pub changes: Vec<SyncChange>,
    /// The place after them.
    pub end: Place,
    /// True if more follow.
    pub more: bool,
}

impl Page {
    /// Reads the changes from a place on: puts part by part, then deletions.
    ///
    /// # Errors
    /// `Busy` if nobody waits for the outcome any more.
    pub fn read(snapshot: &mut Snapshot<'_>, difference: &Difference<'_>, from: Place) -> Result<Self, Error> {
        let mut filling = Filling { page: Self { changes: Vec::new(), end: from, more: false }, bytes: 0, from };
        let mut moved = Moved::default();
        difference.visit(snapshot, from.part, |part, step| {
            // A device that begins with nothing has nothing to delete.
            if difference.has_base() {
                moved.note(&step);
            }
            Ok(filling.add(part, puts(step)?))
        })?;
        if difference.has_base() && !filling.page.more {
            if from != Place::START {
                moved = Moved::default();
                difference.visit(snapshot, Part::START, |_, step| {
                    moved.note(&step);
                    Ok(true)
                })?;
            }
            filling.add(Part::of(Phase::Deletions), moved.deletions());
        }
        Ok(filling.page)
    }
}

/// A page that is being filled.
struct Filling {
    page: Page,
    bytes: usize,
    from: Place,
}

impl Filling {
    /// Adds the changes of a part. Returns whether there is room for more.
    fn add(&mut self, part: Part, changes: Vec<SyncChange>) -> bool {
        let skipped = if part == self.from.part { self.from.within } else { 0 };
        for (within, change) in (1..).zip(changes).filter(|(within, _)| *within > skipped) {
            if self.page.changes.len() >= CHANGES || self.bytes >= BYTES {
                self.page.more = true;
                return false;
            }
            self.bytes += change.data.as_ref().map_or(0, |data| data.get().len());
            self.page.changes.push(change);
            self.page.end = Place { part, within };
        }
        true
    }
}

/// The documents of a part that are new or other than before, in the order of their keys.
fn puts(Step { before, after }: Step) -> Result<Vec<SyncChange>, Error> {
    let changed = after.into_iter().filter(|(key, json)| before.get(key) != Some(json));
    let put = |((kind, key), json)| {
        let data = RawValue::from_string(json).map_err(|error| Error::internal("a change is no JSON", error))?;
        Ok(SyncChange { kind, op: Operation::Put, key, data: Some(data) })
    };
    changed.map(put).collect()
}

/// The keys that one of two states has in a part, and the other not.
#[derive(Default)]
struct Moved {
    gone: BTreeSet<Key>,
    came: BTreeSet<Key>,
}

impl Moved {
    fn note(&mut self, Step { before, after }: &Step) {
        self.gone.extend(before.keys().filter(|key| !after.contains_key(*key)).cloned());
        self.came.extend(after.keys().filter(|key| !before.contains_key(*key)).cloned());
    }

    /// What is gone from its part and did not come in another: a depot may have been given to another organization.
    fn deletions(&self) -> Vec<SyncChange> {
        let gone = self.gone.difference(&self.came).cloned();
        gone.map(|(kind, key)| SyncChange { kind, op: Operation::Delete, key, data: None }).collect()
    }
}
