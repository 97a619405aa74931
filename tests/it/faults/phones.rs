//! Phones: the reference client on a thread of its own, or the engine of the phone page in a program of its own. Either waits at
//! each request until the world replies. So one thing happens at a time, and the world decides which.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use base::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use client::error::PhoneError;
use client::report::{Acknowledged, Mirrored, Quarantined, Round, Status, Waiting};
use client::transport::{Request, Response, TransportError};
use client::{Phone, Surroundings};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use uuid::Uuid;

use super::network::{Got, Sent};
use super::page_answers::held_of;
use super::page_phones::{PageTask, SharedPage};
use crate::seed::PASSWORD;

/// The name under which phones know the service.
pub const SERVER: &str = "http://muster.example";

/// The version of a phone's app, compared with the service's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// One version older: it sends the fewest fields, and not the number of waiting commands.
    Older,
    /// The same.
    Same,
    /// One version newer: it sends fields and commands that the service does not know.
    Newer,
}

/// A clock that differs from the service's.
#[derive(Clone)]
pub struct WrongClock {
    right: Clock,
    ahead_us: Arc<AtomicI64>,
}

impl WrongClock {
    /// Creates a clock that is this far ahead.
    pub fn ahead_of(right: Clock, by: TimeDelta) -> Self {
        let clock = Self { right, ahead_us: Arc::default() };
        clock.set_ahead(by);
        clock
    }

