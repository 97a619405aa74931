use chrono::{DateTime, NaiveDate, Utc};

use super::{Asked, DepotStock, Doubt, InspectionAsked, LeftOut, StockState, Stores, stock};
use crate::count::{CatalogueSeen, Count, CountLine, CountScope, Held, LotCondition, Source};
use crate::depot::Holding;
use crate::interval::Interval;
use crate::reason::ReasonCode;
use crate::revision::Revision;
use crate::sample::{
    BANNER, LEAGUE, MASK, SCBA, World, account, between, count, count_id, dated, day, depot, depot_id, depot_version,
    exactly, item_version, learnt, line, region_id, region_version, shanghai, today,
};

/// The stock of an item in the first depot, by counts that speak for so many days.
fn stock_for(world: &World, item: &'static str, asked: Asked, day: NaiveDate) -> DepotStock {
    (&Stores::new(&world.reference_data, &world.records, day).stock_of(item, asked)[0]).into()
}

fn by_counts(counts: Vec<Count>) -> DepotStock {
    let world = counts.into_iter().fold(World::new(), World::with_count);
    stock_for(&world, SCBA, Asked { validity_days: 90, inspection: InspectionAsked::default() }, today())
}

fn outcome(counts: Vec<Count>) -> (StockState, Interval) {
    let stock = by_counts(counts);
    (stock.state, stock.usable)
}

/// A count of so many SCBA at a time of the morning.
fn seen(n: u128, time: &str, units: i64) -> Count {
    count(n, shanghai(&format!("2026-11-23T{time}")), vec![line(SCBA, units)])
}

fn resolving(count: Count, named: &[u128]) -> Count {
    Count { resolves: named.iter().map(|n| count_id(*n)).collect(), ..count }
}

fn of_source(count: Count, source: Source) -> Count {
    Count { source, ..count }
}

const COUNTED: StockState = StockState::Counted;
const CONFLICT: StockState = StockState::Conflict;
const NEVER: StockState = StockState::NeverCounted;

#[test]
fn the_last_count_speaks_and_a_void_one_does_not() {
    assert_eq!(outcome(vec![]), (NEVER, Interval::UNKNOWN));
    assert_eq!(outcome(vec![seen(1, "08:00:00", 4), seen(2, "09:00:00", 6)]), (COUNTED, exactly(6)));
    assert_eq!(outcome(vec![seen(1, "09:00:00", 4), seen(2, "08:00:00", 6)]), (COUNTED, exactly(4)));
    let void = Count { voided: true, ..seen(2, "09:00:00", 6) };
    assert_eq!(outcome(vec![seen(1, "08:00:00", 4), void]), (COUNTED, exactly(4)));
}

#[test]
fn counted_and_found_none_is_a_statement() {
    assert_eq!(outcome(vec![seen(1, "08:00:00", 0)]), (COUNTED, exactly(0)));
    let world = World::new().with_count(seen(1, "08:00:00", 0));
    let listed = stock(&world.reference_data, &world.records, today());
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].usable, exactly(0));
}

#[test]
fn different_sources_at_most_a_quarter_of_an_hour_apart_conflict() {
    let at = |time: &str, units| outcome(vec![seen(1, "08:00:00", 4), seen(2, time, units)]);
    assert_eq!(at("08:15:00", 6), (CONFLICT, between(4, 6)), "exactly 15 minutes is together");
    assert_eq!(at("08:15:00.000001", 6), (COUNTED, exactly(6)));
    assert_eq!(at("08:10:00", 4), (COUNTED, exactly(4)), "they agree");
    assert_eq!(at("08:00:00", 6), (CONFLICT, between(4, 6)));
}

#[test]
fn the_quarter_of_an_hour_is_measured_from_the_last_not_from_one_to_the_next() {
    let counts = vec![seen(1, "08:00:00", 1), seen(2, "08:10:00", 2), seen(3, "08:20:00", 3)];
    assert_eq!(outcome(counts), (CONFLICT, between(2, 3)));
}

#[test]
fn one_source_does_not_conflict_with_itself() {
    let phone = Source::Device("phone".to_owned());
    let twice = |source: &Source| {
        vec![of_source(seen(1, "08:00:00", 4), phone.clone()), of_source(seen(2, "08:05:00", 6), source.clone())]
    };
    assert_eq!(outcome(twice(&phone)), (COUNTED, exactly(6)));
    assert_eq!(outcome(twice(&account(1))), (CONFLICT, between(4, 6)));
}

