//! Running writes: every row of a change is written through a [`Change`], under the locks that it declared.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use diesel::connection::TransactionManager;
use diesel::prelude::*;

use super::audit::AuditRecord;
use super::connection::AnyConnection;
use super::locks::{Key, LockedAccounts, LockedKey, LockedOrganization, LockedReference, Locks, SteadyAccounts};
use base::error::Error;
use base::id::{AccountId, ChangeSetId, OrganizationId};
use domain::actor::{Actor, Subject};
use domain::audit::ValueChange;
use domain::reference_data::ReferenceData;

pub(super) type Transactions = <AnyConnection as Connection>::TransactionManager;

/// A running write: the connection, inside a transaction, and the change set of its rows.
pub struct Change<'a> {
    /// The connection; `transaction` on it opens a savepoint.
    pub connection: &'a mut AnyConnection,
    change_set: ChangeSetId,
    actor: &'a Actor,
    locks: &'a Locks,
    reference_source: &'a dyn ReferenceSource,
    reference_data: Option<Arc<ReferenceData>>,
    /// The organizations that this write added; nobody else can see them before its commit.
    added: HashSet<OrganizationId>,
    /// The organizations of which this write changed what they are themselves, under the lock of the reference data and not
    /// theirs; those that it added are among them.
    profiled: BTreeSet<OrganizationId>,
    subjects: Vec<Subject>,
    /// The number of each subject.
    mentioned: HashMap<Subject, usize>,
    /// The values changed of subjects whose rows keep no earlier state, by the number of the subject.
    changes: Vec<(usize, ValueChange)>,
}

/// Where writes get the reference data: the modules that read it write it too, so this one cannot know them.
pub trait ReferenceSource: Send + Sync {
    /// The reference data as of the newest revision that a connection sees.
    ///
    /// # Errors
    /// If the database fails.
    fn newest(&self, connection: &mut AnyConnection) -> Result<Arc<ReferenceData>, Error>;
}

/// The data that every row of a change stores in addition to its content.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The account that makes the change; `None` for a command.
    pub author: Option<AccountId>,
}

impl<'w> Change<'w> {
    /// The write of an actor, under locks that are held.
    pub(super) fn new(
        connection: &'w mut AnyConnection,
        change_set: ChangeSetId,
        actor: &'w Actor,
        locks: &'w Locks,
        reference_source: &'w dyn ReferenceSource,
    ) -> Self {
        Self {
            connection,
            change_set,
            actor,
            locks,
            reference_source,
            reference_data: None,
            added: HashSet::new(),
            profiled: BTreeSet::new(),
            subjects: Vec::new(),
            mentioned: HashMap::new(),
            changes: Vec::new(),
        }
    }

    /// What the write recorded.
    pub(super) fn into_record(self) -> AuditRecord {
        let mut organizations = self.profiled;
        organizations.extend(self.locks.list_organizations());
        AuditRecord { subjects: self.subjects, changes: self.changes, organizations }
    }

    /// The reference data as of the newest revision, without what this write itself or others of its transaction changed; from
    /// memory if unchanged since.
    ///
    /// # Errors
    /// If the database fails.
    pub fn reference_data(&mut self) -> Result<Arc<ReferenceData>, Error> {
        if let Some(reference_data) = &self.reference_data {
            return Ok(reference_data.clone());
        }
        let reference_data = self.reference_source.newest(self.connection)?;
        self.reference_data = Some(reference_data.clone());
        Ok(reference_data)
    }

    /// Returns the origin for the rows about a subject. The call turns the write into a revision and adds the subject to
    /// the audit; a change set is available in no other way.
    pub fn record(&mut self, subject: Subject) -> Origin {
        self.mention(subject);
        Origin { change_set: self.change_set, author: self.actor.account() }
    }

    /// Records a subject whose rows keep no earlier state, with the values that the change makes others.
    pub fn record_values(&mut self, subject: Subject, values: impl IntoIterator<Item = ValueChange>) -> Origin {
        let number = self.mention(subject.clone());
        self.changes.extend(values.into_iter().map(|value| (number, value)));
        self.record(subject)
    }

    /// Returns the number of a subject among those of this write.
    fn mention(&mut self, subject: Subject) -> usize {
        let next = self.subjects.len();
        let number = *self.mentioned.entry(subject.clone()).or_insert(next);
        if number == next {
            self.subjects.push(subject);
        }
        number
    }

    /// The proof that this write holds an organization's lock.
    ///
    /// # Errors
    /// `Busy` if it does not: the subject of the write was created after its locks were chosen, so a repeat will succeed.
    pub fn for_organization(&self, id: OrganizationId) -> Result<LockedOrganization<'w>, Error> {
        if self.locks.has_organization(id) || self.added.contains(&id) {
            return Ok(LockedOrganization::new(id));
        }
        Err(Error::Busy("what this changes was added while the request waited"))
    }

    /// Notes an organization that this write adds, and whose lock it therefore holds.
    pub(super) fn hold_added(&mut self, id: OrganizationId) {
        self.added.insert(id);
    }

    /// Notes an organization of which this write changes the profile or the kind.
    pub(super) fn note_profile(&mut self, id: OrganizationId) {
        self.profiled.insert(id);
    }

    /// The proof that permissions do not change until the commit of this write.
    ///
    /// # Errors
    /// `Internal` if the lock was not declared.
    pub fn for_steady_accounts(&self) -> Result<SteadyAccounts<'w>, Error> {
        if self.locks.has_steady_accounts() { Ok(SteadyAccounts::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write has the exclusive lock of the reference data.
    ///
    /// # Errors
    /// `Internal` if the lock was not declared.
    pub fn for_reference(&self) -> Result<LockedReference<'w>, Error> {
        if self.locks.has_reference() { Ok(LockedReference::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write has the exclusive lock of permissions.
    ///
    /// # Errors
    /// `Internal` if the lock was not declared.
    pub fn for_accounts(&self) -> Result<LockedAccounts<'w>, Error> {
        if self.locks.has_accounts() { Ok(LockedAccounts::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write holds the lock of a key.
    ///
    /// # Errors
    /// `Internal` if the lock was not declared.
    pub fn for_key(&self, key: Key) -> Result<LockedKey<'w>, Error> {
        if self.locks.has_key(key) { Ok(LockedKey::new()) } else { Err(not_declared()) }
    }

    /// Runs a part of the change in its own savepoint: if the part fails, it is undone and the rest continues.
    ///
    /// # Errors
    /// The error of the part. After one that [undoes the transaction](Error::undoes_transaction) the whole change must
    /// fail.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Change<'_>) -> Result<T, Error>) -> Result<T, Error> {
        Transactions::begin_transaction(self.connection)?;
        let (mentioned, changed) = (self.subjects.len(), self.changes.len());
        let (added, profiled) = (self.added.clone(), self.profiled.clone());
        let outcome = part(self);
        match outcome {
            Ok(value) => {
                Transactions::commit_transaction(self.connection)?;
                Ok(value)
            }
            Err(error) if error.undoes_transaction() => Err(error),
            Err(error) => {
                Transactions::rollback_transaction(self.connection)?;
                for subject in self.subjects.drain(mentioned..) {
                    self.mentioned.remove(&subject);
                }
                self.changes.truncate(changed);
                self.added = added;
                self.profiled = profiled;
                Err(error)
            }
        }
    }

    /// The actor of the change.
    pub fn actor(&self) -> &Actor {
        self.actor
    }
}

fn not_declared() -> Error {
    Error::Internal("a write needs a lock that it did not declare", None)
}
