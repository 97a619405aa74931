//! Inspections against the organization's own later counts, and acceptances.

use chrono::{DateTime, Utc};

use super::{DepotStock, StockState, stock};
use crate::acceptance::Acceptance;
use crate::count::{Count, CountKind, CountLine};
use crate::interval::Interval;
use crate::reason::ReasonCode;
use crate::region::RegionVersion;
use crate::sample::{
    BANNER, MASK, SCBA, World, acceptance, account, between, count, count_id, dated, day, exactly, line, region_id,
    region_version, resolution, shanghai, today,
};

const COUNTED: StockState = StockState::Counted;
const CONFLICT: StockState = StockState::Conflict;
const CONTESTED: StockState = StockState::Contested;

fn at(time: &str) -> DateTime<Utc> {
    shanghai(&format!("2026-11-{time}:00"))
}

fn inspection(n: u128, time: &str, units: i64) -> Count {
    Count { kind: CountKind::Inspection, source: account(50), ..count(n, at(time), vec![line(SCBA, units)]) }
}

fn own(n: u128, time: &str, units: i64) -> Count {
    count(n, at(time), vec![line(SCBA, units)])
}

fn world(counts: Vec<Count>) -> World {
    counts.into_iter().fold(World::new(), World::with_count)
}

fn of(world: &World, item: &str, on: &str) -> DepotStock {
    stock(&world.reference_data, &world.records, day(on)).into_iter().find(|stock| stock.item == item).unwrap()
}

fn outcome(world: &World) -> (StockState, Interval) {
    let stock = of(world, SCBA, "2026-11-23");
    (stock.state, stock.usable)
}

#[test]
fn an_own_count_that_says_more_is_contested() {
    let world = world(vec![inspection(1, "20T08:00", 5), own(2, "20T08:16", 9)]);
    let stock = of(&world, SCBA, "2026-11-23");
    assert_eq!((stock.state, stock.usable), (CONTESTED, between(5, 9)));
    assert_eq!(stock.reasons[0].code, ReasonCode::Contested);
    let shown = stock.inspection.unwrap();
    assert_eq!((shown.count.id, shown.count.usable), (count_id(1), exactly(5)));
    assert_eq!((shown.stands_through, shown.acceptance), (day("2026-12-20"), None));
    assert_eq!(of(&world, SCBA, "2026-12-31").state, CONTESTED, "passing days do not end it");
}

#[test]
fn an_own_count_that_says_less_or_the_same_is_taken_as_it_is() {
    for units in [5, 4] {
        let counts = vec![inspection(1, "20T08:00", 5), own(2, "21T08:00", units)];
        assert_eq!(outcome(&world(counts)), (COUNTED, exactly(units)));
    }
}

#[test]
fn within_a_quarter_of_an_hour_they_are_in_conflict() {
    let together = |time| outcome(&world(vec![inspection(1, "20T08:00", 5), own(2, time, 9)]));
    assert_eq!(together("20T08:15"), (CONFLICT, between(5, 9)));
    assert_eq!(together("20T07:50"), (CONFLICT, between(5, 9)));
    assert_eq!(together("20T08:16"), (CONTESTED, between(5, 9)));
    assert_eq!(together("20T07:44"), (COUNTED, exactly(5)), "the officer came later");
    let phone = |count: Count| Count { source: account(7), ..count };
    let lent = vec![phone(inspection(1, "20T08:00", 5)), phone(own(2, "20T08:05", 9))];
    assert_eq!(outcome(&world(lent)), (CONFLICT, between(5, 9)), "also where both were made on one device");
}

#[test]
fn it_ends_by_an_own_count_beyond_the_span() {
    let with = |time| world(vec![inspection(1, "01T08:00", 5), own(2, "02T08:00", 9), own(3, time, 9)]);
    let state = |time, on| of(&with(time), SCBA, on).state;
    let stands = |days: u32, from: &str, time| {
        let mut world = with(time);
        let version = RegionVersion { inspection_stands_days: Some(days), ..region_version() };
        let banner = world.reference_data.regions.iter_mut().find(|region| region.id == region_id(BANNER)).unwrap();
        banner.versions.push(dated(day(from), 2, version));
        outcome(&world).0
    };
    assert_eq!(state("20T08:00", "2026-11-23"), CONTESTED);
    assert_eq!(stands(19, "2026-11-01", "20T23:59"), CONTESTED, "the last day");
    assert_eq!(stands(18, "2026-11-01", "20T08:00"), COUNTED);
    assert_eq!(stands(18, "2026-11-02", "20T08:00"), CONTESTED, "as in force on the day of the inspection");
}

#[test]
fn it_ends_by_an_officers_later_count() {
    let counts = vec![inspection(1, "20T08:00", 5), own(2, "21T08:00", 9), inspection(3, "22T08:00", 9)];
    assert_eq!(outcome(&world(counts)), (COUNTED, exactly(9)));
    let counts = vec![inspection(1, "19T08:00", 5), inspection(3, "20T08:00", 9), own(2, "21T08:00", 9)];
    assert_eq!(outcome(&world(counts)), (COUNTED, exactly(9)), "only the last inspection objects");
}

