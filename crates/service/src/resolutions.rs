//! Resolving conflicts by name, and taking that back: exactly once by id, for ever.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::chain::{self, Signer};
use super::counts::{SubmitOutcome, VoidRequest};
use super::id_reuse::require_same;
use super::records::ResolutionRecord;
use base::content::Content;
use base::error::{Error, Fault};
use base::id::{CountId, OrganizationId, ResolutionId};
use db::connection::AnyConnection;
use db::locks::LockedOrganization;
use db::resolutions::{NamedRow, ResolutionRow, ResolutionVoidRow};
use db::sql_types::Instant;
use db::write::Change;
use domain::account::Belongs;
use domain::actor::{Subject, SubjectKind};
use domain::item::ItemCode;
use domain::resolution::NewResolution;
use domain::revision::Revision;
use text::messages::message;

/// A resolution to be stored.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Its id, made by the client.
    pub id: ResolutionId,
    /// Its checked values.
    pub resolution: NewResolution,
    /// Its content as sent.
    pub content: Content,
    /// The time the server received it.
    pub received_at: DateTime<Utc>,
}

/// Looks an id up: whose resolution it is, where it was used before for the same content. A repeat is found by its content
/// alone, as a client resends an old body after the shape that is asked for has changed.
///
/// # Errors
/// `Conflict` if the id was used for other content, or for an organization that the account may not see.
pub fn look_up(
    connection: &mut AnyConnection,
    belongs: Belongs,
    id: ResolutionId,
    content: &Content,
) -> Result<Option<OrganizationId>, Error> {
    let Some((owner, stored)) = db::resolutions::content_of(connection, id)? else { return Ok(None) };
    let visible = db::organizations::is_visible(connection, belongs, owner)?;
    require_same(stored, &content.sha256, visible, message!("resolution-id-reused"))?;
    Ok(Some(owner))
}

/// Stores a resolution about a depot of an organization, or finds that it is stored already.
///
/// # Errors
/// `Conflict` if the id was used for other content; `Invalid` with all faults of the values against stored data.
/// Nothing is stored then.
pub fn resolve(
    change: &mut Change<'_>,
    signer: Signer<'_>,
    locked: LockedOrganization<'_>,
    submission: &Submission,
) -> Result<SubmitOutcome, Error> {
    let Signer { author, keys } = signer;
    let organization = locked.id();
    let Submission { id, resolution, content, received_at } = submission;
    if let Some((owner, stored)) = db::resolutions::content_of(change.connection, *id)? {
        require_same(stored, &content.sha256, owner == organization, message!("resolution-id-reused"))?;
        return Ok(SubmitOutcome::Repeated);
    }
    let mut faults: Vec<Fault> = item_fault(change.connection, &resolution.item)?.into_iter().collect();
    faults.extend(count_faults(change.connection, resolution)?);
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let row = ResolutionRow {
        id: *id,
        depot_id: resolution.depot_id,
        organization_id: organization,
        account_id: author.account,
        change_set: change.record(Subject::new(SubjectKind::Resolution, id)).change_set,
        item_code: resolution.item.clone(),
        reason: resolution.reason.clone(),
        resolved_by: author.name.clone(),
        resolved_at: Instant(*received_at),
        body: content.bytes.clone(),
        body_sha256: content.sha256.clone(),
    };
    let named = named_rows(&row, resolution);
    db::resolutions::insert(change, &row, &named)?;
    chain::append_resolution(change, keys, locked, &ResolutionRecord { header: &row, named: &named })?;
    Ok(SubmitOutcome::Stored)
}

/// Voids a resolution of an organization, or finds that it was voided before with the same reason.
///
/// # Errors
/// `Conflict` if it was voided with another reason.
pub fn void(
    change: &mut Change<'_>,
    signer: Signer<'_>,
    organization: LockedOrganization<'_>,
    id: ResolutionId,
    request: VoidRequest<'_>,
) -> Result<SubmitOutcome, Error> {
    let VoidRequest { reason, content, at } = request;
    let Signer { author, keys } = signer;
    if let Some(void) = db::resolutions::void_of(change.connection, id)? {
        if void.body_sha256 == content.sha256 {
            return Ok(SubmitOutcome::Repeated);
        }
        return Err(Error::Conflict {
            code: "already_voided",
            detail: message!("resolution-already-voided", reason = void.reason),
            hashes: Some((void.body_sha256, content.sha256.clone())),
        });
    }
    let void = ResolutionVoidRow {
        resolution_id: id,
        change_set: change.record(Subject::new(SubjectKind::Resolution, id)).change_set,
        account_id: author.account,
        voided_by: author.name.clone(),
        voided_at: Instant(at),
        reason: reason.to_owned(),
        body: content.bytes.clone(),
        body_sha256: content.sha256.clone(),
    };
    db::resolutions::insert_void(change, &void)?;
    chain::append_resolution_void(change, keys, organization, &void)?;
    Ok(SubmitOutcome::Stored)
}

/// The counts that a resolution names, as stored.
pub fn named_rows(row: &ResolutionRow, resolution: &NewResolution) -> Vec<NamedRow> {
    let counts: BTreeSet<CountId> = resolution.counts.iter().copied().collect();
    let named = |count_id| NamedRow { resolution_id: row.id, count_id, item_code: row.item_code.clone() };
    counts.into_iter().map(named).collect()
}

/// The fault of an item that is not there.
pub(super) fn item_fault(connection: &mut AnyConnection, item: &ItemCode) -> Result<Option<Fault>, Error> {
    let found = db::items::list_some(connection, &BTreeSet::from([item.clone()]), Revision::LATEST)?;
    let unknown = || Fault::new("/item", "item_unknown", message!("line-item-unknown", item = item));
    Ok(found.is_empty().then(unknown))
}

/// Checks that each is a count of the depot that can cover the item: it lists it, or is a full count.
fn count_faults(connection: &mut AnyConnection, resolution: &NewResolution) -> Result<Vec<Fault>, Error> {
    let asked: BTreeSet<CountId> = resolution.counts.iter().copied().collect();
    let there: BTreeSet<CountId> =
        db::counts::kinds_in_depot(connection, resolution.depot_id, &asked)?.into_keys().collect();
    let covering = db::counts::covering(connection, &there, &resolution.item)?;
    let fault = |number: usize, id: &CountId| {
        let (at, id_text) = (format!("/counts/{number}"), id.to_string());
        if !there.contains(id) {
            return Some(Fault::new(at, "count_unknown", message!("resolution-count-unknown", id = id_text)));
        }
        let silent = || message!("resolution-count-silent", id = id_text, item = &resolution.item);
        (!covering.contains(id)).then(|| Fault::new(at, "count_silent", silent()))
    };
    Ok(resolution.counts.iter().enumerate().filter_map(|(number, id)| fault(number, id)).collect())
}
