//! What devices say of themselves: the numbers under which their commands arrived, and how many wait on them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::history::by_owner;
use super::schema::{counts, device_commands, device_reports};
use super::sql_types::Instant;
use super::write::Change;
use crate::domain::count::CountFlag;
use crate::domain::id::{AccountId, CommandId, CountId, DeviceId};

/// A device of an account, by the name it gives itself.
pub type Name = (AccountId, String);

/// A command that arrived under a running number.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = device_commands, treat_none_as_default_value = false)]
pub struct CommandRow {
    /// The account that sent it.
    pub account_id: AccountId,
    /// The device, by the name it gives itself.
    pub device: String,
    /// The device's running number.
    pub seq: i64,
    /// The command.
    pub command_id: CommandId,
    /// When it arrived first under this number.
    pub received_at: Instant,
    /// When what it tells of was seen, by the device's clock.
    pub counted_at: Option<Instant>,
    /// What is odd about it ([`write_flags`]).
    pub flags: String,
}

/// What a device last said of itself.
#[derive(Clone, Debug, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = device_reports, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct ReportRow {
    /// The account that pushes from it.
    pub account_id: AccountId,
    /// The device, by the name it gives itself.
    pub device: String,
    /// What it is signed in as, where its sign-in named a device.
    pub signed_in_as: Option<DeviceId>,
    /// When it was last heard of.
    pub heard_at: Instant,
    /// How far its clock was behind then, in microseconds.
    pub clock_offset_us: Option<i64>,
    /// How many commands waited on it when it had been answered.
    pub queued: i64,
    /// Since when some waited.
    pub queued_since: Option<Instant>,
}

/// The commands that arrived from a device under a number, and those of the number next below that arrived.
pub fn around(
    connection: &mut AnyConnection,
    (account, device): (AccountId, &str),
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

/// Notes that a command arrived. It is no change of what anybody is told, so it makes no revision.
pub fn insert_command(change: &mut Change<'_>, row: &CommandRow) -> QueryResult<()> {
    diesel::insert_into(device_commands::table).values(row).execute(change.connection)?;
    Ok(())
}

/// What is odd about the commands that became some counts, by their ids; those about which nothing is, or that came under
/// no number, are left out. Another command under the same id, from elsewhere or with another number, is none of them.
pub fn flags_of(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<Vec<(CountId, Vec<CountFlag>)>> {
    let same_id = device_commands::command_id.eq(counts::id);
    let same_place =
        counts::device.eq(device_commands::device.nullable()).and(counts::seq.eq(device_commands::seq.nullable()));
    let rows: Vec<(CountId, String)> = device_commands::table
        .inner_join(counts::table.on(same_id.and(same_place)))
        .filter(counts::id.eq_any(ids.to_vec()))
        .filter(device_commands::flags.ne(""))
        .select((counts::id, device_commands::flags))
        .load(connection)?;
    Ok(rows.into_iter().map(|(id, words)| (id, read_flags(&words))).collect())
}

/// Flags as they are stored; a word that is none is passed over.
fn read_flags(words: &str) -> Vec<CountFlag> {
    words.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Flags as they are stored.
pub fn write_flags(flags: &[CountFlag]) -> String {
    let words: Vec<&str> = flags.iter().map(|flag| (*flag).into()).collect();
    words.join(" ")
}

/// What a device last said of itself.
pub fn find(connection: &mut AnyConnection, (account, device): (AccountId, &str)) -> QueryResult<Option<ReportRow>> {
    device_reports::table
        .filter(device_reports::account_id.eq(account))
        .filter(device_reports::device.eq(device.to_owned()))
        .select(device_reports::all_columns)
        .first(connection)
        .optional()
}

/// Keeps what a device says of itself in the place of what it said before.
pub fn save(change: &mut Change<'_>, report: &ReportRow) -> QueryResult<()> {
    let stored = device_reports::table
        .filter(device_reports::account_id.eq(report.account_id))
        .filter(device_reports::device.eq(report.device.clone()));
    if diesel::update(stored).set(report).execute(change.connection)? == 0 {
        diesel::insert_into(device_reports::table).values(report).execute(change.connection)?;
    }
    Ok(())
}

/// What the devices of some accounts last said of themselves.
pub fn list(connection: &mut AnyConnection, accounts: &[AccountId]) -> QueryResult<Vec<ReportRow>> {
    device_reports::table
        .filter(device_reports::account_id.eq_any(accounts.to_vec()))
        .select(device_reports::all_columns)
        .load(connection)
}

/// A number under which a command arrived, when, and what was odd about it.
pub type Arrival = (i64, DateTime<Utc>, Vec<CountFlag>);

/// The numbers under which commands of some accounts' devices arrived.
pub fn arrivals(connection: &mut AnyConnection, accounts: &[AccountId]) -> QueryResult<BTreeMap<Name, Vec<Arrival>>> {
    let rows: Vec<CommandRow> = device_commands::table
        .filter(device_commands::account_id.eq_any(accounts.to_vec()))
        .select(device_commands::all_columns)
        .load(connection)?;
    let arrival = |row: &CommandRow| (row.seq, row.received_at.0, read_flags(&row.flags));
    Ok(by_owner(rows.into_iter().map(|row| ((row.account_id, row.device.clone()), arrival(&row)))))
}
