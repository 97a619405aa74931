//! What can be asked for on the command line: one file for each command.

pub mod demo;
pub mod openapi;
pub mod verify;
