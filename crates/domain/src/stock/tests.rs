use chrono::{DateTime, NaiveDate, Utc};

use super::{Asked, DepotStock, Doubt, InspectionAsked, LeftOut, StockState, Stores, stock};
use crate::count::{Count, CountLine, CountScope, Held, LotCondition, Source};
use crate::depot::Holding;
use crate::interval::Interval;
use crate::item::{CatalogueSeen, ItemVersion};
use crate::reason::ReasonCode;
use crate::revision::{Dated, Revision};
use crate::sample::{
    BANNER, LEAGUE, MASK, SCBA, World, account, between, count, count_id, dated, day, depot, depot_id, depot_version,
    exactly, item_version, learnt, line, lot, region_id, region_version, shanghai, today,
};
use base::quantity::Quantity;

/// The stock of an item in the first depot, with counts valid for the given number of days.
fn stock_for(world: &World, item: &'static str, asked: Asked, day: NaiveDate) -> DepotStock {
    (&Stores::new(&world.reference_data, &world.records, day).stock_of(item, asked)[0]).into()
}

fn by_counts(counts: Vec<Count>) -> DepotStock {
    let world = counts.into_iter().fold(World::new(), World::with_count);
    stock_for(
        &world,
        SCBA,
        Asked { validity_days: 90, inspection: InspectionAsked::default(), agreement: false },
        today(),
    )
}

fn outcome(counts: Vec<Count>) -> (StockState, Interval) {
    let stock = by_counts(counts);
    (stock.state, stock.usable)
}

/// A count of the given number of SCBA at a time in the morning.
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
fn of_one_source_the_order_is_time_then_number_then_arrival_then_id() {
    let phone = |n, time, seq, units| Count { seq, ..of_source(seen(n, time, units), account(7)) };
    let last = |a: Count, b: Count| outcome(vec![a, b]).1;
    let arrived = |count: Count, time: &str| Count { received_at: shanghai(&format!("2026-11-23T{time}")), ..count };
    let (early, late) = (phone(9, "08:00:00", Some(1), 4), phone(2, "08:00:00", Some(1), 6));
    assert_eq!(
        last(arrived(early, "09:00:00"), arrived(late, "09:00:01")),
        exactly(6),
        "the later arrival, not the id"
    );
    let (absent, numbered) = (phone(9, "08:00:00", None, 4), phone(2, "08:00:00", Some(0), 6));
    assert_eq!(last(arrived(absent, "09:00:01"), arrived(numbered, "09:00:00")), exactly(6), "no number comes first");
    assert_eq!(last(phone(1, "08:00:01", Some(1), 4), phone(2, "08:00:00", Some(9), 6)), exactly(4));
    assert_eq!(last(phone(1, "08:00:00", Some(9), 4), phone(2, "08:00:00", Some(1), 6)), exactly(4));
    assert_eq!(last(phone(1, "08:00:00", Some(1), 4), phone(2, "08:00:00", None, 6)), exactly(4));
    assert_eq!(last(phone(1, "08:00:00", Some(1), 4), phone(2, "08:00:00", Some(1), 6)), exactly(6));
}

#[test]
fn between_sources_equal_times_go_by_arrival_and_not_by_number() {
    let validity_of_latest = |a: Count, b: Count| {
        let stock = by_counts(vec![a, b]);
        stock.counts.iter().map(|count| count.id.0.as_u128()).collect::<Vec<_>>()
    };
    let count = |n, seq, arrived: &str| {
        let received_at = shanghai(&format!("2026-11-23T{arrived}"));
        Count { seq, received_at, ..seen(n, "08:00:00", 4) }
    };
    assert_eq!(validity_of_latest(count(1, Some(9), "09:00:00"), count(2, None, "09:00:01")), [2, 1]);
    assert_eq!(validity_of_latest(count(2, Some(9), "09:00:00"), count(1, Some(1), "09:00:01")), [1, 2]);
    assert_eq!(validity_of_latest(count(1, None, "09:00:00"), count(2, None, "09:00:00")), [2, 1], "then the id");
}

