//! Random worlds, crowded around boundaries: counts that coincide, conflict and resolve one another; rules that nest.

use chrono::{Days, Months, NaiveDate, TimeDelta};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::acceptance::Acceptance;
use crate::condition::{Operator, RuleCondition};
use crate::count::{Count, CountFlag, CountKind, CountLine, CountScope, Held, LotCondition, Source};
use crate::depot::{Depot, Holding};
use crate::exemption::{Exemption, ExemptionEnd};
use crate::fact::{FactSheet, FactValue};
use crate::item::{CatalogueSeen, ItemVersion};
use crate::organization::OrganizationKind;
use crate::region::RegionVersion;
use crate::resolution::Resolution;
use crate::revision::{Dated, Revision};
use crate::rule::{Confidence, Rate, Rule, RuleQuantity, Selector, Spare, Strength};
use crate::sample::{
    BANNER, FOAM, LEAGUE, MASK, NUMBERS, SCBA, TAGS, World, acceptance, account, adoption, compare, count_id, dated,
    day, depot, depot_id, depot_version, exemption, exemption_id, item_version, learnt, lot, region_version,
    resolution, resolution_id, rule, shanghai, standard, thousandths, today,
};
use crate::standard::{Adoption, RuleHistory};
use crate::target::DeclaredTarget;
use base::quantity::Quantity;

/// Mostly one item, so that counts and rules meet.
const ITEMS: [&str; 7] = [SCBA, SCBA, SCBA, SCBA, MASK, MASK, FOAM];

fn yesterday() -> NaiveDate {
    today() - Days::new(1)
}

fn tomorrow() -> NaiveDate {
    today() + Days::new(1)
}

fn lines() -> impl Strategy<Value = CountLine> {
    let half_a_year_ago = today() - Months::new(6);
    (
        select(&ITEMS[..]),
        prop_oneof![3 => (0..8_i16).prop_map(Quantity::whole), 1 => (0..3_000_i64).prop_map(thousandths)],
        option::weighted(0.3, select(vec!["B1", "b1", "Ｂ1\u{200B}", "B2"])),
        (
            option::of(select(vec![yesterday(), today(), tomorrow()])),
            option::weighted(
                0.3,
                select(vec![day("2026-10-22"), day("2026-10-23"), day("2026-10-31"), day("2025-11-23")]),
            ),
        ),
        option::of(select(vec![half_a_year_ago - Days::new(1), half_a_year_ago, yesterday()])),
        prop_oneof![
            6 => Just(LotCondition::Serviceable),
            1 => Just(LotCondition::InRepair),
            1 => Just(LotCondition::Unserviceable),
        ],
        prop_oneof![6 => Just(Held::Here), 1 => Just(Held::Lent)],
    )
        .prop_map(|(item, quantity, number, (expires_on, made_on), inspected_on, condition, held)| CountLine {
            item: item.to_owned(),
            quantity,
            lot: number.and_then(lot),
            expires_on,
            made_on,
            inspected_on,
            condition,
            held,
        })
}

/// Counts crowded around boundaries: a few minutes of four days, three sources, references to one another.
pub fn counts() -> impl Strategy<Value = Count> {
    let minutes = vec![0_i64, 0, 5, 10, 15, 16, 20, 1_430, 1_439];
    (
        (1..12_u128, select(vec![1_u128, 1, 1, 1, 2, 3]), any::<bool>(), 0..3_u128, option::of(0..3_i64)),
        select(vec![None, None, Some(0_u128), Some(2)]),
        (select(vec![-3_i64, -1, -1, 0, 0, 0, 0, 1]), select(minutes), 0..2_i64, 0..3_i64),
        prop_oneof![
            (0..4_i64).prop_map(|revision| CatalogueSeen::At(Revision(revision))),
            (0..4_i64).prop_map(|revision| CatalogueSeen::When(learnt(revision).at)),
        ],
        vec(1..12_u128, 0..3),
        (proptest::bool::weighted(0.1), flags()),
        vec(lines(), 1..4),
    )
        .prop_map(
            |(
                (id, depot, full, source, seq),
                officer,
                (days, minutes, micros, delay),
                catalogue,
                resolves,
                (voided, flags),
                lines,
            )| {
                let effective_at = shanghai("2026-11-23T00:00:00")
                    + TimeDelta::days(days)
                    + TimeDelta::minutes(minutes)
                    + TimeDelta::microseconds(micros);
                Count {
                    id: count_id(id),
                    depot_id: depot_id(depot),
                    kind: if officer.is_some() { CountKind::Inspection } else { CountKind::Own },
                    scope: if full { CountScope::Full } else { CountScope::Listed },
                    // Officers count without a device, or on the second phone, which they share.
                    source: match officer.unwrap_or(source) {
                        0 => account(if officer.is_some() { 2 } else { 1 }),
                        phone => Source::Device(format!("phone-{phone}")),
                    },
                    effective_at,
                    received_at: effective_at + TimeDelta::minutes(delay),
                    seq,
                    catalogue,
                    counted_by: "Bao".to_owned(),
                    resolves: resolves.into_iter().map(count_id).collect(),
                    voided,
                    flags,
                    lines,
                }
            },
        )
}

