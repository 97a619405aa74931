//! The reference client: what a phone app does so that no count is lost or counted twice.
//!
//! It knows only the service's public API, as an app does, and is written to be copied. Its copy of the service's data
//! ages: what it shows is calculated for the phone's own day, by the rules of the domain ([`aged`]). It is a library
//! without a user interface: [`Phone`] keeps everything in one SQLite file, and its user passes in the clock, the network
//! and the random numbers ([`Surroundings`]).
//!
//! - A command gets its id, its sequence number and its bytes in one transaction, and keeps all three unchanged.
//! - It leaves the queue only when the service has taken responsibility: with a receipt that was checked, or with the
//!   statement that an officer will decide. After a kill at any point, or a lost or repeated answer, it is still there to
//!   be sent again unchanged.
//! - No transaction is open during a request.

pub mod aged;
pub mod codes;
pub mod draft;
pub mod error;
mod exchange;
pub mod http;
mod proofs;
mod pull;
mod push;
pub mod receipts;
pub mod report;
pub mod retry;
mod round;
mod session;
mod store;
mod table;
#[cfg(test)]
mod tests;
pub mod transfer;
pub mod transport;
pub mod wire;

use std::path::Path;

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use uuid::Uuid;

use self::error::PhoneError;
use self::report::{Acknowledged, Mirrored, Quarantined, SessionState, Status, Waiting};
use self::store::{Store, commands, mirror, settings, tokens};
use self::transport::Transport;

/// The phone's clock. It may be wrong by a year, and may be set while the app runs.
pub type Clock = Box<dyn Fn() -> DateTime<Utc>>;

/// The environment of a phone, passed in.
pub struct Surroundings {
    /// The phone's clock.
    pub clock: Clock,
    /// The network.
    pub transport: Box<dyn Transport>,
    /// The random numbers of the back-off, used for nothing else.
    pub random: StdRng,
}

/// A phone: a folder with one account's queue, receipts, and copy of the service's data.
pub struct Phone {
    store: Store,
    surroundings: Surroundings,
    device_id: String,
    /// The time of the service's last answer in this round, by the phone's clock and by its own.
    heard_at: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

/// A command as queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its id; for a count, the count's.
    pub id: Uuid,
    /// Its sequence number on the device, from 1.
    pub seq: i64,
    /// True if it was not there before.
    pub is_new: bool,
}

impl Phone {
    /// Opens the phone in a folder, and makes it if there is none. All of it is the file `phone.sqlite`; while the
    /// phone is closed, a copy of that file is a copy of the phone.
    ///
    /// # Errors
    /// If the folder or the file cannot be used.
    pub fn open(folder: &Path, surroundings: Surroundings) -> Result<Self, PhoneError> {
        let mut store = Store::open(folder)?;
        let device_id = store.read(|connection| settings::find(connection, settings::DEVICE_ID))?.unwrap_or_default();
        Ok(Self { store, surroundings, device_id, heard_at: None })
    }

    fn now(&self) -> DateTime<Utc> {
        (self.surroundings.clock)()
    }

    /// Stores a count to be sent, given the bytes of its body, under a new id.
    ///
    /// # Errors
    /// If the body is not a JSON object, or the file cannot be written.
    pub fn submit_count(&mut self, body: &[u8]) -> Result<Queued, PhoneError> {
        self.queue(Uuid::new_v4(), codes::SUBMIT_COUNT, body)
    }

    /// Stores a command of any type to be sent, under an id made by the caller. Repeating it changes nothing.
    ///
    /// # Errors
    /// If the id already has other content, the body is not a JSON object, or the file cannot be written.
    pub fn queue(&mut self, id: Uuid, kind: &str, body: &[u8]) -> Result<Queued, PhoneError> {
        if let Err(error) = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body) {
            return Err(PhoneError::Invalid(format!("the body must be a JSON object: {error}")));
        }
        let now = self.now();
        self.store.change(|connection| commands::insert(connection, id, kind, body, now))
    }

    /// The state of the phone.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn status(&mut self) -> Result<Status, PhoneError> {
        let device_id = self.device_id.clone();
        self.store.read(|connection| {
            let tokens = tokens::find(connection)?;
            let session = match &tokens {
                None => SessionState::Nobody,
                Some(tokens) => match &tokens.ended {
                    None => SessionState::SignedIn,
                    Some(code) => SessionState::Ended { code: code.clone() },
                },
            };
            let number = settings::find_number;
            Ok(Status {
                device_id,
                server: settings::find(connection, settings::SERVER)?,
                username: tokens.map(|tokens| tokens.username),
                session,
                next_seq: number(connection, settings::NEXT_SEQ)?.unwrap_or(1),
                revision: number(connection, settings::REVISION)?,
                last_contact_at: number(connection, settings::LAST_CONTACT)?.and_then(DateTime::from_timestamp_micros),
                failures: number(connection, settings::FAILURES)?
                    .map_or(0, |failures| u32::try_from(failures).unwrap_or(u32::MAX)),
                mirror: mirror::count(connection)?,
            })
        })
    }

    /// The commands waiting to be sent, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn waiting(&mut self) -> Result<Vec<Waiting>, PhoneError> {
        self.store.read(commands::list_waiting)
    }

    /// The commands accepted in the last 90 days, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn acknowledged(&mut self) -> Result<Vec<Acknowledged>, PhoneError> {
        self.store.read(commands::list_acknowledged)
    }

    /// The commands that were not accepted, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn quarantined(&mut self) -> Result<Vec<Quarantined>, PhoneError> {
        self.store.read(commands::list_quarantined)
    }

    /// The service's keys seen so far, as a key set that checks receipts offline.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn key_set(&mut self) -> Result<Option<String>, PhoneError> {
        self.store.read(|connection| settings::find(connection, settings::KEYS))
    }

    /// The entries of one type in the copy, ordered by key.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn mirrored(&mut self, kind: &str) -> Result<Vec<Mirrored>, PhoneError> {
        self.store.read(|connection| mirror::list(connection, Some(kind)))
    }

    /// The whole copy, ordered by type and key: two phones of one account that have settled at one revision have the
    /// same.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn mirror(&mut self) -> Result<Vec<Mirrored>, PhoneError> {
        self.store.read(|connection| mirror::list(connection, None))
    }
}
