//! Operations across tables: changes with rules, one transaction each, and figures computed from stored data.
//!
//! Changes take a [`Change`](db::write::Change), so that one request and a batch of many call the same code.

pub mod acceptances;
pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod backup;
pub mod chain;
pub mod clients;
pub mod column_maps;
pub mod contacts;
pub mod count_drafts;
pub mod counts;
pub mod depots;
pub mod enrolment;
pub mod exemptions;
pub mod export;
mod id_reuse;
pub mod import;
pub mod input_errors;
pub mod labels;
pub mod ledger;
pub mod ledgers;
pub mod lot_details;
pub mod moment;
pub mod operator;
pub mod quarantine;
pub mod quotas;
pub mod reach;
pub mod rebuild;
pub mod records;
pub mod reference;
pub mod resolutions;
pub mod revocations;
pub mod rule_check;
pub mod second_factor;
pub mod sequence_log;
pub mod sessions;
pub mod setup;
pub mod shortages;
mod slips;
pub mod standards;
pub mod sync;
pub mod today;
pub mod unavailable;
pub mod verify;
