//! `muster migrate`: brings a database's schema up to date, or lists the missing migrations.

use std::error::Error;
use std::io::{self, Write as _};

use db::migrations;
use db::sqlite_file::FileHold;
use db::url::DatabaseUrl;

/// Brings the schema up to date, creating an SQLite file if there is none; or lists the migrations that would run.
///
/// # Errors
/// If the database cannot be used.
pub fn run(database: &DatabaseUrl, status: bool) -> Result<(), Box<dyn Error>> {
    let mut out = io::stdout();
    if status {
        let pending = migrations::look(database)?.pending;
        for name in &pending {
            writeln!(out, "pending {name}")?;
        }
        writeln!(out, "{} pending", pending.len())?;
        return Ok(());
    }
    let _hold = FileHold::take(database, true)?;
    let ran = migrations::run(database)?;
    for name in &ran {
        writeln!(out, "ran {name}")?;
    }
    writeln!(out, "{} ran; the schema is up to date", ran.len())?;
    Ok(())
}