#[test]
fn of_one_source_the_order_is_time_then_number_then_id() {
    let phone = |n, time, seq, units| Count { seq, ..of_source(seen(n, time, units), account(7)) };
    let last = |a: Count, b: Count| outcome(vec![a, b]).1;
    assert_eq!(last(phone(1, "08:00:01", Some(1), 4), phone(2, "08:00:00", Some(9), 6)), exactly(4));
    assert_eq!(last(phone(1, "08:00:00", Some(9), 4), phone(2, "08:00:00", Some(1), 6)), exactly(4));
    assert_eq!(last(phone(1, "08:00:00", Some(1), 4), phone(2, "08:00:00", None, 6)), exactly(4));
    assert_eq!(last(phone(1, "08:00:00", Some(1), 4), phone(2, "08:00:00", Some(1), 6)), exactly(6));
}

#[test]
fn a_count_settles_the_ones_it_names() {
    let first = || seen(1, "08:00:00", 4);
    let named = |resolver: Count| outcome(vec![first(), resolving(resolver, &[1])]);
    assert_eq!(named(seen(2, "08:05:00", 6)), (COUNTED, exactly(6)));
    assert_eq!(named(seen(2, "08:00:00", 6)), (COUNTED, exactly(6)), "no earlier includes the same instant");
    assert_eq!(named(seen(2, "07:59:59", 6)), (CONFLICT, between(4, 6)), "an earlier count settles nothing");
    assert_eq!(named(Count { voided: true, ..seen(2, "08:05:00", 6) }), (COUNTED, exactly(4)));
    let of_masks = count(2, shanghai("2026-11-23T08:05:00"), vec![line(MASK, 6)]);
    assert_eq!(named(of_masks), (COUNTED, exactly(4)), "a resolver that does not speak of it");
    let elsewhere = Count { depot_id: depot_id(2), ..seen(2, "08:05:00", 6) };
    assert_eq!(named(elsewhere), (COUNTED, exactly(4)));
    assert_eq!(outcome(vec![resolving(first(), &[1])]), (COUNTED, exactly(4)), "no count settles itself");
}

#[test]
fn a_resolver_still_settles_when_it_was_itself_settled() {
    let chain =
        vec![seen(1, "08:00:00", 4), resolving(seen(2, "08:05:00", 6), &[1]), resolving(seen(3, "08:10:00", 8), &[2])];
    assert_eq!(outcome(chain), (COUNTED, exactly(8)));
}

#[test]
fn a_settled_count_gives_way_to_an_earlier_one_of_the_same_source() {
    let counts = vec![
        of_source(seen(1, "08:00:00", 4), account(1)),
        of_source(seen(2, "08:05:00", 6), account(1)),
        resolving(seen(3, "08:05:00", 4), &[2]),
    ];
    assert_eq!(outcome(counts), (COUNTED, exactly(4)));
}

#[test]
fn a_resolver_made_after_the_day_does_not_reach_back_into_it() {
    let tomorrow = count(3, shanghai("2026-11-24T08:00:00"), vec![line(SCBA, 5)]);
    let counts = vec![seen(1, "08:00:00", 4), seen(2, "08:05:00", 6), resolving(tomorrow, &[1, 2])];
    assert_eq!(outcome(counts), (CONFLICT, between(4, 6)));
}

#[test]
fn lots_alike_are_one_and_lots_of_nothing_are_none() {
    let one = count(1, shanghai("2026-11-23T08:00:00"), vec![line(SCBA, 5)]);
    let other_lot = CountLine { lot: Some("B1".to_owned()), ..line(SCBA, 0) };
    let parts = count(2, shanghai("2026-11-23T08:00:00"), vec![line(SCBA, 2), other_lot, line(SCBA, 3)]);
    assert_eq!(outcome(vec![one.clone(), parts]), (COUNTED, exactly(5)));

    let lot = CountLine { lot: Some("B1".to_owned()), ..line(SCBA, 5) };
    let differs = count(2, shanghai("2026-11-23T08:00:00"), vec![lot]);
    assert_eq!(outcome(vec![one, differs]), (CONFLICT, exactly(5)), "a conflict, though the number is the same");
}

