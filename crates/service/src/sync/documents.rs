//! The documents that devices are sent: single things by their codes, and compact documents for things with many rows.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::key::Key;
use crate::ledger::other_names;
use base::error::Error;
use base::id::{CommandId, CountId, DepotId, LineId, OrganizationId};
use base::quantity::Quantity;
use base::total::Total;
use domain::assessment::{Assessment, Status};
use domain::count::{CountFlag, CountKind, Held, LotCondition};
use domain::depot::{Depot, DepotVersion, Holding};
use domain::interval::Interval;
use domain::item::{Item, ItemClass, ItemKind, ItemVersion, Pack};
use domain::lot::LotNumber;
use domain::organization::{Organization, OrganizationKind, OrganizationVersion};
use domain::quarantine::QuarantineStatus;
use domain::reference_data::ReferenceData;
use domain::requirement::Basis;
use domain::rule::Strength;
use domain::stock::{DepotStock, LotSeen, SourceKind, SpeakingCount, StockState};

/// An organization.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrganizationData {
    id: OrganizationId,
    #[schema(max_length = 200)]
    name_en: String,
    #[schema(max_length = 200)]
    name_zh: String,
    kind: OrganizationKind,
    /// The code of its region.
    #[schema(max_length = 64)]
    region: String,
    /// The zone of its days.
    #[schema(max_length = 64, example = "Asia/Shanghai")]
    time_zone: String,
    /// The number of days a count stays valid unless a rule says otherwise.
    #[schema(minimum = 1, maximum = 3650)]
    validity_days: u32,
    /// The number of days for which an inspection made now stands against own counts that found more.
    #[schema(minimum = 1, maximum = 3650)]
    inspection_stands_days: u32,
    active: bool,
}

impl OrganizationData {
    /// An organization as it is on a day.
    pub fn of(
        organization: &Organization,
        version: &OrganizationVersion,
        reference_data: &ReferenceData,
        day: NaiveDate,
    ) -> Self {
        let region = reference_data.regions.iter().find(|region| region.id == organization.region_id);
        Self {
            id: organization.id,
            name_en: version.name_en.clone(),
            name_zh: version.name_zh.clone(),
            kind: organization.kind,
            region: region.map(|region| region.code.clone()).unwrap_or_default(),
            time_zone: reference_data.zone_of(organization, day).name().to_owned(),
            validity_days: reference_data.validity_of(organization, day).days,
            inspection_stands_days: reference_data.inspection_stands_of(organization, day),
            active: version.active,
        }
    }
}

/// A class of items.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ItemClassData {
    #[schema(max_length = 200)]
    name_en: String,
    #[schema(max_length = 200)]
    name_zh: String,
}

impl From<&ItemClass> for ItemClassData {
    fn from(class: &ItemClass) -> Self {
        Self { name_en: class.name_en.clone(), name_zh: class.name_zh.clone() }
    }
}

/// An item of the catalogue. Empty and false members are left out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ItemData {
    #[schema(max_length = 200)]
    name_en: String,
    #[schema(max_length = 200)]
    name_zh: String,
    #[schema(max_length = 16)]
    unit: String,
    #[schema(max_length = 64)]
    class: String,
    kind: ItemKind,
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    measured: bool,
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    perishable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 1200)]
    shelf_life_months: Option<u32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20, required = false)]
    packs: Vec<Pack>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 20, required = false)]
    barcodes: Vec<String>,
    /// Other names by which people know it, or something near to it: a search finds it by them too.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(value_type = Vec<String>, max_items = 200, required = false)]
    other_names: &'static [String],
    /// True from the day it left the catalogue.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    retired: bool,
    /// The number on the labels of its lines, written with at least four digits: its place in the order in which items were
    /// recorded, which never changes.
    #[schema(minimum = 1, maximum = 999_999, required = false)]
    label: usize,
}

impl ItemData {
    /// An item in the catalogue of a day, with the number of its labels.
    ///
    /// # Errors
    /// If the data of the product cannot be read.
    pub fn of(item: &Item, version: &ItemVersion, label: usize) -> Result<Self, Error> {
        Ok(Self {
            other_names: other_names(&item.code)?,
            label,
            name_en: version.name_en.clone(),
            name_zh: version.name_zh.clone(),
            unit: item.unit.name.clone(),
            class: version.class.clone(),
            kind: version.kind,
            measured: item.unit.measured,
            perishable: version.perishable,
            shelf_life_months: version.shelf_life_months,
            packs: version.packs.clone(),
            barcodes: version.barcodes.clone(),
            retired: version.retired,
        })
    }
}

