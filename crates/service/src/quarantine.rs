//! Officers' decisions on quarantined commands: applied as counts, or set aside. Each decision is a link of the chain.

use chrono::{DateTime, Utc};

use super::chain::{self, Accepted, Signer};
use super::counts::{self, DeviceSaid, FirstReceipt, Submission};
use super::records::Record;
use crate::input_errors::read_json;
use crate::reach::Reach;
use crate::sessions::role_not_allowed;
use auth::receipts::ReceiptKeys;
use base::content::Content;
use base::error::Error;
use base::id::{AccountId, CommandId, CountId, OrganizationId, QuarantineId};
use db::connection::AnyConnection;
use db::locks::{Key, Locks};
use db::quarantine::{DecisionRow, QuarantineRow, Quarantined};
use db::sql_types::Instant;
use db::write::Change;
use domain::account::Author;
use domain::account::{Account, Belongs, Role};
use domain::actor::{Subject, SubjectKind};
use domain::change::PutOutcome;
use domain::new_count::NewCount;
use domain::quarantine::{CommandRefusal, Decision};
use domain::receipt::LinkKind;
use domain::record::RecordVersion;
use text::language::Language;
use text::messages::{Message, message};

/// An officer's decision.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The quarantined command.
    pub id: QuarantineId,
    /// The officer.
    pub officer: AccountId,
    /// The region of the officer.
    pub belongs: Belongs,
    /// The reason, in words.
    pub reason: String,
    /// The application as a count, with other content if given; `None` to set it aside.
    pub applied: Option<Option<Content>>,
    /// The decision as sent.
    pub content: Content,
    /// The time it was received.
    pub at: DateTime<Utc>,
}

/// Finds a quarantined command that a caller may see.
///
/// # Errors
/// `NotFound` if it does not exist, or its organization and its account are both out of reach.
pub fn find_visible(
    connection: &mut AnyConnection,
    belongs: Belongs,
    id: QuarantineId,
) -> Result<(QuarantineRow, Option<DecisionRow>), Error> {
    let found = db::quarantine::find_unnumbered(connection, id)?.ok_or(Error::NotFound("quarantined command"))?;
    if is_visible(connection, belongs, &found.0)? { Ok(found) } else { Err(Error::NotFound("quarantined command")) }
}

/// The refusal that put a command into quarantine, as its sender was told.
pub fn refusal_of(quarantined: &Quarantined) -> Result<CommandRefusal, Error> {
    serde_json::from_str(&quarantined.row.problem)
        .map_err(|error| Error::internal("a stored refusal cannot be read", error))
}

fn is_visible(connection: &mut AnyConnection, belongs: Belongs, row: &QuarantineRow) -> Result<bool, Error> {
    if let Some(organization) = row.organization_id
        && db::organizations::is_visible(connection, belongs, organization)?
    {
        return Ok(true);
    }
    let sender = db::accounts::find_some(connection, &[row.account_id])?.remove(&row.account_id);
    let reach = Reach::of(connection, belongs)?;
    Ok(sender.is_some_and(|sender| reach.covers(sender.belongs)))
}

/// The locks that a decision needs: that of the command's organization if it is known, that of the decision, and that of
/// the sender's commands.
///
/// # Errors
/// Same as [`find_visible`], and `Invalid` for a count that cannot be read or whose depot does not exist.
pub fn locks_of(
    connection: &mut AnyConnection,
    belongs: Belongs,
    id: QuarantineId,
    applied: &Option<Option<Content>>,
) -> Result<Locks, Error> {
    let (row, decided) = find_visible(connection, belongs, id)?;
    let organization = match applied {
        Some(other) if decided.is_none() => {
            let content = other.clone().map_or_else(|| content_of(connection, &row), Ok)?;
            let count = read_json::<NewCount>(&content.bytes)?;
            Some(counts::owner_of(connection, belongs, count.depot_id)?)
        }
        _ => row.organization_id,
    };
    Ok(Locks::organizations(organization).keys([Key::quarantined(id), Key::sender(row.account_id)]))
}