#[test]
fn a_full_count_speaks_of_what_its_catalogue_had() {
    let full = |catalogue, at: &str| Count {
        scope: CountScope::Full,
        catalogue,
        ..count(1, shanghai(at), vec![line(MASK, 1)])
    };
    let mut world = World::new();
    let scba = world.reference_data.items.get_mut(SCBA).unwrap();
    scba.versions = vec![
        dated(day("2026-01-10"), 10, item_version(false, false)),
        dated(day("2026-06-01"), 20, item_version(false, true)),
        dated(day("2026-07-01"), 30, item_version(false, false)),
    ];
    let state = |catalogue, at| {
        let world = world.clone().with_count(full(catalogue, at));
        stock_for(&world, SCBA, Asked { validity_days: 900, inspection: InspectionAsked::default() }, today()).state
    };
    let at = |revision| CatalogueSeen::At(Revision(revision));
    let (before, during, after) = ("2026-05-01T08:00:00", "2026-06-15T08:00:00", "2026-08-01T08:00:00");
    assert_eq!(state(at(9), before), NEVER, "not in the catalogue yet");
    assert_eq!(state(at(10), before), COUNTED);
    assert_eq!(state(at(20), before), COUNTED, "it was to be retired a month later");
    assert_eq!(state(at(20), during), NEVER, "retired");
    assert_eq!(state(at(19), during), COUNTED, "the phone did not know");
    assert_eq!(state(at(29), after), NEVER);
    assert_eq!(state(at(30), after), COUNTED);
    assert_eq!(state(CatalogueSeen::When(learnt(10).at), before), COUNTED);
    assert_eq!(state(CatalogueSeen::When(learnt(9).at), before), NEVER);
}

#[test]
fn a_full_count_finds_none_of_what_it_does_not_list_and_a_listed_one_is_silent() {
    let later = |scope| Count { scope, ..count(2, shanghai("2026-11-23T10:00:00"), vec![line(MASK, 1)]) };
    assert_eq!(outcome(vec![seen(1, "08:00:00", 4), later(CountScope::Full)]), (COUNTED, exactly(0)));
    assert_eq!(outcome(vec![seen(1, "08:00:00", 4), later(CountScope::Listed)]), (COUNTED, exactly(4)));
}

#[test]
fn what_a_retired_item_s_count_lists_still_speaks() {
    let mut world = World::new().with_count(seen(1, "08:00:00", 4));
    world.reference_data.items.get_mut(SCBA).unwrap().versions =
        vec![dated(day("2026-01-01"), 1, item_version(false, true))];
    assert_eq!(stock(&world.reference_data, &world.records, today())[0].usable, exactly(4));
}

#[test]
fn a_count_speaks_through_its_last_day_and_no_longer() {
    let world = World::new().with_count(count(1, shanghai("2026-11-03T23:59:59"), vec![line(SCBA, 4)]));
    let asked = Asked { validity_days: 20, inspection: InspectionAsked::default() };
    let last = stock_for(&world, SCBA, asked, day("2026-11-23"));
    assert_eq!((last.state, last.usable, last.valid_through), (COUNTED, exactly(4), Some(day("2026-11-23"))));
    let stale = stock_for(&world, SCBA, asked, day("2026-11-24"));
    assert_eq!((stale.state, stale.usable), (StockState::Stale, Interval::UNKNOWN));
    assert_eq!(stale.reasons[0].code, ReasonCode::StaleCount);
    let forever = Asked { validity_days: u32::MAX, ..asked };
    assert_eq!(stock_for(&world, SCBA, forever, day("9999-12-31")).state, COUNTED);
}

#[test]
fn validity_is_that_of_the_latest_count_across_midnight() {
    let world = World::new()
        .with_count(count(1, shanghai("2026-11-21T23:55:00"), vec![line(SCBA, 4)]))
        .with_count(count(2, shanghai("2026-11-22T00:05:00"), vec![line(SCBA, 6)]));
    let asked = Asked { validity_days: 1, inspection: InspectionAsked::default() };
    let stock = stock_for(&world, SCBA, asked, today());
    assert_eq!((stock.state, stock.usable), (CONFLICT, between(4, 6)));
}

