//! Submitting a count.

use std::collections::BTreeSet;

use super::checks::{believed_catalogue, depot_faults, line_faults, named_counts, reference_faults, unit_faults};
use super::resend::compare;
use super::rows::line_rows;
use super::{Submission, SubmitOutcome};
use crate::chain::{self, Signer};
use crate::records::CountRecord;
use crate::sequence_log::{self, NumberedCommand};
use base::error::Error;
use base::id::CountId;
use base::time::observe;
use db::counts::{CountRow, LineRow, StoredCount};
use db::flag_words::write_flags;
use db::locks::{Key, LockedOrganization};
use db::receipts::EvidenceRow;
use db::sessions::role_not_allowed;
use db::sql_types::Instant;
use db::write::Change;
use domain::account::Author;
use domain::account::Role;
use domain::actor::{Subject, SubjectKind};
use domain::count::{CountFlag, CountKind};
use domain::item::CatalogueSeen;
use domain::region::day_at;
use domain::revision::Revision;
use text::messages::message;

/// What became of a submission.
#[derive(Debug)]
pub enum Submitted {
    /// It was stored now.
    Stored(Box<NewCountStored>),
    /// It had been stored before.
    Repeated,
}

/// A count that a write has just stored. Its revision is known after the commit.
#[derive(Debug)]
pub struct NewCountStored {
    row: CountRow,
    lines: Vec<LineRow>,
    resolves: Vec<CountId>,
    flags: Vec<CountFlag>,
    /// The receipt that it was given.
    pub receipt: String,
}

impl NewCountStored {
    /// The count as it is read at the revision that recorded it.
    pub fn recorded_at(self, revision: Revision) -> StoredCount {
        let Self { row, lines, resolves, flags, .. } = self;
        StoredCount { row, revision, lines, resolves, void: None, flags }
    }
}

impl Submitted {
    /// Whether it was stored now or before.
    pub fn outcome(&self) -> SubmitOutcome {
        match self {
            Self::Stored(_) => SubmitOutcome::Stored,
            Self::Repeated => SubmitOutcome::Repeated,
        }
    }
}

