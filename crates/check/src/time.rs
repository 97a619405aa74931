//! Days and instants of explanations.

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;

use crate::value::{Read, Unreadable};

/// Reads a day.
pub fn day(text: &str) -> Read<NaiveDate> {
    let day: NaiveDate = text.parse().map_err(|_| Unreadable("day"))?;
    if day.to_string() == text { Ok(day) } else { Err(Unreadable("day")) }
}

/// Reads an instant to the microsecond, in UTC.
pub fn instant(text: &str) -> Read<DateTime<Utc>> {
    let is_exact = text.len() == 27 && text.ends_with('Z');
    text.parse().ok().filter(|_| is_exact).ok_or(Unreadable("instant"))
}

/// The day so many days later, or the end of the calendar.
pub fn later(day: NaiveDate, days: i128) -> NaiveDate {
    let size = Days::new(u64::try_from(days.unsigned_abs()).unwrap_or(u64::MAX));
    let (moved, end) = if days < 0 {
        (day.checked_sub_days(size), NaiveDate::MIN)
    } else {
        (day.checked_add_days(size), NaiveDate::MAX)
    };
    moved.unwrap_or(end)
}

/// The same day so many months on, the month's last where there is none; `None` beyond the calendar.
pub fn months_later(day: NaiveDate, months: i128) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(u32::try_from(months).ok()?))
}

/// Reads a zone.
pub fn zone(name: &str) -> Read<Tz> {
    name.parse().map_err(|_| Unreadable("zone"))
}

/// The day of an instant: each ends at the first instant of the next, and none is repeated.
pub fn day_of(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let local = instant.with_timezone(&zone);
    let day = local.date_naive();
    // Clocks that are set back over midnight show the evening again.
    if local.hour() >= 22 && end_of(day, zone).is_some_and(|end| end <= instant) { later(day, 1) } else { day }
}

/// The first instant after a day.
fn end_of(day: NaiveDate, zone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.succ_opt()?.and_hms_opt(0, 0, 0)?;
    (0..=96)
        .find_map(|quarters| zone.from_local_datetime(&(midnight + TimeDelta::minutes(15 * quarters))).earliest())
        .map(|local| local.with_timezone(&Utc))
}
