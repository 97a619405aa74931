//! The command line: parses it, starts the logs, and runs a command.

mod commands;
mod config;
mod exit;

/// Returns memory to the system after a burst: the allocator of glibc keeps a part for each thread that ever ran.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use std::error::Error;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::config::{
    Backup, Given, Labels, Logging, OfAddress, OfBackup, OfDatabase, OfEverything, OfKeys, OfServe, OfService,
    OnDatabase, Serve, Service, WithKeys,
};

/// Shows a county bureau which organizations are short of which emergency reserves.
#[derive(Parser)]
#[command(version, arg_required_else_help = true, after_help = exit::CODES)]
struct Arguments {
    #[command(flatten)]
    everywhere: Given<OfEverything>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Manages accounts on the server itself: resets the password or second factor of an admin who lost it, closes
    /// accounts and opens them again. Cannot run while `muster serve` uses the same SQLite file.
    Account(commands::account::Options),
    /// Saves a database to one file while it is in use.
    #[command(after_help = exit::CODES)]
    Backup {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        backup: Given<OfBackup>,
        #[command(flatten)]
        options: commands::backup::Options,
    },
    /// Checks standards with their rules: what cannot be calculated, what is rarely intended, whom no rule covers. Changes
    /// nothing.
    #[command(after_help = exit::CODES)]
    CheckStandards {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        options: commands::check_standards::Options,
    },
    /// Fills an embedded database with a fictitious banner, and serves it.
    #[command(after_help = exit::CODES)]
    Demo {
        #[command(flatten)]
        address: Given<OfAddress>,
        #[command(flatten)]
        service: Given<OfService>,
        #[command(flatten)]
        options: commands::demo::Options,
    },
    /// Serves a database. If it has no accounts, prints a one-time code for creating the first administrator.
    #[command(after_help = exit::CODES)]
    Serve {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        keys: Given<OfKeys>,
        #[command(flatten)]
        address: Given<OfAddress>,
        #[command(flatten)]
        service: Given<OfService>,
        #[command(flatten)]
        serve: Given<OfServe>,
    },
    /// Brings a database's schema up to date, creating the SQLite file if there is none.
    #[command(after_help = exit::CODES)]
    Migrate {
        #[command(flatten)]
        database: Given<OfDatabase>,
        /// Lists the migrations that would run, and changes nothing.
        #[arg(long)]
        status: bool,
    },
    /// Imports tables: catalogue, organizations and facts, depots, standards and rules, from CSV, XLSX or JSON. Imports
    /// all of them or none; faults are reported with their positions.
    #[command(after_help = exit::CODES)]
    Import {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        keys: Given<OfKeys>,
        #[command(flatten)]
        options: commands::import::Options,
    },
    /// Exports the data as tables that can be imported again, or writes empty templates.
    #[command(after_help = exit::CODES)]
    Export {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        options: commands::export::Options,
    },
    /// Checks the explanation of a shortage from its document alone: arithmetic, digest, receipts, and what cannot be proven.
    #[command(after_help = exit::CODES)]
    Explain(commands::explain::Options),
    /// Fills an empty database with many banners alike, for measuring; run `muster migrate` first.
    #[command(after_help = exit::CODES)]
    Generate {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        keys: Given<OfKeys>,
        #[command(flatten)]
        options: commands::generate::Options,
    },
    /// Writes the labels of depots' lines as one page to print: the item, its four digits, and a QR code that any camera opens
    /// at its line.
    #[command(after_help = exit::CODES)]
    Labels {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        address: Given<OfAddress>,
        #[command(flatten)]
        options: commands::labels::Options,
    },
    /// Prints the OpenAPI document of the API.
    #[command(after_help = exit::CODES)]
    Openapi(commands::openapi::Options),
    /// Acts as a phone: counts offline, sends what is waiting, keeps receipts. Uses nothing but the public API.
    Phone(commands::phone::Options),
    /// Rebuilds the counts that are kept for quick figures. They are no record: nothing is lost with them. The database may be
    /// in use meanwhile.
    #[command(after_help = exit::CODES)]
    Rebuild {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        options: commands::rebuild::Options,
    },
    /// Restores a saved database to an empty place: an SQLite file that does not exist yet, or an empty PostgreSQL database.
    #[command(after_help = exit::CODES)]
    Restore {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        backup: Given<OfBackup>,
        #[command(flatten)]
        options: commands::restore::Options,
    },
    /// Checks receipts and chains without the service.
    #[command(subcommand, after_help = exit::CODES)]
    Verify(Verify),
}

#[derive(Subcommand)]
enum Verify {
    /// Checks one receipt against a key set, offline, and prints the content of the receipt.
    #[command(after_help = exit::CODES)]
    Receipt(commands::verify::ReceiptOptions),
    /// Checks the chains of all organizations in a database, and lists every link and every stored count that differs
    /// from what was accepted. The database is only read.
    #[command(after_help = exit::CODES)]
    Chain {
        #[command(flatten)]
        database: Given<OfDatabase>,
        #[command(flatten)]
        options: commands::verify::ChainOptions,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // A misplaced argument may be a URL with a password, which clap would repeat.
        Err(error) if error.use_stderr() && error.to_string().contains("://") => {
            tell(
                "unexpected URL on the command line: give the database by DATABASE_URL or --database-url; see `muster --help`",
            );
            return ExitCode::from(2);
        }
        Err(error) => error.exit(),
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&base::error::in_one_line(error.as_ref()));
            ExitCode::from(exit::code_of(error.as_ref()))
        }
    }
}

