//! Edge cases: which rules bind, how lines nest and add up, and the status of a line.

use crate::assessment::{Assessment, Status, assess};
use crate::condition::{Operator, RuleCondition, Truth};
use crate::count::CountLine;
use crate::fact::FactValue;
use crate::interval::Interval;
use crate::organization::OrganizationVersion;
use crate::reason::ReasonCode;
use crate::requirement::Basis;
use crate::revision::Dated;
use crate::rule::{Confidence, Rate, Rule, RuleQuantity, RuleRole, Selector, Strength};
use crate::sample::{
    BANNER, LEAGUE, SCBA, World, adoption, between, compare, count, dated, day, exactly, line, rate, rule, shanghai,
    standard, today,
};
use crate::standard::StandardStatus;
use base::quantity::Quantity;

fn fixed(code: &str, units: i64) -> Rule {
    rule(code, SCBA, rate(units, None))
}

fn at(strength: Strength, rule: Rule) -> Rule {
    Rule { strength, ..rule }
}

fn within(scope: &str, rule: Rule) -> Rule {
    Rule { scope: scope.to_owned(), ..rule }
}

fn when(condition: RuleCondition, rule: Rule) -> Rule {
    Rule { applies_when: condition, ..rule }
}

fn toxic() -> RuleCondition {
    RuleCondition::Tag("toxic".to_owned())
}

fn codes(assessment: &Assessment) -> Vec<ReasonCode> {
    assessment.reasons.iter().map(|reason| reason.code).collect()
}

/// Strength and requirement of each line.
fn lines(world: &World) -> Vec<(Strength, Interval)> {
    world.assess().into_iter().map(|line| (line.strength, line.required)).collect()
}

#[test]
fn a_standard_binds_nobody_before_it_is_adopted_nor_after() {
    let mut world = World::new().with_rule(fixed("R1", 2));
    let on = |world: &World, on: &str| assess(&world.reference_data, &world.records, day(on)).len();
    world.reference_data.adoptions[0].versions =
        vec![dated(day("2026-11-10"), 2, Some(Strength::Mandatory)), dated(day("2026-11-20"), 3, None)];
    assert_eq!(on(&world, "2026-11-09"), 0);
    assert_eq!(on(&world, "2026-11-10"), 1);
    assert_eq!(on(&world, "2026-11-19"), 1);
    assert_eq!(on(&world, "2026-11-20"), 0);
    world.reference_data.adoptions.clear();
    assert_eq!(on(&world, "2026-11-15"), 0);
}

#[test]
fn the_strongest_adoption_up_the_tree_holds_and_the_weaker_of_rule_and_adoption() {
    let mut world = World::new().with_rule(at(Strength::Recommended, fixed("R1", 2))).with_rule(fixed("R2", 3));
    let strengths = |world: &World| lines(world).into_iter().map(|(strength, _)| strength).collect::<Vec<_>>();
    assert_eq!(strengths(&world), [Strength::Mandatory, Strength::Recommended]);
    world.reference_data.adoptions = vec![adoption(BANNER, "S1", Strength::Reference)];
    assert_eq!(strengths(&world), [Strength::Reference]);
    world.reference_data.adoptions.push(adoption(LEAGUE, "S1", Strength::Recommended));
    assert_eq!(strengths(&world), [Strength::Recommended]);
    world.reference_data.adoptions.push(adoption(9, "S1", Strength::Mandatory));
    assert_eq!(strengths(&world), [Strength::Recommended], "another region's adoption binds nobody here");
}

#[test]
fn an_edition_gives_way_to_its_adopted_successor() {
    let mut world = World::new().with_rule(fixed("OLD", 2));
    world.reference_data.standards.push(standard("S2"));
    let mut world = world.with_rule_of(1, fixed("NEW", 3));
    world.reference_data.standards[0].versions[0].value.replaced_by = Some("S2".to_owned());
    let rules = |world: &World| -> Vec<String> {
        let lines = world.assess();
        lines.iter().flat_map(|line| &line.explanation.scopes).flat_map(|s| &s.rules).map(|r| r.rule.clone()).collect()
    };
    assert_eq!(rules(&world), ["OLD"], "the successor is not adopted");
    world.reference_data.adoptions.push(adoption(LEAGUE, "S2", Strength::Optional));
    assert_eq!(rules(&world), ["NEW"]);
    world.reference_data.standards[1].versions[0].value.valid_from = Some(day("2026-11-24"));
    assert_eq!(rules(&world), ["OLD"], "the successor is in force from tomorrow");
    world.reference_data.standards[1].versions[0].value.valid_from = Some(today());
    assert_eq!(rules(&world), ["NEW"]);
    world.reference_data.adoptions[1].versions = vec![dated(day("2026-11-24"), 2, Some(Strength::Mandatory))];
    assert_eq!(rules(&world), ["OLD"], "it is adopted from tomorrow");
    world.reference_data.adoptions[1].versions = vec![dated(today(), 2, Some(Strength::Mandatory))];
    world.reference_data.standards[1].versions[0].value.status = StandardStatus::Draft;
    assert_eq!(rules(&world), ["OLD"], "a draft neither binds nor replaces");
}

