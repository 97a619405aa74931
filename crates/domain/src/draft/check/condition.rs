//! Conditions: names that exist, classes that a table gives, a bounded size, and cases in which they hold.

use super::super::test_cases::{TestCases, World};
use super::class_tables::Tables;
use super::findings::Findings;
use super::names::{check_fact, check_length};
use super::surroundings::Surroundings;
use crate::condition::{ClassTest, RuleCondition};
use crate::fact::FactKind;
use crate::labels::OPEN_FAMILIES;
use crate::rule::Rule;
use text::messages::message;

/// The most levels of a condition: beyond it nobody understands it, and the stack is limited.
const MOST_LEVELS: usize = 32;

/// The most parts of one level of a condition.
const MOST_PARTS: usize = 100;

/// The types of teams, and the sectors, that the standards and the clients know.
fn usual(family: &str) -> &'static [&'static str] {
    OPEN_FAMILIES.iter().find(|(name, _)| *name == family).map_or(&[], |(_, codes)| codes)
}

/// Checks both conditions of a rule.
pub(super) fn check(at: &str, rule: &Rule, tables: &Tables<'_>, around: &Surroundings<'_>, found: &mut Findings) {
    let mut check = ConditionCheck { tables: Some(tables), around, found };
    check.condition(&format!("{at}/applies_when"), &rule.applies_when, 0);
    if let Some(waiver) = &rule.waived_when {
        check.condition(&format!("{at}/waived_when"), waiver, 0);
    }
    let cases = TestCases::of([&rule.applies_when], true);
    if found.any_case(&cases, |world| world.meets(&rule.applies_when)) == Some(false) {
        let detail = message!("draft-never-applies", rule = &rule.code);
        found.fault(format!("{at}/applies_when"), "never_applies", detail);
    } else if let Some(waiver) = &rule.waived_when {
        let cases = TestCases::of([&rule.applies_when, waiver], true);
        let is_asked = |world: &World<'_>| world.meets(&rule.applies_when) && !world.meets(waiver);
        if found.any_case(&cases, is_asked) == Some(false) {
            let detail = message!("check-always-waived", rule = &rule.code);
            found.warn(format!("{at}/waived_when"), "always_waived", detail);
        }
    }
}

/// Checks the condition of a row of a class table, which may not ask for a class itself.
pub(super) fn check_row(at: &str, condition: &RuleCondition, around: &Surroundings<'_>, found: &mut Findings) {
    ConditionCheck { tables: None, around, found }.condition(at, condition, 0);
}

struct ConditionCheck<'c, 'a> {
    /// The class tables; `None` within a class table.
    tables: Option<&'c Tables<'c>>,
    around: &'c Surroundings<'a>,
    found: &'c mut Findings,
}

impl ConditionCheck<'_, '_> {
    fn condition(&mut self, at: &str, condition: &RuleCondition, level: usize) {
        if level >= MOST_LEVELS {
            let detail = message!("check-condition-too-deep", most = MOST_LEVELS);
            self.found.fault(at, "condition_too_deep", detail);
            return;
        }
        match condition {
            RuleCondition::All(parts) => self.parts(&format!("{at}/all"), parts, level),
            RuleCondition::Any(parts) => self.parts(&format!("{at}/any"), parts, level),
            RuleCondition::Not(part) => self.condition(&format!("{at}/not"), part, level + 1),
            RuleCondition::Kind(_) => {}
            RuleCondition::Type(name) => {
                let is_known = usual("team-type").contains(&name.as_str()) || self.around.names.types.contains(&**name);
                self.name(&format!("{at}/type"), name, is_known, "type_unknown");
            }
            RuleCondition::Sector(name) => {
                let is_known = usual("sector").contains(&name.as_str()) || self.around.names.sectors.contains(&**name);
                self.name(&format!("{at}/sector"), name, is_known, "sector_unknown");
            }
            RuleCondition::Tag(fact) => {
                check_fact(&format!("{at}/tag"), fact, FactKind::Tag, self.around, self.found);
            }
            RuleCondition::Class(test) => self.class(&format!("{at}/class"), test),
            RuleCondition::Compare(comparison) => {
                let at = format!("{at}/compare/fact");
                check_fact(&at, &comparison.fact, FactKind::Number, self.around, self.found);
            }
        }
    }

    fn parts(&mut self, at: &str, parts: &[RuleCondition], level: usize) {
        if parts.len() > MOST_PARTS {
            self.found.fault(at, "list_too_long", message!("check-list-too-long", most = MOST_PARTS));
        }
        for (number, part) in parts.iter().enumerate().take(MOST_PARTS) {
            self.condition(&format!("{at}/{number}"), part, level + 1);
        }
    }

    fn name(&mut self, at: &str, name: &str, is_known: bool, code: &'static str) {
        if name.is_empty() || name.chars().count() > 64 {
            check_length(at, name, 64, self.found);
        } else if !is_known {
            let detail = match code {
                "type_unknown" => message!("check-type-unknown", name = name),
                _ => message!("check-sector-unknown", name = name),
            };
            self.found.warn(at, code, detail);
        }
    }

    fn class(&mut self, at: &str, ClassTest { table, is }: &ClassTest) {
        let Some(tables) = self.tables else {
            self.found.fault(at, "class_in_table", message!("check-class-in-table"));
            return;
        };
        match tables.classes(table) {
            None => {
                let detail = message!("check-class-table-unknown", table = table);
                self.found.fault(format!("{at}/table"), "class_table_unknown", detail);
            }
            Some(classes) if !classes.contains(is.as_str()) => {
                let given = classes.into_iter().collect::<Vec<_>>().join(", ");
                let detail = message!("check-class-unknown", table = table, class = is, classes = given);
                self.found.fault(format!("{at}/is"), "class_unknown", detail);
            }
            Some(_) => {}
        }
    }
}
