//! Running writes: every row of a change is written through one, under the locks that it declared.

use std::collections::HashSet;

use diesel::connection::TransactionManager;
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::locks::{Key, LockedAccounts, LockedKey, LockedOrganization, LockedReference, Locks, SteadyAccounts};
use base::error::Error;
use base::id::{AccountId, ChangeSetId, OrganizationId};
use domain::actor::{Actor, Subject};

pub(super) type Transactions = <AnyConnection as Connection>::TransactionManager;

/// A running write: the connection, inside a transaction, and the change set of its rows.
pub struct Change<'a> {
    /// The connection; `transaction` on it opens a savepoint.
    pub connection: &'a mut AnyConnection,
    change_set: ChangeSetId,
    actor: &'a Actor,
    locks: &'a Locks,
    /// Organizations that this write added: nobody else knows of them before its commit.
    added: HashSet<OrganizationId>,
    subjects: Vec<Subject>,
    mentioned: HashSet<Subject>,
}

/// The data that every row of a change carries beside its content.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The account that makes it; `None` for a command.
    pub author: Option<AccountId>,
}

impl<'w> Change<'w> {
    /// The write of an actor, under locks that are held.
    pub(super) fn new(
        connection: &'w mut AnyConnection,
        change_set: ChangeSetId,
        actor: &'w Actor,
        locks: &'w Locks,
    ) -> Self {
        let (added, subjects, mentioned) = (HashSet::new(), Vec::new(), HashSet::new());
        Self { connection, change_set, actor, locks, added, subjects, mentioned }
    }

    /// What it recorded, in that order.
    pub(super) fn into_subjects(self) -> Vec<Subject> {
        self.subjects
    }

    /// Returns the origin for the rows about a subject. The call makes the write a revision and puts the subject into the
    /// audit; there is no other way to get a change set.
    pub fn record(&mut self, subject: Subject) -> Origin {
        if self.mentioned.insert(subject.clone()) {
            self.subjects.push(subject);
        }
        Origin { change_set: self.change_set, author: self.actor.account() }
    }

    /// The proof that this write holds an organization's lock.
    ///
    /// # Errors
    /// `Busy` where it does not: what the write is about came to be after its locks were chosen, and the same again finds it.
    pub fn for_organization(&self, id: OrganizationId) -> Result<LockedOrganization<'w>, Error> {
        if self.locks.has_organization(id) || self.added.contains(&id) {
            return Ok(LockedOrganization::new(id));
        }
        Err(Error::Busy("what this changes was added while the request waited"))
    }

    /// Holds an organization that this write adds.
    pub(super) fn hold_added(&mut self, id: OrganizationId) {
        self.added.insert(id);
    }

    /// The proof that nobody changes who may do what until the commit of this write.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_steady_accounts(&self) -> Result<SteadyAccounts<'w>, Error> {
        if self.locks.has_steady_accounts() { Ok(SteadyAccounts::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write changes the reference data alone.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_reference(&self) -> Result<LockedReference<'w>, Error> {
        if self.locks.has_reference() { Ok(LockedReference::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write changes alone who may do what.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_accounts(&self) -> Result<LockedAccounts<'w>, Error> {
        if self.locks.has_accounts() { Ok(LockedAccounts::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write holds the lock of a key.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_key(&self, key: Key) -> Result<LockedKey<'w>, Error> {
        if self.locks.has_key(key) { Ok(LockedKey::new()) } else { Err(not_declared()) }
    }

    /// Runs a part of the change in a savepoint of its own: where it fails nothing is left of it, and the rest goes on.
    ///
    /// # Errors
    /// That of the part. After one that [undoes the transaction](Error::undoes_transaction) the whole change must fail.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Change<'_>) -> Result<T, Error>) -> Result<T, Error> {
        Transactions::begin_transaction(self.connection)?;
        let mentioned = self.subjects.len();
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
