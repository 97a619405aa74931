//! Declared targets: the numbers that organizations set where a rule says "as needed".

use chrono::NaiveDate;
use validator::Validate;

use super::world::decided;
use super::{
    COUNTERS, Decision, Editor, Precondition, Put, Refusal, Since, World, require_plausible_day,
    require_reason_for_past,
};
use crate::account::Role;
use crate::revision::last_change;
use crate::rule::{Rule, RuleQuantity, RuleRole, Selector};
use crate::standard::RuleHistory;
use crate::text::is_text;
use base::error::Fault;
use base::id::OrganizationId;
use base::quantity::Quantity;
use text::messages::message;

/// An organization's declaration.
#[derive(Clone, Debug, PartialEq, Eq, Validate)]
pub struct NewDeclaration {
    /// The number; `None` withdraws the declared target.
    pub quantity: Option<Quantity>,
    /// The first day on which it holds; today if absent.
    pub valid_from: Option<NaiveDate>,
    /// The reason, if it is a correction.
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: Option<String>,
}

/// A declaration to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetWrite {
    /// The organization.
    pub organization: OrganizationId,
    /// The rule.
    pub rule: String,
    /// The number; `None` withdraws the declared target.
    pub quantity: Option<Quantity>,
    /// The reason, if it is a correction.
    pub reason: Option<String>,
}

/// Checks an organization's declaration. The rule must say "as needed" on the day; it need not bind the organization yet,
/// so that a bureau may ask for targets before it adopts a standard. Needs the regions, the organizations, the standards,
/// the item that the rule asks for, and the organization's targets.
///
/// # Errors
/// `Unknown` for an unknown rule or organization; `Invalid` for a rule of another form, for a fraction of an item counted
/// in whole units, and for a past day without a reason; `Forbidden` for a past day unless an officer asks; the refusal of
/// the precondition.
pub fn check(
    world: &World,
    editor: &Editor,
    organization: &str,
    rule: &str,
    new: &NewDeclaration,
    state: &Precondition,
) -> Result<Decision<TargetWrite>, Refusal> {
    editor.require_role(COUNTERS, "/organization")?;
    let organization = world.organization(editor, organization)?;
    require_plausible_day(new.valid_from, "/valid_from")?;
    let asked = world.rule(rule).ok_or_else(|| Refusal::Unknown {
        thing: "rule",
        fault: Fault::new("/rule", "rule_unknown", message!("rule-unknown", rule = rule)),
    })?;
    let today = world.today_in(organization.region_id, editor.now);
    let since = Since::new(new.valid_from, || today);
    let history = world.targets.get(&(organization.id, rule.to_owned())).map_or(&[][..], |history| history);
    let last = (!history.is_empty()).then(|| last_change(history));
    let write = TargetWrite {
        organization: organization.id,
        rule: rule.to_owned(),
        quantity: new.quantity,
        reason: new.reason.clone(),
    };
    if last.is_some() && since.repeats(history, &new.quantity, None) {
        return Ok(Decision { put: Put::repeated(since.day, last), write });
    }
    require_as_needed(world, asked, new.quantity, since.day)?;
    if since.repeats(history, &new.quantity, Some(&None)) {
        return Ok(Decision { put: Put::repeated(since.day, last), write });
    }
    if since.day < today && editor.role() == Some(Role::Quartermaster) {
        let detail = message!("correction-needs-officer", today = today.to_string());
        return Err(Refusal::forbidden("correction_needs_officer", "/valid_from", detail));
    }
    require_reason_for_past(since.day, today, new.reason.as_deref())?;
    state.check(last)?;
    Ok(Decision { put: Put::added(since.day, last), write })
}

fn require_as_needed(
    world: &World,
    asked: &RuleHistory,
    quantity: Option<Quantity>,
    day: NaiveDate,
) -> Result<(), Refusal> {
    let leaves = |rule: &&Rule| rule.role == RuleRole::Requirement && rule.quantity == RuleQuantity::AS_NEEDED;
    let Some(rule) = asked.on(day).filter(leaves) else {
        let detail = message!("target-not-asked", rule = &asked.code, day = day.to_string());
        return Err(Refusal::invalid("target_not_asked", "", detail));
    };
    let Selector::Item(item) = &rule.selector else { return Ok(()) };
    match world.reference_data.items.get(item) {
        Some(item) if !item.unit.measured && quantity.is_some_and(|quantity| !quantity.is_whole()) => {
            let detail = message!("target-not-whole", item = &item.code, unit = &item.unit.name);
            Err(Refusal::invalid("not_whole", "/quantity", detail))
        }
        _ => Ok(()),
    }
}

impl World {
    /// The rule of a code.
    pub fn rule(&self, code: &str) -> Option<&RuleHistory> {
        self.reference_data.standards.iter().flat_map(|standard| &standard.rules).find(|history| history.code == code)
    }

    /// Applies the decision on a declared target.
    pub fn apply_target(&mut self, put: &Put, write: &TargetWrite) {
        let history = self.targets.entry((write.organization, write.rule.clone())).or_default();
        history.push(decided(put.valid_from, write.quantity));
    }
}
