//! The changes that a device is sent, a page at a time.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::changes::{Page, SyncChange};
use super::cursor::{Cursor, Place, SyncPoint};
use super::difference::Difference;
use super::rights::{Reader, fingerprint};
use base::error::Error;
use base::id::ChangeSetId;
use db::read::Snapshot;
use domain::revision::Revision;

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
    let (next, from) = match usable.and_then(|cursor| cursor.next) {
        Some(next) => next,
        None => (SyncPoint::present(snapshot, now)?, Place::START),
    };
    let difference = Difference::between(snapshot, reader, base, next)?;
    let Page { changes, end, more } = Page::read(snapshot, &difference, from)?;
    let cursor = match (base, cursor) {
        // The same state has the same cursor, so that the answer has the same tag.
        (Some(base), Some(cursor)) if changes.is_empty() && base.revision == next.revision && pushed.is_none() => {
            cursor.to_owned()
        }
        _ if more => Cursor { rights, base, next: Some((next, end)), pushed }.write(),
        // A state that the device began to fetch before the push does not contain the pushed commands.
        _ => Cursor { rights, base: Some(next), next: None, pushed: pushed.filter(|at| at.revision > next.revision) }
            .write(),
    };
    let change_set = db::revisions::change_set_of(snapshot.connection, next.revision)?;
    let change_set = change_set.ok_or(Error::Internal("a revision has no change set", None))?;
    Ok(PulledChanges { changes, cursor, more, reset, revision: next.revision, change_set })
}
