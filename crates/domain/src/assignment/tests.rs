//! Assignments against every way to hand out the units.

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Assignment, Demand, Part, Slot, Source, Supply, UNBOUNDED, Way, assign, flow, in_turn};

const ONE: u64 = 1_000;

fn units(number: u64) -> u64 {
    number * ONE
}

fn source(supply: usize) -> Source {
    Source { supply, most: UNBOUNDED, agreement: false }
}

fn single(supply: usize, factor: u64) -> Way {
    Way { factor, parts: vec![Part { quantity: ONE, from: vec![source(supply)] }], grain: ONE }
}

fn demand(want: u64, ways: Vec<Way>) -> Demand {
    let slots = vec![Slot { most: UNBOUNDED, ways }];
    Demand { want, enough: want, within: None, slots, agreement: UNBOUNDED, layer: None }
}

fn supplies(quantities: &[u64]) -> Vec<Supply> {
    quantities.iter().map(|quantity| Supply { quantity: units(*quantity) }).collect()
}

/// Demands without slots, agreements or layers, as the slow search takes them.
struct Case {
    supplies: Vec<Supply>,
    demands: Vec<Demand>,
}

impl Case {
    /// For each demand the most it can have while those before it have as much as they can, by trying everything.
    fn by_trying(&self) -> Vec<u64> {
        (0..self.demands.len())
            .map(|place| {
                let mut wants: Vec<u64> = self.demands.iter().map(|demand| demand.want).take(place + 1).collect();
                wants[place] = UNBOUNDED;
                let stock = self.supplies.iter().map(|supply| supply.quantity / ONE).collect();
                self.best(0, &wants, stock).pop().unwrap()
            })
            .collect()
    }

    /// The greatest list of numbers, compared from the first on.
    fn best(&self, place: usize, wants: &[u64], stock: Vec<u64>) -> Vec<u64> {
        if place == wants.len() {
            return Vec::new();
        }
        let mut found: Vec<Vec<u64>> = Vec::new();
        self.uses(place, 0, 0, stock, &mut |value, left| {
            let mut values = vec![value.min(wants[place])];
            values.extend(self.best(place + 1, wants, left));
            found.push(values);
        });
        found.into_iter().max().unwrap()
    }

    fn uses(&self, place: usize, way: usize, value: u64, stock: Vec<u64>, each: &mut impl FnMut(u64, Vec<u64>)) {
        let ways = &self.demands[place].slots[0].ways;
        let Some(one) = ways.get(way) else { return each(value, stock) };
        let (mut left, mut value) = (stock, value);
        loop {
            self.uses(place, way + 1, value, left.clone(), each);
            for part in &one.parts {
                let at = part.from[0].supply;
                let needed = part.quantity / ONE;
                if left[at] < needed {
                    return;
                }
                left[at] -= needed;
            }
            value += one.factor;
        }
    }
}

fn small_ways(factors: &'static [u64]) -> impl Strategy<Value = Vec<Way>> {
    let factor = proptest::sample::select(factors);
    vec((0..3_usize, factor), 1..4).prop_map(|ways| {
        let mut ways: Vec<Way> = ways.into_iter().map(|(supply, factor)| single(supply, factor)).collect();
        ways.sort_by_key(|way| way.parts[0].from[0].supply);
        ways.dedup_by_key(|way| way.parts[0].from[0].supply);
        ways
    })
}

fn bundle() -> impl Strategy<Value = Way> {
    (0..3_usize, 0..3_usize, 1..3_u64).prop_map(|(one, other, number)| Way {
        factor: ONE,
        parts: vec![
            Part { quantity: ONE, from: vec![source(one)] },
            Part { quantity: number * ONE, from: vec![source(other)] },
        ],
        grain: ONE,
    })
}

