//! Ledgers: their rows become lines of counts, or stay open until somebody decides.
//!
//! A count that is taken from a ledger is effective at the first instant of the ledger's day, always `listed`, and has the
//! source [`LEDGER_SOURCE`](domain::ledger::LEDGER_SOURCE): so a later count takes its place, a later ledger as well, and what a
//! ledger does not mention stays as it was.

mod counting;
mod decide;
mod matchers;
mod names;
mod reading;
mod settle;
mod verdict;

pub use decide::{AskedDecision, decide, find_visible, locks_of};
pub use matchers::{Matchers, other_names};
pub use settle::NewDecision;
pub use verdict::candidates;

pub(crate) use counting::{Counting, LedgerOf, Mode, submit_all, too_much};
pub(crate) use names::{DepotNamed, Names};
pub(crate) use reading::{content_of, row_id};
pub(crate) use settle::{Decided, Deciding, ToDecide, factor_fault, key_of, settle, touched};
pub(crate) use verdict::{Open, Verdict, line, listed, merge, verdict};

use base::quantity::Quantity;

/// The most answers that a region may have.
pub const MOST_ANSWERS: usize = 20_000;

/// The most rows that one change decides about.
pub const MOST_AT_ONCE: usize = 5000;

/// The largest factor of an answer: units of an item in one of a ledger's.
pub const MOST_UNITS: Quantity = Quantity::whole(10_000);
