//! The one-time code with which the operator of the service creates the first account.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

use base::crockford;

/// The lifetime of a code.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// The number of groups of four letters in a code: 140 bits.
const GROUPS: usize = 7;

/// A code as people read and type it. It is shown once and not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupCode(String);

/// SHA-256 of a code. A code has too many bits to be guessed, so no slow hash is needed.
pub type CodeHash = [u8; 32];

impl SetupCode {
    /// Generates a code.
    pub fn generate() -> Self {
        let group = || -> String { (0..4).map(|_| crockford::letter(rand::random())).collect() };
        Self((0..GROUPS).map(|_| group()).collect::<Vec<_>>().join("-"))
    }

    /// The text of the code, to be shown.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The hash that is stored.
    pub fn hash(&self) -> CodeHash {
        hash(&self.0)
    }
}

/// The stored hash of a code as somebody typed it: hyphens, spaces and case do not matter, and O is read as 0, I and L
/// as 1.
pub fn hash(typed: &str) -> CodeHash {
    Sha256::digest(format!("muster setup code {}", crockford::read(typed))).into()
}

/// True for equal hashes; takes the same time for any two that differ.
pub fn is_same(one: &CodeHash, other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |differing, (one, other)| differing | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = SetupCode::generate();
        assert_eq!(code.reveal().split('-').map(str::len).collect::<Vec<_>>(), [4; GROUPS]);
        assert!(is_same(&code.hash(), &hash(&code.reveal().to_lowercase().replace('-', " "))));
        assert!(!is_same(&code.hash(), &SetupCode::generate().hash()));
        assert!(!is_same(&code.hash(), &code.hash()[..31]));
        assert_eq!(hash("O0-iIlL1"), hash("0011 111"));
    }
}
