//! `muster backup`: saves a database while it is in use.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;

use db::url::DatabaseUrl;
use service::backup::{self, Programs};

/// The options of a backup.
#[derive(clap::Args)]
pub struct Options {
    /// The database: sqlite:PATH or postgres://USER:PASSWORD@HOST/NAME.
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true)]
    database: String,
    /// The file to write, which must not exist yet, or a folder, in which the file is named after the time.
    #[arg(long, value_name = "PATH")]
    to: PathBuf,
    #[command(flatten)]
    programs: PostgresPrograms,
}

/// The folder of PostgreSQL's own programs.
#[derive(clap::Args)]
pub struct PostgresPrograms {
    /// The folder of pg_dump and pg_restore. By default a matching version is looked for in Debian's folders and on the
    /// search path.
    #[arg(long, value_name = "DIR", env = "PG_BIN")]
    postgres_programs: Option<PathBuf>,
}

impl From<PostgresPrograms> for Programs {
    fn from(options: PostgresPrograms) -> Self {
        Self { folder: options.postgres_programs }
    }
}

/// Saves the database, and reports what was saved and what was not.
pub fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let url: DatabaseUrl = options.database.parse()?;
    let (file, manifest) = backup::save(&url, &options.to, &options.programs.into())?;
    writeln!(
        std::io::stdout(),
        "Saved {} in {}\nThe signing keys are not in it: keep their folder in another place.",
        manifest.summary(),
        file.display(),
    )?;
    Ok(())
}
