//! Pushing commands.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, post, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use validator::Validate;

use super::caller::{Entry, Pusher};
use super::cursor::{Cursor, Place, rights_of, stands};
use crate::api::body::UnreadBody;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems, TooManyProblem};
use crate::api::query::Query;
use crate::api::state::AppState;
use base::error::Error;
use base::id::{AccountId, CommandId, CountId, QuarantineId};
use base::time::serialize_instant;
use db::connection::AnyConnection;
use db::locks::{Key, Locks};
use db::quarantine::Quarantined;
use db::write::Change;
use domain::command::Pushed;
use domain::new_count::{NewCount, is_plausible};
use domain::quarantine::{Decision, Refusal};
use domain::revision::Revision;
use domain::text::is_short_text;
use service::push::{Batch, CommandFate, Sender, organizations_of, push};
use text::language::Language;
use text::messages::message;

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

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum CommandStatus {
    /// It is a count.
    Applied,
    /// It is kept, and an officer decides or has put it aside. Sending it again changes nothing.
    Quarantined,
    /// It was no command at all, and nothing is kept of it. Sending it again is of no use.
    Rejected,
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
pub(in crate::api) struct CommandDecision {
    /// What was decided.
    status: Decision,
    /// Why, in words.
    #[schema(max_length = 1000, example = "counted again on the day after")]
    reason: String,
    /// When.
    #[serde(serialize_with = "serialize_instant")]
    decided_at: DateTime<Utc>,
}

impl CommandDecision {
    /// What was decided on a command in quarantine.
    pub fn of(quarantined: &Quarantined) -> Option<Self> {
        quarantined.decision.as_ref().map(|decided| Self {
            status: decided.decision,
            reason: decided.reason.clone(),
            decided_at: decided.decided_at.0,
        })
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
    pusher: Pusher,
    Query(parameters): Query<PushParameters>,
    body: UnreadBody,
) -> Result<HttpResponse, ApiError> {
    let received_at = state.clock.now();
    let shut_out = match pusher.entry {
        Entry::LetIn => None,
        Entry::Expired if parameters.deposit == Some(true) => Some("token_expired"),
        Entry::Expired => {
            return Err(Error::Unauthenticated { code: "token_expired", detail: message!("token-expired") }.into());
        }
        Entry::ShutOut(code) => Some(code),
    };
    let sent: Push = body.read()?;
    if sent.sent_at.is_some_and(|instant| !is_plausible(instant)) {
        return Err(Error::invalid("/sent_at", "out_of_range", message!("header-sent-at-range")).into());
    }
    let commands: Vec<Pushed> =
        sent.commands.iter().enumerate().map(|(place, command)| Pushed::read(place, command)).collect();
    let belongs = pusher.account.belongs;
    let (organizations, commands) = state
        .db
        .read(move |snapshot| Ok((organizations_of(snapshot.connection, belongs, &commands)?, commands)))
        .await?;
    let mut actor = pusher.actor;
    actor.device = Some(sent.device_id.clone());
    let request_id = actor.request_id.clone().unwrap_or_default();
    let ids: Vec<Option<String>> = commands
        .iter()
        .map(|pushed| match pushed {
            Pushed::Command(command) => Some(command.id.to_string()),
            Pushed::Nothing { id, .. } => id.clone(),
        })
        .collect();
    let account = pusher.account.id;
    let (rights, held) = (rights_of(&pusher.account, pusher.scopes.as_ref()), sent.cursor);
    let batch = Batch {
        sender: Sender { account: pusher.account, session: pusher.session, shut_out },
        device: sent.device_id,
        sent_at: sent.sent_at,
        queued: sent.queued,
        commands,
        received_at,
    };
    let keys = state.receipts.clone();
    let work = move |change: &mut Change<'_>| push(change, &keys, &batch);
    let locks = Locks::organizations(organizations).keys([Key::sender(account)]);
    let written = state.db.write(actor, locks, work).await?;
    let (fates, told) = (written.value, shut_out.is_none());
    let revision = written.revision;
    let (results, cursor) = state
        .db
        .read(move |snapshot| {
            let results = results(snapshot.connection, ids, fates, (account, told), (language, &request_id))?;
            Ok((results, cursor_after(snapshot.connection, (rights, held), revision, received_at)?))
        })
        .await?;
    let clock_offset_ms = sent.sent_at.map(|sent_at| (received_at - sent_at).num_milliseconds());
    Ok(HttpResponse::Ok().json(PushAnswer { results, received_at, revision, clock_offset_ms, cursor }))
}

/// The cursor of a device that pushed: the one it has, and the state that it was told of. In the place of one that does not
/// stand any more it is given one that never will, so that the next pull starts over, whatever the server was restored to by
/// then.
fn cursor_after(
    connection: &mut AnyConnection,
    (rights, held): (u64, Option<String>),
    revision: Revision,
    at: DateTime<Utc>,
) -> Result<String, Error> {
    let cursor = match held {
        None => Cursor { rights, base: None, next: None, pushed: None },
        Some(text) => match Cursor::read(&text) {
            // Whether the rights are still those it was given to is for the pull to say.
            Ok(Some(cursor)) if stands(connection, &cursor)? => cursor,
            _ => return Ok(Cursor::starting_over(rights).write()),
        },
    };
    let change_set = db::revisions::change_set_of(connection, revision)?;
    let pushed = change_set.map(|change_set| Place::new(revision, change_set, at));
    Ok(Cursor { pushed, ..cursor }.write())
}

/// The results of a push. A sender who was not let in is told of no receipt.
fn results(
    connection: &mut AnyConnection,
    ids: Vec<Option<String>>,
    fates: Vec<CommandFate>,
    (account, told): (AccountId, bool),
    (language, request_id): (Language, &str),
) -> Result<Vec<CommandResult>, Error> {
    let kept: Vec<QuarantineId> = fates
        .iter()
        .filter_map(|fate| match fate {
            CommandFate::Quarantined { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    let kept: BTreeMap<QuarantineId, Quarantined> =
        db::quarantine::find_some(connection, &kept)?.into_iter().map(|one| (one.row.id, one)).collect();
    let mut results = Vec::with_capacity(fates.len());
    for (id, fate) in ids.into_iter().zip(fates) {
        let bare = |status, repeated| CommandResult {
            id,
            status,
            repeated,
            count_id: None,
            receipt: None,
            problem: None,
            decision: None,
        };
        results.push(match fate {
            CommandFate::Applied { count, repeated } => {
                let receipt = if told { db::receipts::receipt_of(connection, count)? } else { None };
                CommandResult { count_id: Some(count), receipt, ..bare(CommandStatus::Applied, repeated) }
            }
            CommandFate::Rejected(fault) => {
                let problem = Problem::of(&Error::Invalid(vec![fault]).into(), language, request_id.to_owned());
                CommandResult { problem: Some(problem), ..bare(CommandStatus::Rejected, false) }
            }
            CommandFate::Quarantined { id, repeated } => {
                let kept = kept.get(&id).ok_or(Error::Internal("a command in quarantine vanished", None))?;
                let decision = CommandDecision::of(kept).filter(|_| kept.row.account_id == account);
                // Whoever sent the same by chance is told no more than that it is there.
                let count = kept.decision.as_ref().and_then(|decided| decided.count_id);
                match count.filter(|_| kept.row.account_id == account) {
                    Some(count) => {
                        let receipt = if told { db::receipts::receipt_of(connection, count)? } else { None };
                        let applied = bare(CommandStatus::Applied, repeated);
                        CommandResult { count_id: Some(count), receipt, decision, ..applied }
                    }
                    None => {
                        let problem = Problem::of_refusal(&refusal_of(kept)?, language, request_id.to_owned());
                        let quarantined = bare(CommandStatus::Quarantined, repeated);
                        CommandResult { problem: Some(problem), decision, ..quarantined }
                    }
                }
            }
        });
    }
    Ok(results)
}

/// Why a command is in quarantine.
pub(in crate::api) fn refusal_of(quarantined: &Quarantined) -> Result<Refusal, Error> {
    serde_json::from_str(&quarantined.row.problem)
        .map_err(|error| Error::internal("a stored refusal cannot be read", error))
}
