//! What goes over the wire, as the API has it: only what a phone reads of it, so that a newer service is understood.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// A failure as RFC 9457 has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The HTTP status; 0 where the phone itself found the problem.
    pub status: u16,
    /// The sort of failure, as a stable word.
    pub code: String,
    /// The sort of failure, in words.
    pub title: String,
    /// What went wrong this time, in words.
    pub detail: String,
    /// What is wrong with each field.
    pub errors: Vec<FieldProblem>,
}

/// One thing wrong with what was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldProblem {
    /// A JSON pointer into the body.
    pub pointer: String,
    /// What is wrong, as a stable word.
    pub code: String,
    /// What is wrong, in words.
    pub detail: String,
}

impl Problem {
    /// A problem that the phone itself found.
    pub(super) fn own(code: &str, detail: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: detail.into(), ..Self::default() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", if self.detail.is_empty() { &self.code } else { &self.detail })?;
        for error in &self.errors {
            write!(f, " {}: {}", error.pointer, error.detail)?;
        }
        Ok(())
    }
}

/// What an officer decided on a command in quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// `applied` or `set_aside`.
    pub status: String,
    /// Why, in words.
    #[serde(default)]
    pub reason: String,
    /// When, by the service's clock.
    #[serde(default)]
    pub decided_at: Option<DateTime<Utc>>,
}

/// The answer to whoever signed in, or refreshed.
#[derive(Deserialize)]
pub(super) struct SignedIn {
    /// What every request carries from now on.
    pub access_token: String,
    /// For how many seconds it is good.
    pub expires_in: i64,
    /// What the next pair is had for.
    pub refresh_token: String,
    /// Whose they are.
    pub user: User,
}

/// An account.
#[derive(Deserialize)]
pub(super) struct User {
    /// Its id.
    pub id: Uuid,
    /// The name it signs in with.
    pub username: String,
}

/// What is pushed.
#[derive(Serialize)]
pub(super) struct Push<'a> {
    /// The phone.
    pub device_id: &'a str,
    /// When it is sent, by the phone's clock.
    pub sent_at: String,
    /// How many commands wait on the phone, these included.
    pub queued: i64,
    /// The cursor of the last pull or push.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<&'a str>,
    /// Some of them, oldest first.
    pub commands: Vec<Command<'a>>,
}

/// A command as it is pushed.
#[derive(Serialize)]
pub(super) struct Command<'a> {
    /// Its id.
    pub id: Uuid,
    /// Its place in the series of the device.
    pub seq: i64,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// Its body, byte for byte.
    pub data: &'a RawValue,
    /// Its receipt, where it was accepted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<&'a str>,
}

/// The answer to a push.
#[derive(Deserialize)]
pub(super) struct Pushed {
    /// One result for each command, in their order.
    pub results: Vec<Outcome>,
    /// What to keep in the place of the cursor that was sent.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// What became of a command.
#[derive(Deserialize)]
pub(super) struct Outcome {
    /// Which command, as it was sent.
    #[serde(default)]
    pub id: Option<String>,
    /// `applied`, `quarantined` or `rejected`.
    pub status: String,
    /// Whether the service had it before.
    #[serde(default)]
    pub repeated: bool,
    /// The count that came of it.
    #[serde(default)]
    pub count_id: Option<Uuid>,
    /// The proof.
    #[serde(default)]
    pub receipt: Option<String>,
    /// Why it was not accepted by itself.
    #[serde(default)]
    pub problem: Option<Problem>,
    /// What an officer decided.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// What is pulled.
#[derive(Deserialize)]
pub(super) struct Page {
    /// What changed since the cursor that was sent.
    pub changes: Vec<Change>,
    /// Where the copy stands with these changes.
    pub cursor: String,
    /// Whether there is more.
    #[serde(default)]
    pub more: bool,
    /// Whether everything that was pulled before is to be dropped.
    #[serde(default)]
    pub reset: bool,
    /// The revision.
    #[serde(default)]
    pub revision: Option<i64>,
}

/// One change.
#[derive(Deserialize)]
pub(super) struct Change {
    /// What it is of.
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether the thing is there.
    pub op: Op,
    /// The thing's key.
    pub key: String,
    /// The thing.
    #[serde(default)]
    pub data: Option<Box<RawValue>>,
}

/// Whether a thing is there or not any more.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Op {
    /// It is there.
    Put,
    /// It is not there any more.
    Delete,
}

/// A command in quarantine, as the copy has it.
#[derive(Deserialize)]
pub(super) struct InQuarantine {
    /// Which command.
    pub command_id: Uuid,
    /// `waiting`, `applied` or `set_aside`.
    pub status: String,
    /// Why an officer decided so.
    #[serde(default)]
    pub reason: Option<String>,
    /// The count that came of it.
    #[serde(default)]
    pub count_id: Option<Uuid>,
    /// The proof.
    #[serde(default)]
    pub receipt: Option<String>,
}