#[test]
fn lot_numbers_are_the_same_however_they_are_written() {
    let of = |n, number: &str| {
        count(n, shanghai("2026-11-23T08:00:00"), vec![CountLine { lot: lot(number), ..line(SCBA, 5) }])
    };
    for same in ["b2209", "Ｂ２２０９", "B22\u{200B}09", " B2209"] {
        assert_eq!(outcome(vec![of(1, "B2209"), of(2, same)]), (COUNTED, exactly(5)), "{same:?}");
    }
    assert_eq!(outcome(vec![of(1, "B2209"), of(2, "B2208")]).0, CONFLICT);
    let lines = ["b2209", "B2209"].map(|number| CountLine { lot: lot(number), ..line(SCBA, 5) });
    let stock = by_counts(vec![count(1, shanghai("2026-11-23T08:00:00"), lines.into())]);
    let [only] = stock.counts[0].lots.as_slice() else { panic!("one lot: {stock:?}") };
    assert_eq!((only.lot.lot.as_ref().unwrap().written(), only.quantity), ("b2209", Quantity::whole(10).into()));
}

#[test]
fn the_day_of_an_inspection_makes_a_conflict_only_where_a_rule_asks_for_it() {
    let of = |n, inspected: &str| {
        let line = CountLine { inspected_on: Some(day(inspected)), ..line(SCBA, 5) };
        count(n, shanghai("2026-11-23T08:00:00"), vec![line])
    };
    let world = World::new().with_count(of(1, "2026-11-01")).with_count(of(2, "2026-11-02"));
    let state = |surely, perhaps| {
        let inspection = InspectionAsked { surely_within_months: surely, perhaps_within_months: perhaps };
        stock_for(&world, SCBA, Asked { validity_days: 90, inspection, agreement: false }, today()).state
    };
    assert_eq!(state(None, None), COUNTED);
    assert_eq!(state(Some(12), Some(12)), CONFLICT);
    assert_eq!(state(None, Some(12)), CONFLICT);
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
    let other_lot = CountLine { lot: lot("B1"), ..line(SCBA, 0) };
    let parts = count(2, shanghai("2026-11-23T08:00:00"), vec![line(SCBA, 2), other_lot, line(SCBA, 3)]);
    assert_eq!(outcome(vec![one.clone(), parts]), (COUNTED, exactly(5)));

    let lot = CountLine { lot: lot("B1"), ..line(SCBA, 5) };
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
        stock_for(
            &world,
            SCBA,
            Asked { validity_days: 900, inspection: InspectionAsked::default(), agreement: false },
            today(),
        )
        .state
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
    let asked = Asked { validity_days: 20, inspection: InspectionAsked::default(), agreement: false };
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
    let asked = Asked { validity_days: 1, inspection: InspectionAsked::default(), agreement: false };
    let stock = stock_for(&world, SCBA, asked, today());
    assert_eq!((stock.state, stock.usable), (CONFLICT, between(4, 6)));
}

