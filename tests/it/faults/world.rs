//! The world: servers, a network, phones and their users, and a seed that decides who acts next and what fails. One thing
//! happens at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::TimeDelta;
use serde_json::Value;
use tempfile::TempDir;
use uuid::Uuid;

use super::crash::End;
use super::network::{Got, Sent};
use super::officer;
use super::page_phones::{Page, Pages, SharedPage};
use super::phones::{Copied, Held, Running, Version, WrongClock, held, held_by_page};
use super::schedule::{Choices, Script};
use super::servers::Servers;
use crate::database::scratch_folder;

/// The accounts that have phones when a world begins.
const HOLDERS: [&str; 5] = ["t1", "t1", "t1-second", "t2", "e1"];

/// The maximum number of phones, including those set up from copies of others.
pub const MOST_PHONES: usize = 8;

/// A command as a phone's user made it.
#[derive(Clone, Debug)]
pub struct Made {
    /// The account of the phone.
    pub username: String,
    /// The id of the device, as the app reports it.
    pub device: String,
    /// Its sequence number.
    pub seq: i64,
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the canonical form of its body.
    pub sha256: String,
}

/// A command that the service once acknowledged to a phone as stored, with the receipt.
#[derive(Clone, Debug)]
pub struct Promised {
    /// The account of the phone.
    pub username: String,
    /// The id of the count that it became.
    pub count_id: Uuid,
    /// Its body.
    pub body: Vec<u8>,
    /// True if the count has this very body, not one that an officer changed.
    pub is_own_content: bool,
    /// The receipt.
    pub receipt: String,
    /// The turns between which the acknowledgement arrived: the start of the phone's task, and its end.
    pub given: (usize, usize),
}

/// A phone and its user.
pub struct Handset {
    /// Its name in the script.
    pub name: String,
    /// The account of its user.
    pub username: String,
    /// The folder of its file.
    pub folder: PathBuf,
    /// Its clock.
    pub clock: WrongClock,
    pub(super) version: Version,
    /// The page that it is; `None` for the reference client.
    pub(super) page: Option<SharedPage>,
    pub(super) running: Option<Running>,
    pub(super) is_signed_in: bool,
    /// The number of its sign-in; 0 before any.
    pub(super) sign_in: usize,
    /// True while its task is a sign-in.
    pub(super) is_signing_in: bool,
    /// The turn at which it signed in.
    pub(super) signed_in_at: usize,
    /// The turn at which it last asked for new tokens.
    pub(super) refreshed_at: usize,
    /// The turn at which its present task began.
    pub(super) began: usize,
    pub(super) copies: Vec<Copied>,
    /// The commands made on it that its file still knows: a restored copy knows fewer.
    pub made: Vec<Uuid>,
}

impl Handset {
    /// The version of its app.
    pub fn version(&self) -> Version {
        self.version
    }

    /// Its content, while no task runs on it.
    pub fn held(&self) -> Held {
        match &self.page {
            Some(page) => held_by_page(page),
            None => held(&self.folder, &self.clock),
        }
    }
}

/// The number of events of each kind; it exposes a run that tried nothing.
pub type Tally = BTreeMap<String, usize>;

/// The world of one seed.
pub struct World {
    /// The choices that the seed decides.
    pub choices: Choices,
    /// The events so far, in words.
    pub script: Script,
    /// The number of events of each kind.
    pub tally: Tally,
    /// The servers.
    pub servers: Servers,
    /// The phones.
    pub handsets: Vec<Handset>,
    /// The ids of the depots by their codes.
    pub depots: BTreeMap<String, String>,
    /// Every command ever made.
    pub made: Vec<Made>,
    /// Every acknowledgement that a phone ever got, by the command's id and body.
    pub promised: BTreeMap<(Uuid, Vec<u8>), Promised>,
    /// The restores: the turn at which the backup was made, and the turn at which it was restored.
    pub restores: Vec<(usize, usize)>,
    /// The accounts whose commands may arrive again without the receipt they had been given: late, or from a phone that was
    /// restored or set up from a copy. After a restore of the server such a command counts as new.
    pub echoed: BTreeSet<String>,
    /// The accounts of phones that were restored or set up from copies: their commands may have several genuine receipts.
    pub copied: BTreeSet<String>,
    /// The sign-ins whose session may end: by an officer, by a copy of the tokens, or by a restore to a time before it.
    pub may_end: BTreeSet<usize>,
    /// The ids of the devices of which an officer was told that they are withdrawn.
    pub withdrawn: BTreeSet<String>,
    /// The seed of its pages' chance.
    seed: u64,
    pub(super) sign_ins: usize,
    pub(super) late: Vec<(String, Sent)>,
    backups: Vec<(usize, usize)>,
    pub(super) step: usize,
    pub(super) folder: TempDir,
    pub(super) folders: usize,
}

