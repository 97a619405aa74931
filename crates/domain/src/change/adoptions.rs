//! Deciding that a standard binds in a region, or no longer does.

use chrono::NaiveDate;
use validator::Validate;

use super::world::decided;
use super::{
    Decision, Editor, OFFICERS, Precondition, Put, Refusal, Since, World, is_given, require_plausible_day,
    require_reason_for_past,
};
use crate::revision::{Dated, in_force_or_first, last_change};
use crate::rule::Strength;
use crate::standard::{Adoption, Standard, StandardCode, StandardStatus};
use crate::text::is_text;
use base::error::Fault;
use base::id::RegionId;
use text::messages::message;

/// A bureau's decision about a standard.
#[derive(Clone, Debug, PartialEq, Eq, Validate)]
pub struct NewDecision {
    /// The strength it gives the standard; `None` ends the adoption.
    pub strength: Option<Strength>,
    /// The first day on which it holds; today if absent.
    pub valid_from: Option<NaiveDate>,
    /// The reason, if it is a correction or an end.
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: Option<String>,
}

/// A decision to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionWrite {
    /// The region.
    pub region: RegionId,
    /// The standard.
    pub standard: StandardCode,
    /// The strength; `None` ends the adoption.
    pub strength: Option<Strength>,
    /// The reason, if it is a correction or an end.
    pub reason: Option<String>,
}

/// Checks a bureau's decision about a standard. Decisions for later days stay. Needs the regions, the standards, the
/// adoptions and the open drafts.
///
/// # Errors
/// `Unknown` for a region or a standard that is not there; `Forbidden` if another bureau decides; `Conflict` for a
/// standard that is only a draft, and if there is nothing to end; `Invalid` for a past day or an end without a reason;
/// the refusal of the precondition.
pub fn check(
    world: &World,
    editor: &Editor,
    region: &str,
    code: &str,
    new: &NewDecision,
    state: &Precondition,
) -> Result<Decision<AdoptionWrite>, Refusal> {
    editor.require_role(OFFICERS, "/region")?;
    let region = world.region(region).ok_or_else(|| Refusal::Unknown {
        thing: "region",
        fault: Fault::new("/region", "region_unknown", message!("region-unknown", region = region)),
    })?;
    if !world.covers(editor, region.id) {
        return Err(Refusal::forbidden("outside_own_region", "/region", message!("region-outside")));
    }
    let standard = find_standard(world, code)?;
    require_plausible_day(new.valid_from, "/valid_from")?;
    let today = world.today_in(region.id, editor.now);
    let since = Since::new(new.valid_from, || today);
    let history = world.adoption(region.id, code);
    let last = (!history.is_empty()).then(|| last_change(history));
    let write = AdoptionWrite {
        region: region.id,
        standard: code.to_owned(),
        strength: new.strength,
        reason: new.reason.clone(),
    };
    if last.is_some() && since.repeats(history, &new.strength, None) {
        return Ok(Decision { put: Put::repeated(since.day, last), write });
    }
    require_issued(standard, today)?;
    if new.strength.is_none() {
        let began = |row: &Dated<Option<Strength>>| row.value.is_some() && row.valid_from <= since.day;
        if !history.iter().any(began) {
            let detail = message!("adoption-not-there", standard = code, day = since.day.to_string());
            return Err(Refusal::conflict("not_adopted", "/strength", detail));
        }
        if !is_given(new.reason.as_deref()) {
            return Err(Refusal::invalid("missing_field", "/reason", message!("field-missing", field = "reason")));
        }
    }
    require_reason_for_past(since.day, today, new.reason.as_deref())?;
    state.check(last)?;
    Ok(Decision { put: Put::added(since.day, last), write })
}

fn find_standard<'a>(world: &'a World, code: &str) -> Result<&'a Standard, Refusal> {
    if let Some(standard) = world.reference_data.standards.iter().find(|standard| standard.code == code) {
        return Ok(standard);
    }
    if world.drafted.contains(code) {
        return Err(is_draft(code));
    }
    let fault = Fault::new("/standard", "standard_unknown", message!("standard-unknown", standard = code));
    Err(Refusal::Unknown { thing: "standard", fault })
}

/// Refuses a standard that is only a draft.
fn require_issued(standard: &Standard, today: NaiveDate) -> Result<(), Refusal> {
    let now = in_force_or_first(&standard.versions, today).map(|row| row.value.status);
    // A standard that is issued on a later day may be adopted before.
    let mut later = standard.versions.iter().filter(|row| row.valid_from > today);
    if now == Some(StandardStatus::Draft) && later.all(|row| row.value.status == StandardStatus::Draft) {
        return Err(is_draft(&standard.code));
    }
    Ok(())
}

fn is_draft(code: &str) -> Refusal {
    Refusal::conflict("standard_is_draft", "/standard", message!("standard-is-draft", standard = code))
}

impl World {
    /// The decisions of a region about a standard.
    fn adoption(&self, region: RegionId, standard: &str) -> &[Dated<Option<Strength>>] {
        let found =
            self.reference_data.adoptions.iter().find(|one| one.region_id == region && one.standard == standard);
        found.map_or(&[], |adoption| &adoption.versions)
    }

    /// Applies the decision on an adoption.
    pub fn apply_adoption(&mut self, put: &Put, write: &AdoptionWrite) {
        let row = decided(put.valid_from, write.strength);
        let same = |one: &&mut Adoption| one.region_id == write.region && one.standard == write.standard;
        match self.reference_data.adoptions.iter_mut().find(same) {
            Some(adoption) => adoption.versions.push(row),
            None => self.reference_data.adoptions.push(Adoption {
                region_id: write.region,
                standard: write.standard.clone(),
                versions: vec![row],
            }),
        }
    }
}