#[test]
fn the_day_ends_at_the_organization_s_midnight() {
    let counted = |zone: Option<chrono_tz::Tz>, at: DateTime<Utc>| {
        let mut world = World::new().with_count(count(1, at, vec![line(SCBA, 4)]));
        world.reference_data.regions[0].versions[0].value.time_zone = zone;
        stock_for(
            &world,
            SCBA,
            Asked { validity_days: 0, inspection: InspectionAsked::default(), agreement: false },
            today(),
        )
        .state
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
fn the_expiry_day_follows_from_the_day_it_was_made_and_the_shelf_life_of_the_count_s_day() {
    let version = |months| ItemVersion { shelf_life_months: months, ..item_version(true, false) };
    let counted = |versions: Vec<Dated<ItemVersion>>, line: CountLine, on: &str| {
        let mut world = World::new().with_count(count(1, shanghai("2026-11-20T08:00:00"), vec![line]));
        world.reference_data.items.get_mut(MASK).unwrap().versions = versions;
        stock_for(
            &world,
            MASK,
            Asked { validity_days: 900, inspection: InspectionAsked::default(), agreement: false },
            day(on),
        )
    };
    let always = |months| vec![dated(day("2026-01-01"), 1, version(months))];
    let made = |on: &str| CountLine { made_on: Some(day(on)), ..line(MASK, 5) };
    let derived = |versions, line, on| {
        let stock = counted(versions, line, on);
        let lot = stock.counts[0].lots[0].lot.clone();
        (lot.expires_on.map(|day| day.to_string()), lot.expiry_derived, stock.usable)
    };
    let found = |day: &str| Some(day.to_owned());
    assert_eq!(derived(always(Some(36)), made("2023-11-23"), "2026-11-23"), (found("2026-11-23"), true, exactly(5)));
    assert_eq!(derived(always(Some(36)), made("2023-11-23"), "2026-11-24"), (found("2026-11-23"), true, exactly(0)));
    assert_eq!(
        derived(always(Some(1)), made("2027-01-31"), "2026-11-23").0,
        found("2027-02-28"),
        "the month's last day"
    );
    assert_eq!(derived(always(Some(13)), made("2027-01-31"), "2026-11-23").0, found("2028-02-29"), "of a leap year");
    assert_eq!(derived(always(None), made("2023-11-23"), "2026-11-23"), (None, false, between(0, 5)), "no shelf life");
    let stated = CountLine { expires_on: Some(day("2026-12-31")), ..made("2023-11-01") };
    assert_eq!(derived(always(Some(36)), stated, "2026-11-23"), (found("2026-12-31"), false, exactly(5)));
    let mut shortened = always(Some(36));
    shortened.push(dated(day("2026-11-21"), 2, version(Some(12))));
    assert_eq!(derived(shortened, made("2024-11-23"), "2026-11-23").0, found("2027-11-23"), "that of the count's day");
    let durable = vec![dated(day("2026-01-01"), 1, ItemVersion { perishable: false, ..version(Some(36)) })];
    assert_eq!(derived(durable, made("2001-01-01"), "2026-11-23"), (None, false, exactly(5)));
}

#[test]
fn a_derived_expiry_day_is_compared_like_a_given_one() {
    let mut world = World::new();
    let shelf_life = ItemVersion { shelf_life_months: Some(12), ..item_version(true, false) };
    world.reference_data.items.get_mut(MASK).unwrap().versions = vec![dated(day("2026-01-01"), 1, shelf_life)];
    let of = |n, line| count(n, shanghai("2026-11-23T08:00:00"), vec![line]);
    let made = CountLine { made_on: Some(day("2026-06-01")), ..line(MASK, 5) };
    let state = |expires: &str| {
        let given = CountLine { expires_on: Some(day(expires)), ..line(MASK, 5) };
        let world = world.clone().with_count(of(1, made.clone())).with_count(of(2, given));
        stock_for(
            &world,
            MASK,
            Asked { validity_days: 90, inspection: InspectionAsked::default(), agreement: false },
            today(),
        )
        .state
    };
    assert_eq!(state("2027-06-01"), COUNTED);
    assert_eq!(state("2027-06-02"), CONFLICT);
}

#[test]
fn an_inspection_counts_where_a_rule_asks_for_it() {
    let usable = |surely, perhaps, inspected_on: Option<&str>| {
        let line = CountLine { inspected_on: inspected_on.map(day), ..line(SCBA, 5) };
        let world = World::new().with_count(count(1, shanghai("2026-11-23T08:00:00"), vec![line]));
        let inspection = InspectionAsked { surely_within_months: surely, perhaps_within_months: perhaps };
        stock_for(&world, SCBA, Asked { validity_days: 90, inspection, agreement: false }, today()).usable
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
        let asked = Asked { validity_days: 90, inspection: InspectionAsked::default(), agreement: false };
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
        stores.usable(
            &stores
                .stock_of(SCBA, Asked { validity_days: 90, inspection: InspectionAsked::default(), agreement: false }),
        )
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
