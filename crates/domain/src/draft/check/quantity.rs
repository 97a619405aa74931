//! Quantities: numbers with a meaning, limits in order, and forms that fit the rule's role.

use super::bands;
use super::classes;
use super::findings::Findings;
use super::names::{check_length, number_of_sheet};
use super::selector::check_without_unit;
use super::surroundings::Surroundings;
use crate::rule::{
    Coverage, Limits, PerCapita, Range, Rate, Ratio, Rule, RuleQuantity, RuleRole, Selector, Spare, SpareRatio, Step,
};
use base::quantity::Quantity;
use text::messages::message;

/// Checks the quantity of a rule.
pub(super) fn check(at: &str, rule: &Rule, around: &Surroundings<'_>, found: &mut Findings) {
    let form = rule.quantity.form();
    role(at, rule, found);
    let member = format!("{at}/quantity/{form}");
    let is_counted = match &rule.selector {
        Selector::Item(code) => around.item(code).is_some_and(|item| !item.unit.measured),
        _ => false,
    };
    let mut check = QuantityCheck { at: &member, is_counted, around, found };
    for (fact, name) in rule.quantity.facts().into_iter().zip(fact_members(&rule.quantity)) {
        check.fact(name, fact);
    }
    match &rule.quantity {
        RuleQuantity::Rate(rate) => check.rate(rate),
        RuleQuantity::Coverage(coverage) => check.coverage(coverage),
        RuleQuantity::Band(band) => {
            bands::check(&member, band, is_counted, check.found);
        }
        RuleQuantity::Step(step) => check.step(step),
        RuleQuantity::PerCapita(per_capita) => check.per_capita(per_capita),
        RuleQuantity::Ratio(ratio) => check.ratio(ratio),
        RuleQuantity::Range(range) => check.range(range),
        RuleQuantity::AwayAtMost(share) => {
            check.positive("per", Quantity::whole(i16::from(share.per > 0)));
            if share.n > share.per {
                check.crossed("n", share.per.to_string(), share.n.to_string());
            }
        }
        RuleQuantity::ServiceLife(life) => {
            if !(1..=1200).contains(&life.months) {
                let detail = message!("check-months", most = 1200_u32);
                check.found.fault(format!("{member}/months"), "out_of_range", detail);
            }
        }
        RuleQuantity::Classes(table) => classes::check(&member, table, around, check.found),
        RuleQuantity::NotEvaluated(form) => {
            check_length(&format!("{at}/quantity/not_evaluated"), form, 64, check.found);
            if rule.role == RuleRole::Requirement {
                let detail = message!("draft-not-evaluated", form = form);
                check.found.warn(format!("{at}/quantity"), "not_evaluated", detail);
            }
        }
        RuleQuantity::Present(_) | RuleQuantity::AsNeeded(_) | RuleQuantity::Optional(_) | RuleQuantity::Stated(_) => {}
    }
    check.limits(rule.quantity.limits());
}

/// Forms that say how other rules are calculated require nothing, and numbers of a parameter are not read.
fn role(at: &str, rule: &Rule, found: &mut Findings) {
    use RuleQuantity::{AsNeeded, AwayAtMost, Classes, NotEvaluated, Optional, ServiceLife, Stated};
    let form = rule.quantity.form();
    let is_parameter = matches!(rule.quantity, AwayAtMost(_) | ServiceLife(_) | Stated(_));
    let is_table = matches!(rule.quantity, Classes(_));
    let fits = match rule.role {
        RuleRole::Requirement => !is_parameter && !is_table,
        RuleRole::Parameter => is_parameter || matches!(rule.quantity, NotEvaluated(_)),
        RuleRole::ClassTable => is_table,
        RuleRole::FactCheck => !is_parameter && !is_table && !matches!(rule.quantity, AsNeeded(_) | Optional(_)),
    };
    if !fits {
        let detail =
            message!("check-form-of-other-role", form = form, role = crate::labels::Labelled::label(rule.role));
        found.fault(format!("{at}/quantity"), "form_of_other_role", detail);
    }
    let is_fact = matches!(rule.selector, Selector::Fact(_));
    match rule.role {
        RuleRole::Requirement if is_fact => {
            found.fault(format!("{at}/selector/fact"), "fact_is_no_stock", message!("check-fact-is-no-stock"));
        }
        RuleRole::FactCheck if !is_fact && !matches!(rule.selector, Selector::Other(_)) => {
            found.fault(format!("{at}/selector"), "stock_is_no_fact", message!("check-stock-is-no-fact"));
        }
        _ => {}
    }
}

