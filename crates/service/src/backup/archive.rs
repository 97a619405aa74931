//! The file of a backup: a plain tar with three parts, which `tar` can list and unpack.
//!
//! | part | holds |
//! |---|---|
//! | `manifest.json` | what was saved: [`Manifest`] |
//! | `SHA256SUMS` | the sums of the other two, in the form that `sha256sum --check` reads |
//! | `database.sqlite` or `database.pgdump` | the database: an SQLite file, or what `pg_dump --format=custom` wrote |
//!
//! Its bytes follow from the parts, down to the last: a file of any other form is taken for damaged, so that no changed
//! byte goes unseen. Later forms begin with the same two parts.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tar::{EntryType, Header};

use super::BackupError;
use super::manifest::{FORMAT, Manifest};
use base::content::hexadecimal;

/// The name of the first part.
const MANIFEST: &str = "manifest.json";

/// The name of the second part.
const SUMS: &str = "SHA256SUMS";

/// The block size of a tar.
const BLOCK: usize = 512;

/// The number of empty blocks at the end of a tar.
const LAST_BLOCKS: usize = 2;

/// An upper bound for the size of a manifest or the sums.
const LONGEST_TEXT: u64 = 16 * 1024 * 1024;

/// Writes a backup into a file: the manifest, the sums, and the database from its beginning to its end.
///
/// # Errors
/// If the database cannot be read or the file cannot be written.
pub fn write(to: &mut impl Write, manifest: &Manifest, data: &mut (impl Read + Seek)) -> io::Result<()> {
    let data_name = manifest.database.data_name();
    data.rewind()?;
    let mut hash = Sha256::new();
    let length = io::copy(data, &mut HashWriter(&mut hash))?;
    let mut text = serde_json::to_vec_pretty(manifest)?;
    text.push(b'\n');
    let sums = sums(&text, data_name, hash);
    let time = u64::try_from(manifest.saved_at.timestamp()).unwrap_or(0);
    for (name, bytes) in [(MANIFEST, text.as_slice()), (SUMS, sums.as_bytes())] {
        let length = u64::try_from(bytes.len()).map_err(io::Error::other)?;
        to.write_all(header(name, length, time)?.as_bytes())?;
        to.write_all(bytes)?;
        to.write_all(filling(length))?;
    }
    data.rewind()?;
    to.write_all(header(data_name, length, time)?.as_bytes())?;
    if io::copy(data, to)? != length {
        return Err(io::Error::other("the database changed while it was put into the backup"));
    }
    to.write_all(filling(length))?;
    to.write_all(&[0; BLOCK * LAST_BLOCKS])
}

/// A backup that was read to its end and found intact.
pub struct Archive {
    /// Its manifest.
    pub manifest: Manifest,
    path: PathBuf,
    file: File,
    data_at: u64,
    data_length: u64,
}

impl Archive {
    /// Opens a backup and reads all of it.
    ///
    /// # Errors
    /// If it cannot be read, is not a backup, needs a newer program, or is damaged.
    pub fn open(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(BackupError::file(path, "opened"))?;
        let (manifest, data_at, data_length) = Parts { file: &file, path }.check()?;
        Ok(Self { manifest, path: path.to_owned(), file, data_at, data_length })
    }

    /// The saved database, from its beginning.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn data(&mut self) -> Result<impl Read + '_, BackupError> {
        self.file.seek(SeekFrom::Start(self.data_at)).map_err(BackupError::file(&self.path, "read"))?;
        Ok((&self.file).take(self.data_length))
    }
}

/// Reads the parts of a backup one after the other.
struct Parts<'a> {
    file: &'a File,
    path: &'a Path,
}

/// The fields of a manifest of any format.
#[derive(Deserialize)]
struct AnyManifest {
    format: u32,
    muster: String,
}

