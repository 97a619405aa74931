//! The chain of an organization: each count that was accepted, each void, resolution and decision, is a link that holds the
//! hash of the one before, so that a change to what was stored long ago is found.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use base::content::hexadecimal;
use base::id::OrganizationId;
use base::time::{serialize_instant, serialize_instant_option};

/// What stands in the first link in the place of a hash before.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What was accepted.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum LinkKind {
    /// A count.
    Count,
    /// The taking back of a count; its id is the count's.
    Void,
    /// The settling of a conflict by name.
    Resolution,
    /// The taking back of a resolution; its id is the resolution's.
    ResolutionVoid,
    /// What was decided on a command in quarantine; its id is the quarantined command's.
    Decision,
}

base::text_column!(LinkKind);

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Whose chain it is in.
    pub organization: OrganizationId,
    /// Its place in the chain, from 1.
    pub position: i64,
    /// What was accepted.
    pub kind: LinkKind,
    /// Which one.
    pub id: Uuid,
    /// SHA-256 of the RFC 8785 form of the content as it was sent.
    pub sha256: String,
    /// SHA-256 of the RFC 8785 form of all that was stored of it.
    pub record_sha256: String,
    /// When the server received it.
    #[serde(serialize_with = "serialize_instant")]
    pub received_at: DateTime<Utc>,
    /// When it counts as made; `None` for what is not a count.
    #[serde(serialize_with = "serialize_instant_option")]
    pub effective_at: Option<DateTime<Utc>>,
    /// The hash of the link before; [`FIRST`] in the first.
    pub previous: String,
}

impl Link {
    /// Its hash: SHA-256 of its RFC 8785 form, in lower-case hexadecimal.
    ///
    /// # Errors
    /// None that a link can cause.
    pub fn hash(&self) -> Result<String, serde_json::Error> {
        digest(self)
    }
}

/// SHA-256 of the RFC 8785 form of a value, in lower-case hexadecimal.
///
/// # Errors
/// Where the value cannot be written as JSON.
pub fn digest<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    // By way of JSON's own values: quantities write themselves as raw numbers, which the canonical form is not made from.
    let value: serde_json::Value = serde_json::from_slice(&serde_json::to_vec(value)?)?;
    Ok(hexadecimal(&Sha256::digest(serde_json_canonicalizer::to_vec(&value)?)))
}

/// What a receipt says: a link, and its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who issued it.
    pub iss: String,
    /// The link.
    #[serde(flatten)]
    pub link: Link,
    /// The link's hash.
    pub hash: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link() -> Link {
        Link {
            organization: OrganizationId(Uuid::from_u128(1)),
            position: 2,
            kind: LinkKind::Count,
            id: Uuid::from_u128(2),
            sha256: "ab".repeat(32),
            record_sha256: "cd".repeat(32),
            received_at: DateTime::from_timestamp(1_700_000_000, 5_000).unwrap(),
            effective_at: None,
            previous: FIRST.to_owned(),
        }
    }

    /// The form is fixed for ever: receipts are checked by programs of others.
    #[test]
    fn the_hash_is_that_of_the_canonical_form() {
        let text = format!(
            r#"{{"effective_at":null,"id":"{}","kind":"count","organization":"{}","position":2,"previous":"{FIRST}","received_at":"2023-11-14T22:13:20.000005Z","record_sha256":"{}","sha256":"{}"}}"#,
            Uuid::from_u128(2),
            Uuid::from_u128(1),
            "cd".repeat(32),
            "ab".repeat(32),
        );
        assert_eq!(link().hash().unwrap(), hexadecimal(&Sha256::digest(text)));
    }

    #[test]
    fn every_field_is_in_the_hash() {
        let original = link();
        let changed = [
            Link { organization: OrganizationId(Uuid::from_u128(9)), ..link() },
            Link { position: 3, ..link() },
            Link { kind: LinkKind::Void, ..link() },
            Link { id: Uuid::from_u128(9), ..link() },
            Link { sha256: "ff".repeat(32), ..link() },
            Link { record_sha256: "ff".repeat(32), ..link() },
            Link { received_at: DateTime::from_timestamp(1_700_000_000, 6_000).unwrap(), ..link() },
            Link { effective_at: Some(original.received_at), ..link() },
            Link { previous: "ff".repeat(32), ..link() },
        ];
        for other in changed {
            assert_ne!(other.hash().unwrap(), original.hash().unwrap(), "{other:?}");
        }
    }
}
