use super::*;
use crate::condition::{Operator, RuleCondition};
use crate::count::{Count, CountKind, CountLine, Held, LotCondition};
use crate::depot::Holding;
use crate::fact::{FactDefinition, FactKind, FactValue};
use crate::rule::{Alternative, Band, BandRow, Capability, Confidence, Rate, Ratio, Rule, Share, Unquantified};
use crate::sample::{
    FIRST, FOAM, MASK, SCBA, World, between, compare, count, depot, exactly, learnt, line, q, rate, rule, shanghai,
    thousandths, today, whole,
};
use base::quantity::Quantity;

const PEOPLE: &str = "people";
const PLACES: &str = "workplaces";

/// A check of the fact `workplaces`.
fn check(bound: Bound, quantity: impl Into<RuleQuantity>) -> Rule {
    let selector = Selector::Fact(FactSelector { key: PLACES.to_owned(), bound });
    Rule { role: RuleRole::FactCheck, selector, ..rule("C1", SCBA, quantity) }
}

fn at_least(quantity: impl Into<RuleQuantity>) -> Rule {
    check(Bound::AtLeast, quantity)
}

fn per_person() -> Rate {
    rate(1, Some(PEOPLE))
}

fn all(world: &World) -> Vec<Check> {
    checks(&world.reference_data, &world.records, today(), Language::English)
}

