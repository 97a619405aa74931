//! Counts as they are answered.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::api::labels::{DepotLabel, OrganizationLabel};
use base::id::{AccountId, CountId};
use base::quantity::Quantity;
use base::time::{serialize_instant, serialize_instant_option};
use db::counts::{LineRow, StoredCount, VoidRow};
use db::sql_types::Day;
use domain::count::{CountFlag, CountKind, CountScope, Held, LotCondition};
use domain::depot::Depot;
use domain::organization::Organization;
use domain::revision::Revision;
use domain::stock::LotNotMentioned;
use text::language::Language;

/// A stored count: the stock one person saw in one depot at one time.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11",
    "organization": { "id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade" },
    "depot": { "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store" },
    "kind": "own", "scope": "listed", "counted_at": "2026-11-23T02:10:00.000000Z",
    "effective_at": "2026-11-23T02:10:00.000000Z", "received_at": "2026-11-23T02:10:01.000000Z",
    "device": "phone-7", "seq": 41, "sent_at": "2026-11-23T02:10:01.000000Z", "catalogue_revision": null, "flags": [],
    "counted_by": "Quartermaster of T3", "account_id": "0198f5a2-0000-7000-8000-000000000004",
    "note": "after the drill", "resolves": [], "revision": 12,
    "sha256": "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862", "void": null,
    "lines": [{
        "item": "L2010101", "quantity": 12, "lot": null, "expires_on": null, "made_on": null, "inspected_on": null,
        "condition": "serviceable", "held": "here", "pack": null, "packs": null, "pack_size": null, "place": null,
        "note": null
    }], "speaks_for": 1, "lots_not_mentioned": []
}))]
pub struct CountView {
    /// Its id, made by the client.
    pub id: CountId,
    /// The depot's organization.
    pub organization: OrganizationLabel,
    /// The depot.
    pub depot: DepotLabel,
    /// The organization's own, or an officer's inspection.
    pub kind: CountKind,
    /// Its scope.
    pub scope: CountScope,
    /// The time of counting, by the device's clock.
    #[serde(serialize_with = "serialize_instant")]
    pub counted_at: DateTime<Utc>,
    /// The effective time; fixed at first receipt.
    #[serde(serialize_with = "serialize_instant")]
    pub effective_at: DateTime<Utc>,
    /// The time the server received it.
    #[serde(serialize_with = "serialize_instant")]
    pub received_at: DateTime<Utc>,
    /// The device it came from.
    #[schema(max_length = 100)]
    pub device: Option<String>,
    /// The device's running number.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub seq: Option<i64>,
    /// The time the device sent it, by its own clock.
    #[serde(serialize_with = "serialize_instant_option")]
    pub sent_at: Option<DateTime<Utc>>,
    /// The revision of the catalogue that the counter had, fixed at first receipt: the one named, if this service had issued
    /// it; `null` is the catalogue as of `effective_at`.
    pub catalogue_revision: Option<Revision>,
    /// The name of the person who counted.
    #[schema(max_length = 100)]
    pub counted_by: String,
    /// The account that sent it.
    pub account_id: AccountId,
    /// A remark.
    #[schema(max_length = 1000)]
    pub note: Option<String>,
    /// The counts it settles.
    #[schema(max_items = 100)]
    pub resolves: Vec<CountId>,
    /// The revision that recorded it.
    pub revision: Revision,
    /// SHA-256 of the RFC 8785 form of the body as it was sent, in hexadecimal.
    #[schema(min_length = 64, max_length = 64)]
    pub sha256: String,
    /// Notes on how it arrived; the count is valid all the same.
    #[schema(max_items = 20)]
    pub flags: Vec<CountFlag>,
    /// The number of items that it speaks for: those it lists and, for a count of the whole depot, those of that catalogue.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub speaks_for: usize,
    /// The lots that it does not mention although the last earlier count that does found some; `null` in a list of counts.
    #[schema(max_items = 10_000)]
    pub lots_not_mentioned: Option<Vec<ItemLotNotMentioned>>,
    /// Its void; `null` if it was not voided.
    pub void: Option<VoidView>,
    /// The lines.
    #[schema(max_items = 2000)]
    pub lines: Vec<CountLineView>,
}

