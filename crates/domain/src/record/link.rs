//! Hashes of links. The form is always that of [`v1`], whatever the version of the record, because other programs check
//! it without a database.

use super::{digest, v1};
use crate::receipt::Link;

/// The hash of a link: SHA-256 of its RFC 8785 form, in lower-case hexadecimal.
///
/// # Errors
/// None in practice: a link can always be written as JSON.
pub fn link_hash(link: &Link) -> Result<String, serde_json::Error> {
    digest(&v1::Link::from(link))
}

/// The hash of the link in the payload of a receipt: SHA-256 of the RFC 8785 form of all its members but `iss` and `hash`,
/// those of later versions included. `None` where the payload is no object.
pub fn hash_in_payload(payload: &[u8]) -> Option<String> {
    let mut members: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(payload).ok()?;
    members.remove("iss");
    members.remove("hash");
    digest(&members).ok()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::receipt::{FIRST, LinkKind};
    use base::content::hexadecimal;
    use base::id::OrganizationId;

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

    /// The form never changes, because other programs check receipts.
    #[test]
    fn the_hash_is_that_of_the_canonical_form() {
        let text = format!(
            r#"{{"effective_at":null,"id":"{}","kind":"count","organization":"{}","position":2,"previous":"{FIRST}","received_at":"2023-11-14T22:13:20.000005Z","record_sha256":"{}","sha256":"{}"}}"#,
            Uuid::from_u128(2),
            Uuid::from_u128(1),
            "cd".repeat(32),
            "ab".repeat(32),
        );
        assert_eq!(link_hash(&link()).unwrap(), hexadecimal(&Sha256::digest(text)));
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
            assert_ne!(link_hash(&other).unwrap(), link_hash(&original).unwrap(), "{other:?}");
        }
    }
}
