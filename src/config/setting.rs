//! The list of settings.

/// A setting: its key in the file, which also gives the name of its option, its variable, and its meaning.
#[derive(Debug)]
pub struct Setting {
    /// The key in the file; the option has hyphens instead of underscores.
    pub key: &'static str,
    /// The environment variable.
    pub variable: &'static str,
    /// The placeholder of its value in the help.
    pub value: &'static str,
    /// The default; empty for none.
    pub default: &'static str,
    /// Its meaning and unit, for the help.
    pub help: &'static str,
    /// The commands that have it.
    pub scope: Scope,
    /// True for a value that is never shown.
    pub secret: bool,
}

/// The commands that have a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All commands.
    Everything,
    /// Commands that use a database.
    Database,
    /// `muster backup` and `muster restore`.
    Backup,
    /// Commands that use the signing keys.
    Keys,
    /// `muster serve` and `muster demo`.
    Service,
    /// Those, and `muster labels`, which writes addresses for people.
    Address,
    /// `muster serve` alone: the demo has its own locations.
    Serve,
}

const fn setting(scope: Scope, names: [&'static str; 3], default: &'static str, help: &'static str) -> Setting {
    let [key, variable, value] = names;
    Setting { key, variable, value, default, help, scope, secret: false }
}

/// All settings, in the order of the help.
pub const SETTINGS: [Setting; 45] = {
    use Scope::{Address, Backup, Database, Everything, Keys, Serve, Service};
    [
        setting(
            Everything,
            ["log", "RUST_LOG", "FILTER"],
            "warn,muster=info",
            "The filter of the log on standard error: levels for parts of the program, such as debug or warn,muster=debug",
        ),
        setting(
            Everything,
            ["log_format", "MUSTER_LOG_FORMAT", "FORMAT"],
            "text",
            "The format of the log: text for people, or json for programs, one object per line",
        ),
        Setting {
            secret: true,
            ..setting(
                Database,
                [DATABASE_URL, "DATABASE_URL", "URL"],
                "",
                "The database: sqlite:PATH, postgres://USER:PASSWORD@HOST/NAME or postgres:host=HOST dbname=NAME ... \
                 Other users can read the command line of a process: give a password in the environment, in the settings \
                 file, or in libpq's own PGPASSWORD or ~/.pgpass",
            )
        },
        setting(
            Service,
            ["listen", "MUSTER_LISTEN", "ADDRESS"],
            "127.0.0.1:8080",
            "The address and port to listen on; port 0 picks a free one. Plain HTTP without tls_cert: put a proxy with TLS in front \
             of it then",
        ),
        setting(
            Service,
            ["tls_cert", "MUSTER_TLS_CERT", "FILE"],
            "",
            "The certificate for HTTPS in PEM, with those between it and its authority. It is read again within seconds when the \
             file changes. Needs tls_key",
        ),
        setting(
            Service,
            ["tls_key", "MUSTER_TLS_KEY", "FILE"],
            "",
            "The private key of that certificate in PEM, without a password, readable by its owner only. Read again like it",
        ),
        setting(
            Keys,
            ["data_dir", "MUSTER_DATA_DIR", "DIR"],
            "muster-data",
            "The folder of the signing keys, in its subfolder keys; all instances on one database share it. `muster serve` \
             creates it if there is none",
        ),
        setting(
            Serve,
            ["migrate_at_start", "MUSTER_MIGRATE_AT_START", "BOOL"],
            "true",
            "Whether to bring the schema up to date at start; several instances may start at once. Otherwise run \
             `muster migrate`",
        ),
        setting(
            Serve,
            ["create_database", "MUSTER_CREATE_DATABASE", "BOOL"],
            "false",
            "Whether to create a missing SQLite file at start; otherwise only `muster migrate` creates one",
        ),
        setting(
            Address,
            ["public_url", "MUSTER_PUBLIC_URL", "URL"],
            "",
            "The address at which clients reach the service, such as https://muster.example.org",
        ),
        setting(
            Service,
            ["trusted_proxies", "MUSTER_TRUSTED_PROXIES", "NETS"],
            "",
            "The proxies trusted to state a client's address: addresses or networks such as 10.0.0.0/8, separated by commas",
        ),
        setting(
            Service,
            ["forwarded_header", "MUSTER_FORWARDED_HEADER", "NAME"],
            "x-forwarded-for",
            "The header in which those proxies state it: x-forwarded-for or forwarded. The proxies must set it themselves",
        ),
        setting(
            Service,
            ["cors_origins", "MUSTER_CORS_ORIGINS", "ORIGINS"],
            "",
            "The origins whose pages may call the service from a browser (CORS), such as https://app.example.org, separated by \
             commas; none by default, and no wildcard",
        ),
        setting(
            Service,
            ["client_requests_per_minute", "MUSTER_CLIENT_REQUESTS_PER_MINUTE", "NUMBER"],
            "600",
            "The requests per minute of each third-party program without a quota of its own, 0 to 1000000; 0 is no limit",
        ),
        setting(
            Service,
            ["person_requests_per_minute", "MUSTER_PERSON_REQUESTS_PER_MINUTE", "NUMBER"],
            "1200",
            "The requests per minute of each person's account, on all its devices, 0 to 1000000; 0 is no limit",
        ),
        setting(
            Service,
            ["address_requests_per_minute", "MUSTER_ADDRESS_REQUESTS_PER_MINUTE", "NUMBER"],
            "1200",
            "The requests per minute from each address (IPv6: each /64) that are not signed in, 0 to 1000000; 0 is no limit",
        ),
        setting(
            Service,
            ["request_window_seconds", "MUSTER_REQUEST_WINDOW_SECONDS", "SECONDS"],
            "60",
            "The time in seconds whose requests may come at once, 1 to 3600: with 60, as many as a minute's",
        ),
        setting(
            Service,
            ["access_token_minutes", "MUSTER_ACCESS_TOKEN_MINUTES", "MINUTES"],
            "15",
            "The lifetime of an access token in minutes, 1 to 1440",
        ),
        setting(
            Service,
            ["refresh_token_days", "MUSTER_REFRESH_TOKEN_DAYS", "DAYS"],
            "90",
            "The lifetime of a refresh token after its last use in days, 1 to 366",
        ),
        setting(
            Serve,
            ["accept_new_keys", "MUSTER_ACCEPT_NEW_KEYS", "BOOL"],
            "false",
            "Whether to serve a database whose newest receipt was signed with a key that is not in the folder of keys: only if \
             that key is lost. Needed until the first receipt is signed with another",
        ),
        setting(
            Service,
            ["database_write_seconds", "MUSTER_DATABASE_WRITE_SECONDS", "SECONDS"],
            "8",
            "The time in seconds in which a change must be stored, including its wait in the queue, 1 to 60; after that the \
             answer is 503",
        ),
        setting(
            Service,
            ["database_import_seconds", "MUSTER_DATABASE_IMPORT_SECONDS", "SECONDS"],
            "120",
            "The time in seconds in which an import must be stored, 1 to 3600",
        ),
        setting(
            Service,
            ["database_statement_seconds", "MUSTER_DATABASE_STATEMENT_SECONDS", "SECONDS"],
            "5",
            "The time in seconds for one statement on PostgreSQL, 1 to 600; a connection that has still not answered a second \
             later is closed",
        ),
        setting(
            Service,
            ["database_lock_seconds", "MUSTER_DATABASE_LOCK_SECONDS", "SECONDS"],
            "3",
            "The time in seconds that a change waits for a lock held by another process, 1 to 60",
        ),
        setting(
            Service,
            ["database_idle_seconds", "MUSTER_DATABASE_IDLE_SECONDS", "SECONDS"],
            "5",
            "The time in seconds that an open transaction may stay idle before PostgreSQL rolls it back and releases its locks, \
             1 to 600",
        ),
        setting(
            Service,
            ["database_dead_seconds", "MUSTER_DATABASE_DEAD_SECONDS", "SECONDS"],
            "10",
            "The time in seconds after which either end closes a connection to PostgreSQL if the network delivers nothing, 4 to \
             600",
        ),
        setting(
            Service,
            ["slow_query_milliseconds", "MUSTER_SLOW_QUERY_MILLISECONDS", "MILLISECONDS"],
            "500",
            "The time in milliseconds from which a statement of the database is logged as slow, with its text, its time and the id \
             of its request, and without its values, 0 to 600000: 0 logs all; off logs none",
        ),
        setting(
            Service,
            ["session_days", "MUSTER_SESSION_DAYS", "DAYS"],
            "365",
            "The lifetime of a session after its sign-in in days, 1 to 3660; then a phone asks to sign in again and keeps what \
             it has",
        ),
        setting(
            Service,
            ["require_second_factor", "MUSTER_REQUIRE_SECOND_FACTOR", "BOOL"],
            "false",
            "Whether viewers, officers and admins must use a second factor (codes of an authenticator app). Those without one can \
             sign in only to set it up",
        ),
        setting(
            Service,
            ["workers", "MUSTER_WORKERS", "NUMBER"],
            "",
            "The number of threads that read requests and write answers, 1 to 1024; by default the number of cores",
        ),
        setting(
            Service,
            ["shutdown_seconds", "MUSTER_SHUTDOWN_SECONDS", "SECONDS"],
            "20",
            "The time in seconds for requests in progress to finish after SIGTERM or SIGINT, 1 to 3600; a second signal \
             ends it at once",
        ),
        setting(
            Service,
            ["max_connections", "MUSTER_MAX_CONNECTIONS", "NUMBER"],
            "4096",
            "The maximum number of open connections, 16 to 100000, within the system's limit of open files. Beyond it, the \
             slowest of those that wait for their client are closed",
        ),
        setting(
            Service,
            ["max_connections_per_address", "MUSTER_MAX_CONNECTIONS_PER_ADDRESS", "NUMBER"],
            "512",
            "The maximum number of open connections from one address that is not a trusted proxy, 8 to 100000; 60 phones behind \
             one address use a few each",
        ),
        setting(
            Service,
            ["head_seconds", "MUSTER_HEAD_SECONDS", "SECONDS"],
            "60",
            "The time in seconds for the head of a request to arrive, and the longest stall of a client that reads an \
             answer, 1 to 3600",
        ),
        setting(
            Service,
            ["body_stall_seconds", "MUSTER_BODY_STALL_SECONDS", "SECONDS"],
            "60",
            "The time in seconds for each 1,000 bytes of a request's body, 1 to 3600; the answer to a slower one is 408",
        ),
        setting(
            Service,
            ["body_seconds", "MUSTER_BODY_SECONDS", "SECONDS"],
            "1800",
            "The time in seconds for the whole body of a request, 1 to 86400",
        ),
        setting(
            Service,
            ["table_disk_mb", "MUSTER_TABLE_DISK_MB", "MB"],
            "4096",
            "The room in MB on the disk of data_dir for all tables that are being made or sent, 16 to 1048576: a million lines of \
             shortages take about 300 as CSV, and some times that while they become XLSX",
        ),
        setting(
            Service,
            ["table_seconds", "MUSTER_TABLE_SECONDS", "SECONDS"],
            "3600",
            "The time in seconds for a client to take a long table once it is made, 1 to 86400; then it is cut off",
        ),
        setting(
            Service,
            ["docs", "MUSTER_DOCS", "BOOL"],
            "true",
            "Whether to serve the page that shows the API's document, /api/docs/; the document itself is always served",
        ),
        setting(
            Service,
            ["open_data", "MUSTER_OPEN_DATA", "BOOL"],
            "false",
            "Whether to serve published standards with their rules, and the catalogue, to anybody without a sign-in, under \
             /api/v1/open/",
        ),
        setting(
            Service,
            ["personal_data_days", "MUSTER_PERSONAL_DATA_DAYS", "DAYS"],
            "180",
            "The days after which a contact is erased automatically, counted from its end day, 0 to 3650: the day on which another \
             person took its place, or one that was set",
        ),
        setting(
            Service,
            ["web_dir", "MUSTER_WEB_DIR", "DIR"],
            "",
            "A folder with the sources of the pages, to serve them as they are instead of those in the program: for developing \
             them. Their texts are those in the folder messages beside it",
        ),
        setting(
            Service,
            ["metrics_listen", "MUSTER_METRICS_LISTEN", "ADDRESS"],
            "",
            "The address and port of a second listener that serves metrics for Prometheus at /metrics, such as 127.0.0.1:9464; \
             none by default. It asks for no sign-in: only the monitoring should reach it",
        ),
        setting(
            Backup,
            ["postgres_programs", "PG_BIN", "DIR"],
            "",
            "The folder of pg_dump and pg_restore. By default a matching version is looked for in Debian's folders and on \
             the search path",
        ),
        setting(
            Everything,
            ["config", "MUSTER_CONFIG", "FILE"],
            "",
            "A TOML file with settings, named like the options but with underscores: listen = \"0.0.0.0:8080\". The \
             environment overrides the file, and options override both",
        ),
    ]
};

/// The setting for the database.
pub const DATABASE_URL: &str = "database_url";

/// The setting for the settings file, which is not a key in it.
pub const CONFIG: &str = "config";

impl Setting {
    /// The option's name, without leading hyphens.
    pub fn option(&self) -> String {
        self.key.replace('_', "-")
    }

    /// True if the option may stand without a value and then means yes.
    pub fn is_switch(&self) -> bool {
        self.value == "BOOL"
    }
}

/// The setting with a key.
pub fn find(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.key == key)
}