/// Carries out a decision, or finds that it was made before.
///
/// # Errors
/// `NotFound` as in [`find_visible`]; `Conflict` if another decision was made before; `Invalid` with every fault of a
/// count that cannot be accepted even so. Nothing is stored then.
pub fn decide(change: &mut Change<'_>, keys: &ReceiptKeys, verdict: &Verdict) -> Result<PutOutcome, Error> {
    let belongs = verdict.belongs;
    change.for_key(Key::quarantined(verdict.id))?;
    let (row, decided) = find_visible(change.connection, belongs, verdict.id)?;
    if let Some(decided) = decided {
        if decided.body_sha256 == verdict.content.sha256
            && (decided.decision == Decision::Applied) == verdict.applied.is_some()
        {
            return Ok(PutOutcome::Repeated);
        }
        return Err(Error::Conflict {
            code: "decided_before",
            detail: message!("quarantine-decided", reason = decided.reason),
            hashes: Some((decided.body_sha256, verdict.content.sha256.clone())),
        });
    }
    let (decision, organization, count) = match &verdict.applied {
        None => (Decision::SetAside, row.organization_id, None),
        Some(other) => {
            let (organization, count) = apply(change, keys, belongs, &row, other.as_ref())?;
            (Decision::Applied, Some(organization), Some(count))
        }
    };
    let decided = DecisionRow {
        quarantine_id: row.id,
        change_set: change.record(Subject::new(SubjectKind::Quarantine, row.id)).change_set,
        account_id: verdict.officer,
        organization_id: organization,
        decided_at: Instant(verdict.at),
        decision,
        reason: verdict.reason.clone(),
        count_id: count,
        body: verdict.content.bytes.clone(),
        body_sha256: verdict.content.sha256.clone(),
    };
    keep_decision(change, keys, &decided)?;
    Ok(PutOutcome::Changed)
}

/// Makes a count of a command that was kept only because its sender's session had ended, now that the sender is signed in
/// and sent it again. The decision on record is the sender's own.
///
/// # Errors
/// Those of a count that cannot be taken even so. Nothing is stored then.
pub fn release(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    sender: &Account,
    row: &QuarantineRow,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    if sender.role == Role::Viewer {
        return Err(role_not_allowed(sender.role));
    }
    let (organization, count) = apply(change, keys, sender.belongs, row, None)?;
    let became = Became { organization, count, at, told: message!("quarantine-sent-again") };
    decide_by_sender(change, keys, row, became)
}

/// A count that was taken over with its receipt from before a restore.
#[derive(Clone, Copy, Debug)]
pub struct Settled {
    /// The command that brought it.
    pub command: CommandId,
    /// Its organization.
    pub owner: OrganizationId,
    /// The time it came.
    pub at: DateTime<Utc>,
}

/// Decides on what the same sender has in quarantine of a command whose count was taken over: an officer had applied it with
/// other content before the restore.
pub fn settle(change: &mut Change<'_>, keys: &ReceiptKeys, sender: &Account, settled: Settled) -> Result<(), Error> {
    let Settled { command, owner, at } = settled;
    for row in db::quarantine::waiting_of(change.connection, sender.id, command)? {
        let (organization, count, told) = (owner, CountId(command.0), message!("quarantine-taken-over"));
        decide_by_sender(change, keys, &row, Became { organization, count, at, told })?;
    }
    Ok(())
}

/// The count that a command in quarantine became without an officer.
struct Became {
    organization: OrganizationId,
    count: CountId,
    at: DateTime<Utc>,
    /// The reason.
    told: Message,
}

fn decide_by_sender(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    row: &QuarantineRow,
    became: Became,
) -> Result<(), Error> {
    let Became { organization, count, at, told } = became;
    // Whoever reads it later may read either language.
    let reason = format!("{} {}", told.text(Language::English), told.text(Language::Chinese));
    let body = serde_json::json!({ "reason": reason }).to_string();
    let content = Content::of_json(body.into_bytes())
        .map_err(|error| Error::internal("the reason of a decision cannot be written", error))?;
    let decided = DecisionRow {
        quarantine_id: row.id,
        change_set: change.record(Subject::new(SubjectKind::Quarantine, row.id)).change_set,
        account_id: row.account_id,
        organization_id: Some(organization),
        decided_at: Instant(at),
        decision: Decision::Applied,
        reason,
        count_id: Some(count),
        body: content.bytes,
        body_sha256: content.sha256,
    };
    keep_decision(change, keys, &decided)
}

