//! Restoring a backup, to an empty place only.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::BackupError;
use super::archive::Archive;
use super::manifest::{Kind, Manifest};
use super::programs::{Program, Programs};
use super::save::{beside, put_in_place};
use base::private_files::folder_of;
use db::digest::DatabaseDigest;
use db::dump;
use db::url::DatabaseUrl;

/// The outcome of a restore.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The backup's manifest.
    pub manifest: Manifest,
    /// True if its schema is older than this program's, so that migrations must run next.
    pub older_schema: bool,
}

/// Brings a backup back into a new SQLite file or an empty PostgreSQL database; with `verify` the hash of every table is
/// compared with what was saved.
///
/// The backup is read to its end before anything is changed, and a failure half way leaves the place as empty as it was.
/// Only where PostgreSQL's tables turn out to differ at the very end are they left there to be looked at.
///
/// # Errors
/// If the backup is damaged or of a newer program, the place is not empty, or the result differs.
pub fn restore(url: &DatabaseUrl, from: &Path, programs: &Programs, verify: bool) -> Result<Restored, BackupError> {
    let mut archive = Archive::open(from)?;
    let kind = Kind::of(url);
    if archive.manifest.database != kind {
        let saved = archive.manifest.database;
        return Err(BackupError::Refused(format!("the backup is of {saved} and cannot be brought back into {kind}")));
    }
    let older_schema = schema_is_older(&archive.manifest, url)?;
    match url {
        DatabaseUrl::Sqlite(path) => restore_sqlite(&mut archive, path, verify)?,
        DatabaseUrl::Postgres(url) => restore_postgres(&mut archive, url, programs, verify)?,
    }
    Ok(Restored { manifest: archive.manifest, older_schema })
}

/// Reads a backup to its end and returns its manifest, if this program can restore it.
///
/// # Errors
/// If it is damaged or of a newer program.
pub fn restorable(from: &Path) -> Result<Manifest, BackupError> {
    let manifest = Archive::open(from)?.manifest;
    let any_of_its_kind = match manifest.database {
        Kind::Sqlite => DatabaseUrl::Sqlite(PathBuf::new()),
        Kind::Postgresql => DatabaseUrl::Postgres(String::new()),
    };
    schema_is_older(&manifest, &any_of_its_kind)?;
    Ok(manifest)
}

/// True if a backup lacks migrations.
fn schema_is_older(manifest: &Manifest, url: &DatabaseUrl) -> Result<bool, BackupError> {
    let known = dump::known_schemas(url)?;
    if !known.contains(&manifest.schema) {
        return Err(BackupError::NoBackup(format!(
            "the backup has the schema {} of Muster {}, which this Muster {} does not know: use the newer one",
            manifest.schema,
            manifest.muster,
            env!("CARGO_PKG_VERSION"),
        )));
    }
    Ok(known.last() != Some(&manifest.schema))
}

fn restore_sqlite(archive: &mut Archive, path: &Path, verify: bool) -> Result<(), BackupError> {
    let taken = |path: &Path| {
        BackupError::Refused(format!("{} is there already: a backup is brought back into a new file", path.display()))
    };
    // Files that a removed database left behind would be taken for part of the new one.
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut name = OsString::from(path);
        name.push(ending);
        let neighbour = PathBuf::from(name);
        if neighbour.symlink_metadata().is_ok() {
            return Err(taken(&neighbour));
        }
    }
    let mut file = beside(folder_of(path))?;
    io::copy(&mut archive.data()?, &mut file)
        .and_then(|_| file.as_file().sync_all())
        .map_err(BackupError::file(path, "written"))?;
    if verify {
        let found = dump::contents(&mut dump::open_sqlite_copy(file.path())?)?;
        compare(&archive.manifest.content, &found.digest, "nothing was restored")?;
    }
    put_in_place(file, path, || taken(path))
}

fn restore_postgres(archive: &mut Archive, url: &str, programs: &Programs, verify: bool) -> Result<(), BackupError> {
    if let Some(found) = dump::found_in_postgres(url)? {
        return Err(BackupError::Refused(format!(
            "the database holds {found}: a backup is brought back into an empty one, as createdb makes it"
        )));
    }
    let (path, _) = programs.find("pg_restore", archive.manifest.pg_dump.unwrap_or_default())?;
    let mut program = Program::new("pg_restore", &path, url)?;
    program.command.args(["--single-transaction", "--exit-on-error"]).stdin(Stdio::piped());
    let mut running = program.command.spawn().map_err(|error| program.failed(error.to_string()))?;
    let mut data = archive.data()?;
    // Closed at the end of the statement; a program that went away says itself why.
    let sent = running.stdin.take().map(|mut input| io::copy(&mut data, &mut input));
    drop(data);
    program.outcome(running.wait())?;
    if let Some(Err(error)) = sent {
        return Err(BackupError::Program { program: "pg_restore", said: error.to_string() });
    }
    if verify {
        let found = dump::contents_of_postgres(url)?;
        compare(&archive.manifest.content, &found.digest, "drop the database, and do not use what is in it")?;
    }
    Ok(())
}

fn compare(saved: &DatabaseDigest, found: &DatabaseDigest, mend: &'static str) -> Result<(), BackupError> {
    let what = match saved.first_difference(found) {
        Some(table) => format!("the table {table}"),
        None if saved != found => "the list of indexes, constraints, triggers and functions".to_owned(),
        None => return Ok(()),
    };
    Err(BackupError::Differs { what, mend })
}
