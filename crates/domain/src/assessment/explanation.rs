//! The proof of one line: everything needed to recompute its figures, and what does not bear on them.

use chrono::NaiveDate;
use serde::Serialize;

use super::Working;
use super::line_stock::LineStock;
use super::shared::SharedStock;
use crate::condition::{EvaluatedCondition, Truth};
use crate::depot::Holding;
use crate::interval::Interval;
use crate::item::ItemCode;
use crate::organization::OrganizationKind;
use crate::passed_over::{AdoptionPassedOver, adoptions_passed_over};
use crate::reference_data::ValiditySetting;
use crate::requirement::{AdoptionCited, RequirementLine, RulePart, RuleWorking, ScopeWorking};
use crate::revision::in_force;
use crate::rule::{RuleRole, Selector, Strength};
use crate::stock::{CountCited, DepotStock, Evidence, EvidenceCited, InspectionAsked};
use crate::wording::Wording;
use base::id::{DepotId, RegionId};
use base::time::end_of_day;
use text::language::Language;

/// Everything needed to recompute an assessment, and what does not bear on it and why.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// The organization, as conditions see it.
    pub organization: OrganizationCited,
    /// The zone of the organization's days.
    #[schema(max_length = 64)]
    pub zone: String,
    /// The subjects of the line, each with its rules and their working.
    #[schema(max_items = 1000)]
    pub scopes: Vec<ScopeWorking>,
    /// The rules by which scopes share their units.
    #[schema(max_items = 1000)]
    pub sharing: Vec<Sharing>,
    /// The validity of counts.
    pub validity: Validity,
    /// The inspection that its rules require.
    pub inspection: InspectionAsked,
    /// The most of the requirement that stock held under an agreement may meet.
    pub agreement: Interval,
    /// The items that count for the line, and those that its rules count.
    #[schema(max_items = 1000)]
    pub items: Vec<ItemCited>,
    /// The organization's depots on record for the day, open or closed.
    #[schema(max_items = 10_000)]
    pub depots_on_record: Vec<DepotOnRecord>,
    /// The stock of the line's items in the organization's open depots; empty for a selector in words.
    #[schema(max_items = 10_000)]
    pub depots: Vec<DepotStock>,
    /// The counts that the stock follows from and those that do not bear on it, latest first.
    #[schema(max_items = 100_000)]
    pub counts: Vec<CountCited>,
    /// The bearing of each count on each item in each depot, in the order of `depots`.
    #[schema(max_items = 10_000)]
    pub evidence: Vec<EvidenceCited>,
    /// The units that the line shares with others, or that count for it in several ways; absent where the stock of its item
    /// is its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub shared: Option<SharedStock>,
    /// The rules, adoptions and editions that ask for the same and do not bear on the line.
    pub passed_over: PassedOver,
}

/// The organization as conditions see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OrganizationCited {
    /// Its code.
    #[schema(max_length = 64)]
    pub code: String,
    /// Its kind.
    pub kind: OrganizationKind,
    /// Its type on the day.
    #[schema(max_length = 64)]
    pub organization_type: Option<String>,
    /// Its sector on the day.
    #[schema(max_length = 64)]
    pub sector: Option<String>,
    /// Its region and all above it, nearest first: adoptions of any of them bind it.
    #[schema(max_items = 100)]
    pub regions: Vec<RegionId>,
}

/// A rule by which scopes share their units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Sharing {
    /// The rule.
    #[schema(max_length = 64)]
    pub rule: String,
    /// Its scope.
    #[schema(max_length = 64)]
    pub scope: String,
    /// The scopes whose units it shares.
    #[schema(max_items = 20)]
    pub shares_with: Vec<String>,
}

/// An item as an explanation cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ItemCited {
    /// Its code.
    #[schema(value_type = String, max_length = 32)]
    pub item: ItemCode,
    /// Its unit.
    #[schema(max_length = 16)]
    pub unit: String,
    /// True if the unit is measured and not rounded to whole numbers.
    pub measured: bool,
    /// True if every lot of it has an expiry day.
    pub perishable: bool,
    /// Its name for people.
    pub words: ItemWords,
}

/// The words about an item, in the language of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ItemWords {
    /// Its name on the day.
    #[schema(max_length = 200)]
    pub name: String,
}

/// A depot on record for the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct DepotOnRecord {
    /// The depot.
    pub depot: DepotId,
    /// Its code.
    #[schema(max_length = 64)]
    pub depot_code: String,
    /// The way its stock is held.
    pub holding: Holding,
    /// False if it is closed: what was counted in it does not bear on the figures.
    pub open: bool,
    /// The first day on which that holds.
    pub valid_from: NaiveDate,
}

