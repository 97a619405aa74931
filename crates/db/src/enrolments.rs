//! Enrolments: one-time sign-in codes, of which only keyed hashes are stored.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::locks::LockedKey;
use super::schema::enrolments;
use super::sql_types::Instant;
use super::write::Change;
use base::error::Error;
use base::id::{AccountId, DeviceId, EnrolmentId};
use domain::actor::{Subject, SubjectKind};
use domain::audit::ValueChange;
use domain::enrolment::Enrolment;

type Columns =
    (EnrolmentId, AccountId, Option<String>, Instant, Instant, Option<Instant>, Option<DeviceId>, Option<Instant>);

const COLUMNS: (
    enrolments::id,
    enrolments::account_id,
    enrolments::note,
    enrolments::created_at,
    enrolments::expires_at,
    enrolments::used_at,
    enrolments::device_id,
    enrolments::withdrawn_at,
) = (
    enrolments::id,
    enrolments::account_id,
    enrolments::note,
    enrolments::created_at,
    enrolments::expires_at,
    enrolments::used_at,
    enrolments::device_id,
    enrolments::withdrawn_at,
);

fn enrolment(
    (id, account, note, Instant(created_at), Instant(expires_at), used_at, device, withdrawn_at): Columns,
) -> Enrolment {
    let at = |instant: Option<Instant>| instant.map(|Instant(at)| at);
    let (used_at, withdrawn_at) = (at(used_at), at(withdrawn_at));
    Enrolment { id, account, note, created_at, expires_at, used_at, device, withdrawn_at }
}

/// An enrolment by its id.
pub fn find(connection: &mut AnyConnection, id: EnrolmentId) -> QueryResult<Option<Enrolment>> {
    let row: Option<Columns> =
        enrolments::table.filter(enrolments::id.eq(id)).select(COLUMNS).first(connection).optional()?;
    Ok(row.map(enrolment))
}

/// An enrolment by the hash of its code, under a lock that keeps other writes from using the code at the same time.
pub fn find_by_code(
    connection: &mut AnyConnection,
    _: LockedKey<'_>,
    code_hash: &[u8],
) -> QueryResult<Option<Enrolment>> {
    let row: Option<Columns> = enrolments::table
        .filter(enrolments::code_hash.eq(code_hash.to_vec()))
        .select(COLUMNS)
        .first(connection)
        .optional()?;
    Ok(row.map(enrolment))
}

/// The account of a code by its hash. The account of a code never changes.
pub fn account_of(connection: &mut AnyConnection, code_hash: &[u8]) -> QueryResult<Option<AccountId>> {
    let found = enrolments::table.filter(enrolments::code_hash.eq(code_hash.to_vec()));
    found.select(enrolments::account_id).first(connection).optional()
}

/// The enrolments whose codes may still be used at an instant.
pub fn list_open(connection: &mut AnyConnection, now: DateTime<Utc>) -> QueryResult<Vec<Enrolment>> {
    let rows: Vec<Columns> = enrolments::table
        .filter(enrolments::used_at.is_null())
        .filter(enrolments::withdrawn_at.is_null())
        .filter(enrolments::expires_at.gt(Instant(now)))
        .select(COLUMNS)
        .load(connection)?;
    Ok(rows.into_iter().map(enrolment).collect())
}

/// Adds an enrolment with the hash of its code.
pub fn insert(change: &mut Change<'_>, enrolment: &Enrolment, code_hash: &[u8]) -> Result<(), Error> {
    let values = [ValueChange::new("account", enrolment.account), ValueChange::new("expires_at", enrolment.expires_at)];
    change.record_values(Subject::new(SubjectKind::Enrolment, enrolment.id), values);
    diesel::insert_into(enrolments::table)
        .values((
            enrolments::id.eq(enrolment.id),
            enrolments::account_id.eq(enrolment.account),
            enrolments::code_hash.eq(code_hash.to_vec()),
            enrolments::note.eq(enrolment.note.as_deref()),
            enrolments::created_at.eq(Instant(enrolment.created_at)),
            enrolments::expires_at.eq(Instant(enrolment.expires_at)),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Records a change of an enrolment, with its account, which says who may know of it.
fn record(change: &mut Change<'_>, id: EnrolmentId, value: ValueChange) -> Result<(), Error> {
    let account: AccountId =
        enrolments::table.filter(enrolments::id.eq(id)).select(enrolments::account_id).first(change.connection)?;
    let values = [ValueChange::of("account", account, account), value];
    change.record_values(Subject::new(SubjectKind::Enrolment, id), values);
    Ok(())
}

/// Marks an enrolment as used by a device.
pub fn mark_used(change: &mut Change<'_>, id: EnrolmentId, device: DeviceId, now: DateTime<Utc>) -> Result<(), Error> {
    record(change, id, ValueChange::new("device", device))?;
    diesel::update(enrolments::table.filter(enrolments::id.eq(id)))
        .set((enrolments::used_at.eq(Some(Instant(now))), enrolments::device_id.eq(Some(device))))
        .execute(change.connection)?;
    Ok(())
}

/// Withdraws an enrolment unless it was used or withdrawn before. Returns true if it did.
pub fn withdraw(change: &mut Change<'_>, id: EnrolmentId, now: DateTime<Utc>) -> Result<bool, Error> {
    let unused = enrolments::table
        .filter(enrolments::id.eq(id))
        .filter(enrolments::used_at.is_null())
        .filter(enrolments::withdrawn_at.is_null());
    let withdrawn =
        diesel::update(unused).set(enrolments::withdrawn_at.eq(Some(Instant(now)))).execute(change.connection)?;
    if withdrawn > 0 {
        record(change, id, ValueChange::of("withdrawn", false, true))?;
    }
    Ok(withdrawn > 0)
}

/// Withdraws the unused enrolments of an account; with `until`, those made at that instant or before.
pub fn withdraw_all(
    change: &mut Change<'_>,
    account: AccountId,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut unused = enrolments::table
        .filter(enrolments::account_id.eq(account))
        .filter(enrolments::used_at.is_null())
        .filter(enrolments::withdrawn_at.is_null())
        .select(enrolments::id)
        .into_boxed();
    if let Some(until) = until {
        unused = unused.filter(enrolments::created_at.le(Instant(until)));
    }
    for id in unused.load::<EnrolmentId>(change.connection)? {
        withdraw(change, id, now)?;
    }
    Ok(())
}
