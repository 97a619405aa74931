//! Failures of diesel as errors by kind.

use diesel::result::DatabaseErrorKind::{
    ClosedConnection, ReadOnlyTransaction, SerializationFailure, UnableToSendCommand, UniqueViolation, Unknown,
};
use diesel::result::Error::{BrokenTransactionManager, DatabaseError, RollbackErrorOnCommit};

use crate::error::{Error, StorageFailure};

/// The words by which messages of a database tell their kind, in lower case: English and Chinese.
///
/// Diesel keeps no error codes, and servers speak the language they are set to; where a message is in another one, and
/// has none of these words, the failure counts as one of the write alone.
const WORDS: [(StorageFailure, &[&str]); 5] = [
    (StorageFailure::Undone, &["deadlock", "死锁"]),
    (StorageFailure::TimedOut, &["lock timeout", "statement timeout", "database is locked", "锁超时", "语句执行超时"]),
    (
        StorageFailure::Full,
        &["disk is full", "disk full", "no space left", "file too large", "disk quota", "没有空间", "超出磁盘限额"],
    ),
    (
        StorageFailure::ReadOnly,
        &["readonly database", "read-only transaction", "read-only file system", "during recovery", "恢复期间", "只读"],
    ),
    (StorageFailure::Failing, &["disk i/o error", "input/output error", "could not write", "could not fsync"]),
];

/// The kind of failure that a message of a database tells.
pub fn failure_told(message: &str) -> StorageFailure {
    let message = message.to_lowercase();
    let told = WORDS.iter().find(|(_, words)| words.iter().any(|word| message.contains(word)));
    told.map_or(StorageFailure::Other, |(failure, _)| *failure)
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        let failure = match &error {
            DatabaseError(UniqueViolation, _) => StorageFailure::Collision,
            DatabaseError(ClosedConnection | UnableToSendCommand, _) | BrokenTransactionManager => {
                StorageFailure::Disconnected
            }
            DatabaseError(SerializationFailure, _) | RollbackErrorOnCommit { .. } => StorageFailure::Undone,
            DatabaseError(ReadOnlyTransaction, _) => StorageFailure::ReadOnly,
            DatabaseError(Unknown, information) => failure_told(information.message()),
            _ => StorageFailure::Other,
        };
        Self::Storage(failure, Box::new(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_both_databases_tell_their_kind() {
        for (message, expected) in [
            ("deadlock detected", StorageFailure::Undone),
            ("canceling statement due to lock timeout", StorageFailure::TimedOut),
            ("canceling statement due to statement timeout", StorageFailure::TimedOut),
            ("database is locked", StorageFailure::TimedOut),
            ("database or disk is full", StorageFailure::Full),
            ("could not extend file \"base/5/1\": No space left on device", StorageFailure::Full),
            ("could not write block 3: No space left on device", StorageFailure::Full),
            ("attempt to write a readonly database", StorageFailure::ReadOnly),
            ("cannot execute INSERT in a read-only transaction", StorageFailure::ReadOnly),
            ("cannot assign transaction IDs during recovery", StorageFailure::ReadOnly),
            ("disk I/O error", StorageFailure::Failing),
            ("invalid byte sequence for encoding \"UTF8\": 0x00", StorageFailure::Other),
        ] {
            assert_eq!(failure_told(message), expected, "{message}");
        }
    }
}
