//! The world: servers, a network and phones with people behind them, and a seed that decides who acts next and what goes
//! wrong. One thing at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use muster::phone::error::PhoneError;
use muster::phone::report::SessionState;
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use super::bodies;
use super::checker::sha256_of;
use super::crash::End;
use super::network::{Fault, Got, Sent};
use super::officer;
use super::phones::{Copied, Done, Held, Reply, Running, Task, Version, WrongClock, held, offline};
use super::schedule::{Choices, Script};
use super::servers::Servers;
use crate::database::scratch_folder;

/// The accounts that have phones when a world begins.
const HOLDERS: [&str; 5] = ["t1", "t1", "t1-second", "t2", "e1"];

/// How many phones there are at most, with those that were made from copies of others.
const MOST_PHONES: usize = 8;

/// A command as it was made on a phone.
#[derive(Clone, Debug)]
pub struct Made {
    /// Whose phone it was.
    pub username: String,
    /// The device that the app says it is.
    pub device: String,
    /// Its running number.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the canonical form of its body.
    pub sha256: String,
}

/// A command that a phone was once told is stored, with the proof.
#[derive(Clone, Debug)]
pub struct Promised {
    /// The count that came of it.
    pub count_id: Uuid,
    /// Its body.
    pub body: Vec<u8>,
    /// Whether that is the count's.
    pub is_own_content: bool,
    /// The receipt.
    pub receipt: String,
    /// When in the script the phone was first seen with it.
    pub since: usize,
}

/// A phone, and whoever carries it about.
pub struct Handset {
    /// What the script calls it.
    pub name: String,
    /// Whose it is.
    pub username: String,
    /// Where its file is.
    pub folder: PathBuf,
    /// Its clock.
    pub clock: WrongClock,
    version: Version,
    running: Option<Running>,
    is_signed_in: bool,
    copies: Vec<Copied>,
    /// The commands that were made on it, as far back as its file remembers.
    pub made: Vec<Uuid>,
}

impl Handset {
    /// What its app is like.
    pub fn version(&self) -> Version {
        self.version
    }
}

/// What happened how often, so that a run which tried nothing is found out.
pub type Tally = BTreeMap<String, usize>;

/// The world of one seed.
pub struct World {
    /// What the seed decides.
    pub choices: Choices,
    /// What happened.
    pub script: Script,
    /// What happened how often.
    pub tally: Tally,
    /// The servers.
    pub servers: Servers,
    /// The phones.
    pub handsets: Vec<Handset>,
    /// The ids of the depots by their codes.
    pub depots: BTreeMap<String, String>,
    /// Every command that was ever made.
    pub made: Vec<Made>,
    /// Every promise that a phone was ever given, by the command's id and body.
    pub promised: BTreeMap<(Uuid, Vec<u8>), Promised>,
    /// Where in the script the backups were made that the database was ever put back to, and where that was done.
    pub restores: Vec<(usize, usize)>,
    late: Vec<Sent>,
    backups: Vec<(usize, usize)>,
    step: usize,
    folder: TempDir,
    folders: usize,
}

/// What may happen next.
#[derive(Clone, Copy, Debug)]
enum Turn {
    Serve,
    ServeTogether,
    Start,
    Count,
    Officer,
    Kill,
    Copy,
    PutBack,
    Clone,
    Time,
    Clock,
    End,
    Restart,
    BackUp,
    Restore,
    Late,
}

const TURNS: [(usize, Turn); 16] = [
    (40, Turn::Serve),
    (8, Turn::ServeTogether),
    (16, Turn::Start),
    (14, Turn::Count),
    (9, Turn::Officer),
    (2, Turn::Kill),
    (2, Turn::Copy),
    (1, Turn::PutBack),
    (1, Turn::Clone),
    (3, Turn::Time),
    (1, Turn::Clock),
    (3, Turn::End),
    (8, Turn::Restart),
    (2, Turn::BackUp),
    (1, Turn::Restore),
    (3, Turn::Late),
];

impl World {
    /// A world over servers whose database has been planted, with depots of these ids.
    pub fn new(seed: u64, script: Script, servers: Servers, depots: BTreeMap<String, String>) -> Self {
        let mut world = Self {
            choices: Choices::of(seed),
            script,
            tally: Tally::new(),
            servers,
            handsets: Vec::new(),
            depots,
            made: Vec::new(),
            promised: BTreeMap::new(),
            restores: Vec::new(),
            late: Vec::new(),
            backups: Vec::new(),
            step: 0,
            folder: scratch_folder("muster-phones-"),
            folders: 0,
        };
        for username in HOLDERS {
            let ahead = world.wrong_by();
            let version = world.choices.pick(&[Version::Older, Version::Same, Version::Same, Version::Newer]);
            world.add_handset(username, ahead, version);
        }
        world
    }