#[test]
fn it_ends_by_an_acceptance_from_the_accepted_count_on() {
    let counts =
        || vec![inspection(1, "18T08:00", 5), own(2, "19T08:00", 7), own(3, "20T08:00", 9), own(4, "21T08:00", 9)];
    let accepted = |of: u128| world(counts()).with_acceptance(acceptance(1, 1, of));
    let state = |world: &World, on| of(world, SCBA, on).state;
    let days = |world: &World| ["2026-11-19", "2026-11-20", "2026-11-21"].map(|on| state(world, on));
    assert_eq!(days(&world(counts())), [CONTESTED; 3]);
    assert_eq!(days(&accepted(3)), [CONTESTED, COUNTED, COUNTED], "later own counts with it");
    assert_eq!(days(&accepted(2)), [COUNTED; 3]);
    let stock = of(&accepted(3), SCBA, "2026-11-23");
    let shown = stock.inspection.unwrap();
    assert_eq!(shown.acceptance.unwrap().reason, "the delivery note was shown");
    assert_eq!(stock.usable, exactly(9));

    let of_another_item = Acceptance { item: MASK.to_owned(), ..acceptance(1, 1, 3) };
    assert_eq!(outcome(&world(counts()).with_acceptance(of_another_item)).0, CONTESTED);
    assert_eq!(outcome(&world(counts()).with_acceptance(acceptance(1, 9, 3))).0, CONTESTED, "another inspection");
    let mut voided = counts();
    voided[2].voided = true;
    assert_eq!(outcome(&world(voided).with_acceptance(acceptance(1, 1, 3))).0, CONTESTED, "what was accepted is gone");
    let resolved = world(counts()).with_acceptance(acceptance(1, 1, 3)).with_resolution(resolution(1, &[3]));
    assert_eq!(outcome(&resolved).0, COUNTED, "it removes nothing, and nothing removes it");
}

#[test]
fn an_acceptance_removes_nothing() {
    let counts = vec![inspection(1, "20T08:00", 5), own(2, "20T09:00", 9), own(3, "20T09:05", 7)];
    let world = world(counts).with_acceptance(acceptance(1, 1, 2));
    assert_eq!(outcome(&world), (CONFLICT, between(7, 9)));
}

#[test]
fn own_counts_in_conflict_are_contested_as_a_whole() {
    let world = world(vec![inspection(1, "20T08:00", 5), own(2, "20T09:00", 9), own(3, "20T09:05", 3)]);
    let stock = of(&world, SCBA, "2026-11-23");
    assert_eq!((stock.state, stock.usable), (CONTESTED, between(3, 9)));
    let codes: Vec<_> = stock.reasons.iter().map(|reason| reason.code).collect();
    assert_eq!(codes, [ReasonCode::Conflict, ReasonCode::Contested]);
}

#[test]
fn an_inspection_that_is_void_or_resolved_does_not_object() {
    let counts = || vec![inspection(1, "20T08:00", 5), own(2, "21T08:00", 9)];
    let mut voided = counts();
    voided[0].voided = true;
    assert_eq!(outcome(&world(voided)), (COUNTED, exactly(9)));
    assert_eq!(outcome(&world(counts()).with_resolution(resolution(1, &[1]))), (COUNTED, exactly(9)));
    let mut resolving = counts();
    resolving[1].resolves = vec![count_id(1)];
    assert_eq!(outcome(&world(resolving)), (CONTESTED, between(5, 9)), "an own count never takes an inspection out");
    let officer = Count { resolves: vec![count_id(1)], ..inspection(3, "20T08:30", 9) };
    let mut counts = counts();
    counts.push(officer);
    assert_eq!(outcome(&world(counts)), (COUNTED, exactly(9)));
}

#[test]
fn both_are_worked_out_for_the_day() {
    let masks = |kind, n, time, units, expires| {
        let line = CountLine { expires_on: Some(day(expires)), ..line(MASK, units) };
        Count { kind, ..count(n, at(time), vec![line]) }
    };
    let world = world(vec![
        masks(CountKind::Inspection, 1, "20T08:00", 5, "2026-12-31"),
        masks(CountKind::Own, 2, "21T08:00", 9, "2026-11-25"),
    ]);
    assert_eq!(of(&world, MASK, "2026-11-25").usable, between(5, 9));
    let expired = of(&world, MASK, "2026-11-26");
    assert_eq!((expired.state, expired.usable), (COUNTED, exactly(0)), "the own count says less by then");
}

#[test]
fn a_full_own_count_and_a_full_inspection_speak_of_what_they_do_not_list() {
    use crate::count::CountScope::Full;
    let nothing = Count { scope: Full, lines: vec![line(MASK, 1)], ..inspection(1, "20T08:00", 0) };
    let world = world(vec![nothing, own(2, "21T08:00", 9)]);
    assert_eq!(outcome(&world), (CONTESTED, between(0, 9)));
    assert_eq!(of(&world, SCBA, &today().to_string()).inspection.unwrap().count.usable, exactly(0));
}
