//! Delivery of requests with the network's faults, and the ends of phones' tasks.

use client::error::PhoneError;
use client::report::SessionState;
use futures_util::future::{join, join_all};

use super::bodies;
use super::network::{Fault, Got, Sent};
use super::phones::{Done, Reply};
use super::world::{Handset, Promised, World};

impl World {
    pub(super) async fn serve_one(&mut self) {
        let busy = self.busy();
        if busy.is_empty() {
            return self.start_one().await;
        }
        let number = self.choices.pick(&busy);
        let fault = Fault::draw(&mut self.choices);
        self.serve(number, fault).await;
    }

    /// Delivers one phone's request with a fault of the network.
    pub(super) async fn serve(&mut self, number: usize, fault: Fault) {
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
        if sent.path.ends_with("/auth/refresh") {
            self.handsets[number].refreshed_at = self.step;
            if fault == Fault::Late {
                // Its token is spent by then, as if somebody had copied it.
                self.may_end.insert(self.handsets[number].sign_in);
            }
        }
        if fault == Fault::Late {
            self.late.push((self.handsets[number].username.clone(), sent.clone()));
        }
        let status = heard.as_ref().map_or_else(|| "nothing".to_owned(), |got| got.status.to_string());
        self.note(&format!("network {fault:?}"), &format!("{about}, who hears {status}"));
        if let Some(got) = heard.as_ref().filter(|_| !matches!(fault, Fault::Unavailable | Fault::AnswerCut)) {
            self.look_at(&sent, got);
        }
        self.reply(number, heard.map_or(Reply::Nothing, Reply::Answer)).await;
    }

    /// Delivers the requests of all phones at the same time, to servers that may end in the meantime.
    pub(super) async fn serve_together(&mut self) {
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

    pub(super) async fn deliver_late(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let number = self.choices.below(self.late.len());
        let (username, sent) = self.late.swap_remove(number);
        self.echoed.insert(username);
        let which = self.choices.below(self.servers.number());
        let got = self.servers.call(which, &sent).await;
        got.iter().for_each(|got| self.look_at(&sent, got));
        let status = got.map_or_else(|| "nothing".to_owned(), |got| got.status.to_string());
        if !self.restores.is_empty() {
            self.note("late arrival after a restore", "");
        }
        self.note("late arrival", &format!("{} {}: {status}", sent.method, without_query(&sent.path)));
    }

    /// The request that a phone waits on, in the form of its app's version.
    pub(super) fn asked(&self, number: usize) -> Sent {
        let handset = &self.handsets[number];
        let sent = handset.running.as_ref().unwrap().asks();
        bodies::as_version_says(handset.version, sent)
    }

    pub(super) async fn reply(&mut self, number: usize, reply: Reply) {
        let done = self.handsets[number].running.as_mut().unwrap().go_on(reply).await;
        if let Some(done) = done {
            self.end(number, done);
        }
    }

    pub(super) fn end(&mut self, number: usize, done: Done) {
        self.handsets[number].running = None;
        let was_signed_in = self.handsets[number].is_signed_in;
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
        let Handset { is_signed_in, sign_in, is_signing_in, .. } = self.handsets[number];
        if is_signing_in && is_signed_in {
            self.handsets[number].signed_in_at = self.step;
        } else if was_signed_in && !is_signed_in {
            assert!(self.may_end.contains(&sign_in), "{name} was signed out, and nobody did anything to its session");
        } else if is_signed_in && self.restores.iter().any(|(made_at, _)| self.handsets[number].signed_in_at < *made_at)
        {
            self.note("session that outlived a restore", &name);
        }
    }

    /// Records the promises that a phone holds, and whether it is signed in.
    pub(super) fn remember_promises(&mut self, number: usize) {
        let handset = &self.handsets[number];
        let (given, username) = ((handset.began, self.step), handset.username.clone());
        if !handset.folder.exists() {
            return;
        }
        let has = handset.held();
        self.handsets[number].is_signed_in = has.status.session == SessionState::SignedIn;
        for told in has.acknowledged {
            self.promised.entry((told.id, told.body.clone())).or_insert(Promised {
                username: username.clone(),
                count_id: told.count_id,
                body: told.body,
                is_own_content: told.is_own_content,
                receipt: told.receipt,
                given,
            });
        }
    }

    pub(super) async fn kill_one(&mut self) {
        let busy = self.busy();
        if busy.is_empty() {
            return;
        }
        let number = self.choices.pick(&busy);
        if let Some(page) = self.handsets[number].page.clone()
            && !self.choices.one_in(3)
        {
            let (writes, share) = (1 + self.choices.below(5), self.choices.pick(&[0.0, 0.5, 1.0]));
            page.borrow_mut().doom(writes, share);
            self.note("page killed at a write", &format!("{}, after {writes}", self.handsets[number].name));
            return self.serve(number, Fault::None).await;
        }
        self.reply(number, Reply::Kill).await;
    }
}

/// A path as the script shows it.
fn without_query(path: &str) -> &str {
    path.split('?').next().unwrap()
}
