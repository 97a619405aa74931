//! The things that changes are about.

use serde::Serialize;

/// The kind of thing a change is about, in the order in which a fresh device receives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeType {
    /// An organization, by its code.
    Organization,
    /// A class of items, by its code.
    ItemClass,
    /// An item, by its code.
    Item,
    /// A depot, by its code.
    Depot,
    /// The requirement lines of an organization, by its code.
    Requirements,
    /// The assessments of an organization, by its code.
    Assessments,
    /// The stock of a depot, by its code.
    Stock,
    /// A command of one's own in quarantine, by its id there.
    Quarantine,
}

/// The thing that a change is about.
pub type Key = (ChangeType, String);
