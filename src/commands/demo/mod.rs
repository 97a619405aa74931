//! `muster demo`: fills an embedded database with a made-up banner and serves it.

mod password;
mod welcome;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use auth::passwords::Passwords;
use auth::receipts::ReceiptKeys;
use auth::tokens::TokenKeys;
use base::clock::Clock;
use chrono::TimeDelta;
use db::sqlite_file::FileHold;
use db::url::DatabaseUrl;
use db::{self, Db};
use muster::api::app::{self, Work};
use muster::api::settings::Settings;
use muster::api::state::AppState;
use muster::demo;

use super::stop;
use crate::config::pgsslmode;

/// How the demo is run.
#[derive(clap::Args)]
pub struct Options {
    /// The address to listen on; port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: String,
    /// The folder that keeps the database, the signing keys and the password from one start to the next.
    #[arg(long, value_name = "DIR", default_value = "muster-demo")]
    data: PathBuf,
    /// Another place for the database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME. It must be empty, or hold
    /// the demo.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The password of all demo accounts, from now on; one is made up where none is given.
    #[arg(long, value_name = "PW", value_parser = password::check)]
    password: Option<String>,
}

/// Runs until it is told to stop, by an interrupt from the keyboard or by a termination signal alike: what is under way
/// is answered first.
pub async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    // First of all: nothing is made where the address cannot be had.
    let listener = super::bind(&options.listen)?;
    let url = database(&options)?;
    std::fs::create_dir_all(&options.data)
        .map_err(|error| format!("the folder {} cannot be made: {error}", options.data.display()))?;
    let _hold = FileHold::take(&url, true)?;
    db::migrations::run(&url)?;
    let keys = TokenKeys::load_or_create(&options.data.join("keys"))?;
    let receipts = Arc::new(ReceiptKeys::load_or_create(&options.data.join("keys"))?);
    let password = password::of_this_start(&options.data.join("password.txt"), options.password)?;
    let (db, clock) = (Db::open(&url)?, Clock::System);

    let started = Instant::now();
    demo::prepare(&db, &clock, &password, receipts.clone()).await?;
    tracing::info!(database = %url, milliseconds = started.elapsed().as_millis(), "the demo is ready");

    let example = demo::example(&db, &clock).await?;
    let text = welcome::text(listener.local_addr()?, &options.data, &password, &example)?;
    let settings = Arc::new(Settings { access_token_lifetime: TOKENS, ..Settings::default() });
    let state =
        AppState { db: db.clone(), keys: Arc::new(keys), receipts, passwords: Passwords::new()?, clock, settings };
    let server = app::serve(state, listener, Work { workers: None, shutdown_seconds: 20 })?;
    // Signals are listened for before anybody reads that the demo is there.
    let signals = stop::Signals::listen()?;
    print(&text)?;
    stop::run_until_told(server, &db, signals).await
}

/// How long an access token of the demo is good for: a shift, as nobody wants to sign in again while trying it.
const TOKENS: TimeDelta = TimeDelta::hours(8);

/// Whoever reads the address from a pipe is waiting for it, so it is flushed.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn database(options: &Options) -> Result<DatabaseUrl, Box<dyn Error>> {
    match &options.database {
        Some(text) => {
            let url: DatabaseUrl = text.parse()?;
            url.needs_nothing_that_is_left_out(pgsslmode().as_deref())?;
            Ok(url)
        }
        None => Ok(DatabaseUrl::Sqlite(options.data.join("muster.sqlite"))),
    }
}
