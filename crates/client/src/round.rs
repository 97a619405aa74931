//! A round of sync: push, pull, and push again after a restore of the service.

use std::time::Duration;

use chrono::TimeDelta;

use super::error::PhoneError;
use super::exchange::{Failure, Halt};
use super::report::{End, Round};
use super::retry::{self, Verdict};
use super::store::{commands, settings};
use super::wire::Problem;
use super::{Phone, codes};

/// The time for which accepted commands are kept: restoring the service from a backup of that age loses nothing.
const KEPT: TimeDelta = TimeDelta::days(90);

/// The largest difference from the service's clock with which the phone's clock still decides what is old.
const BELIEVED: TimeDelta = TimeDelta::days(1);

/// The maximum number of times a service may start over in one round.
const RESETS: usize = 3;

impl Phone {
    /// Runs one round: sends waiting commands, and pulls changes. A failure on the way ends the round, and the next one
    /// continues from there. It never sleeps.
    ///
    /// # Errors
    /// If the phone's own file cannot be used, or nobody has ever signed in.
    pub fn sync(&mut self) -> Result<Round, PhoneError> {
        self.tokens()?;
        self.heard_at = None;
        let mut round = Round::default();
        let failure = match self.go_round(&mut round) {
            Ok(()) => None,
            Err(Halt::Broken(error)) => return Err(error),
            Err(Halt::Unheard(failure)) => Some(failure),
        };
        self.finish(round, failure)
    }

    /// Runs rounds until one is settled or a person must act, up to a maximum; `sleep` waits between them. Their
    /// outcomes are summed.
    ///
    /// # Errors
    /// Same as [`Phone::sync`].
    pub fn sync_until_settled(&mut self, rounds: usize, sleep: &mut dyn FnMut(Duration)) -> Result<Round, PhoneError> {
        let mut all = self.sync()?;
        for _ in 1..rounds {
            let End::Again { wait, .. } = all.end else { break };
            sleep(wait);
            all.add(self.sync()?);
        }
        Ok(all)
    }

    fn go_round(&mut self, round: &mut Round) -> Result<(), Halt> {
        for _ in 0..RESETS {
            self.push(round)?;
            if let Some(code) = self.tokens()?.ended {
                // Nothing is pulled: an ended session may deposit commands but reads nothing.
                let problem = Box::new(Problem::own(&code, "the session has ended"));
                return Err(Halt::Unheard(Failure { verdict: Verdict::SignIn, problem, retry_after: None }));
            }
            if !self.pull(round)? {
                return Ok(());
            }
        }
        Err(Halt::Unheard(Failure::again(codes::NOT_MUSTER, "the service starts over again and again")))
    }

    fn finish(&mut self, mut round: Round, failure: Option<Failure>) -> Result<Round, PhoneError> {
        // An answer that was not usable is requested again, like a lost one.
        let own = |code: &str| {
            [codes::RECEIPT_WRONG, codes::RESULT_MISSING, codes::RECEIPT_MISSING, codes::KEYS_UNREACHABLE]
                .contains(&code)
        };
        let doubtful = round.kept.iter().find(|kept| own(&kept.code));
        let failure = failure.or_else(|| doubtful.map(|kept| Failure::again(&kept.code, kept.detail.clone())));
        let (now, heard_at) = (self.now(), self.heard_at);
        let failures = self.store.change(|connection| {
            let before = settings::find_number(connection, settings::FAILURES)?.unwrap_or(0);
            let failures = if failure.is_some() { before.saturating_add(1) } else { 0 };
            settings::put(connection, settings::FAILURES, &failures.to_string())?;
            if let Some((at, date)) = heard_at {
                settings::put(connection, settings::LAST_CONTACT, &at.timestamp_micros().to_string())?;
                // Age is measured by the phone's own clock, as long as that is not obviously wrong.
                if failure.is_none() && date.is_none_or(|date| (date - at).abs() <= BELIEVED) {
                    commands::drop_acknowledged_before(connection, now - KEPT)?;
                }
            }
            Ok(u32::try_from(failures).unwrap_or(u32::MAX))
        })?;
        round.end = match failure {
            None => End::Settled,
            Some(failure) => self.end_of(&failure, failures),
        };
        Ok(round)
    }

    fn end_of(&mut self, failure: &Failure, failures: u32) -> End {
        let (code, why) = (failure.problem.code.clone(), failure.problem.to_string());
        match failure.verdict {
            Verdict::SignIn => End::SignInAgain { code },
            Verdict::Never | Verdict::Smaller => End::Refused { code, why },
            Verdict::Again | Verdict::Refresh => {
                End::Again { wait: retry::wait(failures, failure.retry_after, &mut self.surroundings.random), why }
            }
        }
    }
}

impl Default for Round {
    fn default() -> Self {
        Self {
            sent: 0,
            applied: 0,
            repeated: 0,
            quarantined: 0,
            rejected: 0,
            kept: Vec::new(),
            pulled: 0,
            was_reset: false,
            end: End::Settled,
        }
    }
}

impl Round {
    /// Adds the outcome of a later round, whose kept commands and end replace the earlier ones.
    fn add(&mut self, later: Self) {
        self.sent += later.sent;
        self.applied += later.applied;
        self.repeated += later.repeated;
        self.quarantined += later.quarantined;
        self.rejected += later.rejected;
        self.pulled += later.pulled;
        self.was_reset |= later.was_reset;
        self.kept = later.kept;
        self.end = later.end;
    }
}
