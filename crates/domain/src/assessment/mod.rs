//! Assessments: requirement lines against usable stock on a day, with the proof of one on request.
//!
//! [`assess`] is a pure function of stored rows: the same rows give the same answer, in whatever order they are given.

mod aged;
mod explanation;
mod groups;
mod line_stock;
mod served;
mod shared;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::count::CountFlag;
use super::interval::Interval;
use super::reason::{Reason, ReasonCode};
use super::reference_data::{OrganizationData, ReferenceData, ValiditySetting};
use super::requirement::{AskedRule, Basis, ClauseCited, LineSelector, RequirementLine, RuleContext, lines};
use super::rule::{Selector, Strength};
use super::stock::{FoundStock, InspectionAsked, LeftOut, LeftOutTotals, StockState, Stores};
use base::id::{LineId, OrganizationId};
use base::quantity::Quantity;
use line_stock::{LineStock, LineStocks};

use base::time::serialize_instant_option;

pub use aged::{AgedLine, assess_aged};
pub use explanation::{
    DepotOnRecord, Explanation, ItemCited, ItemWords, OrganizationCited, PassedOver, RuleCause, RulePassedOver,
    Sharing, Validity, ValidityCited,
};
pub use shared::{Layer, SharedStock, SharedSupply, Turn, TurnPart, TurnSlot, TurnSource, TurnWay};
use text::language::Language;

/// A requirement line against usable stock on a day.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Assessment {
    /// The requirement line.
    pub line: LineId,
    /// The organization.
    pub organization: OrganizationId,
    /// What is required.
    pub selector: Selector,
    /// Its binding strength; only mandatory lines count as shortages.
    pub strength: Strength,
    /// The unit of its numbers.
    #[schema(max_length = 16)]
    pub unit: String,
    /// The day.
    pub as_of: NaiveDate,
    /// The number required.
    pub required: Interval,
    /// The number usable.
    pub usable: Interval,
    /// The number missing.
    pub shortage: Interval,
    /// The resulting status.
    pub status: Status,
    /// The basis of its rules.
    pub basis: Basis,
    /// The clauses that require it.
    #[schema(max_items = 1000)]
    pub clauses: Vec<ClauseCited>,
    /// The time of the last current count of the item in any open depot.
    #[serde(serialize_with = "serialize_instant_option")]
    pub last_counted_at: Option<DateTime<Utc>>,
    /// The units left out, by reason; in a conflict, by the latest count. `null` is 10⁹ or more.
    #[schema(value_type = BTreeMap<LeftOut, Option<f64>>, example = json!({"expired": 5}))]
    pub left_out: LeftOutTotals,
    /// True if sources that counted at about the same time in a depot differ.
    pub conflict: bool,
    /// True if an inspection in a depot found less than the organization's own later count, and still stands.
    pub contested: bool,
    /// The last day on which the counts and inspections behind the usable number are still valid. Devices use it as their
    /// copy ages. `None` if there are none.
    #[serde(skip)]
    pub valid_through: Option<NaiveDate>,
    /// Notes on how the counts behind it arrived.
    #[schema(max_items = 20)]
    pub flags: Vec<CountFlag>,
    /// The reasons why its figures are not exactly known (never empty if the status is `unknown`), and the rules that
    /// require nothing.
    #[schema(max_items = 1000)]
    pub reasons: Vec<Reason>,
}

/// The status of an assessment.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Status {
    /// Nothing is missing that must be there.
    Met,
    /// Something that must be there is certainly missing.
    Short,
    /// Something may be missing.
    Unknown,
    /// A rule says "as needed", the organization has declared no target, and nothing else is missing.
    NotSet,
    /// Nothing is required.
    NotRequired,
    /// A line that is not mandatory: everything that it asks for is there.
    At,
    /// A line that is not mandatory: something that it asks for is certainly not there.
    Below,
}

impl Status {
    /// The status of a requirement against usable stock, if no target is missing.
    pub fn of(required: Interval, usable: Interval) -> Self {
        let shortage = required.shortage_against(usable);
        if required.is_zero() {
            Self::NotRequired
        } else if shortage.min > Quantity::ZERO {
            Self::Short
        } else if shortage.is_zero() {
            Self::Met
        } else {
            Self::Unknown
        }
    }

