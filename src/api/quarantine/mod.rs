//! Commands in quarantine: listed, applied, put aside.

pub mod decide;
pub mod list;
mod view;
