//! Standards and their rules: a whole edition that is published, or rows that are imported. They are the same for all
//! regions, so the topmost bureau maintains them.

use chrono::NaiveDate;

use super::world::decided;
use super::{Decision, Editor, OFFICERS, Put, Refusal, Since, World, require_plausible_day, require_reason_for_past};
use crate::draft::{MOST_RULES, Severity, StandardText, check as check_text};
use crate::revision::{Dated, Revision, in_force_or_first, last_change};
use crate::rule::Rule;
use crate::standard::{AdoptionPeriod, RuleHistory, Standard, StandardCode, StandardDocument, StandardStatus};
use base::error::Fault;
use text::messages::message;

/// A new edition of a standard from a day on, or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEdition {
    /// The code of the standard.
    pub code: StandardCode,
    /// The first day on which it holds; today if absent.
    pub valid_from: Option<NaiveDate>,
    /// The document of the standard, if it changes.
    pub document: Option<Reasoned<StandardDocument>>,
    /// The rules that change. Other rules stay as they are.
    pub rules: Vec<NewRule>,
    /// True for a draft that is published as it is: missing rules are withdrawn, unchanged parts get no row, and the
    /// check of the draft reports its faults.
    pub is_publication: bool,
}

/// A statement with the reason, if it is about a past day.
#[derive(Clone, Debug, PartialEq)]
pub struct Reasoned<T> {
    /// The statement.
    pub value: T,
    /// The reason, if it is a correction.
    pub reason: Option<String>,
}

/// A new version of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRule {
    /// Its code.
    pub code: String,
    /// The rule; `None` withdraws it.
    pub rule: Reasoned<Option<Rule>>,
    /// The position of a new rule among the rules of its standard; if absent, after the others.
    pub position: Option<i64>,
}

/// The rows of a standard to write, without repeats.
#[derive(Clone, Debug, PartialEq)]
pub struct EditionWrite {
    /// Its code.
    pub code: StandardCode,
    /// True if it does not exist yet.
    pub is_new: bool,
    /// Its document.
    pub document: Option<Reasoned<StandardDocument>>,
    /// Its rules.
    pub rules: Vec<RuleWrite>,
}

/// A row of a rule to write.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleWrite {
    /// Its code.
    pub code: String,
    /// True if it does not exist yet.
    pub is_new: bool,
    /// The rule; `None` withdraws it.
    pub rule: Reasoned<Option<Rule>>,
    /// The position of a new rule.
    pub position: Option<i64>,
}

impl NewEdition {
    /// The edition for a draft that is published.
    pub fn publication(text: &StandardText, valid_from: Option<NaiveDate>, reason: Option<&str>) -> Self {
        let reason = reason.map(str::to_owned);
        let new = |rule: &Rule| NewRule {
            code: rule.code.clone(),
            rule: Reasoned { value: Some(rule.clone()), reason: reason.clone() },
            position: None,
        };
        Self {
            code: text.code.clone(),
            valid_from,
            rules: text.rules.iter().map(new).collect(),
            document: Some(Reasoned { value: text.document(), reason: reason.clone() }),
            is_publication: true,
        }
    }
}

/// Checks a new edition of a standard, or rows of one. Needs all reference data.
///
/// # Errors
/// `Forbidden` for an editor outside the topmost bureau; `Invalid` for a past day without a reason, for rules of an
/// unknown standard, and with every other fault; `Conflict` if an adopted standard would become a draft again, or if the
/// draft to publish has faults.
pub fn check(world: &World, editor: &Editor, new: &NewEdition) -> Result<Decision<EditionWrite>, Refusal> {
    editor.require_role(OFFICERS, "/standard")?;
    world.require_topmost(editor, "/standard")?;
    let stored = world.reference_data.standards.iter().find(|standard| standard.code == new.code);
    require_plausible_day(new.valid_from, "/valid_from")?;
    let today = world.today(editor);
    let mut since = Since::new(new.valid_from, || today);
    since.is_named &= !new.is_publication;
    let elsewhere = withdrawn_elsewhere(world, new);
    if !elsewhere.is_empty() {
        return Err(Refusal::Invalid(elsewhere));
    }
    let write = write_of(stored, new, since);
    let last = stored.map(last_change_of);
    if write.document.is_none() && write.rules.is_empty() {
        return Ok(Decision { put: Put::repeated(since.day, last), write });
    }
    require_no_adopted_draft(world, &write, since.day)?;
    let mut faults = reason_faults(&write, new, since.day, today);
    if new.is_publication && !faults.is_empty() {
        faults.truncate(1);
        return Err(Refusal::Invalid(faults));
    }
    let found = text_faults(world, stored, new, since.day);
    if new.is_publication && !found.is_empty() {
        let detail = message!("draft-has-faults", faults = found.len());
        return Err(Refusal::conflict("draft_has_faults", "", detail));
    }
    if stored.is_none() && new.document.is_none() {
        let detail = message!("standard-unknown", standard = &new.code);
        faults.push(Fault::new("/standard", "standard_unknown", detail));
    }
    faults.extend(found);
    if !faults.is_empty() {
        return Err(Refusal::Invalid(faults));
    }
    Ok(Decision { put: Put::added(since.day, last), write })
}

