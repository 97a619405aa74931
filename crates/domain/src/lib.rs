//! The domain: its types, its rules and its figures, as pure values and functions.
//!
//! This crate knows neither HTTP nor SQL, and its only clock is the one passed in. Its terms are those of emergency
//! management: an *organization* keeps *stock* in *depots*; a *count* states the stock seen there; *rules* of adopted
//! *standards* make *requirement lines*; an *assessment* compares a line with usable stock.

pub mod acceptance;
pub mod account;
pub mod actor;
pub mod assessment;
pub mod assignment;
pub mod attempts;
pub mod audit;
pub mod barcode;
pub mod binding;
pub mod causes;
pub mod change;
pub mod checks;
pub mod client;
pub mod column_map;
pub mod command;
pub mod condition;
pub mod contact;
pub mod count;
pub mod count_draft;
pub mod credit_code;
pub mod depot;
pub mod depot_items;
pub mod device;
pub mod draft;
pub mod engine;
pub mod enrolment;
pub mod examples;
pub mod exemption;
pub mod expiring;
pub mod explanation;
pub mod fact;
pub mod folding;
pub mod interval;
pub mod item;
pub mod label_families;
pub mod labels;
pub mod ledger;
pub mod ledger_table;
pub mod lot;
pub mod matching;
pub mod naming;
pub mod new_count;
pub mod new_facts;
mod one_member;
pub mod organization;
pub mod organization_status;
pub mod passed_over;
pub mod password;
pub mod quarantine;
pub mod quota;
pub mod reason;
pub mod receipt;
pub mod record;
pub mod reference_data;
pub mod region;
pub mod requirement;
pub mod resolution;
pub mod revision;
pub mod rule;
#[cfg(test)]
pub(crate) mod sample;
pub mod scan;
pub mod scope;
pub mod search;
pub mod sequence;
pub mod session;
pub mod standard;
pub mod stock;
pub mod summary;
pub mod target;
pub mod text;
pub mod unavailable;
pub mod wording;
