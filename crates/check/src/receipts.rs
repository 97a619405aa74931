//! The receipts of counts: JWS in compact form, signed by the service that accepted them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Map, Value};

use crate::Receipts;
use crate::digest::sha256;

/// The type in the header of a receipt.
const TYPE: &str = "muster-receipt+jws";

/// The issuer of receipts.
const ISSUER: &str = "muster";

/// The public keys of a service.
pub struct Keys(BTreeMap<String, DecodingKey>);

/// The reason why a key set checks nothing.
#[derive(Debug)]
pub enum KeySetError {
    /// It cannot be read.
    Unreadable(serde_json::Error),
    /// It has no key that can be used.
    NoKeys,
}

impl std::fmt::Display for KeySetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "the key set cannot be read: {error}"),
            Self::NoKeys => f.write_str(
                "the key set has no key that can be used: give that of the service, from its /.well-known/jwks.json",
            ),
        }
    }
}

impl std::error::Error for KeySetError {}

impl Keys {
    /// Reads a key set (RFC 7517) as the service serves it; keys other than Ed25519 are skipped.
    ///
    /// # Errors
    /// If the text is no key set, or has no Ed25519 key.
    pub fn read(text: &str) -> Result<Self, KeySetError> {
        let set: jsonwebtoken::jwk::JwkSet = serde_json::from_str(text).map_err(KeySetError::Unreadable)?;
        let is_usable = |key: &&jsonwebtoken::jwk::Jwk| {
            matches!(&key.algorithm, jsonwebtoken::jwk::AlgorithmParameters::OctetKeyPair(_))
        };
        let usable = set.keys.iter().filter(is_usable);
        let keys: BTreeMap<String, DecodingKey> =
            usable.filter_map(|key| Some((key.common.key_id.clone()?, DecodingKey::from_jwk(key).ok()?))).collect();
        if keys.is_empty() { Err(KeySetError::NoKeys) } else { Ok(Self(keys)) }
    }
}

/// Checks the receipt of each count that has one.
pub fn check(document: &Value, keys: Option<&Keys>) -> Receipts {
    let mut found = Receipts { given: 0, wrong: Vec::new(), unchecked: 0 };
    let counts = document.pointer("/explanation/counts").and_then(Value::as_array);
    for (place, count) in counts.into_iter().flatten().enumerate() {
        let Some(receipt) = count.get("receipt").filter(|receipt| !receipt.is_null()) else { continue };
        found.given += 1;
        let receipt = receipt.as_str().unwrap_or_default();
        match one(receipt, count, document, keys) {
            Ok(true) => {}
            Ok(false) => found.unchecked += 1,
            Err(cause) => found.wrong.push((format!("/explanation/counts/{place}/receipt"), cause)),
        }
    }
    found
}

/// Checks one receipt; false if its signature could not be checked for want of keys.
fn one(receipt: &str, count: &Value, document: &Value, keys: Option<&Keys>) -> Result<bool, &'static str> {
    let parts: Vec<&str> = receipt.split('.').collect();
    let [head, body, _] = parts.as_slice() else { return Err("unreadable") };
    let (header, claims) = (object(head).ok_or("unreadable")?, object(body).ok_or("unreadable")?);
    let is =
        |members: &Map<String, Value>, name: &str, value: &str| members.get(name).is_some_and(|found| found == value);
    if !is(&header, "alg", "EdDSA") || !is(&header, "typ", TYPE) || !is(&claims, "iss", ISSUER) {
        return Err("unreadable");
    }
    let mut link = claims.clone();
    link.remove("iss");
    link.remove("hash");
    if !is(&claims, "hash", &sha256(&Value::Object(link))) {
        return Err("wrong_hash");
    }
    let claim = |name: &str| claims.get(name).ok_or("unreadable");
    let is_other = !is(&claims, "kind", "count")
        || Some(claim("id")?) != count.get("id")
        || Some(claim("organization")?) != document.get("organization");
    if is_other {
        return Err("other_thing");
    }
    for name in ["sha256", "effective_at", "received_at"] {
        if Some(claim(name)?) != count.get(name) {
            return Err("other_content");
        }
    }
    let Some(Keys(keys)) = keys else { return Ok(false) };
    let kid = header.get("kid").and_then(Value::as_str).ok_or("unreadable")?;
    let key = keys.get(kid).ok_or("unknown_key")?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.validate_aud = false;
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    match jsonwebtoken::decode::<Value>(receipt, key, &validation) {
        Ok(_) => Ok(true),
        Err(error) if matches!(error.kind(), jsonwebtoken::errors::ErrorKind::InvalidSignature) => {
            Err("wrong_signature")
        }
        Err(_) => Err("unreadable"),
    }
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
