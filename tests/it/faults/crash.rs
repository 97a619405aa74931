//! Ends of servers in the middle of a commit: of a writer by a panic, of a process by a signal that cannot be caught.

use std::panic::resume_unwind;
use std::process::{Command, exit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use db::job::{Step, Watch};

use super::schedule::Choices;

/// The point at which a server ends: a step of the commit, and the number of times it passes the step before.
#[derive(Clone, Copy, Debug)]
pub struct End {
    /// The step.
    pub step: Step,
    /// The number of times it still passes the step.
    pub hits_before: usize,
}

/// The steps by the names that go to a process.
pub const STEPS: [(&str, Step); 4] =
    [("ran", Step::Ran), ("recorded", Step::Recorded), ("numbered", Step::Numbered), ("committed", Step::Committed)];

impl End {
    /// Draws one by chance.
    pub fn draw(choices: &mut Choices) -> Self {
        let (_, step) = choices.pick(&STEPS);
        Self { step, hits_before: choices.below(6) }
    }

    /// Its form as words on a command line.
    pub fn words(self) -> [String; 2] {
        let (name, _) = STEPS.iter().find(|(_, step)| *step == self.step).unwrap();
        [(*name).to_owned(), self.hits_before.to_string()]
    }

    /// Reads words of a command line.
    pub fn of_words(step: &str, hits_before: &str) -> Self {
        let (_, step) = STEPS.iter().find(|(name, _)| *name == step).unwrap();
        Self { step: *step, hits_before: hits_before.parse().unwrap() }
    }
}

/// A server's end that is set and waits for its step; clones share it.
#[derive(Clone, Default)]
pub struct Armed {
    end: Arc<Mutex<Option<End>>>,
    fired: Arc<AtomicBool>,
}

impl Armed {
    /// Sets the end, or none; returns the one set before.
    pub fn set(&self, end: Option<End>) -> Option<End> {
        std::mem::replace(&mut self.end.lock().unwrap(), end)
    }

    /// True if it has ended.
    pub fn has_fired(&self) -> bool {
        self.fired.load(Ordering::SeqCst)
    }

    /// True, once, if the server must end at this step.
    fn reaches(&self, step: Step) -> bool {
        let mut end = self.end.lock().unwrap();
        match &mut *end {
            Some(at) if at.step == step => match at.hits_before.checked_sub(1) {
                Some(left) => at.hits_before = left,
                None => {
                    *end = None;
                    return true;
                }
            },
            _ => {}
        }
        false
    }

    /// A watch that ends the writer, and leaves its transaction and all who wait as a killed process would.
    pub fn watch(&self) -> Watch {
        let armed = self.clone();
        Arc::new(move |step| {
            // Once it has ended, no other writer of it does anything more.
            if armed.has_fired() || armed.reaches(step) {
                armed.fired.store(true, Ordering::SeqCst);
                resume_unwind(Box::new("the server ends here"));
            }
        })
    }
}

/// The signal that a process sends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// It ends.
    Kill,
    /// It stands still until somebody lets it go on.
    Stop,
}

impl Signal {
    /// As a word on a command line, which is its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Kill => "KILL",
            Self::Stop => "STOP",
        }
    }

    /// From a word on a command line.
    pub fn of_word(word: &str) -> Self {
        if word == Self::Stop.word() { Self::Stop } else { Self::Kill }
    }
}

/// A watch that sends this very process a signal.
pub fn signalling(end: End, signal: Signal) -> Watch {
    let armed = Armed::default();
    armed.set(Some(end));
    Arc::new(move |step| {
        if armed.reaches(step) {
            let _ = Command::new("kill").args(["-s", signal.word(), &std::process::id().to_string()]).status();
            if signal == Signal::Kill {
                exit(99);
            }
        }
    })
}
