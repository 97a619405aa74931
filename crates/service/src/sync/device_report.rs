//! The reports of devices: their clocks, the commands that still wait on them, and the numbers of those that came.

use base::error::Error;
use base::id::DeviceId;
use chrono::{DateTime, TimeDelta, Utc};
use db::device_reports::ReportRow;
use db::locks::{Key, LockedKey};
use db::sql_types::Instant;
use db::write::Change;
use domain::command::Command;
use domain::device::Device;

use super::batch::Batch;
use crate::sequence_log::{self, NumberedCommand};

/// The longest time that a push is under way.
const LONGEST_WAY: TimeDelta = TimeDelta::days(1);

pub(super) fn note(change: &mut Change<'_>, batch: &Batch, command: &Command) -> Result<(), Error> {
    let Some(seq) = command.seq else { return Ok(()) };
    let (account, device, received_at) = (batch.sender.account.id, batch.device.as_str(), batch.received_at);
    let command =
        NumberedCommand { account, device, seq, id: command.id, counted_at: command.counted_at(), received_at };
    let sender = change.for_key(Key::sender(account))?;
    sequence_log::note(change, sender, &command).map(drop)
}

/// Keeps the device's report: its clock, and the commands that still wait on it.
pub(super) fn save_report(change: &mut Change<'_>, _: LockedKey<'_>, batch: &Batch) -> Result<(), Error> {
    let account = batch.sender.account.id;
    let before = db::device_reports::find(change.connection, account, &batch.device)?;
    if before.as_ref().is_some_and(|report| is_overtaken(report, batch.sent_at)) {
        return Ok(());
    }
    let taken = i64::try_from(batch.commands.len()).unwrap_or(i64::MAX);
    let told = batch.queued.unwrap_or(0).saturating_sub(taken).max(0);
    // A deposit may raise the number that waits, and not lower it.
    let waited = before.as_ref().filter(|_| batch.sender.deposit_reason.is_some()).map_or(0, |report| report.queued);
    let queued = told.max(waited);
    let waited_since = before.as_ref().and_then(|report| report.queued_since);
    let offset = batch.sent_at.map(|sent_at| batch.received_at - sent_at);
    let signed_in_as = signed_in_as(change, batch)?;
    let report = ReportRow {
        account_id: account,
        device: batch.device.clone(),
        signed_in_as: signed_in_as.or_else(|| before.and_then(|report| report.signed_in_as)),
        app: batch.app.clone(),
        heard_at: Instant(batch.received_at),
        clock_offset_us: offset.and_then(|offset| offset.num_microseconds()),
        queued,
        queued_since: (queued > 0).then(|| waited_since.unwrap_or(Instant(batch.received_at))),
    };
    Ok(db::device_reports::save(change, &report)?)
}

/// True for a push that a later one of the device overtook on the way. A larger step back than
/// [`LONGEST_WAY`] is a clock that was set back.
fn is_overtaken(report: &ReportRow, sent_at: Option<DateTime<Utc>>) -> bool {
    let Some((sent_at, offset)) = sent_at.zip(report.clock_offset_us) else { return false };
    let last_sent_at = report.heard_at.0 - TimeDelta::microseconds(offset);
    last_sent_at > sent_at && last_sent_at - sent_at <= LONGEST_WAY
}

/// The device of the sender's session. A sign-in that named none is listed from now on, under the name that the device gives
/// itself: commands that never arrive from it must show somewhere.
fn signed_in_as(change: &mut Change<'_>, batch: &Batch) -> Result<Option<DeviceId>, Error> {
    let Some(session) = batch.sender.session else { return Ok(None) };
    if let Some(device) = db::devices::find_of_session(change.connection, session)? {
        return Ok(Some(device.id));
    }
    let (id, now) = (DeviceId::new(), batch.received_at);
    let device = Device {
        id,
        account: batch.sender.account.id,
        session,
        name: batch.device.clone(),
        created_at: now,
        last_seen_at: now,
        withdrawn: None,
    };
    db::devices::insert(change, &device)?;
    Ok(Some(id))
}
