//! `muster phone sync`.

use std::error::Error;
use std::io::{self, Write as _};
use std::time::Duration;

use client::Phone;
use client::report::{End, Round};
use client::retry::LONGEST;

use crate::commands::printable;
use crate::exit::Unsettled;

/// The options of a sync.
#[derive(clap::Args)]
pub struct Options {
    /// Runs until it is stopped: again after a while, and after a failure as soon as another attempt is allowed.
    #[arg(long)]
    watch: bool,
    /// With --watch, the seconds between two rounds.
    #[arg(long, value_name = "SECONDS", default_value = "60", requires = "watch",
          value_parser = clap::value_parser!(u64).range(1..=86_400))]
    every: u64,
    /// The number of rounds to try, with waits in between.
    #[arg(long, value_name = "ROUNDS", default_value = "1", conflicts_with = "watch",
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    tries: u16,
}

/// Runs one round, several, or rounds without end.
pub fn sync(phone: &mut Phone, options: &Options) -> Result<(), Box<dyn Error>> {
    if !options.watch {
        let round = phone.sync_until_settled(usize::from(options.tries), &mut std::thread::sleep)?;
        tell(phone, &round)?;
        return Ok(outcome(&round)?);
    }
    loop {
        let round = phone.sync()?;
        if round.sent + round.pulled > 0 || round.end != End::Settled {
            tell(phone, &round)?;
        }
        match outcome(&round) {
            Err(unsettled @ Unsettled::SignInAgain(_)) => return Err(unsettled.into()),
            Err(unsettled) => writeln!(std::io::stderr(), "muster: {unsettled}")?,
            Ok(()) => {}
        }
        std::thread::sleep(match round.end {
            End::Again { wait, .. } => wait,
            End::Refused { .. } => LONGEST,
            _ => Duration::from_secs(options.every),
        });
    }
}

fn tell(phone: &mut Phone, round: &Round) -> io::Result<()> {
    let mut out = io::stdout();
    let Round { sent, applied, repeated, quarantined, rejected, pulled, .. } = round;
    if round.was_reset {
        writeln!(out, "The service started over; the counts that it had accepted were pushed again.")?;
    }
    write!(out, "Sent {sent}: {applied} accepted ({repeated} known before), {quarantined} in quarantine")?;
    if *rejected > 0 {
        write!(out, ", {rejected} not recognized as commands")?;
    }
    let revision = phone.status().ok().and_then(|status| status.revision);
    let revision = revision.map_or_else(String::new, |revision| format!(", revision {revision}"));
    writeln!(out, ". Fetched {pulled} changes{revision}.")?;
    for kept in &round.kept {
        let why = printable(&format!("({}): {}", kept.code, kept.detail));
        writeln!(out, "Not accepted yet: number {}, {} {why}", kept.seq, kept.id)?;
    }
    Ok(())
}

fn outcome(round: &Round) -> Result<(), Unsettled> {
    match (&round.end, round.kept.first()) {
        (End::Settled, None) => Ok(()),
        (End::Settled, Some(kept)) => Err(Unsettled::Refused(format!("number {}: {}", kept.seq, kept.detail))),
        (End::Again { wait, why }, _) => Err(Unsettled::Again(why.clone(), wait.as_secs() + 1)),
        (End::SignInAgain { code }, _) => Err(Unsettled::SignInAgain(code.clone())),
        (End::Refused { why, .. }, _) => Err(Unsettled::Refused(why.clone())),
    }
}
