//! The wire format of the API, limited to the fields a phone reads, so that a newer service is understood.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// A problem as RFC 9457 defines it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Problem {
    /// The HTTP status; 0 if the phone itself found the problem.
    pub status: u16,
    /// The kind of problem, as a stable code.
    pub code: String,
    /// The kind of problem, in words.
    pub title: String,
    /// The problem at hand, in words.
    pub detail: String,
    /// The faults of single fields.
    pub errors: Vec<FieldProblem>,
}

/// One fault in a request.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldProblem {
    /// A JSON pointer into the body.
    pub pointer: String,
    /// The kind of fault, as a stable code.
    pub code: String,
    /// The fault, in words.
    pub detail: String,
}

impl Problem {
    /// A problem found by the phone itself.
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

/// An officer's decision on a quarantined command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// `applied` or `set_aside`.
    pub status: String,
    /// The reason, in words.
    #[serde(default)]
    pub reason: String,
    /// The time, by the service's clock.
    #[serde(default)]
    pub decided_at: Option<DateTime<Utc>>,
}

/// The answer to a sign-in or a refresh.
#[derive(Deserialize)]
pub(super) struct SignedIn {
    /// The token for requests.
    pub access_token: String,
    /// The lifetime of the access token in seconds.
    pub expires_in: i64,
    /// The token that gets the next pair.
    pub refresh_token: String,
    /// The secret of the phone for the account, to send with the next sign-in.
    #[serde(default)]
    pub device_token: Option<String>,
    /// The account.
    pub user: User,
}

/// An account.
#[derive(Deserialize)]
pub(super) struct User {
    /// Its id.
    pub id: Uuid,
    /// The user name.
    pub username: String,
}

/// The body of a push.
#[derive(Serialize)]
pub(super) struct Push<'a> {
    /// The phone.
    pub device_id: &'a str,
    /// The time of sending, by the phone's clock.
    pub sent_at: String,
    /// The number of commands waiting on the phone, including these.
    pub queued: i64,
    /// The cursor of the last pull or push.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<&'a str>,
    /// The commands, oldest first.
    pub commands: Vec<Command<'a>>,
}

/// A command as it is pushed.
#[derive(Serialize)]
pub(super) struct Command<'a> {
    /// Its id.
    pub id: Uuid,
    /// Its sequence number on the device.
    pub seq: i64,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: &'a str,
    /// Its body, byte for byte.
    pub data: &'a RawValue,
    /// Its receipt, if it was accepted before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<&'a str>,
}

/// The answer to a push.
#[derive(Deserialize)]
pub(super) struct Pushed {
    /// One result for each command, in the same order.
    pub results: Vec<Outcome>,
    /// The cursor that replaces the one sent.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// The outcome of a command.
#[derive(Deserialize)]
pub(super) struct Outcome {
    /// The command's id, as sent.
    #[serde(default)]
    pub id: Option<String>,
    /// `applied`, `quarantined` or `rejected`.
    pub status: String,
    /// True if the service had it before.
    #[serde(default)]
    pub repeated: bool,
    /// The resulting count.
    #[serde(default)]
    pub count_id: Option<Uuid>,
    /// The receipt.
    #[serde(default)]
    pub receipt: Option<String>,
    /// The reason why it was not accepted.
    #[serde(default)]
    pub problem: Option<Problem>,
    /// The officer's decision.
    #[serde(default)]
    pub decision: Option<Decision>,
}

/// The answer to a pull.
#[derive(Deserialize)]
pub(super) struct Page {
    /// The changes since the cursor sent.
    pub changes: Vec<Change>,
    /// The position of the copy after these changes.
    pub cursor: String,
    /// True if there is more.
    #[serde(default)]
    pub more: bool,
    /// True if everything pulled before is to be dropped.
    #[serde(default)]
    pub reset: bool,
    /// The revision.
    #[serde(default)]
    pub revision: Option<i64>,
    /// Its change set.
    #[serde(default)]
    pub change_set: Option<String>,
}

/// One change.
#[derive(Deserialize)]
pub(super) struct Change {
    /// The type of the entry.
    #[serde(rename = "type")]
    pub kind: String,
    /// The presence of the entry.
    pub op: Op,
    /// The entry's key.
    pub key: String,
    /// The entry.
    #[serde(default)]
    pub data: Option<Box<RawValue>>,
}

/// The kind of a change.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Op {
    /// The entry exists.
    Put,
    /// The entry no longer exists.
    Delete,
}

/// A quarantined command, as in the copy.
#[derive(Deserialize)]
pub(super) struct InQuarantine {
    /// The command's id.
    pub command_id: Uuid,
    /// `waiting`, `applied` or `set_aside`.
    pub status: String,
    /// The officer's reason.
    #[serde(default)]
    pub reason: Option<String>,
    /// The resulting count.
    #[serde(default)]
    pub count_id: Option<Uuid>,
    /// The receipt.
    #[serde(default)]
    pub receipt: Option<String>,
    /// The content that the officer applied, if it is another than was sent.
    #[serde(default)]
    pub data: Option<serde_json::Value>,
}
