//! Acceptances: an officer's decision, with a reason, that an organization's own count holds although an inspection found less.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::item::ItemCode;
use super::text::is_text;
use base::id::{AcceptanceId, CountId, DepotId};
use base::time::serialize_instant;

/// A stored acceptance, with the fields that stock is computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Acceptance {
    /// Its id.
    pub id: AcceptanceId,
    /// The depot of both counts.
    pub depot_id: DepotId,
    /// The item for which the own count is accepted.
    pub item: ItemCode,
    /// The inspection.
    pub inspection: CountId,
    /// The own count that is accepted; later own counts are accepted with it.
    pub count: CountId,
    /// The reason.
    pub reason: String,
    /// The name of the officer who decided.
    pub accepted_by: String,
    /// The time of the decision.
    pub accepted_at: DateTime<Utc>,
}

/// An acceptance as figures cite it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AcceptanceCited {
    /// Its id.
    pub id: AcceptanceId,
    /// The own count that was accepted.
    pub count: CountId,
    /// The reason.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The name of the officer who decided.
    #[schema(max_length = 200)]
    pub accepted_by: String,
    /// The time of the decision.
    #[serde(serialize_with = "serialize_instant")]
    pub accepted_at: DateTime<Utc>,
}

impl From<&Acceptance> for AcceptanceCited {
    fn from(acceptance: &Acceptance) -> Self {
        Self {
            id: acceptance.id,
            count: acceptance.count,
            reason: acceptance.reason.clone(),
            accepted_by: acceptance.accepted_by.clone(),
            accepted_at: acceptance.accepted_at,
        }
    }
}

/// An acceptance as a client sends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "depot_id": "0198f5a2-0000-7000-8000-000000000003", "item": "L2010101",
    "inspection": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11", "count": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b12",
    "reason": "the delivery note of five sets was shown"
}))]
pub struct NewAcceptance {
    /// The depot of both counts.
    pub depot_id: DepotId,
    /// The code of the item for which the own count is accepted.
    #[schema(value_type = String, min_length = 1, max_length = 32, example = "L2010101")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub item: ItemCode,
    /// The inspection, which found less.
    pub inspection: CountId,
    /// The organization's own count that is accepted, made after the inspection.
    pub count: CountId,
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: String,
}
