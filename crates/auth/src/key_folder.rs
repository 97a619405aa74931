//! A folder of signing keys, each in its own file, so that a new key can be put beside the old ones.

use std::path::{Path, PathBuf};
use std::{fs, io};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use uuid::Uuid;

use super::secret_file;
use base::error::Error;

/// Loads the keys of a folder, `*.pem` in PKCS #8, in the order of their names. An empty folder gets a new key whose
/// name begins with `prefix`.
///
/// # Errors
/// If the folder cannot be used or a file in it is not a key.
pub fn load_or_create(folder: &Path, prefix: &str) -> Result<Vec<SigningKey>, Error> {
    fs::create_dir_all(folder).map_err(failed)?;
    // If several instances start at once with a new folder, one makes the key and the others read it.
    let making = fs::File::create(folder.join("lock")).map_err(failed)?;
    making.lock().map_err(failed)?;
    let mut paths = key_files(folder)?;
    if paths.is_empty() {
        let path = folder.join(format!("{prefix}-{}.pem", Uuid::now_v7()));
        let pem = SigningKey::from_bytes(&rand::random())
            .to_pkcs8_pem(LineEnding::LF)
            .map_err(|error| Error::internal("a signing key cannot be written", error))?;
        secret_file::write(&path, pem.as_bytes()).map_err(failed)?;
        paths.push(path);
    }
    paths.iter().map(|path| read(path)).collect()
}

/// Loads the keys of a folder, in the order of their names, and makes none.
///
/// # Errors
/// If the folder cannot be read or a file in it is not a key.
pub fn load(folder: &Path) -> Result<Vec<SigningKey>, Error> {
    key_files(folder)?.iter().map(|path| read(path)).collect()
}

fn key_files(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .map_err(failed)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "pem"))
        .collect();
    paths.sort();
    Ok(paths)
}

fn read(path: &Path) -> Result<SigningKey, Error> {
    let pem = fs::read_to_string(path).map_err(failed)?;
    SigningKey::from_pkcs8_pem(&pem).map_err(|error| Error::internal("a signing key cannot be read", error))
}

fn failed(error: io::Error) -> Error {
    Error::internal("the folder of signing keys cannot be used", error)
}