/// The validity of counts for a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Validity {
    /// The number of days after the local day of a count.
    #[schema(minimum = 0, maximum = 3650)]
    pub days: u32,
    /// The rules that set it; empty if a region's setting applies.
    #[schema(max_items = 1000)]
    pub rules: Vec<String>,
    /// The code of the region whose setting applies; absent if rules set it, or if no region does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub region: Option<String>,
    /// The setting that applies if no rule sets a validity.
    pub setting: ValidityCited,
}

/// The validity of counts that a region sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ValidityCited {
    /// The number of days after the local day of a count.
    #[schema(minimum = 0, maximum = 3650)]
    pub days: u32,
    /// The code of the region; absent if no region sets it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub region: Option<String>,
}

/// What asks for the same and does not bear on the line.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct PassedOver {
    /// The rules in force.
    #[schema(max_items = 1000)]
    pub rules: Vec<RulePassedOver>,
    /// The adoptions, of editions that are in force or not.
    #[schema(max_items = 200)]
    pub adoptions: Vec<AdoptionPassedOver>,
    /// The number of further rules and adoptions that are not listed.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub more: usize,
}

/// A rule in force that asks for the same and does not bear on the line.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RulePassedOver {
    /// The rule's code.
    #[schema(max_length = 64)]
    pub rule: String,
    /// The day from which the rule has this text.
    pub rule_valid_from: NaiveDate,
    /// The code of the edition that it belongs to.
    #[schema(max_length = 64)]
    pub standard: String,
    /// Its position in the standard.
    #[schema(max_length = 200)]
    pub clause: String,
    /// The adoption by which it binds.
    pub adoption: AdoptionCited,
    /// The strength in the standard's own words.
    pub rule_strength: Strength,
    /// Its strength here.
    pub strength: Strength,
    /// What it asks for.
    pub selector: Selector,
    /// The cause.
    pub cause: RuleCause,
    /// Its condition, with the values found.
    pub condition: EvaluatedCondition,
}

/// The causes for which a rule does not bear on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleCause {
    /// Its condition does not hold.
    DoesNotApply,
    /// It is weaker than the line, and bears on a line of its own.
    Weaker,
}

/// The most rules that are listed as passed over.
const MOST_RULES: usize = 1_000;

/// The proof of a line, in words of a language.
pub(super) fn explanation(working: &Working<'_>, language: Language) -> Explanation {
    let Working { context, stores, line, .. } = working;
    let LineStock { asked, items: stock, shared, .. } = &working.stock;
    let reference_data = context.reference_data;
    let records = context.records;
    let wording = Wording { reference_data, day: context.day, language };
    let asks_validity =
        line.rules().filter(|rule| rule.asks() && rule.binding.rule.validity_days == Some(asked.validity.days));
    let scopes: Vec<ScopeWorking> = line.scopes.iter().map(|scope| ScopeWorking::of(scope, wording)).collect();
    let items: Vec<&str> = stock.iter().map(|(item, _)| item.as_str()).collect();
    let end = end_of_day(context.day, stores.zone());
    let voided: Vec<_> = records.counts.iter().filter(|count| count.voided && count.effective_at < end).collect();
    let evidence = Evidence::cite(stores, &items, &voided);
    let cited = |code: &ItemCode| {
        let unit = reference_data.items.get(code).map(|item| &item.unit);
        ItemCited {
            item: code.clone(),
            unit: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            measured: unit.is_some_and(|unit| unit.measured),
            perishable: stores.is_perishable(code),
            words: ItemWords { name: wording.item(code) },
        }
    };
    let subject = context.subject();
    Explanation {
        organization: OrganizationCited {
            code: records.organization.code.clone(),
            kind: subject.kind,
            organization_type: subject.organization_type.map(ToOwned::to_owned),
            sector: subject.sector.map(ToOwned::to_owned),
            regions: reference_data.chain(records.organization.region_id).iter().map(|region| region.id).collect(),
        },
        zone: stores.zone().name().to_owned(),
        sharing: sharing(working),
        validity: Validity {
            days: asked.validity.days,
            rules: asks_validity.map(|rule| rule.binding.rule.code.clone()).collect(),
            region: asked.validity.region.map(ToOwned::to_owned),
            setting: ValidityCited::from(reference_data.validity_of(&records.organization, context.day)),
        },
        inspection: asked.asked.inspection,
        agreement: asked.agreement,
        items: items_cited(line, &scopes, shared.as_ref().map(|served| &served.stock)).into_iter().map(cited).collect(),
        scopes,
        depots_on_record: depots_on_record(working),
        depots: working.depots().map(DepotStock::from).collect(),
        counts: evidence.counts,
        evidence: evidence.items,
        shared: shared.as_ref().map(|served| served.stock.clone()),
        passed_over: passed_over(working),
    }
}

