//! Secrets of clients and devices: 256 random bits, which cannot be guessed, so that a plain hash is enough to hide them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::keyed;

/// The length of a secret as text: 32 bytes in base64url without padding.
pub const LENGTH: usize = 43;

/// The secret of a client or a device.
#[derive(Clone, PartialEq, Eq)]
pub struct RandomSecret([u8; 32]);

impl RandomSecret {
    /// Generates a secret.
    pub fn generate() -> Self {
        Self(rand::random())
    }

    /// Derives a secret from a seed, which must itself be secret.
    pub fn of_seed(seed: &[u8; 32]) -> Self {
        Self(keyed::hash(seed, b"device"))
    }

    /// Reads a secret as a client sends it; `None` if the text is not one.
    pub fn read(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// The hash that is stored.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0).to_vec()
    }

    /// The text of the secret, for its holder only.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }
}

/// Hides the secret, because logs are read by others.
impl fmt::Debug for RandomSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_as_it_was_written() {
        let secret = RandomSecret::generate();
        assert_eq!(secret.reveal().len(), LENGTH);
        assert_eq!(RandomSecret::read(&secret.reveal()).map(|read| read.hash()), Some(secret.hash()));
        assert_ne!(secret.hash(), RandomSecret::generate().hash());
        for text in ["", "abc", &"A".repeat(42), &"A".repeat(44), &"=".repeat(43), &"é".repeat(43)] {
            assert_eq!(RandomSecret::read(text), None, "{text}");
        }
    }
}
