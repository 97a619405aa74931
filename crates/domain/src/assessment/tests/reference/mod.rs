//! A second, slow implementation of the figures: every definition of the domain as a search over all rows. It shares only
//! the stored types with the engine. Numbers are whole thousandths.

mod evidence;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::condition::{Operator, RuleCondition};
use crate::depot::Holding;
use crate::fact::FactValue;
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::revision::Dated;
use crate::rule::{Confidence, Rate, Rule, RuleQuantity, RuleRole, Selector, Spare, SpareRatio, Strength};
use crate::sample::day;
use crate::standard::{Adoption, Standard, StandardDocument, StandardStatus};
use base::id::RegionId;

pub use evidence::Said;

/// A lower and an upper bound; `None` as the upper one means no bound.
pub type Range = (i64, Option<i64>);

/// The expected figures of an assessment.
#[derive(Debug, PartialEq)]
pub struct Figure {
    pub required: Range,
    pub usable: Range,
    pub shortage: Range,
    pub status: &'static str,
    pub established: bool,
    pub conflict: bool,
    pub contested: bool,
}

pub const OPEN: Range = (0, None);

/// All figures of an organization on a day.
pub fn figures(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    day: NaiveDate,
) -> BTreeMap<(Selector, Strength), Figure> {
    let case = Case { reference_data, records, day };
    let active = held(&records.organization.versions, day).is_some_and(|version| version.active);
    let mut figures = BTreeMap::new();
    if !active {
        return figures;
    }
    let asked: Vec<Asked<'_>> = case.rules();
    for own in &asked {
        let selector = own.rule.selector.clone();
        let of_line: Vec<&Asked<'_>> =
            asked.iter().filter(|a| a.rule.selector == selector && a.strength >= own.strength).collect();
        let figure = case.nested(&of_line, own.strength);
        let status = match (own.strength, figure.status) {
            (Strength::Mandatory, status) => status,
            (_, "met") => "at",
            (_, "short") => "below",
            (_, status) => status,
        };
        figures.insert((selector, own.strength), Figure { status, ..figure });
    }
    figures
}

pub struct Case<'a> {
    pub reference_data: &'a ReferenceData,
    pub records: &'a OrganizationData,
    pub day: NaiveDate,
}

/// A rule that binds and is not known not to apply.
struct Asked<'a> {
    rule: &'a Rule,
    strength: Strength,
    applies: Option<bool>,
    exempt: bool,
}

/// The value in force: that of the last row, by day and then by revision, that has begun.
fn held<T>(rows: &[Dated<T>], day: NaiveDate) -> Option<&T> {
    held_row(rows, day).map(|row| &row.value)
}

fn held_row<T>(rows: &[Dated<T>], day: NaiveDate) -> Option<&Dated<T>> {
    let mut begun: Vec<_> = rows.iter().filter(|row| row.valid_from <= day).collect();
    begun.sort_by_key(|row| (row.valid_from, row.learnt.revision));
    begun.pop()
}

