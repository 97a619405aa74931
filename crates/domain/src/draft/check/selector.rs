//! Selectors: items that exist, units that agree, and lists of a sensible length.

use std::collections::BTreeSet;

use super::findings::Findings;
use super::names::{check_length, number_of_sheet};
use super::surroundings::Surroundings;
use crate::labels::unit_label;
use crate::rule::{Alternative, Capability, Component, Kind, MOST_PARTS, Rule, RuleRole, Selector};
use base::quantity::Quantity;
use text::messages::message;

/// The most items of a bundle.
const MOST_BUNDLED: usize = 20;

/// Checks the selector of a rule.
pub(super) fn check(at: &str, rule: &Rule, around: &Surroundings<'_>, found: &mut Findings) {
    let mut check = SelectorCheck { around, found };
    check.selector(&format!("{at}/selector"), &rule.selector, Some((&rule.unit, &format!("{at}/unit"))));
    if rule.role == RuleRole::Requirement
        && let Selector::Other(_) = rule.selector
    {
        found.warn(format!("{at}/selector/other"), "selector_in_words", message!("check-selector-in-words"));
    }
}

/// Checks a selector that has no unit of its own, such as that of a ratio.
pub(super) fn check_without_unit(at: &str, selector: &Selector, around: &Surroundings<'_>, found: &mut Findings) {
    SelectorCheck { around, found }.selector(at, selector, None);
}

struct SelectorCheck<'c, 'a> {
    around: &'c Surroundings<'a>,
    found: &'c mut Findings,
}

/// The unit of a rule, and the pointer to it.
type RuleUnit<'c> = Option<(&'c str, &'c str)>;

impl SelectorCheck<'_, '_> {
    fn selector(&mut self, at: &str, selector: &Selector, unit: RuleUnit<'_>) {
        match selector {
            Selector::Item(code) => {
                self.item(&format!("{at}/item"), code);
                if let (Some(item), Some((unit, unit_at))) = (self.around.item(code), unit)
                    && item.unit.name != unit
                {
                    let detail = message!("draft-unit-differs", item = code, unit = unit_label(&item.unit.name));
                    self.found.fault(unit_at, "unit_differs", detail);
                }
            }
            Selector::AnyOf(alternatives) => {
                let at = format!("{at}/any_of");
                self.alternatives(&at, alternatives);
                if let Some((unit, unit_at)) = unit {
                    self.units_of_alternatives(&at, alternatives, unit, unit_at);
                }
            }
            Selector::Capability(capability) => self.capability(&format!("{at}/capability"), capability),
            Selector::EachOf(kinds) => {
                let at = format!("{at}/each_of");
                self.list(&at, kinds.len(), MOST_PARTS);
                self.kinds(&at, kinds, unit);
            }
            Selector::Kit(components) => {
                let at = format!("{at}/kit");
                self.list(&at, components.len(), MOST_PARTS);
                self.components(&at, components);
            }
            Selector::Fact(fact) => number_of_sheet(&format!("{at}/fact/key"), &fact.key, self.around, self.found),
            Selector::Other(words) => check_length(&format!("{at}/other"), words, 1000, self.found),
        }
    }

    fn item(&mut self, at: &str, code: &str) {
        if self.around.item(code).is_none() {
            self.found.fault(at, "item_unknown", message!("draft-item-unknown", item = code));
        } else if self.around.is_retired(code) {
            self.found.warn(at, "item_retired", message!("draft-item-retired", item = code));
        }
    }

    /// Reports a list that is empty or too long. The rest of a list that is too long is not looked at.
    fn list(&mut self, at: &str, length: usize, most: usize) {
        if length == 0 {
            self.found.fault(at, "list_empty", message!("check-list-empty"));
        } else if length > most {
            self.found.fault(at, "list_too_long", message!("check-list-too-long", most = most));
        }
    }

    fn alternatives(&mut self, at: &str, alternatives: &[Alternative]) {
        self.list(at, alternatives.len(), MOST_PARTS);
        let mut seen = BTreeSet::new();
        for (number, alternative) in alternatives.iter().enumerate().take(MOST_PARTS) {
            let at = format!("{at}/{number}");
            if alternative.item.is_some() != alternative.bundle.is_empty() {
                self.found.fault(&at, "item_or_bundle", message!("check-item-or-bundle"));
            }
            if alternative.factor <= Quantity::ZERO {
                self.found.fault(format!("{at}/factor"), "out_of_range", message!("draft-per-nothing"));
            }
            if let Some(code) = &alternative.item {
                self.item(&format!("{at}/item"), code);
                if !seen.insert(code) {
                    self.found.warn(format!("{at}/item"), "item_twice", message!("check-item-twice", item = code));
                }
            }
            if !alternative.bundle.is_empty() {
                let at = format!("{at}/bundle");
                self.list(&at, alternative.bundle.len(), MOST_BUNDLED);
                self.components(&at, &alternative.bundle);
            }
        }
    }

