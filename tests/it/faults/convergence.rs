//! The end of a world without faults: every phone syncs until it has nothing left to do.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::network::Fault;
use super::officer;
use super::phones::{Held, Task, Version};
use super::world::World;

impl World {
    /// Ends all faults: delayed requests arrive, every account is opened, and every phone syncs until it has finished.
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
    pub(super) async fn settle(&mut self, number: usize) {
        if !self.handsets[number].folder.exists() {
            return;
        }
        for _ in 0..12 {
            let task = if self.handsets[number].is_signed_in { Task::Sync } else { Task::SignIn };
            let is_sync = matches!(task, Task::Sync);
            self.go_through(number, task).await;
            // Long enough for whatever asked to be tried again later.
            self.servers.wait(TimeDelta::minutes(5));
            if !self.handsets[number].is_signed_in {
                self.servers.wait_for_sign_in().await;
            }
            let handset = &self.handsets[number];
            if is_sync && handset.is_signed_in && handset.held().waiting.is_empty() {
                return;
            }
        }
        let handset = &self.handsets[number];
        let waiting = handset.held().waiting;
        panic!("{} does not come to an end: {waiting:?}", handset.name);
    }

    /// The final content of every phone, with that of a new phone of the same account at the same time.
    pub async fn final_state(&mut self) -> Vec<(usize, Held, Held)> {
        let mut fresh = BTreeMap::new();
        let usernames: BTreeSet<String> = self.handsets.iter().map(|handset| handset.username.clone()).collect();
        let mut pairs = Vec::new();
        let old = self.handsets.len();
        // No time goes by from here on: the day might turn.
        for number in 0..old {
            if self.handsets[number].folder.exists() {
                self.go_through(number, Task::Sync).await;
            }
        }
        for username in usernames {
            let number = self.add_handset(&username, TimeDelta::zero(), Version::Same);
            self.go_through(number, Task::SignIn).await;
            self.go_through(number, Task::Sync).await;
            fresh.insert(username, number);
        }
        for number in 0..old {
            if self.handsets[number].folder.exists() {
                let new = &self.handsets[fresh[&self.handsets[number].username]];
                let old = &self.handsets[number];
                pairs.push((number, old.held(), new.held()));
            }
        }
        pairs
    }

    /// Starts a task on a phone and runs it to its end.
    async fn go_through(&mut self, number: usize, task: Task) {
        if let Some(page) = &self.handsets[number].page {
            // A page asks for nothing before the time that the service named.
            page.borrow_mut().wait(TimeDelta::hours(1));
        }
        self.start(number, task).await;
        while self.handsets[number].running.is_some() {
            self.serve(number, Fault::None).await;
        }
    }
}
