//! OrganizationData: what is hashed into the chains and signed in receipts, in forms that are frozen.
//!
//! A chain holds only as long as its bytes can be made again. So a record is a struct of its own, which owes nothing to
//! columns, to the API or to the words of today: those change, and it does not. Every form has its version, which is stored
//! beside each link, outside the signed bytes. A form is never edited: another is put beside it as a new version, and files
//! in `tests/golden` hold the bytes of each.

pub mod link;
pub mod v1;

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use base::content::hexadecimal;

/// The version of the form that a link's record, the link itself and its receipt have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordVersion {
    /// The first: see [`v1`].
    V1,
}

impl RecordVersion {
    /// All that were ever used.
    pub const ALL: [Self; 1] = [Self::V1];

    /// The version of new links.
    pub const CURRENT: Self = Self::V1;

    /// The number under which it is stored.
    pub fn number(self) -> i64 {
        match self {
            Self::V1 => 1,
        }
    }

    /// The version of a stored number; links from before versions were stored have none, and are of the first.
    ///
    /// # Errors
    /// If this program does not know that version.
    pub fn of_stored(number: Option<i64>) -> Result<Self, UnknownVersion> {
        let Some(number) = number else { return Ok(Self::V1) };
        Self::ALL.into_iter().find(|version| version.number() == number).ok_or(UnknownVersion(number))
    }
}

/// A version that this program does not know: a newer one wrote the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownVersion(pub i64);

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its record is of version {}, which this program does not know", self.0)
    }
}

/// The RFC 8785 form of a record.
///
/// # Errors
/// If the record cannot be written as JSON, which its values cannot cause.
pub fn canonical<T: Serialize>(record: &T) -> Result<Vec<u8>, serde_json::Error> {
    // By way of JSON's own values: quantities write themselves as raw numbers, which the canonical form is not made from.
    let value: serde_json::Value = serde_json::from_slice(&serde_json::to_vec(record)?)?;
    serde_json_canonicalizer::to_vec(&value)
}

/// SHA-256 of the RFC 8785 form of a record, in lower-case hexadecimal.
///
/// # Errors
/// As [`canonical`].
pub fn digest<T: Serialize>(record: &T) -> Result<String, serde_json::Error> {
    Ok(hash(&canonical(record)?))
}

/// SHA-256 of the bytes of a record, in lower-case hexadecimal.
pub fn hash(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_without_a_version_is_of_the_first() {
        assert_eq!(RecordVersion::of_stored(None), Ok(RecordVersion::V1));
        for version in RecordVersion::ALL {
            assert_eq!(RecordVersion::of_stored(Some(version.number())), Ok(version));
        }
        assert_eq!(RecordVersion::of_stored(Some(99)), Err(UnknownVersion(99)));
        assert_eq!(RecordVersion::ALL.last(), Some(&RecordVersion::CURRENT));
    }
}
