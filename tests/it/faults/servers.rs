//! Servers, wherever they run: what the world may do with them.

use base::clock::Clock;
use chrono::{DateTime, TimeDelta, Utc};

use super::crash::End;
use super::in_process::Inside;
use super::network::{Got, Sent};
use super::processes::Processes;

/// The servers of a world, over one database.
pub enum Servers {
    /// In the test's own process.
    Inside(Inside),
    /// Each in a process of its own.
    Processes(Processes),
}

impl Servers {
    /// How many there are.
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

    /// What time it is for all of them.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// Lets time go by, where it can be made to.
    pub fn wait(&self, time: TimeDelta) {
        if let Self::Inside(inside) = self {
            inside.wait(time);
        }
    }

    /// An access token for an account; none where no server answers, or the account cannot sign in.
    pub async fn token_of(&self, username: &str) -> Option<String> {
        match self {
            Self::Inside(inside) => inside.token_of(username).await,
            Self::Processes(processes) => processes.token_of(username).await,
        }
    }

    /// Sends a request to one of them and waits for the answer; there is none where it is down, or ends meanwhile.
    pub async fn call(&self, which: usize, sent: &Sent) -> Option<Got> {
        match self {
            Self::Inside(inside) => inside.call(which, sent).await,
            Self::Processes(processes) => processes.call(which, sent).await,
        }
    }

    /// Sends a request that ends in the middle. Nobody hears the answer.
    pub async fn call_cut(&self, which: usize, sent: &Sent) -> Option<Got> {
        match self {
            Self::Inside(inside) => inside.call(which, &sent.cut()).await,
            Self::Processes(processes) => {
                processes.call_cut(which, sent).await;
                None
            }
        }
    }

    /// Sets where one of them ends.
    pub async fn end_at(&self, which: usize, end: End) {
        match self {
            Self::Inside(inside) => inside.end_at(which, end),
            Self::Processes(processes) => processes.end_at(which, end),
        }
    }

    /// Kills one of them after a while, from outside; those in this process cannot be.
    pub fn kill_soon(&self, which: usize, milliseconds: u64) {
        if let Self::Processes(processes) = self {
            processes.kill_soon(which, milliseconds);
        }
    }

    /// Starts one that is down.
    pub async fn restart(&self, which: usize) {
        match self {
            Self::Inside(inside) => inside.restart(which).await,
            Self::Processes(processes) => processes.restart(which),
        }
    }

    /// Lets nothing end any more, and starts all that are down.
    pub async fn calm_down(&self) {
        match self {
            Self::Inside(inside) => inside.disarm(),
            Self::Processes(processes) => processes.disarm(),
        }
        for which in 0..self.number() {
            self.restart(which).await;
        }
    }

    /// Saves the database as it is, and answers the number of the backup.
    pub fn back_up(&self) -> usize {
        match self {
            Self::Inside(inside) => inside.back_up(),
            Self::Processes(processes) => processes.back_up(),
        }
    }

    /// Puts a backup in the place of the database, and starts all servers anew. The keys stay.
    pub async fn restore(&self, number: usize) {
        match self {
            Self::Inside(inside) => inside.restore(number).await,
            Self::Processes(processes) => processes.restore(number),
        }
    }

    /// The servers in this process, over the same database: what the checker looks through.
    pub async fn into_inside(self) -> Inside {
        match self {
            Self::Inside(inside) => inside,
            Self::Processes(processes) => processes.into_inside().await,
        }
    }
}
