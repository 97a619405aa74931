//! Saving a database while it is in use.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::Utc;
use tempfile::NamedTempFile;

use super::BackupError;
use super::archive;
use super::manifest::{Kind, Manifest};
use super::programs::{Program, Programs};
use base::private_files::{folder_of, sync_folder};
use db::dump::{self, HeldPostgres};
use db::url::DatabaseUrl;

/// Saves a database in its state at one moment, which is exactly one revision, while others go on writing. Returns the
/// file and its content. The file is written completely or not at all, readable by its owner only, and never replaces
/// another; `to` is its name, or a folder in which a name is chosen.
///
/// # Errors
/// If a file of that name exists, the database cannot be read or is damaged, or the file cannot be written.
pub fn save(url: &DatabaseUrl, to: &Path, programs: &Programs) -> Result<(PathBuf, Manifest), BackupError> {
    let to =
        if to.is_dir() { to.join(Utc::now().format("muster-%Y%m%dT%H%M%SZ.tar").to_string()) } else { to.to_owned() };
    let taken = || BackupError::Refused(format!("{} is there already", to.display()));
    if to.symlink_metadata().is_ok() {
        return Err(taken());
    }
    let folder = folder_of(&to);
    let mut data = beside(folder)?;
    let manifest = match url {
        DatabaseUrl::Sqlite(path) => save_sqlite(path, data.path())?,
        DatabaseUrl::Postgres(url) => save_postgres(url, data.as_file(), programs)?,
    };
    let mut file = beside(folder)?;
    let written = archive::write(&mut file, &manifest, data.as_file_mut())
        .and_then(|()| file.flush())
        .and_then(|()| file.as_file().sync_all());
    written.map_err(BackupError::file(&to, "written"))?;
    put_in_place(file, &to, taken)?;
    Ok((to, manifest))
}

fn save_sqlite(path: &Path, copy: &Path) -> Result<Manifest, BackupError> {
    dump::copy_sqlite(path, copy)?;
    // The copy defines the moment, so its content is read from the copy itself.
    let contents = dump::contents(&mut dump::open_sqlite_copy(copy)?)?;
    Ok(Manifest::new(Kind::Sqlite, None, contents))
}

fn save_postgres(url: &str, data: &File, programs: &Programs) -> Result<Manifest, BackupError> {
    let mut held = HeldPostgres::hold(url)?;
    let (path, version) = programs.find("pg_dump", held.server_version)?;
    let mut program = Program::new("pg_dump", &path, url)?;
    program.command.args(["--format=custom", "--no-comments"]).arg(format!("--snapshot={}", held.snapshot));
    program.command.stdout(data.try_clone().map_err(BackupError::file("a temporary file", "shared"))?);
    let mut running = program.command.spawn().map_err(|error| program.failed(error.to_string()))?;
    // The dump and the hashes are of the same moment, which is held until both are done.
    let contents = held.contents();
    if contents.is_err() {
        let _ = running.kill();
    }
    let ended = running.wait();
    let contents = contents?;
    program.outcome(ended)?;
    Ok(Manifest::new(Kind::Postgresql, Some(version), contents))
}

/// Makes a file in a folder, readable by its owner only, which is deleted unless it is put in place.
pub(super) fn beside(folder: &Path) -> Result<NamedTempFile, BackupError> {
    let file = tempfile::Builder::new().prefix(".muster-unfinished-").tempfile_in(folder);
    // The cause names the file that has no name yet; its kind says enough.
    file.map_err(|error| BackupError::file(folder, "written to")(error.kind().into()))
}

/// Gives a file its name, unless it is taken, and waits until the name is on disk.
pub(super) fn put_in_place(
    file: NamedTempFile,
    to: &Path,
    taken: impl FnOnce() -> BackupError,
) -> Result<(), BackupError> {
    file.persist_noclobber(to).map_err(|error| match error.error.kind() {
        std::io::ErrorKind::AlreadyExists => taken(),
        _ => BackupError::file(to, "written")(error.error),
    })?;
    sync_folder(folder_of(to)).map_err(BackupError::file(to, "written"))
}
