//! Carrying out the commands that a device pushes: each once, for ever, and by itself. A command that cannot be applied as
//! it was sent goes into quarantine; nothing that can be named is thrown away.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::value::RawValue;

use super::rights::Sender;
use crate::chain::Signer;
use crate::counts::{self, DeviceSaid, SentBefore, Submission, SubmitOutcome};
use crate::input_errors::read_json;
use crate::quarantine::{self, Settled};
use crate::sequence_log::{self, NumberedCommand};
use crate::sessions::role_not_allowed;
use auth::receipts::ReceiptKeys;
use base::error::{Error, Fault};
use base::id::{CountId, DeviceId, OrganizationId, QuarantineId};
use db::connection::AnyConnection;
use db::counts::Fixed;
use db::device_reports::ReportRow;
use db::locks::{Key, LockedKey};
use db::quarantine::{DecisionRow, Held, QuarantineRow};
use db::receipts::EvidenceRow;
use db::sql_types::Instant;
use db::write::Change;
use domain::account::{Belongs, Role};
use domain::actor::{Subject, SubjectKind};
use domain::command::{Command, Pushed, effective_times};
use domain::device::Device;
use domain::new_count::{NewCount, is_plausible};
use domain::quarantine::{CommandRefusal, quarantine_id};
use domain::receipt::{Link, LinkKind};
use text::messages::message;

/// The most that may wait for an officer of what one account sent: the bytes are those of the contents, and of what is wrong
/// with them.
const WAITING: Held = Held { commands: 5_000, bytes: 32 * 1_048_576 };

/// The most of it that may be deposited.
const DEPOSITED: Held = Held { commands: 200, bytes: 2 * 1_048_576 };

/// The most bytes that may wait of all accounts together.
const WAITING_BYTES_IN_ALL: i64 = 512 * 1_048_576;

/// The seconds after which a refused deposit is worth another try: an officer must decide meanwhile.
const DEPOSIT_RETRY_SECONDS: u32 = 3600;

/// The longest time that a push is under way.
const LONGEST_WAY: TimeDelta = TimeDelta::days(1);

/// The codes of deposits that a new sign-in of the same account makes good. A closed account needs an officer.
const LAPSED_SESSION: [&str; 2] = ["session_ended", "token_expired"];

/// The commands that a device pushes at once.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The sender.
    pub sender: Sender,
    /// The device, by the name it gives itself.
    pub device: String,
    /// The instant of sending, by the device's clock.
    pub sent_at: Option<DateTime<Utc>>,
    /// The number of commands that waited on the device then, these included.
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
        /// True where it was one before.
        repeated: bool,
    },
    /// It is in quarantine, or was until an officer decided.
    Quarantined {
        /// Its id there.
        id: QuarantineId,
        /// True where it was there before.
        repeated: bool,
        /// The reason why it stays there now, where that is another than the one it came for.
        refusal: Option<Box<CommandRefusal>>,
    },
    /// Nothing of it is kept, because quarantine has no room for it: the device must keep it.
    Deferred(Box<CommandRefusal>),
    /// It cannot be named, so nothing of it is kept.
    Rejected(Fault),
}

impl Batch {
    /// Reads the commands of a push, each by itself. A time of sending that no clock shows is taken as not told.
    pub fn read(
        sender: Sender,
        device: String,
        sent_at: Option<DateTime<Utc>>,
        received_at: DateTime<Utc>,
        queued: Option<i64>,
        commands: &[Box<RawValue>],
    ) -> Self {
        let sent_at = sent_at.filter(|instant| is_plausible(*instant));
        let commands = commands.iter().enumerate().map(|(place, command)| Pushed::read(place, command)).collect();
        Self { sender, device, sent_at, queued, commands, received_at }
    }

    fn commands(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter_map(|pushed| match pushed {
            Pushed::Command(command) => Some(command.as_ref()),
            Pushed::Nothing { .. } => None,
        })
    }
}

/// The organizations whose locks a push needs: that of the sender, and the owners of the depots that its commands name, where
/// the sender sees them or a receipt names them.
pub fn organizations_of(
    connection: &mut AnyConnection,
    keys: &ReceiptKeys,
    batch: &Batch,
) -> Result<BTreeSet<OrganizationId>, Error> {
    let belongs = batch.sender.account.belongs;
    let mut organizations: BTreeSet<OrganizationId> = own_organization(belongs).into_iter().collect();
    for command in batch.commands() {
        organizations.extend(owner_of_depot_in(connection, belongs, command)?);
        organizations.extend(own_receipt(command, keys).map(|link| link.organization));
    }
    Ok(organizations)
}

fn own_organization(belongs: Belongs) -> Option<OrganizationId> {
    match belongs {
        Belongs::Organization(own) => Some(own),
        Belongs::Region(_) => None,
    }
}

