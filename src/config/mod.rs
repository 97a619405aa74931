//! Settings: from the command line, the environment, a file, or a default, in this order, each with its source.
//!
//! All settings are in one list, [`setting::SETTINGS`], which gives the options, their help and the keys of the file.
//! No other module reads the environment.

mod file;
mod setting;
mod sources;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use db::url::DatabaseUrl;
use muster::api::app::Work;
use muster::api::settings::Settings;

pub use self::sources::{Given, OfDatabase, OfEverything, OfKeys, OfService};
use self::values::Values;

/// A setting that is missing or not valid, in one line that names it, its source and the correction.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// The format and filter of logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// The filter of events.
    pub filter: String,
    /// True for one JSON object per line.
    pub json: bool,
}

/// The settings of commands that use the database without serving: `muster migrate`, `import` and `export`.
#[derive(Debug)]
pub struct Migrate {
    /// The logging.
    pub logging: Logging,
    /// The database.
    pub database: DatabaseUrl,
}

/// The settings of `muster account`.
#[derive(Debug)]
pub struct Account {
    /// The logging.
    pub logging: Logging,
    /// The database.
    pub database: DatabaseUrl,
    /// The folder of the signing keys.
    pub data: PathBuf,
}

/// The settings of `muster serve`. The only secret in them is the password in the database URL, which is never shown.
#[derive(Debug)]
pub struct Serve {
    /// The logging.
    pub logging: Logging,
    /// The database.
    pub database: DatabaseUrl,
    /// The address to listen on.
    pub listen: String,
    /// The folder of the signing keys.
    pub data: PathBuf,
    /// True if migrations run at start.
    pub migrate_at_start: bool,
    /// True if an SQLite file may be created.
    pub create_database: bool,
    /// The limits of the server's work.
    pub work: Work,
    /// The settings of the API.
    pub settings: Arc<Settings>,
}

impl Logging {
    /// Reads the logging of a command that has no other settings.
    ///
    /// # Errors
    /// If a setting is not valid.
    pub fn read(given: &Given<OfEverything>) -> Result<Self, ConfigError> {
        Values::of(&[given.all()], None)?.logging()
    }
}

impl Migrate {
    /// Reads the settings.
    ///
    /// # Errors
    /// If the file cannot be read, or a setting is missing, unknown or not valid.
    pub fn read(everywhere: &Given<OfEverything>, database: &Given<OfDatabase>) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all()], database.file())?;
        Ok(Self { logging: values.logging()?, database: values.database()? })
    }
}

impl Account {
    /// Reads the settings.
    ///
    /// # Errors
    /// Same as [`Migrate::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        database: &Given<OfDatabase>,
        keys: &Given<OfKeys>,
    ) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all(), keys.all()], database.file())?;
        Ok(Self {
            logging: values.logging()?,
            database: values.database()?,
            data: values.text("data_dir").map(PathBuf::from)?,
        })
    }
}

impl Serve {
    /// Reads the settings.
    ///
    /// # Errors
    /// Same as [`Migrate::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        database: &Given<OfDatabase>,
        keys: &Given<OfKeys>,
        service: &Given<OfService>,
    ) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all(), keys.all(), service.all()], database.file())?;
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

/// The value of `PGSSLMODE`, which libpq uses if the URL has no sslmode.
#[expect(clippy::disallowed_methods, reason = "settings read the environment, and this one is libpq's own")]
pub fn pgsslmode() -> Option<String> {
    std::env::var("PGSSLMODE").ok()
}