/// Stores a count of an organization's depot, or finds that it is stored already.
///
/// # Errors
/// `Conflict` if the id was used for other content; `Forbidden` if a quartermaster sends an inspection; `Invalid` with
/// all faults of the values against stored data. Nothing is stored then.
pub fn submit(
    change: &mut Change<'_>,
    signer: Signer<'_>,
    locked: LockedOrganization<'_>,
    submission: &Submission,
) -> Result<Submitted, Error> {
    let organization = locked.id();
    let Signer { author, .. } = signer;
    if let Some(stored) = db::counts::fixed(change.connection, &[submission.id])?.pop() {
        let is_visible = stored.organization == organization;
        return compare(stored, &submission.content, author.account, is_visible).map(|_| Submitted::Repeated);
    }
    let count = submission.count.count();
    // What a ledger says is the organization's own word, whoever brings it.
    let kind = if submission.is_from_ledger { CountKind::Own } else { kind_of(author, count.kind)? };
    let mut observed = observe(count.counted_at, submission.device.sent_at, submission.received_at);
    if let Some(fixed) = submission.effective_at {
        observed.effective_at = fixed;
    }
    let reference_data = change.reference_data()?;
    let region =
        db::organizations::region_of(change.connection, organization)?.ok_or(Error::NotFound("organization"))?;
    let day = day_at(&reference_data.regions, region, observed.effective_at);
    let catalogue = believed_catalogue(change.connection, submission)?;
    let items = &reference_data.items;
    let mut faults = line_faults(&submission.count, items, day);
    if submission.evidence.is_none() && !submission.is_restated {
        let seen = catalogue.map_or(CatalogueSeen::When(observed.effective_at), CatalogueSeen::At);
        faults.extend(unit_faults(count, items, seen));
    }
    faults.extend(depot_faults(change.connection, organization, count, day)?);
    let named = named_counts(change.connection, submission)?;
    faults.extend(reference_faults(submission, &named, kind));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let is_unknown = catalogue.is_none() && count.catalogue_revision.is_some();
    let arrived = [(is_unknown, CountFlag::CatalogueUnknown), (submission.is_from_ledger, CountFlag::Ledger)];
    let arrived: Vec<CountFlag> = arrived.into_iter().filter_map(|(so, flag)| so.then_some(flag)).collect();
    let change_set = change.record(Subject::new(SubjectKind::Count, submission.id)).change_set;
    let row = CountRow {
        id: submission.id,
        depot_id: count.depot_id,
        organization_id: organization,
        account_id: author.account,
        change_set,
        kind,
        scope: count.scope,
        counted_at: Instant(count.counted_at),
        effective_at: Instant(observed.effective_at),
        received_at: Instant(submission.received_at),
        device: submission.device.name.clone(),
        seq: submission.device.seq,
        sent_at: submission.device.sent_at.map(Instant),
        clock_offset_us: observed.clock_offset.and_then(|offset| offset.num_microseconds()),
        catalogue_revision: catalogue,
        counted_by: count.counted_by.clone().unwrap_or_else(|| author.name.clone()),
        note: count.note.clone(),
        body: submission.content.bytes.clone(),
        body_sha256: submission.content.sha256.clone(),
        flags: write_flags(&arrived),
    };
    let lines = line_rows(&row, &submission.count);
    db::counts::insert(change, &row, &lines, &named.resolves)?;
    // Its draft bears the id with which it was sent, also if an officer gave the count another.
    let sender = change.for_key(Key::sender(author.account))?;
    db::count_drafts::forget(change.connection, sender, author.account, CountId(submission.command.0))?;
    let mut flags = row.flags();
    if let (Some(device), Some(seq)) = (&row.device, row.seq) {
        let counted_at = Some(count.counted_at);
        let (account, id, received_at) = (author.account, submission.command, submission.received_at);
        let command = NumberedCommand { account, device, seq, id, counted_at, received_at };
        let of_command = sequence_log::note(change, sender, &command)?;
        flags.extend(of_command.into_iter().filter(|_| id.0 == row.id.0));
    }
    let resolves: BTreeSet<CountId> = count.resolves.iter().copied().collect();
    let resolves: Vec<CountId> = resolves.into_iter().collect();
    let record = CountRecord { header: &row, lines: &lines, resolves: &resolves };
    let mut receipt = chain::append_count(change, signer.keys, locked, &record)?;
    if let Some(jws) = &submission.evidence {
        let evidence = EvidenceRow { count_id: row.id, change_set: row.change_set, jws: jws.clone() };
        db::receipts::insert_evidence(change, &evidence)?;
        receipt = jws.clone();
    }
    let flags = flags.into_iter().collect();
    Ok(Submitted::Stored(Box::new(NewCountStored { row, lines, resolves, flags, receipt })))
}

/// The kind of a count: a quartermaster counts for the organization, an officer inspects it, a viewer does neither.
pub(crate) fn kind_of(author: &Author, asked: Option<CountKind>) -> Result<CountKind, Error> {
    let theirs = match author.role {
        Role::Quartermaster => CountKind::Own,
        Role::Officer | Role::Admin => CountKind::Inspection,
        Role::Viewer => return Err(role_not_allowed(author.role)),
    };
    match asked {
        Some(CountKind::Inspection) if theirs == CountKind::Own => Err(Error::Forbidden {
            code: "inspection_needs_officer",
            detail: message!("count-inspection-needs-officer"),
        }),
        Some(CountKind::Own) if theirs == CountKind::Inspection => {
            Err(Error::Forbidden { code: "own_needs_quartermaster", detail: message!("count-own-needs-quartermaster") })
        }
        _ => Ok(theirs),
    }
}
