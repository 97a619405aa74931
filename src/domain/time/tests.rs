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
        // 30 December was left out.
        (chrono_tz::Pacific::Apia, "2011-12-29", "2011-12-30T10:00:00Z"),
    ];
    for (zone, of, end) in cases {
        assert_eq!(end_of_day(day(of), zone), utc(end), "{zone} {of}");
    }
    assert_eq!(end_of_day(NaiveDate::MAX, chrono_tz::Asia::Shanghai), DateTime::<Utc>::MAX_UTC);
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
