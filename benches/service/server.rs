//! The program under test: its data, made by `muster generate`, and `muster serve` as a process of its own.

use std::fmt;
use std::fs::File;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::database::{Connection, Place, scratch_folder};
use crate::process;

/// The password of all accounts.
pub const PASSWORD: &str = "a password for the benchmark";

/// The counts of each organization, or of each depot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counts {
    OfOrganization(u32),
    OfDepot(u32),
}

/// The size of the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Data {
    pub banners: u32,
    pub counts: Counts,
    /// The codes of the only organizations with counts; all if this is empty.
    pub only: &'static [&'static str],
}

impl fmt::Display for Data {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { banners, counts, only } = self;
        match (only.len(), counts) {
            (0, Counts::OfOrganization(counts)) => write!(to, "{banners} × {counts}"),
            (0, Counts::OfDepot(counts)) => write!(to, "{banners} × {counts} a depot"),
            (some, Counts::OfOrganization(counts) | Counts::OfDepot(counts)) => write!(to, "{some} org. × {counts}"),
        }
    }
}

/// A filled database.
pub struct Filled {
    folder: TempDir,
    pub url: String,
    pub data: Data,
    /// The time of `muster generate`.
    pub took: Duration,
    /// The bytes on disk after it.
    pub size: u64,
    /// The number of counts.
    pub counts: i64,
}

impl Filled {
    pub fn make(place: &Place, data: Data) -> Self {
        let folder = scratch_folder("muster-bench-");
        let url = place.url(folder.path());
        run(folder.path(), &url, &["migrate"]);
        let (option, counts) = match data.counts {
            Counts::OfOrganization(counts) => ("--counts-per-organization", counts.to_string()),
            Counts::OfDepot(counts) => ("--counts-per-depot", counts.to_string()),
        };
        let banners = data.banners.to_string();
        let mut arguments = vec!["generate", "--password", PASSWORD, "--banners", &banners, option, &counts];
        data.only.iter().for_each(|code| arguments.extend(["--only", code]));
        let started = Instant::now();
        run(folder.path(), &url, &arguments);
        let took = started.elapsed();
        let mut connection = Connection::open(&url);
        if let Place::Postgres(_) = place {
            // As autovacuum would have done by the time anybody comes.
            connection.run("VACUUM ANALYZE");
        }
        let (size, counts) = (connection.size(), count_counts(&mut connection));
        Self { folder, url, data, took, size, counts }
    }
}

/// The counts in a database.
pub fn count_counts(connection: &mut Connection) -> i64 {
    connection.number("SELECT count(*) AS number FROM counts")
}

impl Filled {
    /// Checks the whole record with the keys that the service serves, as `muster verify` does for anybody; returns what it
    /// says, or why the record is not as it was accepted.
    pub fn verify(&self, keys: &Value) -> Result<String, String> {
        let folder = self.folder.path();
        std::fs::write(folder.join("jwks.json"), keys.to_string()).unwrap();
        let output = muster(folder, &self.url, &["verify", "chain", "--keys", "jwks.json"]).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if output.status.success() {
            return Ok(said);
        }
        Err(format!("{said} {}", String::from_utf8_lossy(&output.stderr).trim()))
    }
}

fn muster(folder: &Path, url: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("DATABASE_URL", url).env("MUSTER_DATA_DIR", "data").env("MUSTER_LISTEN", "127.0.0.1:0");
    command
}

fn run(folder: &Path, url: &str, arguments: &[&str]) {
    let output = muster(folder, url, arguments).output().unwrap();
    assert!(output.status.success(), "muster {}: {}", arguments[0], String::from_utf8_lossy(&output.stderr));
}

/// The limits of the requests of each account, program and address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestLimits {
    Off,
    Default,
}

/// A running service; it ends when this is dropped.
pub struct Server {
    process: Child,
    pub address: SocketAddr,
    /// The time from its start to its first answer that it is ready.
    pub start: Duration,
    /// The process of the database's server, if that is another.
    postmaster: Option<u32>,
}

/// The time in which it must serve.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    pub fn start(place: &Place, filled: &Filled, limits: RequestLimits) -> Self {
        let log = filled.folder.path().join("serve.log");
        let mut command = muster(filled.folder.path(), &filled.url, &["serve"]);
        if limits == RequestLimits::Off {
            for name in ["PERSON", "CLIENT", "ADDRESS"] {
                command.env(format!("MUSTER_{name}_REQUESTS_PER_MINUTE"), "0");
            }
        }
        // Tokens last to the end.
        command.env("MUSTER_ACCESS_TOKEN_MINUTES", "1440").env("MUSTER_LOG_FORMAT", "json");
        let started = Instant::now();
        let process = command.stdout(Stdio::null()).stderr(File::create(&log).unwrap()).spawn().unwrap();
        let mut server = Self {
            process,
            address: ([127, 0, 0, 1], 0).into(),
            start: Duration::ZERO,
            postmaster: place.postmaster(),
        };
        loop {
            let text = std::fs::read_to_string(&log).unwrap();
            if let Some(address) = text.lines().find_map(address_in) {
                server.address = address;
                server.start = started.elapsed();
                return server;
            }
            assert!(
                server.process.try_wait().unwrap().is_none() && started.elapsed() < PATIENCE,
                "not serving: {text}"
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// The processor time of the service, and of the database's server.
    pub fn time(&self) -> [Duration; 2] {
        [process::time_of(self.process.id()), self.postmaster.map_or(Duration::ZERO, process::time_of_family)]
    }

    /// Its resident memory, now and at most, in MiB.
    pub fn memory(&self) -> [f64; 2] {
        process::memory_of(self.process.id())
    }

    /// Lets the most memory be that from now on.
    pub fn forget_most_memory(&self) {
        process::forget_most_memory_of(self.process.id());
    }

    /// Asks it to stop, and waits for that.
    pub fn stop(mut self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", "TERM", &id]).status().unwrap().success());
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let event: Value = serde_json::from_str(line).ok()?;
    (event["message"] == "serving").then(|| event["address"].as_str().unwrap().parse().unwrap())
}
