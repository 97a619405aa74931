//! Worked cases from practice, checked through the one public function.

use crate::assessment::Status;
use crate::count::CountLine;
use crate::interval::Interval;
use crate::rule::{Rate, RuleQuantity, Spare};
use crate::sample::{FOAM, MASK, SCBA, World, between, count, day, exactly, line, q, rate, rule, shanghai, spare};

/// The requirement for an organization with a given basis.
fn required(item: &str, rate: Rate, basis: i64) -> Interval {
    let of = "people";
    let rate = Rate { of: rate.of.map(|_| of.to_owned()), ..rate };
    World::new().with_rule(rule("R1", item, rate)).with_number(of, basis).only_line().required
}

fn per(rate: Rate, k: i64) -> Rate {
    Rate { per: q(&k.to_string()), ..rate }
}

fn at_least(rate: Rate, least: i64) -> Rate {
    Rate { at_least: Some(q(&least.to_string())), ..rate }
}

fn at_most(rate: Rate, most: i64) -> Rate {
    Rate { at_most: Some(q(&most.to_string())), ..rate }
}

fn percent(rate: Rate, percent: u32) -> Rate {
    Rate { spare: Some(Spare::Percent(percent)), ..rate }
}

#[test]
fn rates_with_bounds_and_spares_come_out_as_worked_by_hand() {
    let each = |n| rate(n, Some("people"));
    let suits = || spare(at_least(per(each(1), 10), 2), 4, 1);
    let cases = [
        ("G01 2 per workplace", each(2), 3, 6),
        ("G02 1 per person on shift", each(1), 17, 17),
        ("G03 1 per 10, at least 2, spare 4:1", suits(), 24, 4),
        ("G04 the floor binds before the spare", suits(), 8, 3),
        ("G05 1 per person, spare 5:1", spare(each(1), 5, 1), 24, 29),
        ("G06 as many again", each(1), 29, 29),
        ("G07 2 per person, spare 1:1", spare(each(2), 1, 1), 30, 120),
        ("G08 1 per person and 10 % more", percent(each(1), 10), 86, 95),
        ("G09 1 per dispenser, at most 6", at_most(each(1), 6), 9, 6),
        ("G10 2 per 2 dispensers, at least 2", at_least(per(each(2), 2), 2), 5, 6),
        ("G11 the same with one", at_least(per(each(2), 2), 2), 1, 2),
        ("G17 2 per 5, at least 12", at_least(per(each(2), 5), 12), 23, 12),
        ("T3 class-2 suits", spare(at_least(per(each(1), 10), 2), 4, 1), 24, 4),
        ("T1 fire suits", spare(each(2), 1, 1), 36, 144),
        ("T1 heat suits, 3 per squad, 4:1", spare(each(3), 4, 1), 3, 12),
        ("T6 blowers", at_least(per(each(2), 5), 12), 42, 18),
        ("T4 oxygen cylinders", each(2), 4, 8),
        ("T2 apparatus", each(6), 3, 18),
        ("a fixed number", rate(3, None), 99, 3),
        ("none of the basis", each(2), 0, 0),
    ];
    for (case, rate, basis, expected) in cases {
        assert_eq!(required(SCBA, rate, basis), exactly(expected), "{case}");
    }
}

#[test]
fn a_measured_unit_is_not_rounded_before_the_third_decimal() {
    let foam = per(rate(1, Some("people")), 3);
    assert_eq!(required(FOAM, foam.clone(), 2), Interval::exactly(q("0.667")));
    assert_eq!(required(FOAM, percent(foam.clone(), 10), 6), Interval::exactly(q("2.2")));
    assert_eq!(required(FOAM, spare(foam.clone(), 7, 1), 3), Interval::exactly(q("1.143")));
    assert_eq!(required(SCBA, foam, 2), exactly(1), "a counted one is");
}

#[test]
fn a_fraction_of_a_counted_unit_asks_for_a_whole_one() {
    let half = Rate { n: q("0.5"), ..rate(1, Some("people")) };
    assert_eq!(required(SCBA, half.clone(), 3), exactly(2));
    assert_eq!(required(SCBA, spare(half, 5, 1), 3), exactly(3), "1.5 in use, 1 spare, rounded up once");
}

#[test]
fn numbers_out_of_range_and_meaningless_rates_ask_for_anything() {
    let huge = Rate { n: q("999999999"), ..spare(rate(1, Some("people")), 1, 4_000_000_000) };
    assert_eq!(required(SCBA, huge, 999_999_999), Interval::UNKNOWN);
    assert_eq!(required(SCBA, Rate { per: q("0"), ..rate(1, Some("people")) }, 4), Interval::UNKNOWN);
    assert_eq!(required(SCBA, spare(rate(1, Some("people")), 0, 1), 4), Interval::UNKNOWN);
}

#[test]
fn g28_an_undeclared_target_is_never_met_and_a_declared_one_counts() {
    let world = World::new().with_rule(rule("R1", SCBA, RuleQuantity::AS_NEEDED)).holding(SCBA, 1);
    assert_eq!(world.only_line().status, Status::NotSet);

    let declared = world.with_target("R1", 2).only_line();
    assert_eq!((declared.status, declared.shortage), (Status::Short, exactly(1)));
}

#[test]
fn g30_expired_stock_does_not_count() {
    let expired = CountLine { expires_on: Some(day("2026-04-30")), ..line(MASK, 5) };
    let good = CountLine { expires_on: Some(day("2027-09-30")), ..line(MASK, 15) };
    let line = World::new()
        .with_rule(rule("R1", MASK, rate(1, Some("people"))))
        .with_number("people", 17)
        .with_count(count(1, shanghai("2026-11-23T08:00:00"), vec![expired, good]))
        .only_line();
    assert_eq!((line.status, line.shortage, line.usable), (Status::Short, exactly(2), exactly(15)));
    assert_eq!(serde_json::to_string(&line.left_out).unwrap(), r#"{"expired":5}"#);
}

#[test]
fn a_basis_of_zero_asks_for_nothing_whatever_the_least_is() {
    let asked = |rate: Rate, people: i64| {
        World::new().with_rule(rule("R1", SCBA, rate)).with_number("people", people).only_line().required
    };
    let bounded = || spare(at_least(rate(1, Some("people")), 3), 4, 1);
    assert_eq!(asked(bounded(), 0), exactly(0));
    assert_eq!(asked(bounded(), 1), exactly(4));
}

#[test]
fn an_unknown_basis_may_be_zero_and_leaves_the_most_that_the_clause_allows() {
    let unknown = |rate: Rate| World::new().with_rule(rule("R1", SCBA, rate)).only_line().required;
    let each = || rate(1, Some("people"));
    assert_eq!(unknown(each()), Interval::UNKNOWN);
    assert_eq!(unknown(at_least(each(), 2)), between(0, None));
    assert_eq!(unknown(at_most(at_least(each(), 2), 6)), between(0, 6));
    assert_eq!(unknown(spare(at_most(at_least(each(), 2), 6), 4, 1)), between(0, 8), "the spare comes end by end");
}