    fn new_folder(&mut self) -> PathBuf {
        self.folders += 1;
        self.folder.path().join(self.folders.to_string())
    }

    /// How far a clock is ahead: right, a little wrong, or by up to a year, either way.
    fn wrong_by(&mut self) -> TimeDelta {
        match self.choices.below(4) {
            0 => TimeDelta::zero(),
            1 => TimeDelta::seconds(self.choices.between(-90, 90)),
            2 => TimeDelta::minutes(self.choices.between(-3000, 3000)),
            _ => TimeDelta::hours(self.choices.between(-8760, 8760)),
        }
    }

    fn add_handset(&mut self, username: &str, ahead: TimeDelta, version: Version) -> usize {
        let folder = self.new_folder();
        let number = self.handsets.len();
        let name = format!("phone {number} of {username}");
        self.script.add(format!("{name}: {version:?}, {} s ahead", ahead.num_seconds()));
        self.handsets.push(Handset {
            name,
            username: username.to_owned(),
            folder,
            clock: WrongClock::ahead_of(self.servers.clock(), ahead),
            version,
            running: None,
            is_signed_in: false,
            copies: Vec::new(),
            made: Vec::new(),
        });
        number
    }

    /// Adds a line to the script, and counts what it is about.
    pub fn note(&mut self, what: &str, more: &str) {
        *self.tally.entry(what.to_owned()).or_default() += 1;
        self.script.add(format!("{what}{}{more}", if more.is_empty() { "" } else { ": " }));
    }

    /// Sends a request as somebody of the bureau does, who has a good line. None where the server is down.
    pub async fn ask(&mut self, username: &str, method: &str, path: &str, body: Option<&Value>) -> Option<Got> {
        let token = self.servers.token_of(username).await?;
        let mut sent = Sent::json(method, &format!("/api/v1{path}"), &token, body);
        if method == "PUT" {
            sent.headers.push(("if-match".to_owned(), "*".to_owned()));
        }
        let which = self.choices.below(self.servers.number());
        let got = self.servers.call(which, &sent).await?;
        self.look_at(&sent, &got);
        Some(got)
    }

    /// A server that fails by itself ends the test.
    fn look_at(&self, sent: &Sent, got: &Got) {
        let said = String::from_utf8_lossy(&got.body);
        assert!(got.status < 500, "{} {} was answered {}: {said}", sent.method, sent.path, got.status);
    }

    /// Does so many things, one after the other.
    pub async fn live(&mut self, turns: usize) {
        for _ in 0..turns {
            self.step += 1;
            match self.choices.weighed(&TURNS) {
                Turn::Serve => self.serve_one().await,
                Turn::ServeTogether => self.serve_together().await,
                Turn::Start => self.start_one().await,
                Turn::Count => self.count_one(),
                Turn::Officer => officer::act(self).await,
                Turn::Kill => self.kill_one().await,
                Turn::Copy => self.copy_one(),
                Turn::PutBack => self.put_back_one(),
                Turn::Clone => self.clone_one(),
                Turn::Time => self.let_time_pass(),
                Turn::Clock => self.set_a_clock(),
                Turn::End => self.set_an_end().await,
                Turn::Restart => self.restart_one().await,
                Turn::BackUp => self.back_up(),
                Turn::Restore => self.restore().await,
                Turn::Late => self.deliver_late().await,
            }
        }
    }

    fn busy(&self) -> Vec<usize> {
        (0..self.handsets.len()).filter(|number| self.handsets[*number].running.is_some()).collect()
    }

    fn idle(&mut self) -> Option<usize> {
        let idle: Vec<_> = (0..self.handsets.len()).filter(|number| self.handsets[*number].running.is_none()).collect();
        (!idle.is_empty()).then(|| self.choices.pick(&idle))
    }

    async fn serve_one(&mut self) {
        let busy = self.busy();
        if busy.is_empty() {
            return self.start_one().await;
        }
        let number = self.choices.pick(&busy);
        let fault = Fault::draw(&mut self.choices);
        self.serve(number, fault).await;
    }

