//! Contacts: the only data that is changed in place and erased, and the log of who read it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;

use super::connection::{AnyConnection, on_connection, rows_at_once};
use super::schema::{accounts, contact_reads, contacts, depot_versions, revisions};
use super::sql_types::{Day, Instant};
use super::write::{Change, Origin};
use base::error::Error;
use base::id::{AccountId, ContactId, DepotId, OrganizationId};
use domain::actor::{Subject, SubjectKind};
use domain::audit::ValueChange;
use domain::contact::{Contact, ContactOf, ContactRole, Erasure, Person, Tenure};
use domain::revision::Revision;

/// The most ids that one statement looks up.
const LOOKED_UP_AT_ONCE: usize = 500;

/// The number of columns of a read.
const READ_COLUMNS: usize = 5;

type Row = (
    (ContactId, Option<OrganizationId>, Option<DepotId>, ContactRole),
    (Option<String>, Option<String>, Option<String>),
    (String, Option<Day>, Option<Instant>, Option<AccountId>),
    Revision,
);

/// The contacts in a query, each with the revision of its last change.
macro_rules! with_revision {
    () => {
        contacts::table.inner_join(revisions::table.on(revisions::change_set.eq(contacts::change_set))).select((
            (contacts::id, contacts::organization_id, contacts::depot_id, contacts::role),
            (contacts::name, contacts::phone, contacts::certificate),
            (contacts::purpose, contacts::ended_from, contacts::erased_at, contacts::erased_by),
            revisions::revision,
        ))
    };
}

fn contact((thing, person, kept, last): Row) -> Option<Contact> {
    let ((id, organization, depot, role), (name, phone, certificate)) = (thing, person);
    let (purpose, ended_from, erased_at, erased_by) = kept;
    let of = depot.map(ContactOf::Depot).or(organization.map(ContactOf::Organization))?;
    Some(Contact {
        id,
        of,
        role,
        person: Person { name, phone, certificate },
        purpose,
        ended_from: ended_from.map(|Day(day)| day),
        erased: erased_at.map(|Instant(at)| Erasure { at, by: erased_by }),
        last,
    })
}

fn all(rows: Vec<Row>) -> Vec<Contact> {
    rows.into_iter().filter_map(contact).collect()
}

/// The contacts of a depot or an organization, in the order in which they were added.
pub fn list(connection: &mut AnyConnection, of: ContactOf) -> QueryResult<Vec<Contact>> {
    let rows = match of {
        ContactOf::Depot(id) => with_revision!().filter(contacts::depot_id.eq(id)).order(contacts::id).load(connection),
        ContactOf::Organization(id) => {
            with_revision!().filter(contacts::organization_id.eq(id)).order(contacts::id).load(connection)
        }
    };
    rows.map(all)
}

/// The contacts of some depots and organizations, by whose they are.
pub fn list_some(
    connection: &mut AnyConnection,
    depots: &[DepotId],
    organizations: &[OrganizationId],
) -> QueryResult<BTreeMap<ContactOf, Vec<Contact>>> {
    let mut found = Vec::new();
    for some in depots.chunks(LOOKED_UP_AT_ONCE) {
        let query = with_revision!().filter(contacts::depot_id.eq_any(some.to_vec()));
        found.extend(all(query.order(contacts::id).load(connection)?));
    }
    for some in organizations.chunks(LOOKED_UP_AT_ONCE) {
        let query = with_revision!().filter(contacts::organization_id.eq_any(some.to_vec()));
        found.extend(all(query.order(contacts::id).load(connection)?));
    }
    let mut contacts = BTreeMap::<ContactOf, Vec<Contact>>::new();
    for contact in found {
        contacts.entry(contact.of).or_default().push(contact);
    }
    Ok(contacts)
}

/// The names of some contacts; `None` of one that is erased or has none.
pub fn names(
    connection: &mut AnyConnection,
    ids: &BTreeSet<ContactId>,
) -> QueryResult<BTreeMap<ContactId, Option<String>>> {
    let ids: Vec<ContactId> = ids.iter().copied().collect();
    let mut names = BTreeMap::new();
    for some in ids.chunks(LOOKED_UP_AT_ONCE) {
        let rows: Vec<(ContactId, Option<String>)> = contacts::table
            .filter(contacts::id.eq_any(some.to_vec()))
            .select((contacts::id, contacts::name))
            .load(connection)?;
        names.extend(rows);
    }
    Ok(names)
}