/// Stores a decision, and links it into the chain of the organization that it is about.
fn keep_decision(change: &mut Change<'_>, keys: &ReceiptKeys, decided: &DecisionRow) -> Result<(), Error> {
    db::quarantine::insert_decision(change, decided)?;
    let Some(organization) = decided.organization_id else { return Ok(()) };
    let organization = change.for_organization(organization)?;
    let accepted = Accepted {
        change_set: decided.change_set,
        kind: LinkKind::Decision,
        id: decided.quarantine_id.0,
        sha256: &decided.body_sha256,
        received_at: decided.decided_at,
        effective_at: None,
    };
    chain::append(change, keys, organization, accepted, &Record::Decision(decided).digest(RecordVersion::CURRENT)?)
        .map(drop)
}

/// Makes a count from a command, with the content that the sender sent, or with other content from the officer. The count
/// keeps the sender, the time of receipt and the effective time fixed then, and also the id unless another count has it.
fn apply(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    belongs: Belongs,
    row: &QuarantineRow,
    other: Option<&Content>,
) -> Result<(OrganizationId, CountId), Error> {
    let content = &other.cloned().map_or_else(|| content_of(change.connection, row), Ok)?;
    let receipt = row.receipt.as_deref().filter(|_| other.is_none());
    let count = counts::check(read_json::<NewCount>(&content.bytes)?, keys, receipt)?;
    let owner = counts::owner_of(change.connection, belongs, count.count().depot_id)?;
    let named = CountId(row.command_id.0);
    let taken = db::counts::fixed(change.connection, &[named])?.pop();
    if let Some(stored) = &taken
        && stored.sha256 == content.sha256
        && stored.organization == owner
    {
        // It was sent by a separate request in the meantime, and is the same count.
        return Ok((owner, named));
    }
    let id = if taken.is_none() { named } else { CountId(row.id.0) };
    let sender = db::accounts::find_some(change.connection, &[row.account_id])?.remove(&row.account_id);
    let sender = sender.ok_or(Error::Internal("the sender of a command in quarantine is gone", None))?;
    let device =
        DeviceSaid { name: Some(row.device.clone()), seq: row.seq, sent_at: row.sent_at.map(|Instant(at)| at) };
    let mut submission = Submission {
        effective_at: Some(row.effective_at.0),
        first_receipt: FirstReceipt::Earlier,
        is_restated: other.is_some(),
        command: row.command_id,
        ..Submission::new(id, count, content.clone(), device, row.received_at.0)
    };
    if let (Some(receipt), None) = (&row.receipt, other) {
        // The receipt may be the reason for the quarantine, because it is not genuine: then it is a new count.
        let _ = counts::take_over(&mut submission, keys, owner, receipt);
    }
    let locked = change.for_organization(owner)?;
    let author = author(change.connection, &sender, row.sender_role, owner)?;
    counts::submit(change, Signer { author: &author, keys }, locked, &submission)?;
    Ok((owner, id))
}

/// The content of a command, as sent.
pub fn content_of(connection: &mut AnyConnection, row: &QuarantineRow) -> Result<Content, Error> {
    let bytes = db::quarantine::bodies(connection, &[row.id])?.remove(&row.id);
    let bytes = bytes.ok_or(Error::Internal("the content of a command in quarantine is gone", None))?;
    Ok(Content { bytes, sha256: row.sha256.clone() })
}

/// The sender as the author of the count, as what they were when it came. Somebody who may not count any more did so for an
/// organization that they counted for before; a viewer who never did makes no count.
fn author(
    connection: &mut AnyConnection,
    sender: &Account,
    role: Role,
    owner: OrganizationId,
) -> Result<Author, Error> {
    let counted = role == Role::Viewer
        && (matches!(sender.belongs, Belongs::Organization(_))
            || db::counts::has_counted(connection, sender.id, owner)?);
    let role = if counted { Role::Quartermaster } else { role };
    Ok(Author { role, ..sender.author() })
}
