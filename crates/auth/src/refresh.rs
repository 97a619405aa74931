//! Refresh tokens: their structure, and the derivation of each from the one before.
//!
//! A token has two halves of 256 random bits. The first names the family, which is one session, and stays the same; the
//! second changes with every rotation. Only hashes and a random salt are stored. The successor is the HMAC of the
//! second half under the salt: repeating a token gives the same successor, and the database alone is not enough to
//! compute one. A known first half with an outdated second half shows that the token was copied.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::keyed;

/// The length of a token as text: 64 bytes in base64url without padding.
pub const LENGTH: usize = 86;

/// A refresh token.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    family: [u8; 32],
    secret: [u8; 32],
}

impl RefreshToken {
    /// Generates the first token of a new family.
    pub fn generate() -> Self {
        Self { family: rand::random(), secret: rand::random() }
    }

    /// Derives the first token of a family from a secret seed: the same for a sign-in that is repeated.
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        Self { family: keyed::hash(seed, b"family"), secret: keyed::hash(seed, b"secret") }
    }

    /// Reads a token as a client sends it; `None` if the text is not one.
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 64] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (family, secret) = bytes.split_first_chunk::<32>()?;
        Some(Self { family: *family, secret: secret.try_into().ok()? })
    }

    /// The hash by which the family is found.
    pub fn family_hash(&self) -> Vec<u8> {
        Sha256::digest(self.family).to_vec()
    }

    /// The hash by which this token of the family is recognized.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    /// The hash of the key with which a client sends this token. It depends on nothing but the token, so that a repeat is
    /// recognized even after the service's keys were replaced.
    pub fn key_hash(&self, key: &str) -> Vec<u8> {
        keyed::hash(&self.secret, key.as_bytes()).to_vec()
    }

    /// The token that follows this one, given the salt.
    pub fn successor(&self, salt: &[u8; 32]) -> Self {
        Self { family: self.family, secret: keyed::hash(salt, &self.secret) }
    }

    /// The text of the token, for its holder only.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode([self.family, self.secret].concat())
    }
}

/// Hides the token, because logs are read by others.
impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let token = RefreshToken::generate();
        assert_eq!(token.reveal().len(), LENGTH);
        assert_eq!(RefreshToken::read(&token.reveal()), Some(token));
        for text in ["", "abc", &"A".repeat(85), &"A".repeat(87), &"=".repeat(86)] {
            assert_eq!(RefreshToken::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_successor_follows_from_token_and_salt_and_stays_in_the_family() {
        let (token, salt) = (RefreshToken::generate(), rand::random());
        let successor = token.successor(&salt);
        assert_eq!(successor, token.successor(&salt));
        assert_ne!(successor, token.successor(&rand::random()));
        assert_eq!(successor.family_hash(), token.family_hash());
        assert_ne!(successor.hash(), token.hash());
    }
}
