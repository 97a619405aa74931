//! The file of an SQLite database: never created by mistake, readable by its owner only, and used by one process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::open_error::OpenError;
use super::url::DatabaseUrl;
use base::private_files::resolve_inside;

/// The beginning of every SQLite file, unless it is empty.
const HEADER: &[u8] = b"SQLite format 3\0";

/// Held while a file is created. Closing a file drops the locks that SQLite has on it in the same process, so no
/// connection may open a file being created.
static MAKING: Mutex<()> = Mutex::new(());

/// Creates an empty file if there is none, readable by its owner only.
///
/// # Errors
/// If it cannot be created.
pub(super) fn create(path: &Path) -> Result<(), OpenError> {
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    match private(OpenOptions::new().write(true).create_new(true)).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(OpenError::NoFolder(path.to_owned())),
        Err(error) => Err(refused(path, &error)),
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

fn refused(path: &Path, error: &io::Error) -> OpenError {
    OpenError::Refused(DatabaseUrl::Sqlite(path.to_owned()), error.to_string())
}

/// The URI by which SQLite opens a path: an existing file, never a new one. Special characters are encoded.
pub(super) fn uri(path: &Path) -> String {
    let mut uri = String::from(if path.is_absolute() { "file://" } else { "file:" });
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            uri += &format!("%{byte:02X}");
        }
    }
    uri + "?mode=rw"
}

/// The right to use an SQLite file, held by one process at a time; the system takes it back when the process ends in
/// any way. It is the lock of a file beside the database, `<name>.lock`, which stays there.
#[derive(Debug)]
pub struct FileHold {
    _lock: File,
}

impl FileHold {
    /// Takes the right to use an SQLite database after checking the file; `None` on PostgreSQL, where many processes
    /// may work at once. If there is no file, `create` says whether one will be created.
    ///
    /// # Errors
    /// If the file is missing and not to be created, is not an SQLite file, or belongs to another process.
    pub fn take(url: &DatabaseUrl, create: bool) -> Result<Option<Self>, OpenError> {
        let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
        let found = examine(path, create)?;
        let mut name = found.as_os_str().to_owned();
        name.push(".lock");
        let mut options = OpenOptions::new();
        let options = private(options.read(true).write(true).create(true).truncate(false));
        let (name, folder) = (PathBuf::from(name), found.parent().unwrap_or(Path::new(".")));
        // Whoever may write beside the database may not have any other file of ours opened, or made, in its place.
        let place = resolve_inside(folder, &name).map_err(|error| refused(&name, &error))?;
        let mut lock = options.open(&place).map_err(|error| refused(&name, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut number = String::new();
                let _ = lock.read_to_string(&mut number);
                let number = number.trim();
                let who = if number.is_empty() { String::new() } else { format!(" (its number is {number})") };
                return Err(OpenError::InUse(path.clone(), who));
            }
            Err(TryLockError::Error(error)) => return Err(refused(&name, &error)),
        }
        // For people to read; only the lock counts.
        let _ = lock.set_len(0).and_then(|()| lock.rewind());
        let _ = writeln!(lock, "{}", std::process::id());
        Ok(Some(Self { _lock: lock }))
    }
}

/// Checks that a path names an SQLite file.
///
/// # Errors
/// If it is missing, cannot be read, or is another file.
pub(super) fn require(path: &Path) -> Result<(), OpenError> {
    examine(path, false).map(drop)
}

/// Checks that a path names an SQLite file, or a place for one, and resolves it: two names of one file are one.
///
/// No connection of this process may be open to it, see [`MAKING`].
fn examine(path: &Path, create: bool) -> Result<PathBuf, OpenError> {
    // For writing too: SQLite would open a file that may not be written for reading, and leave others beside it.
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => return Err(OpenError::NotSqlite(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let Ok(folder) = fs::canonicalize(folder) else { return Err(OpenError::NoFolder(path.to_owned())) };
            return match path.file_name() {
                Some(name) if create => Ok(folder.join(name)),
                _ => Err(OpenError::NoFile(path.to_owned())),
            };
        }
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(OpenError::NoFolder(path.to_owned())),
        Err(error) => return Err(refused(path, &error)),
    };
    let mut head = Vec::new();
    let wanted = u64::try_from(HEADER.len()).unwrap_or(u64::MAX);
    match file.take(wanted).read_to_end(&mut head) {
        Ok(_) if head.is_empty() || head == HEADER => {}
        Ok(_) => return Err(OpenError::NotSqlite(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => return Err(OpenError::NotSqlite(path.to_owned())),
        Err(error) => return Err(refused(path, &error)),
    }
    fs::canonicalize(path).map_err(|error| refused(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_it_at_a_time_by_whatever_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        create(&path).unwrap();
        let url = DatabaseUrl::Sqlite(path.clone());
        let held = FileHold::take(&url, false).unwrap();
        assert!(held.is_some());
        #[cfg(unix)]
        {
            let other = folder.path().join("b.sqlite");
            std::os::unix::fs::symlink(&path, &other).unwrap();
            assert!(matches!(FileHold::take(&DatabaseUrl::Sqlite(other), false), Err(OpenError::InUse(..))));
        }
        let error = FileHold::take(&url, false).unwrap_err().to_string();
        assert!(error.contains(&std::process::id().to_string()), "{error}");
        drop(held);
        FileHold::take(&url, false).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_that_leads_elsewhere_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (path, other) = (folder.path().join("a/a.sqlite"), folder.path().join("other"));
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&other, "precious").unwrap();
        create(&path).unwrap();
        std::os::unix::fs::symlink(&other, path.with_extension("sqlite.lock")).unwrap();
        assert!(matches!(FileHold::take(&DatabaseUrl::Sqlite(path), false), Err(OpenError::Refused(..))));
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious");
    }

    #[test]
    fn what_is_no_database_is_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| DatabaseUrl::Sqlite(folder.path().join(name));
        fs::write(folder.path().join("text"), "words").unwrap();
        assert!(matches!(FileHold::take(&at("none"), false), Err(OpenError::NoFile(_))));
        assert!(matches!(FileHold::take(&at("text"), true), Err(OpenError::NotSqlite(_))));
        assert!(matches!(FileHold::take(&at(""), true), Err(OpenError::NotSqlite(_))));
        assert!(matches!(FileHold::take(&at("no/folder"), true), Err(OpenError::NoFolder(_))));
        assert!(matches!(FileHold::take(&at("text/folder"), true), Err(OpenError::NoFolder(_))));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_path_is_no_more_than_a_path() {
        assert_eq!(uri(Path::new("a b?c#d%.sqlite")), "file:a%20b%3Fc%23d%25.sqlite?mode=rw");
        assert_eq!(uri(Path::new("/v/旗.sqlite")), "file:///v/%E6%97%97.sqlite?mode=rw");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.sqlite");
        create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
