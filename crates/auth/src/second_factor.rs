//! Second factors: the codes of an authenticator app (RFC 6238), and recovery codes for a lost app.
//!
//! The secret of an app is derived from a stored seed and a key of the folder of keys, so the database alone reveals no
//! secret.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Totp};

use super::keyed::SecretKey;
use super::tokens::TokenKeys;
use base::error::Error;
use base::id::AccountId;
use domain::enrolment::EnrolmentCode;

/// The name under which an app lists its codes.
const ISSUER: &str = "Muster";

/// The seconds for which a code is valid. Authenticator apps reliably support only this number, six digits and SHA-1.
const STEP: u64 = 30;

/// The number of recovery codes.
const RECOVERY_CODES: usize = 10;

/// The seed of a secret, as stored, with the key from which the secret is derived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The seed; it reveals nothing without the key.
    pub bytes: Vec<u8>,
    /// The id of the key.
    pub key_id: String,
}

impl Seed {
    /// Generates a seed for the key that signs now.
    pub fn generate(keys: &TokenKeys) -> Self {
        Self { bytes: rand::random::<[u8; 32]>().to_vec(), key_id: keys.key_id().to_owned() }
    }

    fn key(&self, keys: &TokenKeys, purpose: &str) -> Result<SecretKey, Error> {
        let missing = Error::Internal("the key of a second factor is not in the folder of keys", None);
        keys.secret_key_of(&self.key_id, purpose).ok_or(missing)
    }

    /// The authenticator of an account.
    ///
    /// # Errors
    /// If the key is no longer in the folder of keys.
    pub fn authenticator(&self, keys: &TokenKeys, username: &str) -> Result<Authenticator, Error> {
        let secret = self.key(keys, "second factors")?.hash_bytes(&self.bytes);
        // 160 bits, as RFC 4226 recommends for SHA-1.
        let secret: Vec<u8> = secret.into_iter().take(20).collect();
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_skew(1)
            .with_step_duration(STEP)
            .with_secret(secret)
            .with_issuer(Some(ISSUER))
            // A colon separates issuer and name in the URI.
            .with_account_name(username.replace(':', "_"))
            .build()
            .map_err(|error| Error::internal("an authenticator cannot be made", error))?;
        Ok(Authenticator(totp))
    }

    /// The stored hash of a recovery code of an account.
    ///
    /// # Errors
    /// If the key is no longer in the folder of keys.
    pub fn recovery_hash(&self, keys: &TokenKeys, account: AccountId, code: &EnrolmentCode) -> Result<Vec<u8>, Error> {
        Ok(self.key(keys, "recovery codes")?.hash(&format!("{account} {}", code.letters())))
    }
}

/// Generates the recovery codes of an account.
pub fn recovery_codes() -> Vec<EnrolmentCode> {
    (0..RECOVERY_CODES).map(|_| EnrolmentCode::of_bits(rand::random())).collect()
}

/// The secret that an authenticator app shares with the service.
pub struct Authenticator(Totp);

impl Authenticator {
    /// The secret in base 32, for its holder to type.
    pub fn secret(&self) -> String {
        self.0.secret().to_base32()
    }

    /// The URI that an app reads from a QR code.
    ///
    /// # Errors
    /// Never for a name that is not empty.
    pub fn uri(&self) -> Result<String, Error> {
        self.0.to_url().map_err(|error| Error::internal("a URI cannot be written", error))
    }

    /// The time step to which a code belongs, among those around an instant; `None` for a wrong code.
    pub fn step(&self, code: &str, now: DateTime<Utc>) -> Option<i64> {
        let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
        self.0.check(&code, u64::try_from(now.timestamp()).ok()?)?.try_into().ok()
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// The last six digits of RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_standard() {
        let totp = Builder::new().with_skew(1).with_secret(b"12345678901234567890".to_vec()).build().unwrap();
        let authenticator = Authenticator(totp);
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
            assert_eq!(authenticator.step(code, at), Some(seconds / 30), "{seconds}");
            for drift in [-30, 30] {
                assert_eq!(authenticator.step(code, at + TimeDelta::seconds(drift)), Some(seconds / 30));
            }
            for drift in [-90, 90] {
                assert_eq!(authenticator.step(code, at + TimeDelta::seconds(drift)), None);
            }
        }
    }

    #[test]
    fn a_secret_needs_seed_and_key() {
        let (keys, others) = (TokenKeys::generate().unwrap(), TokenKeys::generate().unwrap());
        let seed = Seed::generate(&keys);
        let secret = seed.authenticator(&keys, "chief").unwrap().secret();
        assert_eq!(secret.len(), 32);
        assert_eq!(seed.authenticator(&keys, "a:b").unwrap().secret(), secret);
        assert!(seed.authenticator(&others, "chief").is_err());
        let uri = seed.authenticator(&keys, "a:b").unwrap().uri().unwrap();
        assert!(uri.starts_with("otpauth://totp/Muster:a_b?") && uri.contains(&secret), "{uri}");
        assert_ne!(Seed::generate(&keys).authenticator(&keys, "chief").unwrap().secret(), secret);
    }
}
