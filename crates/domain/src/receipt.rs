//! The chain of an organization. Each accepted count, void, resolution, acceptance and decision is a link that holds the hash of
//! the link before, so that a later change to stored data is detected.

use chrono::{DateTime, Utc};
use uuid::Uuid;

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
