//! Drafting standards and publishing them.

use chrono::NaiveDate;

use super::reference;
use base::error::Error;
use db::sql_types::Day;
use db::write::Change;
use domain::change::standards::NewEdition;
use domain::change::{Editor, Precondition, Put, PutOutcome};
use domain::draft::{Draft, DraftFate, StandardText};
use domain::revision::Revision;
use text::messages::message;

/// Writes the draft of a standard, in the place of the one there is. It may have faults: they are found when it is read.
///
/// # Errors
/// The error of `unchanged` about the revision of the stored draft.
pub fn write_draft(
    change: &mut Change<'_>,
    editor: &Editor,
    text: &StandardText,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<PutOutcome, Error> {
    change.for_reference()?;
    reference::require_topmost(change.connection, editor)?;
    let before = db::drafts::find(change.connection, &text.code)?.filter(|draft| draft.is_open());
    if let Some(before) = &before {
        if before.text == *text {
            return Ok(PutOutcome::Repeated);
        }
        unchanged(before.learnt.revision)?;
    }
    db::drafts::insert(change, DraftFate::Written, text, None, None)?;
    Ok(if before.is_none() { PutOutcome::Created } else { PutOutcome::Changed })
}

/// Throws a draft away. What it said stays on record.
///
/// # Errors
/// `NotFound` where there is none; and what `unchanged` says of its revision.
pub fn discard_draft(
    change: &mut Change<'_>,
    editor: &Editor,
    code: &str,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<PutOutcome, Error> {
    change.for_reference()?;
    reference::require_topmost(change.connection, editor)?;
    match db::drafts::find(change.connection, code)? {
        Some(draft) if draft.fate == DraftFate::Discarded => Ok(PutOutcome::Repeated),
        Some(draft) if draft.is_open() => {
            unchanged(draft.learnt.revision)?;
            db::drafts::insert(change, DraftFate::Discarded, &draft.text, None, None)?;
            Ok(PutOutcome::Changed)
        }
        Some(draft) => Err(closed(&draft, unchanged)),
        None => Err(Error::NotFound("draft")),
    }
}

/// The error of a decision about a draft on which another one was made before: that the named state has changed, where it
/// names one.
fn closed(draft: &Draft, unchanged: impl Fn(Revision) -> Result<(), Error>) -> Error {
    match unchanged(draft.learnt.revision) {
        Err(error @ Error::Changed(_)) => error,
        _ => Error::conflict("draft_is_closed", message!("draft-is-closed", standard = &draft.standard)),
    }
}

/// The terms of a publication.
#[derive(Clone, Debug)]
pub struct Publication {
    /// From when it holds; today where absent.
    pub valid_from: Option<NaiveDate>,
    /// Why, where it is a correction.
    pub reason: Option<String>,
}

/// Publishes a draft: what changed of the standard and of its rules holds from a day, rules that are left out are
/// withdrawn, and what stays as it was gets no row.
///
/// # Errors
/// `NotFound` where there never was a draft; `Conflict` where it has faults, or was published or discarded meanwhile;
/// `Invalid` for a past day without a reason; and what `unchanged` says of its revision.
pub fn publish_draft(
    change: &mut Change<'_>,
    code: &str,
    publication: &Publication,
    editor: &Editor,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<PutOutcome, Error> {
    change.for_reference()?;
    reference::require_topmost(change.connection, editor)?;
    let draft = db::drafts::find(change.connection, code)?.ok_or(Error::NotFound("draft"))?;
    if !draft.is_open() {
        let same_day = publication.valid_from.is_none() || publication.valid_from == draft.valid_from;
        let same = draft.fate == DraftFate::Published && same_day && publication.reason == draft.reason;
        return if same { Ok(PutOutcome::Repeated) } else { Err(closed(&draft, unchanged)) };
    }
    unchanged(draft.learnt.revision)?;
    let reason = publication.reason.as_deref();
    let edition = NewEdition::publication(&draft.text, publication.valid_from, reason);
    let Put { outcome, valid_from, .. } = reference::put(change, editor, &(), &edition, &Precondition::Unstated)?;
    db::drafts::insert(change, DraftFate::Published, &draft.text, Some(Day(valid_from)), reason)?;
    Ok(if outcome == PutOutcome::Created { outcome } else { PutOutcome::Changed })
}
