//! Refresh tokens: their structure, and the derivation of each from the one before.
//!
//! A token has two secrets of 256 random bits. The first names the family, which is one session, and stays the same; the
//! second changes with every rotation. Only hashes and a random salt are stored. The successor is the HMAC of the
//! second secret under the salt: repeating a token gives the same successor, and the database alone is not enough to
//! compute one. A known family with an outdated secret shows that the token was copied.
//!
//! Beside them a token carries its generation, the number of tokens of the family up to it, authenticated by a key outside the
//! database. A restored database may know only earlier tokens: a later one, which it never saw, is told by its generation
//! from one that was spent.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::keyed::{self, SecretKey};

/// The length of a token as text: 88 bytes in base64url without padding.
pub const LENGTH: usize = 118;

/// The bytes of a family's name and of a token's secret. Tokens of earlier versions have no more.
const SECRETS: usize = 64;

/// The bytes of a generation.
const GENERATION: usize = 8;

/// The bytes that authenticate a generation.
const TAG: usize = 16;

/// The keys that authenticate generations: those of all instances that share the folder of keys, and earlier ones.
#[derive(Clone)]
pub struct RefreshKeys {
    /// The key of new tokens.
    pub signing: SecretKey,
    /// The keys of tokens that are still taken.
    pub checking: Vec<SecretKey>,
}

/// A refresh token.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    family: [u8; 32],
    secret: [u8; 32],
    /// The number of tokens of the family up to this; 0 if that is not authenticated.
    generation: i64,
}

impl RefreshToken {
    /// Generates the first token of a new family.
    pub fn generate() -> Self {
        Self { family: rand::random(), secret: rand::random(), generation: 1 }
    }

    /// Derives the first token of a family from a secret seed: the same for a sign-in that is repeated.
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        Self { family: keyed::hash(seed, b"family"), secret: keyed::hash(seed, b"secret"), generation: 1 }
    }

    /// Reads a token as a client sends it; `None` if the text is not one.
    pub fn read(text: &str, keys: &RefreshKeys) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (secrets, rest) = bytes.split_at_checked(SECRETS)?;
        let (family, secret) = secrets.split_first_chunk::<32>()?;
        let token = Self { family: *family, secret: secret.try_into().ok()?, generation: 0 };
        if rest.is_empty() {
            return Some(token);
        }
        let (generation, tag) = rest.split_first_chunk::<GENERATION>()?;
        let tag: [u8; TAG] = tag.try_into().ok()?;
        let told = Self { generation: i64::from_be_bytes(*generation), ..token.clone() };
        let is_genuine = keys.checking.iter().any(|key| key.is_tag_of(&told.authenticated(), &tag));
        Some(if is_genuine { told } else { token })
    }

    /// The hash by which the family is found.
    pub fn family_hash(&self) -> Vec<u8> {
        Sha256::digest(self.family).to_vec()
    }

    /// The hash by which this token of the family is recognized.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    /// The number of tokens of the family up to this; 0 where nothing authenticates it.
    pub fn generation(&self) -> i64 {
        self.generation
    }

    /// The hash of the key with which a client sends this token. It depends on nothing but the token, so that a repeat is
    /// recognized even after the service's keys were replaced.
    pub fn key_hash(&self, key: &str) -> Vec<u8> {
        keyed::hash(&self.secret, key.as_bytes()).to_vec()
    }

    /// The token that follows this one, given the salt.
    pub fn successor(&self, salt: &[u8; 32]) -> Self {
        let generation = self.generation.saturating_add(1);
        Self { family: self.family, secret: keyed::hash(salt, &self.secret), generation }
    }

    /// The text of the token, for its holder only.
    pub fn reveal(&self, keys: &RefreshKeys) -> String {
        let told = self.authenticated();
        let tag = keys.signing.hash_bytes(&told);
        URL_SAFE_NO_PAD.encode([told.as_slice(), tag.get(..TAG).unwrap_or_default()].concat())
    }

    fn authenticated(&self) -> Vec<u8> {
        [self.family.as_slice(), &self.secret, &self.generation.to_be_bytes()].concat()
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

    fn keys(seeds: &[u8]) -> RefreshKeys {
        let checking: Vec<SecretKey> =
            seeds.iter().map(|seed| SecretKey::derive(&[*seed; 32], "refresh tokens")).collect();
        RefreshKeys { signing: checking[0].clone(), checking }
    }

    #[test]
    fn a_token_is_read_as_it_was_written() {
        let (token, keys) = (RefreshToken::generate(), keys(&[1]));
        assert_eq!(token.reveal(&keys).len(), LENGTH);
        assert_eq!(RefreshToken::read(&token.reveal(&keys), &keys), Some(token));
        for text in ["", "abc", &"A".repeat(85), &"A".repeat(87), &"=".repeat(86), &"A".repeat(117), &"A".repeat(119)] {
            assert_eq!(RefreshToken::read(text, &keys), None, "{text}");
        }
    }

    #[test]
    fn a_generation_counts_only_with_the_tag_of_a_key() {
        let token = RefreshToken::generate().successor(&rand::random());
        assert_eq!(token.generation(), 2);
        let text = token.reveal(&keys(&[1]));
        for (seeds, generation) in [(vec![1], 2), (vec![2, 1], 2), (vec![2], 0)] {
            let read = RefreshToken::read(&text, &keys(&seeds)).unwrap();
            assert_eq!((read.generation(), read.hash()), (generation, token.hash()), "{seeds:?}");
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(&text).unwrap();
        bytes[SECRETS + GENERATION - 1] += 1;
        let raised = RefreshToken::read(&URL_SAFE_NO_PAD.encode(&bytes), &keys(&[1])).unwrap();
        assert_eq!(raised.generation(), 0);
        // One of an earlier version has none.
        let old = RefreshToken::read(&URL_SAFE_NO_PAD.encode(&bytes[..SECRETS]), &keys(&[1])).unwrap();
        assert_eq!((old.generation(), old.hash()), (0, token.hash()));
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
