//! The actions of people on phones: sign in and sync, count, copy and put back, set the clock.

use std::path::PathBuf;

use chrono::TimeDelta;

use super::checker::sha256_of;
use super::desk::Desk;
use super::page_phones::PageTask;
use super::phones::{ClientTask, Copied, Running, Task, Version, WrongClock};
use super::world::{Handset, MOST_PHONES, Made, World};
use super::{bodies, officer};

impl World {
    pub(super) fn new_folder(&mut self) -> PathBuf {
        self.folders += 1;
        self.folder.path().join(self.folders.to_string())
    }

    /// Draws the error of a clock: none, small, or up to a year in either direction.
    pub(super) fn wrong_by(&mut self) -> TimeDelta {
        match self.choices.below(4) {
            0 => TimeDelta::zero(),
            1 => TimeDelta::seconds(self.choices.between(-90, 90)),
            2 => TimeDelta::minutes(self.choices.between(-3000, 3000)),
            _ => TimeDelta::hours(self.choices.between(-8760, 8760)),
        }
    }

    pub(super) fn add_handset(&mut self, username: &str, ahead: TimeDelta, version: Version) -> usize {
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
            page: None,
            running: None,
            is_signed_in: false,
            sign_in: 0,
            is_signing_in: false,
            signed_in_at: 0,
            refreshed_at: 0,
            began: 0,
            copies: Vec::new(),
            made: Vec::new(),
        });
        number
    }

    pub(super) fn idle(&mut self) -> Option<usize> {
        let idle: Vec<_> = (0..self.handsets.len()).filter(|number| self.handsets[*number].running.is_none()).collect();
        (!idle.is_empty()).then(|| self.choices.pick(&idle))
    }

    pub(super) async fn start_one(&mut self) {
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

    pub(super) async fn start(&mut self, number: usize, task: Task) {
        let jitter = u64::try_from(self.choices.below(1 << 30)).unwrap();
        let is_signing_in = !matches!(task, Task::Sync);
        self.sign_ins += usize::from(is_signing_in);
        let (handset, sign_in) = (&mut self.handsets[number], self.sign_ins);
        handset.began = self.step;
        handset.is_signing_in = is_signing_in;
        if is_signing_in {
            (handset.sign_in, handset.signed_in_at) = (sign_in, usize::MAX);
        }
        let line = match &task {
            Task::Enrol(_) => "enrols",
            Task::SignIn => "signs in",
            Task::Sync => "syncs",
        };
        self.script.add(format!("{} {line}", handset.name));
        let mut running = match &handset.page {
            Some(page) => {
                // Now and then it is opened anew.
                if self.choices.one_in(4) {
                    page.borrow_mut().kill();
                }
                Running::Page(PageTask::start(page.clone(), task, &handset.username))
            }
            None => {
                let clock = handset.clock.clone();
                Running::Client(ClientTask::start(&handset.folder, clock, jitter, task, &handset.username))
            }
        };
        let done = running.step().await;
        handset.running = Some(running);
        if let Some(done) = done {
            self.end(number, done);
        }
    }

    pub(super) fn count_one(&mut self) {
        let Some(number) = self.idle() else { return };
        if !self.handsets[number].folder.exists() {
            return;
        }
        for _ in 0..=self.choices.below(3) {
            let mut desk = Desk::of(&self.handsets[number]);
            let drawn = bodies::draw(self, number, &mut desk);
            let Some(seq) = desk.queue(&mut self.choices, &drawn) else { return };
            let device = desk.device();
            drop(desk);
            let handset = &mut self.handsets[number];
            handset.made.push(drawn.id);
            let username = handset.username.clone();
            let line = format!("{} makes {} number {seq} {}", handset.name, drawn.what, drawn.id);
            let sha256 = sha256_of(&drawn.body);
            self.made.push(Made { username, device, seq, id: drawn.id, sha256 });
            self.note(&format!("makes {}", drawn.what), &line);
        }
    }

    pub(super) fn copy_one(&mut self) {
        let Some(number) = self.idle() else { return };
        if !self.handsets[number].folder.exists() {
            return;
        }
        let to = self.new_folder();
        let handset = &mut self.handsets[number];
        handset.copies.push(Copied::of(&handset.folder, &handset.made, handset.sign_in, to));
        let name = handset.name.clone();
        self.note("copied", &name);
    }

    pub(super) fn put_back_one(&mut self) {
        let Some(number) = self.idle() else { return };
        let copies = self.handsets[number].copies.clone();
        if copies.is_empty() {
            return;
        }
        let copy = self.choices.pick(&copies);
        let handset = &mut self.handsets[number];
        if let Some(page) = &handset.page {
            page.borrow_mut().kill();
        }
        copy.put_back(&handset.folder);
        handset.made.clone_from(&copy.made);
        self.may_end.extend([handset.sign_in, copy.sign_in]);
        handset.sign_in = copy.sign_in;
        self.echoed.insert(handset.username.clone());
        self.copied.insert(handset.username.clone());
        let line = format!("{} as it was with {} commands", handset.name, copy.made.len());
        self.note("put back", &line);
        self.remember_promises(number);
    }

    /// Sets up another phone from a copy: from now on two phones claim to be the same device.
    pub(super) fn clone_one(&mut self) {
        let Some(number) = self.idle() else { return };
        let copies = self.handsets[number].copies.clone();
        if copies.is_empty() || self.handsets.len() == MOST_PHONES {
            return;
        }
        let copy = self.choices.pick(&copies);
        let (username, version) = (self.handsets[number].username.clone(), self.handsets[number].version);
        let ahead = self.wrong_by();
        let twin = self.add_handset(&username, ahead, version);
        if self.handsets[number].page.is_some() {
            self.make_page(twin);
        }
        self.echoed.insert(username.clone());
        self.copied.insert(username);
        copy.put_back(&self.handsets[twin].folder);
        self.handsets[twin].made = copy.made;
        self.may_end.insert(copy.sign_in);
        self.handsets[twin].sign_in = copy.sign_in;
        self.remember_promises(twin);
        let line = format!("{} from a copy of {}", self.handsets[twin].name, self.handsets[number].name);
        self.note("twin", &line);
    }

    pub(super) fn set_a_clock(&mut self) {
        let number = self.choices.below(self.handsets.len());
        let ahead = self.wrong_by();
        self.handsets[number].clock.set_ahead(ahead);
        let line = format!("{} is now {} s ahead", self.handsets[number].name, ahead.num_seconds());
        self.note("clock jumps", &line);
    }
}
