//! The keys that sign receipts. They are kept apart from those of access tokens and from database backups, and are
//! never deleted, so that a receipt can be checked long after its key was replaced.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};

use super::key_folder::{self, KeyFolderError};
use super::keyed::SecretKey;
use super::refresh::RefreshKeys;
use super::tokens::{PublicKey, public_key};
use base::error::Error;
use domain::receipt::{Link, Receipt};
use domain::record::link::hash_in_payload;
use domain::record::v1;

/// The issuer of receipts.
const ISSUER: &str = "muster";

/// The type in the header of a receipt.
const TYPE: &str = "muster-receipt+jws";

/// The folder beside the keys of access tokens.
const FOLDER: &str = "receipts";

/// The reasons why a receipt is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefusal {
    /// The text is not a JWS that holds a receipt.
    #[error("it is no receipt")]
    Unreadable,
    /// The key it names is not among those given.
    #[error("it was signed by a key that is not among those given ({0})")]
    UnknownKey(String),
    /// The signature does not match the key.
    #[error("its signature is wrong")]
    WrongSignature,
    /// The hash it holds is not the hash of its link.
    #[error("the hash in it is not the hash of what it says")]
    WrongHash,
}

/// The public keys that check receipts.
pub struct ReceiptChecks {
    keys: BTreeMap<String, DecodingKey>,
}

/// The reason why a key set checks nothing.
#[derive(Debug, thiserror::Error)]
pub enum KeySetError {
    /// It cannot be read.
    #[error("the key set cannot be read")]
    Unreadable(#[from] serde_json::Error),
    /// It has no key that can be used.
    #[error("the key set has no key that can be used: give that of the service, from its /.well-known/jwks.json")]
    NoKeys,
}

impl ReceiptChecks {
    /// Reads a key set (RFC 7517) as the service serves it; keys other than Ed25519 are skipped.
    ///
    /// # Errors
    /// If the text is not a key set, or has no Ed25519 key.
    pub fn of_key_set(text: &str) -> Result<Self, KeySetError> {
        let set: jsonwebtoken::jwk::JwkSet = serde_json::from_str(text)?;
        let keys: BTreeMap<String, DecodingKey> = set
            .keys
            .iter()
            .filter_map(|key| Some((key.common.key_id.clone()?, DecodingKey::from_jwk(key).ok()?)))
            .collect();
        if keys.is_empty() { Err(KeySetError::NoKeys) } else { Ok(Self { keys }) }
    }

    /// Returns the content of a receipt that one of these keys signed.
    ///
    /// # Errors
    /// The reason why it is refused.
    pub fn check(&self, jws: &str) -> Result<Receipt, ReceiptRefusal> {
        let header = jsonwebtoken::decode_header(jws).map_err(|_| ReceiptRefusal::Unreadable)?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
            return Err(ReceiptRefusal::Unreadable);
        }
        let kid = header.kid.ok_or(ReceiptRefusal::Unreadable)?;
        let key = self.keys.get(&kid).ok_or(ReceiptRefusal::UnknownKey(kid))?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        // Receipts have no audience and never expire.
        validation.validate_aud = false;
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let receipt =
            jsonwebtoken::decode::<v1::Receipt>(jws, key, &validation).map_err(|error| match error.kind() {
                jsonwebtoken::errors::ErrorKind::InvalidSignature => ReceiptRefusal::WrongSignature,
                _ => ReceiptRefusal::Unreadable,
            })?;
        let receipt = Receipt::from(receipt.claims);
        let payload = jws.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
        let hash = payload.and_then(|payload| hash_in_payload(&payload));
        if hash.as_ref() == Some(&receipt.hash) { Ok(receipt) } else { Err(ReceiptRefusal::WrongHash) }
    }
}

/// The keys that sign receipts and check them.
pub struct ReceiptKeys {
    kid: String,
    signing: EncodingKey,
    public: Vec<PublicKey>,
    checks: ReceiptChecks,
    refresh: RefreshKeys,
    /// The ids of lost keys; chains whose newest link was signed with one of them are continued.
    lost: BTreeSet<String>,
}

