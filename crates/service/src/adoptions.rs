//! Deciding that a standard binds in a region, or no longer does.

use chrono::NaiveDate;

use super::effect::{require_reason_for_past, require_writable};
use super::keeping::Fate;
use base::error::Error;
use base::id::RegionId;
use db::sql_types::Day;
use db::write::Change;
use domain::revision::{Dated, Revision, in_force, in_force_or_first, last_change};
use domain::rule::Strength;
use domain::standard::StandardStatus;
use text::messages::message;

/// What a bureau decides about a standard.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The strength it gives the standard; `None` ends the adoption.
    pub strength: Option<Strength>,
    /// From when; today where absent.
    pub valid_from: Option<NaiveDate>,
    /// Why, where it is a correction or an end.
    pub reason: Option<String>,
}

/// Records what a bureau decides about a standard, unless the same holds already. What was decided for later days stays.
///
/// # Errors
/// `NotFound` for an unknown standard; `Conflict` for one that is only a draft, and where there is nothing to end;
/// `Invalid` for a past day without a reason; and what `unchanged` says of the revision of the last decision.
pub fn decide(
    change: &mut Change<'_>,
    (region, standard): (RegionId, &str),
    decision: &Decision,
    today: NaiveDate,
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<Fate, Error> {
    change.for_reference()?;
    require_adoptable(change, standard, today)?;
    require_writable(decision.valid_from, "/valid_from")?;
    let day = decision.valid_from.unwrap_or(today);
    let history: Vec<Dated<Option<Strength>>> =
        db::standards::adoption_history(change.connection, (region, standard), Revision::LATEST)?
            .into_iter()
            .map(|recorded| recorded.row)
            .collect();
    if decision.strength.is_none() && history.iter().all(|row| row.value.is_none() || row.valid_from > day) {
        let detail = message!("adoption-not-there", standard = standard, day = day.to_string());
        return Err(Error::Conflict { code: "not_adopted", detail, hashes: None });
    }
    if in_force(&history, day).and_then(|row| row.value) == decision.strength {
        return Ok(Fate::Repeated);
    }
    require_reason_for_past(day, today, decision.reason.as_deref())?;
    if !history.is_empty() {
        unchanged(last_change(&history))?;
    }
    let reason = decision.reason.as_deref();
    db::standards::insert_adoption(change, region, standard, Day(day), decision.strength, reason)?;
    Ok(if history.is_empty() { Fate::Created } else { Fate::Changed })
}

/// Refuses a standard that is not there, or that is a draft and nothing more.
fn require_adoptable(change: &mut Change<'_>, code: &str, today: NaiveDate) -> Result<(), Error> {
    let is_draft = || Error::Conflict {
        code: "standard_is_draft",
        detail: message!("standard-is-draft", standard = code),
        hashes: None,
    };
    let standards = db::standards::list(change.connection, Revision::LATEST)?;
    let Some(standard) = standards.iter().find(|standard| standard.code == code) else {
        let drafts = db::drafts::list(change.connection, Revision::LATEST)?;
        let drafted = drafts.iter().any(|draft| draft.standard == code && draft.is_open());
        return Err(if drafted { is_draft() } else { Error::NotFound("standard") });
    };
    let now = in_force_or_first(&standard.versions, today).map(|row| row.value.status);
    // One that is issued on a later day may be adopted before.
    let later = standard.versions.iter().filter(|row| row.valid_from > today);
    if now == Some(StandardStatus::Draft) && later.clone().all(|row| row.value.status == StandardStatus::Draft) {
        return Err(is_draft());
    }
    Ok(())
}
