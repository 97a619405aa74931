//! Granting exemptions from rules to organizations, and ending them early.

use chrono::NaiveDate;

use super::id_reuse::require_same;
use base::error::Error;
use base::id::{ExemptionId, OrganizationId};
use db::exemptions::Grant;
use db::locks::LockedOrganization;
use db::sql_types::Day;
use db::write::Change;
use domain::change::PutOutcome;
use domain::change::{require_plausible_day, require_reason_for_past};
use domain::exemption::Exemption;
use domain::revision::Revision;
use text::messages::message;

/// An exemption to be granted.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// Its id, made by the client.
    pub id: ExemptionId,
    /// The rule from which it exempts.
    pub rule: String,
    /// Its first day; today if absent.
    pub valid_from: Option<NaiveDate>,
    /// Its last day.
    pub ends_on: NaiveDate,
    /// The reason.
    pub reason: String,
    /// The reason for a first day in the past.
    pub correction_reason: Option<String>,
    /// SHA-256 of the request.
    pub body_sha256: String,
}

/// Grants an exemption, or finds that it was granted before.
///
/// # Errors
/// `Conflict` where the id was used for something else; `Invalid` for a rule that does not stand on its first day, for days
/// the wrong way round, and for a past day without a reason.
pub fn grant(
    change: &mut Change<'_>,
    organization: LockedOrganization<'_>,
    asked: &NewGrant,
    today: NaiveDate,
) -> Result<PutOutcome, Error> {
    if let Some((owner, stored)) = db::exemptions::content_of(change.connection, asked.id)? {
        require_same(stored, &asked.body_sha256, owner == organization.id(), message!("exemption-id-reused"))?;
        return Ok(PutOutcome::Repeated);
    }
    require_plausible_day(asked.valid_from, "/valid_from")?;
    require_plausible_day(Some(asked.ends_on), "/ends_on")?;
    let first = asked.valid_from.unwrap_or(today);
    if asked.ends_on < first {
        let detail = message!("exemption-days-crossed", from = first.to_string(), to = asked.ends_on.to_string());
        return Err(Error::invalid("/ends_on", "days_crossed", detail));
    }
    let standards = db::standards::list(change.connection, Revision::LATEST)?;
    let mut rules = standards.iter().flat_map(|standard| &standard.rules);
    if !rules.any(|history| history.code == asked.rule && history.on(first).is_some()) {
        let detail = message!("exemption-rule-unknown", day = first.to_string());
        return Err(Error::invalid("/rule", "rule_unknown", detail));
    }
    require_reason_for_past(first, today, asked.correction_reason.as_deref())?;
    let granted_by = name_of_actor(change);
    let grant = Grant {
        id: asked.id,
        rule: &asked.rule,
        valid_from: Day(first),
        ends_on: Day(asked.ends_on),
        granted_by: &granted_by,
        reason: &asked.reason,
        correction_reason: asked.correction_reason.as_deref(),
        body_sha256: &asked.body_sha256,
    };
    db::exemptions::insert(change, organization, &grant)?;
    Ok(PutOutcome::Created)
}

/// Ends an exemption, so that the rule applies again from a day, by default today; or finds that it was ended so
/// before.
///
/// # Errors
/// `NotFound` where the organization has no such exemption; `Invalid` for a day before its first; `Conflict` for one after
/// its last; and what `unchanged` says of the revision of the last decision about it.
pub fn end(
    change: &mut Change<'_>,
    organization: LockedOrganization<'_>,
    id: ExemptionId,
    valid_from: Option<NaiveDate>,
    reason: &str,
    today: NaiveDate,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<PutOutcome, Error> {
    let exemption = find(change, organization.id(), id)?;
    if let Some(last) = exemption.last_end()
        && last.reason == reason
        && valid_from.is_none_or(|day| day == last.valid_from)
    {
        return Ok(PutOutcome::Repeated);
    }
    require_plausible_day(valid_from, "/valid_from")?;
    let day = valid_from.unwrap_or(today);
    if day < exemption.valid_from {
        let detail = message!("exemption-end-too-early", from = exemption.valid_from.to_string());
        return Err(Error::invalid("/valid_from", "before_the_beginning", detail));
    }
    if day > exemption.ends_on {
        let detail = message!("exemption-over", to = exemption.ends_on.to_string());
        return Err(Error::conflict("exemption_over", detail));
    }
    unchanged(exemption.last_change())?;
    let ended_by = name_of_actor(change);
    db::exemptions::insert_end(change, organization, id, Day(day), &ended_by, reason)?;
    Ok(PutOutcome::Changed)
}

fn find(change: &mut Change<'_>, organization: OrganizationId, id: ExemptionId) -> Result<Exemption, Error> {
    db::exemptions::list(change.connection, &[organization], Revision::LATEST)?
        .remove(&organization)
        .and_then(|exemptions| exemptions.into_iter().find(|exemption| exemption.id == id))
        .ok_or(Error::NotFound("exemption"))
}

/// The name of the author of a change, stored with it because an account's name may change.
fn name_of_actor(change: &Change<'_>) -> String {
    change.actor().author.as_ref().map(|author| author.name.clone()).unwrap_or_default()
}
