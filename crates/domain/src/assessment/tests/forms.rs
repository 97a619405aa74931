//! Every form of quantity and selector, worked by hand: the cases of `golden.csv`, and the edges of each.

use crate::assessment::Status;
use crate::condition::{ClassRow, ClassTable, ClassTest, Operator, RuleCondition};
use crate::fact::FactValue;
use crate::interval::Interval;
use crate::reason::ReasonCode;
use crate::requirement::Basis;
use crate::rule::{
    Alternative, Band, BandRow, Capability, Component, Confidence, Coverage, Kind, PerCapita, Range, Ratio, Rule,
    RuleQuantity, RuleRole, Selector, Step, StepRounding, Strength, TimeUnit, Unquantified,
};
use crate::sample::{
    Explained, FOAM, MASK, SCBA, World, between, compare, depot, exactly, item, q, rate, rule, spare, whole,
};

fn of(code: &str, selector: Selector, quantity: impl Into<RuleQuantity>) -> Rule {
    Rule { selector, ..rule(code, SCBA, quantity) }
}

fn any_of(items: &[(&str, &str)]) -> Selector {
    Selector::AnyOf(items.iter().map(|(item, factor)| Alternative::item(item, q(factor))).collect())
}

fn kind(name: &str, items: &[&str]) -> Kind {
    let items = items.iter().map(|item| (*item).to_owned()).collect();
    Kind { name_en: name.to_owned(), name_zh: name.to_owned(), items }
}

fn row(from: Option<i64>, below: Option<i64>, n: i64) -> BandRow {
    let [from, below] = [from, below].map(|end| end.map(whole));
    BandRow { from, below, and_from: None, and_below: None, n: whole(n), to: None }
}

fn people(quantity: impl Into<RuleQuantity>, number: i64) -> Interval {
    World::new().with_rule(rule("R1", SCBA, quantity)).with_number("people", number).only_line().required
}

fn unknown(quantity: impl Into<RuleQuantity>) -> Interval {
    World::new().with_rule(rule("R1", SCBA, quantity)).only_line().required
}

fn codes(line: &Explained) -> Vec<ReasonCode> {
    line.reasons.iter().map(|reason| reason.code).collect()
}

fn coverage(factor: &str, capacity: i64, unit_capacity: i64, least: Option<i64>) -> RuleQuantity {
    RuleQuantity::Coverage(Coverage {
        of: "people".to_owned(),
        factor: q(factor),
        factor_of: None,
        capacity: whole(capacity),
        unit_capacity: whole(unit_capacity),
        at_least: least.map(whole),
        at_most: None,
        spare: None,
    })
}

#[test]
fn coverage_is_rounded_up_in_capability_and_then_in_units() {
    for (case, factor, size, capacity, unit, expected) in [
        ("G12 class A medium, 1000 m2, 2A", "1", 1000, 75, 2, 7),
        ("G13 the same with K = 0.5", "0.5", 1000, 75, 2, 4),
        ("G14 class A light, 60 m2, 1A, at least 2", "1", 60, 100, 1, 2),
        ("G15 as G12, but 3A", "1", 1000, 75, 3, 5),
        ("nothing to cover", "1", 0, 75, 2, 0),
    ] {
        assert_eq!(people(coverage(factor, capacity, unit, Some(2)), size), exactly(expected), "{case}");
    }
    assert_eq!(unknown(coverage("1", 75, 2, Some(2))), Interval::UNKNOWN);
    let by_fact = |world: World| {
        let RuleQuantity::Coverage(coverage) = coverage("1", 75, 2, Some(2)) else { unreachable!() };
        let coverage = Coverage { of: "area".to_owned(), factor_of: Some("people".to_owned()), ..coverage };
        world.with_rule(rule("R1", SCBA, RuleQuantity::Coverage(coverage))).only_line().required
    };
    assert_eq!(by_fact(World::new().with_number("people", 0)), exactly(0), "a factor of 0 of an unknown size");
    assert_eq!(by_fact(World::new().with_number("area", 0)), exactly(0), "nothing by an unknown factor");
    assert_eq!(by_fact(World::new().with_number("area", 10)), Interval::UNKNOWN);
    assert_eq!(people(coverage("1", 0, 2, None), 10), Interval::UNKNOWN, "nothing is covered by a capacity of 0");
}

