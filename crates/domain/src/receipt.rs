//! The chain of an organization. Each accepted count, void, resolution, acceptance and decision is a link that holds the hash of
//! the link before, so that a later change to stored data is detected.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::record::{digest, v1};
use base::content::Content;
use base::id::OrganizationId;

/// The previous hash of the first link.
pub const FIRST: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The kind of a link.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::Display,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum LinkKind {
    /// A count.
    Count,
    /// The voiding of a count; its id is the count's.
    Void,
    /// The resolution of a conflict by name.
    Resolution,
    /// The voiding of a resolution; its id is the resolution's.
    ResolutionVoid,
    /// The acceptance of an own count that an inspection contests.
    Acceptance,
    /// The decision on a quarantined command; its id is the command's in quarantine.
    Decision,
}

base::text_column!(LinkKind);

/// One link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The organization whose chain it is in.
    pub organization: OrganizationId,
    /// Its position in the chain, from 1.
    pub position: i64,
    /// Its kind.
    pub kind: LinkKind,
    /// The id of its subject.
    pub id: Uuid,
    /// SHA-256 of the RFC 8785 form of the content as sent.
    pub sha256: String,
    /// SHA-256 of the RFC 8785 form of its record: everything stored about it.
    pub record_sha256: String,
    /// The time the server received it.
    pub received_at: DateTime<Utc>,
    /// The effective time; `None` unless it is a count.
    pub effective_at: Option<DateTime<Utc>>,
    /// The hash of the link before; [`FIRST`] in the first.
    pub previous: String,
}

impl Link {
    /// Its hash: SHA-256 of its RFC 8785 form, in lower-case hexadecimal. The form is that of [`v1`], whatever the version of
    /// the record: programs of others check it without a database.
    ///
    /// # Errors
    /// None in practice: a link can always be written as JSON.
    pub fn hash(&self) -> Result<String, serde_json::Error> {
        digest(&v1::Link::from(self))
    }
}

/// The hash of the link in the payload of a receipt: SHA-256 of the RFC 8785 form of all its members but `iss` and `hash`,
/// those of later versions included. `None` where the payload is no object.
pub fn hash_in_payload(payload: &[u8]) -> Option<String> {
    let mut members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(payload).ok()?;
    members.remove("iss");
    members.remove("hash");
    Some(Content::of_json(serde_json::to_vec(&members).ok()?).ok()?.sha256)
}

/// The content of a receipt: a link and its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The issuer.
    pub iss: String,
    /// The link.
    pub link: Link,
    /// The link's hash.
    pub hash: String,
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;
    use base::content::hexadecimal;

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

    /// Holds the form, which never changes because others' programs check receipts.
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
