//! What goes over the wire, as the API has it: only what a phone reads of it, so that a newer service is understood.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

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
