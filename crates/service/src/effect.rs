//! From which day a decision takes effect.

use chrono::{Datelike as _, NaiveDate};

use base::error::Error;
use text::messages::message;

/// Refuses a day that cannot be written as `YYYY-MM-DD`: both databases can hold the others.
///
/// # Errors
/// `Invalid` at the place given.
pub fn require_writable(day: Option<NaiveDate>, pointer: &'static str) -> Result<(), Error> {
    if day.is_none_or(|day| (1..=9999).contains(&day.year())) {
        return Ok(());
    }
    Err(Error::invalid(pointer, "out_of_range", message!("day-out-of-range")))
}

/// Decisions take effect today or later, unless they are sent as a correction, with a reason.
///
/// # Errors
/// `Invalid` for a day that is past, without a reason.
pub fn require_reason_for_past(day: NaiveDate, today: NaiveDate, reason: Option<&str>) -> Result<(), Error> {
    if day >= today || reason.is_some() {
        return Ok(());
    }
    let detail = message!("needs-correction-reason", day = day.to_string(), today = today.to_string());
    Err(Error::invalid("/valid_from", "needs_correction_reason", detail))
}
