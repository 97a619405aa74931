//! The pull: the copy follows the service's data, page by page, and officers' decisions are taken over.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::PhoneError;
use super::exchange::{Failure, Halt};
use super::proofs::{Claim, prove};
use super::report::{Kept, QuarantineState, Round};
use super::retry::Verdict;
use super::store::commands::{self, Outgoing, QueuePosition};
use super::store::{mirror, settings};
use super::wire::{Decision, InQuarantine, Op, Page};
use super::{Phone, codes};

/// The type of the account's quarantined commands in the copy.
const QUARANTINE: &str = "quarantine";

impl Phone {
    /// Pulls until there is no more. Returns true if the service started over, so that everything it once confirmed is
    /// to be pushed again.
    pub(super) fn pull(&mut self, round: &mut Round) -> Result<bool, Halt> {
        let mut was_reset = false;
        loop {
            let cursor = self.store.read(|connection| settings::find(connection, settings::CURSOR))?;
            let path = cursor.as_ref().map_or_else(
                || "/api/v1/sync".to_owned(),
                |cursor| format!("/api/v1/sync?cursor={}", utf8_percent_encode(cursor, NON_ALPHANUMERIC)),
            );
            let page: Page = match self.call("GET", &path, None) {
                Ok(heard) => heard.read().map_err(Halt::Unheard)?,
                // The service can no longer read the cursor: start from the beginning.
                Err(Halt::Unheard(failure)) if failure.verdict == Verdict::Smaller && cursor.is_some() => {
                    self.store.change(|connection| {
                        commands::repeat_all(connection)?;
                        // The push that comes first returns a cursor of its own, and then nothing shows that everything
                        // is new.
                        mirror::clear(connection)?;
                        settings::forget(connection, settings::CURSOR)
                    })?;
                    was_reset = true;
                    continue;
                }
                Err(halt) => return Err(halt),
            };
            was_reset |= page.reset;
            round.was_reset |= page.reset;
            if self.take(cursor.as_deref(), &page)? {
                round.pulled += page.changes.len();
            }
            if !page.more {
                break;
            }
            if cursor.as_ref() == Some(&page.cursor) {
                return Err(Halt::Unheard(Failure::again(codes::NOT_MUSTER, "the pull does not move on")));
            }
        }
        self.take_decisions(round)?;
        Ok(was_reset)
    }

    /// Stores a page: its changes and its cursor in one transaction. Skipped if another process pulled in the meantime.
    fn take(&mut self, asked_from: Option<&str>, page: &Page) -> Result<bool, PhoneError> {
        let at = self.heard_at.and_then(|(_, service)| service).unwrap_or_else(|| self.now());
        self.store.change(|connection| {
            if settings::find(connection, settings::CURSOR)?.as_deref() != asked_from {
                return Ok(false);
            }
            if page.reset {
                commands::repeat_all(connection)?;
            }
            if page.reset || asked_from.is_none() {
                mirror::clear(connection)?;
                settings::forget(connection, settings::REVISION)?;
                settings::forget(connection, settings::PULLED_AT)?;
                settings::forget(connection, settings::CHANGE_SET)?;
            }
            for change in &page.changes {
                match change.op {
                    Op::Put => {
                        let data = change.data.as_ref().map_or("null", |data| data.get());
                        mirror::put(connection, &change.kind, &change.key, data)?;
                    }
                    Op::Delete => mirror::delete(connection, &change.kind, &change.key)?,
                }
            }
            settings::put(connection, settings::CURSOR, &page.cursor)?;
            // Half a catalogue is not the catalogue of that revision.
            if let (Some(revision), false) = (page.revision, page.more) {
                settings::put(connection, settings::REVISION, &revision.to_string())?;
                settings::put(connection, settings::PULLED_AT, &at.timestamp_micros().to_string())?;
                match &page.change_set {
                    Some(change_set) => settings::put(connection, settings::CHANGE_SET, change_set)?,
                    None => settings::forget(connection, settings::CHANGE_SET)?,
                }
            }
            Ok(true)
        })
    }

    /// Moves quarantined commands to where officers' decisions put them.
    fn take_decisions(&mut self, round: &mut Round) -> Result<(), Halt> {
        let (known, undecided) = self.store.read(|connection| {
            let undecided = commands::list_quarantined(connection)?;
            Ok((mirror::list(connection, Some(QUARANTINE))?, undecided))
        })?;
        let known = known.into_iter().filter_map(|thing| serde_json::from_value::<InQuarantine>(thing.data).ok());
        let known: Vec<InQuarantine> = known.collect();
        let mut decided = Vec::new();
        for fate in known.iter().filter(|fate| fate.status != "waiting") {
            let open = undecided.iter().find(|command| command.id == fate.command_id);
            if let Some(command) = open.filter(|command| command.state == QuarantineState::Undecided) {
                let (id, seq, kind, body) = (command.id, command.seq, command.kind.clone(), command.body.clone());
                let (receipt, place) = (None, QueuePosition::Quarantined);
                let out = Outgoing { id, seq, kind, body, receipt, sent_as: id, place };
                decided.push((out, fate, command.problem.clone()));
            }
        }
        let keys = self.keys_for(decided.iter().filter_map(|(_, fate, _)| fate.receipt.as_deref()))?;
        let now = self.now();
        for (command, fate, problem) in &decided {
            let claim =
                fate.receipt.as_deref().map(|receipt| Claim { receipt, count_id: fate.count_id, is_decided: true });
            let proof = claim.map(|claim| (claim.receipt, prove(&keys, command, &claim)));
            match proof {
                Some((receipt, Ok((count_id, is_own)))) if fate.status == "applied" => {
                    self.store.change(|connection| {
                        commands::acknowledge(connection, command, receipt, count_id, is_own, now)
                    })?;
                    round.applied += 1;
                }
                Some((_, Err(problem))) if fate.status == "applied" => {
                    let (id, seq) = (command.id, command.seq);
                    round.kept.push(Kept { id, seq, code: problem.code.clone(), detail: problem.to_string() });
                }
                _ if fate.status == "set_aside" => {
                    let reason = fate.reason.clone().unwrap_or_default();
                    let decision = Decision { status: fate.status.clone(), reason, decided_at: None };
                    let (state, problem) = (QuarantineState::SetAside, problem.as_ref());
                    self.store.change(|connection| {
                        commands::quarantine(connection, command, state, problem, Some(&decision), now)
                    })?;
                }
                _ => {}
            }
        }
        self.store.change(|connection| {
            for fate in &known {
                if let Some(applied) = &fate.data {
                    commands::keep_applied(connection, fate.command_id, applied.to_string().as_bytes())?;
                }
            }
            Ok(())
        })?;
        keys.failure.map_or(Ok(()), |failure| Err(Halt::Unheard(failure)))
    }
}