fn cases(ways: impl Strategy<Value = Vec<Way>>) -> impl Strategy<Value = Case> {
    (vec(0..4_u64, 3), vec((0..6_u64, ways), 1..4)).prop_map(|(stock, demands)| Case {
        supplies: supplies(&stock),
        demands: demands.into_iter().map(|(want, ways)| demand(units(want), ways)).collect(),
    })
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.supplies, self.demands)
    }
}

proptest! {
    #[test]
    fn a_flow_gives_what_trying_everything_gives(case in cases(small_ways(&[ONE]))) {
        prop_assert_eq!(flow::assign(&case.supplies, &case.demands).given, case.by_trying());
    }

    #[test]
    fn a_search_gives_what_trying_everything_gives(case in cases(small_ways(&[500, ONE, 2 * ONE, 3 * ONE]))) {
        let Assignment { given, limited, .. } = in_turn::assign(&case.supplies, &case.demands);
        prop_assert!(!limited.contains(&true));
        prop_assert_eq!(given, case.by_trying());
    }

    #[test]
    fn bundles_are_used_best(case in cases((small_ways(&[ONE, 2 * ONE]), bundle()).prop_map(|(mut ways, bundle)| {
        ways.push(bundle);
        ways
    })).prop_filter("a bundle of two items", |case| {
        case.demands.iter().flat_map(|demand| &demand.slots[0].ways).all(|way| {
            way.parts.len() < 2 || way.parts[0].from[0].supply != way.parts[1].from[0].supply
        })
    })) {
        let Assignment { given, limited, .. } = in_turn::assign(&case.supplies, &case.demands);
        prop_assert!(!limited.contains(&true));
        prop_assert_eq!(given, case.by_trying());
    }

    #[test]
    fn both_ways_agree_where_every_unit_counts_the_same(case in cases(small_ways(&[2 * ONE]))) {
        let found = in_turn::assign(&case.supplies, &case.demands);
        prop_assert_eq!(flow::assign(&case.supplies, &case.demands).given, found.given);
    }
}

#[test]
fn units_are_re_routed_to_serve_a_later_line_without_taking_from_an_earlier_one() {
    let earlier = demand(units(2), vec![single(0, ONE), single(1, ONE)]);
    let later = demand(units(2), vec![single(0, ONE)]);
    let found = assign(&supplies(&[2, 2]), &[earlier, later]);
    assert_eq!(found.given, [units(4), units(2)]);
}

#[test]
fn a_weaker_line_of_one_selector_counts_what_the_stronger_has() {
    let stronger = demand(units(2), vec![single(0, ONE)]);
    let other = demand(units(1), vec![single(0, ONE)]);
    let weaker = Demand { within: Some(0), ..demand(units(4), vec![single(0, ONE)]) };
    for serve in [flow::assign, in_turn::assign] {
        let found = serve(&supplies(&[5]), &[stronger.clone(), other.clone(), weaker.clone()]);
        assert_eq!(found.given, [units(5), units(3), units(4)]);
    }
}

#[test]
fn a_bundle_that_names_an_item_twice_draws_from_all_its_supplies() {
    let part = |quantity| Part { quantity: units(quantity), from: vec![source(0), source(1)] };
    let bundle = Way { factor: ONE, parts: vec![part(2), part(1)], grain: ONE };
    assert_eq!(assign(&supplies(&[1, 3]), &[demand(units(1), vec![bundle])]).given, [units(1)]);
}

#[test]
fn layers_of_a_group_use_the_same_units_and_others_do_not() {
    let layer = |layer, want| Demand { layer: Some((0, layer)), ..demand(units(want), vec![single(0, ONE)]) };
    let other = demand(units(3), vec![single(0, ONE)]);
    let found = assign(&supplies(&[5]), &[layer(0, 3), layer(1, 2), other]);
    assert_eq!(found.given, [units(5), units(5), units(2)]);
}

