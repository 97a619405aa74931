//! Declared targets: the quantities that organizations themselves state they need.

mod declare;
mod read;

// The macros on handlers generate types next to them, which `routes` names by the same path.
pub use declare::*;
pub use read::*;
