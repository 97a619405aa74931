//! The sequence numbers of the commands that arrived from a device: gaps between them show commands that did not arrive.

use chrono::{DateTime, Utc};

use base::error::Error;
use base::id::{AccountId, CommandId};
use base::time::CLOCK_TOLERANCE;
use db::device_reports::CommandRow;
use db::flag_words::{read_flags, write_flags};
use db::locks::LockedKey;
use db::sql_types::Instant;
use db::write::Change;
use domain::count::CountFlag;
use domain::sequence::is_jump;

/// A command that arrived with a sequence number.
#[derive(Clone, Copy, Debug)]
pub struct NumberedCommand<'a> {
    /// The account that sent it.
    pub account: AccountId,
    /// The device, by the name it gives itself.
    pub device: &'a str,
    /// The device's sequence number.
    pub seq: i64,
    /// The command.
    pub id: CommandId,
    /// The instant of the count that it submits, by the device's clock.
    pub counted_at: Option<DateTime<Utc>>,
    /// The instant of receipt.
    pub received_at: DateTime<Utc>,
}

/// Notes a command with the flags that follow from its number, and returns them; adds nothing if it was noted before.
///
/// A number that another command used means a device restored from a copy. Where the count of an earlier number was made
/// later, the device's clock went back between them. A number far above the one before it is flagged, and its gap counts for
/// nothing.
pub fn note(change: &mut Change<'_>, _: LockedKey<'_>, command: &NumberedCommand<'_>) -> Result<Vec<CountFlag>, Error> {
    let NumberedCommand { account, device, seq, id, counted_at, received_at } = *command;
    let around = db::device_reports::around(change.connection, account, device, seq)?;
    if let Some(noted) = around.iter().find(|row| row.seq == seq && row.command_id == id) {
        return Ok(read_flags(&noted.flags));
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
    } else if is_jump(around.iter().map(|row| row.seq).filter(|before| *before < seq).max(), seq) {
        flags.push(CountFlag::SeqJumped);
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
    db::device_reports::insert_command(change, &row)?;
    Ok(flags)
}