#[test]
fn the_day_ends_at_the_organization_s_midnight() {
    let counted = |zone: Option<chrono_tz::Tz>, at: DateTime<Utc>| {
        let mut world = World::new().with_count(count(1, at, vec![line(SCBA, 4)]));
        world.reference_data.regions[0].versions[0].value.time_zone = zone;
        stock_for(&world, SCBA, Asked { validity_days: 0, inspection: InspectionAsked::default() }, today()).state
    };
    assert_eq!(counted(None, shanghai("2026-11-23T23:59:59.999999")), COUNTED);
    assert_eq!(counted(None, shanghai("2026-11-24T00:00:00")), NEVER);
    assert_eq!(counted(None, shanghai("2026-11-23T00:00:00")), COUNTED);
    assert_eq!(counted(None, shanghai("2026-11-22T23:59:59")), StockState::Stale);
    let urumqi = Some(chrono_tz::Asia::Urumqi);
    assert_eq!(counted(urumqi, shanghai("2026-11-24T01:59:59")), COUNTED, "two hours behind");
    assert_eq!(counted(urumqi, shanghai("2026-11-23T01:59:59")), StockState::Stale);
}

#[test]
fn the_nearest_region_that_states_a_setting_gives_it() {
    let mut world = World::new();
    let setting = |world: &World, on: &str| {
        let setting = world.reference_data.validity_of(&world.records.organization, day(on));
        (setting.days, setting.region.map(ToOwned::to_owned))
    };
    assert_eq!(setting(&world, "2026-11-23"), (90, None));
    let stated = |days| super::super::region::RegionVersion { validity_days: days, ..region_version() };
    for region in &mut world.reference_data.regions {
        if region.id == region_id(LEAGUE) {
            region.versions = vec![dated(day("2026-01-01"), 2, stated(Some(60)))];
        } else if region.id == region_id(BANNER) {
            region.versions =
                vec![dated(day("2026-01-01"), 2, stated(None)), dated(day("2026-11-23"), 2, stated(Some(30)))];
        }
    }
    assert_eq!(setting(&world, "2025-12-31"), (90, None));
    assert_eq!(setting(&world, "2026-11-22"), (60, Some("150001".to_owned())));
    assert_eq!(setting(&world, "2026-11-23"), (30, Some("150002".to_owned())));
}

#[test]
fn a_region_tree_that_bites_its_tail_ends() {
    let mut world = World::new();
    world.reference_data.regions[0].parent_id = Some(region_id(BANNER));
    assert_eq!(world.reference_data.chain(region_id(BANNER)).len(), 2);
}

#[test]
fn each_lot_left_out_has_its_reason() {
    let lot = || line(SCBA, 5);
    let cases = [
        (lot(), None),
        (CountLine { expires_on: Some(day("2026-11-23")), ..lot() }, None),
        (CountLine { expires_on: Some(day("2026-11-22")), ..lot() }, Some(LeftOut::Expired)),
        (CountLine { condition: LotCondition::InRepair, ..lot() }, Some(LeftOut::InRepair)),
        (CountLine { condition: LotCondition::Unserviceable, ..lot() }, Some(LeftOut::Unserviceable)),
        (CountLine { held: Held::Lent, ..lot() }, Some(LeftOut::Lent)),
        (CountLine { held: Held::Lent, expires_on: Some(day("2020-01-01")), ..lot() }, Some(LeftOut::Expired)),
    ];
    for (line, reason) in cases {
        let stock = by_counts(vec![count(1, shanghai("2026-11-23T08:00:00"), vec![line.clone()])]);
        assert_eq!(stock.usable, exactly(if reason.is_none() { 5 } else { 0 }), "{line:?}");
        assert_eq!(stock.counts[0].lots[0].left_out, reason);
        assert_eq!(stock.left_out.keys().copied().collect::<Vec<_>>(), Vec::from_iter(reason));
    }
}

#[test]
fn a_perishable_lot_without_an_expiry_day_may_or_may_not_be_usable() {
    let masks = |line: CountLine| {
        let world = World::new().with_count(count(1, shanghai("2026-11-23T08:00:00"), vec![line]));
        stock(&world.reference_data, &world.records, today()).remove(0)
    };
    let bare = masks(line(MASK, 5));
    assert_eq!(bare.usable, between(0, 5));
    assert_eq!(bare.counts[0].lots[0].doubt, Some(Doubt::ExpiryMissing));
    assert_eq!(bare.reasons[0].code, ReasonCode::ExpiryMissing);
    assert_eq!(masks(CountLine { expires_on: Some(day("2027-01-01")), ..line(MASK, 5) }).usable, exactly(5));
    assert_eq!(masks(CountLine { held: Held::Lent, ..line(MASK, 5) }).usable, exactly(0), "left out in any case");
}

