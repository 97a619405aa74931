use super::*;
use crate::assessment::{Assessment, Status, assess};
use crate::count::{CountLine, Held, LotCondition};
use crate::interval::Interval;
use crate::rule::{Alternative, Rule, Selector};
use crate::sample::{MASK, SCBA, World, between, count, day, exactly, line, rate, rule, shanghai, today, whole};

/// A lot of masks with its last day.
fn masks(units: i64, expires_on: &str) -> CountLine {
    CountLine { expires_on: Some(day(expires_on)), ..line(MASK, units) }
}

/// A rule for so many masks, and a count of this morning.
fn world(required: i64, lines: Vec<CountLine>) -> World {
    World::new().with_rule(rule("R1", MASK, rate(required, None))).with_count(count(
        1,
        shanghai("2026-11-23T08:00:00"),
        lines,
    ))
}

/// The lots that expire within some days, each with its lines.
fn expiring(world: &World, within_days: u32, expired: bool) -> Vec<(ExpiringLot, Vec<AgedLine>)> {
    let window = Window { day: today(), within_days, expired };
    let mut lots = lots(&world.reference_data, &world.records, today());
    lots.retain(|lot| window.includes(lot.expires_on));
    let touched = TouchedLines::of(&world.reference_data, &world.records, today(), &lots);
    lots.into_iter().map(|lot| (lot.clone(), touched.by(&lot).to_vec())).collect()
}

/// Of each lot its last day, its quantity, and of its only line the shortage then and whether it becomes short.
fn told(world: &World, within_days: u32) -> Vec<(String, i64, Interval, bool)> {
    let told = |(lot, lines): (ExpiringLot, Vec<AgedLine>)| {
        let [only] = lines.as_slice() else { panic!("one line: {lines:?}") };
        let units = lot.seen.quantity.known().unwrap().thousandths() / 1000;
        (lot.expires_on.to_string(), units, only.then.shortage, only.becomes_short())
    };
    expiring(world, within_days, false).into_iter().map(told).collect()
}

/// The same lines computed by definition: what is gone by a day is taken from the shelves.
fn without_what_is_gone(world: &World, gone_on: NaiveDate) -> Vec<Assessment> {
    let mut world = world.clone();
    for line in world.records.counts.iter_mut().flat_map(|count| &mut count.lines) {
        if line.expires_on.is_some_and(|last_day| last_day < gone_on) {
            line.expires_on = today().pred_opt();
        }
    }
    assess(&world.reference_data, &world.records, today())
}

#[test]
fn the_span_begins_with_the_day_and_ends_before_its_end() {
    let includes = |expires_on: &str, within_days, expired| {
        Window { day: today(), within_days, expired }.includes(day(expires_on))
    };
    let cases = [
        ("2026-11-22", 30, false, false),
        ("2026-11-22", 30, true, true),
        ("2026-11-23", 1, false, true),
        ("2026-11-24", 1, false, false),
        ("2026-12-22", 30, false, true),
        ("2026-12-23", 30, false, false),
        ("2026-12-23", 31, false, true),
    ];
    for (expires_on, within_days, expired, expected) in cases {
        assert_eq!(includes(expires_on, within_days, expired), expected, "{expires_on} {within_days} {expired}");
    }
    assert!(Window { day: NaiveDate::MAX, within_days: 1, expired: false }.includes(NaiveDate::MAX));
}

#[test]
fn lots_go_one_after_the_other_and_the_line_is_short_once_too_few_are_left() {
    let world = world(10, vec![masks(4, "2026-12-01"), masks(5, "2026-12-10"), masks(6, "2027-06-30")]);
    assert_eq!(told(&world, 8), [], "the last day of none of them");
    assert_eq!(told(&world, 9), [("2026-12-01".to_owned(), 4, exactly(0), false)]);
    let both = [("2026-12-01".to_owned(), 4, exactly(0), false), ("2026-12-10".to_owned(), 5, exactly(4), true)];
    assert_eq!(told(&world, 30), both);
    let all = told(&world, 3_650);
    assert_eq!(all[2], ("2027-06-30".to_owned(), 6, exactly(10), true), "short once everything until then has gone");
}

#[test]
fn a_line_that_is_short_does_not_become_short() {
    let (lot, lines) = expiring(&world(10, vec![masks(4, "2026-12-01")]), 30, false).remove(0);
    assert_eq!((lot.seen.usable, lot.state), (exactly(4), StockState::Counted));
    assert_eq!((lines[0].today.shortage, lines[0].then.shortage), (exactly(6), exactly(10)));
    assert!(!lines[0].becomes_short());
}

