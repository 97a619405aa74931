//! Exemptions: leave not to hold what a rule asks for.

mod grant;
mod read;

// The macros on handlers make types beside them, which `routes` names by the same path.
pub use grant::*;
pub use read::*;