/// The owner of the depot that a command names, where the command can be read and the sender sees the depot.
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
/// Where quarantine has no room for those that cannot be applied, none of them is kept, and the others are applied.
///
/// # Errors
/// `Busy` where a depot was opened after the locks were taken; `TooMany` where quarantine has no room and no other command is
/// among these. Nothing is stored then, and the same may be sent again.
pub fn push(change: &mut Change<'_>, keys: &ReceiptKeys, batch: &Batch) -> Result<Vec<CommandOutcome>, Error> {
    let sender = change.for_key(Key::sender(batch.sender.account.id))?;
    let outcomes = match change.attempt(|change| take_in_all(change, keys, batch, Room::Unknown)) {
        Err(full @ Error::TooMany { .. }) => {
            let outcomes = take_in_all(change, keys, batch, Room::None(&full))?;
            let is_taken = |outcome: &CommandOutcome| {
                matches!(outcome, CommandOutcome::Applied { .. } | CommandOutcome::Quarantined { .. })
            };
            if !outcomes.iter().any(is_taken) {
                return Err(full);
            }
            outcomes
        }
        outcomes => outcomes?,
    };
    if outcomes.iter().any(is_new_in_quarantine) || batch.sender.deposit_reason.is_none() {
        save_report(change, sender, batch)?;
    }
    Ok(outcomes)
}

fn is_new_in_quarantine(outcome: &CommandOutcome) -> bool {
    matches!(outcome, CommandOutcome::Quarantined { repeated: false, .. })
}

/// The room in quarantine.
#[derive(Clone, Copy)]
enum Room<'a> {
    /// It is looked at once all commands are there.
    Unknown,
    /// There is none, for this reason.
    None(&'a Error),
}

fn take_in_all(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    batch: &Batch,
    room: Room<'_>,
) -> Result<Vec<CommandOutcome>, Error> {
    let ids: Vec<CountId> = batch.commands().map(Command::count_id).collect();
    let fixed: BTreeMap<CountId, Fixed> =
        db::counts::fixed(change.connection, &ids)?.into_iter().map(|fixed| (fixed.id, fixed)).collect();
    let kept: Vec<QuarantineId> = batch.commands().map(kept_as).collect();
    let kept = db::quarantine::effective_times(change.connection, &kept)?;
    let timed: Vec<(&Command, Option<DateTime<Utc>>)> = batch
        .commands()
        .map(|command| {
            let stored = fixed.get(&command.count_id()).filter(|fixed| fixed.sha256 == command.content.sha256);
            let stored = stored.map(|fixed| fixed.effective_at.0).or_else(|| fixed_by_receipt(command, keys));
            (command, stored.or_else(|| kept.get(&kept_as(command)).map(|effective_at| effective_at.0)))
        })
        .collect();
    let mut times = effective_times(&timed, batch.sent_at, batch.received_at).into_iter();
    let mut outcomes = Vec::with_capacity(batch.commands.len());
    for pushed in &batch.commands {
        outcomes.push(match pushed {
            Pushed::Nothing { fault, .. } => CommandOutcome::Rejected(fault.clone()),
            Pushed::Command(command) => {
                let effective_at = times.next().unwrap_or(batch.received_at);
                take_in(change, keys, batch, TimedCommand { command, effective_at }, room)?
            }
        });
    }
    if outcomes.iter().any(is_new_in_quarantine) {
        require_room(change, &batch.sender)?;
    }
    Ok(outcomes)
}

/// The link in the genuine receipt that came with a command, where it is of the very count.
fn own_receipt(command: &Command, keys: &ReceiptKeys) -> Option<Link> {
    let link = keys.checks().check(command.receipt.as_deref()?).ok()?.link;
    let is_own = link.kind == LinkKind::Count && link.id == command.id.0 && link.sha256 == command.content.sha256;
    is_own.then_some(link)
}

/// The effective time in the genuine receipt that came with a command: it was fixed before the server was restored.
fn fixed_by_receipt(command: &Command, keys: &ReceiptKeys) -> Option<DateTime<Utc>> {
    let link = keys.checks().check(command.receipt.as_deref()?).ok()?.link;
    let ids = [command.id.0, quarantine_id(command.id, &command.content.sha256).0];
    (link.kind == LinkKind::Count && ids.contains(&link.id)).then_some(link.effective_at)?
}

/// The id in quarantine of a command with its content.
fn kept_as(command: &Command) -> QuarantineId {
    quarantine_id(command.id, &command.content.sha256)
}

