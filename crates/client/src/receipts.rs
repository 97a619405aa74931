//! Checks of receipts: a command counts as accepted only with proof.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::record::link::hash_in_payload;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use uuid::Uuid;

/// The issuer of receipts.
const ISSUER: &str = "muster";

/// The type in the header of a receipt.
const TYPE: &str = "muster-receipt+jws";

/// The reasons why a receipt is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefusal {
    /// The text is not a JWS that holds a receipt.
    #[error("what came is no receipt")]
    Unreadable,
    /// The service has no key with the id it names.
    #[error("the receipt was signed by a key that is not among the service's")]
    UnknownKey,
    /// The signature does not match the key.
    #[error("the signature of the receipt is wrong")]
    WrongSignature,
    /// The hash it holds is not the hash of what it says.
    #[error("the hash in the receipt is not the hash of what it says")]
    WrongHash,
    /// It belongs to another thing.
    #[error("the receipt is of something else")]
    OtherThing,
    /// It belongs to other content under the same id.
    #[error("the receipt is of other content than was sent")]
    OtherContent,
}

/// The fields of a receipt that a phone needs.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    kind: String,
    id: Uuid,
    sha256: String,
    hash: String,
}

/// The time the service received the subject of a receipt, by its own clock; the receipt was checked before.
pub fn received_at(receipt: &str) -> Option<DateTime<Utc>> {
    #[derive(Deserialize)]
    struct Times {
        received_at: DateTime<Utc>,
    }
    let payload = URL_SAFE_NO_PAD.decode(receipt.split('.').nth(1)?).ok()?;
    Some(serde_json::from_slice::<Times>(&payload).ok()?.received_at)
}

/// The expected content of a receipt.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The kind of thing accepted, such as `count`; `None` for any.
    pub kind: Option<&'a str>,
    /// Its id.
    pub id: Uuid,
    /// SHA-256 of the RFC 8785 form of the content sent.
    pub sha256: &'a str,
    /// True if an officer may have corrected it, so that the content may differ.
    pub may_be_corrected: bool,
}

/// The public keys of the service, by id: its key set (RFC 7517), kept as JSON. Keys are only added, because a receipt
/// may be checked long after its key was retired.
#[derive(Clone, Debug, Default)]
pub struct KeySet(BTreeMap<String, serde_json::Value>);

/// A key set as served.
#[derive(Deserialize)]
struct Served {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// Adds the keys of a served set; false if the text is not one.
    pub fn add(&mut self, text: &[u8]) -> bool {
        let Ok(served) = serde_json::from_slice::<Served>(text) else { return false };
        for key in served.keys {
            if let Some(kid) = key.get("kid").and_then(|kid| kid.as_str()) {
                self.0.insert(kid.to_owned(), key.clone());
            }
        }
        true
    }

    /// The set as it would be served.
    pub fn to_json(&self) -> String {
        serde_json::json!({ "keys": self.0.values().collect::<Vec<_>>() }).to_string()
    }

    /// True if the key that a receipt names is known; also true if it names none, because no key can make it valid.
    pub fn has_key_of(&self, jws: &str) -> bool {
        let named = jsonwebtoken::decode_header(jws).ok().and_then(|header| header.kid);
        named.is_none_or(|kid| self.0.contains_key(&kid))
    }

    /// Checks that a receipt is genuine and has the expected content. Returns true if it covers exactly the content sent.
    ///
    /// # Errors
    /// The reason why it is refused.
    pub fn check(&self, jws: &str, expected: Expected<'_>) -> Result<bool, ReceiptRefusal> {
        let header = jsonwebtoken::decode_header(jws).map_err(|_| ReceiptRefusal::Unreadable)?;
        if header.alg != Algorithm::EdDSA || header.typ.as_deref() != Some(TYPE) {
            return Err(ReceiptRefusal::Unreadable);
        }
        let kid = header.kid.ok_or(ReceiptRefusal::Unreadable)?;
        let key = self.0.get(&kid).ok_or(ReceiptRefusal::UnknownKey)?;
        let key: Jwk = serde_json::from_value(key.clone()).map_err(|_| ReceiptRefusal::UnknownKey)?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| ReceiptRefusal::UnknownKey)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        // Receipts have no audience and never expire.
        validation.validate_aud = false;
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let claims = jsonwebtoken::decode::<Claims>(jws, &key, &validation).map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::InvalidSignature => ReceiptRefusal::WrongSignature,
            _ => ReceiptRefusal::Unreadable,
        })?;
        let Claims { iss, kind, id, sha256, hash } = claims.claims;
        // The library takes one without an issuer.
        if iss != ISSUER {
            return Err(ReceiptRefusal::Unreadable);
        }
        let payload = jws.split('.').nth(1).and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
        if payload.and_then(|payload| hash_in_payload(&payload)) != Some(hash) {
            return Err(ReceiptRefusal::WrongHash);
        }
        if id != expected.id || expected.kind.is_some_and(|expected| expected != kind) {
            return Err(ReceiptRefusal::OtherThing);
        }
        let is_own = sha256 == expected.sha256;
        if is_own || expected.may_be_corrected { Ok(is_own) } else { Err(ReceiptRefusal::OtherContent) }
    }
}
