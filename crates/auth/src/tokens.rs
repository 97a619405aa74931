//! Access tokens: JWTs signed with Ed25519 keys that have ids, and the public key set.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::key_folder::{self, KeyFolderError};
use super::keyed::SecretKey;
use super::revocations::RevocationLog;
use base::error::Error;
use base::id::{AccountId, DeviceId, OrganizationId, RegionId, SessionId};
use domain::account::{Account, Belongs, Role};
use domain::scope::ScopeSet;

/// The issuer and the audience of tokens.
const ISSUER: &str = "muster";

/// The claims of a token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// The issuer.
    pub iss: String,
    /// The audience.
    pub aud: String,
    /// The account.
    pub sub: AccountId,
    /// The session; the token is valid only while it lasts.
    pub sid: SessionId,
    /// The device, if the holder named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub did: Option<DeviceId>,
    /// The holder's name.
    pub name: String,
    /// The user name.
    pub username: String,
    /// The holder's role.
    pub role: Role,
    /// The organization of a quartermaster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<OrganizationId>,
    /// The region of an officer, viewer or admin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<RegionId>,
    /// The scopes of a client, separated by blanks as in RFC 9068.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// The quota of a client that has one of its own, in requests a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
    /// The time of issue, in seconds since 1970.
    pub iat: i64,
    /// The time of expiry, in seconds since 1970.
    pub exp: i64,
    /// The token's own id.
    pub jti: Uuid,
}

/// The claims of a client's token beside its account.
#[derive(Clone, Copy, Debug)]
pub struct ClientRights<'a> {
    /// The scopes that it is limited to.
    pub scopes: &'a ScopeSet,
    /// The client's own quota in requests a minute, if it has one.
    pub requests_per_minute: Option<u32>,
}

/// The reasons why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenRefusal {
    /// The token was not issued by this service.
    Invalid,
    /// The token has expired.
    Expired,
}

/// A public key as a JWK (RFC 8037).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig",
    "kid": "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
}))]
pub struct PublicKey {
    /// Always `OKP`.
    #[schema(max_length = 8)]
    pub kty: &'static str,
    /// Always `Ed25519`.
    #[schema(max_length = 8)]
    pub crv: &'static str,
    /// Always `EdDSA`.
    #[schema(max_length = 8)]
    pub alg: &'static str,
    /// Always `sig`.
    #[serde(rename = "use")]
    #[schema(max_length = 8)]
    pub usage: &'static str,
    /// The key's id: its RFC 7638 thumbprint.
    #[schema(max_length = 64)]
    pub kid: String,
    /// The public key in base64url.
    #[schema(max_length = 64)]
    pub x: String,
}

/// The keys that sign tokens and check them.
pub struct TokenKeys {
    kid: String,
    signing: EncodingKey,
    secrets: BTreeMap<String, [u8; 32]>,
    revocations: RevocationLog,
    checking: BTreeMap<String, (DecodingKey, PublicKey)>,
}

impl TokenKeys {
    /// Generates keys that exist only in this process.
    pub fn generate() -> Result<Self, Error> {
        Self::of(&[SigningKey::from_bytes(&rand::random())])
    }

    /// Loads the keys of a folder, `*.pem` in PKCS #8; the last by name signs. Makes one if there is none.
    pub fn load_or_create(folder: &Path) -> Result<Self, KeyFolderError> {
        let keys = Self::of(&key_folder::load_or_create(folder, "access")?)?;
        Ok(Self { revocations: RevocationLog::beside(folder), ..keys })
    }

    /// Loads the keys of a folder and makes none.
    ///
    /// # Errors
    /// If there is none, or the folder cannot be read.
    pub fn load(folder: &Path) -> Result<Self, KeyFolderError> {
        if !folder.exists() {
            return Err(KeyFolderError::None(folder.to_owned()));
        }
        let keys = key_folder::load(folder)?;
        if keys.is_empty() {
            return Err(KeyFolderError::None(folder.to_owned()));
        }
        Ok(Self { revocations: RevocationLog::beside(folder), ..Self::of(&keys)? })
    }

    fn of(keys: &[SigningKey]) -> Result<Self, Error> {
        let last = keys.last().ok_or(Error::Internal("there is no signing key", None))?;
        let der = last.to_pkcs8_der().map_err(|error| Error::internal("a signing key cannot be encoded", error))?;
        let checking = keys
            .iter()
            .map(|key| {
                let public = public_key(key);
                let checking = DecodingKey::from_ed_components(&public.x)
                    .map_err(|error| Error::internal("a public key cannot be used", error))?;
                Ok((public.kid.clone(), (checking, public)))
            })
            .collect::<Result<_, Error>>()?;
        let signing = EncodingKey::from_ed_der(der.as_bytes());
        let secrets = keys.iter().map(|key| (public_key(key).kid, key.to_bytes())).collect();
        let (kid, revocations) = (public_key(last).kid, RevocationLog::nowhere());
        Ok(Self { kid, signing, secrets, revocations, checking })
    }

    /// The revocations kept beside the keys.
    pub fn revocations(&self) -> &RevocationLog {
        &self.revocations
    }

    /// A secret key for another purpose, the same for all instances that share the folder. It changes with the signing
    /// key.
    pub fn secret_key(&self, purpose: &str) -> SecretKey {
        // The signing key is one of the folder's.
        let secret = self.secrets.get(&self.kid).copied().unwrap_or_default();
        SecretKey::derive(&secret, purpose)
    }

    /// The id of the signing key, by which [`Self::secret_key_of`] finds it when another one signs.
    pub fn key_id(&self) -> &str {
        &self.kid
    }