#[test]
fn a_step_counts_complete_or_begun_parts() {
    let step_from = |from: i64, rounding| {
        RuleQuantity::Step(Step {
            of: "people".to_owned(),
            from: whole(from),
            n: whole(3),
            more: whole(1),
            per: whole(500),
            rounding,
            at_most: None,
            spare: None,
        })
    };
    let step = |rounding| step_from(1000, rounding);
    for (size, floor, ceil) in [(999, 0, 0), (1000, 3, 3), (1001, 3, 4), (1499, 3, 4), (1500, 4, 4), (1800, 4, 5)] {
        assert_eq!(people(step(StepRounding::Floor), size), exactly(floor), "G16 {size}");
        assert_eq!(people(step(StepRounding::Ceil), size), exactly(ceil), "{size}");
    }
    assert_eq!(unknown(step(StepRounding::Floor)), Interval::UNKNOWN);
    for (size, expected) in [(0, 0), (1, 3), (499, 3), (500, 4)] {
        assert_eq!(
            people(step_from(0, StepRounding::Floor), size),
            exactly(expected),
            "a basis of 0 asks for 0: {size}"
        );
    }
}

#[test]
fn bands_are_half_open_and_an_unknown_fact_gives_the_hull() {
    let band = || {
        let rows = vec![row(Some(30), Some(50), 15), row(Some(50), None, 20)];
        RuleQuantity::Band(Band { of: "people".to_owned(), and: None, rows, spare: None })
    };
    for (size, expected) in [(0, 0), (29, 0), (30, 15), (42, 15), (49, 15), (50, 20), (5000, 20)] {
        assert_eq!(people(band(), size), exactly(expected), "G18 {size}");
    }
    assert_eq!(unknown(band()), between(0, 20));
}

#[test]
fn a_band_of_two_facts_narrows_with_each_that_is_known() {
    let cell = |from: i64, below: Option<i64>, and_from: i64, and_below: Option<i64>, n| BandRow {
        and_from: Some(whole(and_from)),
        and_below: and_below.map(whole),
        ..row(Some(from), below, n)
    };
    let rows = vec![
        cell(0, Some(300), 0, Some(2), 1),
        cell(0, Some(300), 2, None, 2),
        cell(300, None, 0, Some(2), 3),
        cell(300, None, 2, None, 5),
    ];
    let band = Band { of: "people".to_owned(), and: Some("workplaces".to_owned()), rows, spare: None };
    let world = || World::new().with_rule(rule("R1", SCBA, RuleQuantity::Band(band.clone())));
    assert_eq!(world().only_line().required, between(1, 5));
    assert_eq!(world().with_number("people", 299).only_line().required, between(1, 2));
    assert_eq!(world().with_number("people", 300).only_line().required, between(3, 5));
    assert_eq!(world().with_number("workplaces", 2).only_line().required, between(2, 5));
    let both = world().with_number("people", 300).with_number("workplaces", 1).only_line();
    assert_eq!(both.required, exactly(3));
}

#[test]
fn per_capita_and_time_is_rounded_once_at_the_end() {
    let per_capita = |n: &str, per: i64, time: i64, per_time: i64, time_unit| {
        RuleQuantity::PerCapita(PerCapita {
            n: q(n),
            per: whole(per),
            of: "people".to_owned(),
            time: whole(time),
            per_time: whole(per_time),
            time_unit,
            at_least: None,
            at_most: None,
            spare: None,
        })
    };
    let litres = |quantity, number| {
        World::new().with_rule(rule("R1", FOAM, quantity)).with_number("people", number).only_line().required
    };
    assert_eq!(litres(per_capita("1.5", 1, 4, 1, TimeUnit::Day), 50), exactly(300), "G19");
    assert_eq!(litres(per_capita("0.5", 1, 5760, 1, TimeUnit::Minute), 50), exactly(144_000), "G20");
    assert_eq!(people(per_capita("1", 10_000, 6, 3, TimeUnit::Month), 12_000), exactly(3), "G21");
    assert_eq!(people(per_capita("1", 10_000, 6, 3, TimeUnit::Month), 0), exactly(0));
    assert_eq!(unknown(per_capita("1", 10_000, 6, 3, TimeUnit::Month)), Interval::UNKNOWN);
}

