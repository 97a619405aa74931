//! The changes that a device is sent, a page at a time.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use super::cursor::{Cursor, SyncPoint};
use super::key::ChangeType;
use super::rights::{Reader, fingerprint};
use super::state::{Step, step};
use base::error::Error;
use base::id::ChangeSetId;
use db::read::Snapshot;
use domain::revision::Revision;

/// The maximum number of changes in one answer.
const CHANGES: usize = 1_000;

/// The number of bytes of changes after which an answer ends.
const BYTES: usize = 262_144;

/// The changes since a cursor.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "changes": [
        { "type": "item", "op": "put", "key": "L2010101", "data": {
            "name_en": "SCBA, positive-pressure", "name_zh": "正压式空气呼吸器", "unit": "set",
            "class": "personal_protection", "kind": "equipment" } },
        { "type": "assessments", "op": "put", "key": "T3", "data": {
            "columns": ["item", "strength", "usable_min", "usable_max", "shortage_min", "shortage_max", "status", "conflict", "contested", "valid_through"],
            "rows": [["L2010101", "mandatory", 12, 12, 17, 17, "short", false, false, "2026-12-01"]] } }
    ],
    "cursor": "AQAAAAAAAAABAQAAAAAAAAAM", "more": false, "reset": false, "revision": 12,
    "change_set": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b10"
}))]
pub struct PulledChanges {
    /// The changes, to be made in this order and stored together with the cursor.
    #[schema(max_items = 1000)]
    changes: Vec<SyncChange>,
    /// The cursor to send next time.
    #[schema(max_length = 200)]
    cursor: String,
    /// True if there are more changes: ask again at once.
    more: bool,
    /// True if the data fetched before must be dropped first: the server was restored from a backup, or the rights of the
    /// account changed. Then push the accepted counts of the last 90 days again, each with its receipt.
    reset: bool,
    /// The revision to which these changes, and those still to come, lead: the `catalogue_revision` of counts made with
    /// this data.
    revision: Revision,
    /// The change set of that revision: the `catalogue_change_set` of counts made with this data.
    change_set: ChangeSetId,
}

/// One change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Change)]
struct SyncChange {
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
enum Operation {
    /// Store it, replacing any previous content.
    Put,
    /// Delete it.
    Delete,
}

/// The changes that bring a device from its cursor to the present state.
///
/// # Errors
/// `Invalid` for a cursor that no service wrote; `Busy` before the first revision.
pub fn pull(
    snapshot: &mut Snapshot<'_>,
    reader: &Reader,
    cursor: Option<&str>,
    now: DateTime<Utc>,
) -> Result<PulledChanges, Error> {
    let rights = fingerprint(&reader.account, reader.scopes.as_ref());
    let with_these_rights = cursor.map(Cursor::read).transpose()?.flatten().filter(|cursor| cursor.rights == rights);
    let usable = match with_these_rights {
        Some(cursor) if cursor.stands(snapshot.connection)? => Some(cursor),
        _ => None,
    };
    let reset = cursor.is_some() && usable.is_none();
    let base = usable.and_then(|cursor| cursor.base);
    let pushed = usable.and_then(|cursor| cursor.pushed);
    let (next, sent) = match usable.and_then(|cursor| cursor.next) {
        Some(next) => next,
        None => (SyncPoint::present(snapshot, now)?, 0),
    };
    let skipped = usize::try_from(sent).unwrap_or(usize::MAX);
    let (changes, more) = page(differences(step(snapshot, reader, base, next)?)?, skipped);
    let cursor = match (base, cursor) {
        // The same state has the same cursor, so that the answer has the same tag.
        (Some(base), Some(cursor)) if changes.is_empty() && base.revision == next.revision && pushed.is_none() => {
            cursor.to_owned()
        }
        _ if more => {
            let taken = u32::try_from(changes.len()).unwrap_or(u32::MAX);
            Cursor { rights, base, next: Some((next, sent.saturating_add(taken))), pushed }.write()
        }
        // A state that the device began to fetch before the push does not contain the pushed commands.
        _ => Cursor { rights, base: Some(next), next: None, pushed: pushed.filter(|at| at.revision > next.revision) }
            .write(),
    };
    let change_set = db::revisions::change_set_of(snapshot.connection, next.revision)?;
    let change_set = change_set.ok_or(Error::Internal("a revision has no change set", None))?;
    Ok(PulledChanges { changes, cursor, more, reset, revision: next.revision, change_set })
}

/// The changes that lead from one state to the other: puts in the order of the keys, then deletions.
fn differences(mut step: Step) -> Result<Vec<SyncChange>, Error> {
    let mut changes = Vec::new();
    for (key, json) in step.after {
        if step.before.remove(&key).as_ref() == Some(&json) {
            continue;
        }
        let data = RawValue::from_string(json).map_err(|error| Error::internal("a change is no JSON", error))?;
        changes.push(SyncChange { kind: key.0, op: Operation::Put, key: key.1, data: Some(data) });
    }
    let gone = step.before.into_keys();
    changes.extend(gone.map(|(kind, key)| SyncChange { kind, op: Operation::Delete, key, data: None }));
    Ok(changes)
}

/// The changes of one answer, and whether more follow.
fn page(changes: Vec<SyncChange>, skipped: usize) -> (Vec<SyncChange>, bool) {
    let mut bytes = 0;
    let mut taken: Vec<SyncChange> = Vec::new();
    let mut left = changes.into_iter().skip(skipped);
    for change in left.by_ref() {
        bytes += change.data.as_ref().map_or(0, |data| data.get().len());
        taken.push(change);
        if taken.len() >= CHANGES || bytes >= BYTES {
            break;
        }
    }
    let more = left.next().is_some();
    (taken, more)
}
