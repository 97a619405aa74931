//! Lines whose rules ask for different things of the same stock: shares of agreements, inspections, validities.

use crate::assessment::{Assessment, Status};
use crate::condition::RuleCondition;
use crate::count::CountLine;
use crate::depot::Holding;
use crate::fact::FactValue;
use crate::reason::{Reason, ReasonCode};
use crate::rule::{Alternative, Rule, Selector, Strength};
use crate::sample::{SCBA, World, between, count, day, depot, exactly, line, rate, rule, shanghai};
use base::quantity::Quantity;

fn fixed(code: &str, units: i64) -> Rule {
    rule(code, SCBA, rate(units, None))
}

fn shared_with_agreements(percent: u32, rule: Rule) -> Rule {
    Rule { agreement_percent: Some(percent), ..rule }
}

fn if_toxic(rule: Rule) -> Rule {
    Rule { applies_when: RuleCondition::Tag("toxic".to_owned()), ..rule }
}

fn recommended(rule: Rule) -> Rule {
    Rule { strength: Strength::Recommended, ..rule }
}

fn inspected(months: u32, rule: Rule) -> Rule {
    Rule { inspected_within_months: Some(months), ..rule }
}

fn either(code: &str, units: i64) -> Rule {
    let alternative = |item| Alternative::item(item, Quantity::whole(1));
    let selector = Selector::AnyOf(vec![alternative(SCBA), alternative("SUIT")]);
    Rule { selector, ..fixed(code, units) }
}

fn inspected_on(on: &str, units: i64) -> CountLine {
    CountLine { inspected_on: Some(day(on)), ..line(SCBA, units) }
}

/// A world whose agreement depot has some units.
fn agreed(units: i64, rules: &[Rule]) -> World {
    let mut world = World::new();
    world.records.depots.push(depot(2, Holding::Agreement));
    rules.iter().cloned().fold(world, World::with_rule).holding(SCBA, 0).holding_in(2, SCBA, units)
}

fn lines(world: &World) -> Vec<Assessment> {
    world.assess().into_iter().map(|line| line.assessment).collect()
}

/// The line of a strength, for the item alone.
fn of(world: &World, strength: Strength) -> Assessment {
    let is_wanted = |line: &Assessment| line.strength == strength && matches!(line.selector, Selector::Item(_));
    lines(world).into_iter().find(is_wanted).unwrap()
}

fn choice(world: &World) -> Assessment {
    lines(world).into_iter().find(|line| matches!(line.selector, Selector::AnyOf(_))).unwrap()
}

#[test]
fn a_rule_that_may_not_apply_leaves_less_to_agreements_only_perhaps() {
    let rules = [shared_with_agreements(100, fixed("R1", 10)), if_toxic(fixed("R2", 1))];
    let unknown = agreed(10, &rules).only_line();
    assert_eq!((unknown.usable, unknown.shortage, unknown.status), (between(9, 10), between(0, 1), Status::Unknown));
    let codes: Vec<ReasonCode> = unknown.reasons.iter().map(|reason| reason.code).collect();
    assert!(codes.contains(&ReasonCode::ConditionUnknown), "{codes:?}");
    let known = |toxic| agreed(10, &rules).with_fact("toxic", FactValue::Tag(toxic)).only_line();
    assert_eq!((known(false).status, known(false).usable), (Status::Met, exactly(10)));
    assert_eq!((known(true).status, known(true).shortage), (Status::Short, exactly(1)));
}

#[test]
fn each_rule_requires_its_own_part_of_stock_that_is_no_agreement() {
    let second = |units, percent| match percent {
        0 => fixed("R2", units),
        percent => shared_with_agreements(percent, fixed("R2", units)),
    };
    for (own, percent, held, expected) in
        [(0, 0, 10, 10), (1, 0, 10, 9), (4, 50, 10, 8), (10, 50, 10, 5), (10, 0, 10, 0), (4, 50, 7, 7)]
    {
        let rules = [shared_with_agreements(100, fixed("R1", 10)), second(own, percent)];
        assert_eq!(agreed(held, &rules).only_line().usable, exactly(expected), "{own} at {percent} %, {held} held");
    }
}