fn ratio(to: &str) -> RuleQuantity {
    let to = Selector::Item(to.to_owned());
    RuleQuantity::Ratio(Ratio { n: whole(1), per: whole(1), to, at_least: None, at_most: None, spare: None })
}

#[test]
fn a_ratio_counts_what_is_required_of_another_item_with_its_spare() {
    let world = || {
        World::new().with_rule(rule("R1", SCBA, spare(rate(1, Some("people")), 5, 1))).with_rule(rule(
            "R2",
            MASK,
            ratio(SCBA),
        ))
    };
    let of = |world: &World, item: &str| {
        world.assess().into_iter().find(|line| line.selector == Selector::Item(item.to_owned())).unwrap()
    };
    assert_eq!(of(&world().with_number("people", 24), MASK).required, exactly(29), "G06");
    let open = of(&world(), MASK);
    assert_eq!(open.required, Interval::UNKNOWN);
    assert!(codes(&open).contains(&ReasonCode::FactUnknown), "the fact that the other rule misses");
    let elsewhere = Rule { scope: "station".to_owned(), ..rule("R2", MASK, ratio(SCBA)) };
    let world = World::new().with_rule(rule("R1", SCBA, rate(4, None))).with_rule(elsewhere);
    assert_eq!(of(&world, MASK).required, exactly(0), "only the same scope counts");
}

#[test]
fn ratios_in_a_circle_have_no_number_and_say_so() {
    let lines = World::new().with_rule(rule("R1", SCBA, ratio(MASK))).with_rule(rule("R2", MASK, ratio(SCBA))).assess();
    assert_eq!(lines.len(), 2);
    for line in lines {
        assert_eq!((line.required, line.status), (Interval::UNKNOWN, Status::Unknown));
        assert!(line.reasons.iter().any(|reason| reason.code == ReasonCode::NotEvaluated));
    }
}

#[test]
fn present_range_optional_and_waived() {
    assert_eq!(unknown(RuleQuantity::Present(Unquantified {})), exactly(1));
    let tents = Range { from: whole(100), to: whole(200), per: whole(1), of: None };
    let line = World::new().with_rule(rule("R1", SCBA, RuleQuantity::Range(tents))).holding(SCBA, 240).only_line();
    assert_eq!((line.required, line.status), (exactly(100), Status::Met), "G29");
    assert_eq!(line.usable, exactly(240), "the surplus is only shown");
    let may = World::new().with_rule(rule("R1", SCBA, RuleQuantity::Optional(Unquantified {}))).only_line();
    assert_eq!((may.required, may.status), (exactly(0), Status::NotRequired));

    let lamps = Rule {
        waived_when: Some(RuleCondition::Tag("toxic".to_owned())),
        ..rule("R1", SCBA, spare(rate(1, None), 5, 1))
    };
    let waived = |value: Option<bool>| {
        let world = World::new().with_rule(lamps.clone());
        match value {
            Some(value) => world.with_fact("toxic", FactValue::Tag(value)).only_line(),
            None => world.only_line(),
        }
    };
    let yes = waived(Some(true));
    assert_eq!((yes.required, yes.status), (exactly(0), Status::NotRequired), "G26");
    assert!(codes(&yes).contains(&ReasonCode::Waived));
    assert_eq!(waived(Some(false)).required, exactly(2));
    let open = waived(None);
    assert_eq!(open.required, between(0, 2));
    assert!(codes(&open).contains(&ReasonCode::ConditionUnknown) && codes(&open).contains(&ReasonCode::FactUnknown));
}

#[test]
fn alternatives_sum_up_with_their_factors() {
    let world = |powder: i64, foam: i64| {
        World::new()
            .with_rule(of("R1", any_of(&[(SCBA, "1"), ("SUIT", "1")]), rate(1, Some("people"))))
            .with_number("people", 4)
            .with_item(item("SUIT", "set", false, false))
            .holding_all(&[(SCBA, powder), ("SUIT", foam)])
    };
    let met = world(3, 1).only_line();
    assert_eq!((met.status, met.usable), (Status::Met, exactly(4)), "G27");
    let short = world(3, 0).only_line();
    assert_eq!((short.status, short.shortage), (Status::Short, exactly(1)));
}