    /// Carries one phone's request as a fault has it.
    async fn serve(&mut self, number: usize, fault: Fault) {
        let which = self.choices.below(self.servers.number());
        let other = self.choices.below(self.servers.number());
        let sent = self.asked(number);
        let about = format!("{} {} of {}", sent.method, without_query(&sent.path), self.handsets[number].name);
        let heard = match fault {
            Fault::None => self.servers.call(which, &sent).await,
            Fault::RequestLost | Fault::Late => None,
            Fault::AnswerLost => {
                let got = self.servers.call(which, &sent).await;
                got.iter().for_each(|got| self.look_at(&sent, got));
                None
            }
            Fault::Twice => {
                let first = self.servers.call(which, &sent).await;
                first.iter().for_each(|got| self.look_at(&sent, got));
                self.servers.call(other, &sent).await
            }
            Fault::TwiceAtOnce => {
                let (one, two) = join(self.servers.call(which, &sent), self.servers.call(other, &sent)).await;
                one.iter().chain(&two).for_each(|got| self.look_at(&sent, got));
                if self.choices.one_in(2) { one } else { two }
            }
            Fault::RequestCut => {
                let got = self.servers.call_cut(which, &sent).await;
                got.iter().for_each(|got| self.look_at(&sent, got));
                None
            }
            Fault::AnswerCut => {
                let got = self.servers.call(which, &sent).await;
                got.iter().for_each(|got| self.look_at(&sent, got));
                got.map(|got| got.cut())
            }
            Fault::Unavailable => Some(Got::unavailable()),
        };
        if fault == Fault::Late {
            self.late.push(sent.clone());
        }
        let status = heard.as_ref().map_or_else(|| "nothing".to_owned(), |got| got.status.to_string());
        self.note(&format!("network {fault:?}"), &format!("{about}, who hears {status}"));
        if let Some(got) = heard.as_ref().filter(|_| !matches!(fault, Fault::Unavailable | Fault::AnswerCut)) {
            self.look_at(&sent, got);
        }
        self.reply(number, heard.map_or(Reply::Nothing, Reply::Answer)).await;
    }

    /// Carries the requests of all phones at the same time, to servers that may end meanwhile.
    async fn serve_together(&mut self) {
        let busy = self.busy();
        if busy.is_empty() {
            return self.start_one().await;
        }
        let all: Vec<(usize, Sent)> =
            busy.iter().map(|number| (self.choices.below(self.servers.number()), self.asked(*number))).collect();
        if self.choices.one_in(3) {
            let which = self.choices.below(self.servers.number());
            let milliseconds = u64::try_from(self.choices.below(30)).unwrap();
            self.servers.kill_soon(which, milliseconds);
        }
        let heard = join_all(all.iter().map(|(which, sent)| self.servers.call(*which, sent))).await;
        self.note("network together", &format!("{} requests", all.len()));
        for ((number, (_, sent)), got) in busy.into_iter().zip(&all).zip(heard) {
            got.iter().for_each(|got| self.look_at(sent, got));
            self.reply(number, got.map_or(Reply::Nothing, Reply::Answer)).await;
        }
    }

    async fn deliver_late(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let number = self.choices.below(self.late.len());
        let sent = self.late.swap_remove(number);
        let which = self.choices.below(self.servers.number());
        let got = self.servers.call(which, &sent).await;
        got.iter().for_each(|got| self.look_at(&sent, got));
        let status = got.map_or_else(|| "nothing".to_owned(), |got| got.status.to_string());
        self.note("late arrival", &format!("{} {}: {status}", sent.method, without_query(&sent.path)));
    }

    /// What a phone asks for, as its app's version says it.
    fn asked(&self, number: usize) -> Sent {
        let handset = &self.handsets[number];
        let sent = handset.running.as_ref().unwrap().asks();
        bodies::as_version_says(handset.version, sent)
    }

    async fn reply(&mut self, number: usize, reply: Reply) {
        let done = self.handsets[number].running.as_mut().unwrap().go_on(reply).await;
        if let Some(done) = done {
            self.end(number, done);
        }
    }

    fn end(&mut self, number: usize, done: Done) {
        self.handsets[number].running = None;
        let name = self.handsets[number].name.clone();
        match done {
            Done::SignedIn => {
                self.note("signed in", &name);
            }
            Done::Synced(round) => {
                if round.was_reset {
                    self.note("reset", &name);
                }
                self.note("round", &format!("{name}: {round:?}"));
            }
            Done::Failed(error) => {
                let usual = matches!(
                    error,
                    PhoneError::NotSignedIn
                        | PhoneError::Unreachable(..)
                        | PhoneError::Refused(_)
                        | PhoneError::NotMuster(..)
                );
                assert!(usual, "{name}: {error}");
                self.note("failed", &format!("{name}: {error}"));
            }
            Done::Killed => self.note("killed", &name),
        }
        self.remember_promises(number);
    }

