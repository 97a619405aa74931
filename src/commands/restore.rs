//! `muster restore`: restores a saved database to an empty place.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use db::url::DatabaseUrl;
use service::backup::{self, Restored};

use super::backup::PostgresPrograms;

/// The options of a restore.
#[derive(clap::Args)]
pub struct Options {
    /// The place: sqlite:PATH of a file that does not exist yet, or postgres://USER:PASSWORD@HOST/NAME of an empty
    /// database.
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true, required_unless_present = "dry_run")]
    database: Option<String>,
    /// The backup to restore.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Compares every table with the backup, by hash, after restoring.
    #[arg(long)]
    verify: bool,
    /// Only reads the backup to its end, and reports whether it is complete and what it contains.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    programs: PostgresPrograms,
}

/// Restores the backup, and says what to do next.
pub fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    let url = match options.database {
        Some(url) if !options.dry_run => url.parse::<DatabaseUrl>()?,
        _ => {
            let manifest = backup::restorable(&options.from)?;
            writeln!(out, "The backup is whole: {}", manifest.summary())?;
            return Ok(());
        }
    };
    let Restored { manifest, older_schema } =
        backup::restore(&url, &options.from, &options.programs.into(), options.verify)?;
    writeln!(out, "Restored {} to {url}", manifest.summary())?;
    if options.verify {
        writeln!(out, "Verified: every table is as it was saved, sha256 {}", manifest.content.sha256)?;
    }
    if older_schema {
        writeln!(out, "Its schema is older than this Muster's: muster migrate is next.")?;
    }
    writeln!(out, "The signing keys are not part of a backup: put their folder back before the service starts.")?;
    Ok(())
}
