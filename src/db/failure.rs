//! What an error of the database means: for the write that met it, for its neighbours, and for whoever asked.

use diesel::result::DatabaseErrorKind::{ClosedConnection, SerializationFailure, UniqueViolation, Unknown};
use diesel::result::Error::{BrokenTransactionManager, DatabaseError, RollbackErrorOnCommit};

use crate::error::Error;

/// Words that every message about a deadlock has. Diesel keeps no error codes of PostgreSQL and has no kind for this one;
/// the message is in the server's language, and of the western ones all borrow the word.
const DEADLOCK: [&str; 2] = ["deadlock", "死锁"];

impl Error {
    /// True for a write that met another one half way: run again, it sees what the other wrote.
    pub fn is_collision(&self) -> bool {
        matches!(self, Self::Database(DatabaseError(UniqueViolation, _)))
    }

    /// True where nothing short of another transaction helps: writes waited for each other, or the connection is gone.
    ///
    /// Any other error is its write's own, however strange it is: a client can make the database fail with values that
    /// it cannot take, and neither its neighbours nor a second try may pay for that.
    pub fn undoes_transaction(&self) -> bool {
        match self {
            Self::Database(DatabaseError(SerializationFailure | ClosedConnection, _)) => true,
            Self::Database(DatabaseError(Unknown, information)) => {
                let message = information.message().to_lowercase();
                DEADLOCK.iter().any(|word| message.contains(word))
            }
            Self::Database(BrokenTransactionManager | RollbackErrorOnCommit { .. }) => true,
            _ => false,
        }
    }

    /// True where the connection to the database broke: another try meets a new one.
    pub fn is_lost_connection(&self) -> bool {
        matches!(self, Self::Database(DatabaseError(ClosedConnection, _) | BrokenTransactionManager))
    }
}
