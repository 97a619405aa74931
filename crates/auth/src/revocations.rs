//! Revocations, kept in a file beside the keys: a database restored from a backup does not know those made since, and is told
//! of them again before it serves anybody.

use std::collections::{HashMap, HashSet};
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::secret_file;
use base::error::Error;
use base::id::{AccountId, ClientId, ContactId, DeviceId, SessionId};
use base::private_files::{resolve_inside, sync_folder};
use domain::revision::Recorded;

/// The name of the file in the folder of keys. Each line is one revocation in JSON.
const FILE: &str = "revocations.jsonl";

/// The size in bytes above which the file is made smaller.
const LARGEST: usize = 16 * 1_048_576;

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
        /// The account.
        account: AccountId,
        /// The session.
        session: SessionId,
    },
    /// A device was withdrawn.
    DeviceWithdrawn {
        /// The account.
        account: AccountId,
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
    /// A contact was erased because somebody asked for it: the person must not come back with a backup from before.
    ContactErased {
        /// The contact.
        contact: ContactId,
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
            Self::SessionEnded { session, .. } => ("session", session.0),
            Self::DeviceWithdrawn { device, .. } => ("device", device.0),
            Self::ContactErased { contact } => ("contact", contact.0),
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
    /// The change that made it; `None` for the end of a session, which may be no change that is recorded.
    pub recorded: Option<Recorded>,
    /// The revocation.
    #[serde(flatten)]
    pub revocation: Revocation,
}

impl KeptRevocation {
    /// The time by which revocations of one subject are ordered: that of the revision, because two revisions never share one.
    pub fn made_at(&self) -> DateTime<Utc> {
        self.recorded.map_or(self.at, |recorded| recorded.at)
    }
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

    /// The folder; `None` if nothing is kept.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Adds revocations, on the disk when this returns. It waits for the disk.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn append(&self, kept: &[KeptRevocation]) -> Result<(), Error> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let lines = lines_of(kept).map_err(|error| Error::internal("a revocation has no form", error))?;
        write(folder, &lines).map_err(|error| Error::internal("a revocation cannot be kept beside the keys", error))
    }

    /// All that is kept, oldest first.
    ///
    /// # Errors
    /// If the file cannot be read, or is a link that leads out of the folder.
    pub fn read(&self) -> Result<Kept, Error> {
        let Some(folder) = &self.folder else { return Ok(Kept::default()) };
        match resolve_inside(folder, &folder.join(FILE)).and_then(fs::read) {
            Ok(all) => Ok(Kept::of(&Lines::of(&all))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::default()),
            Err(error) => Err(Error::internal("the revocations beside the keys cannot be read", error)),
        }
    }
}

/// The content of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The revocations, oldest first.
    pub revocations: Vec<KeptRevocation>,
    /// The number of lines that are none: left half written by a power cut, damaged, or written by a newer version.
    pub unreadable: usize,
}

impl Kept {
    fn of(lines: &Lines<'_>) -> Self {
        Self { revocations: lines.revocations.clone(), unreadable: lines.unreadable.len() }
    }
}

fn write(folder: &Path, lines: &[u8]) -> io::Result<()> {
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
    let is_new = !path.exists();
    let mut file = options.open(&path)?;
    if is_new {
        sync_folder(folder)?;
    }
    if file.metadata()?.len() > LARGEST as u64 {
        secret_file::write(&path, &smaller(Lines::of(&fs::read(&path)?))?)?;
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
    file.write_all(lines)?;
    file.sync_data()
}

/// The lines of the file.
#[derive(Default)]
struct Lines<'a> {
    revocations: Vec<KeptRevocation>,
    unreadable: Vec<&'a [u8]>,
}

impl<'a> Lines<'a> {
    fn of(all: &'a [u8]) -> Self {
        let mut lines = Self::default();
        for line in all.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(one) => lines.revocations.push(one),
                Err(_) => lines.unreadable.push(line),
            }
        }
        lines
    }
}

