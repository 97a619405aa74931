use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::{end_of_day, local_day, observe};

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_day_ends_at_its_midnight_or_at_the_first_instant_after_a_skipped_one() {
    let cases = [
        (chrono_tz::Asia::Shanghai, "2026-11-23", "2026-11-23T16:00:00Z"),
        (chrono_tz::UTC, "2026-12-31", "2027-01-01T00:00:00Z"),
        // Clocks went from 24:00 to 01:00.
        (chrono_tz::Asia::Beirut, "2022-03-26", "2022-03-26T22:00:00Z"),
        // 30 December was skipped.
        (chrono_tz::Pacific::Apia, "2011-12-29", "2011-12-30T10:00:00Z"),
    ];
    for (zone, of, end) in cases {
        assert_eq!(end_of_day(day(of), zone), utc(end), "{zone} {of}");
    }
    assert_eq!(end_of_day(NaiveDate::MAX, chrono_tz::Asia::Shanghai), DateTime::<Utc>::MAX_UTC);
}

/// Every minute of some days, as a wall clock shows them: the day is the latest that the clock has shown so far.
#[test]
fn days_are_those_that_a_clock_on_the_wall_shows_minute_by_minute() {
    use chrono_tz::{America, Antarctica, Asia, Australia, Pacific};
    let cases = [
        (Asia::Shanghai, "2026-11-22"),
        (Asia::Shanghai, "2028-02-28"),
        (Asia::Shanghai, "1986-05-03"),
        (Asia::Urumqi, "2026-12-30"),
        // Half an hour off, clocks forward at two and back at two; until 2011 a minute after midnight.
        (America::St_Johns, "2026-03-07"),
        (America::St_Johns, "2026-10-31"),
        (America::St_Johns, "2010-03-13"),
        (America::St_Johns, "2010-11-06"),
        (Pacific::Kiritimati, "2027-02-27"),
        (Pacific::Kiritimati, "2026-12-30"),
        // 1 January 1995 was skipped.
        (Pacific::Kiritimati, "1994-12-30"),
        (Pacific::Apia, "2011-12-28"),
        (Asia::Beirut, "2022-03-25"),
        (Asia::Beirut, "2022-10-29"),
        (America::Havana, "2026-03-07"),
        (America::Havana, "2026-10-31"),
        (America::Sao_Paulo, "2018-11-03"),
        (America::Sao_Paulo, "2018-02-17"),
        (America::Asuncion, "2023-10-01"),
        (Australia::Lord_Howe, "2026-04-04"),
        (Antarctica::Troll, "2026-03-28"),
    ];
    for (zone, first) in cases {
        let zone: Tz = zone;
        let begin = end_of_day(day(first) - TimeDelta::days(2), zone);
        let (mut shown, mut turns) = (NaiveDate::MIN, Vec::new());
        for minute in 0..4 * 24 * 60 {
            let instant = begin + TimeDelta::minutes(minute);
            let on_the_wall = instant.with_timezone(&zone).date_naive();
            if on_the_wall > shown {
                turns.push((shown, instant));
                shown = on_the_wall;
            }
            assert_eq!(local_day(instant, zone), shown, "{zone} {instant}");
        }
        assert!(turns.len() >= 3, "{zone} {first}");
        for (over, instant) in turns.into_iter().skip(1) {
            assert_eq!(end_of_day(over, zone), instant, "{zone} {over}");
        }
    }
}

proptest! {
    #[test]
    fn an_instant_is_before_the_end_of_a_day_when_its_own_day_is_not_later(
        zone in prop::sample::select(vec![
            chrono_tz::Asia::Shanghai,
            chrono_tz::Asia::Urumqi,
            chrono_tz::Asia::Beirut,
            chrono_tz::America::Havana,
            chrono_tz::America::Sao_Paulo,
            chrono_tz::Pacific::Apia,
            chrono_tz::America::St_Johns,
            chrono_tz::Pacific::Kiritimati,
        ]),
        hours in 0..350_000_i64,
        quarter in 0..4_i64,
        days in -1..=1_i64,
    ) {
        let zone: Tz = zone;
        let instant = utc("1990-01-01T00:00:00Z") + TimeDelta::hours(hours) + TimeDelta::minutes(15 * quarter);
        let of = local_day(instant, zone) + TimeDelta::days(days);
        prop_assert_eq!(instant < end_of_day(of, zone), local_day(instant, zone) <= of);
    }
}

#[test]
fn a_clock_is_corrected_beyond_half_a_minute_and_nothing_is_from_the_future() {
    let (counted, received) = (utc("2026-11-23T08:00:00Z"), utc("2026-11-23T12:00:00Z"));
    let effective = |sent: Option<&str>| observe(counted, sent.map(utc), received).effective_at;
    assert_eq!(effective(None), counted);
    assert_eq!(effective(Some("2026-11-23T11:59:30Z")), counted, "half a minute behind is believed");
    assert_eq!(effective(Some("2026-11-23T11:59:29Z")), counted + TimeDelta::seconds(31));
    assert_eq!(effective(Some("2026-11-23T13:00:00Z")), counted - TimeDelta::hours(1));
    assert_eq!(effective(Some("2026-11-23T07:00:00Z")), received, "corrected, it would lie after its receipt");
    assert_eq!(observe(received + TimeDelta::days(1), None, received).effective_at, received);
}