#[test]
fn the_successor_of_a_successor_is_one_too_and_a_circle_ends() {
    let mut world = World::new().with_rule(fixed("OLD", 2));
    world.reference_data.standards.extend([standard("S2"), standard("S3")]);
    world.reference_data.standards[0].versions[0].value.replaced_by = Some("S2".to_owned());
    world.reference_data.standards[1].versions[0].value.replaced_by = Some("S3".to_owned());
    world.reference_data.standards[2].versions[0].value.replaced_by = Some("S2".to_owned());
    assert_eq!(world.assess().len(), 1);
    world.reference_data.adoptions.push(adoption(BANNER, "S3", Strength::Mandatory));
    assert!(world.assess().is_empty());
    world.reference_data.adoptions.pop();
    world.reference_data.standards[2].versions[0].value.replaced_by = Some("S1".to_owned());
    assert_eq!(world.assess().len(), 1, "no edition succeeds itself");
}

#[test]
fn only_requirements_of_editions_in_force_bind() {
    let binds = |change: fn(&mut World)| {
        let mut world = World::new().with_rule(fixed("R1", 2));
        change(&mut world);
        !world.assess().is_empty()
    };
    assert!(binds(|_| {}));
    assert!(!binds(|world| world.reference_data.standards[0].versions.clear()));
    assert!(!binds(|world| world.reference_data.standards[0].versions[0].value.status = StandardStatus::Draft));
    assert!(binds(|world| world.reference_data.standards[0].versions[0].value.valid_from = Some(today())));
    assert!(!binds(|world| world.reference_data.standards[0].versions[0].value.valid_from = Some(day("2026-11-24"))));
    assert!(binds(|world| world.reference_data.standards[0].versions[0].value.valid_to = Some(today())));
    assert!(!binds(|world| world.reference_data.standards[0].versions[0].value.valid_to = Some(day("2026-11-22"))));
    assert!(!binds(|world| world.reference_data.standards[0].rules[0].versions.push(dated(today(), 2, None))));
    assert!(binds(|world| world.reference_data.standards[0].rules[0].versions.push(dated(day("2026-11-24"), 2, None))));
    assert!(!binds(|world| {
        let version: &mut Dated<Option<Rule>> = &mut world.reference_data.standards[0].rules[0].versions[0];
        version.value.as_mut().unwrap().role = RuleRole::FactCheck;
    }));
    assert!(!binds(|world| {
        let version: &mut OrganizationVersion = &mut world.records.organization.versions[0].value;
        version.active = false;
    }));
}

#[test]
fn in_one_scope_the_larger_governs_and_scopes_add_up() {
    let world = World::new().with_rule(fixed("R1", 2)).with_rule(fixed("R2", 5)).with_rule(fixed("R3", 5));
    let line = world.only_line();
    assert_eq!(line.required, exactly(5));
    assert_eq!(line.explanation.scopes[0].governing, ["R2", "R3"], "both are cited");
    let line = world.with_rule(within("workplace", fixed("R4", 4))).only_line();
    assert_eq!(line.required, exactly(9));
    assert_eq!(line.explanation.scopes.len(), 2);
}

#[test]
fn weaker_lines_nest_the_stronger_rules_of_every_scope() {
    let world = World::new()
        .with_rule(fixed("R1", 5))
        .with_rule(within("workplace", fixed("R2", 4)))
        .with_rule(at(Strength::Recommended, fixed("R3", 3)))
        .with_rule(at(Strength::Optional, within("vehicle", fixed("R4", 1))));
    assert_eq!(
        lines(&world),
        [(Strength::Mandatory, exactly(9)), (Strength::Recommended, exactly(9)), (Strength::Optional, exactly(10)),],
    );
    let world = world.with_rule(at(Strength::Recommended, fixed("R5", 8)));
    assert_eq!(lines(&world)[1], (Strength::Recommended, exactly(12)));
}

