//! A folder of signing keys, each in its own file, so that a new key can be put beside the old ones.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use uuid::Uuid;

use super::secret_file;
use base::error::Error;
use base::private_files::{close_folder, is_private, make_folder, resolve_inside};

/// The reason why a folder of keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFolderError {
    /// A key that others may have read.
    #[error(
        "others than the owner can read or change the key {}: close it with chmod 600, and use a new key if somebody may \
             have read it",
        .0.display()
    )]
    NotPrivate(PathBuf),
    /// A link that leads out of the folder.
    #[error("{} is a link that leads out of its folder: put the file itself there", .0.display())]
    Outside(PathBuf),
    /// A folder without keys.
    #[error("there are no keys in {}: give the data folder of the service by --data-dir or MUSTER_DATA_DIR", .0.display())]
    None(PathBuf),
    /// A file that holds no key.
    #[error(
        "{} holds no signing key in PKCS #8: put it back as it was, or move it out of the folder if it never was a key",
        .0.display()
    )]
    NotAKey(PathBuf),
    /// A file or folder that cannot be used.
    #[error("{}, for signing keys, cannot be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A key that cannot be used.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Makes the folder of keys in a data folder, both open to their owner only, and returns it.
///
/// # Errors
/// If it cannot be made, or is a link that leads elsewhere.
pub fn of_data_folder(data: &Path) -> Result<PathBuf, KeyFolderError> {
    make_folder(data).map_err(failed(data))?;
    let keys = data.join("keys");
    let keys = within(data, &keys)?;
    make_folder(&keys).map_err(failed(&keys))?;
    Ok(keys)
}

/// Loads the keys of a folder, `*.pem` in PKCS #8, in the order of their names. An empty folder gets a new key whose
/// name begins with `prefix`. The folder is closed to others; a key that is open to others is refused.
///
/// # Errors
/// If the folder cannot be used or a file in it is not a key.
pub fn load_or_create(folder: &Path, prefix: &str) -> Result<Vec<SigningKey>, KeyFolderError> {
    make_folder(folder).and_then(|()| close_folder(folder)).map_err(failed(folder))?;
    // If several instances start at once with a new folder, one makes the key and the others read it.
    let lock = folder.join("lock");
    let mut options = fs::OpenOptions::new();
    let making = options.write(true).create(true).truncate(false).open(within(folder, &lock)?);
    let making = making.map_err(failed(&lock))?;
    making.lock().map_err(failed(&lock))?;
    let mut paths = paths_in(folder)?;
    if paths.is_empty() {
        paths.push(create(folder, prefix)?);
    }
    paths.iter().map(|path| read(folder, path)).collect()
}

/// Loads the keys of an existing folder in the same order, without making any.
///
/// # Errors
/// Same as [`load_or_create`].
pub fn load(folder: &Path) -> Result<Vec<SigningKey>, KeyFolderError> {
    paths_in(folder)?.iter().map(|path| read(folder, path)).collect()
}

fn paths_in(folder: &Path) -> Result<Vec<PathBuf>, KeyFolderError> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .map_err(failed(folder))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "pem"))
        .collect();
    paths.sort();
    Ok(paths)
}

fn create(folder: &Path, prefix: &str) -> Result<PathBuf, KeyFolderError> {
    let path = folder.join(format!("{prefix}-{}.pem", Uuid::now_v7()));
    let pem = SigningKey::from_bytes(&rand::random())
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| Error::internal("a signing key cannot be written", error))?;
    secret_file::write(&path, pem.as_bytes()).map_err(failed(&path))?;
    Ok(path)
}

fn read(folder: &Path, path: &Path) -> Result<SigningKey, KeyFolderError> {
    let place = within(folder, path)?;
    if !is_private(&fs::metadata(&place).map_err(failed(path))?) {
        return Err(KeyFolderError::NotPrivate(path.to_owned()));
    }
    let pem = fs::read(&place).map_err(failed(path))?;
    let key = std::str::from_utf8(&pem).ok().and_then(|pem| SigningKey::from_pkcs8_pem(pem).ok());
    key.ok_or_else(|| KeyFolderError::NotAKey(path.to_owned()))
}

/// Returns the target of a path in a folder.
///
/// # Errors
/// `Outside` for a link out of the folder.
pub(super) fn within(folder: &Path, path: &Path) -> Result<PathBuf, KeyFolderError> {
    resolve_inside(folder, path).map_err(|error| match error.kind() {
        io::ErrorKind::InvalidInput => KeyFolderError::Outside(path.to_owned()),
        _ => failed(path)(error),
    })
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyFolderError + use<> {
    let path = path.to_owned();
    move |source| KeyFolderError::File { path, source }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn keys_are_their_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let keys = of_data_folder(&folder.path().join("data")).unwrap();
        load_or_create(&keys, "access").unwrap();
        let mut paths = fs::read_dir(&keys).unwrap().map(|entry| entry.unwrap().path());
        let key = paths.find(|path| path.extension().is_some()).unwrap();
        for made in [keys.parent().unwrap(), &keys, &key] {
            assert!(is_private(&fs::metadata(made).unwrap()), "{made:?}");
        }
        set_mode(&keys, 0o755);
        load_or_create(&keys, "access").unwrap();
        assert!(is_private(&fs::metadata(&keys).unwrap()), "the folder is closed");
        for mode in [0o640, 0o604, 0o620] {
            set_mode(&key, mode);
            assert!(matches!(load_or_create(&keys, "access"), Err(KeyFolderError::NotPrivate(_))), "{mode:o}");
        }
    }

    #[test]
    fn a_file_that_is_no_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        load_or_create(folder.path(), "access").unwrap();
        for content in [&b""[..], b"junk", b"\xff\x00"] {
            let path = folder.path().join("access-zzz.pem");
            fs::write(&path, content).unwrap();
            set_mode(&path, 0o600);
            let told = load_or_create(folder.path(), "access").unwrap_err().to_string();
            assert!(told.contains("access-zzz.pem") && told.contains("put it back"), "{told}");
        }
    }

    #[test]
    fn no_link_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let (data, other) = (folder.path().join("data"), folder.path().join("other"));
        let keys = of_data_folder(&data).unwrap();
        load_or_create(&keys, "access").unwrap();
        fs::write(&other, "precious").unwrap();
        set_mode(&other, 0o600);
        fs::remove_file(keys.join("lock")).unwrap();
        symlink(&other, keys.join("lock")).unwrap();
        assert!(matches!(load_or_create(&keys, "access"), Err(KeyFolderError::Outside(_))));
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious");
        fs::remove_file(keys.join("lock")).unwrap();
        symlink(&other, keys.join("z.pem")).unwrap();
        assert!(matches!(load_or_create(&keys, "access"), Err(KeyFolderError::Outside(_))));
        fs::remove_dir_all(&keys).unwrap();
        symlink(folder.path(), &keys).unwrap();
        assert!(matches!(of_data_folder(&data), Err(KeyFolderError::Outside(_))));
    }
}
