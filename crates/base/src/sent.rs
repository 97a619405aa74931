//! Ids, days and instants as they are sent: only as RFC 9562 and RFC 3339 write them. The readers of `uuid` and `chrono`
//! take more, such as `2027-1-1` or a UUID in braces, which other programs that read the same text would not.

use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// A kind of value that is sent as text.
pub trait Sent: Sized {
    /// The kind, in the words by which faults are told.
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

/// Reads a value; `None` for a text that is none.
pub fn read<T: Sent>(text: &str) -> Option<T> {
    T::read(text)
}

/// For `deserialize_with` of a value.
///
/// # Errors
/// Those of the format, and what is expected.
pub fn value<'de, T: Sent, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    from.deserialize_str(Reader(PhantomData))
}

/// For `deserialize_with` of a value that may be missing.
///
/// # Errors
/// Those of the format, and what is expected.
pub fn optional<'de, T: Sent, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<Strict<T>>::deserialize(from)?.map(|Strict(value)| value))
}

/// A value that is read only as its standard writes it.
struct Strict<T>(T);

impl<'de, T: Sent> Deserialize<'de> for Strict<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        value(from).map(Self)
    }
}

struct Reader<T>(PhantomData<T>);

impl<T: Sent> Visitor<'_> for Reader<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::read(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
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
            assert_eq!(read::<Uuid>(text).is_some(), is_one, "{text}");
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
            assert_eq!(read::<NaiveDate>(text).is_some(), is_one, "{text}");
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
            assert_eq!(read::<DateTime<Utc>>(text).is_some(), is_one, "{text}");
        }
    }
}