#[test]
fn counts_keep_their_validity_however_late_a_lot_expires() {
    let counted = world(3, vec![masks(3, "2027-05-01")]);
    assert_eq!(told(&counted, 365), [("2027-05-01".to_owned(), 3, exactly(3), true)]);
    let mut stale = counted;
    stale.records.counts[0].effective_at = shanghai("2026-08-01T08:00:00");
    let (lot, lines) = expiring(&stale, 365, false).remove(0);
    assert_eq!((lot.state, lines[0].then.status), (StockState::Stale, Status::Unknown), "nobody knows what is there");
    assert_eq!(lines[0].then.shortage, between(0, 3));
}

#[test]
fn lots_that_have_expired_are_listed_where_asked_and_change_nothing_any_more() {
    let world = world(5, vec![masks(2, "2026-11-22"), masks(5, "2026-11-23")]);
    assert_eq!(expiring(&world, 30, false).len(), 1);
    let (lot, lines) = expiring(&world, 30, true).remove(0);
    assert_eq!((lot.seen.quantity.known(), lot.seen.usable), (Some(whole(2)), exactly(0)));
    assert_eq!((lines[0].today.shortage, lines[0].then.shortage), (exactly(0), exactly(0)));
    assert!(!lines[0].becomes_short());
}

#[test]
fn units_away_are_listed_and_change_nothing() {
    let repaired = CountLine { condition: LotCondition::InRepair, ..masks(3, "2026-12-01") };
    let lent = CountLine { held: Held::Lent, ..masks(2, "2026-12-02") };
    let world = world(5, vec![masks(5, "2027-12-01"), repaired, lent]);
    let listed = expiring(&world, 30, false);
    assert_eq!(listed.iter().map(|(lot, _)| lot.seen.usable).collect::<Vec<_>>(), [Interval::ZERO; 2]);
    assert!(listed.iter().all(|(_, lines)| lines[0].today.shortage == lines[0].then.shortage));
}

#[test]
fn a_lot_bears_on_lines_that_share_units_with_those_of_its_item() {
    let either = Selector::AnyOf(vec![Alternative::item(MASK, whole(1)), Alternative::item(SCBA, whole(1))]);
    let strong = Rule { selector: either, ..rule("R1", MASK, rate(4, None)) };
    let apart = rule("R3", "SPARE", rate(1, None));
    let world = World::new()
        .with_rule(strong)
        .with_rule(rule("R2", SCBA, rate(4, None)))
        .with_rule(apart)
        .holding_all(&[(SCBA, 4), ("SPARE", 1)])
        .with_count(count(1, shanghai("2026-11-23T08:00:00"), vec![masks(4, "2026-12-01")]));
    let (_, lines) = expiring(&world, 30, false).remove(0);
    let told: Vec<_> = lines.iter().map(|line| (line.today.selector.name(), line.becomes_short())).collect();
    assert_eq!(told, [("SCBA".to_owned(), true), ("MASK|SCBA".to_owned(), false)], "the choice takes the apparatus");
}

#[test]
fn the_lines_are_those_without_what_has_gone() {
    let half = |n: u128, time: &str, lines| count(n, shanghai(&format!("2026-11-{time}:00")), lines);
    let worlds = [
        world(10, vec![masks(4, "2026-12-01"), masks(5, "2026-12-10"), line(MASK, 2)]),
        // A conflict, and a second lot that one of them does not know.
        world(10, vec![masks(4, "2026-12-01")]).with_count(half(2, "23T08:10", vec![masks(9, "2026-12-05")])),
        // An inspection that found less until the own lot goes.
        World::new()
            .with_rule(rule("R1", MASK, rate(8, None)))
            .with_count(crate::count::Count {
                kind: crate::count::CountKind::Inspection,
                ..half(1, "20T08:00", vec![masks(5, "2027-01-31")])
            })
            .with_count(half(2, "21T08:00", vec![masks(9, "2026-12-05")])),
    ];
    for world in worlds {
        for (lot, lines) in expiring(&world, 3_650, true) {
            let expected = without_what_is_gone(&world, gone_on(lot.expires_on, today()));
            for line in lines {
                let other = expected.iter().find(|other| other.line == line.then.line).unwrap();
                let figures = |line: &Assessment| (line.usable, line.shortage, line.status, line.contested);
                assert_eq!(figures(&line.then), figures(other), "{lot:?}");
            }
        }
    }
}

#[test]
fn an_organization_that_is_not_active_has_lots_and_no_lines() {
    let mut world = world(10, vec![masks(4, "2026-12-01")]);
    world.records.organization.versions[0].value.active = false;
    let (_, lines) = expiring(&world, 30, false).remove(0);
    assert!(lines.is_empty());
}
