//! Rows of ledgers as they are answered.

use chrono::NaiveDate;
use serde::Serialize;

use crate::api::labels::{DepotLabel, OrganizationLabel};
use base::id::{CountId, LedgerRowId};
use base::quantity::Quantity;
use domain::item::ItemCode;
use domain::ledger::{LedgerRowStatus, LedgerText, RowArrival, WhyOpen};
use domain::matching::Candidate;
use domain::revision::Revision;

/// A row of a ledger: in a count, open, or no item of the catalogue.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0c0f2a8e-5a0a-5a0c-8a0d-1f1e5a0f6b11",
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "depot": {"id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main depot"},
    "ledger_on": "2026-10-31", "status": "open", "why": "item",
    "text": {"name": "防化服", "specification": "重型", "quantity": "4套", "unit": "套"},
    "item": null, "quantity": null, "count": null,
    "candidates": [{"item": "L2010201", "score": 86, "reasons": ["alias", "unit"]}],
    "decided_by": null, "reason": null, "revision": 12
}))]
pub struct LedgerRowView {
    /// Its id.
    pub id: LedgerRowId,
    /// The organization.
    pub organization: OrganizationLabel,
    /// The depot; `null` if the row names none.
    pub depot: Option<DepotLabel>,
    /// The day of the ledger.
    pub ledger_on: NaiveDate,
    /// Its state.
    pub status: LedgerRowStatus,
    /// The reason why it was in no count when it came; `null` for one that was.
    pub why: Option<WhyOpen>,
    /// Its words.
    pub text: LedgerText,
    /// The item that it is.
    #[schema(value_type = Option<String>, max_length = 32)]
    pub item: Option<ItemCode>,
    /// The quantity of it that is counted, in the item's unit.
    pub quantity: Option<Quantity>,
    /// The count that it came into.
    pub count: Option<CountId>,
    /// The nearest items of an open row, best first.
    #[schema(max_items = 5)]
    pub candidates: Vec<Candidate>,
    /// The name of the person who decided; `null` if nobody had to.
    #[schema(max_length = 200)]
    pub decided_by: Option<String>,
    /// The reason of the decision.
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
    /// The revision of the last change.
    pub revision: Revision,
}

/// The reason why a row was open when it came.
pub(super) fn why_of(arrival: &RowArrival) -> Option<WhyOpen> {
    match arrival {
        RowArrival::Open(why) => Some(*why),
        RowArrival::Counted(_) => None,
    }
}