fn flags() -> impl Strategy<Value = Vec<CountFlag>> {
    let all = vec![CountFlag::ClockCorrected, CountFlag::ClockWentBack, CountFlag::SeqReused, CountFlag::SeqJumped];
    prop_oneof![3 => Just(Vec::new()), 1 => subsequence(all, 1..=3)]
}

fn conditions() -> impl Strategy<Value = RuleCondition> {
    let comparison = (select(&NUMBERS[..]), 0..5_usize, 0..6_i64).prop_map(|(fact, op, value)| {
        let ops = [Operator::Less, Operator::AtMost, Operator::Equal, Operator::AtLeast, Operator::More];
        compare(fact, ops[op], value)
    });
    let leaf = prop_oneof![
        3 => Just(RuleCondition::All(Vec::new())),
        3 => select(&TAGS[..]).prop_map(|tag| RuleCondition::Tag(tag.to_owned())),
        2 => comparison,
        1 => Just(RuleCondition::Kind(OrganizationKind::RescueTeam)),
        1 => Just(RuleCondition::Type("mine_rescue".to_owned())),
        1 => Just(RuleCondition::Sector("hazchem".to_owned())),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(RuleCondition::All),
            vec(inner.clone(), 1..3).prop_map(RuleCondition::Any),
            inner.prop_map(|part| RuleCondition::Not(Box::new(part))),
        ]
    })
}

fn quantities() -> impl Strategy<Value = RuleQuantity> {
    let bound = |most: i16| option::weighted(0.3, (0..most).prop_map(Quantity::whole));
    let spare =
        prop_oneof![(1..6_u32, 1..3_u32).prop_map(|(a, b)| Spare::ratio(a, b)), (0..30_u32).prop_map(Spare::Percent),];
    let n = prop_oneof![3 => (0..5_i16).prop_map(Quantity::whole), 1 => Just(thousandths(500))];
    let rate = (n, 1..5_i16, option::of(select(&NUMBERS[..])), bound(6), bound(12), option::of(spare)).prop_map(
        |(n, per, of, at_least, at_most, spare)| {
            RuleQuantity::Rate(Rate {
                n,
                per: Quantity::whole(per),
                of: of.map(ToOwned::to_owned),
                at_least,
                at_most,
                spare,
            })
        },
    );
    prop_oneof![
        8 => rate,
        2 => Just(RuleQuantity::AS_NEEDED),
        1 => Just(RuleQuantity::NotEvaluated("band".to_owned())),
    ]
}

fn strengths() -> impl Strategy<Value = Strength> {
    select(vec![Strength::Mandatory, Strength::Mandatory, Strength::Recommended, Strength::Optional])
}

pub fn rules() -> impl Strategy<Value = Rule> {
    (
        prop_oneof![
            9 => select(&ITEMS[..]).prop_map(|item| Selector::Item(item.to_owned())),
            1 => Just(Selector::Other("ladders".to_owned())),
        ],
        quantities(),
        prop_oneof![1 => Just(RuleCondition::All(Vec::new())), 1 => conditions()],
        select(vec!["team", "workplace"]),
        strengths(),
        option::weighted(0.2, select(vec![0_u32, 1, 5])),
        option::weighted(0.2, select(vec![6_u32, 7])),
        proptest::bool::weighted(0.8),
    )
        .prop_map(|(selector, quantity, applies_when, scope, strength, validity_days, months, verified)| Rule {
            selector,
            applies_when,
            scope: scope.to_owned(),
            strength,
            validity_days,
            inspected_within_months: months,
            confidence: if verified { Confidence::Verified } else { Confidence::Recalled },
            ..rule("", SCBA, quantity)
        })
}