impl From<ValiditySetting<'_>> for ValidityCited {
    fn from(setting: ValiditySetting<'_>) -> Self {
        Self { days: setting.days, region: setting.region.map(ToOwned::to_owned) }
    }
}

/// The items of a line, of the lines that share its units, and of everything that its rules count, in order.
fn items_cited<'a>(
    line: &'a RequirementLine<'_>,
    scopes: &'a [ScopeWorking],
    shared: Option<&'a SharedStock>,
) -> Vec<&'a ItemCode> {
    fn of_rule<'r>(rule: &'r RuleWorking, items: &mut Vec<&'r ItemCode>) {
        items.extend(rule.selector.items());
        rule.counted_requirement.iter().flat_map(|counted| &counted.rules).for_each(|rule| of_rule(rule, items));
    }
    let mut items = line.selector.items();
    scopes.iter().flat_map(|scope| &scope.rules).for_each(|rule| of_rule(rule, &mut items));
    items.extend(shared.iter().flat_map(|shared| &shared.turns).flat_map(|turn| turn.selector.items()));
    items.sort_unstable();
    items.dedup();
    items
}

fn sharing(working: &Working<'_>) -> Vec<Sharing> {
    let rules = working.context.bindings().iter().map(|binding| binding.rule);
    let of_rule = |rule: &crate::rule::Rule| Sharing {
        rule: rule.code.clone(),
        scope: rule.scope.clone(),
        shares_with: rule.shares_with.clone(),
    };
    let mut sharing: Vec<Sharing> = rules.filter(|rule| !rule.shares_with.is_empty()).map(of_rule).collect();
    sharing.sort_by(|one, other| one.rule.cmp(&other.rule));
    sharing
}

fn depots_on_record(working: &Working<'_>) -> Vec<DepotOnRecord> {
    let depots = &working.context.records.depots;
    let mut depots: Vec<DepotOnRecord> = depots
        .iter()
        .filter_map(|depot| {
            let row = in_force(&depot.versions, working.context.day)?;
            Some(DepotOnRecord {
                depot: depot.id,
                depot_code: depot.code.clone(),
                holding: row.value.holding,
                open: row.value.open,
                valid_from: row.valid_from,
            })
        })
        .collect();
    depots.sort_by(|one, other| one.depot_code.cmp(&other.depot_code));
    depots
}

fn passed_over(working: &Working<'_>) -> PassedOver {
    let Working { context, line, .. } = working;
    let subject = context.subject();
    let asks_for_the_same = |rule: &crate::rule::Rule| {
        rule.role == RuleRole::Requirement
            && RulePart::of(&rule.selector).iter().any(|part| part.selector == line.selector)
    };
    let mut rules: Vec<RulePassedOver> = context
        .bindings()
        .iter()
        .filter(|binding| asks_for_the_same(binding.rule))
        .filter_map(|binding| {
            let condition = binding.rule.applies_when.evaluate(subject);
            let cause = match condition.holds {
                Truth::No => RuleCause::DoesNotApply,
                _ if binding.strength < line.strength => RuleCause::Weaker,
                _ => return None,
            };
            Some(RulePassedOver {
                rule: binding.rule.code.clone(),
                rule_valid_from: binding.rule_from,
                standard: binding.by.standard.code.clone(),
                clause: binding.rule.clause.clone(),
                adoption: AdoptionCited::new(&binding.by),
                rule_strength: binding.rule.strength,
                strength: binding.strength,
                selector: binding.rule.selector.clone(),
                cause,
                condition,
            })
        })
        .collect();
    rules.sort_by(|one, other| one.rule.cmp(&other.rule));
    let more_rules = rules.len().saturating_sub(MOST_RULES);
    rules.truncate(MOST_RULES);
    let chain = context.reference_data.chain(context.records.organization.region_id);
    let (adoptions, more) = adoptions_passed_over(context.reference_data, &chain, context.day, line.selector);
    PassedOver { rules, adoptions, more: more_rules + more }
}