/// A depot.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DepotData {
    id: DepotId,
    /// The code of its organization.
    #[schema(max_length = 64)]
    organization: String,
    #[schema(max_length = 200)]
    name_en: String,
    #[schema(max_length = 200)]
    name_zh: String,
    holding: Holding,
    open: bool,
}

impl DepotData {
    /// A depot as it is on a day.
    pub fn of(depot: &Depot, version: &DepotVersion, organization: &Organization) -> Self {
        Self {
            id: depot.id,
            organization: organization.code.clone(),
            name_en: version.name_en.clone(),
            name_zh: version.name_zh.clone(),
            holding: version.holding,
            open: version.open,
        }
    }
}

/// The requirement lines of an organization: `[line, item, strength, unit, required_min, required_max, basis]` each,
/// where `item` is the code of an item, or a description of another requirement.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RequirementsDocument {
    #[schema(max_items = 7, value_type = Vec<String>)]
    columns: [&'static str; 7],
    #[schema(max_items = 10_000, value_type = Vec<Vec<serde_json::Value>>)]
    rows: Vec<RequirementRow>,
}

type RequirementRow = (LineId, String, Strength, String, Quantity, Option<Quantity>, Basis);

impl RequirementsDocument {
    /// The lines of an organization.
    pub fn of(assessments: &[Assessment]) -> Self {
        let row = |one: &Assessment| {
            let Assessment { line, strength, unit, required, basis, .. } = one;
            (*line, one.selector.name(), *strength, unit.clone(), required.min, required.max, *basis)
        };
        Self {
            columns: ["line", "item", "strength", "unit", "required_min", "required_max", "basis"],
            rows: assessments.iter().map(row).collect(),
        }
    }
}

/// The assessments of an organization, in the order of its requirement lines: `[item, strength, usable_min, usable_max,
/// shortage_min, shortage_max, status, conflict, contested, valid_through]` each; `null` at the end of an interval means that
/// it has none. `status` is `at` or `below` instead of `met` and `short` if `strength` is not `mandatory`. After
/// `valid_through` its counts or inspections are too old, and the number usable is unknown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AssessmentsDocument {
    #[schema(max_items = 10, value_type = Vec<String>)]
    columns: [&'static str; 10],
    #[schema(max_items = 10_000, value_type = Vec<Vec<serde_json::Value>>)]
    rows: Vec<AssessmentRow>,
}

type AssessmentRow =
    (String, Strength, Quantity, Option<Quantity>, Quantity, Option<Quantity>, Status, bool, bool, Option<NaiveDate>);

impl AssessmentsDocument {
    /// The assessments of an organization.
    pub fn of(assessments: &[Assessment]) -> Self {
        let row = |one: &Assessment| {
            let Assessment { strength, usable, shortage, status, conflict, contested, valid_through, .. } = one;
            (
                one.selector.name(),
                *strength,
                usable.min,
                usable.max,
                shortage.min,
                shortage.max,
                *status,
                *conflict,
                *contested,
                *valid_through,
            )
        };
        Self {
            columns: [
                "item",
                "strength",
                "usable_min",
                "usable_max",
                "shortage_min",
                "shortage_max",
                "status",
                "conflict",
                "contested",
                "valid_through",
            ],
            rows: assessments.iter().map(row).collect(),
        }
    }
}

/// The stock of a depot: rows of `[item, state, usable_min, usable_max, valid_through, counts, lots, inspection]`, where
/// `counts` are positions of the current counts in the list `counts`, latest first, `lots` are the lots of the latest, and
/// `inspection` is the position of the inspection that contests them, or `null`.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StockDocument {
    #[schema(max_items = 8, value_type = Vec<String>)]
    columns: [&'static str; 8],
    #[schema(max_items = 10_000, value_type = Vec<Vec<serde_json::Value>>)]
    rows: Vec<StockRow>,
    /// The current counts of anything in the depot, and the inspections that contest them.
    #[schema(max_items = 10_000)]
    counts: Vec<CountData>,
}

type StockRow =
    (String, StockState, Quantity, Option<Quantity>, Option<NaiveDate>, Vec<usize>, Vec<LotData>, Option<usize>);