fn history<T: Clone + std::fmt::Debug>(value: impl Strategy<Value = T>) -> impl Strategy<Value = Vec<Dated<T>>> {
    let from = select(vec![day("2026-01-01"), today(), tomorrow()]);
    vec((from, value), 0..3).prop_map(|rows| {
        // A history has no two rows of the same change set.
        rows.into_iter().zip(1..).map(|((from, value), revision)| dated(from, revision, value)).collect()
    })
}

fn sheets() -> impl Strategy<Value = FactSheet> {
    let number = prop_oneof![6 => (0..9_i16).prop_map(|n| FactValue::Number(Quantity::whole(n))), 1 => Just(FactValue::Withdrawn)];
    let tag = prop_oneof![6 => any::<bool>().prop_map(FactValue::Tag), 1 => Just(FactValue::Withdrawn)];
    (vec(history(number), NUMBERS.len()), vec(history(tag), TAGS.len()), option::weighted(0.4, history(any::<bool>())))
        .prop_map(|(numbers, tags, complete)| FactSheet {
            facts: NUMBERS.iter().chain(&TAGS).map(ToString::to_string).zip(numbers.into_iter().chain(tags)).collect(),
            complete: complete.unwrap_or_default(),
        })
}

fn depots() -> impl Strategy<Value = Vec<Depot>> {
    let holding =
        prop_oneof![12 => Just(Holding::Physical), 1 => Just(Holding::Agreement), 1 => Just(Holding::Capacity)];
    let closed = option::weighted(0.1, select(vec![today(), tomorrow()]));
    (vec((holding, closed), 2), select(vec![0_usize, 1, 1, 1, 1, 1, 1, 2, 2, 2])).prop_map(|(mut depots, number)| {
        depots.truncate(number);
        let depots = depots.into_iter().zip(1..).map(|((holding, closed), n)| {
            let mut depot = depot(n, holding);
            depot.versions.extend(closed.map(|from| dated(from, 2, depot_version(holding, false))));
            depot
        });
        depots.collect()
    })
}

fn adoptions() -> impl Strategy<Value = Vec<Adoption>> {
    vec(
        (select(vec![BANNER, LEAGUE, 9]), select(vec!["S1", "S2", "S3"]), history(option::weighted(0.8, strengths()))),
        0..4,
    )
    .prop_map(|adoptions| {
        let mut one_per_region_and_standard: Vec<Adoption> = vec![adoption(BANNER, "S1", Strength::Mandatory)];
        for (region, standard, versions) in adoptions {
            let adoption = Adoption { versions, ..adoption(region, standard, Strength::Mandatory) };
            let known = one_per_region_and_standard
                .iter()
                .any(|a| a.region_id == adoption.region_id && a.standard == adoption.standard);
            if !known {
                one_per_region_and_standard.push(adoption);
            }
        }
        one_per_region_and_standard
    })
}

/// Exemptions from one of the rules, crowded around today, some of them ended early, once or twice.
fn exemptions() -> impl Strategy<Value = Exemption> {
    let near = || select(vec![yesterday(), today(), tomorrow()]);
    let first = select(vec![day("2026-01-01"), yesterday(), today(), tomorrow()]);
    (0..7_usize, first, near(), vec(near(), 0..3)).prop_map(|(rule, valid_from, ends_on, ends)| {
        let ends = ends.into_iter().zip(3..).map(|(valid_from, revision)| ExemptionEnd {
            valid_from,
            reason: "rebuilt".to_owned(),
            ended_by: "Wang".to_owned(),
            learnt: learnt(revision),
        });
        Exemption { ends: ends.collect(), ..exemption(0, &format!("R{rule}"), valid_from, ends_on) }
    })
}

/// Resolutions of counts and items that may exist, some of them voided.
fn resolutions() -> impl Strategy<Value = Resolution> {
    let counts = vec(1..12_u128, 1..4);
    (select(vec![1_u128, 1, 2]), select(&ITEMS[..]), counts, proptest::bool::weighted(0.2), 0..3_i64).prop_map(
        |(depot, item, counts, voided, hours)| Resolution {
            depot_id: depot_id(depot),
            item: item.to_owned(),
            counts: counts.into_iter().map(count_id).collect(),
            voided,
            resolved_at: shanghai("2026-11-23T12:00:00") + TimeDelta::hours(hours),
            ..resolution(0, &[])
        },
    )
}