/// Refuses to turn a standard into a draft that is adopted on the day or later: it would silently stop binding.
fn require_no_adopted_draft(world: &World, write: &EditionWrite, day: NaiveDate) -> Result<(), Refusal> {
    let is_draft = write.document.as_ref().is_some_and(|document| document.value.status == StandardStatus::Draft);
    let lasts = |period: AdoptionPeriod| period.valid_to.is_none_or(|to| to >= day);
    let mut adoptions = world.reference_data.adoptions.iter().filter(|adoption| adoption.standard == write.code);
    if is_draft && adoptions.any(|adoption| adoption.periods().into_iter().any(lasts)) {
        let detail = message!("standard-is-adopted", standard = &write.code);
        return Err(Refusal::conflict("standard_is_adopted", "/status", detail));
    }
    Ok(())
}

fn last_change_of(standard: &Standard) -> Revision {
    let rules = standard.rules.iter().map(|history| last_change(&history.versions));
    rules.chain([last_change(&standard.versions)]).max().unwrap_or_default()
}

/// Returns the parts that say something new.
fn write_of(stored: Option<&Standard>, new: &NewEdition, since: Since) -> EditionWrite {
    let versions = stored.map_or(&[][..], |standard| &standard.versions);
    let document = new.document.clone().filter(|document| !since.repeats(versions, &document.value, None));
    let known = stored.map_or(&[][..], |standard| &standard.rules);
    let rules = new.rules.iter().filter_map(|new| {
        let history = known.iter().find(|history| history.code == new.code).map(|history| &history.versions[..]);
        let says_more = match history {
            Some(history) => !since.repeats(history, &new.rule.value, Some(&None)),
            // A rule that never existed cannot be withdrawn.
            None => new.rule.value.is_some(),
        };
        let (code, rule, position) = (new.code.clone(), new.rule.clone(), new.position);
        says_more.then_some(RuleWrite { code, is_new: history.is_none(), rule, position })
    });
    let mut rules: Vec<RuleWrite> = rules.collect();
    if new.is_publication {
        let reason = new.document.as_ref().and_then(|document| document.reason.clone());
        let left_out = known.iter().filter(|history| history.on(since.day).is_some());
        let left_out = left_out.filter(|history| new.rules.iter().all(|rule| rule.code != history.code));
        rules.extend(left_out.map(|history| RuleWrite {
            code: history.code.clone(),
            is_new: false,
            rule: Reasoned { value: None, reason: reason.clone() },
            position: None,
        }));
    }
    EditionWrite { code: new.code.clone(), is_new: stored.is_none(), document, rules }
}

/// The faults of rows of a past day without a reason. A publication has one day for all.
fn reason_faults(write: &EditionWrite, new: &NewEdition, day: NaiveDate, today: NaiveDate) -> Vec<Fault> {
    let check = |reason: &Option<String>, at: String| {
        let refusal = require_reason_for_past(day, today, reason.as_deref()).err()?;
        refusal.into_faults().pop().map(|fault| Fault { pointer: at, ..fault })
    };
    let document = write.document.iter().filter_map(|one| check(&one.reason, "/valid_from".to_owned()));
    let place = |rule: &RuleWrite| new.rules.iter().position(|one| one.code == rule.code).unwrap_or_default();
    let at = |rule: &RuleWrite| {
        if new.is_publication { "/valid_from".to_owned() } else { format!("/rules/{}/valid_from", place(rule)) }
    };
    document.chain(write.rules.iter().filter_map(|rule| check(&rule.rule.reason, at(rule)))).collect()
}

