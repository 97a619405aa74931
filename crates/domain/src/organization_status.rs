//! The status of an organization: all its mandatory lines in one word.
//!
//! [`LineStates`] decides it, line by line, for lists and summaries alike.

use serde::{Deserialize, Serialize};

use super::assessment::{Assessment, Status};
use super::reason::ReasonCode;
use super::requirement::Basis;
use super::rule::Strength;

/// The status of an organization on a day.
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
pub enum OrganizationStatus {
    /// It has everything it must have.
    Met,
    /// It certainly lacks something.
    Short,
    /// It certainly lacks nothing, and something is unknown or a target is not declared.
    Unknown,
    /// No mandatory line requires anything of it that is evaluated.
    NotCovered,
}

/// The lines by which an organization is judged.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StatusBasis {
    /// Lines based on verified rules only.
    Established,
    /// Established and indicative lines together.
    #[default]
    Together,
}

impl StatusBasis {
    /// True if a line counts: it is mandatory, and rests on this basis.
    pub fn includes(self, line: LineState) -> bool {
        line.strength == Strength::Mandatory && (self == Self::Together || line.basis == Basis::Established)
    }
}

/// True if a line is unknown because a rule of it is not evaluated yet.
pub fn is_not_evaluated(line: &Assessment) -> bool {
    line.status == Status::Unknown && line.reasons.iter().any(|reason| reason.code == ReasonCode::NotEvaluated)
}

/// What lists and summaries are told of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineState {
    /// Its status.
    pub status: Status,
    /// Its strength.
    pub strength: Strength,
    /// Its basis.
    pub basis: Basis,
    /// True if it is unknown because a rule is not evaluated yet.
    pub is_not_evaluated: bool,
}

impl From<&Assessment> for LineState {
    fn from(line: &Assessment) -> Self {
        let Assessment { status, strength, basis, .. } = *line;
        Self { status, strength, basis, is_not_evaluated: is_not_evaluated(line) }
    }
}

/// The states that occur among the mandatory lines of one organization on one basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineStates {
    short: bool,
    open: bool,
    covered: bool,
}

impl LineStates {
    /// Notes the state of a line that counts.
    pub fn add(&mut self, line: LineState) {
        self.covered |= line.status != Status::NotRequired && !line.is_not_evaluated;
        self.short |= line.status == Status::Short;
        self.open |= matches!(line.status, Status::Unknown | Status::NotSet);
    }

    /// The status of an organization that has these lines and no others.
    pub fn status(self) -> OrganizationStatus {
        match self {
            Self { covered: false, .. } => OrganizationStatus::NotCovered,
            Self { short: true, .. } => OrganizationStatus::Short,
            Self { open: true, .. } => OrganizationStatus::Unknown,
            Self { .. } => OrganizationStatus::Met,
        }
    }
}

/// The status of one organization on each basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatesByBasis {
    established: LineStates,
    together: LineStates,
}

impl StatesByBasis {
    /// Notes the state of a line on each basis on which it counts.
    pub fn add(&mut self, line: LineState) {
        for (basis, states) in
            [(StatusBasis::Established, &mut self.established), (StatusBasis::Together, &mut self.together)]
        {
            if basis.includes(line) {
                states.add(line);
            }
        }
    }

    /// The status on a basis.
    pub fn status(self, basis: StatusBasis) -> OrganizationStatus {
        match basis {
            StatusBasis::Established => self.established.status(),
            StatusBasis::Together => self.together.status(),
        }
    }
}

/// Numbers of organizations by status; they add up to the number of organizations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct OrganizationNumbers {
    /// They have everything they must have.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub met: u32,
    /// They certainly lack something.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub short: u32,
    /// They certainly lack nothing, and something is unknown or a target is not declared.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub unknown: u32,
    /// Nothing that is evaluated is required of them.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub not_covered: u32,
}

impl OrganizationNumbers {
    fn add(&mut self, status: OrganizationStatus) {
        let number = match status {
            OrganizationStatus::Met => &mut self.met,
            OrganizationStatus::Short => &mut self.short,
            OrganizationStatus::Unknown => &mut self.unknown,
            OrganizationStatus::NotCovered => &mut self.not_covered,
        };
        *number = number.saturating_add(1);
    }
}

