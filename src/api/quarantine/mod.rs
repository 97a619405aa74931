//! Commands in quarantine: listed, applied, set aside.

pub mod decide;
pub mod list;
mod view;