/// Stores a contact: a new one, or the new state of one. The audit learns that its values changed, and none of them.
pub fn save(change: &mut Change<'_>, contact: &Contact, is_new: bool) -> Result<(), Error> {
    let fields = ["name", "phone", "certificate"].map(ValueChange::withheld);
    let Origin { change_set, .. } = change.record_values(Subject::new(SubjectKind::Contact, contact.id), fields);
    let Person { name, phone, certificate } = &contact.person;
    let state = (
        contacts::name.eq(name),
        contacts::phone.eq(phone),
        contacts::certificate.eq(certificate),
        contacts::purpose.eq(&contact.purpose),
        contacts::ended_from.eq(contact.ended_from.map(Day)),
        contacts::change_set.eq(change_set),
    );
    if !is_new {
        let one = contacts::table.filter(contacts::id.eq(contact.id)).filter(contacts::erased_at.is_null());
        diesel::update(one).set(state).execute(change.connection)?;
        return Ok(());
    }
    let (depot, organization) = match contact.of {
        ContactOf::Depot(id) => (Some(id), None),
        ContactOf::Organization(id) => (None, Some(id)),
    };
    diesel::insert_into(contacts::table)
        .values((
            contacts::id.eq(contact.id),
            contacts::depot_id.eq(depot),
            contacts::organization_id.eq(organization),
            contacts::role.eq(contact.role),
            state,
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Ends contacts that others take the place of, unless they ended before.
pub fn end(connection: &mut AnyConnection, ids: &[ContactId], day: NaiveDate) -> QueryResult<()> {
    let present = contacts::table
        .filter(contacts::id.eq_any(ids.to_vec()))
        .filter(contacts::ended_from.is_null().or(contacts::ended_from.gt(Day(day)).assume_not_null()));
    diesel::update(present.filter(contacts::erased_at.is_null()))
        .set(contacts::ended_from.eq(Day(day)))
        .execute(connection)?;
    Ok(())
}

/// Ends the keepers of a depot as its versions have it, after the version of a day was added by this write, and takes back the ends
/// of those who are named again. `put` is a contact whose own end this write has put.
pub fn follow_versions(
    connection: &mut AnyConnection,
    depot: DepotId,
    (added, today): (NaiveDate, NaiveDate),
    put: Option<ContactId>,
) -> QueryResult<()> {
    type Named = (Day, Option<Revision>, Option<ContactId>, Option<ContactId>);
    let mut rows: Vec<Named> = depot_versions::table
        .left_join(revisions::table.on(revisions::change_set.eq(depot_versions::change_set)))
        .filter(depot_versions::depot_id.eq(depot))
        .select((
            depot_versions::valid_from,
            revisions::revision.nullable(),
            depot_versions::keeper_id,
            depot_versions::second_keeper_id,
        ))
        .load(connection)?;
    // A version that this write adds has no revision yet: it is the latest.
    rows.sort_by_key(|(Day(day), revision, ..)| (*day, revision.unwrap_or(Revision::LATEST)));
    let is_added = |(Day(day), revision, ..): &Named| *day == added && revision.is_none();
    let named = |(Day(day), _, keeper, second): &Named| (*day, [*keeper, *second]);
    let before: Vec<_> = rows.iter().filter(|row| !is_added(row)).map(named).collect();
    let after: Vec<_> = rows.iter().map(named).collect();
    let contacts: Vec<(ContactId, Option<Day>)> = contacts::table
        .filter(contacts::depot_id.eq(depot))
        .filter(contacts::erased_at.is_null())
        .select((contacts::id, contacts::ended_from))
        .load(connection)?;
    for (id, stored) in contacts {
        let stored = stored.map(|Day(day)| day);
        let was = if put == Some(id) { Tenure::Open } else { Tenure::of(id, &before) };
        let ended_from = Tenure::of(id, &after).ended_from(was, stored, today);
        if ended_from != stored {
            diesel::update(contacts::table.filter(contacts::id.eq(id)))
                .set(contacts::ended_from.eq(ended_from.map(Day)))
                .execute(connection)?;
        }
    }
    Ok(())
}

/// Erases contacts: the person goes, the id stays. It is no change of any state that has a revision. Returns the number of those
/// that were not erased before.
pub fn erase(
    connection: &mut AnyConnection,
    ids: &[ContactId],
    at: DateTime<Utc>,
    by: Option<AccountId>,
) -> QueryResult<usize> {
    let kept = contacts::table.filter(contacts::id.eq_any(ids.to_vec())).filter(contacts::erased_at.is_null());
    diesel::update(kept)
        .set((
            contacts::name.eq(None::<String>),
            contacts::phone.eq(None::<String>),
            contacts::certificate.eq(None::<String>),
            contacts::erased_at.eq(Instant(at)),
            contacts::erased_by.eq(by),
        ))
        .execute(connection)
}

/// True if there is such a contact that is not erased.
pub fn is_kept(connection: &mut AnyConnection, id: ContactId) -> QueryResult<bool> {
    let kept = contacts::table.filter(contacts::id.eq(id)).filter(contacts::erased_at.is_null());
    Ok(kept.select(contacts::id).first::<ContactId>(connection).optional()?.is_some())
}

/// Some contacts that ended on a day or before and are not erased, the oldest first.
pub fn ended_by(connection: &mut AnyConnection, day: NaiveDate, most: i64) -> QueryResult<Vec<ContactId>> {
    contacts::table
        .filter(contacts::ended_from.le(Day(day)))
        .filter(contacts::erased_at.is_null())
        .order(contacts::ended_from)
        .limit(most)
        .select(contacts::id)
        .load(connection)
}

/// A read of a contact: by whom, on which day, by which operation first, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRead {
    /// The name of the account.
    pub by: String,
    /// Its user name.
    pub username: String,
    /// The day, in UTC.
    pub day: NaiveDate,
    /// The first operation of that day.
    pub operation: String,
    /// The instant of it.
    pub at: DateTime<Utc>,
}

/// Those of some contacts that an account has not read on a day.
pub fn not_read_on(
    connection: &mut AnyConnection,
    ids: &BTreeSet<ContactId>,
    account: AccountId,
    day: NaiveDate,
) -> QueryResult<Vec<ContactId>> {
    let all: Vec<ContactId> = ids.iter().copied().collect();
    let mut read = BTreeSet::<ContactId>::new();
    for some in all.chunks(LOOKED_UP_AT_ONCE) {
        let query = contact_reads::table
            .filter(contact_reads::contact_id.eq_any(some.to_vec()))
            .filter(contact_reads::day.eq(Day(day)))
            .filter(contact_reads::account_id.eq(account));
        read.extend(query.select(contact_reads::contact_id).load::<ContactId>(connection)?);
    }
    Ok(all.into_iter().filter(|id| !read.contains(id)).collect())
}

/// Notes reads of contacts by an account, each once a day.
pub fn note_reads(
    connection: &mut AnyConnection,
    ids: &[ContactId],
    account: AccountId,
    operation: &str,
    at: DateTime<Utc>,
) -> QueryResult<()> {
    let row = |id: &ContactId| {
        (
            contact_reads::contact_id.eq(*id),
            contact_reads::account_id.eq(account),
            contact_reads::day.eq(Day(at.date_naive())),
            contact_reads::operation.eq(operation.to_owned()),
            contact_reads::at.eq(Instant(at)),
        )
    };
    let rows: Vec<_> = ids.iter().map(row).collect();
    on_connection!(connection, connection => {
        for some in rows.chunks(rows_at_once(READ_COLUMNS)) {
            diesel::insert_into(contact_reads::table)
                .values(some)
                .on_conflict_do_nothing()
                .execute(connection)?;
        }
    });
    Ok(())
}

/// The reads of a contact, the latest first.
pub fn list_reads(connection: &mut AnyConnection, id: ContactId, most: i64) -> QueryResult<Vec<ContactRead>> {
    let rows: Vec<(String, String, Day, String, Instant)> = contact_reads::table
        .inner_join(accounts::table.on(accounts::id.eq(contact_reads::account_id)))
        .filter(contact_reads::contact_id.eq(id))
        .order((contact_reads::day.desc(), contact_reads::at.desc(), contact_reads::account_id))
        .limit(most)
        .select((
            accounts::display_name,
            accounts::username,
            contact_reads::day,
            contact_reads::operation,
            contact_reads::at,
        ))
        .load(connection)?;
    let read = |(by, username, Day(day), operation, Instant(at))| ContactRead { by, username, day, operation, at };
    Ok(rows.into_iter().map(read).collect())
}

/// True if there are reads of days before a day.
pub fn has_reads(connection: &mut AnyConnection, before: NaiveDate) -> QueryResult<bool> {
    let earlier = contact_reads::table.filter(contact_reads::day.lt(Day(before))).select(contact_reads::day);
    Ok(earlier.first::<Day>(connection).optional()?.is_some())
}

/// Deletes the reads of the earliest day, if that is before a day.
pub fn prune_reads(connection: &mut AnyConnection, before: NaiveDate) -> QueryResult<usize> {
    let earlier = contact_reads::table.filter(contact_reads::day.lt(Day(before))).order(contact_reads::day);
    let Some(earliest) = earlier.select(contact_reads::day).first::<Day>(connection).optional()? else { return Ok(0) };
    diesel::delete(contact_reads::table.filter(contact_reads::day.eq(earliest))).execute(connection)
}
