//! Keyed hashes, for values too short or too revealing for a plain hash.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The HMAC-SHA-256 of a text under a key.
pub fn hash(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    begun(key, text).finalize().into_bytes().into()
}

fn begun(key: &[u8; 32], text: &[u8]) -> Hmac<Sha256> {
    // HMAC pads the key with zeros to the block length of the hash.
    let mut block = [0; 64];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    Hmac::<Sha256>::new(&block.into()).chain_update(text)
}

/// A secret key for one purpose. Without it, the hashes in the database reveal nothing.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// Derives the key for a purpose from a secret.
    pub fn derive(secret: &[u8; 32], purpose: &str) -> Self {
        Self(hash(secret, purpose.as_bytes()))
    }

    /// The hash of a text.
    pub fn hash(&self, text: &str) -> Vec<u8> {
        self.hash_bytes(text.as_bytes()).to_vec()
    }

    /// The hash of some bytes: a secret of its own for them.
    pub fn hash_bytes(&self, bytes: &[u8]) -> [u8; 32] {
        hash(&self.0, bytes)
    }

    /// True for the first bytes of the hash of some bytes; compared in constant time.
    pub fn is_tag_of(&self, bytes: &[u8], tag: &[u8]) -> bool {
        begun(&self.0, bytes).verify_truncated_left(tag).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks RFC 4231, test case 1, whose key of 20 bytes HMAC pads with zeros.
    #[test]
    fn hashes_are_those_of_the_standard() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let hex: String = hash(&key, b"Hi There").iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    }

    #[test]
    fn each_purpose_has_a_key_of_its_own() {
        let secret = [7; 32];
        assert_ne!(SecretKey::derive(&secret, "one").hash("x"), SecretKey::derive(&secret, "other").hash("x"));
    }
}
