//! Commands in quarantine.