/// Carries out one command, or puts it into quarantine.
fn take_in(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    batch: &Batch,
    timed: TimedCommand<'_>,
    room: Room<'_>,
) -> Result<CommandOutcome, Error> {
    let TimedCommand { command, .. } = timed;
    let is_signed_in = batch.sender.deposit_reason.is_none();
    // Twice: another write may come between, and the second time its rows are seen.
    for last in [false, true] {
        let known = known(change.connection, &batch.sender, command)?;
        // Locked-out senders record sequence numbers only with new commands.
        if is_signed_in && known.is_some() {
            note(change, batch, command)?;
        }
        let (kept, attempted) = match known {
            Some(KnownCommand::Count(stored)) => {
                if is_signed_in {
                    take_over_late(change, keys, command, &stored)?;
                }
                return Ok(CommandOutcome::Applied { count: stored.id, repeated: true });
            }
            Some(KnownCommand::Kept(kept)) => {
                let there = CommandOutcome::Quarantined { id: kept.0.id, repeated: true, refusal: None };
                let is_own = is_signed_in && kept.0.account_id == batch.sender.account.id;
                if kept.1.is_some() || !is_own {
                    return Ok(there);
                }
                let attempted = if own_receipt(command, keys).is_some() {
                    // It had been accepted before a restore, and came without its receipt first.
                    let count = command.count_id();
                    let applied = change.attempt(|change| apply(change, keys, batch, timed));
                    applied.map(|_| CommandOutcome::Applied { count, repeated: true })
                } else if may_release(&kept.0) {
                    let release = |change: &mut Change<'_>| {
                        quarantine::release(change, keys, &batch.sender.account, &kept.0, batch.received_at)
                    };
                    change.attempt(release).map(|()| there)
                } else {
                    return Ok(there);
                };
                (Some(kept.0.id), attempted)
            }
            None => {
                let applied = change.attempt(|change| apply(change, keys, batch, timed));
                let count = command.count_id();
                let outcome = |outcome| CommandOutcome::Applied { count, repeated: outcome == SubmitOutcome::Repeated };
                (None, applied.map(outcome))
            }
        };
        match attempted {
            Ok(outcome) => return Ok(outcome),
            Err(error) if error.is_of_storage() || matches!(error, Error::Busy(_)) => return Err(error),
            Err(error) if error.is_collision() && !last => {}
            Err(error) => {
                let refusal = |error: &Error| Box::new(CommandRefusal::of(error));
                return match (kept, room) {
                    (Some(id), _) => {
                        Ok(CommandOutcome::Quarantined { id, repeated: true, refusal: Some(refusal(&error)) })
                    }
                    (None, Room::Unknown) => quarantine(change, batch, timed, &error),
                    (None, Room::None(full)) => Ok(CommandOutcome::Deferred(refusal(full))),
                };
            }
        }
    }
    Err(Error::Internal("a command met others twice", None))
}

/// A command that arrived before with the same content.
enum KnownCommand {
    /// It is a count.
    Count(Fixed),
    /// It is in quarantine, or was until it was decided.
    Kept(Box<(QuarantineRow, Option<DecisionRow>)>),
}

fn known(connection: &mut AnyConnection, sender: &Sender, command: &Command) -> Result<Option<KnownCommand>, Error> {
    let before = counts::sent_before(connection, &sender.account, command.count_id(), &command.content)?;
    if let SentBefore::Same(stored) = before {
        return Ok(Some(KnownCommand::Count(stored)));
    }
    let kept = db::quarantine::find_unnumbered(connection, kept_as(command))?;
    Ok(kept.map(|kept| KnownCommand::Kept(Box::new(kept))))
}

/// Takes over the receipt that a count was given before a restore, where the count came without it first, such as by an old
/// request that was long under way. From then on it is the one that is answered.
fn take_over_late(change: &mut Change<'_>, keys: &ReceiptKeys, command: &Command, stored: &Fixed) -> Result<(), Error> {
    let Some(link) = own_receipt(command, keys) else { return Ok(()) };
    let Some(receipt) = command.receipt.clone() else { return Ok(()) };
    let present = db::receipts::receipts_of(change.connection, stored.id)?;
    let has_other = present.is_some_and(|present| present.given == receipt || present.given != present.linked);
    if has_other || link.organization != stored.organization {
        return Ok(());
    }
    let taken_over = change.attempt(|change| {
        let change_set = change.record(Subject::new(SubjectKind::Count, stored.id)).change_set;
        let evidence = EvidenceRow { count_id: stored.id, change_set, jws: receipt };
        Ok(db::receipts::insert_evidence(change, &evidence)?)
    });
    // Another push brought it meanwhile.
    if taken_over.as_ref().is_err_and(Error::is_collision) { Ok(()) } else { taken_over }
}

