//! What a phone tells of itself: what waits, what was acknowledged, what an officer has to decide, and what a round did.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::wire::{Decision, Problem};

/// A command that waits to be sent, or to be sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its id; of a count, the count's.
    pub id: Uuid,
    /// Its place in the series of the device, from 1.
    pub seq: i64,
    /// What it is, such as `submit_count`.
    pub kind: String,
    /// Its body, byte for byte as it was queued and is sent.
    pub body: Vec<u8>,
    /// When it was queued, by the phone's clock.
    pub created_at: DateTime<Utc>,
    /// How often it was sent.
    pub attempts: i32,
    /// Whether it is sent as usual.
    pub state: WaitingState,
    /// What became of it the last time, where that was a problem.
    pub problem: Option<Problem>,
}

/// Whether a command that waits is sent as usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::EnumString, strum::IntoStaticStr, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WaitingState {
    /// It is sent with the next round, oldest first.
    Waiting,
    /// The service has it, and gives its receipt to nobody but a phone that is signed in.
    AwaitsSignIn,
    /// The service refused a request with nothing but it: it is sent after all others, alone.
    Held,
}

/// A command that the service accepted, with the proof of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Its id.
    pub id: Uuid,
    /// Its place in the series of the device.
    pub seq: i64,
    /// What it is.
    pub kind: String,
    /// Its body, byte for byte as it was sent.
    pub body: Vec<u8>,
    /// The receipt: a JWS whose signature and content were checked.
    pub receipt: String,
    /// Whether the receipt is of this body. It is not where an officer corrected what was in quarantine.
    pub is_own_content: bool,
    /// The count that came of it.
    pub count_id: Uuid,
    /// When the phone heard of it, by its own clock.
    pub acknowledged_at: DateTime<Utc>,
    /// Whether it waits to be pushed again, after the service was restored from a backup.
    pub is_to_repeat: bool,
    /// What became of it when it was pushed again, where that was not what it was before.
    pub problem: Option<Problem>,
}

/// A command that the service has and did not accept by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its id.
    pub id: Uuid,
    /// Its place in the series of the device.
    pub seq: i64,
    /// What it is.
    pub kind: String,
    /// Its body, byte for byte as it was sent.
    pub body: Vec<u8>,
    /// Where it stands.
    pub state: QuarantineState,
    /// Why.
    pub problem: Option<Problem>,
    /// What an officer decided.
    pub decision: Option<Decision>,
    /// When the phone heard of it, by its own clock.
    pub quarantined_at: DateTime<Utc>,
    /// Whether it waits to be pushed again, after the service was restored from a backup.
    pub is_to_repeat: bool,
}

/// Where a command stands that was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::EnumString, strum::IntoStaticStr, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum QuarantineState {
    /// An officer has to decide.
    Undecided,
    /// An officer set it aside.
    SetAside,
    /// The service took it for no command at all and stored nothing.
    Rejected,
}

/// One thing of the copy of what the service knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Mirrored {
    /// What it is, such as `item`.
    pub kind: String,
    /// Its key, such as the item's code.
    pub key: String,
    /// It, as the service sent it.
    pub data: serde_json::Value,
}

/// What a phone has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The id that the app made at its first start.
    pub device_id: String,
    /// The service.
    pub server: Option<String>,
    /// The name of the account.
    pub username: Option<String>,
    /// Whether it is signed in.
    pub session: SessionState,
    /// The number of the next command.
    pub next_seq: i64,
    /// The revision of what was pulled last.
    pub revision: Option<i64>,
    /// When the service answered last, by the phone's clock.
    pub last_contact_at: Option<DateTime<Utc>>,
    /// How many rounds failed since the last that did not.
    pub failures: u32,
    /// How many things of each type the copy has.
    pub mirror: Vec<(String, i64)>,
}

/// Whether a phone is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Nobody ever signed in.
    Nobody,
    /// Signed in, as far as the phone knows.
    SignedIn,
    /// The session has ended: sign in again. Commands are deposited meanwhile.
    Ended {
        /// Why, as the service's code: `session_ended`, `account_closed` ...
        code: String,
    },
}

/// What one round of sync did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// How many commands were sent; one that was sent twice counts twice.
    pub sent: usize,
    /// How many were accepted, with a receipt that was found right.
    pub applied: usize,
    /// How many of these the service had before.
    pub repeated: usize,
    /// How many went into quarantine.
    pub quarantined: usize,
    /// How many were taken for no command at all.
    pub rejected: usize,
    /// What was sent and stays in the queue all the same, and why.
    pub kept: Vec<Kept>,
    /// How many changes were pulled.
    pub pulled: usize,
    /// Whether the service started over, as it does after it was restored from a backup.
    pub was_reset: bool,
    /// How it ended.
    pub end: End,
}

/// A command that stays in the queue after it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// Its place in the series of the device.
    pub seq: i64,
    /// Why, as a stable code: a code of the service's, or of [`codes`](super::codes).
    pub code: String,
    /// Why, in words.
    pub detail: String,
}

/// How a round ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything was sent that could be, and everything pulled.
    Settled,
    /// It is to be tried again after a while.
    Again {
        /// How long to wait.
        wait: Duration,
        /// Why, in words.
        why: String,
    },
    /// The same again would be refused again: a person or another version of the app has to do something. What waits is
    /// kept.
    Refused {
        /// Why, as the service's code.
        code: String,
        /// Why, in words.
        why: String,
    },
    /// Nothing more can be done before somebody signs in again; what waits is kept.
    SignInAgain {
        /// Why, as the service's code.
        code: String,
    },
}
