//! Figures of the counts that are kept as bearing on stock, against those of all counts.

use std::collections::BTreeMap;

use chrono::{Days, TimeDelta};
use proptest::prelude::*;

use super::random::worlds;
use crate::assessment::assess;
use crate::count::{Count, CountLine, CountScope};
use crate::resolution::Resolution;
use crate::sample::{SCBA, World, account, count, count_id, line, lot, shanghai, today};
use crate::stock::{Accepted, Decisions, Stores, bearing, can_add, is_last, retirements, stock};
use base::id::{CountId, DepotId};

/// What is decided about the counts of a depot.
fn decisions(world: &World, depot: DepotId) -> Decisions {
    let resolutions =
        world.records.resolutions.iter().filter(|resolution| !resolution.voided && resolution.depot_id == depot);
    let named = |one: &Resolution| one.counts.iter().map(|count| (*count, one.item.clone())).collect::<Vec<_>>();
    Decisions {
        excluded: resolutions.flat_map(named).collect(),
        accepted: world
            .records
            .acceptances
            .iter()
            .filter(|acceptance| acceptance.depot_id == depot)
            .map(|one| Accepted { inspection: one.inspection, count: one.count, item: one.item.clone() })
            .collect(),
        retirements: retirements(&world.reference_data.items),
    }
}

fn by_id(counts: Vec<Count>) -> BTreeMap<CountId, Count> {
    counts.into_iter().map(|count| (count.id, count)).collect()
}

fn by_depot(world: &World) -> BTreeMap<DepotId, Vec<Count>> {
    let mut depots = BTreeMap::<DepotId, Vec<Count>>::new();
    for count in &world.records.counts {
        depots.entry(count.depot_id).or_default().push(count.clone());
    }
    depots
}

/// What is kept after counts came one by one, made anew from all where one cannot be added; and the number that could.
fn kept_one_by_one(counts: &[Count], decisions: &Decisions) -> (Vec<Count>, usize) {
    let (mut kept, mut added): (Vec<Count>, usize) = (Vec::new(), 0);
    for (number, new) in counts.iter().enumerate().filter(|(_, count)| !count.voided) {
        let came: Vec<Count> = counts.iter().take(number + 1).cloned().collect();
        let is_awaited = came.iter().any(|count| count.resolves.contains(&new.id));
        // Officers decide about counts that are there, and then all is made anew.
        let is_decided = decisions.excluded.iter().any(|(id, _)| *id == new.id)
            || decisions.accepted.iter().any(|one| one.inspection == new.id || one.count == new.id);
        kept = if !is_awaited && !is_decided && can_add(&kept, decisions, new) {
            added += 1;
            kept.push(new.clone());
            bearing(kept, decisions)
        } else {
            bearing(came, decisions)
        };
    }
    (kept, added)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn the_counts_that_bear_give_the_figures_of_all_counts(mut world in worlds(), later in 0..100_u64) {
        // From the day on by whose end every count is effective.
        let day = today() + Days::new(1 + later);
        let kept = by_depot(&world)
            .into_iter()
            .flat_map(|(depot, counts)| bearing(counts, &decisions(&world, depot)))
            .collect();
        let all = (
            assess(&world.reference_data, &world.records, day),
            stock(&world.reference_data, &world.records, day),
        );
        world.records.counts = kept;
        prop_assert_eq!(assess(&world.reference_data, &world.records, day), all.0);
        prop_assert_eq!(stock(&world.reference_data, &world.records, day), all.1);
    }

    #[test]
    fn what_is_kept_does_not_depend_on_how_the_counts_came(world in worlds()) {
        for (depot, counts) in by_depot(&world) {
            let decisions = decisions(&world, depot);
            let (one_by_one, _) = kept_one_by_one(&counts, &decisions);
            prop_assert_eq!(by_id(one_by_one), by_id(bearing(counts, &decisions)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    #[test]
    fn the_last_count_leaves_out_the_same_lots_by_what_is_kept(mut world in worlds(), days in 1..400_u32) {
        let day = today() + Days::new(1);
        let left_out = |world: &World, id| {
            let stores = Stores::new(&world.reference_data, &world.records, day);
            let lots = stores.not_mentioned_by(id, days);
            lots.into_iter().map(|(item, lot)| (item.to_owned(), lot)).collect::<Vec<_>>()
        };
        let kept: Vec<Vec<Count>> = by_depot(&world)
            .into_iter()
            .map(|(depot, counts)| bearing(counts, &decisions(&world, depot)))
            .collect();
        let last: Vec<CountId> = kept
            .iter()
            .flat_map(|kept| kept.iter().filter(|count| is_last(kept, count.id, &world.records.resolutions)))
            .map(|count| count.id)
            .collect();
        let of_all: Vec<_> = last.iter().map(|id| left_out(&world, *id)).collect();
        world.records.counts = kept.into_iter().flatten().collect();
        for (id, expected) in last.into_iter().zip(of_all) {
            prop_assert_eq!(left_out(&world, id), expected);
        }
    }
}

/// Counts of a lot by one account, a day apart.
fn daily(number: u128, resolves_the_one_before: bool) -> Vec<Count> {
    (1..=number)
        .map(|n| Count {
            source: account(1),
            scope: if n % 2 == 0 { CountScope::Full } else { CountScope::Listed },
            resolves: if resolves_the_one_before { vec![count_id(n - 1)] } else { Vec::new() },
            lines: vec![CountLine { lot: lot("A1"), ..line(SCBA, 3) }],
            ..count(n, shanghai("2026-01-01T08:00:00") + TimeDelta::days(i64::try_from(n).unwrap()), Vec::new())
        })
        .collect()
}

#[test]
fn as_many_counts_bear_after_many_as_after_a_few() {
    for resolving in [false, true] {
        let kept = |number| bearing(daily(number, resolving), &Decisions::default()).len();
        assert_eq!(kept(400), kept(10), "resolving the one before: {resolving}");
        assert!(kept(400) <= 4);
    }
}

#[test]
fn a_count_made_after_all_others_needs_only_those_that_are_kept() {
    let (_, added) = kept_one_by_one(&daily(100, false), &Decisions::default());
    assert_eq!(added, 100);
}