    /// Sets how far it is ahead.
    pub fn set_ahead(&self, by: TimeDelta) {
        self.ahead_us.store(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    /// The time that it shows.
    pub fn now(&self) -> DateTime<Utc> {
        self.right.now() + TimeDelta::microseconds(self.ahead_us.load(Ordering::SeqCst))
    }
}

/// A task for a phone.
#[derive(Clone, Debug)]
pub enum Task {
    /// Sign in with the password that all accounts share.
    SignIn,
    /// Sign in with a code.
    Enrol(String),
    /// One round of sync.
    Sync,
}

/// The end of a task.
#[derive(Debug)]
pub enum Done {
    /// Signed in.
    SignedIn,
    /// Completed a round of sync.
    Synced(Round),
    /// Failed with an error of the client.
    Failed(PhoneError),
    /// Killed.
    Killed,
}

/// The panic payload of a killed phone.
struct Kill;

enum Event {
    Asks(Sent, mpsc::Sender<Reply>),
    Ended(Done),
}

/// The reply to a phone's request.
pub enum Reply {
    /// An answer.
    Answer(Got),
    /// No answer: the connection broke.
    Nothing,
    /// None, because the phone is killed.
    Kill,
}

/// A task under way.
pub enum Running {
    /// On a thread of the reference client.
    Client(ClientTask),
    /// In the program of a page.
    Page(PageTask),
}

impl Running {
    /// Waits until it sends a request or ends.
    pub async fn step(&mut self) -> Option<Done> {
        match self {
            Self::Client(task) => task.step().await,
            Self::Page(task) => task.step(),
        }
    }

    /// The request that it waits on.
    pub fn asks(&self) -> &Sent {
        match self {
            Self::Client(task) => task.asks(),
            Self::Page(task) => task.asks(),
        }
    }

    /// Replies, and waits until it sends its next request or ends.
    pub async fn go_on(&mut self, reply: Reply) -> Option<Done> {
        match self {
            Self::Client(task) => task.go_on(reply).await,
            Self::Page(task) => task.go_on(reply),
        }
    }
}

/// A task of the reference client.
pub struct ClientTask {
    events: UnboundedReceiver<Event>,
    thread: Option<JoinHandle<()>>,
    asked: Option<(Sent, mpsc::Sender<Reply>)>,
}

impl ClientTask {
    /// Starts a task on the phone in a folder.
    pub fn start(folder: &Path, clock: WrongClock, jitter: u64, task: Task, username: &str) -> Self {
        let (sender, events) = unbounded_channel();
        let (folder, username) = (folder.to_owned(), username.to_owned());
        let thread = thread::spawn(move || {
            let to_world = sender.clone();
            let done = catch_unwind(AssertUnwindSafe(|| {
                let mut phone = open(&folder, clock, jitter, to_world);
                let name = format!("phone of {username}");
                match task {
                    Task::SignIn => phone.sign_in(SERVER, &username, PASSWORD, &name).map(|()| Done::SignedIn),
                    Task::Enrol(code) => phone.enrol(SERVER, &code, &name).map(|()| Done::SignedIn),
                    Task::Sync => phone.sync().map(Done::Synced),
                }
                .unwrap_or_else(Done::Failed)
            }));
            let done = done.unwrap_or_else(|cause| match cause.downcast::<Kill>() {
                Ok(_) => Done::Killed,
                Err(cause) => resume_unwind(cause),
            });
            let _ = sender.send(Event::Ended(done));
        });
        Self { events, thread: Some(thread), asked: None }
    }

    /// Waits until it sends a request or ends.
    pub async fn step(&mut self) -> Option<Done> {
        match self.events.recv().await {
            Some(Event::Asks(sent, reply)) => {
                self.asked = Some((sent, reply));
                None
            }
            Some(Event::Ended(done)) => {
                self.thread.take().unwrap().join().unwrap();
                Some(done)
            }
            None => match self.thread.take().unwrap().join() {
                Err(cause) => resume_unwind(cause),
                Ok(()) => unreachable!("a phone tells how it ended"),
            },
        }
    }

    /// The request that it waits on.
    pub fn asks(&self) -> &Sent {
        &self.asked.as_ref().unwrap().0
    }

    /// Replies, and waits until it sends its next request or ends.
    pub async fn go_on(&mut self, reply: Reply) -> Option<Done> {
        let (_, way) = self.asked.take().unwrap();
        way.send(reply).unwrap();
        self.step().await
    }
}

fn open(folder: &Path, clock: WrongClock, jitter: u64, to_world: UnboundedSender<Event>) -> Phone {
    let transport = move |request: &Request| -> Result<Response, TransportError> {
        let sent = Sent {
            method: request.method.to_owned(),
            path: request.path.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
        };
        let (reply, replied) = mpsc::channel();
        if to_world.send(Event::Asks(sent, reply)).is_err() {
            resume_unwind(Box::new(Kill));
        }
        match replied.recv() {
            Ok(Reply::Answer(got)) => Ok(Response { status: got.status, headers: got.headers, body: got.body }),
            Ok(Reply::Nothing) => Err(TransportError("the connection broke".to_owned())),
            // If nobody can reply any more, the world is gone too.
            Ok(Reply::Kill) | Err(_) => resume_unwind(Box::new(Kill)),
        }
    };
    let clock = Box::new(move || clock.now());
    let surroundings = Surroundings { clock, transport: Box::new(transport), random: StdRng::seed_from_u64(jitter) };
    Phone::open(folder, surroundings).unwrap()
}

/// The content of a phone, read while no task runs on it.
pub struct Held {
    /// Its status.
    pub status: Status,
    /// The commands that wait to be sent.
    pub waiting: Vec<Waiting>,
    /// The commands that the service accepted.
    pub acknowledged: Vec<Acknowledged>,
    /// The commands that the service kept for an officer.
    pub quarantined: Vec<Quarantined>,
    /// Its copy of the service's data.
    pub mirror: Vec<Mirrored>,
}

/// The phone in a folder, with no network.
pub fn offline(folder: &Path, clock: &WrongClock) -> Phone {
    let clock = clock.clone();
    let transport = |_: &Request| -> Result<Response, TransportError> { Err(TransportError("no network".to_owned())) };
    let surroundings = Surroundings {
        clock: Box::new(move || clock.now()),
        transport: Box::new(transport),
        random: StdRng::seed_from_u64(0),
    };
    Phone::open(folder, surroundings).unwrap()
}

/// Reads the content of a page.
pub fn held_by_page(page: &SharedPage) -> Held {
    held_of(&page.borrow_mut().ask("held", &json!([])).unwrap().unwrap())
}

/// Reads the content of the phone in a folder.
pub fn held(folder: &Path, clock: &WrongClock) -> Held {
    let mut phone = offline(folder, clock);
    Held {
        status: phone.status().unwrap(),
        waiting: phone.waiting().unwrap(),
        acknowledged: phone.acknowledged().unwrap(),
        quarantined: phone.quarantined().unwrap(),
        mirror: phone.mirror().unwrap(),
    }
}

/// A copy of a phone at an earlier time.
#[derive(Clone)]
pub struct Copied {
    folder: PathBuf,
    /// The commands that had been made on it.
    pub made: Vec<Uuid>,
    /// The number of its sign-in.
    pub sign_in: usize,
}

impl Copied {
    /// Copies a phone, on which no task runs, into an empty folder.
    pub fn of(folder: &Path, made: &[Uuid], sign_in: usize, to: PathBuf) -> Self {
        copy_folder(folder, &to);
        Self { folder: to, made: made.to_vec(), sign_in }
    }

    /// Replaces a phone by this copy.
    pub fn put_back(&self, folder: &Path) {
        if folder.exists() {
            std::fs::remove_dir_all(folder).unwrap();
        }
        copy_folder(&self.folder, folder);
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
