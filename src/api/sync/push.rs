//! `POST /sync`: the commands that a device pushes.

use std::sync::Arc;

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use validator::Validate;

use super::caller::PushCaller;
use crate::api::body::UnreadBody;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems, TooManyProblem};
use crate::api::query::Query;
use crate::api::state::AppState;
use base::id::{CommandId, CountId};
use base::time::serialize_instant;
use db::locks::{Key, Locks};
use db::quarantine::DecisionRow;
use db::write::Change;
use domain::new_count::NewCount;
use domain::quarantine::{CommandRefusal, Decision};
use domain::revision::Revision;
use domain::text::is_short_text;
use service::sync::cursor::Cursor;
use service::sync::push::{Batch, organizations_of, push};
use service::sync::results::{self, CommandStatus};
use service::sync::rights::fingerprint;
use text::language::Language;

/// What a device sends at once.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[schema(example = json!({
    "device_id": "0198f5a2-0000-7000-8000-00000000000a", "sent_at": "2026-11-23T02:10:01Z", "queued": 1,
    "commands": [{
        "id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11", "seq": 41, "type": "submit_count",
        "data": {
            "depot_id": "0198f5a2-0000-7000-8000-000000000003", "scope": "listed",
            "counted_at": "2026-11-23T02:10:00Z", "lines": [{ "item": "L2010101", "quantity": 12 }]
        }
    }]
}))]
pub struct Push {
    /// The name that the app made up at its first start and keeps, such as a UUID: what `Muster-Device` says elsewhere. Each
    /// account on it has a queue and running numbers of its own.
    #[schema(min_length = 1, max_length = 100)]
    #[validate(length(min = 1, max = 100), custom(function = is_short_text))]
    device_id: String,
    /// When it sends this, by its own clock: the server corrects `counted_at` by the difference.
    #[serde(default)]
    sent_at: Option<DateTime<Utc>>,
    /// How many commands wait on the device, these included: what it never sends is known to be missing by that.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    #[validate(range(min = 0, max = 9_007_199_254_740_991_i64))]
    queued: Option<i64>,
    /// The cursor that the device has, where it has one: with the one that is answered a later pull finds out that the server
    /// was restored from before this push.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200))]
    cursor: Option<String>,
    /// The oldest first. Each is read by itself, and one that cannot be applied is kept for an officer.
    #[schema(value_type = Vec<PushedCommand>, max_items = 500)]
    #[validate(length(max = 500))]
    commands: Vec<Box<RawValue>>,
}

/// One command of a device. Members that are not named here are passed over.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PushedCommand {
    /// Its id, made by the app; of a count it is the count's, as in `PUT /counts/{id}`.
    id: CommandId,
    /// The device's running number: from 1, one more with each command, never used again.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 41)]
    seq: Option<i64>,
    /// `submit_count`. Any other is kept for an officer.
    #[serde(rename = "type")]
    #[schema(max_length = 64, example = "submit_count")]
    kind: String,
    /// The body of `PUT /counts/{id}`, the same bytes for ever.
    data: NewCount,
    /// The receipt of a count that is pushed again after a `reset`.
    #[schema(max_length = 4096)]
    receipt: Option<String>,
}

/// How a push is taken.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PushParameters {
    /// True for a device that cannot refresh its token: its commands are kept for an officer then.
    deposit: Option<bool>,
}

/// What became of each command.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct PushAnswer {
    /// One for each command, in their order.
    #[schema(max_items = 500)]
    results: Vec<CommandResult>,
    /// When the server received them.
    #[serde(serialize_with = "serialize_instant")]
    received_at: DateTime<Utc>,
    /// The revision from which readers see them.
    revision: Revision,
    /// How far the device's clock was behind the server's at sending, in milliseconds; `null` where it did not say.
    #[schema(minimum = -9_007_199_254_740_991_i64, maximum = 9_007_199_254_740_991_i64, example = 800)]
    clock_offset_ms: Option<i64>,
    /// Keep it in the place of the cursor that was sent, with what became of the commands.
    #[schema(max_length = 200, example = "AQAAAAAAAAABAQAAAAAAAAAM")]
    cursor: String,
}

