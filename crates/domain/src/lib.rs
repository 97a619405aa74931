//! What things are and which changes are allowed: pure values and functions.
//!
//! Nothing here speaks HTTP or SQL, and the only clock is the one passed in. Words are those of the reserve trade:
//! an *organization* keeps *stock* in *depots*; a *count* says what was seen there; *rules* of adopted *standards* make
//! *requirement lines*; an *assessment* sets a line against usable stock.

pub mod account;
pub mod actor;
pub mod assessment;
pub mod attempts;
pub mod barcode;
pub mod binding;
pub mod books;
pub mod client;
pub mod command;
pub mod condition;
pub mod count;
pub mod depot;
pub mod device;
pub mod draft;
pub mod enrolment;
pub mod exemption;
pub mod fact;
pub mod interval;
pub mod item;
pub mod labels;
pub mod naming;
pub mod new_count;
pub mod new_facts;
pub mod organization;
pub mod password;
pub mod quarantine;
pub mod reason;
pub mod receipt;
pub mod region;
pub mod requirement;
pub mod resolution;
pub mod revision;
pub mod rule;
#[cfg(test)]
pub(crate) mod sample;
pub mod scope;
pub mod search;
pub mod sequence;
pub mod session;
pub mod standard;
pub mod stock;
pub mod summary;
pub mod text;
