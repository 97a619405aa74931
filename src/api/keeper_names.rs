//! The names of keepers in answers, and the log of who read them.
//!
//! In figures and depots a name is taken out by [`KeeperNames::name`] only, which notes it. The lists of contacts and the export have
//! the contacts themselves, and note those that they show.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::state::AppState;
use base::error::Error;
use base::id::ContactId;
use domain::actor::Actor;
use domain::contact::{ERASED, ERASED_ZH};
use service::shortages::ContactNames;
use text::language::Language;

/// The contacts that an answer shows.
#[derive(Clone, Debug, Default)]
pub struct Shown(Arc<Mutex<BTreeSet<ContactId>>>);

impl Shown {
    /// Some contacts.
    pub fn of(ids: impl IntoIterator<Item = ContactId>) -> Self {
        Self(Arc::new(Mutex::new(ids.into_iter().collect())))
    }

    /// The contacts.
    pub fn into_ids(self) -> BTreeSet<ContactId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes contacts that are shown.
    pub fn add(&self, ids: impl IntoIterator<Item = ContactId>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
    }

    /// Logs them as read by an account, before the answer is sent: one that cannot be logged is not given. Each contact is logged
    /// once a day for each reader, so that most reads write nothing.
    ///
    /// # Errors
    /// The database's error.
    pub async fn log(self, state: &AppState, reader: &Actor) -> Result<(), Error> {
        let ids = self.into_ids();
        let (Some(account), false) = (reader.account(), ids.is_empty()) else { return Ok(()) };
        let now = state.clock.now();
        let unread = move |snapshot: &mut db::read::Snapshot<'_>| {
            Ok(db::contacts::not_read_on(snapshot.connection, &ids, account, now.date_naive())?)
        };
        let unread = state.db.read(unread).await?;
        if unread.is_empty() {
            return Ok(());
        }
        service::contacts::note_reads(&state.db, reader.clone(), account, unread, now).await
    }
}

/// The names of some keepers, in an answer.
#[derive(Clone, Copy, Debug)]
pub struct KeeperNames<'a> {
    /// The names.
    pub names: &'a ContactNames,
    /// Those that the answer shows.
    pub shown: &'a Shown,
    /// The language of the answer.
    pub language: Language,
}

impl KeeperNames<'_> {
    /// The name of a keeper, or the word for an erased one.
    pub fn name(&self, id: ContactId) -> Option<String> {
        match self.names.get(&id)? {
            Some(name) => {
                self.shown.add([id]);
                Some(name.clone())
            }
            None => Some(erased(self.language)),
        }
    }
}

/// The word for an erased name.
pub fn erased(language: Language) -> String {
    language.choose(ERASED, ERASED_ZH).to_owned()
}
