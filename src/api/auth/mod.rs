//! Signing in, staying signed in, and signing out.

pub mod enrol;
pub mod login;
pub mod logout;
pub mod parties;
pub mod refresh;
pub mod signed_in;
