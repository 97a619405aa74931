//! Settings: from the command line, the environment, a file, or a default, in this order, each with its source.
//!
//! All settings are in one list, [`setting::SETTINGS`], which gives the options, their help and the keys of the file.
//! No other module reads the environment.

mod file;
mod setting;
mod sources;
mod values;

use std::path::PathBuf;

use db::limits::Limits;
use db::url::DatabaseUrl;
use muster::api::app::Work;
use muster::api::settings::Settings;
use muster::api::tls::TlsFiles;

pub use self::sources::{Given, OfAddress, OfBackup, OfDatabase, OfEverything, OfKeys, OfServe, OfService};
use self::values::Values;

/// A setting that is missing or not valid, in one line that names it, its source and the correction.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// Settings that do not go together.
    pub fn of_several(why: &str) -> Self {
        Self(why.to_owned())
    }
}

/// The format and filter of logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logging {
    /// The filter of events.
    pub filter: String,
    /// True for one JSON object per line.
    pub json: bool,
}

/// The settings of commands that use a database without serving it.
#[derive(Debug)]
pub struct OnDatabase {
    /// The logging.
    pub logging: Logging,
    /// The database.
    pub database: DatabaseUrl,
}

/// The settings of `muster labels`.
#[derive(Debug)]
pub struct Labels {
    /// The logging.
    pub logging: Logging,
    /// The database.
    pub database: DatabaseUrl,
    /// The address at which phones reach the service, without a slash at the end.
    pub public_url: String,
}

/// The settings of `muster backup` and `muster restore`.
#[derive(Debug)]
pub struct Backup {
    /// The database, if one is named.
    pub logging: Logging,
    /// The database, where one is named.
    pub database: Option<DatabaseUrl>,
    /// The folder of PostgreSQL's programs.
    pub programs: Option<PathBuf>,
}

/// The settings of commands that change a database whose service has its keys in a folder.
#[derive(Debug)]
pub struct WithKeys {
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
    /// The database.
    pub database: DatabaseUrl,
    /// The folder of the signing keys.
    pub data: PathBuf,
    /// True if migrations run at start.
    pub migrate_at_start: bool,
    /// True if an SQLite file may be created.
    pub create_database: bool,
    /// True if a database may be served whose newest receipt was signed with a key that is lost.
    pub accept_new_keys: bool,
    /// The settings that it shares with the demo.
    pub service: Service,
}

/// The settings of a service, whichever database it serves.
#[derive(Debug)]
pub struct Service {
    /// The logging.
    pub logging: Logging,
    /// The address to listen on.
    pub listen: String,
    /// True if a source named that address, and it is not the default.
    pub is_listen_given: bool,
    /// The address of the listener for metrics; none are measured without.
    pub metrics_listen: Option<String>,
    /// The certificate and key of HTTPS; plain HTTP without.
    pub tls: Option<TlsFiles>,
    /// The time limits of work with the database.
    pub limits: Limits,
    /// The limits of the server's work.
    pub work: Work,
    /// The settings of the API.
    pub settings: Settings,
}

impl Logging {
    /// Reads the logging of a command that has no other settings.
    ///
    /// # Errors
    /// If the file cannot be read, or a setting is not valid.
    pub fn read(given: &Given<OfEverything>) -> Result<Self, ConfigError> {
        Values::of(&[given.all()], given.file())?.logging()
    }
}

impl OnDatabase {
    /// Reads the settings.
    ///
    /// # Errors
    /// If the file cannot be read, or a setting is missing, unknown or not valid.
    pub fn read(everywhere: &Given<OfEverything>, database: &Given<OfDatabase>) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all()], everywhere.file())?;
        Ok(Self { logging: values.logging()?, database: values.database()? })
    }
}

impl Labels {
    /// Reads the settings; the address must be named.
    ///
    /// # Errors
    /// Same as [`OnDatabase::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        database: &Given<OfDatabase>,
        address: &Given<OfAddress>,
    ) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all(), address.all()], everywhere.file())?;
        let public_url = values.public_url()?.map_or_else(|| values.text("public_url"), Ok)?;
        Ok(Self { logging: values.logging()?, database: values.database()?, public_url })
    }
}

impl Backup {
    /// Reads the settings; with `needs_database` one must be named.
    ///
    /// # Errors
    /// Same as [`OnDatabase::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        database: &Given<OfDatabase>,
        backup: &Given<OfBackup>,
        needs_database: bool,
    ) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all(), backup.all()], everywhere.file())?;
        let database = if needs_database { Some(values.database()?) } else { values.optional_database()? };
        Ok(Self { logging: values.logging()?, database, programs: values.optional_path("postgres_programs") })
    }
}

impl Service {
    /// Reads the settings.
    ///
    /// # Errors
    /// Same as [`OnDatabase::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        address: &Given<OfAddress>,
        service: &Given<OfService>,
    ) -> Result<Self, ConfigError> {
        Self::of(&Values::of(&[everywhere.all(), address.all(), service.all()], everywhere.file())?)
    }

    fn of(values: &Values) -> Result<Self, ConfigError> {
        Ok(Self {
            logging: values.logging()?,
            listen: values.listen()?,
            is_listen_given: values.is_given("listen"),
            metrics_listen: values.metrics_listen()?,
            tls: values.tls()?,
            limits: values.limits()?,
            work: values.work()?,
            settings: values.settings()?,
        })
    }
}

impl WithKeys {
    /// The folder of the keys that sign access tokens.
    pub fn keys(&self) -> PathBuf {
        self.data.join("keys")
    }

    /// Reads the settings.
    ///
    /// # Errors
    /// Same as [`OnDatabase::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        database: &Given<OfDatabase>,
        keys: &Given<OfKeys>,
    ) -> Result<Self, ConfigError> {
        let values = Values::of(&[everywhere.all(), database.all(), keys.all()], everywhere.file())?;
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
    /// Same as [`OnDatabase::read`].
    pub fn read(
        everywhere: &Given<OfEverything>,
        database: &Given<OfDatabase>,
        keys: &Given<OfKeys>,
        address: &Given<OfAddress>,
        service: &Given<OfService>,
        serve: &Given<OfServe>,
    ) -> Result<Self, ConfigError> {
        let given = [everywhere.all(), database.all(), keys.all(), address.all(), service.all(), serve.all()];
        let values = Values::of(&given, everywhere.file())?;
        Ok(Self {
            database: values.database()?,
            data: values.text("data_dir").map(PathBuf::from)?,
            migrate_at_start: values.switch("migrate_at_start")?,
            create_database: values.switch("create_database")?,
            accept_new_keys: values.switch("accept_new_keys")?,
            service: Service::of(&values)?,
        })
    }
}

/// The value of `PGSSLMODE`, which libpq uses if the URL has no sslmode.
#[expect(clippy::disallowed_methods, reason = "settings read the environment, and this one is libpq's own")]
pub fn pgsslmode() -> Option<String> {
    std::env::var("PGSSLMODE").ok()
}
