//! The push: waiting commands are sent oldest first, and only an answer takes one out of the queue.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::value::RawValue;

use super::error::PhoneError;
use super::exchange::Halt;
use super::proofs::{Claim, FetchedKeys, prove};
use super::report::{Kept, QuarantineState, Round, WaitingState};
use super::retry::Verdict;
use super::store::commands::{self, Outgoing, Turn};
use super::store::settings;
use super::wire::{Command, Outcome, Problem, Push, Pushed};
use super::{Phone, codes};

/// The maximum number of commands in a request: half an hour of typing, and a few kilobytes compressed.
const MOST_COMMANDS: usize = 100;

/// The maximum size of the bodies in a request, unless a single one is larger.
const MOST_BYTES: usize = 256 * 1024;

/// The outcome of a command, judged by its result.
enum CommandOutcome {
    /// Accepted, with a valid receipt: the count, and whether it covers exactly these bytes and was known before.
    Acknowledged { receipt: String, count_id: uuid::Uuid, is_own: bool, is_repeated: bool },
    /// Stored, and waiting for or given a decision.
    Quarantined(QuarantineState),
    /// Unchanged.
    Kept(WaitingState, Problem),
}

impl Phone {
    /// Sends all waiting commands, each at most once, then those the service refused before, each alone.
    pub(super) fn push(&mut self, round: &mut Round) -> Result<(), Halt> {
        self.push_turn(round, MOST_COMMANDS, None)?;
        self.push_turn(round, 1, Some(Turn::Held))
    }

    fn push_turn(&mut self, round: &mut Round, most: usize, only: Option<Turn>) -> Result<(), Halt> {
        let (mut size, mut after) = (most, 0);
        loop {
            let is_deposit = self.tokens()?.ended.is_some();
            let turn = only.unwrap_or(if is_deposit { Turn::Deposit } else { Turn::All });
            let batch = self.store.change(|connection| {
                let batch = commands::next(connection, turn, after, size, MOST_BYTES)?;
                commands::note_attempts(connection, &batch)?;
                Ok(batch)
            })?;
            let Some(last) = batch.last() else { return Ok(()) };
            match self.send_batch(&batch, is_deposit, round) {
                Ok(()) => {
                    after = last.seq;
                    size = (size * 2).min(most);
                }
                Err(Halt::Unheard(failure)) if failure.verdict == Verdict::Smaller => {
                    size = batch.len() / 2;
                    if let [alone] = batch.as_slice() {
                        // It must not hold up the others, and is not thrown away.
                        let problem = failure.problem;
                        self.store
                            .change(|connection| commands::keep(connection, alone, WaitingState::Held, &problem))?;
                        round.kept.push(kept(alone, &problem));
                        after = alone.seq;
                        size = 1;
                    }
                }
                // The service has no room for any of these; those behind them may be applied.
                Err(Halt::Unheard(failure)) if failure.problem.code == codes::QUARANTINE_FULL => {
                    let problem = failure.problem;
                    for command in &batch {
                        self.store.change(|connection| {
                            commands::keep(connection, command, WaitingState::Waiting, &problem)
                        })?;
                        round.kept.push(kept(command, &problem));
                    }
                    after = last.seq;
                }
                // The session ended with this request: from now on everything is deposited.
                Err(Halt::Unheard(failure)) if failure.verdict == Verdict::SignIn && !is_deposit => {}
                Err(halt) => return Err(halt),
            }
        }
    }

    fn send_batch(&mut self, batch: &[Outgoing], is_deposit: bool, round: &mut Round) -> Result<(), Halt> {
        let queued = self.store.read(commands::count_waiting)?;
        let cursor = self.store.read(|connection| settings::find(connection, settings::CURSOR))?;
        let bodies = batch.iter().map(|command| raw(&command.body)).collect::<Result<Vec<_>, _>>()?;
        let device_id = self.device_id.clone();
        let body = |now: DateTime<Utc>| {
            let commands = batch.iter().zip(&bodies).map(|(command, data)| Command {
                id: command.sent_as,
                seq: command.seq,
                kind: &command.kind,
                data,
                receipt: command.receipt.as_deref(),
            });
            let sent_at = now.to_rfc3339_opts(SecondsFormat::Micros, true);
            let (cursor, commands) = (cursor.as_deref(), commands.collect());
            let push = Push { device_id: &device_id, sent_at, queued, cursor, commands };
            serde_json::to_vec(&push).map_err(|error| PhoneError::Storage(error.to_string()))
        };
        let path = if is_deposit { "/api/v1/sync?deposit=true" } else { "/api/v1/sync" };
        round.sent += batch.len();
        let pushed: Pushed = self.call("POST", path, Some(&body))?.read().map_err(Halt::Unheard)?;
        self.settle(batch, &pushed.results, cursor.as_deref(), pushed.cursor.as_deref(), round)
    }

