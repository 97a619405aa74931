//! Adding links to the chain of an organization, each with its receipt.

use uuid::Uuid;

use super::records::{CountRecord, Record, ResolutionRecord};
use auth::receipts::ReceiptKeys;
use base::error::{Error, StorageFailure};
use base::id::ChangeSetId;
use db::acceptances::AcceptanceRow;
use db::counts::VoidRow;
use db::locks::LockedOrganization;
use db::receipts::ReceiptRow;
use db::resolutions::ResolutionVoidRow;
use db::sql_types::Instant;
use db::write::Change;
use domain::account::Author;
use domain::receipt::{FIRST, Link, LinkKind};
use domain::record::RecordVersion;
use domain::record::link::link_hash;

/// The author of a record, and the keys that sign its receipt.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    /// The author.
    pub author: &'a Author,
    /// The keys.
    pub keys: &'a ReceiptKeys,
}

/// Adds a count to its organization's chain, and returns its receipt.
pub fn append_count(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    organization: LockedOrganization<'_>,
    record: &CountRecord<'_>,
) -> Result<String, Error> {
    let count = record.header;
    let accepted = Accepted {
        change_set: count.change_set,
        kind: LinkKind::Count,
        id: count.id.into(),
        sha256: &count.body_sha256,
        received_at: count.received_at,
        effective_at: Some(count.effective_at),
    };
    append(change, keys, organization, accepted, &Record::Count(*record).digest(RecordVersion::CURRENT)?)
}

/// Adds a resolution to the chain of the depot's organization.
pub fn append_resolution(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    organization: LockedOrganization<'_>,
    record: &ResolutionRecord<'_>,
) -> Result<(), Error> {
    let resolution = record.header;
    let accepted = Accepted {
        change_set: resolution.change_set,
        kind: LinkKind::Resolution,
        id: resolution.id.into(),
        sha256: &resolution.body_sha256,
        received_at: resolution.resolved_at,
        effective_at: None,
    };
    append(change, keys, organization, accepted, &Record::Resolution(*record).digest(RecordVersion::CURRENT)?).map(drop)
}

/// Adds an acceptance to the chain of the depot's organization.
pub fn append_acceptance(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    organization: LockedOrganization<'_>,
    acceptance: &AcceptanceRow,
) -> Result<(), Error> {
    let accepted = Accepted {
        change_set: acceptance.change_set,
        kind: LinkKind::Acceptance,
        id: acceptance.id.into(),
        sha256: &acceptance.body_sha256,
        received_at: acceptance.accepted_at,
        effective_at: None,
    };
    append(change, keys, organization, accepted, &Record::Acceptance(acceptance).digest(RecordVersion::CURRENT)?)
        .map(drop)
}

/// Adds the void of a resolution to the chain of its organization.
pub fn append_resolution_void(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    organization: LockedOrganization<'_>,
    void: &ResolutionVoidRow,
) -> Result<(), Error> {
    let accepted = Accepted {
        change_set: void.change_set,
        kind: LinkKind::ResolutionVoid,
        id: void.resolution_id.into(),
        sha256: &void.body_sha256,
        received_at: void.voided_at,
        effective_at: None,
    };
    append(change, keys, organization, accepted, &Record::ResolutionVoid(void).digest(RecordVersion::CURRENT)?)
        .map(drop)
}

/// Adds a void to the chain of the count's organization.
pub fn append_void(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    organization: LockedOrganization<'_>,
    void: &VoidRow,
) -> Result<(), Error> {
    let accepted = Accepted {
        change_set: void.change_set,
        kind: LinkKind::Void,
        id: void.count_id.into(),
        sha256: &void.body_sha256,
        received_at: void.voided_at,
        effective_at: None,
    };
    append(change, keys, organization, accepted, &Record::Void(void).digest(RecordVersion::CURRENT)?).map(drop)
}

/// The accepted content.
#[derive(Clone, Copy, Debug)]
pub struct Accepted<'a> {
    /// The change set that adds it.
    pub change_set: ChangeSetId,
    /// Its kind.
    pub kind: LinkKind,
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the RFC 8785 form of the content as it was sent.
    pub sha256: &'a str,
    /// The time the server received it.
    pub received_at: Instant,
    /// The effective time; `None` for anything but a count.
    pub effective_at: Option<Instant>,
}

/// Adds a link of any kind to its organization's chain, and returns its receipt. `record_sha256` is the hash of the record in the
/// current version ([`Record::digest`]).
pub fn append(
    change: &mut Change<'_>,
    keys: &ReceiptKeys,
    organization: LockedOrganization<'_>,
    accepted: Accepted<'_>,
    record_sha256: &str,
) -> Result<String, Error> {
    let last = db::receipts::last(change.connection, organization)?;
    if let Some(key_id) = last.as_ref().map(|link| &link.key_id).filter(|key_id| !keys.knows(key_id)) {
        // Another instance signs with keys that this one does not have. Continuing would mix two signers in one chain.
        let missing = format!("the newest link of the chain was signed with the key {key_id}");
        return Err(Error::Storage(StorageFailure::KeyMissing, missing.into()));
    }
    let (before, previous) = last.map_or((0, FIRST.to_owned()), |link| (link.position, link.hash));
    let link = Link {
        organization: organization.id(),
        position: before.saturating_add(1),
        kind: accepted.kind,
        id: accepted.id,
        sha256: accepted.sha256.to_owned(),
        record_sha256: record_sha256.to_owned(),
        received_at: accepted.received_at.0,
        effective_at: accepted.effective_at.map(|Instant(at)| at),
        previous,
    };
    let hash = link_hash(&link).map_err(|error| Error::internal("a link cannot be hashed", error))?;
    let receipt = keys.sign(&link, &hash)?;
    let row = ReceiptRow {
        organization_id: link.organization,
        position: link.position,
        change_set: accepted.change_set,
        kind: link.kind,
        subject_id: accepted.id,
        record_sha256: link.record_sha256.clone(),
        received_at: accepted.received_at,
        effective_at: accepted.effective_at,
        previous_hash: link.previous.clone(),
        key_id: keys.key_id().to_owned(),
        jws: receipt.clone(),
        sha256: link.sha256,
        hash,
        record_version: Some(RecordVersion::CURRENT.number()),
    };
    db::receipts::insert(change, row)?;
    Ok(receipt)
}
