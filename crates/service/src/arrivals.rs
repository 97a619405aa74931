//! Noting under which running numbers commands arrive from a device: what is missing between them never did.

use chrono::{DateTime, Utc};

use base::error::Error;
use base::id::{AccountId, CommandId};
use base::time::CLOCK_TOLERANCE;
use db::device_reports::{CommandRow, write_flags};
use db::locks::LockedKey;
use db::sql_types::Instant;
use db::write::Change;
use domain::count::CountFlag;

/// A command that arrives under a number.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The account that sent it.
    pub account: AccountId,
    /// The device, by the name it gives itself.
    pub device: &'a str,
    /// The device's running number.
    pub seq: i64,
    /// The command.
    pub id: CommandId,
    /// When what it tells of was seen, by the device's clock.
    pub counted_at: Option<DateTime<Utc>>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
}

/// Notes that a command arrived, with what is odd about it; nothing where it was noted before.
///
/// A number that was used for another command means a device that was restored from a copy. Where the count of the number
/// before was made later, the device's clock went back between them.
pub fn note(change: &mut Change<'_>, _: LockedKey<'_>, arrival: &Arrival<'_>) -> Result<(), Error> {
    let Arrival { account, device, seq, id, counted_at, received_at } = *arrival;
    let around = db::device_reports::around(change.connection, (account, device), seq)?;
    if around.iter().any(|row| row.seq == seq && row.command_id == id) {
        return Ok(());
    }
    let later = |row: &CommandRow| match (row.counted_at, counted_at) {
        (Some(Instant(before)), Some(now)) => before > now + CLOCK_TOLERANCE,
        _ => false,
    };
    let mut flags = Vec::new();
    if around.iter().any(|row| row.seq < seq && later(row)) {
        flags.push(CountFlag::ClockWentBack);
    }
    if around.iter().any(|row| row.seq == seq) {
        flags.push(CountFlag::SeqReused);
    }
    let row = CommandRow {
        account_id: account,
        device: device.to_owned(),
        seq,
        command_id: id,
        received_at: Instant(received_at),
        counted_at: counted_at.map(Instant),
        flags: write_flags(&flags),
    };
    Ok(db::device_reports::insert_command(change, &row)?)
}