    /// Notes down what a phone was told is stored, and whether it is signed in.
    fn remember_promises(&mut self, number: usize) {
        let since = self.step;
        let handset = &self.handsets[number];
        if !handset.folder.exists() {
            return;
        }
        let has = held(&handset.folder, &handset.clock);
        self.handsets[number].is_signed_in = has.status.session == SessionState::SignedIn;
        for told in has.acknowledged {
            self.promised.entry((told.id, told.body.clone())).or_insert(Promised {
                count_id: told.count_id,
                body: told.body,
                is_own_content: told.is_own_content,
                receipt: told.receipt,
                since,
            });
        }
    }

    async fn start_one(&mut self) {
        let Some(number) = self.idle() else { return };
        let is_signed_in = self.handsets[number].is_signed_in;
        let task = match is_signed_in {
            false if self.choices.one_in(4) => match officer::issue_code(self, number).await {
                Some(code) => Task::Enrol(code),
                None => Task::SignIn,
            },
            false if self.choices.one_in(4) && !self.handsets[number].made.is_empty() => Task::Sync,
            false => Task::SignIn,
            true => Task::Sync,
        };
        self.start(number, task).await;
    }

    async fn start(&mut self, number: usize, task: Task) {
        let jitter = u64::try_from(self.choices.below(1 << 30)).unwrap();
        let handset = &mut self.handsets[number];
        let line = match &task {
            Task::Enrol(_) => "enrols",
            Task::SignIn => "signs in",
            Task::Sync => "syncs",
        };
        self.script.add(format!("{} {line}", handset.name));
        let mut running = Running::start(&handset.folder, handset.clock.clone(), jitter, task, &handset.username);
        let done = running.step().await;
        handset.running = Some(running);
        if let Some(done) = done {
            self.end(number, done);
        }
    }

    fn count_one(&mut self) {
        let Some(number) = self.idle() else { return };
        if !self.handsets[number].folder.exists() {
            return;
        }
        for _ in 0..=self.choices.below(3) {
            let mut phone = offline(&self.handsets[number].folder, &self.handsets[number].clock);
            let drawn = bodies::draw(self, number, &mut phone);
            let queued = match phone.queue(drawn.id, &drawn.kind, &drawn.body) {
                Ok(queued) => queued,
                Err(PhoneError::NotSignedIn | PhoneError::IdReused(_)) => return,
                Err(error) => panic!("{}: {error}", self.handsets[number].name),
            };
            let device = phone.status().unwrap().device_id;
            drop(phone);
            let handset = &mut self.handsets[number];
            handset.made.push(queued.id);
            let username = handset.username.clone();
            let line = format!("{} makes {} number {} {}", handset.name, drawn.what, queued.seq, queued.id);
            let sha256 = sha256_of(&drawn.body);
            self.made.push(Made { username, device, seq: queued.seq, id: queued.id, sha256 });
            self.note(&format!("makes {}", drawn.what), &line);
        }
    }

    async fn kill_one(&mut self) {
        let busy = self.busy();
        if busy.is_empty() {
            return;
        }
        let number = self.choices.pick(&busy);
        self.reply(number, Reply::Kill).await;
    }

    fn copy_one(&mut self) {
        let Some(number) = self.idle() else { return };
        if !self.handsets[number].folder.exists() {
            return;
        }
        let to = self.new_folder();
        let handset = &mut self.handsets[number];
        handset.copies.push(Copied::of(&handset.folder, &handset.made, to));
        let name = handset.name.clone();
        self.note("copied", &name);
    }

    fn put_back_one(&mut self) {
        let Some(number) = self.idle() else { return };
        let copies = self.handsets[number].copies.clone();
        if copies.is_empty() {
            return;
        }
        let copy = self.choices.pick(&copies);
        let handset = &mut self.handsets[number];
        copy.put_back(&handset.folder);
        handset.made.clone_from(&copy.made);
        let line = format!("{} as it was with {} commands", handset.name, copy.made.len());
        self.note("put back", &line);
        self.remember_promises(number);
    }

    /// Sets up another phone from a copy: from now on two phones say that they are the same device.
    fn clone_one(&mut self) {
        let Some(number) = self.idle() else { return };
        let copies = self.handsets[number].copies.clone();
        if copies.is_empty() || self.handsets.len() == MOST_PHONES {
            return;
        }
        let copy = self.choices.pick(&copies);
        let (username, version) = (self.handsets[number].username.clone(), self.handsets[number].version);
        let ahead = self.wrong_by();
        let twin = self.add_handset(&username, ahead, version);
        copy.put_back(&self.handsets[twin].folder);
        self.handsets[twin].made = copy.made;
        self.remember_promises(twin);
        let line = format!("{} from a copy of {}", self.handsets[twin].name, self.handsets[number].name);
        self.note("twin", &line);
    }

