//! Carrying out the commands that a device pushes: each exactly once and by itself. A command that cannot be applied as
//! it was sent goes into quarantine; no command with an id is thrown away.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::rights::Sender;
use crate::chain::Signer;
use crate::counts::{self, DeviceSaid, SentBefore, Submission, SubmitOutcome};
use crate::input_errors::read_json;
use crate::sequence_log::{self, NumberedCommand};
use crate::sessions::role_not_allowed;
use auth::receipts::ReceiptKeys;
use base::error::{Error, Fault};
use base::id::{CountId, DeviceId, OrganizationId, QuarantineId};
use db::connection::AnyConnection;
use db::counts::Fixed;
use db::device_reports::ReportRow;
use db::locks::{Key, LockedKey};
use db::quarantine::QuarantineRow;
use db::sql_types::Instant;
use db::write::Change;
use domain::account::{Belongs, Role};
use domain::actor::{Subject, SubjectKind};
use domain::command::{Command, Pushed, effective_times};
use domain::device::Device;
use domain::new_count::{NewCount, is_plausible};
use domain::quarantine::{CommandRefusal, quarantine_id};
use domain::receipt::LinkKind;
use text::messages::message;

/// The maximum number of an account's commands that may wait for an officer.
const WAITING_COMMANDS: i64 = 5_000;

/// The maximum number of an account's deposited commands that may wait for an officer.
const DEPOSIT_COMMANDS: usize = 200;

/// The maximum size of their contents together, in bytes.
const DEPOSIT_BYTES: usize = 2 * 1_048_576;

/// The seconds after which a refused deposit may be tried again: an officer must decide in the meantime.
const DEPOSIT_RETRY_SECONDS: u32 = 3600;

/// The commands that a device pushes at once.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The sender.
    pub sender: Sender,
    /// The device, by the name it gives itself.
    pub device: String,
    /// The instant of sending, by the device's clock.
    pub sent_at: Option<DateTime<Utc>>,
    /// The number of commands waiting on the device at that time, these included.
    pub queued: Option<i64>,
    /// The commands, in the order sent.
    pub commands: Vec<Pushed>,
    /// The instant of receipt.
    pub received_at: DateTime<Utc>,
}

/// A command, and the effective time of its count.
#[derive(Clone, Copy, Debug)]
struct TimedCommand<'a> {
    command: &'a Command,
    effective_at: DateTime<Utc>,
}

/// The outcome of one command of a push.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandOutcome {
    /// It is a count.
    Applied {
        /// The count.
        count: CountId,
        /// True if it was a count before.
        repeated: bool,
    },
    /// It is in quarantine, or was until an officer decided.
    Quarantined {
        /// Its id there.
        id: QuarantineId,
        /// True if it was there before.
        repeated: bool,
    },
    /// It has no id, so nothing of it is kept.
    Rejected(Fault),
}

impl Batch {
    /// Reads the commands of a push, each by itself.
    ///
    /// # Errors
    /// `Invalid` for a time of sending that no clock shows.
    pub fn read(
        sender: Sender,
        device: String,
        sent_at: Option<DateTime<Utc>>,
        received_at: DateTime<Utc>,
        queued: Option<i64>,
        commands: &[Box<RawValue>],
    ) -> Result<Self, Error> {
        if sent_at.is_some_and(|instant| !is_plausible(instant)) {
            return Err(Error::invalid("/sent_at", "out_of_range", message!("header-sent-at-range")));
        }
        let commands = commands.iter().enumerate().map(|(place, command)| Pushed::read(place, command)).collect();
        Ok(Self { sender, device, sent_at, queued, commands, received_at })
    }

    fn commands(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter_map(|pushed| match pushed {
            Pushed::Command(command) => Some(command.as_ref()),
            Pushed::Nothing { .. } => None,
        })
    }
}

