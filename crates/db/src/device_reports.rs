//! What devices say of themselves: the numbers under which their commands arrived, and how many wait on them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::dsl::{count, max};
use diesel::prelude::*;

use super::connection::AnyConnection;
use super::schema::{counts, device_commands, device_reports};
use super::sql_types::Instant;
use super::write::Change;
use base::id::{AccountId, CommandId, CountId, DeviceId};
use domain::count::CountFlag;

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

/// Under which numbers a device's commands arrived, as far as that is told without looking at each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// How many different numbers from 1 up there are.
    pub received: i64,
    /// The highest.
    pub last: i64,
}

/// The extents of the devices of some accounts under whose numbers anything arrived.
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

/// The numbers under which commands arrived from a device, each with when.
pub fn numbers(connection: &mut AnyConnection, (account, device): &Name) -> QueryResult<Vec<(i64, DateTime<Utc>)>> {
    let rows: Vec<(i64, Instant)> = device_commands::table
        .filter(device_commands::account_id.eq(*account))
        .filter(device_commands::device.eq(device.clone()))
        .select((device_commands::seq, device_commands::received_at))
        .load(connection)?;
    Ok(rows.into_iter().map(|(seq, Instant(received_at))| (seq, received_at)).collect())
}

/// What is odd about commands of some accounts' devices.
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
