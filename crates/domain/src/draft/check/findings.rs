//! Findings of the rule check, collected up to a limit.

use super::super::test_cases::{TestCases, World};
use base::error::Fault;
use text::messages::{Message, message};

/// The maximum number of findings of each severity. Rules that repeat each other give one finding for each pair.
pub const MOST_FINDINGS: usize = 10_000;

/// The maximum number of steps of a check: comparisons of a case, a value or a rule. All standards that Muster brings along take
/// about a hundredth of it.
pub const MOST_STEPS: usize = 20_000_000;

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

impl Finding {
    /// The warning that a check ended at its limit of steps.
    pub(super) fn not_fully_checked() -> Self {
        let fault = Fault::new("/rules", "not_fully_checked", message!("check-not-fully-checked"));
        Self { severity: Severity::Warning, fault }
    }
}

/// The work that a check may take. It is counted, not timed, so that the findings are the same on every machine.
#[derive(Debug)]
pub(super) struct Steps {
    left: usize,
}

impl Steps {
    /// A number of steps.
    pub fn of(left: usize) -> Self {
        Self { left }
    }

    /// Takes the steps of a piece of work; false if too few are left. From then on none are, so that what is checked ends at
    /// one place.
    pub fn take(&mut self, steps: usize) -> bool {
        let left = self.left.checked_sub(steps);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

/// The findings so far.
#[derive(Debug)]
pub(super) struct Findings {
    faults: Vec<Finding>,
    warnings: Vec<Finding>,
    steps: Steps,
    is_cut_short: bool,
}

impl Findings {
    /// No findings yet, and the steps that may be taken for them.
    pub fn within(steps: Steps) -> Self {
        Self { faults: Vec::new(), warnings: Vec::new(), steps, is_cut_short: false }
    }

    /// Takes the steps of a piece of work; false if too few are left, so that it must be left out.
    pub fn spend(&mut self, steps: usize) -> bool {
        let is_enough = self.steps.take(steps);
        self.is_cut_short |= !is_enough;
        is_enough
    }

    /// True if some case is as asked for; `None` if there are too many cases to try.
    pub fn any_case<'a>(&mut self, cases: &TestCases<'a>, is_wanted: impl Fn(&World<'a>) -> bool) -> Option<bool> {
        if !self.spend(cases.steps(0)) {
            return None;
        }
        Some(cases.all()?.iter().any(is_wanted))
    }

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

    /// True if the check ended before everything was checked.
    pub fn is_cut_short(&self) -> bool {
        self.is_cut_short
    }

    /// True if no further warning would be reported, so that none need be looked for.
    pub fn is_full(&self) -> bool {
        self.warnings.len() >= MOST_FINDINGS
    }

    /// All of them, faults first, and the steps that are left. The first warning says so if not everything was checked.
    pub fn all(self) -> (Vec<Finding>, Steps) {
        let Self { faults: mut all, warnings, steps, is_cut_short } = self;
        all.extend(is_cut_short.then(Finding::not_fully_checked));
        all.extend(warnings);
        (all, steps)
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