/// A lot of an item that a count left out.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ItemLotNotMentioned {
    /// The item's code.
    #[schema(max_length = 32)]
    pub item: String,
    /// The lot.
    #[serde(flatten)]
    pub lot: LotNotMentioned,
}

/// A count taken back.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct VoidView {
    /// The reason.
    #[schema(max_length = 1000, example = "counted the neighbour's shelf")]
    pub reason: String,
    /// The time.
    #[serde(serialize_with = "serialize_instant")]
    pub voided_at: DateTime<Utc>,
    /// The account that took it back.
    pub account_id: AccountId,
}

/// Units of one item that share lot, expiry, condition and place.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct CountLineView {
    /// The item's code.
    #[schema(max_length = 32)]
    pub item: String,
    /// The quantity in the item's unit.
    pub quantity: Quantity,
    /// The lot number.
    #[schema(max_length = 64)]
    pub lot: Option<String>,
    /// The last day on which the lot may be used.
    pub expires_on: Option<NaiveDate>,
    /// The day the lot was made.
    pub made_on: Option<NaiveDate>,
    /// The day the units were last inspected.
    pub inspected_on: Option<NaiveDate>,
    /// The state they were in.
    pub condition: LotCondition,
    /// The place they were in.
    pub held: Held,
    /// The pack they were counted in.
    #[schema(max_length = 32)]
    pub pack: Option<String>,
    /// The number of packs.
    pub packs: Option<Quantity>,
    /// The number of units in one pack.
    pub pack_size: Option<Quantity>,
    /// The place of the units in the depot.
    #[schema(max_length = 32)]
    pub place: Option<String>,
    /// A remark.
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

impl CountView {
    /// A stored count, which speaks for a number of items, with things named as they were called on a day.
    pub fn of(
        stored: StoredCount,
        organization: &Organization,
        depot: &Depot,
        speaks_for: usize,
        day: NaiveDate,
        language: Language,
    ) -> Self {
        let row = stored.row;
        Self {
            id: row.id,
            organization: OrganizationLabel::of(organization, day, language),
            depot: DepotLabel::of(depot, day, language),
            kind: row.kind,
            scope: row.scope,
            counted_at: row.counted_at.0,
            effective_at: row.effective_at.0,
            received_at: row.received_at.0,
            device: row.device,
            seq: row.seq,
            sent_at: row.sent_at.map(Into::into),
            catalogue_revision: row.catalogue_revision,
            counted_by: row.counted_by,
            account_id: row.account_id,
            note: row.note,
            resolves: stored.resolves,
            revision: stored.revision,
            sha256: row.body_sha256,
            flags: stored.flags,
            speaks_for,
            lots_not_mentioned: None,
            void: stored.void.map(VoidView::from),
            lines: stored.lines.into_iter().map(CountLineView::from).collect(),
        }
    }
}

impl From<VoidRow> for VoidView {
    fn from(row: VoidRow) -> Self {
        Self { reason: row.reason, voided_at: row.voided_at.0, account_id: row.account_id }
    }
}

impl From<LineRow> for CountLineView {
    fn from(row: LineRow) -> Self {
        let day = |day: Option<Day>| day.map(NaiveDate::from);
        Self {
            item: row.item_code,
            quantity: row.quantity,
            lot: row.lot,
            expires_on: day(row.expires_on),
            made_on: day(row.made_on),
            inspected_on: day(row.inspected_on),
            condition: row.condition,
            held: row.held,
            pack: row.pack,
            packs: row.packs,
            pack_size: row.pack_size,
            place: row.place,
            note: row.note,
        }
    }
}
