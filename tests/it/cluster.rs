//! A throwaway PostgreSQL server for one run of the tests, made from installed programs.
//!
//! It listens on a socket in a folder of its own and on no port, so parallel runs cannot meet. A small shell process
//! makes it, waits on a pipe until the test process ends in any way, then stops the server and removes the folder.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

use crate::database::scratch_folder;

/// The server's superuser.
const USER: &str = "muster";

/// Makes the server in the current folder, says whether it runs, and waits. Durability is off: nothing outlives the run.
/// One user, used only by the test that creates it, needs a password. Texts are sorted by language if possible (ICU,
/// version 15 or newer), so that lists that rely on byte order fail.
const SUPERVISOR: &str = r#"
trap '' PIPE
initialize() { "$BIN/initdb" -D data -U "$USER_NAME" -A trust -E UTF8 --locale=C -N --no-instructions "$@"; }
guard() { { echo 'local all guarded scram-sha-256'; cat data/pg_hba.conf; } >hba && mv hba data/pg_hba.conf; }
{ { initialize --locale-provider=icu --icu-locale=en-US || initialize; } && guard && eval "$PREPARE" &&
  "$BIN/pg_ctl" -D data -l server.log -w -t 60 start -o "$OPTIONS"; } >make.log 2>&1 && echo ready || echo failed
read -r _
"$BIN/pg_ctl" -D data -m immediate -w stop >/dev/null 2>&1
rm -rf "$FOLDER"
"#;

/// Each test's database has up to 8 readers and 3 writers, and a few tests drive connections of their own.
const OPTIONS: &str = "-c max_connections=300 -c shared_buffers=32MB -c fsync=off -c synchronous_commit=off \
     -c full_page_writes=off -c autovacuum=off -c deadlock_timeout=50ms -c listen_addresses= -c port=5432";

/// A CA of our own with a server certificate, and another CA that did not issue it.
#[cfg(feature = "postgres-tls")]
const CERTIFICATES: &str = r#"(
    cd data && umask 077 && ec="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes" &&
    openssl req -x509 $ec -days 2 -subj "/CN=Test CA" -keyout ca.key -out ../ca.pem &&
    openssl req -x509 $ec -days 2 -subj "/CN=Other CA" -keyout other.key -out ../other.pem &&
    openssl req $ec -subj "/CN=localhost" -keyout server.key -out server.csr &&
    echo "subjectAltName=DNS:localhost" >server.ext &&
    openssl x509 -req -in server.csr -CA ../ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.pem
)"#;

/// A running server.
pub struct Cluster {
    folder: PathBuf,
    supervisor: Mutex<Child>,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// The server of this run, started on first use.
pub fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(Cluster::start)
}

/// Stops the server, if there is one, and waits for the removal of its folder.
pub fn stop() {
    if let Some(cluster) = CLUSTER.get() {
        cluster.stop();
    }
}

/// The folder of the server programs: `PG_BIN`, or the newest of Debian's, or what `pg_config` on the path names.
pub fn programs() -> Result<PathBuf, String> {
    let complete = |folder: &PathBuf| ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).exists());
    if let Some(folder) = std::env::var_os("PG_BIN").map(PathBuf::from) {
        return Some(folder).filter(complete).ok_or("PG_BIN names no folder of PostgreSQL server programs".to_owned());
    }
    let mut installed: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder)| complete(folder))
        .collect();
    installed.sort();
    let configured = || {
        let output = Command::new("pg_config").arg("--bindir").output().ok()?;
        Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim())).filter(complete)
    };
    installed.pop().map(|(_, folder)| folder).or_else(configured).ok_or_else(|| {
        "no PostgreSQL server programs were found; install them (Debian: apt-get install postgresql) or name their \
         folder in PG_BIN"
            .to_owned()
    })
}

impl Cluster {
    /// Stops the server and waits for the removal of its folder.
    pub fn stop(&self) {
        let mut supervisor = self.supervisor.lock().unwrap();
        drop(supervisor.stdin.take());
        let _ = supervisor.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn start() -> Self {
        Self::start_with("", "")
    }

    /// A separate server that also listens on a local port, with TLS. The certificate of its CA is in `ca.pem` in its
    /// folder. The certificate is for `localhost` only.
    #[cfg(feature = "postgres-tls")]
    pub fn start_with_tls(port: u16) -> Self {
        let tls = "-c ssl=on -c ssl_cert_file=server.pem -c ssl_key_file=server.key -c listen_addresses=127.0.0.1";
        Self::start_with(CERTIFICATES, &format!("{tls} -c port={port}"))
    }

    /// A separate server with more options, which go before those of the others; `prepare` is run by a shell in its folder
    /// before it starts.
    pub fn start_with(prepare: &str, more_options: &str) -> Self {
        let programs = programs().unwrap();
        let folder = scratch_folder("muster-postgres-").keep();
        let mut command = Command::new("sh");
        if fs::metadata(&folder).unwrap().uid() == 0 {
            // The server refuses to run as root.
            let (user, group) = unprivileged_user().expect("root needs a user postgres or nobody to run PostgreSQL as");
            chown(&folder, Some(user), Some(group)).unwrap();
            command.uid(user).gid(group);
        }
        let mut supervisor = command
            .args(["-c", SUPERVISOR])
            .current_dir(&folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LC_ALL", "C")
            .env("BIN", programs)
            .env("FOLDER", &folder)
            .env("USER_NAME", USER)
            .env("PREPARE", prepare)
            .env("OPTIONS", format!("{OPTIONS} -c unix_socket_directories='{}' {more_options}", folder.display()))
            // A keyboard interrupt is for the test process; the supervisor waits for that process to end.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut answer = String::new();
        BufReader::new(supervisor.stdout.take().unwrap()).read_line(&mut answer).unwrap();
        if answer.trim() != "ready" {
            let log = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
            panic!("PostgreSQL did not start:\n{}{}", log("make.log"), log("server.log"));
        }
        Self { folder, supervisor: Mutex::new(supervisor) }
    }

    /// The folder of its files and its socket.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{USER}@/{database}?host={}&port=5432", percent_encoded(&self.folder))
    }
}

/// User and group of `postgres`, or else of `nobody`.
pub fn unprivileged_user() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    find("postgres").or_else(|| find("nobody"))
}

fn percent_encoded(path: &Path) -> String {
    path.to_str().expect("the temporary folder has a name in UTF-8").bytes().fold(String::new(), |text, byte| {
        if byte.is_ascii_alphanumeric() {
            text + char::from(byte).encode_utf8(&mut [0; 4])
        } else {
            text + &format!("%{byte:02X}")
        }
    })
}