#[test]
fn a_bundle_counts_only_whole() {
    let bundle = Alternative {
        item: None,
        bundle: [(SCBA, 1), ("SUIT", 2)]
            .map(|(item, number)| Component { item: item.to_owned(), quantity: whole(number) })
            .to_vec(),
        factor: whole(1),
    };
    let line = |apparatus, suits| {
        World::new()
            .with_rule(of("R1", Selector::AnyOf(vec![bundle.clone()]), rate(3, None)))
            .with_item(item("SUIT", "set", false, false))
            .holding_all(&[(SCBA, apparatus), ("SUIT", suits)])
            .only_line()
    };
    assert_eq!(line(5, 5).usable, exactly(2));
    assert_eq!(line(5, 6).status, Status::Met);
    assert_eq!(line(2, 9).shortage, exactly(1));
}

fn ladders() -> Selector {
    let item = |code: &str, feet: &str| Alternative::item(code, q(feet));
    Selector::Capability(Capability {
        name_en: "length of ladders".to_owned(),
        name_zh: "梯子总长".to_owned(),
        items: vec![item("EXT", "35"), item("ROOF", "16"), item("ATTIC", "10")],
        kinds: vec![kind("extension", &["EXT"]), kind("roof", &["ROOF"]), kind("attic", &["ATTIC"])],
    })
}

#[test]
fn a_capability_and_its_kinds_are_two_lines_on_the_same_units() {
    let lines = |held: &[(&str, i64)]| {
        let mut world = World::new().with_rule(of("R1", ladders(), rate(85, None)));
        for code in ["EXT", "ROOF", "ATTIC"] {
            world = world.with_item(item(code, "piece", false, false));
        }
        let lines = world.holding_all(held).assess();
        assert_eq!(lines.len(), 2);
        let is_kinds = |line: &&Explained| matches!(line.selector, Selector::EachOf(_));
        let kinds = lines.iter().find(is_kinds).unwrap();
        let total = lines.iter().find(|line| !is_kinds(line)).unwrap();
        ((total.usable, total.shortage), (kinds.required, kinds.usable, kinds.status))
    };
    let all_kinds = [("EXT", 1), ("ROOF", 1), ("ATTIC", 1)];
    assert_eq!(lines(&all_kinds), ((exactly(61), exactly(24)), (exactly(3), exactly(3), Status::Met)), "G24");
    let one_kind = [("EXT", 3), ("ROOF", 0), ("ATTIC", 0)];
    assert_eq!(lines(&one_kind), ((exactly(105), exactly(0)), (exactly(3), exactly(1), Status::Short)), "G25");
}

#[test]
fn a_surplus_of_one_kind_replaces_no_other() {
    let each = Selector::EachOf(vec![kind("one", &[SCBA]), kind("other", &["SUIT", "COAT"])]);
    let line = World::new()
        .with_rule(of("R1", each, rate(2, None)))
        .with_item(item("SUIT", "set", false, false))
        .with_item(item("COAT", "set", false, false))
        .holding_all(&[(SCBA, 9), ("SUIT", 1), ("COAT", 0)])
        .only_line();
    assert_eq!((line.required, line.usable, line.shortage), (exactly(4), exactly(3), exactly(1)));
}

#[test]
fn a_kit_is_exploded_into_its_components() {
    let components = [(SCBA, "2"), (FOAM, "0.5")];
    let kit = Selector::Kit(
        components.map(|(item, number)| Component { item: item.to_owned(), quantity: q(number) }).to_vec(),
    );
    let lines =
        World::new().with_rule(of("R1", kit, rate(3, None))).with_rule(rule("R2", SCBA, rate(4, None))).assess();
    let required: Vec<_> = lines.iter().map(|line| (line.selector.clone(), line.required)).collect();
    assert_eq!(
        required,
        [(Selector::Item(FOAM.to_owned()), Interval::exactly(q("1.5"))), (Selector::Item(SCBA.to_owned()), exactly(6)),],
        "the larger of the kit's and the item's own"
    );
}

