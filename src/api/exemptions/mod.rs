//! Exemptions: permission not to hold what a rule requires.

mod grant;
mod read;

// The macros on handlers generate types next to them, which `routes` names by the same path.
pub use grant::*;
pub use read::*;
