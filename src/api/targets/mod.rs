//! Declared targets: how many an organization itself says it needs.

mod declare;
mod read;

// The macros on handlers make types beside them, which `routes` names by the same path.
pub use declare::*;
pub use read::*;