/// Numbers of organizations by their status on each basis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct NumbersByBasis {
    /// By lines based on verified rules only.
    pub established: OrganizationNumbers,
    /// By established and indicative lines together.
    pub together: OrganizationNumbers,
}

impl NumbersByBasis {
    /// Counts an organization once on each basis.
    pub fn add(&mut self, states: StatesByBasis) {
        self.established.add(states.status(StatusBasis::Established));
        self.together.add(states.status(StatusBasis::Together));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Confidence, Rule, RuleQuantity};
    use crate::sample::{SCBA, World, rate, rule};
    use crate::summary::OrganizationFigures;

    use OrganizationStatus::{Met, NotCovered, Short, Unknown};

    /// A line of each kind.
    fn line(kind: &str) -> Assessment {
        let fixed = |n| rule("R1", SCBA, rate(n, None));
        let with = |rule: Rule| World::new().with_rule(rule);
        let world = match kind {
            "met" => with(fixed(5)).holding(SCBA, 5),
            "short" => with(fixed(5)).holding(SCBA, 4),
            "unknown" => with(fixed(5)),
            "not_set" => with(rule("R1", SCBA, RuleQuantity::AS_NEEDED)),
            "not_required" => with(fixed(0)),
            "not_evaluated" => with(rule("R1", SCBA, RuleQuantity::NotEvaluated("coverage".to_owned()))),
            "below" => with(Rule { strength: Strength::Recommended, ..fixed(5) }).holding(SCBA, 4),
            "indicative" => with(Rule { confidence: Confidence::Recalled, ..fixed(5) }).holding(SCBA, 4),
            other => panic!("no line is {other}"),
        };
        world.only_line().assessment
    }

    #[test]
    fn an_organization_has_one_status_on_each_basis() {
        for (kinds, established, together) in [
            ("", NotCovered, NotCovered),
            ("below", NotCovered, NotCovered),
            ("not_required", NotCovered, NotCovered),
            ("not_evaluated", NotCovered, NotCovered),
            ("not_required not_evaluated below", NotCovered, NotCovered),
            ("met", Met, Met),
            ("met not_required below", Met, Met),
            ("met not_evaluated", Unknown, Unknown),
            ("met unknown", Unknown, Unknown),
            ("met not_set", Unknown, Unknown),
            ("not_set", Unknown, Unknown),
            ("met unknown not_set short", Short, Short),
            ("short not_evaluated", Short, Short),
            ("indicative", NotCovered, Short),
            ("met indicative", Met, Short),
            ("unknown indicative", Unknown, Short),
        ] {
            let lines: Vec<Assessment> = kinds.split_whitespace().map(line).collect();
            let mut states = StatesByBasis::default();
            lines.iter().for_each(|line| states.add(line.into()));
            for (basis, expected) in [(StatusBasis::Established, established), (StatusBasis::Together, together)] {
                assert_eq!(OrganizationFigures::of(&lines, basis).status, expected, "{kinds} on {basis:?}");
                assert_eq!(states.status(basis), expected, "{kinds} on {basis:?}");
            }
        }
    }

    #[test]
    fn a_line_that_is_short_whatever_a_rule_will_say_is_evaluated() {
        assert!(is_not_evaluated(&line("not_evaluated")));
        let beside = World::new()
            .with_rule(rule("R1", SCBA, rate(5, None)))
            .with_rule(rule("R2", SCBA, RuleQuantity::NotEvaluated("coverage".to_owned())))
            .holding(SCBA, 4);
        let line = beside.only_line().assessment;
        assert_eq!((line.status, is_not_evaluated(&line)), (Status::Short, false));
    }

    #[test]
    fn every_organization_is_counted_once_on_each_basis() {
        let mut numbers = NumbersByBasis::default();
        for kind in ["met", "short", "unknown", "not_set", "not_evaluated", "indicative"] {
            let mut states = StatesByBasis::default();
            states.add((&line(kind)).into());
            numbers.add(states);
        }
        let of = |met, short, unknown, not_covered| OrganizationNumbers { met, short, unknown, not_covered };
        assert_eq!(numbers, NumbersByBasis { established: of(1, 1, 2, 2), together: of(1, 2, 2, 1) });
    }
}