#[test]
fn stock_under_an_agreement_meets_its_share_only() {
    let agreed = Source { agreement: true, ..source(1) };
    let way = Way { factor: ONE, parts: vec![Part { quantity: ONE, from: vec![source(0), agreed] }], grain: ONE };
    let asked = Demand { agreement: units(3), ..demand(units(10), vec![way]) };
    for serve in [flow::assign, in_turn::assign] {
        assert_eq!(serve(&supplies(&[4, 9]), std::slice::from_ref(&asked)).given, [units(7)]);
    }
}

#[test]
fn a_search_beyond_its_limit_says_so_and_gives_no_more_than_there_is() {
    let factors = [7, 11, 13, 17, 19, 23];
    let ways = || (0..6).map(|supply| single(supply, factors[supply] * 100)).collect();
    let demands: Vec<Demand> = (0..4).map(|number| demand(units(700 + number), ways())).collect();
    let found = in_turn::assign(&supplies(&[97, 89, 83, 79, 73, 71]), &demands);
    assert!(found.limited.contains(&true));
    let all = [97, 89, 83, 79, 73, 71].iter().zip(factors).map(|(number, factor)| number * factor * 100).sum();
    assert!(found.given.iter().all(|given| *given <= all));
}

/// A number that looks random, and is the same each time.
fn scattered(number: u64) -> u64 {
    number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33
}

/// A thousand demands of several factors and bundles over twelve supplies.
fn a_thousand() -> Vec<Demand> {
    let way = |seed: u64| {
        let factor = [500, ONE, 2 * ONE, 3 * ONE][scattered(seed) as usize % 4];
        let part = |seed: u64| Part {
            quantity: [ONE, 2 * ONE, 7 * ONE][scattered(seed + 1) as usize % 3],
            from: vec![source(scattered(seed + 2) as usize % 12)],
        };
        if scattered(seed + 3) % 10 < 3 {
            let parts = (0..2 + scattered(seed + 4) % 4).map(|number| part(seed + 10 * number)).collect();
            Way { factor, parts, grain: ONE }
        } else {
            single(scattered(seed + 5) as usize % 12, factor)
        }
    };
    let ways = |number: u64| (0..2 + scattered(number) % 5).map(|beside| way(1_000 * number + 100 * beside)).collect();
    (0..1_000).map(|number| demand(units(1 + scattered(number) % 20), ways(number))).collect()
}

#[test]
fn a_thousand_demands_are_served_within_one_limit_for_all() {
    let stock: Vec<u64> = (0..12).map(|number| 20 + number).collect();
    let found = in_turn::assign(&supplies(&stock), &a_thousand());
    assert_eq!((found.given.len(), found.limited.last()), (1_000, Some(&true)));
    assert_eq!(found, in_turn::assign(&supplies(&stock), &a_thousand()));
}

proptest! {
    #[test]
    fn what_is_certain_is_never_too_much(case in cases(small_ways(&[500, ONE, 2 * ONE, 3 * ONE]))) {
        let mut certain = super::certain::Certain::new(&case.supplies);
        for (place, most) in case.by_trying().into_iter().enumerate() {
            prop_assert!(certain.number_of(&case.demands[place]) <= most);
            certain.claim(&case.demands, place);
        }
    }
}

#[test]
fn many_demands_that_overlap_are_served_within_the_work_of_their_group() {
    let stock = supplies(&[6; 30]);
    let demands: Vec<Demand> = (0..400)
        .map(|number: usize| {
            let way = |beside: usize| single((number * 3 + beside) % 30, [1_000, 2_500][beside % 2] + number as u64);
            demand(units(1 + number as u64 % 7), (0..3).map(way).collect())
        })
        .collect();
    let served = assign(&stock, &demands);
    assert_eq!(served, assign(&stock, &demands));
    let first = served.limited.iter().position(|limited| *limited).unwrap();
    assert!(first > 10, "the first demands are searched to the end: {first}");
    assert_eq!((served.given.len(), served.capped.len()), (400, 400));
    // What is not searched for is what is left, and no more than there is.
    assert!(served.given.iter().all(|given| *given <= 3 * 6 * 2_900));
}
