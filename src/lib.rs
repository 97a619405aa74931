//! Muster: counts of emergency-reserve stock in, shortages against reserve standards out.
//!
//! This crate is the service's outer layer: [`api`] is the HTTP interface, [`demo`] fills an empty database with an
//! example banner, and the binary beside it is the command line. Everything else is in crates of its own, each of which
//! may use those before it and none after it (`docs/architecture.md`):
//!
//! `text` (messages) ← `base` (ids, quantities, errors) ← [`domain`] (the trade and its rules, pure) ← [`db`] (all SQL),
//! `tables` (CSV and XLSX), `auth` (passwords, tokens, receipts), `reference` (the data of the binary) ← [`service`]
//! (changes, one transaction each) ← this crate. `client`, the engine of a phone, knows `base` and `domain` only.

pub mod api;
pub mod demo;
