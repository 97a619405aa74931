//! The rule book: the checks of changes to reference data, permissions included.
//!
//! One file for each subject. Its `check` takes the stored state, the editor and the requested change, and returns the
//! version to write, or every fault with its field. Nothing here reads or writes, so a request, a table of many rows and
//! a test are held to the same rules: the caller loads the state under locks that keep it unchanged, and writes the
//! decision.
//!
//! A fault names its field by a JSON pointer into the body of the request; a table turns that into a column.

pub mod adoptions;
pub mod catalogue;
pub mod contacts;
pub mod depots;
pub mod facts;
pub mod organizations;
mod precondition;
pub mod regions;
mod slips;
pub mod standards;
pub mod targets;
mod world;

use chrono::{DateTime, NaiveDate, Utc};

pub use precondition::{IfMatch, Precondition};
pub use world::{Known, Resting, World};

use crate::account::{Belongs, Role};
use crate::labels::Labelled as _;
use crate::naming::day_fault;
use crate::revision::{Dated, Revision, in_force, last_change};
use base::error::{Error, Fault};
use text::messages::{Message, message};

/// The person or program that changes reference data, and the time.
#[derive(Clone, Copy, Debug)]
pub struct Editor {
    /// The editor's authority.
    pub authority: Authority,
    /// The instant of the request.
    pub now: DateTime<Utc>,
}

/// The authority of an editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// Everything: the operator of the machine can write the database anyway. Every rule but those on permissions holds for them
    /// too.
    Operator,
    /// The rights of an account.
    Account {
        /// Its role.
        role: Role,
        /// The region or organization whose data it sees.
        belongs: Belongs,
    },
}

/// The code of a refusal because a code or a user name is not available, whatever the cause.
pub const UNAVAILABLE: &str = "unavailable";

/// The roles of the bureau that change reference data.
const OFFICERS: &[Role] = &[Role::Officer, Role::Admin];

/// The roles that declare an organization's targets, and may therefore import tables.
pub const COUNTERS: &[Role] = &[Role::Quartermaster, Role::Officer, Role::Admin];

/// The roles that change regions.
const ADMINS: &[Role] = &[Role::Admin];

impl Editor {
    /// The editor for an account that acts at an instant.
    pub fn of(role: Role, belongs: Belongs, now: DateTime<Utc>) -> Self {
        Self { authority: Authority::Account { role, belongs }, now }
    }

    /// The editor for the operator of the machine.
    pub fn operator(now: DateTime<Utc>) -> Self {
        Self { authority: Authority::Operator, now }
    }

    /// True if the editor is the operator of the machine.
    pub fn is_operator(&self) -> bool {
        self.authority == Authority::Operator
    }

    fn role(&self) -> Option<Role> {
        match self.authority {
            Authority::Operator => None,
            Authority::Account { role, .. } => Some(role),
        }
    }

    /// Refuses other roles.
    fn require_role(&self, allowed: &[Role], field: &str) -> Result<(), Refusal> {
        match self.role() {
            Some(role) if !allowed.contains(&role) => {
                let detail = message!("role-not-allowed", role = role.label());
                Err(Refusal::forbidden("role_not_allowed", field, detail))
            }
            _ => Ok(()),
        }
    }
}

/// The refusal of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The thing does not exist, or the editor may not know of it.
    Unknown {
        /// The kind of thing.
        thing: &'static str,
        /// The same as a fault of the field that names it.
        fault: Fault,
    },
    /// The editor may not change it.
    Forbidden(Fault),
    /// It clashes with what is stored.
    Conflict(Fault),
    /// Some values fail validation.
    Invalid(Vec<Fault>),
    /// It was changed after the editor read it, or does not exist.
    Changed(Message),
    /// The change must name the state on which it is based.
    Unconditional(Message),
}

impl Refusal {
    /// A single value that fails validation.
    fn invalid(code: &'static str, field: &str, detail: Message) -> Self {
        Self::Invalid(vec![Fault::new(field, code, detail)])
    }

    /// A clash with what is stored.
    fn conflict(code: &'static str, field: &str, detail: Message) -> Self {
        Self::Conflict(Fault::new(field, code, detail))
    }

    /// A change that the editor may not make.
    fn forbidden(code: &'static str, field: &str, detail: Message) -> Self {
        Self::Forbidden(Fault::new(field, code, detail))
    }

    /// A code or a name that is not available. The refusal does not say what uses it.
    fn unavailable(field: &str, code: &str) -> Self {
        Self::conflict(UNAVAILABLE, field, message!("unavailable", name = code))
    }

    /// True if a code or a name is not available.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Conflict(fault) if fault.code == UNAVAILABLE)
    }

    /// All faults, each with its field.
    pub fn into_faults(self) -> Vec<Fault> {
        match self {
            Self::Unknown { fault, .. } | Self::Forbidden(fault) | Self::Conflict(fault) => vec![fault],
            Self::Invalid(faults) => faults,
            Self::Changed(detail) => vec![Fault::new("", "changed_meanwhile", detail)],
            Self::Unconditional(detail) => vec![Fault::new("", "if_match_missing", detail)],
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unknown { thing, .. } => Self::NotFound(thing),
            Refusal::Forbidden(Fault { code, detail, .. }) => Self::Forbidden { code, detail },
            Refusal::Conflict(Fault { code, detail, .. }) => Self::conflict(code, detail),
            Refusal::Invalid(faults) => Self::Invalid(faults),
            Refusal::Changed(detail) => Self::Changed(detail),
            Refusal::Unconditional(detail) => Self::Unconditional(detail),
        }
    }
}

