//! Accepting own counts that inspections contest. Each acceptance is stored exactly once by its id, forever.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::chain::{self, Signer};
use super::counts::SubmitOutcome;
use super::id_reuse::require_same;
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

/// Looks an id up and returns the organization of the acceptance, if the id was used before for the same content. A
/// repeat is recognized by its content alone, because a client may resend an old body after the required shape has
/// changed.
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
    require_same(stored, &content.sha256, visible, message!("acceptance-id-reused"))?;
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
        require_same(stored, &content.sha256, owner == organization, message!("acceptance-id-reused"))?;
        return Ok(SubmitOutcome::Repeated);
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

/// Checks that the named counts are an inspection of the depot and a later own count, that both cover the item, and that
/// neither is voided.
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