#[test]
fn a_unit_is_used_once_and_best() {
    let both = || any_of(&[(SCBA, "1"), ("SUIT", "1")]);
    let lines = World::new()
        .with_rule(of("R1", both(), rate(2, None)))
        .with_rule(rule("R2", SCBA, rate(2, None)))
        .with_item(item("SUIT", "set", false, false))
        .holding_all(&[(SCBA, 2), ("SUIT", 2)])
        .assess();
    assert!(lines.iter().all(|line| line.status == Status::Met), "the choice leaves the apparatus to the other line");
    let lines = World::new()
        .with_rule(of("R1", both(), rate(3, None)))
        .with_rule(rule("R2", SCBA, rate(2, None)))
        .with_item(item("SUIT", "set", false, false))
        .holding_all(&[(SCBA, 2), ("SUIT", 2)])
        .assess();
    let of_item = lines.iter().find(|line| line.selector == Selector::Item(SCBA.to_owned())).unwrap();
    assert_eq!((of_item.usable, of_item.shortage), (exactly(1), exactly(1)));
}

#[test]
fn an_earlier_line_that_may_not_apply_leaves_a_later_one_unknown_and_never_short() {
    let perhaps = Rule {
        applies_when: RuleCondition::Tag("toxic".to_owned()),
        ..of("R1", any_of(&[(SCBA, "1"), ("SUIT", "1")]), rate(2, None))
    };
    let world = World::new()
        .with_rule(perhaps)
        .with_rule(rule("R2", SCBA, rate(2, None)))
        .with_item(item("SUIT", "set", false, false))
        .holding_all(&[(SCBA, 2), ("SUIT", 0)]);
    let of_item = |world: &World| {
        world.assess().into_iter().find(|line| line.selector == Selector::Item(SCBA.to_owned())).unwrap()
    };
    let before = of_item(&world);
    assert_eq!((before.usable, before.status), (between(0, 2), Status::Unknown));
    let applies = world.clone().with_fact("toxic", FactValue::Tag(true));
    assert_eq!(of_item(&applies).status, Status::Short);
    let does_not = world.with_fact("toxic", FactValue::Tag(false));
    assert_eq!(of_item(&does_not).status, Status::Met);
}

#[test]
fn scopes_that_share_units_ask_for_the_larger_and_others_add_up() {
    let building = Rule { scope: "building".to_owned(), ..rule("R1", SCBA, rate(4, None)) };
    let station = |shares: bool| Rule {
        scope: "dispenser".to_owned(),
        shares_with: if shares { vec!["building".to_owned()] } else { Vec::new() },
        ..rule("R2", SCBA, rate(6, None))
    };
    let required = |shares| World::new().with_rule(building.clone()).with_rule(station(shares)).only_line().required;
    assert_eq!(required(false), exactly(10));
    assert_eq!(required(true), exactly(6));
    // Different selectors of shared scopes are met by the same units.
    let choice =
        Rule { scope: "building".to_owned(), ..of("R1", any_of(&[(SCBA, "1"), ("SUIT", "1")]), rate(4, None)) };
    let lines = |shares| {
        World::new()
            .with_rule(choice.clone())
            .with_rule(station(shares))
            .with_item(item("SUIT", "set", false, false))
            .holding_all(&[(SCBA, 6), ("SUIT", 0)])
            .assess()
    };
    assert!(lines(true).iter().all(|line| line.status == Status::Met));
    assert!(lines(false).iter().any(|line| line.status == Status::Short));
}

#[test]
fn an_agreement_meets_its_share_of_the_requirement_only() {
    use crate::depot::Holding;
    let asked = |percent: Option<u32>| Rule { agreement_percent: percent, ..rule("R1", SCBA, rate(10, None)) };
    let line = |percent| {
        let mut world = World::new().with_rule(asked(percent)).holding(SCBA, 5);
        world.records.depots.push(depot(2, Holding::Agreement));
        world.holding_in(2, SCBA, 9).only_line()
    };
    assert_eq!((line(None).usable, line(None).shortage), (exactly(5), exactly(5)));
    assert_eq!((line(Some(30)).usable, line(Some(30)).shortage), (exactly(8), exactly(2)));
    assert_eq!(line(Some(80)).status, Status::Met);
}

