//! `muster restore`: restores a saved database to an empty place.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use service::backup::{self, Programs, Restored};

use crate::config::Backup;

/// The options of a restore.
#[derive(clap::Args)]
pub struct Options {
    /// The backup to restore.
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Compares every table with the backup, by hash, after restoring.
    #[arg(long)]
    verify: bool,
    /// Only reads the backup to its end, and reports whether it is complete and what it contains; no database is needed.
    #[arg(long)]
    pub dry_run: bool,
}

/// Restores the backup, and says what to do next.
pub fn run(config: Backup, options: &Options) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout();
    let url = match config.database {
        Some(url) if !options.dry_run => url,
        _ => {
            let manifest = backup::restorable(&options.from)?;
            writeln!(out, "The backup is whole: {}", manifest.summary())?;
            return Ok(());
        }
    };
    let programs = Programs { folder: config.programs };
    let Restored { manifest, older_schema } = backup::restore(&url, &options.from, &programs, options.verify)?;
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
