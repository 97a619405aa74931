//! Rows of ledgers as people keep them (应急物资台账): each is in a count, or open until somebody decides.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::count::{Held, LotCondition};
use super::item::ItemCode;
use super::matching::LedgerWords;
use base::id::{CountId, DepotId, LedgerRowId, OrganizationId};
use base::quantity::Quantity;

/// The source of the counts that are taken from the ledgers of a depot: of all ledgers the same, so that a later one takes the
/// place of an earlier one, whoever sends it.
pub const LEDGER_SOURCE: &str = "ledger";

/// The words of a row, as the ledger has them. Names and phones of people are not among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LedgerText {
    /// The name of the thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, example = "空呼")]
    pub name: Option<String>,
    /// The code of the item, where the ledger has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64)]
    pub item: Option<String>,
    /// The class of the thing, or the heading above it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub class: Option<String>,
    /// The specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 500, example = "6.8L")]
    pub specification: Option<String>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub model: Option<String>,
    /// The maker.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub maker: Option<String>,
    /// The asset number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub asset_number: Option<String>,
    /// The quantity, with a unit written beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, example = "3套")]
    pub quantity: Option<String>,
    /// The unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 32, example = "套")]
    pub unit: Option<String>,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub place: Option<String>,
    /// The lot number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 64)]
    pub lot: Option<String>,
    /// The day it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub made_on: Option<String>,
    /// The day it was bought.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub bought_on: Option<String>,
    /// The last day of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, example = "长期")]
    pub expires_on: Option<String>,
    /// The service life.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub service_life: Option<String>,
    /// The day of the last inspection.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub inspected_on: Option<String>,
    /// The day by which the next inspection is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub inspection_due: Option<String>,
    /// The condition.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub condition: Option<String>,
    /// Whether it is in the depot or lent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200, example = "在库")]
    pub held: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 1000)]
    pub note: Option<String>,
}

impl LedgerText {
    /// The words that tell the thing, with the unit by which its quantity was read.
    pub fn telling<'a>(&'a self, unit: Option<&'a str>) -> LedgerWords<'a> {
        LedgerWords {
            name: self.name.as_deref().unwrap_or_default(),
            specification: self.specification.as_deref().unwrap_or_default(),
            model: self.model.as_deref().unwrap_or_default(),
            unit: unit.unwrap_or_default(),
            code: self.item.as_deref().unwrap_or_default(),
        }
    }
}

/// The values of a row that were read exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LedgerValues {
    /// The quantity, in the unit below.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// The unit of the quantity: written beside it, or else in the column or label for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The lot number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// The last day of use; `None` also where it never ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<NaiveDate>,
    /// The day the lot was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_on: Option<NaiveDate>,
    /// The day of the last inspection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspected_on: Option<NaiveDate>,
    /// The service life in months.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_life_months: Option<u32>,
    /// The day by which the next inspection is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspection_due: Option<NaiveDate>,
    /// The condition.
    pub condition: LotCondition,
    /// Whether it is in the depot or lent; `None` where the ledger does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The place, if it is short enough for one of a count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Words that could not be read and without which it cannot be counted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<WhyOpen>,
}

impl LedgerValues {
    /// The first words that could not be read and that no quantity in the item's unit makes up for.
    pub fn unread_but_quantity(&self) -> Option<WhyOpen> {
        self.unread.iter().copied().find(|why| !matches!(why, WhyOpen::Quantity | WhyOpen::Unit))
    }
}

/// The content of a row: its words, and what was read of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerContent {
    /// The words.
    pub text: LedgerText,
    /// The values.
    pub values: LedgerValues,
}

impl LedgerContent {
    /// The words that tell the thing.
    pub fn telling(&self) -> LedgerWords<'_> {
        self.text.telling(self.values.unit.as_deref())
    }
}

/// The reason why a row is in no count.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum WhyOpen {
    /// Several items come near, or one that is not sure.
    Item,
    /// No item of the catalogue comes near.
    NoItem,
    /// An answer says that it is no item of the catalogue.
    Unlisted,
    /// The quantity is not an exact number.
    Quantity,
    /// The relation of the unit to the item's is not known.
    Unit,
    /// The last day of use cannot be read.
    Expiry,
    /// The condition is not known.
    Condition,
    /// The organization has several depots, and the row names none of them.
    Depot,
    /// A rule for lines of counts refuses it, such as part of a whole thing, or an expiry before the day it was made.
    Line,
}

base::text_column!(WhyOpen);

/// The state of a row.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LedgerRowStatus {
    /// It waits for a decision.
    Open,
    /// It is in a count.
    Counted,
    /// It is no item of the catalogue, and kept with its words.
    Unlisted,
    /// A later ledger of the same depot and day has other rows with its words or of its item.
    Replaced,
}

/// A row of a ledger as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// Its id, made of what it says: the same row again has the same id.
    pub id: LedgerRowId,
    /// The organization.
    pub organization: OrganizationId,
    /// The depot, if the row names one.
    pub depot: Option<DepotId>,
    /// The day of the ledger.
    pub ledger_on: NaiveDate,
    /// Its place in the ledger, from 0.
    pub position: i64,
    /// What it says.
    pub content: LedgerContent,
    /// The state in which it came.
    pub arrival: RowArrival,
}

/// The state in which a row came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowArrival {
    /// It is in a count.
    Counted(CountedRow),
    /// It is open.
    Open(WhyOpen),
}

/// The units of a row in a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedRow {
    /// The item.
    pub item: ItemCode,
    /// The quantity in the item's unit.
    pub quantity: Quantity,
    /// The count.
    pub count: CountId,
}

/// A decision about a row: one that is open, or one that a later ledger replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerDecision {
    /// The units that are counted; `None` for no item of the catalogue, and for a row that is replaced.
    pub counted: Option<CountedRow>,
    /// True if a later ledger of the day has other rows with its words or of its item.
    pub is_replaced: bool,
    /// The reason.
    pub reason: Option<String>,
    /// The name of the person who decided.
    pub decided_by: String,
}
