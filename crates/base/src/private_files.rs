//! Folders and files that only their owner can open, and that outlast a power cut.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// Makes a folder, and the missing folders above it, open to their owner only. A folder that exists is left as it is.
///
/// # Errors
/// If the file system refuses.
pub fn make_folder(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Closes a folder of Muster to everybody but its owner.
///
/// # Errors
/// If the file system refuses.
#[cfg(unix)]
pub fn close_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if is_private(&fs::metadata(path)?) { Ok(()) } else { fs::set_permissions(path, fs::Permissions::from_mode(0o700)) }
}

/// Closes a folder of Muster to everybody but its owner. Systems without such permissions leave it as it is.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn close_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// True if only the owner may read and write the file.
#[cfg(unix)]
pub fn is_private(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 == 0
}

/// True if only the owner may read and write the file, as far as the system can tell.
#[cfg(not(unix))]
pub fn is_private(_: &fs::Metadata) -> bool {
    true
}

/// Returns the place to which a path leads, if no link on the way leads out of a folder; the folder itself may be one.
/// A path that does not exist yet is returned as it would be.
///
/// # Errors
/// `InvalidInput` for a path that leads elsewhere.
pub fn resolve_inside(folder: &Path, path: &Path) -> io::Result<PathBuf> {
    let resolved = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && path.symlink_metadata().is_err() => {
            return Ok(path.to_owned());
        }
        // A link to a file that does not exist: what it would create may lie elsewhere.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(elsewhere()),
        resolved => resolved?,
    };
    if resolved.starts_with(fs::canonicalize(folder)?) { Ok(resolved) } else { Err(elsewhere()) }
}

fn elsewhere() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is a link that leads out of its folder")
}

/// Returns the folder of a file; `.` for a name without one.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes the names in a folder to the disk: a file that was made or renamed in it is there after a power cut.
///
/// # Errors
/// If the file system refuses.
#[cfg(unix)]
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder).and_then(|folder| folder.sync_all())
}

/// Writes the names in a folder to the disk. Systems on which a folder cannot be opened do so by themselves.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_new_folder_is_its_owners_alone_and_an_open_one_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        make_folder(&path).unwrap();
        for made in [&path, path.parent().unwrap()] {
            assert!(is_private(&fs::metadata(made).unwrap()));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        make_folder(&path).unwrap();
        close_folder(&path).unwrap();
        assert!(is_private(&fs::metadata(&path).unwrap()));
    }

    #[test]
    fn links_are_followed_within_a_folder_only() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("in"), folder.path().join("out"));
        for made in [&inside, &outside] {
            fs::create_dir(made).unwrap();
            fs::write(made.join("file"), "").unwrap();
        }
        symlink(inside.join("file"), inside.join("near")).unwrap();
        symlink(outside.join("file"), inside.join("far")).unwrap();
        symlink(outside.join("none"), inside.join("nowhere")).unwrap();
        symlink(&inside, folder.path().join("link")).unwrap();
        for name in ["file", "near", "new"] {
            assert!(resolve_inside(&inside, &inside.join(name)).is_ok(), "{name}");
        }
        for name in ["far", "nowhere"] {
            assert!(resolve_inside(&inside, &inside.join(name)).is_err(), "{name}");
        }
        let link = folder.path().join("link");
        assert!(resolve_inside(&link, &link.join("near")).is_ok());
    }
}
