//! The books kept in memory from one read to the next: reading and parsing every rule takes most of an answer's time, and
//! they seldom change.
//!
//! They are kept under the change set that changed them last, so what is handed out is never older than what a snapshot
//! sees, whoever wrote it, and a database that was put in this one's place finds nothing of it here.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;

use super::books;
use super::connection::AnyConnection;
use super::schema::revisions;
use base::error::Error;
use base::id::ChangeSetId;
use domain::books::Books;
use domain::revision::Revision;

/// How many states are kept: the present one, and some of the past that are being asked for.
const KEPT: usize = 4;

/// A state of the books by its last change; `None` before the first.
type Key = Option<(Revision, ChangeSetId)>;

/// States of the books, the one asked for last first; clones share them.
#[derive(Clone, Default)]
pub struct KeptBooks {
    states: Arc<Mutex<Vec<(Key, Arc<Books>)>>>,
}

impl KeptBooks {
    /// The books as learnt by a revision, read where they are not kept.
    pub fn at(&self, connection: &mut AnyConnection, revision: Revision) -> Result<Arc<Books>, Error> {
        let key = last_change(connection, revision)?;
        if let Some(books) = self.find(key) {
            return Ok(books);
        }
        // Read without the lock: two readers may do the same work once, and none waits for another.
        let books = Arc::new(books::books(connection, revision)?);
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        states.insert(0, (key, books.clone()));
        states.truncate(KEPT);
        Ok(books)
    }

    fn find(&self, key: Key) -> Option<Arc<Books>> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let place = states.iter().position(|(kept, _)| *kept == key)?;
        let state = states.remove(place);
        let books = state.1.clone();
        states.insert(0, state);
        Some(books)
    }
}

/// The last change of the books that was learnt by a revision.
fn last_change(connection: &mut AnyConnection, revision: Revision) -> QueryResult<Key> {
    revisions::table
        .filter(revisions::in_books)
        .filter(revisions::revision.le(revision))
        .order(revisions::revision.desc())
        .select((revisions::revision, revisions::change_set))
        .first(connection)
        .optional()
}
