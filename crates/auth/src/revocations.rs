//! Revocations, kept in a file beside the keys: a database restored from a backup does not know those made since, and is told
//! of them again before it serves anybody.

use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::secret_file;
use base::error::Error;
use base::id::{AccountId, ClientId, DeviceId, SessionId};
use base::private_files::resolve_inside;
use domain::revision::Revision;

/// The name of the file in the folder of keys. Each line is one revocation in JSON.
const FILE: &str = "revocations.jsonl";

/// The size in bytes above which the older half is dropped.
const LARGEST: u64 = 16 * 1_048_576;

/// A right that was taken back, or given back since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Revocation {
    /// An account was closed.
    AccountClosed {
        /// The account.
        account: AccountId,
        /// The reason.
        reason: String,
    },
    /// A closed account was opened again.
    AccountReopened {
        /// The account.
        account: AccountId,
    },
    /// A password was changed or removed, and the sessions before it ended.
    PasswordChanged {
        /// The account.
        account: AccountId,
        /// The hash of the new password; `None` if it was removed.
        hash: Option<String>,
        /// The session in which it was changed, which went on.
        session: Option<SessionId>,
    },
    /// A session was ended.
    SessionEnded {
        /// The session.
        session: SessionId,
    },
    /// A device was withdrawn.
    DeviceWithdrawn {
        /// The device.
        device: DeviceId,
        /// The reason.
        reason: String,
    },
    /// A client was closed.
    ClientClosed {
        /// The client.
        client: ClientId,
        /// The reason.
        reason: String,
    },
    /// A client was given another secret.
    ClientSecretReset {
        /// The client.
        client: ClientId,
        /// The hash of the new secret.
        hash: Vec<u8>,
    },
}

impl Revocation {
    /// The subject, of which a later revocation takes the place of an earlier one.
    pub fn subject(&self) -> (&'static str, Uuid) {
        match self {
            Self::AccountClosed { account, .. } | Self::AccountReopened { account } => ("account", account.0),
            Self::PasswordChanged { account, .. } => ("password", account.0),
            Self::SessionEnded { session } => ("session", session.0),
            Self::DeviceWithdrawn { device, .. } => ("device", device.0),
            Self::ClientClosed { client, .. } => ("client", client.0),
            Self::ClientSecretReset { client, .. } => ("client secret", client.0),
        }
    }
}

/// A revocation as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRevocation {
    /// The time.
    pub at: DateTime<Utc>,
    /// The revision of the database that has it.
    pub revision: Revision,
    /// The revocation.
    #[serde(flatten)]
    pub revocation: Revocation,
}

/// The file of revocations of a folder of keys.
#[derive(Clone, Debug)]
pub struct RevocationLog {
    /// `None` for keys that exist only in this process.
    folder: Option<PathBuf>,
}

impl RevocationLog {
    /// The file in a folder of keys.
    pub fn beside(folder: &Path) -> Self {
        Self { folder: Some(folder.to_owned()) }
    }

    /// No file: for keys that no restarted service has.
    pub fn nowhere() -> Self {
        Self { folder: None }
    }

    /// Adds a revocation, on the disk when this returns. It waits for the disk.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn append(&self, kept: &KeptRevocation) -> Result<(), Error> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut line = serde_json::to_vec(kept).map_err(|error| Error::internal("a revocation has no form", error))?;
        line.push(b'\n');
        self.write(folder, &line).map_err(|error| Error::internal("a revocation cannot be kept beside the keys", error))
    }

    fn write(&self, folder: &Path, line: &[u8]) -> io::Result<()> {
        // Instances that share the folder write one after the other.
        let mut lock = OpenOptions::new();
        lock.write(true).create(true).truncate(false);
        let turn = lock.open(resolve_inside(folder, &folder.join("lock"))?)?;
        turn.lock()?;
        let path = resolve_inside(folder, &folder.join(FILE))?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        if file.metadata()?.len() > LARGEST {
            let all = fs::read(&path)?;
            let (_, newer) = all.split_at_checked(all.len() / 2).unwrap_or_default();
            let cut = newer.iter().position(|byte| *byte == b'\n').map_or(newer.len(), |end| end + 1);
            secret_file::write(&path, newer.get(cut..).unwrap_or_default())?;
            file = options.open(&path)?;
        }
        // A line that a power cut left half written must not take this one with it.
        let mut last = [b'\n'];
        if file.metadata()?.len() > 0 {
            file.seek(SeekFrom::End(-1))?;
            file.read_exact(&mut last)?;
        }
        if last != [b'\n'] {
            file.write_all(b"\n")?;
        }
        file.write_all(line)?;
        file.sync_data()
    }

    /// All that is kept, oldest first. A line that was left half written is passed over.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self) -> Result<Vec<KeptRevocation>, Error> {
        let Some(folder) = &self.folder else { return Ok(Vec::new()) };
        let all = match fs::read(folder.join(FILE)) {
            Ok(all) => all,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::internal("the revocations beside the keys cannot be read", error)),
        };
        Ok(all.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(number: u128) -> KeptRevocation {
        let revocation = Revocation::SessionEnded { session: SessionId(uuid::Uuid::from_u128(number)) };
        KeptRevocation { at: DateTime::UNIX_EPOCH, revision: Revision(7), revocation }
    }

    #[test]
    fn what_was_added_is_read_in_order_whatever_a_power_cut_left() {
        let folder = tempfile::tempdir().unwrap();
        let log = RevocationLog::beside(folder.path());
        assert_eq!(log.read().unwrap(), []);
        log.append(&ended(1)).unwrap();
        let mut file = OpenOptions::new().append(true).open(folder.path().join(FILE)).unwrap();
        file.write_all(b"{\"at\":\"2026").unwrap();
        log.append(&ended(2)).unwrap();
        assert_eq!(log.read().unwrap(), [ended(1), ended(2)]);
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let log = RevocationLog::beside(folder.path());
        let line = serde_json::to_string(&ended(1)).unwrap() + "\n";
        let lines = usize::try_from(LARGEST).unwrap() / line.len() + 1;
        fs::write(folder.path().join(FILE), line.repeat(lines)).unwrap();
        log.append(&ended(2)).unwrap();
        let kept = log.read().unwrap();
        assert!((lines / 2..=lines / 2 + 2).contains(&kept.len()), "{}", kept.len());
        assert_eq!(kept.last(), Some(&ended(2)));
    }
}