impl ReceiptKeys {
    /// Generates keys that exist only in this process.
    pub fn generate() -> Result<Self, Error> {
        Self::of(&[SigningKey::from_bytes(&rand::random())])
    }

    /// Loads the keys of the folder `receipts` in a folder of keys, `*.pem` in PKCS #8; the last by name signs. Makes
    /// one if there is none.
    pub fn load_or_create(keys: &Path) -> Result<Self, KeyFolderError> {
        let folder = key_folder::within(keys, &keys.join(FOLDER))?;
        Ok(Self::of(&key_folder::load_or_create(&folder, "receipt")?)?)
    }

    /// Loads the keys of a folder as [`ReceiptKeys::load_or_create`] does; `None` if there is none.
    ///
    /// # Errors
    /// Same as [`ReceiptKeys::load_or_create`].
    pub fn load(keys: &Path) -> Result<Option<Self>, KeyFolderError> {
        let folder = keys.join(FOLDER);
        if !folder.exists() {
            return Ok(None);
        }
        let found = key_folder::load(&key_folder::within(keys, &folder)?)?;
        if found.is_empty() { Ok(None) } else { Ok(Some(Self::of(&found)?)) }
    }

    /// Names lost keys: chains whose newest link was signed with one of them are continued.
    pub fn with_lost(self, lost: impl IntoIterator<Item = String>) -> Self {
        Self { lost: lost.into_iter().collect(), ..self }
    }

    /// True if a key is one of these, or was named as lost.
    pub fn knows(&self, key_id: &str) -> bool {
        self.has(key_id) || self.lost.contains(key_id)
    }

    /// True if a key is one of these.
    pub fn has(&self, key_id: &str) -> bool {
        self.public.iter().any(|key| key.kid == key_id)
    }

    fn of(keys: &[SigningKey]) -> Result<Self, Error> {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
            return Err(Error::Internal("there is no signing key", None));
        };
        let refresh_key = |key: &SigningKey| SecretKey::derive(&key.to_bytes(), "refresh tokens");
        let refresh = RefreshKeys { signing: refresh_key(first), checking: keys.iter().map(refresh_key).collect() };
        let der = last.to_pkcs8_der().map_err(|error| Error::internal("a signing key cannot be encoded", error))?;
        let public: Vec<PublicKey> = keys.iter().map(public_key).collect();
        let checks = public
            .iter()
            .map(|key| {
                let checking = DecodingKey::from_ed_components(&key.x)
                    .map_err(|error| Error::internal("a public key cannot be used", error))?;
                Ok((key.kid.clone(), checking))
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            kid: public_key(last).kid,
            signing: EncodingKey::from_ed_der(der.as_bytes()),
            public,
            checks: ReceiptChecks { keys: checks },
            refresh,
            lost: BTreeSet::new(),
        })
    }

    /// The keys that authenticate refresh tokens: derived from those of receipts, which are never deleted, so that a token is told
    /// the same way whatever keys sign later.
    pub fn refresh_keys(&self) -> &RefreshKeys {
        &self.refresh
    }

    /// The id of the key that signs.
    pub fn key_id(&self) -> &str {
        &self.kid
    }

    /// The receipt of a link: a JWS in compact form. The same link gives the same bytes.
    pub fn sign(&self, link: &Link, hash: &str) -> Result<String, Error> {
        let header =
            Header { kid: Some(self.kid.clone()), typ: Some(TYPE.to_owned()), ..Header::new(Algorithm::EdDSA) };
        let receipt = Receipt { iss: ISSUER.to_owned(), link: link.clone(), hash: hash.to_owned() };
        jsonwebtoken::encode(&header, &v1::Receipt::from(&receipt), &self.signing)
            .map_err(|error| Error::internal("a receipt cannot be signed", error))
    }

    /// The public keys that check receipts.
    pub fn checks(&self) -> &ReceiptChecks {
        &self.checks
    }

    /// The public keys, including retired ones.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.public.clone()
    }
}
