//! Phones that are the engine of the phone page: a program under Node, which asks the world for its network, its time and its
//! chance by lines ([`Page`]). It keeps everything in its folder, and dies by a signal that it cannot catch.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use base::clock::Clock;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use client::draft::CountDraft;
use serde_json::{Value, json};
use uuid::Uuid;

use super::network::Sent;
use super::page_answers::{error_of, round_of};
use super::phones::{Done, Reply, SERVER, Task, WrongClock};
use super::schedule::Choices;
use crate::seed::PASSWORD;
use crate::tools::Tool;

/// The time for the program to answer, many times what it needs.
const PATIENCE: Duration = Duration::from_secs(120);

/// The program.
const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/web/engine/node-phone.js");

/// A phone page, whether its program runs or not.
pub struct Page {
    folder: PathBuf,
    clock: WrongClock,
    /// The clock that nobody sets.
    right: Clock,
    /// The time by which that is ahead of the servers': what a person waits without the world.
    waited: TimeDelta,
    seed: String,
    starts: usize,
    process: Option<Process>,
    /// The death to tell with the next line; `Some(Null)` takes it back.
    doom: Option<Value>,
    is_doomed: bool,
}

struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<Value>,
}

/// The phones of a world that are pages: one in four where Node is there, and all of them with `MUSTER_FAULT_PAGES=all`. They
/// are drawn apart from all else, so that the rest of a world is the same with them and without.
pub struct Pages {
    choices: Choices,
    are_all: bool,
    is_here: bool,
}

impl Pages {
    /// Those of a seed.
    pub fn of(seed: u64) -> Self {
        let are_all = std::env::var("MUSTER_FAULT_PAGES").is_ok_and(|value| value == "all");
        let found = Tool::Node.program();
        if let Err(reason) = found.as_ref()
            && (are_all || Tool::Node.is_required())
        {
            panic!("phone pages are required: {reason}");
        }
        Self { choices: Choices::of(seed ^ 2), are_all, is_here: found.is_ok() }
    }

    /// True if the next phone is one.
    pub fn is_next(&mut self) -> bool {
        let is_drawn = self.choices.one_in(4);
        self.is_here && (is_drawn || self.are_all)
    }
}

/// A page that several parts of the world use.
pub type SharedPage = Rc<RefCell<Page>>;

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start(folder: &Path, seed: &str) -> Self {
        let mut child = Command::new(Tool::Node.program().unwrap())
            .args([Path::new(PROGRAM), folder, Path::new("pipe"), Path::new(seed)])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (line, lines) = mpsc::channel();
        thread::spawn(move || {
            for text in BufReader::new(output).lines().map_while(Result::ok) {
                // A line that is cut off is that of a program that died.
                let Ok(value) = serde_json::from_str(&text) else { break };
                if line.send(value).is_err() {
                    break;
                }
            }
        });
        Self { child, input, lines }
    }
}

/// A command that a page made and queued.
pub struct Queued {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub seq: i64,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl Page {
    /// Sets one up, which makes its folder when it first runs.
    pub fn new(folder: PathBuf, clock: WrongClock, right: Clock, seed: String) -> SharedPage {
        let waited = TimeDelta::zero();
        let page = Self { folder, clock, right, waited, seed, starts: 0, process: None, doom: None, is_doomed: false };
        Rc::new(RefCell::new(page))
    }

    /// Lets the time go by that the service asked for.
    pub fn wait(&mut self, time: TimeDelta) {
        self.waited += time;
    }

    /// Kills the program, if it runs.
    pub fn kill(&mut self) {
        self.process = None;
        self.doom = None;
        self.is_doomed = false;
    }

    /// Lets the program die at one of its next writes, when a share of that is on disk.
    pub fn doom(&mut self, writes: usize, share: f64) {
        self.doom = Some(json!({"writes": writes, "part": share}));
        self.is_doomed = true;
    }

    fn take_doom_back(&mut self) {
        if self.is_doomed {
            (self.doom, self.is_doomed) = (Some(Value::Null), false);
        }
    }

    fn tell(&mut self, mut line: Value) {
        line["now"] = json!(self.clock.now().timestamp_millis());
        line["ticks"] = json!((self.right.now() + self.waited).timestamp_millis());
        if let Some(doom) = self.doom.take() {
            line["doom"] = doom;
        }
        if self.process.is_none() {
            self.starts += 1;
            self.process = Some(Process::start(&self.folder, &format!("{} {}", self.seed, self.starts)));
        }
        // One that died is found out by the line that does not come.
        let _ = writeln!(self.process.as_mut().unwrap().input, "{line}");
    }