    fn let_time_pass(&mut self) {
        let minutes = match self.choices.below(3) {
            0 => self.choices.between(1, 10),
            1 => self.choices.between(10, 300),
            _ => self.choices.between(300, 4000),
        };
        self.servers.wait(TimeDelta::minutes(minutes));
        self.note("time", &format!("{minutes} minutes go by"));
    }

    fn set_a_clock(&mut self) {
        let number = self.choices.below(self.handsets.len());
        let ahead = self.wrong_by();
        self.handsets[number].clock.set_ahead(ahead);
        let line = format!("{} is now {} s ahead", self.handsets[number].name, ahead.num_seconds());
        self.note("clock jumps", &line);
    }

    async fn set_an_end(&mut self) {
        let which = self.choices.below(self.servers.number());
        let end = End::draw(&mut self.choices);
        self.servers.end_at(which, end).await;
        self.note(&format!("end set {:?}", end.step), &format!("server {which} after {} more", end.hits_before));
    }

    async fn restart_one(&mut self) {
        let which = self.choices.below(self.servers.number());
        self.servers.restart(which).await;
        self.script.add(format!("server {which} is started where it is down"));
    }

    fn back_up(&mut self) {
        let number = self.servers.back_up();
        self.backups.push((number, self.step));
        self.note("backup", &number.to_string());
    }

    async fn restore(&mut self) {
        if self.backups.is_empty() {
            return;
        }
        let (number, made_at) = self.choices.pick(&self.backups);
        self.servers.restore(number).await;
        self.restores.push((made_at, self.step));
        self.note("restore", &format!("{number}, made at turn {made_at}, now turn {}", self.step));
    }

    /// Ends all faults: what is still on its way arrives, everybody may sign in, and every phone syncs to the end.
    pub async fn calm_down(&mut self) {
        self.script.add("from now on nothing goes wrong");
        self.step += 1;
        self.servers.calm_down().await;
        while !self.late.is_empty() {
            self.deliver_late().await;
        }
        officer::open_all_accounts(self).await;
        for number in 0..self.handsets.len() {
            while self.handsets[number].running.is_some() {
                self.serve(number, Fault::None).await;
            }
        }
        // All push before the last pull of each.
        for _ in 0..2 {
            for number in 0..self.handsets.len() {
                self.settle(number).await;
            }
        }
    }

    /// Syncs a phone until it has nothing more to do.
    async fn settle(&mut self, number: usize) {
        if !self.handsets[number].folder.exists() {
            return;
        }
        for _ in 0..12 {
            let task = if self.handsets[number].is_signed_in { Task::Sync } else { Task::SignIn };
            let is_sync = matches!(task, Task::Sync);
            self.start(number, task).await;
            while self.handsets[number].running.is_some() {
                self.serve(number, Fault::None).await;
            }
            // Long enough for whatever asked to be tried again later.
            self.servers.wait(TimeDelta::minutes(5));
            let handset = &self.handsets[number];
            if is_sync && handset.is_signed_in && held(&handset.folder, &handset.clock).waiting.is_empty() {
                return;
            }
        }
        let handset = &self.handsets[number];
        let waiting = held(&handset.folder, &handset.clock).waiting;
        panic!("{} does not come to an end: {waiting:?}", handset.name);
    }

    /// What every phone has in the end, and what a new phone of the same account gets, at one and the same time.
    pub async fn final_state(&mut self) -> Vec<(usize, Held, Held)> {
        let mut fresh = BTreeMap::new();
        let usernames: BTreeSet<String> = self.handsets.iter().map(|handset| handset.username.clone()).collect();
        let mut pairs = Vec::new();
        for username in usernames {
            let number = self.add_handset(&username, TimeDelta::zero(), Version::Same);
            self.settle_signing_in(number).await;
            fresh.insert(username, number);
        }
        let old = self.handsets.len() - fresh.len();
        for number in 0..old {
            if self.handsets[number].folder.exists() {
                let new = &self.handsets[fresh[&self.handsets[number].username]];
                let old = &self.handsets[number];
                pairs.push((number, held(&old.folder, &old.clock), held(&new.folder, &new.clock)));
            }
        }
        pairs
    }

    async fn settle_signing_in(&mut self, number: usize) {
        self.start(number, Task::SignIn).await;
        while self.handsets[number].running.is_some() {
            self.serve(number, Fault::None).await;
        }
        self.settle(number).await;
    }
}

fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap()
}
