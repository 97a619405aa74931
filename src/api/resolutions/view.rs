//! Resolutions as they appear in answers.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::labels::{DepotLabel, ItemLabel, OrganizationLabel};
use base::id::{AccountId, CountId, ResolutionId};
use base::time::serialize_instant;
use db::resolutions::{ResolutionVoidRow, StoredResolution};
use domain::depot::Depot;
use domain::item::Item;
use domain::organization::Organization;
use domain::revision::Revision;
use text::language::Language;

/// A stored resolution: an officer's decision that named counts are disregarded for an item.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b12",
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "depot": { "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store" },
    "item": { "code": "L2010101", "name": "SCBA, positive-pressure", "unit": "set" },
    "counts": ["0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11"], "reason": "seen with the keeper: the shelf was counted twice",
    "resolved_by": "Officer Wang", "account_id": "0198f5a2-0000-7000-8000-000000000004",
    "resolved_at": "2026-11-23T02:10:01.000000Z", "revision": 12,
    "sha256": "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", "void": null
}))]
pub struct ResolutionView {
    /// Its id, made by the client.
    pub id: ResolutionId,
    /// The depot's organization.
    pub organization: OrganizationLabel,
    /// The depot of the counts.
    pub depot: DepotLabel,
    /// The item for which they are disregarded.
    pub item: ItemLabel,
    /// The counts that it excludes, in the order of their ids.
    #[schema(max_items = 100)]
    pub counts: Vec<CountId>,
    /// The reason.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The name of the officer who decided.
    #[schema(max_length = 200)]
    pub resolved_by: String,
    /// The account that made it.
    pub account_id: AccountId,
    /// The time.
    #[serde(serialize_with = "serialize_instant")]
    pub resolved_at: DateTime<Utc>,
    /// The revision that recorded it.
    pub revision: Revision,
    /// SHA-256 of the RFC 8785 form of the body as it was sent, in hexadecimal.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// Its void; `null` if it was not voided.
    pub void: Option<ResolutionVoidView>,
}

/// The void of a resolution.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ResolutionVoidView {
    /// The reason.
    #[schema(max_length = 1000, example = "the wrong depot")]
    pub reason: String,
    /// The name of the person who voided it.
    #[schema(max_length = 200, example = "Officer Wang")]
    pub voided_by: String,
    /// The account that voided it.
    pub account_id: AccountId,
    /// The time.
    #[serde(serialize_with = "serialize_instant")]
    pub voided_at: DateTime<Utc>,
}

impl ResolutionView {
    /// A stored resolution, with things named as on a given day.
    pub fn of(
        stored: StoredResolution,
        organization: &Organization,
        depot: &Depot,
        item: &Item,
        day: NaiveDate,
        language: Language,
    ) -> Self {
        let row = stored.row;
        Self {
            id: row.id,
            organization: OrganizationLabel::of(organization, day, language),
            depot: DepotLabel::of(depot, day, language),
            item: ItemLabel::of(item, day, language),
            counts: stored.named.into_iter().map(|named| named.count_id).collect(),
            reason: row.reason,
            resolved_by: row.resolved_by,
            account_id: row.account_id,
            resolved_at: row.resolved_at.0,
            revision: stored.revision,
            sha256: row.body_sha256,
            void: stored.void.map(ResolutionVoidView::from),
        }
    }
}

impl From<ResolutionVoidRow> for ResolutionVoidView {
    fn from(row: ResolutionVoidRow) -> Self {
        Self { reason: row.reason, voided_by: row.voided_by, account_id: row.account_id, voided_at: row.voided_at.0 }
    }
}
