//! Refresh tokens: what they are made of, and how one follows from the one before.
//!
//! A token has two halves of 256 random bits. The first names the family, which is one session, and stays; the second
//! changes with every rotation. Stored are only hashes, and a random salt: the successor is the HMAC of the second half
//! under the salt, so that a repeat with the same token works out the same successor, and whoever has only the database
//! can work out none. Whoever shows the first half with an outdated second one had a token of the family once: that is
//! how a copy is found out.

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
    /// The first token of a new family.
    pub fn generate() -> Self {
        Self { family: rand::random(), secret: rand::random() }
    }

    /// Reads a token as a client sends it; `None` for what is none.
    pub fn read(text: &str) -> Option<Self> {
        let bytes: [u8; 64] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (family, secret) = bytes.split_first_chunk::<32>()?;
        Some(Self { family: *family, secret: secret.try_into().ok()? })
    }

    /// What the family is found by.
    pub fn family_hash(&self) -> Vec<u8> {
        Sha256::digest(self.family).to_vec()
    }

    /// What this token of the family is known by.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    /// The token that follows this one under a salt.
    pub fn successor(&self, salt: &[u8; 32]) -> Self {
        Self { family: self.family, secret: keyed::hash(salt, &self.secret) }
    }

    /// Its text, for its holder only.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode([self.family, self.secret].concat())
    }
}

/// Not the token: what is written to logs is read by others.
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
