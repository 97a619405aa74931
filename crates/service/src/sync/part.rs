//! The parts of the difference between two states, in the order in which they are sent.
//!
//! A part is named by its phase and the id of its organization, never by its number: while a device fetches a difference, more
//! organizations may turn up in it.

use base::id::OrganizationId;
use uuid::Uuid;

/// A part: of a phase with a part for each organization, that of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its phase.
    pub phase: Phase,
    /// Its organization; nil in the other phases.
    pub organization: OrganizationId,
}

/// The phases, in their order. A device with one organization is sent the types of changes in the order of
/// [`ChangeType`](super::key::ChangeType).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The organizations themselves.
    Organizations,
    /// Classes of items, and items.
    Catalogue,
    /// All else of an organization of which nothing but counts changed.
    Counted,
    /// All else of an organization, in the same phase.
    Whole,
    /// The commands of the account in quarantine.
    Quarantine,
    /// What is gone.
    Deletions,
}

impl Part {
    /// The first.
    pub const START: Self = Self::of(Phase::Organizations);

    /// The part of a phase that has no organizations, or the first of one that has.
    pub const fn of(phase: Phase) -> Self {
        Self { phase, organization: OrganizationId(Uuid::nil()) }
    }

    /// True if it is in the same phase as another, or a later one, and there has the same organization or one after it.
    pub fn is_at_or_after(&self, other: &Self) -> bool {
        (self.phase.rank(), self.organization) >= (other.phase.rank(), other.organization)
    }
}

impl Phase {
    fn rank(self) -> u8 {
        match self {
            Self::Whole => u8::from(Self::Counted),
            other => other.into(),
        }
    }
}

impl From<Phase> for u8 {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Organizations => 0,
            Phase::Catalogue => 1,
            Phase::Counted => 2,
            Phase::Whole => 3,
            Phase::Quarantine => 4,
            Phase::Deletions => 5,
        }
    }
}

impl TryFrom<u8> for Phase {
    type Error = ();

    fn try_from(number: u8) -> Result<Self, ()> {
        Ok(match number {
            0 => Self::Organizations,
            1 => Self::Catalogue,
            2 => Self::Counted,
            3 => Self::Whole,
            4 => Self::Quarantine,
            5 => Self::Deletions,
            _ => return Err(()),
        })
    }
}