/// True for a command that is in quarantine only because the session of its sender had ended.
fn may_release(kept: &QuarantineRow) -> bool {
    kept.deposited && LAPSED_SESSION.contains(&kept.code.as_str())
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
        let may_release = LAPSED_SESSION.contains(&code);
        let detail = if may_release { message!("command-deposited") } else { message!("command-deposited-closed") };
        return Err(Error::Unauthenticated { code, detail });
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
        // Content without a canonical form: the reader of counts may know where it is wrong.
        let unread = command.faults.iter().all(|fault| fault.pointer.is_empty());
        return Err(match read_json::<NewCount>(&command.content.bytes) {
            Err(Error::Invalid(faults)) if unread => Error::Invalid(faults),
            _ => Error::Invalid(command.faults.clone()),
        });
    }
    let count = counts::check(read_json::<NewCount>(&command.content.bytes)?, keys, command.receipt.as_deref())?;
    let depot = count.count().depot_id;
    let owner = match counts::owner_of(change.connection, account.belongs, depot) {
        // An officer may have applied it for an organization that its sender does not see.
        Err(Error::Invalid(faults)) => {
            let receipt = own_receipt(command, keys).map(|link| link.organization);
            let owner = db::depots::organization_of(change.connection, depot)?;
            owner.filter(|owner| receipt == Some(*owner)).ok_or(Error::Invalid(faults))?
        }
        owner => owner?,
    };
    let locked = change.for_organization(owner)?;
    let device = DeviceSaid { name: Some(batch.device.clone()), seq: command.seq, sent_at: batch.sent_at };
    let mut submission = Submission {
        effective_at: Some(effective_at),
        ..Submission::new(command.count_id(), count, command.content.clone(), device, batch.received_at)
    };
    if let Some(receipt) = &command.receipt {
        counts::take_over(&mut submission, keys, owner, receipt)?;
    }
    let outcome = counts::submit(change, Signer { author: &account.author(), keys }, locked, &submission)?;
    if submission.evidence.is_some() {
        quarantine::settle(change, keys, account, Settled { command: command.id, owner, at: batch.received_at })?;
    }
    Ok(outcome)
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
    let id = kept_as(command);
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
    db::quarantine::insert(change, &row, &command.content.bytes)?;
    note(change, batch, command)?;
    Ok(CommandOutcome::Quarantined { id, repeated: false, refusal: None })
}

fn note(change: &mut Change<'_>, batch: &Batch, command: &Command) -> Result<(), Error> {
    let Some(seq) = command.seq else { return Ok(()) };
    let (account, device, received_at) = (batch.sender.account.id, batch.device.as_str(), batch.received_at);
    let command =
        NumberedCommand { account, device, seq, id: command.id, counted_at: command.counted_at(), received_at };
    let sender = change.for_key(Key::sender(account))?;
    sequence_log::note(change, sender, &command)
}

/// Refuses more than a sender may leave in quarantine, and more than fits in it; the bound is lower for deposits. Two senders
/// at once may together leave a push more than fits in all.
fn require_room(change: &mut Change<'_>, sender: &Sender) -> Result<(), Error> {
    let account = Some(sender.account.id);
    let exceeds = |held: Held, most: Held| held.commands > most.commands || held.bytes > most.bytes;
    let full = |code, detail| Err(Error::TooMany { code, detail, retry_after: DEPOSIT_RETRY_SECONDS });
    let told = |most: Held| (most.commands, most.bytes);
    if sender.deposit_reason.is_some() && exceeds(db::quarantine::waiting(change.connection, account, true)?, DEPOSITED)
    {
        let (commands, bytes) = told(DEPOSITED);
        return full("deposit_full", message!("command-deposit-full", commands = commands, bytes = bytes));
    }
    let is_full = exceeds(db::quarantine::waiting(change.connection, account, false)?, WAITING)
        || db::quarantine::waiting(change.connection, None, false)?.bytes > WAITING_BYTES_IN_ALL;
    if is_full {
        let (commands, bytes) = told(WAITING);
        return full("quarantine_full", message!("command-quarantine-full", commands = commands, bytes = bytes));
    }
    Ok(())
}

/// Keeps the device's report: its clock, and the commands that still wait on it.
fn save_report(change: &mut Change<'_>, _: LockedKey<'_>, batch: &Batch) -> Result<(), Error> {
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
        heard_at: Instant(batch.received_at),
        clock_offset_us: offset.and_then(|offset| offset.num_microseconds()),
        queued,
        queued_since: (queued > 0).then(|| waited_since.unwrap_or(Instant(batch.received_at))),
    };
    Ok(db::device_reports::save(change, &report)?)
}

/// True for a push that a later one of the device overtook on the way. A clock that was set back by more than
/// [`LONGEST_WAY`] is told from it.
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
