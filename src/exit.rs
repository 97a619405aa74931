//! The end of the process: one line for people and an exit code for programs.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use auth::key_folder::KeyFolderError;
use auth::receipts::KeySetError;
use base::error::{Error as Failure, StorageFailure};
use check::{Arithmetic, Report};
use client::error::PhoneError;
use db::open_error::OpenError;
use db::url::DatabaseUrlError;
use muster::api::tls::TlsError;
use muster::demo::DemoError;
use service::backup::BackupError;

use crate::config::ConfigError;

/// The meaning of the exit codes, for the help.
pub const CODES: &str = "Exit codes:
   0  success, or stopped in order by a signal
   1  any failure without a code of its own
   2  the command line or a setting is wrong
   3  the arithmetic of an explanation is wrong, or it is no explanation
   4  the digest of an explanation is wrong
   5  a receipt in an explanation is wrong
   6  a standard that was checked has faults
  65  the database cannot be used: a newer schema, another program's database, not an SQLite file, or missing
      migrations that are not run at start; or a file is not a phone's; or it is not a backup, or a damaged one, or
      one that this program cannot restore
  66  a file, or the folder of one, does not exist
  69  the database server, or a phone's service, cannot be reached or cannot work now: try again later
  74  a disk is full or failing
  75  another process uses the SQLite file, or holds a lock of the database
  77  the database refused access: wrong password, no such database or user, or it is read-only; no permission for
      a file; a key that others can read; or a phone must sign in again
  78  the signing keys are not those of the database or of the receipts that are checked, or cannot be read";

/// The reasons why a phone's round did not settle everything. All waiting commands are kept.
#[derive(Debug, thiserror::Error)]
pub enum Unsettled {
    /// Another attempt may succeed.
    #[error("not everything was sent and fetched, and nothing is lost: {0}; try again in {1} s")]
    Again(String, u64),
    /// Someone must sign in.
    #[error("the session has ended ({0}), and nothing is lost: sign in with `muster phone sign-in`")]
    SignInAgain(String),
    /// The service refuses, and would refuse a repeat.
    #[error("the service refused, and nothing is lost: {0}")]
    Refused(String),
}

/// Standards that were checked have faults, which were printed.
#[derive(Debug, thiserror::Error)]
#[error("faults found: {faults}; correct them before the standards are published")]
pub struct StandardsFaulty {
    /// The number of faults.
    pub faults: usize,
}

/// A file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be {what}", path.display())]
pub struct FileFailure {
    /// The file.
    pub path: PathBuf,
    /// The operation.
    pub what: &'static str,
    /// The cause.
    #[source]
    pub source: io::Error,
}

impl FileFailure {
    /// For `map_err`: a file could not be read.
    pub fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self { path, what: "read", source }
    }

    /// For `map_err`: a file could not be written.
    pub fn writing(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        // The cause names a file that has no name yet; its kind says what is wrong with the one that is asked for.
        move |source| Self { path: path.clone(), what: "written", source: source.kind().into() }
    }
}

/// The key set lacks keys that signed receipts of the database, so these could not be checked.
#[derive(Debug, thiserror::Error)]
#[error(
    "{links} receipts could not be checked because the key set lacks the keys that signed them ({key_ids}): give the key \
     set of the service that wrote the database"
)]
pub struct KeysMissing {
    /// The number of receipts.
    pub links: usize,
    /// The ids of the keys, separated by commas.
    pub key_ids: String,
}

/// Something in an explanation is wrong; the first of what is.
#[derive(Debug, thiserror::Error)]
pub enum ExplanationWrong {
    /// It is no explanation.
    #[error("this is no explanation that can be checked: {0} is missing, or is not what it should be")]
    Unreadable(&'static str),
    /// Values that do not follow from the rest.
    #[error("the arithmetic is wrong: {} not follow from the rest", does(*.0, "value"))]
    Arithmetic(usize),
    /// It was changed since it was made.
    #[error("the digest is wrong: the explanation was changed since it was made")]
    Digest,
    /// Receipts that do not belong to their counts, or were not signed by the service.
    #[error("{} wrong", if *.0 == 1 { "1 receipt is".to_owned() } else { format!("{} receipts are", .0) })]
    Receipts(usize),
}

impl ExplanationWrong {
    /// The first that a report says is wrong.
    pub fn of(report: &Report) -> Self {
        match &report.arithmetic {
            Arithmetic::Unreadable(member) => Self::Unreadable(member),
            Arithmetic::Wrong(differences) => Self::Arithmetic(differences.len()),
            Arithmetic::Ok if !report.digest.is_ok() => Self::Digest,
            Arithmetic::Ok => Self::Receipts(report.receipts.wrong.len()),
        }
    }

    fn code(&self) -> u8 {
        match self {
            Self::Unreadable(_) | Self::Arithmetic(_) => 3,
            Self::Digest => 4,
            Self::Receipts(_) => 5,
        }
    }
}

/// A number of things as the subject of "do not": `1 value does`, `2 values do`.
fn does(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun} does") } else { format!("{number} {noun}s do") }
}