fn lines_of<'a>(kept: impl IntoIterator<Item = &'a KeptRevocation>) -> serde_json::Result<Vec<u8>> {
    let mut lines = Vec::new();
    for one in kept {
        serde_json::to_writer(&mut lines, one)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

/// The same file with the last revocation of each subject only, after the lines that cannot be read. If that is still more than
/// half of the largest, the oldest ends of sessions and devices go, from the accounts that have most: nobody can push out what
/// concerns others.
fn smaller(Lines { revocations, unreadable }: Lines<'_>) -> serde_json::Result<Vec<u8>> {
    let kept = last_of_each(revocations);
    let mut lines = lines_of(&kept)?;
    let mut most = kept.len();
    while lines.len() > LARGEST / 2 && most > 1 {
        most /= 2;
        lines = lines_of(newest_of_each_account(&kept, most))?;
    }
    let mut all = unreadable.join(&b'\n');
    if !all.is_empty() {
        all.push(b'\n');
    }
    all.append(&mut lines);
    Ok(all)
}

/// The last revocation of each subject, oldest first: lines may stand in another order than their commits.
pub fn last_of_each(mut kept: Vec<KeptRevocation>) -> Vec<KeptRevocation> {
    kept.sort_by_key(KeptRevocation::made_at);
    let mut seen = HashSet::new();
    let mut last: Vec<_> = kept.into_iter().rev().filter(|one| seen.insert(one.revocation.subject())).collect();
    last.reverse();
    last
}

/// All but the ends of sessions and devices that are older than the newest `most` of the same account.
fn newest_of_each_account(kept: &[KeptRevocation], most: usize) -> Vec<&KeptRevocation> {
    let mut ends: HashMap<AccountId, usize> = HashMap::new();
    let is_kept = |one: &&KeptRevocation| match &one.revocation {
        Revocation::SessionEnded { account, .. } | Revocation::DeviceWithdrawn { account, .. } => {
            let number = ends.entry(*account).or_default();
            *number += 1;
            *number <= most
        }
        _ => true,
    };
    let mut newest: Vec<_> = kept.iter().rev().filter(is_kept).collect();
    newest.reverse();
    newest
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::id::ChangeSetId;

    fn ended(number: u128, account: u128) -> KeptRevocation {
        let (session, account) = (SessionId(Uuid::from_u128(number)), AccountId(Uuid::from_u128(account)));
        let revocation = Revocation::SessionEnded { account, session };
        KeptRevocation { at: DateTime::UNIX_EPOCH, recorded: None, revocation }
    }

    #[test]
    fn what_was_added_is_read_in_order_whatever_a_power_cut_left() {
        let folder = tempfile::tempdir().unwrap();
        let log = RevocationLog::beside(folder.path());
        assert_eq!(log.read().unwrap().revocations, []);
        log.append(&[ended(1, 1)]).unwrap();
        let mut file = OpenOptions::new().append(true).open(folder.path().join(FILE)).unwrap();
        file.write_all(b"{\"at\":\"2026").unwrap();
        log.append(&[ended(2, 1), ended(3, 1)]).unwrap();
        let kept = log.read().unwrap();
        assert_eq!((kept.revocations, kept.unreadable), (vec![ended(1, 1), ended(2, 1), ended(3, 1)], 1));
    }

    #[test]
    fn of_one_subject_the_last_that_was_committed_counts() {
        let account = AccountId(Uuid::from_u128(1));
        let kept = |second: i64, revocation| {
            let at = DateTime::from_timestamp(second, 0).unwrap();
            KeptRevocation { at, recorded: Some(Recorded { change_set: ChangeSetId::new(), at }), revocation }
        };
        let reopened = kept(2, Revocation::AccountReopened { account });
        let closed = kept(1, Revocation::AccountClosed { account, reason: "left".to_owned() });
        assert_eq!(last_of_each(vec![reopened.clone(), closed]), [reopened]);
    }

    #[test]
    fn one_account_pushes_nothing_of_others_out() {
        let folder = tempfile::tempdir().unwrap();
        let log = RevocationLog::beside(folder.path());
        log.append(&[ended(1, 1)]).unwrap();
        let busy: Vec<_> = (0..130_000).map(|number| ended(2 + number, 2)).collect();
        log.append(&busy).unwrap();
        log.append(&[ended(1_000_000, 2)]).unwrap();
        let kept = log.read().unwrap().revocations;
        assert!(fs::metadata(folder.path().join(FILE)).unwrap().len() < LARGEST as u64 / 2 + 1000);
        assert!(kept.len() > 30_000, "{}", kept.len());
        assert_eq!(kept.first(), Some(&ended(1, 1)));
        assert_eq!(kept.last(), Some(&ended(1_000_000, 2)));
        // One and the same subject costs nothing.
        fs::write(folder.path().join(FILE), lines_of(&vec![ended(7, 2); 130_000]).unwrap()).unwrap();
        log.append(&[ended(1, 1)]).unwrap();
        assert_eq!(log.read().unwrap().revocations, [ended(7, 2), ended(1, 1)]);
    }

    #[test]
    fn a_line_that_cannot_be_read_stays_when_the_file_is_made_smaller() {
        let folder = tempfile::tempdir().unwrap();
        let (log, path) = (RevocationLog::beside(folder.path()), folder.path().join(FILE));
        let newer = b"{\"kind\":\"something_newer\",\"at\":\"2026-11-25T04:27:00Z\"}\n\xff\xfe\n";
        fs::write(&path, [newer, &*lines_of(&vec![ended(7, 2); 130_000]).unwrap()].concat()).unwrap();
        log.append(&[ended(1, 1)]).unwrap();
        assert!(fs::read(&path).unwrap().starts_with(newer));
        let kept = log.read().unwrap();
        assert_eq!((kept.revocations, kept.unreadable), (vec![ended(7, 2), ended(1, 1)], 2));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_the_folder_is_followed_neither_to_read_nor_to_write() {
        let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (log, target) = (RevocationLog::beside(folder.path()), outside.path().join(FILE));
        fs::write(&target, lines_of(&[ended(1, 1)]).unwrap()).unwrap();
        std::os::unix::fs::symlink(&target, folder.path().join(FILE)).unwrap();
        log.read().unwrap_err();
        log.append(&[ended(2, 1)]).unwrap_err();
        assert_eq!(fs::read(&target).unwrap(), lines_of(&[ended(1, 1)]).unwrap());
    }
}
