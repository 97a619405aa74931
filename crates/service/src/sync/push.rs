//! Carrying out the commands that a device pushes: each exactly once and by itself. A command that cannot be applied as
//! it was sent goes into quarantine; no command with an id is thrown away.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::batch::{Batch, own_organization, own_receipt, owner_of_depot_in};
use super::device_report::{note, save_report};
use super::rights::Sender;
use super::room::require_room;
use crate::chain::Signer;
use crate::counts::{self, DeviceSaid, SentBefore, Submission, SubmitOutcome};
use crate::input_errors::read_json;
use crate::quarantine::{self, Settled};
use crate::sessions::role_not_allowed;
use auth::receipts::ReceiptKeys;
use base::error::{Error, Fault};
use base::id::{CountId, QuarantineId};
use db::connection::AnyConnection;
use db::counts::Fixed;
use db::locks::Key;
use db::quarantine::{DecisionRow, QuarantineRow};
use db::receipts::EvidenceRow;
use db::sql_types::Instant;
use db::write::Change;
use domain::account::Role;
use domain::actor::{Subject, SubjectKind};
use domain::command::{Command, Pushed, effective_times};
use domain::new_count::NewCount;
use domain::quarantine::{CommandRefusal, quarantine_id};
use domain::receipt::LinkKind;
use text::messages::message;

/// The codes of deposits that a new sign-in of the same account makes good. A closed account needs an officer.
const LAPSED_SESSION: [&str; 2] = ["session_ended", "token_expired"];

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
        /// The reason why it stays there now, where that is another than the one it came for.
        refusal: Option<Box<CommandRefusal>>,
    },
    /// Nothing of it is kept, because quarantine has no room for it: the device must keep it.
    Deferred(Box<CommandRefusal>),
    /// It has no id, so nothing of it is kept.
    Rejected(Fault),
}

/// Carries out a push; returns the outcome of each command, in order.
///
/// Where quarantine has no room for those that cannot be applied, none of them is kept, and the others are answered.
///
/// # Errors
/// `Busy` if a depot was opened after the locks were taken; `TooMany` if quarantine has no room and no other command is
/// among these. Nothing is stored then, and the same may be sent again.
pub fn push(change: &mut Change<'_>, keys: &ReceiptKeys, batch: &Batch) -> Result<Vec<CommandOutcome>, Error> {
    let sender = change.for_key(Key::sender(batch.sender.account.id))?;
    let outcomes = match change.attempt(|change| take_in_all(change, keys, batch, Room::Unknown)) {
        Err(full @ Error::TooMany { .. }) => {
            let outcomes = take_in_all(change, keys, batch, Room::None(&full))?;
            if outcomes.iter().all(|outcome| matches!(outcome, CommandOutcome::Deferred(_))) {
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

/// The effective time in the genuine receipt that came with a command, which was fixed before the server was restored.
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
    // Tried twice: another write may come in between, and the second attempt sees its rows.
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
    let outcome = counts::submit(change, Signer { author: &account.author(), keys }, locked, &submission)?.outcome();
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