fn only(world: &World) -> Check {
    let mut all = all(world);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn numbers(check: &Check) -> (CheckStatus, Interval, Interval) {
    (check.status, check.required, check.found)
}

fn codes(check: &Check) -> Vec<ReasonCode> {
    check.reasons.iter().map(|reason| reason.code).collect()
}

use CheckStatus::{Met, NotRequired, Short, Unknown};

#[test]
fn facts_are_compared_with_the_number_that_bounds_them() {
    let least = |rate: Rate| at_least(rate);
    let most = |rate: Rate| check(Bound::AtMost, rate);
    let any = Interval::UNKNOWN;
    let cases = [
        ("50 places for 86 people", least(per_person()), Some(86), Some(50), (Short, exactly(86), exactly(50))),
        ("enough places", least(per_person()), Some(86), Some(86), (Met, exactly(86), exactly(86))),
        ("nobody", least(per_person()), Some(0), Some(0), (NotRequired, exactly(0), exactly(0))),
        ("a place not recorded", least(per_person()), Some(86), None, (Unknown, exactly(86), any)),
        ("people not recorded", least(per_person()), None, Some(50), (Unknown, any, exactly(50))),
        ("at most 100 each", most(rate(100, Some(PEOPLE))), Some(2), Some(201), (Short, exactly(200), exactly(201))),
        ("exactly the most", most(rate(100, Some(PEOPLE))), Some(2), Some(200), (Met, exactly(200), exactly(200))),
        ("none allowed", most(rate(100, Some(PEOPLE))), Some(0), Some(1), (Short, exactly(0), exactly(1))),
        ("most of unknown", most(rate(100, Some(PEOPLE))), None, Some(5), (Unknown, any, exactly(5))),
        ("most of unknown, and nothing", most(rate(100, Some(PEOPLE))), None, Some(0), (Met, any, exactly(0))),
    ];
    for (case, rule, people, places, expected) in cases {
        let mut world = World::new().with_rule(rule);
        for (key, value) in [(PEOPLE, people), (PLACES, places)] {
            if let Some(value) = value {
                world = world.with_number(key, value);
            }
        }
        assert_eq!(numbers(&only(&world)), expected, "{case}");
    }
}

#[test]
fn every_form_of_quantity_bounds_a_fact_but_a_ratio() {
    let row = |from: i64, n: i64| BandRow {
        from: Some(whole(from)),
        below: None,
        and_from: None,
        and_below: None,
        n: whole(n),
        to: None,
    };
    let band = Band { of: PEOPLE.to_owned(), and: None, rows: vec![row(100, 3), row(1, 2)], spare: None };
    let ratio = Ratio {
        n: whole(1),
        per: whole(1),
        to: Selector::Item(SCBA.to_owned()),
        at_least: None,
        at_most: None,
        spare: None,
    };
    let of = |quantity: RuleQuantity| {
        only(&World::new().with_rule(at_least(quantity)).with_number(PEOPLE, 120).with_number(PLACES, 2))
    };
    assert_eq!(of(RuleQuantity::Band(band)).status, Short);
    assert_eq!(of(RuleQuantity::Present(Unquantified {})).status, Met);
    assert_eq!(of(RuleQuantity::OPTIONAL).status, NotRequired);
    let undeclared = of(RuleQuantity::AS_NEEDED);
    assert_eq!((undeclared.status, codes(&undeclared)), (Unknown, vec![ReasonCode::TargetNotDeclared]));
    let with_ratio = of(RuleQuantity::Ratio(ratio));
    assert_eq!((with_ratio.status, codes(&with_ratio)), (Unknown, vec![ReasonCode::NotEvaluated]));
    let declared =
        World::new().with_rule(at_least(RuleQuantity::AS_NEEDED)).with_target("C1", 3).with_number(PLACES, 2);
    assert_eq!(numbers(&only(&declared)), (Short, exactly(3), exactly(2)));
}

#[test]
fn a_measured_fact_is_not_rounded_and_a_counted_one_is() {
    let third = Rate { n: thousandths(300), ..rate(1, None) };
    let with_unit = |unit: &str| {
        let mut world = World::new().with_rule(at_least(third.clone()));
        world.reference_data.dictionary.retain(|entry| entry.key != PLACES);
        world.reference_data.dictionary.push(FactDefinition {
            key: PLACES.to_owned(),
            kind: FactKind::Number,
            unit: Some(unit.to_owned()),
            learnt: learnt(FIRST),
            versions: Vec::new(),
        });
        only(&world.with_fact(PLACES, FactValue::Number(q("0.5")))).status
    };
    assert_eq!([with_unit("factor"), with_unit("person")], [Met, Short]);
}

#[test]
fn conditions_exemptions_and_waivers_hold_for_checks() {
    let toxic = || RuleCondition::Tag("toxic".to_owned());
    let when = || Rule { applies_when: toxic(), ..at_least(rate(5, None)) };
    let world = |rule: Rule| World::new().with_rule(rule).with_number(PLACES, 3);
    let tagged = |world: World, so| world.with_fact("toxic", FactValue::Tag(so));
    assert_eq!(all(&tagged(world(when()), false)), []);
    assert_eq!(only(&tagged(world(when()), true)).status, Short);
    let perhaps = only(&world(when()));
    assert_eq!(numbers(&perhaps), (Unknown, between(0, 5), exactly(3)));
    assert_eq!(codes(&perhaps), [ReasonCode::ConditionUnknown, ReasonCode::FactUnknown]);

    let exempt = only(&world(at_least(rate(5, None))).with_exemption("C1", "2026-11-01", "2026-12-31"));
    assert_eq!((exempt.status, codes(&exempt)), (NotRequired, vec![ReasonCode::Exempt]));
    let waivable = || Rule { waived_when: Some(toxic()), ..at_least(rate(5, None)) };
    let waived = only(&tagged(world(waivable()), true));
    assert_eq!((waived.status, codes(&waived)), (NotRequired, vec![ReasonCode::Waived]));
    assert_eq!(only(&tagged(world(waivable()), false)).status, Short);

    let most = Rule { applies_when: toxic(), ..check(Bound::AtMost, rate(5, None)) };
    assert_eq!(numbers(&only(&world(most.clone()))), (Met, between(5, None), exactly(3)), "even if it applies");
    let more = World::new().with_rule(most).with_number(PLACES, 6);
    assert_eq!(numbers(&only(&more)), (Unknown, between(5, None), exactly(6)));
}

#[test]
fn a_check_says_what_it_rests_on_and_how_it_comes_out() {
    let recalled = Rule { confidence: Confidence::Recalled, ..at_least(per_person()) };
    let world = |rule| World::new().with_rule(rule).with_number(PEOPLE, 86).with_number(PLACES, 50);
    assert_eq!(only(&world(recalled)).basis, Basis::Indicative);
    let check = only(&world(at_least(per_person())));
    assert_eq!((check.basis, check.standard.as_str(), check.clause.as_str()), (Basis::Established, "S1", "4.2"));
    assert!(check.working.ends_with("not less than 86 pieces"), "{}", check.working);
}

#[test]
fn checks_are_no_lines() {
    let world = World::new().with_rule(at_least(rate(5, None))).with_rule(Rule { code: "C2".to_owned(), ..away(1, 4) });
    assert!(world.assess().is_empty());
    assert_eq!(all(&world).len(), 2);
    let mut closed = world;
    closed.records.organization.versions[0].value.active = false;
    assert_eq!(all(&closed), []);
}

/// At most n of every k breathing apparatus and masks may be away.
fn away(n: u32, per: u32) -> Rule {
    let alternatives = [SCBA, MASK].map(|item| Alternative::item(item, whole(1)));
    Rule {
        role: RuleRole::Parameter,
        selector: Selector::AnyOf(alternatives.to_vec()),
        ..rule("C1", SCBA, RuleQuantity::AwayAtMost(Share { n, per }))
    }
}

fn in_repair(item: &str, units: i64) -> CountLine {
    CountLine { condition: LotCondition::InRepair, ..line(item, units) }
}

fn lent(item: &str, units: i64) -> CountLine {
    CountLine { held: Held::Lent, ..line(item, units) }
}

fn counted(n: u128, lines: Vec<CountLine>) -> Count {
    count(n, shanghai("2026-11-23T08:00:00"), lines)
}

fn with_counts(rule: Rule, counts: Vec<Count>) -> World {
    counts.into_iter().fold(World::new().with_rule(rule), World::with_count)
}

#[test]
fn g22_eleven_of_forty_away_are_more_than_a_quarter() {
    let of = |away_units: i64| {
        let lines = vec![line(SCBA, 30 - away_units), in_repair(SCBA, away_units), line(MASK, 10)];
        only(&with_counts(away(1, 4), vec![counted(1, lines)]))
    };
    let violated = of(11);
    assert_eq!(numbers(&violated), (Short, exactly(10), exactly(11)));
    assert_eq!((violated.held, violated.bound, codes(&violated)), (Some(exactly(40)), Bound::AtMost, vec![]));
    assert!(violated.working.contains("of 40 pieces, 10 pieces; 11 pieces lent or in repair"), "{}", violated.working);
    assert_eq!(of(10).status, Met);
}

#[test]
fn lent_units_are_away_too_and_a_part_of_a_unit_may_not_be() {
    let lines = vec![line(SCBA, 7), lent(SCBA, 1), in_repair(MASK, 1)];
    assert_eq!(numbers(&only(&with_counts(away(1, 4), vec![counted(1, lines)]))), (Met, exactly(2), exactly(2)));
    let lines = vec![line(SCBA, 5), lent(SCBA, 1), in_repair(MASK, 1)];
    let few = only(&with_counts(away(1, 4), vec![counted(1, lines)]));
    assert_eq!(numbers(&few), (Short, exactly(1), exactly(2)), "a quarter of 7 is 1.75");
    let items = [SCBA, MASK].map(|item| Alternative::item(item, q("2.5"))).to_vec();
    let capability = Capability { name_en: "air".to_owned(), name_zh: "空气".to_owned(), items, kinds: Vec::new() };
    let capable = Rule { selector: Selector::Capability(capability), ..away(1, 4) };
    let lines = vec![line(SCBA, 5), lent(SCBA, 1), in_repair(MASK, 1)];
    assert_eq!(
        only(&with_counts(capable, vec![counted(1, lines)])).required,
        exactly(1),
        "units, not what they are worth"
    );
    let foam = Rule { selector: Selector::Item(FOAM.to_owned()), ..away(1, 4) };
    let lines = vec![line(FOAM, 5), lent(FOAM, 2)];
    assert_eq!(
        only(&with_counts(foam, vec![counted(1, lines)])).required,
        Interval::exactly(q("1.75")),
        "by the litre"
    );
}

#[test]
fn an_open_ended_depot_leaves_the_share_unknown() {
    let never = only(&with_counts(away(1, 4), vec![counted(1, vec![in_repair(SCBA, 9)])]));
    assert_eq!(numbers(&never), (Unknown, between(2, None), between(9, None)));
    assert_eq!(codes(&never), [ReasonCode::NeverCounted], "the masks");
    let old = count(1, shanghai("2026-08-01T08:00:00"), vec![line(SCBA, 9), line(MASK, 0)]);
    assert_eq!(codes(&only(&with_counts(away(1, 4), vec![old.clone()]))), [ReasonCode::StaleCount]);
    let longer = Rule { validity_days: Some(120), ..away(1, 4) };
    assert_eq!(only(&with_counts(longer, vec![old])).status, Met, "the rule's own validity");
    let mut nowhere = with_counts(away(1, 4), vec![]);
    nowhere.records.depots.clear();
    assert_eq!(codes(&only(&nowhere)), [ReasonCode::NoDepot]);
}

#[test]
fn counts_that_differ_give_a_range() {
    let lines = |away: i64| vec![line(SCBA, 20 - away), in_repair(SCBA, away), line(MASK, 0)];
    let later = |count: Count, at: &str| Count { effective_at: shanghai(at), ..count };
    let conflict = vec![counted(1, lines(4)), later(counted(2, lines(6)), "2026-11-23T08:10:00")];
    let differ = only(&with_counts(away(1, 4), conflict));
    assert_eq!(numbers(&differ), (Unknown, exactly(5), between(4, 6)));
    assert_eq!(codes(&differ), [ReasonCode::Conflict]);
    let inspection = Count { kind: CountKind::Inspection, ..later(counted(1, lines(9)), "2026-11-21T08:00:00") };
    let contested = only(&with_counts(away(1, 4), vec![inspection, counted(2, lines(4))]));
    assert_eq!(numbers(&contested), (Unknown, exactly(5), between(4, 9)));
    assert_eq!(codes(&contested), [ReasonCode::Contested]);
}

#[test]
fn stock_under_an_agreement_is_not_the_organizations_to_lend() {
    let mut world = with_counts(away(1, 4), vec![counted(1, vec![line(SCBA, 3), lent(SCBA, 1), line(MASK, 0)])]);
    world.records.depots.push(depot(2, Holding::Agreement));
    assert_eq!(numbers(&only(&world)), (Met, exactly(1), exactly(1)), "nobody counted there");
}

#[test]
fn a_share_of_too_much_or_of_nothing_is_unknown() {
    let huge = Quantity::from_thousandths(999_999_999_000_i64).unwrap();
    let lot = |number: &str| CountLine { quantity: huge, lot: crate::sample::lot(number), ..line(SCBA, 0) };
    let world = with_counts(away(1, 4), vec![counted(1, vec![lot("A"), lot("B"), line(MASK, 0)])]);
    assert_eq!((only(&world).status, codes(&only(&world))), (Unknown, vec![ReasonCode::OutOfRange]));
    let meaningless = with_counts(away(1, 0), vec![counted(1, vec![lent(SCBA, 4), line(MASK, 0)])]);
    assert_eq!((only(&meaningless).status, codes(&only(&meaningless))), (Unknown, vec![ReasonCode::NotEvaluated]));
    let words = Rule { selector: Selector::Other("lamps".to_owned()), ..away(1, 4) };
    assert_eq!(codes(&only(&with_counts(words, vec![]))), [ReasonCode::NotEvaluated]);
}

#[test]
fn a_share_holds_under_its_condition() {
    let when = Rule { applies_when: compare(PEOPLE, Operator::AtLeast, 10), ..away(1, 4) };
    let world = || with_counts(when.clone(), vec![counted(1, vec![line(SCBA, 4), in_repair(SCBA, 4), line(MASK, 0)])]);
    assert_eq!(only(&world().with_number(PEOPLE, 12)).status, Short);
    assert_eq!(all(&world().with_number(PEOPLE, 9)), []);
    assert_eq!(only(&world()).status, Unknown);
    let exempt = world().with_number(PEOPLE, 12).with_exemption("C1", "2026-11-01", "2026-12-31");
    assert_eq!((only(&exempt).status, codes(&only(&exempt))), (NotRequired, vec![ReasonCode::Exempt]));
}
