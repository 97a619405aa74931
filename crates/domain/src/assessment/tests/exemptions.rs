//! The effect of exemptions on requirement lines.

use crate::assessment::{Status, assess};
use crate::exemption::ExemptionEnd;
use crate::reason::{Reason, ReasonCode};
use crate::requirement::Basis;
use crate::rule::{Confidence, Rule, RuleQuantity, Strength};
use crate::sample::{SCBA, World, between, day, exactly, learnt, rate, rule, today};

fn fixed(code: &str, units: i64) -> Rule {
    rule(code, SCBA, rate(units, None))
}

#[test]
fn a_line_of_which_nothing_is_left_to_ask_stays_and_says_by_whose_leave() {
    let world = World::new().with_rule(fixed("R1", 5)).with_exemption("R1", "2026-11-20", "2026-11-30");
    let line = world.only_line();
    assert_eq!((line.status, line.required, line.shortage), (Status::NotRequired, exactly(0), exactly(0)));
    assert_eq!(line.reasons.first(), Some(&Reason::of_rule(ReasonCode::Exempt, "R1")));
    let cited = line.explanation.scopes[0].rules[0].exemption.clone().unwrap();
    assert_eq!((cited.reason.as_str(), cited.granted_by.as_str()), ("the store is being rebuilt", "Wang"));
    assert_eq!((cited.valid_from, cited.ends_on), (day("2026-11-20"), day("2026-11-30")));
    assert!(line.explanation.scopes[0].rules[0].words.working.ends_with("exempt, so nothing is required"));
}

#[test]
fn it_holds_from_its_first_day_through_its_last_or_until_it_is_ended() {
    let mut world = World::new().with_rule(fixed("R1", 5)).with_exemption("R1", "2026-11-20", "2026-11-30");
    let required = |world: &World, on: &str| assess(&world.reference_data, &world.records, day(on))[0].required;
    for (on, units) in [("2026-11-19", 5), ("2026-11-20", 0), ("2026-11-30", 0), ("2026-12-01", 5)] {
        assert_eq!(required(&world, on), exactly(units), "{on}");
    }
    let end = |revision: i64, from: &str| ExemptionEnd {
        valid_from: day(from),
        reason: "done".to_owned(),
        ended_by: "Wang".to_owned(),
        learnt: learnt(revision),
    };
    world.records.exemptions[0].ends = vec![end(4, "2026-11-25"), end(3, "2026-11-21")];
    for (on, units) in [("2026-11-24", 0), ("2026-11-25", 5), ("2026-11-30", 5)] {
        assert_eq!(required(&world, on), exactly(units), "{on}: the last decision holds");
    }
    world.records.exemptions[0].ends.push(end(5, "2026-11-20"));
    assert_eq!(required(&world, "2026-11-20"), exactly(5), "ended before it began");
    world.records.exemptions[0].ends.push(end(6, "2027-01-01"));
    assert_eq!(required(&world, "2026-12-01"), exactly(5), "an end never makes it longer");
}

#[test]
fn other_rules_go_on_asking() {
    let recalled = Rule { confidence: Confidence::Recalled, validity_days: Some(1), ..fixed("R2", 9) };
    let world =
        World::new().with_rule(fixed("R1", 5)).with_rule(recalled).with_exemption("R2", "2026-11-20", "2026-11-30");
    let line = world.only_line();
    assert_eq!(
        (line.required, line.basis),
        (exactly(5), Basis::Established),
        "nothing rests on a rule that asks nothing"
    );
    assert_eq!(line.explanation.scopes[0].governing, ["R1"]);
    assert_eq!(line.explanation.validity.days, 90);
    let world = world.with_exemption("R1", "2026-11-20", "2026-11-30");
    assert_eq!(world.only_line().basis, Basis::Indicative, "the line keeps the column it had");
}

#[test]
fn an_exempted_number_settles_no_need_and_an_exempted_need_is_settled() {
    let as_needed = || rule("N1", SCBA, RuleQuantity::AS_NEEDED);
    let world = World::new().with_rule(fixed("R1", 5)).with_rule(as_needed()).holding(SCBA, 9);
    assert_eq!(world.only_line().status, Status::Met);
    let without_number = world.clone().with_exemption("R1", "2026-11-20", "2026-11-30").only_line();
    assert_eq!((without_number.status, without_number.required), (Status::NotSet, between(0, None)));
    let without_need = World::new().with_rule(as_needed()).with_exemption("N1", "2026-11-20", "2026-11-30").only_line();
    assert_eq!(without_need.status, Status::NotRequired);
}

#[test]
fn a_weaker_line_does_not_ask_for_what_a_stronger_rule_was_exempted_from() {
    let weaker = Rule { strength: Strength::Recommended, ..fixed("R2", 2) };
    let world =
        World::new().with_rule(fixed("R1", 5)).with_rule(weaker).with_exemption("R1", "2026-11-20", "2026-11-30");
    let required: Vec<_> = assess(&world.reference_data, &world.records, today())
        .iter()
        .map(|line| (line.strength, line.required))
        .collect();
    assert_eq!(required, [(Strength::Mandatory, exactly(0)), (Strength::Recommended, exactly(2))]);
}
