//! Lots that a later count does not mention.

use super::{DepotStock, LotNotMentioned, stock};
use crate::count::{Count, CountFlag, CountLine, CountScope};
use crate::item::ItemVersion;
use crate::sample::{
    SCBA, World, account, count, count_id, dated, day, exactly, item_version, line, lot, resolution, shanghai, today,
};
use base::quantity::Quantity;

fn at(n: u128, time: &str, lines: Vec<CountLine>) -> Count {
    Count { source: account(1), ..count(n, shanghai(&format!("2026-11-{time}:00")), lines) }
}

fn of_lot(number: &str, units: i64) -> CountLine {
    CountLine { lot: lot(number), ..line(SCBA, units) }
}

fn expiring(on: &str, units: i64) -> CountLine {
    CountLine { expires_on: Some(day(on)), ..line(SCBA, units) }
}

fn scba(world: &World) -> DepotStock {
    let all = stock(&world.reference_data, &world.records, today());
    all.into_iter().find(|stock| stock.item == SCBA).unwrap()
}

fn left_out_in(world: &World) -> Vec<LotNotMentioned> {
    let stock = scba(world);
    let latest = &stock.counts[0];
    assert_eq!(latest.flags.contains(&CountFlag::LotsNotMentioned), !latest.lots_not_mentioned.is_empty());
    latest.lots_not_mentioned.clone()
}

fn left_out(counts: Vec<Count>) -> Vec<(String, i64)> {
    let world = counts.into_iter().fold(World::new(), World::with_count);
    let name = |lot: &LotNotMentioned| match (&lot.lot, lot.expires_on) {
        (Some(number), _) => number.written().to_owned(),
        (None, day) => day.map(|day| day.to_string()).unwrap_or_default(),
    };
    left_out_in(&world).iter().map(|lot| (name(lot), lot.quantity.thousandths() / 1000)).collect()
}

fn found(lots: &[(&str, i64)]) -> Vec<(String, i64)> {
    lots.iter().map(|(name, units)| ((*name).to_owned(), *units)).collect()
}

#[test]
fn a_lot_that_a_later_count_does_not_mention_is_named() {
    let world = World::new().with_count(at(1, "20T08:00", vec![of_lot("A1", 10)])).with_count(at(
        2,
        "21T08:00",
        vec![of_lot("B1", 5)],
    ));
    assert_eq!(scba(&world).usable, exactly(5), "the later count replaces all lots");
    let [missed] = left_out_in(&world).try_into().unwrap();
    assert_eq!((missed.lot, missed.expires_on, missed.quantity), (lot("A1"), None, Quantity::whole(10)));
    assert_eq!((missed.count, missed.effective_at), (count_id(1), shanghai("2026-11-20T08:00:00")));
}

#[test]
fn a_lot_is_mentioned_by_its_number_or_else_by_its_expiry_day() {
    let after = |lines| {
        left_out(vec![
            at(1, "20T08:00", vec![of_lot("A1", 10), expiring("2027-01-31", 3), line(SCBA, 2)]),
            at(2, "21T08:00", lines),
        ])
    };
    let all = found(&[("", 2), ("2027-01-31", 3), ("A1", 10)]);
    assert_eq!(after(vec![of_lot("B1", 5)]), all);
    assert_eq!(after(vec![of_lot("a1", 0), expiring("2027-01-31", 0), line(SCBA, 1)]), [], "0 is a mention");
    assert_eq!(
        after(vec![CountLine { expires_on: Some(day("2027-01-31")), ..of_lot("A1", 9) }]),
        all[..2],
        "by number first"
    );
    assert_eq!(after(vec![line(SCBA, 0)]), [], "none at all, in so many words");
    assert_eq!(after(vec![line(SCBA, 4)]), all[1..], "a lot of its own");
}

#[test]
fn the_last_earlier_count_that_mentions_a_lot_says_whether_it_is_missed() {
    let a1 = |n, time, units| at(n, time, vec![of_lot("A1", units)]);
    let b1 = |n, time| at(n, time, vec![of_lot("B1", 5)]);
    assert_eq!(left_out(vec![a1(1, "19T08:00", 10), b1(2, "20T08:00"), b1(3, "21T08:00")]), found(&[("A1", 10)]));
    assert_eq!(left_out(vec![a1(1, "19T08:00", 10), a1(2, "20T08:00", 0), b1(3, "21T08:00")]), []);
    let none = at(2, "20T08:00", vec![line(SCBA, 0)]);
    assert_eq!(left_out(vec![a1(1, "19T08:00", 10), none, b1(3, "21T08:00")]), []);
    assert_eq!(
        left_out(vec![b1(1, "19T08:00"), a1(2, "20T08:00", 10)]),
        found(&[("B1", 5)]),
        "a later one is not missed"
    );
    let elsewhere = Count { source: account(2), ..a1(1, "19T08:00", 10) };
    assert_eq!(left_out(vec![elsewhere, b1(3, "21T08:00")]), found(&[("A1", 10)]), "whoever counted it");
    let voided = Count { voided: true, ..a1(1, "19T08:00", 10) };
    assert_eq!(left_out(vec![voided, b1(3, "21T08:00")]), []);
    let resolving = Count { resolves: vec![count_id(1)], ..b1(3, "21T08:00") };
    assert_eq!(left_out(vec![a1(1, "19T08:00", 10), resolving]), []);
}

#[test]
fn what_is_stale_or_resolved_is_not_missed() {
    let old = Count { source: account(1), ..count(1, shanghai("2026-08-25T08:00:00"), vec![of_lot("A1", 10)]) };
    let older = Count { effective_at: shanghai("2026-08-24T08:00:00"), ..old.clone() };
    let later = || at(2, "21T08:00", vec![of_lot("B1", 5)]);
    assert_eq!(left_out(vec![old.clone(), later()]), found(&[("A1", 10)]), "90 days old");
    assert_eq!(left_out(vec![older, later()]), []);
    let world = World::new().with_count(old).with_count(later()).with_resolution(resolution(1, &[1]));
    assert!(left_out_in(&world).is_empty());
}

#[test]
fn a_full_count_that_does_not_list_the_item_misses_nothing() {
    let silent = Count { scope: CountScope::Full, ..at(2, "21T08:00", vec![line("FOAM", 1)]) };
    assert_eq!(left_out(vec![at(1, "20T08:00", vec![of_lot("A1", 10)]), silent]), []);
}

#[test]
fn a_derived_expiry_day_names_a_lot_too() {
    let made = CountLine { made_on: Some(day("2026-06-01")), ..line(SCBA, 3) };
    let mut world = World::new().with_count(at(1, "20T08:00", vec![expiring("2027-06-01", 3)])).with_count(at(
        2,
        "21T08:00",
        vec![made],
    ));
    let shelf_life = ItemVersion { shelf_life_months: Some(12), ..item_version(true, false) };
    world.reference_data.items.get_mut(SCBA).unwrap().versions = vec![dated(day("2026-01-01"), 1, shelf_life)];
    assert!(left_out_in(&world).is_empty());
}