/// The outcome of a put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PutOutcome {
    /// The thing is new.
    Created,
    /// It existed, and has other content from a day on.
    Changed,
    /// It had this content already.
    Repeated,
}

/// The outcome of a put, and the day from which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Put {
    /// The outcome.
    pub outcome: PutOutcome,
    /// The first day on which it holds.
    pub valid_from: NaiveDate,
    /// The revision of its last change before this one.
    last: Revision,
}

impl Put {
    /// The revision whose state contains it, given the revision of the write.
    pub fn revision(&self, written: Revision) -> Revision {
        match self.outcome {
            PutOutcome::Created | PutOutcome::Changed => written,
            PutOutcome::Repeated => self.last,
        }
    }

    /// True if there is nothing to write.
    pub fn is_repeat(&self) -> bool {
        self.outcome == PutOutcome::Repeated
    }

    /// A repeat.
    fn repeated(valid_from: NaiveDate, last: Option<Revision>) -> Self {
        Self { outcome: PutOutcome::Repeated, valid_from, last: last.unwrap_or_default() }
    }

    /// A new version of a thing, given its last change if it exists.
    fn added(valid_from: NaiveDate, last: Option<Revision>) -> Self {
        let outcome = if last.is_some() { PutOutcome::Changed } else { PutOutcome::Created };
        Self { outcome, valid_from, last: last.unwrap_or_default() }
    }
}

/// The decision on a permitted change.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision<W> {
    /// The outcome.
    pub put: Put,
    /// The version to write, unless it is a repeat.
    pub write: W,
}

/// The first day of a statement, and whether the statement names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Since {
    day: NaiveDate,
    is_named: bool,
}

impl Since {
    fn new(named: Option<NaiveDate>, today: impl FnOnce() -> NaiveDate) -> Self {
        Self { day: named.unwrap_or_else(today), is_named: named.is_some() }
    }

    /// True if a statement says nothing new.
    ///
    /// A statement from a named day is stored even if it repeats what holds on that day: earlier days may be corrected
    /// later, which must not change this day. It is a repeat only if the same was stated from the same day. A statement
    /// that names no day is about the present, and is a repeat if it holds already. `nothing` is the content of a thing
    /// about which nothing was ever stated, if there is such a content.
    fn repeats<T: PartialEq>(self, history: &[Dated<T>], value: &T, nothing: Option<&T>) -> bool {
        match in_force(history, self.day) {
            Some(row) => row.value == *value && (row.valid_from == self.day || !self.is_named),
            None => !self.is_named && nothing == Some(value),
        }
    }
}

/// Decides the outcome of a put.
fn decide<T: PartialEq>(
    history: Option<&[Dated<T>]>,
    from: Since,
    version: &T,
    state: &Precondition,
) -> Result<Put, Refusal> {
    let last = history.map(last_change);
    if history.is_some_and(|history| from.repeats(history, version, None)) {
        return Ok(Put::repeated(from.day, last));
    }
    state.check(last)?;
    Ok(Put::added(from.day, last))
}

/// Decides what becomes of a version that is put, which may mend the first entry as well.
fn decide_with_entry<T: PartialEq>(
    history: Option<&[Dated<T>]>,
    from: Since,
    version: &T,
    state: &Precondition,
    is_mended: bool,
) -> Result<Put, Refusal> {
    if !is_mended {
        return decide(history, from, version, state);
    }
    let last = history.map(last_change);
    state.check(last)?;
    Ok(Put::added(from.day, last))
}

/// Refuses a day beyond the bounds of all reference data ([`day_fault`]).
///
/// # Errors
/// `Invalid` at the field given.
pub fn require_plausible_day(day: Option<NaiveDate>, field: &str) -> Result<(), Refusal> {
    day.and_then(|day| day_fault(field, day)).map_or(Ok(()), |fault| Err(Refusal::Invalid(vec![fault])))
}

/// True for a reason that has any words; blanks are not a reason.
fn is_given(reason: Option<&str>) -> bool {
    reason.is_some_and(|reason| !reason.trim().is_empty())
}

/// Refuses a past day without a reason: decisions take effect today or later, unless they are sent as a correction with a
/// reason.
///
/// # Errors
/// `Invalid` for a day that is past, without a reason.
pub fn require_reason_for_past(day: NaiveDate, today: NaiveDate, reason: Option<&str>) -> Result<(), Refusal> {
    if day >= today || is_given(reason) {
        return Ok(());
    }
    let detail = message!("needs-correction-reason", day = day.to_string(), today = today.to_string());
    Err(Refusal::invalid("needs_correction_reason", "/valid_from", detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{dated, day};

    #[test]
    fn a_statement_repeats_only_what_was_said_from_the_same_day() {
        let history =
            [dated(day("2026-01-01"), 1, 40), dated(day("2026-07-01"), 2, 60), dated(day("2026-07-01"), 3, 50)];
        let since = |text: &str, is_named| Since { day: day(text), is_named };
        for (from, is_named, value, repeats) in [
            ("2026-01-01", true, 40, true),
            ("2026-02-01", true, 40, false),
            ("2026-02-01", false, 40, true),
            ("2026-07-01", true, 60, false),
            ("2026-07-01", true, 50, true),
            ("2026-11-01", true, 50, false),
            ("2026-11-01", false, 50, true),
            ("2026-11-01", false, 40, false),
            ("2025-12-31", false, 0, true),
            ("2025-12-31", true, 0, false),
            ("2025-12-31", false, 40, false),
        ] {
            assert_eq!(since(from, is_named).repeats(&history, &value, Some(&0)), repeats, "{value} from {from}");
        }
        assert!(!since("2025-12-31", false).repeats(&history, &0, None));
    }
}
