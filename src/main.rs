//! The command line: reads it, starts the logs, and hands over to a command.

mod commands;

use std::error::Error;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Tells a county bureau which organization is short of which emergency-reserve items.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Arguments {
    /// What is logged to standard error: levels for parts of the program, such as debug or warn,muster=debug.
    #[arg(long, global = true, value_name = "FILTER", env = "RUST_LOG", default_value = "warn,muster=info")]
    log: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fills an embedded database with a made-up banner and serves it.
    Demo(commands::demo::Options),
    /// Prints the OpenAPI document of the API.
    Openapi,
    /// Checks receipts and chains, without the service.
    Verify(commands::verify::Options),
}

/// Exits with 0 where all went well and 1 where something failed; a command line that cannot be read exits with 2.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("muster: {}", in_one_line(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_new(&arguments.log)
        .map_err(|error| format!("the log filter {:?} cannot be read: {error}", arguments.log))?;
    let colours = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours).init();
    match arguments.command {
        Command::Demo(options) => actix_web::rt::System::new().block_on(commands::demo::run(options)),
        Command::Verify(options) => actix_web::rt::System::new().block_on(commands::verify::run(options)),
        Command::Openapi => commands::openapi::run(),
    }
}

/// A failure with its causes, without the line ends that database servers put into theirs.
fn in_one_line(error: &dyn Error) -> String {
    let mut causes = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // A wrapper that says no more than what it wraps is not repeated.
        if causes.last().is_none_or(|last| !last.ends_with(&text)) {
            causes.push(text);
        }
        next = cause.source();
    }
    causes.join(": ").split_whitespace().collect::<Vec<_>>().join(" ")
}
