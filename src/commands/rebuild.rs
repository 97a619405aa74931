//! `muster rebuild`: makes anew what is kept of counts so that figures are quick.

use std::error::Error;
use std::io::{self, Write as _};

use db::url::DatabaseUrl;
use domain::actor::Actor;
use service::rebuild::{Rebuilt, rebuild};

/// The options of the rebuild.
#[derive(clap::Args)]
pub struct Options {
    /// Compares what is kept of each depot with what its counts say, mends what differs, and fails if anything did.
    #[arg(long)]
    check: bool,
}

/// Makes everything anew, or checks it; the database may be served meanwhile.
///
/// # Errors
/// If the database cannot be used, or if a check found a difference.
pub async fn run(database: DatabaseUrl, options: Options) -> Result<(), Box<dyn Error>> {
    let db = super::open(&database)?;
    let mut out = io::stdout();
    let mut told = Ok(());
    let tell = |depot| {
        if told.is_ok() {
            told = writeln!(out, "Depot {depot}: what is kept is not what its counts say; it is made anew.");
        }
    };
    let done = rebuild(&db, &Actor::command("muster rebuild"), options.check, tell).await;
    db.close().await?;
    let Rebuilt { depots, wrong } = done?;
    told?;
    let depots = super::numbered(depots, "depot");
    if options.check && wrong > 0 {
        return Err(format!("{} of {depots} differed from the counts, and was made anew", wrong).into());
    }
    let what = if options.check { "is as the counts say" } else { "was made anew from the counts" };
    writeln!(io::stdout(), "What is kept of {depots} {what}.")?;
    Ok(())
}