#[test]
fn what_covers_the_stronger_line_covers_the_weaker_but_for_its_own_rule() {
    let agreement = agreed(10, &[shared_with_agreements(100, fixed("R1", 10)), recommended(fixed("R2", 1))]);
    let inspection = World::new()
        .with_rule(inspected(6, fixed("R1", 10)))
        .with_rule(recommended(inspected(1, fixed("R2", 1))))
        .with_count(count(9, shanghai("2026-11-23T08:00:00"), vec![inspected_on("2026-09-01", 10)]));
    for world in [agreement, inspection] {
        assert_eq!(of(&world, Strength::Mandatory).status, Status::Met);
        let weaker = of(&world, Strength::Recommended);
        assert_eq!((weaker.required, weaker.usable, weaker.shortage), (exactly(10), exactly(9), exactly(1)));
        assert_eq!(weaker.status, Status::Below);
    }
    let validity = |days, rule| Rule { validity_days: Some(days), ..rule };
    let stale = World::new()
        .with_rule(validity(100, fixed("R1", 10)))
        .with_rule(recommended(validity(3, fixed("R2", 1))))
        .with_count(count(9, shanghai("2026-11-13T08:00:00"), vec![line(SCBA, 10)]));
    assert_eq!(of(&stale, Strength::Mandatory).status, Status::Met);
    let weaker = of(&stale, Strength::Recommended);
    assert_eq!((weaker.usable, weaker.shortage, weaker.status), (between(9, None), between(0, 1), Status::Unknown));
}

/// Two units that the line of the item may not be able to use, though the choice can.
fn doubted(strict: Rule, scba: CountLine, counted: &str) -> World {
    let earlier = Rule { code: "R1".to_owned(), ..strict };
    World::new()
        .with_rule(earlier)
        .with_rule(either("R2", 4))
        .with_count(count(9, shanghai(counted), vec![scba]))
        .holding("SUIT", 3)
}

#[test]
fn what_an_earlier_line_may_take_is_not_surely_there_for_a_later_one() {
    let now = "2026-11-23T08:00:00";
    let stale = || Rule { validity_days: Some(3), ..fixed("R1", 2) };
    for (name, world, code) in [
        ("inspection", doubted(inspected(6, fixed("R1", 2)), line(SCBA, 2), now), ReasonCode::InspectionUnknown),
        ("validity", doubted(stale(), line(SCBA, 2), "2026-11-13T08:00:00"), ReasonCode::StaleCount),
    ] {
        assert_eq!(of(&world, Strength::Mandatory).status, Status::Unknown, "{name}");
        let later = choice(&world);
        assert_eq!(
            (later.usable, later.shortage, later.status),
            (between(3, 5), between(0, 1), Status::Unknown),
            "{name}"
        );
        assert_eq!(later.reasons, [Reason::of_depot(code, "T1-D1")], "{name}");
    }
    let known = doubted(inspected(6, fixed("R1", 2)), inspected_on("2026-10-01", 2), now);
    assert_eq!((choice(&known).usable, choice(&known).status), (exactly(3), Status::Short));
    let overdue = doubted(inspected(6, fixed("R1", 2)), inspected_on("2025-10-01", 2), now);
    assert_eq!((choice(&overdue).usable, choice(&overdue).status), (exactly(5), Status::Met));
}

#[test]
fn an_unknown_line_names_the_cause_in_an_earlier_line_that_shares_its_units() {
    let world = World::new()
        .with_rule(if_toxic(fixed("R1", 2)))
        .with_rule(either("R2", 4))
        .holding_all(&[(SCBA, 2), ("SUIT", 3)]);
    let later = choice(&world);
    assert_eq!((later.usable, later.status), (between(3, 5), Status::Unknown));
    let expected = [Reason::of_rule(ReasonCode::ConditionUnknown, "R1"), Reason::of_fact("R1", "toxic")];
    assert_eq!(later.reasons, expected);
    let abundant = World::new()
        .with_rule(if_toxic(fixed("R1", 2)))
        .with_rule(either("R2", 4))
        .holding_all(&[(SCBA, 2), ("SUIT", 4)]);
    assert_eq!((choice(&abundant).status, choice(&abundant).reasons), (Status::Met, Vec::new()));
}
