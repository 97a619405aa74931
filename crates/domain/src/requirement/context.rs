//! The context of rules: one organization on a day, with the rules that bind it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use chrono::NaiveDate;

use super::asked::{AskedOf, AskedRule, Other};
use super::line_selector::{LineSelector, RulePart};
use super::{NoAmount, scope_required};
use crate::binding::{BindingRule, binding_rules};
use crate::condition::{BindingTable, ClassTables, Subject, Truth};
use crate::fact::FactsOnDay;
use crate::interval::Interval;
use crate::organization::OrganizationVersion;
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::rule::{RuleQuantity, RuleRole, Selector, Strength};

/// The context of rules: an organization on a day on which it is active.
#[derive(Clone, Debug)]
pub struct RuleContext<'a> {
    /// The reference data.
    pub reference_data: &'a ReferenceData,
    /// The organization's data.
    pub records: &'a OrganizationData,
    /// The day.
    pub day: NaiveDate,
    profile: &'a OrganizationVersion,
    facts: FactsOnDay<'a>,
    /// Every rule that binds in its region, of every role.
    bindings: Vec<BindingRule<'a>>,
    classes: ClassTables<'a>,
    /// The scopes that share units, each with the first of its group.
    groups: BTreeMap<&'a str, &'a str>,
}

impl<'a> RuleContext<'a> {
    /// Creates the context of an organization on a day; `None` if it is not active on that day.
    pub fn new(reference_data: &'a ReferenceData, records: &'a OrganizationData, day: NaiveDate) -> Option<Self> {
        let profile = records.organization.active_on(day)?;
        let chain = reference_data.chain(records.organization.region_id);
        let bindings = binding_rules(reference_data, &chain, day);
        let mut classes = ClassTables::new();
        for binding in &bindings {
            if let (RuleRole::ClassTable, RuleQuantity::Classes(table)) = (binding.rule.role, &binding.rule.quantity) {
                // Of two tables of one name the first by code speaks, whichever standard was read first.
                let (rule, verified) = (binding.rule.code.as_str(), binding.rule.is_verified());
                let one = BindingTable { table, rule, verified };
                let held = classes.entry(table.name.as_str()).or_insert(one);
                if rule < held.rule {
                    *held = one;
                }
            }
        }
        let groups = groups_of(&bindings);
        let facts = records.sheet.on(day, &reference_data.dictionary);
        Some(Self { reference_data, records, day, profile, facts, bindings, classes, groups })
    }

    /// The organization as conditions see it.
    pub fn subject(&'a self) -> Subject<'a> {
        Subject {
            kind: self.records.organization.kind,
            organization_type: self.profile.organization_type.as_deref(),
            sector: self.profile.sector.as_deref(),
            facts: &self.facts,
            classes: &self.classes,
        }
    }

    /// Every rule that binds in its region, of every role, whether or not it applies.
    pub fn bindings(&self) -> &[BindingRule<'a>] {
        &self.bindings
    }

    /// A rule that checks something and asks for no line, applied to the organization.
    pub fn check(&'a self, binding: BindingRule<'a>) -> AskedRule<'a> {
        AskedRule::check(self.asked_of(), binding)
    }