    /// The status as a line of this strength has it: only mandatory lines are met or short, others are at or below what
    /// they ask for.
    pub fn for_strength(self, strength: Strength) -> Self {
        match (strength, self) {
            (Strength::Mandatory, Self::At) => Self::Met,
            (Strength::Mandatory, Self::Below) => Self::Short,
            (Strength::Mandatory, status) => status,
            (_, Self::Met) => Self::At,
            (_, Self::Short) => Self::Below,
            (_, status) => status,
        }
    }
}

/// Assesses every requirement line of an organization on a day, ordered by item code, then by the selectors of other forms;
/// within one selector, the strongest line first. An organization that is not active on that day has no lines.
pub fn assess(reference_data: &ReferenceData, records: &OrganizationData, day: NaiveDate) -> Vec<Assessment> {
    assess_some(reference_data, records, day, |_| true).into_iter().flatten().collect()
}

/// Assesses only the lines whose selector is wanted, each in its place among all; the stock of others is derived only where they
/// share its units.
pub fn assess_some(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    day: NaiveDate,
    wanted: impl Fn(LineSelector<'_>) -> bool,
) -> Vec<Option<Assessment>> {
    let Some(context) = RuleContext::new(reference_data, records, day) else { return Vec::new() };
    let stores = Stores::new(reference_data, records, day);
    let lines = lines(&context);
    let stocks = LineStocks::new(&context, &stores, &lines);
    let assessed = |(place, line): (usize, &RequirementLine<'_>)| {
        let stock = if wanted(line.selector) { stocks.of(place)? } else { return None };
        Some(Working { context: &context, stores: &stores, line, stock }.assessment())
    };
    lines.iter().enumerate().map(assessed).collect()
}

/// Assesses one line with its proof, in words of a language; `None` if the organization has no such line on that day.
pub fn explain(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    day: NaiveDate,
    line: LineId,
    language: Language,
) -> Option<(Assessment, Explanation)> {
    let context = RuleContext::new(reference_data, records, day)?;
    let stores = Stores::new(reference_data, records, day);
    let lines = lines(&context);
    let stocks = LineStocks::new(&context, &stores, &lines);
    let (place, line) = lines.iter().enumerate().find(|(_, one)| one.id == line)?;
    let working = Working { context: &context, stores: &stores, line, stock: stocks.of(place)? };
    Some((working.assessment(), explanation::explanation(&working, language)))
}

/// The inputs of one line, borrowed. The line's figures and its proof are both made from them.
struct Working<'a> {
    context: &'a RuleContext<'a>,
    stores: &'a Stores<'a>,
    line: &'a RequirementLine<'a>,
    stock: LineStock<'a>,
}

