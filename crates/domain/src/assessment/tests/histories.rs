//! Random histories: properties of the figures that hold for any stored rows in any order.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::Index;

use super::random::{counts, rules, worlds};
use super::reference::{self, Case, Figure, Range, Said};
use crate::assessment::{Assessment, Status, assess, assess_some};
use crate::count::{Count, CountFlag, CountLine};
use crate::depot::Holding;
use crate::fact::FactValue;
use crate::interval::Interval;
use crate::requirement::Basis;
use crate::rule::{Rule, Selector};
use crate::sample::{Explained, NUMBERS, SCBA, TAGS, World, count_id, dated, line, today};
use crate::stock::{StockState, stock};
use base::quantity::Quantity;

fn range(interval: Interval) -> Range {
    (interval.min.thousandths(), interval.max.map(Quantity::thousandths))
}

fn figure(assessment: &Assessment) -> Figure {
    Figure {
        required: range(assessment.required),
        usable: range(assessment.usable),
        shortage: range(assessment.shortage),
        status: assessment.status.into(),
        established: assessment.basis == Basis::Established,
        conflict: assessment.conflict,
        contested: assessment.contested,
    }
}

fn line_of<'a>(assessments: &'a [Explained], wanted: &Assessment) -> Option<&'a Explained> {
    assessments.iter().find(|assessment| assessment.line == wanted.line)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn the_figures_are_those_of_the_slow_reference(world in worlds()) {
        let fast: Vec<_> = world.assess().iter().map(|a| ((a.selector.clone(), a.strength), figure(a))).collect();
        let slow = reference::figures(&world.reference_data, &world.records, today());
        prop_assert_eq!(fast.len(), slow.len());
        for (line, figure) in fast {
            prop_assert_eq!(Some(&figure), slow.get(&line), "{:?}", line);
        }
    }

    #[test]
    fn the_order_in_which_rows_came_does_not_matter(
        (world, shuffled) in worlds().prop_flat_map(|world| {
            let counts = Just(world.records.counts.clone()).prop_shuffle();
            let facts = Just(world.records.sheet.facts.clone()).prop_shuffle();
            let adoptions = Just(world.reference_data.adoptions.clone()).prop_shuffle();
            let standards = Just(world.reference_data.standards.clone()).prop_shuffle();
            let depots = Just(world.records.depots.clone()).prop_shuffle();
            (Just(world), counts, facts, adoptions, standards, depots).prop_map(
                |(world, counts, facts, adoptions, standards, depots)| {
                    let mut shuffled = world.clone();
                    shuffled.records.counts = counts;
                    shuffled.records.sheet.facts = facts;
                    shuffled.records.depots = depots;
                    shuffled.reference_data.adoptions = adoptions;
                    shuffled.reference_data.standards = standards;
                    shuffled.reference_data.regions.reverse();
                    shuffled.records.exemptions.reverse();
                    shuffled.records.resolutions.reverse();
                    shuffled.records.acceptances.reverse();
                    shuffled.reference_data.standards.iter_mut().for_each(|standard| standard.rules.reverse());
                    (world, shuffled)
                },
            )
        }),
    ) {
        prop_assert_eq!(world.assess(), shuffled.assess());
    }

    #[test]
    fn intervals_are_in_order_and_what_is_unknown_has_a_reason(world in worlds()) {
        for line in world.assess() {
            for interval in [line.required, line.usable, line.shortage] {
                prop_assert!(interval.max.is_none_or(|max| interval.min <= max));
            }
            if matches!(line.status, Status::Unknown | Status::NotSet) {
                prop_assert!(!line.reasons.is_empty());
            }
            prop_assert!(line.explanation.scopes.iter().all(|scope| !scope.governing.is_empty()));
        }
    }

    /// A count that becomes current where stock was unknown narrows the interval; a count that does not become current
    /// changes nothing.
    #[test]
    fn one_more_count_narrows_what_was_unknown_and_changes_nothing_of_which_it_does_not_speak(
        world in worlds(),
        more in counts(),
    ) {
        let more = Count { id: count_id(99), ..more };
        let after = world.clone().with_count(more.clone());
        let (before_lines, after_lines) = (world.assess(), after.assess());
        prop_assert_eq!(before_lines.len(), after_lines.len());
        let case = Case { reference_data: &after.reference_data, records: &after.records, day: today() };
        for (before, after) in before_lines.iter().zip(&after_lines) {
            let Selector::Item(item) = &before.selector else { continue };
            let speaks = case.evidence(more.depot_id, item).iter().any(|count| count.id == more.id);
            if !speaks {
                // The explanation may name it as one that does not bear.
                prop_assert_eq!(&before.assessment, &after.assessment);
                prop_assert_eq!(&before.explanation.depots, &after.explanation.depots);
                continue;
            }
            // A weaker line counts what covers a stronger one of its selector, for which an older count may still have been valid.
            let of_selector = before_lines.iter().filter(|line| line.selector == before.selector);
            let was_known = of_selector.flat_map(|line| &line.explanation.depots).any(|depot| {
                depot.depot == more.depot_id && depot.usable != Interval::UNKNOWN && depot.holding == Holding::Physical
            });
            if !was_known {
                prop_assert!(before.usable.contains(after.usable));
                prop_assert!(before.shortage.contains(after.shortage));
            }
        }
    }

    #[test]
    fn a_fact_that_becomes_known_narrows_every_figure(
        world in worlds(),
        which in any::<Index>(),
        number in 0..9_i16,
        tag: bool,
    ) {
        let keys: Vec<&str> = NUMBERS.into_iter().chain(TAGS).collect();
        let key = which.get(&keys);
        let facts = world.records.sheet.on(today(), &world.reference_data.dictionary);
        let is_number = NUMBERS.contains(key);
        let unknown = if is_number { facts.number(key).value().is_none() } else { facts.tag(key).value().is_none() };
        prop_assume!(unknown);
        let value = if is_number { FactValue::Number(Quantity::whole(number)) } else { FactValue::Tag(tag) };
        let mut after = world.clone();
        let rows = after.records.sheet.facts.iter_mut().find(|(known, _)| known == key).unwrap();
        rows.1.push(dated(today(), 9, value));

        let (before, after) = (world.assess(), after.assess());
        for line in &after {
            let Some(earlier) = line_of(&before, line) else {
                prop_assert!(false, "a line appeared: {:?}", line.selector);
                continue;
            };
            prop_assert!(earlier.required.contains(line.required));
            prop_assert!(earlier.usable.contains(line.usable));
            prop_assert!(earlier.shortage.contains(line.shortage));
        }
    }

    #[test]
    fn some_lines_are_those_of_all_in_their_places(world in worlds()) {
        let World { reference_data, records } = &world;
        let all = assess(reference_data, records, today());
        for selector in all.iter().map(|line| &line.selector) {
            let some = assess_some(reference_data, records, today(), |asked| asked.to_selector() == *selector);
            let wanted = |line: &Assessment| (line.selector == *selector).then(|| line.clone());
            let expected: Vec<_> = all.iter().map(wanted).collect();
            prop_assert_eq!(some, expected);
        }
    }

    #[test]
    fn stock_says_what_the_slow_reference_says(world in worlds()) {
        let case = Case { reference_data: &world.reference_data, records: &world.records, day: today() };
        let validity = world.reference_data.validity_of(&world.records.organization, today()).days;
        for listed in stock(&world.reference_data, &world.records, today()) {
            let expected = match case.said(listed.depot, &listed.item, validity, None, None) {
                Said::Speaks { usable, .. } => usable,
                Said::Nothing | Said::Stale if listed.holding == Holding::Physical => reference::OPEN,
                Said::Nothing | Said::Stale => (0, Some(0)),
            };
            prop_assert_eq!(range(listed.usable), expected);
        }
    }

    #[test]
    fn the_lots_that_a_count_leaves_out_are_those_of_the_slow_reference(world in worlds()) {
        let case = Case { reference_data: &world.reference_data, records: &world.records, day: today() };
        let validity = world.reference_data.validity_of(&world.records.organization, today()).days;
        for listed in stock(&world.reference_data, &world.records, today()) {
            for count in listed.counts.iter().filter(|_| listed.state != StockState::Stale) {
                let shown: BTreeMap<String, i64> = count
                    .lots_not_mentioned
                    .iter()
                    .map(|missed| {
                        let line = CountLine { expires_on: missed.expires_on, lot: missed.lot.clone(), ..line(SCBA, 1) };
                        let stored = world.records.counts.iter().find(|stored| stored.id == missed.count).unwrap();
                        (case.lot_name(stored, &line), missed.quantity.known().unwrap().thousandths())
                    })
                    .collect();
                let slow = case.not_mentioned(listed.depot, &listed.item, validity, count.id);
                prop_assert_eq!(shown, slow);
            }
        }
    }

    #[test]
    fn a_line_has_the_flags_of_the_counts_that_speak_for_it(world in worlds()) {
        for line in world.assess() {
            let speaking = line.explanation.depots.iter().filter(|depot| depot.state != StockState::Stale);
            let flags: BTreeSet<_> =
                speaking.flat_map(|depot| &depot.counts).flat_map(|count| count.flags.clone()).collect();
            prop_assert_eq!(&line.flags, &flags.into_iter().collect::<Vec<_>>());
            for count in line.explanation.depots.iter().flat_map(|depot| &depot.counts) {
                let stored = world.records.counts.iter().find(|stored| stored.id == count.id).unwrap();
                let arrived: Vec<_> =
                    count.flags.iter().copied().filter(|flag| *flag != CountFlag::LotsNotMentioned).collect();
                prop_assert_eq!(&arrived, &stored.flags);
                prop_assert_eq!(count.flags.len() > arrived.len(), !count.lots_not_mentioned.is_empty());
            }
        }
    }

    #[test]
    fn a_count_is_shown_as_taken_out_where_it_would_speak_if_it_were_put_back(world in worlds()) {
        for listed in stock(&world.reference_data, &world.records, today()) {
            for count in &world.records.counts {
                let mut after = world.clone();
                let mut named = false;
                for resolution in after.records.resolutions.iter_mut().filter(|resolution| {
                    resolution.depot_id == listed.depot && resolution.item == listed.item && !resolution.voided
                }) {
                    named |= resolution.counts.contains(&count.id);
                    resolution.counts.retain(|id| *id != count.id);
                }
                let again = stock(&after.reference_data, &after.records, today());
                let put_back = again.iter().find(|other| other.depot == listed.depot && other.item == listed.item);
                let speaks = put_back.unwrap().counts.iter().any(|speaking| speaking.id == count.id);
                let shown = listed.taken_out.iter().any(|taken_out| taken_out.id == count.id);
                prop_assert_eq!(shown, named && speaks, "{:?}", count.id);
            }
        }
    }

    #[test]
    fn a_rule_is_the_same_after_a_journey_through_json(rule in rules()) {
        let text = serde_json::to_string(&rule).unwrap();
        prop_assert_eq!(serde_json::from_str::<Rule>(&text).unwrap(), rule);
    }
}
