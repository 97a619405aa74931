//! Settings: from the command line, the environment, a file, or a default, in this order; and where each came from.
//!
//! All of them are in one list, [`setting::SETTINGS`], which makes the options, their help and the keys of the file. The
//! only reader of the environment.

mod file;
mod given;
mod setting;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use db::url::DatabaseUrl;
use muster::api::app::Work;
use muster::api::settings::Settings;

pub use self::given::{Given, OfDatabase, OfEverything, OfService};
use self::values::Values;

/// A setting that cannot be taken, in one line that names it, where it came from and the mend.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// How logs are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// Which events are logged.
    pub filter: String,
    /// True for a JSON object a line.
    pub json: bool,
}

/// What the commands are run with that work on a database and serve nobody: `muster migrate`, `import` and `export`.
#[derive(Debug)]
pub struct Migrate {
    /// How logs are written.
    pub logging: Logging,
    /// The database.
    pub database: DatabaseUrl,
}

/// What `muster serve` is run with. Nothing in it is secret but the password in the database's URL, which is never shown.
#[derive(Debug)]
pub struct Serve {
    /// How logs are written.
    pub logging: Logging,
    /// The database.
    pub database: DatabaseUrl,
    /// The address to listen on.
    pub listen: String,
    /// The folder of the signing keys.
    pub data: PathBuf,
    /// True where migrations are run at start.
    pub migrate_at_start: bool,
    /// True where an SQLite file may be made.
    pub create_database: bool,
    /// How the server works.
    pub work: Work,
    /// What requests are answered by.
    pub settings: Arc<Settings>,
}

impl Logging {
    /// What a command logs with that has no other settings.
    ///
    /// # Errors
    /// Where a setting cannot be taken.
    pub fn read(given: &Given<OfEverything>) -> Result<Self, ConfigError> {
        Values::of(&[given.all()], None)?.logging()
    }
}

impl Migrate {
    /// Reads the settings.
    ///
    /// # Errors
    /// Where the file cannot be read, or a setting is missing, unknown or cannot be taken.
    pub fn read(everywhere: &Given<OfEverything>, database: &Given<OfDatabase>) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all()], database.file())?;
        Ok(Self { logging: values.logging()?, database: values.database()? })
    }
}

impl Serve {
    /// Reads the settings.
    ///
    /// # Errors
    /// As [`Migrate::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        database: &Given<OfDatabase>,
        service: &Given<OfService>,
    ) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all(), service.all()], database.file())?;
        Ok(Self {
            logging: values.logging()?,
            database: values.database()?,
            listen: values.listen()?,
            data: values.text("data_dir").map(PathBuf::from)?,
            migrate_at_start: values.switch("migrate_at_start")?,
            create_database: values.switch("create_database")?,
            work: Work {
                workers: values.optional_number("workers", 1, 1024)?.and_then(|workers| usize::try_from(workers).ok()),
                shutdown_seconds: values.number("shutdown_seconds", 1, 3600)?,
            },
            settings: Arc::new(values.settings()?),
        })
    }
}

/// What `PGSSLMODE` says, which libpq reads where the URL says nothing.
#[expect(clippy::disallowed_methods, reason = "settings read the environment, and this one is libpq's own")]
pub fn pgsslmode() -> Option<String> {
    std::env::var("PGSSLMODE").ok()
}
