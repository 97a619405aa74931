//! Drafts of standards: written, checked, published or discarded.

mod publish;
mod read;
mod write;

// The macros on handlers generate types next to them, which `routes` names by the same path.
pub use publish::*;
pub use read::*;
pub use write::*;
