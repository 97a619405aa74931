//! Declaring how many an organization needs where a rule says "as needed".

use chrono::NaiveDate;

use super::effect::{require_reason_for_past, require_writable};
use super::keeping::Fate;
use base::error::Error;
use base::quantity::Quantity;
use db::locks::LockedOrganization;
use db::sql_types::Day;
use db::write::Change;
use domain::account::Role;
use domain::revision::{Dated, Revision, in_force, last_change};
use domain::rule::{Rule, RuleQuantity, RuleRole, Selector};
use text::messages::message;

/// What an organization declares.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// How many it needs; `None` takes back what it declared.
    pub quantity: Option<Quantity>,
    /// From when; today where absent.
    pub valid_from: Option<NaiveDate>,
    /// Why, where it is a correction.
    pub reason: Option<String>,
}

/// Records a declared target, unless the same holds already. The rule must say "as needed" on the day; it need not bind the
/// organization yet, so that a bureau may ask for targets before it adopts a standard.
///
/// # Errors
/// `NotFound` for an unknown rule; `Invalid` for one of another form, for a fraction of what is counted in whole units,
/// and for a past day without a reason; `Forbidden` for a past day where no officer asks; and what `unchanged` says of
/// the revision of the last declaration.
pub fn declare(
    change: &mut Change<'_>,
    (organization, rule): (LockedOrganization<'_>, &str),
    declaration: &Declaration,
    (role, today): (Role, NaiveDate),
    unchanged: impl Fn(Revision) -> Result<(), Error>,
) -> Result<Fate, Error> {
    require_writable(declaration.valid_from, "/valid_from")?;
    let day = declaration.valid_from.unwrap_or(today);
    require_as_needed(change, rule, declaration.quantity, day)?;
    let history: Vec<Dated<Option<Quantity>>> =
        db::targets::history(change.connection, (organization.id(), rule), Revision::LATEST)?
            .into_iter()
            .map(|recorded| recorded.row)
            .collect();
    if in_force(&history, day).and_then(|row| row.value) == declaration.quantity {
        return Ok(Fate::Repeated);
    }
    if day < today && role == Role::Quartermaster {
        let detail = message!("correction-needs-officer", today = today.to_string());
        return Err(Error::Forbidden { code: "correction_needs_officer", detail });
    }
    require_reason_for_past(day, today, declaration.reason.as_deref())?;
    if !history.is_empty() {
        unchanged(last_change(&history))?;
    }
    let reason = declaration.reason.as_deref();
    db::targets::insert(change, organization, rule, Day(day), declaration.quantity, reason)?;
    Ok(if history.is_empty() { Fate::Created } else { Fate::Changed })
}

fn require_as_needed(
    change: &mut Change<'_>,
    code: &str,
    quantity: Option<Quantity>,
    day: NaiveDate,
) -> Result<(), Error> {
    let standards = db::standards::list(change.connection, Revision::LATEST)?;
    let history = standards.iter().flat_map(|standard| &standard.rules).find(|history| history.code == code);
    let history = history.ok_or(Error::NotFound("rule"))?;
    let asks = |rule: &&Rule| rule.role == RuleRole::Requirement && rule.quantity == RuleQuantity::AsNeeded;
    let Some(rule) = history.on(day).filter(asks) else {
        let detail = message!("target-not-asked", rule = code, day = day.to_string());
        return Err(Error::invalid("", "target_not_asked", detail));
    };
    let Selector::Item(item) = &rule.selector else { return Ok(()) };
    let items = db::items::list_some(change.connection, &[item.clone()].into(), Revision::LATEST)?;
    match items.get(item) {
        Some(item) if !item.measured && quantity.is_some_and(|quantity| !quantity.is_whole()) => {
            let detail = message!("target-not-whole", item = &item.code, unit = &item.unit);
            Err(Error::invalid("/quantity", "not_whole", detail))
        }
        _ => Ok(()),
    }
}
