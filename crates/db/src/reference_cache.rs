//! Reference data kept in memory between reads and writes: parsing every rule takes most of the time of an answer, and rules
//! seldom change.
//!
//! The key is the change set that last changed the data, so the result is never older than the snapshot, even if another
//! instance wrote, and nothing of it is used for a database that replaces this one.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::draft_checks::DraftChecks;
use super::reference_data;
use super::revisions::StateKey;
use super::schema::revisions;
use super::write::ReferenceSource;
use base::error::Error;
use domain::draft::{Draft, Finding};
use domain::reference_data::ReferenceData;
use domain::revision::Revision;

/// The number of states kept: the present one, and some past ones in use.
const KEPT: usize = 4;

/// States of the reference data, the most recently used first; clones share them.
#[derive(Clone, Default)]
pub struct ReferenceCache {
    states: Arc<Mutex<Vec<(StateKey, Arc<ReferenceData>)>>>,
    draft_checks: DraftChecks,
}

impl ReferenceCache {
    /// The reference data as of a revision, loaded unless kept.
    pub fn at(&self, connection: &mut AnyConnection, revision: Revision) -> Result<Arc<ReferenceData>, Error> {
        Ok(self.keyed(connection, revision)?.1)
    }

    /// The findings about a draft as it would hold from a day, made once for each state of the reference data.
    pub fn findings(
        &self,
        connection: &mut AnyConnection,
        draft: &Draft,
        day: NaiveDate,
    ) -> Result<Arc<[Finding]>, Error> {
        let (key, reference_data) = self.keyed(connection, Revision::LATEST)?;
        self.draft_checks.of(&reference_data, key, draft, day)
    }

    fn keyed(
        &self,
        connection: &mut AnyConnection,
        revision: Revision,
    ) -> Result<(StateKey, Arc<ReferenceData>), Error> {
        let key = last_change(connection, revision)?;
        if let Some(reference_data) = self.find(key) {
            return Ok((key, reference_data));
        }
        // As of its last change: a writer's later statements may see newer changes. Loaded without the lock: two readers may do
        // the same work, but neither waits for the other.
        let revision = key.map_or(Revision(0), |(revision, _)| revision);
        let reference_data = Arc::new(reference_data::reference_data(connection, revision)?);
        Ok((key, self.keep(key, reference_data)))
    }

    /// Keeps a state, or returns the one that another reader kept meanwhile: others tell by its address that nothing changed.
    fn keep(&self, key: StateKey, loaded: Arc<ReferenceData>) -> Arc<ReferenceData> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, kept)) = states.iter().find(|(kept, _)| *kept == key) {
            return kept.clone();
        }
        states.insert(0, (key, loaded.clone()));
        states.truncate(KEPT);
        loaded
    }

    fn find(&self, key: StateKey) -> Option<Arc<ReferenceData>> {
        let mut states = self.states.lock().unwrap_or_else(PoisonError::into_inner);
        let place = states.iter().position(|(kept, _)| *kept == key)?;
        let state = states.remove(place);
        let reference_data = state.1.clone();
        states.insert(0, state);
        Some(reference_data)
    }
}

impl ReferenceSource for ReferenceCache {
    fn newest(&self, connection: &mut AnyConnection) -> Result<Arc<ReferenceData>, Error> {
        self.at(connection, Revision::LATEST)
    }
}

/// The last change of the reference data up to a revision.
fn last_change(connection: &mut AnyConnection, revision: Revision) -> QueryResult<StateKey> {
    revisions::table
        .filter(revisions::is_reference_data)
        .filter(revisions::revision.le(revision))
        .order(revisions::revision.desc())
        .select((revisions::revision, revisions::change_set))
        .first(connection)
        .optional()
}