/// Says why the program ends. Where nobody can be told, its exit code still says it.
fn tell(reason: &str) {
    let _ = writeln!(std::io::stderr(), "muster: {reason}");
}

fn run(Arguments { everywhere, command }: Arguments) -> Result<(), Box<dyn Error>> {
    // A command with its own settings reads its logging settings with them.
    let logs = || start_logs(&Logging::read(&everywhere)?);
    match command {
        Command::Backup { database, backup, options } => {
            let config = Backup::read(&everywhere, &database, &backup, true)?;
            start_logs(&config.logging)?;
            commands::backup::run(config, &options)
        }
        Command::CheckStandards { options, .. } if options.is_of_files() => {
            logs().and_then(|()| commands::check_standards::check_files(&options))
        }
        Command::CheckStandards { database, options } => {
            let config = OnDatabase::read(&everywhere, &database)?;
            start_logs(&config.logging)?;
            block_on(commands::check_standards::run(config.database, options))
        }
        Command::Demo { address, service, options } => {
            let config = Service::read(&everywhere, &address, &service)?;
            start_logs(&config.logging)?;
            block_on(commands::demo::run(config, options))
        }
        Command::Explain(options) => logs().and_then(|()| commands::explain::run(&options)),
        Command::Generate { database, keys, options } => {
            let config = WithKeys::read(&everywhere, &database, &keys)?;
            start_logs(&config.logging)?;
            block_on(commands::generate::run(config, options))
        }
        Command::Labels { database, address, options } => {
            let config = Labels::read(&everywhere, &database, &address)?;
            start_logs(&config.logging)?;
            block_on(commands::labels::run(config, options))
        }
        Command::Openapi(options) => logs().and_then(|()| commands::openapi::run(options)),
        Command::Phone(options) => logs().and_then(|()| commands::phone::run(options)),
        Command::Account(options) => {
            let (database, keys) = options.settings();
            let config = WithKeys::read(&everywhere, database, keys)?;
            start_logs(&config.logging)?;
            block_on(commands::account::run(config, options))
        }
        Command::Rebuild { database, options } => {
            let config = OnDatabase::read(&everywhere, &database)?;
            start_logs(&config.logging)?;
            block_on(commands::rebuild::run(config.database, options))
        }
        Command::Restore { database, backup, options } => {
            let config = Backup::read(&everywhere, &database, &backup, !options.dry_run)?;
            start_logs(&config.logging)?;
            commands::restore::run(config, &options)
        }
        Command::Verify(Verify::Receipt(options)) => {
            logs().and_then(|()| block_on(commands::verify::verify_receipt(options)))
        }
        Command::Verify(Verify::Chain { database, options }) => {
            let config = OnDatabase::read(&everywhere, &database)?;
            start_logs(&config.logging)?;
            block_on(commands::verify::verify_chain(config.database, options))
        }
        Command::Serve { database, keys, address, service, serve } => {
            let config = Serve::read(&everywhere, &database, &keys, &address, &service, &serve)?;
            start_logs(&config.service.logging)?;
            block_on(commands::serve::run(config))
        }
        Command::Migrate { database, status } => {
            let config = OnDatabase::read(&everywhere, &database)?;
            start_logs(&config.logging)?;
            commands::migrate::run(&config.database, status)
        }
        Command::Import { database, keys, options } => {
            let config = WithKeys::read(&everywhere, &database, &keys)?;
            start_logs(&config.logging)?;
            block_on(commands::import::run(config, options))
        }
        Command::Export { options, .. } if options.template => {
            logs().and_then(|()| commands::export::write_templates(&options))
        }
        Command::Export { database, options } => {
            let config = OnDatabase::read(&everywhere, &database)?;
            start_logs(&config.logging)?;
            block_on(commands::export::run(config.database, options))
        }
    }
}

/// Runs a command that serves. Its threads are abandoned at the end: a thread that waits for a database that does not
/// answer would delay the exit forever.
fn block_on(command: impl Future<Output = Result<(), Box<dyn Error>>>) -> Result<(), Box<dyn Error>> {
    let system = actix_web::rt::System::new();
    let outcome = system.block_on(command);
    // The last handle of a system wakes whatever waits for it. A thread that ends during the exit must not hold that one: what
    // it needs for waking is gone by then, and the process would be aborted.
    std::mem::forget((actix_web::rt::System::try_current(), system));
    outcome
}

fn start_logs(logging: &Logging) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_new(&logging.filter)?;
    // A line that cannot be written is lost. By default its failure would be printed too, which panics where it fails likewise.
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    if logging.json {
        logs.json().flatten_event(true).with_span_list(false).init();
    } else {
        logs.with_ansi(std::io::stderr().is_terminal()).init();
    }
    Ok(())
}
