//! A real browser: Chromium without a window, which opens a page of the test and reports what its script found.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::cases::Fixture;
use crate::database::Backend;
use crate::tools::Tool;

/// The time for a page to report, of which the browser's start takes most.
const PATIENCE: Duration = Duration::from_secs(120);

/// The switches: no window, and no connection but those of the page.
const SWITCHES: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

/// A fixture for bodies that need a browser.
pub struct InBrowser;

impl Fixture for InBrowser {
    const BACKENDS: &'static [Option<Backend>] = &[None];
    const NEEDS: &'static [Tool] = &[Tool::Chromium];

    async fn make(_: Option<Backend>) -> Self {
        Self
    }
}

/// A page with an origin of its own, whose script is the body of an async function. Its result is reported as JSON.
pub struct Page {
    listener: TcpListener,
    /// Its origin.
    pub origin: String,
}

impl Page {
    /// A page on a free port.
    pub fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, origin }
    }

    /// Opens it in a browser of its own, and returns the result of its script.
    pub fn run(self, script: &str) -> Value {
        let Self { listener, origin } = self;
        let html = format!(
            "<!doctype html><meta charset=utf-8><script>(async () => {{ {script} }})().catch(error => `${{error}}`)\
             .then(result => fetch('/result', {{method: 'POST', body: JSON.stringify(result)}}))</script>"
        );
        let (report, reports) = mpsc::channel();
        std::thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let (html, report) = (html.clone(), report.clone());
                std::thread::spawn(move || serve(connection, &html, &report));
            }
        });
        let folder = TempDir::new().unwrap();
        let mut browser = Command::new(Tool::Chromium.program().unwrap())
            .args(SWITCHES)
            .arg(format!("--user-data-dir={}", folder.path().display()))
            .arg("--remote-debugging-port=0")
            .arg(&origin)
            .env("HOME", folder.path())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let result = reports.recv_timeout(PATIENCE);
        // The browser is a group of processes.
        let _ = Command::new("kill").args(["-s", "KILL", "--", &format!("-{}", browser.id())]).status();
        let _ = browser.wait();
        result.expect("the page reported nothing in time")
    }
}

fn serve(connection: TcpStream, html: &str, report: &Sender<Value>) -> Option<()> {
    let mut connection = BufReader::new(connection);
    let (mut line, mut length) = (String::new(), 0);
    connection.read_line(&mut line).ok()?;
    loop {
        let mut header = String::new();
        connection.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    if line.starts_with("POST /result ") {
        report.send(serde_json::from_slice(&body).ok()?).ok()?;
    }
    let status = if line.starts_with("GET / ") { "200 OK" } else { "404 Not Found" };
    let head = "content-type: text/html; charset=utf-8\r\nconnection: close\r\ncontent-length:";
    write!(connection.get_mut(), "HTTP/1.1 {status}\r\n{head} {}\r\n\r\n{html}", html.len()).ok()
}