/// What became of one command.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CommandResult {
    /// The command's id, as it was sent; `null` where none could be read.
    #[schema(max_length = 64, example = "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11")]
    id: Option<String>,
    /// What it came to.
    status: CommandStatus,
    /// True when it had been taken in before: this is its present fate, and nothing was changed.
    repeated: bool,
    /// The count that it became: another id than its own where an officer applied one whose id was taken.
    count_id: Option<CountId>,
    /// The receipt of the count, the same byte for byte for ever; `null` for a sender who could not be let in.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    receipt: Option<String>,
    /// Why it was not applied.
    problem: Option<Problem>,
    /// What an officer decided.
    decision: Option<CommandDecision>,
}

/// What an officer decided on a command.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct CommandDecision {
    /// What was decided.
    status: Decision,
    /// Why, in words.
    #[schema(max_length = 1000, example = "counted again on the day after")]
    reason: String,
    /// When.
    #[serde(serialize_with = "serialize_instant")]
    decided_at: DateTime<Utc>,
}

impl CommandResult {
    /// A result, its problem told in a language.
    fn of(result: results::CommandResult, language: Language, request_id: &str) -> Self {
        let problem = |refusal: &CommandRefusal| Problem::of_refusal(refusal, language, request_id.to_owned());
        Self {
            id: result.id,
            status: result.status,
            repeated: result.repeated,
            count_id: result.count_id,
            receipt: result.receipt,
            problem: result.refusal.as_ref().map(problem),
            decision: result.decision.map(CommandDecision::from),
        }
    }
}

impl From<DecisionRow> for CommandDecision {
    fn from(decided: DecisionRow) -> Self {
        Self { status: decided.decision, reason: decided.reason, decided_at: decided.decided_at.0 }
    }
}

/// Push commands
///
/// Everything that waited on a device, in one request: answers one result for each command, in order. A command is carried
/// out once, for ever, whether it comes by this or by `PUT /counts/{id}`; a repeat of the whole push changes nothing. What
/// cannot be applied as it was sent is kept for an officer (`quarantined`), and so is everything from somebody whose session
/// has ended or whose account was closed, within bounds (429 `deposit_full`). Where the token has merely expired the answer
/// is 401 `token_expired`: refresh it and send the same again, or say `deposit=true` where that is not possible.
#[utoipa::path(
    tag = "sync",
    params(PushParameters),
    request_body = Push,
    responses((status = 200, description = "What became of each.", body = PushAnswer), Problems, BodyProblems, TooManyProblem),
    security(("bearer" = []))
)]
#[post("/sync")]
pub async fn push_commands(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    PushCaller { pusher, mut actor }: PushCaller,
    Query(parameters): Query<PushParameters>,
    body: UnreadBody,
) -> Result<HttpResponse, ApiError> {
    let received_at = state.clock.now();
    let sender = pusher.into_sender(parameters.deposit == Some(true))?;
    let Push { device_id, sent_at, queued, cursor, commands } = body.read()?;
    actor.device = Some(device_id.clone());
    let request_id = actor.request_id.clone().unwrap_or_default();
    let batch = Arc::new(Batch::read(sender, device_id, (sent_at, received_at), queued, &commands)?);
    let sent = Arc::clone(&batch);
    let organizations = state.db.read(move |snapshot| organizations_of(snapshot.connection, &sent)).await?;
    let locks = Locks::organizations(organizations).keys([Key::sender(batch.sender.account.id)]);
    let (keys, pushed) = (state.receipts.clone(), Arc::clone(&batch));
    let work = move |change: &mut Change<'_>| push(change, &keys, &pushed);
    let written = state.db.write(actor, locks, work).await?;
    let (outcomes, revision) = (written.value, written.revision);
    let (results, cursor) = state
        .db
        .read(move |snapshot| {
            let rights = fingerprint(&batch.sender.account, batch.sender.scopes.as_ref());
            let results = results::results(snapshot.connection, &batch, outcomes)?;
            Ok((results, Cursor::after_push(snapshot.connection, (rights, cursor.as_deref()), revision, received_at)?))
        })
        .await?;
    let results = results.into_iter().map(|result| CommandResult::of(result, language, &request_id)).collect();
    let clock_offset_ms = sent_at.map(|sent_at| (received_at - sent_at).num_milliseconds());
    let cursor = cursor.write();
    Ok(HttpResponse::Ok().json(PushAnswer { results, received_at, revision, clock_offset_ms, cursor }))
}
