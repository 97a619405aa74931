//! Fetching what changed.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use validator::Validate;

use super::cursor::{Cursor, rights_of, stands};
use super::state::{ChangeType, Step, Whose, present, step};
use crate::api::callers::{Caller, Everyone};
use crate::api::error::ApiError;
use crate::api::problem::Problems;
use crate::api::query::Query;
use crate::api::reply;
use crate::api::state::AppState;
use base::error::Error;
use db::read::Snapshot;
use domain::revision::Revision;

/// How many changes one answer holds at most.
const CHANGES: usize = 1_000;

/// After how many bytes of changes an answer ends.
const BYTES: usize = 262_144;

/// From where on.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PullChanges {
    /// The `cursor` of the answer before; everything where left out.
    #[param(max_length = 200)]
    #[validate(length(max = 200))]
    cursor: Option<String>,
}

/// What changed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "changes": [
        { "type": "item", "op": "put", "key": "L2010101", "data": {
            "name_en": "SCBA, positive-pressure", "name_zh": "正压式空气呼吸器", "unit": "set",
            "class": "personal_protection", "kind": "equipment" } },
        { "type": "assessments", "op": "put", "key": "T3", "data": {
            "columns": ["item", "strength", "usable_min", "usable_max", "shortage_min", "shortage_max", "status", "conflict"],
            "rows": [["L2010101", "mandatory", 12, 12, 17, 17, "short", false]] } }
    ],
    "cursor": "AQAAAAAAAAABAQAAAAAAAAAM", "more": false, "reset": false, "revision": 12
}))]
struct PulledChanges {
    /// To be made in this order, together with keeping the cursor.
    #[schema(max_items = 1000)]
    changes: Vec<Change>,
    /// Send it the next time.
    #[schema(max_length = 200)]
    cursor: String,
    /// True where there are more changes now: ask again at once.
    more: bool,
    /// True where what was fetched before must be dropped first: the server was restored from a backup, or the rights of the
    /// account changed. Accepted counts of the last 90 days are then pushed again, each with its receipt.
    reset: bool,
    /// The state that these changes, and those still to come, lead to: the `catalogue_revision` of counts made from it.
    revision: Revision,
}

/// One change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Change {
    /// What sort of thing it is about.
    #[serde(rename = "type")]
    kind: ChangeType,
    /// What to do.
    op: Operation,
    /// The thing, among those of its sort.
    #[schema(max_length = 64)]
    key: String,
    /// What it is now, in the place of all it was; left out where it is deleted. By type: `OrganizationData`,
    /// `ItemClassData`, `ItemData`, `DepotData`, `RequirementsDocument`, `AssessmentsDocument`, `StockDocument`,
    /// `QuarantineData`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    data: Option<Box<RawValue>>,
}

/// What to do with a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Operation {
    /// Keep it in the place of what there was.
    Put,
    /// Drop it.
    Delete,
}

/// Pull changes
///
/// What changed since the cursor, of what the caller sees and needs: the catalogue, the organizations with their depots,
/// requirement lines, assessments and stock, and what became of one's own commands in quarantine. Without a cursor
/// everything. What a device has after any number of pulls is what a fresh one gets.
///
/// A cursor is good on every instance and for ever. Where it names a state that is gone (the server was restored), or was
/// given to other rights, the answer starts over and says `reset`. Things travel by their codes in both languages; what has
/// many rows comes as one document with named columns, when it changed.
#[utoipa::path(
    tag = "sync",
    params(PullChanges),
    responses((status = 200, description = "What changed.", body = PulledChanges), Problems),
    security(("bearer" = []))
)]
#[get("/sync")]
pub async fn pull_changes(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    Query(query): Query<PullChanges>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let whose = Whose { account: caller.account, scopes: caller.scopes };
    let answer = state.db.read(move |snapshot| pull(snapshot, &whose, query.cursor.as_deref(), now)).await?;
    reply::packed(&request, &answer)
}

fn pull(
    snapshot: &mut Snapshot<'_>,
    whose: &Whose,
    cursor: Option<&str>,
    now: DateTime<Utc>,
) -> Result<PulledChanges, Error> {
    let rights = rights_of(&whose.account, whose.scopes.as_ref());
    let given_out = cursor.map(Cursor::read).transpose()?.flatten().filter(|cursor| cursor.rights == rights);
    let standing = match given_out {
        Some(cursor) if stands(snapshot.connection, &cursor)? => Some(cursor),
        _ => None,
    };
    let reset = cursor.is_some() && standing.is_none();
    let base = standing.and_then(|cursor| cursor.base);
    let pushed = standing.and_then(|cursor| cursor.pushed);
    let (next, given) = match standing.and_then(|cursor| cursor.next) {
        Some(next) => next,
        None => (present(snapshot, now)?, 0),
    };
    let skipped = usize::try_from(given).unwrap_or(usize::MAX);
    let (changes, more) = page(differences(step(snapshot, whose, base, next)?)?, skipped);
    let cursor = match (base, cursor) {
        // The same state as before has the same cursor, so that the answer has the same tag.
        (Some(base), Some(cursor)) if changes.is_empty() && base.revision == next.revision && pushed.is_none() => {
            cursor.to_owned()
        }
        _ if more => {
            let taken = u32::try_from(changes.len()).unwrap_or(u32::MAX);
            Cursor { rights, base, next: Some((next, given.saturating_add(taken))), pushed }.write()
        }
        // A state that was begun before the push does not have what was pushed.
        _ => Cursor { rights, base: Some(next), next: None, pushed: pushed.filter(|at| at.revision > next.revision) }
            .write(),
    };
    Ok(PulledChanges { changes, cursor, more, reset, revision: next.revision })
}

/// What leads from one state to the other, in the order of the keys.
fn differences(mut step: Step) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for (key, json) in step.after {
        if step.before.remove(&key).as_ref() == Some(&json) {
            continue;
        }
        let data = RawValue::from_string(json).map_err(|error| Error::internal("a change is no JSON", error))?;
        changes.push(Change { kind: key.0, op: Operation::Put, key: key.1, data: Some(data) });
    }
    let gone = step.before.into_keys();
    changes.extend(gone.map(|(kind, key)| Change { kind, op: Operation::Delete, key, data: None }));
    Ok(changes)
}

/// The next of some changes, and whether there are more.
fn page(changes: Vec<Change>, skipped: usize) -> (Vec<Change>, bool) {
    let mut bytes = 0;
    let mut taken: Vec<Change> = Vec::new();
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
