//! The files that commands write: each gets its name once it is whole, and replaces nothing unless it is told to.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::exit::FileFailure;

/// Writes all files, or fails before any of them gets its name. Without `overwrite` no file is replaced.
pub fn write_files(files: &[(PathBuf, Vec<u8>)], overwrite: bool) -> Result<(), Box<dyn Error>> {
    files.iter().try_for_each(|(path, _)| require_free(path, overwrite))?;
    let mut written = Vec::new();
    for (path, bytes) in files {
        let failed = FileFailure::writing(path);
        let folder = folder_of(path);
        if files.len() > 1 {
            std::fs::create_dir_all(folder).map_err(&failed)?;
        }
        let mut file = unfinished(folder).map_err(&failed)?;
        file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(&failed)?;
        written.push((path, file));
    }
    written.into_iter().try_for_each(|(path, file)| name(file, path, overwrite))
}

/// Refuses a path at which something is that must stay.
pub fn require_free(path: &Path, overwrite: bool) -> Result<(), Box<dyn Error>> {
    match path.symlink_metadata() {
        Ok(found) if !overwrite => Err(taken(path, found.is_dir()).into()),
        Ok(found) if !found.is_file() => Err(format!("{} is no file", path.display()).into()),
        _ => Ok(()),
    }
}

/// Gives a file that is written its name.
pub fn name(file: NamedTempFile, path: &Path, overwrite: bool) -> Result<(), Box<dyn Error>> {
    let named = if overwrite { file.persist(path) } else { file.persist_noclobber(path) };
    match named {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Err(taken(path, false).into()),
        Err(error) => Err(FileFailure::writing(path)(error.error).into()),
    }
}

/// The folder of a file.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file that has no name yet, and is deleted if it does not get one.
pub fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".muster-unfinished-").tempfile_in(folder)
}

fn taken(path: &Path, is_folder: bool) -> String {
    let mend = if is_folder { "name a file in it" } else { "name another, or give --overwrite" };
    format!("{} is there already: {mend}", path.display())
}
