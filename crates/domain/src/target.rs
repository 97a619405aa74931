//! Declared targets: the amounts that organizations set where a rule leaves them to them.

use super::revision::Dated;
use base::quantity::Quantity;

/// An organization's declared target for a rule that says "as needed".
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredTarget {
    /// The code of that rule.
    pub rule: String,
    /// The targets declared, by day; `None` withdraws one.
    pub versions: Vec<Dated<Option<Quantity>>>,
}