#[test]
fn a_rule_that_may_apply_asks_for_nothing_or_its_number() {
    let world = World::new().with_rule(when(toxic(), fixed("R1", 5))).holding(SCBA, 3);
    let line = world.only_line();
    assert_eq!((line.required, line.shortage, line.status), (between(0, 5), between(0, 2), Status::Unknown));
    assert_eq!(codes(&line), [ReasonCode::ConditionUnknown, ReasonCode::FactUnknown]);
    assert_eq!(line.reasons[1].fact.as_deref(), Some("toxic"));
    assert_eq!(world.clone().with_fact("toxic", FactValue::Tag(true)).only_line().status, Status::Short);
    assert!(world.with_fact("toxic", FactValue::Tag(false)).assess().is_empty(), "no trace");
}

#[test]
fn a_complete_sheet_makes_an_absent_number_zero() {
    let mut world = World::new().with_rule(rule("R1", SCBA, rate(2, Some("people")))).holding(SCBA, 3);
    let line = world.only_line();
    assert_eq!((line.required, line.status), (Interval::UNKNOWN, Status::Unknown));
    assert_eq!(codes(&line), [ReasonCode::FactUnknown]);
    world.records.sheet.complete = vec![dated(day("2026-02-01"), 2, true)];
    let line = world.only_line();
    assert_eq!((line.required, line.status), (exactly(0), Status::NotRequired));
    let found = line.explanation.scopes[0].rules[0].counted.first().unwrap();
    assert_eq!((found.number, found.valid_from), (Some(Quantity::ZERO), Some(day("2026-02-01"))));
}

#[test]
fn a_number_that_governs_in_any_case_leaves_nothing_unknown() {
    let line =
        World::new().with_rule(fixed("R1", 5)).with_rule(when(toxic(), fixed("R2", 4))).holding(SCBA, 5).only_line();
    assert_eq!((line.required, line.status), (exactly(5), Status::Met));
    assert!(line.reasons.is_empty());
    assert_eq!(line.explanation.scopes[0].governing, ["R1"]);
}

#[test]
fn the_five_statuses_follow_from_the_interval() {
    let world = || World::new().with_rule(fixed("R1", 5));
    let status = |world: World| world.only_line().status;
    assert_eq!(status(world().holding(SCBA, 5)), Status::Met);
    assert_eq!(status(world().holding(SCBA, 4)), Status::Short);
    assert_eq!(status(world()), Status::Unknown);
    assert_eq!(status(World::new().with_rule(rule("R1", SCBA, RuleQuantity::AS_NEEDED))), Status::NotSet);
    assert_eq!(status(World::new().with_rule(fixed("R1", 0))), Status::NotRequired);
}

fn as_needed(code: &str) -> Rule {
    rule(code, SCBA, RuleQuantity::AS_NEEDED)
}

#[test]
fn as_needed_beside_a_number_adds_nothing_unless_a_target_is_larger() {
    let world = World::new().with_rule(fixed("R1", 5)).with_rule(as_needed("R2")).holding(SCBA, 5);
    let line = world.only_line();
    assert_eq!((line.required, line.status), (exactly(5), Status::Met));
    assert_eq!(line.explanation.scopes[0].governing, ["R1"]);
    let beside = rule("R3", SCBA, RuleQuantity::NotEvaluated("band".to_owned()));
    let line_beside = World::new().with_rule(as_needed("R2")).with_rule(beside).only_line();
    assert_eq!(line_beside.status, Status::Unknown, "a number that is not evaluated is one");
    assert_eq!(line_beside.explanation.scopes[0].governing, ["R3"]);
    let with_target = |units| world.clone().with_target("R2", units).only_line().required;
    assert_eq!(with_target(3), exactly(5));
    assert_eq!(with_target(8), exactly(8));
}

#[test]
fn as_needed_in_another_scope_is_open() {
    let with_number = World::new().with_rule(fixed("R1", 5)).with_rule(within("workplace", as_needed("R2")));
    let line = with_number.clone().holding(SCBA, 5).only_line();
    assert_eq!((line.required, line.status), (between(5, None), Status::NotSet));
    assert_eq!(codes(&line), [ReasonCode::TargetNotDeclared]);
    let line = with_number.clone().holding(SCBA, 4).only_line();
    assert_eq!((line.shortage, line.status), (between(1, None), Status::Short));
    assert_eq!(with_number.clone().only_line().status, Status::Unknown, "the number beside it is not known to be met");
    let line = with_number.with_target("R2", 2).holding(SCBA, 6).only_line();
    assert_eq!((line.required, line.status), (exactly(7), Status::Short));
}

