//! Servers in this process or in their own, and the operations that a world has on them.

use std::cell::Cell;
use std::time::Duration;

use base::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};

use super::crash::End;
use super::in_process::Inside;
use super::network::{Got, Sent};
use super::processes::Processes;

/// The most requests of a world: many times what the longest needs. A world that asks more does not come to rest.
const MOST_REQUESTS: usize = 20_000;

thread_local! {
    /// The requests of the world that lives on this thread.
    static REQUESTS: Cell<usize> = const { Cell::new(0) };
}

fn count_request() {
    let number = REQUESTS.get() + 1;
    REQUESTS.set(number);
    assert!(number <= MOST_REQUESTS, "the world does not come to rest within {MOST_REQUESTS} requests");
}

/// The servers of a world, over one database.
pub enum Servers {
    /// In the test's own process.
    Inside(Inside),
    /// Each in a process of its own.
    Processes(Processes),
}

impl Servers {
    /// Begins the count of a world's requests.
    pub fn begin_world() {
        REQUESTS.set(0);
    }

    /// The number of servers.
    pub fn number(&self) -> usize {
        match self {
            Self::Inside(inside) => inside.number(),
            Self::Processes(processes) => processes.number(),
        }
    }

    /// Their clock.
    pub fn clock(&self) -> Clock {
        match self {
            Self::Inside(inside) => inside.clock(),
            Self::Processes(_) => Clock::System,
        }
    }

    /// The time on all of them.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// Moves their clock forward; real processes keep the system's time.
    pub fn wait(&self, time: TimeDelta) {
        if let Self::Inside(inside) = self {
            inside.wait(time);
        }
    }

    /// Waits until an account with a few wrong passwords may sign in again. Only real processes need it: the time of others is
    /// moved.
    pub async fn wait_for_sign_in(&self) {
        if let Self::Processes(_) = self {
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
    }

    /// An access token for an account; `None` if no server answers or the account cannot sign in.
    pub async fn token_of(&self, username: &str) -> Option<String> {
        match self {
            Self::Inside(inside) => inside.token_of(username).await,
            Self::Processes(processes) => processes.token_of(username).await,
        }
    }

    /// Sends a request to one of them and returns its answer; `None` if it is down or ends in the meantime.
    pub async fn call(&self, which: usize, sent: &Sent) -> Option<Got> {
        count_request();
        match self {
            Self::Inside(inside) => inside.call(which, sent).await,
            Self::Processes(processes) => processes.call(which, sent).await,
        }
    }

    /// Sends a request that breaks off in the middle of its body; the phone gets no answer.
    pub async fn call_cut(&self, which: usize, sent: &Sent) -> Option<Got> {
        count_request();
        match self {
            Self::Inside(inside) => inside.call(which, &sent.cut()).await,
            Self::Processes(processes) => {
                processes.call_cut(which, sent).await;
                None
            }
        }
    }

    /// Sets the step at which one of them ends.
    pub async fn end_at(&self, which: usize, end: End) {
        match self {
            Self::Inside(inside) => inside.end_at(which, end),
            Self::Processes(processes) => processes.end_at(which, end),
        }
    }

    /// Kills one of them after a delay, if it has a process of its own.
    pub fn kill_soon(&self, which: usize, milliseconds: u64) {
        if let Self::Processes(processes) = self {
            processes.kill_soon(which, milliseconds);
        }
    }

    /// Starts one, if it is down.
    pub async fn restart(&self, which: usize) {
        match self {
            Self::Inside(inside) => inside.restart(which).await,
            Self::Processes(processes) => processes.restart(which),
        }
    }

    /// Cancels the ends that were set, and starts all servers that are down.
    pub async fn calm_down(&self) {
        match self {
            Self::Inside(inside) => inside.disarm(),
            Self::Processes(processes) => processes.disarm(),
        }
        for which in 0..self.number() {
            self.restart(which).await;
        }
    }

    /// Saves the database, and returns the number of the backup.
    pub fn back_up(&self) -> usize {
        match self {
            Self::Inside(inside) => inside.back_up(),
            Self::Processes(processes) => processes.back_up(),
        }
    }

    /// Replaces the database by a backup and restarts all servers. The keys stay.
    pub async fn restore(&self, number: usize) {
        match self {
            Self::Inside(inside) => inside.restore(number).await,
            Self::Processes(processes) => processes.restore(number),
        }
    }

    /// Moves to servers in this process over the same database, through which the checker reads.
    pub async fn into_inside(self) -> Inside {
        match self {
            Self::Inside(inside) => inside,
            Self::Processes(processes) => processes.into_inside().await,
        }
    }
}
