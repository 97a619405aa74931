//! Voiding a count.

use chrono::{DateTime, Utc};

use super::SubmitOutcome;
use crate::chain::{self, Signer};
use base::content::Content;
use base::error::Error;
use base::id::CountId;
use db::counts::VoidRow;
use db::locks::LockedOrganization;
use db::sql_types::Instant;
use db::write::Change;
use domain::account::Role;
use domain::actor::{Subject, SubjectKind};
use domain::count::CountKind;
use text::messages::message;

/// A request to void a count or a resolution.
#[derive(Clone, Copy, Debug)]
pub struct VoidRequest<'a> {
    /// The reason, in words.
    pub reason: &'a str,
    /// The request as sent.
    pub content: &'a Content,
    /// The time it was received.
    pub at: DateTime<Utc>,
}

/// Voids a count of an organization, or finds that it was voided before with the same reason.
///
/// # Errors
/// `Conflict` if it was voided with another reason; `Forbidden` if a quartermaster voids an inspection.
pub fn void(
    change: &mut Change<'_>,
    signer: Signer<'_>,
    organization: LockedOrganization<'_>,
    id: CountId,
    kind: CountKind,
    request: VoidRequest<'_>,
) -> Result<SubmitOutcome, Error> {
    let VoidRequest { reason, content, at } = request;
    let Signer { author, keys } = signer;
    if let Some(void) = db::counts::void_of(change.connection, id)? {
        if void.body_sha256 == content.sha256 {
            return Ok(SubmitOutcome::Repeated);
        }
        return Err(Error::Conflict {
            code: "already_voided",
            detail: message!("count-already-voided", reason = void.reason),
            hashes: Some((void.body_sha256, content.sha256.clone())),
        });
    }
    if kind == CountKind::Inspection && author.role == Role::Quartermaster {
        return Err(Error::Forbidden {
            code: "inspection_needs_officer",
            detail: message!("count-void-needs-officer"),
        });
    }
    let change_set = change.record(Subject::new(SubjectKind::Void, id)).change_set;
    let void = VoidRow {
        count_id: id,
        change_set,
        account_id: author.account,
        voided_at: Instant(at),
        reason: reason.to_owned(),
        body: content.bytes.clone(),
        body_sha256: content.sha256.clone(),
    };
    db::counts::insert_void(change, &void)?;
    chain::append_void(change, keys, organization, &void)?;
    Ok(SubmitOutcome::Stored)
}
