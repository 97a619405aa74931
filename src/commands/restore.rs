//! `muster restore`: brings a saved database back into an empty place.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use db::url::DatabaseUrl;
use service::backup::{self, Restored};

use super::backup::PostgresPrograms;

/// What is brought back, and where to.
#[derive(clap::Args)]
pub struct Options {
    /// The place: sqlite:PATH of a file that is not there yet, or postgres://USER:PASSWORD@HOST/NAME of an empty database.
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true, required_unless_present = "dry_run")]
    database: Option<String>,
    /// The backup to bring back.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Compares every table with what was saved, by hash, once it is restored.
    #[arg(long)]
    verify: bool,
    /// Only reads the backup to its end, and says whether it is whole and what it holds.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    programs: PostgresPrograms,
}

/// Brings the backup back, and says what is next.
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