/// The exit code of a failure.
pub fn code_of(error: &(dyn Error + 'static)) -> u8 {
    if error.is::<ConfigError>() || error.is::<DatabaseUrlError>() {
        return 2;
    }
    if error.is::<StandardsFaulty>() {
        return 6;
    }
    if let Some(wrong) = error.downcast_ref::<ExplanationWrong>() {
        return wrong.code();
    }
    if let Some(error) = error.downcast_ref::<PhoneError>() {
        return of_phone(error);
    }
    if let Some(unsettled) = error.downcast_ref::<Unsettled>() {
        return match unsettled {
            Unsettled::Again(..) => 69,
            Unsettled::SignInAgain(_) => 77,
            Unsettled::Refused(_) => 1,
        };
    }
    if let Some(error) = error.downcast_ref::<FileFailure>() {
        return of_file(&error.source);
    }
    let has_no_keys = matches!(error.downcast_ref(), Some(KeySetError::NoKeys))
        || matches!(error.downcast_ref(), Some(check::KeySetError::NoKeys));
    if error.is::<KeysMissing>() || has_no_keys {
        return 78;
    }
    if let Some(error) = error.downcast_ref::<BackupError>() {
        return of_backup(error);
    }
    if let Some(error) = error.downcast_ref::<OpenError>() {
        return of_opening(error);
    }
    if let Some(error) = error.downcast_ref::<DemoError>() {
        return of_demo(error);
    }
    if let Some(error) = error.downcast_ref::<KeyFolderError>() {
        return of_keys(error);
    }
    if let Some(error) = error.downcast_ref::<TlsError>() {
        return of_tls(error);
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        return of_file(error);
    }
    error.downcast_ref::<Failure>().map_or(1, of_failure)
}

fn of_opening(error: &OpenError) -> u8 {
    match error {
        OpenError::WrongSetting(..) => 2,
        OpenError::NotSqlite(_)
        | OpenError::AnotherProgram
        | OpenError::NotMuster
        | OpenError::Newer(_)
        | OpenError::Behind(_) => 65,
        OpenError::NoFile(_) | OpenError::NoFolder(_) => 66,
        OpenError::Unreachable(..) => 69,
        OpenError::Full(_) | OpenError::Failing(_) => 74,
        OpenError::InUse(..) | OpenError::Locked(_) => 75,
        OpenError::Refused(..) | OpenError::ReadOnly(_) => 77,
        OpenError::OtherKeys { .. } => 78,
        OpenError::Failed(error) => of_failure(error),
    }
}

/// The code of a failure while a command runs.
fn of_failure(error: &Failure) -> u8 {
    match error.storage_failure() {
        Some(StorageFailure::Disconnected) => 69,
        Some(StorageFailure::Full | StorageFailure::Failing) => 74,
        Some(StorageFailure::TimedOut) => 75,
        Some(StorageFailure::ReadOnly) => 77,
        Some(StorageFailure::KeyMissing) => 78,
        _ => 1,
    }
}

fn of_backup(error: &BackupError) -> u8 {
    match error {
        BackupError::Open(error) => of_opening(error),
        BackupError::NoBackup(_) | BackupError::Damaged { .. } => 65,
        BackupError::File { source, .. } => of_file(source),
        BackupError::Database(error) => of_failure(error),
        BackupError::Refused(_) | BackupError::Differs { .. } | BackupError::Program { .. } => 1,
    }
}

fn of_demo(error: &DemoError) -> u8 {
    match error {
        DemoError::NotTheDemo | DemoError::NotEmpty => 65,
        DemoError::Reference(_) => 1,
        DemoError::Failed(error) => of_failure(error),
    }
}

fn of_keys(error: &KeyFolderError) -> u8 {
    match error {
        KeyFolderError::NotPrivate(_) | KeyFolderError::Outside(_) => 77,
        KeyFolderError::None(_) => 66,
        KeyFolderError::NotAKey(_) => 78,
        KeyFolderError::File { source, .. } => of_file(source),
        KeyFolderError::Failed(error) => of_failure(error),
    }
}

fn of_tls(error: &TlsError) -> u8 {
    match error {
        TlsError::File { source, .. } => of_file(source),
        TlsError::NotPrivate(_) => 77,
        TlsError::NotACertificate(_) | TlsError::NotAKey(_) | TlsError::NotAPair(_) => 2,
        TlsError::Failed(_) => 1,
    }
}

fn of_file(error: &io::Error) -> u8 {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => 66,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => 74,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => 77,
        _ => 1,
    }
}

fn of_phone(error: &PhoneError) -> u8 {
    match error {
        PhoneError::Invalid(_) => 2,
        PhoneError::NotAPhone(..) | PhoneError::Newer(_) | PhoneError::NotUnsentCounts(_) => 65,
        PhoneError::NoFolder(..) => 66,
        PhoneError::Unreachable(..) | PhoneError::NotMuster(..) | PhoneError::Later(..) => 69,
        PhoneError::InUse => 75,
        PhoneError::NotSignedIn | PhoneError::OtherAccount { .. } | PhoneError::Refused(_) => 77,
        PhoneError::Storage(_) | PhoneError::IdReused(_) => 1,
    }
}
