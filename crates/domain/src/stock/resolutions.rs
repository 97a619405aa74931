//! The effect of resolutions on current counts.

use super::{DepotStock, StockState, TakenOut, stock};
use crate::count::{Count, CountLine, CountScope};
use crate::interval::Interval;
use crate::resolution::Resolution;
use crate::sample::{
    MASK, SCBA, World, account, between, count, count_id, depot_id, exactly, line, resolution, resolution_id, shanghai,
    today,
};

fn seen(n: u128, time: &str, units: i64) -> Count {
    count(n, shanghai(&format!("2026-11-23T{time}")), vec![line(SCBA, units)])
}

/// Two counts that conflict.
fn world() -> World {
    World::new().with_count(seen(1, "08:00:00", 4)).with_count(seen(2, "08:05:00", 6))
}

fn scba(world: &World) -> DepotStock {
    let all = stock(&world.reference_data, &world.records, today());
    all.into_iter().find(|stock| stock.item == SCBA).unwrap()
}

fn outcome(resolution: Resolution) -> (StockState, Interval) {
    let stock = scba(&world().with_resolution(resolution));
    (stock.state, stock.usable)
}

fn ids(taken_out: &[TakenOut]) -> Vec<u128> {
    taken_out.iter().map(|taken_out| taken_out.id.0.as_u128()).collect()
}

const CONFLICT: StockState = StockState::Conflict;
const COUNTED: StockState = StockState::Counted;

#[test]
fn what_a_resolution_names_does_not_speak() {
    assert_eq!(scba(&world()).state, CONFLICT);
    assert_eq!(outcome(resolution(1, &[1])), (COUNTED, exactly(6)));
    assert_eq!(outcome(resolution(1, &[2])), (COUNTED, exactly(4)));
    assert_eq!(outcome(resolution(1, &[1, 2])), (StockState::NeverCounted, Interval::UNKNOWN));
    assert_eq!(outcome(Resolution { voided: true, ..resolution(1, &[1]) }), (CONFLICT, between(4, 6)));
}

#[test]
fn it_is_about_one_item_in_one_depot() {
    assert_eq!(outcome(Resolution { item: MASK.to_owned(), ..resolution(1, &[1]) }), (CONFLICT, between(4, 6)));
    assert_eq!(outcome(Resolution { depot_id: depot_id(2), ..resolution(1, &[1]) }), (CONFLICT, between(4, 6)));
}

#[test]
fn a_count_taken_out_gives_way_to_an_earlier_one_of_its_source() {
    let phone = |count: Count| Count { source: account(1), ..count };
    let world = World::new()
        .with_count(phone(seen(1, "08:00:00", 4)))
        .with_count(phone(seen(2, "09:00:00", 6)))
        .with_resolution(resolution(1, &[2]));
    assert_eq!((scba(&world).state, scba(&world).usable), (COUNTED, exactly(4)));
}

#[test]
fn a_count_taken_out_still_settles_the_ones_it_names() {
    let resolver = Count { resolves: vec![count_id(1)], ..seen(2, "08:05:00", 6) };
    let world =
        World::new().with_count(seen(1, "08:00:00", 4)).with_count(resolver).with_resolution(resolution(1, &[2]));
    assert_eq!(scba(&world).state, StockState::NeverCounted);
    assert_eq!(ids(&scba(&world).taken_out), [2], "what a count settled would not speak anyway");
}

#[test]
fn it_holds_on_days_before_it_was_decided() {
    let yesterday = today().pred_opt().unwrap();
    let at = |n, time: &str, units| count(n, shanghai(&format!("2026-11-22T{time}")), vec![line(SCBA, units)]);
    let world = World::new().with_count(at(1, "08:00:00", 4)).with_count(at(2, "08:05:00", 6));
    let usable = |world: &World| stock(&world.reference_data, &world.records, yesterday)[0].usable;
    assert_eq!(usable(&world), between(4, 6));
    assert_eq!(usable(&world.with_resolution(resolution(1, &[2]))), exactly(4));
}

#[test]
fn a_full_count_that_does_not_list_the_item_can_be_taken_out() {
    let nothing: Vec<CountLine> = vec![line(MASK, 1)];
    let full = Count { scope: CountScope::Full, ..count(2, shanghai("2026-11-23T08:05:00"), nothing) };
    let world = World::new().with_count(seen(1, "08:00:00", 4)).with_count(full);
    assert_eq!((scba(&world).state, scba(&world).usable), (CONFLICT, between(0, 4)));
    let resolved = scba(&world.with_resolution(resolution(1, &[2])));
    assert_eq!((resolved.state, resolved.usable), (COUNTED, exactly(4)));
}

#[test]
fn it_is_shown_with_who_and_why_and_of_several_the_first() {
    let later =
        Resolution { reason: "again".to_owned(), resolved_at: shanghai("2026-11-23T13:00:00"), ..resolution(1, &[1]) };
    let stock = scba(&world().with_resolution(later).with_resolution(resolution(2, &[1])));
    let [shown] = stock.taken_out.as_slice() else { panic!("one is taken out: {stock:?}") };
    assert_eq!((shown.id, shown.counted_by.as_str()), (count_id(1), "Bao"));
    assert_eq!(shown.resolution.id, resolution_id(2));
    assert_eq!(
        (shown.resolution.resolved_by.as_str(), shown.resolution.reason.as_str()),
        ("Wang", "the shelf was counted twice")
    );
}

#[test]
fn it_is_shown_as_long_as_it_makes_a_difference() {
    let resolved = || world().with_resolution(resolution(1, &[1]));
    assert_eq!(ids(&scba(&resolved()).taken_out), [1]);
    let later = resolved().with_count(seen(3, "09:00:00", 5));
    assert!(scba(&later).taken_out.is_empty(), "another count has taken over");
    let both = world().with_resolution(resolution(1, &[1, 2]));
    assert_eq!(ids(&scba(&both).taken_out), [2, 1], "the latest first");
}