    /// What rules ask of.
    fn asked_of(&'a self) -> AskedOf<'a> {
        let Self { reference_data, records, day, .. } = *self;
        AskedOf { reference_data, records, day, subject: self.subject() }
    }

    /// The first scope of those with which a scope shares its units; the scope itself if there are none.
    pub fn group_of(&self, scope: &'a str) -> &'a str {
        self.groups.get(scope).copied().unwrap_or(scope)
    }

    /// The rules that ask for stock and may apply, each once for every line that it asks for.
    pub(super) fn rules(&'a self) -> Vec<AskedRule<'a>> {
        let requirements: Vec<BindingRule<'a>> = self
            .bindings
            .iter()
            .copied()
            .filter(|binding| binding.rule.role == RuleRole::Requirement)
            .filter(|binding| binding.rule.applies_when.truth(self.subject()) != Truth::No)
            .collect();
        let ratios = Ratios::new(self, &requirements);
        requirements.iter().flat_map(|binding| ratios.asked(*binding)).collect()
    }
}

/// The requirements that ratios count, looked up in the rules beside them.
struct Ratios<'a> {
    context: &'a RuleContext<'a>,
    /// The rules that ask for each selector in each scope.
    asking: BTreeMap<(LineSelector<'a>, &'a str), Vec<BindingRule<'a>>>,
    /// The ratio rules that are being looked up, to find circles.
    open: RefCell<BTreeSet<&'a str>>,
    /// The number of circles found.
    circles: Cell<usize>,
    /// What was found before, where no circle was met on the way.
    found: RefCell<BTreeMap<(LineSelector<'a>, &'a str, Strength), Rc<Other<'a>>>>,
}

impl<'a> Ratios<'a> {
    fn new(context: &'a RuleContext<'a>, requirements: &[BindingRule<'a>]) -> Self {
        let mut asking: BTreeMap<(LineSelector<'a>, &'a str), Vec<BindingRule<'a>>> = BTreeMap::new();
        for binding in requirements {
            let mut selectors: Vec<_> =
                RulePart::of(&binding.rule.selector).into_iter().map(|part| part.selector).collect();
            selectors.sort_unstable();
            selectors.dedup();
            for selector in selectors {
                asking.entry((selector, &binding.rule.scope)).or_default().push(*binding);
            }
        }
        Self { context, asking, open: RefCell::default(), circles: Cell::default(), found: RefCell::default() }
    }

    fn asked(&self, binding: BindingRule<'a>) -> Vec<AskedRule<'a>> {
        let other = match &binding.rule.quantity {
            RuleQuantity::Ratio(ratio) => Some(self.counted(binding, &ratio.to)),
            _ => None,
        };
        AskedRule::of(self.context.asked_of(), binding, other)
    }

    /// What a ratio counts. A circle of ratios has no meaning, nor has one to a kit or a fact.
    fn counted(&self, binding: BindingRule<'a>, to: &'a Selector) -> Rc<Other<'a>> {
        let meaningless = Other { required: Err(NoAmount::Meaningless), rules: Vec::new(), reasons: Vec::new() };
        let (Some(part), true) = (RulePart::of(to).first().copied(), !matches!(to, Selector::Kit(_))) else {
            return Rc::new(meaningless);
        };
        if !self.open.borrow_mut().insert(&binding.rule.code) {
            self.circles.update(|circles| circles + 1);
            return Rc::new(meaningless);
        }
        let found = self.required(part.selector, &binding.rule.scope, binding.strength);
        self.open.borrow_mut().remove(binding.rule.code.as_str());
        found
    }

    /// What is required of a selector in a scope at a strength, by the rules of that strength and stronger ones.
    fn required(&self, of: LineSelector<'a>, scope: &'a str, strength: Strength) -> Rc<Other<'a>> {
        if let Some(found) = self.found.borrow().get(&(of, scope, strength)) {
            return Rc::clone(found);
        }
        let circles = self.circles.get();
        let asking = self.asking.get(&(of, scope)).into_iter().flatten();
        let asked = asking.filter(|binding| binding.strength >= strength).flat_map(|binding| self.asked(*binding));
        let rules: Vec<AskedRule<'a>> = asked.filter(|rule| rule.part.selector == of).collect();
        let required = match rules.iter().find_map(AskedRule::fault) {
            Some(fault) => Err(fault),
            None => Ok(scope_required(&rules)),
        };
        let is_exact = required.is_ok_and(Interval::is_exact);
        let reasons = rules.iter().filter(|_| !is_exact).flat_map(AskedRule::reasons).collect();
        let found = Rc::new(Other { required, rules, reasons });
        if self.circles.get() == circles {
            self.found.borrow_mut().insert((of, scope, strength), Rc::clone(&found));
        }
        found
    }
}

/// The scopes that share units, each with the first of its group by name.
fn groups_of<'a>(bindings: &[BindingRule<'a>]) -> BTreeMap<&'a str, &'a str> {
    let mut groups: BTreeMap<&'a str, &'a str> = BTreeMap::new();
    let links = bindings.iter().flat_map(|binding| {
        let rule = binding.rule;
        rule.shares_with.iter().map(move |other| (rule.scope.as_str(), other.as_str()))
    });
    for (one, other) in links {
        let of = |scope: &'a str| groups.get(scope).copied().unwrap_or(scope);
        let (one, other) = (of(one), of(other));
        let first = one.min(other);
        groups.entry(one).or_insert(one);
        groups.entry(other).or_insert(other);
        for group in groups.values_mut().filter(|group| **group == one || **group == other) {
            *group = first;
        }
    }
    groups
}
