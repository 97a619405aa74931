//! The pull: the copy follows what the service knows, page by page, and what officers decided is taken over.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::PhoneError;
use super::exchange::{Failure, Halt};
use super::proofs::{Claim, prove};
use super::report::{Kept, QuarantineState, Round};
use super::retry::Verdict;
use super::store::commands::{self, Outgoing, Place};
use super::store::{mirror, settings};
use super::wire::{Decision, InQuarantine, Op, Page};
use super::{Phone, codes};

/// The type of what the copy has of the account's commands in quarantine.
const QUARANTINE: &str = "quarantine";

impl Phone {
    /// Pulls until there is no more. Answers whether the service started over, so that what it once answered for is to be
    /// pushed again.
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
                // A cursor that the service cannot read any more: from the beginning.
                Err(Halt::Unheard(failure)) if failure.verdict == Verdict::Smaller && cursor.is_some() => {
                    self.store.change(|connection| {
                        commands::repeat_all(connection)?;
                        // The push that comes first leaves a cursor of its own, after which nothing says that all is new.
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

    /// Takes a page over: its changes and its cursor in one transaction. Not where another process pulled meanwhile.
    fn take(&mut self, asked_from: Option<&str>, page: &Page) -> Result<bool, PhoneError> {
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
            }
            for change in &page.changes {
                let name = (change.kind.as_str(), change.key.as_str());
                match change.op {
                    Op::Put => {
                        let data = change.data.as_ref().map_or("null", |data| data.get());
                        mirror::put(connection, name, data)?;
                    }
                    Op::Delete => mirror::delete(connection, name)?,
                }
            }
            settings::put(connection, settings::CURSOR, &page.cursor)?;
            // A catalogue of which half is here is not that revision's.
            if let (Some(revision), false) = (page.revision, page.more) {
                settings::put(connection, settings::REVISION, &revision.to_string())?;
            }
            Ok(true)
        })
    }

    /// What officers decided on commands in quarantine moves these to where they belong.
    fn take_decisions(&mut self, round: &mut Round) -> Result<(), Halt> {
        let (known, undecided) = self.store.read(|connection| {
            let undecided = commands::list_quarantined(connection)?;
            Ok((mirror::list(connection, Some(QUARANTINE))?, undecided))
        })?;
        let known = known.into_iter().filter_map(|thing| serde_json::from_value::<InQuarantine>(thing.data).ok());
        let mut decided = Vec::new();
        for fate in known.filter(|fate| fate.status != "waiting") {
            let open = undecided.iter().find(|command| command.id == fate.command_id);
            if let Some(command) = open.filter(|command| command.state == QuarantineState::Undecided) {
                let (id, seq, kind, body) = (command.id, command.seq, command.kind.clone(), command.body.clone());
                let out = Outgoing { id, seq, kind, body, receipt: None, place: Place::Quarantined };
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
                        commands::acknowledge(connection, command, (receipt, count_id, is_own), now)
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
                    let note = (QuarantineState::SetAside, problem.as_ref(), Some(&decision));
                    self.store.change(|connection| commands::quarantine(connection, command, note, now))?;
                }
                _ => {}
            }
        }
        keys.1.map_or(Ok(()), |failure| Err(Halt::Unheard(failure)))
    }
}
