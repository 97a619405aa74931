//! `muster backup`: saves a database while it is in use.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use service::backup::{self, Programs};

use crate::config::Backup;

/// The options of a backup.
#[derive(clap::Args)]
pub struct Options {
    /// The file to write, which must not exist yet, or a folder, in which the file is named after the time.
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
}

/// Saves the database, and reports what was saved and what was not.
pub fn run(config: Backup, options: &Options) -> Result<(), Box<dyn Error>> {
    let database = config.database.ok_or("no database is named")?;
    let programs = Programs { folder: config.programs };
    let (file, manifest) = backup::save(&database, &options.to, &programs)?;
    writeln!(
        std::io::stdout(),
        "Saved {} in {}\nThe signing keys are not in it: keep their folder in another place.",
        manifest.summary(),
        file.display(),
    )?;
    Ok(())
}