#[test]
fn as_needed_that_may_apply_is_unknown_and_a_number_that_may_apply_settles_nothing() {
    let line = World::new().with_rule(when(toxic(), as_needed("R1"))).holding(SCBA, 1).only_line();
    assert_eq!(line.status, Status::Unknown);
    assert_eq!(codes(&line), [ReasonCode::ConditionUnknown, ReasonCode::FactUnknown, ReasonCode::TargetNotDeclared]);

    let line = World::new().with_rule(as_needed("R1")).with_rule(when(toxic(), fixed("R2", 5))).only_line();
    assert_eq!((line.required, line.status), (Interval::UNKNOWN, Status::Unknown));
    let line =
        World::new().with_rule(as_needed("R1")).with_rule(when(toxic(), fixed("R2", 5))).holding(SCBA, 5).only_line();
    assert_eq!(line.status, Status::NotSet);
}

#[test]
fn a_target_taken_back_is_none() {
    let mut world = World::new().with_rule(as_needed("R1")).with_target("R1", 0).holding(SCBA, 1);
    assert_eq!(world.only_line().status, Status::NotRequired, "zero is a statement");
    world.records.targets[0].versions.push(dated(today(), 2, None));
    assert_eq!(world.only_line().status, Status::NotSet);
}

#[test]
fn what_is_not_evaluated_is_unknown_and_says_so() {
    let line = World::new().with_rule(rule("R1", SCBA, RuleQuantity::NotEvaluated("band".to_owned()))).only_line();
    assert_eq!((line.required, line.status), (Interval::UNKNOWN, Status::Unknown));
    assert_eq!(line.reasons[0].code, ReasonCode::NotEvaluated);
    assert_eq!(line.reasons[0].form.as_deref(), Some("band"));

    let ladder = Rule { selector: Selector::Other("ladders, 85 ft".to_owned()), ..fixed("R1", 2) };
    let line = World::new().with_rule(ladder).holding(SCBA, 9).only_line();
    assert_eq!((line.required, line.usable, line.status), (exactly(2), Interval::UNKNOWN, Status::Unknown));
    assert_eq!(line.reasons[0].form.as_deref(), Some("selector"));
}

#[test]
fn a_figure_is_established_only_by_verified_rules() {
    let recalled = |rule: Rule| Rule { confidence: Confidence::Recalled, ..rule };
    let basis = |world: World| world.assess().iter().map(|line| line.basis).collect::<Vec<_>>();
    let world = World::new().with_rule(fixed("R1", 5));
    assert_eq!(basis(world.clone()), [Basis::Established]);
    assert_eq!(
        basis(world.clone().with_rule(recalled(fixed("R2", 1)))),
        [Basis::Indicative],
        "though it does not govern"
    );
    assert_eq!(basis(world.clone().with_rule(recalled(when(toxic(), fixed("R2", 1))))), [Basis::Indicative]);
    assert_eq!(
        basis(world.with_rule(recalled(at(Strength::Optional, fixed("R2", 1))))),
        [Basis::Established, Basis::Indicative],
    );
}

#[test]
fn validity_is_the_shortest_that_the_line_s_rules_ask_for() {
    let lasting = |days, rule: Rule| Rule { validity_days: Some(days), ..rule };
    let world = World::new().with_count(count(1, shanghai("2026-11-03T08:00:00"), vec![line(SCBA, 9)]));
    let status = |world: World| {
        let line = world.only_line();
        (line.status, line.explanation.validity.days)
    };
    assert_eq!(status(world.clone().with_rule(fixed("R1", 5))), (Status::Met, 90));
    assert_eq!(status(world.clone().with_rule(lasting(200, fixed("R1", 5)))), (Status::Met, 200));
    let two = world.with_rule(lasting(20, fixed("R1", 5)));
    assert_eq!(status(two.clone()), (Status::Met, 20));
    assert_eq!(status(two.clone().with_rule(lasting(19, fixed("R2", 1)))), (Status::Unknown, 19));
    assert_eq!(status(two.with_rule(when(toxic(), lasting(19, fixed("R2", 1))))), (Status::Unknown, 19));
}

