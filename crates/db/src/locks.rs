//! The locks of writes: declared before a write waits for its turn, taken first in its transaction, held to the commit.
//!
//! Two writes that share a lock never share a commit group (`waiting.rs`), so each sees every earlier one as
//! committed and numbered. Functions that decide under a lock ask for the proof of it, which only a
//! running change gives, and only where the lock was declared.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use sha2::{Digest as _, Sha256};

use super::connection::AnyConnection;
use super::schema::organizations;
use base::id::{AccountId, OrganizationId, QuarantineId};
use domain::attempts::Tried;

/// The advisory lock of the reference data on PostgreSQL. An arbitrary constant, as the next.
const REFERENCE_LOCK: i64 = 0x6d75_7374_6572_6273;

/// The advisory lock of permissions on PostgreSQL.
const ACCOUNTS_LOCK: i64 = 0x6d75_7374_6572_6163;

/// The way in which a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Access {
    /// Shared with other readers: nobody changes the thing in the meantime.
    Shared,
    /// Exclusive.
    Exclusive,
}

/// The locks of a write.
///
/// All are taken in one order, whatever the write does with them later: organizations by their ids, the reference data,
/// the accounts, then keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locks {
    organizations: BTreeSet<OrganizationId>,
    reference: Option<Access>,
    accounts: Option<Access>,
    keys: BTreeSet<Key>,
}

impl Locks {
    /// No lock, for a write that depends on no other write.
    pub fn none() -> Self {
        Self::default()
    }

    /// The lock of an organization, for a change of its counts, facts, depots, targets, exemptions or resolutions. The
    /// reference data cannot change in the meantime.
    pub fn organization(id: OrganizationId) -> Self {
        Self::organizations([id])
    }

    /// The locks of some organizations.
    pub fn organizations(ids: impl IntoIterator<Item = OrganizationId>) -> Self {
        Self {
            organizations: ids.into_iter().collect(),
            reference: Some(Access::Shared),
            accounts: None,
            keys: BTreeSet::new(),
        }
    }

    /// Adds the lock of the reference data (regions, organizations, items, the dictionary, standards, adoptions) and of the
    /// codes of depots, for a change of them.
    pub fn reference(self) -> Self {
        Self { reference: Some(Access::Exclusive), ..self }
    }

    /// Adds the lock of permissions (accounts, clients, devices, the first setup), for a change of them.
    pub fn accounts(self) -> Self {
        Self { accounts: Some(Access::Exclusive), ..self }
    }

    /// Keeps permissions from changing in the meantime. Every change by a signed-in actor has this lock by itself.
    pub fn steady_accounts(self) -> Self {
        Self { accounts: self.accounts.max(Some(Access::Shared)), ..self }
    }

    /// Adds the locks of some keys.
    pub fn keys(mut self, keys: impl IntoIterator<Item = Key>) -> Self {
        self.keys.extend(keys);
        self
    }

    /// True if one of two writes must see the changes of the other.
    pub(super) fn conflict_with(&self, other: &Self) -> bool {
        let excludes = |one: Option<Access>, other: Option<Access>| {
            one.min(other).is_some() && one.max(other) == Some(Access::Exclusive)
        };
        excludes(self.reference, other.reference)
            || excludes(self.accounts, other.accounts)
            || !self.organizations.is_disjoint(&other.organizations)
            || !self.keys.is_disjoint(&other.keys)
    }

    /// Adds the locks of another write.
    pub(super) fn add(&mut self, other: &Self) {
        self.organizations.extend(&other.organizations);
        self.reference = self.reference.max(other.reference);
        self.accounts = self.accounts.max(other.accounts);
        self.keys.extend(&other.keys);
    }

    /// Takes the locks until the end of the transaction, before anything is read: on PostgreSQL each later statement sees
    /// what was committed before. On SQLite the only writer has locked the whole file already.
    pub(super) fn take(&self, connection: &mut AnyConnection) -> QueryResult<()> {
        lock_organizations(connection, &self.organizations)?;
        let AnyConnection::Postgres(connection) = connection else { return Ok(()) };
        let advisory = |access: Access, lock: i64| match access {
            Access::Shared => format!("SELECT pg_advisory_xact_lock_shared({lock});"),
            Access::Exclusive => format!("SELECT pg_advisory_xact_lock({lock});"),
        };
        let statements: String = [(self.reference, REFERENCE_LOCK), (self.accounts, ACCOUNTS_LOCK)]
            .into_iter()
            .filter_map(|(access, lock)| Some(advisory(access?, lock)))
            .chain(self.keys.iter().map(|key| advisory(Access::Exclusive, key.0)))
            .collect();
        if statements.is_empty() { Ok(()) } else { connection.batch_execute(&statements) }
    }

    pub(super) fn list_organizations(&self) -> impl Iterator<Item = OrganizationId> {
        self.organizations.iter().copied()
    }

    pub(super) fn has_organization(&self, id: OrganizationId) -> bool {
        self.organizations.contains(&id)
    }

    pub(super) fn has_reference(&self) -> bool {
        self.reference == Some(Access::Exclusive)
    }

    pub(super) fn has_accounts(&self) -> bool {
        self.accounts == Some(Access::Exclusive)
    }

    pub(super) fn has_steady_accounts(&self) -> bool {
        self.accounts.is_some()
    }

    pub(super) fn has_key(&self, key: Key) -> bool {
        self.keys.contains(&key)
    }
}

