//! Findings of the rule check, collected up to a limit.

use base::error::Fault;
use text::messages::Message;

/// The maximum number of findings of each severity. Rules that repeat each other give one finding for each pair.
pub const MOST_FINDINGS: usize = 10_000;

/// The severity of a finding.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Severity {
    /// It cannot be calculated, or cannot be intended: it must be corrected before the draft is published.
    Fault,
    /// It may be intended, and should be checked.
    Warning,
}

/// One finding about a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The severity.
    pub severity: Severity,
    /// The fault, with a pointer into the text of the standard.
    pub fault: Fault,
}

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Findings {
    faults: Vec<Finding>,
    warnings: Vec<Finding>,
}

impl Findings {
    /// Adds a fault.
    pub fn fault(&mut self, pointer: impl Into<String>, code: &'static str, detail: Message) {
        if self.faults.len() < MOST_FINDINGS {
            self.faults.push(Finding { severity: Severity::Fault, fault: Fault::new(pointer, code, detail) });
        }
    }

    /// Adds a warning.
    pub fn warn(&mut self, pointer: impl Into<String>, code: &'static str, detail: Message) {
        if !self.is_full() {
            self.warnings.push(Finding { severity: Severity::Warning, fault: Fault::new(pointer, code, detail) });
        }
    }

    /// True if no further warning would be reported, so that none need be looked for.
    pub fn is_full(&self) -> bool {
        self.warnings.len() >= MOST_FINDINGS
    }

    /// All of them, faults first.
    pub fn all(self) -> Vec<Finding> {
        let Self { faults: mut all, warnings } = self;
        all.extend(warnings);
        all
    }
}

/// One finding about the standards of a bureau.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardFinding {
    /// The code of the standard; `None` for a finding about an organization.
    pub standard: Option<String>,
    /// The code of the rule, if it is about one.
    pub rule: Option<String>,
    /// The code of the organization, if it is about one.
    pub organization: Option<String>,
    /// The finding, with a pointer into the text of the standard; empty for one about an organization.
    pub finding: Finding,
}
