//! Days and instants: the day of an organization, and the correction of device clocks.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, TimeDelta, TimeZone, Timelike as _, Utc};
use chrono_tz::Tz;
use serde::Serializer;

/// The tolerated error of a device's clock; a larger one is corrected.
pub const CLOCK_TOLERANCE: TimeDelta = TimeDelta::seconds(30);

/// The zone of a region that sets none.
pub const DEFAULT_ZONE: Tz = chrono_tz::Asia::Shanghai;

/// The hour from which a clock that was set back may show the evening of a day that is already over.
const EVENING: u32 = 22;

/// The calendar day of an instant in a zone. A day that has ended does not begin again when clocks are set back over
/// midnight: the repeated part of its evening belongs to the next day.
pub fn local_day(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    let local = instant.with_timezone(&zone);
    let shown = local.date_naive();
    if local.hour() >= EVENING && end_of_day(shown, zone) <= instant {
        return shown.succ_opt().unwrap_or(shown);
    }
    shown
}

/// The first instant after a day in a zone; a midnight skipped by a clock change is the first instant that exists.
pub fn end_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let Some(midnight) = day.checked_add_days(Days::new(1)).and_then(|next| next.and_hms_opt(0, 0, 0)) else {
        return DateTime::<Utc>::MAX_UTC;
    };
    let quarter = TimeDelta::minutes(15);
    (0..=96)
        .find_map(|quarters| zone.from_local_datetime(&(midnight + quarter * quarters)).earliest())
        .map_or(DateTime::<Utc>::MAX_UTC, |local| local.with_timezone(&Utc))
}

/// The time of an observation, as the device stated it and as the server corrected it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Observed {
    /// The lag of the device's clock behind the server's at sending; `None` if the device did not state it.
    pub clock_offset: Option<TimeDelta>,
    /// The effective time of the observation, never later than its receipt.
    pub effective_at: DateTime<Utc>,
}

/// True if the clocks differed so much at sending that the device's time is corrected.
pub fn is_corrected(clock_offset: TimeDelta) -> bool {
    clock_offset.abs() > CLOCK_TOLERANCE
}

/// True if a count was made after it was received, by the device's clock as far as that was corrected.
pub fn is_ahead(counted_at: DateTime<Utc>, clock_offset: Option<TimeDelta>, received_at: DateTime<Utc>) -> bool {
    counted_at
        .checked_add_signed(correction(clock_offset))
        .is_none_or(|made_at| made_at - received_at > CLOCK_TOLERANCE)
}

/// The correction of a device's times: the lag of its clock, if that exceeds [`CLOCK_TOLERANCE`].
fn correction(clock_offset: Option<TimeDelta>) -> TimeDelta {
    clock_offset.filter(|offset| is_corrected(*offset)).unwrap_or_default()
}

/// Fixes the effective time of an observation at its first receipt: the device's time, corrected by the difference of
/// the clocks at sending if that exceeds [`CLOCK_TOLERANCE`], never later than the receipt, and not before 1970.
pub fn observe(counted_at: DateTime<Utc>, sent_at: Option<DateTime<Utc>>, received_at: DateTime<Utc>) -> Observed {
    let clock_offset = sent_at.map(|sent_at| received_at - sent_at);
    let corrected = counted_at.checked_add_signed(correction(clock_offset)).unwrap_or(received_at);
    Observed { clock_offset, effective_at: to_microseconds(corrected.min(received_at).max(DateTime::UNIX_EPOCH)) }
}

/// The instant cut to whole microseconds, the precision both databases keep.
pub fn to_microseconds(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
}

/// Writes an instant in RFC 3339 with `Z`, to the microsecond.
pub fn serialize_instant<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant.to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// Writes an instant like [`serialize_instant`], or null.
pub fn serialize_instant_option<S: Serializer>(
    instant: &Option<DateTime<Utc>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => serialize_instant(instant, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests;
