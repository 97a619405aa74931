//! Resolutions: an officer's decision, with a reason, that named counts are disregarded for an item.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::item::ItemCode;
use super::text::is_text;
use base::id::{CountId, DepotId, ResolutionId};
use base::time::serialize_instant;

/// A stored resolution, with the fields that stock is computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// Its id.
    pub id: ResolutionId,
    /// The depot of the counts.
    pub depot_id: DepotId,
    /// The item for which they are disregarded.
    pub item: ItemCode,
    /// The counts it excludes.
    pub counts: Vec<CountId>,
    /// The reason.
    pub reason: String,
    /// The name of the officer who decided.
    pub resolved_by: String,
    /// The time of the decision.
    pub resolved_at: DateTime<Utc>,
    /// True if it was voided.
    pub voided: bool,
}

/// A resolution as figures cite it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct ResolutionCited {
    /// Its id.
    pub id: ResolutionId,
    /// The reason.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The name of the officer who decided.
    #[schema(max_length = 200)]
    pub resolved_by: String,
    /// The time of the decision.
    #[serde(serialize_with = "serialize_instant")]
    pub resolved_at: DateTime<Utc>,
}

impl From<&Resolution> for ResolutionCited {
    fn from(resolution: &Resolution) -> Self {
        Self {
            id: resolution.id,
            reason: resolution.reason.clone(),
            resolved_by: resolution.resolved_by.clone(),
            resolved_at: resolution.resolved_at,
        }
    }
}

/// A resolution as a client sends it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "depot_id": "0198f5a2-0000-7000-8000-000000000003", "item": "L2010101",
    "counts": ["0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11"], "reason": "seen with the keeper: the shelf was counted twice"
}))]
pub struct NewResolution {
    /// The depot of the counts.
    pub depot_id: DepotId,
    /// The code of the item for which they are disregarded.
    #[schema(value_type = String, min_length = 1, max_length = 32, example = "L2010101")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub item: ItemCode,
    /// The counts to exclude.
    #[schema(min_items = 1, max_items = 100)]
    #[validate(length(min = 1, max = 100))]
    pub counts: Vec<CountId>,
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: String,
}