/// The members of [`RuleQuantity::facts`], in that order.
fn fact_members(quantity: &RuleQuantity) -> &'static [&'static str] {
    match quantity {
        RuleQuantity::Coverage(_) => &["of", "factor_of"],
        RuleQuantity::Band(_) => &["of", "and"],
        _ => &["of"],
    }
}

struct QuantityCheck<'c, 'a> {
    /// The pointer to the form's member.
    at: &'c str,
    /// True if the rule asks for an item that is counted in whole units.
    is_counted: bool,
    around: &'c Surroundings<'a>,
    found: &'c mut Findings,
}

impl QuantityCheck<'_, '_> {
    fn fact(&mut self, name: &str, fact: &str) {
        number_of_sheet(&format!("{}/{name}", self.at), fact, self.around, self.found);
    }

    fn natural(&mut self, name: &str, value: Quantity) {
        if value < Quantity::ZERO {
            self.found.fault(format!("{}/{name}", self.at), "negative", message!("draft-negative"));
        }
    }

    fn positive(&mut self, name: &str, value: Quantity) {
        if value <= Quantity::ZERO {
            self.found.fault(format!("{}/{name}", self.at), "out_of_range", message!("draft-per-nothing"));
        }
    }

    fn crossed(&mut self, name: &str, most: String, least: String) {
        let detail = message!("draft-bounds-crossed", least = least, most = most);
        self.found.fault(format!("{}/{name}", self.at), "bounds_crossed", detail);
    }

    fn whole(&mut self, name: &str, value: Quantity) {
        if self.is_counted && !value.is_whole() {
            self.found.warn(format!("{}/{name}", self.at), "not_whole", message!("draft-not-whole"));
        }
    }

    fn limits(&mut self, limits: Limits) {
        let Limits { at_least, at_most, spare } = limits;
        for (name, value) in [("at_least", at_least), ("at_most", at_most)] {
            if let Some(value) = value {
                self.natural(name, value);
            }
        }
        if let Some(Spare::Ratio(SpareRatio { for_each: 0, .. })) = spare {
            let detail = message!("draft-spare-per-nothing");
            self.found.fault(format!("{}/spare/ratio/for_each", self.at), "out_of_range", detail);
        }
        if let (Some(least), Some(most)) = (at_least, at_most)
            && most < least
        {
            self.crossed("at_most", most.to_string(), least.to_string());
        }
    }

    fn per(&mut self, per: Quantity, has_basis: bool) {
        self.positive("per", per);
        if !has_basis && per != Quantity::whole(1) {
            self.found.warn(format!("{}/per", self.at), "counts_nothing", message!("draft-counts-nothing"));
        }
    }

    fn rate(&mut self, rate: &Rate) {
        self.natural("n", rate.n);
        self.per(rate.per, rate.of.is_some());
        if rate.of.is_none() {
            self.whole("n", rate.n);
        }
    }

    fn range(&mut self, range: &Range) {
        self.natural("from", range.from);
        self.per(range.per, range.of.is_some());
        if range.to < range.from {
            self.crossed("to", range.to.to_string(), range.from.to_string());
        }
        if range.of.is_none() {
            self.whole("from", range.from);
            self.whole("to", range.to);
        }
    }

    fn coverage(&mut self, coverage: &Coverage) {
        self.positive("factor", coverage.factor);
        self.positive("capacity", coverage.capacity);
        self.positive("unit_capacity", coverage.unit_capacity);
    }

    fn step(&mut self, step: &Step) {
        for (name, value) in [("from", step.from), ("n", step.n), ("more", step.more)] {
            self.natural(name, value);
        }
        self.positive("per", step.per);
        self.whole("n", step.n);
        self.whole("more", step.more);
        if let Some(most) = step.at_most
            && most < step.n
        {
            self.crossed("at_most", most.to_string(), step.n.to_string());
        }
    }

    fn per_capita(&mut self, per_capita: &PerCapita) {
        self.natural("n", per_capita.n);
        self.positive("per", per_capita.per);
        self.positive("time", per_capita.time);
        self.positive("per_time", per_capita.per_time);
    }

    fn ratio(&mut self, ratio: &Ratio) {
        self.natural("n", ratio.n);
        self.positive("per", ratio.per);
        let at = format!("{}/to", self.at);
        if matches!(ratio.to, Selector::Kit(_) | Selector::Fact(_)) {
            self.found.fault(&at, "ratio_to_no_line", message!("check-ratio-to-no-line"));
        }
        check_without_unit(&at, &ratio.to, self.around, self.found);
    }
}