/// The kinds of turns.
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
    /// Creates a world over servers with a planted database, whose depots have these ids.
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
            echoed: BTreeSet::new(),
            copied: BTreeSet::new(),
            may_end: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
            seed,
            sign_ins: 0,
            late: Vec::new(),
            backups: Vec::new(),
            step: 0,
            folder: scratch_folder("muster-phones-"),
            folders: 0,
        };
        let mut pages = Pages::of(seed);
        for username in HOLDERS {
            let ahead = world.wrong_by();
            let version = world.choices.pick(&[Version::Older, Version::Same, Version::Same, Version::Newer]);
            let number = world.add_handset(username, ahead, version);
            if pages.is_next() {
                world.make_page(number);
            }
        }
        world
    }

    /// Adds a line to the script, and counts the event.
    pub fn note(&mut self, what: &str, more: &str) {
        *self.tally.entry(what.to_owned()).or_default() += 1;
        self.script.add(format!("{what}{}{more}", if more.is_empty() { "" } else { ": " }));
    }

    /// Sends a request of the bureau's staff, whose network has no faults. `None` if the server is down.
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

    /// Ends the test if a server answered with a failure of its own.
    pub(super) fn look_at(&self, sent: &Sent, got: &Got) {
        let said = String::from_utf8_lossy(&got.body);
        assert!(got.status < 500, "{} {} was answered {}: {said}", sent.method, sent.path, got.status);
    }

    /// Runs this many turns, one after the other.
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

    /// Makes a phone that never ran a page.
    pub(super) fn make_page(&mut self, number: usize) {
        let seed = format!("{} {number}", self.seed);
        let handset = &mut self.handsets[number];
        handset.page = Some(Page::new(handset.folder.clone(), handset.clock.clone(), self.servers.clock(), seed));
        let name = handset.name.clone();
        self.note("phone page", &name);
    }

    /// Expects that the sessions of an account end.
    pub fn let_sessions_end(&mut self, username: &str) {
        let theirs = self.handsets.iter().filter(|handset| handset.username == username);
        let theirs: Vec<usize> = theirs.map(|handset| handset.sign_in).collect();
        self.may_end.extend(theirs);
    }

    pub(super) fn busy(&self) -> Vec<usize> {
        (0..self.handsets.len()).filter(|number| self.handsets[*number].running.is_some()).collect()
    }

    pub(super) fn let_time_pass(&mut self) {
        let minutes = match self.choices.below(3) {
            0 => self.choices.between(1, 10),
            1 => self.choices.between(10, 300),
            _ => self.choices.between(300, 4000),
        };
        self.servers.wait(TimeDelta::minutes(minutes));
        self.note("time", &format!("{minutes} minutes go by"));
    }

    pub(super) async fn set_an_end(&mut self) {
        let which = self.choices.below(self.servers.number());
        let end = End::draw(&mut self.choices);
        self.servers.end_at(which, end).await;
        self.note(&format!("end set {:?}", end.step), &format!("server {which} after {} more", end.hits_before));
    }

    pub(super) async fn restart_one(&mut self) {
        let which = self.choices.below(self.servers.number());
        self.servers.restart(which).await;
        self.script.add(format!("server {which} is started where it is down"));
    }

    pub(super) fn back_up(&mut self) {
        let number = self.servers.back_up();
        self.backups.push((number, self.step));
        self.note("backup", &number.to_string());
    }

    pub(super) async fn restore(&mut self) {
        if self.backups.is_empty() {
            return;
        }
        let (number, made_at) = self.choices.pick(&self.backups);
        self.servers.restore(number).await;
        self.restores.push((made_at, self.step));
        let of_then: Vec<bool> = self.handsets.iter().map(|handset| handset.signed_in_at < made_at).collect();
        let is_behind = self.handsets.iter().zip(&of_then).any(|(one, known)| *known && one.refreshed_at >= made_at);
        for (handset, known) in self.handsets.iter().zip(of_then) {
            if !known {
                self.may_end.insert(handset.sign_in);
            }
        }
        if is_behind {
            self.note("restore behind new tokens", "");
        }
        if !self.late.is_empty() {
            self.note("restore with requests under way", "");
        }
        self.note("restore", &format!("{number}, made at turn {made_at}, now turn {}", self.step));
    }
}
