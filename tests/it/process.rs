//! The program itself, run as a process of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use db::url::DatabaseUrl;
use serde_json::Value;

/// The time after which readiness looks again.
pub const READINESS_REMEMBERED: Duration = Duration::from_millis(2_100);

/// A database as `DATABASE_URL` names it.
pub fn text_of(url: &DatabaseUrl) -> String {
    match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    }
}

/// The program with no settings but those given, in a folder; it listens on a free port.
pub fn muster(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.env("MUSTER_LISTEN", "127.0.0.1:0").envs(variables.iter().copied());
    command
}

/// The end of a run: its exit code and its standard error.
pub fn outcome(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let Output { status, stderr, .. } = muster(folder, arguments, variables).output().unwrap();
    (status.code().unwrap(), String::from_utf8(stderr).unwrap())
}

/// A running `muster serve`; it goes when this goes.
pub struct Service {
    /// The process.
    pub process: Child,
    /// The address it listens on.
    pub base: String,
    out: PathBuf,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

/// A request's answer.
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: ureq::http::HeaderMap,
    /// Its body; null where it is no JSON.
    pub body: Value,
}

impl Service {
    /// Starts it on a free port and waits until it serves.
    pub fn start(folder: &Path, database: &str, variables: &[(&str, &str)]) -> Self {
        let mut all = vec![("DATABASE_URL", database), ("MUSTER_LOG_FORMAT", "json")];
        all.extend(variables);
        Self::run(muster(folder, &["serve"], &all), folder)
    }

    /// Runs a program that serves and says so in its log, and waits until it does.
    pub fn run(mut command: Command, folder: &Path) -> Self {
        let out = tempfile::Builder::new().prefix("out-").tempfile_in(folder).unwrap().keep().unwrap().1;
        let mut process = command.stdout(fs::File::create(&out).unwrap()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (serving, served) = mpsc::channel();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let kept = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                *kept.lock().unwrap() += &format!("{line}\n");
                let event: Value = serde_json::from_str(&line).unwrap_or_default();
                if event["message"] == "serving" {
                    let _ = serving.send(event["address"].as_str().unwrap().to_owned());
                }
            }
        });
        let Ok(address) = served.recv() else {
            panic!("it did not start: {}{}", log.lock().unwrap(), process.wait().unwrap());
        };
        Self { process, base: format!("http://{address}"), out, log, reader: Some(reader) }
    }

    /// Its standard output.
    pub fn out(&self) -> String {
        fs::read_to_string(&self.out).unwrap()
    }

    /// The one-time code that it showed.
    pub fn code(&self) -> Option<String> {
        self.out().lines().find_map(|line| Some(line.strip_prefix("    ")?.to_owned()))
    }

    /// Sends a request.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Reply {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.header("content-type", "application/json");
        let mut answer = agent.run(request.body(body.map_or_else(String::new, Value::to_string)).unwrap()).unwrap();
        let mut text = String::new();
        answer.body_mut().as_reader().read_to_string(&mut text).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Reply { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
    }

    /// Sends it a signal, by its name.
    pub fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Asks it to stop, waits for that, and answers its code and all it logged.
    pub fn stop(mut self) -> (i32, String) {
        self.signal("TERM");
        self.wait()
    }

    /// Waits for its end, and answers its code and all it logged.
    pub fn wait(&mut self) -> (i32, String) {
        let code = self.process.wait().unwrap().code().unwrap_or(-1);
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
        (code, self.log.lock().unwrap().clone())
    }

    /// Its log so far, an event a line.
    pub fn events(&self) -> Vec<Value> {
        self.log.lock().unwrap().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
