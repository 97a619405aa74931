//! `muster serve`: serves an existing database.

use std::error::Error;
use std::io::{self, Write as _};
use std::sync::Arc;

use auth::passwords::Passwords;
use auth::setup_code;
use base::clock::Clock;
use base::error::StorageFailure;
use chrono::SecondsFormat;
use db::open_error::OpenError;
use db::setup_codes::Showing;
use db::sqlite_file::FileHold;
use db::url::DatabaseUrl;
use db::{Db, migrations, setup_codes};
use domain::actor::Actor;
use muster::api::answer_files::AnswerFiles;
use muster::api::app;
use muster::api::caller_limits::CallerLimits;
use muster::api::health::is_clock_behind;
use muster::api::state::AppState;
use muster::api::tls::Identity;
use service::revocations;

use super::{keys, open_files, stop, upkeep};
use crate::config::{Serve, Service};
use db::locks::Locks;

/// Runs until it is told to stop.
///
/// # Errors
/// If it cannot start, leaving the database as it was, or cannot end in order.
pub async fn run(config: Serve) -> Result<(), Box<dyn Error>> {
    let Serve { database, data, migrate_at_start, create_database, accept_new_keys, service } = config;
    let Service { listen, metrics_listen, tls, limits, mut work, settings, .. } = service;
    let identity = tls.map(Identity::load).transpose()?;
    let _hold = FileHold::take(&database, create_database && migrate_at_start)?;
    let listener = super::bind(&listen)?;
    let (metrics, metrics_listener) = super::metrics_on(metrics_listen.as_deref())?;
    bring_up_to_date(&database, migrate_at_start)?;
    let (db, clock) =
        (Db::open_with(&database, limits, metrics.as_ref().map(|metrics| metrics.writes()))?, Clock::System);
    match db.check_writing().await {
        // The holder of a lock releases it, or the database ends it: readiness shows when.
        Err(error) if error.storage_failure() == Some(StorageFailure::TimedOut) => {
            tracing::warn!("the database takes no change at the moment; serving nevertheless");
        }
        checked => checked.map_err(|error| OpenError::of_failure(&database, error))?,
    }
    let (keys, receipts) = keys::load(&db, &data, accept_new_keys).await?;
    revocations::apply(&db, keys.revocations(), "muster serve").await?;
    let newest = db.read(|snapshot| Ok(snapshot.newest)).await?;
    if is_clock_behind(clock.now(), newest) {
        tracing::warn!(now = %clock.now(), newest = ?newest.map(|newest| newest.at), "the clock is far behind the newest revision");
    }
    let address = super::reachable(listener.local_addr()?);
    let scheme = if identity.is_some() { "https" } else { "http" };
    let url = settings.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
    // Kept to the end: while this process runs, no other process shows a code.
    let _showing = show_setup_code(&database, &db, &clock, &url).await?;

    work.connections.most = work.connections.most.min(open_files::make_room());
    let today = Arc::default();
    let personal_data_days = settings.personal_data_days;
    let state = AppState {
        db: db.clone(),
        keys: Arc::new(keys),
        receipts: Arc::new(receipts),
        passwords: Passwords::new()?,
        caller_limits: CallerLimits::default(),
        quotas: Arc::default(),
        today: Arc::clone(&today),
        files: AnswerFiles::new(data, settings.answer_files),
        clock: clock.clone(),
        settings: Arc::new(settings),
        metrics,
    };
    let server = app::serve(state, listener, work, super::offer(identity)?, metrics_listener)?;
    upkeep::start(&db, &today, clock, Actor::command("muster serve"), personal_data_days);
    let signals = stop::Signals::listen()?;
    tracing::info!(%database, address = %address, version = env!("CARGO_PKG_VERSION"), "serving");
    stop::run_until_told(server, &db, signals).await?;
    tracing::info!("ended in order");
    Ok(())
}

fn bring_up_to_date(database: &DatabaseUrl, migrate: bool) -> Result<(), OpenError> {
    if migrate {
        let ran = migrations::run(database)?;
        if !ran.is_empty() {
            tracing::info!(migrations = ran.join(" "), "the schema was brought up to date");
        }
        return Ok(());
    }
    super::require_up_to_date(database)
}

/// Shows a new setup code if there are no accounts and no other running process has shown one.
async fn show_setup_code(
    database: &DatabaseUrl,
    db: &Db,
    clock: &Clock,
    url: &str,
) -> Result<Option<Showing>, Box<dyn Error>> {
    if !db.read(|snapshot| Ok(setup_codes::are_needed(snapshot.connection)?)).await? {
        return Ok(None);
    }
    let Some(showing) = Showing::claim(database)? else {
        tracing::info!("there is no account yet; another instance has shown the code that makes the first");
        return Ok(None);
    };
    let now = clock.now();
    let Some(code) = db
        .write(Actor::command("muster serve"), Locks::none().accounts(), move |change| {
            let locked = change.for_accounts()?;
            service::setup::make_code(change, locked, now)
        })
        .await?
        .value
    else {
        return Ok(None);
    };
    let until = (now + setup_code::LIFETIME).to_rfc3339_opts(SecondsFormat::Secs, true);
    // To standard output, because logs may be stored elsewhere for a long time.
    let mut out = io::stdout();
    writeln!(
        out,
        "There is no account yet. This code creates the first admin, once, until {until}:

    {}

Enter it at {url}/board in a browser, or send it:

curl -sS {url}/api/v1/setup -H 'Content-Type: application/json' -d '{{
  \"code\": \"...\", \"username\": \"...\", \"password\": \"...\", \"display_name\": \"...\",
  \"region\": {{\"code\": \"...\", \"name_en\": \"...\", \"name_zh\": \"...\"}} }}'
",
        code.reveal()
    )?;
    out.flush()?;
    Ok(Some(showing))
}
