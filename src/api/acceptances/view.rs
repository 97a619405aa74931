//! Acceptances as they are answered.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::labels::{DepotLabel, ItemLabel, OrganizationLabel};
use base::id::{AcceptanceId, AccountId, CountId};
use base::time::serialize_instant;
use db::acceptances::StoredAcceptance;
use domain::depot::Depot;
use domain::item::Item;
use domain::organization::Organization;
use domain::revision::Revision;
use text::language::Language;

/// A stored acceptance: an officer's decision that an organization's own count holds although an inspection found less.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b12",
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "depot": { "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store" },
    "item": { "code": "L2010101", "name": "SCBA, positive-pressure", "unit": "set" },
    "inspection": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11", "count": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b13",
    "reason": "the delivery note of five sets was shown", "accepted_by": "Officer Wang", "account_id": "0198f5a2-0000-7000-8000-000000000004",
    "accepted_at": "2026-11-23T02:10:01.000000Z", "revision": 12,
    "sha256": "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
}))]
pub struct AcceptanceView {
    /// Its id, made by the client.
    pub id: AcceptanceId,
    /// The depot's organization.
    pub organization: OrganizationLabel,
    /// The depot of both counts.
    pub depot: DepotLabel,
    /// The item for which the own count is accepted.
    pub item: ItemLabel,
    /// The inspection.
    pub inspection: CountId,
    /// The own count; later own counts are accepted with it.
    pub count: CountId,
    /// The reason.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The name of the officer who decided.
    #[schema(max_length = 200)]
    pub accepted_by: String,
    /// The account that decided it.
    pub account_id: AccountId,
    /// The time.
    #[serde(serialize_with = "serialize_instant")]
    pub accepted_at: DateTime<Utc>,
    /// The revision that brought it.
    pub revision: Revision,
    /// SHA-256 of the RFC 8785 form of the body as it was sent, in hexadecimal.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
}

impl AcceptanceView {
    /// A stored acceptance with things named as they were called on a day.
    pub fn of(
        stored: StoredAcceptance,
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
            inspection: row.inspection_id,
            count: row.count_id,
            reason: row.reason,
            accepted_by: row.accepted_by,
            account_id: row.account_id,
            accepted_at: row.accepted_at.0,
            revision: stored.revision,
            sha256: row.body_sha256,
        }
    }
}
