//! `muster rebuild`: rebuilds the counts that are kept for quick figures.

use std::error::Error;
use std::io::{self, Write as _};

use db::url::DatabaseUrl;
use domain::actor::Actor;
use service::rebuild::{Rebuilt, rebuild};

/// The options of the rebuild.
#[derive(clap::Args)]
pub struct Options {
    /// Compares what is kept for each depot with its counts, rebuilds what differs, and fails if anything did.
    #[arg(long)]
    check: bool,
}

/// Rebuilds everything, or checks it; the database may be served meanwhile.
///
/// # Errors
/// If the database cannot be used, or if a check found a difference.
pub async fn run(database: DatabaseUrl, options: Options) -> Result<(), Box<dyn Error>> {
    let db = super::open(&database)?;
    let mut out = io::stdout();
    let mut told = Ok(());
    let tell = |depot| {
        if told.is_ok() {
            told = writeln!(out, "Depot {depot}: what is kept differs from its counts, and is rebuilt.");
        }
    };
    let done = rebuild(&db, &Actor::command("muster rebuild"), options.check, tell).await;
    db.close().await?;
    let Rebuilt { depots, wrong, not_kept } = done?;
    told?;
    let depots = super::numbered(depots, "depot");
    if options.check && wrong > 0 {
        return Err(format!("{wrong} of {depots} differed from the counts, and were rebuilt").into());
    }
    let done = if options.check { "Checked" } else { "Rebuilt" };
    writeln!(io::stdout(), "{done} what is kept for {depots}: it agrees with the counts.")?;
    if not_kept > 0 {
        writeln!(io::stdout(), "{} had nothing kept yet, and has now.", super::numbered(not_kept, "depot"))?;
    }
    Ok(())
}