#[test]
fn a_validity_that_is_perhaps_asked_for_does_not_stretch_the_settings() {
    let lasting = |days, rule: Rule| Rule { validity_days: Some(days), ..rule };
    let mut world = World::new()
        .with_count(count(1, shanghai("2026-11-03T08:00:00"), vec![line(SCBA, 9)]))
        .with_rule(fixed("R1", 5))
        .with_rule(when(toxic(), lasting(200, fixed("R2", 1))));
    world.reference_data.regions[0].versions[0].value.validity_days = Some(10);
    let usable = |world: World| world.only_line().usable;
    let open = usable(world.clone());
    assert_eq!(open.max, None, "twenty days are too long ago where R2 does not apply");
    assert!(open.contains(usable(world.clone().with_fact("toxic", FactValue::Tag(false)))));
    assert_eq!(usable(world.with_fact("toxic", FactValue::Tag(true))), exactly(9));
}

#[test]
fn an_inspection_that_a_rule_may_ask_for_leaves_the_stock_open() {
    let overdue = CountLine { inspected_on: Some(day("2026-01-01")), ..line(SCBA, 5) };
    let world =
        World::new().with_rule(fixed("R1", 5)).with_count(count(1, shanghai("2026-11-23T08:00:00"), vec![overdue]));
    let inspected = |rule: Rule| Rule { inspected_within_months: Some(6), ..rule };
    let usable = |world: World| world.only_line().usable;
    assert_eq!(usable(world.clone()), exactly(5));
    assert_eq!(usable(world.clone().with_rule(inspected(fixed("R2", 1)))), exactly(0));
    let perhaps = world.with_rule(inspected(when(toxic(), fixed("R2", 1))));
    assert_eq!(usable(perhaps.clone()), between(0, 5));
    assert_eq!(codes(&perhaps.only_line()), [ReasonCode::InspectionUnknown]);
    assert_eq!(usable(perhaps.clone().with_fact("toxic", FactValue::Tag(true))), exactly(0));
    assert_eq!(usable(perhaps.with_fact("toxic", FactValue::Tag(false))), exactly(5));
}

#[test]
fn without_any_depot_recorded_the_stock_is_unknown() {
    let mut world = World::new().with_rule(fixed("R1", 5));
    world.records.depots.clear();
    let line = world.only_line();
    assert_eq!((line.usable, line.status), (Interval::UNKNOWN, Status::Unknown));
    assert_eq!(codes(&line), [ReasonCode::NoDepot]);
}

#[test]
fn a_line_keeps_its_id_while_it_is_the_same_line() {
    let id = |rule: Rule| World::new().with_rule(rule).only_line().line;
    assert_eq!(id(fixed("R1", 5)), id(fixed("R2", 7)));
    assert_ne!(id(fixed("R1", 5)), id(at(Strength::Optional, fixed("R1", 5))));
    assert_ne!(id(fixed("R1", 5)), id(rule("R1", "MASK", rate(5, None))));
    assert_ne!(id(fixed("R1", 5)), id(Rule { selector: Selector::Other(SCBA.to_owned()), ..fixed("R1", 5) }));
    assert_eq!(id(fixed("R1", 5)).to_string(), "e36dcb42-ee7d-50d4-bf48-5057ca72279f");
}

#[test]
fn lines_come_by_item_then_words_and_the_strongest_first() {
    let world = World::new()
        .with_rule(Rule { selector: Selector::Other("A".to_owned()), ..fixed("R1", 1) })
        .with_rule(at(Strength::Optional, fixed("R2", 1)))
        .with_rule(fixed("R3", 1))
        .with_rule(rule("R4", "MASK", rate(1, None)));
    let order: Vec<_> = world.assess().into_iter().map(|line| (line.selector.clone(), line.strength)).collect();
    assert_eq!(
        order,
        [
            (Selector::Item("MASK".to_owned()), Strength::Mandatory),
            (Selector::Item(SCBA.to_owned()), Strength::Mandatory),
            (Selector::Item(SCBA.to_owned()), Strength::Optional),
            (Selector::Other("A".to_owned()), Strength::Mandatory),
        ],
    );
}

