//! Taking in what a device pushes: each command once, for ever, and by itself. What cannot be applied as it was sent goes
//! into quarantine; nothing that can be named is thrown away.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::arrivals::{self, Arrival};
use super::counts::{self, Catalogue, DeviceSaid, Submission, id_reused};
use super::sessions::role_not_allowed;
use crate::input_errors::read_json;
use auth::receipts::ReceiptKeys;
use base::error::{Error, Fault};
use base::id::{CountId, DeviceId, OrganizationId, QuarantineId, SessionId};
use db::connection::AnyConnection;
use db::counts::Fixed;
use db::device_reports::ReportRow;
use db::locks::{Key, LockedKey};
use db::quarantine::QuarantineRow;
use db::sql_types::Instant;
use db::write::Change;
use domain::account::{Account, Belongs, Role};
use domain::actor::{Subject, SubjectKind};
use domain::command::{Command, Pushed, effective_times};
use domain::device::Device;
use domain::new_count::NewCount;
use domain::quarantine::{Refusal, quarantine_id};
use domain::receipt::LinkKind;
use text::messages::message;

/// How many commands of an account may wait for an officer.
const WAITING_COMMANDS: i64 = 5_000;

/// How many commands of an account that could not be let in any more may wait for an officer.
const DEPOSIT_COMMANDS: usize = 200;

/// How many bytes their contents may have together.
const DEPOSIT_BYTES: usize = 2 * 1_048_576;

/// After how many seconds a deposit that was full is worth another try: an officer must decide meanwhile.
const DEPOSIT_RETRY_SECONDS: u32 = 3600;

/// Who pushes.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The account.
    pub account: Account,
    /// The session that its token is of; `None` where that is gone.
    pub session: Option<SessionId>,
    /// Why the account cannot be let in any more, where it cannot: a code of [`Error::Unauthenticated`].
    pub shut_out: Option<&'static str>,
}

/// What a device pushes at once.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Who pushes.
    pub sender: Sender,
    /// The device, by the name it gives itself.
    pub device: String,
    /// When it was sent, by the device's clock.
    pub sent_at: Option<DateTime<Utc>>,
    /// How many commands waited on the device then, these included.
    pub queued: Option<i64>,
    /// What was pushed, in its order.
    pub commands: Vec<Pushed>,
    /// When the server received it.
    pub received_at: DateTime<Utc>,
}

/// What became of one thing that was pushed.
#[derive(Clone, Debug, PartialEq)]
pub enum CommandFate {
    /// It is a count.
    Applied {
        /// The count.
        count: CountId,
        /// True where it was one before.
        repeated: bool,
    },
    /// It is in quarantine, or was, and an officer decided.
    Quarantined {
        /// Its id there.
        id: QuarantineId,
        /// True where it was there before.
        repeated: bool,
    },
    /// It was no command at all.
    Rejected(Fault),
}

/// The organizations whose locks a push needs: that of the sender, and those of the depots that it tells of, as far as the
/// sender sees them.
pub fn organizations_of(
    connection: &mut AnyConnection,
    belongs: Belongs,
    commands: &[Pushed],
) -> Result<BTreeSet<OrganizationId>, Error> {
    let mut organizations: BTreeSet<OrganizationId> = own_organization(belongs).into_iter().collect();
    for pushed in commands {
        let Pushed::Command(command) = pushed else { continue };
        organizations.extend(organization_told_of(connection, belongs, command)?);
    }
    Ok(organizations)
}

fn own_organization(belongs: Belongs) -> Option<OrganizationId> {
    match belongs {
        Belongs::Organization(own) => Some(own),
        Belongs::Region(_) => None,
    }
}

