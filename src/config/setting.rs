//! The list of settings.

/// A setting: its key in the file, from which its option is named, its variable, and what it means.
#[derive(Debug)]
pub struct Setting {
    /// The key in the file; the option has hyphens in the place of underscores.
    pub key: &'static str,
    /// The variable of the environment.
    pub variable: &'static str,
    /// What stands for its value in the help.
    pub value: &'static str,
    /// Its value where nobody gives one; empty for none.
    pub default: &'static str,
    /// What it means, in which unit.
    pub help: &'static str,
    /// Which commands have it.
    pub scope: Scope,
    /// True for a value that is shown nowhere.
    pub secret: bool,
}

/// Which commands have a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Every command.
    Everything,
    /// Those that use the database.
    Database,
    /// `muster serve`.
    Service,
}

const fn setting(scope: Scope, names: [&'static str; 3], default: &'static str, help: &'static str) -> Setting {
    let [key, variable, value] = names;
    Setting { key, variable, value, default, help, scope, secret: false }
}

/// All of them, in the order in which the help has them.
pub const SETTINGS: [Setting; 15] = {
    use Scope::{Database, Everything, Service};
    [
        setting(
            Everything,
            ["log", "RUST_LOG", "FILTER"],
            "warn,muster=info",
            "What is logged to standard error: levels for parts of the program, such as debug or warn,muster=debug",
        ),
        setting(
            Everything,
            ["log_format", "MUSTER_LOG_FORMAT", "FORMAT"],
            "text",
            "How it is logged: text for people, or json for programs, an object a line",
        ),
        Setting {
            secret: true,
            ..setting(
                Database,
                ["database_url", "DATABASE_URL", "URL"],
                "",
                "The database: sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME or postgres:host=HOST dbname=NAME ... \
                 Others can read the command line of a process: give a password by the environment, the file, or libpq's \
                 own PGPASSWORD or ~/.pgpass",
            )
        },
        setting(
            Service,
            ["listen", "MUSTER_LISTEN", "ADDRESS"],
            "127.0.0.1:8080",
            "The address and port to listen on, plain HTTP; port 0 takes a free one. Put a proxy with TLS in front of it",
        ),
        setting(
            Service,
            ["data_dir", "MUSTER_DATA_DIR", "DIR"],
            "muster-data",
            "The folder of the keys that sign tokens, in its folder keys; all instances on one database share it. Made \
             where there is none",
        ),
        setting(
            Service,
            ["migrate_at_start", "MUSTER_MIGRATE_AT_START", "BOOL"],
            "true",
            "Whether the schema is brought up to date at start; several instances may start at once. Where it is not, \
             run `muster migrate`",
        ),
        setting(
            Service,
            ["create_database", "MUSTER_CREATE_DATABASE", "BOOL"],
            "false",
            "Whether an SQLite file that is not there is made at start; otherwise only `muster migrate` makes one",
        ),
        setting(
            Service,
            ["public_url", "MUSTER_PUBLIC_URL", "URL"],
            "",
            "Where clients reach the service, such as https://muster.example.org",
        ),
        setting(
            Service,
            ["trusted_proxies", "MUSTER_TRUSTED_PROXIES", "NETS"],
            "",
            "The proxies whose word on a client's address is taken: addresses or networks such as 10.0.0.0/8, separated by \
             commas",
        ),
        setting(
            Service,
            ["forwarded_header", "MUSTER_FORWARDED_HEADER", "NAME"],
            "x-forwarded-for",
            "The header in which those proxies give it: x-forwarded-for or forwarded. They must write it themselves",
        ),
        setting(
            Service,
            ["access_token_minutes", "MUSTER_ACCESS_TOKEN_MINUTES", "MINUTES"],
            "15",
            "How long an access token is good for, in minutes, 1 to 1440",
        ),
        setting(
            Service,
            ["refresh_token_days", "MUSTER_REFRESH_TOKEN_DAYS", "DAYS"],
            "90",
            "How long a refresh token is good for after its last use, in days, 1 to 366",
        ),
        setting(
            Service,
            ["workers", "MUSTER_WORKERS", "NUMBER"],
            "",
            "How many threads read requests and write answers, 1 to 1024; as many as the machine has cores where not given",
        ),
        setting(
            Service,
            ["shutdown_seconds", "MUSTER_SHUTDOWN_SECONDS", "SECONDS"],
            "20",
            "How long requests under way have to be answered after SIGTERM or SIGINT, in seconds, 1 to 3600; a second \
             signal ends at once",
        ),
        setting(
            Database,
            ["config", "MUSTER_CONFIG", "FILE"],
            "",
            "A TOML file with settings, by the names of the options with underscores: listen = \"0.0.0.0:8080\". The \
             environment goes before the file, and options before both",
        ),
    ]
};

/// The setting of the file's own name, which is no key in it.
pub const CONFIG: &str = "config";

impl Setting {
    /// The option's name, without the hyphens before it.
    pub fn option(&self) -> String {
        self.key.replace('_', "-")
    }

    /// True where the option may stand alone and means yes.
    pub fn is_switch(&self) -> bool {
        self.value == "BOOL"
    }
}

/// The setting of a key.
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}