/// The faults of the changed parts of the standard, as it would hold from the day. A fault of a rule names the rule by
/// its position among the new ones.
fn text_faults(world: &World, stored: Option<&Standard>, new: &NewEdition, day: NaiveDate) -> Vec<Fault> {
    let stored_document = stored.and_then(|standard| in_force_or_first(&standard.versions, day)).map(|row| &row.value);
    let document = new.document.as_ref().map(|document| &document.value).or(stored_document);
    let named = |code: &str| new.rules.iter().position(|rule| rule.code == code);
    let known = stored.map_or(&[][..], |standard| &standard.rules);
    let kept = known.iter().filter(|history| !new.is_publication && named(&history.code).is_none());
    let kept: Vec<&Rule> = kept.filter_map(|history| history.on(day)).collect();
    // The new rules come first, so that their positions in the text are those among the new ones, apart from withdrawn
    // rules.
    let (places, said): (Vec<usize>, Vec<&Rule>) =
        new.rules.iter().enumerate().filter_map(|(place, new)| Some((place, new.rule.value.as_ref()?))).unzip();
    let mut faults = Vec::new();
    let too_many = (said.len() + kept.len() > MOST_RULES).then(|| places.get(MOST_RULES.saturating_sub(kept.len())));
    if let Some(place) = too_many.flatten() {
        let detail = message!("check-list-too-long", most = MOST_RULES);
        faults.push(Fault::new(format!("/rules/{place}/code"), "list_too_long", detail));
    }
    let rules: Vec<Rule> = said.into_iter().chain(kept).cloned().collect();
    let text = match document {
        Some(document) => StandardText::of(&new.code, document, rules),
        // The rules are checked all the same.
        None => StandardText::of(&new.code, &StandardDocument::unsaid(), rules),
    };
    let findings = check_text(&world.reference_data, &text, day).into_iter();
    for mut fault in findings.filter(|finding| finding.severity == Severity::Fault).map(|finding| finding.fault) {
        let Some(rest) = fault.pointer.strip_prefix("/rules/") else {
            faults.extend(new.document.is_some().then_some(fault));
            continue;
        };
        let (number, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let place = number.parse::<usize>().ok().and_then(|number| places.get(number));
        // The fault of a stored rule that this change does not touch is not reported.
        let Some(place) = place else { continue };
        fault.pointer = format!("/rules/{place}/{rest}");
        faults.push(fault);
    }
    faults
}

/// The faults of withdrawn rules that belong to another standard.
fn withdrawn_elsewhere(world: &World, new: &NewEdition) -> Vec<Fault> {
    let elsewhere = |code: &str| {
        let others = world.reference_data.standards.iter().filter(|standard| standard.code != new.code);
        others.into_iter().find(|other| other.rules.iter().any(|theirs| theirs.code == code))
    };
    let withdrawn = new.rules.iter().enumerate().filter(|(_, rule)| rule.rule.value.is_none());
    withdrawn
        .filter_map(|(place, rule)| {
            let owner = elsewhere(&rule.code)?;
            let detail = message!("draft-rule-elsewhere", rule = &rule.code, standard = &owner.code);
            Some(Fault::new(format!("/rules/{place}/code"), "rule_of_another_standard", detail))
        })
        .collect()
}

impl World {
    /// Applies the decision on a standard.
    pub fn apply_edition(&mut self, put: &Put, write: &EditionWrite) {
        let standards = &mut self.reference_data.standards;
        let at = standards.iter().position(|standard| standard.code == write.code).unwrap_or_else(|| {
            standards.push(Standard { code: write.code.clone(), versions: Vec::new(), rules: Vec::new() });
            standards.len() - 1
        });
        let Some(standard) = standards.get_mut(at) else { return };
        standard.versions.extend(write.document.clone().map(|document| decided(put.valid_from, document.value)));
        for rule in &write.rules {
            let row: Dated<Option<Rule>> = decided(put.valid_from, rule.rule.value.clone());
            match standard.rules.iter_mut().find(|history| history.code == rule.code) {
                Some(history) => history.versions.push(row),
                None => standard.rules.push(RuleHistory { code: rule.code.clone(), versions: vec![row] }),
            }
        }
    }
}
