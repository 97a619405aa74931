//! Enrolments: codes that sign a device in once, without a password.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use base::crockford;
use base::id::{AccountId, DeviceId, EnrolmentId};

/// The lifetime of a code whose maker sets none: until the same time tomorrow.
pub const DEFAULT_VALIDITY: TimeDelta = TimeDelta::hours(24);

/// The number of letters in a code: 50 bits, too many to guess at the permitted rate.
const LENGTH: usize = 10;

/// The length of each of the two groups in which a code is shown.
const GROUP: usize = 5;

/// A code as its holder types it: ten letters and digits. Only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct EnrolmentCode(String);

impl EnrolmentCode {
    /// Makes a code from random bits, of which the lowest 50 are used.
    pub fn of_bits(bits: u64) -> Self {
        let letter = |place: usize| crockford::letter(u8::try_from((bits >> (5 * place)) & 31).unwrap_or(0));
        Self((0..LENGTH).map(letter).collect())
    }

    /// Reads typed text: case, blanks and hyphens do not matter, and letters that look like digits are read as digits.
    /// `None` if it cannot be a code.
    pub fn read(typed: &str) -> Option<Self> {
        let letters = crockford::read(typed);
        let is_code = letters.len() == LENGTH && letters.chars().all(crockford::is_letter);
        is_code.then_some(Self(letters))
    }

    /// The letters without a break, as they are hashed.
    pub fn letters(&self) -> &str {
        &self.0
    }
}

/// Formats the code in two groups, for people.
impl fmt::Display for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (one, other) = self.0.split_at_checked(GROUP).unwrap_or((&self.0, ""));
        write!(f, "{one}-{other}")
    }
}

/// Hides the code, because logs are read by others.
impl fmt::Debug for EnrolmentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EnrolmentCode(..)")
    }
}

/// An enrolment, without its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Its id.
    pub id: EnrolmentId,
    /// The account it signs in to.
    pub account: AccountId,
    /// A note by its maker.
    pub note: Option<String>,
    /// The time of creation.
    pub created_at: DateTime<Utc>,
    /// The time until which it may be used.
    pub expires_at: DateTime<Utc>,
    /// The time it was used.
    pub used_at: Option<DateTime<Utc>>,
    /// The device that used it.
    pub device: Option<DeviceId>,
    /// The time it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Enrolment {
    /// True if its code may still be used.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.used_at.is_none() && self.withdrawn_at.is_none() && now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = EnrolmentCode::of_bits(0x1_2345_6789_ABCD);
        for typed in [code.to_string(), code.to_string().to_lowercase(), format!(" {} ", code.letters())] {
            assert_eq!(EnrolmentCode::read(&typed).as_ref(), Some(&code), "{typed}");
        }
        let alike = EnrolmentCode::read("oOiIl-LZZZZ").unwrap();
        assert_eq!(alike.to_string(), "00111-1ZZZZ");
    }

    #[test]
    fn what_can_be_no_code_is_none() {
        for typed in ["", "ABCDE", "ABCDE-ABCDEF", "ABCDE-ABCDU", "鞋鞋鞋鞋鞋鞋鞋鞋鞋鞋"] {
            assert_eq!(EnrolmentCode::read(typed), None, "{typed}");
        }
    }

    #[test]
    fn all_fifty_bits_tell_codes_apart() {
        let codes: std::collections::BTreeSet<String> =
            (0..50).map(|bit| EnrolmentCode::of_bits(1 << bit).to_string()).collect();
        assert_eq!(codes.len(), 50);
        assert_eq!(EnrolmentCode::of_bits(1 << 50), EnrolmentCode::of_bits(0));
    }
}
