//! The reference client: what an app for phones does, so that nothing that somebody counted is lost or counted twice.
//!
//! It knows the service by its public API alone, as an app does, and is written to be copied. It is a library without a
//! screen: [`Phone`] keeps everything in one SQLite file, and whoever uses it passes in the clock, the network and the
//! dice ([`Surroundings`]).
//!
//! - A command gets its id, its number and its bytes in one transaction, and keeps all three for ever.
//! - It leaves the queue only when the service answered for it: with a receipt that was checked, or with the word that an
//!   officer will decide. A kill at any point, and any answer that is lost or comes twice, leaves it there to be sent again
//!   as it was.
//! - No transaction is open while a request is under way.

pub mod codes;
pub mod draft;
pub mod error;
mod exchange;
pub mod http;
mod proofs;
mod pull;
mod push;
mod receipts;
pub mod report;
pub mod retry;
mod round;
mod session;
mod store;
#[cfg(test)]
mod tests;
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

/// What time it is on the phone. Such a clock may be wrong by a year, and may be set while the app runs.
pub type Clock = Box<dyn Fn() -> DateTime<Utc>>;

/// What a phone has around it, passed in.
pub struct Surroundings {
    /// The phone's clock.
    pub clock: Clock,
    /// What carries requests.
    pub transport: Box<dyn Transport>,
    /// The dice of the back-off, and of nothing else.
    pub random: StdRng,
}

/// A phone: a folder with one account's queue, receipts, and copy of what the service knows.
pub struct Phone {
    store: Store,
    surroundings: Surroundings,
    device_id: String,
    /// When the service answered last in this round, by the phone's clock and by its own.
    heard_at: Option<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

/// What a command was queued as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queued {
    /// Its id; of a count, the count's.
    pub id: Uuid,
    /// Its place in the series of the device, from 1.
    pub seq: i64,
}

impl Phone {
    /// Opens the phone in a folder, and makes it where there is none. All of it is the file `phone.sqlite` there; while no
    /// phone is open a copy of that file is a copy of the phone.
    ///
    /// # Errors
    /// Where the folder or the file cannot be used.
    pub fn open(folder: &Path, surroundings: Surroundings) -> Result<Self, PhoneError> {
        let mut store = Store::open(folder)?;
        let device_id = store.read(|connection| settings::find(connection, settings::DEVICE_ID))?.unwrap_or_default();
        Ok(Self { store, surroundings, device_id, heard_at: None })
    }

    fn now(&self) -> DateTime<Utc> {
        (self.surroundings.clock)()
    }

    /// Stores a count to be sent, by the bytes of its body, under an id of its own.
    ///
    /// # Errors
    /// Where the body is no JSON object, or the file cannot be written.
    pub fn submit_count(&mut self, body: &[u8]) -> Result<Queued, PhoneError> {
        self.queue(Uuid::new_v4(), codes::SUBMIT_COUNT, body)
    }

    /// Stores a command of any type to be sent, under an id that the caller made. The same again changes nothing.
    ///
    /// # Errors
    /// Where the id is taken by another content, the body is no JSON object, or the file cannot be written.
    pub fn queue(&mut self, id: Uuid, kind: &str, body: &[u8]) -> Result<Queued, PhoneError> {
        if let Err(error) = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(body) {
            return Err(PhoneError::Invalid(format!("the body must be a JSON object: {error}")));
        }
        let now = self.now();
        self.store.change(|connection| commands::insert(connection, id, (kind, body), now))
    }

    /// What the phone has.
    ///
    /// # Errors
    /// Where the file cannot be read.
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

    /// What waits to be sent, oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn waiting(&mut self) -> Result<Vec<Waiting>, PhoneError> {
        self.store.read(commands::list_waiting)
    }

    /// What was accepted in the last 90 days, oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn acknowledged(&mut self) -> Result<Vec<Acknowledged>, PhoneError> {
        self.store.read(commands::list_acknowledged)
    }

    /// What was not accepted by itself, oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn quarantined(&mut self) -> Result<Vec<Quarantined>, PhoneError> {
        self.store.read(commands::list_quarantined)
    }

    /// The keys of the service that the phone has seen, as a key set, by which receipts are checked offline.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn key_set(&mut self) -> Result<Option<String>, PhoneError> {
        self.store.read(|connection| settings::find(connection, settings::KEYS))
    }

    /// The things of one type in the copy, in the order of their keys.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn mirrored(&mut self, kind: &str) -> Result<Vec<Mirrored>, PhoneError> {
        self.store.read(|connection| mirror::list(connection, Some(kind)))
    }

    /// The whole copy, in the order of types and keys: two phones of one account that are settled at one revision have
    /// the same.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn mirror(&mut self) -> Result<Vec<Mirrored>, PhoneError> {
        self.store.read(|connection| mirror::list(connection, None))
    }
}
