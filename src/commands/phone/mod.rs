//! `muster phone`: the reference client at the command line. The work itself is done by [`client`].

mod count;
mod round;
mod show;
mod sign_in;
mod transfer;

use std::error::Error;
use std::io;
use std::path::PathBuf;

use chrono::Utc;
use clap::Subcommand;
use client::http::Http;
use client::{Phone, Surroundings};
use rand::SeedableRng as _;
use rand::rngs::StdRng;

/// The phone and its command.
#[derive(clap::Args)]
#[command(after_help = crate::exit::CODES)]
pub struct Options {
    /// The folder for all data of the phone. It is created if there is none; each account needs its own.
    #[arg(long, value_name = "DIR", default_value = "muster-phone", global = true)]
    dir: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Signs in with a user name and a password.
    #[command(after_help = crate::exit::CODES)]
    SignIn(sign_in::Password),
    /// Signs in with a one-time code from an officer.
    #[command(after_help = crate::exit::CODES)]
    Enrol(sign_in::Code),
    /// Stores a count, online or offline; the next sync sends it.
    #[command(after_help = crate::exit::CODES)]
    Count(count::Options),
    /// Sends what is waiting, and fetches what is new.
    #[command(after_help = crate::exit::CODES)]
    Sync(round::Options),
    /// Shows what is waiting, accepted or quarantined and why, and how old the copy is.
    #[command(after_help = crate::exit::CODES)]
    Status(show::Status),
    /// Shows the stock of the depots as known at the last sync, calculated for today.
    #[command(after_help = crate::exit::CODES)]
    Stock(show::Tables),
    /// Shows shortages, certain and possible, as known at the last sync, calculated for today.
    #[command(after_help = crate::exit::CODES)]
    Shortages(show::Shortages),
    /// Saves a file with the counts that are only on this phone, for another phone or a phone page of the account to take in.
    #[command(after_help = crate::exit::CODES)]
    SaveUnsent(transfer::Save),
    /// Takes in a file of unsent counts that a phone page or another phone saved; the next sync sends them.
    #[command(after_help = crate::exit::CODES)]
    TakeIn(transfer::TakeIn),
    /// Writes the receipts of accepted counts, and the keys that check them, to a folder.
    #[command(after_help = crate::exit::CODES)]
    Receipts(show::Receipts),
}

/// Runs the command.
///
/// # Errors
/// If the phone's file cannot be used, or the service is not reached or refuses.
pub fn run(Options { dir, what }: Options) -> Result<(), Box<dyn Error>> {
    let surroundings = Surroundings {
        clock: Box::new(Utc::now),
        transport: Box::new(Http::new()),
        random: StdRng::seed_from_u64(rand::random()),
    };
    let mut phone = Phone::open(&dir, surroundings)?;
    match carry_out(&mut phone, what) {
        // The reader of the output, such as `head`, has closed it.
        Err(error) if is_broken_pipe(error.as_ref()) => Ok(()),
        outcome => outcome,
    }
}

fn carry_out(phone: &mut Phone, what: What) -> Result<(), Box<dyn Error>> {
    match what {
        What::SignIn(options) => sign_in::with_password(phone, &options),
        What::Enrol(options) => sign_in::with_code(phone, &options),
        What::Count(options) => count::store(phone, options),
        What::Sync(options) => round::sync(phone, &options),
        What::Status(options) => show::status(phone, &options),
        What::Stock(options) => show::stock(phone, &options),
        What::Shortages(options) => show::shortages(phone, &options),
        What::SaveUnsent(options) => transfer::save(phone, &options),
        What::TakeIn(options) => transfer::take_in(phone, &options),
        What::Receipts(options) => show::receipts(phone, &options),
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