impl Case<'_> {
    fn regions(&self) -> Vec<RegionId> {
        let mut regions = vec![self.records.organization.region_id];
        while let Some(parent) = self
            .reference_data
            .regions
            .iter()
            .find(|r| Some(&r.id) == regions.last())
            .and_then(|region| region.parent_id)
        {
            regions.push(parent);
        }
        regions
    }

    fn zone(&self) -> Tz {
        self.setting(|region| region.time_zone).unwrap_or(chrono_tz::Asia::Shanghai)
    }

    fn setting<T>(&self, of: impl Fn(&crate::region::RegionVersion) -> Option<T>) -> Option<T> {
        self.setting_on(self.day, of)
    }

    fn setting_on<T>(&self, day: NaiveDate, of: impl Fn(&crate::region::RegionVersion) -> Option<T>) -> Option<T> {
        self.regions().into_iter().find_map(|id| {
            let region = self.reference_data.regions.iter().find(|region| region.id == id)?;
            of(held(&region.versions, day)?)
        })
    }

    fn rules(&self) -> Vec<Asked<'_>> {
        let mut asked = Vec::new();
        for standard in &self.reference_data.standards {
            let Some(adopted) = self.adopted(standard) else { continue };
            if self.succeeded(standard) {
                continue;
            }
            for rule in standard.rules.iter().filter_map(|history| held(&history.versions, self.day)?.as_ref()) {
                let applies = self.holds(&rule.applies_when);
                if rule.role == RuleRole::Requirement && applies != Some(false) {
                    let (strength, exempt) = (rule.strength.min(adopted), self.exempt(rule));
                    asked.push(Asked { rule, strength, applies, exempt });
                }
            }
        }
        asked
    }

    fn document<'b>(&self, standard: &'b Standard) -> Option<&'b StandardDocument> {
        held(&standard.versions, self.day)
    }

    /// The strongest adoption of an edition in force.
    fn adopted(&self, standard: &Standard) -> Option<Strength> {
        let document = self.document(standard)?;
        if document.status == StandardStatus::Draft
            || document.valid_from.is_some_and(|from| from > self.day)
            || document.valid_to.is_some_and(|to| to < self.day)
        {
            return None;
        }
        let regions = self.regions();
        let here = self
            .reference_data
            .adoptions
            .iter()
            .filter(|a| a.standard == standard.code && regions.contains(&a.region_id));
        here.filter_map(|adoption| *held(&adoption.versions, self.day)?).max()
    }

    /// True if any edition that comes after it was adopted and in force on a day since it was itself last adopted, day by
    /// day.
    fn succeeded(&self, standard: &Standard) -> bool {
        let on = |day: NaiveDate| Case { day, ..*self };
        let adopting = |adoption: &&Adoption| self.regions().contains(&adoption.region_id);
        let begins = |day: NaiveDate| {
            let of_it = self.reference_data.adoptions.iter().filter(|adoption| adoption.standard == standard.code);
            of_it.filter(adopting).any(|adoption| {
                held_row(&adoption.versions, day).is_some_and(|row| row.valid_from == day && row.value.is_some())
            })
        };
        let long_ago = day("2025-12-01");
        let mut since = self.day;
        while since > long_ago && !begins(since) {
            since = since.pred_opt().unwrap();
        }
        let later = self.later(standard);
        since.iter_days().take_while(|day| *day <= self.day).any(|day| {
            let then = on(day);
            later.iter().any(|edition| then.adopted(edition).is_some())
        })
    }

    /// The editions that come after it.
    fn later<'b>(&'b self, standard: &'b Standard) -> Vec<&'b Standard> {
        let mut later: Vec<&Standard> = vec![standard];
        loop {
            let next = self.reference_data.standards.iter().find(|candidate| {
                !later.iter().any(|known| known.code == candidate.code)
                    && later
                        .iter()
                        .any(|known| self.document(known).and_then(|d| d.replaced_by.as_ref()) == Some(&candidate.code))
            });
            match next {
                Some(next) => later.push(next),
                None => return later.split_off(1),
            }
        }
    }

    fn fact(&self, key: &str) -> Option<Option<FactValue>> {
        let row =
            self.records.sheet.facts.iter().find(|(k, _)| k == key).and_then(|(_, rows)| held_row(rows, self.day));
        let complete = held_row(&self.records.sheet.complete, self.day).filter(|row| row.value);
        let covers = |revision| complete.is_some_and(|mark| revision <= mark.learnt.revision);
        let entry_covered =
            self.reference_data.dictionary.iter().any(|entry| entry.key == key && covers(entry.learnt.revision));
        match row {
            Some(row) if row.value != FactValue::Withdrawn => Some(Some(row.value)),
            Some(row) => (entry_covered && covers(row.learnt.revision)).then_some(None),
            None => entry_covered.then_some(None),
        }
    }

    fn number(&self, key: &str) -> Option<i64> {
        match self.fact(key)? {
            Some(FactValue::Number(number)) => Some(number.thousandths()),
            Some(_) => None,
            None => Some(0),
        }
    }

    /// The truth of a condition; `None` is unknown.
    fn holds(&self, condition: &RuleCondition) -> Option<bool> {
        let organization = &self.records.organization;
        let profile = held(&organization.versions, self.day);
        match condition {
            RuleCondition::All(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.holds(part)).collect();
                if parts.contains(&Some(false)) {
                    Some(false)
                } else if parts.contains(&None) {
                    None
                } else {
                    Some(true)
                }
            }
            RuleCondition::Any(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| self.holds(part)).collect();
                if parts.contains(&Some(true)) {
                    Some(true)
                } else if parts.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            RuleCondition::Not(part) => self.holds(part).map(|holds| !holds),
            RuleCondition::Kind(kind) => Some(organization.kind == *kind),
            RuleCondition::Type(asked) => Some(profile.and_then(|p| p.organization_type.as_ref()) == Some(asked)),
            RuleCondition::Sector(asked) => Some(profile.and_then(|p| p.sector.as_ref()) == Some(asked)),
            RuleCondition::Tag(key) => match self.fact(key)? {
                Some(FactValue::Tag(tag)) => Some(tag),
                Some(_) => None,
                None => Some(false),
            },
            RuleCondition::Class(_) => unreachable!("the random worlds have no classes"),
            RuleCondition::Compare(comparison) => {
                let (found, asked) = (self.number(&comparison.fact)?, comparison.value.thousandths());
                Some(match comparison.op {
                    Operator::Less => found < asked,
                    Operator::AtMost => found <= asked,
                    Operator::Equal => found == asked,
                    Operator::AtLeast => found >= asked,
                    Operator::More => found > asked,
                })
            }
        }
    }

    /// True if an exemption holds on the day, checked day by day from its first.
    fn exempt(&self, rule: &Rule) -> bool {
        self.records.exemptions.iter().filter(|exemption| exemption.rule == rule.code).any(|exemption| {
            let mut ends: Vec<_> = exemption.ends.iter().collect();
            ends.sort_by_key(|end| end.learnt.revision);
            let again = ends.last().map(|end| end.valid_from);
            exemption
                .valid_from
                .iter_days()
                .take_while(|day| *day <= exemption.ends_on && again.is_none_or(|again| *day < again))
                .any(|day| day == self.day)
        })
    }

    fn target(&self, rule: &Rule) -> Option<i64> {
        let declared = self.records.targets.iter().find(|target| target.rule == rule.code)?;
        held(&declared.versions, self.day)?.map(|quantity| quantity.thousandths())
    }

    /// The requirement of a rule if it applies; `None` is "as needed" without a target.
    fn asks(&self, rule: &Rule) -> Option<Range> {
        match &rule.quantity {
            RuleQuantity::AsNeeded(_) => self.target(rule).map(|target| (target, Some(target))),
            RuleQuantity::NotEvaluated(_) => Some(OPEN),
            RuleQuantity::Rate(rate) => {
                let measured = match &rule.selector {
                    Selector::Item(code) => self.reference_data.items.get(code).is_some_and(|item| item.unit.measured),
                    _ => false,
                };
                let basis = match &rate.of {
                    None => Some(1000),
                    Some(key) => self.number(key),
                };
                Some(rate_asks(rate, basis, measured))
            }
            _ => unreachable!("the random worlds have no other forms"),
        }
    }

    /// The figures of a line; what covers the next stronger line covers it too, but for what its own rules ask for.
    fn nested(&self, all: &[&Asked<'_>], strength: Strength) -> Figure {
        let figure = self.figure(all);
        let stronger: Vec<&Asked<'_>> = all.iter().copied().filter(|asked| asked.strength > strength).collect();
        let Some(next) = stronger.iter().map(|asked| asked.strength).min() else { return figure };
        let held = self.nested(&stronger, next);
        let mut covered = (0, Some(0));
        let mut scopes: Vec<&str> = all.iter().map(|asked| asked.rule.scope.as_str()).collect();
        scopes.sort_unstable();
        scopes.dedup();
        for scope in scopes {
            let within: Vec<&Asked<'_>> = all.iter().copied().filter(|asked| asked.rule.scope == scope).collect();
            let is_sure =
                |asked: &&&Asked<'_>| asked.applies == Some(true) && !asked.exempt && self.asks(asked.rule).is_some();
            let has_number = within.iter().any(|asked| is_sure(&asked));
            let (mut most, mut own) = ((0, Some(0)), (0, Some(0)));
            for asked in within.iter().filter(|asked| !asked.exempt) {
                let number = match self.asks(asked.rule) {
                    None if has_number => continue,
                    None => OPEN,
                    Some((low, high)) => (if asked.applies == Some(true) { low } else { 0 }, high),
                };
                let larger = |one: Range| (one.0.max(number.0), at_most(one.1, number.1, i64::max));
                most = larger(most);
                if asked.strength == strength {
                    own = larger(own);
                }
            }
            covered.0 += own.1.map_or(0, |own| (most.0 - own).max(0));
            let beyond = most.1.map(|most| (most - own.0).max(0));
            covered.1 = at_most(covered.1, beyond, |sum, beyond| sum + beyond);
        }
        let surely = held.required.1.map_or(held.usable.0, |needed| needed.min(held.usable.0));
        let least = figure.usable.0.max(surely.min(figure.usable.0 + covered.0));
        let counted = at_most(figure.usable.1, covered.1, |most, more| most + more);
        let most = match (held.usable.1, counted) {
            (None, None) => None,
            (one, other) => one.into_iter().chain(other).min(),
        };
        let most = at_most(figure.usable.1, most, i64::max);
        self.against(all, (least, most))
    }

    fn figure(&self, all: &[&Asked<'_>]) -> Figure {
        let asking: Vec<&Asked<'_>> = all.iter().copied().filter(|asked| !asked.exempt).collect();
        let (usable, ..) = self.usable(all.first().map(|asked| &asked.rule.selector), &asking);
        self.against(all, usable)
    }

    /// The figures of a line that has so much.
    fn against(&self, all: &[&Asked<'_>], usable: Range) -> Figure {
        // Rules from which the organization is exempt require nothing; only the line and its basis stay.
        let asking: Vec<&Asked<'_>> = all.iter().copied().filter(|asked| !asked.exempt).collect();
        let rules = asking.as_slice();
        let selector = all.first().map(|asked| &asked.rule.selector);
        let scopes: Vec<&str> = {
            let mut scopes: Vec<_> = rules.iter().map(|asked| asked.rule.scope.as_str()).collect();
            scopes.sort_unstable();
            scopes.dedup();
            scopes
        };
        let (mut required, mut settled) = ((0, Some(0)), (0, Some(0)));
        let mut surely_not_set = false;
        for scope in scopes {
            let of_scope: Vec<_> = rules.iter().filter(|asked| asked.rule.scope == scope).collect();
            let mut number = (0, Some(0));
            let mut sure_number = false;
            for asked in &of_scope {
                let Some((low, high)) = self.asks(asked.rule) else { continue };
                let low = if asked.applies == Some(true) { low } else { 0 };
                sure_number |= asked.applies == Some(true);
                number = (number.0.max(low), at_most(number.1, high, i64::max));
            }
            settled = (settled.0 + number.0, at_most(settled.1, number.1, |a, b| a + b));
            let undeclared: Vec<_> = of_scope.iter().filter(|asked| self.asks(asked.rule).is_none()).collect();
            if !sure_number && !undeclared.is_empty() {
                number.1 = None;
                surely_not_set |= undeclared.iter().any(|asked| asked.applies == Some(true));
            }
            required = (required.0 + number.0, at_most(required.1, number.1, |a, b| a + b));
        }
        let (_, conflict, contested) = self.usable(selector, rules);
        let shortage = |required: Range| -> Range {
            (
                usable.1.map_or(0, |high| (required.0 - high).max(0)),
                required.1.map(|required_high| (required_high - usable.0).max(0)),
            )
        };
        let missing = shortage(required);
        Figure {
            required,
            usable,
            shortage: missing,
            status: match missing {
                _ if required.1 == Some(0) => "not_required",
                (0, Some(0)) => "met",
                (low, _) if low > 0 => "short",
                _ if surely_not_set && shortage(settled).1 == Some(0) => "not_set",
                _ => "unknown",
            },
            established: if rules.is_empty() { all } else { rules }
                .iter()
                .all(|asked| asked.rule.confidence == Confidence::Verified),
            conflict,
            contested,
        }
    }

    fn usable(&self, selector: Option<&Selector>, rules: &[&Asked<'_>]) -> (Range, bool, bool) {
        let Some(Selector::Item(item)) = selector else { return (OPEN, false, false) };
        let region = self.setting(|region| region.validity_days).unwrap_or(90);
        let validity = shortest_validity(rules, region);
        let sure = rules.iter().filter(|asked| asked.applies == Some(true));
        let sure = sure.filter_map(|asked| asked.rule.inspected_within_months).min();
        let perhaps = rules.iter().filter_map(|asked| asked.rule.inspected_within_months).min();
        if !self.records.depots.iter().any(|depot| held(&depot.versions, self.day).is_some()) {
            return (OPEN, false, false);
        }
        let (mut usable, mut conflicts, mut contests) = ((0, Some(0)), false, false);
        for depot in &self.records.depots {
            let Some(holding) = self.holding(depot.id) else { continue };
            let here = match self.said(depot.id, item, validity, sure, perhaps) {
                Said::Speaks { usable, conflict, contested } => {
                    conflicts |= conflict;
                    contests |= contested;
                    usable
                }
                Said::Nothing | Said::Stale if holding == Holding::Physical => OPEN,
                Said::Nothing | Said::Stale => (0, Some(0)),
            };
            usable = (usable.0 + here.0, at_most(usable.1, here.1, |a, b| a + b));
        }
        (usable, conflicts, contests)
    }
}

fn at_most(a: Option<i64>, b: Option<i64>, of: fn(i64, i64) -> i64) -> Option<i64> {
    Some(of(a?, b?))
}

/// The smallest multiple of `step` that is at least `a` × `b` / `c`, found by counting up.
fn least_multiple(step: i64, a: i64, b: i64, c: i64) -> i64 {
    (0..).map(|n| n * step).find(|candidate| candidate * c >= a * b).unwrap()
}

pub fn rate_asks(rate: &Rate, basis: Option<i64>, measured: bool) -> Range {
    let (n, per) = (rate.n.thousandths(), rate.per.thousandths());
    let floor = rate.at_least.map_or(0, |least| least.thousandths());
    let cap = rate.at_most.map(|most| most.thousandths().max(floor));
    let in_use: Range = match basis {
        None => (0, cap),
        Some(basis) => {
            let plain = if measured {
                (n * basis + per - 1) / per
            } else {
                let groups = (0..).find(|groups| groups * per >= basis).unwrap();
                groups * n
            };
            let bounded = cap.map_or(plain, |cap| plain.min(cap)).max(if basis > 0 { floor } else { 0 });
            (bounded, Some(bounded))
        }
    };
    let with_spare = |in_use: i64| {
        let step = if measured { 1 } else { 1000 };
        let spare = match rate.spare {
            None => 0,
            Some(Spare::Ratio(SpareRatio { for_each: a, reserve: b })) => {
                least_multiple(step, in_use, b.into(), a.into())
            }
            Some(Spare::Percent(percent)) => least_multiple(step, in_use, percent.into(), 100),
        };
        least_multiple(step, in_use + spare, 1, 1)
    };
    (with_spare(in_use.0), in_use.1.map(with_spare))
}

/// The shortest validity in any of the cases that are possible while it is not known which rules apply.
fn shortest_validity(rules: &[&Asked<'_>], region: u32) -> u32 {
    let sure: Vec<&Asked<'_>> = rules.iter().copied().filter(|asked| asked.applies == Some(true)).collect();
    let open: Vec<&Asked<'_>> = rules.iter().copied().filter(|asked| asked.applies != Some(true)).collect();
    let ways = (0..1_usize << open.len()).filter_map(|way| {
        let chosen = (0..open.len()).filter(|place| way >> place & 1 == 1).map(|place| open[place]);
        let applying: Vec<&Asked<'_>> = sure.iter().copied().chain(chosen).collect();
        let asked_for = applying.iter().filter_map(|asked| asked.rule.validity_days).min();
        (!applying.is_empty()).then(|| asked_for.unwrap_or(region))
    });
    ways.min().unwrap_or(region)
}
