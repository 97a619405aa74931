//! Editions and their successors over random histories, against the slow reference, and the cases that a bureau meets.

use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use super::reference;
use crate::assessment::assess;
use crate::revision::Dated;
use crate::rule::{Rule, Strength};
use crate::sample::{BANNER, LEAGUE, SCBA, World, adoption, dated, day, document, rate, rule, standard};
use crate::standard::{Adoption, StandardDocument, StandardStatus};
use chrono::NaiveDate;

const CODES: [&str; 3] = ["S1", "S2", "S3"];

/// Days a week apart, so that rows often share a day, and spans have days inside them.
fn days() -> impl Strategy<Value = NaiveDate> {
    select(vec!["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-22", "2026-01-29"]).prop_map(day)
}

fn documents() -> impl Strategy<Value = Vec<Dated<StandardDocument>>> {
    let bound = || option::weighted(0.2, days());
    let successor = option::weighted(0.6, select(&CODES[..]));
    let one = (days(), successor, bound(), bound(), prop::bool::weighted(0.15));
    prop::collection::vec(one, 0..3).prop_map(|rows| {
        let changed = rows.into_iter().zip(2..).map(|((from, successor, valid_from, valid_to, draft), revision)| {
            let status = if draft { StandardStatus::Draft } else { StandardStatus::InForce };
            let replaced_by = successor.map(ToOwned::to_owned);
            dated(from, revision, StandardDocument { status, replaced_by, valid_from, valid_to, ..document() })
        });
        [dated(day("2025-12-20"), 1, document())].into_iter().chain(changed).collect()
    })
}

fn decisions() -> impl Strategy<Value = Vec<Dated<Option<Strength>>>> {
    let strength = option::weighted(0.7, select(vec![Strength::Mandatory, Strength::Recommended]));
    prop::collection::vec((days(), strength), 0..4).prop_map(|rows| {
        rows.into_iter().zip(1..).map(|((from, strength), revision)| dated(from, revision, strength)).collect()
    })
}

/// Three editions, each with one rule of its own size, adopted and succeeded at random by two bureaus.
fn worlds() -> impl Strategy<Value = World> {
    (prop::collection::vec(documents(), 3), prop::collection::vec((decisions(), decisions()), 3)).prop_map(
        |(documents, decisions)| {
            let mut world = World::new();
            world.reference_data.standards = CODES.map(standard).into();
            world.reference_data.adoptions.clear();
            for (place, (documents, (near, far))) in documents.into_iter().zip(decisions).enumerate() {
                world.reference_data.standards[place].versions = documents;
                for (region, versions) in [(BANNER, near), (LEAGUE, far)] {
                    let adopted = adoption(region, CODES[place], Strength::Mandatory);
                    world.reference_data.adoptions.push(Adoption { versions, ..adopted });
                }
            }
            let sized = |place: usize, units: i64| (place, rule(&format!("R{units}"), SCBA, rate(units, None)));
            let rules: [(usize, Rule); 3] = [sized(0, 1), sized(1, 2), sized(2, 4)];
            rules.into_iter().fold(world, |world, (place, rule)| {
                let scope = rule.code.clone();
                world.with_rule_of(place, Rule { scope, ..rule })
            })
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn editions_bind_as_the_reference_says_on_every_day(world in worlds()) {
        for day in day("2025-12-31").iter_days().take(35) {
            let lines = assess(&world.reference_data, &world.records, day);
            let figures = reference::figures(&world.reference_data, &world.records, day);
            let found: Vec<_> = lines.iter().map(|line| (line.strength, line.required.min.thousandths())).collect();
            let mut expected: Vec<_> =
                figures.into_iter().map(|((_, strength), figure)| (strength, figure.required.0)).collect();
            expected.sort_by_key(|(strength, _)| std::cmp::Reverse(*strength));
            prop_assert_eq!(found, expected, "{}", day);
        }
    }
}

#[test]
fn an_edition_is_revived_only_by_an_adoption_after_its_successor_has_ended() {
    let mut world = World::new().with_rule_of(0, rule("R1", SCBA, rate(1, None)));
    world.reference_data.standards.truncate(1);
    world.reference_data.standards.push(standard("NEW"));
    let old = world.reference_data.standards[0].code.clone();
    world.reference_data.standards[0].versions[0].value.replaced_by = Some("NEW".to_owned());
    let mandatory = Some(Strength::Mandatory);
    let rows = |standard: &str, rows: &[(&str, Option<Strength>)]| {
        let versions = rows.iter().zip(1..).map(|((from, strength), n)| dated(day(from), n, *strength)).collect();
        Adoption { versions, ..adoption(BANNER, standard, Strength::Mandatory) }
    };
    let successor = rows("NEW", &[("2026-02-01", mandatory), ("2026-03-01", None)]);
    let cases: [(&[(&str, Option<Strength>)], &[(&str, bool)]); 3] = [
        // Without a new decision it stays out after its successor has ended.
        (&[("2026-01-01", mandatory)], &[("2026-01-31", true), ("2026-02-01", false), ("2026-04-01", false)]),
        // A decision while the successor is in force revives nothing, even later.
        (&[("2026-01-01", mandatory), ("2026-02-10", mandatory)], &[("2026-02-10", false), ("2026-04-01", false)]),
        // A decision after the successor's end revives it, even if it repeats the earlier one.
        (
            &[("2026-01-01", mandatory), ("2026-03-10", mandatory)],
            &[("2026-03-09", false), ("2026-03-10", true), ("2026-04-01", true)],
        ),
    ];
    for (decisions, expected) in cases {
        world.reference_data.adoptions = vec![rows(&old, decisions), successor.clone()];
        for (on, binds) in expected {
            let lines = assess(&world.reference_data, &world.records, day(on));
            assert_eq!(!lines.is_empty(), *binds, "{decisions:?} on {on}");
        }
    }
}
