//! The push: what waits goes out oldest first, and leaves the queue by the answer alone.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::value::RawValue;

use super::error::PhoneError;
use super::exchange::{Failure, Halt};
use super::proofs::{Claim, prove};
use super::receipts::KeySet;
use super::report::{Kept, QuarantineState, Round, WaitingState};
use super::retry::Verdict;
use super::store::commands::{self, Outgoing, Turn};
use super::store::settings;
use super::wire::{Command, Outcome, Problem, Push, Pushed};
use super::{Phone, codes};

/// The most commands in a request: half an hour of typing, and some kilobytes packed.
const MOST_COMMANDS: usize = 100;

/// The most bytes of bodies in a request, unless one alone has more.
const MOST_BYTES: usize = 256 * 1024;

/// What is to be done with a command once its result was judged.
enum Fate {
    /// It was accepted, with a receipt that was found right: of which count, whether of its own bytes, whether known.
    Acknowledged { receipt: String, count_id: uuid::Uuid, is_own: bool, is_repeated: bool },
    /// It is stored, and somebody decides or decided.
    Quarantined(QuarantineState),
    /// It stays where it is.
    Kept(WaitingState, Problem),
}

impl Phone {
    /// Sends all that waits, each at most once, then what the service refused before, each alone.
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
                let batch = commands::next(connection, turn, after, (size, MOST_BYTES))?;
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
                        // It must not stand in the way of the others, and is not thrown away.
                        let problem = failure.problem;
                        self.store
                            .change(|connection| commands::keep(connection, alone, WaitingState::Held, &problem))?;
                        round.kept.push(kept(alone, &problem));
                        after = alone.seq;
                        size = 1;
                    }
                }
                // The session ended with this request: from now on all is deposited.
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
                id: command.id,
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
        self.settle(batch, &pushed.results, (cursor.as_deref(), pushed.cursor.as_deref()), round)
    }

    /// Judges the results, and moves each command to where it belongs, all of them in one transaction with the cursor: by
    /// that a pull finds out that the service was restored from before these answers.
    fn settle(
        &mut self,
        batch: &[Outgoing],
        results: &[Outcome],
        (sent, told): (Option<&str>, Option<&str>),
        round: &mut Round,
    ) -> Result<(), Halt> {
        let results = in_place(batch, results);
        let receipts = results.iter().filter_map(|result| result.as_ref()?.receipt.as_deref());
        let keys = self.keys_for(receipts)?;
        let fates: Vec<Fate> =
            batch.iter().zip(&results).map(|(command, result)| fate_of(&keys, command, *result)).collect();
        let now = self.now();
        self.store.change(|connection| {
            // Not where another process pulled meanwhile: its cursor says more.
            if let Some(told) = told
                && settings::find(connection, settings::CURSOR)?.as_deref() == sent
            {
                settings::put(connection, settings::CURSOR, told)?;
            }
            for ((command, result), fate) in batch.iter().zip(&results).zip(&fates) {
                match fate {
                    Fate::Acknowledged { receipt, count_id, is_own, .. } => {
                        commands::acknowledge(connection, command, (receipt, *count_id, *is_own), now)?;
                    }
                    Fate::Quarantined(state) => {
                        let (problem, decision) =
                            result.map_or((None, None), |result| (result.problem.as_ref(), result.decision.as_ref()));
                        commands::quarantine(connection, command, (*state, problem, decision), now)?;
                    }
                    Fate::Kept(state, problem) => commands::keep(connection, command, *state, problem)?,
                }
            }
            Ok(())
        })?;
        for (command, fate) in batch.iter().zip(fates) {
            match fate {
                Fate::Acknowledged { is_repeated, .. } => {
                    round.applied += 1;
                    round.repeated += usize::from(is_repeated);
                }
                Fate::Quarantined(QuarantineState::Rejected) => round.rejected += 1,
                Fate::Quarantined(_) => round.quarantined += 1,
                Fate::Kept(_, problem) => round.kept.push(kept(command, &problem)),
            }
        }
        keys.1.map_or(Ok(()), |failure| Err(Halt::Unheard(failure)))
    }
}

/// The result of each command. A result counts where both its place and its id are the command's: any other list than the
/// one that was asked for moves nothing.
fn in_place<'a>(batch: &[Outgoing], results: &'a [Outcome]) -> Vec<Option<&'a Outcome>> {
    let is_whole = results.len() == batch.len();
    let fits = |command: &Outgoing, result: &Outcome| match &result.id {
        Some(id) => *id == command.id.to_string(),
        // What is no command has no id, only a place.
        None => is_whole && result.status == "rejected",
    };
    let at = |(place, command)| results.get(place).filter(|result| fits(command, result));
    batch.iter().enumerate().map(at).collect()
}

fn fate_of(keys: &(KeySet, Option<Failure>), command: &Outgoing, result: Option<&Outcome>) -> Fate {
    let keep = |problem| Fate::Kept(WaitingState::Waiting, problem);
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
                    Fate::Acknowledged { receipt: receipt.to_owned(), count_id, is_own, is_repeated }
                }
                Err(problem) => keep(problem),
            }
        }
        ("applied", None) => Fate::Kept(
            WaitingState::AwaitsSignIn,
            Problem::own(codes::RECEIPT_MISSING, "it was applied before; its receipt comes once somebody signed in"),
        ),
        ("quarantined", _) if decided == Some("set_aside") => Fate::Quarantined(QuarantineState::SetAside),
        ("quarantined", _) => Fate::Quarantined(QuarantineState::Undecided),
        ("rejected", _) => Fate::Quarantined(QuarantineState::Rejected),
        (other, _) => keep(Problem::own(codes::RESULT_MISSING, format!("the result {other} is not known"))),
    }
}

fn kept(command: &Outgoing, problem: &Problem) -> Kept {
    Kept { id: command.id, seq: command.seq, code: problem.code.clone(), detail: problem.to_string() }
}

/// The bytes of a body as they stand, for a place in a larger text.
fn raw(body: &[u8]) -> Result<&RawValue, PhoneError> {
    serde_json::from_slice(body).map_err(|error| PhoneError::Storage(format!("a stored body is no JSON: {error}")))
}