/// The organizations whose locks a push needs: that of the sender, and the owners of the depots that its commands name,
/// if the sender sees them.
pub fn organizations_of(connection: &mut AnyConnection, batch: &Batch) -> Result<BTreeSet<OrganizationId>, Error> {
    let belongs = batch.sender.account.belongs;
    let mut organizations: BTreeSet<OrganizationId> = own_organization(belongs).into_iter().collect();
    for command in batch.commands() {
        organizations.extend(owner_of_depot_in(connection, belongs, command)?);
    }
    Ok(organizations)
}

fn own_organization(belongs: Belongs) -> Option<OrganizationId> {
    match belongs {
        Belongs::Organization(own) => Some(own),
        Belongs::Region(_) => None,
    }
}

/// The owner of the depot that a command names, if the command can be read and the sender sees the depot.
fn owner_of_depot_in(
    connection: &mut AnyConnection,
    belongs: Belongs,
    command: &Command,
) -> Result<Option<OrganizationId>, Error> {
    #[derive(serde::Deserialize)]
    struct NamesDepot {
        depot_id: base::id::DepotId,
    }
    let Ok(NamesDepot { depot_id }) = serde_json::from_slice(&command.content.bytes) else { return Ok(None) };
    match counts::owner_of(connection, belongs, depot_id) {
        Ok(owner) => Ok(Some(owner)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Carries out a push; returns the outcome of each command, in order.
///
/// # Errors
/// `Busy` if a depot was opened after the locks were taken; `TooMany` if the quarantine of the sender is full. Nothing is
/// stored then, and the same may be sent again.
pub fn push(change: &mut Change<'_>, keys: &ReceiptKeys, batch: &Batch) -> Result<Vec<CommandOutcome>, Error> {
    let sender = change.for_key(Key::sender(batch.sender.account.id))?;
    let ids: Vec<CountId> = batch.commands().map(Command::count_id).collect();
    let fixed: BTreeMap<CountId, Fixed> =
        db::counts::fixed(change.connection, &ids)?.into_iter().map(|fixed| (fixed.id, fixed)).collect();
    let timed: Vec<(&Command, Option<DateTime<Utc>>)> = batch
        .commands()
        .map(|command| {
            let stored = fixed.get(&command.count_id()).filter(|fixed| fixed.sha256 == command.content.sha256);
            (command, stored.map(|fixed| fixed.effective_at.0).or_else(|| fixed_by_receipt(command, keys)))
        })
        .collect();
    let mut times = effective_times(&timed, batch.sent_at, batch.received_at).into_iter();
    let mut outcomes = Vec::with_capacity(batch.commands.len());
    for pushed in &batch.commands {
        outcomes.push(match pushed {
            Pushed::Nothing { fault, .. } => CommandOutcome::Rejected(fault.clone()),
            Pushed::Command(command) => {
                let effective_at = times.next().unwrap_or(batch.received_at);
                take_in(change, keys, batch, TimedCommand { command, effective_at })?
            }
        });
    }
    let is_new = |outcome: &CommandOutcome| matches!(outcome, CommandOutcome::Quarantined { repeated: false, .. });
    let is_any_new = outcomes.iter().any(is_new);
    if is_any_new {
        require_room(change, sender, &batch.sender)?;
    }
    if is_any_new || batch.sender.deposit_reason.is_none() {
        save_report(change, sender, batch)?;
    }
    Ok(outcomes)
}

/// The effective time in the genuine receipt that came with a command, which was fixed before the server was restored.
fn fixed_by_receipt(command: &Command, keys: &ReceiptKeys) -> Option<DateTime<Utc>> {
    let link = keys.checks().check(command.receipt.as_deref()?).ok()?.link;
    let ids = [command.id.0, quarantine_id(command.id, &command.content.sha256).0];
    (link.kind == LinkKind::Count && ids.contains(&link.id)).then_some(link.effective_at)?
}

/// Carries out one command, or puts it into quarantine.
fn take_in(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    batch: &Batch,
    timed: TimedCommand<'_>,
) -> Result<CommandOutcome, Error> {
    let TimedCommand { command, .. } = timed;
    // Tried twice: another write may come in between, and the second attempt sees its rows.
    for last in [false, true] {
        if let Some(outcome) = known(change.connection, &batch.sender, command)? {
            // Locked-out senders record sequence numbers only with new commands.
            if batch.sender.deposit_reason.is_none() {
                note(change, batch, command)?;
            }
            return Ok(outcome);
        }
        match change.attempt(|change| apply(change, keys, batch, timed)) {
            Ok(outcome) => {
                let repeated = outcome == SubmitOutcome::Repeated;
                return Ok(CommandOutcome::Applied { count: command.count_id(), repeated });
            }
            Err(error) if error.is_of_storage() || matches!(error, Error::Busy(_)) => return Err(error),
            Err(error) if error.is_collision() && !last => {}
            Err(error) => return quarantine(change, batch, timed, &error),
        }
    }
    Err(Error::Internal("a command met others twice", None))
}

/// The present outcome of a command that arrived before with the same content.
fn known(connection: &mut AnyConnection, sender: &Sender, command: &Command) -> Result<Option<CommandOutcome>, Error> {
    let before = counts::sent_before(connection, &sender.account, command.count_id(), &command.content)?;
    if let SentBefore::Same(stored) = before {
        return Ok(Some(CommandOutcome::Applied { count: stored.id, repeated: true }));
    }
    let id = quarantine_id(command.id, &command.content.sha256);
    let there = db::quarantine::find_unnumbered(connection, id)?.is_some();
    Ok(there.then_some(CommandOutcome::Quarantined { id, repeated: true }))
}

/// Carries a command out.
fn apply(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    batch: &Batch,
    timed: TimedCommand<'_>,
) -> Result<SubmitOutcome, Error> {
    let TimedCommand { command, effective_at } = timed;
    let account = &batch.sender.account;
    if let Some(code) = batch.sender.deposit_reason {
        return Err(Error::Unauthenticated { code, detail: message!("command-deposited") });
    }
    if account.role == Role::Viewer {
        return Err(role_not_allowed(account.role));
    }
    match counts::sent_before(change.connection, account, command.count_id(), &command.content)? {
        SentBefore::Never => {}
        SentBefore::Same(_) => return Ok(SubmitOutcome::Repeated),
        SentBefore::Other(failure) => return Err(failure),
    }
    if !command.faults.is_empty() {
        return Err(Error::Invalid(command.faults.clone()));
    }
    let count = counts::check(read_json::<NewCount>(&command.content.bytes)?, keys, command.receipt.as_deref())?;
    let owner = counts::owner_of(change.connection, account.belongs, count.count().depot_id)?;
    let locked = change.for_organization(owner)?;
    let device = DeviceSaid { name: Some(batch.device.clone()), seq: command.seq, sent_at: batch.sent_at };
    let mut submission = Submission {
        effective_at: Some(effective_at),
        ..Submission::new(command.count_id(), count, command.content.clone(), device, batch.received_at)
    };
    if let Some(receipt) = &command.receipt {
        counts::take_over(&mut submission, keys, owner, receipt)?;
    }
    counts::submit(change, Signer { author: &account.author(), keys }, locked, &submission)
}

/// Keeps a command that could not be applied.
fn quarantine(
    change: &mut Change<'_>,
    batch: &Batch,
    timed: TimedCommand<'_>,
    error: &Error,
) -> Result<CommandOutcome, Error> {
    let TimedCommand { command, effective_at } = timed;
    let refusal = CommandRefusal::of(error);
    if refusal.code == "internal" {
        tracing::error!(%error, command = %command.id, "a command was put into quarantine because it failed here");
    }
    let account = &batch.sender.account;
    let owner = owner_of_depot_in(change.connection, account.belongs, command)?;
    let id = quarantine_id(command.id, &command.content.sha256);
    let offset = batch.sent_at.map(|sent_at| batch.received_at - sent_at);
    let row = QuarantineRow {
        id,
        command_id: command.id,
        sha256: command.content.sha256.clone(),
        change_set: change.record(Subject::new(SubjectKind::Quarantine, id)).change_set,
        account_id: account.id,
        organization_id: owner.or_else(|| own_organization(account.belongs)),
        sender_role: account.role,
        kind: command.kind.clone(),
        body: command.content.bytes.clone(),
        receipt: command.receipt.clone(),
        device: batch.device.clone(),
        seq: command.seq,
        sent_at: batch.sent_at.map(Instant),
        clock_offset_us: offset.and_then(|offset| offset.num_microseconds()),
        received_at: Instant(batch.received_at),
        effective_at: Instant(effective_at),
        deposited: batch.sender.deposit_reason.is_some(),
        code: refusal.code.clone(),
        problem: serde_json::to_string(&refusal)
            .map_err(|error| Error::internal("a refusal cannot be written", error))?,
    };
    db::quarantine::insert(change, &row)?;
    note(change, batch, command)?;
    Ok(CommandOutcome::Quarantined { id, repeated: false })
}

fn note(change: &mut Change<'_>, batch: &Batch, command: &Command) -> Result<(), Error> {
    let Some(seq) = command.seq else { return Ok(()) };
    let (account, device, received_at) = (batch.sender.account.id, batch.device.as_str(), batch.received_at);
    let command =
        NumberedCommand { account, device, seq, id: command.id, counted_at: command.counted_at(), received_at };
    let sender = change.for_key(Key::sender(account))?;
    sequence_log::note(change, sender, &command)
}

/// Refuses more commands than a sender may have in quarantine; the limit is lower for deposits.
fn require_room(change: &mut Change<'_>, _: LockedKey<'_>, sender: &Sender) -> Result<(), Error> {
    if sender.deposit_reason.is_none() {
        if db::quarantine::count_waiting(change.connection, sender.account.id)? <= WAITING_COMMANDS {
            return Ok(());
        }
        let detail = message!("command-quarantine-full", commands = WAITING_COMMANDS);
        return Err(Error::TooMany { code: "quarantine_full", detail, retry_after: DEPOSIT_RETRY_SECONDS });
    }
    let (commands, bytes) = db::quarantine::deposited(change.connection, sender.account.id)?;
    if commands <= DEPOSIT_COMMANDS && bytes <= DEPOSIT_BYTES {
        return Ok(());
    }
    let detail = message!("command-deposit-full", commands = DEPOSIT_COMMANDS, bytes = DEPOSIT_BYTES);
    Err(Error::TooMany { code: "deposit_full", detail, retry_after: DEPOSIT_RETRY_SECONDS })
}

/// Stores the device's report: its clock, and the number of commands that still wait on it.
fn save_report(change: &mut Change<'_>, _: LockedKey<'_>, batch: &Batch) -> Result<(), Error> {
    let account = batch.sender.account.id;
    let before = db::device_reports::find(change.connection, account, &batch.device)?;
    let taken = i64::try_from(batch.commands.len()).unwrap_or(i64::MAX);
    let told = batch.queued.unwrap_or(0).saturating_sub(taken).max(0);
    // A deposit may raise the number of waiting commands, but not lower it.
    let waited = before.as_ref().filter(|_| batch.sender.deposit_reason.is_some()).map_or(0, |report| report.queued);
    let queued = told.max(waited);
    let waited_since = before.as_ref().and_then(|report| report.queued_since);
    let offset = batch.sent_at.map(|sent_at| batch.received_at - sent_at);
    let signed_in_as = signed_in_as(change, batch)?;
    let report = ReportRow {
        account_id: account,
        device: batch.device.clone(),
        signed_in_as: signed_in_as.or_else(|| before.and_then(|report| report.signed_in_as)),
        heard_at: Instant(batch.received_at),
        clock_offset_us: offset.and_then(|offset| offset.num_microseconds()),
        queued,
        queued_since: (queued > 0).then(|| waited_since.unwrap_or(Instant(batch.received_at))),
    };
    Ok(db::device_reports::save(change, &report)?)
}

/// The device of the sender's session. If the sign-in named no device, it is listed from now on under the name that the
/// device gives itself, so that its missing commands are visible.
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