fn class_table() -> Rule {
    let when = |fact: &str, op, value| compare(fact, op, value);
    let rows = [
        ("large", when("people", Operator::AtLeast, 300)),
        ("risky", RuleCondition::Tag("toxic".to_owned())),
        ("small", RuleCondition::All(Vec::new())),
    ];
    let rows = rows.map(|(class, when)| ClassRow { when, class: class.to_owned() }).to_vec();
    Rule {
        role: RuleRole::ClassTable,
        selector: Selector::Other("classes".to_owned()),
        ..rule("C1", SCBA, RuleQuantity::Classes(ClassTable { name: "size".to_owned(), rows }))
    }
}

#[test]
fn a_class_is_the_first_row_that_holds() {
    let asks = Rule {
        applies_when: RuleCondition::Class(ClassTest { table: "size".to_owned(), is: "large".to_owned() }),
        ..rule("R1", SCBA, rate(7, None))
    };
    let world = || World::new().with_rule(class_table()).with_rule(asks.clone());
    assert!(world().with_number("people", 299).assess().is_empty(), "299 is not large");
    assert_eq!(world().with_number("people", 300).only_line().required, exactly(7));
    let open = world().only_line();
    assert_eq!(open.required, between(0, 7));
    let names = open.reasons.iter().filter_map(|reason| reason.fact.as_deref()).collect::<Vec<_>>();
    assert!(names.contains(&"people"), "{names:?}");
    // Without a table of that name nobody knows the class.
    let without = World::new().with_rule(asks.clone()).with_number("people", 300).only_line();
    assert_eq!((without.required, without.status), (between(0, 7), Status::Unknown));
}

#[test]
fn a_figure_rests_on_the_class_table_and_the_attribution_too() {
    let asks = Rule {
        applies_when: RuleCondition::Class(ClassTest { table: "size".to_owned(), is: "large".to_owned() }),
        ..rule("R1", SCBA, rate(7, None))
    };
    let basis = |table: Rule, rule: Rule| {
        World::new().with_rule(table).with_rule(rule).with_number("people", 300).only_line().basis
    };
    assert_eq!(basis(class_table(), asks.clone()), Basis::Established);
    let recalled = Rule { confidence: Confidence::Recalled, ..class_table() };
    assert_eq!(basis(recalled, asks.clone()), Basis::Indicative);
    let attributed = Rule { attribution: Some(Confidence::Recalled), ..asks };
    assert_eq!(basis(class_table(), attributed), Basis::Indicative);
}

#[test]
fn a_weaker_line_of_a_choice_counts_what_the_stronger_has() {
    let choice = || any_of(&[(SCBA, "1"), ("SUIT", "1")]);
    let should = Rule { strength: Strength::Recommended, ..of("R2", choice(), rate(5, None)) };
    let lines = World::new()
        .with_rule(of("R1", choice(), rate(3, None)))
        .with_rule(should)
        .with_item(item("SUIT", "set", false, false))
        .holding_all(&[(SCBA, 2), ("SUIT", 2)])
        .assess();
    let usable: Vec<_> = lines.iter().map(|line| (line.strength, line.usable, line.shortage)).collect();
    assert_eq!(
        usable,
        [(Strength::Mandatory, exactly(4), exactly(0)), (Strength::Recommended, exactly(4), exactly(1)),]
    );
}

#[test]
fn a_result_out_of_range_names_the_rule() {
    let huge = PerCapita {
        n: whole(999_999),
        per: whole(1),
        of: "people".to_owned(),
        time: whole(9_999),
        per_time: whole(1),
        time_unit: TimeUnit::Day,
        at_least: None,
        at_most: None,
        spare: None,
    };
    let line =
        World::new().with_rule(rule("R1", SCBA, RuleQuantity::PerCapita(huge))).with_number("people", 999).only_line();
    assert_eq!(line.status, Status::Unknown);
    let reason = line.reasons.iter().find(|reason| reason.code == ReasonCode::OutOfRange).unwrap();
    assert_eq!(reason.rule.as_deref(), Some("R1"));
}

#[test]
fn a_band_without_people_or_with_a_gap_asks_for_nothing() {
    let band = Band {
        of: "people".to_owned(),
        and: None,
        rows: vec![row(Some(1), Some(10), 2), row(Some(20), None, 4)],
        spare: None,
    };
    assert_eq!(people(RuleQuantity::Band(band.clone()), 0), exactly(0));
    assert_eq!(people(RuleQuantity::Band(band.clone()), 15), exactly(0));
    assert_eq!(people(RuleQuantity::Band(band), 20), exactly(4));
}
