//! The chains of the organizations, and the receipts given for their links.

use diesel::prelude::*;
use uuid::Uuid;

use super::connection::AnyConnection;
use super::schema::receipts;
use super::sql_types::Instant;
use super::write::Change;
use crate::domain::id::{ChangeSetId, CountId, OrganizationId};
use crate::domain::receipt::{Link, LinkKind};

/// A link as it is stored, with its receipt.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = receipts, treat_none_as_default_value = false)]
pub struct ReceiptRow {
    /// Whose chain it is in.
    pub organization_id: OrganizationId,
    /// Its place in the chain, from 1.
    pub position: i64,
    /// The change set that brought it.
    pub change_set: ChangeSetId,
    /// What was accepted.
    pub kind: LinkKind,
    /// Which one: a count's id.
    pub subject_id: CountId,
    /// SHA-256 of the content as it was sent.
    pub sha256: String,
    /// SHA-256 of all that was stored of it.
    pub record_sha256: String,
    /// When the server received it.
    pub received_at: Instant,
    /// When it counts as made.
    pub effective_at: Option<Instant>,
    /// The hash of the link before.
    pub previous_hash: String,
    /// Its own hash.
    pub hash: String,
    /// The key that signed the receipt.
    pub key_id: String,
    /// The receipt.
    pub jws: String,
}

impl ReceiptRow {
    /// The link.
    pub fn link(&self) -> Link {
        Link {
            organization: self.organization_id,
            position: self.position,
            kind: self.kind,
            id: Uuid::from(self.subject_id),
            sha256: self.sha256.clone(),
            record_sha256: self.record_sha256.clone(),
            received_at: self.received_at.0,
            effective_at: self.effective_at.map(|Instant(at)| at),
            previous: self.previous_hash.clone(),
        }
    }
}

/// The place and the hash of the last link of an organization; `None` before the first. Seen within the writing
/// transaction, which holds the organization's lock.
pub fn last(connection: &mut AnyConnection, organization: OrganizationId) -> QueryResult<Option<(i64, String)>> {
    receipts::table
        .filter(receipts::organization_id.eq(organization))
        .order(receipts::position.desc())
        .select((receipts::position, receipts::hash))
        .first(connection)
        .optional()
}

/// Adds a link. The thing that it is about was recorded with the change.
pub fn insert(change: &mut Change<'_>, row: &ReceiptRow) -> QueryResult<()> {
    diesel::insert_into(receipts::table).values(row).execute(change.connection)?;
    Ok(())
}

/// The receipt of one thing.
pub fn find(connection: &mut AnyConnection, kind: LinkKind, id: CountId) -> QueryResult<Option<ReceiptRow>> {
    receipts::table
        .filter(receipts::kind.eq(kind))
        .filter(receipts::subject_id.eq(id))
        .select(receipts::all_columns)
        .first(connection)
        .optional()
}

/// Links of an organization after a place, in their order; at most `limit`.
pub fn list(
    connection: &mut AnyConnection,
    organization: OrganizationId,
    after: i64,
    limit: usize,
) -> QueryResult<Vec<ReceiptRow>> {
    receipts::table
        .filter(receipts::organization_id.eq(organization))
        .filter(receipts::position.gt(after))
        .order(receipts::position)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(receipts::all_columns)
        .load(connection)
}
