//! Counts made on the phone from what it knows: codes become ids, and the catalogue's revision is put in.

use crate::domain::quantity::Quantity;

/// A count as somebody types it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountDraft {
    /// The code of the depot.
    pub depot: String,
    /// Whether what is not listed was not there.
    pub is_full: bool,
    /// What was found: the code of an item, and how many.
    pub lines: Vec<(String, Quantity)>,
    /// A remark.
    pub note: Option<String>,
}