/// Acceptances of counts that may exist.
fn acceptances() -> impl Strategy<Value = Acceptance> {
    let counts = || 1..12_u128;
    (select(vec![1_u128, 1, 2]), select(&ITEMS[..]), counts(), counts(), 0..3_i64).prop_map(
        |(depot, item, inspection, count, hours)| Acceptance {
            depot_id: depot_id(depot),
            item: item.to_owned(),
            accepted_at: shanghai("2026-11-23T12:00:00") + TimeDelta::hours(hours),
            ..acceptance(0, inspection, count)
        },
    )
}

pub fn worlds() -> impl Strategy<Value = World> {
    (
        vec(counts(), 0..12),
        vec((select(vec![0_usize, 0, 0, 1, 2]), rules(), option::weighted(0.4, 0..6_i16)), 1..7),
        sheets(),
        depots(),
        adoptions(),
        vec(option::weighted(0.3, select(vec!["S1", "S2", "S3"])), 3),
        option::weighted(0.3, 0..3_u32),
        option::weighted(0.2, (1..4_i64, any::<bool>())),
        (vec(exemptions(), 0..4), vec(resolutions(), 0..4), vec(acceptances(), 0..4)),
        (option::of(select(vec![1_u32, 12])), option::weighted(0.3, select(vec![1_u32, 2])), option::of(0..3_u32)),
    )
        .prop_map(
            |(counts, rules, sheet, depots, adoptions, successors, validity, retired, decisions, settings)| {
                let (exemptions, resolutions, acceptances) = decisions;
                let mut world = World::new();
                world.reference_data.standards = ["S1", "S2", "S3"].into_iter().map(standard).collect();
                for (standard, successor) in world.reference_data.standards.iter_mut().zip(successors) {
                    standard.versions[0].value.replaced_by = successor.map(ToOwned::to_owned);
                }
                for (n, (standard, rule, target)) in rules.into_iter().enumerate() {
                    let rule = Rule { code: format!("R{n}"), ..rule };
                    let target = target.map(Quantity::whole);
                    world.records.targets.push(DeclaredTarget {
                        rule: rule.code.clone(),
                        versions: vec![dated(day("2026-01-01"), 1, target)],
                    });
                    let versions = vec![dated(day("2026-01-01"), 1, Some(rule))];
                    world.reference_data.standards[standard]
                        .rules
                        .push(RuleHistory { code: format!("R{n}"), versions });
                }
                let mask = world.reference_data.items.get_mut(MASK).unwrap();
                mask.versions[0].value.shelf_life_months = settings.0;
                if let Some(months) = settings.1 {
                    let shelf_life_months = Some(months);
                    mask.versions.push(dated(
                        today(),
                        2,
                        ItemVersion { shelf_life_months, ..item_version(true, false) },
                    ));
                }
                if let Some((revision, retired)) = retired {
                    let scba = world.reference_data.items.get_mut(SCBA).unwrap();
                    scba.versions.push(dated(yesterday(), revision, item_version(!retired, retired)));
                }
                world.reference_data.regions[0].versions[0].value.validity_days = validity;
                if let Some(days) = settings.2 {
                    let version = RegionVersion { inspection_stands_days: Some(days), ..region_version() };
                    world.reference_data.regions[1].versions.push(dated(yesterday(), 2, version));
                }
                world.reference_data.adoptions = adoptions;
                world.records.sheet = sheet;
                world.records.depots = depots;
                world.records.counts = without_repeats(counts);
                world.records.resolutions = resolutions
                    .into_iter()
                    .zip(1..)
                    .map(|(one, n)| Resolution { id: resolution_id(n), ..one })
                    .collect();
                world.records.acceptances = acceptances
                    .into_iter()
                    .zip(1..)
                    .map(|(one, n)| Acceptance { id: acceptance(n, 0, 0).id, ..one })
                    .collect();
                world.records.exemptions =
                    exemptions.into_iter().zip(1..).map(|(one, n)| Exemption { id: exemption_id(n), ..one }).collect();
                world
            },
        )
}

/// Keeps one count per id.
fn without_repeats(mut counts: Vec<Count>) -> Vec<Count> {
    counts.sort_by_key(|count| count.id);
    counts.dedup_by_key(|count| count.id);
    counts
}