/// A current count.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
struct CountData {
    id: CountId,
    /// The effective time.
    #[serde(serialize_with = "serialize_seconds")]
    effective_at: DateTime<Utc>,
    #[schema(max_length = 100)]
    counted_by: String,
    source: SourceKind,
    kind: CountKind,
    /// Notes on how it arrived; left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10, required = false)]
    flags: Vec<CountFlag>,
}

/// Written to the second: a device only shows it.
fn serialize_seconds<S: Serializer>(instant: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Units of one item that share lot, expiry, condition and place. Members with the usual value are left out.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct LotData {
    /// `null` if the sum of its lines is 10⁹ or more.
    #[schema(value_type = Option<Quantity>)]
    quantity: Total,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, max_length = 64)]
    lot: Option<LotNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    expires_on: Option<NaiveDate>,
    /// True if that day was calculated from the production day and the item's shelf life.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(required = false)]
    expiry_derived: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    inspected_on: Option<NaiveDate>,
    #[serde(skip_serializing_if = "is_serviceable")]
    #[schema(required = false)]
    condition: LotCondition,
    #[serde(skip_serializing_if = "is_here")]
    #[schema(required = false)]
    held: Held,
}

impl StockDocument {
    /// The stock of one depot.
    pub fn of<'a>(stock: impl Iterator<Item = &'a DepotStock>) -> Self {
        let columns = ["item", "state", "usable_min", "usable_max", "valid_through", "counts", "lots", "inspection"];
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        for one in stock {
            let positions = one.counts.iter().map(|count| position_of(&mut counts, CountData::from(count))).collect();
            let lots = one.counts.first().map_or(&[][..], |latest| &latest.lots).iter().map(LotData::from).collect();
            let contesting = one.inspection.as_ref().filter(|inspection| inspection.acceptance.is_none());
            let inspection = contesting.map(|inspection| position_of(&mut counts, CountData::from(&inspection.count)));
            let Interval { min, max } = one.usable;
            rows.push((one.item.clone(), one.state, min, max, one.valid_through, positions, lots, inspection));
        }
        Self { columns, rows, counts }
    }
}

fn position_of(counts: &mut Vec<CountData>, count: CountData) -> usize {
    counts.iter().position(|known| known.id == count.id).unwrap_or_else(|| {
        counts.push(count);
        counts.len().saturating_sub(1)
    })
}

impl From<&SpeakingCount> for CountData {
    fn from(count: &SpeakingCount) -> Self {
        Self {
            id: count.id,
            effective_at: count.effective_at,
            counted_by: count.counted_by.clone(),
            source: count.source,
            kind: count.kind,
            flags: count.flags.clone(),
        }
    }
}

impl From<&LotSeen> for LotData {
    fn from(seen: &LotSeen) -> Self {
        let lot = &seen.lot;
        Self {
            quantity: seen.quantity,
            lot: lot.lot.clone(),
            expires_on: lot.expires_on,
            expiry_derived: lot.expiry_derived,
            inspected_on: lot.inspected_on,
            condition: lot.condition,
            held: lot.held,
        }
    }
}

/// A command of the device's account that is or was in quarantine.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuarantineData {
    /// The command.
    pub command_id: CommandId,
    /// Its status.
    pub status: QuarantineStatus,
    /// The reason why it was not applied, as a stable snake_case code.
    #[schema(max_length = 64)]
    pub code: String,
    /// The reason of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
    /// The count that it became.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub count_id: Option<CountId>,
    /// The receipt of that count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 4096)]
    pub receipt: Option<String>,
    /// The content of that count, where the officer applied other content than was sent. After a `reset` it is pushed with the
    /// receipt, under `count_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = serde_json::Value)]
    pub data: Option<Box<RawValue>>,
}

fn is_false(value: &bool) -> bool {
    !value
}

fn is_serviceable(condition: &LotCondition) -> bool {
    *condition == LotCondition::Serviceable
}

fn is_here(held: &Held) -> bool {
    *held == Held::Here
}

/// A document as JSON, under its key.
pub fn entry<T: Serialize>(key: Key, data: &T) -> Result<(Key, String), Error> {
    let json = serde_json::to_string(data).map_err(|error| Error::internal("a change cannot be written", error))?;
    Ok((key, json))
}
