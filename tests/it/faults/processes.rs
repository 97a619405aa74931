//! Servers as real processes with sockets, ended by a signal that nobody can catch.
//!
//! A server that must end after a certain step of a commit is this test program itself, with the same parts as
//! `muster serve`; a server that is killed from outside is `muster serve`.

use std::cell::{Cell, RefCell};
use std::ffi::OsString;
use std::io::Write as _;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use actix_web::rt::task::spawn_blocking;
use auth::passwords::Passwords;
use auth::receipts::ReceiptKeys;
use auth::tokens::TokenKeys;
use base::clock::Clock;
use db::Db;
use db::limits::Limits;
use db::sqlite_file::FileHold;
use db::url::DatabaseUrl;
use muster::api::answer_files::{AnswerFiles, FileBounds};
use muster::api::app::{self, Work};
use muster::api::caller_limits::CallerLimits;
use muster::api::connections::ConnectionBounds;
use muster::api::settings::Settings;
use muster::api::state::AppState;
use serde_json::json;
use tempfile::TempDir;

use super::crash::{End, Signal, signalling};
use super::in_process::Inside;
use super::network::{Got, Sent};
use crate::app::Lasting;
use crate::database::{TestDatabase, scratch_folder};
use crate::dead::SHORT;
use crate::process::{Service, muster, text_of};
use crate::seed::PASSWORD;

/// The word that makes this program a server.
pub const SERVE: &str = "serve-until-the-end";

/// Serves a database until it is killed: the task of a process started with [`SERVE`]. The arguments are the database, the
/// folder of the keys, and the words of an [`End`].
pub fn serve(arguments: &[String]) {
    let [database, keys, step, hits_before, signal] = arguments else {
        panic!("five arguments, and not {arguments:?}")
    };
    let database: DatabaseUrl = database.parse().unwrap();
    actix_web::rt::System::new().block_on(async {
        let _hold = FileHold::take(&database, false).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let signal = Signal::of_word(signal);
        // A server that may be killed must not refuse slow requests on a busy machine.
        let limits = if signal == Signal::Stop { SHORT } else { Limits::COMMAND };
        let watch = signalling(End::of_words(step, hits_before), signal);
        let state = AppState {
            db: Db::open_watched(&database, limits, Some(watch)).unwrap(),
            keys: Arc::new(TokenKeys::load_or_create(Path::new(keys)).unwrap()),
            receipts: Arc::new(ReceiptKeys::load_or_create(Path::new(keys)).unwrap()),
            passwords: Passwords::new().unwrap(),
            caller_limits: CallerLimits::default(),
            quotas: Arc::default(),
            today: Arc::default(),
            files: AnswerFiles::new(std::env::temp_dir(), FileBounds::default()),
            clock: Clock::System,
            settings: Arc::new(Settings::default()),
            metrics: None,
        };
        let server = app::serve(
            state,
            listener,
            Work { workers: Some(2), shutdown_seconds: 1, connections: ConnectionBounds::default() },
            None,
            None,
        )
        .unwrap();
        eprintln!("{}", json!({"message": "serving", "address": address.to_string()}));
        server.await.unwrap();
    });
}

/// This program as a server that sends itself a signal.
pub fn serving(folder: &Path, database: &str, keys: &Path, end: End, signal: Signal) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([SERVE.into(), OsString::from(database), keys.into()]).args(end.words()).arg(signal.word());
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// The servers.
pub struct Processes {
    servers: Vec<RefCell<Place>>,
    database: RefCell<Arc<TestDatabase>>,
    folder: TempDir,
    saved: Cell<usize>,
}

/// The slot of a server, running or stopped.
#[derive(Default)]
struct Place {
    service: Option<Service>,
    next_end: Option<End>,
}

impl Processes {
    /// Starts this many over a database.
    pub fn start(database: TestDatabase, servers: usize) -> Self {
        let processes = Self {
            servers: (0..servers).map(|_| RefCell::default()).collect(),
            database: RefCell::new(Arc::new(database)),
            folder: scratch_folder("muster-processes-"),
            saved: Cell::new(0),
        };
        (0..servers).for_each(|which| processes.restart(which));
        processes
    }

    /// The number of servers.
    pub fn number(&self) -> usize {
        self.servers.len()
    }

    fn keys(&self) -> PathBuf {
        self.folder.path().join("data").join("keys")
    }

    /// An access token for an account, good from now.
    pub async fn token_of(&self, username: &str) -> Option<String> {
        let mut sent =
            Sent::json("POST", "/api/v1/auth/login", "", Some(&json!({"username": username, "password": PASSWORD})));
        sent.headers.retain(|(name, _)| name != "authorization");
        for which in 0..self.number() {
            if let Some(got) = self.call(which, &sent).await {
                return got.value()["access_token"].as_str().map(str::to_owned);
            }
        }
        None
    }

    fn address(&self, which: usize) -> Option<String> {
        let place = self.servers[which].borrow();
        Some(place.service.as_ref()?.base.strip_prefix("http://").unwrap().to_owned())
    }

    /// Sends a request to one of them and returns its answer; `None` if it is down or ends in the meantime.
    pub async fn call(&self, which: usize, sent: &Sent) -> Option<Got> {
        let (address, sent) = (self.address(which)?, sent.clone());
        spawn_blocking(move || exchange(&address, &sent)).await.unwrap()
    }

