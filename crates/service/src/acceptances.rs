//! Accepting own counts that inspections contest: exactly once by id, for ever.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::chain::{self, Signer};
use super::counts::SubmitOutcome;
use super::resolutions::item_fault;
use base::content::Content;
use base::error::{Error, Fault};
use base::id::{AcceptanceId, CountId, OrganizationId};
use db::acceptances::AcceptanceRow;
use db::connection::AnyConnection;
use db::counts::StoredCount;
use db::locks::LockedOrganization;
use db::sql_types::Instant;
use db::write::Change;
use domain::acceptance::NewAcceptance;
use domain::account::Belongs;
use domain::actor::{Subject, SubjectKind};
use domain::count::{CountKind, CountScope};
use text::messages::message;

/// An acceptance to be stored.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its id, made by the client.
    pub id: AcceptanceId,
    /// Its checked values.
    pub acceptance: NewAcceptance,
    /// Its content as sent.
    pub content: Content,
    /// The time the server received it.
    pub received_at: DateTime<Utc>,
}

/// Looks an id up and returns the organization of the acceptance, if the id was used before for the same content. A repeat is
/// found by its content alone, as a client resends an old body after the shape that is asked for has changed.
///
/// # Errors
/// `Conflict` if the id was used for other content, or for an organization that the account may not see.
pub fn look_up(
    connection: &mut AnyConnection,
    belongs: Belongs,
    id: AcceptanceId,
    content: &Content,
) -> Result<Option<OrganizationId>, Error> {
    let Some((owner, stored)) = db::acceptances::content_of(connection, id)? else { return Ok(None) };
    let visible = db::organizations::is_visible(connection, belongs, owner)?;
    repeated(stored, visible, content)?;
    Ok(Some(owner))
}

/// Stores an acceptance about a depot of an organization, or finds that it is stored already.
///
/// # Errors
/// `Conflict` if the id was used for other content; `Invalid` with all faults of the values against stored data.
/// Nothing is stored then.
pub fn accept(
    change: &mut Change<'_>,
    signer: Signer<'_>,
    locked: LockedOrganization<'_>,
    submission: &Submission,
) -> Result<SubmitOutcome, Error> {
    let Signer { author, keys } = signer;
    let organization = locked.id();
    let Submission { id, acceptance, content, received_at } = submission;
    if let Some((owner, stored)) = db::acceptances::content_of(change.connection, *id)? {
        return repeated(stored, owner == organization, content);
    }
    let mut faults: Vec<Fault> = item_fault(change.connection, &acceptance.item)?.into_iter().collect();
    faults.extend(count_faults(change.connection, acceptance)?);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let row = AcceptanceRow {
        id: *id,
        depot_id: acceptance.depot_id,
        organization_id: organization,
        account_id: author.account,
        change_set: change.record(Subject::new(SubjectKind::Acceptance, id)).change_set,
        item_code: acceptance.item.clone(),
        inspection_id: acceptance.inspection,
        count_id: acceptance.count,
        reason: acceptance.reason.clone(),
        accepted_by: author.name.clone(),
        accepted_at: Instant(*received_at),
        body: content.bytes.clone(),
        body_sha256: content.sha256.clone(),
    };
    db::acceptances::insert(change, &row)?;
    chain::append_acceptance(change, keys, locked, &row)?;
    Ok(SubmitOutcome::Stored)
}

/// Compares a second submission with the stored one. A caller who may not see the acceptance learns only that the id is
/// taken.
fn repeated(stored: String, visible: bool, sent: &Content) -> Result<SubmitOutcome, Error> {
    if visible && stored == sent.sha256 {
        return Ok(SubmitOutcome::Repeated);
    }
    Err(Error::Conflict {
        code: "id_reused",
        detail: message!("acceptance-id-reused"),
        hashes: visible.then(|| (stored, sent.sha256.clone())),
    })
}

/// Checks that an inspection of the depot and a later own count are named, which both cover the item and hold.
fn count_faults(connection: &mut AnyConnection, acceptance: &NewAcceptance) -> Result<Vec<Fault>, Error> {
    let ids: BTreeSet<CountId> = [acceptance.inspection, acceptance.count].into();
    let found = db::counts::find_some(connection, &ids.into_iter().collect::<Vec<_>>())?;
    let of = |id: CountId| found.iter().find(|count| count.row.id == id && count.row.depot_id == acceptance.depot_id);
    let (inspection, count) = (of(acceptance.inspection), of(acceptance.count));
    let mut faults: Vec<Fault> = [
        count_fault("/inspection", acceptance.inspection, inspection, CountKind::Inspection, acceptance),
        count_fault("/count", acceptance.count, count, CountKind::Own, acceptance),
    ]
    .into_iter()
    .flatten()
    .collect();
    if let (Some(inspection), Some(count)) = (inspection, count)
        && faults.is_empty()
        && count.row.effective_at.0 <= inspection.row.effective_at.0
    {
        let text = message!("acceptance-too-early", id = acceptance.count.to_string());
        faults.push(Fault::new("/count", "before_inspection", text));
    }
    Ok(faults)
}

fn count_fault(
    at: &'static str,
    id: CountId,
    found: Option<&StoredCount>,
    kind: CountKind,
    acceptance: &NewAcceptance,
) -> Option<Fault> {
    let id = id.to_string();
    let Some(count) = found else {
        return Some(Fault::new(at, "count_unknown", message!("acceptance-count-unknown", id = id)));
    };
    if count.row.kind != kind {
        return Some(match kind {
            CountKind::Inspection => Fault::new(at, "not_inspection", message!("acceptance-not-inspection", id = id)),
            CountKind::Own => Fault::new(at, "not_own", message!("acceptance-not-own", id = id)),
        });
    }
    if count.void.is_some() {
        return Some(Fault::new(at, "count_voided", message!("acceptance-voided", id = id)));
    }
    let covers =
        count.row.scope == CountScope::Full || count.lines.iter().any(|line| line.item_code == acceptance.item);
    let text = || message!("acceptance-count-silent", id = id, item = &acceptance.item);
    (!covers).then(|| Fault::new(at, "count_silent", text()))
}