#[test]
fn the_working_reads_with_its_numbers_in_place() {
    let rule_of = |world: World| world.only_line().explanation.scopes.remove(0).rules.remove(0);
    let asked = crate::sample::spare(rate(1, Some("people")), 5, 1);
    let known = World::new().with_rule(rule("R1", SCBA, asked.clone())).with_number("people", 24);
    assert_eq!(
        rule_of(known).words.working,
        "1 piece per people × 24 people (people) = 24 pieces; spare 5:1, 5 pieces; 29 pieces required"
    );
    let bounded = Rate { at_least: Some(Quantity::whole(2)), at_most: Some(Quantity::whole(6)), ..asked };
    let unknown = World::new().with_rule(when(compare("workplaces", Operator::AtLeast, 1), rule("R1", SCBA, bounded)));
    let rule = rule_of(unknown);
    assert_eq!(
        rule.words.working,
        "1 piece per people × people (not recorded) = 0 to 6 pieces (at least 2 pieces, at most 6 pieces); \
         spare 5:1, 0 to 2 pieces; 0 to 8 pieces required; whether the rule applies is not known without \"workplaces\"",
    );
    assert_eq!((rule.applies, rule.result), (Truth::Unknown, between(0, 8)));
}

#[test]
fn a_requirement_of_a_thousand_million_or_more_makes_the_line_unknown_and_names_the_rule() {
    let huge = |code: &str| rule(code, SCBA, rate(999_999_999, Some("people")));
    let named = |assessment: &Assessment| -> Vec<Option<String>> {
        let out = assessment.reasons.iter().filter(|reason| reason.code == ReasonCode::OutOfRange);
        out.map(|reason| reason.rule.clone()).collect()
    };
    let rules = |codes: &[&str]| codes.iter().map(|code| Some((*code).to_owned())).collect::<Vec<_>>();

    let line = World::new().with_rule(huge("R1")).with_number("people", 999_999_999).holding(SCBA, 3).only_line();
    assert_eq!((line.required, line.usable, line.status), (Interval::UNKNOWN, exactly(3), Status::Unknown));
    assert_eq!(named(&line), rules(&["R1"]));

    // A smaller number besides it, in its scope or in another, does not make the line short.
    let beside = World::new()
        .with_rule(huge("R1"))
        .with_rule(fixed("R2", 5))
        .with_rule(within("building", fixed("R3", 5)))
        .with_number("people", 2);
    let line = beside.holding(SCBA, 3).only_line();
    assert_eq!((line.required, line.status, named(&line)), (Interval::UNKNOWN, Status::Unknown, rules(&["R1"])));

    // The limits of the clause itself keep it in range.
    let RuleQuantity::Rate(asked) = huge("R1").quantity else { unreachable!() };
    let limited = Rate { at_most: Some(Quantity::whole(6)), ..asked };
    let line = World::new().with_rule(rule("R1", SCBA, limited)).with_number("people", 999_999_999).only_line();
    assert_eq!((line.required, named(&line)), (exactly(6), rules(&[])));

    // Scopes that are in range one by one, but not together.
    let apart = World::new()
        .with_rule(fixed("R1", 600_000_000))
        .with_rule(fixed("R2", 5))
        .with_rule(within("building", fixed("R3", 400_000_000)));
    let line = apart.only_line();
    assert_eq!((line.required, line.status, named(&line)), (Interval::UNKNOWN, Status::Unknown, rules(&["R1", "R3"])));
}

#[test]
fn stock_of_a_thousand_million_or_more_makes_the_line_unknown_and_names_the_depot() {
    let lots = |lots: [Option<&str>; 2], expired: bool| -> Vec<CountLine> {
        let line = |lot: Option<&str>| CountLine {
            lot: lot.and_then(crate::sample::lot),
            expires_on: expired.then(|| day("2026-01-01")),
            ..line(SCBA, 600_000_000)
        };
        lots.map(line).to_vec()
    };
    let counted = |lines| {
        let world = World::new().with_rule(fixed("R1", 5));
        world.with_count(count(1, shanghai("2026-11-23T08:00:00"), lines)).only_line()
    };
    for lines in [lots([Some("B1"), Some("B2")], false), lots([None, None], false)] {
        let line = counted(lines);
        assert_eq!((line.usable, line.status), (Interval::UNKNOWN, Status::Unknown));
        assert_eq!(line.shortage, between(0, 5));
        let reasons: Vec<_> = line.reasons.iter().map(|reason| (reason.code, reason.depot.is_some())).collect();
        assert_eq!(reasons, [(ReasonCode::OutOfRange, true)]);
    }
    let line = counted(lots([Some("B1"), Some("B2")], true));
    assert_eq!((line.usable, line.status), (exactly(0), Status::Short));
    assert_eq!(serde_json::to_value(&line.left_out).unwrap(), serde_json::json!({ "expired": null }));
}