    /// Judges the results and moves each command where it belongs, all in one transaction with the cursor. By the
    /// cursor a pull detects that the service was restored to a state before these answers.
    fn settle(
        &mut self,
        batch: &[Outgoing],
        results: &[Outcome],
        sent: Option<&str>,
        told: Option<&str>,
        round: &mut Round,
    ) -> Result<(), Halt> {
        let results = in_place(batch, results);
        let receipts = results.iter().filter_map(|result| result.as_ref()?.receipt.as_deref());
        let keys = self.keys_for(receipts)?;
        let fates: Vec<CommandOutcome> =
            batch.iter().zip(&results).map(|(command, result)| fate_of(&keys, command, *result)).collect();
        let now = self.now();
        self.store.change(|connection| {
            // Skipped if another process pulled in the meantime: its cursor is more recent.
            if let Some(told) = told
                && settings::find(connection, settings::CURSOR)?.as_deref() == sent
            {
                settings::put(connection, settings::CURSOR, told)?;
            }
            for ((command, result), fate) in batch.iter().zip(&results).zip(&fates) {
                match fate {
                    CommandOutcome::Acknowledged { receipt, count_id, is_own, .. } => {
                        commands::acknowledge(connection, command, receipt, *count_id, *is_own, now)?;
                    }
                    CommandOutcome::Quarantined(state) => {
                        let (problem, decision) =
                            result.map_or((None, None), |result| (result.problem.as_ref(), result.decision.as_ref()));
                        commands::quarantine(connection, command, *state, problem, decision, now)?;
                    }
                    CommandOutcome::Kept(state, problem) => commands::keep(connection, command, *state, problem)?,
                }
            }
            Ok(())
        })?;
        for (command, fate) in batch.iter().zip(fates) {
            match fate {
                CommandOutcome::Acknowledged { is_repeated, .. } => {
                    round.applied += 1;
                    round.repeated += usize::from(is_repeated);
                }
                CommandOutcome::Quarantined(QuarantineState::Rejected) => round.rejected += 1,
                CommandOutcome::Quarantined(_) => round.quarantined += 1,
                CommandOutcome::Kept(_, problem) => round.kept.push(kept(command, &problem)),
            }
        }
        keys.failure.map_or(Ok(()), |failure| Err(Halt::Unheard(failure)))
    }
}

/// The result of each command. A result counts only if both its position and its id are the command's: any other list
/// changes nothing.
fn in_place<'a>(batch: &[Outgoing], results: &'a [Outcome]) -> Vec<Option<&'a Outcome>> {
    let is_whole = results.len() == batch.len();
    let fits = |command: &Outgoing, result: &Outcome| match &result.id {
        Some(id) => *id == command.sent_as.to_string(),
        // An unreadable command has no id, only a position.
        None => is_whole && result.status == "rejected",
    };
    let at = |(place, command)| results.get(place).filter(|result| fits(command, result));
    batch.iter().enumerate().map(at).collect()
}

fn fate_of(keys: &FetchedKeys, command: &Outgoing, result: Option<&Outcome>) -> CommandOutcome {
    let keep = |problem| CommandOutcome::Kept(WaitingState::Waiting, problem);
    let Some(result) = result else {
        return keep(Problem::own(codes::RESULT_MISSING, "the answer has no result for it in its place"));
    };
    let decided = result.decision.as_ref().map(|decision| decision.status.as_str());
    match (result.status.as_str(), result.receipt.as_deref()) {
        ("applied", Some(receipt)) => {
            let claim = Claim { receipt, count_id: result.count_id, is_decided: decided == Some("applied") };
            match prove(keys, command, &claim) {
                Ok((count_id, is_own)) => {
                    let is_repeated = result.repeated;
                    CommandOutcome::Acknowledged { receipt: receipt.to_owned(), count_id, is_own, is_repeated }
                }
                Err(problem) => keep(problem),
            }
        }
        ("applied", None) => CommandOutcome::Kept(
            WaitingState::AwaitsSignIn,
            Problem::own(codes::RECEIPT_MISSING, "it was applied before; its receipt comes once somebody signed in"),
        ),
        ("quarantined", _) if decided == Some("set_aside") => CommandOutcome::Quarantined(QuarantineState::SetAside),
        ("quarantined", _) => CommandOutcome::Quarantined(QuarantineState::Undecided),
        ("rejected", _) => CommandOutcome::Quarantined(QuarantineState::Rejected),
        ("deferred", _) => {
            let problem = result.problem.clone();
            keep(problem.unwrap_or_else(|| Problem::own(codes::QUARANTINE_FULL, "the service has no room for it now")))
        }
        (other, _) => keep(Problem::own(codes::RESULT_MISSING, format!("the result {other} is not known"))),
    }
}

fn kept(command: &Outgoing, problem: &Problem) -> Kept {
    Kept { id: command.id, seq: command.seq, code: problem.code.clone(), detail: problem.to_string() }
}

/// The bytes of a body unchanged, for embedding in a larger text.
fn raw(body: &[u8]) -> Result<&RawValue, PhoneError> {
    serde_json::from_slice(body).map_err(|error| PhoneError::Storage(format!("a stored body is no JSON: {error}")))
}
