//! Files that commands read, none of them without a limit.

use std::error::Error;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::exit::FileFailure;

/// Reads a file of at most some bytes.
///
/// # Errors
/// If it cannot be read, or is larger.
pub(super) fn read_at_most(path: &Path, most_bytes: u64) -> Result<Vec<u8>, Box<dyn Error>> {
    take_at_most(File::open(path).map_err(FileFailure::reading(path))?, path, most_bytes)
}

/// Reads standard input, or a file where its name is not `-`.
///
/// # Errors
/// If it cannot be read, or is larger.
pub(super) fn read_input_at_most(path: &Path, most_bytes: u64) -> Result<Vec<u8>, Box<dyn Error>> {
    if path == Path::new("-") { take_at_most(io::stdin(), path, most_bytes) } else { read_at_most(path, most_bytes) }
}

fn take_at_most(input: impl Read, path: &Path, most_bytes: u64) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut bytes = Vec::new();
    input.take(most_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(FileFailure::reading(path))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most_bytes {
        return Err(format!("{} is larger than {} MiB", path.display(), most_bytes / 1024 / 1024).into());
    }
    Ok(bytes)
}
