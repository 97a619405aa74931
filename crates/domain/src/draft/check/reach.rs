//! Whom rules reach: organizations that none covers, and rules that apply to none of them.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::super::StandardText;
use super::findings::{Finding, Severity, StandardFinding, Steps};
use crate::condition::Truth;
use crate::organization::OrganizationKind;
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::requirement::RuleContext;
use crate::rule::{RuleRole, Strength};
use base::error::Fault;
use text::messages::message;

/// Returns the organizations that no mandatory rule covers, and the rules that apply to none. Nothing where there are no
/// organizations. Bureaus hold no reserve, and need no rule.
pub(super) fn check(
    reference_data: &ReferenceData,
    texts: &[StandardText],
    organizations: &[OrganizationData],
    day: NaiveDate,
    mut steps: Steps,
) -> Vec<StandardFinding> {
    let contexts: Vec<RuleContext<'_>> =
        organizations.iter().filter_map(|records| RuleContext::new(reference_data, records, day)).collect();
    if contexts.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    'texts: for text in texts {
        for (number, rule) in text.rules.iter().enumerate().filter(|(_, rule)| rule.role == RuleRole::Requirement) {
            if !steps.take(contexts.len()) {
                all.push(StandardFinding {
                    standard: Some(text.code.clone()),
                    rule: None,
                    organization: None,
                    finding: Finding::not_fully_checked(),
                });
                break 'texts;
            }
            if contexts.iter().all(|context| rule.applies_when.truth(context.subject()) == Truth::No) {
                let detail = message!("check-applies-to-none", rule = &rule.code);
                all.push(StandardFinding {
                    standard: Some(text.code.clone()),
                    rule: Some(rule.code.clone()),
                    organization: None,
                    finding: warning(format!("/rules/{number}/applies_when"), "applies_to_none", detail),
                });
            }
        }
    }
    let uncovered: BTreeSet<&str> = contexts.iter().filter_map(uncovered).collect();
    all.extend(uncovered.into_iter().map(|code| StandardFinding {
        standard: None,
        rule: None,
        organization: Some(code.to_owned()),
        finding: warning(
            String::new(),
            "organization_uncovered",
            message!("check-organization-uncovered", organization = code),
        ),
    }));
    all
}

/// The code of the organization, if no mandatory rule that binds it may apply to it.
fn uncovered<'a>(context: &RuleContext<'a>) -> Option<&'a str> {
    let organization = &context.records.organization;
    let is_covered = context.bindings().iter().any(|binding| {
        binding.strength == Strength::Mandatory
            && binding.rule.role == RuleRole::Requirement
            && binding.rule.applies_when.truth(context.subject()) != Truth::No
    });
    (!is_covered && organization.kind != OrganizationKind::Bureau).then_some(&organization.code)
}

fn warning(pointer: String, code: &'static str, detail: text::messages::Message) -> Finding {
    Finding { severity: Severity::Warning, fault: Fault::new(pointer, code, detail) }
}
