//! Devices.

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::devices;
use super::sql_types::Instant;
use super::write::Change;
use base::error::Error;
use base::id::{AccountId, DeviceId, SessionId};
use domain::actor::{Subject, SubjectKind};
use domain::audit::ValueChange;
use domain::device::{Device, Withdrawal};

type Columns = (DeviceId, AccountId, SessionId, String, Instant, Instant, Option<Instant>, Option<String>);

const COLUMNS: (
    devices::id,
    devices::account_id,
    devices::session_id,
    devices::name,
    devices::created_at,
    devices::last_seen_at,
    devices::withdrawn_at,
    devices::withdrawn_reason,
) = (
    devices::id,
    devices::account_id,
    devices::session_id,
    devices::name,
    devices::created_at,
    devices::last_seen_at,
    devices::withdrawn_at,
    devices::withdrawn_reason,
);

fn device(
    (id, account, session, name, Instant(created_at), Instant(last_seen_at), withdrawn_at, reason): Columns,
) -> Device {
    let withdrawn = withdrawn_at.zip(reason).map(|(Instant(at), reason)| Withdrawal { at, reason });
    Device { id, account, session, name, created_at, last_seen_at, withdrawn }
}

/// A device by its id.
pub fn find(connection: &mut AnyConnection, id: DeviceId) -> QueryResult<Option<Device>> {
    let row: Option<Columns> =
        devices::table.filter(devices::id.eq(id)).select(COLUMNS).first(connection).optional()?;
    Ok(row.map(device))
}

/// Finds the device that began with a session.
pub fn find_of_session(connection: &mut AnyConnection, session: SessionId) -> QueryResult<Option<Device>> {
    let row: Option<Columns> =
        devices::table.filter(devices::session_id.eq(session)).select(COLUMNS).first(connection).optional()?;
    Ok(row.map(device))
}

/// The devices of all accounts, or of one.
pub fn list(connection: &mut AnyConnection, account: Option<AccountId>) -> QueryResult<Vec<Device>> {
    let rows: Vec<Columns> = match account {
        Some(account) => devices::table.filter(devices::account_id.eq(account)).select(COLUMNS).load(connection)?,
        None => devices::table.select(COLUMNS).load(connection)?,
    };
    Ok(rows.into_iter().map(device).collect())
}

/// Adds a device whose session exists.
pub fn insert(change: &mut Change<'_>, device: &Device) -> Result<(), Error> {
    let values = [ValueChange::new("account", device.account), ValueChange::new("device", &device.name)];
    change.record_values(Subject::new(SubjectKind::Device, device.id), values);
    diesel::insert_into(devices::table)
        .values((
            devices::id.eq(device.id),
            devices::account_id.eq(device.account),
            devices::session_id.eq(device.session),
            devices::name.eq(&device.name),
            devices::created_at.eq(Instant(device.created_at)),
            devices::last_seen_at.eq(Instant(device.last_seen_at)),
        ))
        .execute(change.connection)?;
    Ok(())
}

/// Withdraws a device. Its session must be ended as well.
pub fn withdraw(change: &mut Change<'_>, id: DeviceId, reason: &str, now: DateTime<Utc>) -> Result<(), Error> {
    let account: AccountId =
        devices::table.filter(devices::id.eq(id)).select(devices::account_id).first(change.connection)?;
    let values = [
        ValueChange::of("account", account, account),
        ValueChange::of("withdrawn", false, true),
        ValueChange::new("reason", reason),
    ];
    change.record_values(Subject::new(SubjectKind::Device, id), values);
    diesel::update(devices::table.filter(devices::id.eq(id)))
        .set((devices::withdrawn_at.eq(Some(Instant(now))), devices::withdrawn_reason.eq(Some(reason))))
        .execute(change.connection)?;
    Ok(())
}
