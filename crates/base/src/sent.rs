//! Ids, days and instants as they are sent: only as RFC 9562 and RFC 3339 write them. The readers of `uuid` and `chrono`
//! take more, such as `2027-1-1` or a UUID in braces, which other programs that read the same text would not.

use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, Utc};
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// A kind of value that is sent as text.
trait Sent: Sized {
    /// What is expected, in the words by which faults are told.
    const EXPECTED: &'static str;

    /// Reads a value; `None` for a text that is none.
    fn read(text: &str) -> Option<Self>;
}

impl Sent for Uuid {
    const EXPECTED: &'static str = "a UUID";

    fn read(text: &str) -> Option<Self> {
        text.parse::<Hyphenated>().ok().map(Hyphenated::into_uuid)
    }
}

impl Sent for NaiveDate {
    const EXPECTED: &'static str = "a date";

    fn read(text: &str) -> Option<Self> {
        (text.len() == "2026-01-01".len() && is_digits_and(text, b"-")).then(|| text.parse().ok()).flatten()
    }
}

impl Sent for DateTime<Utc> {
    const EXPECTED: &'static str = "a date and time";

    fn read(text: &str) -> Option<Self> {
        // A blank between the day and the time is a habit that RFC 3339 mentions, and its grammar does not have.
        let is_written = text.len() <= LONGEST_INSTANT && is_digits_and(text, b"-+:.TtZz");
        is_written.then(|| DateTime::parse_from_rfc3339(text).ok()).flatten().map(|instant| instant.to_utc())
    }
}

/// The maximum length of an instant, in characters: nanoseconds and an offset.
const LONGEST_INSTANT: usize = "2026-01-01T00:00:00.000000000+00:00".len();

fn is_digits_and(text: &str, others: &[u8]) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || others.contains(&byte))
}

/// Reads an id; `None` for anything but 36 characters of hexadecimal digits and hyphens.
pub fn read_id(text: &str) -> Option<Uuid> {
    Sent::read(text)
}

/// Reads an instant; `None` for anything but RFC 3339's grammar.
pub fn read_instant(text: &str) -> Option<DateTime<Utc>> {
    Sent::read(text)
}

/// True if a text is a day, as RFC 3339 writes a full date.
pub fn is_day(text: &str) -> bool {
    NaiveDate::read(text).is_some()
}

/// True if a text is an instant, as RFC 3339 writes it.
pub fn is_instant(text: &str) -> bool {
    read_instant(text).is_some()
}

/// For `deserialize_with` of an id.
///
/// # Errors
/// Those of the format, and `a UUID` expected.
pub fn id<'de, D: Deserializer<'de>>(from: D) -> Result<Uuid, D::Error> {
    from.deserialize_str(One(PhantomData))
}

/// For `deserialize_with` of an id that may be missing.
///
/// # Errors
/// Those of the format, and `a UUID` expected.
pub fn optional_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Uuid>, D::Error> {
    from.deserialize_option(Perhaps(PhantomData))
}

/// For `deserialize_with` of a day.
///
/// # Errors
/// Those of the format, and `a date` expected.
pub fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    from.deserialize_str(One(PhantomData))
}

/// For `deserialize_with` of a day that may be missing.
///
/// # Errors
/// Those of the format, and `a date` expected.
pub fn optional_day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    from.deserialize_option(Perhaps(PhantomData))
}

/// For `deserialize_with` of an instant.
///
/// # Errors
/// Those of the format, and `a date and time` expected.
pub fn instant<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    from.deserialize_str(One(PhantomData))
}

/// For `deserialize_with` of an instant that may be missing.
///
/// # Errors
/// Those of the format, and `a date and time` expected.
pub fn optional_instant<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    from.deserialize_option(Perhaps(PhantomData))
}

/// Reads a value.
struct One<T>(PhantomData<T>);

impl<T: Sent> Visitor<'_> for One<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// Reads a value that may be missing.
struct Perhaps<T>(PhantomData<T>);

impl<'de, T: Sent> Visitor<'de> for Perhaps<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Option<T>, D::Error> {
        from.deserialize_str(One(PhantomData)).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_only_as_their_standards_write_them() {
        let ids = [
            ("0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b1c", true),
            ("0198F5A2-7C11-7C3E-9F0A-1F1E5A0F6B1C", true),
            ("0198f5a27c117c3e9f0a1f1e5a0f6b1c", false),
            ("{0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b1c}", false),
            ("urn:uuid:0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b1c", false),
            ("0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b1", false),
            (" 0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b1", false),
            ("", false),
        ];
        for (text, is_one) in ids {
            assert_eq!(read_id(text).is_some(), is_one, "{text}");
        }
        let days = [
            ("2027-01-01", true),
            ("2028-02-29", true),
            ("2027-02-29", false),
            ("2027-1-1", false),
            ("2027-1-001", false),
            (" 2027-1-01", false),
            ("2027-01- 1", false),
            ("+2027-1-01", false),
            ("20270101", false),
            ("", false),
        ];
        for (text, is_one) in days {
            assert_eq!(is_day(text), is_one, "{text}");
        }
        let instants = [
            ("2027-01-01T00:00:00Z", true),
            ("2027-01-01t00:00:00z", true),
            ("2027-01-01T08:00:00.123456789+08:00", true),
            ("2027-01-01 00:00:00Z", false),
            ("2027-01-01T00:00:00", false),
            ("2027-01-01T00:00Z", false),
            ("2027-1-1T00:00:00Z", false),
            ("2027-01-01T00:00:00 Z", false),
            ("2027-01-01T24:00:00Z", false),
            ("2027-01-01", false),
            ("2027-01-01T08:00:00.1234567890+08:00", false),
            ("", false),
        ];
        for (text, is_one) in instants {
            assert_eq!(is_instant(text), is_one, "{text}");
        }
    }
}
