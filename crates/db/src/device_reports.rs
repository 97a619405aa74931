//! Reports of devices: the sequence numbers of their commands, and the number of commands waiting on them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::dsl::{count, max};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::flag_words::read_flags;
use super::schema::{counts, device_commands, device_reports};
use super::sql_types::Instant;
use super::write::Change;
use base::id::{AccountId, CommandId, CountId, DeviceId};
use domain::count::CountFlag;

/// A device of an account, by the name it gives itself.
pub type Name = (AccountId, String);

/// A command received with a sequence number.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = device_commands, treat_none_as_default_value = false)]
pub struct CommandRow {
    /// The account that sent it.
    pub account_id: AccountId,
    /// The device, by the name it gives itself.
    pub device: String,
    /// The device's sequence number.
    pub seq: i64,
    /// The command.
    pub command_id: CommandId,
    /// The time it first arrived with this number.
    pub received_at: Instant,
    /// The time of its observation, by the device's clock.
    pub counted_at: Option<Instant>,
    /// Its flags, as [`write_flags`](super::flag_words::write_flags) writes them.
    pub flags: String,
}

/// The last report of a device.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = device_reports, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ReportRow {
    /// The account that pushes from it.
    pub account_id: AccountId,
    /// The device, by the name it gives itself.
    pub device: String,
    /// The registered device whose session sent the report, if its sign-in named one.
    pub signed_in_as: Option<DeviceId>,
    /// The time at which the report arrived.
    pub heard_at: Instant,
    /// The lag of the device's clock at that time, in microseconds.
    pub clock_offset_us: Option<i64>,
    /// The number of commands still waiting on it after the answer.
    pub queued: i64,
    /// The time since which some commands have been waiting.
    pub queued_since: Option<Instant>,
    /// The report of its app about itself.
    pub app: Option<String>,
}

/// The command of a device with a given number, and the one with the next lower number received.
pub fn around(
    connection: &mut AnyConnection,
    account: AccountId,
    device: &str,
    seq: i64,
) -> QueryResult<Vec<CommandRow>> {
    let of_device = || {
        device_commands::table
            .filter(device_commands::account_id.eq(account))
            .filter(device_commands::device.eq(device.to_owned()))
    };
    let below: Option<i64> = of_device()
        .filter(device_commands::seq.lt(seq))
        .order(device_commands::seq.desc())
        .select(device_commands::seq)
        .first(connection)
        .optional()?;
    let numbers: Vec<i64> = below.into_iter().chain([seq]).collect();
    of_device().filter(device_commands::seq.eq_any(numbers)).select(device_commands::all_columns).load(connection)
}

/// Records that a command arrived. Nothing that anyone reads changes, so this makes no revision.
pub fn insert_command(change: &mut Change<'_>, row: &CommandRow) -> QueryResult<()> {
    diesel::insert_into(device_commands::table).values(row).execute(change.connection)?;
    Ok(())
}

/// The flags of the commands that became some counts, by the id of the count. Left out are commands without flags or
/// without a sequence number, and commands with the same id from another device or with another number.
pub fn flags_of(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<(CountId, Vec<CountFlag>)>> {
    let same_id = device_commands::command_id.eq(counts::id);
    let same_place = counts::account_id
        .eq(device_commands::account_id)
        .and(counts::device.eq(device_commands::device.nullable()))
        .and(counts::seq.eq(device_commands::seq.nullable()));
    let rows: Vec<(CountId, String)> = device_commands::table
        .inner_join(counts::table.on(same_id.and(same_place)))
        .filter(counts::id.eq_any(ids.to_vec()))
        .filter(device_commands::flags.ne(""))
        .select((counts::id, device_commands::flags))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, words)| (id, read_flags(&words))).collect())
}

/// The last report of a device.
pub fn find(connection: &mut AnyConnection, account: AccountId, device: &str) -> QueryResult<Option<ReportRow>> {
    device_reports::table
        .filter(device_reports::account_id.eq(account))
        .filter(device_reports::device.eq(device.to_owned()))
        .select(device_reports::all_columns)
        .first(connection)
        .optional()
}

/// The time since which the longest waiting commands have been waiting on their device, of all devices.
pub fn oldest_wait(connection: &mut AnyConnection) -> QueryResult<Option<DateTime<Utc>>> {
    let oldest: Option<Instant> = device_reports::table
        .filter(device_reports::queued_since.is_not_null())
        .order(device_reports::queued_since)
        .select(device_reports::queued_since.assume_not_null())
        .first(connection)
        .optional()?;
    Ok(oldest.map(|Instant(oldest)| oldest))
}

/// Stores a device's report, replacing the one before.
pub fn save(change: &mut Change<'_>, report: &ReportRow) -> QueryResult<()> {
    let stored = device_reports::table
        .filter(device_reports::account_id.eq(report.account_id))
        .filter(device_reports::device.eq(report.device.clone()));
    if diesel::update(stored).set(report).execute(change.connection)? == 0 {
        diesel::insert_into(device_reports::table).values(report).execute(change.connection)?;
    }
    Ok(())
}

/// The last reports of the devices of some accounts.
pub fn list(connection: &mut AnyConnection, accounts: &[AccountId]) -> QueryResult<Vec<ReportRow>> {
    device_reports::table
        .filter(device_reports::account_id.eq_any(accounts.to_vec()))
        .select(device_reports::all_columns)
        .load(connection)
}

/// The extent of a device's sequence numbers, without listing them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The number of different sequence numbers received, from 1 up.
    pub received: i64,
    /// The highest number.
    pub last: i64,
}

/// The extents of the devices of some accounts, for devices that send sequence numbers.
pub fn extents(connection: &mut AnyConnection, accounts: &[AccountId]) -> QueryResult<BTreeMap<Name, Extent>> {
    let rows: Vec<(AccountId, String, i64, Option<i64>)> = device_commands::table
        .filter(device_commands::account_id.eq_any(accounts.to_vec()))
        .filter(device_commands::seq.ge(1))
        .group_by((device_commands::account_id, device_commands::device))
        .select((
            device_commands::account_id,
            device_commands::device,
            count(device_commands::seq).aggregate_distinct(),
            max(device_commands::seq),
        ))
        .load(connection)?;
    let extent = |(account, device, received, last)| Some(((account, device), Extent { received, last: last? }));
    Ok(rows.into_iter().filter_map(extent).collect())
}

/// The sequence numbers received from a device, each with its time.
pub fn numbers(
    connection: &mut AnyConnection,
    account: AccountId,
    device: &str,
) -> QueryResult<Vec<(i64, DateTime<Utc>)>> {
    let rows: Vec<(i64, Instant)> = device_commands::table
        .filter(device_commands::account_id.eq(account))
        .filter(device_commands::device.eq(device.to_owned()))
        .select((device_commands::seq, device_commands::received_at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(seq, Instant(received_at))| (seq, received_at)).collect())
}

/// The commands of some accounts' devices that have flags.
pub fn odd(connection: &mut AnyConnection, accounts: &[AccountId]) -> QueryResult<BTreeMap<Name, BTreeSet<CountFlag>>> {
    let rows: Vec<(AccountId, String, String)> = device_commands::table
        .filter(device_commands::account_id.eq_any(accounts.to_vec()))
        .filter(device_commands::flags.ne(""))
        .select((device_commands::account_id, device_commands::device, device_commands::flags))
        .distinct()
        .load(connection)?;
    let mut odd = BTreeMap::<Name, BTreeSet<CountFlag>>::new();
    for (account, device, words) in rows {
        odd.entry((account, device)).or_default().extend(read_flags(&words));
    }
    Ok(odd)
}
