//! Reports of a phone: waiting, accepted and quarantined commands, and the outcome of a round.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::wire::{Decision, Problem};

/// A command waiting to be sent, for the first time or again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its id; for a count, the count's.
    pub id: Uuid,
    /// Its sequence number on the device, from 1.
    pub seq: i64,
    /// Its type, such as `submit_count`.
    pub kind: String,
    /// Its body, byte for byte as queued and sent.
    pub body: Vec<u8>,
    /// The time it was queued, by the phone's clock.
    pub created_at: DateTime<Utc>,
    /// The number of times it was sent.
    pub attempts: i32,
    /// The way it is sent.
    pub state: WaitingState,
    /// The problem of the last attempt, if any.
    pub problem: Option<Problem>,
}

/// The way a waiting command is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::EnumString, strum::IntoStaticStr, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum WaitingState {
    /// With the next round, oldest first.
    Waiting,
    /// The service has it, and gives the receipt only to a phone that is signed in.
    AwaitsSignIn,
    /// The service refused it when sent alone: it is sent after all others, alone.
    Held,
}

/// A command that the service accepted, with its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledged {
    /// Its id.
    pub id: Uuid,
    /// Its sequence number on the device.
    pub seq: i64,
    /// Its type.
    pub kind: String,
    /// Its body, byte for byte as sent.
    pub body: Vec<u8>,
    /// The receipt: a JWS whose signature and content were checked.
    pub receipt: String,
    /// True if the receipt covers this body; false if an officer corrected the quarantined command.
    pub is_own_content: bool,
    /// The resulting count.
    pub count_id: Uuid,
    /// The time the phone learnt of it, by its own clock.
    pub acknowledged_at: DateTime<Utc>,
    /// True if it waits to be pushed again, after the service was restored from a backup.
    pub is_to_repeat: bool,
    /// The problem of pushing it again, if the outcome differs from before.
    pub problem: Option<Problem>,
    /// The content that an officer applied in place of this body, once the service told it.
    pub applied_body: Option<Vec<u8>>,
}

/// A command that the service stored but did not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Its id.
    pub id: Uuid,
    /// Its sequence number on the device.
    pub seq: i64,
    /// Its type.
    pub kind: String,
    /// Its body, byte for byte as sent.
    pub body: Vec<u8>,
    /// Its state.
    pub state: QuarantineState,
    /// The reason.
    pub problem: Option<Problem>,
    /// The officer's decision.
    pub decision: Option<Decision>,
    /// The time the phone learnt of it, by its own clock.
    pub quarantined_at: DateTime<Utc>,
    /// True if it waits to be pushed again, after the service was restored from a backup.
    pub is_to_repeat: bool,
}

/// The state of a command that was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::EnumString, strum::IntoStaticStr, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum QuarantineState {
    /// Waiting for an officer's decision.
    Undecided,
    /// Set aside by an officer.
    SetAside,
    /// Not recognized as a command; the service stored nothing.
    Rejected,
}

/// One entry of the copy of the service's data.
#[derive(Clone, Debug, PartialEq)]
pub struct Mirrored {
    /// Its type, such as `item`.
    pub kind: String,
    /// Its key, such as the item's code.
    pub key: String,
    /// Its data, as the service sent it.
    pub data: serde_json::Value,
}

/// The state of a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The id that the app made at its first start.
    pub device_id: String,
    /// The service.
    pub server: Option<String>,
    /// The name of the account.
    pub username: Option<String>,
    /// The state of its session.
    pub session: SessionState,
    /// The sequence number of the next command.
    pub next_seq: i64,
    /// The revision last pulled.
    pub revision: Option<i64>,
    /// The time of the service's last answer, by the phone's clock.
    pub last_contact_at: Option<DateTime<Utc>>,
    /// The number of failed rounds since the last success.
    pub failures: u32,
    /// The number of entries of each type in the copy.
    pub mirror: Vec<(String, i64)>,
}

/// The state of the phone's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// No one has ever signed in.
    Nobody,
    /// Signed in, to the phone's knowledge.
    SignedIn,
    /// The session has ended: sign in again. Until then, commands are deposited.
    Ended {
        /// The reason, as the service's code: `session_ended`, `account_closed` ...
        code: String,
    },
}

/// The outcome of one round of sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// The number of commands sent; one sent twice counts twice.
    pub sent: usize,
    /// The number accepted, with a valid receipt.
    pub applied: usize,
    /// The number of these that the service had before.
    pub repeated: usize,
    /// The number put into quarantine.
    pub quarantined: usize,
    /// The number not recognized as commands.
    pub rejected: usize,
    /// The commands sent that stay in the queue, with reasons.
    pub kept: Vec<Kept>,
    /// The number of changes pulled.
    pub pulled: usize,
    /// True if the service started over, as after a restore from a backup.
    pub was_reset: bool,
    /// The end of the round.
    pub end: End,
}

/// A command that stays in the queue after it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its id.
    pub id: Uuid,
    /// Its sequence number on the device.
    pub seq: i64,
    /// The reason as a stable code, the service's or one of [`codes`](super::codes).
    pub code: String,
    /// The reason, in words.
    pub detail: String,
}

/// The end of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything that could be sent was sent, and everything was pulled.
    Settled,
    /// Another attempt is due after a while.
    Again {
        /// The time to wait.
        wait: Duration,
        /// The reason, in words.
        why: String,
    },
    /// Another attempt would be refused again: a person, or another version of the app, must act. Waiting commands are
    /// kept.
    Refused {
        /// The reason, as the service's code.
        code: String,
        /// The reason, in words.
        why: String,
    },
    /// Nothing more is possible until someone signs in again; waiting commands are kept.
    SignInAgain {
        /// The reason, as the service's code.
        code: String,
    },
}
