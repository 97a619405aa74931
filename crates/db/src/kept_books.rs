//! Reference data kept in memory between reads: parsing every rule takes most of the time of an answer, and rules
//! seldom change.
//!
//! The key is the change set that last changed the data, so the result is never older than the snapshot, whoever wrote
//! it, and a database that replaces this one finds nothing of it.

use std::sync::{Arc, Mutex, PoisonError};

use diesel::prelude::*;

use super::books;
use super::connection::AnyConnection;
use super::schema::revisions;
use base::error::Error;
use base::id::ChangeSetId;
use domain::books::Books;
use domain::revision::Revision;

/// The number of states kept: the present one, and some past ones in use.
const KEPT: usize = 4;

/// The key of a state: its last change; `None` before the first.
type Key = Option<(Revision, ChangeSetId)>;

/// States of the reference data, the most recently used first; clones share them.
#[derive(Clone, Default)]
pub struct KeptBooks {
    states: Arc<Mutex<Vec<(Key, Arc<Books>)>>>,
}

impl KeptBooks {
    /// The reference data as of a revision, loaded unless kept.
    pub fn at(&self, connection: &mut AnyConnection, revision: Revision) -> Result<Arc<Books>, Error> {
        let key = last_change(connection, revision)?;
        if let Some(books) = self.find(key) {
            return Ok(books);
        }
        // Loaded without the lock: two readers may do the same work once, and none waits for another.
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

/// The last change of the reference data up to a revision.
fn last_change(connection: &mut AnyConnection, revision: Revision) -> QueryResult<Key> {
    revisions::table
        .filter(revisions::in_books)
        .filter(revisions::revision.le(revision))
        .order(revisions::revision.desc())
        .select((revisions::revision, revisions::change_set))
        .first(connection)
        .optional()
}