    /// Sends a request whose connection ends in the middle of the body.
    pub async fn call_cut(&self, which: usize, sent: &Sent) {
        let Some(address) = self.address(which) else { return };
        let sent = sent.clone();
        let half_sent = move || -> std::io::Result<()> {
            let mut connection = TcpStream::connect(&address)?;
            write!(connection, "{} {} HTTP/1.1\r\nhost: {address}\r\n", sent.method, sent.path)?;
            for (name, value) in &sent.headers {
                write!(connection, "{name}: {value}\r\n")?;
            }
            write!(connection, "content-length: {}\r\n\r\n", sent.body.len())?;
            connection.write_all(&sent.cut().body)?;
            connection.shutdown(Shutdown::Both)
        };
        let _ = spawn_blocking(half_sent).await.unwrap();
    }

    /// Kills one of them, and sets the step at which it ends after its next start.
    pub fn end_at(&self, which: usize, end: End) {
        let mut place = self.servers[which].borrow_mut();
        place.next_end = Some(end);
        place.service = None;
    }

    /// Kills one of them after a while.
    pub fn kill_soon(&self, which: usize, milliseconds: u64) {
        let place = self.servers[which].borrow();
        let Some(service) = &place.service else { return };
        let id = service.process.id().to_string();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(milliseconds));
            let _ = Command::new("kill").args(["-s", "KILL", &id]).stderr(Stdio::null()).status();
        });
    }

    /// Cancels the ends that were set, and stops the servers that may be about to end.
    pub fn disarm(&self) {
        for place in &self.servers {
            let mut place = place.borrow_mut();
            place.next_end = None;
            // A running server may be about to end.
            place.service = None;
        }
    }

    /// Starts one, if it is down.
    pub fn restart(&self, which: usize) {
        let mut place = self.servers[which].borrow_mut();
        if place.service.as_mut().is_some_and(|service| service.process.try_wait().unwrap().is_none()) {
            return;
        }
        place.service = None;
        let database = text_of(&self.database.borrow().url);
        let command = match place.next_end.take() {
            Some(end) => serving(self.folder.path(), &database, &self.keys(), end, Signal::Kill),
            None => {
                let data = self.folder.path().join("data");
                let variables = [("DATABASE_URL", database.as_str()), ("MUSTER_DATA_DIR", data.to_str().unwrap())];
                let mut command = muster(self.folder.path(), &["serve"], &variables);
                command.env("MUSTER_LOG_FORMAT", "json");
                command
            }
        };
        place.service = Some(Service::run(command, self.folder.path()));
    }

    fn backup_path(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("{number}.tar"))
    }

    /// Saves the database with `muster backup`, and returns the number of the backup.
    pub fn back_up(&self) -> usize {
        let number = self.saved.replace(self.saved.get() + 1);
        self.run("backup", "--to", number, &text_of(&self.database.borrow().url));
        number
    }

    /// Replaces the database by a backup with `muster restore`, and restarts all servers. The keys stay.
    pub fn restore(&self, number: usize) {
        self.servers.iter().for_each(|place| place.borrow_mut().service = None);
        let backend = self.database.borrow().backend;
        let place = TestDatabase::create_empty(backend);
        self.run("restore", "--from", number, &text_of(&place.url));
        *self.database.borrow_mut() = Arc::new(place);
        (0..self.number()).for_each(|which| self.restart(which));
    }

    fn run(&self, command: &str, option: &str, number: usize, database: &str) {
        let path = self.backup_path(number);
        let arguments = [command, option, path.to_str().unwrap()];
        let output = muster(self.folder.path(), &arguments, &[("DATABASE_URL", database)]).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
    }

    /// Stops them, and starts one in this process over the same database, with the same keys.
    pub async fn into_inside(self) -> Inside {
        self.servers.iter().for_each(|place| place.borrow_mut().service = None);
        let lasting = Lasting {
            clock: Clock::System,
            settings: Arc::new(Settings::default()),
            keys: Arc::new(TokenKeys::load_or_create(&self.keys()).unwrap()),
            receipts: Arc::new(ReceiptKeys::load_or_create(&self.keys()).unwrap()),
        };
        Inside::start_with(self.database.into_inner(), 1, lasting).await
    }
}

/// Sends a request over a connection of its own; `None` if the connection breaks.
fn exchange(address: &str, sent: &Sent) -> Option<Got> {
    let config =
        ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(30)));
    let agent: ureq::Agent = config.build().into();
    let uri = format!("http://{address}{}", sent.path);
    let mut request = ureq::http::Request::builder().method(sent.method.as_str()).uri(uri);
    for (name, value) in &sent.headers {
        request = request.header(name, value);
    }
    let answer = if sent.body.is_empty() && sent.method == "GET" {
        agent.run(request.body(()).unwrap())
    } else {
        agent.run(request.body(sent.body.clone()).unwrap())
    };
    let mut answer = answer.ok()?;
    let headers = answer.headers().iter();
    let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    let status = answer.status().as_u16();
    let body = answer.body_mut().read_to_vec().ok()?;
    Some(Got { status, headers, body })
}