    /// The secret key for a purpose under one of the folder's keys; `None` if the key is no longer in the folder.
    pub fn secret_key_of(&self, key_id: &str, purpose: &str) -> Option<SecretKey> {
        Some(SecretKey::derive(self.secrets.get(key_id)?, purpose))
    }

    /// Issues a token for an account in a session, valid for `lifetime` from `now`.
    pub fn issue(
        &self,
        account: &Account,
        session: SessionId,
        device: Option<DeviceId>,
        lifetime: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        self.sign(account, session, device, None, lifetime, now)
    }

    /// Issues a token for a client, limited to its rights.
    pub fn issue_to_client(
        &self,
        account: &Account,
        session: SessionId,
        rights: ClientRights<'_>,
        lifetime: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        self.sign(account, session, None, Some(rights), lifetime, now)
    }

    fn sign(
        &self,
        account: &Account,
        session: SessionId,
        device: Option<DeviceId>,
        rights: Option<ClientRights<'_>>,
        lifetime: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<String, Error> {
        let (organization, region) = match account.belongs {
            Belongs::Organization(organization) => (Some(organization), None),
            Belongs::Region(region) => (None, Some(region)),
        };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: ISSUER.to_owned(),
            sub: account.id,
            sid: session,
            did: device,
            name: account.display_name.clone(),
            username: account.username.clone(),
            role: account.role,
            organization,
            region,
            scope: rights.map(|rights| rights.scopes.to_string()),
            requests_per_minute: rights.and_then(|rights| rights.requests_per_minute),
            iat: now.timestamp(),
            exp: (now + lifetime).timestamp(),
            jti: Uuid::new_v4(),
        };
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.signing)
            .map_err(|error| Error::internal("a token cannot be signed", error))
    }

    /// Returns the claims of a token that this service issued and that is valid at `now`.
    pub fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenRefusal> {
        let claims = self.check_signature(token)?;
        if claims.exp <= now.timestamp() { Err(TokenRefusal::Expired) } else { Ok(claims) }
    }

    /// Returns the claims of a token that this service issued, even if it has expired.
    pub fn check_signature(&self, token: &str) -> Result<Claims, TokenRefusal> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenRefusal::Invalid)?;
        let (key, _) = header.kid.and_then(|kid| self.checking.get(&kid)).ok_or(TokenRefusal::Invalid)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        // Expiry is checked against the service's clock, not the library's.
        validation.validate_exp = false;
        Ok(jsonwebtoken::decode::<Claims>(token, key, &validation).map_err(|_| TokenRefusal::Invalid)?.claims)
    }

    /// The public keys, in the order of their ids.
    pub fn public_keys(&self) -> Vec<PublicKey> {
        self.checking.values().map(|(_, public)| public.clone()).collect()
    }
}

/// The public half of a key.
pub(super) fn public_key(key: &SigningKey) -> PublicKey {
    let x = URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes());
    // RFC 7638 with the members RFC 8037 requires, in lexicographic order.
    let thumbprint = Sha256::digest(format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#));
    PublicKey { kty: "OKP", crv: "Ed25519", alg: "EdDSA", usage: "sig", kid: URL_SAFE_NO_PAD.encode(thumbprint), x }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIME: TimeDelta = TimeDelta::minutes(15);

    fn issue(keys: &TokenKeys, now: DateTime<Utc>) -> String {
        keys.issue(&account(), SessionId::new(), None, LIFETIME, now).unwrap()
    }

    fn account() -> Account {
        Account {
            id: AccountId::new(),
            username: "t3".into(),
            role: Role::Quartermaster,
            display_name: "T3".into(),
            belongs: Belongs::Organization(OrganizationId::new()),
            closed: false,
        }
    }

    #[test]
    fn a_token_is_good_until_its_end_and_no_longer() {
        let keys = TokenKeys::generate().unwrap();
        let now = Utc::now();
        let token = issue(&keys, now);
        assert!(keys.check(&token, now + LIFETIME - TimeDelta::seconds(2)).is_ok());
        assert_eq!(keys.check(&token, now + LIFETIME + TimeDelta::seconds(1)), Err(TokenRefusal::Expired));
    }

    #[test]
    fn a_token_of_other_keys_or_with_a_changed_letter_is_refused() {
        let (keys, others) = (TokenKeys::generate().unwrap(), TokenKeys::generate().unwrap());
        let now = Utc::now();
        let token = issue(&keys, now);
        assert_eq!(others.check(&token, now), Err(TokenRefusal::Invalid));
        let (head, signature) = token.rsplit_once('.').unwrap();
        let (header, body) = head.split_once('.').unwrap();
        let changed = body.replacen(&body[10..11], if &body[10..11] == "A" { "B" } else { "A" }, 1);
        assert_eq!(keys.check(&format!("{header}.{changed}.{signature}"), now), Err(TokenRefusal::Invalid));
        let unsigned = format!("{}.{body}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#));
        assert_eq!(keys.check(&unsigned, now), Err(TokenRefusal::Invalid));
    }

    #[test]
    fn keys_of_a_folder_outlive_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let now = Utc::now();
        let token = issue(&TokenKeys::load_or_create(folder.path()).unwrap(), now);
        let again = TokenKeys::load_or_create(folder.path()).unwrap();
        assert!(again.check(&token, now).is_ok());
        assert_eq!(again.public_keys().len(), 1);
        let third = TokenKeys::load_or_create(folder.path()).unwrap();
        assert_eq!(again.secret_key("codes").hash("x"), third.secret_key("codes").hash("x"));
    }
}
