//! The floors: the same work by the database alone, in this process and in this run.

pub mod report;
pub mod rows;
pub mod submit;
