//! Records: the forms in which facts are hashed into the chains and signed in receipts. They are frozen.
//!
//! A chain can be checked only if its bytes can be made again. So each record is a struct of its own, independent of
//! columns, API and current names: those change, and a record does not. Every form has its version, which is stored
//! beside each link, outside the signed bytes. A form is never edited: a new version is added beside it, and files in
//! `tests/golden` hold the bytes of each.

pub mod link;
pub mod v1;

use std::fmt;

use serde::Serialize;
use sha2::{Digest, Sha256};

use base::canonical;
use base::content::hexadecimal;

/// The version of the form of a link's record, of the link itself and of its receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordVersion {
    /// The first: see [`v1`].
    V1,
}

impl RecordVersion {
    /// All versions that were ever used.
    pub const ALL: [Self; 1] = [Self::V1];

    /// The version of new links.
    pub const CURRENT: Self = Self::V1;

    /// The number stored for the version.
    pub fn number(self) -> i64 {
        match self {
            Self::V1 => 1,
        }
    }

    /// The version for a stored number. Links from before versions were stored have no number, and are of version 1.
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
    canonical::to_vec(&serde_json::to_value(record)?)
}

/// SHA-256 of the RFC 8785 form of a record, in lower-case hexadecimal.
///
/// # Errors
/// Same as [`canonical()`].
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