/// Locks organizations, in the order of their ids, until the end of the transaction, so that later statements see the
/// last commit of each. It is a statement of its own, because PostgreSQL would otherwise read the state from before the
/// wait. On SQLite the only writer has locked the whole file already.
fn lock_organizations(connection: &mut AnyConnection, ids: &BTreeSet<OrganizationId>) -> QueryResult<()> {
    match connection {
        AnyConnection::Postgres(connection) if !ids.is_empty() => organizations::table
            .filter(organizations::id.eq_any(ids))
            .order(organizations::id)
            .select(organizations::id)
            .for_no_key_update()
            .load::<OrganizationId>(connection)
            .map(drop),
        _ => Ok(()),
    }
}

/// A lock of one small thing that no other lock covers. Two things may have the same key by chance; then one waits for
/// the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(i64);

impl Key {
    /// The failures of a party.
    pub fn attempts(tried: Tried, party: &[u8]) -> Self {
        Self::of(&format!("attempts: {}", <&str>::from(tried)), party)
    }

    /// The lock of a code that signs a device in, by its stored hash.
    pub fn enrolment_code(hash: &[u8]) -> Self {
        Self::of("enrolment code", hash)
    }

    /// The lock of the refresh tokens of a session, by the stored hash of their family.
    pub fn token_family(hash: &[u8]) -> Self {
        Self::of("token family", hash)
    }

    /// The lock of the commands of an account's devices: their sequence numbers, and the number waiting in quarantine.
    pub fn sender(account: AccountId) -> Self {
        Self::of("sender", account.0.as_bytes())
    }

    /// The lock of the answers that tell an account that a code is not available.
    pub fn unavailable_answers(account: AccountId) -> Self {
        Self::of("unavailable answers", account.0.as_bytes())
    }

    /// The lock of the requests that a caller made, by the stored hash of the caller.
    pub fn request_quota(hash: &[u8]) -> Self {
        Self::of("request quota", hash)
    }

    /// The lock of the decision on a command in quarantine.
    pub fn quarantined(id: QuarantineId) -> Self {
        Self::of("quarantined", id.0.as_bytes())
    }

    fn of(kind: &str, id: &[u8]) -> Self {
        let digest = Sha256::new().chain_update(kind).chain_update([0]).chain_update(id).finalize();
        Self(digest.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte)))
    }
}

/// Binds a proof to one write, so that it cannot be kept for another.
type OfWrite<'w> = PhantomData<fn(&'w ()) -> &'w ()>;

/// The proof that a write holds an organization's lock: nobody else changes its counts, facts, depots, targets, exemptions,
/// resolutions and chain, nor the reference data, until its commit.
#[derive(Clone, Copy, Debug)]
pub struct LockedOrganization<'w> {
    id: OrganizationId,
    write: OfWrite<'w>,
}

impl LockedOrganization<'_> {
    pub(super) fn new(id: OrganizationId) -> Self {
        Self { id, write: PhantomData }
    }

    /// The organization.
    pub fn id(self) -> OrganizationId {
        self.id
    }
}

/// The proof that a write has the exclusive lock of the reference data.
#[derive(Clone, Copy, Debug)]
pub struct LockedReference<'w>(OfWrite<'w>);

impl LockedReference<'_> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

/// The proof that a write has the exclusive lock of permissions: of two admins who close each other's account at once,
/// the second is refused.
#[derive(Clone, Copy, Debug)]
pub struct LockedAccounts<'w>(OfWrite<'w>);

impl LockedAccounts<'_> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

/// The proof that permissions do not change until the commit of a write.
#[derive(Clone, Copy, Debug)]
pub struct SteadyAccounts<'w>(OfWrite<'w>);

impl SteadyAccounts<'_> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

/// The proof that a write holds the lock of a key.
#[derive(Clone, Copy, Debug)]
pub struct LockedKey<'w>(OfWrite<'w>);

impl LockedKey<'_> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_conflict_where_one_changes_what_the_other_stands_on() {
        let (one, other) = (OrganizationId::new(), OrganizationId::new());
        let key = |name: &[u8]| Locks::none().keys([Key::enrolment_code(name)]);
        let table = [
            ("nothing with anything", Locks::none(), Locks::none().reference().accounts(), false),
            ("an organization with itself", Locks::organization(one), Locks::organization(one), true),
            ("an organization with another", Locks::organization(one), Locks::organization(other), false),
            ("an organization among several", Locks::organization(one), Locks::organizations([other, one]), true),
            ("an organization with the reference data", Locks::organization(one), Locks::none().reference(), true),
            ("the reference data with themselves", Locks::none().reference(), Locks::none().reference(), true),
            ("the reference data with the accounts", Locks::none().reference(), Locks::none().accounts(), false),
            ("two who stand on the accounts", Locks::none().steady_accounts(), Locks::none().steady_accounts(), false),
            ("one who changes them", Locks::none().steady_accounts(), Locks::none().accounts(), true),
            ("a key with itself", key(b"one"), key(b"one"), true),
            ("a key with another", key(b"one"), key(b"other"), false),
        ];
        for (what, left, right, expected) in table {
            assert_eq!((left.conflict_with(&right), right.conflict_with(&left)), (expected, expected), "{what}");
        }
    }

    #[test]
    fn standing_on_the_accounts_takes_no_lock_away() {
        assert_eq!(Locks::none().accounts().steady_accounts(), Locks::none().accounts());
    }
}
