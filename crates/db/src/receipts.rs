//! The chains of the organizations, and the receipts given for their links.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use uuid::Uuid;

use super::connection::{AnyConnection, on_connection};
use super::locks::LockedOrganization;
use super::schema::{evidence, receipts};
use super::sql_types::Instant;
use super::write::Change;
use base::id::{ChangeSetId, CountId, LinkedId, OrganizationId};
use domain::explanation::CountProof;
use domain::receipt::{Link, LinkKind};
use domain::record::{RecordVersion, UnknownVersion};

/// The most counts whose proofs are read with one query.
const PROOFS_BATCH: usize = 500;

/// A link as it is stored, with its receipt.
#[derive(Clone, Debug, Queryable, Insertable)]
#[diesel(table_name = receipts, treat_none_as_default_value = false)]
pub struct ReceiptRow {
    /// The organization that the chain belongs to.
    pub organization_id: OrganizationId,
    /// Its position in the chain, from 1.
    pub position: i64,
    /// The change set that added it.
    pub change_set: ChangeSetId,
    /// The kind of the accepted content.
    pub kind: LinkKind,
    /// The id of the accepted content.
    #[diesel(serialize_as = LinkedId, deserialize_as = LinkedId)]
    pub subject_id: Uuid,
    /// SHA-256 of the content as it was sent.
    pub sha256: String,
    /// SHA-256 of the complete stored record.
    pub record_sha256: String,
    /// The time the server received it.
    pub received_at: Instant,
    /// The effective time.
    pub effective_at: Option<Instant>,
    /// The hash of the link before.
    pub previous_hash: String,
    /// Its own hash.
    pub hash: String,
    /// The key that signed the receipt.
    pub key_id: String,
    /// The receipt.
    pub jws: String,
    /// The number of the version of its record; `None` for links from before versions were stored.
    pub record_version: Option<i64>,
}

impl ReceiptRow {
    /// The version of its record.
    ///
    /// # Errors
    /// If this program does not know it.
    pub fn version(&self) -> Result<RecordVersion, UnknownVersion> {
        RecordVersion::of_stored(self.record_version)
    }

    /// The link.
    pub fn link(&self) -> Link {
        Link {
            organization: self.organization_id,
            position: self.position,
            kind: self.kind,
            id: self.subject_id,
            sha256: self.sha256.clone(),
            record_sha256: self.record_sha256.clone(),
            received_at: self.received_at.0,
            effective_at: self.effective_at.map(|Instant(at)| at),
            previous: self.previous_hash.clone(),
        }
    }
}

/// The last link of a chain, as the next one needs it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct LastLink {
    /// Its position.
    pub position: i64,
    /// Its hash.
    pub hash: String,
    /// The key that signed its receipt.
    pub key_id: String,
}

/// The last link of an organization; `None` before the first.
pub fn last(connection: &mut AnyConnection, organization: LockedOrganization<'_>) -> QueryResult<Option<LastLink>> {
    receipts::table
        .filter(receipts::organization_id.eq(organization.id()))
        .order(receipts::position.desc())
        .select((receipts::position, receipts::hash, receipts::key_id))
        .first(connection)
        .optional()
}

/// A key that signed receipts.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct UsedKey {
    /// Its id.
    #[diesel(sql_type = Text)]
    pub key_id: String,
    /// The number of its links in all chains.
    #[diesel(sql_type = BigInt)]
    pub links: i64,
}

/// The keys that signed the receipts of all chains; the one that signed the newest comes first.
pub fn used_keys(connection: &mut AnyConnection) -> QueryResult<Vec<UsedKey>> {
    const USED: &str = "SELECT key_id, count(*) AS links FROM receipts JOIN revisions USING (change_set) \
         GROUP BY key_id ORDER BY max(revision) DESC";
    on_connection!(connection, connection => diesel::sql_query(USED).load(connection))
}

