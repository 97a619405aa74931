//! Submitting a count.

use std::collections::BTreeSet;

use super::checks::{
    believed_catalogue, depot_faults, items_of, line_faults, named_counts, reference_faults, unit_faults,
};
use super::resend::compare;
use super::rows::line_rows;
use super::{Submission, SubmitOutcome};
use crate::chain::{self, Signer};
use crate::records::CountRecord;
use crate::sequence_log::{self, NumberedCommand};
use base::error::Error;
use base::id::CountId;
use base::time::observe;
use db::counts::CountRow;
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
use text::messages::message;

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
) -> Result<SubmitOutcome, Error> {
    let organization = locked.id();
    let Signer { author, .. } = signer;
    if let Some(stored) = db::counts::fixed(change.connection, &[submission.id])?.pop() {
        let is_visible = stored.organization == organization;
        return compare(stored, &submission.content, author.account, is_visible).map(|_| SubmitOutcome::Repeated);
    }
    let count = submission.count.count();
    let kind = kind_of(author, count.kind)?;
    let mut observed = observe(count.counted_at, submission.device.sent_at, submission.received_at);
    if let Some(fixed) = submission.effective_at {
        observed.effective_at = fixed;
    }
    let day = db::organizations::day_of(change.connection, organization, observed.effective_at)?;
    let catalogue = believed_catalogue(change.connection, submission)?;
    let items = items_of(change.connection, count)?;
    let mut faults = line_faults(&submission.count, &items, day);
    if submission.evidence.is_none() && !submission.is_restated {
        let seen = catalogue.map_or(CatalogueSeen::When(observed.effective_at), CatalogueSeen::At);
        faults.extend(unit_faults(count, &items, seen));
    }
    faults.extend(depot_faults(change.connection, organization, count, day)?);
    let named = named_counts(change.connection, submission)?;
    faults.extend(reference_faults(submission, &named, kind));
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let is_unknown = catalogue.is_none() && count.catalogue_revision.is_some();
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
        flags: write_flags(if is_unknown { &[CountFlag::CatalogueUnknown] } else { &[] }),
    };
    let lines = line_rows(&row, &submission.count);
    db::counts::insert(change, &row, &lines, &named.resolves)?;
    // Its draft bears the id with which it was sent, also if an officer gave the count another.
    let sender = change.for_key(Key::sender(author.account))?;
    db::count_drafts::forget(change.connection, sender, author.account, CountId(submission.command.0))?;
    if let (Some(device), Some(seq)) = (&row.device, row.seq) {
        let counted_at = Some(count.counted_at);
        let (account, id, received_at) = (author.account, submission.command, submission.received_at);
        let command = NumberedCommand { account, device, seq, id, counted_at, received_at };
        sequence_log::note(change, sender, &command)?;
    }
    let resolves: BTreeSet<CountId> = count.resolves.iter().copied().collect();
    let resolves: Vec<CountId> = resolves.into_iter().collect();
    chain::append_count(
        change,
        signer.keys,
        locked,
        &CountRecord { header: &row, lines: &lines, resolves: &resolves },
    )?;
    if let Some(jws) = &submission.evidence {
        let evidence = EvidenceRow { count_id: row.id, change_set: row.change_set, jws: jws.clone() };
        db::receipts::insert_evidence(change, &evidence)?;
    }
    Ok(SubmitOutcome::Stored)
}

/// The kind of a count: a quartermaster counts for the organization, an officer inspects it, a viewer does neither.
fn kind_of(author: &Author, asked: Option<CountKind>) -> Result<CountKind, Error> {
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
