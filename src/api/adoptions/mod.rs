//! Adoptions: the standards that bind in regions, since when, and by whose decision.

mod decide;
mod history;
mod list;

// The macros on handlers generate types next to them, which `routes` names by the same path.
pub use decide::*;
pub use history::*;
pub use list::*;
