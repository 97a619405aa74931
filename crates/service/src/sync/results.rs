//! The results of a push for its sender: the present outcome of each command.

use std::collections::BTreeMap;

use serde::Serialize;

use super::batch::Batch;
use super::push::CommandOutcome;
use crate::quarantine::refusal_of;
use base::error::Error;
use base::id::{CountId, QuarantineId};
use db::connection::AnyConnection;
use db::quarantine::{DecisionRow, Quarantined};
use domain::command::Pushed;
use domain::quarantine::CommandRefusal;

/// The outcome of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommandStatus {
    /// It was stored as a count.
    Applied,
    /// It is kept for an officer to decide, or was set aside. Sending it again changes nothing.
    Quarantined,
    /// Quarantine has no room for it, and nothing of it is kept: keep it and send it again later.
    Deferred,
    /// It was not a command, and nothing of it is kept. Sending it again is of no use.
    Rejected,
}

/// The result of one command.
#[derive(Clone, Debug)]
pub struct CommandResult {
    /// Its id, as sent; `None` if none could be read.
    pub id: Option<String>,
    /// Its present status.
    pub status: CommandStatus,
    /// True if it was received before.
    pub repeated: bool,
    /// The count that it became.
    pub count_id: Option<CountId>,
    /// The receipt of that count; `None` for a sender who was not signed in.
    pub receipt: Option<String>,
    /// The reason why it was not applied.
    pub refusal: Option<CommandRefusal>,
    /// An officer's decision.
    pub decision: Option<DecisionRow>,
}

/// The results of a push, in the order of its commands.
pub fn results(
    connection: &mut AnyConnection,
    batch: &Batch,
    outcomes: Vec<CommandOutcome>,
) -> Result<Vec<CommandResult>, Error> {
    let quarantined: Vec<QuarantineId> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            CommandOutcome::Quarantined { id, .. } => Some(*id),
            _ => None,
        })
        .collect();
    let quarantined: BTreeMap<QuarantineId, Quarantined> =
        db::quarantine::find_some(connection, &quarantined)?.into_iter().map(|one| (one.row.id, one)).collect();
    let mut results = Vec::with_capacity(outcomes.len());
    for (pushed, outcome) in batch.commands.iter().zip(outcomes) {
        let bare = |status, repeated| CommandResult {
            id: id_of(pushed),
            status,
            repeated,
            count_id: None,
            receipt: None,
            refusal: None,
            decision: None,
        };
        let mut applied = |count, repeated| {
            let is_signed_in = batch.sender.deposit_reason.is_none();
            let receipt = if is_signed_in { db::receipts::receipt_of(connection, count)? } else { None };
            let applied = bare(CommandStatus::Applied, repeated);
            Ok::<_, Error>(CommandResult { count_id: Some(count), receipt, ..applied })
        };
        results.push(match outcome {
            CommandOutcome::Applied { count, repeated } => applied(count, repeated)?,
            CommandOutcome::Deferred(refusal) => {
                CommandResult { refusal: Some(*refusal), ..bare(CommandStatus::Deferred, false) }
            }
            CommandOutcome::Rejected(fault) => {
                let refusal = Some(CommandRefusal::of(&Error::Invalid(vec![fault])));
                CommandResult { refusal, ..bare(CommandStatus::Rejected, false) }
            }
            CommandOutcome::Quarantined { id, repeated, refusal } => {
                let kept = quarantined.get(&id).ok_or(Error::Internal("a command in quarantine vanished", None))?;
                // Another account that happened to send the same content learns only that it was received.
                let is_own = kept.row.account_id == batch.sender.account.id;
                let decision = kept.decision.clone().filter(|_| is_own);
                match decision.as_ref().and_then(|decided| decided.count_id) {
                    Some(count) => CommandResult { decision, ..applied(count, repeated)? },
                    None => {
                        let refusal = Some(refusal.map_or_else(|| refusal_of(kept), |present| Ok(*present))?);
                        CommandResult { refusal, decision, ..bare(CommandStatus::Quarantined, repeated) }
                    }
                }
            }
        });
    }
    Ok(results)
}

fn id_of(pushed: &Pushed) -> Option<String> {
    match pushed {
        Pushed::Command(command) => Some(command.sent_id.clone()),
        Pushed::Nothing { id, .. } => id.clone(),
    }
}
