//! Causes of what is unknown, and who can mend it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::assessment::{Assessment, Status};
use super::fact::FactKey;
use super::organization_status::StatusBasis;
use super::reason::{Reason, ReasonCode};

/// Someone who can say what is unknown.
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
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Askable {
    /// The keeper of the depot, who counts there.
    Keeper,
    /// The organization, which knows its facts and declares its targets.
    Organization,
    /// The bureau, whose officers complete fact sheets, open depots and inspect.
    Bureau,
    /// The author of the standard, whose rule cannot be computed.
    AuthorOfStandard,
}

/// One cause, taken together over the lines of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its code.
    pub code: ReasonCode,
    /// The number of lines that have it.
    pub lines: u32,
    /// The codes of the rules it concerns.
    pub rules: BTreeSet<String>,
    /// The codes of the depots it concerns.
    pub depots: BTreeSet<String>,
    /// The facts that are missing.
    pub facts: BTreeSet<FactKey>,
    /// Those to ask, each with the code of the depot it is about, if it is about one.
    pub ask: BTreeSet<(Askable, Option<String>)>,
}

/// The causes why a line is not known to be met or missing; none if its status is known.
pub fn causes_of(line: &Assessment) -> impl Iterator<Item = &Reason> {
    let is_open = matches!(line.status, Status::Unknown | Status::NotSet);
    line.reasons.iter().filter(move |reason| is_open && !matches!(reason.code, ReasonCode::Exempt | ReasonCode::Waived))
}

/// The causes of all lines that count on a basis, by their codes.
pub fn causes<'a>(lines: impl IntoIterator<Item = &'a Assessment>, basis: StatusBasis) -> Vec<Cause> {
    let mut causes = BTreeMap::<ReasonCode, Cause>::new();
    for line in lines.into_iter().filter(|line| basis.includes((*line).into())) {
        let mut seen = BTreeSet::new();
        for reason in causes_of(line) {
            let cause = causes.entry(reason.code).or_insert_with(|| Cause::new(reason.code));
            if seen.insert(reason.code) {
                cause.lines = cause.lines.saturating_add(1);
            }
            cause.rules.extend(reason.rule.clone());
            cause.depots.extend(reason.depot.clone());
            cause.facts.extend(reason.fact.clone());
            cause.ask.extend(ask(reason));
        }
    }
    causes.into_values().collect()
}

impl Cause {
    fn new(code: ReasonCode) -> Self {
        Self {
            code,
            lines: 0,
            rules: BTreeSet::new(),
            depots: BTreeSet::new(),
            facts: BTreeSet::new(),
            ask: BTreeSet::new(),
        }
    }
}

/// Those who can mend a cause, each with the code of the depot whose keeper it is.
pub fn ask(reason: &Reason) -> impl Iterator<Item = (Askable, Option<String>)> {
    let asked: &[Askable] = match reason.code {
        ReasonCode::NeverCounted
        | ReasonCode::StaleCount
        | ReasonCode::Conflict
        | ReasonCode::ExpiryMissing
        | ReasonCode::InspectionUnknown => &[Askable::Keeper],
        // An inspection stands until an officer counts again or accepts the organization's own count.
        ReasonCode::Contested | ReasonCode::NoDepot => &[Askable::Bureau],
        ReasonCode::ConditionUnknown | ReasonCode::FactUnknown => &[Askable::Organization, Askable::Bureau],
        ReasonCode::TargetNotDeclared => &[Askable::Organization],
        ReasonCode::NotEvaluated | ReasonCode::SearchLimit => &[Askable::AuthorOfStandard],
        ReasonCode::OutOfRange if reason.depot.is_some() => &[Askable::Keeper],
        ReasonCode::OutOfRange => &[Askable::Organization, Askable::Bureau],
        ReasonCode::Exempt | ReasonCode::Waived => &[],
    };
    asked.iter().map(|who| (*who, reason.depot.clone().filter(|_| *who == Askable::Keeper)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleQuantity;
    use crate::sample::{SCBA, World, rate, rule};

    #[test]
    fn every_cause_but_an_exemption_names_whom_to_ask() {
        use Askable::{AuthorOfStandard, Bureau, Keeper, Organization};
        for (code, expected) in [
            (ReasonCode::NeverCounted, &[Keeper][..]),
            (ReasonCode::StaleCount, &[Keeper]),
            (ReasonCode::Conflict, &[Keeper]),
            (ReasonCode::ExpiryMissing, &[Keeper]),
            (ReasonCode::InspectionUnknown, &[Keeper]),
            (ReasonCode::OutOfRange, &[Keeper]),
            (ReasonCode::Contested, &[Bureau]),
            (ReasonCode::NoDepot, &[Bureau]),
            (ReasonCode::FactUnknown, &[Organization, Bureau]),
            (ReasonCode::ConditionUnknown, &[Organization, Bureau]),
            (ReasonCode::TargetNotDeclared, &[Organization]),
            (ReasonCode::NotEvaluated, &[AuthorOfStandard]),
            (ReasonCode::SearchLimit, &[AuthorOfStandard]),
            (ReasonCode::Exempt, &[]),
            (ReasonCode::Waived, &[]),
        ] {
            let reason = Reason::of_depot(code, "T1-D1");
            let expected: Vec<_> =
                expected.iter().map(|who| (*who, (*who == Keeper).then(|| "T1-D1".to_owned()))).collect();
            assert_eq!(ask(&reason).collect::<Vec<_>>(), expected, "{code:?}");
        }
        assert_eq!(ask(&Reason::of_rule(ReasonCode::OutOfRange, "R1")).count(), 2);
    }

    #[test]
    fn causes_are_counted_by_line_and_name_what_they_concern() {
        let world = World::new().with_rule(rule("R1", SCBA, rate(2, Some("people")))).with_rule(rule(
            "R2",
            SCBA,
            RuleQuantity::NotEvaluated("coverage".to_owned()),
        ));
        let found =
            causes(&world.assess().into_iter().map(|line| line.assessment).collect::<Vec<_>>(), StatusBasis::Together);
        let codes: Vec<_> = found.iter().map(|cause| (cause.code, cause.lines)).collect();
        let expected = [ReasonCode::FactUnknown, ReasonCode::NotEvaluated, ReasonCode::NeverCounted];
        assert_eq!(codes, expected.map(|code| (code, 1)));
        let facts = found.first().map(|cause| cause.facts.clone());
        assert_eq!(facts, Some(BTreeSet::from(["people".to_owned()])));
    }

    #[test]
    fn a_line_whose_status_is_known_has_no_causes() {
        let world = World::new().with_rule(rule("R1", SCBA, rate(5, None))).holding(SCBA, 4);
        assert_eq!(causes_of(&world.only_line().assessment).count(), 0);
    }
}