    /// The next line; `None` if the program died as it was to.
    fn hear(&mut self) -> Option<Value> {
        match self.process.as_ref()?.lines.recv_timeout(PATIENCE) {
            Ok(line) => Some(line),
            Err(mpsc::RecvTimeoutError::Disconnected) if self.is_doomed => {
                self.kill();
                None
            }
            Err(error) => panic!("the page in {} does not answer: {error}", self.folder.display()),
        }
    }

    /// Has a method carried out that needs no network; `None` if the program died meanwhile.
    pub fn ask(&mut self, method: &str, arguments: &Value) -> Option<Result<Value, Value>> {
        self.tell(json!({"do": method, "args": arguments}));
        let mut line = self.hear()?;
        self.take_doom_back();
        assert!(line["ask"].is_null(), "{method} needs no network: {line}");
        Some(if line["error"].is_null() { Ok(line["ok"].take()) } else { Err(line["error"].take()) })
    }

    /// Queues a command under an id of the caller. The code of the refusal otherwise; `None` if the program died meanwhile.
    pub fn queue(&mut self, id: Uuid, kind: &str, body: &[u8]) -> Option<Result<Queued, String>> {
        let text = std::str::from_utf8(body).unwrap();
        Some(queued(self.ask("queue", &json!([{"id": id, "type": kind, "text": text}]))?))
    }

    /// Counts as a person does: types the lines of a draft, and submits it. The code of the refusal otherwise.
    pub fn count(&mut self, draft: &CountDraft) -> Result<Queued, String> {
        let lines: Vec<[String; 2]> =
            draft.lines.iter().map(|(item, number)| [item.clone(), number.to_string()]).collect();
        let scope = if draft.is_full { "full" } else { "listed" };
        let asked = json!([{"depot": draft.depot, "scope": scope, "lines": lines}]);
        let made = match self.ask("count", &asked).unwrap() {
            Ok(made) => made,
            refused => return queued(refused),
        };
        let text = self.ask("content", &json!([made["id"]])).unwrap();
        queued(text.map(|text| json!({"id": made["id"], "seq": made["seq"], "text": text})))
    }
}

fn queued(answer: Result<Value, Value>) -> Result<Queued, String> {
    let command = answer.map_err(|error| {
        let code = error["code"].as_str().unwrap().to_owned();
        assert_ne!(code, "failed", "{error}");
        code
    })?;
    let body = command["text"].as_str().unwrap().as_bytes().to_vec();
    Ok(Queued { id: command["id"].as_str().unwrap().parse().unwrap(), seq: command["seq"].as_i64().unwrap(), body })
}

/// A task of a page under way.
pub struct PageTask {
    page: SharedPage,
    task: Task,
    asked: Option<(u64, Sent)>,
}

impl PageTask {
    /// Starts a task.
    pub fn start(page: SharedPage, task: Task, username: &str) -> Self {
        let name = json!({"deviceName": format!("page of {username}")});
        page.borrow_mut().tell(match &task {
            Task::SignIn => json!({"do": "signIn", "args": [username, PASSWORD, name]}),
            Task::Enrol(code) => json!({"do": "enrol", "args": [code, name]}),
            Task::Sync => json!({"do": "sync", "args": []}),
        });
        Self { page, task, asked: None }
    }

    /// Waits until it sends a request or ends.
    pub fn step(&mut self) -> Option<Done> {
        let mut page = self.page.borrow_mut();
        let Some(line) = page.hear() else { return Some(Done::Killed) };
        if let Some(number) = line["ask"].as_u64() {
            self.asked = Some((number, sent_of(&line)));
            return None;
        }
        page.take_doom_back();
        Some(match (&self.task, &line["error"]) {
            (Task::Sync, Value::Null) => Done::Synced(round_of(&line["ok"])),
            (_, Value::Null) => Done::SignedIn,
            (_, error) => Done::Failed(error_of(SERVER, error)),
        })
    }

    /// The request that it waits on.
    pub fn asks(&self) -> &Sent {
        &self.asked.as_ref().unwrap().1
    }

    /// Replies, and waits until it sends its next request or ends.
    pub fn go_on(&mut self, reply: Reply) -> Option<Done> {
        let (number, _) = self.asked.take().unwrap();
        let line = match reply {
            Reply::Answer(got) => {
                json!({"reply": number, "status": got.status, "headers": got.headers, "body": STANDARD.encode(got.body)})
            }
            Reply::Nothing => json!({"reply": number, "broken": true}),
            Reply::Kill => {
                self.page.borrow_mut().kill();
                return Some(Done::Killed);
            }
        };
        self.page.borrow_mut().tell(line);
        self.step()
    }
}

fn sent_of(line: &Value) -> Sent {
    let text = |name: &str| line[name].as_str().unwrap().to_owned();
    let body = STANDARD.decode(text("body")).unwrap();
    let headers = serde_json::from_value(line["headers"].clone()).unwrap();
    Sent { method: text("method"), path: text("path"), headers, body }
}
