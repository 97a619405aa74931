//! Muster: counts of emergency-reserve stock in, shortages against reserve standards out.
//!
//! Four rooms with one direction, `api → service → db → domain`; a room may use any to its right and none to its left:
//!
//! - [`domain`]: what things are and which changes are allowed; pure.
//! - [`db`]: all SQL, on SQLite and PostgreSQL.
//! - [`service`]: changes with rules, one transaction each.
//! - [`api`]: all HTTP.
//!
//! Beside them: [`app`] builds the application that the server and the tests use, [`auth`] knows who somebody is,
//! [`clock`] says what time it is, [`error`] names what can go wrong, `faults` reads JSON and names what is wrong with it, [`messages`] says it in each [`language`],
//! [`labels`] has the words for codes, [`settings`] holds what whoever runs the service chose, [`mod@reference`] reads the
//! data that the binary carries, [`tables`] reads and writes the tables that people keep, [`demo`] puts a made-up banner
//! into an empty database, [`backup`] takes a database out whole and brings it back, and [`phone`] is the reference client,
//! which knows the service by its public API alone.

pub mod api;
pub mod app;
pub mod auth;
pub mod backup;
pub mod clock;
pub mod db;
pub mod demo;
pub mod domain;
pub mod error;
mod faults;
pub mod labels;
pub mod language;
pub mod messages;
pub mod phone;
pub mod reference;
pub mod service;
pub mod settings;
pub mod tables;
mod turns;
