//! Drafting standards and publishing them.

use chrono::NaiveDate;

use super::effect::{require_reason_for_past, require_writable};
use super::keeping::Fate;
use base::error::Error;
use db::sql_types::Day;
use db::write::Change;
use domain::draft::{DraftFate, Severity, StandardText, check};
use domain::revision::{Revision, in_force};
use domain::standard::Standard;
use text::messages::message;

/// Writes the draft of a standard, in the place of the one there is. It may have faults: they are found when it is read.
///
/// # Errors
/// What `unchanged` says of the revision of the draft there is.
pub fn write_draft(
    change: &mut Change<'_>,
    text: &StandardText,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<Fate, Error> {
    change.for_reference()?;
    let before = db::drafts::find(change.connection, &text.code)?.filter(|draft| draft.is_open());
    if let Some(before) = &before {
        if before.text == *text {
            return Ok(Fate::Repeated);
        }
        unchanged(before.learnt.revision)?;
    }
    db::drafts::insert(change, DraftFate::Written, text, None, None)?;
    Ok(if before.is_none() { Fate::Created } else { Fate::Changed })
}

/// Throws a draft away. What it said stays on record.
///
/// # Errors
/// `NotFound` where there is none; and what `unchanged` says of its revision.
pub fn discard_draft(
    change: &mut Change<'_>,
    code: &str,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<Fate, Error> {
    change.for_reference()?;
    match db::drafts::find(change.connection, code)? {
        Some(draft) if draft.fate == DraftFate::Discarded => Ok(Fate::Repeated),
        Some(draft) if draft.is_open() => {
            unchanged(draft.learnt.revision)?;
            db::drafts::insert(change, DraftFate::Discarded, &draft.text, None, None)?;
            Ok(Fate::Changed)
        }
        _ => Err(Error::NotFound("draft")),
    }
}

/// How a draft is to be published.
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
/// `NotFound` where there is no draft; `Conflict` where it has faults; `Invalid` for a past day without a reason; and what
/// `unchanged` says of its revision.
pub fn publish_draft(
    change: &mut Change<'_>,
    code: &str,
    publication: &Publication,
    today: NaiveDate,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<Fate, Error> {
    change.for_reference()?;
    let draft = db::drafts::find(change.connection, code)?.ok_or(Error::NotFound("draft"))?;
    if !draft.is_open() {
        let same_day = publication.valid_from.is_none() || publication.valid_from == draft.valid_from;
        let same = draft.fate == DraftFate::Published && same_day && publication.reason == draft.reason;
        return if same { Ok(Fate::Repeated) } else { Err(Error::NotFound("draft")) };
    }
    unchanged(draft.learnt.revision)?;
    require_writable(publication.valid_from, "/valid_from")?;
    let day = publication.valid_from.unwrap_or(today);
    let reason = publication.reason.as_deref();
    require_reason_for_past(day, today, reason)?;
    let books = db::books::books(change.connection, Revision::LATEST)?;
    let findings = check(&books, &draft.text, day);
    let faults = findings.iter().filter(|finding| finding.severity == Severity::Fault).count();
    if faults > 0 {
        let detail = message!("draft-has-faults", faults = faults);
        return Err(Error::Conflict { code: "draft_has_faults", detail, hashes: None });
    }
    let before = books.standards.iter().find(|standard| standard.code == code);
    record(change, before, &draft.text, day, reason)?;
    db::drafts::insert(change, DraftFate::Published, &draft.text, Some(Day(day)), reason)?;
    Ok(if before.is_none() { Fate::Created } else { Fate::Changed })
}

/// Records what a text changes of a standard from a day.
fn record(
    change: &mut Change<'_>,
    before: Option<&Standard>,
    text: &StandardText,
    day: NaiveDate,
    reason: Option<&str>,
) -> Result<(), Error> {
    let (code, document) = (text.code.as_str(), text.document());
    if before.is_none() {
        db::standards::insert_code(change, code)?;
    }
    let held = before.and_then(|standard| in_force(&standard.versions, day));
    if held.is_none_or(|row| row.value != document) {
        db::standards::insert_version(change, code, Day(day), &document, reason)?;
    }
    let known = before.map_or(&[][..], |standard| &standard.rules);
    let mut position = db::standards::next_position(change.connection, code)?;
    for rule in &text.rules {
        match known.iter().find(|history| history.code == rule.code) {
            None => {
                db::standards::insert_rule(change, (code, position), Day(day), rule, reason)?;
                position += 1;
            }
            Some(history) if history.on(day) != Some(rule) => {
                db::standards::insert_rule_version(change, &rule.code, Day(day), Some(rule), reason)?;
            }
            Some(_) => {}
        }
    }
    for history in known.iter().filter(|history| history.on(day).is_some()) {
        if !text.rules.iter().any(|rule| rule.code == history.code) {
            db::standards::insert_rule_version(change, &history.code, Day(day), None, reason)?;
        }
    }
    Ok(())
}