    /// Quantities are in units of the alternatives with the factor 1, which therefore all have the rule's unit.
    fn units_of_alternatives(&mut self, at: &str, alternatives: &[Alternative], unit: &str, unit_at: &str) {
        let of_one = alternatives.iter().enumerate().filter(|(_, one)| one.factor == Quantity::whole(1));
        let counted: Vec<(usize, &str, &str)> = of_one
            .clone()
            .filter_map(|(number, one)| {
                let item = self.around.item(one.item.as_deref()?)?;
                Some((number, item.code.as_str(), item.unit.name.as_str()))
            })
            .collect();
        if of_one.count() == 0 && !alternatives.is_empty() {
            self.found.warn(at, "no_factor_of_one", message!("check-no-factor-of-one", unit = unit_label(unit)));
        }
        let agrees = counted.iter().any(|(.., theirs)| *theirs == unit);
        let mut wrong = counted.iter().filter(|(.., theirs)| *theirs != unit);
        if agrees {
            for (number, item, theirs) in wrong {
                let detail =
                    message!("check-units-mixed", item = *item, unit = unit_label(theirs), other = unit_label(unit));
                self.found.fault(format!("{at}/{number}/factor"), "units_mixed", detail);
            }
        } else if let Some((_, item, theirs)) = wrong.next() {
            let detail = message!("draft-unit-differs", item = *item, unit = unit_label(theirs));
            self.found.fault(unit_at, "unit_differs", detail);
        }
    }

    fn capability(&mut self, at: &str, capability: &Capability) {
        let Capability { name_en, name_zh, items, kinds } = capability;
        check_length(&format!("{at}/name_en"), name_en, 200, self.found);
        check_length(&format!("{at}/name_zh"), name_zh, 200, self.found);
        self.alternatives(&format!("{at}/items"), items);
        let at = format!("{at}/kinds");
        if kinds.len() > MOST_PARTS {
            self.list(&at, kinds.len(), MOST_PARTS);
        }
        self.kinds(&at, kinds, None);
    }

    fn kinds(&mut self, at: &str, kinds: &[Kind], unit: RuleUnit<'_>) {
        let mut seen = BTreeSet::new();
        for (number, kind) in kinds.iter().enumerate().take(MOST_PARTS) {
            let at = format!("{at}/{number}");
            check_length(&format!("{at}/name_en"), &kind.name_en, 200, self.found);
            check_length(&format!("{at}/name_zh"), &kind.name_zh, 200, self.found);
            self.list(&format!("{at}/items"), kind.items.len(), MOST_PARTS);
            for (place, code) in kind.items.iter().enumerate().take(MOST_PARTS) {
                let at = format!("{at}/items/{place}");
                self.item(&at, code);
                if !seen.insert(code) {
                    self.found.warn(&at, "item_twice", message!("check-item-twice", item = code));
                }
                if let (Some(item), Some((unit, _))) = (self.around.item(code), unit)
                    && item.unit.name != unit
                {
                    let detail = message!("draft-unit-differs", item = code, unit = unit_label(&item.unit.name));
                    self.found.fault(&at, "unit_differs", detail);
                }
            }
        }
    }

    fn components(&mut self, at: &str, components: &[Component]) {
        let mut seen = BTreeSet::new();
        for (number, Component { item: code, quantity }) in components.iter().enumerate().take(MOST_PARTS) {
            let at = format!("{at}/{number}");
            self.item(&format!("{at}/item"), code);
            if !seen.insert(code) {
                self.found.warn(format!("{at}/item"), "item_twice", message!("check-item-twice", item = code));
            }
            if *quantity <= Quantity::ZERO {
                self.found.fault(format!("{at}/quantity"), "out_of_range", message!("draft-per-nothing"));
            } else if !quantity.is_whole() && self.around.item(code).is_some_and(|item| !item.unit.measured) {
                self.found.warn(format!("{at}/quantity"), "not_whole", message!("draft-not-whole"));
            }
        }
    }
}
