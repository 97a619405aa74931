//! The one-time code with which the operator of the service creates the first account.

use chrono::TimeDelta;
use sha2::{Digest, Sha256};

/// The lifetime of a code.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// Crockford's base 32: no letter that can be mistaken for another letter or a digit.
const SYMBOLS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M', 'N', 'P',
    'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// The number of groups of four symbols in a code: 140 bits.
const GROUPS: usize = 7;

/// A code as people read and type it. It is shown once and not kept.
#[derive(Clone, PartialEq, Eq)]
pub struct SetupCode(String);

/// SHA-256 of a code. A code has too many bits to be guessed, so no slow hash is needed.
pub type CodeHash = [u8; 32];

impl SetupCode {
    /// Generates a code.
    pub fn generate() -> Self {
        let symbol = || SYMBOLS.get(usize::from(rand::random::<u8>() % 32)).copied().unwrap_or('0');
        let group = || -> String { (0..4).map(|_| symbol()).collect() };
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

/// The hash of a code as somebody typed it: hyphens, spaces and case do not matter, and O is read as 0, I and L as 1.
pub fn hash(typed: &str) -> CodeHash {
    let read: String = typed
        .chars()
        .filter(|letter| !letter.is_whitespace() && *letter != '-')
        .map(|letter| match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    Sha256::digest(format!("muster setup code {read}")).into()
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