impl Parts<'_> {
    fn check(mut self) -> Result<(Manifest, u64, u64), BackupError> {
        let mut first = [0; MANIFEST.len()];
        let begins = self.file.read_exact(&mut first).is_ok() && first == MANIFEST.as_bytes();
        self.file.rewind().map_err(BackupError::file(self.path, "read"))?;
        if !begins {
            return Err(BackupError::NoBackup(format!("{} is no backup of Muster's", self.path.display())));
        }
        let text = self.text(MANIFEST)?;
        let said = self.text(SUMS)?;
        if said.lines().next() != sums(text.as_bytes(), "", Sha256::new()).lines().next() {
            return Err(self.damaged(format!("{MANIFEST} is not as {SUMS} says")));
        }
        // From here on the manifest is as somebody wrote it.
        let any: AnyManifest =
            serde_json::from_str(&text).map_err(|error| self.damaged(format!("{MANIFEST} cannot be read: {error}")))?;
        if any.format != FORMAT {
            return Err(BackupError::NoBackup(format!(
                "the backup {} has the form {} of Muster {}, and this is Muster {}, which reads the form {FORMAT}",
                self.path.display(),
                any.format,
                any.muster,
                env!("CARGO_PKG_VERSION"),
            )));
        }
        let manifest: Manifest =
            serde_json::from_str(&text).map_err(|error| self.damaged(format!("{MANIFEST} cannot be read: {error}")))?;
        let data_name = manifest.database.data_name();
        let data_length = self.head(data_name)?;
        let data_at = self.file.stream_position().map_err(BackupError::file(self.path, "read"))?;
        let mut hash = Sha256::new();
        let read = io::copy(&mut self.file.take(data_length), &mut HashWriter(&mut hash))
            .map_err(BackupError::file(self.path, "read"))?;
        if read != data_length {
            return Err(self.cut_short(data_name));
        }
        if said != sums(text.as_bytes(), data_name, hash) {
            return Err(self.damaged(format!("{data_name} is not as {SUMS} says")));
        }
        self.fill(data_name, data_length)?;
        let mut end = Vec::new();
        let most = BLOCK * LAST_BLOCKS;
        self.file.take(most as u64 + 1).read_to_end(&mut end).map_err(BackupError::file(self.path, "read"))?;
        match end.len() {
            length if length < most => Err(self.cut_short("its last blocks")),
            length if length > most => Err(self.damaged("there is more after its end".to_owned())),
            _ if end.iter().any(|byte| *byte != 0) => Err(self.damaged("its last blocks are not empty".to_owned())),
            _ => Ok((manifest, data_at, data_length)),
        }
    }

    /// Reads a part that is text.
    fn text(&mut self, name: &str) -> Result<String, BackupError> {
        let length = self.head(name)?;
        if length > LONGEST_TEXT {
            return Err(self.damaged(format!("{name} is too long")));
        }
        let mut text = Vec::new();
        let read = self.file.take(length).read_to_end(&mut text).map_err(BackupError::file(self.path, "read"))?;
        if u64::try_from(read) != Ok(length) {
            return Err(self.cut_short(name));
        }
        self.fill(name, length)?;
        String::from_utf8(text).map_err(|_| self.damaged(format!("{name} is no text")))
    }

    /// Reads the header of a part, which must be the one that [`write()`] writes; returns the part's length.
    fn head(&mut self, name: &str) -> Result<u64, BackupError> {
        let mut found = Header::new_ustar();
        self.exactly(name, found.as_mut_bytes())?;
        let expected = found
            .entry_size()
            .and_then(|length| Ok((length, header(name, length, found.mtime()?)?)))
            .ok()
            .filter(|(_, expected)| expected.as_bytes() == found.as_bytes());
        match expected {
            Some((length, _)) => Ok(length),
            None => Err(self.damaged(format!("the header of {name} is not as it was written"))),
        }
    }

    /// Reads the padding of a part's last block.
    fn fill(&mut self, name: &str, length: u64) -> Result<(), BackupError> {
        let expected = filling(length);
        let mut found = vec![0; expected.len()];
        self.exactly(name, &mut found)?;
        if found != expected {
            return Err(self.damaged(format!("the end of {name} is not as it was written")));
        }
        Ok(())
    }

    fn exactly(&mut self, name: &str, bytes: &mut [u8]) -> Result<(), BackupError> {
        self.file.read_exact(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => self.cut_short(name),
            _ => BackupError::file(self.path, "read")(error),
        })
    }

    fn cut_short(&self, name: &str) -> BackupError {
        self.damaged(format!("it was cut short in {name}"))
    }

    fn damaged(&self, what: String) -> BackupError {
        BackupError::Damaged { path: self.path.to_owned(), what }
    }
}

/// The text of the sums.
fn sums(manifest: &[u8], data_name: &str, data: Sha256) -> String {
    let manifest = hexadecimal(&Sha256::digest(manifest));
    format!("{manifest}  {MANIFEST}\n{}  {data_name}\n", hexadecimal(&data.finalize()))
}

/// The header of a part, determined by name, length and time alone.
fn header(name: &str, length: u64, time: u64) -> io::Result<Header> {
    let mut header = Header::new_ustar();
    header.set_path(name)?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(time);
    header.set_size(length);
    header.set_cksum();
    Ok(header)
}

/// The zeros that pad the last block of a part.
fn filling(length: u64) -> &'static [u8] {
    static ZEROS: [u8; BLOCK] = [0; BLOCK];
    let over = usize::try_from(length % BLOCK as u64).unwrap_or(0);
    if over == 0 { &[] } else { ZEROS.get(over..).unwrap_or(&[]) }
}

/// Hashes what is written to it.
struct HashWriter<'a>(&'a mut Sha256);

impl Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
