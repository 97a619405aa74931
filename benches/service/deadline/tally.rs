//! The answers to many requests, and the times that they took.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::Faults;
use crate::client::Answer;

/// The answers that came, and the requests without an answer.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Answers {
    /// By their status, and the code of their problem.
    pub by_status: BTreeMap<String, usize>,
    /// Connections that could not be made, or were closed without an answer.
    pub unanswered: usize,
}

impl fmt::Display for Answers {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> =
            self.by_status.iter().map(|(status, number)| format!("{number} × {status}")).collect();
        if self.unanswered > 0 {
            parts.push(format!("{} without an answer", self.unanswered));
        }
        to.write_str(&parts.join(", "))
    }
}

/// Counts answers as they come.
pub struct Tally<'a> {
    pub name: &'static str,
    faults: &'a Faults,
    answers: RefCell<Answers>,
}

impl<'a> Tally<'a> {
    pub fn new(name: &'static str, faults: &'a Faults) -> Self {
        Self { name, faults, answers: RefCell::default() }
    }

    /// Counts an answer, or that there is none. Only a success and a request to wait are answers that the service may give here.
    pub fn add(&self, answer: Option<&Answer>) {
        let mut answers = self.answers.borrow_mut();
        let Some(answer) = answer else {
            answers.unanswered += 1;
            return;
        };
        let is_success = (200..300).contains(&answer.status);
        let code = if is_success { String::new() } else { answer.code() };
        let kind = format!("{} {code}", answer.status).trim_end().to_owned();
        let may_wait = matches!(answer.status, 429 | 503) && answer.retry_after.is_some();
        if !is_success && !may_wait {
            let asked = if answer.retry_after.is_some() { "" } else { " without Retry-After" };
            self.faults.add(format!("{}: answer {kind}{asked}", self.name));
        }
        *answers.by_status.entry(kind).or_default() += 1;
    }

    /// The answers so far.
    pub fn answers(&self) -> Answers {
        self.answers.borrow().clone()
    }
}

/// The times of some requests.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Times {
    pub requests: usize,
    pub p50_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

impl Times {
    pub fn of(mut took: Vec<Duration>) -> Self {
        took.sort();
        let requests = took.len();
        let at = |share: f64| {
            let place = ((requests as f64 * share) as usize).min(requests.saturating_sub(1));
            took.get(place).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3)
        };
        Self { requests, p50_ms: at(0.5), p99_ms: at(0.99), max_ms: at(1.0) }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { requests, p50_ms, p99_ms, max_ms } = self;
        write!(to, "p50 {p50_ms:.1} ms, p99 {p99_ms:.1} ms, at most {max_ms:.1} ms ({requests} requests)")
    }
}
