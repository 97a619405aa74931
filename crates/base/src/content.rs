//! The content of a request as it was sent, and the hash by which two requests are compared.

use sha2::{Digest, Sha256};

use super::canonical;
use super::i_json::is_i_json;

/// A body as it was sent. Two bodies are the same content if their RFC 8785 forms have the same SHA-256: white space,
/// the order of fields and the spelling of numbers do not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The bytes as they came.
    pub bytes: Vec<u8>,
    /// SHA-256 of the RFC 8785 form, in lower-case hexadecimal.
    pub sha256: String,
}

impl Content {
    /// The content of a JSON body.
    ///
    /// # Errors
    /// If the bytes are not JSON.
    pub fn of_json(bytes: Vec<u8>) -> Result<Self, serde_json::Error> {
        let value: serde_json::Value = serde_json::from_slice(&bytes)?;
        let canonical = canonical::to_vec(&value)?;
        Ok(Self { bytes, sha256: hexadecimal(&Sha256::digest(&canonical)) })
    }
}

impl Content {
    /// The content of a value that is written as JSON here.
    ///
    /// # Errors
    /// If it cannot be written as JSON.
    pub fn of(value: &impl serde::Serialize) -> Result<Self, serde_json::Error> {
        Self::of_json(serde_json::to_vec(value)?)
    }

    /// The content of JSON that nobody may have read before. Where not every reader takes it for the same
    /// ([`is_i_json`]), it has no canonical form.
    pub fn of_sent(bytes: Vec<u8>) -> Option<Self> {
        if is_i_json(&bytes) { Self::of_json(bytes).ok() } else { None }
    }

    /// The content of a body that has no canonical JSON form, such as one that ends in half a character: its hash is
    /// that of the raw bytes.
    pub fn of_bytes(bytes: Vec<u8>) -> Self {
        let sha256 = hexadecimal(&Sha256::digest(&bytes));
        Self { bytes, sha256 }
    }
}

/// Bytes in lower-case hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_change_the_content() {
        let one = Content::of_json(br#"{"a":1,"b":[2.50,"x"]}"#.to_vec()).unwrap();
        let other = Content::of_json(b"{ \"b\": [2.5, \"\\u0078\"],\n \"a\": 1.0 }".to_vec()).unwrap();
        assert_eq!(one.sha256, other.sha256);
        assert_ne!(one.bytes, other.bytes);
    }

    #[test]
    fn the_hash_is_that_of_the_canonical_form() {
        // printf '{"a":1}' | sha256sum
        let content = Content::of_json(br#" {"a": 1} "#.to_vec()).unwrap();
        assert_eq!(content.sha256, "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862");
    }
}