/// Adds a link. The change must have recorded its subject.
pub fn insert(change: &mut Change<'_>, row: ReceiptRow) -> QueryResult<()> {
    diesel::insert_into(receipts::table).values(row).execute(change.connection)?;
    Ok(())
}

/// The receipt of one subject.
pub fn find(connection: &mut AnyConnection, kind: LinkKind, id: Uuid) -> QueryResult<Option<ReceiptRow>> {
    receipts::table
        .filter(receipts::kind.eq(kind))
        .filter(receipts::subject_id.eq(LinkedId(id)))
        .select(receipts::all_columns)
        .first(connection)
        .optional()
}

/// The links of an organization after a position, in order; at most `limit`.
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

/// The receipt that a count was given before the server was restored from an older backup.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = evidence)]
pub struct EvidenceRow {
    /// The count.
    pub count_id: CountId,
    /// The change set in which it was taken over.
    pub change_set: ChangeSetId,
    /// The receipt as it was issued then.
    pub jws: String,
}

/// Stores the receipt that a count was given before a restore. The change must have recorded the count.
pub fn insert_evidence(change: &mut Change<'_>, row: &EvidenceRow) -> QueryResult<()> {
    diesel::insert_into(evidence::table).values(row).execute(change.connection)?;
    Ok(())
}

/// The receipts from before a restore with which some counts were taken over.
pub fn evidence_of(connection: &mut AnyConnection, counts: &[CountId]) -> QueryResult<BTreeMap<CountId, EvidenceRow>> {
    let found: Vec<EvidenceRow> = evidence::table
        .filter(evidence::count_id.eq_any(counts.to_vec()))
        .select(evidence::all_columns)
        .load(connection)?;
    Ok(found.into_iter().map(|row| (row.count_id, row)).collect())
}

/// The receipts of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountReceipts {
    /// The receipt issued first, which every later answer repeats.
    pub given: String,
    /// The receipt of its link in the present chain; it differs only if the count was taken over after a restore.
    pub linked: String,
}

/// Both receipts of a count.
pub fn receipts_of(connection: &mut AnyConnection, count: CountId) -> QueryResult<Option<CountReceipts>> {
    let Some(link) = find(connection, LinkKind::Count, count.into())? else { return Ok(None) };
    let given = evidence_of(connection, &[count])?.remove(&count);
    let given = given.map_or_else(|| link.jws.clone(), |evidence| evidence.jws);
    Ok(Some(CountReceipts { given, linked: link.jws }))
}

/// The hashes of some counts, each with the receipt issued first.
pub fn proofs_of(connection: &mut AnyConnection, ids: &[CountId]) -> QueryResult<BTreeMap<CountId, CountProof>> {
    let mut proofs = BTreeMap::new();
    for some in ids.chunks(PROOFS_BATCH) {
        let mut given = evidence_of(connection, some)?;
        let subjects: Vec<LinkedId> = some.iter().map(|id| LinkedId(Uuid::from(*id))).collect();
        let links: Vec<(LinkedId, String, String)> = receipts::table
            .filter(receipts::kind.eq(LinkKind::Count))
            .filter(receipts::subject_id.eq_any(subjects))
            .select((receipts::subject_id, receipts::sha256, receipts::jws))
            .load(connection)?;
        proofs.extend(links.into_iter().map(|(LinkedId(id), sha256, linked)| {
            let receipt = given.remove(&CountId(id)).map_or(linked, |evidence| evidence.jws);
            (CountId(id), CountProof { sha256, receipt: Some(receipt) })
        }));
    }
    Ok(proofs)
}

/// The receipt of a count that every answer repeats: the one from before a restore if the count was taken over with it,
/// otherwise that of its link.
pub fn receipt_of(connection: &mut AnyConnection, count: CountId) -> QueryResult<Option<String>> {
    Ok(receipts_of(connection, count)?.map(|receipts| receipts.given))
}