impl<'a> Working<'a> {
    fn depots(&self) -> impl Iterator<Item = &FoundStock<'a>> {
        self.stock.items.iter().flat_map(|(_, depots)| depots.iter())
    }

    fn assessment(&self) -> Assessment {
        let line = self.line;
        let usable = self.stock.usable.unwrap_or(Interval::UNKNOWN);
        let inspection = self.stock.asked.asked.inspection;
        Assessment {
            line: line.id,
            organization: self.context.records.organization.id,
            selector: line.selector.to_selector(),
            strength: line.strength,
            unit: line.unit.to_owned(),
            as_of: self.context.day,
            required: line.required,
            usable,
            shortage: line.required.shortage_against(usable),
            status: status_of(line, usable).for_strength(line.strength),
            basis: line.basis,
            clauses: ClauseCited::of(line),
            last_counted_at: self.depots().filter_map(FoundStock::last_counted_at).max(),
            left_out: left_out_of(self.depots()),
            conflict: self.depots().any(|depot| depot.conflict),
            contested: self.depots().any(|depot| depot.state == StockState::Contested),
            valid_through: self.depots().filter_map(|depot| depot.holds_through(inspection)).min(),
            flags: self.depots().flat_map(FoundStock::flags).collect::<BTreeSet<_>>().into_iter().collect(),
            reasons: self.reasons(),
        }
    }

    fn reasons(&self) -> Vec<Reason> {
        let line = self.line;
        let mut reasons: BTreeSet<Reason> = line.reasons();
        match line.selector {
            // Nothing is required, so there is nothing left to compute.
            LineSelector::Other(_) if line.required.is_zero() => {}
            LineSelector::Other(_) => {
                let form = Reason { form: Some("selector".to_owned()), ..Reason::bare(ReasonCode::NotEvaluated) };
                reasons.insert(form);
            }
            _ if self.stores.none_recorded() => {
                reasons.insert(Reason::bare(ReasonCode::NoDepot));
            }
            _ => reasons.extend(self.depots().flat_map(FoundStock::reasons)),
        }
        let usable = self.stock.usable.unwrap_or(Interval::UNKNOWN);
        if !line.required.shortage_against(usable).is_exact() {
            // A rule that may not apply may leave less to agreements.
            let doubtful = self.stock.agreement_is_unknown().then(|| line.rules().flat_map(AskedRule::reasons));
            reasons.extend(doubtful.into_iter().flatten());
            // What earlier lines may take is not known either.
            reasons.extend(self.stock.reasons_of_earlier().into_iter().cloned());
        }
        if self.stock.limited
            && !line.required.shortage_against(self.stock.usable.unwrap_or(Interval::UNKNOWN)).is_exact()
        {
            reasons.insert(Reason::bare(ReasonCode::SearchLimit));
        }
        if self.stock.usable.is_err() && !self.depots().any(|depot| depot.out_of_range) {
            reasons.insert(Reason::bare(ReasonCode::OutOfRange));
        }
        reasons.into_iter().collect()
    }
}

/// The status of a line, given the usable stock. A line without its target is never met.
fn status_of(line: &RequirementLine<'_>, usable: Interval) -> Status {
    let met_but_for_target = || line.required_without_undeclared().shortage_against(usable).is_zero();
    match Status::of(line.required, usable) {
        Status::Unknown if line.surely_lacks_target() && met_but_for_target() => Status::NotSet,
        status => status,
    }
}

/// The shortest validity that the line's rules set, including those that may apply; else the region's setting. If the
/// rules that set one may turn out not to apply while others do, it is the shorter of that and the region's setting:
/// learning a fact must not make a depot stale that was valid before.
fn validity_of<'a>(asked: &RuleContext<'a>, line: &RequirementLine<'_>) -> ValiditySetting<'a> {
    let setting = || asked.reference_data.validity_of(&asked.records.organization, asked.day);
    let rules = || line.rules().filter(|rule| rule.asks());
    let Some(days) = rules().filter_map(|rule| rule.binding.rule.validity_days).min() else { return setting() };
    let asked_for = |rule: &AskedRule<'_>| rule.binding.rule.validity_days.is_some();
    let surely_asked_for = rules().any(|rule| rule.surely_applies() && asked_for(rule));
    if !surely_asked_for && rules().any(|rule| !asked_for(rule)) {
        let setting = setting();
        if setting.days < days {
            return setting;
        }
    }
    ValiditySetting { days, region: None }
}

fn inspection_of(line: &RequirementLine<'_>) -> InspectionAsked {
    let shortest = |asks: fn(&AskedRule<'_>) -> bool| {
        line.rules()
            .filter(|rule| rule.asks() && asks(rule))
            .filter_map(|rule| rule.binding.rule.inspected_within_months)
            .min()
    };
    InspectionAsked {
        surely_within_months: shortest(|rule| rule.surely_applies()),
        perhaps_within_months: shortest(|_| true),
    }
}

fn left_out_of<'f>(depots: impl Iterator<Item = &'f FoundStock<'f>>) -> LeftOutTotals {
    let mut totals = LeftOutTotals::new();
    for (reason, quantity) in depots.flat_map(|depot| &depot.left_out) {
        let total = totals.entry(*reason).or_default();
        *total = total.plus(*quantity);
    }
    totals
}