#[test]
fn an_inspection_counts_where_a_rule_asks_for_it() {
    let usable = |surely, perhaps, inspected_on: Option<&str>| {
        let line = CountLine { inspected_on: inspected_on.map(day), ..line(SCBA, 5) };
        let world = World::new().with_count(count(1, shanghai("2026-11-23T08:00:00"), vec![line]));
        let inspection = InspectionAsked { surely_within_months: surely, perhaps_within_months: perhaps };
        stock_for(&world, SCBA, Asked { validity_days: 90, inspection }, today()).usable
    };
    assert_eq!(usable(None, None, None), exactly(5));
    assert_eq!(usable(Some(6), Some(6), Some("2026-05-23")), exactly(5), "the last day");
    assert_eq!(usable(Some(6), Some(6), Some("2026-05-22")), exactly(0));
    assert_eq!(usable(Some(6), Some(6), None), between(0, 5));
    assert_eq!(usable(None, Some(6), Some("2026-05-22")), between(0, 5), "a rule that may apply");
    assert_eq!(usable(Some(12), Some(6), Some("2026-05-22")), between(0, 5));
    assert_eq!(usable(None, Some(6), Some("2026-05-23")), exactly(5));
    assert_eq!(usable(Some(u32::MAX), Some(u32::MAX), Some("1990-01-01")), exactly(5));
}

#[test]
fn what_is_held_elsewhere_is_left_out_and_not_open_ended() {
    for (holding, reason) in [(Holding::Agreement, LeftOut::Agreement), (Holding::Capacity, LeftOut::Capacity)] {
        let mut world = World::new();
        world.records.depots = vec![depot(1, holding)];
        let asked = Asked { validity_days: 90, inspection: InspectionAsked::default() };
        let uncounted = stock_for(&world, SCBA, asked, today());
        assert_eq!((uncounted.state, uncounted.usable), (NEVER, exactly(0)));
        let counted = stock_for(&world.with_count(seen(1, "08:00:00", 4)), SCBA, asked, today());
        assert_eq!((counted.state, counted.usable), (COUNTED, exactly(0)));
        assert_eq!(counted.left_out.into_iter().collect::<Vec<_>>(), [(reason, exactly(4).min.into())]);
    }
}

#[test]
fn only_open_depots_count_and_no_depot_at_all_is_unknown() {
    let usable = |world: &World| {
        let stores = Stores::new(&world.reference_data, &world.records, today());
        stores.usable(&stores.stock_of(SCBA, Asked { validity_days: 90, inspection: InspectionAsked::default() }))
    };
    let mut world = World::new().with_count(seen(1, "08:00:00", 4));
    world.records.depots.push(depot(2, Holding::Physical));
    assert_eq!(usable(&world), Ok(between(4, None)), "the second was never counted");
    world.records.depots[1].versions.push(dated(today(), 2, depot_version(Holding::Physical, false)));
    assert_eq!(usable(&world), Ok(exactly(4)), "the second was closed today");
    world.records.depots[0].versions.push(dated(today(), 2, depot_version(Holding::Physical, false)));
    assert_eq!(usable(&world), Ok(exactly(0)), "closing the last one is a statement");
    world.records.depots.clear();
    assert_eq!(usable(&world), Ok(Interval::UNKNOWN), "nobody said where it keeps its stock");
}

#[test]
fn stock_lists_what_was_ever_listed_by_then() {
    let world = World::new()
        .with_count(seen(1, "08:00:00", 4))
        .with_count(Count { voided: true, ..count(2, shanghai("2026-11-23T08:00:00"), vec![line(MASK, 1)]) })
        .with_count(count(3, shanghai("2026-11-24T08:00:00"), vec![line("SPARE", 1)]));
    let listed = |on: &str| -> Vec<String> {
        stock(&world.reference_data, &world.records, day(on)).into_iter().map(|stock| stock.item).collect()
    };
    assert!(listed("2026-11-22").is_empty());
    assert_eq!(listed("2026-11-23"), [SCBA]);
    assert_eq!(listed("2026-11-24"), [SCBA, "SPARE"]);
}

#[test]
fn in_a_conflict_the_latest_count_says_what_is_left_out() {
    let lent =
        |n, time: &str, units| count(n, shanghai(time), vec![CountLine { held: Held::Lent, ..line(SCBA, units) }]);
    let stock = by_counts(vec![lent(1, "2026-11-23T08:00:00", 2), lent(2, "2026-11-23T08:05:00", 3)]);
    assert_eq!(stock.state, CONFLICT);
    assert_eq!(stock.left_out[&LeftOut::Lent], exactly(3).min.into());
    assert!(stock.reasons.is_empty(), "nothing is usable by either: the number is known");
}