/// Whose depot a command tells of, where it can be read and the sender sees it.
fn organization_told_of(
    connection: &mut AnyConnection,
    belongs: Belongs,
    command: &Command,
) -> Result<Option<OrganizationId>, Error> {
    #[derive(serde::Deserialize)]
    struct Place {
        depot_id: base::id::DepotId,
    }
    let Ok(Place { depot_id }) = serde_json::from_slice(&command.content.bytes) else { return Ok(None) };
    match counts::owner_of(connection, belongs, depot_id) {
        Ok(owner) => Ok(Some(owner)),
        Err(Error::Invalid(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes in a push: answers what became of each thing, in order.
///
/// # Errors
/// `Busy` where a depot came to be after the locks were taken; `TooMany` where the deposit of a sender who was shut out is
/// full. Nothing is stored then, and the same may be sent again.
pub fn push(change: &mut Change<'_>, keys: &ReceiptKeys, batch: &Batch) -> Result<Vec<CommandFate>, Error> {
    let sender = change.for_key(Key::sender(batch.sender.account.id))?;
    let ids: Vec<CountId> = batch.commands().map(Command::count_id).collect();
    let fixed: BTreeMap<CountId, Fixed> =
        db::counts::fixed(change.connection, &ids)?.into_iter().map(|fixed| (fixed.id, fixed)).collect();
    let timed: Vec<(&Command, Option<DateTime<Utc>>)> = batch
        .commands()
        .map(|command| {
            let stored = fixed.get(&command.count_id()).filter(|fixed| fixed.sha256 == command.content.sha256);
            (command, stored.map(|fixed| fixed.effective_at.0).or_else(|| fixed_before(command, keys)))
        })
        .collect();
    let mut times = effective_times(&timed, batch.sent_at, batch.received_at).into_iter();
    let mut fates = Vec::with_capacity(batch.commands.len());
    for pushed in &batch.commands {
        fates.push(match pushed {
            Pushed::Nothing { fault, .. } => CommandFate::Rejected(fault.clone()),
            Pushed::Command(command) => {
                let effective_at = times.next().unwrap_or(batch.received_at);
                take_in(change, keys, batch, (command, effective_at))?
            }
        });
    }
    let is_new = |fate: &CommandFate| matches!(fate, CommandFate::Quarantined { repeated: false, .. });
    let is_any_new = fates.iter().any(is_new);
    if is_any_new {
        require_room(change, sender, &batch.sender)?;
    }
    if is_any_new || batch.sender.shut_out.is_none() {
        save_report(change, sender, batch)?;
    }
    Ok(fates)
}

/// What a genuine receipt that came with a command fixed before the server was restored.
fn fixed_before(command: &Command, keys: &ReceiptKeys) -> Option<DateTime<Utc>> {
    let link = keys.checks().check(command.receipt.as_deref()?).ok()?.link;
    let ids = [command.id.0, quarantine_id(command.id, &command.content.sha256).0];
    (link.kind == LinkKind::Count && ids.contains(&link.id)).then_some(link.effective_at)?
}

impl Batch {
    fn commands(&self) -> impl Iterator<Item = &Command> {
        self.commands.iter().filter_map(|pushed| match pushed {
            Pushed::Command(command) => Some(command.as_ref()),
            Pushed::Nothing { .. } => None,
        })
    }
}

fn take_in(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    batch: &Batch,
    (command, effective_at): (&Command, DateTime<Utc>),
) -> Result<CommandFate, Error> {
    // Twice, as another may come between: the second time its work is seen.
    for last in [false, true] {
        if let Some(fate) = known(change.connection, &batch.sender, command)? {
            // Who cannot be let in any more says nothing of numbers but with what is new.
            if batch.sender.shut_out.is_none() {
                note(change, batch, command)?;
            }
            return Ok(fate);
        }
        match change.attempt(|change| apply(change, keys, batch, (command, effective_at))) {
            Ok(()) => return Ok(CommandFate::Applied { count: command.count_id(), repeated: false }),
            Err(error) if error.undoes_transaction() || matches!(error, Error::Busy(_)) => return Err(error),
            Err(error) if error.is_collision() && !last => {}
            Err(error) => return quarantine(change, batch, (command, effective_at), &error),
        }
    }
    Err(Error::Internal("a command met others twice", None))
}

/// What became of a command that arrived before with the same content.
fn known(connection: &mut AnyConnection, sender: &Sender, command: &Command) -> Result<Option<CommandFate>, Error> {
    let stored = db::counts::fixed(connection, &[command.count_id()])?.pop();
    if let Some(stored) = stored
        && stored.sha256 == command.content.sha256
        && (stored.account == sender.account.id
            || db::organizations::is_visible(connection, sender.account.belongs, stored.organization)?)
    {
        return Ok(Some(CommandFate::Applied { count: stored.id, repeated: true }));
    }
    let id = quarantine_id(command.id, &command.content.sha256);
    let there = db::quarantine::find_unnumbered(connection, id)?.is_some();
    Ok(there.then_some(CommandFate::Quarantined { id, repeated: true }))
}

/// Carries a command out.
fn apply(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    batch: &Batch,
    (command, effective_at): (&Command, DateTime<Utc>),
) -> Result<(), Error> {
    let account = &batch.sender.account;
    if let Some(code) = batch.sender.shut_out {
        return Err(Error::Unauthenticated { code, detail: message!("command-deposited") });
    }
    if account.role == Role::Viewer {
        return Err(role_not_allowed(account.role));
    }
    if let Some(stored) = db::counts::fixed(change.connection, &[command.count_id()])?.pop() {
        let visible = db::organizations::is_visible(change.connection, account.belongs, stored.organization)?;
        return Err(id_reused((stored.sha256, &command.content), visible));
    }
    if !command.faults.is_empty() {
        return Err(Error::Invalid(command.faults.clone()));
    }
    let count = read_json::<NewCount>(&command.content.bytes)?.check().map_err(Error::Invalid)?;
    let owner = counts::owner_of(change.connection, account.belongs, count.count().depot_id)?;
    let locked = change.for_organization(owner)?;
    let device = DeviceSaid { name: Some(batch.device.clone()), seq: command.seq, sent_at: batch.sent_at };
    let mut submission = Submission {
        effective_at: Some(effective_at),
        catalogue: Catalogue::IfKnown,
        ..Submission::new(command.count_id(), (count, command.content.clone()), device, batch.received_at)
    };
    if let Some(receipt) = &command.receipt {
        counts::take_over(&mut submission, keys, (owner, receipt))?;
    }
    counts::submit(change, (&account.author(), keys), locked, &submission)?;
    Ok(())
}

/// Keeps a command that could not be applied.
fn quarantine(
    change: &mut Change<'_>,
    batch: &Batch,
    (command, effective_at): (&Command, DateTime<Utc>),
    error: &Error,
) -> Result<CommandFate, Error> {
    let refusal = Refusal::of(error);
    if refusal.code == "internal" {
        tracing::error!(%error, command = %command.id, "a command was put into quarantine because it failed here");
    }
    let account = &batch.sender.account;
    let told_of = organization_told_of(change.connection, account.belongs, command)?;
    let id = quarantine_id(command.id, &command.content.sha256);
    let offset = batch.sent_at.map(|sent_at| batch.received_at - sent_at);
    let row = QuarantineRow {
        id,
        command_id: command.id,
        sha256: command.content.sha256.clone(),
        change_set: change.record(Subject::new(SubjectKind::Quarantine, id)).change_set,
        account_id: account.id,
        organization_id: told_of.or_else(|| own_organization(account.belongs)),
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
        deposited: batch.sender.shut_out.is_some(),
        code: refusal.code.clone(),
        problem: serde_json::to_string(&refusal)
            .map_err(|error| Error::internal("a refusal cannot be written", error))?,
    };
    db::quarantine::insert(change, &row)?;
    note(change, batch, command)?;
    Ok(CommandFate::Quarantined { id, repeated: false })
}

fn note(change: &mut Change<'_>, batch: &Batch, command: &Command) -> Result<(), Error> {
    let Some(seq) = command.seq else { return Ok(()) };
    let (account, device, received_at) = (batch.sender.account.id, batch.device.as_str(), batch.received_at);
    let arrival = Arrival { account, device, seq, id: command.id, counted_at: command.counted_at(), received_at };
    let sender = change.for_key(Key::sender(account))?;
    arrivals::note(change, sender, &arrival)
}

/// Refuses more than a sender may leave in quarantine: much while they can be let in, little once they cannot.
fn require_room(change: &mut Change<'_>, _: LockedKey<'_>, sender: &Sender) -> Result<(), Error> {
    if sender.shut_out.is_none() {
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

/// Keeps what the device says of its clock and of what waits on it.
fn save_report(change: &mut Change<'_>, _: LockedKey<'_>, batch: &Batch) -> Result<(), Error> {
    let account = batch.sender.account.id;
    let before = db::device_reports::find(change.connection, (account, &batch.device))?;
    let taken = i64::try_from(batch.commands.len()).unwrap_or(i64::MAX);
    let told = batch.queued.unwrap_or(0).saturating_sub(taken).max(0);
    // Who cannot be let in any more may say that more waits, not that less does.
    let waited = before.as_ref().filter(|_| batch.sender.shut_out.is_some()).map_or(0, |report| report.queued);
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

/// What the device is signed in as. One whose sign-in named no device is listed from now on, under the name it gives itself:
/// what never arrives from it must show somewhere.
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
