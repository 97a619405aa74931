//! Muster: from counts of emergency reserves to shortages against reserve standards.
//!
//! This crate is the service's outer layer: [`api`] is the HTTP interface, [`demo`] fills an empty database with an
//! example banner, and the binary beside it is the command line. Everything else is in separate crates, each of which may
//! use only those before it (`docs/architecture.md`):
//!
//! `text` (messages) ← `base` (ids, quantities, errors) ← [`domain`] (the domain and its rules, pure) ← [`db`] (all SQL),
//! `tables` (CSV and XLSX), `auth` (passwords, tokens, receipts), `reference` (the data of the binary) ← [`service`]
//! (changes, one transaction each) ← this crate. `client`, the engine of a phone, knows `base` and `domain` only.

pub mod api;
pub mod demo;
pub mod html;
