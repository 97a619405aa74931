//! Drafts of standards: written, checked, published or thrown away.

mod publish;
mod read;
mod write;

// The macros on handlers make types beside them, which `routes` names by the same path.
pub use publish::*;
pub use read::*;
pub use write::*;
